//! Convolution and the gradient of its input without a matrix of patches: each is a few passes of
//! sums over shifted planes.

use super::lanes::Vector;
use super::pass::{Pass, Tap, evenly};
use super::planes::LayOut;
use super::scratch::with_scratch;
use super::tiles::{Place, Sums, TileSize, tile_for};
use crate::cpu::parallel::{self, Shared, Threads};
use crate::sizes::Conv2dSizes;

/// Bytes of a tile's positions in all the channels that it sums over at once: most of the first
/// cache, which the weights pass through.
const NEAR: usize = 20 << 10;
/// Bytes of laid out planes: a part of the second cache.
const LAID_OUT: usize = 1 << 18;
/// The fewest rows that are laid out at once, and what the rows of all images are at least cut into
/// by output channels, if there are as many tiles of those.
const FEWEST_ROWS: usize = 4;
const PIECES: usize = 8;

/// Channels that are summed over at once, and rows that are laid out with them.
fn block<C>(pass: &Pass, channels: usize, tile: TileSize) -> [usize; 2] {
    let down = pass.taps.iter().map(|tap| tap.shift[0] + 1).max();
    let across = tile.positions + pass.planes.width.min(64);
    let near = down.unwrap_or(1) * pass.planes.phases[0] * across * size_of::<C>();
    let channels = evenly(channels, NEAR / near);
    let row = channels * pass.planes.channel(1) * size_of::<C>();
    [
        channels,
        evenly(pass.rows, (LAID_OUT / row.max(1)).max(FEWEST_ROWS)),
    ]
}

/// What is summed: `[image][group][channel]` planes into `[image][group][output]` planes.
struct Shape {
    images: usize,
    groups: usize,
    channels: usize,
    outputs: usize,
    /// Elements of a plane that is written.
    plane: usize,
}

/// The weights: element `[group, output, channel, element of the window]` at the sum of the four
/// times their steps.
pub(super) struct Weights<'a, C> {
    pub(super) all: &'a [C],
    pub(super) group: usize,
    pub(super) output: usize,
    pub(super) channel: usize,
}

impl<'a, C: Vector> Weights<'a, C> {
    /// Of the sums that give the output.
    pub(super) fn forward(g: &Conv2dSizes, all: &'a [C]) -> Self {
        let elements = g.kernel[0] * g.kernel[1];
        Weights {
            all,
            group: g.group_outputs() * g.group_channels() * elements,
            output: g.group_channels() * elements,
            channel: elements,
        }
    }

    /// Of the sums that give the gradient of the input: from the outputs to the channels.
    pub(super) fn backward(g: &Conv2dSizes, all: &'a [C]) -> Self {
        let forward = Weights::forward(g, all);
        Weights {
            output: forward.channel,
            channel: forward.output,
            ..forward
        }
    }

    /// In the order in which tiles read them: those of a tile's outputs side by side, zeros where
    /// there are fewer.
    fn packed(&self, shape: &Shape, taps: &[Tap], tile: TileSize) -> Vec<C> {
        let (tiles, width) = (shape.outputs.div_ceil(tile.outputs), tile.outputs);
        let one = shape.channels * taps.len() * width;
        let mut packed = vec![C::default(); shape.groups * tiles * one];
        let to = Shared::new(packed.as_mut_ptr());
        let threads = Threads::worth(shape.groups * tiles * one);
        parallel::each(shape.groups * tiles, threads, |piece| {
            let (group, first) = (piece / tiles, piece % tiles * width);
            let outputs = width.min(shape.outputs - first);
            let start = group * self.group + first * self.output;
            // SAFETY: each piece writes the weights of its own tile.
            let to = unsafe { std::slice::from_raw_parts_mut(to.get().add(piece * one), one) };
            let mut steps = to.chunks_exact_mut(width);
            for channel in 0..shape.channels {
                for tap in taps {
                    let from = &self.all[start + channel * self.channel + tap.element..];
                    let step = steps.next().expect("one for each channel and tap");
                    for (to, from) in step
                        .iter_mut()
                        .zip(from.iter().step_by(self.output))
                        .take(outputs)
                    {
                        *to = *from;
                    }
                }
            }
        });
        packed
    }
}

/// Writes the output, `[batch, outputs, rows, columns]`.
///
/// # Safety
/// There is room for it, and nobody else writes there.
pub(super) unsafe fn forward<C: Vector + super::Conv>(
    g: &Conv2dSizes,
    x: &[C],
    w: &[C],
    out: *mut C,
) {
    let pass = Pass::forward(g);
    let weights = Weights::forward(g, w);
    let shape = Shape {
        images: g.batch,
        groups: g.options.groups,
        channels: g.group_channels(),
        outputs: g.group_outputs(),
        plane: g.output[0] * g.output[1],
    };
    // SAFETY: the caller's promise; one pass gives every position.
    unsafe { run(&[pass], &shape, x, &weights, out) };
}

