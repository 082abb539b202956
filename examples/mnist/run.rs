//! What a run goes on from.

use volta::Error;
use volta::io::checkpoint::{Parts, Resumable};
use volta::prelude::*;

use crate::LeNet;
use crate::options::Options;
use crate::plot::EpochPoint;

pub(crate) struct Run<B: Backend> {
    pub(crate) model: LeNet<B>,
    pub(crate) optimiser: Adam<B>,
    pub(crate) rng: Rng,
    /// The digits in the order of the last epoch, from which the next one shuffles on.
    pub(crate) order: Vec<usize>,
    /// Those that are done.
    pub(crate) epochs: usize,
    pub(crate) history: Vec<EpochPoint>,
}

impl<B: Backend> Run<B> {
    pub(crate) fn new(model: LeNet<B>, digits: usize, options: &Options) -> Self {
        Run {
            model,
            optimiser: Adam::new(options.lr),
            rng: Rng::seed(options.seed).fork(),
            order: (0..digits).collect(),
            epochs: 0,
            history: Vec::new(),
        }
    }

    /// That of the last epoch.
    pub(crate) fn test_accuracy(&self) -> Option<f32> {
        let mut latest = self.history.iter().rev();
        latest.find_map(|point| point.test_accuracy)
    }
}

impl<B: Backend> Resumable for Run<B> {
    fn parts(&mut self, parts: &mut Parts) -> Result<(), Error> {
        parts.model("model", &mut self.model)?;
        parts.optimizer("optimizer", &mut self.optimiser, &self.model)?;
        parts.state("rng", &mut self.rng)?;
        parts.state("epochs", &mut self.epochs)?;

        let mut order: Vec<i64> = self.order.iter().map(|&digit| digit as i64).collect();
        parts.state("order", &mut order)?;
        self.order = order.into_iter().map(|digit| digit as usize).collect();

        let mut history: Vec<f32> = self.history.iter().flat_map(numbers).collect();
        parts.state("history", &mut history)?;
        self.history = history.as_chunks().0.iter().map(point).collect();
        Ok(())
    }
}

fn numbers(point: &EpochPoint) -> [f32; 5] {
    [
        point.step_or_epoch,
        point.train_loss,
        point.train_accuracy,
        point.test_loss.unwrap_or(f32::NAN),
        point.test_accuracy.unwrap_or(f32::NAN),
    ]
}

fn point(numbers: &[f32; 5]) -> EpochPoint {
    let there = |number: f32| (!number.is_nan()).then_some(number);
    EpochPoint {
        step_or_epoch: numbers[0],
        train_loss: numbers[1],
        train_accuracy: numbers[2],
        test_loss: there(numbers[3]),
        test_accuracy: there(numbers[4]),
    }
}
