//! Softmax and log-softmax along an axis, row by row: a row goes through memory once, and what is
//! looked at again is still in the first cache.

use std::mem::MaybeUninit;

use pulp::Simd;

use super::buffer::Buffer;
use super::lanes::{self, Elements, Greatest, Packed, Products};
use super::parallel::{self, Shared, Threads};
use super::widen::{Wide, narrow_into};
use crate::dtype::{Float, Num};
use crate::ops::accurate;
use crate::ops::scalar::Real;
use crate::shape::runtime::Dims;

/// Numbers with a power of e that is quick below 0.
pub trait Decay: Packed + Real {
    /// What the powers are multiples of: denormal ones keep their digits.
    #[doc(hidden)]
    const UNIT: Self;
    /// `UNIT * e^x` of an `x` that is not above 0.
    #[doc(hidden)]
    fn decay<S: Simd>(self) -> Self;
}

impl Decay for f32 {
    const UNIT: f32 = accurate::DECAY_UNIT;
    #[inline(always)]
    fn decay<S: Simd>(self) -> f32 {
        // Where `mul_add` is a call, the standard library's function is faster.
        if S::IS_SCALAR {
            f32::exp(self) * Self::UNIT
        } else {
            accurate::decay(self)
        }
    }
}

impl Decay for f64 {
    const UNIT: f64 = 1.0;
    #[inline(always)]
    fn decay<S: Simd>(self) -> f64 {
        f64::exp(self)
    }
}

/// What a row becomes.
///
/// # Safety
/// `run` writes every element of `out`.
unsafe trait Row<C>: Copy + Send + Sync {
    /// `out` is as long as the inputs, and holds nothing before.
    fn run<S: Simd>(self, simd: S, inputs: [&[C]; 2], out: &mut [MaybeUninit<C>]);
}

/// Elements that a thread takes at a time, at least.
const PIECE: usize = 1 << 13;

/// Writes `UNIT * e^(x - max)`, and gives the sum.
#[inline(always)]
fn decays<C: Decay, S: Simd>(simd: S, x: &[C], max: C, out: &mut [MaybeUninit<C>]) -> C {
    for (y, x) in out.iter_mut().zip(x) {
        y.write((*x - max).decay::<S>());
    }
    // SAFETY: `out` is as long as `x`: every element has been written.
    let out = unsafe { out.assume_init_ref() };
    lanes::sums(simd, [out], Elements)[0]
}

#[derive(Clone, Copy)]
struct LogSoftmax;
// SAFETY: the loop over `out` writes each.
unsafe impl<C: Decay> Row<C> for LogSoftmax {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S, [x, _]: [&[C]; 2], out: &mut [MaybeUninit<C>]) {
        let [max, _] = lanes::extreme(simd, x, Greatest);
        let log = (decays(simd, x, max, out) / C::UNIT).ln();
        // In this order: the sum of a large maximum and a small logarithm would round that away.
        for (y, x) in out.iter_mut().zip(x) {
            y.write(*x - max - log);
        }
    }
}

#[derive(Clone, Copy)]
struct LogSoftmaxVjp;
// SAFETY: the loop over `out` writes each.
unsafe impl<C: Decay> Row<C> for LogSoftmaxVjp {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S, [y, gy]: [&[C]; 2], out: &mut [MaybeUninit<C>]) {
        let [total] = lanes::sums(simd, [gy], Elements);
        let part = total.lit(1.0) / C::UNIT;
        for (gx, (y, gy)) in out.iter_mut().zip(y.iter().zip(gy)) {
            gx.write(*gy - y.decay::<S>() * part * total);
        }
    }
}

#[derive(Clone, Copy)]
struct Softmax;
// SAFETY: the loop over `out` writes each.
unsafe impl<C: Decay> Row<C> for Softmax {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S, [x, _]: [&[C]; 2], out: &mut [MaybeUninit<C>]) {
        let [max, _] = lanes::extreme(simd, x, Greatest);
        let scale = max.lit(1.0) / decays(simd, x, max, out);
        for y in out {
            // SAFETY: `decays` has written every element.
            let power = unsafe { y.assume_init() };
            y.write(power * scale);
        }
    }
}

#[derive(Clone, Copy)]
struct SoftmaxVjp;
// SAFETY: the loop over `out` writes each.
unsafe impl<C: Decay> Row<C> for SoftmaxVjp {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S, [y, gy]: [&[C]; 2], out: &mut [MaybeUninit<C>]) {
        let [total] = lanes::sums(simd, [y, gy], Products);
        for (gx, (y, gy)) in out.iter_mut().zip(y.iter().zip(gy)) {
            gx.write(*y * (*gy - total));
        }
    }
}

struct Rows<'a, C, R> {
    row: R,
    inputs: [&'a [C]; 2],
    out: &'a mut [MaybeUninit<C>],
    width: usize,
}

