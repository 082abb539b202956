//! One seed gives one stream, wherever it is drawn.

use volta::prelude::*;

use crate::support::{Target, close, for_every_device, read};

for_every_device! {
    random_numbers_of_every_device_are_the_cpus
    dropout_drops_the_same
    typed_random_numbers
}

fn draws<T: Target, E: Float>(device: &T, tolerance: f64) {
    let mut rng = Rng::seed(11).fork();
    let mut other = rng.clone();
    // In and out of whole blocks, with a counter that passes 32 bits.
    for (dims, skipped) in [
        (vec![], 0),
        (vec![3, 5], 0),
        (vec![0, 2], 0),
        (vec![4, 7, 11], u64::from(u32::MAX) - 9),
        (vec![1_030], 7),
    ] {
        let n = dims.iter().product();
        rng.advance(skipped);
        other.advance(skipped);
        let name = |kind: &str| format!("{kind} of {dims:?} in {}", E::KIND);
        let got = T::Backend::uniform::<E>(&device.device(), &mut rng, &dims);
        assert_eq!(T::Backend::dims(&got), dims);
        let got = read::<T::Backend, E>(&got);
        assert_eq!(got, other.uniform::<E>(n), "{}", name("uniform"));
        let got = T::Backend::normal::<E>(&device.device(), &mut rng, &dims);
        let [got, want] = [read::<T::Backend, E>(&got), other.normal::<E>(n)]
            .map(|x| x.into_iter().map(E::to_f64).collect::<Vec<_>>());
        close(&name("normal"), &got, &want, tolerance);
        assert_eq!(rng, other);
    }
}

fn random_numbers_of_every_device_are_the_cpus<T: Target>(device: &T) {
    draws::<T, f32>(device, 1e-6);
    // One step: a number halfway between two may be rounded to either.
    draws::<T, f16>(device, 1e-3);
    draws::<T, bf16>(device, 8e-3);
    if device.is_wide() {
        draws::<T, f64>(device, 1e-12);
    }
}

fn dropout_drops_the_same<T: Target>(device: &T) {
    let dropout = Dropout::new(0.3, &mut Rng::seed(5));
    let here = dropout.clone();
    let x: Tensor<s![17, 9]> = Tensor::rand(&mut Rng::seed(6));
    let there = x.to(device).expect("moved");
    for _ in 0..2 {
        let want = dropout.forward(&x).to_vec();
        assert_eq!(here.forward(&there).to_vec(), want);
        assert!(want.contains(&0.0));
    }
}

fn typed_random_numbers<T: Target>(device: &T) {
    let (mut rng, mut other) = (Rng::seed(9), Rng::seed(9));
    let device = device.device();
    let x = Tensor::<s![5, 3], f32, T::Backend>::rand_on(Default::default(), &mut rng, &device);
    let want = Tensor::<s![5, 3]>::rand(&mut other);
    assert_eq!(x.to_vec(), want.to_vec());
    let x = Tensor::<s![5, 3], f32, T::Backend>::randn_on(Default::default(), &mut rng, &device);
    let want = Tensor::<s![5, 3]>::randn(&mut other);
    let [got, want] =
        [x.to_vec(), want.to_vec()].map(|x| x.into_iter().map(f64::from).collect::<Vec<_>>());
    close("randn_on", &got, &want, 1e-6);
}
