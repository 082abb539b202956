//! Max pooling over two axes.

use std::array::from_fn;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::slice;

use pulp::{Simd, WithSimd};

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
    let dims = x.dims();
    let (planes, input) = (dims[0] * dims[1], [dims[2], dims[3]]);
    let output = sizes::pooled(input, options);
    let dims = [dims[0], dims[1], output[0], output[1]];
    let data = x.as_slice().expect("contiguous");
    let windows = Windows {
        options,
        input,
        output,
        inside: [0, 1].map(|axis| inside(input[axis], output[axis], options, axis)),
    };
    let area = output[0] * output[1];
    let mut values = None;
    // SAFETY: every plane of both outputs is written whole by its own piece.
    let places = unsafe {
        Buffer::<i64>::write_with(&dims, |places| {
            values = Some(Buffer::<E>::write_with(&dims, |values| {
                let (values, places) = (Shared::new(values), Shared::new(places));
                parallel::each(planes, Threads::worth(planes * area * 16), |plane| {
                    let out = plane * area;
                    pulp::Arch::new().dispatch(Plane {
                        windows: &windows,
                        x: &data[plane * input[0] * input[1]..][..input[0] * input[1]],
                        values: slice::from_raw_parts_mut(values.get().add(out).cast(), area),
                        places: slice::from_raw_parts_mut(places.get().add(out).cast(), area),
                    });
                });
            }));
        })
    };
    (
        values.expect("the values are written with the places"),
        places,
    )
}

/// The windows of a plane.
struct Windows {
    options: Pool2dOptions,
    input: [usize; 2],
    output: [usize; 2],
    /// Those that have no padding.
    inside: [Range<usize>; 2],
}

/// The windows along an axis that have no padding.
fn inside(input: usize, output: usize, options: Pool2dOptions, axis: usize) -> Range<usize> {
    let (stride, padding) = (options.stride[axis], options.padding[axis]);
    let reach = options.dilation[axis] * (options.kernel[axis] - 1) + 1;
    let end = match (input + padding).checked_sub(reach) {
        Some(last) => (last / stride + 1).min(output),
        None => 0,
    };
    padding.div_ceil(stride).min(end)..end
}

/// A plane, and room for its output.
struct Plane<'a, E> {
    windows: &'a Windows,
    x: &'a [E],
    values: &'a mut [MaybeUninit<E>],
    places: &'a mut [MaybeUninit<i64>],
}

impl<E: Num> WithSimd for Plane<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) {
        let Pool2dOptions {
            kernel,
            stride,
            dilation,
            ..
        } = self.windows.options;
        for row in 0..self.windows.output[0] {
            if !self.windows.inside[0].contains(&row) {
                self.windows_one_by_one(row, 0..self.windows.output[1]);
                continue;
            }
            match (kernel, stride, dilation) {
                ([2, 2], [_, 2], [1, 1]) => self.row::<2, 2>(row),
                ([3, 3], [_, 2], [1, 1]) => self.row::<3, 2>(row),
                ([3, 3], [_, 1], [1, 1]) => self.row::<3, 1>(row),
                _ => self.row_of_any(row),
            }
            let Range { start, end } = self.windows.inside[1].clone();
            self.windows_one_by_one(row, 0..start);
            self.windows_one_by_one(row, end.max(start)..self.windows.output[1]);
        }
    }
}

