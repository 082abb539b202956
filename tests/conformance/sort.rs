//! Orders of elements.

use std::cmp::Ordering;

use volta::prelude::*;

use crate::support::{Array, Check, Input, Target, View, case, for_every_device, on, read};

for_every_device! {
    orders_of_each_axis
    orders_are_stable
    every_element_type
    nan_is_greatest
    typed_sorts
    sizes_known_at_run_time
}

case!(
    Sorted {
        axis: usize,
        descending: bool
    } | x
        | B::gather(&x[0], *axis, &B::argsort(&x[0], *axis, *descending))
);

fn naive(x: &Array, axis: usize, descending: bool) -> Array {
    Array::from_fn(&x.dims, |at| {
        let mut row: Vec<f64> = (0..x.dims[axis])
            .map(|i| {
                let mut at = at.to_vec();
                at[axis] = i;
                x.at(&at)
            })
            .collect();
        row.sort_by(f64::total_cmp);
        if descending {
            row.reverse();
        }
        row[at[axis]]
    })
}

fn orders_of_each_axis<T: Target>(device: &T) {
    for descending in [false, true] {
        for dims in [
            vec![3, 2, 4],
            vec![1, 3, 1],
            vec![0, 2, 3],
            vec![2, 0, 3],
            vec![5],
            vec![2, 35],
        ] {
            for axis in 0..dims.len() {
                let case = Sorted { axis, descending };
                for view in [View::Plain, View::Transposed, View::Narrowed, View::Flipped] {
                    let check = Check::new(&case, &case, vec![Input::new(&dims, view)])
                        .forward(device, |x| naive(&x[0], axis, descending));
                    if dims != [2, 35] {
                        check.gradients(device);
                    }
                }
            }
        }
    }
}

/// The stable order of rows, by the standard library.
fn places<E: Num>(data: &[E], [outer, size, inner]: [usize; 3], descending: bool) -> Vec<i64> {
    let is_nan = |x: E| x.partial_cmp(&x).is_none();
    let order = |a: E, b: E| match a.partial_cmp(&b) {
        Some(order) => order,
        None if is_nan(a) && is_nan(b) => Ordering::Equal,
        None if is_nan(a) => Ordering::Greater,
        None => Ordering::Less,
    };
    let mut out = vec![0; data.len()];
    for row in 0..outer * inner {
        let place = |j: usize| (row / inner * size + j) * inner + row % inner;
        let mut order_of: Vec<usize> = (0..size).collect();
        order_of.sort_by(|&a, &b| {
            let order = order(data[place(a)], data[place(b)]);
            if descending { order.reverse() } else { order }
        });
        for (j, from) in order_of.into_iter().enumerate() {
            out[place(j)] = from as i64;
        }
    }
    out
}

fn check_all<T: Target, E: Num>(device: &T, classes: u64, [outer, size, inner]: [usize; 3]) {
    let mut rng = Rng::seed(size as u64 + classes);
    let n = outer * size * inner;
    let data: Vec<E> = (0..n)
        .map(|_| E::from_i64(rng.below(classes) as i64 - 100))
        .collect();
    let x = on(device, data.clone(), &[outer, size, inner]);
    for descending in [false, true] {
        let got = read::<T::Backend, i64>(&T::Backend::argsort(&x, 1, descending));
        let want = places(&data, [outer, size, inner], descending);
        assert_eq!(
            got,
            want,
            "{outer} x {size} x {inner} in {}, {descending}",
            E::KIND
        );
    }
}

fn orders_are_stable<T: Target>(device: &T) {
    for classes in [1, 3, 10_000] {
        for size in [1, 2, 3, 31, 32, 33, 64, 65, 100, 127, 129, 1000, 1025, 5000] {
            check_all::<T, f32>(device, classes, [1, size, 1]);
        }
        check_all::<T, f32>(device, classes, [7, 200, 1]);
        check_all::<T, f32>(device, classes, [2, 200, 5]);
        check_all::<T, f32>(device, classes, [600, 3, 1]);
    }
}

fn every_element_type<T: Target>(device: &T) {
    for sizes in [[2, 70, 1], [2, 20, 3]] {
        check_all::<T, u8>(device, 300, sizes);
        check_all::<T, i32>(device, 300, sizes);
        check_all::<T, volta::f16>(device, 300, sizes);
        check_all::<T, volta::bf16>(device, 300, sizes);
        if device.is_wide() {
            check_all::<T, i64>(device, 300, sizes);
            check_all::<T, f64>(device, 300, sizes);
        }
    }
}

