//! Two-dimensional convolution and both of its gradients, as products with patches that are never
//! written down: a batch is a group of channels.

use volta_core::backend::Conv2dOptions;
use volta_core::sizes::Conv2dSizes;

use crate::gemm::{Along, Digits, Gemm, Loader, Place, Sizes, Spots};
use crate::nest::Nest;
use crate::raw::Raw;

/// What products need of the sizes of a convolution.
trait Products {
    fn groups(&self, strides: [isize; 2], offsets: [usize; 2]) -> Nest;
    fn spots(&self, of: Spotted, plane: isize) -> Spots;
}

impl Products for Conv2dSizes {
    /// One pair of matrices for each group, of which the first ones begin at these places.
    fn groups(&self, strides: [isize; 2], offsets: [usize; 2]) -> Nest {
        let groups = self.options.groups;
        Nest {
            dims: vec![groups as u32],
            strides: strides.map(|stride| vec![stride as u32]).into(),
            offsets: offsets.map(|offset| offset as u32).into(),
        }
    }

    /// Windows in the input, by image or channel: `steps` apart from `starts` on.
    fn spots(&self, of: Spotted, plane: isize) -> Spots {
        let options = &self.options;
        match of {
            Spotted::Windows => Spots {
                sizes: self.output,
                plane,
                steps: options.stride.map(|step| step as isize),
                starts: options.padding.map(|padding| -(padding as isize)),
            },
            Spotted::Taps => Spots {
                sizes: self.kernel,
                plane,
                steps: options.dilation.map(|step| step as isize),
                starts: [0; 2],
            },
        }
    }
}

enum Spotted {
    /// Where windows begin.
    Windows,
    /// Elements of a window.
    Taps,
}

fn strides(x: &Raw) -> [isize; 4] {
    x.layout().strides().try_into().expect("four axes")
}

/// Cross-correlation: rows are channels of the output, columns its pixels, terms the elements of a
/// window.
pub(crate) fn forward(x: &Raw, w: &Raw, options: Conv2dOptions) -> Raw {
    let g = Conv2dSizes::new(x.dims(), w.dims(), options);
    let dims = [g.batch, w.dims()[0], g.output[0], g.output[1]];
    let plane = g.output[0] * g.output[1];
    let (xs, ws) = (strides(x), strides(w));
    let product = Gemm {
        a: w,
        b: x,
        sizes: Sizes {
            batches: options.groups,
            rows: g.group_outputs(),
            columns: g.batch * plane,
            terms: g.group_channels() * g.kernel[0] * g.kernel[1],
        },
        batches: g.groups(
            [
                g.group_outputs() as isize * ws[0],
                g.group_channels() as isize * xs[1],
            ],
            [w.layout().offset(), x.layout().offset()],
        ),
        loader: Loader::Window {
            row: ws[0],
            a: [ws[1], ws[2], ws[3]],
            column: g.spots(Spotted::Windows, xs[0]),
            term: g.spots(Spotted::Taps, xs[1]),
            plane: g.input,
            strides: [xs[2], xs[3]],
            along: Along::Other,
        },
        place: Place {
            first: 0,
            batch: g.group_outputs() * plane,
            row: plane,
            column: Some(Digits {
                sizes: g.output,
                strides: [(dims[1] * plane) as isize, dims[3] as isize, 1],
            }),
        },
    };
    Gemm::run(&[product], w, x, &dims)
}

/// Rows are channels of a group of outputs, columns the elements of a window, terms the pixels of
/// the output.
pub(crate) fn weight_grad(x: &Raw, gy: &Raw, options: Conv2dOptions, dims: &[usize]) -> Raw {
    let g = Conv2dSizes::new(x.dims(), dims, options).with_output(gy.dims());
    let (xs, gs) = (strides(x), strides(gy));
    let window = g.group_channels() * g.kernel[0] * g.kernel[1];
    let product = Gemm {
        a: gy,
        b: x,
        sizes: Sizes {
            batches: options.groups,
            rows: g.group_outputs(),
            columns: window,
            terms: g.batch * g.output[0] * g.output[1],
        },
        batches: g.groups(
            [
                g.group_outputs() as isize * gs[1],
                g.group_channels() as isize * xs[1],
            ],
            [gy.layout().offset(), x.layout().offset()],
        ),
        loader: Loader::Window {
            row: gs[1],
            a: [gs[0], gs[2], gs[3]],
            column: g.spots(Spotted::Taps, xs[1]),
            term: g.spots(Spotted::Windows, xs[0]),
            plane: g.input,
            strides: [xs[2], xs[3]],
            along: Along::Terms,
        },
        place: Place {
            first: 0,
            batch: g.group_outputs() * window,
            row: window,
            column: None,
        },
    };
    Gemm::run(&[product], gy, x, dims)
}

/// Along one axis, the pixels of the input that are so many steps of the windows apart, and the
/// taps that reach them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Comb {
    first: usize,
    pixels: usize,
    first_tap: usize,
    taps: usize,
    /// From one of these taps to the next.
    tap_step: usize,
    /// The output whose window reaches the first pixel with the first tap, and how many outputs
    /// before it the next tap does.
    output: isize,
    output_step: isize,
}

