//! Schedules that fall by factors.

use super::{Schedule, not_negative, positive, power};

/// `lr * gamma^(step / step_size)`, with the quotient rounded down.
///
/// ```
/// use volta::schedule::{Schedule, StepLr};
///
/// let schedule = StepLr::new(0.5, 30).gamma(0.5);
/// assert_eq!([0, 29, 30, 60].map(|step| schedule.lr(step)), [0.5, 0.5, 0.25, 0.125]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepLr {
    lr: f64,
    step_size: u64,
    gamma: f64,
}

impl StepLr {
    /// From `lr` on, with a gamma of 0.1.
    ///
    /// # Panics
    /// If `lr` is negative or `step_size` is 0.
    #[track_caller]
    pub fn new(lr: f64, step_size: u64) -> Self {
        StepLr {
            lr: not_negative("StepLr", "learning rate", lr),
            step_size: positive("StepLr", "step size", step_size),
            gamma: 0.1,
        }
    }

    /// What the rate is multiplied by.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn gamma(mut self, gamma: f64) -> Self {
        self.gamma = not_negative("StepLr", "gamma", gamma);
        self
    }
}

impl Schedule for StepLr {
    fn lr(&self, step: u64) -> f64 {
        self.lr * power(self.gamma, step / self.step_size)
    }
}

/// `lr * gamma^n` once `n` milestones are reached.
#[derive(Clone, Debug, PartialEq)]
pub struct MultiStepLr {
    lr: f64,
    milestones: Vec<u64>,
    gamma: f64,
}

impl MultiStepLr {
    /// From `lr` on, with a gamma of 0.1. The milestones come in any order; one given twice counts
    /// twice.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn new(lr: f64, milestones: impl IntoIterator<Item = u64>) -> Self {
        let mut milestones: Vec<u64> = milestones.into_iter().collect();
        milestones.sort_unstable();
        MultiStepLr {
            lr: not_negative("MultiStepLr", "learning rate", lr),
            milestones,
            gamma: 0.1,
        }
    }

    /// What the rate is multiplied by.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn gamma(mut self, gamma: f64) -> Self {
        self.gamma = not_negative("MultiStepLr", "gamma", gamma);
        self
    }
}

impl Schedule for MultiStepLr {
    fn lr(&self, step: u64) -> f64 {
        let reached = self.milestones.partition_point(|&at| at <= step);
        self.lr * power(self.gamma, reached as u64)
    }
}

/// `lr * gamma^step`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExponentialLr {
    lr: f64,
    gamma: f64,
}

impl ExponentialLr {
    /// From `lr` on.
    ///
    /// # Panics
    /// If one of the two is negative.
    #[track_caller]
    pub fn new(lr: f64, gamma: f64) -> Self {
        ExponentialLr {
            lr: not_negative("ExponentialLr", "learning rate", lr),
            gamma: not_negative("ExponentialLr", "gamma", gamma),
        }
    }
}

impl Schedule for ExponentialLr {
    fn lr(&self, step: u64) -> f64 {
        self.lr * power(self.gamma, step)
    }
}

/// `lr * (1 - step / total_iters)^power`, and 0 from `total_iters` on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolynomialLr {
    lr: f64,
    total_iters: u64,
    power: f64,
}

impl PolynomialLr {
    /// From `lr` on, over 5 steps, with a power of 1.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn new(lr: f64) -> Self {
        PolynomialLr {
            lr: not_negative("PolynomialLr", "learning rate", lr),
            total_iters: 5,
            power: 1.0,
        }
    }

    /// The steps that it takes to 0.
    ///
    /// # Panics
    /// If there are none.
    #[track_caller]
    pub fn total_iters(mut self, total_iters: u64) -> Self {
        self.total_iters = positive("PolynomialLr", "number of steps", total_iters);
        self
    }

    /// The exponent.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn power(mut self, power: f64) -> Self {
        self.power = not_negative("PolynomialLr", "power", power);
        self
    }
}

impl Schedule for PolynomialLr {
    fn lr(&self, step: u64) -> f64 {
        let left = self.total_iters.saturating_sub(step);
        self.lr * (left as f64 / self.total_iters as f64).powf(self.power)
    }
}