fn nan_is_greatest<T: Target>(device: &T) {
    fn check<T: Target, E: Float>(device: &T) {
        let of = |x: &[f64]| -> Vec<E> { x.iter().map(|x| E::from_f64(*x)).collect() };
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        let row = of(&[1.0, nan, -inf, inf, nan, 0.0, -0.0, -nan]);
        let x = on(device, row.clone(), &[8]);
        let up = read::<T::Backend, i64>(&T::Backend::argsort(&x, 0, false));
        assert_eq!(up, [2, 5, 6, 0, 3, 1, 4, 7], "{}", E::KIND);
        let down = read::<T::Backend, i64>(&T::Backend::argsort(&x, 0, true));
        assert_eq!(down, [1, 4, 7, 3, 0, 5, 6, 2], "{}", E::KIND);
        let long: Vec<E> = row.iter().copied().cycle().take(100).collect();
        let x = on(device, long.clone(), &[100]);
        for descending in [false, true] {
            let got = read::<T::Backend, i64>(&T::Backend::argsort(&x, 0, descending));
            assert_eq!(got, places(&long, [1, 100, 1], descending), "{}", E::KIND);
        }
    }
    check::<T, f32>(device);
    check::<T, volta::f16>(device);
    check::<T, volta::bf16>(device);
    if device.is_wide() {
        check::<T, f64>(device);
    }
}

fn typed_sorts<T: Target>(device: &T) {
    let x: Tensor<s![2, 4]> = Tensor::from_array([[3.0, 1.0, 2.0, 1.0], [0.0, -1.0, 5.0, 4.0]]);
    let x = x.to(device).expect("moved");
    let (sorted, places) = x.sort::<-1>();
    assert_eq!(sorted.to_vec(), [1.0, 1.0, 2.0, 3.0, -1.0, 0.0, 4.0, 5.0]);
    assert_eq!(places.to_vec(), [1, 3, 2, 0, 1, 0, 3, 2]);
    assert_eq!(x.argsort::<1>().to_vec(), places.to_vec());
    let (sorted, places) = x.sort_descending::<0>();
    assert_eq!(sorted.to_vec(), [3.0, 1.0, 5.0, 4.0, 0.0, -1.0, 2.0, 1.0]);
    assert_eq!(places.to_vec(), x.argsort_descending::<0>().to_vec());
    let (top, places): (Tensor<s![2, 2], f32, _>, Tensor<s![2, 2], i64, _>) = x.topk::<1, 2>();
    assert_eq!(
        (top.to_vec(), places.to_vec()),
        (vec![3.0, 2.0, 5.0, 4.0], vec![0, 2, 2, 3])
    );
    let (low, places) = x.topk_smallest::<1, 3>();
    assert_eq!(low.to_vec(), [1.0, 1.0, 2.0, -1.0, 0.0, 4.0]);
    assert_eq!(places.to_vec(), [1, 3, 2, 1, 0, 3]);
    let weights: Tensor<s![2, 2]> = Tensor::from_array([[1.0, 2.0], [3.0, 4.0]]);
    let weights = weights.to(device).expect("moved");
    let grads = grad(&x, |x| (x.topk::<1, 2>().0 * &weights).sum());
    assert_eq!(grads.to_vec(), [1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 3.0, 4.0]);
    let (middle, places) = x.median::<1>();
    assert_eq!(
        (middle.to_vec(), places.to_vec()),
        (vec![1.0, 0.0], vec![3, 0])
    );
    let grads = grad(&x, |x| x.median::<-1>().0.sum());
    assert_eq!(grads.to_vec(), [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    let (third, places) = x.kthvalue::<1, 3>();
    assert_eq!(
        (third.to_vec(), places.to_vec()),
        (vec![2.0, 4.0], vec![2, 3])
    );
    let nan: Tensor<s![3]> = Tensor::from_array([1.0, f32::NAN, 2.0]);
    let (middle, place) = nan.to(device).expect("moved").median::<0>();
    assert!(middle.to_vec()[0].is_nan());
    assert_eq!(place.to_vec(), [1]);
}

fn sizes_known_at_run_time<T: Target>(device: &T) {
    let x: Tensor<s![Dyn, 3]> = Tensor::zeros_with((Dyn(2), D));
    let x = x.to(device).expect("moved");
    let (top, _): (Tensor<s![1, 3], f32, _>, _) = x.topk::<0, 1>();
    assert_eq!(top.to_vec(), [0.0; 3]);
    let text = crate::support::panics(|| x.topk::<0, 3>());
    assert!(
        text.contains("topk") && text.contains("which has 2"),
        "{text}"
    );
}
