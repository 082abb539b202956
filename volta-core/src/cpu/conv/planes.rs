//! Planes laid out for windows: with the padding written out, and the positions that lie a stride
//! apart side by side. Every window then is a shift of the whole plane, and a row of windows a row of
//! neighbours.

use pulp::Simd;

use super::lanes::{Lanes, Vector, Work};

/// How the planes of an image are laid out: `[channel][phase][row][column]`, where the phase is a
/// position's remainder by the stride.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planes {
    /// Height and width of a plane of the image.
    pub(super) input: [usize; 2],
    pub(super) stride: [usize; 2],
    /// Positions before the image, on each axis. Less than none leaves out some of the image.
    pub(super) before: [isize; 2],
    /// Phases that windows ask for, on each axis.
    pub(super) phases: [usize; 2],
    /// Columns of each phase.
    pub(super) width: usize,
}

impl Planes {
    /// Elements of a channel of so many rows of each phase.
    pub(super) fn channel(&self, rows: usize) -> usize {
        self.phases[0] * self.phases[1] * rows * self.width
    }
}

/// Lays out `rows` rows of each phase, from row `first` on, of neighbouring channels. A vector more
/// may be written after the last one.
pub(super) struct LayOut<'a, C> {
    pub(super) planes: &'a Planes,
    pub(super) image: *const C,
    pub(super) channels: usize,
    pub(super) first: usize,
    pub(super) rows: usize,
    pub(super) to: *mut C,
}

impl<C: Vector> Work<C> for LayOut<'_, C> {
    type Output = ();

    /// # Safety
    /// `image` has the channels, and `to` has room for as many channels of so many rows.
    #[inline(always)]
    unsafe fn run<S: Simd>(self, simd: S)
    where
        C: Lanes<S>,
    {
        let Planes {
            input: [height, across],
            stride,
            before,
            phases,
            width,
        } = *self.planes;
        let mut to = self.to;
        for channel in 0..self.channels {
            let plane = self.image.wrapping_add(channel * height * across);
            for a in 0..phases[0] {
                for b in 0..phases[1] {
                    // Columns inside the image: 0 <= column * stride + b - before < across.
                    let shift = b as isize - before[1];
                    let inside = |end: isize| (end.max(0) as usize).div_ceil(stride[1]).min(width);
                    let (from, end) = (inside(-shift), inside(across as isize - shift));
                    let start = (from * stride[1]) as isize + shift;
                    let outside = width - (end.max(from) - from);
                    for row in self.first..self.first + self.rows {
                        let h = (row * stride[0] + a) as isize - before[0];
                        let there = (0..height as isize).contains(&h) && from < end;
                        let source = plane.wrapping_offset(h * across as isize + start);
                        // SAFETY: the row, if there, has columns from `start` on, one for each of
                        // `from..end`; there is room for the whole row and a vector.
                        unsafe {
                            if !there || outside > C::LANES {
                                clear(simd, to, width);
                            } else if row == self.first {
                                C::store(simd, to, C::splat(simd, C::default()));
                            }
                            if there {
                                copy(simd, source, stride[1], to.add(from), end - from);
                            }
                            if outside <= C::LANES {
                                // To the end of this row and from the start of the next, which is
                                // not written yet.
                                C::store(simd, to.add(end), C::splat(simd, C::default()));
                            }
                            to = to.add(width);
                        }
                    }
                }
            }
        }
    }
}

/// # Safety
/// There is room for `len` elements.
#[inline(always)]
unsafe fn clear<S: Simd, C: Lanes<S> + Default>(simd: S, to: *mut C, len: usize) {
    let zero = C::splat(simd, C::default());
    // SAFETY: all that is written is among the `len`.
    unsafe {
        if len < C::LANES {
            return C::store_some(simd, C::between(simd, 0, len), to, zero);
        }
        let mut at = 0;
        while at + C::LANES <= len {
            C::store(simd, to.add(at), zero);
            at += C::LANES;
        }
        C::store(simd, to.add(len - C::LANES), zero);
    }
}

/// # Safety
/// There are `len` elements `stride` apart from `from` on, and room for as many, apart from them.
#[inline(always)]
unsafe fn copy<S: Simd, C: Lanes<S>>(
    simd: S,
    from: *const C,
    stride: usize,
    to: *mut C,
    len: usize,
) {
    // SAFETY: the caller's promise; all that is read and written is among the `len`.
    unsafe {
        if stride == 2 {
            // A constant is made into shuffles of vectors.
            for at in 0..len {
                *to.add(at) = *from.add(at * 2);
            }
        } else if stride > 1 {
            for at in 0..len {
                *to.add(at) = *from.add(at * stride);
            }
        } else if len < C::LANES {
            let some = C::between(simd, 0, len);
            C::store_some(simd, some, to, C::load_some(simd, some, from));
        } else {
            let last = len - C::LANES;
            let mut at = 0;
            while at < last {
                C::store(simd, to.add(at), C::load(simd, from.add(at)));
                at += C::LANES;
            }
            C::store(simd, to.add(last), C::load(simd, from.add(last)));
        }
    }
}
