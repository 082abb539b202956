//! Pages of 2 MiB for large blocks. With pages of 4 KiB a pass over a large tensor spends more time
//! on finding them than on what is in them.

use std::ptr::NonNull;

/// Bytes of a huge page on most processors.
pub(super) const PAGE: usize = 1 << 21;

/// The alignment of a block that shall lie in huge pages, if one of so many bytes shall.
pub(super) fn alignment(bytes: usize) -> Option<usize> {
    (cfg!(target_os = "linux") && bytes > PAGE).then_some(PAGE)
}

/// Asks the system for huge pages. It may say no: nothing depends on them but time.
#[inline]
pub(super) fn ask(start: NonNull<u8>, bytes: usize) {
    #[cfg(all(target_os = "linux", not(miri)))]
    {
        use std::ffi::{c_int, c_void};
        unsafe extern "C" {
            fn madvise(start: *mut c_void, bytes: usize, advice: c_int) -> c_int;
        }
        const MADV_HUGEPAGE: c_int = 14;
        // SAFETY: the advice changes nothing that a program can read, and the memory is the caller's.
        unsafe { madvise(start.as_ptr().cast(), bytes, MADV_HUGEPAGE) };
    }
    let _ = (start, bytes);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::super::{allocate, release};
    use super::*;

    #[test]
    fn a_large_block_begins_with_a_page_and_can_be_written() {
        for bytes in [PAGE - 1000, PAGE, 3 * PAGE + 5] {
            let (start, owner) = allocate(bytes);
            assert!(start.addr().get().is_multiple_of(PAGE), "{bytes}");
            // SAFETY: just allocated, with so many bytes, and given back once.
            unsafe {
                start.write_bytes(7, bytes);
                release(start, bytes, owner);
            }
        }
    }
}
