//! The gradient of the weights, as sums of products of the output's gradient with shifted planes.

use super::Conv;
use super::pass::{Pass, evenly};
use super::planes::LayOut;
use super::products::Products;
use super::scratch::with_scratch;
use super::sum_of_parts;
use crate::cpu::parallel::{self, Shared, Threads};
use crate::sizes::Conv2dSizes;

/// Positions that are summed in registers before they are added up: so many that adding up costs
/// little, so few that the planes stay in the first caches.
const POSITIONS: usize = 2560;
/// Bytes of laid out planes.
const LAID_OUT: usize = 1 << 17;
/// Groups of images, and within them of output channels, that are summed apart: fixed, so that the
/// sum is the same for any number of threads.
const GROUPS: usize = 8;

/// The gradient of the weights, `[outputs, channels of a group, rows, columns]`.
pub(super) fn weight_grad<C: Conv>(g: &Conv2dSizes, x: &[C], gy: &[C]) -> Vec<C> {
    let pass = Pass::forward(g);
    let (elements, groups) = (pass.taps.len(), g.options.groups);
    let [height, width] = g.input;
    let [channels, outputs] = [g.group_channels(), g.group_outputs()];
    let len = g.outputs * channels * elements;
    let parts = g.batch.clamp(1, GROUPS);
    let cuts = (GROUPS / parts).clamp(1, outputs.div_ceil(8).max(1));
    let mut sums = vec![C::default(); parts * len];
    if pass.rows == 0 || pass.columns == 0 || len == 0 {
        return sum_of_parts(sums, len);
    }
    let out = Shared::new(sums.as_mut_ptr());
    // Rows without positions between them are one.
    let flat = pass.planes.width == pass.columns;
    let most_rows = evenly(pass.rows, POSITIONS / pass.columns);
    let most_images = (POSITIONS / (pass.rows * pass.columns)).max(1);
    let read = most_rows + pass.span;
    let one = pass.planes.channel(read);
    let most_channels = evenly(channels, LAID_OUT / (most_images * one * size_of::<C>()));
    let work = g.batch * pass.rows * pass.columns * len;
    parallel::each(parts * groups * cuts, Threads::worth(work / 16), |piece| {
        let (piece, cut) = (piece / cuts, piece % cuts);
        let (part, group) = (piece / groups, piece % groups);
        let [from, end] = [part, part + 1].map(|part| part * g.batch / parts);
        let [first, last] = [cut, cut + 1].map(|cut| cut * outputs / cuts);
        let scratch = most_images * most_channels * one + C::MOST;
        with_scratch(scratch, |scratch: &mut [C]| {
            for channel in (0..channels).step_by(most_channels) {
                let count = most_channels.min(channels - channel);
                for image in (from..end).step_by(most_images) {
                    for row in (0..pass.rows).step_by(most_rows) {
                        let images = most_images.min(end - image);
                        let rows = most_rows.min(pass.rows - row);
                        let read = rows + pass.span;
                        let plane = pass.planes.channel(read);
                        let shifts: Vec<usize> = (0..count)
                            .flat_map(|c| pass.shifts(read).into_iter().map(move |s| c * plane + s))
                            .collect();
                        // SAFETY: the images have these channels, and the scratch room for them
                        // and a vector; a piece adds to sums of its own.
                        unsafe {
                            for i in 0..images {
                                let at = ((image + i) * groups + group) * channels + channel;
                                C::with_vectors(LayOut {
                                    planes: &pass.planes,
                                    image: x.as_ptr().wrapping_add(at * height * width),
                                    channels: count,
                                    first: row,
                                    rows: read,
                                    to: scratch.as_mut_ptr().add(i * count * plane),
                                });
                            }
                            let output = group * outputs + first;
                            let gy_plane = pass.rows * pass.columns;
                            let at = (image * g.outputs + output) * gy_plane + row * pass.columns;
                            let to = part * len + (output * channels + channel) * elements;
                            C::with_vectors(Products {
                                x: scratch.as_ptr(),
                                x_image: count * plane,
                                width: pass.planes.width,
                                shifts: &shifts,
                                gy: gy.as_ptr().add(at),
                                gy_image: g.outputs * gy_plane,
                                gy_plane,
                                outputs: last - first,
                                images,
                                rows: if flat { 1 } else { rows },
                                columns: if flat {
                                    rows * pass.columns
                                } else {
                                    pass.columns
                                },
                                sums: out.get().add(to),
                                next: channels * elements,
                            });
                        }
                    }
                }
            }
        });
    });
    sum_of_parts(sums, len)
}
