//! Orders of elements.

use super::{Tensor, fits};
use crate::backend::{Backend, Reduce};
use crate::dtype::Num;
use crate::ops::elementwise as op;
use crate::shape::{HasAxis, Shape, Top, runtime};

impl<S: Shape, E: Num, B: Backend> Tensor<S, E, B> {
    /// The elements along axis `A`, the smallest first, and where each was; -1 is the last axis.
    /// Equal elements stay in their order. NaN is greater than all numbers. The gradient goes to
    /// where the elements were.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([3.0, 1.0, 2.0, 1.0]);
    /// let (sorted, places) = x.sort::<0>();
    /// assert_eq!(sorted.to_vec(), [1.0, 1.0, 2.0, 3.0]);
    /// assert_eq!(places.to_vec(), [1, 3, 2, 0]);
    /// ```
    pub fn sort<const A: isize>(&self) -> (Self, Tensor<S, i64, B>)
    where
        S: HasAxis<A>,
    {
        self.sorted(self.argsort::<A>(), S::INDEX)
    }

    /// The elements along axis `A`, the greatest first, and where each was; -1 is the last axis.
    /// Equal elements stay in their order. NaN is greater than all numbers. The gradient goes to
    /// where the elements were.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([3.0, 1.0, 2.0, 1.0]);
    /// let (sorted, places) = x.sort_descending::<0>();
    /// assert_eq!(sorted.to_vec(), [3.0, 2.0, 1.0, 1.0]);
    /// assert_eq!(places.to_vec(), [0, 2, 1, 3]);
    /// ```
    pub fn sort_descending<const A: isize>(&self) -> (Self, Tensor<S, i64, B>)
    where
        S: HasAxis<A>,
    {
        self.sorted(self.argsort_descending::<A>(), S::INDEX)
    }

    fn sorted(&self, places: Tensor<S, i64, B>, axis: usize) -> (Self, Tensor<S, i64, B>) {
        let values = Tensor {
            shape: self.shape,
            prim: B::gather(&self.prim, axis, &places.prim),
        };
        (values, places)
    }

    /// The places along axis `A` in the order of their elements, the smallest first; -1 is the last
    /// axis. Equal elements stay in their order. NaN is greater than all numbers.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([3.0, 1.0, 2.0, 1.0]);
    /// assert_eq!(x.argsort::<0>().to_vec(), [1, 3, 2, 0]);
    /// ```
    pub fn argsort<const A: isize>(&self) -> Tensor<S, i64, B>
    where
        S: HasAxis<A>,
    {
        Tensor {
            shape: self.shape,
            prim: B::argsort(&self.prim, S::INDEX, false),
        }
    }

    /// The places along axis `A` in the order of their elements, the greatest first; -1 is the last
    /// axis. Equal elements stay in their order. NaN is greater than all numbers.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([3.0, 1.0, 2.0, 1.0]);
    /// assert_eq!(x.argsort_descending::<0>().to_vec(), [0, 2, 1, 3]);
    /// ```
    pub fn argsort_descending<const A: isize>(&self) -> Tensor<S, i64, B>
    where
        S: HasAxis<A>,
    {
        Tensor {
            shape: self.shape,
            prim: B::argsort(&self.prim, S::INDEX, true),
        }
    }

    /// The `K` greatest elements along axis `A`, the greatest first, and where they are; -1 is the
    /// last axis. Of equal elements the first come first. The gradient goes to the elements taken.
    ///
    /// # Panics
    /// If the axis has a size known at run time and is shorter.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let scores: Tensor<s![2, 3]> = Tensor::from_array([[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]]);
    /// let (_, classes): (Tensor<s![2, 2]>, Tensor<s![2, 2], i64>) = scores.topk::<1, 2>();
    /// assert_eq!(classes.to_vec(), [1, 2, 0, 2]);
    /// ```
    #[track_caller]
    pub fn topk<const A: isize, const K: usize>(
        &self,
    ) -> (
        Tensor<<S as Top<A, K>>::Out, E, B>,
        Tensor<<S as Top<A, K>>::Out, i64, B>,
    )
    where
        S: Top<A, K>,
    {
        const { <S as Top<A, K>>::CHECK };
        fits(runtime::top("topk", self.dims(), S::INDEX, K));
        self.first(B::top(&self.prim, S::INDEX, K, true))
    }

