#![cfg(feature = "data")]

use volta::data::Mnist;
use volta::prelude::*;

use crate::{LeNet, open};

const BATCH: usize = 32;

/// The losses of one epoch over the repository's digits.
fn epoch<Dv: Device>(device: &Dv) -> Vec<f32> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/mnist");
    let data = Mnist::open(folder).expect("the digits of the repository");
    let mut rng = Rng::seed(0);
    let mut model = LeNet::init(&mut rng).to(device).expect("moved");
    let mut order: Vec<usize> = (0..data.train.len()).collect();
    rng.shuffle(&mut order);
    // Training at higher rates doubles differences of a last bit until they are seen: on the CPU
    // alone, one weight changed by a last bit comes to differ by 0.04 at a rate of 0.001.
    let mut opt = Adam::new(5e-4);
    let mut losses = Vec::new();
    for indices in order.chunks_exact(BATCH) {
        let scale = |pixel: &u8| (f32::from(*pixel) / 255.0 - 0.1307) / 0.3081;
        let pixels = indices.iter().flat_map(|&i| data.train.image(i)).map(scale);
        let labels = indices.iter().map(|&i| i64::from(data.train.labels()[i]));
        let images: Tensor<s![32, 1, 28, 28]> =
            Tensor::from_vec(pixels.collect()).expect("784 each");
        let labels: Tensor<s![32], i64> = Tensor::from_vec(labels.collect()).expect("one each");
        let (x, y) = (
            images.to(device).expect("moved"),
            labels.to(device).expect("moved"),
        );
        let (loss, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&y));
        opt.step(&mut model, &grads);
        losses.push(loss);
    }
    losses.iter().map(|loss| loss.item()).collect()
}

#[test]
fn an_epoch_of_a_lenet_has_the_losses_of_the_cpu() {
    let (near, far) = (epoch(&Cpu), epoch(&open()));
    assert_eq!(near.len(), far.len());
    for (step, (near, far)) in near.iter().zip(&far).enumerate() {
        assert!(
            (near - far).abs() <= 1e-3,
            "step {step}: {near} on the CPU, {far}"
        );
    }
    let differences = near.iter().zip(&far).map(|(near, far)| (near - far).abs());
    println!("largest difference: {:e}", differences.fold(0.0, f32::max));
    let start = near[..20].iter().sum::<f32>() / 20.0;
    let end = near[near.len() - 20..].iter().sum::<f32>() / 20.0;
    assert!(end < 0.3 * start, "it learns: {start} to {end}");
}
