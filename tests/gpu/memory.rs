use volta::prelude::*;

use crate::{LeNet, Mlp, open};

#[test]
fn memory_is_flat_over_a_thousand_training_steps() {
    let gpu = open();
    let mut rng = Rng::seed(0);
    let mut model = Mlp::init(&mut rng).to(&gpu).expect("moved");
    let mut opt = Adam::new(1e-3);
    let mut step = |rng: &mut Rng| {
        let x: Tensor<s![8, 64]> = Tensor::randn(rng);
        let y: Tensor<s![8], i64> = Tensor::arange(0, 1);
        let (x, y) = (x.to(&gpu).expect("moved"), y.to(&gpu).expect("moved"));
        let (loss, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&y));
        opt.step(&mut model, &grads);
        loss
    };
    for _ in 0..100 {
        step(&mut rng);
    }
    let before = gpu.memory_stats();
    for _ in 0..900 {
        step(&mut rng);
    }
    let after = gpu.memory_stats();
    assert_eq!(after.in_use, before.in_use);
    assert_eq!(after.peak, before.peak);
    // Which blocks an upload finds free depends on where batches end.
    assert!(
        after.cached <= before.cached + (64 << 10),
        "{before:?} {after:?}"
    );
    let fresh = |stats: volta::gpu::MemoryStats| stats.allocations - stats.reused;
    assert!(fresh(after) <= fresh(before) + 32, "{before:?} {after:?}");
}

#[test]
fn what_is_dropped_is_given_back() {
    let gpu = open();
    let before = gpu.memory_stats();
    assert_eq!((before.in_use, before.cached), (0, 0));
    let model = LeNet::init(&mut Rng::seed(0)).to(&gpu).expect("moved");
    let held = gpu.memory_stats().in_use;
    assert!(held >= 4 * model.num_parameters() as u64);
    let x: Tensor<s![4, 1, 28, 28], f32, Wgpu> = Tensor::full_on(Default::default(), 1.0, &gpu);
    drop(model.forward(&x));
    drop((model, x));
    let after = gpu.memory_stats();
    assert_eq!(after.in_use, 0);
    assert!(after.cached > held);
    gpu.trim_memory();
    assert_eq!(gpu.memory_stats().cached, 0);
}

#[test]
fn an_optimiser_step_is_one_kernel_for_each_tensor_and_takes_no_memory() {
    let gpu = open();
    let mut model = Mlp::init(&mut Rng::seed(0)).to(&gpu).expect("moved");
    let grads = Mlp::init(&mut Rng::seed(1)).to(&gpu).expect("moved");
    let mut opt = Adam::new(1e-3);
    // The first step makes the running means.
    opt.step(&mut model, &grads);
    let (work, memory) = (gpu.work(), gpu.memory_stats());
    opt.step(&mut model, &grads);
    assert_eq!(gpu.work().dispatches - work.dispatches, 4);
    assert_eq!(gpu.memory_stats(), memory);
}
