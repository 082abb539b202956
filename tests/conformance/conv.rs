//! Convolution and both of its gradients against seven loops.

use volta::backend::Conv2dOptions;
use volta::prelude::*;

use crate::support::{Array, Case, Check, Input, Target, View, case, for_every_device, on, read};

for_every_device! {
    windows_of_every_kind
    no_images_and_one
    many_tiles
    gradients_as_functions
    halves
}

case!(
    Conv {
        options: Conv2dOptions
    } | x
        | B::conv2d(&x[0], &x[1], *options)
);

const PLAIN: Conv2dOptions = Conv2dOptions {
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
    groups: 1,
};

fn size(input: usize, kernel: usize, axis: usize, o: Conv2dOptions) -> usize {
    (input + 2 * o.padding[axis] - o.dilation[axis] * (kernel - 1) - 1) / o.stride[axis] + 1
}

/// `visit(output, input, weight)` for every product of the convolution.
fn products(
    x: &[usize],
    w: &[usize],
    y: [usize; 2],
    o: Conv2dOptions,
    mut visit: impl FnMut([usize; 4], [usize; 4], [usize; 4]),
) {
    let (per, channels) = (w[0] / o.groups, w[1]);
    for n in 0..x[0] {
        for out in 0..w[0] {
            for oh in 0..y[0] {
                for ow in 0..y[1] {
                    for c in 0..channels {
                        for kh in 0..w[2] {
                            for kw in 0..w[3] {
                                let h = (oh * o.stride[0] + kh * o.dilation[0])
                                    .checked_sub(o.padding[0]);
                                let v = (ow * o.stride[1] + kw * o.dilation[1])
                                    .checked_sub(o.padding[1]);
                                let (Some(h), Some(v)) = (h, v) else { continue };
                                if h < x[2] && v < x[3] {
                                    let from = [n, out / per * channels + c, h, v];
                                    visit([n, out, oh, ow], from, [out, c, kh, kw]);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn naive(x: &Array, w: &Array, o: Conv2dOptions) -> Array {
    let y = [
        size(x.dims[2], w.dims[2], 0, o),
        size(x.dims[3], w.dims[3], 1, o),
    ];
    let mut out = Array::from_fn(&[x.dims[0], w.dims[0], y[0], y[1]], |_| 0.0);
    products(&x.dims, &w.dims, y, o, |to, from, by| {
        *out.at_mut(&to) += x.at(&from) * w.at(&by)
    });
    out
}

fn forward<'a, T: Target>(device: &T, case: &'a Conv, x: Input, w: Input) -> Check<'a, Conv> {
    Check::new(case, case, vec![x, w]).forward(device, |x| naive(&x[0], &x[1], case.options))
}

fn windows_of_every_kind<T: Target>(device: &T) {
    for (x, w, options) in [
        ([2, 2, 4, 5], [3, 2, 3, 2], PLAIN),
        (
            [1, 1, 5, 5],
            [1, 1, 1, 1],
            Conv2dOptions {
                stride: [2, 3],
                ..PLAIN
            },
        ),
        (
            [1, 2, 5, 4],
            [2, 2, 3, 3],
            Conv2dOptions {
                padding: [1, 2],
                ..PLAIN
            },
        ),
        (
            [1, 2, 6, 5],
            [2, 2, 2, 3],
            Conv2dOptions {
                stride: [2, 2],
                padding: [1, 0],
                ..PLAIN
            },
        ),
        (
            [1, 1, 7, 6],
            [2, 1, 3, 2],
            Conv2dOptions {
                dilation: [2, 3],
                ..PLAIN
            },
        ),
        (
            [1, 1, 6, 7],
            [1, 1, 2, 3],
            Conv2dOptions {
                stride: [3, 2],
                padding: [2, 3],
                dilation: [2, 2],
                groups: 1,
            },
        ),
        (
            [2, 4, 3, 4],
            [6, 2, 2, 2],
            Conv2dOptions { groups: 2, ..PLAIN },
        ),
        (
            [1, 3, 3, 3],
            [3, 1, 3, 3],
            Conv2dOptions {
                padding: [1, 1],
                groups: 3,
                ..PLAIN
            },
        ),
        (
            [1, 2, 3, 8],
            [2, 1, 1, 5],
            Conv2dOptions {
                stride: [1, 2],
                padding: [0, 2],
                groups: 2,
                ..PLAIN
            },
        ),
        // Windows wholly inside the padding.
        (
            [1, 1, 2, 2],
            [1, 1, 2, 2],
            Conv2dOptions {
                padding: [3, 3],
                ..PLAIN
            },
        ),
    ] {
        let case = Conv { options };
        for views in [
            [View::Plain, View::Plain],
            [View::Transposed, View::Narrowed],
            [View::Flipped, View::Flipped],
            [View::Expanded(2), View::Transposed],
        ] {
            forward(
                device,
                &case,
                Input::new(&x, views[0]),
                Input::new(&w, views[1]),
            )
            .gradients(device);
        }
    }
}

fn no_images_and_one<T: Target>(device: &T) {
    let case = Conv {
        options: Conv2dOptions {
            padding: [1, 1],
            ..PLAIN
        },
    };
    for batch in [0, 1, 9] {
        let x = Input::new(&[batch, 2, 3, 3], View::Plain);
        let w = Input::new(&[2, 2, 3, 3], View::Plain);
        forward(device, &case, x, w).gradient(device);
    }
    let none = [
        Input::new(&[2, 0, 3, 3], View::Plain),
        Input::new(&[2, 0, 3, 3], View::Plain),
    ];
    let [x, w] = none;
    forward(device, &case, x, w).gradient(device);
}

/// More rows than a tile of patches holds; the gradients then are sums over tiles and images.
fn many_tiles<T: Target>(device: &T) {
    for (x, w, options) in [
        (
            [2, 8, 60, 61],
            [4, 8, 5, 5],
            Conv2dOptions {
                padding: [2, 2],
                ..PLAIN
            },
        ),
        (
            [9, 4, 30, 33],
            [4, 2, 3, 3],
            Conv2dOptions {
                stride: [2, 1],
                padding: [1, 0],
                groups: 2,
                ..PLAIN
            },
        ),
        // More channels than a tile has rows.
        (
            [1, 20, 9, 11],
            [40, 20, 3, 3],
            Conv2dOptions {
                padding: [1, 1],
                ..PLAIN
            },
        ),
        // Windows of three rows, of which the products are fewer: an odd number of rows, in groups.
        (
            [2, 32, 15, 17],
            [36, 16, 3, 3],
            Conv2dOptions {
                padding: [1, 1],
                groups: 2,
                ..PLAIN
            },
        ),
        (
            [2, 16, 15, 19],
            [18, 16, 3, 2],
            Conv2dOptions {
                padding: [3, 0],
                dilation: [1, 3],
                ..PLAIN
            },
        ),
        // More channels than are summed at once, in planes of one column and of many.
        ([2, 70, 40, 3], [3, 70, 3, 3], PLAIN),
        ([1, 90, 5, 70], [5, 90, 4, 3], PLAIN),
        (
            [1, 3, 41, 37],
            [7, 3, 5, 4],
            Conv2dOptions {
                stride: [2, 3],
                padding: [2, 1],
                dilation: [1, 2],
                groups: 1,
            },
        ),
        // Each channel by itself, and without neighbours.
        (
            [2, 5, 20, 33],
            [5, 1, 5, 3],
            Conv2dOptions {
                stride: [1, 2],
                padding: [2, 1],
                groups: 5,
                ..PLAIN
            },
        ),
        ([2, 30, 12, 12], [17, 30, 1, 1], PLAIN),
    ] {
        let case = Conv { options };
        let y = [size(x[2], w[2], 0, options), size(x[3], w[3], 1, options)];
        let small = |dims: &[usize]| Input::new(dims, View::Plain).within((-0.1, 0.1));
        forward(device, &case, small(&x), small(&w));
        let gy = [x[0], w[0], y[0], y[1]];
        let by_input = InputGrad {
            options,
            dims: x.to_vec(),
        };
        Check::new(&by_input, &by_input, vec![small(&gy), small(&w)])
            .forward(device, |a| input_grad(&a[0], &a[1], &x, options));
        let by_weight = WeightGrad {
            options,
            dims: w.to_vec(),
        };
        Check::new(&by_weight, &by_weight, vec![small(&x), small(&gy)])
            .forward(device, |a| weight_grad(&a[0], &a[1], &w, options));
    }
}

case!(InputGrad { options: Conv2dOptions, dims: Vec<usize> }
    |x| B::conv2d_input_grad(&x[0], &x[1], *options, dims));
case!(WeightGrad { options: Conv2dOptions, dims: Vec<usize> }
    |x| B::conv2d_weight_grad(&x[0], &x[1], *options, dims));

fn input_grad(gy: &Array, w: &Array, x: &[usize], o: Conv2dOptions) -> Array {
    let mut out = Array::from_fn(x, |_| 0.0);
    let y = [gy.dims[2], gy.dims[3]];
    products(x, &w.dims, y, o, |to, from, by| {
        *out.at_mut(&from) += gy.at(&to) * w.at(&by)
    });
    out
}

fn weight_grad(x: &Array, gy: &Array, w: &[usize], o: Conv2dOptions) -> Array {
    let mut out = Array::from_fn(w, |_| 0.0);
    let y = [gy.dims[2], gy.dims[3]];
    products(&x.dims, w, y, o, |to, from, by| {
        *out.at_mut(&by) += gy.at(&to) * x.at(&from)
    });
    out
}

/// Each gradient is a function of two tensors with gradients of its own; a transposed convolution
/// may leave out the last windows.
fn gradients_as_functions<T: Target>(device: &T) {
    for (x, w, y, options) in [
        ([1, 2, 4, 5], [3, 2, 2, 3], [3, 3], PLAIN),
        (
            [2, 2, 5, 5],
            [2, 1, 3, 3],
            [3, 3],
            Conv2dOptions {
                stride: [2, 2],
                padding: [1, 1],
                groups: 2,
                ..PLAIN
            },
        ),
        (
            [1, 1, 6, 6],
            [1, 1, 3, 3],
            [2, 2],
            Conv2dOptions {
                stride: [2, 2],
                ..PLAIN
            },
        ),
        (
            [1, 1, 6, 7],
            [2, 1, 2, 2],
            [2, 4],
            Conv2dOptions {
                stride: [2, 1],
                dilation: [2, 3],
                ..PLAIN
            },
        ),
        // One window less than there are.
        (
            [1, 1, 6, 6],
            [1, 1, 2, 2],
            [2, 4],
            Conv2dOptions {
                stride: [2, 1],
                ..PLAIN
            },
        ),
    ] {
        let gy = [x[0], w[0], y[0], y[1]];
        for views in [
            [View::Plain, View::Plain],
            [View::Transposed, View::Narrowed],
            [View::Flipped, View::Flipped],
        ] {
            let by_input = InputGrad {
                options,
                dims: x.to_vec(),
            };
            check(device, &by_input, [(&gy, views[0]), (&w, views[1])], |a| {
                input_grad(&a[0], &a[1], &x, options)
            });
            let by_weight = WeightGrad {
                options,
                dims: w.to_vec(),
            };
            check(device, &by_weight, [(&x, views[0]), (&gy, views[1])], |a| {
                weight_grad(&a[0], &a[1], &w, options)
            });
        }
    }
}

fn check<T: Target, C: Case<f32> + Case<f64> + std::fmt::Debug>(
    device: &T,
    case: &C,
    inputs: [(&[usize], View); 2],
    oracle: impl Fn(&[Array]) -> Array,
) {
    let inputs = inputs.map(|(dims, view)| Input::new(dims, view));
    Check::new(case, case, inputs.into())
        .forward(device, oracle)
        .gradients(device);
}

/// The convolution and its gradients of numbers that are exact in every type.
fn halves<T: Target>(device: &T) {
    fn check<T: Target, E: Float>(device: &T) {
        let options = Conv2dOptions {
            padding: [1, 1],
            ..PLAIN
        };
        let dims = [[2, 2, 5, 4], [3, 2, 3, 3], [2, 3, 5, 4]];
        let arrays = dims.map(|dims| {
            Array::from_fn(&dims, |at| {
                (at.iter().fold(1, |sum, i| sum * 5 + i) % 3) as f64 - 1.0
            })
        });
        let [x, w, gy] = [0, 1, 2].map(|i: usize| {
            let data = arrays[i].data.iter().map(|x| E::from_f64(*x)).collect();
            on::<T, E>(device, data, &dims[i])
        });
        let [a, b, c] = &arrays;
        for (y, want) in [
            (T::Backend::conv2d(&x, &w, options), naive(a, b, options)),
            (
                T::Backend::conv2d_input_grad(&gy, &w, options, &dims[0]),
                input_grad(c, b, &dims[0], options),
            ),
            (
                T::Backend::conv2d_weight_grad(&x, &gy, options, &dims[1]),
                weight_grad(a, c, &dims[1], options),
            ),
        ] {
            let got: Vec<f64> = read::<T::Backend, E>(&y)
                .into_iter()
                .map(E::to_f64)
                .collect();
            assert_eq!(got, want.data, "{}", E::KIND);
        }
    }
    check::<T, f16>(device);
    check::<T, bf16>(device);
}
