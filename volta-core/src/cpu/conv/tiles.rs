//! Sums over windows in tiles of registers: some channels of the output times some vectors of
//! neighbouring positions.

use std::mem::MaybeUninit;

use pulp::Simd;

use super::lanes::{Lanes, Vector, Work};

/// Registers of a tile's positions at most, and bytes of one.
const MOST_VECTORS: usize = 8;
const WIDEST: usize = 64;
/// Lanes of all of them at most: the scalars have four bytes or more.
const MOST_LANES: usize = MOST_VECTORS * WIDEST / 4;

/// The output channels and the vectors of positions of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TileSize {
    pub(super) outputs: usize,
    /// Positions, not vectors.
    pub(super) positions: usize,
}

/// The tiles for processors of 32 registers and of fewer: as many sums as there is room for beside
/// a few vectors of positions and a weight.
const TILES_OF_32: [[usize; 2]; 5] = [[8, 3], [6, 4], [4, 6], [2, 8], [1, 8]];
const TILES_OF_16: [[usize; 2]; 3] = [[4, 3], [2, 4], [1, 6]];

/// The tile in which so many output channels take the fewest steps.
pub(super) fn tile_for<C: Vector>(outputs: usize) -> TileSize {
    struct Choose(usize);
    impl<C> Work<C> for Choose {
        type Output = TileSize;
        #[inline(always)]
        unsafe fn run<S: Simd>(self, _: S) -> TileSize
        where
            C: Lanes<S>,
        {
            let sizes: &[[usize; 2]] = match S::REGISTER_COUNT {
                32.. => &TILES_OF_32,
                _ => &TILES_OF_16,
            };
            // A step costs its products, and about one more to load what it multiplies.
            let cost = |&&[rows, _]: &&[usize; 2]| self.0.div_ceil(rows) * (rows + 1);
            let &[outputs, vectors] = sizes.iter().min_by_key(cost).expect("some sizes");
            TileSize {
                outputs,
                positions: vectors * C::LANES,
            }
        }
    }
    // SAFETY: the work asks for nothing.
    unsafe { C::with_vectors(Choose(outputs)) }
}

/// `out[o][row][column] = sum of w[o][channel][tap] * x[channel][row][column + tap]` over the
/// channels and taps.
pub(super) struct Sums<'a, C> {
    pub(super) tile: TileSize,
    /// The planes: `channels` of them, `plane` apart, in rows of `width`. After the last one a
    /// tile's positions more can be read.
    pub(super) x: *const C,
    pub(super) plane: usize,
    pub(super) channels: usize,
    pub(super) width: usize,
    /// How far the plane is shifted for each element of the window.
    pub(super) taps: &'a [usize],
    /// For each tile of outputs, `next` apart: the weights of each channel and tap, those of the
    /// tile's outputs side by side.
    pub(super) w: *const C,
    pub(super) next: usize,
    pub(super) outputs: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) out: Place<C>,
    /// Adds to what is there.
    pub(super) add: bool,
}

/// Where results go: element `[output, row, column]` at the sum of the three times their steps.
#[derive(Clone, Copy)]
pub(super) struct Place<C> {
    pub(super) start: *mut C,
    pub(super) plane: usize,
    pub(super) row: usize,
    pub(super) column: usize,
}

/// Lanes of a vector that are columns of one row, and where lane 0 would go.
#[derive(Clone, Copy)]
struct Run {
    from: usize,
    to: usize,
    at: isize,
}

