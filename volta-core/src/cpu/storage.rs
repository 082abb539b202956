//! Memory of tensors: one block for what a tensor is and for its elements.

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::sync::atomic::{
    AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};

use super::memory;
use crate::layout::Layout;

/// A view of shared elements, which lie at an address divisible by 64. A clone is another share of
/// the same view: it is the size of a pointer, however many axes the view has.
///
/// A new tensor is one block of the [cache](memory): what `Arc<(Layout, [E])>` would be. Another view of
/// its elements is a block without elements, and has a share of the first.
pub(crate) struct Storage<E> {
    head: NonNull<Head>,
    elements: PhantomData<E>,
}

/// What lies before the elements.
struct Head {
    /// How many share this view.
    shares: AtomicUsize,
    layout: Layout,
    /// Where the elements start, of this block or of another.
    start: NonNull<u8>,
    /// How many elements there are, which the layout need not show all.
    len: usize,
    /// Bytes of this block that are not this head.
    bytes: usize,
    /// Who gets the block back.
    owner: u64,
    /// The block with the elements, if it is another.
    of: Option<NonNull<Head>>,
}

const _: () = assert!(size_of::<Head>() <= memory::HEADER && align_of::<Head>() <= memory::ALIGN);

// SAFETY: shares on several threads give shared slices; only one that is alone writes, and who drops
// the last one has seen what all others did.
unsafe impl<E: Send + Sync> Send for Storage<E> {}
// SAFETY: as above.
unsafe impl<E: Send + Sync> Sync for Storage<E> {}

/// Bytes of `len` elements; half of what can be addressed is the most.
fn bytes<E>(len: usize) -> usize {
    len.checked_mul(size_of::<E>())
        .filter(|&bytes| bytes <= isize::MAX as usize / 2)
        .expect("a tensor of more bytes than there are")
}

/// Storage whose elements are still to be written. Nobody shares it.
pub(crate) struct Unwritten<E>(Storage<E>);

impl<E: Copy> Unwritten<E> {
    /// In row-major order.
    #[inline]
    pub(crate) fn new(dims: &[usize]) -> Self {
        // It says whether the elements can be counted.
        let layout = Layout::contiguous(dims);
        Unwritten::of(layout, layout.numel())
    }

    fn of(layout: Layout, len: usize) -> Self {
        const { assert!(align_of::<E>() <= memory::ALIGN) };
        let bytes = bytes::<E>(len);
        let (block, owner) = memory::allocate(bytes);
        let head = block.cast::<Head>();
        // SAFETY: the block begins with room for a head, has room for the elements behind it, and
        // is ours alone.
        unsafe {
            head.write(Head {
                shares: AtomicUsize::new(1),
                layout,
                start: block.add(memory::HEADER),
                len,
                bytes,
                owner,
                of: None,
            });
        }
        Unwritten(Storage {
            head,
            elements: PhantomData,
        })
    }

    #[inline]
    pub(crate) fn as_mut_ptr(&mut self) -> *mut E {
        self.0.start()
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [MaybeUninit<E>] {
        let len = self.0.head().len;
        // SAFETY: the memory is there for `len` elements, ours alone, and need not be initialised.
        unsafe { std::slice::from_raw_parts_mut(self.0.start().cast(), len) }
    }

    /// # Safety
    /// Every element has been written.
    #[inline]
    pub(crate) unsafe fn written(self) -> Storage<E> {
        self.0
    }
}

impl<E> Storage<E> {
    #[inline]
    fn head(&self) -> &Head {
        // SAFETY: it was written as the block was made, and lives as long as a share does.
        unsafe { self.head.as_ref() }
    }

    #[inline]
    fn start(&self) -> *mut E {
        self.head().start.as_ptr().cast()
    }

