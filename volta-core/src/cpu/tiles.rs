//! Products of matrices, a tile of the result at a time in registers. At most a few columns of the right
//! operand are copied at a time, where they do not lie as they are needed.
//!
//! An element is summed alike in a tile of any size: how a product is cut changes no bit of it.

use std::array::from_fn;

use pulp::{MemMask, Simd, WithSimd};

use super::gemm::{Matrix, Start};
use super::parallel::Shared;
use super::storage::Unwritten;

/// A scalar, and vectors of it.
pub(super) trait Element: Copy + Send + Sync + 'static {
    type Vector<S: Simd>: Copy;
    /// Which elements of a vector count.
    type Mask<S: Simd>: Copy;
    const ZERO: Self;

    fn lanes<S: Simd>() -> usize;
    fn splat<S: Simd>(simd: S, value: Self) -> Self::Vector<S>;
    fn add<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    /// `a b + c`.
    fn mul_add<S: Simd>(
        simd: S,
        a: Self::Vector<S>,
        b: Self::Vector<S>,
        c: Self::Vector<S>,
    ) -> Self::Vector<S>;
    /// The sum of the elements.
    fn sum<S: Simd>(simd: S, x: Self::Vector<S>) -> Self;
    fn plus(self, other: Self) -> Self;
    /// The first `count` elements.
    fn first<S: Simd>(simd: S, count: usize) -> Self::Mask<S>;
    /// # Safety
    /// There are as many elements as lanes.
    unsafe fn load<S: Simd>(from: *const Self) -> Self::Vector<S>;
    /// Zeros where the mask does not hold.
    ///
    /// # Safety
    /// There are elements where the mask holds.
    unsafe fn load_masked<S: Simd>(
        simd: S,
        mask: Self::Mask<S>,
        from: *const Self,
    ) -> Self::Vector<S>;
    /// # Safety
    /// There is room for as many elements as lanes.
    unsafe fn store<S: Simd>(to: *mut Self, x: Self::Vector<S>);
    /// # Safety
    /// There is room for elements where the mask holds.
    unsafe fn store_masked<S: Simd>(
        simd: S,
        mask: Self::Mask<S>,
        to: *mut Self,
        x: Self::Vector<S>,
    );
}

macro_rules! element {
    ($C:ty, $Bits:ty, $BitsVector:ident, $Vector:ident, $Mask:ident, $lanes:ident,
        $splat:ident $add:ident $mul_add:ident $sum:ident $splat_bits:ident $less:ident $load:ident $store:ident) => {
        impl Element for $C {
            type Vector<S: Simd> = S::$Vector;
            type Mask<S: Simd> = MemMask<S::$Mask>;
            const ZERO: Self = 0.0;

            #[inline(always)]
            fn lanes<S: Simd>() -> usize {
                S::$lanes
            }
            #[inline(always)]
            fn splat<S: Simd>(simd: S, value: Self) -> S::$Vector {
                simd.$splat(value)
            }
            #[inline(always)]
            fn add<S: Simd>(simd: S, a: S::$Vector, b: S::$Vector) -> S::$Vector {
                simd.$add(a, b)
            }
            #[inline(always)]
            fn mul_add<S: Simd>(
                simd: S,
                a: S::$Vector,
                b: S::$Vector,
                c: S::$Vector,
            ) -> S::$Vector {
                simd.$mul_add(a, b, c)
            }
            #[inline(always)]
            fn sum<S: Simd>(simd: S, x: S::$Vector) -> Self {
                simd.$sum(x)
            }
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn first<S: Simd>(simd: S, count: usize) -> MemMask<S::$Mask> {
                let numbers: [$Bits; WIDEST] = from_fn(|lane| lane as $Bits);
                // SAFETY: no vector is wider.
                let lane = unsafe { numbers.as_ptr().cast::<S::$BitsVector>().read_unaligned() };
                simd.$less(lane, simd.$splat_bits(count as $Bits)).into()
            }
            #[inline(always)]
            unsafe fn load<S: Simd>(from: *const Self) -> S::$Vector {
                // SAFETY: the caller's promise; a vector is its elements.
                unsafe { from.cast::<S::$Vector>().read_unaligned() }
            }
            #[inline(always)]
            unsafe fn load_masked<S: Simd>(
                simd: S,
                mask: MemMask<S::$Mask>,
                from: *const Self,
            ) -> S::$Vector {
                // SAFETY: the caller's promise.
                unsafe { simd.$load(mask, from) }
            }
            #[inline(always)]
            unsafe fn store<S: Simd>(to: *mut Self, x: S::$Vector) {
                // SAFETY: the caller's promise; a vector is its elements.
                unsafe { to.cast::<S::$Vector>().write_unaligned(x) }
            }
            #[inline(always)]
            unsafe fn store_masked<S: Simd>(
                simd: S,
                mask: MemMask<S::$Mask>,
                to: *mut Self,
                x: S::$Vector,
            ) {
                // SAFETY: the caller's promise.
                unsafe { simd.$store(mask, to, x) }
            }
        }
    };
}
/// The most lanes of a vector.
const WIDEST: usize = 64;
element!(f32, u32, u32s, f32s, m32s, F32_LANES,
    splat_f32s add_f32s mul_add_e_f32s reduce_sum_f32s splat_u32s less_than_u32s mask_load_ptr_f32s mask_store_ptr_f32s);
