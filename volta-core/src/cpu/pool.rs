//! Max pooling over two axes.

use super::buffer::Buffer;
use super::parallel::{self, Shared, Threads};
use super::widen::contiguous;
use crate::backend::Pool2dOptions;
use crate::dtype::Num;
use crate::sizes;

/// The greatest element of each window, and its place in the plane. NaN wins; the padding never.
pub(super) fn max_pool2d<E: Num>(
    x: &Buffer<E>,
    options: Pool2dOptions,
) -> (Buffer<E>, Buffer<i64>) {
    let x = contiguous(x);
    let Pool2dOptions {
        kernel,
        stride,
        padding,
        dilation,
    } = options;
    let dims = x.dims();
    let (planes, input) = (dims[0] * dims[1], [dims[2], dims[3]]);
    let output = sizes::pooled(input, options);
    let dims = [dims[0], dims[1], output[0], output[1]];
    let data = x.as_slice().expect("contiguous");
    let mut places = Vec::new();
    // SAFETY: every plane of both outputs is written whole by its own piece.
    let values = unsafe {
        Buffer::<E>::write_with(&dims, |values| {
            let area = output[0] * output[1];
            places = vec![0_i64; planes * area];
            let (values, at) = (Shared::new(values), Shared::new(places.as_mut_ptr()));
            parallel::each(planes, Threads::worth(planes * area * 32), |plane| {
                let x = &data[plane * input[0] * input[1]..][..input[0] * input[1]];
                for oh in 0..output[0] {
                    let (top, kh_first) = start(oh, stride[0], padding[0], dilation[0]);
                    for ow in 0..output[1] {
                        let (left, kw_first) = start(ow, stride[1], padding[1], dilation[1]);
                        let mut best: Option<usize> = None;
                        let mut h = top;
                        for _ in kh_first..kernel[0] {
                            if h >= input[0] {
                                break;
                            }
                            let mut w = left;
                            for _ in kw_first..kernel[1] {
                                if w >= input[1] {
                                    break;
                                }
                                let place = h * input[1] + w;
                                let wins = match best {
                                    None => true,
                                    Some(b) => x[place] > x[b] || is_nan(x[place]) && !is_nan(x[b]),
                                };
                                if wins {
                                    best = Some(place);
                                }
                                w += dilation[1];
                            }
                            h += dilation[0];
                        }
                        let best = best.expect("padding is at most half of the window");
                        let out = plane * area + oh * output[1] + ow;
                        values.get().add(out).write(x[best]);
                        at.get().add(out).write(best as i64);
                    }
                }
            });
        })
    };
    let places = Buffer::from_slice(&places, &dims);
    (values, places)
}

/// The first position of window `index` that is not padding, and which element of it that is.
fn start(index: usize, stride: usize, padding: usize, dilation: usize) -> (usize, usize) {
    let from = index * stride;
    let skipped = padding.saturating_sub(from).div_ceil(dilation);
    (from + skipped * dilation - padding, skipped)
}

#[expect(
    clippy::eq_op,
    reason = "only NaN differs from itself, and integers have no `is_nan`"
)]
pub(super) fn is_nan<E: Num>(x: E) -> bool {
    x != x
}
