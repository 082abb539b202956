//! The mean of windows and of parts against loops.

use std::ops::Range;

use volta::prelude::*;

use crate::support::{Array, Case, Check, Input, Target, View, case, for_every_device, on, read};

for_every_device! {
    windows_of_every_kind
    parts_of_every_kind
    halves
}

/// The sum over a range of rows and one of columns of each place, over a divisor.
fn naive(
    x: &Array,
    sizes: [usize; 2],
    rows: impl Fn(usize) -> Vec<usize>,
    columns: impl Fn(usize) -> Vec<usize>,
    divisor: impl Fn(usize, usize) -> f64,
) -> Array {
    Array::from_fn(&[x.dims[0], x.dims[1], sizes[0], sizes[1]], |at| {
        let (rows, columns) = (rows(at[2]), columns(at[3]));
        let place = |&h: &usize| columns.iter().map(move |&w| (h, w));
        let sum: f64 = (rows.iter().flat_map(place))
            .map(|(h, w)| x.at(&[at[0], at[1], h, w]))
            .sum();
        sum / divisor(rows.len(), columns.len())
    })
}

/// The entries inside of window `place`.
fn entries(size: usize, [k, stride, pad, dilation]: [usize; 4], place: usize) -> Vec<usize> {
    (0..k)
        .filter_map(|i| (place * stride + i * dilation).checked_sub(pad))
        .filter(|&at| at < size)
        .collect()
}

fn places(size: usize, [k, stride, pad, dilation]: [usize; 4]) -> usize {
    (size + 2 * pad - dilation * (k - 1) - 1) / stride + 1
}

fn check<T: Target, C: Case<f32> + Case<f64> + std::fmt::Debug>(
    device: &T,
    case: &C,
    dims: [usize; 4],
    oracle: impl Fn(&Array) -> Array,
) {
    for view in [View::Plain, View::Transposed, View::Narrowed] {
        for batch in [0, dims[0]] {
            let dims = [&[batch], &dims[1..]].concat();
            Check::new(case, case, vec![Input::new(&dims, view)])
                .forward(device, |x| oracle(&x[0]))
                .gradients(device);
        }
    }
}

macro_rules! methods {
    ($($Name:ident |$x:ident| $body:expr;)*) => {$(
        case!($Name {} |x| {
            let &[n, c, h, w] = B::dims(&x[0]) else { unreachable!() };
            let shape = (Dyn(n), Dyn(c), Dyn(h), Dyn(w));
            let $x = Tensor::<_, E, B>::from_prim(shape, x[0].clone());
            $body.into_prim()
        });
    )*};
}

methods! {
    Halves |x| x.avg_pool2d::<Window<2, 2>>();
    Padded |x| x.avg_pool2d::<(Window<3, 2, 1>, Window<2, 1, 1>)>();
    PaddedInside |x| x.avg_pool2d_inside::<(Window<3, 2, 1>, Window<2, 1, 1>)>();
    Apart |x| x.avg_pool2d::<(Window<2, 3>, Window<2, 2, 1, 3>)>();
    Wide |x| x.avg_pool2d::<(Window<1>, Window<17, 17>)>();
    Whole |x| x.adaptive_avg_pool2d::<1, 1>();
    Uneven |x| x.adaptive_avg_pool2d::<3, 4>();
    More |x| x.adaptive_avg_pool2d::<5, 7>();
    Many |x| x.adaptive_avg_pool2d::<17, 1>();
}

fn windows_of_every_kind<T: Target>(device: &T) {
    let pooled = |windows: [[usize; 4]; 2], inside: bool| {
        move |x: &Array| {
            let size = [x.dims[2], x.dims[3]];
            naive(
                x,
                [places(size[0], windows[0]), places(size[1], windows[1])],
                |place| entries(size[0], windows[0], place),
                |place| entries(size[1], windows[1], place),
                |rows, columns| match inside {
                    true => (rows * columns) as f64,
                    false => (windows[0][0] * windows[1][0]) as f64,
                },
            )
        }
    };
    let halves = [[2, 2, 0, 1]; 2];
    check(device, &Halves {}, [2, 2, 4, 5], pooled(halves, false));
    let padded = [[3, 2, 1, 1], [2, 1, 1, 1]];
    check(device, &Padded {}, [1, 2, 5, 3], pooled(padded, false));
    check(device, &PaddedInside {}, [1, 2, 5, 3], pooled(padded, true));
    let apart = [[2, 3, 0, 1], [2, 2, 1, 3]];
    check(device, &Apart {}, [1, 1, 7, 5], pooled(apart, false));
    let wide = [[1, 1, 0, 1], [17, 17, 0, 1]];
    check(device, &Wide {}, [1, 1, 2, 35], pooled(wide, false));
}

fn parts_of_every_kind<T: Target>(device: &T) {
    let part = |size: usize, parts: usize, i: usize| -> Range<usize> {
        i * size / parts..((i + 1) * size).div_ceil(parts)
    };
    let parts = |h: usize, w: usize| {
        move |x: &Array| {
            naive(
                x,
                [h, w],
                |i| part(x.dims[2], h, i).collect(),
                |i| part(x.dims[3], w, i).collect(),
                |rows, columns| (rows * columns) as f64,
            )
        }
    };
    check(device, &Whole {}, [2, 2, 3, 4], parts(1, 1));
    check(device, &Uneven {}, [1, 2, 5, 6], parts(3, 4));
    check(device, &Uneven {}, [1, 1, 6, 4], parts(3, 4));
    check(device, &More {}, [1, 1, 3, 4], parts(5, 7));
    check(device, &Many {}, [1, 1, 24, 2], parts(17, 1));
}

/// Sixteen bits are summed in thirty-two.
fn halves<T: Target>(device: &T) {
    let x = on::<T, f16>(device, vec![f16::from_f32(2048.0); 8 * 8], &[1, 1, 8, 8]);
    let x: Tensor<s![1, 1, 8, 8], f16, T::Backend> = Tensor::from_prim((D, D, D, D), x);
    let y = x.avg_pool2d::<Window<8, 8>>();
    let y = read::<T::Backend, f16>(y.prim());
    assert_eq!(y, [f16::from_f32(2048.0)]);
}
