//! The CPU's memory is used again, and given back when asked. One test, as the counters are the
//! process's.

use volta::cpu::{memory_stats, set_memory_limit, trim_memory, without_memory_cache};
use volta::prelude::*;

#[derive(Module)]
#[module(forward = [N, 64] -> [N, 10])]
struct Mlp<B: Backend = Cpu> {
    fc1: Linear<64, 32, B>,
    relu: Relu,
    fc2: Linear<32, 10, B>,
}

#[test]
fn memory_is_used_again() {
    let mut rng = Rng::seed(0);
    let mut model = Mlp::init(&mut rng);
    let mut optimiser = Adam::new(1e-3);
    let x: Tensor<s![16, 64]> = Tensor::randn(&mut rng);
    let classes: Tensor<s![16], i64> = Tensor::zeros();
    let mut step = || {
        let (loss, grads) =
            value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&classes));
        optimiser.step(&mut model, &grads);
        assert!(loss.item().is_finite());
    };

    (0..3).for_each(|_| step());
    let warm = memory_stats();
    (0..100).for_each(|_| step());
    let after = memory_stats();
    assert!(after.allocations > warm.allocations + 1000);
    assert_eq!(
        after.allocations - warm.allocations,
        after.reused - warm.reused
    );
    assert_eq!((after.in_use, after.cached), (warm.in_use, warm.cached));

    let before = memory_stats();
    let y: Tensor<s![1000]> = Tensor::randn(&mut rng);
    assert_eq!(memory_stats().in_use - before.in_use, 4096);
    drop(y);
    assert_eq!(memory_stats().in_use, before.in_use);

    trim_memory();
    assert_eq!(memory_stats().cached, 0);
    without_memory_cache(&mut step);
    let bypassed = memory_stats();
    assert_eq!(bypassed.reused, after.reused);

    trim_memory();
    set_memory_limit(1 << 16);
    (0..3).for_each(|_| step());
    let limited = memory_stats().cached;
    assert!(
        limited > 0 && limited <= 1 << 16,
        "{limited} bytes are kept"
    );
}
