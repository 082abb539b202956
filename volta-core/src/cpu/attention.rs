//! Attention where the scores of a block of queries never leave the cache.

use std::cmp::Reverse;

use super::Cpu;
use super::buffer::Buffer;
use super::conv::Conv;
use super::gemm::Matrix;
use super::parallel::{self, Shared, Threads};
use super::storage::Unwritten;
use crate::attention::Sizes;
use crate::backend::AttentionScores;
use crate::dtype::{Dtype, Float};
use crate::layout::Layout;
use crate::ops::scalar::Ordered;

/// Scores of a block, at most, where there are not too many keys for [`FEWEST`] queries.
const BLOCK: usize = 1 << 15;
/// Queries of a block, at least. Fewer are not worth it: queries are the lanes of vectors.
const FEWEST: usize = 16;
/// Queries of a block, at most.
const MOST: usize = 64;
/// Weights that are summed before they are added to the sum of those before them, for less error.
const SUMMED: usize = 32;

/// See [`Backend::attention`](crate::backend::Backend::attention); `None` where that is left to the
/// primitives.
pub(super) fn forward<E: Float<Compute: Conv>>(
    q: &Buffer<E>,
    k: &Buffer<E>,
    v: &Buffer<E>,
    how: AttentionScores<'_, E, Cpu>,
) -> Option<(Buffer<E>, Buffer<E>)> {
    let sizes = Sizes::new(q.dims(), k.dims(), v.dims(), how.causal);
    let native = size_of::<E>() == size_of::<E::Compute>();
    if !native || sizes.is_empty() || sizes.queries < FEWEST {
        return None;
    }
    let width = v.dims()[sizes.axis() + 1];
    let layout = like(q.layout(), &sizes.with([sizes.queries, width]));
    let batch: usize = sizes.batch.iter().product();
    let log_dims = sizes.with([sizes.queries, 1]);
    let mut y = Unwritten::<E>::new(&[layout.numel()]);
    let mut log_sums = Unwritten::<E>::new(&log_dims);
    let scores = sizes.with([sizes.queries, sizes.keys]);
    let heads = Heads {
        q,
        k,
        v,
        biases: expanded(how.biases, &scores),
        masks: expanded(how.masks, &scores),
        scale: how.scale,
        sizes: &sizes,
        width,
    };
    let rows = (BLOCK / sizes.keys).clamp(FEWEST, MOST).min(sizes.queries);
    let blocks = sizes.queries.div_ceil(rows);
    let work = batch * sizes.queries * sizes.keys;
    let threads = Threads::worth(work * (q.dims()[sizes.axis() + 1] + width + 64) / 32);
    let (to, log_to) = (
        Shared::new(y.as_mut_ptr()),
        Shared::new(log_sums.as_mut_ptr()),
    );
    parallel::each(batch * blocks, threads, |piece| {
        let (place, start) = (piece / blocks, piece % blocks * rows);
        let block = Block {
            place,
            start,
            rows: rows.min(sizes.queries - start),
        };
        let to = matrix(to.get().cast_const(), &layout, place);
        let log_to = log_to.get().wrapping_add(place * sizes.queries + start);
        // SAFETY: the layouts lie in their storages, whose elements `E::Compute` represents alike;
        // a block writes the rows of its own queries.
        unsafe { heads.attend(block, to, log_to.cast()) };
    });
    // SAFETY: the blocks are all queries of all heads, and write a row for each.
    let (y, log_sums) = unsafe { (y.written(), log_sums.written()) };
    let y = Buffer::new(y).view(layout);
    Some((y, Buffer::new(log_sums)))
}

/// Sizes with their axes but the last in the order in which `like` has them in memory: heads that
/// were split from one row of numbers come together in one.
fn like(like: &Layout, dims: &[usize]) -> Layout {
    let last = dims.len() - 1;
    let mut order: Vec<usize> = (0..last).collect();
    order.sort_by_key(|&axis| Reverse(like.strides()[axis].unsigned_abs()));
    order.push(last);
    let mut back = vec![0; dims.len()];
    for (at, &axis) in order.iter().enumerate() {
        back[axis] = at;
    }
    let sizes: Vec<usize> = order.iter().map(|&axis| dims[axis]).collect();
    Layout::contiguous(&sizes).permute(&back)
}

