//! Matrix multiplication on raw strided operands: small products in tiles, others through the `gemm`
//! crates.

use std::num::Wrapping;

use gemm_common::Parallelism;

use super::parallel::{self, Shared, Threads};
use super::tiles::{Element, Form, Product};

/// A matrix somewhere in memory: element `[i, j]` at `start + i * row + j * column`.
pub struct Matrix<C> {
    pub start: *const C,
    pub row: isize,
    pub column: isize,
}

// SAFETY: whoever reads through the address says why nobody writes there.
unsafe impl<C> Sync for Matrix<C> {}

impl<C> Clone for Matrix<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Matrix<C> {}

impl<C> Matrix<C> {
    #[inline(always)]
    pub(super) fn at(&self, i: usize, j: usize) -> *const C {
        self.start
            .wrapping_offset(i as isize * self.row + j as isize * self.column)
    }

    fn transposed(self) -> Self {
        Matrix {
            start: self.start,
            row: self.column,
            column: self.row,
        }
    }
}

/// What a product is added to.
#[derive(Clone, Copy)]
pub enum Start<C> {
    Zero,
    /// What is there.
    There,
    /// A row, to every row.
    Row(*const C),
}

// SAFETY: whoever reads through the address says why nobody writes there.
unsafe impl<C> Sync for Start<C> {}

/// Scalars that matrices multiply in.
pub trait Gemm: Sized {
    /// `dst = start + lhs x rhs`; sizes `[m, k] x [k, n]`.
    ///
    /// # Safety
    /// The operands cover their sizes, as does what it starts with; `dst` is written by nobody else
    /// and does not overlap them.
    unsafe fn product(
        sizes: [usize; 3],
        dst: (*mut Self, isize, isize),
        start: Start<Self>,
        lhs: Matrix<Self>,
        rhs: Matrix<Self>,
        threads: Threads,
    );

    /// `dst = lhs x rhs`, or `dst += lhs x rhs`.
    ///
    /// # Safety
    /// As [`product`](Self::product).
    unsafe fn gemm(
        sizes: [usize; 3],
        dst: (*mut Self, isize, isize),
        add: bool,
        lhs: Matrix<Self>,
        rhs: Matrix<Self>,
        threads: Threads,
    ) {
        let start = if add { Start::There } else { Start::Zero };
        // SAFETY: the caller's promise.
        unsafe { Self::product(sizes, dst, start, lhs, rhs, threads) };
    }
}

/// The most multiply-adds of a product that is computed in tiles whatever its sizes.
const MOST_SMALL: usize = 1 << 22;
/// The same, if the columns of a tile stay in a cache. From 256 to 512 rows and columns tiles were
/// measured at 1.00 to 1.11 times the speed of the `gemm` crates, and 1.7 times where the right operand is
/// to be transposed and there are few rows; at 1024 both are alike.
const MOST_DIRECT: usize = 1 << 27;
/// Rows of the right operand of which the columns of a tile stay in a cache.
const MOST_CACHED: usize = 1024;
/// Rows and columns of a product in tiles that a thread takes at a time.
const PIECE: [usize; 2] = [16, 64];
/// The same where each piece copies its columns first.
const PACKED_PIECE: [usize; 2] = [256, 64];

/// [`Gemm::product`] in tiles, if that is faster than otherwise: whether it did.
///
/// # Safety
/// As [`Gemm::product`].
unsafe fn direct<C: Element>(
    [m, n, k]: [usize; 3],
    (dst, row, column): (*mut C, isize, isize),
    start: Start<C>,
    lhs: Matrix<C>,
    rhs: Matrix<C>,
    threads: Threads,
) -> bool {
    // What is stored by columns is, seen by rows, the product of the transposes in the other order.
    let product = match (row, column, start) {
        (_, 1, _) => Product {
            sizes: [m, n, k],
            dst: Shared::new(dst),
            row,
            start,
            lhs,
            rhs,
        },
        (1, _, Start::Zero | Start::There) => Product {
            sizes: [n, m, k],
            dst: Shared::new(dst),
            row: column,
            start,
            lhs: rhs.transposed(),
            rhs: lhs.transposed(),
        },
        _ => return false,
    };
    let [m, n, k] = product.sizes;
    let Some(form) = product.form() else {
        return false;
    };
    let work = m.saturating_mul(n).saturating_mul(k);
    let cached = k <= MOST_CACHED || form == Form::Dots;
    if work > MOST_SMALL && !(cached && work <= MOST_DIRECT) {
        return false;
    }
    if threads == Threads::One {
        // SAFETY: the caller's promise.
        unsafe { product.run(form) };
        return true;
    }
    let [rows, columns] = match form {
        Form::Packed => PACKED_PIECE,
        Form::Rows | Form::Dots => PIECE,
    };
    let down = m.div_ceil(rows);
    parallel::each(down * n.div_ceil(columns), threads, |piece| {
        let (i, j) = (piece % down * rows, piece / down * columns);
        let part = product.part([i, j], [rows.min(m - i), columns.min(n - j)]);
        // SAFETY: the caller's promise; the parts are disjoint.
        unsafe { part.run(form) };
    });
    true
}

