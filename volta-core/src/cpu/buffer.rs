//! A tensor in main memory: shared storage and a layout.

use std::fmt::{self, Debug};
use std::sync::Arc;

use super::storage::{Storage, Unwritten};
use crate::dtype::Dtype;
use crate::layout::Layout;

/// The primitive of [`Cpu`](super::Cpu): a view of shared storage.
#[derive(Clone)]
pub struct Buffer<E> {
    storage: Arc<Storage<E>>,
    layout: Layout,
}

impl<E> Debug for Buffer<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({:?})", self.layout)
    }
}

impl<E: Dtype> Buffer<E> {
    /// The elements of a storage as a row-major layout has them.
    pub(crate) fn new(storage: Storage<E>, layout: Layout) -> Self {
        debug_assert_eq!(storage.as_slice().len(), layout.numel());
        Buffer {
            storage: Arc::new(storage),
            layout,
        }
    }

    pub(crate) fn from_slice(data: &[E], dims: &[usize]) -> Self {
        let layout = Layout::contiguous(dims);
        assert_eq!(data.len(), layout.numel(), "elements for {dims:?}");
        Buffer::new(Storage::copied(data), layout)
    }

    /// One element in memory, seen as many.
    pub(crate) fn full(value: E, dims: &[usize]) -> Self {
        let one = Buffer::new(Storage::filled(value, 1), Layout::contiguous(&[]));
        one.view(one.layout.expand(dims))
    }

    /// Writes every element through a function that is given the memory in row-major order.
    ///
    /// # Safety
    /// The function writes every element.
    pub(crate) unsafe fn write_with(dims: &[usize], write: impl FnOnce(*mut E)) -> Self {
        // First: it says whether the elements can be counted.
        let layout = Layout::contiguous(dims);
        let mut out = Unwritten::new(layout.numel());
        write(out.as_mut_ptr());
        // SAFETY: the caller's promise.
        Buffer::new(unsafe { out.written() }, layout)
    }

    /// Zeros, to add to.
    pub(crate) fn accumulate(dims: &[usize], add: impl FnOnce(&mut [E])) -> Self {
        let layout = Layout::contiguous(dims);
        let mut storage = Arc::new(Storage::filled(E::ZERO, layout.numel()));
        add(Storage::unique(&mut storage).expect("not shared yet"));
        Buffer { storage, layout }
    }

    pub(crate) fn view(&self, layout: Layout) -> Self {
        Buffer {
            storage: self.storage.clone(),
            layout,
        }
    }

    #[inline]
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    #[inline]
    pub(crate) fn dims(&self) -> &[usize] {
        self.layout.dims()
    }

    pub(crate) fn numel(&self) -> usize {
        self.layout.numel()
    }

    /// The first element's address. Every element of the layout is in the storage.
    pub(crate) fn as_ptr(&self) -> *const E {
        self.storage.as_ptr().wrapping_add(self.layout.offset())
    }

    /// Where the storage starts, views aside.
    pub(crate) fn base(&self) -> *const E {
        self.storage.as_ptr()
    }

    /// All of the storage, views aside.
    pub(crate) fn raw(&self) -> &[E] {
        self.storage.as_slice()
    }

    /// The elements, if they lie in row-major order.
    pub(crate) fn as_slice(&self) -> Option<&[E]> {
        if !self.layout.is_contiguous() {
            return None;
        }
        let start = self.layout.offset();
        match self.numel() {
            0 => Some(&[]),
            n => Some(&self.storage.as_slice()[start..start + n]),
        }
    }

    /// The element at an index, which has been checked.
    pub(crate) fn at(&self, index: &[usize]) -> &E {
        let steps = index
            .iter()
            .zip(self.layout.strides())
            .map(|(&i, s)| i as isize * s);
        let place = self.layout.offset() as isize + steps.sum::<isize>();
        &self.storage.as_slice()[place as usize]
    }

    /// Whether the elements lie in row-major order and are seen by nobody else.
    pub(crate) fn is_unique(&self) -> bool {
        self.layout.is_contiguous() && Arc::strong_count(&self.storage) == 1
    }

    /// Where the elements lie, if in row-major order and seen by nobody else.
    pub(crate) fn unique(&mut self) -> Option<*mut E> {
        if !self.layout.is_contiguous() {
            return None;
        }
        Arc::get_mut(&mut self.storage)?;
        Some(self.as_ptr().cast_mut())
    }

    /// The elements to write to: in row-major order, and seen by nobody else.
    pub(crate) fn make_mut(&mut self) -> &mut [E] {
        if !self.layout.is_contiguous() || Arc::get_mut(&mut self.storage).is_none() {
            let copy = (E::kernels().copy)(self);
            *self = copy;
        }
        let (start, n) = (self.layout.offset(), self.numel());
        let all = Storage::unique(&mut self.storage).expect("just copied, or unshared");
        match n {
            0 => &mut [],
            n => &mut all[start..start + n],
        }
    }
}
