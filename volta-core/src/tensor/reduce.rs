//! Reductions, softmax and its logarithm.

use super::Tensor;
use crate::backend::{Backend, Reduce};
use crate::dtype::{Dtype, Float, Num};
use crate::ops::elementwise as op;
use crate::shape::runtime::Dims;
use crate::shape::{HasAxes, HasAxis, Shape};
use volta_macros::elementwise;

fn all_axes<S: Shape>() -> Dims {
    (0..S::RANK).collect()
}

/// The reduced primitive without the axes of size 1 that the backend left.
fn remove<S: Shape, E: Dtype, B: Backend>(prim: &B::Prim<E>, axes: &[usize]) -> Tensor<S, E, B> {
    let dims = B::dims(prim);
    let kept: Dims = (0..dims.len())
        .filter(|a| !axes.contains(a))
        .map(|a| dims[a])
        .collect();
    Tensor::typed(B::reshape(prim, &kept))
}

/// The five forms of a reduction: of all elements, and along one axis or several that go or stay.
/// `$x` is the primitive, `$list` the axes; the value keeps them with size 1.
macro_rules! reductions {
    ($head:tt $element:tt: $($what:literal: $names:tt
        ($($argument:ident: $Argument:ty),*) |$x:ident, $list:ident| $value:expr;)*) => { $(
        reductions!(@impl $head $element $what $names
            ($($argument: $Argument),*) |$x, $list| $value);
    )* };
    (@impl [$($E:ident: $Class:ident)?] [$Element:ty => $Result:ty] $what:literal
        [$all:ident $axis:ident $keep:ident $axes:ident $axes_keep:ident]
        ($($argument:ident: $Argument:ty),*) |$x:ident, $list:ident| $value:expr) => {
        impl<S: Shape, $($E: Dtype,)? B: Backend> Tensor<S, $Element, B> {
            #[doc = concat!($what, " of all elements.")]
            pub fn $all(&self $(, $argument: $Argument)*) -> Tensor<(), $Result, B>
            where
                $($E: $Class,)?
            {
                let $list: &[usize] = &all_axes::<S>();
                let $x = &self.prim;
                remove(&$value, $list)
            }

            #[doc = concat!($what, " along axis `A`, which goes; -1 is the last.")]
            pub fn $axis<const A: isize>(
                &self $(, $argument: $Argument)*
            ) -> Tensor<S::Removed, $Result, B>
            where
                $($E: $Class,)?
                S: HasAxis<A>,
            {
                let $list: &[usize] = &[S::INDEX];
                let $x = &self.prim;
                remove(&$value, $list)
            }

            #[doc = concat!($what, " along axis `A`, which stays and broadcasts; -1 is the last.")]
            pub fn $keep<const A: isize>(
                &self $(, $argument: $Argument)*
            ) -> Tensor<S::Kept, $Result, B>
            where
                $($E: $Class,)?
                S: HasAxis<A>,
            {
                let $list: &[usize] = &[S::INDEX];
                let $x = &self.prim;
                Tensor::typed($value)
            }

            #[doc = concat!($what, " along several axes, which go: `axes![0, -1]`.")]
            pub fn $axes<L>(&self $(, $argument: $Argument)*) -> Tensor<S::Removed, $Result, B>
            where
                $($E: $Class,)?
                S: HasAxes<L>,
            {
                let $list: &[usize] = S::INDICES;
                let $x = &self.prim;
                remove(&$value, $list)
            }

            #[doc = concat!($what, " along several axes, which stay and broadcast: `axes![0, -1]`.")]
            pub fn $axes_keep<L>(&self $(, $argument: $Argument)*) -> Tensor<S::Kept, $Result, B>
            where
                $($E: $Class,)?
                S: HasAxes<L>,
            {
                let $list: &[usize] = S::INDICES;
                let $x = &self.prim;
                Tensor::typed($value)
            }
        }
    };
}

reductions! { [E: Num] [E => E]:
    "The sum": [sum sum_axis sum_keep sum_axes sum_axes_keep] ()
        |x, axes| B::reduce(Reduce::Sum, x, axes);
    "The product": [prod prod_axis prod_keep prod_axes prod_axes_keep] ()
        |x, axes| B::reduce(Reduce::Prod, x, axes);
    "The greatest (NaN wins; equal ones share the gradient)":
        [max max_axis max_keep max_axes max_axes_keep] ()
        |x, axes| B::reduce(Reduce::Max, x, axes);
    "The smallest (NaN wins; equal ones share the gradient)":
        [min min_axis min_keep min_axes min_axes_keep] ()
        |x, axes| B::reduce(Reduce::Min, x, axes);
}

reductions! { [E: Float] [E => E]:
    "The mean": [mean mean_axis mean_keep mean_axes mean_axes_keep] ()
        |x, axes| mean::<E, B>(x, axes);
}

reductions! { [] [bool => bool]:
    "Whether any element holds,": [any any_axis any_keep any_axes any_axes_keep] ()
        |x, axes| any::<B>(x, axes);
    "Whether every element holds,": [all all_axis all_keep all_axes all_axes_keep] ()
        |x, axes| not::<B>(&any::<B>(&not::<B>(x), axes));
}

