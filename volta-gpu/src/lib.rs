//! The wgpu backend of [volta](https://crates.io/crates/volta): tensors and models on a GPU. Use it
//! through the facade `volta` with its feature `gpu`.

mod arg_reduce;
mod backend;
mod buffer;
mod cast;
mod context;
mod conv;
mod disk;
mod elementwise;
mod format;
mod gather;
mod gemm;
mod gpu;
mod info;
mod map;
mod matmul;
mod memory;
mod nest;
mod number;
mod pipeline;
mod pool;
mod profile;
mod queue;
mod random;
mod raw;
mod reduce;
mod scan;
mod scatter;
mod softmax;
mod sort;
mod source;
mod structural;
mod team;
mod transfer;
mod trap;

pub use backend::Wgpu;
pub use buffer::Buffer;
pub use gpu::{Gpu, GpuBuilder, PowerPreference, Work};
pub use info::{Info, Kind};
pub use memory::MemoryStats;
pub use profile::KernelTime;
pub use transfer::Transfers;
