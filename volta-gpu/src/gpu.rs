//! Opening a device.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use volta_core::Device;
use volta_core::error::{DeviceError, Error};

use crate::backend::Wgpu;
use crate::context::{self, Context, Counters, Faults, lock};
use crate::disk::DiskCache;
use crate::info::{Info, Kind, WANTED};
use crate::memory::{Memory, MemoryStats};
use crate::pipeline::Pipelines;
use crate::queue::{ARENA, Pending};
use crate::transfer::{Staging, Transfers};
use crate::trap::Traps;

/// A GPU, opened. A clone is the same device.
///
/// Tensors and models move there with `.to(&gpu)?`. Ops return at once; what went wrong on the
/// device, the next call that waits for it returns: `to_vec`, `item`, `.to(&Cpu)`, and
/// [`synchronize`](Self::synchronize).
///
/// ```no_run
/// use volta::prelude::*;
///
/// let gpu = Gpu::new()?;
/// println!("{}", gpu.info().name);
/// let x: Tensor<s![2, 3]> = Tensor::ones();
/// let x = x.to(&gpu)?;
/// assert_eq!((&x + 1.0).try_to_vec()?, [2.0; 6]);
/// # Ok::<(), volta::Error>(())
/// ```
#[derive(Clone)]
pub struct Gpu(Arc<Opened>);

struct Opened {
    context: Context,
    disk: Option<DiskCache>,
}

impl Drop for Opened {
    fn drop(&mut self) {
        let pipelines = lock(&self.context.pipelines);
        if let (Some(disk), Some(cache)) = (&self.disk, pipelines.cache()) {
            // A cache that cannot be written costs time in the next run and nothing else.
            let _ = disk.write(&cache);
        }
    }
}

impl fmt::Debug for Gpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gpu({})", self.info().name)
    }
}

impl PartialEq for Gpu {
    fn eq(&self, other: &Gpu) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Gpu {}

impl Device for Gpu {
    type Backend = Wgpu;
    fn device(&self) -> Gpu {
        self.clone()
    }
}

impl Gpu {
    /// The fastest kind of adapter there is, a software driver last.
    ///
    /// # Errors
    /// [`DeviceError::NoAdapter`] if there is none.
    pub fn new() -> Result<Gpu, Error> {
        Gpu::builder().build()
    }

    /// Says which adapter, and what it may use.
    pub fn builder() -> GpuBuilder {
        GpuBuilder::default()
    }

    /// The adapters of this machine, in the order of their numbers.
    pub fn adapters() -> Vec<Info> {
        adapters().iter().map(Info::of).collect()
    }

    /// What the device is and has.
    pub fn info(&self) -> &Info {
        &self.0.context.info
    }

    /// What its memory went through.
    pub fn memory_stats(&self) -> MemoryStats {
        lock(&self.context().memory).stats
    }

    /// Tensors may take so many bytes, with what is kept for later. A tensor beyond that is an
    /// error: [`DeviceError::OutOfMemory`].
    pub fn set_memory_limit(&self, bytes: u64) {
        lock(&self.context().memory).limit = bytes;
    }

    /// Gives memory that is kept for later back to the driver.
    pub fn trim_memory(&self) {
        lock(&self.context().memory).trim();
        lock(&self.context().staging).trim();
    }

    /// The tensors that were copied to the device and back.
    pub fn transfers(&self) -> Transfers {
        self.context().transfers()
    }

    /// Kernels run, submissions of them, and kernels compiled.
    pub fn work(&self) -> Work {
        let [dispatches, submissions] = self.context().counts();
        Work {
            dispatches,
            submissions,
            pipelines: lock(&self.context().pipelines).len() as u64,
        }
    }

    /// Waits until the device has done all that it was asked to.
    ///
    /// # Errors
    /// If the device was lost, or its driver refused a command.
    pub fn synchronize(&self) -> Result<(), Error> {
        Ok(self.context().wait_until_idle()?)
    }

    /// Gives the device up, as if it had been lost: tensors on it, and on its clones, can no longer
    /// be used, and say so.
    pub fn destroy(&self) {
        self.context().faults.lose("it was destroyed".to_owned());
        self.context().device.destroy();
    }

