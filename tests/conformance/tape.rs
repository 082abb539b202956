//! The tape: its cost, its limits, and what it gives for what is not on it.

use std::time::{Duration, Instant};

use volta::prelude::*;

use crate::support::{Target, for_every_device, panics};

for_every_device! {
    a_diamond_is_linear
    a_deep_chain_needs_no_stack
    what_the_loss_does_not_reach_is_zero
    frozen_parameters_cost_nothing
    two_tapes_do_not_mix
    detached_values_carry_no_gradient
    values_beside_the_loss
    vectors_times_jacobians
    the_step_form
    a_million_elements
    second_derivatives_by_nesting
}

fn three<T: Target>(device: &T) -> Tensor<s![3], f32, T::Backend> {
    let x: Tensor<s![3]> = Tensor::from_array([1.0, -2.0, 3.0]);
    x.to(device).expect("moved")
}

fn a_diamond_is_linear<T: Target>(device: &T) {
    let x = three(device);
    let start = Instant::now();
    let grads = grad(&x, |x| {
        let mut y = x.clone();
        for _ in 0..30 {
            y = &y + &y;
        }
        y.sum()
    });
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(grads.to_vec(), [1_073_741_824.0; 3]);
}

fn a_deep_chain_needs_no_stack<T: Target>(device: &T) {
    let x = three(device);
    let chain = |x: &Tensor<s![3], f32, Taped<T::Backend>>| {
        let mut y = x.clone();
        for _ in 0..100_000 {
            y = -&y;
        }
        y
    };
    assert_eq!(grad(&x, |x| chain(x).sum()).to_vec(), [1.0; 3]);
    // Dropped without a way back.
    let traced = Traced::new(&x);
    let y = chain(&traced);
    assert_eq!(y.to_vec(), x.to_vec());
    drop(traced);
    drop(y);
}

fn what_the_loss_does_not_reach_is_zero<T: Target>(device: &T) {
    let (x, y) = (three(device), three(device));
    let (dx, dy) = grad(&(x.clone(), y), |(x, _)| x.square().sum());
    assert_eq!(
        (dx.to_vec(), dy.to_vec()),
        (vec![2.0, -4.0, 6.0], vec![0.0; 3])
    );
    // An output that nothing reads.
    let grads = grad(&x, |x| {
        let unused = x.exp().ln().sum();
        assert!(unused.is_traced());
        (x * 3.0).sum()
    });
    assert_eq!(grads.to_vec(), [3.0; 3]);
    // A part that nothing reads.
    let grads = grad(&x, |x| x.narrow::<0, 1, 1>().sum());
    assert_eq!(grads.to_vec(), [0.0, 1.0, 0.0]);
    // A loss that depends on nothing.
    let grads = grad(&x, |x| x.detach().lift().sum());
    assert_eq!(grads.to_vec(), [0.0; 3]);
}

#[derive(Module)]
struct Two<B: Backend = Cpu> {
    fc1: Linear<3, 2, B>,
    fc2: Linear<2, 1, B>,
}

fn frozen_parameters_cost_nothing<T: Target>(device: &T) {
    let mut model: Two<T::Backend> = Two::init_on(&device.device(), &mut Rng::seed(2));
    let x = three(device).unsqueeze::<0>();
    model.fc1.freeze();
    let (_, grads) = value_and_grad(&model, |m| {
        assert!(!m.fc1.weight.is_traced() && m.fc2.weight.is_traced());
        let hidden = m
            .fc1
            .forward(&x.lift().squeeze::<0>().reshape_with((D::<1>, D::<3>)));
        // Nothing is recorded up to here, so that nothing runs on the way back.
        assert!(!hidden.is_traced());
        m.fc2.forward(&hidden).sum()
    });
    assert_eq!(grads.fc1.weight.to_vec(), [0.0; 6]);
    assert!(grads.fc2.weight.to_vec().iter().any(|g| *g != 0.0));
    model.unfreeze();
    let (_, grads) = value_and_grad(&model, |m| {
        let hidden = m
            .fc1
            .forward(&x.lift().squeeze::<0>().reshape_with((D::<1>, D::<3>)));
        m.fc2.forward(&hidden).sum()
    });
    assert!(grads.fc1.weight.to_vec().iter().any(|g| *g != 0.0));
}

