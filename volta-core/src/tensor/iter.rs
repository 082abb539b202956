//! The parts of a tensor along an axis, one by one.

use std::fmt::{self, Debug};
use std::iter::FusedIterator;
use std::marker::PhantomData;
use std::ops::Range;

use super::Tensor;
use super::split::entry;
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::shape::{D, HasAxis, RemDim, Shape};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The entries of axis `A`, without the axis, one by one. They are views.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// let columns: Vec<Tensor<s![2]>> = x.iter_axis::<1>().collect();
    /// assert_eq!(columns[2].to_vec(), [3.0, 6.0]);
    /// ```
    pub fn iter_axis<const A: isize>(&self) -> IterAxis<S::Removed, E, B>
    where
        S: HasAxis<A>,
    {
        IterAxis {
            prim: self.prim.clone(),
            axis: S::INDEX,
            left: 0..self.dims()[S::INDEX],
            shape: PhantomData,
        }
    }

    /// The parts of `LEN` entries along axis `A`, one after the other. What does not fill a part is
    /// the [`remainder`](ChunksExact::remainder). They are views.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![5]> = Tensor::arange(0.0, 1.0);
    /// let pairs = x.chunks_exact::<0, 2>();
    /// let rest: Tensor<s![1]> = pairs.remainder();
    /// assert_eq!(rest.to_vec(), [4.0]);
    /// let sums: Vec<f32> = pairs.map(|pair: Tensor<s![2]>| pair.sum().item()).collect();
    /// assert_eq!(sums, [1.0, 5.0]);
    /// ```
    pub fn chunks_exact<const A: isize, const LEN: usize>(&self) -> ChunksExact<S, E, B, A, LEN>
    where
        S: HasAxis<A>,
    {
        const { assert!(LEN > 0, "chunks_exact: parts of 0 entries") };
        ChunksExact {
            whole: self.clone(),
            left: 0..self.dims()[S::INDEX] / LEN,
        }
    }

    /// The windows of `LEN` entries along axis `A`, each one entry after the one before. They are
    /// views; of an axis of fewer entries there are none. [`unfold`](Self::unfold) is one tensor of
    /// all windows.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::arange(0.0, 1.0);
    /// let sums: Vec<f32> = (x.windows::<0, 2>())
    ///     .map(|window: Tensor<s![2]>| window.sum().item())
    ///     .collect();
    /// assert_eq!(sums, [1.0, 3.0, 5.0]);
    /// ```
    pub fn windows<const A: isize, const LEN: usize>(&self) -> Windows<S, E, B, A, LEN>
    where
        S: HasAxis<A>,
    {
        const { assert!(LEN > 0, "windows: windows of 0 entries") };
        Windows {
            whole: self.clone(),
            left: 0..(self.dims()[S::INDEX] + 1).saturating_sub(LEN),
        }
    }
}

/// The entries of an axis: what [`Tensor::iter_axis`] gives.
#[derive(Clone)]
pub struct IterAxis<S: Shape, E: Dtype, B: Backend> {
    prim: B::Prim<E>,
    axis: usize,
    left: Range<usize>,
    shape: PhantomData<S>,
}

impl<S: Shape, E: Dtype, B: Backend> IterAxis<S, E, B> {
    fn part(&self, at: usize) -> Tensor<S, E, B> {
        entry(&self.prim, self.axis, at)
    }
}

/// The parts of one length along an axis: what [`Tensor::chunks_exact`] gives.
#[derive(Clone)]
pub struct ChunksExact<S: Shape, E: Dtype, B: Backend, const A: isize, const LEN: usize> {
    whole: Tensor<S, E, B>,
    left: Range<usize>,
}

impl<S, E, B, const A: isize, const LEN: usize> ChunksExact<S, E, B, A, LEN>
where
    S: HasAxis<A>,
    E: Dtype,
    B: Backend,
{
    fn part(&self, at: usize) -> Tensor<S::Replaced<D<LEN>>, E, B> {
        Tensor::typed(B::narrow(&self.whole.prim, S::INDEX, at * LEN, LEN))
    }

    /// The entries at the end that fill no part.
    pub fn remainder(&self) -> Tensor<S::Replaced<<S::Extent as RemDim<D<LEN>>>::Out>, E, B>
    where
        S::Extent: RemDim<D<LEN>>,
    {
        let size = self.whole.dims()[S::INDEX];
        let len = size % LEN;
        Tensor::typed(B::narrow(&self.whole.prim, S::INDEX, size - len, len))
    }
}

/// The windows along an axis: what [`Tensor::windows`] gives.
#[derive(Clone)]
pub struct Windows<S: Shape, E: Dtype, B: Backend, const A: isize, const LEN: usize> {
    whole: Tensor<S, E, B>,
    left: Range<usize>,
}

impl<S, E, B, const A: isize, const LEN: usize> Windows<S, E, B, A, LEN>
where
    S: HasAxis<A>,
    E: Dtype,
    B: Backend,
{
    fn part(&self, at: usize) -> Tensor<S::Replaced<D<LEN>>, E, B> {
        Tensor::typed(B::narrow(&self.whole.prim, S::INDEX, at, LEN))
    }
}

/// An iterator over the numbers that are `left`, which `part` turns into tensors.
macro_rules! parts {
    ($Name:ident [$($generics:tt)*] [$($arguments:tt)*] $S:path => $Item:ty) => {
        impl<S: $S, E: Dtype, B: Backend, $($generics)*> Iterator
            for $Name<S, E, B, $($arguments)*>
        {
            type Item = Tensor<$Item, E, B>;

            fn next(&mut self) -> Option<Self::Item> {
                self.left.next().map(|at| self.part(at))
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                self.left.size_hint()
            }

            fn nth(&mut self, n: usize) -> Option<Self::Item> {
                self.left.nth(n).map(|at| self.part(at))
            }
        }

        impl<S: $S, E: Dtype, B: Backend, $($generics)*> DoubleEndedIterator
            for $Name<S, E, B, $($arguments)*>
        {
            fn next_back(&mut self) -> Option<Self::Item> {
                self.left.next_back().map(|at| self.part(at))
            }
        }

        impl<S: $S, E: Dtype, B: Backend, $($generics)*> ExactSizeIterator
            for $Name<S, E, B, $($arguments)*>
        {
        }

        impl<S: $S, E: Dtype, B: Backend, $($generics)*> FusedIterator
            for $Name<S, E, B, $($arguments)*>
        {
        }

        impl<S: Shape, E: Dtype, B: Backend, $($generics)*> Debug
            for $Name<S, E, B, $($arguments)*>
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (f.debug_struct(stringify!($Name)).field("left", &self.left)).finish_non_exhaustive()
            }
        }
    };
}

parts!(IterAxis [] [] Shape => S);
parts!(ChunksExact [const A: isize, const LEN: usize] [A, LEN] HasAxis<A> => S::Replaced<D<LEN>>);
parts!(Windows [const A: isize, const LEN: usize] [A, LEN] HasAxis<A> => S::Replaced<D<LEN>>);
