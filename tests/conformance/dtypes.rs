//! Whole numbers stay exact and wrap; casts between all types.

use volta::prelude::*;

use crate::support::{Target, for_every_device};

for_every_device! {
    whole_numbers_beyond_floats
    overflow_wraps
    casts
    casts_between_all_types
    signed_remainders
}

/// The first whole number that `f32` has not, and one that `f64` has not.
const BEYOND: (i32, i64) = (16_777_217, (1 << 60) + 1);

fn survive<T: Target, E: Num>(device: &T, value: E) {
    let x: Tensor<s![4], E> = Tensor::from_array([value, E::ONE, E::ZERO, value]);
    let x = x.to(device).expect("moved");
    let zero = E::ZERO;
    assert_eq!((&x + zero).to_vec(), x.to_vec());
    assert_eq!((&x * E::ONE).to_vec(), x.to_vec());
    assert_eq!((&x / E::ONE).to_vec(), x.to_vec());
    assert_eq!((-&-&x).to_vec(), x.to_vec());
    assert_eq!(x.abs().to_vec(), x.to_vec());
    assert_eq!(x.relu().to_vec(), x.to_vec());
    assert_eq!(x.clamp(E::ZERO, E::HIGHEST).to_vec(), x.to_vec());
    assert_eq!(x.maximum(&x).to_vec(), x.to_vec());
    assert_eq!(
        (x.max().item(), x.narrow::<0, 0, 3>().min().item()),
        (value, E::ZERO)
    );
    assert_eq!(
        x.narrow::<0, 1, 3>().sum().item(),
        (&x + E::ONE).to_vec()[0]
    );
    assert_eq!(x.narrow::<0, 0, 2>().prod().item(), value);
    assert_eq!(x.eq_scalar(value).to_vec(), [true, false, false, true]);
    assert_eq!(x.lt_scalar(value).to_vec(), [false, true, true, false]);
    assert_eq!((&x % value).to_vec(), [E::ZERO, E::ONE, E::ZERO, E::ZERO]);
    let joined: Tensor<s![8], E, _> = x.cat::<0, _>(&x);
    assert_eq!(joined.to_vec()[4..], x.to_vec());
}

fn whole_numbers_beyond_floats<T: Target>(device: &T) {
    survive(device, BEYOND.0);
    let x: Tensor<s![3], i32> = Tensor::arange(BEYOND.0, 2);
    assert_eq!(x.to_vec(), [BEYOND.0, BEYOND.0 + 2, BEYOND.0 + 4]);
    if device.is_wide() {
        survive(device, BEYOND.1);
        let x: Tensor<s![3], i64> = Tensor::arange(BEYOND.1, 2);
        let x = x.to(device).expect("moved");
        assert_eq!(x.to_vec(), [BEYOND.1, BEYOND.1 + 2, BEYOND.1 + 4]);
        assert_eq!(x.argmax().item(), 2);
        let narrow: Tensor<s![1], i32> = Tensor::from_array([BEYOND.0]);
        let narrow = narrow.to(device).expect("moved");
        assert_eq!(narrow.cast::<i64>().to_vec(), [i64::from(BEYOND.0)]);
        assert_eq!(narrow.cast::<f64>().cast::<i32>().to_vec(), [BEYOND.0]);
    }
}

fn overflow_wraps<T: Target>(device: &T) {
    let x: Tensor<s![3], i32> = Tensor::from_array([i32::MAX, i32::MIN, -1]);
    let x = x.to(device).expect("moved");
    assert_eq!((&x + 1).to_vec(), [i32::MIN, i32::MIN + 1, 0]);
    assert_eq!((&x - 1).to_vec(), [i32::MAX - 1, i32::MAX, -2]);
    assert_eq!((&x * 2).to_vec(), [-2, 0, -2]);
    assert_eq!((-&x).to_vec(), [-i32::MAX, i32::MIN, 1]);
    assert_eq!(x.abs().to_vec(), [i32::MAX, i32::MIN, 1]);
    assert_eq!((&x / -1).to_vec(), [-i32::MAX, i32::MIN, 1]);
    let minus_one = -1;
    assert_eq!((&x % minus_one).to_vec(), [0; 3]);
    assert_eq!(x.square().to_vec(), [1, 0, 1]);
    assert_eq!(x.sum().item(), -2);
    let x: Tensor<s![2], u8> = Tensor::from_array([200, 100]);
    let x = x.to(device).expect("moved");
    assert_eq!((x.sum().item(), x.prod().item()), (44, 32));
    assert_eq!((-&x).to_vec(), [56, 156]);
    if device.is_wide() {
        let x: Tensor<s![2], i64> = Tensor::from_array([i64::MAX, 1]);
        assert_eq!(x.to(device).expect("moved").sum().item(), i64::MIN);
    }
}

