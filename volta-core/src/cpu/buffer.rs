//! A tensor in main memory: shared storage and a layout.

use std::fmt::{self, Debug};

use super::storage::{Storage, Unwritten};
use crate::dtype::Dtype;
use crate::layout::Layout;

/// The primitive of [`Cpu`](super::Cpu): a view of shared storage.
#[derive(Clone)]
pub struct Buffer<E>(Storage<E>);

impl<E> Debug for Buffer<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({:?})", self.0.layout())
    }
}

impl<E: Dtype> Buffer<E> {
    pub(crate) fn new(storage: Storage<E>) -> Self {
        Buffer(storage)
    }

    pub(crate) fn from_slice(data: &[E], dims: &[usize]) -> Self {
        let elements = Layout::contiguous(dims).numel();
        assert_eq!(data.len(), elements, "elements for {dims:?}");
        Buffer(Storage::copied(data, dims))
    }

    /// One element in memory, seen as many.
    pub(crate) fn full(value: E, dims: &[usize]) -> Self {
        Buffer(Storage::one(value, dims))
    }

    /// Writes every element through a function that is given the memory in row-major order.
    ///
    /// # Safety
    /// The function writes every element.
    pub(crate) unsafe fn write_with(dims: &[usize], write: impl FnOnce(*mut E)) -> Self {
        let mut out = Unwritten::new(dims);
        write(out.as_mut_ptr());
        // SAFETY: the caller's promise.
        Buffer(unsafe { out.written() })
    }

    /// Zeros, to add to.
    pub(crate) fn accumulate(dims: &[usize], add: impl FnOnce(&mut [E])) -> Self {
        let mut storage = Storage::filled(E::ZERO, dims);
        add(storage.unique().expect("not shared yet"));
        Buffer(storage)
    }

    pub(crate) fn view(&self, layout: Layout) -> Self {
        Buffer(self.0.view(layout))
    }

    #[inline]
    pub(crate) fn layout(&self) -> &Layout {
        self.0.layout()
    }

    #[inline]
    pub(crate) fn dims(&self) -> &[usize] {
        self.layout().dims()
    }

    pub(crate) fn numel(&self) -> usize {
        self.layout().numel()
    }

    /// The first element's address. Every element of the layout is in the storage.
    pub(crate) fn as_ptr(&self) -> *const E {
        self.0.as_ptr().wrapping_add(self.layout().offset())
    }

    /// Where the storage starts, views aside.
    pub(crate) fn base(&self) -> *const E {
        self.0.as_ptr()
    }

    /// All of the storage, views aside.
    pub(crate) fn raw(&self) -> &[E] {
        self.0.as_slice()
    }

    /// The elements, if they lie in row-major order.
    pub(crate) fn as_slice(&self) -> Option<&[E]> {
        if !self.layout().is_contiguous() {
            return None;
        }
        let start = self.layout().offset();
        match self.numel() {
            0 => Some(&[]),
            n => Some(&self.0.as_slice()[start..start + n]),
        }
    }

    /// The element at an index, which has been checked.
    pub(crate) fn at(&self, index: &[usize]) -> &E {
        let steps = index
            .iter()
            .zip(self.layout().strides())
            .map(|(&i, s)| i as isize * s);
        let place = self.layout().offset() as isize + steps.sum::<isize>();
        &self.0.as_slice()[place as usize]
    }

    /// Whether the elements lie in row-major order and are seen by nobody else.
    pub(crate) fn is_unique(&self) -> bool {
        self.layout().is_contiguous() && self.0.is_unique()
    }

    /// Where the elements lie, if in row-major order and seen by nobody else.
    pub(crate) fn unique(&mut self) -> Option<*mut E> {
        self.is_unique().then(|| self.as_ptr().cast_mut())
    }

    /// The elements to write to: in row-major order, and seen by nobody else.
    pub(crate) fn make_mut(&mut self) -> &mut [E] {
        if !self.layout().is_contiguous() || !self.0.is_unique() {
            let copy = (E::kernels().copy)(self);
            *self = copy;
        }
        let (start, n) = (self.layout().offset(), self.numel());
        let all = self.0.unique().expect("just copied, or unshared");
        match n {
            0 => &mut [],
            n => &mut all[start..start + n],
        }
    }
}
