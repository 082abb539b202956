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

/// What `f` allocates.
fn allocations<T>(f: impl FnOnce() -> T) -> (u64, T) {
    let before = memory_stats().allocations;
    let result = f();
    (memory_stats().allocations - before, result)
}

/// A fused chain of five ops allocates its output, and its gradient once; unfused, every op of the
/// chain does.
fn a_fused_chain_allocates_its_outputs_alone(rng: &mut Rng) {
    let x: Tensor<s![50, 40]> = Tensor::randn(rng);
    let ones: Tensor<s![50, 40]> = Tensor::from_vec(vec![1.0; 2000]).unwrap();
    let fused = |x: &Tensor<_, f32, Taped<Cpu>>| fuse!(|x| tanh(exp(-x * x) + 1.0) * x);
    let (forward, (_, pull)) = allocations(|| vjp(&x, fused));
    let (backward, _) = allocations(|| pull(&ones));
    assert_eq!((forward, backward), (1, 1), "fused, forward and backward");

    let chain = |x: &Tensor<_, f32, Taped<Cpu>>| ((-x * x).exp() + 1.0).tanh() * x;
    let (forward, (_, pull)) = allocations(|| vjp(&x, chain));
    let (backward, _) = allocations(|| pull(&ones));
    assert!(forward >= 6 && backward >= 6, "{forward} and {backward}");

    // Each of three inputs has a gradient.
    let inputs = (x.clone(), x.clone(), x.clone());
    let (forward, (_, pull)) = allocations(|| {
        vjp(&inputs, |(x, w, b)| {
            fuse!(|x, w, b| relu(x * w + b) * sigmoid(x))
        })
    });
    let (backward, _) = allocations(|| pull(&ones));
    assert_eq!((forward, backward), (1, 3), "three inputs");

    let (mut p, mut v) = (x.square(), x.exp());
    let lr = 0.1;
    let (update, ()) = allocations(|| {
        fuse!(|&mut p, &mut v, x| {
            v = 0.9 * v + x;
            p -= lr * v;
        });
    });
    assert_eq!(update, 0, "in place");
}

/// A model is loaded into its own memory; what others see, too, gets memory of its own first.
fn loading_writes_over_the_old_tensors(rng: &mut Rng) {
    let state = Mlp::<Cpu>::init(rng).state_dict();
    let mut model = Mlp::<Cpu>::init(rng);
    let (made, loaded) = allocations(|| model.load_state_dict(&state));
    loaded.unwrap();
    assert_eq!((made, model.state_dict()), (0, state.clone()));

    let mut other = Mlp::<Cpu>::init(rng);
    let seen = other.fc1.weight.clone();
    let before = seen.to_vec();
    let (made, loaded) = allocations(|| other.load_state_dict(&state));
    loaded.unwrap();
    assert_eq!((made, other.state_dict()), (1, state));
    assert_eq!(seen.to_vec(), before, "a clone is not written through");
}

#[test]
fn memory_is_used_again() {
    let mut rng = Rng::seed(0);
    loading_writes_over_the_old_tensors(&mut rng);
    a_fused_chain_allocates_its_outputs_alone(&mut rng);
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
