//! Models as named tensors, and as files.

mod bytes;
mod file_dtype;
pub(crate) mod host;
#[cfg(any(feature = "data", feature = "safetensors"))]
pub(crate) mod replace;
#[cfg(feature = "safetensors")]
pub mod safetensors;
mod state;

pub use file_dtype::FileDtype;
pub use host::HostTensor;
pub use state::StateDict;
pub(crate) use state::fits;
