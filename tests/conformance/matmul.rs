//! Products of every combination of ranks, however the operands lie.

use volta::prelude::*;

use crate::support::{
    Array, Case, Check, Input, Target, View, between, close, for_every_device, on, read,
};

for_every_device! {
    primitives_of_any_sizes
    every_combination_of_ranks
    sizes_of_nothing_and_one
    large_products
    integers
    halves
}

struct Product;
impl<E: Float> Case<E> for Product {
    fn run<B: Backend>(&self, x: &[B::Prim<E>]) -> B::Prim<E> {
        B::matmul(&x[0], &x[1])
    }
}

/// `[.., M, K] x [.., K, N]` with equal leading sizes.
fn naive(a: &Array, b: &Array) -> Array {
    let rank = a.dims.len();
    let mut dims = a.dims.clone();
    dims[rank - 1] = b.dims[rank - 1];
    Array::from_fn(&dims, |at| {
        let (mut left, mut right) = (at.to_vec(), at.to_vec());
        (0..a.dims[rank - 1])
            .map(|k| {
                left[rank - 1] = k;
                right[rank - 2] = k;
                a.at(&left) * b.at(&right)
            })
            .sum()
    })
}

fn primitives_of_any_sizes<T: Target>(device: &T) {
    let views = [
        View::Plain,
        View::Transposed,
        View::Narrowed,
        View::Flipped,
        View::Expanded(0),
        View::Expanded(1),
        View::Scalar,
    ];
    for left in views {
        for right in views {
            for [m, k, n] in [[2, 3, 4], [1, 3, 2], [3, 2, 1], [3, 1, 2]] {
                let inputs = vec![Input::new(&[m, k], left), Input::new(&[k, n], right)];
                Check::new("matmul", &Product, inputs)
                    .forward(device, |x| naive(&x[0], &x[1]))
                    .gradients(device);
            }
            let inputs = vec![Input::new(&[2, 3, 2], left), Input::new(&[2, 2, 2], right)];
            Check::new("matmul", &Product, inputs)
                .forward(device, |x| naive(&x[0], &x[1]))
                .gradients(device);
        }
    }
    let inputs = vec![
        Input::new(&[2, 1, 2, 3], View::Transposed),
        Input::new(&[2, 1, 3, 2], View::Narrowed),
    ];
    Check::new("matmul", &Product, inputs)
        .forward(device, |x| naive(&x[0], &x[1]))
        .gradients(device);
}

/// Memory that was something else before: a product writes all of its result.
fn dirty<T: Target>(device: &T, n: usize) {
    for _ in 0..4 {
        drop(read::<T::Backend, f32>(&on(
            device,
            vec![f32::NAN; n],
            &[n],
        )));
    }
}

fn sizes_of_nothing_and_one<T: Target>(device: &T) {
    let sizes = [0, 1, 2, 3, 5, 17];
    for m in sizes {
        for k in sizes {
            for n in sizes {
                for views in [
                    [View::Plain, View::Plain],
                    [View::Transposed, View::Plain],
                    [View::Plain, View::Transposed],
                    [View::Transposed, View::Transposed],
                ] {
                    dirty(device, m * n);
                    let inputs = vec![Input::new(&[m, k], views[0]), Input::new(&[k, n], views[1])];
                    let check = Check::new("matmul", &Product, inputs)
                        .forward(device, |x| naive(&x[0], &x[1]));
                    if m * k * n == 0 {
                        check.gradients(device);
                    }
                }
            }
        }
    }
    let inputs = vec![
        Input::new(&[0, 2, 3], View::Plain),
        Input::new(&[0, 3, 2], View::Plain),
    ];
    Check::new("matmul", &Product, inputs)
        .forward(device, |x| naive(&x[0], &x[1]))
        .gradients(device);
}

/// Beyond every block of the kernels, where products are worth threads.
fn large_products<T: Target>(device: &T) {
    for [m, k, n] in [
        [65, 257, 63],
        [129, 300, 131],
        [1, 1000, 300],
        [300, 1000, 1],
        [257, 2, 300],
    ] {
        for views in [
            [View::Plain, View::Plain],
            [View::Transposed, View::Narrowed],
            [View::Flipped, View::Flipped],
        ] {
            let inputs = vec![Input::new(&[m, k], views[0]), Input::new(&[k, n], views[1])];
            let exact = inputs.into_iter().map(|x| x.within((-0.1, 0.1))).collect();
            Check::new("matmul", &Product, exact).forward(device, |x| naive(&x[0], &x[1]));
        }
    }
}

