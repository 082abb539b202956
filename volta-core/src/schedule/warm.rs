//! Schedules that warm up.

use super::cosine::cosine;
use super::{Schedule, not_negative, positive};

/// `lr * factor` for `total_iters` steps, then `lr`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConstantLr {
    lr: f64,
    factor: f64,
    total_iters: u64,
}

impl ConstantLr {
    /// A third of `lr` for 5 steps.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn new(lr: f64) -> Self {
        ConstantLr {
            lr: not_negative("ConstantLr", "learning rate", lr),
            factor: 1.0 / 3.0,
            total_iters: 5,
        }
    }

    /// What the rate is multiplied by at first.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = not_negative("ConstantLr", "factor", factor);
        self
    }

    /// For how many steps.
    pub fn total_iters(mut self, total_iters: u64) -> Self {
        self.total_iters = total_iters;
        self
    }
}

impl Schedule for ConstantLr {
    fn lr(&self, step: u64) -> f64 {
        match step < self.total_iters {
            true => self.lr * self.factor,
            false => self.lr,
        }
    }
}

/// A straight line from `lr * start_factor` to `lr * end_factor` in `total_iters` steps, and that
/// rate from there on: a linear warm-up.
///
/// ```
/// use volta::schedule::{LinearLr, Schedule};
///
/// let schedule = LinearLr::new(0.5).start_factor(0.0).total_iters(4);
/// assert_eq!([0, 1, 2, 9].map(|step| schedule.lr(step)), [0.0, 0.125, 0.25, 0.5]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearLr {
    lr: f64,
    start_factor: f64,
    end_factor: f64,
    total_iters: u64,
}

impl LinearLr {
    /// From a third of `lr` to `lr` in 5 steps.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn new(lr: f64) -> Self {
        LinearLr {
            lr: not_negative("LinearLr", "learning rate", lr),
            start_factor: 1.0 / 3.0,
            end_factor: 1.0,
            total_iters: 5,
        }
    }

    /// What the rate is multiplied by at first. Unlike PyTorch's it may be 0.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn start_factor(mut self, start_factor: f64) -> Self {
        self.start_factor = not_negative("LinearLr", "factor", start_factor);
        self
    }

    /// What the rate is multiplied by at last.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn end_factor(mut self, end_factor: f64) -> Self {
        self.end_factor = not_negative("LinearLr", "factor", end_factor);
        self
    }

    /// In how many steps.
    ///
    /// # Panics
    /// If there are none.
    #[track_caller]
    pub fn total_iters(mut self, total_iters: u64) -> Self {
        self.total_iters = positive("LinearLr", "number of steps", total_iters);
        self
    }
}

impl Schedule for LinearLr {
    fn lr(&self, step: u64) -> f64 {
        let share = step.min(self.total_iters) as f64 / self.total_iters as f64;
        self.lr * (self.start_factor + (self.end_factor - self.start_factor) * share)
    }
}

/// How [`OneCycleLr`] goes from one rate to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anneal {
    /// Along half a cosine.
    #[default]
    Cos,
    /// Along a straight line.
    Linear,
}

/// One cycle (Smith and Topin, 2017): from `max_lr / div_factor` up to `max_lr`, and down to
/// `max_lr / div_factor / final_div_factor` at step `total_steps - 1`. It stays there.
///
/// In three phases it falls to where it began in as many steps as it rose, and then to the last rate.
/// The momentum is not cycled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneCycleLr {
    max_lr: f64,
    total_steps: u64,
    pct_start: f64,
    anneal: Anneal,
    div_factor: f64,
    final_div_factor: f64,
    three_phase: bool,
}

impl OneCycleLr {
    /// Over `total_steps` steps, of which 0.3 are the way up: two phases along a cosine, with a
    /// `div_factor` of 25 and a `final_div_factor` of 1e4.
    ///
    /// # Panics
    /// If `max_lr` is negative or `total_steps` is 0.
    #[track_caller]
    pub fn new(max_lr: f64, total_steps: u64) -> Self {
        OneCycleLr {
            max_lr: not_negative("OneCycleLr", "learning rate", max_lr),
            total_steps: positive("OneCycleLr", "number of steps", total_steps),
            pct_start: 0.3,
            anneal: Anneal::Cos,
            div_factor: 25.0,
            final_div_factor: 1e4,
            three_phase: false,
        }
    }

    /// The share of the steps that are the way up.
    ///
    /// # Panics
    /// If it is not in `[0, 1]`.
    #[track_caller]
    pub fn pct_start(mut self, pct_start: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&pct_start),
            "OneCycleLr: a share of {pct_start} is not in [0, 1]"
        );
        self.pct_start = pct_start;
        self
    }

    /// How it goes from one rate to the next.
    pub fn anneal(mut self, anneal: Anneal) -> Self {
        self.anneal = anneal;
        self
    }

    /// How many times smaller the first rate is than `max_lr`.
    ///
    /// # Panics
    /// If it is not above 0.
    #[track_caller]
    pub fn div_factor(mut self, div_factor: f64) -> Self {
        self.div_factor = divisor(div_factor);
        self
    }

    /// How many times smaller the last rate is than the first.
    ///
    /// # Panics
    /// If it is not above 0.
    #[track_caller]
    pub fn final_div_factor(mut self, final_div_factor: f64) -> Self {
        self.final_div_factor = divisor(final_div_factor);
        self
    }

    /// In three phases, or in two.
    pub fn three_phase(mut self, three_phase: bool) -> Self {
        self.three_phase = three_phase;
        self
    }
}

#[track_caller]
fn divisor(value: f64) -> f64 {
    assert!(
        value > 0.0,
        "OneCycleLr: a divisor of {value} is not above 0"
    );
    value
}

impl Schedule for OneCycleLr {
    fn lr(&self, step: u64) -> f64 {
        let first = self.max_lr / self.div_factor;
        let last = first / self.final_div_factor;
        let (steps, end) = (self.total_steps as f64, self.total_steps as f64 - 1.0);
        let top = self.pct_start * steps - 1.0;
        // Where each phase ends, and at what rate.
        let two = [(top, self.max_lr), (end, last)];
        let three = [(top, self.max_lr), (2.0 * top, first), (end, last)];
        let phases: &[_] = if self.three_phase { &three } else { &two };
        let step = step.min(self.total_steps - 1) as f64;
        let (mut start, mut from) = (0.0, first);
        for &(end, to) in phases {
            if step <= end && end > start {
                let share = (step - start) / (end - start);
                return match self.anneal {
                    Anneal::Cos => cosine(from, to, share),
                    Anneal::Linear => from + (to - from) * share,
                };
            }
            (start, from) = (end, to);
        }
        last
    }
}
