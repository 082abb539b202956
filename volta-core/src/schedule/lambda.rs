//! Schedules that a function gives.

use super::{Schedule, not_negative, positive};

/// `lr * f(step)`.
///
/// ```
/// use volta::schedule::{LambdaLr, Schedule};
///
/// let schedule = LambdaLr::new(0.5, |step| 1.0 / (1 + step) as f64);
/// assert_eq!(schedule.lr(1), 0.25);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LambdaLr<F> {
    lr: f64,
    f: F,
}

impl<F: Fn(u64) -> f64> LambdaLr<F> {
    /// `lr` times what `f` gives.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn new(lr: f64, f: F) -> Self {
        let lr = not_negative("LambdaLr", "learning rate", lr);
        LambdaLr { lr, f }
    }
}

impl<F: Fn(u64) -> f64> Schedule for LambdaLr<F> {
    fn lr(&self, step: u64) -> f64 {
        self.lr * (self.f)(step)
    }
}

/// The schedule of the first transformer (Vaswani et al., 2017): up in a straight line for `warmup`
/// steps, then down as `1 / sqrt(n)`.
///
/// ```text
/// factor / sqrt(model_size) * min(1 / sqrt(n), n / warmup^1.5)     with n = step + 1
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noam {
    model_size: u64,
    warmup: u64,
    factor: f64,
}

impl Noam {
    /// Of a model of this width, with a factor of 1.
    ///
    /// # Panics
    /// If one of the two is 0.
    #[track_caller]
    pub fn new(model_size: u64, warmup: u64) -> Self {
        Noam {
            model_size: positive("Noam", "model size", model_size),
            warmup: positive("Noam", "number of warm-up steps", warmup),
            factor: 1.0,
        }
    }

    /// What all rates are multiplied by.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = not_negative("Noam", "factor", factor);
        self
    }
}

impl Schedule for Noam {
    fn lr(&self, step: u64) -> f64 {
        let n = step as f64 + 1.0;
        let shape = n.sqrt().recip().min(n * (self.warmup as f64).powf(-1.5));
        self.factor * shape / (self.model_size as f64).sqrt()
    }
}
