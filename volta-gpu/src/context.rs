//! A device and what it keeps: memory, pipelines, and commands that wait.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use volta_core::error::DeviceError;

use crate::info::{Info, Kind};
use crate::memory::{Block, Memory, class_bytes};
use crate::pipeline::{Key, Pipeline, Pipelines};
use crate::queue::Pending;
use crate::transfer::{Staging, Transfers};
use crate::trap::Traps;

/// Everything that belongs to one opened device.
pub(crate) struct Context {
    pub(crate) info: Info,
    pub(crate) device: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    pub(crate) limits: wgpu::Limits,
    pub(crate) faults: Arc<Faults>,
    pub(crate) memory: Mutex<Memory>,
    pub(crate) pipelines: Mutex<Pipelines>,
    pub(crate) pending: Mutex<Pending>,
    pub(crate) staging: Mutex<Staging>,
    pub(crate) traps: Traps,
    pub(crate) counters: Counters,
    /// Stands for the memory of tensors without elements.
    pub(crate) nothing: wgpu::Buffer,
    pub(crate) shares: bool,
}

/// Whether a device of this kind shares workgroup memory. `VOLTA_GPU_KERNELS`, `tiled` or `direct`,
/// overrules it: tests run both variants on one device.
pub(crate) fn shares(kind: Kind) -> bool {
    match std::env::var("VOLTA_GPU_KERNELS").as_deref() {
        Ok("tiled") => true,
        Ok("direct") => false,
        _ => kind != Kind::Software,
    }
}

/// What was done so far.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) dispatches: AtomicU64,
    pub(crate) submissions: AtomicU64,
    pub(crate) transfers: Mutex<Transfers>,
}

/// What the driver reported: after either, what is on the device cannot be trusted.
#[derive(Default)]
pub(crate) struct Faults {
    any: AtomicBool,
    /// Why the device is gone.
    lost: Mutex<Option<String>>,
    /// The first command that was refused.
    refused: Mutex<Option<String>>,
}

/// A lock whose data are whole at any moment, so that a panic elsewhere leaves them usable.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Faults {
    /// The device is gone. The first reason stays.
    pub(crate) fn lose(&self, reason: String) {
        lock(&self.lost).get_or_insert(reason);
        self.any.store(true, Relaxed);
    }

    /// The driver refused a command.
    pub(crate) fn refuse(&self, message: String) {
        lock(&self.refused).get_or_insert(message);
        self.any.store(true, Relaxed);
    }
}

impl Context {
    /// Whether there is nothing to wait for any more.
    pub(crate) fn is_lost(&self) -> bool {
        self.faults.any.load(Relaxed) && lock(&self.faults.lost).is_some()
    }

    /// What keeps the device from being used.
    pub(crate) fn fault(&self) -> Result<(), DeviceError> {
        if !self.faults.any.load(Relaxed) {
            return Ok(());
        }
        let device = self.info.name.clone();
        if let Some(reason) = lock(&self.faults.lost).clone() {
            return Err(DeviceError::Lost { device, reason });
        }
        match lock(&self.faults.refused).clone() {
            Some(message) => Err(DeviceError::Failed { device, message }),
            None => Ok(()),
        }
    }

    /// Whether kernels share workgroup memory where that saves reading; a software driver, whose
    /// barriers are slow, has kernels without.
    pub(crate) fn prefers_shared(&self) -> bool {
        self.shares
    }

    /// A block for so many bytes, for an upload or not.
    pub(crate) fn allocate(&self, bytes: u64, upload: bool) -> Result<Block, DeviceError> {
        self.fault()?;
        let bytes = class_bytes(bytes).min(self.limits.max_buffer_size.max(bytes));
        let batch = upload.then(|| lock(&self.pending).batch());
        let mut memory = lock(&self.memory);
        let kept = memory.take(bytes, batch);
        if kept.is_none() && !memory.make_room(bytes) {
            return Err(self.error_out_of_memory(&memory, bytes));
        }
        let block = match kept {
            Some(block) => block,
            None => match self.create(bytes) {
                Ok(block) => block,
                Err(_) => {
                    // What is kept may be what is missing: it is free once the device is idle.
                    memory.trim();
                    drop(memory);
                    self.wait_until_idle()?;
                    memory = lock(&self.memory);
                    self.create(bytes)
                        .map_err(|()| self.error_out_of_memory(&memory, bytes))?
                }
            },
        };
        memory.hand_out(bytes);
        Ok(block)
    }

    fn error_out_of_memory(&self, memory: &Memory, bytes: u64) -> DeviceError {
        DeviceError::OutOfMemory {
            device: self.info.name.clone(),
            bytes,
            in_use: memory.stats.in_use,
            limit: memory.limit,
        }
    }

    /// New memory; the driver may have none.
    fn create(&self, bytes: u64) -> Result<Block, ()> {
        let usage = wgpu::BufferUsages::STORAGE
            | wgpu::BufferUsages::COPY_SRC
            | wgpu::BufferUsages::COPY_DST;
        let none = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let internal = self.device.push_error_scope(wgpu::ErrorFilter::Internal);
        let buffer = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: bytes,
            usage,
            mapped_at_creation: false,
        });
        let failed = [internal, none].map(|scope| pollster::block_on(scope.pop()));
        match failed.iter().any(Option::is_some) {
            true => Err(()),
            false => Ok(Block {
                buffer,
                bytes,
                batch: AtomicU64::new(0),
            }),
        }
    }

    /// The pipeline of a kernel, compiled once.
    pub(crate) fn pipeline(
        &self,
        key: Key,
        source: impl FnOnce() -> crate::source::Source,
    ) -> Result<Arc<Pipeline>, DeviceError> {
        if let Some(pipeline) = lock(&self.pipelines).get(&key) {
            return Ok(pipeline);
        }
        // Not under the lock: compiling takes long, and other threads have other kernels.
        let pipeline = Pipelines::compile(self, &key, &source())?;
        Ok(lock(&self.pipelines).insert(key, pipeline))
    }
}

/// Bind group layouts by the numbers of inputs and of buffers that are written.
pub(crate) type Layouts = HashMap<(usize, usize), wgpu::BindGroupLayout>;

#[cfg(test)]
mod tests {
    use volta_core::error::{DeviceError, Error};
    use volta_core::{Tensor, shape::D};

    use crate::{Gpu, Wgpu};

    #[test]
    fn a_device_whose_driver_refused_a_command_is_not_trusted() {
        let gpu = Gpu::builder().no_pipeline_cache().build().expect("a GPU");
        let ones = |gpu: &Gpu| Tensor::<(D<2>,), f32, Wgpu>::full_on((D,), 1.0, gpu);
        let before = ones(&gpu);
        let context = gpu.context();
        // No memory is mapped for both.
        let _ = context.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: 4,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::MAP_WRITE,
            mapped_at_creation: false,
        });
        for result in [
            before.try_to_vec().map(drop),
            ones(&gpu).status(),
            gpu.synchronize(),
            gpu.synchronize(),
        ] {
            let refused = matches!(&result, Err(Error::Device(DeviceError::Failed { .. })));
            assert!(refused, "{result:?}");
        }
        let gpu = Gpu::builder().no_pipeline_cache().build().expect("a GPU");
        assert_eq!(ones(&gpu).to_vec(), [1.0, 1.0]);
    }
}
