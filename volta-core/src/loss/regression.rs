//! Losses of regression.

use super::each::{HuberLoss, L1Loss, MseLoss, SmoothL1Loss};
use super::{Reduction, losses_of_pairs, not_negative, pairs};
use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Float};
use crate::shape::Shape;
use crate::tensor::Tensor;

losses_of_pairs! {
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
    mse_loss mse_loss_as(target) MseLoss;

    /// The mean of the absolute differences to targets of the same shape
    /// (`torch.nn.functional.l1_loss`). Nothing broadcasts; the gradient at 0 is 0.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
    /// let target: Tensor<s![2]> = Tensor::from_array([1.0, 5.0]);
    /// assert_eq!(x.l1_loss(&target).item(), 1.5);
    /// ```
    l1_loss l1_loss_as(target) L1Loss;

    /// The mean of `z^2 / (2 beta)` where `z = |x - target|` is below `beta`, and of `z - beta / 2`
    /// elsewhere (`torch.nn.functional.smooth_l1_loss`, whose `beta` is 1 unless given). With a
    /// `beta` of 0 it is [`l1_loss`](Self::l1_loss).
    ///
    /// # Panics
    /// If `beta` is negative, or sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
    /// let target: Tensor<s![2]> = Tensor::from_array([2.0, 6.0]);
    /// assert_eq!(x.smooth_l1_loss(&target, 2.0).item(), (0.25 + 3.0) / 2.0);
    /// ```
    smooth_l1_loss smooth_l1_loss_as(target, beta) SmoothL1Loss {
        beta: not_negative("smooth_l1_loss", "beta", beta),
    };

    /// The mean of `z^2 / 2` where `z = |x - target|` is at most `delta`, and of
    /// `delta (z - delta / 2)` elsewhere (`torch.nn.functional.huber_loss`, whose `delta` is 1
    /// unless given).
    ///
    /// # Panics
    /// If `delta` is not above 0, or sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
    /// let target: Tensor<s![2]> = Tensor::from_array([2.0, 6.0]);
    /// assert_eq!(x.huber_loss(&target, 2.0).item(), (0.5 + 6.0) / 2.0);
    /// ```
    huber_loss huber_loss_as(target, delta) HuberLoss { delta: above_zero(delta) };
}

#[track_caller]
fn above_zero(delta: f64) -> f64 {
    assert!(delta > 0.0, "huber_loss: a delta of {delta} is not above 0");
    delta
}
