//! Losses: methods of tensors, with PyTorch's names, formulas and defaults.
//!
//! `x.l1_loss(&y)` is the mean over everything; `x.l1_loss_as(&y, Sum)` says what it is instead (see
//! [`Reduction`]). A loss with more to choose has a type: [`CrossEntropy`], [`NllLoss`],
//! [`BceWithLogits`], [`TripletMargin`].

mod class;
mod cross_entropy;
mod each;
mod margin;
mod nll;
mod probability;
mod reduction;
mod regression;
mod triplet;

#[doc(hidden)]
pub use class::TargetAxes;
pub use class::{ClassTargets, ClassWeights, TargetsOf};
pub use cross_entropy::CrossEntropy;
pub use nll::NllLoss;
pub use probability::{BceWithLogits, PosWeight};
pub use reduction::{BatchMean, Each, Mean, Reduction, Sum};
pub use triplet::TripletMargin;

use crate::backend::{Backend, Meet};
use crate::dtype::Float;
use crate::ops::function::Elementwise;
use crate::shape::{Shape, runtime};
use crate::tensor::{Tensor, fits};

/// The losses of elements at the same place of two tensors of one shape.
#[track_caller]
fn pairs<Op, S, E, B, B2>(
    op: Op,
    x: &Tensor<S, E, B>,
    target: &Tensor<S, E, B2>,
) -> Tensor<S, E, B::Out>
where
    Op: Elementwise<E, 2>,
    S: Shape,
    E: Float,
    B: Meet<B2>,
    B2: Backend,
{
    fits(runtime::equal(Op::NAME, x.dims(), target.dims()));
    let prim = B::both(x.prim(), target.prim(), |x, target| {
        <B::Out as Backend>::map(op, [x, target])
    });
    Tensor::from_prim(x.shape(), prim)
}

/// A parameter that has to be 0 or more.
#[track_caller]
fn not_negative(loss: &str, what: &str, value: f64) -> f64 {
    assert!(value >= 0.0, "{loss}: a {what} of {value} is not 0 or more");
    value
}

/// Losses of elements: the mean, and the form that takes a reduction.
macro_rules! losses_of_pairs {
    ($($(#[$doc:meta])* $name:ident $name_as:ident($target:ident $(, $parameter:ident)?) $op:expr;)*) => {
        impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> { $(
            $(#[$doc])*
            #[track_caller]
            pub fn $name<B2>(
                &self,
                $target: &Tensor<S, E, B2>,
                $($parameter: f64,)?
            ) -> Tensor<(), E, B::Out>
            where
                E: Float,
                B: Meet<B2>,
                B2: Backend,
            {
                self.$name_as($target, $($parameter,)? $crate::loss::Mean)
            }

            #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), "), reduced as the last argument says.")]
            ///
            /// # Panics
            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), ") does.")]
            #[track_caller]
            pub fn $name_as<B2, R>(
                &self,
                $target: &Tensor<S, E, B2>,
                $($parameter: f64,)?
                reduction: R,
            ) -> Tensor<R::Output, E, B::Out>
            where
                E: Float,
                B: Meet<B2>,
                B2: Backend,
                R: Reduction<S>,
            {
                reduction.reduce(pairs($op, self, $target), None)
            }
        )* }
    };
}
use losses_of_pairs;
