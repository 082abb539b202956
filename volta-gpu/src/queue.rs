//! Commands that wait for the others of their batch.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use volta_core::error::DeviceError;

use crate::context::{Context, lock};
use crate::pipeline::{Key, Pipeline};
use crate::profile::Profile;
use crate::raw::Raw;
use crate::source::Source;

/// Commands of one submission.
pub(crate) const BATCH: usize = 32;
/// Bytes of the parameters of one batch.
pub(crate) const ARENA: u64 = 32 << 10;
/// Submissions that the device may be behind.
const BEHIND: usize = 64;
/// How long one wait for the device is, before it is asked whether it is still there.
const WAIT: Duration = Duration::from_secs(5);

/// One kernel over some operands.
pub(crate) struct Dispatch<'a> {
    pub(crate) key: Key,
    /// What is read; none of them is written.
    pub(crate) inputs: &'a [&'a Raw],
    /// What is written.
    pub(crate) outputs: &'a [&'a Raw],
    pub(crate) params: &'a [u32],
    /// Workgroups.
    pub(crate) groups: u64,
}

struct Command {
    pipeline: Arc<Pipeline>,
    bindings: wgpu::BindGroup,
    params: u32,
    groups: [u32; 2],
}

/// Commands that are not yet submitted, and the parameters of their kernels.
pub(crate) struct Pending {
    commands: Vec<Command>,
    params: Vec<u8>,
    arena: wgpu::Buffer,
    batch: u64,
    /// Submissions that may still run.
    submitted: VecDeque<wgpu::SubmissionIndex>,
    /// Where the times of kernels are added up, while they are timed.
    pub(crate) profile: Option<Profile>,
}

impl Pending {
    pub(crate) fn new(device: &wgpu::Device) -> Self {
        let arena = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("parameters"),
            size: ARENA,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Pending {
            commands: Vec::new(),
            params: Vec::new(),
            arena,
            batch: 1,
            submitted: VecDeque::new(),
            profile: None,
        }
    }

    /// The number of the batch that commands are added to.
    pub(crate) fn batch(&self) -> u64 {
        self.batch
    }
}

/// One pass with these commands.
fn encode(
    encoder: &mut wgpu::CommandEncoder,
    commands: &[Command],
    timestamp_writes: Option<wgpu::ComputePassTimestampWrites>,
) {
    if commands.is_empty() {
        return;
    }
    let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
        label: None,
        timestamp_writes,
    });
    let mut last: Option<&Arc<Pipeline>> = None;
    for command in commands {
        if !last.is_some_and(|last| Arc::ptr_eq(last, &command.pipeline)) {
            pass.set_pipeline(&command.pipeline.pipeline);
            last = Some(&command.pipeline);
        }
        pass.set_bind_group(0, &command.bindings, &[command.params]);
        pass.dispatch_workgroups(command.groups[0], command.groups[1], 1);
    }
}

