//! Max pooling against loops.

use volta::backend::{Pool2dOptions, Winners};
use volta::prelude::*;

use crate::support::{Array, Check, Input, Target, View, case, for_every_device, on, read};

for_every_device! {
    windows_of_every_kind
    winners_and_ties
    large_windows
    every_type_pools_as_on_the_cpu
}

case!(
    Pool {
        options: Pool2dOptions
    } | x
        | B::max_pool2d(&x[0], *options).0
);

fn naive(x: &Array, o: Pool2dOptions) -> Array {
    let size = |i: usize| {
        (x.dims[2 + i] + 2 * o.padding[i] - o.dilation[i] * (o.kernel[i] - 1) - 1) / o.stride[i] + 1
    };
    Array::from_fn(&[x.dims[0], x.dims[1], size(0), size(1)], |at| {
        let mut best = f64::NEG_INFINITY;
        for kh in 0..o.kernel[0] {
            for kw in 0..o.kernel[1] {
                let h = (at[2] * o.stride[0] + kh * o.dilation[0]).checked_sub(o.padding[0]);
                let w = (at[3] * o.stride[1] + kw * o.dilation[1]).checked_sub(o.padding[1]);
                if let (Some(h), Some(w)) = (h, w)
                    && h < x.dims[2]
                    && w < x.dims[3]
                {
                    best = best.max(x.at(&[at[0], at[1], h, w]));
                }
            }
        }
        best
    })
}

fn windows_of_every_kind<T: Target>(device: &T) {
    let pool = |kernel, stride, padding, dilation| Pool2dOptions {
        kernel,
        stride,
        padding,
        dilation,
    };
    for options in [
        pool([2, 2], [2, 2], [0, 0], [1, 1]),
        pool([3, 2], [1, 2], [1, 0], [1, 1]),
        pool([2, 3], [1, 1], [0, 1], [2, 2]),
        pool([1, 1], [2, 3], [0, 0], [1, 1]),
        pool([3, 3], [2, 2], [1, 1], [1, 1]),
        pool([2, 2], [2, 2], [1, 1], [1, 1]),
        pool([2, 2], [2, 2], [0, 0], [2, 2]),
    ] {
        let case = Pool { options };
        for view in [View::Plain, View::Transposed, View::Narrowed, View::Flipped] {
            for dims in [[1, 2, 5, 6], [0, 2, 5, 5], [2, 1, 4, 5]] {
                Check::new(&case, &case, vec![Input::new(&dims, view)])
                    .forward(device, |x| naive(&x[0], options))
                    .gradients(device);
            }
        }
        Check::new(&case, &case, vec![Input::new(&[4, 5, 40, 41], View::Plain)])
            .forward(device, |x| naive(&x[0], options));
    }
}

fn winners_and_ties<T: Target>(device: &T) {
    let x = [1.0, 4.0, 4.0, 0.0, 4.0, 0.0, f32::NAN, 9.0_f32];
    let x = on(device, x.to_vec(), &[1, 1, 2, 4]);
    let options = Pool2dOptions {
        kernel: [2, 2],
        stride: [2, 2],
        padding: [0, 0],
        dilation: [1, 1],
    };
    let (y, winners) = <T::Backend as Backend>::max_pool2d(&x, options);
    let y = read::<T::Backend, f32>(&y);
    assert!(y[0] == 4.0 && y[1].is_nan(), "{y:?}");
    assert_eq!(numbers(&winners), [1, 2], "the first of ties; NaN wins");
}

fn numbers<B: Backend>(winners: &Winners<B>) -> Vec<i32> {
    match winners {
        Winners::Bytes(winners) => read::<B, u8>(winners).into_iter().map(i32::from).collect(),
        Winners::Words(winners) => read::<B, i32>(winners),
    }
}

/// Where the number of a winner does not fit a byte.
fn large_windows<T: Target>(device: &T) {
    for (kernel, dims, small) in [
        ([16, 16], [1, 2, 18, 17], true),
        ([17, 16], [1, 2, 19, 17], false),
        ([1, 300], [2, 1, 1, 310], false),
    ] {
        let options = Pool2dOptions {
            kernel,
            stride: [1, 2],
            padding: [0, 1],
            dilation: [1, 1],
        };
        assert_eq!(options.is_small(), small);
        let case = Pool { options };
        Check::new(&case, &case, vec![Input::new(&dims, View::Plain)])
            .forward(device, |x| naive(&x[0], options))
            .gradients(device);
    }
    let last: Vec<f32> = (0..17 * 16).map(|i| i as f32).collect();
    let options = Pool2dOptions {
        kernel: [17, 16],
        stride: [1, 1],
        padding: [0, 0],
        dilation: [1, 1],
    };
    let x = on(device, last, &[1, 1, 17, 16]);
    let (_, winners) = <T::Backend as Backend>::max_pool2d(&x, options);
    assert_eq!(numbers(&winners), [271]);
}

fn agree<T: Target, E: Num>(device: &T, element: impl Fn(u64) -> E) {
    let dims = [2, 3, 7, 9];
    let mut rng = Rng::seed(4);
    let data: Vec<E> = (0..2 * 3 * 7 * 9).map(|_| element(rng.below(20))).collect();
    for (kernel, stride, padding, dilation) in [
        ([3, 2], [1, 2], [1, 1], [1, 1]),
        ([2, 3], [2, 1], [0, 1], [2, 2]),
        ([2, 2], [3, 3], [0, 0], [1, 1]),
        ([2, 2], [2, 2], [0, 0], [1, 1]),
    ] {
        let options = Pool2dOptions {
            kernel,
            stride,
            padding,
            dilation,
        };
        let here = Cpu::max_pool2d(&on(&Cpu, data.clone(), &dims), options);
        let there = T::Backend::max_pool2d(&on(device, data.clone(), &dims), options);
        let bits = |x: Vec<E>| x.iter().map(|x| x.to_f64().to_bits()).collect::<Vec<_>>();
        let got = bits(read::<T::Backend, E>(&there.0));
        assert_eq!(
            got,
            bits(read::<Cpu, E>(&here.0)),
            "{options:?} in {}",
            E::KIND
        );
        let (got, want) = (numbers(&there.1), numbers(&here.1));
        assert_eq!(got, want, "{options:?} in {}", E::KIND);
        let n = read::<Cpu, E>(&here.0).len();
        let gy: Vec<E> = (0..n as u64).map(|i| element(1 + i % 15)).collect();
        let [want, got] = [
            read::<Cpu, E>(&Cpu::max_pool2d_input_grad(
                &on(&Cpu, gy.clone(), Cpu::dims(&here.0)),
                &here.1,
                options,
                &dims,
            )),
            read::<T::Backend, E>(&T::Backend::max_pool2d_input_grad(
                &on(device, gy, Cpu::dims(&here.0)),
                &there.1,
                options,
                &dims,
            )),
        ];
        assert_eq!(got, want, "gradient of {options:?} in {}", E::KIND);
    }
}

fn every_type_pools_as_on_the_cpu<T: Target>(device: &T) {
    agree(device, |x| x as u8 * 12);
    agree(device, |x| x as i32 - 10);
    agree(device, |x| f16::from_f32(x as f32 - 10.0));
    agree(device, |x| bf16::from_f32(x as f32 - 10.0));
    agree(device, |x| if x == 0 { f32::NAN } else { x as f32 - 10.0 });
    if device.is_wide() {
        agree(device, |x| (x as i64 - 10) << 40);
        agree(device, |x| if x == 0 { f64::NAN } else { x as f64 - 10.0 });
    }
}