element!(f64, u64, u64s, f64s, m64s, F64_LANES,
    splat_f64s add_f64s mul_add_e_f64s reduce_sum_f64s splat_u64s less_than_u64s mask_load_ptr_f64s mask_store_ptr_f64s);

/// `dst = start + lhs x rhs`; sizes `[m, k] x [k, n]`. The rows of `dst` are `row` apart, and their
/// elements lie next to each other.
pub(super) struct Product<C> {
    pub(super) sizes: [usize; 3],
    pub(super) dst: Shared<C>,
    pub(super) row: isize,
    pub(super) start: Start<C>,
    pub(super) lhs: Matrix<C>,
    pub(super) rhs: Matrix<C>,
}

/// How a product is computed. The sums of each have an order of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `rhs` by rows: its vectors are multiplied by single elements of `lhs`.
    Rows,
    /// The same, with columns of `rhs` copied to rows first.
    Packed,
    /// `lhs` by rows and `rhs` by columns: vectors of both are multiplied, and summed at the end.
    Dots,
}

/// Rows and columns that are copied at a time.
const BLOCK: usize = 8;

/// Rows that a copy of the columns that they are multiplied with pays for, at least.
const LEAST_PACKED: usize = 8;

impl<C: Element> Product<C> {
    /// How it is computed fastest, if in tiles at all.
    pub(super) fn form(&self) -> Option<Form> {
        let [m, n, k] = self.sizes;
        let dots = k == 1 || self.lhs.column == 1 && self.rhs.row == 1;
        let rows = self.rhs.column == 1 || n == 1;
        // The sum over the lanes of a tile takes as long as 60 elements more of `k`, and a copied element
        // as long as some 30 multiply-adds.
        let pays = m >= LEAST_PACKED.max(k / 4 * 3);
        match (rows, dots) {
            (true, true) if n == 1 => Some(Form::Dots),
            (true, _) => Some(Form::Rows),
            (false, _) if pays => Some(Form::Packed),
            (false, true) => Some(Form::Dots),
            (false, false) => None,
        }
    }

    /// The part of the result from row `i` and column `j` on, of so many rows and columns.
    pub(super) fn part(&self, [i, j]: [usize; 2], [rows, columns]: [usize; 2]) -> Self {
        let [_, _, k] = self.sizes;
        let at = |x: &Matrix<C>, i, j| Matrix {
            start: x.at(i, j),
            ..*x
        };
        Product {
            sizes: [rows, columns, k],
            dst: Shared::new(self.at(i, j)),
            row: self.row,
            start: match self.start {
                Start::Row(row) => Start::Row(row.wrapping_add(j)),
                other => other,
            },
            lhs: at(&self.lhs, i, 0),
            rhs: at(&self.rhs, 0, j),
        }
    }

    /// Computes it.
    ///
    /// # Safety
    /// The operands cover their sizes, as does what it starts with; `dst` is written by nobody else
    /// and does not overlap them. The form is this product's, or that of one that it is a part of.
    pub(super) unsafe fn run(self, form: Form) {
        pulp::Arch::new().dispatch(Run(self, form));
    }
}

struct Run<C>(Product<C>, Form);

impl<C: Element> WithSimd for Run<C> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Run(product, form) = self;
        // As many sums as there are registers for. What a `const` rules out is not compiled.
        // SAFETY: the promise of `Product::run`.
        unsafe {
            if const { S::REGISTER_COUNT >= 32 } {
                match form {
                    Form::Rows => product.rows::<S, 4, 4>(simd),
                    Form::Packed => product.packed::<S, 4, 4>(simd),
                    Form::Dots => product.dots::<S, 4, 4>(simd),
                }
            } else {
                match form {
                    Form::Rows => product.rows::<S, 4, 2>(simd),
                    Form::Packed => product.packed::<S, 4, 2>(simd),
                    Form::Dots => product.dots::<S, 2, 4>(simd),
                }
            }
        }
    }
}

