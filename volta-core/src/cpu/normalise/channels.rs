//! Channels of a batch, whose elements lie together by example.

use std::mem::MaybeUninit;

use pulp::Simd;

use super::rows::affine;
use super::{PIECE, Plan, Scalar, Shares, Slopes, Squares};
use crate::cpu::buffer::Buffer;
use crate::cpu::lanes::{Elements, Sums};
use crate::cpu::parallel::{self, Shared, Threads};
use crate::dtype::Float;

/// The runs of a channel.
#[derive(Clone, Copy)]
struct Runs {
    batch: usize,
    channels: usize,
    len: usize,
}

impl Runs {
    #[inline(always)]
    fn of(self, channel: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
        (0..self.batch).map(move |example| {
            let start = (example * self.channels + channel) * self.len;
            start..start + self.len
        })
    }

    /// Channels that a thread takes at a time.
    fn each(self) -> usize {
        (PIECE / (self.batch * self.len)).clamp(1, self.channels)
    }
}

impl<C: Scalar> Plan<'_, C> {
    /// The weight and the bias of a channel.
    #[inline(always)]
    fn of_channel(&self, channel: usize) -> [C; 2] {
        match self.affine {
            Some(of) => {
                let at = channel % of.spread.count;
                [of.weight[at], of.bias[at]]
            }
            None => [self.n.lit(1.0), self.n.lit(0.0)],
        }
    }
}

/// # Safety
/// There is room at `run`, which nobody else looks at.
#[inline(always)]
unsafe fn room<'a, C>(out: *mut C, run: std::ops::Range<usize>) -> &'a mut [MaybeUninit<C>] {
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts_mut(out.add(run.start).cast(), run.len()) }
}

struct Forward<'a, C> {
    plan: &'a Plan<'a, C>,
    x: &'a [C],
    runs: Runs,
    channels: std::ops::Range<usize>,
    y: *mut C,
    sums: [*mut C; 2],
}

impl<C: Scalar> pulp::WithSimd for Forward<'_, C> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let plan = self.plan;
        for channel in self.channels {
            let mut sums = Sums::new(simd);
            for run in self.runs.of(channel) {
                sums.add([&self.x[run]], Elements);
            }
            let [total] = sums.finish();
            let mean = total / plan.n;
            let mut sums = Sums::new(simd);
            for run in self.runs.of(channel) {
                sums.add([&self.x[run]], Squares { mean });
            }
            let [squares] = sums.finish();
            let [mean, scale] = plan.mean_and_scale(total, squares);
            let [weight, bias] = plan.of_channel(channel);
            for run in self.runs.of(channel) {
                // SAFETY: each channel writes its own elements.
                let y = unsafe { room(self.y, run.clone()) };
                affine(&self.x[run], mean, scale, weight, bias, y);
            }
            // SAFETY: as above.
            unsafe {
                self.sums[0].add(channel).write(total);
                self.sums[1].add(channel).write(squares);
            }
        }
    }
}

pub(super) fn forward<C: Scalar>(
    plan: &Plan<'_, C>,
    x: &[C],
    [batch, channels, len]: [usize; 3],
    y: *mut C,
    sums: [*mut C; 2],
) {
    let runs = Runs {
        batch,
        channels,
        len,
    };
    let each = runs.each();
    let (y, sums) = (Shared::new(y), sums.map(Shared::new));
    let threads = Threads::worth(2 * x.len());
    parallel::each(channels.div_ceil(each), threads, |piece| {
        pulp::Arch::new().dispatch(Forward {
            plan,
            x,
            runs,
            channels: piece * each..channels.min((piece + 1) * each),
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
    runs: Runs,
    channels: std::ops::Range<usize>,
    gx: *mut C,
    /// Of weight and bias, one for each channel.
    parts: [*mut C; 2],
}

impl<C: Scalar> pulp::WithSimd for Vjp<'_, C> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let plan = self.plan;
        for channel in self.channels {
            let [mean, scale] = plan.mean_and_scale(self.sums[0][channel], self.sums[1][channel]);
            let mut sums = Sums::new(simd);
            for run in self.runs.of(channel) {
                sums.add([&self.x[run.clone()], &self.gy[run]], Shares { mean });
            }
            let [g, products] = sums.finish();
            let [weight, _] = plan.of_channel(channel);
            let slopes = Slopes::new(plan, [mean, scale], [weight * g, weight * products]);
            for run in self.runs.of(channel) {
                // SAFETY: each channel writes its own elements.
                let gx = unsafe { room(self.gx, run.clone()) };
                slopes.write(&self.x[run.clone()], &self.gy[run], weight, gx);
            }
            if plan.affine.is_some() {
                // SAFETY: as above.
                unsafe {
                    self.parts[0].add(channel).write(products * scale);
                    self.parts[1].add(channel).write(g);
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
    [batch, channels, len]: [usize; 3],
    gx: *mut E::Compute,
) -> Option<[Buffer<E>; 2]> {
    let runs = Runs {
        batch,
        channels,
        len,
    };
    let each = runs.each();
    let mut parts = plan.affine.map(|of| {
        let dims = [channels / of.spread.count, of.spread.count];
        [(); 2].map(|()| Buffer::<E>::accumulate(&dims, |_| ()))
    });
    let to = match &mut parts {
        Some(parts) => parts.each_mut().map(|part| part.make_mut().as_mut_ptr()),
        None => [std::ptr::null_mut(); 2],
    };
    let to = to.map(|part| Shared::new(part.cast::<E::Compute>()));
    let gx = Shared::new(gx);
    let threads = Threads::worth(4 * x.len());
    parallel::each(channels.div_ceil(each), threads, |piece| {
        pulp::Arch::new().dispatch(Vjp {
            plan,
            x,
            gy,
            sums,
            runs,
            channels: piece * each..channels.min((piece + 1) * each),
            gx: gx.get(),
            parts: to.each_ref().map(Shared::get),
        });
    });
    parts
}
