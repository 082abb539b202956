//! Running sums, products and extremes.

use super::Tensor;
use crate::backend::{Backend, Reduce};
use crate::dtype::{Dtype, Num};
use crate::shape::{HasAxis, Shape};
use crate::tape::scan_places;

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// At each place along axis `A`, the sum of the elements up to and with it; -1 is the last axis.
    /// Elements of 16 bits are added in `f32`; whole numbers wrap around.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([1.0, 2.0, 3.0, 4.0]);
    /// assert_eq!(x.cumsum::<0>().to_vec(), [1.0, 3.0, 6.0, 10.0]);
    /// ```
    pub fn cumsum<const A: isize>(&self) -> Self
    where
        E: Num,
        S: HasAxis<A>,
    {
        self.scanned(Reduce::Sum, S::INDEX)
    }

    /// At each place along axis `A`, the product of the elements up to and with it; -1 is the last
    /// axis. The gradient is right where elements are 0, too.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([1.0, 2.0, 3.0, 4.0]);
    /// assert_eq!(x.cumprod::<0>().to_vec(), [1.0, 2.0, 6.0, 24.0]);
    /// ```
    pub fn cumprod<const A: isize>(&self) -> Self
    where
        E: Num,
        S: HasAxis<A>,
    {
        self.scanned(Reduce::Prod, S::INDEX)
    }

    /// At each place along axis `A`, the greatest of the elements up to and with it, and where that
    /// is: the last of equal ones, whose the gradient is. From a NaN on, all are NaN. -1 is the last
    /// axis.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([1.0, 3.0, 2.0, 3.0]);
    /// let (greatest, places) = x.cummax::<0>();
    /// assert_eq!(greatest.to_vec(), [1.0, 3.0, 3.0, 3.0]);
    /// assert_eq!(places.to_vec(), [0, 1, 1, 3]);
    /// ```
    pub fn cummax<const A: isize>(&self) -> (Self, Tensor<S, i64, B>)
    where
        E: Num,
        S: HasAxis<A>,
    {
        self.extremes(Reduce::Max, S::INDEX)
    }

    /// At each place along axis `A`, the smallest of the elements up to and with it, and where that
    /// is: the last of equal ones, whose the gradient is. From a NaN on, all are NaN. -1 is the last
    /// axis.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([2.0, 3.0, 1.0, 4.0]);
    /// let (smallest, places) = x.cummin::<0>();
    /// assert_eq!(smallest.to_vec(), [2.0, 2.0, 1.0, 1.0]);
    /// assert_eq!(places.to_vec(), [0, 0, 2, 2]);
    /// ```
    pub fn cummin<const A: isize>(&self) -> (Self, Tensor<S, i64, B>)
    where
        E: Num,
        S: HasAxis<A>,
    {
        self.extremes(Reduce::Min, S::INDEX)
    }

    fn scanned(&self, by: Reduce, axis: usize) -> Self
    where
        E: Num,
    {
        Tensor {
            shape: self.shape,
            prim: B::scan(by, &self.prim, axis),
        }
    }

    fn extremes(&self, by: Reduce, axis: usize) -> (Self, Tensor<S, i64, B>)
    where
        E: Num,
    {
        let values = self.scanned(by, axis);
        let places = Tensor {
            shape: self.shape,
            prim: scan_places::<E, B>(&self.prim, &values.prim, axis),
        };
        (values, places)
    }
}
