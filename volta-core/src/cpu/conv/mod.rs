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
