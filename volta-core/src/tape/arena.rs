//! Memory of tapes: what ops leave for the way back, one after the other in a few chunks. A thread
//! uses the memory of its last tapes again, so that a training step allocates nothing.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::rc::Rc;

/// Alignment of a chunk, and the most that a value may ask for.
const ALIGN: usize = 64;
/// Bytes of the first chunk.
const FIRST: usize = 1 << 14;
/// The most bytes of a chunk that are kept for the next tape: records of a few thousand ops.
const MOST_KEPT: usize = 1 << 20;
/// The most arenas that a thread keeps: tapes that live at one time are nested.
const MOST_SPARE: usize = 4;

/// Memory in chunks, and the functions that lie there. It knows nothing of backends, so that it serves
/// a tape over any.
#[derive(Default)]
struct Arena {
    chunks: RefCell<Vec<Chunk>>,
    /// Bytes of the last chunk that are in use.
    used: Cell<usize>,
    functions: RefCell<Vec<Option<Function>>>,
}

/// A function of two places in memory, which is called once or dropped.
struct Function {
    place: NonNull<u8>,
    call: unsafe fn(NonNull<u8>, *mut (), *mut ()),
    drop: unsafe fn(NonNull<u8>),
}

impl Drop for Function {
    fn drop(&mut self) {
        // SAFETY: the function lies there, and was not called.
        unsafe { (self.drop)(self.place) };
    }
}

struct Chunk(NonNull<u8>, Layout);

impl Chunk {
    fn new(bytes: usize) -> Self {
        let layout = Layout::from_size_align(bytes.max(FIRST), ALIGN).expect("a chunk that fits");
        // SAFETY: the size is above 0.
        let start = unsafe { alloc(layout) };
        Chunk(
            NonNull::new(start).unwrap_or_else(|| handle_alloc_error(layout)),
            layout,
        )
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        // SAFETY: allocated in `new` with the same layout.
        unsafe { dealloc(self.0.as_ptr(), self.1) };
    }
}

thread_local! {
    static SPARE: RefCell<Vec<Rc<Arena>>> = const { RefCell::new(Vec::new()) };
}

impl Arena {
    /// Memory for a value of this layout, nobody else's as long as the arena is in use.
    fn place(&self, layout: Layout) -> NonNull<u8> {
        assert!(
            layout.align() <= ALIGN,
            "an alignment of {}",
            layout.align()
        );
        let mut chunks = self.chunks.borrow_mut();
        let start = self.used.get().next_multiple_of(layout.align());
        let fits = |chunk: &Chunk| chunk.1.size() - start.min(chunk.1.size()) >= layout.size();
        let (start, chunk) = match chunks.last() {
            Some(chunk) if fits(chunk) => (start, chunk.0),
            last => {
                let twice = last.map_or(0, |chunk| 2 * chunk.1.size());
                let chunk = Chunk::new(twice.max(layout.size()));
                let first = chunk.0;
                chunks.push(chunk);
                (0, first)
            }
        };
        self.used.set(start + layout.size());
        // SAFETY: from `start` on the chunk has room for the layout.
        unsafe { chunk.add(start) }
    }

    /// Forgets all values; the largest chunk is kept, unless it is large.
    fn clear(&self) {
        let mut chunks = self.chunks.borrow_mut();
        let last = chunks.pop();
        chunks.clear();
        chunks.extend(last.filter(|chunk| chunk.1.size() <= MOST_KEPT));
        self.used.set(0);
    }
}

/// A share of an arena. The last one gives the memory back to the thread.
pub(super) struct Memory(Rc<Arena>);

impl Memory {
    pub(super) fn new() -> Self {
        let spare = SPARE.try_with(|spare| spare.borrow_mut().pop());
        Memory(spare.ok().flatten().unwrap_or_default())
    }

    pub(super) fn is(&self, other: &Memory) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// How many functions, and places without one, are there.
    pub(super) fn len(&self) -> usize {
        self.0.functions.borrow().len()
    }

    /// A place in the order of functions without one; gives its number.
    pub(super) fn skip(&self) -> usize {
        let mut functions = self.0.functions.borrow_mut();
        functions.push(None);
        functions.len() - 1
    }

    /// Puts a function there; gives its number.
    pub(super) fn push<A, T, F: FnOnce(A, &mut T) + 'static>(&self, function: F) -> usize {
        /// # Safety
        /// The pointers are to an `F`, to an `A` and to a `T` that nobody else has. The first two
        /// are not used afterwards.
        unsafe fn call<A, T, F: FnOnce(A, &mut T)>(
            function: NonNull<u8>,
            argument: *mut (),
            target: *mut (),
        ) {
            // SAFETY: the caller's promise.
            unsafe {
                let function = function.cast::<F>().read();
                function(argument.cast::<A>().read(), &mut *target.cast::<T>());
            }
        }
        let place = self.0.place(Layout::new::<F>());
        // SAFETY: the place is for an `F`, and nobody else's.
        unsafe { place.cast::<F>().write(function) };
        let function = Function {
            place,
            call: call::<A, T, F>,
            // SAFETY: whoever calls it promises that an `F` lies there, which is not used any more.
            drop: |place| unsafe { place.cast::<F>().drop_in_place() },
        };
        let mut functions = self.0.functions.borrow_mut();
        functions.push(Some(function));
        functions.len() - 1
    }

    /// Takes the last function out, or the last place without one. Calls it with what `argument` gives;
    /// if that is nothing, the function is dropped.
    ///
    /// # Safety
    /// All functions were pushed with these types.
    pub(super) unsafe fn pop<A, T>(
        &self,
        target: &mut T,
        argument: impl FnOnce(&mut T) -> Option<A>,
    ) {
        let last = self.0.functions.borrow_mut().pop();
        let Some(function) = last.flatten() else {
            return;
        };
        if let Some(argument) = argument(target) {
            let function = ManuallyDrop::new(function);
            let mut argument = ManuallyDrop::new(argument);
            let (argument, target) = (&raw mut argument, &raw mut *target);
            // SAFETY: the function lies in this arena and is called once, as it was taken out. The
            // types are the caller's promise.
            unsafe { (function.call)(function.place, argument.cast(), target.cast()) };
        }
    }
}

