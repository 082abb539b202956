//! Convolution and both of its gradients as products with tiles of patches: a tile is some rows of
//! the output, so the matrix of all patches never exists.

use super::scratch::with_scratch;
use super::{Conv, sum_of_parts};
use crate::backend::Conv2dOptions;
use crate::cpu::gemm::Matrix;
use crate::cpu::parallel::{self, Shared, Threads};
use crate::ops::scalar::Real;
use crate::sizes::Conv2dSizes;

/// Elements of a tile of patches: a quarter of a megabyte of f32, which the second cache holds.
const TILE: usize = 1 << 16;
/// Groups of images whose weight gradients are summed apart: fixed, so that the sum is the same
/// for any number of threads.
const GROUPS: usize = 8;

impl Conv2dSizes {
    /// Rows of a matrix of patches: elements of one window.
    fn window(&self) -> usize {
        self.group_channels() * self.kernel[0] * self.kernel[1]
    }

    fn plane(&self) -> usize {
        self.input[0] * self.input[1]
    }

    fn output_plane(&self) -> usize {
        self.output[0] * self.output[1]
    }

    /// Rows of the output in one tile.
    fn tile_rows(&self) -> usize {
        let row = (self.window() * self.output[1]).max(1);
        (TILE / row).clamp(1, self.output[0].max(1))
    }

    fn tiles(&self) -> usize {
        self.output[0].div_ceil(self.tile_rows())
    }

    /// The rows of the output in tile `tile`.
    fn rows(&self, tile: usize) -> std::ops::Range<usize> {
        let height = self.tile_rows();
        tile * height..self.output[0].min((tile + 1) * height)
    }

    /// Calls `run` for every part of a row of windows that lies inside the input:
    /// `run(column in the tile's matrix, row of the matrix, place in the plane, length)`, where
    /// consecutive columns are `stride` apart in the plane. Says nothing about the padding.
    fn for_runs(
        &self,
        rows: &std::ops::Range<usize>,
        mut run: impl FnMut(usize, usize, usize, usize),
    ) {
        let Conv2dOptions {
            stride,
            padding,
            dilation,
            ..
        } = self.options;
        let width = self.output[1];
        for channel in 0..self.group_channels() {
            for kh in 0..self.kernel[0] {
                for kw in 0..self.kernel[1] {
                    let row = (channel * self.kernel[0] + kh) * self.kernel[1] + kw;
                    let shift = kw * dilation[1];
                    // Columns whose element is inside: 0 <= ow * stride + shift - padding < W.
                    let first = padding[1]
                        .saturating_sub(shift)
                        .div_ceil(stride[1])
                        .min(width);
                    let end = (self.input[1] + padding[1]).saturating_sub(shift);
                    let last = end.div_ceil(stride[1]).min(width);
                    if first >= last {
                        continue;
                    }
                    for oh in rows.clone() {
                        let Some(ih) = (oh * stride[0] + kh * dilation[0]).checked_sub(padding[0])
                        else {
                            continue;
                        };
                        if ih >= self.input[0] {
                            continue;
                        }
                        let iw = first * stride[1] + shift - padding[1];
                        let column = (oh - rows.start) * width + first;
                        let at = channel * self.plane() + ih * self.input[1] + iw;
                        run(column, row, at, last - first);
                    }
                }
            }
        }
    }

    /// The patches of these output rows: a matrix of `window()` rows.
    fn patches<C: Copy + Default>(
        &self,
        x: &[C],
        rows: &std::ops::Range<usize>,
        patches: &mut [C],
    ) {
        let columns = rows.len() * self.output[1];
        let padded = self.options.padding != [0, 0];
        if padded {
            patches.fill(C::default());
        }
        let stride = self.options.stride[1];
        self.for_runs(rows, |column, row, at, len| {
            let to = &mut patches[row * columns + column..][..len];
            if stride == 1 {
                to.copy_from_slice(&x[at..at + len]);
            } else {
                for (to, from) in to.iter_mut().zip(x[at..].iter().step_by(stride)) {
                    *to = *from;
                }
            }
        });
    }

    /// Adds patches back to where they came from.
    fn add_patches<C: Real + Copy>(
        &self,
        patches: &[C],
        rows: &std::ops::Range<usize>,
        x: &mut [C],
    ) {
        let columns = rows.len() * self.output[1];
        let stride = self.options.stride[1];
        self.for_runs(rows, |column, row, at, len| {
            let from = &patches[row * columns + column..][..len];
            for (to, from) in x[at..].iter_mut().step_by(stride).zip(from) {
                *to = *to + *from;
            }
        });
    }
}

fn matrix<C>(x: &[C], row: usize, column: usize) -> Matrix<C> {
    Matrix {
        start: x.as_ptr(),
        row: row as isize,
        column: column as isize,
    }
}

