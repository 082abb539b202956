//! Pages of 2 MiB for large blocks. With pages of 4 KiB a pass over a large tensor spends more time
//! on finding them than on what is in them.

use std::ptr::NonNull;

/// Bytes of a huge page on most processors, and so the alignment of the blocks that lie in them.
pub(super) const PAGE: usize = 1 << 21;

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
