//! Two-dimensional convolution and both of its gradients.
//!
//! Planes are convolved as they lie ([`direct`], [`weight`]), windows of three rows without stride
//! in fewer products ([`winograd`]), or gathered into patches, whose product with the weights it
//! then is ([`patches`]), whichever is the fastest ([`choice`]).

mod choice;
mod direct;
mod lanes;
mod pass;
mod patches;
mod planes;
mod products;
mod scratch;
mod tiles;
mod weight;
mod winograd;
mod winograd_weight;

use bytemuck::Pod;

use self::choice::Way;
use self::lanes::Vector;
use super::buffer::Buffer;
use super::gemm::Gemm;
use super::widen::{Wide, narrow_into};
use crate::backend::Conv2dOptions;
use crate::dtype::Float;
use crate::ops::scalar::Real;
use crate::sizes::Conv2dSizes;

/// Scalars that convolve.
pub trait Conv: Real + Gemm + Vector + Pod {}
impl<C: Real + Gemm + Vector + Pod> Conv for C {}

pub(super) fn forward<E: Float<Compute: Conv>>(
    x: &Buffer<E>,
    w: &Buffer<E>,
    options: Conv2dOptions,
) -> Buffer<E> {
    let g = Conv2dSizes::new(x.dims(), w.dims(), options);
    let dims = [g.batch, g.outputs, g.output[0], g.output[1]];
    let (x, w) = (Wide::contiguous(x), Wide::contiguous(w));
    let (x, w) = (x.as_slice(), w.as_slice());
    // SAFETY: the output has these sizes, is written by nobody else, and whole by each of these.
    unsafe {
        narrow_into::<E>(&dims, |out| match choice::forward::<E::Compute>(&g) {
            Way::Winograd => winograd::forward(&g, x, w, out),
            Way::Direct => direct::forward(&g, x, w, out),
            Way::Patches => patches::forward(&g, x, w, out),
        })
    }
}

pub(super) fn input_grad<E: Float<Compute: Conv>>(
    gy: &Buffer<E>,
    w: &Buffer<E>,
    options: Conv2dOptions,
    dims: &[usize],
) -> Buffer<E> {
    let g = Conv2dSizes::new(dims, w.dims(), options).with_output(gy.dims());
    let (gy, w) = (Wide::contiguous(gy), Wide::contiguous(w));
    let (gy, w) = (gy.as_slice(), w.as_slice());
    // SAFETY: the output has these sizes, is written by nobody else, and whole by each of these.
    unsafe {
        narrow_into::<E>(dims, |out| match choice::input_grad::<E::Compute>(&g) {
            Way::Winograd => winograd::input_grad(&g, gy, w, out),
            Way::Direct => direct::input_grad(&g, gy, w, out),
            Way::Patches => patches::input_grad(&g, gy, w, out),
        })
    }
}

pub(super) fn weight_grad<E: Float<Compute: Conv>>(
    x: &Buffer<E>,
    gy: &Buffer<E>,
    options: Conv2dOptions,
    dims: &[usize],
) -> Buffer<E> {
    let g = Conv2dSizes::new(x.dims(), dims, options).with_output(gy.dims());
    let (x, gy) = (Wide::contiguous(x), Wide::contiguous(gy));
    let (x, gy) = (x.as_slice(), gy.as_slice());
    let sum = match choice::weight_grad::<E::Compute>(&g) {
        Way::Winograd => winograd_weight::weight_grad(&g, x, gy),
        Way::Direct => weight::weight_grad(&g, x, gy),
        Way::Patches => patches::weight_grad(&g, x, gy),
    };
    let narrow: Vec<E> = sum.iter().map(|x| E::narrow(*x)).collect();
    Buffer::from_slice(&narrow, dims)
}

/// Adds up parts of `len` elements each, one after the other.
fn sum_of_parts<C: Conv>(mut parts: Vec<C>, len: usize) -> Vec<C> {
    let (sum, rest) = parts.split_at_mut(len);
    for part in rest.chunks_exact(len.max(1)) {
        for (sum, x) in sum.iter_mut().zip(part) {
            *sum = *sum + *x;
        }
    }
    parts.truncate(len);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::Backend;
    use crate::cpu::Cpu;

    /// What `Tensor::conv2d` says of infinities.
    #[test]
    fn an_infinity_reaches_no_further_than_its_windows() {
        let options = Conv2dOptions {
            stride: [1, 1],
            padding: [1, 1],
            dilation: [1, 1],
            groups: 1,
        };
        let (size, channels) = (32, 32);
        let dims = [1, channels, size, size];
        let kernel = [channels, channels, 3, 3];
        let g = Conv2dSizes::new(&dims, &kernel, options);
        assert_eq!(choice::forward::<f32>(&g), Way::Winograd);
        let w = Cpu::full(&Cpu, 1.0_f32, &kernel);
        let plain = vec![1.0_f32; channels * size * size];
        let finite = Cpu::conv2d(&Buffer::from_slice(&plain, &dims), &w, options);
        for (row, column) in [(0, 0), (5, 7), (6, 8), (31, 31)] {
            let mut x = plain.clone();
            x[row * size + column] = f32::INFINITY;
            let y = Cpu::conv2d(&Buffer::from_slice(&x, &dims), &w, options);
            let mut meets = 0;
            let [y, finite] = [&y, &finite].map(|x| x.as_slice().expect("contiguous"));
            for (at, (y, finite)) in y.iter().zip(finite).enumerate() {
                let (r, c) = (at / size % size, at % size);
                if r.abs_diff(row) <= 1 && c.abs_diff(column) <= 1 {
                    assert!(!y.is_finite(), "{r} {c}: {y}");
                    meets += 1;
                } else {
                    assert_eq!(y, finite, "{r} {c}");
                }
            }
            assert!(meets >= 4 * channels);
        }
    }
}
