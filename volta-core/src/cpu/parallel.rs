//! Work on all threads. What a piece computes depends on its number alone, never on the thread.

use super::threads;

/// Below this many elements one thread is faster.
pub(crate) const WORTH_THREADS: usize = 1 << 15;

/// Calls `piece` for 0, 1, .., `pieces - 1`, on several threads if `parallel`.
pub(crate) fn each(pieces: usize, parallel: bool, piece: impl Fn(usize) + Sync) {
    if parallel && pieces > 1 && threads::num_threads() > 1 {
        threads::run(pieces, &piece);
    } else {
        (0..pieces).for_each(piece);
    }
}

/// A pointer that threads may share, each writing to places of its own.
pub(crate) struct Shared<T>(*mut T);

impl<T> Shared<T> {
    pub(crate) fn new(start: *mut T) -> Self {
        Shared(start)
    }

    pub(crate) fn get(&self) -> *mut T {
        self.0
    }
}

// SAFETY: the pointer is only an address; whoever writes through it says why no two threads write
// to one place.
unsafe impl<T> Sync for Shared<T> {}
// SAFETY: as above.
unsafe impl<T> Send for Shared<T> {}