impl<C: Decay, R: Row<C>> pulp::WithSimd for Rows<'_, C, R> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let [a, b] = self.inputs;
        let rows = a.chunks_exact(self.width).zip(b.chunks_exact(self.width));
        for ((a, b), out) in rows.zip(self.out.chunks_exact_mut(self.width)) {
            self.row.run(simd, [a, b], out);
        }
    }
}

fn along<E: Num<Compute: Decay>, R: Row<E::Compute>>(
    row: R,
    a: &Buffer<E>,
    b: &Buffer<E>,
    axis: usize,
) -> Buffer<E> {
    let last = a.dims().len() - 1;
    if axis != last {
        let mut order: Vec<usize> = (0..=last).collect();
        order.swap(axis, last);
        let swap = |x: &Buffer<E>| x.view(x.layout().permute(&order));
        let out = along(row, &swap(a), &swap(b), last);
        return swap(&out);
    }
    assert_eq!(a.dims(), b.dims(), "softmax: a gradient of other sizes");
    let (dims, width) = (Dims::new(a.dims()), a.dims()[last]);
    let n = a.numel();
    if n == 0 {
        return Buffer::from_slice(&[], &dims);
    }
    let (a, b) = (Wide::contiguous(a), Wide::contiguous(b));
    let (a, b) = (a.as_slice(), b.as_slice());
    let write = |out: *mut E::Compute| {
        let out = Shared::new(out);
        in_pieces(n / width, width, |rows| {
            let range = rows.start * width..rows.end * width;
            // SAFETY: the pieces are disjoint ranges of the `n` elements of the output; the rows
            // write all of them.
            let out = unsafe { room(&out, range.clone()) };
            pulp::Arch::new().dispatch(Rows {
                row,
                inputs: [&a[range.clone()], &b[range]],
                out,
                width,
            });
        });
    };
    // SAFETY: the pieces are all rows, and each row is written whole.
    unsafe { narrow_into::<E>(&dims, write) }
}

pub(super) fn log_softmax<E: Float<Compute: Decay>>(x: &Buffer<E>, axis: usize) -> Buffer<E> {
    along(LogSoftmax, x, x, axis)
}

pub(super) fn log_softmax_vjp<E: Float<Compute: Decay>>(
    y: &Buffer<E>,
    gy: &Buffer<E>,
    axis: usize,
) -> Buffer<E> {
    along(LogSoftmaxVjp, y, gy, axis)
}

pub(super) fn softmax<E: Float<Compute: Decay>>(x: &Buffer<E>, axis: usize) -> Buffer<E> {
    along(Softmax, x, x, axis)
}

pub(super) fn softmax_vjp<E: Float<Compute: Decay>>(
    y: &Buffer<E>,
    gy: &Buffer<E>,
    axis: usize,
) -> Buffer<E> {
    along(SoftmaxVjp, y, gy, axis)
}

/// See [`Backend::attention_weights`](crate::Backend::attention_weights).
struct Weights<'a, C> {
    scores: &'a [C],
    width: usize,
    weights: &'a mut [MaybeUninit<C>],
    sums: [&'a mut [MaybeUninit<C>]; 2],
}

impl<C: Decay> pulp::WithSimd for Weights<'_, C> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let [sums, logs] = self.sums;
        let rows = (self.scores.chunks_exact(self.width))
            .zip(self.weights.chunks_exact_mut(self.width))
            .zip(sums.iter_mut().zip(logs));
        for ((x, weights), (sum, log)) in rows {
            let [max, trace] = lanes::extreme(simd, x, Greatest);
            let [zero, one] = [0.0, 1.0].map(|value| max.lit(value));
            // NaN, which the greatest does not show, stays NaN.
            if max == max.lit(f64::NEG_INFINITY) && trace.partial_cmp(&trace).is_some() {
                weights.fill(MaybeUninit::new(zero));
                sum.write(zero);
                log.write(zero);
                continue;
            }
            let part = one / C::UNIT;
            for (y, x) in weights.iter_mut().zip(x) {
                y.write((*x - max).decay::<S>() * part);
            }
            // SAFETY: as long as `x`: every element has been written.
            let [total] = lanes::sums(simd, [unsafe { weights.assume_init_ref() }], Elements);
            sum.write(total);
            log.write(max + total.ln());
        }
    }
}

/// See [`Backend::attention_weights_vjp`](crate::Backend::attention_weights_vjp).
struct WeightsVjp<'a, C> {
    inputs: [&'a [C]; 2],
    /// One number for each row.
    of_rows: [&'a [C]; 2],
    width: usize,
    outputs: [&'a mut [MaybeUninit<C>]; 2],
}

impl<C: Decay> pulp::WithSimd for WeightsVjp<'_, C> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let ([scores, gradients], [logs, deltas]) = (self.inputs, self.of_rows);
        let [weights, out] = self.outputs.map(|out| out.chunks_exact_mut(self.width));
        let rows = (scores.chunks_exact(self.width))
            .zip(gradients.chunks_exact(self.width))
            .zip(weights.zip(out))
            .zip(logs.iter().zip(deltas));
        for (((scores, gradients), (weights, out)), (log, delta)) in rows {
            let part = log.lit(1.0) / C::UNIT;
            for (y, x) in weights.iter_mut().zip(scores) {
                y.write((*x - *log).decay::<S>() * part);
            }
            for (out, (y, g)) in out.iter_mut().zip(weights.iter().zip(gradients)) {
                // SAFETY: the loop above has written every element.
                out.write(unsafe { y.assume_init() } * (*g - *delta));
            }
        }
    }
}