impl Clone for Memory {
    #[inline]
    fn clone(&self) -> Self {
        Memory(self.0.clone())
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let arena = &self.0;
        if Rc::strong_count(arena) > 1 {
            return;
        }
        loop {
            // Not in the condition, which would hold the borrow while the function is dropped.
            let last = arena.functions.borrow_mut().pop();
            if last.is_none() {
                break;
            }
        }
        arena.clear();
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.len() < MOST_SPARE {
                spare.push(Rc::clone(arena));
            }
        });
    }
}

/// As many values as it was made with, in an arena.
pub(super) struct Slots<T> {
    start: NonNull<T>,
    len: usize,
    /// Where they lie.
    _memory: Memory,
}

impl<T> Slots<T> {
    pub(super) fn new(memory: Memory, len: usize, mut value: impl FnMut() -> T) -> Self {
        let layout = Layout::array::<T>(len).expect("a list that fits");
        let start = memory.0.place(layout).cast::<T>();
        let mut slots = Slots {
            start,
            len: 0,
            _memory: memory,
        };
        for at in 0..len {
            // SAFETY: the place is for `len` values, and nobody else's.
            unsafe { slots.start.add(at).write(value()) };
            slots.len = at + 1;
        }
        slots
    }
}

impl<T> Deref for Slots<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: so many values were written.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl<T> DerefMut for Slots<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as above, and nobody else has them.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }
}

impl<T> Drop for Slots<T> {
    fn drop(&mut self) {
        // SAFETY: the values are dropped once, here.
        unsafe { std::ptr::drop_in_place::<[T]>(&mut **self) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Log = Vec<(usize, u8)>;

    /// A tape of functions that note their number and what they were given; every third is none.
    fn noted(count: usize, shared: &Rc<()>) -> Memory {
        let memory = Memory::new();
        for i in 0..count {
            let number = match i % 3 {
                0 => memory.skip(),
                1 => {
                    let shared = shared.clone();
                    memory.push(move |x: u8, log: &mut Log| {
                        let _shared = shared;
                        log.push((i, x));
                    })
                }
                _ => {
                    let padding = [i as u64; 37];
                    memory.push(move |x: u8, log: &mut Log| log.push((padding[36] as usize, x)))
                }
            };
            assert_eq!(number, i);
        }
        memory
    }

    #[test]
    fn functions_are_called_from_the_last_to_the_first() {
        let shared = Rc::new(());
        let (memory, mut log) = (noted(2000, &shared), Log::new());
        for i in (0..2000).rev() {
            assert_eq!(memory.len(), i + 1);
            // SAFETY: `noted` pushes functions of these types.
            unsafe {
                memory.pop(&mut log, |_| {
                    assert!(i % 3 > 0, "there is no function at {i}");
                    (i % 5 > 0).then_some(i as u8)
                });
            }
        }
        let called = (0..2000).rev().filter(|i| i % 3 > 0 && i % 5 > 0);
        assert!(log.into_iter().eq(called.map(|i| (i, i as u8))));
        assert_eq!(Rc::strong_count(&shared), 1, "each was called or dropped");
    }

    #[test]
    fn functions_that_are_not_called_are_dropped() {
        let shared = Rc::new(());
        let memory = noted(100, &shared);
        let share = memory.clone();
        drop(memory);
        assert_eq!(Rc::strong_count(&shared), 34);
        drop(share);
        assert_eq!(Rc::strong_count(&shared), 1);
    }

    #[test]
    fn slots_keep_the_memory_and_drop_their_values() {
        let one = Rc::new(1);
        let memory = Memory::new();
        let mut slots = Slots::new(memory, 1000, || Some(one.clone()));
        assert_eq!(slots[7].take().as_deref(), Some(&1));
        assert_eq!((slots.len(), Rc::strong_count(&one)), (1000, 1000));
        drop(slots);
        assert_eq!(Rc::strong_count(&one), 1);
    }

    #[test]
    fn memory_is_used_again_when_nobody_has_it() {
        let place = |memory: &Memory| memory.0.place(Layout::new::<u64>());
        std::thread::spawn(move || {
            let memory = Memory::new();
            let first = place(&memory);
            let share = memory.clone();
            drop(memory);
            let other = Memory::new();
            assert!(!other.is(&share));
            assert_ne!(place(&other), first);
            drop(share);
            assert_eq!(place(&Memory::new()), first);
        })
        .join()
        .expect("the thread ends well");
    }
}
