//! Softmax and log-softmax along an axis, row by row.

use std::mem::MaybeUninit;

use super::buffer::Buffer;
use super::parallel::{self, Shared, Threads};
use super::widen::{Wide, narrow_into};
use crate::dtype::{Float, Num};
use crate::ops::scalar::Real;
use crate::shape::runtime::Dims;

/// What a row becomes.
trait Row<C>: Send + Sync {
    /// Writes every element of `out`, which holds nothing before.
    fn run(&self, inputs: [&[C]; 2], out: &mut [MaybeUninit<C>]);
}

const LANES: usize = 16;
/// Elements that a thread takes at a time, at least.
const PIECE: usize = 1 << 13;

/// A fold in lanes: vector code, and less error than one after the other.
#[inline(always)]
fn fold<C: Real + Copy>(n: usize, x: impl Fn(usize) -> C, start: C, f: impl Fn(C, C) -> C) -> C {
    let mut lanes = [start; LANES];
    let whole = n - n % LANES;
    for at in (0..whole).step_by(LANES) {
        for (j, lane) in lanes.iter_mut().enumerate() {
            *lane = f(*lane, x(at + j));
        }
    }
    for at in whole..n {
        lanes[at - whole] = f(lanes[at - whole], x(at));
    }
    for width in [8, 4, 2, 1] {
        for j in 0..width {
            lanes[j] = f(lanes[j], lanes[j + width]);
        }
    }
    lanes[0]
}

#[inline(always)]
fn greatest<C: Real + Copy>(x: &[C]) -> C {
    fold(x.len(), |i| x[i], x[0], |a, b| C::select(b.le(&a), a, b))
}

#[inline(always)]
fn sum<C: Real + Copy>(n: usize, x: impl Fn(usize) -> C, zero: C) -> C {
    fold(n, x, zero, |a, b| a + b)
}

struct LogSoftmax;
impl<C: Real + Copy> Row<C> for LogSoftmax {
    #[inline(always)]
    fn run(&self, [x, _]: [&[C]; 2], out: &mut [MaybeUninit<C>]) {
        let max = greatest(x);
        let total = sum(x.len(), |i| (x[i] - max).exp(), max.lit(0.0));
        let log = total.ln();
        // In this order: the sum of a large maximum and a small logarithm would round that away.
        for (y, x) in out.iter_mut().zip(x) {
            y.write(*x - max - log);
        }
    }
}

struct LogSoftmaxVjp;
impl<C: Real + Copy> Row<C> for LogSoftmaxVjp {
    #[inline(always)]
    fn run(&self, [y, gy]: [&[C]; 2], out: &mut [MaybeUninit<C>]) {
        let total = sum(gy.len(), |i| gy[i], gy[0].lit(0.0));
        for (i, gx) in out.iter_mut().enumerate() {
            gx.write(gy[i] - y[i].exp() * total);
        }
    }
}

struct Softmax;
impl<C: Real + Copy> Row<C> for Softmax {
    #[inline(always)]
    fn run(&self, [x, _]: [&[C]; 2], out: &mut [MaybeUninit<C>]) {
        let max = greatest(x);
        for (y, x) in out.iter_mut().zip(x) {
            y.write((*x - max).exp());
        }
        // SAFETY: `out` is as long as `x`: every element has been written.
        let out = unsafe { out.assume_init_mut() };
        let scale = max.lit(1.0) / sum(out.len(), |i| out[i], max.lit(0.0));
        for y in out {
            *y = *y * scale;
        }
    }
}

struct SoftmaxVjp;
impl<C: Real + Copy> Row<C> for SoftmaxVjp {
    #[inline(always)]
    fn run(&self, [y, gy]: [&[C]; 2], out: &mut [MaybeUninit<C>]) {
        let total = sum(y.len(), |i| y[i] * gy[i], y[0].lit(0.0));
        for (i, gx) in out.iter_mut().enumerate() {
            gx.write(y[i] * (gy[i] - total));
        }
    }
}

struct Rows<'a, C, R> {
    row: &'a R,
    inputs: [&'a [C]; 2],
    out: &'a mut [MaybeUninit<C>],
    width: usize,
}

impl<C: Real + Copy, R: Row<C>> pulp::WithSimd for Rows<'_, C, R> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let [a, b] = self.inputs;
        let rows = a.chunks_exact(self.width).zip(b.chunks_exact(self.width));
        for ((a, b), out) in rows.zip(self.out.chunks_exact_mut(self.width)) {
            self.row.run([a, b], out);
        }
    }
}

fn along<E: Num<Compute: Real>, R: Row<E::Compute>>(
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
    let rows = n / width;
    let each = (PIECE / width).clamp(1, rows);
    let (a, b) = (a.as_slice(), b.as_slice());
    narrow_into::<E>(&dims, |out| {
        let out = Shared::new(out);
        parallel::each(rows.div_ceil(each), Threads::worth(n * 4), |piece| {
            let range = piece * each * width..rows.min((piece + 1) * each) * width;
            // SAFETY: the pieces are disjoint ranges of the `n` elements of the output, which
            // need not be initialised; the rows write all of them.
            let out = unsafe {
                std::slice::from_raw_parts_mut(
                    out.get().add(range.start).cast::<MaybeUninit<E::Compute>>(),
                    range.len(),
                )
            };
            let inputs = [&a[range.clone()], &b[range]];
            pulp::Arch::new().dispatch(Rows {
                row: &row,
                inputs,
                out,
                width,
            });
        });
    })
}

pub(super) fn log_softmax<E: Float>(x: &Buffer<E>, axis: usize) -> Buffer<E> {
    along(LogSoftmax, x, x, axis)
}

pub(super) fn log_softmax_vjp<E: Float>(y: &Buffer<E>, gy: &Buffer<E>, axis: usize) -> Buffer<E> {
    along(LogSoftmaxVjp, y, gy, axis)
}

pub(super) fn softmax<E: Float>(x: &Buffer<E>, axis: usize) -> Buffer<E> {
    along(Softmax, x, x, axis)
}

pub(super) fn softmax_vjp<E: Float>(y: &Buffer<E>, gy: &Buffer<E>, axis: usize) -> Buffer<E> {
    along(SoftmaxVjp, y, gy, axis)
}
