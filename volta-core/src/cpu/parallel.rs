//! Work on all threads. What a piece computes depends on its number alone, never on the thread.

use super::threads;

/// Which threads are worth their trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// The one that asks.
    One,
    /// Those that look out for work; to wake others takes longer than the work.
    Awake,
    All,
}

impl Threads {
    /// For work that takes about as long as so many additions of neighbours in memory. The bounds
    /// are those from which on more threads were measured to be faster.
    pub(crate) fn worth(additions: usize) -> Self {
        match additions {
            0..0x8000 => Threads::One,
            0x8000..0x4_0000 => Threads::Awake,
            _ => Threads::All,
        }
    }
}

/// Calls `piece` for 0, 1, .., `pieces - 1`.
pub(crate) fn each(pieces: usize, threads: Threads, piece: impl Fn(usize) + Sync) {
    if threads != Threads::One && pieces > 1 && threads::num_threads() > 1 {
        threads::run(pieces, threads == Threads::All, &piece);
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
