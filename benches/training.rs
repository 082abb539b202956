//! Whole training steps: `cargo bench -p volta-benches --bench training`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use volta::prelude::*;
use volta_benches::models::{LeNet, Mlp, Xor};
use volta_benches::{labels, random};

fn steps(c: &mut Criterion) {
    let mut rng = Rng::seed(0);
    let classes = labels::<32>(10);

    let x: Tensor<s![32, 784]> = random(1);
    let (mut model, mut optimiser) = (Mlp::<Cpu>::init(&mut rng), Adam::new(1e-3));
    c.bench_function("mlp_step", |b| {
        b.iter(|| {
            let (loss, grads) =
                value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&classes));
            optimiser.step(&mut model, &grads);
            black_box(loss)
        });
    });

    let x: Tensor<s![4, 2]> = Tensor::from_array([[0., 0.], [0., 1.], [1., 0.], [1., 1.]]);
    let y: Tensor<s![4, 1]> = Tensor::from_array([[0.], [1.], [1.], [0.]]);
    let (mut model, mut optimiser) = (Xor::<Cpu>::init(&mut rng), Sgd::new(0.1));
    c.bench_function("xor_step", |b| {
        b.iter(|| {
            let (loss, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).mse_loss(&y));
            optimiser.step(&mut model, &grads);
            black_box(loss)
        });
    });

    let x: Tensor<s![32, 1, 28, 28]> = random(1);
    let (mut model, mut optimiser) = (LeNet::<Cpu>::init(&mut rng), Adam::new(1e-3));
    c.bench_function("lenet_step", |b| {
        b.iter(|| {
            let (loss, grads) =
                value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&classes));
            optimiser.step(&mut model, &grads);
            black_box(loss)
        });
    });

    let x: Tensor<s![32, 16, 28, 28]> = random(1);
    let w: Tensor<s![32, 16, 3, 3]> = random(2);
    c.bench_function("conv_fwd", |b| {
        b.iter(|| black_box(x.conv2d::<Window<3, 1, 1>, _, _, _>(&w)));
    });
    c.bench_function("conv_fwdbwd", |b| {
        let inputs = (x.clone(), w.clone());
        b.iter(|| {
            black_box(grad(&inputs, |(x, w)| {
                x.conv2d::<Window<3, 1, 1>, _, _, _>(w).sum()
            }))
        });
    });
}

criterion_group!(benches, steps);
criterion_main!(benches);
