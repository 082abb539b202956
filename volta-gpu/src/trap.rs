//! Indices that kernels find out of range: a kernel cannot panic, so it leaves a note, which comes
//! along with the next read.

use std::sync::Mutex;

use volta_core::error::DeviceError;

use crate::context::lock;

/// Bytes of the note: the number of the op, the place of the index, and the index.
pub(crate) const NOTE: u64 = 16;

pub(crate) struct Traps {
    pub(crate) buffer: wgpu::Buffer,
    /// What the numbers of ops stand for, and the size that their indices have to be below.
    ops: Mutex<Vec<(&'static str, usize)>>,
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

    /// The number of an op whose indices are below `size`: `param(0)` of its kernel.
    pub(crate) fn number(&self, op: &'static str, size: usize) -> u32 {
        let mut ops = lock(&self.ops);
        let known = ops.iter().position(|known| *known == (op, size));
        let at = known.unwrap_or_else(|| {
            ops.push((op, size));
            ops.len() - 1
        });
        at as u32 + 1
    }

    /// What a note says.
    pub(crate) fn error(&self, note: [u32; 4]) -> Option<DeviceError> {
        let [number, place, low, high] = note;
        let at = (number as usize).checked_sub(1)?;
        let (op, size) = *lock(&self.ops).get(at)?;
        Some(DeviceError::Index {
            op,
            place: place as usize,
            index: (u64::from(high) << 32 | u64::from(low)) as i64,
            size,
        })
    }
}
