//! The gradient of the weights of windows of three rows, without stride, in two thirds of the
//! products: the minimal filtering F(3, 2) down the columns, at the points of [`winograd`](super::winograd).

use pulp::Simd;

use super::lanes::{Lanes, Work};
use super::pass::evenly;
use super::planes::LayOut;
use super::products::Products;
use super::scratch::with_scratch;
use super::winograd::{POINTS, Pairs, See};
use super::{Conv, sum_of_parts};
use crate::cpu::parallel::{self, Shared, Threads};
use crate::sizes::Conv2dSizes;

/// Positions that are summed in registers before they are added up.
const POSITIONS: usize = 2560;
/// Bytes of the input at one point, and output channels that are seen at once.
const SEEN: usize = 1 << 17;
const OUTPUTS: usize = 32;
/// Groups of images, and within them of output channels, that are summed apart: fixed, so that the
/// sum is the same for any number of threads.
const GROUPS: usize = 8;

/// Pairs of rows of planes at the points, `[point][plane][pair][column]`, by
/// `[a, (a + b) / 2, (a - b) / 2, b]`.
struct SeePairs<C> {
    /// Planes of so many rows and columns, `height` rows apart.
    y: *const C,
    planes: usize,
    height: usize,
    rows: usize,
    columns: usize,
    /// From what is seen at one point to the next.
    point: usize,
    to: *mut C,
}

impl<C: Conv> Work<C> for SeePairs<C> {
    type Output = ();

    /// # Safety
    /// The planes have so many rows, and there is room for their pairs at every point.
    #[inline(always)]
    unsafe fn run<S: Simd>(self, simd: S)
    where
        C: Lanes<S>,
    {
        let zero = C::splat(simd, C::default());
        let half = C::splat(simd, C::default().lit(0.5));
        let few = self.columns < C::LANES;
        let some = C::between(simd, 0, self.columns.min(C::LANES));
        let mut to = self.to;
        for plane in 0..self.planes {
            for row in (0..self.rows).step_by(2) {
                // SAFETY: the caller's promise; the last vector of a row begins among those that
                // are done, and of a row of less only what is there is read and written.
                unsafe {
                    let upper = self.y.add((plane * self.height + row) * self.columns);
                    let mut column = 0;
                    while column < self.columns {
                        let load = |at| match few {
                            true => C::load_some(simd, some, at),
                            false => C::load(simd, at),
                        };
                        let a = load(upper.add(column));
                        let b = match row + 1 < self.rows {
                            true => load(upper.add(self.columns + column)),
                            false => zero,
                        };
                        let sum = C::mul_add(simd, C::plus(simd, a, b), half, zero);
                        let difference = C::mul_add(simd, C::minus(simd, a, b), half, zero);
                        for (i, seen) in [a, sum, difference, b].into_iter().enumerate() {
                            let to = to.add(i * self.point + column);
                            match few {
                                true => C::store_some(simd, some, to, seen),
                                false => C::store(simd, to, seen),
                            }
                        }
                        if column + C::LANES >= self.columns {
                            break;
                        }
                        column = (column + C::LANES).min(self.columns - C::LANES);
                    }
                    to = to.add(self.columns);
                }
            }
        }
    }
}

