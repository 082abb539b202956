//! Learning-rate schedules: from the number of a step to the rate of that step.
//!
//! ```
//! use volta::prelude::*;
//! use volta::schedule::{CosineAnnealingLr, LinearLr};
//!
//! let schedule = LinearLr::new(0.1).total_iters(5).then(5, CosineAnnealingLr::new(0.1, 95));
//! let mut x: Tensor<s![2]> = Tensor::from_array([1.0, -2.0]);
//! let mut opt = Sgd::new(schedule.lr(0));
//! for step in 0..100 {
//!     opt.set_lr(schedule.lr(step));
//!     let grads = grad(&x, |x| x.square().sum());
//!     opt.step(&mut x, &grads);
//! }
//! assert!(x.abs().max().item() < 1e-3);
//! ```
//!
//! The names, the formulas and the defaults are those of `torch.optim.lr_scheduler`. A step is what
//! the caller counts, batches or epochs, from 0 on. The rate depends on nothing else, so that a run
//! resumes by its step alone; only [`ReduceLrOnPlateau`], which looks at a metric, has a state.

mod combine;
mod cosine;
mod cyclic;
mod decay;
mod lambda;
mod plateau;
mod warm;

pub use combine::{ChainedScheduler, SequentialLr};
pub use cosine::{CosineAnnealingLr, CosineAnnealingWarmRestarts};
pub use cyclic::{Cycle, CyclicLr};
pub use decay::{ExponentialLr, MultiStepLr, PolynomialLr, StepLr};
pub use lambda::{LambdaLr, Noam};
pub use plateau::{Mode, PlateauState, ReduceLrOnPlateau, Threshold};
pub use warm::{Anneal, ConstantLr, LinearLr, OneCycleLr};

/// A learning rate for every step.
pub trait Schedule {
    /// The rate of step `step`, from 0 on.
    fn lr(&self, step: u64) -> f64;

    /// This schedule before step `at`, and `next` from there on: `next` begins with its own step 0.
    /// `torch.optim.lr_scheduler.SequentialLR`.
    fn then<S: Schedule>(self, at: u64, next: S) -> SequentialLr<Self, S>
    where
        Self: Sized,
    {
        SequentialLr::new(self, at, next)
    }

    /// The product of the two, of which `factor` is made with a rate of 1:
    /// `torch.optim.lr_scheduler.ChainedScheduler`.
    ///
    /// ```
    /// use volta::schedule::{ConstantLr, ExponentialLr, Schedule};
    ///
    /// let schedule = ExponentialLr::new(0.1, 0.5).times(ConstantLr::new(1.0).factor(0.5).total_iters(1));
    /// assert_eq!([0, 1, 2].map(|step| schedule.lr(step)), [0.05, 0.05, 0.025]);
    /// ```
    fn times<S: Schedule>(self, factor: S) -> ChainedScheduler<Self, S>
    where
        Self: Sized,
    {
        ChainedScheduler::new(self, factor)
    }
}

impl<S: Schedule + ?Sized> Schedule for &S {
    fn lr(&self, step: u64) -> f64 {
        (**self).lr(step)
    }
}

impl<S: Schedule + ?Sized> Schedule for Box<S> {
    fn lr(&self, step: u64) -> f64 {
        (**self).lr(step)
    }
}

/// A setting that has to be 0 or more.
#[track_caller]
fn not_negative(schedule: &str, what: &str, value: f64) -> f64 {
    assert!(
        value >= 0.0,
        "{schedule}: a {what} of {value} is not 0 or more"
    );
    value
}

/// A number of steps that has to be 1 or more.
#[track_caller]
fn positive(schedule: &str, what: &str, value: u64) -> u64 {
    assert!(
        value > 0,
        "{schedule}: a {what} of {value} is not 1 or more"
    );
    value
}

/// `base^exponent` of a number of steps.
fn power(base: f64, exponent: u64) -> f64 {
    match i32::try_from(exponent) {
        Ok(exponent) => base.powi(exponent),
        Err(_) => base.powf(exponent as f64),
    }
}