impl Comb {
    fn new(g: &Conv2dSizes, axis: usize, first: usize) -> Comb {
        let o = &g.options;
        let [stride, dilation, padding] = [o.stride[axis], o.dilation[axis], o.padding[axis]];
        let kernel = g.kernel[axis];
        let place = first + padding;
        let reaches = |tap: &usize| (tap * dilation) % stride == place % stride;
        let first_tap = (0..kernel.min(stride)).find(reaches);
        let tap_step = (1..=stride)
            .find(|step| (step * dilation).is_multiple_of(stride))
            .expect("as many as a stride has");
        let start = first_tap.unwrap_or(0);
        Comb {
            first,
            pixels: g.input[axis].saturating_sub(first).div_ceil(stride),
            first_tap: start,
            taps: first_tap.map_or(0, |tap| (kernel - tap).div_ceil(tap_step)),
            tap_step,
            output: (place as isize - (start * dilation) as isize).div_euclid(stride as isize),
            output_step: (tap_step * dilation / stride) as isize,
        }
    }
}

/// Rows are channels of the input, columns its pixels, terms the windows that see them: a product
/// for each place of a pixel between two steps of the windows, which have taps of their own.
pub(crate) fn input_grad(gy: &Raw, w: &Raw, options: Conv2dOptions, dims: &[usize]) -> Raw {
    let g = Conv2dSizes::new(dims, w.dims(), options).with_output(gy.dims());
    let (gs, ws) = (strides(gy), strides(w));
    let combs = |axis: usize| -> Vec<Comb> {
        let first = 0..options.stride[axis].min(g.input[axis]);
        first.map(|first| Comb::new(&g, axis, first)).collect()
    };
    let [lines, pixels] = [combs(0), combs(1)];
    let plane = g.input[0] * g.input[1];
    let product = |line: Comb, pixel: Comb| {
        let along = [line, pixel];
        let taps = along.map(|comb| comb.taps);
        let pixels = along.map(|comb| comb.pixels);
        let skipped = line.first_tap as isize * ws[2] + pixel.first_tap as isize * ws[3];
        Gemm {
            a: w,
            b: gy,
            sizes: Sizes {
                batches: options.groups,
                rows: g.group_channels(),
                columns: g.batch * pixels[0] * pixels[1],
                terms: g.group_outputs() * taps[0] * taps[1],
            },
            batches: g.groups(
                [
                    g.group_outputs() as isize * ws[0],
                    g.group_outputs() as isize * gs[1],
                ],
                [
                    w.layout().offset().wrapping_add_signed(skipped),
                    gy.layout().offset(),
                ],
            ),
            loader: Loader::Window {
                row: ws[1],
                a: [
                    ws[0],
                    line.tap_step as isize * ws[2],
                    pixel.tap_step as isize * ws[3],
                ],
                column: Spots {
                    sizes: pixels,
                    plane: gs[0],
                    steps: [1; 2],
                    starts: along.map(|comb| comb.output),
                },
                term: Spots {
                    sizes: taps,
                    plane: gs[1],
                    steps: along.map(|comb| -comb.output_step),
                    starts: [0; 2],
                },
                plane: g.output,
                strides: [gs[2], gs[3]],
                along: Along::Other,
            },
            place: Place {
                first: line.first * g.input[1] + pixel.first,
                batch: g.group_channels() * plane,
                row: plane,
                column: Some(Digits {
                    sizes: pixels,
                    strides: [
                        (dims[1] * plane) as isize,
                        (options.stride[0] * g.input[1]) as isize,
                        options.stride[1] as isize,
                    ],
                }),
            },
        }
    };
    let products: Vec<Gemm> = (lines.iter())
        .flat_map(|&line| pixels.iter().map(move |&pixel| (line, pixel)))
        .map(|(line, pixel)| product(line, pixel))
        .collect();
    Gemm::run(&products, w, gy, dims)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every product of a pixel, an output and a tap is in exactly one comb.
    #[test]
    fn combs_hold_every_tap_that_reaches_a_pixel() {
        for (stride, dilation, padding, kernel) in [
            (1, 1, 0, 3),
            (2, 1, 1, 3),
            (3, 2, 2, 2),
            (2, 2, 1, 3),
            (4, 1, 0, 2),
            (4, 6, 3, 5),
        ] {
            let options = Conv2dOptions {
                stride: [stride; 2],
                padding: [padding; 2],
                dilation: [dilation; 2],
                groups: 1,
            };
            let g = Conv2dSizes::new(&[1, 1, 30, 31], &[1, 1, kernel, kernel], options);
            for axis in 0..2 {
                let mut want = Vec::new();
                for output in 0..g.output[axis] + 2 * kernel {
                    for tap in 0..kernel {
                        let pixel = (output * stride + tap * dilation).checked_sub(padding);
                        if let Some(pixel) = pixel.filter(|&pixel| pixel < g.input[axis]) {
                            want.push((pixel, output as isize, tap));
                        }
                    }
                }
                let mut got = Vec::new();
                for first in 0..stride.min(g.input[axis]) {
                    let comb = Comb::new(&g, axis, first);
                    for pixel in 0..comb.pixels {
                        for tap in 0..comb.taps {
                            let output =
                                comb.output + pixel as isize - tap as isize * comb.output_step;
                            if output >= 0 {
                                let tap = comb.first_tap + tap * comb.tap_step;
                                got.push((first + pixel * stride, output, tap));
                            }
                        }
                    }
                }
                want.sort_unstable();
                got.sort_unstable();
                assert_eq!(got, want, "{options:?} axis {axis}");
            }
        }
    }
}