    /// Where the elements of the view lie.
    #[inline]
    pub(crate) fn layout(&self) -> &Layout {
        &self.head().layout
    }
}

impl<E: Copy> Storage<E> {
    /// One element, seen as many.
    pub(crate) fn one(value: E, dims: &[usize]) -> Self {
        let mut out = Unwritten::of(Layout::contiguous(&[]).expand(dims), 1);
        out.as_mut_slice()[0].write(value);
        // SAFETY: the only element has been written.
        unsafe { out.written() }
    }

    /// Equal elements.
    pub(crate) fn filled(value: E, dims: &[usize]) -> Self {
        let mut out = Unwritten::new(dims);
        out.as_mut_slice().fill(MaybeUninit::new(value));
        // SAFETY: `fill` wrote every element.
        unsafe { out.written() }
    }

    /// # Panics
    /// If `data` has not as many elements as `dims`.
    pub(crate) fn copied(data: &[E], dims: &[usize]) -> Self {
        let mut out = Unwritten::new(dims);
        out.as_mut_slice().write_copy_of_slice(data);
        // SAFETY: `write_copy_of_slice` wrote every element.
        unsafe { out.written() }
    }

    /// The same elements in another layout, all of whose elements are there.
    pub(crate) fn view(&self, layout: Layout) -> Self {
        let (block, owner) = memory::allocate(0);
        let head = block.cast::<Head>();
        let Head { start, len, .. } = *self.head();
        // The block with the elements gets another share, not this view.
        let of = Storage::<E> {
            head: self.head().of.unwrap_or(self.head),
            elements: PhantomData,
        };
        let of = std::mem::ManuallyDrop::new(of);
        let share = std::mem::ManuallyDrop::new((*of).clone());
        // SAFETY: the block begins with room for a head, and is ours alone.
        unsafe {
            head.write(Head {
                shares: AtomicUsize::new(1),
                layout,
                start,
                len,
                bytes: 0,
                owner,
                of: Some(share.head),
            });
        }
        Storage {
            head,
            elements: PhantomData,
        }
    }

    /// All elements, whether the view shows them or not.
    #[inline]
    pub(crate) fn as_slice(&self) -> &[E] {
        // SAFETY: the memory is there for `len` elements, all written before it became a `Storage`.
        unsafe { std::slice::from_raw_parts(self.start(), self.head().len) }
    }

    /// Where all elements start.
    #[inline]
    pub(crate) fn as_ptr(&self) -> *const E {
        self.start()
    }

    /// Whether nobody else shares the elements.
    #[inline]
    pub(crate) fn is_unique(&self) -> bool {
        let head = self.head();
        // After what those that are gone did.
        head.shares.load(Acquire) == 1
            && head.of.is_none_or(|of| {
                // SAFETY: this view has a share of that block.
                unsafe { of.as_ref() }.shares.load(Acquire) == 1
            })
    }

    /// All elements, if nobody else shares them.
    pub(crate) fn unique(&mut self) -> Option<&mut [E]> {
        if !self.is_unique() {
            return None;
        }
        let len = self.head().len;
        // SAFETY: as in `as_slice`; this is the only share, and it is borrowed.
        Some(unsafe { std::slice::from_raw_parts_mut(self.start(), len) })
    }
}

impl<E> Clone for Storage<E> {
    #[inline]
    fn clone(&self) -> Self {
        // Whoever has a share may count another without looking at anything else, as in `Arc`.
        let shares = self.head().shares.fetch_add(1, Relaxed);
        assert!(shares <= isize::MAX as usize, "more shares than memory");
        Storage {
            head: self.head,
            elements: PhantomData,
        }
    }
}

impl<E> Drop for Storage<E> {
    #[inline]
    fn drop(&mut self) {
        // Of one share nobody makes another meanwhile: what is read is so.
        let shares = &self.head().shares;
        if shares.load(Acquire) != 1 && shares.fetch_sub(1, Release) != 1 {
            return;
        }
        // SAFETY: this was the last share.
        unsafe { free(self.head) };
    }
}

/// Gives a block back, and its share of another.
///
/// # Safety
/// Nobody has a share of it any more. Elements are `Copy`.
unsafe fn free(head: NonNull<Head>) {
    // SAFETY: the block was made with these bytes and this owner, and nobody uses it.
    unsafe {
        // After what other shares did with it.
        head.as_ref().shares.load(Acquire);
        let Head {
            bytes, owner, of, ..
        } = *head.as_ref();
        memory::release(head.cast(), bytes, owner);
        if let Some(of) = of {
            drop(Storage::<u8> {
                head: of,
                elements: PhantomData,
            });
        }
    }
}

/// Memory that a kernel needs while it runs.
pub(crate) struct Scratch<T: Copy>(Option<Storage<T>>);

impl<T: Copy> Scratch<T> {
    /// So many equal elements.
    pub(crate) fn new(value: T, len: usize) -> Self {
        Scratch((len > 0).then(|| Storage::filled(value, &[len])))
    }
}

impl<T: Copy> Deref for Scratch<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        self.0.as_ref().map_or(&[], Storage::as_slice)
    }
}

