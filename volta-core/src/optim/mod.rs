//! Optimisers: from a model and its gradients to the next model.
//!
//! ```
//! use volta::prelude::*;
//!
//! let mut rng = Rng::seed(0);
//! let mut model: Linear<3, 1> = Linear::init(&mut rng);
//! let x: Tensor<s![8, 3]> = Tensor::randn(&mut rng);
//! let y: Tensor<s![8, 1]> = Tensor::randn(&mut rng);
//! let mut opt = Adam::new(0.1);
//! let mut losses = vec![];
//! for _ in 0..5 {
//!     let (loss, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).mse_loss(&y));
//!     opt.step(&mut model, &grads);
//!     losses.push(loss.item());
//! }
//! assert!(losses[4] < losses[0]);
//! ```
//!
//! The gradients are a value of the model's type, so that those of another model do not compile.
//! Frozen parameters are left alone. What an optimiser keeps of each parameter it keeps in the
//! order of visiting: one optimiser serves one model. To resume a run, save its `state_dict` beside
//! the model's, or all of a run with `volta::io::checkpoint`:
//!
//! ```
//! use volta::prelude::*;
//!
//! let mut model: Linear<3, 1> = Linear::init(&mut Rng::seed(0));
//! let grads = model.clone();
//! let mut opt = AdamW::new(0.1);
//! opt.step(&mut model, &grads);
//!
//! let mut resumed = AdamW::new(0.1);
//! resumed.load_state_dict(&model, &opt.state_dict())?;
//! let mut other = model.clone();
//! opt.step(&mut model, &grads);
//! resumed.step(&mut other, &grads);
//! assert_eq!(other.state_dict(), model.state_dict());
//! # Ok::<(), volta::Error>(())
//! ```
//!
//! Between the gradients and the step stand [`clip_grad_norm`], [`clip_grad_value`] and
//! [`accumulate`]; after it, [`Ema`]. Learning rates come from [`schedule`](crate::schedule).

mod accumulate;
mod adagrad;
mod adam;
mod clip;
mod ema;
mod group;
mod keys;
mod lbfgs;
mod lion;
mod muon;
mod rmsprop;
mod saved;
mod sgd;
mod shared;
mod slots;

pub use accumulate::accumulate;
pub use adagrad::Adagrad;
pub use adam::{Adam, AdamW};
pub use clip::{clip_grad_norm, clip_grad_value};
pub use ema::Ema;
pub use group::Group;
pub use lbfgs::{Lbfgs, LineSearch};
pub use lion::Lion;
pub use muon::{Muon, MuonRate};
pub use rmsprop::RmsProp;
pub use saved::OptimizerState;
pub use sgd::Sgd;

/// A setting that has to be 0 or more.
#[track_caller]
fn not_negative(optimiser: &str, what: &str, value: f64) -> f64 {
    assert!(
        value >= 0.0,
        "{optimiser}: a {what} of {value} is not 0 or more"
    );
    value
}