fn every_combination_of_ranks<T: Target>(device: &T) {
    let mut rng = Rng::seed(5);
    let mut tensor = |n: usize| -> Vec<f32> { between(&mut rng, n, (-1.0, 1.0)) };
    let dot = |a: &[f32], b: &[f32], terms: &[(usize, usize)]| -> f64 {
        terms
            .iter()
            .map(|&(i, j)| f64::from(a[i]) * f64::from(b[j]))
            .sum()
    };
    // Every case: shapes, the result's sizes, and where element `o` of the result reads `k`-th.
    macro_rules! check {
        ($($left:ty, $right:ty => $out:ty: |$o:ident, $k:ident| $i:expr, $j:expr;)*) => { $({
            let (n, m) = (<$left as StaticShape>::NUMEL, <$right as StaticShape>::NUMEL);
            let (a, b) = (tensor(n), tensor(m));
            let left: Tensor<$left> = Tensor::from_slice(&a).expect("as many");
            let right: Tensor<$right> = Tensor::from_slice(&b).expect("as many");
            let (l, r) = (left.to(device).expect("moved"), right.to(device).expect("moved"));
            let y: Tensor<$out, f32, T::Backend> = l.matmul(&r);
            let want: Vec<f64> = (0..y.numel())
                .map(|$o| dot(&a, &b, &(0..3).map(|$k| ($i, $j)).collect::<Vec<_>>()))
                .collect();
            let got: Vec<f64> = y.to_vec().into_iter().map(f64::from).collect();
            let what = concat!(stringify!($left), " x ", stringify!($right));
            close(what, &got, &want, 1e-5);
            if T::REFERENCE {
                let wide: (Tensor<$left, f64>, Tensor<$right, f64>) = (left.cast(), right.cast());
                let check = gradcheck(&wide, |(a, b)| {
                    let y: Tensor<$out, f64, _> = a.matmul(b);
                    y
                });
                check.unwrap_or_else(|e| panic!("{what}: {e}"));
            }
        })* };
    }
    check! {
        s![3], s![3] => s![]: |_o, k| k, k;
        s![3], s![3, 2] => s![2]: |o, k| k, k * 2 + o;
        s![2, 3], s![3] => s![2]: |o, k| o * 3 + k, k;
        s![2, 3], s![3, 4] => s![2, 4]: |o, k| o / 4 * 3 + k, k * 4 + o % 4;
        s![3], s![5, 3, 2] => s![5, 2]: |o, k| k, (o / 2 * 3 + k) * 2 + o % 2;
        s![5, 2, 3], s![3] => s![5, 2]: |o, k| o * 3 + k, k;
        s![5, 2, 3], s![3, 4] => s![5, 2, 4]: |o, k| o / 4 * 3 + k, k * 4 + o % 4;
        s![2, 3], s![5, 3, 4] => s![5, 2, 4]:
            |o, k| o / 4 % 2 * 3 + k, (o / 8 * 3 + k) * 4 + o % 4;
        s![5, 2, 3], s![5, 3, 4] => s![5, 2, 4]: |o, k| o / 4 * 3 + k, (o / 8 * 3 + k) * 4 + o % 4;
        s![*, 2, 3], s![5, 3, 4] => s![5, 2, 4]:
            |o, k| o / 4 % 2 * 3 + k, (o / 8 * 3 + k) * 4 + o % 4;
        s![5, 2, 3], s![*, 3, 4] => s![5, 2, 4]: |o, k| o / 4 * 3 + k, k * 4 + o % 4;
        s![6, *, 2, 3], s![5, 3, 4] => s![6, 5, 2, 4]:
            |o, k| (o / 40 * 2 + o / 4 % 2) * 3 + k, (o / 8 % 5 * 3 + k) * 4 + o % 4;
    }
}

fn integers<T: Target>(device: &T) {
    fn check<T: Target, E: Num>(device: &T, entries: &[i64]) {
        let pick = |i: usize| entries[i * 7 % entries.len()];
        let a: Vec<E> = (0..12).map(|i| E::from_i64(pick(i))).collect();
        let b: Vec<E> = (0..20).map(|i| E::from_i64(pick(i + 3))).collect();
        let left: Tensor<s![3, 4], E> = Tensor::from_slice(&a).expect("12");
        let right: Tensor<s![5, 4], E> = Tensor::from_slice(&b).expect("20");
        let right: Tensor<s![4, 5], E, _> = right.to(device).expect("moved").t();
        let y = left.to(device).expect("moved").matmul(&right);
        let want: Vec<E> = (0..15)
            .map(|o| {
                let terms = (0..4).map(|k| {
                    a[o / 5 * 4 + k]
                        .to_i64()
                        .wrapping_mul(b[o % 5 * 4 + k].to_i64())
                });
                E::from_i64(terms.fold(0, i64::wrapping_add))
            })
            .collect();
        assert_eq!(y.to_vec(), want, "{}", E::KIND);
        let none: Tensor<s![2, 0], E> = Tensor::zeros();
        let right: Tensor<s![0, 3], E> = Tensor::zeros();
        let y = none
            .to(device)
            .expect("moved")
            .matmul(&right.to(device).expect("moved"));
        assert_eq!(y.to_vec(), [E::ZERO; 6]);
    }
    check::<T, u8>(device, &[0, 1, 200, 255, 17]);
    check::<T, i32>(
        device,
        &[i64::from(i32::MAX), -5, 3, 16_777_217, i64::from(i32::MIN)],
    );
    if device.is_wide() {
        check::<T, i64>(device, &[(1 << 60) + 1, -3, 1, i64::MAX, 7]);
    }
}

/// Sums are kept in `f32`, and only the result is rounded.
fn halves<T: Target>(device: &T) {
    fn check<T: Target, E: Float>(device: &T) {
        for [m, k, n] in [[5, 7, 3], [3, 2000, 3]] {
            let dims = [[m, k], [k, n]];
            let inputs = dims.map(|dims| {
                Array::from_fn(&dims, |at| ((at[0] * 5 + at[1] * 3) % 7) as f64 / 4.0 - 0.5)
            });
            let [a, b] = [0, 1].map(|i: usize| {
                let data = inputs[i].data.iter().map(|x| E::from_f64(*x)).collect();
                on::<T, E>(device, data, &dims[i])
            });
            let y = read::<T::Backend, E>(&T::Backend::matmul(&a, &b));
            let got: Vec<f64> = y.into_iter().map(E::to_f64).collect();
            let want = naive(&inputs[0], &inputs[1]).data;
            close(&format!("{} of {k} terms", E::KIND), &got, &want, 0.004);
        }
    }
    check::<T, f16>(device);
    check::<T, bf16>(device);
}
