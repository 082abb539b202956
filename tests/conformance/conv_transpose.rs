//! Transposed convolution against loops.

use volta::prelude::*;

use crate::support::{Array, Case, Check, Input, Target, View, case, for_every_device};

for_every_device! {
    signals
    images
}

/// Size, stride, padding, dilation and output padding on height and width.
type Windows = [[usize; 5]; 2];

/// `[N, C, H, W]` with `[C, O / G, KH, KW]`.
fn naive(x: &Array, w: &Array, windows: Windows, groups: usize) -> Array {
    let sizes: [usize; 2] = std::array::from_fn(|i| {
        let [k, stride, pad, dilation, more] = windows[i];
        (x.dims[2 + i] - 1) * stride + dilation * (k - 1) + more + 1 - 2 * pad
    });
    let (inputs, outputs) = (x.dims[1] / groups, w.dims[1]);
    let mut y = Array::from_fn(&[x.dims[0], outputs * groups, sizes[0], sizes[1]], |_| 0.0);
    for n in 0..x.dims[0] {
        for c in 0..x.dims[1] {
            for h in 0..x.dims[2] {
                for v in 0..x.dims[3] {
                    for o in 0..outputs {
                        for kh in 0..w.dims[2] {
                            for kw in 0..w.dims[3] {
                                let place = |i: usize, at: usize, k: usize| {
                                    let [_, stride, pad, dilation, _] = windows[i];
                                    (at * stride + k * dilation)
                                        .checked_sub(pad)
                                        .filter(|&at| at < sizes[i])
                                };
                                if let (Some(oh), Some(ow)) = (place(0, h, kh), place(1, v, kw)) {
                                    *y.at_mut(&[n, c / inputs * outputs + o, oh, ow]) +=
                                        x.at(&[n, c, h, v]) * w.at(&[c, o, kh, kw]);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    y
}

fn check<T: Target, C: Case<f32> + Case<f64> + std::fmt::Debug>(
    device: &T,
    case: &C,
    [x, w]: [&[usize]; 2],
    windows: Windows,
    groups: usize,
) {
    let image = |a: &Array| Array {
        dims: [&a.dims[..2], &vec![1; 4 - a.dims.len()], &a.dims[2..]].concat(),
        data: a.data.clone(),
    };
    for views in [
        [View::Plain, View::Plain],
        [View::Transposed, View::Narrowed],
    ] {
        let inputs = vec![Input::new(x, views[0]), Input::new(w, views[1])];
        Check::new(case, case, inputs)
            .forward(device, |a| {
                let y = naive(&image(&a[0]), &image(&a[1]), windows, groups);
                let dims = [&y.dims[..2], &y.dims[6 - x.len()..]].concat();
                Array { dims, data: y.data }
            })
            .gradients(device);
    }
}

fn extents<const R: usize>(dims: &[usize]) -> [Dyn; R] {
    std::array::from_fn(|i| Dyn(dims[i]))
}

macro_rules! signals {
    ($($Name:ident $W:ty;)*) => {$(
        case!($Name {} |x| {
            let [n, c, l] = extents(B::dims(&x[0]));
            let [i, o, _] = extents(B::dims(&x[1]));
            let weight = Tensor::from_prim((i, o, D), x[1].clone());
            let x = Tensor::<_, E, B>::from_prim((n, c, l), x[0].clone());
            x.conv_transpose1d::<$W, _, _, B>(&weight).into_prim()
        });
    )*};
}

signals! {
    PlainSignal Window<3>;
    LongerSignal Grouped<OutputPad<Window<3, 2, 2, 2>, 1>, 2>;
}

fn signals<T: Target>(device: &T) {
    let one = [1, 1, 0, 1, 0];
    let dims: [&[usize]; 2] = [&[2, 2, 4], &[2, 3, 3]];
    check(device, &PlainSignal {}, dims, [one, [3, 1, 0, 1, 0]], 1);
    let dims: [&[usize]; 2] = [&[0, 2, 4], &[2, 1, 3]];
    check(device, &PlainSignal {}, dims, [one, [3, 1, 0, 1, 0]], 1);
    let dims: [&[usize]; 2] = [&[1, 4, 4], &[4, 2, 3]];
    check(device, &LongerSignal {}, dims, [one, [3, 2, 2, 2, 1]], 2);
}

macro_rules! images {
    ($($Name:ident $W:ty;)*) => {$(
        case!($Name {} |x| {
            let [n, c, h, w] = extents(B::dims(&x[0]));
            let [i, o, ..] = extents::<4>(B::dims(&x[1]));
            let weight = Tensor::from_prim((i, o, D, D), x[1].clone());
            let x = Tensor::<_, E, B>::from_prim((n, c, h, w), x[0].clone());
            x.conv_transpose2d::<$W, _, _, B>(&weight).into_prim()
        });
    )*};
}

images! {
    PlainImages Window<2>;
    DoubledImages Window<4, 2, 1>;
    LongerImages (OutputPad<Window<3, 3, 1>, 2>, Window<2, 2>);
    DilatedImages OutputPad<Window<2, 1, 1, 3>, 2>;
    GroupedImages Grouped<(Window<2, 2>, Window<3>), 2>;
}

fn images<T: Target>(device: &T) {
    let dims: [&[usize]; 2] = [&[2, 2, 2, 3], &[2, 3, 2, 2]];
    check(device, &PlainImages {}, dims, [[2, 1, 0, 1, 0]; 2], 1);
    let dims: [&[usize]; 2] = [&[1, 2, 2, 3], &[2, 2, 4, 4]];
    check(device, &DoubledImages {}, dims, [[4, 2, 1, 1, 0]; 2], 1);
    let dims: [&[usize]; 2] = [&[1, 2, 3, 2], &[2, 2, 3, 2]];
    let windows = [[3, 3, 1, 1, 2], [2, 2, 0, 1, 0]];
    check(device, &LongerImages {}, dims, windows, 1);
    let dims: [&[usize]; 2] = [&[1, 2, 3, 2], &[2, 1, 2, 2]];
    check(device, &DilatedImages {}, dims, [[2, 1, 1, 3, 2]; 2], 1);
    let dims: [&[usize]; 2] = [&[1, 4, 2, 2], &[4, 2, 2, 3]];
    let windows = [[2, 2, 0, 1, 0], [3, 1, 0, 1, 0]];
    check(device, &GroupedImages {}, dims, windows, 2);
}
