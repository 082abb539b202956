//! Models as named tensors, and as files.

mod host;
#[cfg(feature = "safetensors")]
pub mod safetensors;
mod state;

pub use host::HostTensor;
pub use state::StateDict;
pub(crate) use state::fits;