impl Context {
    /// Adds a kernel to the batch, which is submitted when it is full.
    pub(crate) fn dispatch(
        &self,
        dispatch: &Dispatch,
        source: impl FnOnce() -> Source,
    ) -> Result<(), DeviceError> {
        let pipeline = self.pipeline(dispatch.key, source)?;
        let mut pending = lock(&self.pending);
        let start = pending.params.len() as u64;
        let step = u64::from(self.limits.min_uniform_buffer_offset_alignment);
        if start + pipeline.params.next_multiple_of(step) > ARENA {
            self.submit(&mut pending);
        }
        let start = pending.params.len() as u32;
        let words: &[u8] = bytemuck::cast_slice(dispatch.params);
        debug_assert!(words.len() as u64 <= pipeline.params, "{:?}", dispatch.key);
        let end = start as usize + pipeline.params.next_multiple_of(step) as usize;
        pending.params.extend_from_slice(words);
        pending.params.resize(end, 0);

        let params = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &pending.arena,
            offset: 0,
            size: wgpu::BufferSize::new(pipeline.params),
        });
        let batch = pending.batch;
        let operands = dispatch.inputs.iter().chain(dispatch.outputs);
        let operands = operands.map(|raw| raw.binding(self, batch).as_entire_binding());
        let traps = pipeline
            .traps
            .then(|| self.traps.buffer.as_entire_binding());
        let resources = std::iter::once(params).chain(operands).chain(traps);
        let entries: Vec<_> = resources
            .enumerate()
            .map(|(binding, resource)| wgpu::BindGroupEntry {
                binding: binding as u32,
                resource,
            })
            .collect();
        let bindings = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &pipeline.layout,
            entries: &entries,
        });
        drop(entries);
        let most = u64::from(self.limits.max_compute_workgroups_per_dimension);
        let rows = dispatch.groups.div_ceil(most).max(1);
        pending.commands.push(Command {
            pipeline,
            bindings,
            params: start,
            // Kernels look whether their group is one too many.
            groups: [dispatch.groups.div_ceil(rows) as u32, rows as u32],
        });
        self.counters.dispatches.fetch_add(1, Relaxed);
        if pending.commands.len() >= BATCH {
            self.submit(&mut pending);
        }
        Ok(())
    }

    /// Submits the commands that wait, and what else is to run after them.
    pub(crate) fn submit_with(
        &self,
        pending: &mut Pending,
        finish: impl FnOnce(&mut wgpu::CommandEncoder),
    ) -> wgpu::SubmissionIndex {
        if !pending.params.is_empty() {
            let arena = &pending.arena;
            self.queue.write_buffer(arena, 0, &pending.params);
        }
        let mut encoder = self
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor { label: None });
        match &pending.profile {
            None => encode(&mut encoder, &pending.commands, None),
            Some(profile) => {
                for (k, command) in pending.commands.chunks(1).enumerate() {
                    encode(&mut encoder, command, Some(profile.writes(k)));
                }
                profile.finish(&mut encoder, pending.commands.len());
            }
        }
        finish(&mut encoder);
        let index = self.queue.submit([encoder.finish()]);
        self.counters.submissions.fetch_add(1, Relaxed);
        if let Some(profile) = &mut pending.profile {
            let names: Vec<_> = pending.commands.iter().map(|c| c.pipeline.name).collect();
            profile.collect(self, index.clone(), &names);
        }
        pending.commands.clear();
        pending.params.clear();
        pending.batch += 1;
        index
    }

    /// Submits the commands that wait.
    pub(crate) fn submit(&self, pending: &mut Pending) {
        if pending.commands.is_empty() {
            return;
        }
        let index = self.submit_with(pending, |_| {});
        pending.submitted.push_back(index);
        self.poll(wgpu::PollType::Poll);
        if pending.submitted.len() > BEHIND {
            let oldest = pending.submitted.pop_front();
            self.wait_for(oldest);
        }
    }

    /// Submits what waits and waits until all of it is done.
    pub(crate) fn wait_until_idle(&self) -> Result<(), DeviceError> {
        {
            let mut pending = lock(&self.pending);
            self.submit(&mut pending);
            pending.submitted.clear();
        }
        self.wait_for(None);
        self.fault()
    }

    /// Waits for a submission, or for all; a device that is lost ends the wait.
    pub(crate) fn wait_for(&self, submission_index: Option<wgpu::SubmissionIndex>) {
        while !self.is_lost() {
            let done = self.poll(wgpu::PollType::Wait {
                submission_index: submission_index.clone(),
                timeout: Some(WAIT),
            });
            if done {
                return;
            }
        }
    }

    /// Whether what was waited for is done. A driver that loses its device may panic here.
    fn poll(&self, poll: wgpu::PollType) -> bool {
        let poll = AssertUnwindSafe(|| self.device.poll(poll));
        match catch_unwind(poll) {
            Ok(Ok(_)) => true,
            Ok(Err(wgpu::PollError::Timeout)) => false,
            Ok(Err(error)) => {
                self.faults.refuse(error.to_string());
                true
            }
            Err(_) => {
                self.faults
                    .lose("the driver failed while it was waited for".to_owned());
                true
            }
        }
    }
}
