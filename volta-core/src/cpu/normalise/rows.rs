//! Rows of neighbours: layer, group and instance normalisation.

use std::mem::MaybeUninit;

use pulp::Simd;

use super::{Affine, PIECE, Plan, Scalar, Shares, Slopes, Squares};
use crate::cpu::buffer::Buffer;
use crate::cpu::lanes::{self, Elements};
use crate::cpu::parallel::{self, Shared, Threads};
use crate::dtype::Float;

/// Rows that share a part of the gradients of weight and bias, at least.
const TOGETHER: usize = 32;

/// # Safety
/// There is room for `len` from `start` on, which nobody else looks at.
unsafe fn room<'a, C>(out: *mut C, start: usize, len: usize) -> &'a mut [MaybeUninit<C>] {
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts_mut(out.add(start).cast(), len) }
}

/// Where the weights of row `row` start.
fn first<C>(affine: &Affine<'_, C>, row: usize, width: usize) -> usize {
    row * width / affine.spread.len % affine.spread.count
}

struct Forward<'a, C> {
    plan: &'a Plan<'a, C>,
    x: &'a [C],
    width: usize,
    rows: std::ops::Range<usize>,
    y: *mut C,
    sums: [*mut C; 2],
}

impl<C: Scalar> pulp::WithSimd for Forward<'_, C> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (plan, width) = (self.plan, self.width);
        for row in self.rows {
            let x = &self.x[row * width..][..width];
            // SAFETY: each row writes its own elements.
            let y = unsafe { room(self.y, row * width, width) };
            let [total] = lanes::sums(simd, [x], Elements);
            let mean = total / plan.n;
            let [squares] = lanes::sums(simd, [x], Squares { mean });
            let [mean, scale] = plan.mean_and_scale(total, squares);
            match plan.affine {
                None => affine(x, mean, scale, scale.lit(1.0), scale.lit(0.0), y),
                Some(of) if of.spread.len == 1 => {
                    let first = first(&of, row, width);
                    let weight = &of.weight[first..first + width];
                    let bias = &of.bias[first..first + width];
                    for i in 0..width {
                        y[i].write((x[i] - mean) * scale * weight[i] + bias[i]);
                    }
                }
                Some(of) => {
                    let len = of.spread.len;
                    let (x, y) = (x.chunks_exact(len), y.chunks_exact_mut(len));
                    let first = first(&of, row, width);
                    for (k, (x, y)) in x.zip(y).enumerate() {
                        let at = (first + k) % of.spread.count;
                        affine(x, mean, scale, of.weight[at], of.bias[at], y);
                    }
                }
            }
            // SAFETY: as above.
            unsafe {
                self.sums[0].add(row).write(total);
                self.sums[1].add(row).write(squares);
            }
        }
    }
}

/// `(x - mean) scale weight + bias`.
#[inline(always)]
pub(super) fn affine<C: Scalar>(
    x: &[C],
    mean: C,
    scale: C,
    weight: C,
    bias: C,
    y: &mut [MaybeUninit<C>],
) {
    for (y, x) in y.iter_mut().zip(x) {
        y.write((*x - mean) * scale * weight + bias);
    }
}

pub(super) fn forward<C: Scalar>(
    plan: &Plan<'_, C>,
    x: &[C],
    [count, width]: [usize; 2],
    y: *mut C,
    sums: [*mut C; 2],
) {
    let each = (PIECE / width).clamp(1, count);
    let (y, sums) = (Shared::new(y), sums.map(Shared::new));
    let threads = Threads::worth(2 * x.len());
    parallel::each(count.div_ceil(each), threads, |piece| {
        pulp::Arch::new().dispatch(Forward {
            plan,
            x,
            width,
            rows: piece * each..count.min((piece + 1) * each),
            y: y.get(),
            sums: sums.each_ref().map(Shared::get),
        });
    });
}

struct Vjp<'a, C> {
    plan: &'a Plan<'a, C>,
    x: &'a [C],
    gy: &'a [C],
    sums: [&'a [C]; 2],
    width: usize,
    rows: std::ops::Range<usize>,
    gx: *mut C,
    /// Of weight and bias: of this piece's own, to add to, where they change along a row, otherwise
    /// one for each run of elements.
    parts: [*mut C; 2],
}

