//! Elements between the host and a device.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use volta_core::error::DeviceError;

use crate::context::{Context, lock};
use crate::memory::{Block, class_bytes};
use crate::raw::Raw;
use crate::trap::{NOTE, WORDS};

/// What went over the bus since the device was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transfers {
    /// Tensors that went to the device.
    pub uploads: u64,
    /// Their bytes.
    pub uploaded: u64,
    /// Tensors that came back.
    pub downloads: u64,
    /// Their bytes.
    pub downloaded: u64,
}

/// Bytes of buffers for reading that are kept.
const KEPT: u64 = 256 << 20;

/// Buffers that the host reads from, kept for the next read: a fresh one of some MiB costs more
/// than the copy.
#[derive(Default)]
pub(crate) struct Staging {
    free: Vec<wgpu::Buffer>,
}

impl Staging {
    /// The smallest that is large enough.
    fn take(&mut self, bytes: u64) -> Option<wgpu::Buffer> {
        let fits = |buffer: &wgpu::Buffer| (bytes..=4 * bytes).contains(&buffer.size());
        let sizes = self.free.iter().enumerate();
        let best = sizes.filter(|(_, buffer)| fits(buffer));
        let (at, _) = best.min_by_key(|(_, buffer)| buffer.size())?;
        Some(self.free.swap_remove(at))
    }

    fn give_back(&mut self, buffer: wgpu::Buffer) {
        self.free.push(buffer);
        while self.free.iter().map(wgpu::Buffer::size).sum::<u64>() > KEPT {
            self.free.remove(0);
        }
    }

    pub(crate) fn trim(&mut self) {
        self.free.clear();
    }
}

impl Context {
    /// New memory with these bytes, whose number is a multiple of 4 but for a rest.
    pub(crate) fn upload(&self, bytes: &[u8]) -> Result<Block, DeviceError> {
        let block = self.allocate(bytes.len() as u64, true)?;
        {
            // The write comes before all commands of this batch; see `memory`.
            let pending = lock(&self.pending);
            block.used_by(pending.batch());
            let whole = bytes.len() / 4 * 4;
            self.queue.write_buffer(&block.buffer, 0, &bytes[..whole]);
            if whole < bytes.len() {
                let mut rest = [0; 4];
                rest[..bytes.len() - whole].copy_from_slice(&bytes[whole..]);
                self.queue.write_buffer(&block.buffer, whole as u64, &rest);
            }
        }
        let mut transfers = lock(&self.counters.transfers);
        transfers.uploads += 1;
        transfers.uploaded += bytes.len() as u64;
        Ok(block)
    }

    /// The bytes of a tensor whose elements lie in row-major order, from its first element on.
    pub(crate) fn download<R>(
        &self,
        raw: &Raw,
        take: impl FnOnce(&[u8]) -> R,
    ) -> Result<R, DeviceError> {
        self.fault()?;
        let size = raw.kind().size() as u64;
        let bytes = raw.numel() as u64 * size;
        // Copies start and end at words.
        let start = raw.layout().offset() as u64 * size;
        let from = start / 4 * 4;
        let len = (start + bytes).next_multiple_of(4) - from;
        let needed = NOTE + len;
        let kept = lock(&self.staging).take(needed);
        let staging = kept.unwrap_or_else(|| {
            self.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("staging"),
                size: class_bytes(needed),
                usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        });
        let submission = {
            let mut pending = lock(&self.pending);
            let batch = pending.batch();
            let source = raw.binding(self, batch);
            self.submit_with(&mut pending, |encoder| {
                // Taken in one step: no other read finds the same note.
                encoder.copy_buffer_to_buffer(&self.traps.buffer, 0, &staging, 0, NOTE);
                encoder.clear_buffer(&self.traps.buffer, 0, None);
                encoder.copy_buffer_to_buffer(source, from, &staging, NOTE, len);
            })
        };
        let first = (NOTE + start - from) as usize;
        let (note, result) = self.map(&staging, needed, submission, |view| {
            let note: [u32; WORDS] = std::array::from_fn(|k| {
                let word = &view[4 * k..4 * k + 4];
                u32::from_le_bytes(word.try_into().expect("four bytes"))
            });
            (note, take(&view[first..first + bytes as usize]))
        })?;
        let trapped = self.traps.error(note);
        lock(&self.staging).give_back(staging);
        if let Some(error) = trapped {
            return Err(error);
        }
        let mut transfers = lock(&self.counters.transfers);
        transfers.downloads += 1;
        transfers.downloaded += bytes;
        Ok(result)
    }

    /// The first bytes of a buffer that a submission writes.
    pub(crate) fn map<R>(
        &self,
        staging: &wgpu::Buffer,
        bytes: u64,
        submission: wgpu::SubmissionIndex,
        take: impl FnOnce(&[u8]) -> R,
    ) -> Result<R, DeviceError> {
        let (sender, receiver) = std::sync::mpsc::channel();
        let slice = staging.slice(..bytes);
        slice.map_async(wgpu::MapMode::Read, move |result| {
            // Nobody listens any more where the wait ended without an answer.
            let _ = sender.send(result);
        });
        self.wait_for(Some(submission));
        // The answer may be with another thread that waits, on its way to the channel.
        let mapped = loop {
            match receiver.recv_timeout(Duration::from_millis(10)) {
                Ok(mapped) => break mapped,
                Err(_) => self.fault()?,
            }
        };
        self.fault()?;
        mapped.map_err(|error| self.error_read(error.to_string()))?;
        let view = slice.get_mapped_range();
        let view = view.map_err(|error| self.error_read(error.to_string()))?;
        let result = take(&view);
        drop(view);
        staging.unmap();
        Ok(result)
    }

    fn error_read(&self, message: String) -> DeviceError {
        DeviceError::Failed {
            device: self.info.name.clone(),
            message: format!("a tensor cannot be read: {message}"),
        }
    }

    /// What was copied so far.
    pub(crate) fn transfers(&self) -> Transfers {
        *lock(&self.counters.transfers)
    }

    pub(crate) fn counts(&self) -> [u64; 2] {
        let counters = &self.counters;
        [
            counters.dispatches.load(Relaxed),
            counters.submissions.load(Relaxed),
        ]
    }
}