fn expanded<E: Dtype>(tensors: &[Buffer<E>], dims: &[usize]) -> Vec<Buffer<E>> {
    let expand = |x: &Buffer<E>| x.view(x.layout().expand(dims));
    tensors.iter().map(expand).collect()
}

/// The matrix of the last two axes, at a place along the others.
fn matrix<E, C>(base: *const E, layout: &Layout, mut place: usize) -> Matrix<C> {
    let (dims, strides) = (layout.dims(), layout.strides());
    let axis = dims.len() - 2;
    let mut start = layout.offset() as isize;
    for axis in (0..axis).rev() {
        start += (place % dims[axis]) as isize * strides[axis];
        place /= dims[axis];
    }
    Matrix {
        start: base.wrapping_offset(start).cast(),
        row: strides[axis],
        column: strides[axis + 1],
    }
}

/// The matrix from a row on.
fn from_row<C>(x: Matrix<C>, row: usize) -> Matrix<C> {
    Matrix {
        start: x.start.wrapping_offset(row as isize * x.row),
        ..x
    }
}

/// Queries of one head.
#[derive(Clone, Copy)]
struct Block {
    /// Which head of which example.
    place: usize,
    start: usize,
    rows: usize,
}

struct Heads<'a, E: Dtype> {
    q: &'a Buffer<E>,
    k: &'a Buffer<E>,
    v: &'a Buffer<E>,
    biases: Vec<Buffer<E>>,
    masks: Vec<Buffer<bool>>,
    scale: f64,
    sizes: &'a Sizes,
    /// The numbers of a value.
    width: usize,
}

impl<E: Float<Compute: Conv>> Heads<'_, E> {
    /// Writes what the queries of a block attend to into `to`, and the logarithms of their sums.
    ///
    /// # Safety
    /// `E::Compute` represents elements as `E` does. There is room in `to`, from the row of the
    /// block's start on, and in `log_to`, and nobody else writes there.
    unsafe fn attend(&self, block: Block, to: Matrix<E::Compute>, log_to: *mut E::Compute) {
        let Block { place, start, rows } = block;
        let of = |x: &Buffer<E>| matrix::<E, E::Compute>(x.base(), x.layout(), place);
        let (q, k, v) = (from_row(of(self.q), start), of(self.k), of(self.v));
        let to = from_row(to, start);
        let keys = match self.sizes.causal {
            true => self.sizes.keys.min(start + rows),
            false => self.sizes.keys,
        };
        let depth = self.q.dims()[self.sizes.axis() + 1];
        let biases = self.biases.iter().map(|x| from_row(of(x), start));
        let masks =
            (self.masks.iter()).map(|x| from_row(matrix(x.base(), x.layout(), place), start));
        // By keys: the queries of a key are neighbours.
        let mut scores = vec![E::Compute::default(); keys * rows];
        let mut blind = [false; MOST];
        let q = Matrix {
            start: q.start,
            row: q.column,
            column: q.row,
        };
        let dst = (scores.as_mut_ptr(), rows as isize, 1);
        // SAFETY: the scores have these sizes; the rest as the caller promises.
        unsafe {
            let sizes = [keys, rows, depth];
            <E::Compute as super::gemm::Gemm>::gemm(sizes, dst, false, k, q, Threads::One);
        }
        pulp::Arch::new().dispatch(Weigh {
            scores: &mut scores,
            first: self.sizes.causal.then_some(start),
            scale: self.scale,
            biases: &biases.collect::<Vec<_>>(),
            masks: &masks.collect::<Vec<_>>(),
            blind: &mut blind[..rows],
            log_to,
        });
        let weights = Matrix {
            start: scores.as_ptr(),
            row: 1,
            column: rows as isize,
        };
        let dst = (to.start.cast_mut(), to.row, to.column);
        // SAFETY: as above.
        unsafe {
            let sizes = [rows, self.width, keys];
            <E::Compute as super::gemm::Gemm>::gemm(sizes, dst, false, weights, v, Threads::One);
            // Whatever the values are: 0 times infinity would be no number.
            for i in (0..rows).filter(|&i| blind[i]) {
                for j in 0..self.width as isize {
                    let at = dst.0.offset(i as isize * to.row + j * to.column);
                    at.write(E::Compute::default());
                }
            }
        }
    }
}

