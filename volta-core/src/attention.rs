//! Attention in blocks of rows: no more than a block of the scores is in memory at a time.

use volta_macros::elementwise;

use crate::backend::{AttentionGradients, AttentionScores, Backend, Reduce, transposed};
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise as op;

/// Scores of a block, about: a megabyte in `f32`.
const BLOCK: usize = 1 << 18;
/// Rows of a block, at least.
const FEWEST: usize = 64;
/// Rows of a causal block, at most: what lies after its last row is left out.
const CAUSAL: usize = 128;
/// A causal block sees a whole number of these parts of the keys: blocks of few sizes use the
/// memory of those before them again.
const PARTS: usize = 8;

/// `exp(s - m)`, of a row whose greatest score is `m`; of a row that sees nothing, 0.
#[elementwise(compiled)]
fn exp_below(s: Float, m: Float) -> Float {
    if m == -f64::INFINITY { 0.0 } else { exp(s - m) }
}

/// The sum of `exp(s - m)` as a logarithm of that of `exp(s)`; of a row that sees nothing, 0.
#[elementwise(compiled)]
fn log_of_sum(m: Float, sum: Float) -> Float {
    if m == -f64::INFINITY {
        0.0
    } else {
        m + ln(sum)
    }
}

/// What a weighted sum is with weights that sum to 1; of a row that sees nothing, 0.
#[elementwise(compiled)]
fn divide_or_zero(y: Float, sum: Float) -> Float {
    if sum == 0.0 { 0.0 } else { y / sum }
}

/// The weight, and the gradient of the score: `p (dp - delta)`.
#[elementwise(compiled)]
fn score_gradient(s: Float, log_sum: Float, dp: Float, delta: Float) -> (Float, Float) {
    let p = exp(s - log_sum);
    (p, p * (dp - delta))
}

/// Rows `start` to `end`, and the keys before `keys`, which are all that they see.
#[derive(Clone, Copy)]
struct Block {
    start: usize,
    end: usize,
    keys: usize,
}

impl Block {
    fn rows(&self) -> usize {
        self.end - self.start
    }
}

/// The sizes of queries, keys and values.
pub(crate) struct Sizes {
    /// Axes in front of the last two.
    pub(crate) batch: Vec<usize>,
    pub(crate) queries: usize,
    pub(crate) keys: usize,
    pub(crate) causal: bool,
}

impl Sizes {
    /// # Panics
    /// If they do not go together.
    pub(crate) fn new(q: &[usize], k: &[usize], v: &[usize], causal: bool) -> Self {
        let rank = q.len();
        let fit = rank >= 2
            && (k.len(), v.len()) == (rank, rank)
            && q[..rank - 2] == k[..rank - 2]
            && k[..rank - 1] == v[..rank - 1]
            && q[rank - 1] == k[rank - 1];
        assert!(fit, "attention of {q:?} to {k:?} and {v:?}");
        Sizes {
            batch: q[..rank - 2].to_vec(),
            queries: q[rank - 2],
            keys: k[rank - 2],
            causal,
        }
    }

    /// The axis of queries; that of keys is the next.
    pub(crate) fn axis(&self) -> usize {
        self.batch.len()
    }

    pub(crate) fn with(&self, matrix: [usize; 2]) -> Vec<usize> {
        [&self.batch[..], &matrix].concat()
    }

    fn blocks(&self) -> Vec<Block> {
        let batch: usize = self.batch.iter().product();
        let rows = |keys: usize| (BLOCK / (batch * keys).max(1)).max(FEWEST);
        let part = self.keys.div_ceil(PARTS).max(1);
        let (mut blocks, mut start) = (Vec::new(), 0);
        while start < self.queries {
            let (rows, keys) = if self.causal {
                let of = |parts: usize| {
                    let keys = (parts * part).min(self.keys);
                    (rows(keys).min(CAUSAL), keys)
                };
                let enough = |(rows, keys): &(usize, usize)| start + rows <= *keys;
                let found = (1..PARTS).map(of).find(enough);
                found.unwrap_or_else(|| of(PARTS))
            } else {
                (rows(self.keys), self.keys)
            };
            let end = (start + rows).min(self.queries);
            blocks.push(Block { start, end, keys });
            start = end;
        }
        blocks
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys == 0 || self.queries == 0 || self.batch.contains(&0)
    }
}

