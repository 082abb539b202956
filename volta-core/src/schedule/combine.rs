//! Schedules made of two.

use super::Schedule;

/// One schedule, then another: see [`Schedule::then`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SequentialLr<A, B> {
    first: A,
    at: u64,
    next: B,
}

impl<A: Schedule, B: Schedule> SequentialLr<A, B> {
    /// `first` before step `at`, and `next` from there on.
    pub fn new(first: A, at: u64, next: B) -> Self {
        SequentialLr { first, at, next }
    }
}

impl<A: Schedule, B: Schedule> Schedule for SequentialLr<A, B> {
    fn lr(&self, step: u64) -> f64 {
        match step.checked_sub(self.at) {
            None => self.first.lr(step),
            Some(step) => self.next.lr(step),
        }
    }
}

/// The product of two schedules: see [`Schedule::times`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainedScheduler<A, B> {
    schedule: A,
    factor: B,
}

impl<A: Schedule, B: Schedule> ChainedScheduler<A, B> {
    /// `schedule` times `factor`.
    pub fn new(schedule: A, factor: B) -> Self {
        ChainedScheduler { schedule, factor }
    }
}

impl<A: Schedule, B: Schedule> Schedule for ChainedScheduler<A, B> {
    fn lr(&self, step: u64) -> f64 {
        self.schedule.lr(step) * self.factor.lr(step)
    }
}
