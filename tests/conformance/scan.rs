//! Running sums, products and extremes.

use volta::backend::Reduce;
use volta::prelude::*;

use crate::support::{Array, Check, Input, Target, View, case, for_every_device, on, read};

for_every_device! {
    scans_along_each_axis
    products_with_zeros
    extremes_with_ties_give_the_last_its_gradient
    long_rows
    whole_numbers_are_exact
    sixteen_bits_are_summed_in_more
    a_nan_stays
    typed_scans
}

const ALL: [Reduce; 4] = [Reduce::Sum, Reduce::Prod, Reduce::Max, Reduce::Min];
const VIEWS: [View; 4] = [View::Plain, View::Transposed, View::Narrowed, View::Flipped];

case!(
    Scan {
        by: Reduce,
        axis: usize
    } | x
        | B::scan(*by, &x[0], *axis)
);

fn naive(by: Reduce, x: &Array, axis: usize) -> Array {
    Array::from_fn(&x.dims, |at| {
        let along = (0..=at[axis]).map(|i| {
            let mut at = at.to_vec();
            at[axis] = i;
            x.at(&at)
        });
        match by {
            Reduce::Sum => along.sum(),
            Reduce::Prod => along.product(),
            Reduce::Max => along.fold(f64::NEG_INFINITY, f64::max),
            Reduce::Min => along.fold(f64::INFINITY, f64::min),
        }
    })
}

fn scans_along_each_axis<T: Target>(device: &T) {
    for by in ALL {
        for dims in [
            vec![3, 2, 4],
            vec![1, 3, 1],
            vec![0, 2, 3],
            vec![2, 0, 3],
            vec![5],
            vec![2, 7],
        ] {
            for axis in 0..dims.len() {
                let case = Scan { by, axis };
                for view in VIEWS {
                    Check::new(&case, &case, vec![Input::new(&dims, view)])
                        .forward(device, |x| naive(by, &x[0], axis))
                        .gradients(device);
                }
                if dims[axis] > 0 {
                    let case = Scan { by, axis };
                    let input = Input::new(&dims, View::Expanded(axis));
                    Check::new(&case, &case, vec![input])
                        .forward(device, |x| naive(by, &x[0], axis));
                }
            }
        }
    }
}

fn products_with_zeros<T: Target>(device: &T) {
    let rows = [
        [2.0, 0.0, 3.0, -1.0, 0.5],
        [0.0, 2.0, 0.0, -1.0, 0.5],
        [0.0; 5],
        [1.0, 2.0, 3.0, 4.0, 0.0],
    ];
    for axis in 0..2 {
        let case = Scan {
            by: Reduce::Prod,
            axis,
        };
        let input = Input::new(&[4, 5], View::Plain).holding(rows.concat());
        Check::new(&case, &case, vec![input])
            .forward(device, |x| naive(Reduce::Prod, &x[0], axis))
            .gradients(device);
    }
}

fn extremes_with_ties_give_the_last_its_gradient<T: Target>(device: &T) {
    let x: Tensor<s![5]> = Tensor::from_array([1.0, 3.0, 2.0, 3.0, 1.0]);
    let x = x.to(device).expect("moved");
    let weights: Tensor<s![5]> = Tensor::from_array([1.0, 2.0, 4.0, 8.0, 16.0]);
    let weights = weights.to(device).expect("moved");
    let grads = grad(&x, |x| (x.cummax::<0>().0 * &weights).sum());
    assert_eq!(grads.to_vec(), [1.0, 6.0, 0.0, 24.0, 0.0]);
    let grads = grad(&x, |x| (x.cummin::<0>().0 * &weights).sum());
    assert_eq!(grads.to_vec(), [15.0, 0.0, 0.0, 0.0, 16.0]);
}

fn long_rows<T: Target>(device: &T) {
    for by in ALL {
        for (dims, axis) in [
            (vec![1000], 0),
            (vec![2049], 0),
            (vec![70_001], 0),
            (vec![3, 1025], 1),
            (vec![1500, 3], 0),
            (vec![2, 2100, 300], 1),
            (vec![5000, 2], 1),
        ] {
            for view in [View::Plain, View::Flipped] {
                if dims.len() == 3 && view == View::Flipped {
                    continue;
                }
                let case = Scan { by, axis };
                let range = match by {
                    Reduce::Prod => (-1.0, 1.0),
                    _ => (-0.05, 0.1),
                };
                let input = Input::new(&dims, view).within(range);
                Check::new(&case, &case, vec![input]).forward(device, |x| running(by, &x[0], axis));
            }
        }
    }
}