/// Writes the output, `[batch, outputs, rows, columns]`.
///
/// # Safety
/// There is room for it, and nobody else writes there.
pub(super) unsafe fn forward<C: Conv>(g: &Conv2dSizes, x: &[C], w: &[C], out: *mut C) {
    let (window, groups) = (g.window(), g.options.groups);
    let out = Shared::new(out);
    let pieces = g.batch * groups * g.tiles();
    let work = g.batch * g.outputs * g.output_plane() * window;
    parallel::each(pieces, Threads::worth(work / 8), |piece| {
        let (image, tile) = (piece / g.tiles(), g.rows(piece % g.tiles()));
        let group = image % groups;
        let columns = tile.len() * g.output[1];
        let x = &x[image * g.group_channels() * g.plane()..];
        let w = &w[group * g.group_outputs() * window..];
        with_scratch(window * columns, |patches| {
            g.patches(x, &tile, patches);
            let sizes = [g.group_outputs(), columns, window];
            let at = image * g.group_outputs() * g.output_plane() + tile.start * g.output[1];
            // SAFETY: `w` holds the group's outputs, `patches` the tile's windows; each piece
            // writes its own rows of the output planes of its own image and group.
            unsafe {
                let dst = (out.get().add(at), g.output_plane() as isize, 1);
                let (w, p) = (matrix(w, window, 1), matrix(patches, columns, 1));
                C::gemm(sizes, dst, false, w, p, Threads::One);
            }
        });
    });
    if window == 0 {
        zero(&out, g.batch * g.outputs * g.output_plane());
    }
}

/// A product over no channels is 0, and `gemm` may leave the memory as it was.
fn zero<C: Default>(out: &Shared<C>, len: usize) {
    for at in 0..len {
        // SAFETY: the output has `len` elements.
        unsafe { out.get().add(at).write(C::default()) };
    }
}

/// Writes the gradient of the input, `[batch, channels, rows, columns]`.
///
/// # Safety
/// There is room for it, and nobody else writes there.
pub(super) unsafe fn input_grad<C: Conv>(g: &Conv2dSizes, gy: &[C], w: &[C], out: *mut C) {
    let (window, groups) = (g.window(), g.options.groups);
    let out = Shared::new(out);
    let len = g.group_channels() * g.plane();
    let work = g.batch * g.outputs * g.output_plane() * window;
    parallel::each(g.batch * groups, Threads::worth(work / 8), |image| {
        let group = image % groups;
        // SAFETY: each image and group has `len` elements of its own, written here first.
        let x = unsafe {
            let start = out.get().add(image * len);
            for at in 0..len {
                start.add(at).write(C::default());
            }
            std::slice::from_raw_parts_mut(start, len)
        };
        let w = &w[group * g.group_outputs() * window..];
        for tile in 0..g.tiles() {
            let rows = g.rows(tile);
            let columns = rows.len() * g.output[1];
            let at = image * g.group_outputs() * g.output_plane() + rows.start * g.output[1];
            with_scratch(window * columns, |patches| {
                let sizes = [window, columns, g.group_outputs()];
                // SAFETY: the operands hold the group's outputs; the tile's windows fit into
                // `patches`.
                unsafe {
                    let dst = (patches.as_mut_ptr(), columns as isize, 1);
                    let (w, gy) = (matrix(w, 1, window), matrix(&gy[at..], g.output_plane(), 1));
                    C::gemm(sizes, dst, false, w, gy, Threads::One);
                }
                g.add_patches(patches, &rows, x);
            });
        }
    });
}

/// The gradient of the weights, `[outputs, channels of a group, rows, columns]`.
pub(super) fn weight_grad<C: Conv>(g: &Conv2dSizes, x: &[C], gy: &[C]) -> Vec<C> {
    let window = g.window();
    let len = g.outputs * window;
    let groups = g.batch.clamp(1, GROUPS);
    let mut partial = vec![C::default(); groups * len];
    let sums = Shared::new(partial.as_mut_ptr());
    let work = g.batch * g.outputs * g.output_plane() * window;
    parallel::each(groups, Threads::worth(work / 8), |piece| {
        let images = piece * g.batch / groups..(piece + 1) * g.batch / groups;
        for image in images.start * g.options.groups..images.end * g.options.groups {
            let group = image % g.options.groups;
            for tile in 0..g.tiles() {
                let rows = g.rows(tile);
                let columns = rows.len() * g.output[1];
                with_scratch(window * columns, |patches| {
                    let x = &x[image * g.group_channels() * g.plane()..];
                    g.patches(x, &rows, patches);
                    let at =
                        image * g.group_outputs() * g.output_plane() + rows.start * g.output[1];
                    let sizes = [g.group_outputs(), window, columns];
                    // SAFETY: the operands hold the group's outputs and the tile's windows; each
                    // piece adds to a partial sum of its own.
                    unsafe {
                        let at_group = piece * len + group * g.group_outputs() * window;
                        let dst = (sums.get().add(at_group), window as isize, 1);
                        let (gy, p) = (
                            matrix(&gy[at..], g.output_plane(), 1),
                            matrix(patches, 1, columns),
                        );
                        C::gemm(sizes, dst, true, gy, p, Threads::One);
                    }
                });
            }
        }
    });
    sum_of_parts(partial, len)
}
