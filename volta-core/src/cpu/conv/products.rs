//! Sums of products over positions, in tiles of registers: some planes of a gradient times some
//! shifts of the planes that windows lie on.

use pulp::Simd;

use super::lanes::{Lanes, Vector, Work};

/// Planes of the gradient and shifts of a tile, for processors of 32 registers and of fewer.
const TILES_OF_32: [[usize; 2]; 4] = [[6, 4], [4, 6], [2, 10], [1, 12]];
const TILES_OF_16: [[usize; 2]; 2] = [[3, 4], [1, 8]];

/// `sums[o][shift] += sum of gy[image][o][row][column] * x[image][row][column + shift]` over the
/// images, rows and columns.
pub(super) struct Products<'a, C> {
    /// Planes in rows of `width`, those of an image `x_image` after those of another.
    pub(super) x: *const C,
    pub(super) x_image: usize,
    pub(super) width: usize,
    pub(super) shifts: &'a [usize],
    /// Planes `gy_plane` apart, in rows of the columns.
    pub(super) gy: *const C,
    pub(super) gy_image: usize,
    pub(super) gy_plane: usize,
    pub(super) outputs: usize,
    pub(super) images: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Rows of sums are `next` apart.
    pub(super) sums: *mut C,
    pub(super) next: usize,
}

impl<C: Vector> Work<C> for Products<'_, C> {
    type Output = ();

    /// # Safety
    /// The planes and the sums have the sizes that the fields say; nobody else writes to the sums.
    #[inline(always)]
    unsafe fn run<S: Simd>(self, simd: S)
    where
        C: Lanes<S>,
    {
        // Steps of products, each with what it loads.
        let cost = |&&[rows, across]: &&[usize; 2]| {
            let tiles = self.outputs.div_ceil(rows) * self.shifts.len().div_ceil(across);
            tiles * (2 * rows * across + rows + across)
        };
        let sizes: &[[usize; 2]] = match S::REGISTER_COUNT {
            32.. => &TILES_OF_32,
            _ => &TILES_OF_16,
        };
        let rows = sizes.iter().min_by_key(cost).expect("some sizes")[0];
        // SAFETY: the caller's promise.
        unsafe {
            if const { S::REGISTER_COUNT >= 32 } {
                match rows {
                    6 => self.all::<S, 6, 4>(simd),
                    4 => self.all::<S, 4, 6>(simd),
                    2 => self.all::<S, 2, 10>(simd),
                    _ => self.all::<S, 1, 12>(simd),
                }
            } else {
                match rows {
                    3 => self.all::<S, 3, 4>(simd),
                    _ => self.all::<S, 1, 8>(simd),
                }
            }
        }
    }
}

impl<C: Vector> Products<'_, C> {
    /// # Safety
    /// As [`run`](Work::run).
    #[inline(always)]
    unsafe fn all<S: Simd, const R: usize, const T: usize>(&self, simd: S)
    where
        C: Lanes<S>,
    {
        for first in (0..self.outputs).step_by(R) {
            for (at, shifts) in self.shifts.chunks(T).enumerate() {
                // Those that are not there are another, and left out.
                let rows: [usize; R] =
                    std::array::from_fn(|r| (first + r).min(self.outputs - 1) * self.gy_plane);
                let across: [usize; T] = std::array::from_fn(|t| shifts[t.min(shifts.len() - 1)]);
                // SAFETY: the caller's promise.
                unsafe {
                    let sums = self.one::<S, R, T>(simd, &rows, &across);
                    for (r, sums) in sums.iter().enumerate().take(self.outputs - first) {
                        let to = self.sums.add((first + r) * self.next + at * T);
                        for (t, sum) in sums.iter().enumerate().take(shifts.len()) {
                            *to.add(t) = *to.add(t) + *sum;
                        }
                    }
                }
            }
        }
    }

    /// # Safety
    /// As [`run`](Work::run); `rows` and `shifts` are among those of the planes.
    #[inline(always)]
    unsafe fn one<S: Simd, const R: usize, const T: usize>(
        &self,
        simd: S,
        rows: &[usize; R],
        shifts: &[usize; T],
    ) -> [[C; T]; R]
    where
        C: Lanes<S>,
    {
        // Loops and not closures: those are inlined at the highest level of optimisation only.
        let zero = C::splat(simd, C::default());
        let mut sums = [[zero; T]; R];
        let whole = self.columns / C::LANES * C::LANES;
        let rest = C::between(simd, 0, self.columns - whole);
        for image in 0..self.images {
            for row in 0..self.rows {
                // SAFETY: the positions are those of the planes; of the last vector only those
                // lanes are read that are columns.
                unsafe {
                    let x = self.x.add(image * self.x_image + row * self.width);
                    let gy = self.gy.add(image * self.gy_image + row * self.columns);
                    let mut column = 0;
                    while column < whole {
                        let mut values = [zero; R];
                        for r in 0..R {
                            values[r] = C::load(simd, gy.add(rows[r] + column));
                        }
                        for t in 0..T {
                            let x = C::load(simd, x.add(shifts[t] + column));
                            for r in 0..R {
                                sums[r][t] = C::mul_add(simd, values[r], x, sums[r][t]);
                            }
                        }
                        column += C::LANES;
                    }
                    if whole < self.columns {
                        let mut values = [zero; R];
                        for r in 0..R {
                            values[r] = C::load_some(simd, rest, gy.add(rows[r] + whole));
                        }
                        for t in 0..T {
                            let x = C::load_some(simd, rest, x.add(shifts[t] + whole));
                            for r in 0..R {
                                sums[r][t] = C::mul_add(simd, values[r], x, sums[r][t]);
                            }
                        }
                    }
                }
            }
        }
        let mut totals = [[C::default(); T]; R];
        for r in 0..R {
            for t in 0..T {
                totals[r][t] = C::sum(simd, sums[r][t]);
            }
        }
        totals
    }
}
