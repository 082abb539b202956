//! Picking elements by index.

use super::{Tensor, fits};
use crate::backend::{Backend, Meet};
use crate::dtype::Dtype;
use crate::shape::{HasAxis, Shape, runtime};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// From every row along axis `A` the element that the index of that row names: the shape of
    /// the index is this one without the axis. The gradient goes to the elements picked.
    ///
    /// # Panics
    /// If an index is not below the size of the axis, or sizes known at run time differ.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// let class: Tensor<s![2], i64> = Tensor::from_array([2, 0]);
    /// assert_eq!(x.pick::<1, _>(&class).to_vec(), [3.0, 4.0]);
    /// ```
    #[track_caller]
    pub fn pick<const A: isize, B2>(
        &self,
        index: &Tensor<S::Removed, i64, B2>,
    ) -> Tensor<S::Removed, E, B>
    where
        S: HasAxis<A>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        let mut dims = self.dims().to_vec();
        dims.remove(S::INDEX);
        fits(runtime::equal("pick", &dims, index.dims()));
        let removed = dims.clone();
        dims.insert(S::INDEX, 1);
        let index = B::reshape(&B::right(&index.prim), &dims);
        Tensor::typed(B::reshape(
            &B::gather(&self.prim, S::INDEX, &index),
            &removed,
        ))
    }
}
