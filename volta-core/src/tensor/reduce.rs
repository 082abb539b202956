//! Reductions, softmax and its logarithm.

use super::Tensor;
use crate::backend::{Backend, Reduce};
use crate::dtype::{Dtype, Float, Num};
use crate::ops::elementwise as op;
use crate::shape::{HasAxes, HasAxis, Shape};

fn all_axes<S: Shape>() -> Vec<usize> {
    (0..S::RANK).collect()
}

/// The reduced primitive without the axes of size 1 that the backend left.
fn remove<S: Shape, E: Dtype, B: Backend>(prim: &B::Prim<E>, axes: &[usize]) -> Tensor<S, E, B> {
    let dims = B::dims(prim);
    let kept: Vec<usize> = (0..dims.len())
        .filter(|a| !axes.contains(a))
        .map(|a| dims[a])
        .collect();
    Tensor::typed(B::reshape(prim, &kept))
}

macro_rules! reductions {
    ($Class:ident: $($by:ident $what:literal:
        $all:ident $axis:ident $keep:ident $axes:ident $axes_keep:ident |$x:ident, $list:ident| $value:expr;)*) => {
        impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> { $(
            #[doc = concat!($what, " of all elements.")]
            pub fn $all(&self) -> Tensor<(), E, B>
            where
                E: $Class,
            {
                let $list: &[usize] = &all_axes::<S>();
                let $x = &self.prim;
                remove(&$value, $list)
            }

            #[doc = concat!($what, " along axis `A`, which goes; -1 is the last.")]
            pub fn $axis<const A: isize>(&self) -> Tensor<S::Removed, E, B>
            where
                E: $Class,
                S: HasAxis<A>,
            {
                let $list: &[usize] = &[S::INDEX];
                let $x = &self.prim;
                remove(&$value, $list)
            }

            #[doc = concat!($what, " along axis `A`, which stays and broadcasts; -1 is the last.")]
            pub fn $keep<const A: isize>(&self) -> Tensor<S::Kept, E, B>
            where
                E: $Class,
                S: HasAxis<A>,
            {
                let $list: &[usize] = &[S::INDEX];
                let $x = &self.prim;
                Tensor::typed($value)
            }

            #[doc = concat!($what, " along several axes, which go: `axes![0, -1]`.")]
            pub fn $axes<L>(&self) -> Tensor<S::Removed, E, B>
            where
                E: $Class,
                S: HasAxes<L>,
            {
                let $list: &[usize] = S::INDICES;
                let $x = &self.prim;
                remove(&$value, $list)
            }

            #[doc = concat!($what, " along several axes, which stay and broadcast: `axes![0, -1]`.")]
            pub fn $axes_keep<L>(&self) -> Tensor<S::Kept, E, B>
            where
                E: $Class,
                S: HasAxes<L>,
            {
                let $list: &[usize] = S::INDICES;
                let $x = &self.prim;
                Tensor::typed($value)
            }
        )* }
    };
}

reductions! { Num:
    Sum "The sum": sum sum_axis sum_keep sum_axes sum_axes_keep
        |x, axes| B::reduce(Reduce::Sum, x, axes);
    Prod "The product": prod prod_axis prod_keep prod_axes prod_axes_keep
        |x, axes| B::reduce(Reduce::Prod, x, axes);
    Max "The greatest (NaN wins; equal ones share the gradient)":
        max max_axis max_keep max_axes max_axes_keep
        |x, axes| B::reduce(Reduce::Max, x, axes);
    Min "The smallest (NaN wins; equal ones share the gradient)":
        min min_axis min_keep min_axes min_axes_keep
        |x, axes| B::reduce(Reduce::Min, x, axes);
}

reductions! { Float:
    Mean "The mean": mean mean_axis mean_keep mean_axes mean_axes_keep
        |x, axes| mean::<E, B>(x, axes);
}

/// The mean; that of a 16-bit type in `f32`, since it can neither hold the sum nor count far.
fn mean<E: Float, B: Backend>(x: &B::Prim<E>, axes: &[usize]) -> B::Prim<E> {
    if E::KIND.size() == 2 {
        return B::cast(&mean::<f32, B>(&B::cast(x), axes));
    }
    let n: usize = axes.iter().map(|&a| B::dims(x)[a]).product();
    let sum = B::reduce(Reduce::Sum, x, axes);
    let scale = B::full(&B::device(x), E::from_f64(n as f64), B::dims(&sum));
    B::map(op::Div, [&sum, &scale])
}

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

impl<S: Shape, B: Backend> Tensor<S, bool, B> {
    /// Whether any element holds.
    pub fn any(&self) -> Tensor<(), bool, B> {
        self.cast::<u8>().max().cast()
    }

    /// Whether every element holds.
    pub fn all(&self) -> Tensor<(), bool, B> {
        !(!self).any()
    }

    /// Whether any element along axis `A` holds.
    pub fn any_axis<const A: isize>(&self) -> Tensor<S::Removed, bool, B>
    where
        S: HasAxis<A>,
    {
        self.cast::<u8>().max_axis::<A>().cast()
    }

    /// Whether every element along axis `A` holds.
    pub fn all_axis<const A: isize>(&self) -> Tensor<S::Removed, bool, B>
    where
        S: HasAxis<A>,
    {
        !(!self).any_axis::<A>()
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
