//! Models as named tensors, and as files.

pub(crate) mod host;
#[cfg(any(feature = "data", feature = "profile", feature = "safetensors"))]
pub(crate) mod replace;
#[cfg(feature = "safetensors")]
pub mod safetensors;
mod state;

pub use host::HostTensor;
pub use state::StateDict;
pub(crate) use state::fits;
