//! The numbers that every row is given.

use std::ops::Range;

use volta::prelude::*;
use volta::{Dtype, DtypeKind};

/// How an input lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Laid {
    InOrder,
    Transposed,
}

/// The sizes of an input, and the range that its numbers are in.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) dims: Vec<usize>,
    range: Range<f64>,
}

impl Input {
    pub(crate) fn new(dims: &[usize], range: Range<f64>) -> Self {
        Input {
            dims: dims.to_vec(),
            range,
        }
    }

    /// The elements in row-major order; `nth` tells inputs apart.
    pub(crate) fn elements<E: Dtype>(&self, nth: usize) -> Vec<E> {
        let n = self.dims.iter().product();
        let positive = self.range.start > 0.0;
        (0..n)
            .map(|i| {
                let at = place(i, n, nth);
                let whole = (at % 5 + usize::from(positive)) as f64;
                E::from_f64(match E::KIND {
                    DtypeKind::Bool => (at % 2) as f64,
                    DtypeKind::U8 => whole,
                    DtypeKind::I32 | DtypeKind::I64 if positive => whole,
                    DtypeKind::I32 | DtypeKind::I64 => whole - 2.0,
                    _ => within(&self.range, at, n, nth),
                })
            })
            .collect()
    }

    pub(crate) fn prim<E: Dtype, B: Backend>(
        &self,
        device: &B::Device,
        nth: usize,
        laid: Laid,
    ) -> B::Prim<E> {
        let elements = self.elements::<E>(nth);
        let rank = self.dims.len();
        if laid == Laid::InOrder {
            return B::from_vec(device, elements, &self.dims);
        }
        let back: Vec<usize> = (0..rank).rev().collect();
        let reversed: Vec<usize> = self.dims.iter().rev().copied().collect();
        // The element of an index of the reversed sizes.
        let of = |mut at: usize| {
            let mut index = vec![0; rank];
            for axis in (0..rank).rev() {
                index[axis] = at % reversed[axis];
                at /= reversed[axis];
            }
            let place = (index.iter().rev().zip(&self.dims)).fold(0, |at, (i, size)| at * size + i);
            elements[place]
        };
        let elements = (0..elements.len()).map(of).collect();
        B::permute(&B::from_vec(device, elements, &reversed), &back)
    }
}

fn gcd(a: usize, b: usize) -> usize {
    match b {
        0 => a,
        _ => gcd(b, a % b),
    }
}

/// A permutation of `0..n`, another for each input: no number comes twice.
fn place(i: usize, n: usize, nth: usize) -> usize {
    let step = (n * 5 / 8 + 2 + nth..)
        .find(|&step| gcd(step, n) == 1)
        .expect("a prime is among them");
    (i * step + nth) % n
}

/// A number that every type of floats has; the inputs of a row have no number in common, and none
/// at a kink.
pub(crate) fn within(range: &Range<f64>, at: usize, n: usize, nth: usize) -> f64 {
    let share = (at as f64 + 0.37 + 0.11 * (nth % 5) as f64) / n as f64;
    bf16::from_f64(range.start + (range.end - range.start) * share).to_f64()
}
