//! What the tests share: the devices, the oracle's arrays, and the checks.

mod array;
mod check;
mod model;
mod view;

pub(crate) use array::{Array, indices};
pub(crate) use check::{Case, Check, Input, case, close};
pub(crate) use model::{fill, flat};
pub(crate) use view::View;

use volta::{Backend, Cpu, Device, Float};

/// A device under test.
pub(crate) trait Target: Device {
    /// Whether it has `f64` and `i64` arithmetic.
    fn is_wide(&self) -> bool;
    /// Whether it is the one that differences are taken on.
    const REFERENCE: bool;
    /// A device that no other test reads: an index out of range is told by the next read, whoever's
    /// that is.
    fn alone() -> Self;
}

impl Target for Cpu {
    fn is_wide(&self) -> bool {
        true
    }
    const REFERENCE: bool = true;
    fn alone() -> Self {
        Cpu
    }
}

#[cfg(feature = "gpu")]
impl Target for volta::Gpu {
    fn is_wide(&self) -> bool {
        self.info().f64 && self.info().i64
    }
    const REFERENCE: bool = false;
    fn alone() -> Self {
        volta::Gpu::new().expect("a GPU, or a software driver")
    }
}

/// The device of all tests: opening one takes longer than most of them.
#[cfg(feature = "gpu")]
pub(crate) fn gpu() -> volta::Gpu {
    static GPU: std::sync::LazyLock<volta::Gpu> =
        std::sync::LazyLock::new(|| volta::Gpu::new().expect("a GPU, or a software driver"));
    GPU.clone()
}

/// The primitive of a device's backend.
pub(crate) type Prim<T, E> = <<T as Device>::Backend as Backend>::Prim<E>;

/// Tests whose bodies take a device.
macro_rules! for_every_device {
    ($($body:ident)*) => {
        for_every_device!(@ cpu, volta::Cpu; $($body)*);
        #[cfg(feature = "gpu")]
        for_every_device!(@ gpu, crate::support::gpu(); $($body)*);
    };
    (@ $name:ident, $device:expr; $($body:ident)*) => {
        mod $name {
            $(
                #[test]
                fn $body() {
                    super::$body(&$device);
                }
            )*
        }
    };
}
pub(crate) use for_every_device;

/// Elements on a device.
pub(crate) fn on<T: Target, E: volta::Dtype>(
    device: &T,
    data: Vec<E>,
    dims: &[usize],
) -> Prim<T, E> {
    <T::Backend as Backend>::from_vec(&device.device(), data, dims)
}

/// Elements of a device.
pub(crate) fn read<B: Backend, E: volta::Dtype>(x: &B::Prim<E>) -> Vec<E> {
    B::read(x).expect("the device can be read")
}

/// Random numbers in a range.
pub(crate) fn between<E: Float>(rng: &mut volta::Rng, n: usize, (low, high): (f64, f64)) -> Vec<E> {
    let unit = rng.uniform::<f64>(n).into_iter();
    unit.map(|u| E::from_f64(low + (high - low) * u)).collect()
}

/// The message of a panic.
pub(crate) fn panics<R>(f: impl FnOnce() -> R) -> String {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(f())));
    let payload = caught.expect_err("it does not panic");
    match payload.downcast_ref::<String>() {
        Some(text) => text.clone(),
        None => (*payload.downcast_ref::<&str>().expect("a message")).to_owned(),
    }
}