/// Of nothing, the maximum of `u8` is 0.
fn any<B: Backend>(x: &B::Prim<bool>, axes: &[usize]) -> B::Prim<bool> {
    B::cast(&B::reduce(Reduce::Max, &B::cast::<bool, u8>(x), axes))
}

fn not<B: Backend>(x: &B::Prim<bool>) -> B::Prim<bool> {
    B::test(op::LogicalNot, [x])
}

/// The mean; that of a 16-bit type in `f32`, since it can neither hold the sum nor count far.
fn mean<E: Float, B: Backend>(x: &B::Prim<E>, axes: &[usize]) -> B::Prim<E> {
    if is_narrow::<E>() {
        return B::cast(&mean::<f32, B>(&B::cast(x), axes));
    }
    divide::<E, B>(
        &B::reduce(Reduce::Sum, x, axes),
        count::<E, B>(x, axes) as f64,
    )
}

fn is_narrow<E: Dtype>() -> bool {
    E::KIND.size() == 2
}

/// How many elements each result has.
fn count<E: Dtype, B: Backend>(x: &B::Prim<E>, axes: &[usize]) -> usize {
    axes.iter().map(|&axis| B::dims(x)[axis]).product()
}

fn divide<E: Float, B: Backend>(x: &B::Prim<E>, by: f64) -> B::Prim<E> {
    B::map(DividedBy { by }, [x])
}

#[elementwise(compiled)]
fn divided_by(x: Float, by: f64) -> Float {
    x / by
}

/// A number with the sizes of `x`.
fn filled<E: Float, B: Backend>(x: &B::Prim<E>, value: f64) -> B::Prim<E> {
    B::full(&B::device(x), E::from_f64(value), B::dims(x))
}

mod norm;
mod variance;

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// Where along axis `A` the greatest element is, the first of equal ones.
    ///
    /// # Panics
    /// If the axis has no elements.
    pub fn argmax_axis<const A: isize>(&self) -> Tensor<S::Removed, i64, B>
    where
        E: Num,
        S: HasAxis<A>,
    {
        remove(
            &B::arg_reduce(Reduce::Max, &self.prim, S::INDEX),
            &[S::INDEX],
        )
    }

    /// Where along axis `A` the smallest element is, the first of equal ones.
    ///
    /// # Panics
    /// If the axis has no elements.
    pub fn argmin_axis<const A: isize>(&self) -> Tensor<S::Removed, i64, B>
    where
        E: Num,
        S: HasAxis<A>,
    {
        remove(
            &B::arg_reduce(Reduce::Min, &self.prim, S::INDEX),
            &[S::INDEX],
        )
    }

    /// [`argmax_axis`](Self::argmax_axis) with the axis, which stays and broadcasts.
    ///
    /// # Panics
    /// If the axis has no elements.
    pub fn argmax_keep<const A: isize>(&self) -> Tensor<S::Kept, i64, B>
    where
        E: Num,
        S: HasAxis<A>,
    {
        Tensor::typed(B::arg_reduce(Reduce::Max, &self.prim, S::INDEX))
    }

    /// [`argmin_axis`](Self::argmin_axis) with the axis, which stays and broadcasts.
    ///
    /// # Panics
    /// If the axis has no elements.
    pub fn argmin_keep<const A: isize>(&self) -> Tensor<S::Kept, i64, B>
    where
        E: Num,
        S: HasAxis<A>,
    {
        Tensor::typed(B::arg_reduce(Reduce::Min, &self.prim, S::INDEX))
    }

    /// The place of the greatest element among all, in row-major order.
    ///
    /// # Panics
    /// If there are no elements.
    pub fn argmax(&self) -> Tensor<(), i64, B>
    where
        E: Num,
    {
        let flat = B::reshape(&self.prim, &[self.numel()]);
        remove(&B::arg_reduce(Reduce::Max, &flat, 0), &[0])
    }

    /// The place of the smallest element among all, in row-major order.
    ///
    /// # Panics
    /// If there are no elements.
    pub fn argmin(&self) -> Tensor<(), i64, B>
    where
        E: Num,
    {
        let flat = B::reshape(&self.prim, &[self.numel()]);
        remove(&B::arg_reduce(Reduce::Min, &flat, 0), &[0])
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// `exp(x) / sum(exp(x))` along axis `A`: positive numbers that sum to 1.
    pub fn softmax<const A: isize>(&self) -> Self
    where
        E: Float,
        S: HasAxis<A>,
    {
        Tensor {
            shape: self.shape,
            prim: B::softmax(&self.prim, S::INDEX),
        }
    }

    /// The logarithm of [`softmax`](Self::softmax), without its loss of precision.
    pub fn log_softmax<const A: isize>(&self) -> Self
    where
        E: Float,
        S: HasAxis<A>,
    {
        Tensor {
            shape: self.shape,
            prim: B::log_softmax(&self.prim, S::INDEX),
        }
    }
}
