//! The GPU: `cargo bench -p volta-benches --features gpu --bench gpu`.
//!
//! On Mesa's software driver set `LP_NUM_THREADS=0`: with threads it spends 12 us to start each
//! kernel.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use volta::prelude::*;
use volta_benches::random;

/// What one small op costs: 1,000 of them, each on the result of the one before.
fn overhead(c: &mut Criterion) {
    let gpu = Gpu::new().expect("a GPU");
    let x: Tensor<s![1000]> = random(1);
    let y: Tensor<s![1000]> = random(2);
    let (x, y) = (x.to(&gpu).expect("moved"), y.to(&gpu).expect("moved"));
    c.bench_function("chain_of_1000", |b| {
        b.iter(|| {
            let mut z = x.clone();
            for _ in 0..1000 {
                z = &z + &y;
            }
            gpu.synchronize().expect("the device works");
            black_box(z)
        })
    });
}

criterion_group!(benches, overhead);
criterion_main!(benches);