impl<C: Element> Product<C> {
    /// Tiles of `R` rows and `V` vectors.
    ///
    /// # Safety
    /// As [`run`](Self::run), in the form of the name.
    #[inline(always)]
    unsafe fn rows<S: Simd, const R: usize, const V: usize>(&self, simd: S) {
        let ([m, n, _], lanes) = (self.sizes, C::lanes::<S>());
        let all = C::first::<S>(simd, lanes);
        let mut j = 0;
        // SAFETY: the caller's promise; tiles are inside the result.
        unsafe {
            while n - j >= V * lanes {
                let mut i = 0;
                while m - i >= R {
                    self.rows_tile::<S, R, V, false>(simd, i, j, all);
                    i += R;
                }
                while i < m {
                    self.rows_tile::<S, 1, V, false>(simd, i, j, all);
                    i += 1;
                }
                j += V * lanes;
            }
            while j < n {
                let mask = C::first::<S>(simd, lanes.min(n - j));
                let mut i = 0;
                while m - i >= 8 {
                    self.rows_tile::<S, 8, 1, true>(simd, i, j, mask);
                    i += 8;
                }
                while i < m {
                    self.rows_tile::<S, 1, 1, true>(simd, i, j, mask);
                    i += 1;
                }
                j += lanes;
            }
        }
    }

    /// The tile from row `i` and column `j` on.
    ///
    /// # Safety
    /// As [`rows`](Self::rows). The tile is inside the result, where the mask holds if it is
    /// `MASKED`.
    #[inline(always)]
    unsafe fn rows_tile<S: Simd, const R: usize, const V: usize, const MASKED: bool>(
        &self,
        simd: S,
        i: usize,
        j: usize,
        mask: C::Mask<S>,
    ) {
        let lanes = C::lanes::<S>();
        // SAFETY: the caller's promise, for all loads and stores.
        unsafe {
            let load = |from: *const C| match MASKED {
                true => C::load_masked::<S>(simd, mask, from),
                false => C::load::<S>(from),
            };
            let zero = C::splat(simd, C::ZERO);
            let mut sums = [[zero; V]; R];
            let (mut a, mut b) = (self.lhs.at(i, 0), self.rhs.at(0, j));
            for _ in 0..self.sizes[2] {
                let vectors: [_; V] = from_fn(|v| load(b.wrapping_add(v * lanes)));
                for (r, sums) in sums.iter_mut().enumerate() {
                    let one = C::splat(simd, *a.wrapping_offset(r as isize * self.lhs.row));
                    for (sum, vector) in sums.iter_mut().zip(vectors) {
                        *sum = C::mul_add(simd, one, vector, *sum);
                    }
                }
                a = a.wrapping_offset(self.lhs.column);
                b = b.wrapping_offset(self.rhs.row);
            }
            for (r, sums) in sums.into_iter().enumerate() {
                for (v, sum) in sums.into_iter().enumerate() {
                    let at = j + v * lanes;
                    let to = self.at(i + r, at);
                    let sum = match self.start {
                        Start::Zero => sum,
                        Start::There => C::add(simd, sum, load(to)),
                        Start::Row(row) => C::add(simd, sum, load(row.wrapping_add(at))),
                    };
                    match MASKED {
                        true => C::store_masked::<S>(simd, mask, to, sum),
                        false => C::store::<S>(to, sum),
                    }
                }
            }
        }
    }

    /// [`rows`](Self::rows) of as many columns at a time as a tile has, copied to rows.
    ///
    /// # Safety
    /// As [`run`](Self::run).
    #[inline(always)]
    unsafe fn packed<S: Simd, const R: usize, const V: usize>(&self, simd: S) {
        let ([m, n, k], width) = (self.sizes, V * C::lanes::<S>());
        let mut panel = Unwritten::new(&[k, width]);
        for j in (0..n).step_by(width) {
            let part = self.part([0, j], [m, width.min(n - j)]);
            // SAFETY: the caller's promise; the panel has `k` rows of `width` elements, of which
            // those are read that were written.
            unsafe {
                part.pack(panel.as_mut_ptr(), width);
                let rhs = Matrix {
                    start: panel.as_mut_ptr().cast_const(),
                    row: width as isize,
                    column: 1,
                };
                Product { rhs, ..part }.rows::<S, R, V>(simd);
            }
        }
    }

