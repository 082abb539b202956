//! How long kernels take, by the device's own clock.

use std::collections::BTreeMap;
use std::time::Duration;

use volta_core::error::{DeviceError, Error};

use crate::context::{Context, lock};
use crate::gpu::Gpu;
use crate::queue::BATCH;

/// The runs of one kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KernelTime {
    /// The op that it belongs to: `"conv2d"`, `"add"`.
    pub name: &'static str,
    /// How often it ran.
    pub runs: u64,
    /// How long all of its runs took.
    pub total: Duration,
}

/// Bytes of one time.
const TIME: u64 = 8;

/// Times of the commands of one batch, and their sums.
pub(crate) struct Profile {
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    staging: wgpu::Buffer,
    /// Nanoseconds of one tick.
    period: f64,
    sums: BTreeMap<&'static str, (u64, u64)>,
}

impl Profile {
    fn new(context: &Context) -> Profile {
        let count = 2 * BATCH as u32;
        let buffer = |usage| {
            context.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("times"),
                size: u64::from(count) * TIME,
                usage,
                mapped_at_creation: false,
            })
        };
        Profile {
            queries: context.device.create_query_set(&wgpu::QuerySetDescriptor {
                label: None,
                ty: wgpu::QueryType::Timestamp,
                count,
            }),
            resolved: buffer(wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC),
            staging: buffer(wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST),
            period: f64::from(context.queue.get_timestamp_period()),
            sums: BTreeMap::new(),
        }
    }

    /// Where the pass of command `k` of a batch writes when it began and ended.
    pub(crate) fn writes(&self, k: usize) -> wgpu::ComputePassTimestampWrites<'_> {
        wgpu::ComputePassTimestampWrites {
            query_set: &self.queries,
            beginning_of_pass_write_index: Some(2 * k as u32),
            end_of_pass_write_index: Some(2 * k as u32 + 1),
        }
    }

    /// Copies the times of a batch of `commands` to where the host can read them.
    pub(crate) fn finish(&self, encoder: &mut wgpu::CommandEncoder, commands: usize) {
        let count = 2 * commands as u32;
        encoder.resolve_query_set(&self.queries, 0..count, &self.resolved, 0);
        let bytes = u64::from(count) * TIME;
        encoder.copy_buffer_to_buffer(&self.resolved, 0, &self.staging, 0, bytes);
    }

    /// Adds the times of a batch that has been submitted.
    pub(crate) fn collect(
        &mut self,
        context: &Context,
        submission: wgpu::SubmissionIndex,
        names: &[&'static str],
    ) {
        let bytes = 2 * names.len() as u64 * TIME;
        let Ok(times) = context.map(&self.staging, bytes, submission, |bytes| {
            let times = bytes.chunks_exact(TIME as usize);
            let times = times.map(|time| u64::from_le_bytes(time.try_into().expect("8 bytes")));
            times.collect::<Vec<u64>>()
        }) else {
            // The device is lost, which the next call that waits says.
            return;
        };
        for (name, ends) in names.iter().zip(times.chunks_exact(2)) {
            let sum = self.sums.entry(name).or_default();
            sum.0 += 1;
            sum.1 += ends[1].saturating_sub(ends[0]);
        }
    }

    fn times(self) -> Vec<KernelTime> {
        let of = |(name, (runs, ticks)): (&'static str, (u64, u64))| KernelTime {
            name,
            runs,
            total: Duration::from_nanos((ticks as f64 * self.period) as u64),
        };
        let mut times: Vec<_> = self.sums.into_iter().map(of).collect();
        times.sort_by_key(|time| std::cmp::Reverse(time.total));
        times
    }
}

/// Ends the timing, after a panic too.
struct Timing<'a>(&'a Context);

impl Drop for Timing<'_> {
    fn drop(&mut self) {
        lock(&self.0.pending).profile = None;
    }
}

impl Gpu {
    /// Runs `f`, and says how long each kernel took that it ran on this device, the longest first.
    ///
    /// Kernels do not overlap while they are timed, so that `f` takes longer than otherwise.
    ///
    /// # Errors
    /// If the device keeps no time ([`Info::timestamps`](crate::Info::timestamps)), or fails.
    ///
    /// ```no_run
    /// use volta::prelude::*;
    ///
    /// let gpu = Gpu::new()?;
    /// let x: Tensor<s![512, 512], f32, Wgpu> = Tensor::full_on(Default::default(), 1.0, &gpu);
    /// let (_, times) = gpu.profile(|| x.matmul(&x).relu())?;
    /// for kernel in times {
    ///     println!("{:<12} {:>5} {:?}", kernel.name, kernel.runs, kernel.total);
    /// }
    /// # Ok::<(), volta::Error>(())
    /// ```
    pub fn profile<R>(&self, f: impl FnOnce() -> R) -> Result<(R, Vec<KernelTime>), Error> {
        let context = self.context();
        if !context.info.timestamps {
            return Err(Error::Device(DeviceError::Unsupported {
                device: context.info.name.clone(),
                what: "clock for kernels".to_owned(),
            }));
        }
        context.wait_until_idle()?;
        lock(&context.pending).profile = Some(Profile::new(context));
        let timing = Timing(context);
        let result = f();
        context.wait_until_idle()?;
        let profile = lock(&context.pending).profile.take();
        drop(timing);
        let times = profile.map(Profile::times).unwrap_or_default();
        Ok((result, times))
    }
}
