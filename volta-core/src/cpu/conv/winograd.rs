//! Convolution by windows of three rows, without stride, in two thirds of the products: the minimal
//! filtering F(2, 3) of S. Winograd, "Arithmetic Complexity of Computations" (1980), down the
//! columns. Four rows of the input, and three of a window, are each seen at four points; the
//! products at a point, summed over the channels and along the window's rows, give two rows of the
//! output.
//!
//! Along the rows too it would be four ninths, but then neighbours are to be taken apart and put
//! together again: for few channels that was measured to cost more than it saves.

use pulp::Simd;

use super::Conv;
use super::direct::Weights;
use super::lanes::{Lanes, Vector, Work};
use super::pass::evenly;
use super::planes::{LayOut, Planes};
use super::scratch::with_scratch;
use super::tiles::{Place, Sums, TileSize, tile_for};
use crate::cpu::parallel::{self, Shared, Threads};
use crate::sizes::Conv2dSizes;

/// Points at which rows are seen.
pub(super) const POINTS: usize = 4;
/// Bytes of a block's input at the points: a part of the second cache.
const SEEN: usize = 3 << 17;
/// What the rows of all images are at least cut into by output channels, if there are as many tiles
/// of those.
const PIECES: usize = 8;
/// Planes in pairs of rows.
pub(super) struct Pairs {
    /// Even and odd rows apart, with those before and after.
    pub(super) planes: Planes,
    /// How far each column of the window shifts a row.
    pub(super) taps: Vec<usize>,
    pub(super) pairs: usize,
    /// Height and width of the output.
    output: [usize; 2],
}

impl Pairs {
    fn new(input: [usize; 2], output: [usize; 2], before: [isize; 2], taps: Vec<usize>) -> Self {
        let span = taps.iter().max().copied().unwrap_or(0);
        Pairs {
            planes: Planes {
                input,
                stride: [2, 1],
                before,
                phases: [2, 1],
                width: output[1] + span,
            },
            taps,
            pairs: output[0].div_ceil(2),
            output,
        }
    }

    /// The output of a convolution.
    pub(super) fn forward(g: &Conv2dSizes) -> Self {
        let before = g.options.padding.map(|padding| padding as isize);
        let taps = (0..g.kernel[1]).map(|k| k * g.options.dilation[1]);
        Pairs::new(g.input, g.output, before, taps.collect())
    }
}

/// The input at the points, `[point][channel][position]`, from planes of even and of odd rows.
pub(super) struct See<C> {
    pub(super) x: *const C,
    pub(super) channels: usize,
    /// Rows of each kind that are laid out, and elements in one.
    pub(super) rows: usize,
    pub(super) width: usize,
    /// Positions, in whole vectors, and room for them.
    pub(super) positions: usize,
    /// From what is seen at one point to the next.
    pub(super) point: usize,
    pub(super) to: *mut C,
}

impl<C: Vector> Work<C> for See<C> {
    type Output = ();

    /// # Safety
    /// The planes are laid out in so many rows, with a vector more to read after the last, and
    /// there is room for the channels at every point.
    #[inline(always)]
    unsafe fn run<S: Simd>(self, simd: S)
    where
        C: Lanes<S>,
    {
        let odd = self.rows * self.width;
        let point = self.point;
        for channel in 0..self.channels {
            for position in (0..self.positions).step_by(C::LANES) {
                // SAFETY: the caller's promise.
                unsafe {
                    let x = self.x.add(channel * 2 * odd + position);
                    let a = C::load(simd, x);
                    let b = C::load(simd, x.add(odd));
                    let c = C::load(simd, x.add(self.width));
                    let d = C::load(simd, x.add(odd + self.width));
                    let to = self.to.add(channel * self.positions + position);
                    C::store(simd, to, C::minus(simd, a, c));
                    C::store(simd, to.add(point), C::plus(simd, b, c));
                    C::store(simd, to.add(2 * point), C::minus(simd, c, b));
                    C::store(simd, to.add(3 * point), C::minus(simd, b, d));
                }
            }
        }
    }
}

/// Three rows of a window at the points.
fn window_seen<C: Conv>([a, b, c]: [C; 3]) -> [C; POINTS] {
    let half = C::default().lit(0.5);
    [a, (a + b + c) * half, (a - b + c) * half, c]
}

/// Rows of the output from sums at the points, `[point][channel][position]`.
struct Gather<'a, C> {
    sums: *const C,
    /// From the sums at one point to those at the next.
    point: usize,
    channels: usize,
    positions: usize,
    pairs: usize,
    of: &'a Pairs,
    /// The first row of the output.
    first: usize,
    out: *mut C,
}