/// # Safety
/// There is room for the elements of `range`, which nobody else looks at.
unsafe fn room<'a, C>(out: &Shared<C>, range: std::ops::Range<usize>) -> &'a mut [MaybeUninit<C>] {
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts_mut(out.get().add(range.start).cast(), range.len()) }
}

/// Calls `rows` for ranges of rows that make up all.
fn in_pieces(count: usize, width: usize, rows: impl Fn(std::ops::Range<usize>) + Sync) {
    let each = (PIECE / width).clamp(1, count);
    let threads = Threads::worth(count * width * 4);
    parallel::each(count.div_ceil(each), threads, |piece| {
        rows(piece * each..count.min((piece + 1) * each));
    });
}

fn sums_of(dims: &[usize]) -> Vec<usize> {
    [&dims[..dims.len() - 1], &[1]].concat()
}

pub(super) fn attention_weights<E: Float<Compute: Decay>>(x: &Buffer<E>) -> [Buffer<E>; 3] {
    let dims = x.dims().to_vec();
    let (sums, width) = (sums_of(&dims), dims[dims.len() - 1]);
    if x.numel() == 0 {
        return [&dims, &sums, &sums].map(|dims| Buffer::accumulate(dims, |_| ()));
    }
    let count = x.numel() / width;
    let x = Wide::contiguous(x);
    let x = x.as_slice();
    let run = |weights: *mut E::Compute, sums: *mut E::Compute, logs: *mut E::Compute| {
        let [weights, sums, logs] = [weights, sums, logs].map(Shared::new);
        in_pieces(count, width, |rows| {
            let elements = rows.start * width..rows.end * width;
            // SAFETY: the pieces are disjoint; the rows write all that is theirs.
            let (weights, sums) = unsafe {
                let sums = [room(&sums, rows.clone()), room(&logs, rows)];
                (room(&weights, elements.clone()), sums)
            };
            pulp::Arch::new().dispatch(Weights {
                scores: &x[elements],
                width,
                weights,
                sums,
            });
        });
    };
    let (mut total, mut log) = (None, None);
    // SAFETY: the pieces are all rows, and each row and its sums are written whole.
    let weights = unsafe {
        narrow_into::<E>(&dims, |weights| {
            total = Some(narrow_into::<E>(&sums, |total| {
                log = Some(narrow_into::<E>(&sums, |log| run(weights, total, log)));
            }));
        })
    };
    [weights, total.expect("written"), log.expect("written")]
}

pub(super) fn attention_weights_vjp<E: Float<Compute: Decay>>(
    [scores, gradient]: [&Buffer<E>; 2],
    of_rows: [&Buffer<E>; 2],
) -> [Buffer<E>; 2] {
    let dims = scores.dims().to_vec();
    let sums = sums_of(&dims);
    assert_eq!(
        gradient.dims(),
        dims,
        "attention: a gradient of other sizes"
    );
    assert!(
        of_rows.iter().all(|x| x.dims() == sums),
        "attention: sums of other sizes"
    );
    if scores.numel() == 0 {
        return [(); 2].map(|()| Buffer::accumulate(&dims, |_| ()));
    }
    let width = dims[dims.len() - 1];
    let count = scores.numel() / width;
    let (inputs, of_rows) = (
        [scores, gradient].map(Wide::contiguous),
        of_rows.map(Wide::contiguous),
    );
    let inputs = inputs.each_ref().map(Wide::as_slice);
    let of_rows = of_rows.each_ref().map(Wide::as_slice);
    let run = |weights: *mut E::Compute, out: *mut E::Compute| {
        let outputs = [weights, out].map(Shared::new);
        in_pieces(count, width, |rows| {
            let elements = rows.start * width..rows.end * width;
            pulp::Arch::new().dispatch(WeightsVjp {
                inputs: inputs.map(|x| &x[elements.clone()]),
                of_rows: of_rows.map(|x| &x[rows.clone()]),
                width,
                outputs: outputs
                    .each_ref()
                    // SAFETY: the pieces are disjoint; the rows write all that is theirs.
                    .map(|out| unsafe { room(out, elements.clone()) }),
            });
        });
    };
    let mut weights = None;
    // SAFETY: the pieces are all rows, and each row of both is written whole.
    let out = unsafe {
        narrow_into::<E>(&dims, |out| {
            weights = Some(narrow_into::<E>(&dims, |weights| run(weights, out)));
        })
    };
    [weights.expect("written"), out]
}
