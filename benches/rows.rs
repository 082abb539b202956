//! Normalisations, softmax and what is made of them, forward and with gradients:
//! `cargo bench -p volta-benches --bench rows`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use volta::prelude::*;
use volta_benches::{labels, random};

fn softmaxes(c: &mut Criterion) {
    let x: Tensor<s![1024, 1024]> = random(1);
    let g: Tensor<s![1024, 1024]> = random(2);
    c.bench_function("max_last", |b| b.iter(|| black_box(x.max_axis::<-1>())));
    c.bench_function("log_softmax_last", |b| {
        b.iter(|| black_box(x.log_softmax::<-1>()))
    });
    c.bench_function("softmax_fwdbwd", |b| {
        b.iter(|| black_box(vjp(&x, |x| x.softmax::<-1>()).1(&g)))
    });
    let scores: Tensor<s![256, 1000]> = random(3);
    let classes = labels::<256>(1000);
    c.bench_function("cross_entropy_fwdbwd", |b| {
        b.iter(|| black_box(value_and_grad(&scores, |x| x.cross_entropy(&classes))))
    });
}

/// A layer on an input, forward and with the gradients of both.
macro_rules! layer {
    ($c:ident, $name:literal, $Layer:ty, $Shape:ty) => {
        let layer: $Layer = Init::init(&mut Rng::seed(0));
        let (x, g): (Tensor<$Shape>, Tensor<$Shape>) = (random(1), random(2));
        $c.bench_function(concat!($name, "_fwd"), |b| {
            b.iter(|| black_box(layer.forward(&x)))
        });
        let inputs = (layer, x);
        $c.bench_function(concat!($name, "_fwdbwd"), |b| {
            b.iter(|| black_box(vjp(&inputs, |(layer, x)| layer.forward(x)).1(&g)))
        });
    };
}

fn norms(c: &mut Criterion) {
    layer!(c, "layer_norm_128", LayerNorm<128>, s![512, 128]);
    layer!(c, "layer_norm_1024", LayerNorm<1024>, s![1024, 1024]);
    layer!(c, "batch_norm", BatchNorm2d<64>, s![32, 64, 28, 28]);
    layer!(c, "group_norm", GroupNorm<8, 64>, s![32, 64, 28, 28]);
}

/// A block that normalises first, and the gradients of its parameters and of its input.
fn encoder(c: &mut Criterion) {
    let block: TransformerEncoderLayer<128, 4, 512> = Init::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 64, 128]> = random(1);
    let inputs = (block.with_norm_first().with_dropout(0.0), x);
    c.bench_function("encoder_fwdbwd", |b| {
        b.iter(|| {
            black_box(value_and_grad(&inputs, |(block, x)| {
                block.forward(x, Attention::new()).square().mean()
            }))
        })
    });
}

criterion_group!(benches, softmaxes, norms, encoder);
criterion_main!(benches);