/// Part of an axis, if there is more of it.
fn part<E: Dtype, B: Backend>(x: &B::Prim<E>, axis: usize, start: usize, len: usize) -> B::Prim<E> {
    match B::dims(x)[axis] {
        size if size == len => x.clone(),
        _ => B::narrow(x, axis, start, len),
    }
}

fn times<E: Float, B: Backend>(x: &B::Prim<E>, factor: f64) -> B::Prim<E> {
    let factor = B::full(&B::device(x), E::from_f64(factor), B::dims(x));
    B::map(op::Mul, [x, &factor])
}

/// What of a mask belongs to a block: its axes have the size of the scores' or 1.
fn of_block<E: Dtype, B: Backend>(mask: &B::Prim<E>, axis: usize, block: Block) -> B::Prim<E> {
    let mut mask = mask.clone();
    if B::dims(&mask)[axis] != 1 {
        mask = part::<E, B>(&mask, axis, block.start, block.rows());
    }
    if B::dims(&mask)[axis + 1] != 1 {
        mask = part::<E, B>(&mask, axis + 1, 0, block.keys);
    }
    mask
}

/// The scores of blocks, masked.
struct Scores<'a, E: Dtype, B: Backend> {
    sizes: Sizes,
    how: AttentionScores<'a, E, B>,
    /// Queries times the scale.
    q: B::Prim<E>,
    k: B::Prim<E>,
    /// The numbers of the queries and of the keys.
    numbers: Option<[B::Prim<i32>; 2]>,
}

impl<'a, E: Float, B: Backend> Scores<'a, E, B> {
    fn new(sizes: Sizes, q: &B::Prim<E>, k: &B::Prim<E>, how: AttentionScores<'a, E, B>) -> Self {
        let device = B::device(q);
        let numbers = |n: usize, dims: [usize; 2]| {
            B::from_vec(&device, (0..n as i32).collect::<Vec<i32>>(), &dims)
        };
        let numbers = sizes.causal.then(|| {
            let (queries, keys) = (sizes.queries, sizes.keys);
            [numbers(queries, [queries, 1]), numbers(keys, [1, keys])]
        });
        Scores {
            q: times::<E, B>(q, how.scale),
            k: k.clone(),
            sizes,
            how,
            numbers,
        }
    }

    fn queries(&self, block: Block) -> B::Prim<E> {
        part::<E, B>(&self.q, self.sizes.axis(), block.start, block.rows())
    }

    fn keys(&self, block: Block) -> B::Prim<E> {
        part::<E, B>(&self.k, self.sizes.axis(), 0, block.keys)
    }

    fn of(&self, block: Block) -> B::Prim<E> {
        let axis = self.sizes.axis();
        let mut scores = B::matmul(&self.queries(block), &transposed::<E, B>(&self.keys(block)));
        let dims = B::dims(&scores).to_vec();
        for bias in self.how.biases {
            let bias = B::expand(&of_block::<E, B>(bias, axis, block), &dims);
            scores = B::map(op::Add, [&scores, &bias]);
        }
        let none = B::full(&B::device(&scores), E::from_f64(f64::NEG_INFINITY), &dims);
        for mask in self.how.masks {
            let mask = B::expand(&of_block::<bool, B>(mask, axis, block), &dims);
            scores = B::select(&mask, &scores, &none);
        }
        if let Some([queries, keys]) = &self.numbers {
            let matrix = [block.rows(), block.keys];
            let query = part::<i32, B>(queries, 0, block.start, block.rows());
            let key = part::<i32, B>(keys, 1, 0, block.keys);
            let seen = B::test(
                op::Le,
                [&B::expand(&key, &matrix), &B::expand(&query, &matrix)],
            );
            scores = B::select(&B::expand(&seen, &dims), &scores, &none);
        }
        scores
    }
}

