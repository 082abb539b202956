//! Rates that go up and down.

use super::{Schedule, not_negative, positive, power};

/// How high the cycles of [`CyclicLr`] go.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Cycle {
    /// All alike.
    #[default]
    Triangular,
    /// Each half as high as the one before.
    Triangular2,
    /// By `gamma^step`.
    ExpRange {
        /// The factor of one step.
        gamma: f64,
    },
}

/// Cycles between two rates along straight lines (Smith, 2017, "Cyclical learning rates for
/// training neural networks"). The momentum is not cycled.
///
/// ```
/// use volta::schedule::{CyclicLr, Schedule};
///
/// let schedule = CyclicLr::new(0.0, 1.0).step_size_up(2).step_size_down(4);
/// assert_eq!([0, 1, 2, 4, 6].map(|step| schedule.lr(step)), [0.0, 0.5, 1.0, 0.5, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CyclicLr {
    base_lr: f64,
    max_lr: f64,
    up: u64,
    down: Option<u64>,
    cycle: Cycle,
}

impl CyclicLr {
    /// From `base_lr` to `max_lr` in 2000 steps, and back in as many.
    ///
    /// # Panics
    /// If one of the two is negative.
    #[track_caller]
    pub fn new(base_lr: f64, max_lr: f64) -> Self {
        CyclicLr {
            base_lr: not_negative("CyclicLr", "learning rate", base_lr),
            max_lr: not_negative("CyclicLr", "learning rate", max_lr),
            up: 2000,
            down: None,
            cycle: Cycle::default(),
        }
    }

    /// The steps of the way up, and of the way down unless that is set.
    ///
    /// # Panics
    /// If there are none.
    #[track_caller]
    pub fn step_size_up(mut self, steps: u64) -> Self {
        self.up = positive("CyclicLr", "number of steps", steps);
        self
    }

    /// The steps of the way down.
    ///
    /// # Panics
    /// If there are none.
    #[track_caller]
    pub fn step_size_down(mut self, steps: u64) -> Self {
        self.down = Some(positive("CyclicLr", "number of steps", steps));
        self
    }

    /// How high the cycles go.
    pub fn cycle(mut self, cycle: Cycle) -> Self {
        self.cycle = cycle;
        self
    }
}

impl Schedule for CyclicLr {
    fn lr(&self, step: u64) -> f64 {
        let down = self.down.unwrap_or(self.up);
        let length = self.up.saturating_add(down);
        let (cycles, at) = (step / length, step % length);
        let height = match at <= self.up {
            true => at as f64 / self.up as f64,
            false => (length - at) as f64 / down as f64,
        };
        let scale = match self.cycle {
            Cycle::Triangular => 1.0,
            Cycle::Triangular2 => power(0.5, cycles),
            Cycle::ExpRange { gamma } => power(gamma, step),
        };
        self.base_lr + (self.max_lr - self.base_lr) * height * scale
    }
}
