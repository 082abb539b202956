//! Memory of a tensor: aligned to a cache line, freed when the last view of it goes.

use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::Arc;

use super::memory;

/// `len` elements at an address divisible by 64.
pub(crate) struct Storage<E> {
    start: NonNull<E>,
    len: usize,
    /// Who gets the memory back.
    owner: u64,
}

// SAFETY: the storage owns its elements, as a `Vec` does; nothing else points there.
unsafe impl<E: Send> Send for Storage<E> {}
// SAFETY: a shared storage only gives shared slices.
unsafe impl<E: Sync> Sync for Storage<E> {}

/// Bytes of `len` elements; half of what can be addressed is the most.
fn bytes<E>(len: usize) -> usize {
    len.checked_mul(size_of::<E>())
        .filter(|&bytes| bytes <= isize::MAX as usize / 2)
        .expect("a tensor of more bytes than there are")
}

/// Storage whose elements are still to be written.
pub(crate) struct Unwritten<E>(Storage<E>);

impl<E: Copy> Unwritten<E> {
    pub(crate) fn new(len: usize) -> Self {
        const { assert!(align_of::<E>() <= memory::ALIGN) };
        let (start, owner) = match bytes::<E>(len) {
            0 => (NonNull::dangling(), 0),
            bytes => {
                let (start, owner) = memory::allocate(bytes);
                (start.cast(), owner)
            }
        };
        Unwritten(Storage { start, len, owner })
    }

    pub(crate) fn as_mut_ptr(&mut self) -> *mut E {
        self.0.start.as_ptr()
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [MaybeUninit<E>] {
        // SAFETY: the memory is there for `len` elements, ours alone, and need not be initialised.
        unsafe { std::slice::from_raw_parts_mut(self.0.start.as_ptr().cast(), self.0.len) }
    }

    /// # Safety
    /// Every element has been written.
    pub(crate) unsafe fn written(self) -> Storage<E> {
        self.0
    }
}

impl<E: Copy> Storage<E> {
    pub(crate) fn filled(value: E, len: usize) -> Self {
        let mut out = Unwritten::new(len);
        out.as_mut_slice().fill(MaybeUninit::new(value));
        // SAFETY: `fill` wrote every element.
        unsafe { out.written() }
    }

    pub(crate) fn copied(data: &[E]) -> Self {
        let mut out = Unwritten::new(data.len());
        out.as_mut_slice().write_copy_of_slice(data);
        // SAFETY: `write_copy_of_slice` wrote every element.
        unsafe { out.written() }
    }

    pub(crate) fn as_slice(&self) -> &[E] {
        // SAFETY: the memory is there for `len` elements, all written before it became a `Storage`.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }

    pub(crate) fn as_ptr(&self) -> *const E {
        self.start.as_ptr()
    }

    /// The elements, if no other view of them is left.
    pub(crate) fn unique(this: &mut Arc<Self>) -> Option<&mut [E]> {
        let storage = Arc::get_mut(this)?;
        // SAFETY: as in `as_slice`, and `get_mut` says that nobody else looks.
        Some(unsafe { std::slice::from_raw_parts_mut(storage.start.as_ptr(), storage.len) })
    }
}

impl<E> Drop for Storage<E> {
    fn drop(&mut self) {
        let bytes = bytes::<E>(self.len);
        if bytes != 0 {
            // SAFETY: allocated in `Unwritten::new` for as many bytes; elements are `Copy`, and
            // the last to see them is gone.
            unsafe { memory::release(self.start.cast(), bytes, self.owner) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_is_aligned_and_empty_storage_needs_no_memory() {
        for len in [0, 1, 63, 1000] {
            let storage = Storage::filled(3.5_f64, len);
            assert!(len == 0 || (storage.as_ptr() as usize).is_multiple_of(memory::ALIGN));
            assert_eq!(storage.as_slice(), vec![3.5; len]);
        }
    }

    #[test]
    fn only_unshared_storage_can_be_written() {
        let mut a = Arc::new(Storage::copied(&[1, 2, 3]));
        Storage::unique(&mut a).expect("unshared")[1] = 7;
        let b = a.clone();
        assert!(Storage::unique(&mut a).is_none());
        assert_eq!(b.as_slice(), [1, 7, 3]);
    }

    #[test]
    #[should_panic(expected = "more bytes than there are")]
    fn a_size_beyond_memory_is_refused() {
        Unwritten::<f64>::new(usize::MAX / 4);
    }
}
