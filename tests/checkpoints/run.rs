//! A small run with everything that a run may have.

use std::fs;
use std::path::PathBuf;

use volta::Error;
use volta::data::{DataLoader, Position, TensorDataset};
use volta::io::checkpoint::{Checkpoints, Parts, Resumable};
use volta::optim::Ema;
use volta::prelude::*;
use volta::schedule::{LinearLr, ReduceLrOnPlateau};

use super::shared;
pub(crate) use super::shared::files;

dims! {
    pub(crate) Batch
}

#[derive(Module)]
pub(crate) struct Net<const H: usize, B: Backend = Cpu> {
    fc1: Linear<6, H, B>,
    norm: BatchNorm1d<H, B>,
    #[module(init = Dropout::new(0.3, rng))]
    drop1: Dropout,
    fc2: Linear<H, H, B>,
    #[module(init = AlphaDropout::new(0.1, rng))]
    drop2: AlphaDropout,
    fc3: Linear<H, 1, B>,
}

impl<const H: usize, B: Backend> Net<H, B> {
    fn forward<N: Dim>(&self, x: &Tensor<s![N, 6], f32, B>) -> Tensor<s![N, 1], f32, B> {
        let x = self
            .drop1
            .forward(&self.norm.forward(&self.fc1.forward(x)).relu());
        let x = self.drop2.forward(&self.fc2.forward(&x).selu());
        self.fc3.forward(&x)
    }
}

pub(crate) struct Run<const H: usize> {
    pub(crate) model: Net<H>,
    pub(crate) average: Ema<Net<H>>,
    pub(crate) optimizer: Adam,
    pub(crate) plateau: ReduceLrOnPlateau,
    pub(crate) rng: Rng,
    pub(crate) position: Position,
    pub(crate) step: u64,
    pub(crate) losses: Vec<f32>,
}

impl<const H: usize> Resumable for Run<H> {
    fn parts(&mut self, parts: &mut Parts) -> Result<(), Error> {
        parts.model("model", &mut self.model)?;
        parts.state("average", &mut self.average)?;
        parts.optimizer("optimizer", &mut self.optimizer, &self.model)?;
        parts.state("plateau", &mut self.plateau)?;
        parts.state("rng", &mut self.rng)?;
        parts.state("position", &mut self.position)?;
        parts.state("step", &mut self.step)?;
        parts.state("losses", &mut self.losses)
    }
}

impl<const H: usize> Run<H> {
    /// Of weights that depend on the seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::seed(seed);
        let model = Net::init(&mut rng);
        Run {
            average: Ema::new(&model, 0.9),
            model,
            optimizer: Adam::new(0.01),
            plateau: ReduceLrOnPlateau::new(0.01)
                .factor(0.5)
                .patience(0)
                .threshold(volta::schedule::Threshold::Rel(0.1)),
            rng,
            position: Position::default(),
            step: 0,
            losses: Vec::new(),
        }
    }

    /// Trains up to a step, and looks on after each.
    pub(crate) fn train(&mut self, until: u64, mut after: impl FnMut(&mut Self)) {
        let mut rng = Rng::seed(99);
        let x: Tensor<s![30, 6]> = Tensor::randn(&mut rng);
        let y: Tensor<s![30, 1]> = x.narrow::<1, 0, 1>();
        let loader = DataLoader::new(TensorDataset::new((x, y)).unwrap(), Batch(8))
            .shuffle(3)
            .workers(1);
        let warmup = LinearLr::new(1.0).total_iters(20);
        while self.step < until {
            let mut batches = loader.resume(self.position);
            while self.step < until {
                let Some(batch) = batches.next() else { break };
                let (x, y): (Tensor<s![Batch, 6]>, Tensor<s![Batch, 1]>) = batch.unwrap();
                // Noise from the stream of the run, beside those of the dropouts.
                let noise = Tensor::from_vec_with(x.shape(), self.rng.normal(x.numel())).unwrap();
                let x = x + noise * 0.1;
                self.optimizer
                    .set_lr(warmup.lr(self.step) * self.plateau.lr());
                let (loss, grads) =
                    value_and_grad(&self.model, |m| m.forward(&x.lift()).mse_loss(&y));
                self.optimizer.step(&mut self.model, &grads);
                self.average.update(&self.model);
                self.losses.push(loss.item());
                self.position = batches.position();
                self.step += 1;
                if self.position.batch == 0 {
                    let epoch = &self.losses[self.losses.len() - loader.len()..];
                    self.plateau.step(f64::from(epoch.iter().sum::<f32>()));
                }
                after(self);
            }
        }
    }

    /// What it has come to, as the bytes of its checkpoint.
    pub(crate) fn bytes(&mut self, name: &str) -> Vec<u8> {
        let mut checkpoints = Checkpoints::open(empty(name)).unwrap();
        checkpoints.save(self.step, &[], self).unwrap();
        fs::read(checkpoints.path(self.step)).unwrap()
    }
}

/// A folder of this test's own that is not there yet.
pub(crate) fn empty(name: &str) -> PathBuf {
    let folder = shared::folder(name);
    fs::remove_dir(&folder).unwrap();
    folder
}

/// A number as a run.
pub(crate) fn counter(count: &mut u64) -> impl Resumable {
    move |parts: &mut Parts| parts.state("count", count)
}
