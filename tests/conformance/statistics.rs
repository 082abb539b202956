//! Variance, norms, the logarithm of a sum of exponentials, and reductions that keep their axes.

use volta::prelude::*;

use crate::support::{Array, Check, Input, Target, View, case, close, for_every_device};

for_every_device! {
    variances_against_two_passes
    norms_of_every_order
    log_sum_exp_without_overflow
    several_axes_and_kept_ones
    statistics_of_few_elements
    statistics_of_narrow_types
    any_all_and_places_that_keep_axes
}

const VIEWS: [View; 4] = [
    View::Plain,
    View::Transposed,
    View::Narrowed,
    View::Expanded(0),
];

fn table<E: Float, B: Backend>(x: &B::Prim<E>) -> Tensor<s![Dyn, Dyn], E, B> {
    let &[m, n] = B::dims(x) else { unreachable!() };
    Tensor::from_prim((Dyn(m), Dyn(n)), x.clone())
}

case!(
    Var { correction: usize }
        | x
        | match correction {
            0 => table::<E, B>(&x[0]).var_population_axis::<1>(),
            _ => table::<E, B>(&x[0]).var_axis::<1>(),
        }
        .into_prim()
);
case!(
    Std { correction: usize }
        | x
        | match correction {
            0 => table::<E, B>(&x[0]).std_population_axis::<1>(),
            _ => table::<E, B>(&x[0]).std_axis::<1>(),
        }
        .into_prim()
);
case!(Norm { p: f64 } | x | table::<E, B>(&x[0]).norm_axis::<-1>(*p).into_prim());
case!(LogSumExp {} | x | table::<E, B>(&x[0]).logsumexp_axis::<1>().into_prim());

/// A number for each row.
fn rows(x: &Array, f: impl Fn(&[f64]) -> f64) -> Array {
    Array::from_fn(&x.dims[..1], |at| {
        let row: Vec<f64> = (0..x.dims[1]).map(|i| x.at(&[at[0], i])).collect();
        f(&row)
    })
}

fn variance(row: &[f64], correction: usize) -> f64 {
    let mean = row.iter().sum::<f64>() / row.len() as f64;
    let squares: f64 = row.iter().map(|x| (x - mean).powi(2)).sum();
    squares / (row.len() - correction) as f64
}

fn variances_against_two_passes<T: Target>(device: &T) {
    for correction in [0, 1] {
        for view in VIEWS {
            let input = || vec![Input::new(&[3, 5], view)];
            let case = Var { correction };
            Check::new(&case, &case, input())
                .forward(device, |x| rows(&x[0], |row| variance(row, correction)))
                .gradients(device);
            let case = Std { correction };
            Check::new(&case, &case, input())
                .forward(device, |x| {
                    rows(&x[0], |row| variance(row, correction).sqrt())
                })
                .gradients(device);
        }
    }
    // The mean comes off first: squares of large numbers would leave no digit.
    let x: Tensor<s![4]> = Tensor::from_array([10_000.0, 10_001.0, 10_002.0, 10_003.0]);
    let x = x.to(device).expect("moved");
    close("var", &[x.var_population().item().into()], &[1.25], 1e-6);
}

fn norms_of_every_order<T: Target>(device: &T) {
    for p in [1.0, 2.0, 3.0, 1.5, f64::INFINITY, f64::NEG_INFINITY] {
        for view in [View::Plain, View::Transposed, View::Narrowed] {
            let case = Norm { p };
            Check::new(&case, &case, vec![Input::new(&[3, 4], view)])
                .forward(device, |x| {
                    rows(&x[0], |row| {
                        let abs = row.iter().map(|x| x.abs());
                        match p {
                            f64::INFINITY => abs.fold(0.0, f64::max),
                            f64::NEG_INFINITY => abs.fold(f64::INFINITY, f64::min),
                            p => abs.map(|x| x.powf(p)).sum::<f64>().powf(1.0 / p),
                        }
                    })
                })
                .gradients(device);
        }
    }
    let x: Tensor<s![2, 3]> = Tensor::from_array([[0.0, -2.0, 0.5], [0.0, 0.0, 0.0]]);
    let x = x.to(device).expect("moved");
    assert_eq!(x.norm_axis::<1>(0.0).to_vec(), [2.0, 0.0]);
    for p in [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, f64::INFINITY] {
        let grads = grad(&x, |x| x.norm_axis::<1>(p).sum());
        assert_eq!(grads.to_vec()[3..], [0.0; 3], "at 0, of order {p}");
        assert!(grads.to_vec().iter().all(|g| g.is_finite()), "order {p}");
    }
}

fn log_sum_exp_without_overflow<T: Target>(device: &T) {
    for view in VIEWS {
        Check::new("logsumexp", &LogSumExp {}, vec![Input::new(&[3, 4], view)])
            .forward(device, |x| {
                rows(&x[0], |row| row.iter().map(|x| x.exp()).sum::<f64>().ln())
            })
            .gradients(device);
    }
    const INF: f32 = f32::INFINITY;
    let x: Tensor<s![4, 2]> =
        Tensor::from_array([[1000.0, 1000.0], [-INF, -INF], [INF, 1.0], [-INF, 2.0]]);
    let x = x.to(device).expect("moved");
    let y: Vec<f64> = (x.logsumexp_axis::<1>().to_vec().into_iter().map(f64::from)).collect();
    let ln2 = std::f64::consts::LN_2;
    close(
        "logsumexp",
        &y,
        &[1000.0 + ln2, f64::NEG_INFINITY, f64::INFINITY, 2.0],
        1e-6,
    );
    let grads = grad(&x, |x| x.logsumexp_axis::<1>().sum()).to_vec();
    assert_eq!(
        (&grads[..2], &grads[6..]),
        (&[0.5, 0.5][..], &[0.0, 1.0][..])
    );
}