/// The size of the pieces that threads share. It depends on the operands alone: what an element is
/// does not depend on the number of threads, even if a kernel's sums depend on its sizes.
///
/// Each piece packs the operands that do not lie as the kernels want them: `lhs` by columns, `rhs`
/// by rows. So that one is cut that is packed anyway.
fn piece_sizes<C>([m, n]: [usize; 2], lhs: &Matrix<C>, rhs: &Matrix<C>) -> [usize; 2] {
    // Times a vector, columns of `lhs` are read once: longer ones are read faster.
    let least = if n == 1 && lhs.row == 1 { 2048 } else { 64 };
    let rows = (m / 16).next_multiple_of(16).clamp(least, least.max(192));
    let least = if lhs.row == 1 { 128 } else { 256 };
    let columns = (n / 16).next_multiple_of(8).clamp(least, 512);
    if m >= 2 * rows && (rhs.row == 1 || n < 2 * columns) {
        [rows, n]
    } else {
        [m, columns]
    }
}

macro_rules! float_gemm {
    ($C:ty, $get:path) => {
        impl Gemm for $C {
            unsafe fn product(
                [m, n, k]: [usize; 3],
                (dst, row, column): (*mut Self, isize, isize),
                start: Start<Self>,
                lhs: Matrix<Self>,
                rhs: Matrix<Self>,
                threads: Threads,
            ) {
                // SAFETY: the caller's promise.
                if unsafe { direct([m, n, k], (dst, row, column), start, lhs, rhs, threads) } {
                    return;
                }
                if let Start::Row(from) = start {
                    for i in 0..m as isize {
                        for j in 0..n as isize {
                            // SAFETY: as above.
                            unsafe { *dst.offset(i * row + j * column) = *from.offset(j) };
                        }
                    }
                }
                let add = !matches!(start, Start::Zero);
                // The kernels write columns. A product that is stored by rows is, seen by
                // columns, the product of the transposes in the other order.
                let (m, n, row, column, lhs, rhs) = if column.abs() < row.abs() {
                    (n, m, column, row, rhs.transposed(), lhs.transposed())
                } else {
                    (m, n, row, column, lhs, rhs)
                };
                let [rows, columns] = match threads {
                    Threads::One => [m, n],
                    _ => piece_sizes([m, n], &lhs, &rhs),
                };
                let gemm = $get();
                let out = Shared::new(dst);
                let down = m.div_ceil(rows.max(1));
                parallel::each(down * n.div_ceil(columns.max(1)), threads, |piece| {
                    let (i, j) = (piece % down * rows, piece / down * columns);
                    // SAFETY: the caller's promise; the pieces are disjoint parts of `dst`.
                    unsafe {
                        gemm(
                            rows.min(m - i),
                            columns.min(n - j),
                            k,
                            out.get().offset(i as isize * row + j as isize * column),
                            column,
                            row,
                            add,
                            lhs.at(i, 0),
                            lhs.column,
                            lhs.row,
                            rhs.at(0, j),
                            rhs.column,
                            rhs.row,
                            1.0,
                            1.0,
                            false,
                            false,
                            false,
                            Parallelism::None,
                        );
                    }
                });
            }
        }
    };
}
float_gemm!(f32, gemm_f32::gemm::f32::get_gemm_fn);
float_gemm!(f64, gemm_f64::gemm::f64::get_gemm_fn);

macro_rules! integer_gemm {
    ($($T:ty)*) => {$(
        impl Gemm for Wrapping<$T> {
            unsafe fn product(
                [m, n, k]: [usize; 3],
                (dst, row, column): (*mut Self, isize, isize),
                start: Start<Self>,
                lhs: Matrix<Self>,
                rhs: Matrix<Self>,
                _: Threads,
            ) {
                for i in 0..m as isize {
                    for j in 0..n as isize {
                        let mut sum = Wrapping(0);
                        for l in 0..k as isize {
                            // SAFETY: the caller's promise.
                            unsafe {
                                sum += *lhs.start.offset(i * lhs.row + l * lhs.column)
                                    * *rhs.start.offset(l * rhs.row + j * rhs.column);
                            }
                        }
                        // SAFETY: as above.
                        unsafe {
                            let at = dst.offset(i * row + j * column);
                            *at = match start {
                                Start::Zero => sum,
                                Start::There => *at + sum,
                                Start::Row(row) => *row.offset(j) + sum,
                            };
                        }
                    }
                }
            }
        }
    )*};
}
integer_gemm!(u8 i32 i64);
