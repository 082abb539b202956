//! A training step allocates nothing once it is warm: every tensor, every record of the tape and
//! what the optimiser needs is memory that an earlier step gave back.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use volta::prelude::*;

/// The system's allocator, and how often each thread asked it.
struct Counting;

thread_local! {
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: the system's allocator does the work; the count is a number of this thread's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.set(ASKED.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(start, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// How often memory is asked for in so many steps, after some others.
fn asked(steps: usize, mut step: impl FnMut()) -> u64 {
    (0..3).for_each(|_| step());
    let before = ASKED.get();
    (0..steps).for_each(|_| step());
    ASKED.get() - before
}

#[derive(Module)]
#[module(forward = [N, 64] -> [N, 10])]
struct Classifier<B: Backend = Cpu> {
    fc1: Linear<64, 32, B>,
    relu: Relu,
    fc2: Linear<32, 10, B>,
}

#[test]
fn a_step_of_a_classifier_with_adam_allocates_nothing() {
    let mut rng = Rng::seed(0);
    let mut model = Classifier::<Cpu>::init(&mut rng);
    let mut optimiser = Adam::new(1e-3);
    let x: Tensor<s![16, 64]> = Tensor::randn(&mut rng);
    let classes: Tensor<s![16], i64> = Tensor::zeros();
    let count = asked(20, || {
        let (loss, grads) =
            value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&classes));
        optimiser.step(&mut model, &grads);
        drop(loss);
    });
    assert_eq!(count, 0, "allocations in 20 steps");
}

#[derive(Module)]
#[module(forward = [N, 2] -> [N, 1])]
struct Xor<B: Backend = Cpu> {
    fc1: Linear<2, 8, B>,
    tanh: Tanh,
    fc2: Linear<8, 1, B>,
}

#[test]
fn a_step_of_a_regression_with_momentum_allocates_nothing() {
    let mut model = Xor::<Cpu>::init(&mut Rng::seed(0));
    let mut optimiser = Sgd::new(0.1).momentum(0.9);
    let x: Tensor<s![4, 2]> = Tensor::from_array([[0., 0.], [0., 1.], [1., 0.], [1., 1.]]);
    let y: Tensor<s![4, 1]> = Tensor::from_array([[0.], [1.], [1.], [0.]]);
    let count = asked(20, || {
        let (loss, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).mse_loss(&y));
        optimiser.step(&mut model, &grads);
        drop(loss);
    });
    assert_eq!(count, 0, "allocations in 20 steps");
}

#[test]
fn a_gradient_that_is_dropped_unused_allocates_nothing_either() {
    let mut rng = Rng::seed(1);
    let model = Classifier::<Cpu>::init(&mut rng);
    let x: Tensor<s![16, 64]> = Tensor::randn(&mut rng);
    let count = asked(20, || {
        let traced = Traced::new(&model);
        drop(traced.forward(&x.lift()).mean());
    });
    assert_eq!(count, 0, "allocations in 20 forward passes");
}

#[test]
fn pooling_allocates_nothing_either() {
    let x: Tensor<s![2, 1, 12, 12]> = Tensor::randn(&mut Rng::seed(0));
    let count = asked(20, || {
        drop(grad(&x, |x| x.max_pool2d::<Window<2, 2>>().sum()));
    });
    assert_eq!(count, 0);
}

/// What the counts above rely on.
#[test]
fn the_count_counts() {
    let before = ASKED.get();
    drop(std::hint::black_box(Box::new(1)));
    assert_eq!(ASKED.get(), before + 1);
}
