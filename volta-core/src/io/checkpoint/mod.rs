//! Checkpoints: all that a run goes on from, in one file.
//!
//! ```
//! use volta::io::checkpoint::{Checkpoints, Parts, Resumable};
//! use volta::prelude::*;
//! use volta::schedule::Mode;
//! use volta::Error;
//!
//! struct Run {
//!     model: (Linear<3, 8>, Dropout, Linear<8, 1>),
//!     optimizer: Adam,
//!     rng: Rng,
//!     step: u64,
//! }
//!
//! impl Resumable for Run {
//!     fn parts(&mut self, parts: &mut Parts) -> Result<(), Error> {
//!         parts.model("model", &mut self.model)?;
//!         parts.optimizer("optimizer", &mut self.optimizer, &self.model)?;
//!         parts.state("rng", &mut self.rng)?;
//!         parts.state("step", &mut self.step)
//!     }
//! }
//!
//! let mut rng = Rng::seed(0);
//! let model = (Linear::init(&mut rng), Dropout::new(0.1, &mut rng), Linear::init(&mut rng));
//! let mut run = Run { model, optimizer: Adam::new(1e-3), rng, step: 0 };
//!
//! # let folder = std::env::temp_dir().join(format!("volta-run-{}", std::process::id()));
//! let mut checkpoints = Checkpoints::open(&folder)?.keep_last(3).keep_best("loss", Mode::Min);
//! if let Some(saved) = checkpoints.latest()? {
//!     saved.load(&mut run)?;
//! }
//! while run.step < 5 {
//!     let x: Tensor<s![4, 3]> = Tensor::randn(&mut run.rng);
//!     let (loss, grads) = value_and_grad(&run.model, |m| m.forward(&x.lift()).square().mean());
//!     run.optimizer.step(&mut run.model, &grads);
//!     run.step += 1;
//!     checkpoints.save(run.step, &[("loss", loss.item().into())], &mut run)?;
//! }
//! assert_eq!(checkpoints.latest()?.unwrap().step(), 5);
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok::<(), Error>(())
//! ```
//!
//! A run says [once](Resumable::parts) what it consists of; the same list saves it and loads it. A
//! run that was killed at whatever moment goes on from its last checkpoint to the results of one
//! that was not, bit for bit.
//!
//! A part is a [model](Parts::model) with the random streams of its dropouts, an
//! [optimiser](Parts::optimizer) with its learning rate, or [anything](Parts::state) that is
//! [`Stateful`]: an [`Rng`](crate::Rng), the `Position` of a loader, an [`Ema`](crate::optim::Ema),
//! a [`ReduceLrOnPlateau`](crate::schedule::ReduceLrOnPlateau), numbers and texts. What the program
//! says is not in it: settings other than the learning rate, train and eval mode, what is frozen.
//!
//! # The file
//!
//! `step-0000000170.safetensors`: a [safetensors](super::safetensors) file whose tensors have the
//! part's name in front, as in `model.fc1.weight`, and whose notes hold what is no tensor, as in
//! `rng` or `model.drop`. The notes `checkpoint.*` are the step, the metrics and a CRC-32 of the
//! rest. It is written beside, and gets its name when it is on the disk, so that a checkpoint is
//! whole or absent; whatever cannot be written is an [`Error`](crate::Error) that names the path,
//! and leaves the checkpoints before it.

mod file;
mod folder;
mod one;
mod parts;
mod stateful;
mod streams;
mod trouble;

pub use folder::Checkpoints;
pub use one::Checkpoint;
pub use parts::{Parts, Resumable};
pub use stateful::Stateful;
pub use trouble::CheckpointTrouble;
