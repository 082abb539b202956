//! Max pooling over two axes.

use super::buffer::Buffer;
use super::parallel::{self, Shared, Threads};
use super::widen::contiguous;
use crate::backend::Pool2dOptions;
use crate::dtype::Num;
use crate::ops::scalar::{Ordered, Ring};
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
    // How far the elements of a window are from its first.
    let elements: Vec<usize> = (0..kernel[0] * kernel[1])
        .map(|i| (i / kernel[1] * dilation[0] * input[1]) + i % kernel[1] * dilation[1])
        .collect();
    let mut places = Vec::new();
    // SAFETY: every plane of both outputs is written whole by its own piece.
    let values = unsafe {
        Buffer::<E>::write_with(&dims, |values| {
            let area = output[0] * output[1];
            places = vec![0_i64; planes * area];
            let (values, at) = (Shared::new(values), Shared::new(places.as_mut_ptr()));
            parallel::each(planes, Threads::worth(planes * area * 32), |plane| {
                let x = &data[plane * input[0] * input[1]..][..input[0] * input[1]];
                if padding == [0, 0] {
                    for oh in 0..output[0] {
                        let out = plane * area + oh * output[1];
                        Row {
                            x,
                            start: oh * stride[0] * input[1],
                            stride: stride[1],
                            elements: &elements,
                            width: output[1],
                            values: values.get().add(out),
                            places: at.get().add(out),
                        }
                        .run();
                    }
                    return;
                }
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

/// Windows that are looked through at once, element by element: what wins is chosen without
/// branches, which would be mispredicted.
const WINDOWS: usize = 32;

/// A row of windows of which no element is padding.
struct Row<'a, E> {
    x: &'a [E],
    /// Where the first window starts.
    start: usize,
    stride: usize,
    elements: &'a [usize],
    width: usize,
    values: *mut E,
    places: *mut i64,
}

impl<E: Num> Row<'_, E> {
    /// # Safety
    /// There is room for `width` values and places.
    unsafe fn run(&self) {
        let mut first = 0;
        while first < self.width {
            let count = WINDOWS.min(self.width - first);
            let start = self.start + first * self.stride;
            let mut best = [E::ZERO.widen(); WINDOWS];
            let mut at = [0; WINDOWS];
            for (i, &element) in self.elements.iter().enumerate() {
                let x = self.x[start + element..].iter().step_by(self.stride);
                for ((best, at), x) in best.iter_mut().zip(&mut at).zip(x).take(count) {
                    let x = x.widen();
                    // NaN is not at most anything, and nothing is more than it.
                    let wins = i == 0 || !x.le(best) && best.eq(best);
                    *best = Ring::select(wins, x, *best);
                    *at = if wins { element } else { *at };
                }
            }
            for (j, (best, at)) in best.iter().zip(at).enumerate().take(count) {
                // SAFETY: the caller's promise.
                unsafe {
                    self.values.add(first + j).write(E::narrow(*best));
                    let place = start + j * self.stride + at;
                    self.places.add(first + j).write(place as i64);
                }
            }
            first += count;
        }
    }
}

/// The gradient of the input of [`max_pool2d`], whose sizes are `dims`.
///
/// # Panics
/// If a place is not in a plane.
pub(super) fn max_pool2d_input_grad<E: Num>(
    gy: &Buffer<E>,
    places: &Buffer<i64>,
    dims: &[usize],
) -> Buffer<E> {
    let (gy, places) = (contiguous(gy), contiguous(places));
    let gy = gy.as_slice().expect("contiguous");
    let places = places.as_slice().expect("contiguous");
    let (planes, plane) = (dims[0] * dims[1], dims[2] * dims[3]);
    let area = gy.len() / planes.max(1);
    // SAFETY: each piece writes the whole of its own plane.
    unsafe {
        Buffer::<E>::write_with(dims, |out| {
            let out = Shared::new(out);
            parallel::each(
                planes,
                Threads::worth(planes * (plane + area * 4)),
                |piece| {
                    let x = out.get().add(piece * plane);
                    for at in 0..plane {
                        x.add(at).write(E::ZERO);
                    }
                    let x = std::slice::from_raw_parts_mut(x, plane);
                    let of_piece = piece * area..(piece + 1) * area;
                    for (gy, place) in gy[of_piece.clone()].iter().zip(&places[of_piece]) {
                        let x = &mut x[*place as usize];
                        *x = E::narrow(x.widen() + gy.widen());
                    }
                },
            );
        })
    }
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