impl<C: Scalar> pulp::WithSimd for Vjp<'_, C> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (plan, width) = (self.plan, self.width);
        for row in self.rows {
            let x = &self.x[row * width..][..width];
            let gy = &self.gy[row * width..][..width];
            // SAFETY: each row writes its own elements.
            let gx = unsafe { room(self.gx, row * width, width) };
            let [mean, scale] = plan.mean_and_scale(self.sums[0][row], self.sums[1][row]);
            let shares = Shares { mean };
            let slopes = |sums| Slopes::new(plan, [mean, scale], sums);
            match plan.affine {
                None => {
                    let sums = lanes::sums(simd, [x, gy], shares);
                    slopes(sums).write(x, gy, scale.lit(1.0), gx);
                }
                Some(of) if of.spread.len == 1 => {
                    let first = first(&of, row, width);
                    let weight = &of.weight[first..first + width];
                    let all = slopes(lanes::sums(simd, [x, gy, weight], shares));
                    // One output to a loop: the compiler does not test more for overlaps.
                    for i in 0..width {
                        let scaled = gy[i] * weight[i] * scale;
                        gx[i].write(scaled - all.shift - (x[i] - mean) * all.slope);
                    }
                    // SAFETY: the parts are this piece's own, and initialised.
                    let [g_weight, g_bias] = self.parts.map(|part| unsafe {
                        std::slice::from_raw_parts_mut(part.add(first), width)
                    });
                    for i in 0..width {
                        g_weight[i] = g_weight[i] + gy[i] * (x[i] - mean) * scale;
                    }
                    for i in 0..width {
                        g_bias[i] = g_bias[i] + gy[i];
                    }
                }
                Some(of) => {
                    let (len, first) = (of.spread.len, first(&of, row, width));
                    let runs = width / len;
                    let zero = scale.lit(0.0);
                    let mut sums = [zero; 2];
                    let weight = |k: usize| of.weight[(first + k) % of.spread.count];
                    for k in 0..runs {
                        let run = k * len..(k + 1) * len;
                        let [g, products] = lanes::sums(simd, [&x[run.clone()], &gy[run]], shares);
                        sums = [sums[0] + weight(k) * g, sums[1] + weight(k) * products];
                        // SAFETY: each run has its own place.
                        unsafe {
                            self.parts[0].add(row * runs + k).write(products * scale);
                            self.parts[1].add(row * runs + k).write(g);
                        }
                    }
                    let all = slopes(sums);
                    for k in 0..runs {
                        let run = k * len..(k + 1) * len;
                        all.write(&x[run.clone()], &gy[run.clone()], weight(k), &mut gx[run]);
                    }
                }
            }
        }
    }
}

/// Writes the gradient of `x`; those of weight and bias are sums of parts along the first axis.
pub(super) fn vjp<E: Float<Compute: Scalar>>(
    plan: &Plan<'_, E::Compute>,
    [x, gy]: [&[E::Compute]; 2],
    sums: [&[E::Compute]; 2],
    [count, width]: [usize; 2],
    gx: *mut E::Compute,
) -> Option<[Buffer<E>; 2]> {
    let spread = plan.affine.map(|affine| affine.spread);
    let varies = spread.is_some_and(|spread| spread.len == 1);
    let least = if varies { TOGETHER } else { 1 };
    let each = (PIECE / width).max(least).min(count);
    let pieces = count.div_ceil(each);
    let mut parts = spread.map(|spread| {
        let rows = match varies {
            true => pieces,
            false => x.len() / spread.len / spread.count,
        };
        let zeros = || Buffer::<E>::accumulate(&[rows, spread.count], |_| ());
        [zeros(), zeros()]
    });
    let to = match &mut parts {
        Some(parts) => parts.each_mut().map(|part| part.make_mut().as_mut_ptr()),
        None => [std::ptr::null_mut(); 2],
    };
    let to = to.map(|part| Shared::new(part.cast::<E::Compute>()));
    let gx = Shared::new(gx);
    parallel::each(pieces, Threads::worth(4 * x.len()), |piece| {
        let own = match spread {
            Some(spread) if varies => piece * spread.count,
            _ => 0,
        };
        pulp::Arch::new().dispatch(Vjp {
            plan,
            x,
            gy,
            sums,
            width,
            rows: piece * each..count.min((piece + 1) * each),
            gx: gx.get(),
            parts: to.each_ref().map(|part| part.get().wrapping_add(own)),
        });
    });
    parts
}