impl<E: Num> Plane<'_, E> {
    /// Where the windows without padding of a row lie in the output, and where the first of them
    /// begins.
    #[inline(always)]
    fn inner(&self, row: usize) -> (Range<usize>, usize) {
        let windows = self.windows;
        let Pool2dOptions {
            stride, padding, ..
        } = windows.options;
        let out = row * windows.output[1];
        let columns = &windows.inside[1];
        let top = row * stride[0] - padding[0];
        let left = (columns.start * stride[1]).saturating_sub(padding[1]);
        (
            out + columns.start..out + columns.end,
            top * windows.input[1] + left,
        )
    }

    /// The windows without padding of a row, of `K` by `K` neighbours and `STRIDE` apart: the compiler
    /// takes several at a time.
    #[inline(always)]
    fn row<const K: usize, const STRIDE: usize>(&mut self, row: usize) {
        let (out, first) = self.inner(row);
        if out.is_empty() {
            return;
        }
        let (width, line) = (out.len(), self.windows.input[1]);
        let lines: [&[E]; K] = from_fn(|h| &self.x[first + h * line..][..(width - 1) * STRIDE + K]);
        let (values, places) = (&mut self.values[out.clone()], &mut self.places[out]);
        for j in 0..width {
            let mut best = lines[0][j * STRIDE].widen();
            let mut at = 0;
            for (h, entries) in lines.iter().enumerate() {
                for w in 0..K {
                    if h + w > 0 {
                        let x = entries[j * STRIDE + w].widen();
                        let wins = beats(&x, &best);
                        best = Ring::select(wins, x, best);
                        at = if wins { h * line + w } else { at };
                    }
                }
            }
            values[j].write(E::narrow(best));
            places[j].write((first + j * STRIDE + at) as i64);
        }
    }

    /// The windows without padding of a row, whatever they are.
    #[inline(always)]
    fn row_of_any(&mut self, row: usize) {
        let (out, first) = self.inner(row);
        let Pool2dOptions {
            kernel,
            stride,
            dilation,
            ..
        } = self.windows.options;
        let line = self.windows.input[1];
        for (j, out) in out.enumerate() {
            let first = first + j * stride[1];
            let mut place = first;
            let mut best = self.x[first].widen();
            for h in 0..kernel[0] {
                for w in 0..kernel[1] {
                    let at = first + h * dilation[0] * line + w * dilation[1];
                    let x = self.x[at].widen();
                    let wins = beats(&x, &best);
                    best = Ring::select(wins, x, best);
                    place = if wins { at } else { place };
                }
            }
            self.values[out].write(E::narrow(best));
            self.places[out].write(place as i64);
        }
    }

    /// Windows that have padding.
    #[inline(always)]
    fn windows_one_by_one(&mut self, row: usize, columns: Range<usize>) {
        let (windows, options) = (self.windows, self.windows.options);
        let down = entries(windows, 0, row);
        for column in columns {
            let across = entries(windows, 1, column);
            let mut best: Option<usize> = None;
            for h in down.clone().step_by(options.dilation[0]) {
                for w in across.clone().step_by(options.dilation[1]) {
                    let place = h * windows.input[1] + w;
                    let wins = best
                        .is_none_or(|best| beats(&self.x[place].widen(), &self.x[best].widen()));
                    best = if wins { Some(place) } else { best };
                }
            }
            let best = best.expect("padding is at most half of the window");
            let out = row * windows.output[1] + column;
            self.values[out].write(self.x[best]);
            self.places[out].write(best as i64);
        }
    }
}

/// Whether an element wins against the best of those before it: NaN is not at most anything, and
/// nothing is more than it.
#[inline(always)]
fn beats<C: Ordered<Mask = bool>>(x: &C, best: &C) -> bool {
    !x.le(best) & best.eq(best)
}

/// The positions of a window's entries along an axis, as far as they are no padding; they are the
/// dilation apart.
fn entries(windows: &Windows, axis: usize, index: usize) -> Range<usize> {
    let options = windows.options;
    let (dilation, padding) = (options.dilation[axis], options.padding[axis]);
    let from = index * options.stride[axis];
    let skipped = padding.saturating_sub(from).div_ceil(dilation);
    let end = from + options.kernel[axis] * dilation;
    let end = end.saturating_sub(padding).min(windows.input[axis]);
    let start = from + skipped * dilation - padding;
    start.min(end)..end
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

#[expect(
    clippy::eq_op,
    reason = "only NaN differs from itself, and integers have no `is_nan`"
)]
pub(super) fn is_nan<E: Num>(x: E) -> bool {
    x != x
}