impl<T: Copy> DerefMut for Scratch<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        let storage = self.0.as_mut().and_then(Storage::unique);
        storage.unwrap_or(&mut [])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_is_aligned() {
        for len in [0, 1, 63, 1000] {
            let storage = Storage::filled(3.5_f64, &[len]);
            assert!((storage.as_ptr() as usize).is_multiple_of(memory::ALIGN));
            assert_eq!(storage.as_slice(), vec![3.5; len]);
        }
    }

    #[test]
    fn only_unshared_storage_can_be_written() {
        let mut a = Storage::copied(&[1, 2, 3], &[3]);
        a.unique().expect("unshared")[1] = 7;
        let b = a.clone();
        assert!(a.unique().is_none());
        assert_eq!(b.as_slice(), [1, 7, 3]);
        drop(b);
        a.unique().expect("unshared again")[2] = 8;
        assert_eq!(a.as_slice(), [1, 7, 8]);
    }

    #[test]
    fn views_share_the_elements_and_outlive_the_first() {
        let first = Storage::copied(&[1, 2, 3, 4, 5, 6], &[2, 3]);
        let turned = first.view(first.layout().permute(&[1, 0]));
        let mut row = turned.view(turned.layout().narrow(1, 1, 1));
        assert_eq!(
            (row.layout().dims(), row.layout().offset()),
            (&[3, 1][..], 3)
        );
        drop(first);
        assert!(row.unique().is_none(), "`turned` shares the elements");
        let same = row.clone();
        drop(turned);
        assert!(row.unique().is_none(), "`same` shares the view");
        drop(same);
        row.unique().expect("alone")[3] = 40;
        assert_eq!(row.as_slice(), [1, 2, 3, 40, 5, 6]);
    }

    #[test]
    fn threads_share_storage_and_the_last_one_can_write() {
        let mut shared = Storage::copied(&[0_usize; 100], &[100]);
        for round in 1..200 {
            let last = std::thread::scope(|scope| {
                let shares: Vec<_> = (0..3).map(|_| shared.clone()).collect();
                let readers: Vec<_> = (shares.into_iter())
                    .map(|share| {
                        scope.spawn(move || {
                            let copies = [share.clone(), share];
                            copies[0].as_slice().iter().sum::<usize>()
                        })
                    })
                    .collect();
                let sums: Vec<_> = readers
                    .into_iter()
                    .map(|r| r.join().expect("ends"))
                    .collect();
                assert_eq!(sums, [(round - 1) * 100; 3]);
                shared.unique()
            });
            last.expect("all others are gone").fill(round);
        }
    }

    #[test]
    #[should_panic(expected = "more bytes than there are")]
    fn a_size_beyond_memory_is_refused() {
        Unwritten::<f64>::new(&[usize::MAX / 4]);
    }
}