impl<C: Vector> Work<C> for Gather<'_, C> {
    type Output = ();

    /// # Safety
    /// The sums have the sizes that the fields say, with a vector more to read after the last, and
    /// the output the rows of these pairs, as far as there are; nobody else writes there.
    #[inline(always)]
    unsafe fn run<S: Simd>(self, simd: S)
    where
        C: Lanes<S>,
    {
        let [height, across] = self.of.output;
        let some = C::between(simd, 0, across.min(C::LANES));
        for channel in 0..self.channels {
            for pair in 0..self.pairs {
                let row = self.first + 2 * pair;
                let both = row + 1 < height;
                // SAFETY: the caller's promise; the last vector of a row begins among those that
                // are done, and in a row of less only what is there is written.
                unsafe {
                    let from = self
                        .sums
                        .add(channel * self.positions + pair * self.of.planes.width);
                    let to = self.out.add((channel * height + row) * across);
                    let mut column = 0;
                    loop {
                        let a = C::load(simd, from.add(column));
                        let b = C::load(simd, from.add(self.point + column));
                        let c = C::load(simd, from.add(2 * self.point + column));
                        let d = C::load(simd, from.add(3 * self.point + column));
                        let upper = C::plus(simd, C::plus(simd, a, b), c);
                        let lower = C::minus(simd, C::minus(simd, b, c), d);
                        let to = to.add(column);
                        if across < C::LANES {
                            C::store_some(simd, some, to, upper);
                            if both {
                                C::store_some(simd, some, to.add(across), lower);
                            }
                        } else {
                            C::store(simd, to, upper);
                            if both {
                                C::store(simd, to.add(across), lower);
                            }
                        }
                        if column + C::LANES >= across {
                            break;
                        }
                        column = (column + C::LANES).min(across - C::LANES);
                    }
                }
            }
        }
    }
}

/// The weights at the points, `[group][point][tile]` and within it as tiles read them.
fn packed<C: Conv>(
    g: &Conv2dSizes,
    w: &Weights<C>,
    flip: bool,
    [channels, outputs]: [usize; 2],
    tile: TileSize,
) -> Vec<C> {
    let (groups, across) = (g.options.groups, g.kernel[1]);
    let (tiles, width) = (outputs.div_ceil(tile.outputs), tile.outputs);
    let one = channels * across * width;
    let mut packed = vec![C::default(); groups * POINTS * tiles * one];
    let to = Shared::new(packed.as_mut_ptr());
    let threads = Threads::worth(groups * POINTS * tiles * one);
    parallel::each(groups * tiles, threads, |piece| {
        let (group, tile) = (piece / tiles, piece % tiles);
        let at = |point: usize| ((group * POINTS + point) * tiles + tile) * one;
        for r in 0..width.min(outputs - tile * width) {
            let start = group * w.group + (tile * width + r) * w.output;
            for channel in 0..channels {
                let window = &w.all[start + channel * w.channel..][..3 * across];
                for column in 0..across {
                    let [a, b, c] = [0, 1, 2].map(|row| window[row * across + column]);
                    let seen = window_seen(if flip { [c, b, a] } else { [a, b, c] });
                    let step = (channel * across + column) * width + r;
                    for (point, seen) in seen.into_iter().enumerate() {
                        // SAFETY: each piece writes the weights of its own tile.
                        unsafe { to.get().add(at(point) + step).write(seen) };
                    }
                }
            }
        }
    });
    packed
}

/// Writes the output, `[batch, outputs, rows, columns]`.
///
/// # Safety
/// There is room for it, nobody else writes there, and the windows have three rows and no stride.
pub(super) unsafe fn forward<C: Conv>(g: &Conv2dSizes, x: &[C], w: &[C], out: *mut C) {
    let pairs = Pairs::forward(g);
    let sizes = [g.group_channels(), g.group_outputs()];
    let w = packed(
        g,
        &Weights::forward(g, w),
        false,
        sizes,
        tile_for::<C>(sizes[1]),
    );
    // SAFETY: the caller's promise.
    unsafe { run(&pairs, g, sizes, x, &w, out) };
}