impl<C: Vector> Work<C> for Sums<'_, C> {
    type Output = ();

    /// # Safety
    /// The planes, the weights and the place have the sizes that the fields say; nobody else writes
    /// to the place, and `tile` comes from [`tile_for`].
    #[inline(always)]
    unsafe fn run<S: Simd>(self, simd: S)
    where
        C: Lanes<S>,
    {
        // SAFETY: the caller's promise.
        unsafe {
            if const { S::REGISTER_COUNT >= 32 } {
                match self.tile.outputs {
                    8 => self.all::<S, 8, 3, 2, 1>(simd),
                    6 => self.all::<S, 6, 4, 2, 1>(simd),
                    4 => self.all::<S, 4, 6, 4, 2>(simd),
                    2 => self.all::<S, 2, 8, 4, 2>(simd),
                    _ => self.all::<S, 1, 8, 4, 2>(simd),
                }
            } else {
                match self.tile.outputs {
                    4 => self.all::<S, 4, 3, 2, 1>(simd),
                    2 => self.all::<S, 2, 4, 2, 1>(simd),
                    _ => self.all::<S, 1, 6, 4, 2>(simd),
                }
            }
        }
    }
}

impl<C: Vector> Sums<'_, C> {
    /// Every tile, the last ones of fewer vectors. Positions are counted through the rows of the
    /// planes: those past the last column are computed too, and left out.
    ///
    /// # Safety
    /// As [`run`](Work::run).
    #[inline(always)]
    unsafe fn all<S: Simd, const R: usize, const V: usize, const SOME: usize, const FEW: usize>(
        &self,
        simd: S,
    ) where
        C: Lanes<S>,
    {
        let end = (self.rows - 1) * self.width + self.columns;
        let mut start = 0;
        while start < end {
            let vectors = (end - start).div_ceil(C::LANES);
            // SAFETY: the caller's promise.
            let done = unsafe {
                if vectors <= FEW {
                    self.column::<S, R, FEW>(simd, start, end)
                } else if vectors <= SOME {
                    self.column::<S, R, SOME>(simd, start, end)
                } else {
                    self.column::<S, R, V>(simd, start, end)
                }
            };
            start += done;
        }
    }

    /// The tiles of all outputs at these positions, and how many those are.
    ///
    /// # Safety
    /// As [`run`](Work::run).
    #[inline(always)]
    unsafe fn column<S: Simd, const R: usize, const V: usize>(
        &self,
        simd: S,
        start: usize,
        end: usize,
    ) -> usize
    where
        C: Lanes<S>,
    {
        const { assert!(V <= MOST_VECTORS && size_of::<C>() >= 4) };
        let mut runs = [MaybeUninit::uninit(); MOST_LANES];
        let mut ends = [0; V];
        let mut found = 0;
        for (v, last) in ends.iter_mut().enumerate() {
            let vector = start + v * C::LANES;
            self.for_runs(vector, end.min(vector + C::LANES), |run| {
                runs[found].write(run);
                found += 1;
            });
            *last = found;
        }
        // SAFETY: as many runs are written as were found.
        let runs = unsafe { std::slice::from_raw_parts(runs.as_ptr().cast::<Run>(), found) };
        let is_next = |v: usize, run: &Run| {
            run.to - run.from == C::LANES && run.at == runs[0].at + (v * C::LANES) as isize
        };
        let in_order = runs.iter().enumerate().all(|(v, run)| is_next(v, run));
        let whole = in_order && found == V && self.out.column == 1 && !self.add;
        for tile in 0..self.outputs.div_ceil(R) {
            let outputs = tile * R..self.outputs.min((tile + 1) * R);
            // SAFETY: the caller's promise: the planes go on for a tile of positions.
            unsafe {
                let out = self.out.start.add(outputs.start * self.out.plane);
                let (x, w) = (self.x.add(start), self.w.add(tile * self.next));
                self.one::<S, R, V>(simd, x, w, out, outputs.len(), runs, &ends, whole);
            }
        }
        V * C::LANES
    }

    /// The runs of columns among the positions `from..to`, the lanes of one vector.
    #[inline(always)]
    fn for_runs(&self, from: usize, to: usize, mut run: impl FnMut(Run)) {
        let mut position = from;
        while position < to {
            let (row, column) = (position / self.width, position % self.width);
            let end = to.min(row * self.width + self.columns);
            if column < self.columns {
                let lane = position - from;
                let first = column as isize - lane as isize;
                run(Run {
                    from: lane,
                    to: end - from,
                    at: (row * self.out.row) as isize + first * self.out.column as isize,
                });
            }
            position = (row + 1) * self.width;
        }
    }

    /// One tile, of which the first `outputs` channels are there; if its columns are a `whole` row of
    /// vectors, the sums go there from the registers.
    ///
    /// # Safety
    /// As [`run`](Work::run).
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "they stay in registers")]
    unsafe fn one<S: Simd, const R: usize, const V: usize>(
        &self,
        simd: S,
        mut x: *const C,
        mut w: *const C,
        out: *mut C,
        outputs: usize,
        runs: &[Run],
        ends: &[usize; V],
        whole: bool,
    ) where
        C: Lanes<S>,
    {
        let zero = C::splat(simd, C::default());
        let mut sums = [[zero; V]; R];
        for _ in 0..self.channels {
            for &tap in self.taps {
                // SAFETY: a tap stays within the rows that the planes have.
                unsafe {
                    let at = x.add(tap);
                    let mut values = [zero; V];
                    for (v, value) in values.iter_mut().enumerate() {
                        *value = C::load(simd, at.add(v * C::LANES));
                    }
                    for (r, sums) in sums.iter_mut().enumerate() {
                        let w = C::splat(simd, *w.add(r));
                        for (sum, x) in sums.iter_mut().zip(values) {
                            *sum = C::mul_add(simd, w, x, *sum);
                        }
                    }
                    w = w.add(R);
                }
            }
            x = x.wrapping_add(self.plane);
        }
        if whole {
            for (r, sums) in sums.iter().enumerate() {
                if r < outputs {
                    // SAFETY: the vectors' lanes are columns of the place, side by side.
                    unsafe {
                        let to = out.add(r * self.out.plane).wrapping_offset(runs[0].at);
                        for (v, sum) in sums.iter().enumerate() {
                            C::store(simd, to.add(v * C::LANES), *sum);
                        }
                    }
                }
            }
            return;
        }
        // Through memory, so that the sums are in registers until here: they are picked by number
        // below.
        let mut values = [zero; 24];
        let values = values.as_mut_ptr();
        for (r, sums) in sums.iter().enumerate() {
            for (v, sum) in sums.iter().enumerate() {
                const { assert!(R * V <= 24) };
                // SAFETY: there are as many values.
                unsafe { values.add(r * V + v).write(*sum) };
            }
        }
        let mut first = 0;
        for (v, &end) in ends.iter().enumerate() {
            for &run in &runs[first..end] {
                for r in 0..outputs {
                    // SAFETY: a run's lanes are columns of the place.
                    unsafe {
                        let to = out.add(r * self.out.plane).wrapping_offset(run.at);
                        self.put(simd, *values.add(r * V + v), run, to);
                    }
                }
            }
            first = end;
        }
    }

    /// # Safety
    /// The run's lanes have places from `to` on.
    #[inline(always)]
    unsafe fn put<S: Simd>(&self, simd: S, value: C::Vector, run: Run, to: *mut C)
    where
        C: Lanes<S>,
    {
        // SAFETY: the caller's promise.
        unsafe {
            if self.out.column == 1 && run.to - run.from == C::LANES {
                let value = match self.add {
                    true => C::plus(simd, value, C::load(simd, to)),
                    false => value,
                };
                return C::store(simd, to, value);
            }
            if self.out.column == 1 {
                let some = C::between(simd, run.from, run.to);
                let value = match self.add {
                    true => C::plus(simd, value, C::load_some(simd, some, to)),
                    false => value,
                };
                return C::store_some(simd, some, to, value);
            }
            let mut lanes = [C::default(); WIDEST / 4];
            C::store(simd, lanes.as_mut_ptr(), value);
            for (lane, &value) in lanes.iter().enumerate().take(run.to).skip(run.from) {
                let to = to.wrapping_add(lane * self.out.column);
                to.write(if self.add { *to + value } else { value });
            }
        }
    }
}
