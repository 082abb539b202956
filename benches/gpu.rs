//! The GPU: `cargo bench -p volta-benches --features gpu --bench gpu`.
//!
//! On Mesa's software driver set `LP_NUM_THREADS=0`: with threads it spends 12 us to start each
//! kernel.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use volta::prelude::*;
use volta_benches::models::LeNet;
use volta_benches::{labels, random};

fn on<S: StaticShape>(gpu: &Gpu, seed: u64) -> Tensor<S, f32, Wgpu> {
    random::<S>(seed).to(gpu).expect("moved")
}

/// `f` until the device has done it.
fn bench<R>(c: &mut Criterion, gpu: &Gpu, name: &str, mut f: impl FnMut() -> R) {
    c.bench_function(name, |b| {
        b.iter(|| {
            black_box(f());
            gpu.synchronize().expect("the device works");
        })
    });
}

fn ops(c: &mut Criterion) {
    let gpu = Gpu::new().expect("a GPU");
    println!("on {}", gpu.info().name);

    // What one small op costs: 1,000 of them, each on the result of the one before.
    let (x, y) = (on::<s![1000]>(&gpu, 1), on::<s![1000]>(&gpu, 2));
    bench(c, &gpu, "chain_of_1000_small_ops", || {
        (0..1000).fold(x.clone(), |z, _| &z + &y)
    });
    let x = on::<s![1_000_000]>(&gpu, 1);
    bench(c, &gpu, "exp_1e6", || x.exp());
    let x = on::<s![1024, 1024]>(&gpu, 1);
    bench(c, &gpu, "sum_all_1024x1024", || x.sum());
    bench(c, &gpu, "softmax_1024x1024", || x.softmax::<-1>());
    let (x, y) = (on::<s![512, 512]>(&gpu, 1), on::<s![512, 512]>(&gpu, 2));
    bench(c, &gpu, "matmul_512", || x.matmul(&y));
    bench(c, &gpu, "read_a_scalar", || x.sum().item());
}

fn training(c: &mut Criterion) {
    let gpu = Gpu::new().expect("a GPU");
    let mut model = LeNet::<Cpu>::init(&mut Rng::seed(0))
        .to(&gpu)
        .expect("moved");
    let mut optimiser = Adam::new(1e-3);
    let x = on::<s![32, 1, 28, 28]>(&gpu, 1);
    let classes = labels::<32>(10).to(&gpu).expect("moved");
    let mut step = || {
        let (loss, grads) =
            value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&classes));
        optimiser.step(&mut model, &grads);
        loss
    };
    bench(c, &gpu, "lenet_step", &mut step);
    if let Ok((_, times)) = gpu.profile(step) {
        let runs: u64 = times.iter().map(|kernel| kernel.runs).sum();
        println!("{runs} kernels in a step, the longest:");
        for kernel in times.iter().take(8) {
            println!(
                "  {:<24} {:>3} {:?}",
                kernel.name, kernel.runs, kernel.total
            );
        }
    }
}

criterion_group!(benches, ops, training);
criterion_main!(benches);
