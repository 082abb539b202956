//! Softmax and its logarithm along each axis.

use volta::prelude::*;

use crate::support::{
    Array, Check, Input, Target, View, between, case, close, for_every_device, indices, on, read,
};

for_every_device! {
    along_each_axis
    large_values
    long_rows
    every_type_backwards_as_on_the_cpu
    no_rows
}

case!(Softmax { axis: usize } | x | B::softmax(&x[0], *axis));
case!(LogSoftmax { axis: usize } | x | B::log_softmax(&x[0], *axis));

fn log_softmax(x: &Array, axis: usize) -> Array {
    Array::from_fn(&x.dims, |at| {
        let row: Vec<f64> = indices(&x.dims)
            .filter(|i| (0..i.len()).all(|a| a == axis || i[a] == at[a]))
            .map(|i| x.at(&i))
            .collect();
        let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = row.iter().map(|x| (x - max).exp()).sum();
        x.at(at) - max - total.ln()
    })
}

fn softmax(x: &Array, axis: usize) -> Array {
    let y = log_softmax(x, axis);
    Array::from_fn(&y.dims, |at| y.at(at).exp())
}

fn both<T: Target>(device: &T, axis: usize, input: Input, differentiate: bool) {
    let (case, log) = (Softmax { axis }, LogSoftmax { axis });
    let a = Check::new(&case, &case, vec![input.clone()]).forward(device, |x| softmax(&x[0], axis));
    let b = Check::new(&log, &log, vec![input]).forward(device, |x| log_softmax(&x[0], axis));
    if differentiate {
        a.gradients(device);
        b.gradients(device);
    }
}

fn along_each_axis<T: Target>(device: &T) {
    for axis in 0..3 {
        for view in [
            View::Plain,
            View::Transposed,
            View::Narrowed,
            View::Flipped,
            View::Expanded(axis),
            View::Expanded(1),
        ] {
            both(device, axis, Input::new(&[3, 2, 4], view), true);
        }
    }
    both(device, 0, Input::new(&[1], View::Plain), true);
    both(device, 1, Input::new(&[3, 17], View::Plain), true);
}

fn large_values<T: Target>(device: &T) {
    let rows = [
        [1000.0, 999.0, -1000.0, 0.0],
        [-1000.0, -1001.0, -1000.0, -1002.0],
        [88.0, -88.0, 1000.0, 1000.0],
    ];
    both(
        device,
        1,
        Input::new(&[3, 4], View::Plain).holding(rows.concat()),
        true,
    );
    let infinity = f64::NEG_INFINITY;
    let rows = vec![infinity, 1.0, 2.0, infinity, infinity, 0.0];
    both(
        device,
        1,
        Input::new(&[2, 3], View::Plain).holding(rows.clone()),
        false,
    );
    // What is masked out has no share and no gradient.
    let x: Tensor<s![2, 3]> =
        Tensor::from_slice(&rows.iter().map(|x| *x as f32).collect::<Vec<_>>()).expect("6");
    let x = x.to(device).expect("moved");
    let grads = grad(&x, |x| x.softmax::<1>().square().sum()).to_vec();
    assert!(
        grads.iter().all(|g| g.is_finite()) && grads[0] == 0.0 && grads[3] == 0.0,
        "{grads:?}"
    );
    let grads = grad(&x, |x| -x.log_softmax::<1>().index_axis::<1>(2).sum()).to_vec();
    assert!(
        grads.iter().all(|g| g.is_finite()) && grads[0] == 0.0,
        "{grads:?}"
    );
}

fn long_rows<T: Target>(device: &T) {
    for (dims, axis) in [
        ([3, 5000], 1),
        ([5000, 3], 0),
        ([2, 70_000], 1),
        ([200, 100], 1),
        ([200, 100], 0),
    ] {
        let log = LogSoftmax { axis };
        let input = Input::new(&dims, View::Plain);
        // The oracle is quadratic: it looks at sums instead.
        Check::new(&log, &log, vec![input.clone()]).forward(device, |x| {
            let x = &x[0];
            let other = 1 - axis;
            let shift: Vec<f64> = (0..dims[other])
                .map(|i| {
                    let at = |j| if axis == 0 { [j, i] } else { [i, j] };
                    (0..dims[axis])
                        .map(|j| x.at(&at(j)).exp())
                        .sum::<f64>()
                        .ln()
                })
                .collect();
            Array::from_fn(&x.dims, |at| x.at(at) - shift[at[other]])
        });
    }
}

fn backwards<T: Target, E: Float>(device: &T, tolerance: f64) {
    for (dims, axis) in [
        ([2, 40_000], 1),
        ([3000, 2], 0),
        ([30, 100], 1),
        ([7, 5], 0),
    ] {
        let n = dims.iter().product();
        let mut rng = Rng::seed(8);
        let log = between::<E>(&mut rng, n, (-12.0, -8.0));
        let share = log.iter().map(|y| E::from_f64(y.to_f64().exp())).collect();
        let gy = between::<E>(&mut rng, n, (-1.0, 1.0));
        let here = [&log, &share, &gy].map(|x: &Vec<E>| on(&Cpu, x.clone(), &dims));
        let there = [&log, &share, &gy].map(|x| on(device, x.clone(), &dims));
        for is_log in [false, true] {
            let (want, got) = match is_log {
                true => (
                    Cpu::log_softmax_vjp(&here[0], &here[2], axis),
                    T::Backend::log_softmax_vjp(&there[0], &there[2], axis),
                ),
                false => (
                    Cpu::softmax_vjp(&here[1], &here[2], axis),
                    T::Backend::softmax_vjp(&there[1], &there[2], axis),
                ),
            };
            let wide = |x: Vec<E>| x.into_iter().map(E::to_f64).collect::<Vec<_>>();
            let name = format!("log: {is_log}, {dims:?} along {axis} in {}", E::KIND);
            let got = wide(read::<T::Backend, E>(&got));
            close(&name, &got, &wide(read::<Cpu, E>(&want)), tolerance);
        }
    }
}

fn every_type_backwards_as_on_the_cpu<T: Target>(device: &T) {
    backwards::<T, f32>(device, 1e-5);
    backwards::<T, f16>(device, 1e-3);
    backwards::<T, bf16>(device, 8e-3);
    if device.is_wide() {
        backwards::<T, f64>(device, 1e-12);
    }
}

fn no_rows<T: Target>(device: &T) {
    for dims in [[0, 3], [3, 0]] {
        for axis in 0..2 {
            both(device, axis, Input::new(&dims, View::Plain), true);
        }
    }
}
