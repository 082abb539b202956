//! Models as named tensors, and as files.

mod bytes;
mod file_dtype;
pub(crate) mod host;
#[cfg(feature = "pytorch")]
pub mod pytorch;
#[cfg(any(feature = "data", feature = "safetensors"))]
pub(crate) mod replace;
#[cfg(feature = "safetensors")]
pub mod safetensors;
mod state;
#[cfg(any(feature = "data", feature = "pytorch"))]
pub(crate) mod strided;

pub use file_dtype::FileDtype;
pub use host::HostTensor;
pub use state::StateDict;
pub(crate) use state::fits;