    pub(crate) fn context(&self) -> &Context {
        &self.0.context
    }
}

/// What a device did since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Work {
    /// Kernels that were run.
    pub dispatches: u64,
    /// Batches of them that were handed to the driver.
    pub submissions: u64,
    /// Kernels that were compiled.
    pub pipelines: u64,
}

/// Which of two adapters is preferred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PowerPreference {
    /// The one that needs less power.
    Low,
    /// The faster one.
    #[default]
    High,
}

/// Which adapter is opened, and what it may use. See [`Gpu::builder`].
#[derive(Clone, Debug, Default)]
pub struct GpuBuilder {
    name: Option<String>,
    index: Option<usize>,
    power: PowerPreference,
    memory_limit: Option<u64>,
    baseline: bool,
    cache: Cache,
}

#[derive(Clone, Debug, Default)]
enum Cache {
    #[default]
    Default,
    In(PathBuf),
    Off,
}

impl GpuBuilder {
    /// The first adapter whose name contains this, in whatever case.
    pub fn adapter(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The adapter of this number in [`Gpu::adapters`], or among those of the given name.
    pub fn index(mut self, index: usize) -> Self {
        self.index = Some(index);
        self
    }

    /// What is preferred where neither name nor number says it.
    pub fn power_preference(mut self, power: PowerPreference) -> Self {
        self.power = power;
        self
    }

    /// The most bytes of tensors and of memory kept for later. The default is no limit but the
    /// device's own, and on a software driver, which would take all of main memory, 8 GiB.
    pub fn memory_limit(mut self, bytes: u64) -> Self {
        self.memory_limit = Some(bytes);
        self
    }

    /// Uses nothing that not every adapter has, which is neither `f64` nor `i64` nor subgroups: to
    /// try a program for smaller devices.
    pub fn baseline(mut self) -> Self {
        self.baseline = true;
        self
    }

    /// The folder where compiled kernels are kept for the next run. The default is `volta` in the
    /// user's folder for caches.
    pub fn pipeline_cache(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache = Cache::In(folder.into());
        self
    }

    /// Keeps no compiled kernels on disk.
    pub fn no_pipeline_cache(mut self) -> Self {
        self.cache = Cache::Off;
        self
    }

    /// Opens the device.
    ///
    /// # Errors
    /// [`DeviceError::NoAdapter`] if there is none of that name or number, with those that there
    /// are; [`DeviceError::Failed`] if its driver does not open it.
    pub fn build(self) -> Result<Gpu, Error> {
        let adapter = self.choose(adapters())?;
        Ok(self.open(&adapter)?)
    }

    fn choose(&self, all: Vec<wgpu::Adapter>) -> Result<wgpu::Adapter, DeviceError> {
        let infos: Vec<Info> = all.iter().map(Info::of).collect();
        match pick(&infos, self.name.as_deref(), self.index, self.power) {
            Some(at) => Ok(all.into_iter().nth(at).expect("one of them")),
            None => Err(DeviceError::NoAdapter {
                wanted: self.wanted(),
                seen: infos.iter().map(Info::line).collect(),
            }),
        }
    }

    /// What was asked for, in words.
    fn wanted(&self) -> String {
        match (&self.name, self.index) {
            (Some(name), Some(index)) => format!("adapter {index} of those named `{name}`"),
            (Some(name), None) => format!("an adapter named `{name}`"),
            (None, Some(index)) => format!("adapter {index}"),
            (None, None) => "an adapter".to_owned(),
        }
    }

    fn open(&self, adapter: &wgpu::Adapter) -> Result<Gpu, DeviceError> {
        let mut features = adapter.features() & WANTED;
        if self.baseline {
            features &= wgpu::Features::PIPELINE_CACHE;
        }
        let info = Info::with(adapter, features);
        let limits = adapter.limits();
        let request = adapter.request_device(&wgpu::DeviceDescriptor {
            label: Some("volta"),
            required_features: features,
            required_limits: limits.clone(),
            experimental_features: wgpu::ExperimentalFeatures::disabled(),
            memory_hints: wgpu::MemoryHints::Performance,
            trace: wgpu::Trace::Off,
        });
        let (device, queue) = pollster::block_on(request).map_err(|error| DeviceError::Failed {
            device: info.name.clone(),
            message: format!("it does not open: {error}"),
        })?;
        let faults = Arc::new(Faults::default());
        let on_error = faults.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            on_error.refuse(error.to_string());
        }));
        let on_loss = faults.clone();
        device.set_device_lost_callback(move |reason, message| {
            on_loss.lose(match message.is_empty() {
                true => format!("{reason:?}"),
                false => message,
            });
        });
        let disk = match &self.cache {
            _ if !info.pipeline_cache => None,
            Cache::Default => DiskCache::default_for(&adapter.get_info()),
            Cache::In(folder) => DiskCache::within(folder, &adapter.get_info()),
            Cache::Off => None,
        };
        let shares = context::shares(info.kind);
        let cache = disk.as_ref().map(|disk| disk.read(&device));
        let limit = self.memory_limit.unwrap_or(match info.kind {
            Kind::Software => 8 << 30,
            _ => u64::MAX,
        });
        debug_assert!(limits.max_uniform_buffer_binding_size >= ARENA);
        let nothing = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("nothing"),
            size: 16,
            usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC,
            mapped_at_creation: false,
        });
        let context = Context {
            traps: Traps::new(&device),
            pending: Mutex::new(Pending::new(&device)),
            memory: Mutex::new(Memory::new(limit)),
            pipelines: Mutex::new(Pipelines::new(cache)),
            staging: Mutex::new(Staging::default()),
            counters: Counters::default(),
            info,
            device,
            queue,
            limits,
            faults,
            nothing,
            shares,
        };
        Ok(Gpu(Arc::new(Opened { context, disk })))
    }
}