/// Writes the gradient of the input, `[batch, channels, rows, columns]`.
///
/// # Safety
/// There is room for it, and nobody else writes there.
pub(super) unsafe fn input_grad<C: Vector + super::Conv>(
    g: &Conv2dSizes,
    gy: &[C],
    w: &[C],
    out: *mut C,
) {
    let mut passes = Vec::new();
    for a in 0..g.options.stride[0] {
        for b in 0..g.options.stride[1] {
            passes.push(Pass::backward(g, [a, b]));
        }
    }
    let weights = Weights::backward(g, w);
    let shape = Shape {
        images: g.batch,
        groups: g.options.groups,
        channels: g.group_outputs(),
        outputs: g.group_channels(),
        plane: g.input[0] * g.input[1],
    };
    // SAFETY: the caller's promise; a position has one phase, and each phase a pass.
    unsafe { run(&passes, &shape, gy, &weights, out) };
}

/// # Safety
/// There is room for every output of every image, nobody else writes there, and the passes give
/// disjoint positions.
unsafe fn run<C: Vector + super::Conv>(
    passes: &[Pass],
    shape: &Shape,
    x: &[C],
    weights: &Weights<C>,
    out: *mut C,
) {
    let tile = tile_for::<C>(shape.outputs);
    let images = shape.images * shape.groups;
    let out = Shared::new(out);
    let mut parts = Vec::new();
    for pass in passes
        .iter()
        .filter(|pass| pass.rows > 0 && pass.columns > 0)
    {
        let packed = weights.packed(shape, &pass.taps, tile);
        let [channels, rows] = block::<C>(pass, shape.channels, tile);
        parts.push((pass, packed, channels, rows));
    }
    // The first row of each block of an image's rows, with its pass.
    let blocks: Vec<(usize, usize)> = (parts.iter().enumerate())
        .flat_map(|(i, (pass, _, _, rows))| (0..pass.rows).step_by(*rows).map(move |row| (i, row)))
        .collect();
    let tiles = shape.outputs.div_ceil(tile.outputs);
    let cuts = PIECES
        .div_ceil((images * blocks.len()).max(1))
        .min(tiles.max(1));
    let products: usize = passes
        .iter()
        .map(|pass| pass.rows * pass.columns * pass.taps.len())
        .sum();
    let work = images * shape.channels * shape.outputs * products;
    parallel::each(
        images * blocks.len() * cuts,
        Threads::worth(work / 16),
        |piece| {
            let (piece, cut) = (piece / cuts, piece % cuts);
            let (image, (i, first)) = (piece / blocks.len(), blocks[piece % blocks.len()]);
            let (pass, packed, channels, most_rows) = &parts[i];
            let rows = (*most_rows).min(pass.rows - first);
            let first_tile = cut * tiles / cuts;
            let output = first_tile * tile.outputs;
            let end = shape.outputs.min((cut + 1) * tiles / cuts * tile.outputs);
            let steps = shape.channels * pass.taps.len() * tile.outputs;
            let read = rows + pass.span;
            let plane = pass.planes.channel(read);
            let taps = pass.shifts(read);
            with_scratch(channels * plane + tile.positions, |scratch: &mut [C]| {
                // Once without channels, too: the sum of nothing is written.
                for block in 0..shape.channels.div_ceil(*channels).max(1) {
                    let channel = block * channels;
                    let count = (*channels).min(shape.channels - channel);
                    let [height, width] = pass.planes.input;
                    let from = (image * shape.channels + channel) * height * width;
                    let w = (image % shape.groups * tiles + first_tile) * steps
                        + channel * pass.taps.len() * tile.outputs;
                    let to = (image * shape.outputs + output) * shape.plane
                        + pass.start
                        + first * pass.steps[0];
                    // SAFETY: the image has these channels, and the scratch room for them and for a
                    // tile's positions more; the packed weights are `steps` a tile. The piece writes
                    // its own outputs and rows of its own pass and image.
                    unsafe {
                        C::with_vectors(LayOut {
                            planes: &pass.planes,
                            image: x.as_ptr().wrapping_add(from),
                            channels: count,
                            first,
                            rows: read,
                            to: scratch.as_mut_ptr(),
                        });
                        C::with_vectors(Sums {
                            tile,
                            x: scratch.as_ptr(),
                            plane,
                            channels: count,
                            width: pass.planes.width,
                            taps: &taps,
                            w: packed.as_ptr().wrapping_add(w),
                            next: steps,
                            outputs: end - output,
                            rows,
                            columns: pass.columns,
                            out: Place {
                                start: out.get().add(to),
                                plane: shape.plane,
                                row: pass.steps[0],
                                column: pass.steps[1],
                            },
                            add: block > 0,
                        });
                    }
                }
            });
        },
    );
}
