//! Memory that a thread works in and keeps.

use std::cell::RefCell;

use bytemuck::{AnyBitPattern, NoUninit};

/// Words of a cache line.
const LINE: usize = 8;

thread_local! {
    static SCRATCH: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
}

/// Scratch memory of this thread, holding anything, from the start of a cache line on.
pub(super) fn with_scratch<C: AnyBitPattern + NoUninit, R>(
    len: usize,
    f: impl FnOnce(&mut [C]) -> R,
) -> R {
    SCRATCH.with_borrow_mut(|scratch| {
        let words = (len * size_of::<C>()).div_ceil(size_of::<f64>());
        if scratch.len() < words + LINE {
            scratch.resize(words + LINE, 0.0);
        }
        let start = scratch.as_ptr().align_offset(LINE * size_of::<f64>());
        f(&mut bytemuck::cast_slice_mut(&mut scratch[start..start + words])[..len])
    })
}
