//! Numbers of classes as rows of zeros and a one.

use super::Tensor;
use crate::backend::Backend;
use crate::dtype::{CastFrom, Dtype};
use crate::ops::elementwise as op;
use crate::shape::{OneHot, Shape};

impl<S: Shape, B: Backend> Tensor<S, i64, B> {
    /// For each number `i` a row of `C` elements along a new last axis: 1 at `i`, and 0.
    ///
    /// # Panics
    /// If a number is not below `C`. A device that would have to wait for them says so at the next
    /// read.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let class: Tensor<s![2], i64> = Tensor::from_array([2, 0]);
    /// let rows: Tensor<s![2, 3]> = class.one_hot::<3, f32>();
    /// assert_eq!(rows.to_vec(), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    /// ```
    #[track_caller]
    pub fn one_hot<const C: usize, E>(&self) -> Tensor<<S as OneHot<C>>::Out, E, B>
    where
        S: OneHot<C>,
        E: Dtype + CastFrom,
    {
        B::check_index("one_hot", &self.prim, C);
        let mut dims = self.dims().to_vec();
        dims.push(1);
        let classes = B::reshape(&self.prim, &dims);
        *dims.last_mut().expect("the new axis") = C;
        let all = B::from_vec(&self.device(), (0..C as i64).collect(), &[C]);
        let is_class = B::test(
            op::Eq,
            [&B::expand(&classes, &dims), &B::expand(&all, &dims)],
        );
        Tensor::typed(B::cast(&is_class))
    }
}
