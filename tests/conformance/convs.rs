//! Convolution over one and three axes, in groups, against loops.

use volta::prelude::*;

use crate::support::{Array, Case, Check, Input, Target, View, case, for_every_device};

for_every_device! {
    signals
    volumes
    depthwise_images
}

/// Size, stride, padding and dilation on each of three axes.
type Windows = [[usize; 4]; 3];

const ONE: [usize; 4] = [1, 1, 0, 1];

/// `[N, C, D, H, W]` with `[O, C / G, KD, KH, KW]`.
fn naive(x: &Array, w: &Array, windows: Windows, groups: usize) -> Array {
    let sizes: [usize; 3] = std::array::from_fn(|i| {
        let [k, stride, pad, dilation] = windows[i];
        (x.dims[2 + i] + 2 * pad - dilation * (k - 1) - 1) / stride + 1
    });
    let (outputs, channels) = (w.dims[0] / groups, w.dims[1]);
    let dims = [&[x.dims[0], w.dims[0]][..], &sizes].concat();
    Array::from_fn(&dims, |at| {
        let mut sum = 0.0;
        for c in 0..channels {
            for kd in 0..w.dims[2] {
                for kh in 0..w.dims[3] {
                    for kw in 0..w.dims[4] {
                        let k = [kd, kh, kw];
                        let from: Option<Vec<usize>> = (0..3)
                            .map(|i| {
                                let [_, stride, pad, dilation] = windows[i];
                                (at[2 + i] * stride + k[i] * dilation)
                                    .checked_sub(pad)
                                    .filter(|&at| at < x.dims[2 + i])
                            })
                            .collect();
                        if let Some(from) = from {
                            let channel = at[1] / outputs * channels + c;
                            let x = x.at(&[at[0], channel, from[0], from[1], from[2]]);
                            sum += x * w.at(&[at[1], c, kd, kh, kw]);
                        }
                    }
                }
            }
        }
        sum
    })
}

fn with_dims(x: &Array, dims: &[usize]) -> Array {
    Array {
        dims: dims.to_vec(),
        data: x.data.clone(),
    }
}

fn check<T: Target, C: Case<f32> + Case<f64> + std::fmt::Debug>(
    device: &T,
    case: &C,
    [x, w]: [&[usize]; 2],
    windows: Windows,
    groups: usize,
) {
    let volume = |a: &Array| {
        let ones = vec![1; 5 - a.dims.len()];
        with_dims(a, &[&a.dims[..2], &ones, &a.dims[2..]].concat())
    };
    for views in [
        [View::Plain, View::Plain],
        [View::Transposed, View::Narrowed],
    ] {
        let inputs = vec![Input::new(x, views[0]), Input::new(w, views[1])];
        Check::new(case, case, inputs)
            .forward(device, |a| {
                let y = naive(&volume(&a[0]), &volume(&a[1]), windows, groups);
                let dims = [&y.dims[..2], &y.dims[7 - x.len()..]].concat();
                with_dims(&y, &dims)
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
            let [o, i, _] = extents(B::dims(&x[1]));
            let weight = Tensor::from_prim((o, i, D), x[1].clone());
            let x = Tensor::<_, E, B>::from_prim((n, c, l), x[0].clone());
            x.conv1d::<$W, _, _, B>(&weight).into_prim()
        });
    )*};
}

signals! {
    PlainSignal Window<3>;
    StridedSignal Window<2, 3, 1>;
    DilatedSignal Grouped<Window<3, 2, 2, 3>, 2>;
    DepthwiseSignal Grouped<Window<4, 1, 1>, 3>;
}

