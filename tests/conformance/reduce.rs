//! Reductions over any axes, however the elements lie.

use volta::DtypeKind;
use volta::backend::Reduce;
use volta::prelude::*;

use crate::support::{
    Array, Check, Input, Target, View, case, close, for_every_device, indices, on, read,
};

for_every_device! {
    reductions_of_any_axes
    products_with_zeros
    extremes_with_ties
    extremes_of_nan_and_infinities
    long_reductions
    places_of_extremes
    typed_reductions
    any_and_all
    means_of_narrow_types
    every_type_reduces_as_on_the_cpu
}

case!(Fold { by: Reduce, axes: Vec<usize> } |x| B::reduce(*by, &x[0], axes));

/// `axes` of `x` folded to size 1, one element after the other.
fn naive(by: Reduce, x: &Array, axes: &[usize]) -> Array {
    let mut dims = x.dims.clone();
    axes.iter().for_each(|&axis| dims[axis] = 1);
    let mut out = Array::from_fn(&dims, |_| match by {
        Reduce::Sum => 0.0,
        Reduce::Prod => 1.0,
        Reduce::Max => f64::NEG_INFINITY,
        Reduce::Min => f64::INFINITY,
    });
    for mut at in indices(&x.dims) {
        let value = x.at(&at);
        axes.iter().for_each(|&axis| at[axis] = 0);
        let into = out.at_mut(&at);
        *into = match by {
            Reduce::Sum => *into + value,
            Reduce::Prod => *into * value,
            Reduce::Max => into.max(value),
            Reduce::Min => into.min(value),
        };
    }
    out
}

const ALL: [Reduce; 4] = [Reduce::Sum, Reduce::Prod, Reduce::Max, Reduce::Min];

fn check<T: Target>(device: &T, by: Reduce, axes: &[usize], input: Input) -> Check<'static, Fold> {
    let case = Box::leak(Box::new(Fold {
        by,
        axes: axes.to_vec(),
    }));
    let name = case.clone();
    Check::new(name, case, vec![input]).forward(device, |x| naive(by, &x[0], axes))
}

fn reductions_of_any_axes<T: Target>(device: &T) {
    let subsets: [&[usize]; 8] = [&[], &[0], &[1], &[2], &[0, 1], &[0, 2], &[1, 2], &[0, 1, 2]];
    for by in ALL {
        for axes in subsets {
            // An expanded input has ties, which move together: see `extremes_with_ties`.
            for view in [View::Plain, View::Transposed, View::Narrowed, View::Flipped] {
                check(device, by, axes, Input::new(&[3, 2, 4], view)).gradients(device);
            }
            for view in [
                View::Expanded(0),
                View::Expanded(1),
                View::Expanded(2),
                View::Scalar,
            ] {
                let checked = check(device, by, axes, Input::new(&[3, 2, 4], view));
                if matches!(by, Reduce::Sum | Reduce::Prod) {
                    checked.gradients(device);
                }
            }
        }
        for dims in [[1, 1, 1], [0, 2, 3], [2, 0, 3], [2, 3, 0]] {
            for axes in subsets {
                check(device, by, axes, Input::new(&dims, View::Plain)).gradients(device);
            }
        }
        check(device, by, &[], Input::new(&[], View::Plain)).gradients(device);
    }
}

fn products_with_zeros<T: Target>(device: &T) {
    let rows = [
        [2.0, 0.0, 3.0, -1.0, 0.5],
        [0.0, 2.0, 0.0, -1.0, 0.5],
        [0.0; 5],
        [1.0, 2.0, 3.0, 4.0, 0.0],
    ];
    for axes in [&[0][..], &[1], &[0, 1]] {
        let input = Input::new(&[4, 5], View::Plain).holding(rows.concat());
        check(device, Reduce::Prod, axes, input).gradients(device);
    }
}