/// The adapters of the native interfaces; the older ones compute integers wrongly.
fn adapters() -> Vec<wgpu::Adapter> {
    let backends = wgpu::Backends::VULKAN | wgpu::Backends::METAL | wgpu::Backends::DX12;
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends,
        flags: wgpu::InstanceFlags::from_build_config().with_env(),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    pollster::block_on(instance.enumerate_adapters(backends))
}

/// The number of the adapter that is asked for.
fn pick(
    infos: &[Info],
    name: Option<&str>,
    index: Option<usize>,
    power: PowerPreference,
) -> Option<usize> {
    let has_name = |info: &Info| {
        name.is_none_or(|name| info.name.to_lowercase().contains(&name.to_lowercase()))
    };
    let mut named = (0..infos.len()).filter(|&at| has_name(&infos[at]));
    if let Some(index) = index {
        return named.nth(index);
    }
    let rank = |at: &usize| match (power, infos[*at].kind) {
        (PowerPreference::Low, Kind::Discrete) => Kind::Integrated as u8,
        (PowerPreference::Low, Kind::Integrated) => Kind::Discrete as u8,
        (_, kind) => kind as u8,
    };
    named.min_by_key(rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(name: &str, kind: Kind) -> Info {
        Info {
            name: name.to_owned(),
            kind,
            ..Info::nameless()
        }
    }

    #[test]
    fn adapters_are_chosen_by_name_number_and_kind() {
        let all = [
            info("llvmpipe", Kind::Software),
            info("Intel Iris", Kind::Integrated),
            info("NVIDIA A", Kind::Discrete),
            info("NVIDIA B", Kind::Discrete),
        ];
        let high = PowerPreference::High;
        assert_eq!(pick(&all, None, None, high), Some(2));
        assert_eq!(pick(&all, None, None, PowerPreference::Low), Some(1));
        assert_eq!(pick(&all, Some("nvidia"), Some(1), high), Some(3));
        assert_eq!(pick(&all, None, Some(0), high), Some(0));
        assert_eq!(pick(&all, Some("radeon"), None, high), None);
        assert_eq!(pick(&all, None, Some(4), high), None);
        assert_eq!(pick(&[], None, None, high), None);
    }
}