/// See [`Backend::attention`].
pub(crate) fn forward<E: Float, B: Backend>(
    q: &B::Prim<E>,
    k: &B::Prim<E>,
    v: &B::Prim<E>,
    how: AttentionScores<'_, E, B>,
) -> (B::Prim<E>, B::Prim<E>) {
    let sizes = Sizes::new(B::dims(q), B::dims(k), B::dims(v), how.causal);
    let (axis, width) = (sizes.axis(), B::dims(v)[sizes.axis() + 1]);
    if sizes.is_empty() {
        let zeros = |width| B::full(&B::device(q), E::ZERO, &sizes.with([sizes.queries, width]));
        return (zeros(width), zeros(1));
    }
    let scores = Scores::<E, B>::new(sizes, q, k, how);
    let (mut outputs, mut log_sums) = (Vec::new(), Vec::new());
    for block in scores.sizes.blocks() {
        let s = scores.of(block);
        let [p, sum, log_sum] = B::attention_weights(&s);
        drop(s);
        let y = B::matmul(&p, &part::<E, B>(v, axis, 0, block.keys));
        outputs.push(B::map(DivideOrZero, [&y, &B::expand(&sum, B::dims(&y))]));
        log_sums.push(log_sum);
    }
    (
        joined::<E, B>(&outputs, axis),
        joined::<E, B>(&log_sums, axis),
    )
}

/// See [`Backend::attention_weights`].
pub(crate) fn weights<E: Float, B: Backend>(scores: &B::Prim<E>) -> [B::Prim<E>; 3] {
    let dims = B::dims(scores);
    let last = dims.len() - 1;
    let greatest = B::reduce(Reduce::Max, scores, &[last]);
    let p = B::map(ExpBelow, [scores, &B::expand(&greatest, dims)]);
    let sum = B::reduce(Reduce::Sum, &p, &[last]);
    let log_sum = B::map(LogOfSum, [&greatest, &sum]);
    [p, sum, log_sum]
}

/// See [`Backend::attention_weights_vjp`].
pub(crate) fn weights_vjp<E: Float, B: Backend>(
    scores: &B::Prim<E>,
    log_sum: &B::Prim<E>,
    gradient: &B::Prim<E>,
    delta: &B::Prim<E>,
) -> [B::Prim<E>; 2] {
    let [log_sum, delta] = [log_sum, delta].map(|x| B::expand(x, B::dims(scores)));
    B::map_many(ScoreGradient, [scores, &log_sum, gradient, &delta])
}

fn joined<E: Dtype, B: Backend>(parts: &[B::Prim<E>], axis: usize) -> B::Prim<E> {
    match parts {
        [one] => one.clone(),
        several => B::cat(&several.iter().collect::<Vec<_>>(), axis),
    }
}

