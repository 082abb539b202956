//! Tensors whose shapes are types, with autodiff worked out at compile time.

pub use volta_core::*;

/// The modules of the core as modules of this crate: the compiler then names a type by its
/// shortest path, `volta::Tensor`, and not by the module that it is defined in.
macro_rules! modules {
    ($($(#[$attribute:meta])* $module:ident $({ $($more:item)* })?)*) => { $(
        $(#[$attribute])*
        pub mod $module {
            pub use volta_core::$module::*;
            $($($more)*)?
        }
    )* };
}

modules! {
    /// What a backend does.
    backend
    /// The CPU backend.
    cpu
    /// Data sets and the formats of their files.
    #[cfg(feature = "data")]
    data
    /// The element types.
    dtype
    /// What can go wrong when a program runs.
    error
    /// Saving and loading.
    io
    /// Losses.
    loss
    /// Metrics.
    metric
    /// Modules: what a model is made of.
    nn
    /// Optimisers: from a model and its gradients to the next model.
    optim
    /// What a program that uses volta names: `use volta::prelude::*;`.
    prelude {
        #[cfg(feature = "gpu")]
        pub use volta_gpu::{Gpu, Wgpu};
    }
    /// What ops cost.
    #[cfg(feature = "profile")]
    profile
    /// Random numbers from a seed.
    random
    /// Learning-rate schedules.
    schedule
    /// Shapes as types.
    shape
    /// What a model is made of, and what it costs.
    summary
    /// Gradients.
    tape
    /// Tensors whose shapes are types.
    tensor
}

/// The GPU backend: see `docs/gpu.md`.
#[cfg(feature = "gpu")]
pub mod gpu {
    pub use volta_gpu::*;
}
#[cfg(feature = "gpu")]
pub use volta_gpu::{Gpu, Wgpu};

/// Compiles the code in README.md.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

/// Compiles the code in docs/adding-an-op.md.
#[cfg(doctest)]
#[doc = include_str!("../docs/adding-an-op.md")]
pub struct AddingAnOp;

/// Compiles the code in docs/gpu.md.
#[cfg(all(doctest, feature = "gpu"))]
#[doc = include_str!("../docs/gpu.md")]
pub struct OnAGpu;
