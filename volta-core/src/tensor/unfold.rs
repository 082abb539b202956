//! Windows along an axis as an axis of their own.

use super::{Tensor, fits};
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::shape::{Shape, Unfold, runtime};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The windows of `SIZE` entries along axis `A`, `STEP` apart: the axis becomes the number of
    /// windows, and a new last axis goes through each. A view: windows that overlap share their
    /// elements.
    ///
    /// # Panics
    /// If the axis has a size known at run time that is below `SIZE`.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([1.0, 2.0, 3.0, 4.0]);
    /// let y: Tensor<s![3, 2]> = x.unfold::<0, 2, 1>();
    /// assert_eq!(y.to_vec(), [1.0, 2.0, 2.0, 3.0, 3.0, 4.0]);
    /// ```
    #[track_caller]
    pub fn unfold<const A: isize, const SIZE: usize, const STEP: usize>(
        &self,
    ) -> Tensor<<S as Unfold<A, SIZE, STEP>>::Out, E, B>
    where
        S: Unfold<A, SIZE, STEP>,
    {
        let window = [SIZE, STEP, 0, 1];
        fits(runtime::windowed("unfold", self.dims(), S::INDEX, window));
        Tensor::typed(B::unfold(&self.prim, S::INDEX, SIZE, STEP))
    }
}
