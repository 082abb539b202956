//! `shape_of!`, which asks the compiler for a shape, and `assert_shape!`, which pins one.

use crate::{Backend, Dtype, Shape, Tensor};

/// Implemented by no shape, so that the compiler tells which one it looked for.
#[diagnostic::on_unimplemented(
    message = "the shape is `{Self}`",
    label = "this has the shape `{Self}`",
    note = "`shape_of!` only asks: take it out to go on, or keep the answer with `assert_shape!`"
)]
pub trait Told {}

/// No shape. Its impl keeps rustc from the advice to write one.
pub struct Never;

#[diagnostic::do_not_recommend]
impl Told for Never {}

/// Does not compile, and names the shape.
pub fn tell<S: Shape + Told, E: Dtype, B: Backend>(_: &Tensor<S, E, B>) {}

/// Implemented by the shape `Expected` alone.
#[diagnostic::on_unimplemented(
    message = "the shape is `{Self}`, not `{Expected}`",
    label = "this has the shape `{Self}`",
    note = "`assert_shape!` expects `{Expected}`"
)]
pub trait IsShape<Expected> {}

#[diagnostic::do_not_recommend]
impl<S: Shape> IsShape<S> for S {}

/// Compiles if the shape is `Expected`.
pub fn pin<Expected: Shape, S: Shape + IsShape<Expected>, E: Dtype, B: Backend>(
    _: &Tensor<S, E, B>,
) {
}

/// Asks for the shape of a tensor: the compiler answers with an error that names it.
///
/// ```compile_fail,E0277
/// # use volta::prelude::*;
/// let x: Tensor<s![32, 784]> = Tensor::zeros();
/// volta::shape_of!(x); // error: the shape is `(D<32>, D<784>)`
/// ```
#[macro_export]
macro_rules! shape_of {
    ($tensor:expr $(,)?) => {
        $crate::__private::hole::tell(&$tensor)
    };
}

/// Pins the shape of a tensor. The compiler checks it; nothing runs, the expression neither.
///
/// ```
/// # use volta::prelude::*;
/// let x: Tensor<s![32, 784]> = Tensor::zeros();
/// volta::assert_shape!(x, s![32, 784]);
/// ```
#[macro_export]
macro_rules! assert_shape {
    ($tensor:expr, $shape:ty $(,)?) => {
        if false {
            $crate::__private::hole::pin::<$shape, _, _, _>(&$tensor);
        }
    };
}
