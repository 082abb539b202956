//! Losses of regression.

use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise::{Square, Sub};
use crate::shape::{Shape, runtime};
use crate::tensor::{Tensor, fits};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The mean of the squared differences to targets of the same shape
    /// (`torch.nn.functional.mse_loss`). Nothing broadcasts.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
    /// let target: Tensor<s![2]> = Tensor::from_array([1.0, 5.0]);
    /// assert_eq!(x.mse_loss(&target).item(), 4.5);
    /// ```
    #[track_caller]
    pub fn mse_loss<B2>(&self, target: &Tensor<S, E, B2>) -> Tensor<(), E, B::Out>
    where
        E: Float,
        B: Meet<B2>,
        B2: Backend,
    {
        fits(runtime::equal("mse_loss", self.dims(), target.dims()));
        let (x, target) = (B::left(self.prim()), B::right(target.prim()));
        let difference = <B::Out as Backend>::map(Sub, [&x, &target]);
        let square = <B::Out as Backend>::map(Square, [&difference]);
        Tensor::<S, E, B::Out>::from_prim(self.shape(), square).mean()
    }
}