    /// Copies `rhs` to rows that begin `width` elements apart.
    ///
    /// # Safety
    /// As [`run`](Self::run); there is room for the rows.
    #[inline(always)]
    unsafe fn pack(&self, to: *mut C, width: usize) {
        let [_, n, k] = self.sizes;
        let (whole_k, whole_n) = match self.rhs.row {
            1 => (k / BLOCK * BLOCK, n / BLOCK * BLOCK),
            _ => (0, 0),
        };
        // SAFETY: the caller's promise, for all reads and writes.
        unsafe {
            for l in (0..whole_k).step_by(BLOCK) {
                for j in (0..whole_n).step_by(BLOCK) {
                    let columns: [[C; BLOCK]; BLOCK] =
                        from_fn(|c| self.rhs.at(l, j + c).cast::<[C; BLOCK]>().read_unaligned());
                    for r in 0..BLOCK {
                        let row = columns.map(|column| column[r]);
                        let to = to.wrapping_add((l + r) * width + j);
                        to.cast::<[C; BLOCK]>().write_unaligned(row);
                    }
                }
            }
            for l in 0..k {
                let first = if l < whole_k { whole_n } else { 0 };
                for j in first..n {
                    *to.wrapping_add(l * width + j) = *self.rhs.at(l, j);
                }
            }
        }
    }

    /// Tiles of `R` rows and `Q` columns.
    ///
    /// # Safety
    /// As [`run`](Self::run), in the form of the name.
    #[inline(always)]
    unsafe fn dots<S: Simd, const R: usize, const Q: usize>(&self, simd: S) {
        let [m, n, _] = self.sizes;
        let mut j = 0;
        // SAFETY: the caller's promise; tiles are inside the result.
        unsafe {
            while n - j >= Q {
                let mut i = 0;
                while m - i >= R {
                    self.dots_tile::<S, R, Q>(simd, i, j);
                    i += R;
                }
                while i < m {
                    self.dots_tile::<S, 1, Q>(simd, i, j);
                    i += 1;
                }
                j += Q;
            }
            while j < n {
                let mut i = 0;
                while m - i >= R {
                    self.dots_tile::<S, R, 1>(simd, i, j);
                    i += R;
                }
                while i < m {
                    self.dots_tile::<S, 1, 1>(simd, i, j);
                    i += 1;
                }
                j += 1;
            }
        }
    }

    /// The tile from row `i` and column `j` on.
    ///
    /// # Safety
    /// As [`dots`](Self::dots); the tile is inside the result.
    #[inline(always)]
    unsafe fn dots_tile<S: Simd, const R: usize, const Q: usize>(
        &self,
        simd: S,
        i: usize,
        j: usize,
    ) {
        let (lanes, k) = (C::lanes::<S>(), self.sizes[2]);
        let zero = C::splat(simd, C::ZERO);
        let mut sums = [[zero; Q]; R];
        let a: [_; R] = from_fn(|r| self.lhs.at(i + r, 0));
        let b: [_; Q] = from_fn(|q| self.rhs.at(0, j + q));
        let mut multiply = |a: [C::Vector<S>; R], b: [C::Vector<S>; Q]| {
            for (sums, a) in sums.iter_mut().zip(a) {
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum = C::mul_add(simd, a, b, *sum);
                }
            }
        };
        // SAFETY: the caller's promise, for all loads and stores.
        unsafe {
            let mut l = 0;
            while k - l >= lanes {
                multiply(
                    a.map(|a| C::load::<S>(a.wrapping_add(l))),
                    b.map(|b| C::load::<S>(b.wrapping_add(l))),
                );
                l += lanes;
            }
            if l < k {
                let mask = C::first::<S>(simd, k - l);
                multiply(
                    a.map(|a| C::load_masked::<S>(simd, mask, a.wrapping_add(l))),
                    b.map(|b| C::load_masked::<S>(simd, mask, b.wrapping_add(l))),
                );
            }
            for (r, sums) in sums.into_iter().enumerate() {
                for (q, sum) in sums.into_iter().enumerate() {
                    let to = self.at(i + r, j + q);
                    let sum = C::sum(simd, sum);
                    *to = match self.start {
                        Start::Zero => sum,
                        Start::There => sum.plus(*to),
                        Start::Row(row) => sum.plus(*row.wrapping_add(j + q)),
                    };
                }
            }
        }
    }

    #[inline(always)]
    fn at(&self, i: usize, j: usize) -> *mut C {
        (self.dst.get())
            .wrapping_offset(i as isize * self.row)
            .wrapping_add(j)
    }
}

#[cfg(test)]
mod tests;
