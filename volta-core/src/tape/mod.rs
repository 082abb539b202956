//! Reverse-mode differentiation: a tape that is itself a backend.

mod arena;
mod backward;
mod check;
mod derivatives;
mod record;
mod rows;
mod taped;
mod transform;

pub use backward::Gradients;
pub use check::{GradcheckError, GradcheckReport, gradcheck, gradcheck_with};
pub(crate) use derivatives::sum_to;
pub use record::{Taped, Tracked};
pub(crate) use rows::scan_places;
pub use transform::{Loss, Traced, grad, value_and_grad, value_and_grad_aux, vjp};
#[doc(hidden)]
pub use transform::{LossDtype, LossShape, LossTensor, OnTape};