fn two_tapes_do_not_mix<T: Target>(device: &T) {
    let (x, y) = (three(device), three(device));
    let (a, b) = (Traced::new(&x), Traced::new(&y));
    let message = panics(|| &*a + &*b);
    assert_eq!(
        message,
        "an op has inputs traced by two calls of `grad`; detach one: `x.detach().lift()`"
    );
    let loss = (&*a + b.detach()).sum();
    let message = panics(|| b.backward(loss));
    assert_eq!(
        message,
        "backward: the loss was computed from another traced model"
    );
}

fn detached_values_carry_no_gradient<T: Target>(device: &T) {
    let x = three(device);
    let grads = grad(&x, |x| (x * x.detach()).sum());
    assert_eq!(grads.to_vec(), x.to_vec());
    // A plain tensor meets a traced one from either side.
    let grads = grad(&x, |traced| {
        ((&x - traced) * (traced - &x) + traced * &x).sum()
    });
    assert_eq!(grads.to_vec(), x.to_vec());
}

fn values_beside_the_loss<T: Target>(device: &T) {
    let x = three(device);
    let ((loss, doubled), grads) = value_and_grad_aux(&x, |x| {
        let y = x * 2.0;
        (y.sum(), y.detach())
    });
    assert_eq!(loss.item(), 4.0);
    assert_eq!(doubled.to_vec(), [2.0, -4.0, 6.0]);
    assert_eq!(grads.to_vec(), [2.0; 3]);
}

fn vectors_times_jacobians<T: Target>(device: &T) {
    let x = three(device);
    let (y, pull) = vjp(&x, |x| x.square());
    assert_eq!(y.to_vec(), [1.0, 4.0, 9.0]);
    assert_eq!(pull(&x).to_vec(), [2.0, 8.0, 18.0]);
    // Of a value that depends on nothing.
    let (_, pull) = vjp(&x, |x| x.detach().lift());
    assert_eq!(pull(&x).to_vec(), [0.0; 3]);
}

fn the_step_form<T: Target>(device: &T) {
    let x = three(device);
    let traced = Traced::new(&x);
    assert!(traced.model().is_traced());
    let loss = (traced.square() * 0.5).sum();
    let (value, grads) = traced.backward(loss);
    assert_eq!(value.item(), 7.0);
    assert_eq!(grads.to_vec(), x.to_vec());
}

fn a_million_elements<T: Target>(device: &T) {
    let x: Tensor<s![1_000_000]> = Tensor::full(0.5);
    let x = x.to(device).expect("moved");
    let (value, grads) = value_and_grad(&x, |x| x.square().sum());
    assert_eq!(value.item(), 250_000.0);
    assert!(grads.to_vec().iter().all(|g| *g == 1.0));
    assert!(grad(&x, |x| x.sum()).to_vec().iter().all(|g| *g == 1.0));
}

fn second_derivatives_by_nesting<T: Target>(device: &T) {
    let x = three(device);
    // d/dx sum((d/dx sum(x^3))^2) = d/dx sum(9 x^4) = 36 x^3
    let grads = grad(&x, |x| grad(x, |x| (x.square() * x).sum()).square().sum());
    assert_eq!(grads.to_vec(), [36.0, -288.0, 972.0]);
    // The inner gradient meets the outer variable.
    let grads = grad(&x, |x| {
        let slope = grad(x, |u| (u.square() * x.lift()).sum());
        (slope * x).sum()
    });
    assert_eq!(grads.to_vec(), [6.0, 24.0, 54.0]);
}
