//! Models as named tensors, and as files.

mod state;

pub use state::{HostTensor, StateDict};