    /// The `K` smallest elements along axis `A`, the smallest first, and where they are; -1 is the
    /// last axis. Of equal elements the first come first. The gradient goes to the elements taken.
    ///
    /// # Panics
    /// If the axis has a size known at run time and is shorter.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let distances: Tensor<s![4]> = Tensor::from_array([3.0, 1.0, 2.0, 5.0]);
    /// let (nearest, places) = distances.topk_smallest::<0, 2>();
    /// assert_eq!(nearest.to_vec(), [1.0, 2.0]);
    /// assert_eq!(places.to_vec(), [1, 2]);
    /// ```
    #[track_caller]
    pub fn topk_smallest<const A: isize, const K: usize>(
        &self,
    ) -> (
        Tensor<<S as Top<A, K>>::Out, E, B>,
        Tensor<<S as Top<A, K>>::Out, i64, B>,
    )
    where
        S: Top<A, K>,
    {
        const { <S as Top<A, K>>::CHECK };
        fits(runtime::top("topk_smallest", self.dims(), S::INDEX, K));
        self.first(B::top(&self.prim, S::INDEX, K, false))
    }

    fn first<const A: isize, const K: usize>(
        &self,
        places: B::Prim<i64>,
    ) -> (
        Tensor<<S as Top<A, K>>::Out, E, B>,
        Tensor<<S as Top<A, K>>::Out, i64, B>,
    )
    where
        S: Top<A, K>,
    {
        let values = B::gather(&self.prim, S::INDEX, &places);
        (Tensor::typed(values), Tensor::typed(places))
    }

    /// The `K`-th smallest element along axis `A`, which goes, and where it is: `K` counts from 1, -1
    /// is the last axis. NaN is greater than all numbers. The gradient goes to the element taken.
    ///
    /// # Panics
    /// If the axis has a size known at run time and is shorter.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([3.0, 1.0, 2.0, 5.0]);
    /// let (second, place) = x.kthvalue::<0, 2>();
    /// assert_eq!((second.item(), place.item()), (2.0, 2));
    /// ```
    #[track_caller]
    pub fn kthvalue<const A: isize, const K: usize>(
        &self,
    ) -> (Tensor<S::Removed, E, B>, Tensor<S::Removed, i64, B>)
    where
        S: Top<A, K>,
    {
        const { assert!(K > 0, "kthvalue: elements are counted from 1") };
        const { <S as Top<A, K>>::CHECK };
        fits(runtime::top("kthvalue", self.dims(), S::INDEX, K));
        let first = B::top(&self.prim, S::INDEX, K, false);
        self.one::<A>(&B::narrow(&first, S::INDEX, K - 1, 1))
    }

    /// The median along axis `A`, which goes, and where it is: of two elements in the middle the
    /// smaller. A NaN is the median of all that it is among. -1 is the last axis. The gradient goes
    /// to the element taken.
    ///
    /// # Panics
    /// If the axis has no elements.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([3.0, 1.0, 2.0, 5.0]);
    /// assert_eq!(x.median::<0>().0.item(), 2.0);
    /// ```
    #[track_caller]
    pub fn median<const A: isize>(&self) -> (Tensor<S::Removed, E, B>, Tensor<S::Removed, i64, B>)
    where
        S: HasAxis<A>,
    {
        let size = self.dims()[S::INDEX];
        assert!(size > 0, "median over an axis without elements");
        let half = (size - 1) / 2;
        let first = B::top(&self.prim, S::INDEX, half + 1, false);
        let middle = B::narrow(&first, S::INDEX, half, 1);
        // The greatest is the first NaN, if there is one.
        let greatest = B::arg_reduce(Reduce::Max, &self.prim, S::INDEX);
        let value = B::gather(&self.prim, S::INDEX, &greatest);
        let has_nan = B::test(op::Ne, [&value, &value]);
        self.one::<A>(&B::select(&has_nan, &greatest, &middle))
    }

    /// The elements at these places, of which there is one along axis `A`.
    fn one<const A: isize>(
        &self,
        places: &B::Prim<i64>,
    ) -> (Tensor<S::Removed, E, B>, Tensor<S::Removed, i64, B>)
    where
        S: HasAxis<A>,
    {
        let mut dims = self.dims().to_vec();
        dims.remove(S::INDEX);
        let values = B::gather(&self.prim, S::INDEX, places);
        (
            Tensor::typed(B::reshape(&values, &dims)),
            Tensor::typed(B::reshape(places, &dims)),
        )
    }
}