/// [`naive`] in one pass.
fn running(by: Reduce, x: &Array, axis: usize) -> Array {
    let inner: usize = x.dims[axis + 1..].iter().product();
    let mut out = x.clone();
    for i in 0..out.data.len() {
        if !(i / inner).is_multiple_of(x.dims[axis]) {
            let (a, b) = (out.data[i - inner], out.data[i]);
            out.data[i] = match by {
                Reduce::Sum => a + b,
                Reduce::Prod => a * b,
                Reduce::Max => a.max(b),
                Reduce::Min => a.min(b),
            };
        }
    }
    out
}

fn whole_numbers_are_exact<T: Target>(device: &T) {
    fn check<T: Target, E: Num>(device: &T, fold: impl Fn(Reduce, E, E) -> E) {
        for (n, by) in [5, 1000, 3000]
            .into_iter()
            .flat_map(|n| ALL.map(|by| (n, by)))
        {
            let data: Vec<E> = (0..n)
                .map(|i| E::from_i64((i * i * 2_654_435_761 + 12_345) >> 3))
                .collect();
            let mut want = data.clone();
            (1..want.len()).for_each(|i| want[i] = fold(by, want[i - 1], want[i]));
            let x = on(device, data, &[n as usize]);
            let got = read::<T::Backend, E>(&T::Backend::scan(by, &x, 0));
            assert_eq!(got, want, "{by:?} of {n} in {}", E::KIND);
        }
    }
    macro_rules! fold {
        ($E:ty) => {
            |by, a: $E, b: $E| match by {
                Reduce::Sum => a.wrapping_add(b),
                Reduce::Prod => a.wrapping_mul(b),
                Reduce::Max => a.max(b),
                Reduce::Min => a.min(b),
            }
        };
    }
    check::<T, u8>(device, fold!(u8));
    check::<T, i32>(device, fold!(i32));
    if device.is_wide() {
        check::<T, i64>(device, fold!(i64));
    }
}

fn sixteen_bits_are_summed_in_more<T: Target>(device: &T) {
    fn check<T: Target, E: Float>(device: &T, most: usize) {
        let n = 3000;
        let x = on(device, vec![E::from_f64(1.0); n], &[n]);
        let got = read::<T::Backend, E>(&T::Backend::scan(Reduce::Sum, &x, 0));
        for (i, got) in got.iter().enumerate() {
            let want = (i + 1) as f64;
            let tolerance = want / most as f64;
            assert!((got.to_f64() - want).abs() <= tolerance, "{got} for {want}");
        }
    }
    check::<T, volta::f16>(device, 2048);
    check::<T, volta::bf16>(device, 256);
}

fn a_nan_stays<T: Target>(device: &T) {
    let nan = f32::NAN;
    let x = on(device, vec![1.0, nan, 3.0, nan, f32::INFINITY], &[5]);
    for by in ALL {
        let got = read::<T::Backend, f32>(&T::Backend::scan(by, &x, 0));
        assert_eq!(got[0], 1.0);
        assert!(got[1..].iter().all(|x| x.is_nan()), "{by:?}: {got:?}");
    }
    let (n, at) = (2000, 700);
    let mut long = vec![1.0_f32; n];
    long[at] = nan;
    let long = on(device, long, &[n]);
    for by in ALL {
        let got = read::<T::Backend, f32>(&T::Backend::scan(by, &long, 0));
        assert!(
            got.iter().enumerate().all(|(i, x)| x.is_nan() == (i >= at)),
            "{by:?}"
        );
    }
    let x: Tensor<s![5]> = Tensor::from_array([1.0, nan, 3.0, nan, f32::INFINITY]);
    let (_, places) = x.to(device).expect("moved").cummax::<0>();
    assert_eq!(places.to_vec(), [0, 1, 1, 3, 3]);
}

fn typed_scans<T: Target>(device: &T) {
    let x: Tensor<s![2, 3], i32> = Tensor::from_array([[3, 1, 2], [4, 4, 5]]);
    let x = x.to(device).expect("moved");
    assert_eq!(x.cumsum::<-1>().to_vec(), [3, 4, 6, 4, 8, 13]);
    assert_eq!(x.cumsum::<0>().to_vec(), [3, 1, 2, 7, 5, 7]);
    assert_eq!(x.cumprod::<1>().to_vec(), [3, 3, 6, 4, 16, 80]);
    let (greatest, places) = x.cummax::<1>();
    assert_eq!(greatest.to_vec(), [3, 3, 3, 4, 4, 5]);
    assert_eq!(places.to_vec(), [0, 0, 0, 0, 1, 2]);
    let (smallest, places) = x.cummin::<1>();
    assert_eq!(smallest.to_vec(), [3, 1, 1, 4, 4, 4]);
    assert_eq!(places.to_vec(), [0, 1, 1, 0, 1, 1]);
}
