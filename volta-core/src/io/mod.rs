//! Models as named tensors, and as files.

mod bytes;
#[cfg(feature = "safetensors")]
pub mod checkpoint;
mod file_dtype;
pub(crate) mod host;
mod key_map;
mod load;
#[cfg(feature = "pytorch")]
pub mod pytorch;
#[cfg(any(feature = "data", feature = "profile", feature = "safetensors"))]
pub(crate) mod replace;
#[cfg(feature = "safetensors")]
pub mod safetensors;
mod state;
pub(crate) mod strided;

pub use file_dtype::FileDtype;
pub use host::HostTensor;
pub use key_map::{KeyMap, KeyMapTrouble};
pub(crate) use load::load;
pub use load::{CastTensor, LoadOptions, LoadReport, MisShaped};
pub use state::StateDict;
pub(crate) use state::{fits, join};
