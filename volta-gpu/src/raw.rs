//! Tensors on a device without types: memory, where the elements lie in it, and their name.

use std::sync::Arc;

use volta_core::DtypeKind;
use volta_core::error::DeviceError;
use volta_core::layout::Layout;

use crate::context::{Context, lock};
use crate::gpu::Gpu;
use crate::memory::Block;

/// Memory that tensors share, or why there is none.
pub(crate) struct Storage {
    gpu: Gpu,
    /// `None` where there are no elements.
    block: Result<Option<Block>, DeviceError>,
}

impl Drop for Storage {
    fn drop(&mut self) {
        if let Ok(Some(block)) = std::mem::replace(&mut self.block, Ok(None)) {
            lock(&self.gpu.context().memory).give_back(block);
        }
    }
}

/// A tensor whose element type and sizes are known at run time.
#[derive(Clone)]
pub(crate) struct Raw {
    storage: Arc<Storage>,
    layout: Layout,
    kind: DtypeKind,
}

impl Raw {
    /// Unwritten memory for elements in row-major order.
    pub(crate) fn new(gpu: &Gpu, kind: DtypeKind, dims: &[usize]) -> Raw {
        let context = gpu.context();
        let block = check(context, kind, dims).and_then(|bytes| match bytes {
            0 => Ok(None),
            bytes => context.allocate(bytes, false).map(Some),
        });
        Raw::of(gpu, kind, dims, block)
    }

    /// These elements, in row-major order.
    pub(crate) fn upload(gpu: &Gpu, kind: DtypeKind, dims: &[usize], bytes: &[u8]) -> Raw {
        let context = gpu.context();
        let block = check(context, kind, dims).and_then(|needed| {
            assert_eq!(needed, bytes.len() as u64, "bytes of {dims:?}");
            match bytes.is_empty() {
                true => Ok(None),
                false => context.upload(bytes).map(Some),
            }
        });
        Raw::of(gpu, kind, dims, block)
    }

    /// A tensor that could not be made.
    pub(crate) fn failed(gpu: &Gpu, kind: DtypeKind, dims: &[usize], error: DeviceError) -> Raw {
        Raw::of(gpu, kind, dims, Err(error))
    }

    fn of(
        gpu: &Gpu,
        kind: DtypeKind,
        dims: &[usize],
        block: Result<Option<Block>, DeviceError>,
    ) -> Raw {
        Raw {
            storage: Arc::new(Storage {
                gpu: gpu.clone(),
                block,
            }),
            layout: Layout::contiguous(dims),
            kind,
        }
    }

    pub(crate) fn gpu(&self) -> &Gpu {
        &self.storage.gpu
    }

    pub(crate) fn kind(&self) -> DtypeKind {
        self.kind
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(crate) fn dims(&self) -> &[usize] {
        self.layout.dims()
    }

    pub(crate) fn numel(&self) -> usize {
        self.layout.numel()
    }

    /// Why the tensor could not be made.
    pub(crate) fn error(&self) -> Option<&DeviceError> {
        self.storage.block.as_ref().err()
    }

    /// The same memory seen in another way.
    pub(crate) fn view(&self, layout: Layout) -> Raw {
        Raw {
            layout,
            ..self.clone()
        }
    }

    /// Whether nobody else sees the memory, and all of it is this tensor in row-major order.
    pub(crate) fn is_whole_and_unique(&mut self) -> bool {
        self.layout.offset() == 0
            && self.layout.is_contiguous()
            && Arc::get_mut(&mut self.storage).is_some()
    }

    /// The memory as a command of this batch uses it.
    ///
    /// # Panics
    /// If the tensor lives on another device.
    pub(crate) fn binding<'a>(&'a self, context: &'a Context, batch: u64) -> &'a wgpu::Buffer {
        assert!(
            std::ptr::eq(context, self.gpu().context()),
            "an op has tensors on two devices, {:?} and another; `.to(&gpu)` moves one",
            self.gpu()
        );
        match &self.storage.block {
            Ok(Some(block)) => {
                block.used_by(batch);
                &block.buffer
            }
            Ok(None) => &context.nothing,
            Err(error) => unreachable!("an op on a tensor that was not made: {error}"),
        }
    }
}

/// The bytes of a tensor, if the device can hold it.
fn check(context: &Context, kind: DtypeKind, dims: &[usize]) -> Result<u64, DeviceError> {
    let info = &context.info;
    let lacks = match kind {
        DtypeKind::F64 => !info.f64,
        DtypeKind::I64 => !info.i64,
        _ => false,
    };
    if lacks {
        return Err(DeviceError::Unsupported {
            device: info.name.clone(),
            what: format!("elements of type `{kind}`"),
        });
    }
    let bytes = dims
        .iter()
        .map(|&size| size as u64)
        .try_fold(kind.size() as u64, u64::checked_mul)
        .unwrap_or(u64::MAX);
    let limit = info.max_tensor_bytes;
    if bytes > limit {
        return Err(DeviceError::TooLarge {
            device: info.name.clone(),
            dims: dims.to_vec(),
            dtype: kind,
            bytes,
            limit,
        });
    }
    Ok(bytes)
}
