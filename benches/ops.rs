//! Single ops: `cargo bench -p volta-benches --bench ops`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use volta::prelude::*;
use volta_benches::random;

fn elementwise<const N: usize>(c: &mut Criterion, size: &str) {
    let x: Tensor<s![{ N }]> = random(1);
    let y: Tensor<s![{ N }]> = random(2);
    c.bench_function(&format!("add_{size}"), |b| b.iter(|| black_box(&x + &y)));
    c.bench_function(&format!("mul_{size}"), |b| b.iter(|| black_box(&x * &y)));
    c.bench_function(&format!("exp_{size}"), |b| b.iter(|| black_box(x.exp())));
    c.bench_function(&format!("tanh_{size}"), |b| b.iter(|| black_box(x.tanh())));
    c.bench_function(&format!("sin_{size}"), |b| b.iter(|| black_box(x.sin())));
    c.bench_function(&format!("sigmoid_{size}"), |b| {
        b.iter(|| black_box(x.sigmoid()))
    });
    c.bench_function(&format!("gelu_chain_{size}"), |b| {
        b.iter(|| {
            black_box(fuse!(|x| 0.5
                * x
                * (1.0 + tanh(0.79788456 * (x + 0.044715 * x * x * x)))))
        })
    });
    c.bench_function(&format!("gelu_fused_{size}"), |b| {
        b.iter(|| black_box(x.gelu_tanh()))
    });
}

fn matmul<const N: usize>(c: &mut Criterion) {
    let x: Tensor<s![{ N }, { N }]> = random(1);
    let y: Tensor<s![{ N }, { N }]> = random(2);
    c.bench_function(&format!("matmul_{N}"), |b| {
        b.iter(|| black_box(x.matmul(&y)))
    });
}

fn ops(c: &mut Criterion) {
    elementwise::<1_000>(c, "1e3");
    elementwise::<100_000>(c, "1e5");
    elementwise::<10_000_000>(c, "1e7");
    matmul::<16>(c);
    matmul::<64>(c);
    matmul::<256>(c);
    matmul::<1024>(c);

    let x: Tensor<s![32, 784]> = random(1);
    let w: Tensor<s![784, 128]> = random(2);
    c.bench_function("matmul_32x784x128", |b| b.iter(|| black_box(x.matmul(&w))));

    let x: Tensor<s![1024, 1024]> = random(1);
    let row: Tensor<s![1024]> = random(2);
    c.bench_function("sum_all", |b| b.iter(|| black_box(x.sum())));
    c.bench_function("sum_last", |b| b.iter(|| black_box(x.sum_axis::<-1>())));
    c.bench_function("softmax_last", |b| b.iter(|| black_box(x.softmax::<-1>())));
    c.bench_function("bcast_add", |b| b.iter(|| black_box(&x + &row)));
}

/// The gradient of a chain: one pass for the value, one for the gradient.
fn gradients(c: &mut Criterion) {
    let x: Tensor<s![100_000]> = random(1);
    c.bench_function("silu_grad_1e5", |b| {
        b.iter(|| black_box(grad(&x, |x| x.silu().sum())))
    });
    c.bench_function("fused_grad_1e5", |b| {
        b.iter(|| black_box(grad(&x, |x| fuse!(|x| tanh(exp(-x * x) + 1.0) * x).sum())))
    });
}

/// What an op costs beside its arithmetic: chains of 100, without a tape and forth and back on one.
fn chains<const N: usize>(c: &mut Criterion) {
    let x: Tensor<s![{ N }]> = random(1);
    let w: Tensor<s![{ N }]> = random(2);
    let ones: Tensor<s![{ N }]> = Tensor::from_vec(vec![1.0; N]).expect("N of them");
    let traced = w.lift();
    c.bench_function(&format!("chain_of_100_mul_{N}"), |b| {
        b.iter(|| black_box((0..100).fold(x.clone(), |z, _| &z * &w)))
    });
    c.bench_function(&format!("chain_of_100_mul_{N}_taped"), |b| {
        b.iter(|| {
            let (_, pull) = vjp(&x, |x| (0..100).fold(x.clone(), |z, _| &z * &traced));
            black_box(pull(&ones))
        })
    });
}

/// Products in the three forms of a linear layer: its value, and the gradients of its input and of
/// its weight.
fn linear(c: &mut Criterion) {
    let x: Tensor<s![32, 784]> = random(1);
    let w: Tensor<s![128, 784]> = random(2);
    let gy: Tensor<s![32, 128]> = random(3);
    c.bench_function("matmul_32x784_by_rows", |b| {
        b.iter(|| black_box(x.matmul(&w.t())))
    });
    c.bench_function("matmul_32x128_by_128x784", |b| {
        b.iter(|| black_box(gy.matmul(&w)))
    });
    c.bench_function("matmul_128x32_by_columns", |b| {
        b.iter(|| black_box(gy.t().matmul(&x)))
    });
}

fn small(c: &mut Criterion) {
    chains::<1>(c);
    chains::<16>(c);
    linear(c);
}

criterion_group!(benches, ops, small, gradients);
criterion_main!(benches);