/// The elements that share an extreme share its gradient, so that it is the derivative along the
/// move that keeps them equal.
fn extremes_with_ties<T: Target>(device: &T) {
    let x: Tensor<s![2, 4]> = Tensor::from_array([[3.0, 1.0, 3.0, 0.0], [2.0, 2.0, 2.0, 2.0]]);
    let x = x.to(device).expect("moved");
    let weights: Tensor<s![2]> = Tensor::from_array([6.0, 4.0]);
    let weights = weights.to(device).expect("moved");
    let grads = grad(&x, |x| (x.max_axis::<1>() * &weights).sum());
    assert_eq!(grads.to_vec(), [3.0, 0.0, 3.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
    let grads = grad(&x, |x| (x.min_axis::<1>() * &weights).sum());
    assert_eq!(grads.to_vec(), [0.0, 0.0, 0.0, 6.0, 1.0, 1.0, 1.0, 1.0]);
    let grads = grad(&x, |x| x.max());
    assert_eq!(grads.to_vec(), [0.5, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0]);
}

/// Beyond a run of lanes, and beyond what is worth threads.
fn long_reductions<T: Target>(device: &T) {
    for by in [Reduce::Sum, Reduce::Max, Reduce::Min] {
        for (dims, axes) in [
            (vec![4097], vec![0]),
            (vec![40_001], vec![0]),
            (vec![9, 4500], vec![1]),
            (vec![4500, 9], vec![0]),
            (vec![300, 150], vec![0, 1]),
            (vec![33, 40, 31], vec![1]),
            (vec![33, 40, 31], vec![0, 2]),
            (vec![7, 700, 9], vec![0]),
        ] {
            for view in [
                View::Plain,
                View::Transposed,
                View::Narrowed,
                View::Flipped,
                View::Expanded(0),
            ] {
                let input = Input::new(&dims, view).within((-0.05, 0.1));
                check(device, by, &axes, input);
            }
        }
    }
    let near_one = Input::new(&[5000, 8], View::Plain).within((0.99, 1.01));
    check(device, Reduce::Prod, &[0], near_one);
}

/// Wherever in a row they are.
fn extremes_of_nan_and_infinities<T: Target>(device: &T) {
    for len in [1, 7, 16, 33, 64, 65, 200, 5000] {
        for at in [0, len / 2, len - 1] {
            let extremes = |change: &dyn Fn(&mut Vec<f32>)| {
                let mut row: Vec<f32> = (0..len).map(|i| (i * 7 % 13) as f32 - 6.0).collect();
                change(&mut row);
                let x = on::<T, f32>(device, row, &[1, len]);
                [Reduce::Max, Reduce::Min].map(|by| {
                    let y = T::Backend::reduce(by, &x, &[1]);
                    read::<T::Backend, f32>(&y)[0]
                })
            };
            let found = extremes(&|row| row[at] = f32::NAN);
            assert!(found.iter().all(|x| x.is_nan()), "NaN at {at} of {len}");
            let both = extremes(&|row| {
                row[at] = f32::INFINITY;
                row[(at + 1) % len] = f32::NEG_INFINITY;
            });
            let want = match len {
                1 => [f32::NEG_INFINITY; 2],
                _ => [f32::INFINITY, f32::NEG_INFINITY],
            };
            assert_eq!(both, want, "infinities at {at} of {len}");
        }
    }
}

fn places_of_extremes<T: Target>(device: &T) {
    let x: Tensor<s![3, 4]> = Tensor::from_array([
        [1.0, 5.0, 5.0, -7.0],
        [f32::NEG_INFINITY, f32::NEG_INFINITY, 0.0, 0.0],
        [2.0, f32::NAN, 9.0, f32::NAN],
    ]);
    let x = x.to(device).expect("moved");
    assert_eq!(x.argmax_axis::<1>().to_vec(), [1, 2, 1]);
    assert_eq!(x.argmin_axis::<-1>().to_vec(), [3, 0, 1]);
    assert_eq!(x.argmax_axis::<0>().to_vec(), [2, 2, 2, 2]);
    let t: Tensor<s![4, 3], f32, _> = x.t();
    assert_eq!(t.argmax_axis::<0>().to_vec(), [1, 2, 1]);
    assert_eq!(t.argmin_axis::<0>().to_vec(), [3, 0, 1]);
    assert_eq!(t.argmax().item(), 5);
    assert_eq!(x.narrow::<0, 0, 2>().argmax().item(), 1);
    assert_eq!(x.narrow::<0, 0, 2>().argmin().item(), 4);
    let ones: Tensor<s![3], i32> = Tensor::from_array([4, 4, 4]);
    assert_eq!(ones.to(device).expect("moved").argmin().item(), 0);
    let wins = x.narrow::<0, 2, 1>();
    assert!(
        wins.max().item().is_nan() && wins.min().item().is_nan(),
        "NaN wins"
    );
    let none: Tensor<s![0, 3]> = Tensor::zeros();
    assert_eq!(
        none.to(device).expect("moved").argmax_axis::<1>().dims(),
        [0]
    );
}

fn typed_reductions<T: Target>(device: &T) {
    let x: Tensor<s![2, 3, 2]> = Tensor::from_slice(&[
        1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0,
    ])
    .expect("12");
    let x = x.to(device).expect("moved");
    assert_eq!(x.sum().item(), 78.0);
    assert_eq!(x.mean().item(), 6.5);
    let rows: Tensor<s![2, 2], f32, _> = x.sum_axis::<1>();
    assert_eq!(rows.to_vec(), [9.0, 12.0, 27.0, 30.0]);
    let kept: Tensor<s![2, *, 2], f32, _> = x.mean_keep::<-2>();
    assert_eq!(kept.to_vec(), [3.0, 4.0, 9.0, 10.0]);
    let pairs: Tensor<s![3], f32, _> = x.max_axes::<axes![0, -1]>();
    assert_eq!(pairs.to_vec(), [8.0, 10.0, 12.0]);
    let kept: Tensor<s![*, 3, *], f32, _> = x.min_axes_keep::<axes![0, 2]>();
    assert_eq!(kept.to_vec(), [1.0, 3.0, 5.0]);
    let centred: Tensor<s![2, 3, 2], f32, _> = &x - &x.mean_keep::<1>();
    assert_eq!(centred.sum().item(), 0.0);
    assert_eq!(
        x.prod_axis::<0>().to_vec(),
        [7.0, 16.0, 27.0, 40.0, 55.0, 72.0]
    );
    let empty: Tensor<s![0]> = Tensor::zeros();
    let empty = empty.to(device).expect("moved");
    assert_eq!((empty.sum().item(), empty.prod().item()), (0.0, 1.0));
    assert!(empty.mean().item().is_nan());
}

fn any_and_all<T: Target>(device: &T) {
    let x: Tensor<s![2, 3], bool> = Tensor::from_array([[true, false, true], [true, true, true]]);
    let x = x.to(device).expect("moved");
    assert!(x.any().item() && !x.all().item());
    assert_eq!(x.all_axis::<1>().to_vec(), [false, true]);
    assert_eq!((!&x).any_axis::<0>().to_vec(), [false, true, false]);
    let none: Tensor<s![2, 0], bool> = Tensor::zeros();
    let none = none.to(device).expect("moved");
    assert!(!none.any().item() && none.all().item(), "of nothing");
    assert_eq!(none.all_axis::<1>().to_vec(), [true, true]);
}

/// `f16` ends at 65,504 and `bf16` counts to 256; their means do not notice.
fn means_of_narrow_types<T: Target>(device: &T) {
    let x = Tensor::<s![70_000], f16>::full(f16::from_f32(3.0));
    assert_eq!(x.to(device).expect("moved").mean().item().to_f32(), 3.0);
    let x = Tensor::<s![257, 2], bf16>::full(bf16::from_f32(1.5));
    let x = x.to(device).expect("moved");
    assert_eq!(x.mean_axis::<0>().to_vec(), [bf16::from_f32(1.5); 2]);
    let grads = grad(&x, |x| x.mean());
    assert_eq!(grads.to_vec()[0], bf16::from_f32(1.0 / 514.0));
    // The sum of a narrow type is taken in f32 and rounded once.
    let ones = on(device, vec![f16::ONE; 3000], &[3000]);
    let sum = T::Backend::reduce(Reduce::Sum, &ones, &[0]);
    close(
        "sum",
        &[read::<T::Backend, f16>(&sum)[0].to_f64()],
        &[3000.0],
        0.0,
    );
}

/// Exact ones: whole numbers, and floats of few digits.
fn agree<T: Target, E: Num>(device: &T, element: impl Fn(u64) -> E) {
    let mut rng = Rng::seed(3);
    for dims in [[3, 7, 5], [2, 1, 9000], [2, 700, 40], [700, 3, 20]] {
        let n = dims.iter().product();
        let data: Vec<E> = (0..n).map(|_| element(rng.below(200))).collect();
        let here = on(&Cpu, data.clone(), &dims);
        let there = on(device, data, &dims);
        for axes in [&[0][..], &[1], &[2], &[0, 2], &[1, 2], &[0, 1, 2]] {
            for by in ALL {
                let want = read::<Cpu, E>(&Cpu::reduce(by, &here, axes));
                let got = read::<T::Backend, E>(&T::Backend::reduce(by, &there, axes));
                // In bits: NaN differs from itself. A product of floats depends on its order.
                let is_whole = matches!(E::KIND, DtypeKind::U8 | DtypeKind::I32 | DtypeKind::I64);
                let bits = |x: &[E]| x.iter().map(|x| x.to_f64().to_bits()).collect::<Vec<_>>();
                if is_whole || by != Reduce::Prod {
                    assert_eq!(
                        bits(&got),
                        bits(&want),
                        "{by:?} of {axes:?} of {dims:?} in {}",
                        E::KIND
                    );
                }
            }
        }
        for axis in 0..3 {
            for by in [Reduce::Max, Reduce::Min] {
                let want = read::<Cpu, i64>(&Cpu::arg_reduce(by, &here, axis));
                let got = read::<T::Backend, i64>(&T::Backend::arg_reduce(by, &there, axis));
                assert_eq!(
                    got,
                    want,
                    "place of {by:?} along {axis} of {dims:?} in {}",
                    E::KIND
                );
            }
        }
    }
}

fn every_type_reduces_as_on_the_cpu<T: Target>(device: &T) {
    agree(device, |x| x as u8);
    agree(device, |x| x as i32 - 100);
    agree(device, |x| x as f32 / 4.0 - 25.0);
    agree(device, |x| if x == 0 { f32::NAN } else { x as f32 });
    agree(device, |x| f16::from_f32(x as f32 / 4.0 - 25.0));
    agree(device, |x| bf16::from_f32(x as f32 - 100.0));
    if device.is_wide() {
        agree(device, |x| (x as i64 - 100) << 40);
        agree(device, |x| x as f64 / 4.0 - 25.0);
        agree(device, |x| if x == 0 { f64::NAN } else { -(x as f64) });
    }
}