/// Makes weights of the scores of a block.
struct Weigh<'a, C> {
    /// The scores of all queries with the first key, with the next, and so on.
    scores: &'a mut [C],
    /// The number of the first query, if it sees the keys up to that one alone, as the next ones
    /// do.
    first: Option<usize>,
    scale: f64,
    biases: &'a [Matrix<C>],
    masks: &'a [Matrix<bool>],
    /// Which queries see nothing, as many as there are.
    blind: &'a mut [bool],
    log_to: *mut C,
}

impl<C: Conv + Ordered<Mask = bool>> pulp::WithSimd for Weigh<'_, C> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let rows = self.blind.len();
        let zero = C::default();
        let (scale, none) = (zero.lit(self.scale), zero.lit(f64::NEG_INFINITY));
        let mut greatest = [none; MOST];
        let greatest = &mut greatest[..rows];
        for (key, scores) in self.scores.chunks_exact_mut(rows).enumerate() {
            for score in scores.iter_mut() {
                *score = *score * scale;
            }
            for bias in self.biases {
                let at = bias.start.wrapping_offset(key as isize * bias.column);
                for (i, score) in scores.iter_mut().enumerate() {
                    // SAFETY: the bias has the sizes of the scores.
                    *score = *score + unsafe { *at.offset(i as isize * bias.row) };
                }
            }
            for mask in self.masks {
                let at = mask.start.wrapping_offset(key as isize * mask.column);
                // SAFETY: as above.
                let seen = |i: usize| unsafe { *at.offset(i as isize * mask.row) };
                if mask.row != 0 {
                    for (i, score) in scores.iter_mut().enumerate() {
                        *score = C::select(seen(i), *score, none);
                    }
                } else if !seen(0) {
                    scores.fill(none);
                }
            }
            if let Some(first) = self.first {
                let before = key.saturating_sub(first).min(rows);
                scores[..before].fill(none);
            }
            for (most, score) in greatest.iter_mut().zip(scores) {
                *most = C::select(score.le(most), *most, *score);
            }
        }
        // What sees nothing is left as it is: the exponential of minus infinity is 0.
        let mut base = [zero; MOST];
        let base = &mut base[..rows];
        for (base, most) in base.iter_mut().zip(&*greatest) {
            *base = C::select(most.eq(&none), zero, *most);
        }
        let mut sums = [zero; MOST];
        let sums = &mut sums[..rows];
        for scores in self.scores.chunks_mut(SUMMED * rows) {
            let mut part = [zero; MOST];
            let part = &mut part[..rows];
            for scores in scores.chunks_exact_mut(rows) {
                for ((score, base), part) in scores.iter_mut().zip(&*base).zip(&mut *part) {
                    *score = (*score - *base).exp();
                    *part = *part + *score;
                }
            }
            for (sum, part) in sums.iter_mut().zip(&*part) {
                *sum = *sum + *part;
            }
        }
        for (i, (sum, base)) in sums.iter_mut().zip(&*base).enumerate() {
            self.blind[i] = sum.eq(&zero);
            let log = C::select(sum.eq(&zero), zero, *base + sum.ln());
            // SAFETY: there is a place for every query.
            unsafe { self.log_to.add(i).write(log) };
            *sum = C::select(sum.eq(&zero), zero, zero.lit(1.0) / *sum);
        }
        for scores in self.scores.chunks_exact_mut(rows) {
            for (score, share) in scores.iter_mut().zip(&*sums) {
                *score = *score * *share;
            }
        }
    }
}