fn signals<T: Target>(device: &T) {
    let on_length = |window| [ONE, ONE, window];
    let dims: [&[usize]; 2] = [&[2, 2, 6], &[3, 2, 3]];
    check(device, &PlainSignal {}, dims, on_length([3, 1, 0, 1]), 1);
    let dims: [&[usize]; 2] = [&[1, 2, 7], &[2, 2, 2]];
    check(device, &StridedSignal {}, dims, on_length([2, 3, 1, 1]), 1);
    let dims: [&[usize]; 2] = [&[1, 4, 9], &[2, 2, 3]];
    check(device, &DilatedSignal {}, dims, on_length([3, 2, 2, 3]), 2);
    let dims: [&[usize]; 2] = [&[2, 3, 5], &[6, 1, 4]];
    check(
        device,
        &DepthwiseSignal {},
        dims,
        on_length([4, 1, 1, 1]),
        3,
    );
    let dims: [&[usize]; 2] = [&[0, 2, 5], &[1, 2, 3]];
    check(device, &PlainSignal {}, dims, on_length([3, 1, 0, 1]), 1);
}

macro_rules! volumes {
    ($($Name:ident $W:ty;)*) => {$(
        case!($Name {} |x| {
            let [n, c, d, h, w] = extents(B::dims(&x[0]));
            let [o, i, ..] = extents::<5>(B::dims(&x[1]));
            let weight = Tensor::from_prim((o, i, D, D, D), x[1].clone());
            let x = Tensor::<_, E, B>::from_prim((n, c, d, h, w), x[0].clone());
            x.conv3d::<$W, _, _, B>(&weight).into_prim()
        });
    )*};
}

volumes! {
    PlainVolume Window<2>;
    FlatVolume (Window<1>, Window<2, 1, 1>, Window<3>);
    StridedVolume (Window<3, 2, 1>, Window<2, 2>, Window<2>);
    DilatedVolume Grouped<(Window<2, 3, 1, 2>, Window<2>, Window<2, 2, 1, 2>), 2>;
}

fn volumes<T: Target>(device: &T) {
    let plain = [2, 1, 0, 1];
    let dims: [&[usize]; 2] = [&[2, 2, 3, 2, 3], &[2, 2, 2, 2, 2]];
    check(device, &PlainVolume {}, dims, [plain; 3], 1);
    let dims: [&[usize]; 2] = [&[1, 2, 2, 3, 4], &[2, 2, 1, 2, 3]];
    check(
        device,
        &FlatVolume {},
        dims,
        [ONE, [2, 1, 1, 1], [3, 1, 0, 1]],
        1,
    );
    let dims: [&[usize]; 2] = [&[1, 1, 4, 4, 2], &[2, 1, 3, 2, 2]];
    check(
        device,
        &StridedVolume {},
        dims,
        [[3, 2, 1, 1], [2, 2, 0, 1], plain],
        1,
    );
    let dims: [&[usize]; 2] = [&[1, 4, 6, 2, 3], &[2, 2, 2, 2, 2]];
    check(
        device,
        &DilatedVolume {},
        dims,
        [[2, 3, 1, 2], plain, [2, 2, 1, 2]],
        2,
    );
    let dims: [&[usize]; 2] = [&[0, 1, 3, 3, 3], &[1, 1, 2, 2, 2]];
    check(device, &PlainVolume {}, dims, [plain; 3], 1);
}

case!(
    DepthwiseImages {} | x | {
        let [n, c, h, w] = extents(B::dims(&x[0]));
        let [o, i, ..] = extents::<4>(B::dims(&x[1]));
        let weight = Tensor::from_prim((o, i, D, D), x[1].clone());
        let x = Tensor::<_, E, B>::from_prim((n, c, h, w), x[0].clone());
        x.conv2d::<Grouped<(Window<3, 2, 1>, Window<2>), 3>, _, _, B>(&weight)
            .into_prim()
    }
);

fn depthwise_images<T: Target>(device: &T) {
    let dims: [&[usize]; 2] = [&[2, 3, 5, 4], &[6, 1, 3, 2]];
    check(
        device,
        &DepthwiseImages {},
        dims,
        [ONE, [3, 2, 1, 1], [2, 1, 0, 1]],
        3,
    );
}