/// Writes the gradient of the input, `[batch, channels, rows, columns]`: the convolution of the
/// output's gradient with the flipped windows.
///
/// # Safety
/// There is room for it, nobody else writes there, and the windows have three rows and no stride.
pub(super) unsafe fn input_grad<C: Conv>(g: &Conv2dSizes, gy: &[C], w: &[C], out: *mut C) {
    let last = (g.kernel[1] - 1) * g.options.dilation[1];
    let [down, across] = g.options.padding.map(|padding| padding as isize);
    let before = [2 - down, last as isize - across];
    let taps = (0..g.kernel[1]).map(|k| last - k * g.options.dilation[1]);
    let pairs = Pairs::new(g.output, g.input, before, taps.collect());
    let sizes = [g.group_outputs(), g.group_channels()];
    let w = packed(
        g,
        &Weights::backward(g, w),
        true,
        sizes,
        tile_for::<C>(sizes[1]),
    );
    // SAFETY: the caller's promise.
    unsafe { run(&pairs, g, sizes, gy, &w, out) };
}

/// # Safety
/// There is room for every output of every image, and nobody else writes there; `w` is
/// [`packed`].
unsafe fn run<C: Conv>(
    of: &Pairs,
    g: &Conv2dSizes,
    [channels, outputs]: [usize; 2],
    x: &[C],
    w: &[C],
    out: *mut C,
) {
    let tile = tile_for::<C>(outputs);
    let (groups, images) = (g.options.groups, g.batch * g.options.groups);
    let tiles = outputs.div_ceil(tile.outputs);
    let width = of.planes.width;
    // As many pairs of rows as fill tiles of positions.
    let least = tile.positions.div_ceil(width);
    let row = width * POINTS * channels * size_of::<C>();
    let most = evenly(of.pairs, (SEEN / row).max(least));
    let blocks = of.pairs.div_ceil(most);
    let cuts = PIECES.div_ceil((images * blocks).max(1)).min(tiles);
    let room = |pairs: usize| (pairs * width).next_multiple_of(C::MOST);
    let laid_out =
        (channels * of.planes.channel(most + 1) + tile.positions).next_multiple_of(C::MOST);
    let seen = POINTS * channels * room(most) + tile.positions;
    let summed = POINTS * tile.outputs * room(most) + C::MOST;
    let out = Shared::new(out);
    let work = images * of.pairs * of.output[1] * channels * outputs * POINTS * of.taps.len();
    parallel::each(images * blocks * cuts, Threads::worth(work / 16), |piece| {
        let (piece, cut) = (piece / cuts, piece % cuts);
        let (image, first) = (piece / blocks, piece % blocks * most);
        let pairs = most.min(of.pairs - first);
        let positions = room(pairs);
        with_scratch(laid_out + seen + summed, |scratch: &mut [C]| {
            let (laid_out, rest) = scratch.split_at_mut(laid_out);
            let (seen, sums) = rest.split_at_mut(seen);
            let plane = of.planes.input[0] * of.planes.input[1];
            // SAFETY: the image has these channels, and the scratch room for them, for their
            // rows at every point and for a tile of sums. The piece writes its own outputs and
            // rows of its own image.
            unsafe {
                C::with_vectors(LayOut {
                    planes: &of.planes,
                    image: x.as_ptr().add(image * channels * plane),
                    channels,
                    first,
                    rows: pairs + 1,
                    to: laid_out.as_mut_ptr(),
                });
                C::with_vectors(See {
                    x: laid_out.as_ptr(),
                    channels,
                    rows: pairs + 1,
                    width,
                    positions,
                    point: channels * positions,
                    to: seen.as_mut_ptr(),
                });
                for tile_at in cut * tiles / cuts..(cut + 1) * tiles / cuts {
                    let output = tile_at * tile.outputs;
                    let count = tile.outputs.min(outputs - output);
                    for point in 0..POINTS {
                        let at = (image % groups * POINTS + point) * tiles + tile_at;
                        C::with_vectors(Sums {
                            tile,
                            x: seen.as_ptr().add(point * channels * positions),
                            plane: positions,
                            channels,
                            width: positions,
                            taps: &of.taps,
                            w: w.as_ptr().add(at * channels * of.taps.len() * tile.outputs),
                            next: 0,
                            outputs: count,
                            rows: 1,
                            columns: positions,
                            out: Place {
                                start: sums.as_mut_ptr().add(point * tile.outputs * positions),
                                plane: positions,
                                row: 0,
                                column: 1,
                            },
                            add: false,
                        });
                    }
                    let plane = of.output[0] * of.output[1];
                    C::with_vectors(Gather {
                        sums: sums.as_ptr(),
                        point: tile.outputs * positions,
                        channels: count,
                        positions,
                        pairs,
                        of,
                        first: 2 * first,
                        out: out.get().add((image * outputs + output) * plane),
                    });
                }
            }
        });
    });
}