fn several_axes_and_kept_ones<T: Target>(device: &T) {
    let x: Tensor<s![12]> = Tensor::arange(1.0, 1.0);
    let x = x.to(device).expect("moved").reshape::<s![2, 3, 2]>();
    let near = |got: Vec<f32>, want: &[f64]| {
        let got: Vec<f64> = got.into_iter().map(f64::from).collect();
        close("a statistic", &got, want, 1e-5);
    };
    near(vec![x.var().item()], &[13.0]);
    near(vec![x.std().item()], &[13.0_f64.sqrt()]);
    let kept: Tensor<s![2, *, 2], f32, _> = x.var_keep::<1>();
    near(kept.to_vec(), &[4.0; 4]);
    let outer: Tensor<s![3], f32, _> = x.var_axes::<axes![0, -1]>();
    near(outer.to_vec(), &[37.0 / 3.0; 3]);
    let outer: Tensor<s![*, 3, *], f32, _> = x.std_population_axes_keep::<axes![0, 2]>();
    near(outer.to_vec(), &[9.25_f64.sqrt(); 3]);
    near(vec![x.norm(1.0).item()], &[78.0]);
    let norms: Tensor<s![2, *, *], f32, _> = x.norm_axes_keep::<axes![1, 2]>(2.0);
    near(norms.to_vec(), &[91.0_f64.sqrt(), 559.0_f64.sqrt()]);
    let largest: Tensor<s![2, 3, *], f32, _> = x.norm_keep::<-1>(f64::INFINITY);
    near(largest.to_vec(), &[2.0, 4.0, 6.0, 8.0, 10.0, 12.0]);
    let sums: Tensor<s![*, *, *], f32, _> = x.logsumexp_axes_keep::<axes![0, 1, 2]>();
    near(sums.to_vec(), &[12.458_675]);
    let unit: Tensor<s![2, 3, 2], f32, _> = &x / &x.norm_keep::<1>(2.0);
    near(unit.norm_axis::<1>(2.0).to_vec(), &[1.0; 4]);
}

fn statistics_of_few_elements<T: Target>(device: &T) {
    let one: Tensor<s![3, 1]> = Tensor::ones();
    let one = one.to(device).expect("moved");
    assert!(one.var_axis::<1>().to_vec().iter().all(|x| x.is_nan()));
    assert_eq!(one.var_population_axis::<1>().to_vec(), [0.0; 3]);
    let none: Tensor<s![2, 0]> = Tensor::zeros();
    let none = none.to(device).expect("moved");
    assert!(none.var().item().is_nan() && none.std_population().item().is_nan());
    assert_eq!(none.norm_axis::<1>(2.0).to_vec(), [0.0; 2]);
    assert_eq!(none.logsumexp_axis::<1>().to_vec(), [f32::NEG_INFINITY; 2]);
    assert!(none.var_axis::<0>().to_vec().is_empty());
    // Equal elements have no deviation, and no gradient that is not a number.
    let equal: Tensor<s![4]> = Tensor::full(3.0);
    let equal = equal.to(device).expect("moved");
    assert_eq!(grad(&equal, |x| x.std()).to_vec(), [0.0; 4]);
    let scalar: Tensor<()> = Tensor::from_scalar(-3.0);
    let scalar = scalar.to(device).expect("moved");
    assert_eq!(
        (scalar.norm(2.0).item(), scalar.var_population().item()),
        (3.0, 0.0)
    );
}

/// `f16` ends at 65,504: squares of 300 do not fit, their deviation does.
fn statistics_of_narrow_types<T: Target>(device: &T) {
    let x: Tensor<s![2], f16> = Tensor::from_array([300.0, 1100.0].map(f16::from_f32));
    let x = x.to(device).expect("moved");
    assert_eq!(x.std_population().item().to_f32(), 400.0);
    assert_eq!(x.norm(2.0).item(), f16::from_f32(1140.175));
    let x = Tensor::<s![2048], bf16>::ones().to(device).expect("moved");
    assert_eq!(x.norm(1.0).item().to_f32(), 2048.0);
    assert_eq!(x.logsumexp().item(), bf16::from_f32(1.0 + 2048.0_f32.ln()));
    let grads = grad(&x, |x| x.norm(1.0));
    assert_eq!(grads.to_vec()[7].to_f32(), 1.0);
}

fn any_all_and_places_that_keep_axes<T: Target>(device: &T) {
    let x: Tensor<s![2, 3], bool> = Tensor::from_array([[true, false, true], [true, true, true]]);
    let x = x.to(device).expect("moved");
    let all: Tensor<s![2, *], bool, _> = x.all_keep::<-1>();
    assert_eq!(all.to_vec(), [false, true]);
    let any: Tensor<s![*, 3], bool, _> = (!&x).any_keep::<0>();
    assert_eq!(any.to_vec(), [false, true, false]);
    let both: Tensor<(), bool, _> = x.all_axes::<axes![0, 1]>();
    assert!(!both.item());
    let both: Tensor<s![*, *], bool, _> = x.any_axes_keep::<axes![0, 1]>();
    assert_eq!(both.to_vec(), [true]);
    let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 5.0, 5.0], [2.0, 0.0, 0.0]]);
    let x = x.to(device).expect("moved");
    let at: Tensor<s![2, *], i64, _> = x.argmax_keep::<1>();
    assert_eq!(at.to_vec(), [1, 0]);
    let at: Tensor<s![*, 3], i64, _> = x.argmin_keep::<-2>();
    assert_eq!(at.to_vec(), [0, 1, 1]);
}
