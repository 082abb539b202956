//! A caching allocator of device memory, by size class.
//!
//! Work on one queue runs in order, so that a block may have its next tensor while commands that
//! use the last one still wait. An upload is the exception: it overtakes the commands that are not
//! yet submitted, and takes a block that none of them uses.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What the memory of a device went through since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryStats {
    /// Blocks handed out.
    pub allocations: u64,
    /// Those of them that had been used before.
    pub reused: u64,
    /// Bytes in use by tensors.
    pub in_use: u64,
    /// Bytes kept for later.
    pub cached: u64,
    /// The most bytes that were in use at one time.
    pub peak: u64,
}

/// The smallest block.
const SMALLEST: u64 = 256;
/// Size classes of one doubling: at most an eighth is lost.
const STEPS: u64 = 8;

/// The bytes of the block for so many.
pub(crate) fn class_bytes(bytes: u64) -> u64 {
    let bytes = bytes.max(SMALLEST);
    let step = (1 << (bytes - 1).ilog2()) / STEPS;
    bytes.next_multiple_of(step.max(SMALLEST / STEPS))
}

/// Memory of a device.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) buffer: wgpu::Buffer,
    pub(crate) bytes: u64,
    /// The last batch with a command that uses it.
    pub(crate) batch: AtomicU64,
}

impl Block {
    pub(crate) fn used_by(&self, batch: u64) {
        self.batch.store(batch, Relaxed);
    }
}

/// The blocks that no tensor uses.
#[derive(Debug)]
pub(crate) struct Memory {
    bins: BTreeMap<u64, VecDeque<Block>>,
    pub(crate) limit: u64,
    pub(crate) stats: MemoryStats,
}

impl Memory {
    pub(crate) fn new(limit: u64) -> Self {
        Memory {
            bins: BTreeMap::new(),
            limit,
            stats: MemoryStats::default(),
        }
    }

    /// A block of this class: for an upload one that no command of `batch` uses.
    pub(crate) fn take(&mut self, bytes: u64, upload: Option<u64>) -> Option<Block> {
        let bin = self.bins.get_mut(&bytes)?;
        let block = match upload {
            None => bin.pop_back()?,
            Some(batch) => {
                let free = bin
                    .iter()
                    .position(|block| block.batch.load(Relaxed) != batch)?;
                bin.remove(free)?
            }
        };
        self.stats.cached -= bytes;
        self.stats.reused += 1;
        Some(block)
    }

    /// Counts a block handed out.
    pub(crate) fn hand_out(&mut self, bytes: u64) {
        self.stats.allocations += 1;
        self.stats.in_use += bytes;
        self.stats.peak = self.stats.peak.max(self.stats.in_use);
    }

    /// Whether another block of so many bytes is within the limit, once what is kept is given up.
    pub(crate) fn make_room(&mut self, bytes: u64) -> bool {
        let free = |memory: &Memory| {
            let taken = memory.stats.in_use + memory.stats.cached;
            memory.limit.saturating_sub(taken) >= bytes
        };
        while !free(self) {
            let Some(largest) = self.bins.keys().next_back().copied() else {
                return false;
            };
            let bin = self.bins.get_mut(&largest).expect("a key");
            if bin.pop_front().is_some() {
                self.stats.cached -= largest;
            }
            if bin.is_empty() {
                self.bins.remove(&largest);
            }
        }
        true
    }

    /// Takes a block back.
    pub(crate) fn give_back(&mut self, block: Block) {
        self.stats.in_use -= block.bytes;
        self.stats.cached += block.bytes;
        self.bins.entry(block.bytes).or_default().push_back(block);
    }

    /// Gives up all that is kept.
    pub(crate) fn trim(&mut self) {
        self.bins.clear();
        self.stats.cached = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_lose_at_most_an_eighth() {
        let mut last = 0;
        for bytes in (1..5000).chain((1 << 20)..(1 << 20) + 5000) {
            let class = class_bytes(bytes);
            assert!(class >= bytes && class.is_multiple_of(4) && class >= last);
            assert!(bytes < SMALLEST || class - bytes <= bytes.div_ceil(STEPS));
            assert_eq!(class_bytes(class), class);
            last = class;
        }
    }
}
