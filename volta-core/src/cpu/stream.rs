//! Stores that go past the caches. A line of an output that no cache holds is read before it is
//! written, and pushes another line out.

use std::mem::MaybeUninit;

use super::kernel::MAX_OPERANDS;

/// Bytes of an output from which on it goes past the caches: what the last one may hold.
const PAST_CACHES: usize = 1 << 25;
/// Bytes that are computed in the first cache before they go: of 512 to 8192, those were fastest.
const STRIP: usize = 1 << 11;

/// Whether an output of so many bytes, of a function of so many operands, should go past the caches,
/// and the processor can do that. What takes longer to compute than to load, as functions of one
/// operand do more often than not, is slower so: a strip of it does not go while the next is computed.
pub(super) fn pays(bytes: usize, operands: usize) -> bool {
    cfg!(not(miri)) && bytes >= PAST_CACHES && operands > 1 && can()
}

#[cfg(target_arch = "x86_64")]
fn can() -> bool {
    is_x86_feature_detected!("avx")
}

#[cfg(not(target_arch = "x86_64"))]
fn can() -> bool {
    false
}

#[repr(align(64))]
struct Strip([MaybeUninit<u8>; STRIP]);

/// Writes `len` elements to `to` past the caches, in strips: `fill` writes the elements from a place
/// on, as many as said, to the address that it is given. The `operands` that are not null are
/// fetched a strip ahead.
///
/// # Safety
/// [`pays`] said yes. `to` has room for `len`, and `fill` writes all that it is asked for.
pub(super) unsafe fn write<C, O: Copy>(
    to: *mut O,
    len: usize,
    operands: &[*const C],
    fill: impl Fn(usize, *mut O, usize),
) {
    const { assert!(align_of::<O>() <= 64 && STRIP.is_multiple_of(size_of::<O>())) };
    let mut ahead = [std::ptr::null::<u8>(); MAX_OPERANDS];
    let given = operands.iter().filter(|x| !x.is_null());
    let count = (given.zip(&mut ahead))
        .map(|(x, slot)| *slot = x.cast())
        .count();
    let ahead = &ahead[..count];
    let mut strip = Strip([MaybeUninit::uninit(); STRIP]);
    let start = strip.0.as_mut_ptr().cast::<O>();
    let most = STRIP / size_of::<O>();
    for at in (0..len).step_by(most) {
        let count = most.min(len - at);
        fill(at, start, count);
        let next = (at + count) * size_of::<C>();
        // SAFETY: `fill` has written as many elements, and the target has room for them.
        unsafe {
            let (to, bytes) = (to.add(at).cast(), count * size_of::<O>());
            lines::store(start.cast(), to, bytes, |line| {
                for x in ahead {
                    lines::fetch(x.wrapping_add(next + line));
                }
            });
        }
    }
    lines::wait();
}

#[cfg(target_arch = "x86_64")]
mod lines {
    use std::arch::x86_64::*;

    /// Bytes of a cache line.
    const LINE: usize = 64;

    /// Copies, whole lines past the caches; `beside` runs with each of them.
    ///
    /// # Safety
    /// As [`copy`](std::ptr::copy_nonoverlapping); the processor has AVX, and `from` is aligned to a
    /// line.
    #[target_feature(enable = "avx")]
    pub(super) unsafe fn store(from: *const u8, to: *mut u8, bytes: usize, beside: impl Fn(usize)) {
        let lines = if to.addr().is_multiple_of(LINE) {
            bytes / LINE
        } else {
            0
        };
        // SAFETY: the caller's promise; both are aligned where whole lines are copied.
        unsafe {
            for at in (0..lines * LINE).step_by(LINE) {
                beside(at);
                for half in [at, at + LINE / 2] {
                    let value = _mm256_load_si256(from.add(half).cast());
                    _mm256_stream_si256(to.add(half).cast(), value);
                }
            }
            let done = lines * LINE;
            std::ptr::copy_nonoverlapping(from.add(done), to.add(done), bytes - done);
        }
    }

    /// Loads a line into the caches, if there is one at that address.
    #[inline(always)]
    pub(super) fn fetch(address: *const u8) {
        // SAFETY: a hint, which never fails.
        unsafe { _mm_prefetch(address.cast(), _MM_HINT_T0) };
    }

    /// Returns when all that was stored can be seen by whoever learns that the work is done.
    pub(super) fn wait() {
        // SAFETY: every processor of this kind has it.
        unsafe { _mm_sfence() };
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod lines {
    /// Copies.
    ///
    /// # Safety
    /// As [`copy`](std::ptr::copy_nonoverlapping).
    pub(super) unsafe fn store(from: *const u8, to: *mut u8, bytes: usize, _: impl Fn(usize)) {
        // SAFETY: the caller's promise.
        unsafe { std::ptr::copy_nonoverlapping(from, to, bytes) };
    }

    pub(super) fn fetch(_: *const u8) {}

    pub(super) fn wait() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strips, whole lines, and what is left of them; from a line's start and from its midst.
    #[test]
    fn every_element_is_written_and_no_other() {
        if !can() {
            return;
        }
        for (from, len) in [(0, 0), (0, 1), (0, 512), (0, 5000), (3, 700), (16, 1111)] {
            let x: Vec<f32> = (0..len).map(|at| at as f32).collect();
            let mut out = vec![-1.0_f32; 6000];
            let skipped = out.as_ptr().align_offset(64) + from;
            let fill = |at: usize, to: *mut f32, count: usize| {
                for j in 0..count {
                    // SAFETY: there is room for `count`.
                    unsafe { to.add(j).write(x[at + j]) };
                }
            };
            let to = out[skipped..].as_mut_ptr();
            // SAFETY: the processor can do that, and there is room for 5,000 elements.
            unsafe { write(to, len, &[x.as_ptr(), std::ptr::null()], fill) };
            assert_eq!(out[skipped..][..len], x);
            let others = out[..skipped].iter().chain(&out[skipped + len..]);
            assert!(others.into_iter().all(|&y| y == -1.0), "{from}, {len}");
        }
    }
}
