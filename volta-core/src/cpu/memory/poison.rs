//! Tells AddressSanitizer which bytes of a block a tensor may use: it knows the system's memory,
//! not what is kept for later, nor what a block has beyond its tensor. `cargo xtask asan` builds
//! with `--cfg volta_asan`; without it nothing is here.

use std::ptr::NonNull;

#[cfg(volta_asan)]
unsafe extern "C" {
    fn __asan_poison_memory_region(start: *const std::ffi::c_void, bytes: usize);
    fn __asan_unpoison_memory_region(start: *const std::ffi::c_void, bytes: usize);
    #[cfg(test)]
    fn __asan_address_is_poisoned(start: *const std::ffi::c_void) -> std::ffi::c_int;
}

/// The first `bytes` of a block of `size` may be used.
#[inline]
pub(super) fn lend(start: NonNull<u8>, bytes: usize, size: usize) {
    #[cfg(volta_asan)]
    // SAFETY: marks bytes of a block that the caller has; none is read or written.
    unsafe {
        __asan_poison_memory_region(start.as_ptr().cast(), size);
        __asan_unpoison_memory_region(start.as_ptr().cast(), bytes);
    }
    let _ = (start, bytes, size);
}

/// No byte of a block of `size` may be used until it is lent again.
#[inline]
pub(super) fn keep(start: NonNull<u8>, size: usize) {
    lend(start, 0, size);
}

#[cfg(all(test, volta_asan))]
mod tests {
    use super::super::{HEADER, allocate, release};
    use super::*;

    fn is_poisoned(start: NonNull<u8>, at: usize) -> bool {
        // SAFETY: the sanitizer looks at its own notes.
        unsafe { __asan_address_is_poisoned(start.as_ptr().wrapping_add(at).cast()) != 0 }
    }

    #[test]
    fn the_sanitizer_knows_what_a_tensor_may_use() {
        for bytes in [1, 63, 64, 65, 1000, 1025, 5003] {
            let (start, owner) = allocate(bytes);
            let end = HEADER + bytes;
            assert!((0..end).all(|at| !is_poisoned(start, at)), "{bytes}");
            assert!((end..end + 8).all(|at| is_poisoned(start, at)), "{bytes}");
            // SAFETY: just allocated, and not used.
            unsafe { release(start, bytes, owner) };
            assert!((0..end).all(|at| is_poisoned(start, at)), "{bytes} kept");
        }
    }
}
