//! Indices that kernels find out of range: a kernel cannot panic, so it leaves a note, which comes
//! along with the next read.

use std::sync::Mutex;

use volta_core::error::DeviceError;

use crate::context::lock;

/// Words of the note: the number of the op, the place of the index, the index in two, and what it
/// has to be below.
pub(crate) const WORDS: usize = 5;
/// Its bytes.
pub(crate) const NOTE: u64 = 4 * WORDS as u64;

pub(crate) struct Traps {
    pub(crate) buffer: wgpu::Buffer,
    /// What the numbers of ops stand for.
    ops: Mutex<Vec<&'static str>>,
}

impl Traps {
    pub(crate) fn new(device: &wgpu::Device) -> Self {
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("traps"),
            size: NOTE,
            usage: wgpu::BufferUsages::STORAGE
                | wgpu::BufferUsages::COPY_SRC
                | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Traps {
            buffer,
            ops: Mutex::new(Vec::new()),
        }
    }

    /// The number of an op: `param(0)` of its kernel.
    pub(crate) fn number(&self, op: &'static str) -> u32 {
        let mut ops = lock(&self.ops);
        let known = ops.iter().position(|known| *known == op);
        let at = known.unwrap_or_else(|| {
            ops.push(op);
            ops.len() - 1
        });
        at as u32 + 1
    }

    /// What a note says.
    pub(crate) fn error(&self, note: [u32; WORDS]) -> Option<DeviceError> {
        let [number, place, low, high, size] = note;
        let at = (number as usize).checked_sub(1)?;
        let op = *lock(&self.ops).get(at)?;
        Some(DeviceError::Index {
            op,
            place: place as usize,
            index: (u64::from(high) << 32 | u64::from(low)) as i64,
            size: size as usize,
        })
    }
}
