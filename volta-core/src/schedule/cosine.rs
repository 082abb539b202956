//! Schedules along a cosine (Loshchilov and Hutter, 2016).

use std::f64::consts::PI;

use super::{Schedule, not_negative, positive};

/// Half a cosine from `from` to `to`, at `share` of the way.
pub(super) fn cosine(from: f64, to: f64, share: f64) -> f64 {
    to + (from - to) * (1.0 + (PI * share).cos()) / 2.0
}

/// `eta_min + (lr - eta_min) * (1 + cos(pi * step / t_max)) / 2`: down to `eta_min` at step `t_max`,
/// and up again after it.
///
/// ```
/// use volta::schedule::{CosineAnnealingLr, Schedule};
///
/// let schedule = CosineAnnealingLr::new(0.5, 100);
/// assert_eq!([0, 50, 100, 200].map(|step| schedule.lr(step)), [0.5, 0.25, 0.0, 0.5]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CosineAnnealingLr {
    lr: f64,
    t_max: u64,
    eta_min: f64,
}

impl CosineAnnealingLr {
    /// From `lr` to 0 in `t_max` steps.
    ///
    /// # Panics
    /// If `lr` is negative or `t_max` is 0.
    #[track_caller]
    pub fn new(lr: f64, t_max: u64) -> Self {
        CosineAnnealingLr {
            lr: not_negative("CosineAnnealingLr", "learning rate", lr),
            t_max: positive("CosineAnnealingLr", "number of steps", t_max),
            eta_min: 0.0,
        }
    }

    /// The lowest rate.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn eta_min(mut self, eta_min: f64) -> Self {
        self.eta_min = not_negative("CosineAnnealingLr", "lowest rate", eta_min);
        self
    }
}

impl Schedule for CosineAnnealingLr {
    fn lr(&self, step: u64) -> f64 {
        // Within one period the argument has all its digits.
        let step = u128::from(step) % (2 * u128::from(self.t_max));
        cosine(self.lr, self.eta_min, step as f64 / self.t_max as f64)
    }
}

/// Half a cosine from `lr` down to `eta_min`, again and again: the first in `t_0` steps, each next
/// one in `t_mult` times as many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CosineAnnealingWarmRestarts {
    lr: f64,
    t_0: u64,
    t_mult: u64,
    eta_min: f64,
}

impl CosineAnnealingWarmRestarts {
    /// From `lr` towards 0, every `t_0` steps.
    ///
    /// # Panics
    /// If `lr` is negative or `t_0` is 0.
    #[track_caller]
    pub fn new(lr: f64, t_0: u64) -> Self {
        CosineAnnealingWarmRestarts {
            lr: not_negative("CosineAnnealingWarmRestarts", "learning rate", lr),
            t_0: positive("CosineAnnealingWarmRestarts", "number of steps", t_0),
            t_mult: 1,
            eta_min: 0.0,
        }
    }

    /// How many times longer each round is than the one before; 1 unless set.
    ///
    /// # Panics
    /// If it is 0.
    #[track_caller]
    pub fn t_mult(mut self, t_mult: u64) -> Self {
        self.t_mult = positive("CosineAnnealingWarmRestarts", "multiple", t_mult);
        self
    }

    /// The lowest rate.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn eta_min(mut self, eta_min: f64) -> Self {
        self.eta_min = not_negative("CosineAnnealingWarmRestarts", "lowest rate", eta_min);
        self
    }
}

impl Schedule for CosineAnnealingWarmRestarts {
    fn lr(&self, step: u64) -> f64 {
        let (mut step, mut length) = (step, self.t_0);
        if self.t_mult == 1 {
            step %= length;
        }
        while step >= length {
            step -= length;
            length = length.saturating_mul(self.t_mult);
        }
        cosine(self.lr, self.eta_min, step as f64 / length as f64)
    }
}