fn casts<T: Target>(device: &T) {
    let x: Tensor<s![6]> =
        Tensor::from_array([0.0, -1.7, 300.5, f32::NAN, 1e20, f32::NEG_INFINITY]);
    let x = x.to(device).expect("moved");
    assert_eq!(
        x.cast::<i32>().to_vec(),
        [0, -1, 300, 0, i32::MAX, i32::MIN]
    );
    assert_eq!(x.cast::<u8>().to_vec(), [0, 0, 255, 0, 255, 0]);
    assert_eq!(
        x.cast::<bool>().to_vec(),
        [false, true, true, true, true, true]
    );
    let x: Tensor<s![4], i32> = Tensor::from_array([-1, 0, 256, 70_000]);
    let x = x.to(device).expect("moved");
    assert_eq!(x.cast::<u8>().to_vec(), [255, 0, 0, 112]);
    assert_eq!(
        x.cast::<bool>().cast::<f32>().to_vec(),
        [1.0, 0.0, 1.0, 1.0]
    );
    assert_eq!(x.cast::<f16>().to_vec()[3], f16::INFINITY);
    assert_eq!(x.cast::<bf16>().to_vec()[3], bf16::from_f32(70_000.0));
    if device.is_wide() {
        // Rounded once: through f64 it would be a tie, and fall to the even side.
        let x: Tensor<s![1], i64> = Tensor::from_array([(1 << 60) + (1 << 36) + 1]);
        let x = x.to(device).expect("moved");
        let up = (1_i64 << 60) + (1 << 37);
        assert_eq!(x.cast::<f32>().to_vec(), [up as f32]);
    }
}

/// Numbers at the edges of types and halfway between neighbours, and many others.
fn numbers<E: Dtype>() -> Vec<E> {
    let edges = [
        0.0,
        -0.0,
        0.5,
        -0.9,
        1.0,
        255.0,
        256.5,
        -1.0,
        127.9,
        65_504.0,
        65_519.0,
        65_520.0,
        65_536.0,
        1.0 + 1.0 / 2048.0,
        1.0 + 3.0 / 2048.0,
        1.0 + 1.0 / 256.0,
        1.0 + 3.0 / 256.0,
        1.0 + 1.0 / 256.0 + 1e-12,
        1.0 + 1.0 / 2048.0 - 1e-12,
        6e-8,
        2.9e-8,
        3e-8,
        -6.1e-5,
        2_147_483_647.0,
        2_147_483_648.0,
        -2_147_483_648.0,
        -2_147_483_904.0,
        4_294_967_296.0,
        9.2e18,
        9.3e18,
        -9.223_372_036_854_775e18,
        -1e19,
        3.4e38,
        1e300,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    let mut rng = Rng::seed(31);
    let mut all: Vec<E> = edges.into_iter().map(E::from_f64).collect();
    for _ in 0..400 {
        let exponent = rng.below(90) as i32 - 30;
        let sign = if rng.below(2) == 0 { 1.0 } else { -1.0 };
        let digits = rng.below(1 << 53) as f64;
        all.push(E::from_f64(sign * digits * 2_f64.powi(exponent - 53)));
        all.push(E::from_i64(rng.below(u64::MAX) as i64 >> rng.below(64)));
    }
    all
}

fn cast_is_the_cpus<T: Target, E: Dtype, F: Dtype + volta::dtype::CastFrom>(device: &T) {
    let x: Vec<E> = numbers();
    let x: Tensor<s![Dyn], E> = Tensor::from_slice_with((Dyn(x.len()),), &x).expect("as many");
    let there = x.to(device).expect("moved").cast::<F>().to_vec();
    let here = x.cast::<F>().to_vec();
    for ((x, there), here) in x.to_vec().iter().zip(there).zip(here) {
        let (a, b) = (there.to_f64(), here.to_f64());
        let same = there.to_i64() == here.to_i64() && a.to_bits() == b.to_bits();
        // A driver may take what is below the normal numbers for 0.
        let tiny = (a == 0.0 || b == 0.0) && (a - b).abs() < 1.2e-38 && !T::REFERENCE;
        assert!(
            same || a.is_nan() && b.is_nan() || tiny,
            "{x} of {} is {there} in {}, expected {here}",
            E::KIND,
            F::KIND
        );
    }
}

fn casts_to_all<T: Target, E: Dtype>(device: &T) {
    cast_is_the_cpus::<T, E, bool>(device);
    cast_is_the_cpus::<T, E, u8>(device);
    cast_is_the_cpus::<T, E, i32>(device);
    cast_is_the_cpus::<T, E, f16>(device);
    cast_is_the_cpus::<T, E, bf16>(device);
    cast_is_the_cpus::<T, E, f32>(device);
    if device.is_wide() {
        cast_is_the_cpus::<T, E, i64>(device);
        cast_is_the_cpus::<T, E, f64>(device);
    }
}

fn casts_between_all_types<T: Target>(device: &T) {
    casts_to_all::<T, bool>(device);
    casts_to_all::<T, u8>(device);
    casts_to_all::<T, i32>(device);
    casts_to_all::<T, f16>(device);
    casts_to_all::<T, bf16>(device);
    casts_to_all::<T, f32>(device);
    if device.is_wide() {
        casts_to_all::<T, i64>(device);
        casts_to_all::<T, f64>(device);
    }
}

/// As `torch.remainder`: the sign of the divisor.
fn signed_remainders<T: Target>(device: &T) {
    let x: Tensor<s![4], i32> = Tensor::from_array([7, -7, 7, -7]);
    let by: Tensor<s![4], i32> = Tensor::from_array([3, 3, -3, -3]);
    let (x, by) = (x.to(device).expect("moved"), by.to(device).expect("moved"));
    assert_eq!((&x % &by).to_vec(), [1, 2, -2, -1]);
    assert_eq!((&x / &by).to_vec(), [2, -2, -2, 2]);
    assert_eq!(
        (x.cast::<f32>() % by.cast::<f32>()).to_vec(),
        [1.0, 2.0, -2.0, -1.0]
    );
}