/// The gradient of the weights, `[outputs, channels of a group, 3, columns]`, of windows without
/// stride.
pub(super) fn weight_grad<C: Conv>(g: &Conv2dSizes, x: &[C], gy: &[C]) -> Vec<C> {
    let of = Pairs::forward(g);
    let (across, groups, width) = (g.kernel[1], g.options.groups, of.planes.width);
    let [channels, outputs] = [g.group_channels(), g.group_outputs()];
    let [height, columns] = g.output;
    // Elements of the gradient and of the sums at one point.
    let (len, at_point) = (
        g.outputs * channels * 3 * across,
        g.outputs * channels * across,
    );
    let parts = g.batch.clamp(1, GROUPS);
    let cuts = (GROUPS / parts).clamp(1, outputs.div_ceil(8));
    let most_pairs = evenly(of.pairs, POSITIONS / columns);
    let most_images = (POSITIONS / (of.pairs * columns)).clamp(1, g.batch.div_ceil(parts));
    let room = (most_pairs * width).next_multiple_of(C::MOST);
    let most_channels = evenly(channels, SEEN / (most_images * room * size_of::<C>()));
    let laid_out = most_channels * of.planes.channel(most_pairs + 1) + 2 * C::MOST;
    let laid_out = laid_out.next_multiple_of(C::MOST);
    let seen = POINTS * most_images * most_channels * room + width + C::MOST;
    let pairs_seen = POINTS * most_images * OUTPUTS * most_pairs * columns;
    let mut gradient = vec![C::default(); parts * len];
    let mut sums = vec![C::default(); parts * POINTS * at_point];
    let (out, sums) = (
        Shared::new(gradient.as_mut_ptr()),
        Shared::new(sums.as_mut_ptr()),
    );
    let work = g.batch * of.pairs * columns * at_point * POINTS;
    parallel::each(parts * groups * cuts, Threads::worth(work / 16), |piece| {
        let (piece, cut) = (piece / cuts, piece % cuts);
        let (part, group) = (piece / groups, piece % groups);
        let [from, end] = [part, part + 1].map(|part| part * g.batch / parts);
        let [first, last] = [cut, cut + 1].map(|cut| group * outputs + cut * outputs / cuts);
        // SAFETY: each piece has its own outputs of its own part.
        let sums_of = |point: usize| unsafe { sums.get().add((part * POINTS + point) * at_point) };
        with_scratch(laid_out + seen + pairs_seen, |scratch: &mut [C]| {
            let (laid_out, rest) = scratch.split_at_mut(laid_out);
            let (seen, pairs_seen) = rest.split_at_mut(seen);
            for channel in (0..channels).step_by(most_channels) {
                let count = most_channels.min(channels - channel);
                for image in (from..end).step_by(most_images) {
                    let images = most_images.min(end - image);
                    for pair in (0..of.pairs).step_by(most_pairs) {
                        let pairs = most_pairs.min(of.pairs - pair);
                        let rows = (2 * pairs).min(height - 2 * pair);
                        let positions = (pairs * width).next_multiple_of(C::MOST);
                        let shifts: Vec<usize> = (0..count)
                            .flat_map(|c| of.taps.iter().map(move |tap| c * positions + tap))
                            .collect();
                        // SAFETY: the images have these channels and outputs, and the scratch room
                        // for both at every point.
                        unsafe {
                            for i in 0..images {
                                let at = ((image + i) * groups + group) * channels + channel;
                                let plane = of.planes.input[0] * of.planes.input[1];
                                C::with_vectors(LayOut {
                                    planes: &of.planes,
                                    image: x.as_ptr().wrapping_add(at * plane),
                                    channels: count,
                                    first: pair,
                                    rows: pairs + 1,
                                    to: laid_out.as_mut_ptr(),
                                });
                                C::with_vectors(See {
                                    x: laid_out.as_ptr(),
                                    channels: count,
                                    rows: pairs + 1,
                                    width,
                                    positions,
                                    point: images * count * positions,
                                    to: seen.as_mut_ptr().add(i * count * positions),
                                });
                            }
                            for output in (first..last).step_by(OUTPUTS) {
                                let some = OUTPUTS.min(last - output);
                                let plane = pairs * columns;
                                for i in 0..images {
                                    let at = ((image + i) * g.outputs + output) * height + 2 * pair;
                                    C::with_vectors(SeePairs {
                                        y: gy.as_ptr().add(at * columns),
                                        planes: some,
                                        height,
                                        rows,
                                        columns,
                                        point: images * some * plane,
                                        to: pairs_seen.as_mut_ptr().add(i * some * plane),
                                    });
                                }
                                for point in 0..POINTS {
                                    C::with_vectors(Products {
                                        x: seen.as_ptr().add(point * images * count * positions),
                                        x_image: count * positions,
                                        width,
                                        shifts: &shifts,
                                        gy: pairs_seen.as_ptr().add(point * images * some * plane),
                                        gy_image: some * plane,
                                        gy_plane: plane,
                                        outputs: some,
                                        images,
                                        rows: pairs,
                                        columns,
                                        sums: sums_of(point)
                                            .add((output * channels + channel) * across),
                                        next: channels * across,
                                    });
                                }
                            }
                        }
                    }
                }
            }
        });
        for at in first * channels..last * channels {
            for column in 0..across {
                // SAFETY: as above.
                unsafe {
                    let [a, b, c, d] =
                        std::array::from_fn(|point| *sums_of(point).add(at * across + column));
                    let to = out.get().add(part * len + at * 3 * across + column);
                    to.write(a + b + c);
                    to.add(across).write(b - c);
                    to.add(2 * across).write(b + c - d);
                }
            }
        }
    });
    sum_of_parts(gradient, len)
}