/// See [`Backend::attention_vjp`].
#[allow(clippy::too_many_arguments)]
pub(crate) fn vjp<E: Float, B: Backend>(
    q: &B::Prim<E>,
    k: &B::Prim<E>,
    v: &B::Prim<E>,
    how: AttentionScores<'_, E, B>,
    (y, log_sum): (&B::Prim<E>, &B::Prim<E>),
    (gy, g_log_sum): (&B::Prim<E>, Option<&B::Prim<E>>),
) -> AttentionGradients<E, B> {
    let sizes = Sizes::new(B::dims(q), B::dims(k), B::dims(v), how.causal);
    let zeros = |x: &B::Prim<E>| B::full(&B::device(x), E::ZERO, B::dims(x));
    if sizes.is_empty() {
        return AttentionGradients {
            q: zeros(q),
            k: zeros(k),
            v: zeros(v),
            biases: how.biases.iter().map(zeros).collect(),
        };
    }
    let axis = sizes.axis();
    let mut delta = B::reduce(Reduce::Sum, &B::map(op::Mul, [gy, y]), &[axis + 1]);
    if let Some(g) = g_log_sum {
        delta = B::map(op::Sub, [&delta, g]);
    }
    let scores = Scores::<E, B>::new(sizes, q, k, how);
    let all = scores.sizes.keys;
    let mut gq = Vec::new();
    let (mut gk, mut gv) = (Sum::<E, B>(None), Sum::<E, B>(None));
    let mut biases: Vec<BiasGradient<E, B>> = (how.biases.iter())
        .map(|bias| BiasGradient::new(B::dims(bias), axis))
        .collect();
    for block in scores.sizes.blocks() {
        let rows = |x: &B::Prim<E>| part::<E, B>(x, axis, block.start, block.rows());
        let gy = rows(gy);
        let s = scores.of(block);
        let values = part::<E, B>(v, axis, 0, block.keys);
        let dp = B::matmul(&gy, &transposed::<E, B>(&values));
        let [p, ds] = B::attention_weights_vjp(&s, &rows(log_sum), &dp, &rows(&delta));
        drop((s, dp));
        gq.push(B::matmul(&ds, &scores.keys(block)));
        let to_all = |x: B::Prim<E>| match all - block.keys {
            0 => x,
            rest => B::pad(&x, axis, 0, rest),
        };
        gv.add(to_all(B::matmul(&transposed::<E, B>(&p), &gy)));
        drop(p);
        let queries = scores.queries(block);
        gk.add(to_all(B::matmul(&transposed::<E, B>(&ds), &queries)));
        for bias in &mut biases {
            bias.add(&ds, all);
        }
    }
    AttentionGradients {
        q: times::<E, B>(&joined::<E, B>(&gq, axis), scores.how.scale),
        k: gk.0.expect("there are queries"),
        v: gv.0.expect("there are queries"),
        biases: biases.into_iter().map(BiasGradient::finish).collect(),
    }
}

struct Sum<E: Dtype, B: Backend>(Option<B::Prim<E>>);

impl<E: Float, B: Backend> Sum<E, B> {
    fn add(&mut self, x: B::Prim<E>) {
        self.0 = Some(match &self.0 {
            Some(sum) => B::map(op::Add, [sum, &x]),
            None => x,
        });
    }
}

/// The gradient of a bias, whose axes of size 1 were repeated.
struct BiasGradient<E: Dtype, B: Backend> {
    dims: Vec<usize>,
    axis: usize,
    rows: Vec<B::Prim<E>>,
    sum: Sum<E, B>,
}

impl<E: Float, B: Backend> BiasGradient<E, B> {
    fn new(dims: &[usize], axis: usize) -> Self {
        BiasGradient {
            dims: dims.to_vec(),
            axis,
            rows: Vec::new(),
            sum: Sum(None),
        }
    }

    /// The gradient of the scores of a block; there are `keys` keys in all.
    fn add(&mut self, ds: &B::Prim<E>, keys: usize) {
        let sizes = B::dims(ds);
        let seen = sizes[self.axis + 1];
        let axes: Vec<usize> = (0..sizes.len())
            .filter(|&a| self.dims[a] == 1 && sizes[a] != 1)
            .collect();
        let mut g = match axes.is_empty() {
            true => ds.clone(),
            false => B::reduce(Reduce::Sum, ds, &axes),
        };
        if self.dims[self.axis + 1] != 1 && seen != keys {
            g = B::pad(&g, self.axis + 1, 0, keys - seen);
        }
        match self.dims[self.axis] {
            1 => self.sum.add(g),
            _ => self.rows.push(g),
        }
    }

    fn finish(self) -> B::Prim<E> {
        match self.sum.0 {
            Some(sum) => sum,
            None => joined::<E, B>(&self.rows, self.axis),
        }
    }
}
