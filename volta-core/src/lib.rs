//! The core of [volta](https://crates.io/crates/volta): shapes as types, tensors, the tape, the
//! CPU backend, modules, losses and optimisers. Use it through the facade `volta`.

extern crate self as volta;

mod attention;
pub mod backend;
pub mod cpu;
#[cfg(feature = "data")]
pub mod data;
pub mod dtype;
pub mod error;
pub mod io;
pub mod layout;
pub mod loss;
pub mod metric;
pub mod nn;
mod normalise;
pub mod ops;
pub mod optim;
pub mod prelude;
#[cfg(feature = "profile")]
pub mod profile;
pub mod random;
pub mod schedule;
pub mod shape;
#[doc(hidden)]
pub mod sizes;
pub mod summary;
pub mod tape;
pub mod tensor;

pub use backend::{Backend, Device};
pub use cpu::Cpu;
pub use dtype::{Dtype, DtypeKind, Float, Num, bf16, f16};
pub use error::{DeviceError, Error, StateProblem};
pub use io::StateDict;
pub use nn::{Forward, Init, Module, Param};
pub use random::Rng;
pub use shape::{Axis, D, Dim, Dyn, Extent, One, Shape, StaticShape, Window};
pub use summary::summary;
pub use tape::{Taped, Traced, grad, gradcheck, value_and_grad, value_and_grad_aux, vjp};
pub use tensor::Tensor;
pub use volta_macros::{Module, elementwise};

mod literal {
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __tensor {
        ($($rows:tt)*) => { $crate::__private::tensor_literal!([$crate] $($rows)*) };
    }

    #[doc(hidden)]
    #[macro_export]
    macro_rules! __fuse {
        ($($closure:tt)*) => { $crate::__private::fuse!([$crate] $($closure)*) };
    }

    /// A chain of functions on tensors as one function: one pass over memory, one allocation for
    /// each output, and as much for each gradient.
    ///
    /// The names between the bars are the tensors, which broadcast together; every other name is a
    /// number from the scope. The body is in the language of [`elementwise`](macro@crate::elementwise).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2, 3]> = Tensor::ones();
    /// let w: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, -3.0]);
    /// let slope = 0.1;
    /// let y = fuse!(|x, w| leaky_relu(x * w, slope) + 1.0);
    /// assert_eq!(y.to_vec(), [2.0, 3.0, 0.7, 2.0, 3.0, 0.7]);
    /// ```
    ///
    /// A tuple gives several tensors. A tensor named `&mut` is written in place where nobody else
    /// sees its memory:
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let mut x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
    /// let mut v: Tensor<s![2]> = Tensor::zeros();
    /// let g: Tensor<s![2]> = Tensor::ones();
    /// let (momentum, lr) = (0.9, 0.5);
    /// fuse!(|&mut x, &mut v, g| {
    ///     v = momentum * v + g;
    ///     x -= lr * v;
    /// });
    /// assert_eq!(x.to_vec(), [0.5, 1.5]);
    /// ```
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[doc(inline)]
    pub use crate::__fuse as fuse;

    // Not by its own name: the path `crate::tensor` is the module as well, and a prelude that
    // names it would bring the module along.
    /// A tensor written out: `tensor![[1., 2.], [3., 4.]]` has the shape `s![2, 2]`. A lone element is
    /// a scalar (`tensor!(3.0)`); a vector of one has a comma (`tensor![3.0,]`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<_> = tensor![[1., 2., 3.], [4., 5., 6.]];
    /// assert_shape!(x, s![2, 3]);
    /// ```
    #[doc(inline)]
    pub use crate::__tensor as tensor;
}
pub use literal::{fuse, tensor};

/// What the expansions of macros name. Not public: it may change at any time.
#[doc(hidden)]
pub mod __private {
    pub use core::default::Default;
    pub use core::marker::PhantomData;
    pub use core::primitive::f32;
    pub use core::result::Result::{self, Ok};

    pub use crate::nn::{Forward, Init, Mapper, Module, Path, Visitor, VisitorMut};
    pub use crate::shape::private::*;
    pub use crate::shape::{D, Dim, One, hole};
    pub use crate::{Backend, Rng, Tensor};
    pub use volta_macros::{fuse, tensor_literal};

    /// The elements of `tensor!` in row-major order: as many as the shape has.
    pub fn literal<S: crate::StaticShape, E: crate::Dtype, const N: usize>(
        elements: [E; N],
    ) -> Tensor<S, E> {
        Tensor::from_slice(&elements).expect("counted by the macro")
    }
}
