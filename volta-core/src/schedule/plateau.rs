//! A rate that falls when a metric no longer gets better.

use super::not_negative;

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Smaller: a loss.
    #[default]
    Min,
    /// Greater: an accuracy.
    Max,
}

/// How much better than the best so far a metric has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    /// By this share of the best.
    Rel(f64),
    /// By this much.
    Abs(f64),
}

/// What a [`ReduceLrOnPlateau`] remembers: what is saved of it to resume a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlateauState {
    /// The rate.
    pub lr: f64,
    /// The best metric so far; infinitely bad at first.
    pub best: f64,
    /// The steps since then that were no better.
    pub bad: u64,
    /// The steps left in which none counts as bad.
    pub cooldown: u64,
}

/// Multiplies the rate by `factor` when the metric has been no better for more than `patience`
/// steps.
///
/// ```
/// use volta::schedule::ReduceLrOnPlateau;
///
/// let mut plateau = ReduceLrOnPlateau::new(0.5).factor(0.5).patience(1);
/// let rates = [3.0, 2.0, 2.0, 2.0, 1.0].map(|loss| plateau.step(loss));
/// assert_eq!(rates, [0.5, 0.5, 0.5, 0.25, 0.25]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReduceLrOnPlateau {
    state: PlateauState,
    mode: Mode,
    factor: f64,
    patience: u64,
    threshold: Threshold,
    cooldown: u64,
    min_lr: f64,
    eps: f64,
}

impl ReduceLrOnPlateau {
    /// From `lr` on, for a metric that should be small: a factor of 0.1, a patience of 10, a
    /// relative threshold of 1e-4, no cooldown, a lowest rate of 0 and an eps of 1e-8.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn new(lr: f64) -> Self {
        ReduceLrOnPlateau {
            state: PlateauState {
                lr: not_negative("ReduceLrOnPlateau", "learning rate", lr),
                best: f64::INFINITY,
                bad: 0,
                cooldown: 0,
            },
            mode: Mode::Min,
            factor: 0.1,
            patience: 10,
            threshold: Threshold::Rel(1e-4),
            cooldown: 0,
            min_lr: 0.0,
            eps: 1e-8,
        }
    }

    /// Which way is better. Forgets the best so far.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self.state.best = match mode {
            Mode::Min => f64::INFINITY,
            Mode::Max => f64::NEG_INFINITY,
        };
        self
    }

    /// What the rate is multiplied by.
    ///
    /// # Panics
    /// If it is not in `[0, 1)`.
    #[track_caller]
    pub fn factor(mut self, factor: f64) -> Self {
        assert!(
            (0.0..1.0).contains(&factor),
            "ReduceLrOnPlateau: a factor of {factor} is not in [0, 1)"
        );
        self.factor = factor;
        self
    }

    /// The bad steps that pass before the rate falls.
    pub fn patience(mut self, patience: u64) -> Self {
        self.patience = patience;
        self
    }

    /// How much better is better.
    pub fn threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = threshold;
        self
    }

    /// The steps after a fall in which none counts as bad.
    pub fn cooldown(mut self, cooldown: u64) -> Self {
        self.cooldown = cooldown;
        self
    }

    /// The lowest rate.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn min_lr(mut self, min_lr: f64) -> Self {
        self.min_lr = not_negative("ReduceLrOnPlateau", "lowest rate", min_lr);
        self
    }

    /// A fall by less than this does not happen.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn eps(mut self, eps: f64) -> Self {
        self.eps = not_negative("ReduceLrOnPlateau", "eps", eps);
        self
    }

    /// The rate.
    pub fn lr(&self) -> f64 {
        self.state.lr
    }

    /// Takes the next metric; gives the rate from now on. NaN is not better than anything.
    pub fn step(&mut self, metric: f64) -> f64 {
        let state = &mut self.state;
        let better = match (self.mode, self.threshold) {
            (Mode::Min, Threshold::Rel(by)) => metric < state.best * (1.0 - by),
            (Mode::Min, Threshold::Abs(by)) => metric < state.best - by,
            (Mode::Max, Threshold::Rel(by)) => metric > state.best * (1.0 + by),
            (Mode::Max, Threshold::Abs(by)) => metric > state.best + by,
        };
        if better {
            (state.best, state.bad) = (metric, 0);
        } else {
            state.bad += 1;
        }
        if state.cooldown > 0 {
            state.cooldown -= 1;
            state.bad = 0;
        }
        if state.bad > self.patience {
            let lower = (state.lr * self.factor).max(self.min_lr);
            if state.lr - lower > self.eps {
                state.lr = lower;
            }
            (state.cooldown, state.bad) = (self.cooldown, 0);
        }
        state.lr
    }

    /// What it remembers.
    pub fn state(&self) -> PlateauState {
        self.state
    }

    /// Goes on from there.
    pub fn restore(&mut self, state: PlateauState) {
        self.state = state;
    }
}
