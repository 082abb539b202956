//! `#[module(forward = [..] -> [..])]`.

use volta::prelude::*;

use crate::common::{Act, new};

#[derive(Module)]
#[module(sequential, forward = [N, 784] -> [N, 10])]
struct Classifier<const H: usize, B: Backend = Cpu> {
    fc1: Linear<784, H, B>,
    act: Act,
    fc2: Linear<H, 10, B>,
}

#[test]
fn the_layers_are_called_in_order() {
    let model: Classifier<16> = new();
    let x: Tensor<s![5, 784]> = Tensor::randn(&mut Rng::seed(1));
    let y: Tensor<s![5, 10]> = model.forward(&x);
    let by_hand = model
        .fc2
        .forward(&model.act.forward(&model.fc1.forward(&x)));
    assert_eq!(y.to_vec(), by_hand.to_vec());
    assert_eq!(Forward::forward(&model, &x).to_vec(), y.to_vec());
}

dims! { Batch }

#[test]
fn any_batch_and_any_backend_will_do() {
    let model: Classifier<16> = new();
    let x: Tensor<s![Dyn, 784]> = Tensor::randn_with((Dyn(3), D), &mut Rng::seed(1));
    let y: Tensor<s![Dyn, 10]> = model.forward(&x);
    assert_eq!(y.dims(), [3, 10]);
    let x: Tensor<s![Batch, 784]> = Tensor::ones_with((Batch(2), D));
    let grads: Classifier<16> = grad(&model, |m| m.forward(&x.lift()).sum());
    assert_eq!(grads.fc2.bias.to_vec(), [2.0; 10]);
}

/// Sizes that are parameters, an axis that broadcasts, and another element type.
#[derive(Module)]
#[module(forward = [*, I] -> [*, {O}])]
struct Signatures<const I: usize, const O: usize, E: Float, K: Backend>(
    #[module(flatten)] Row<I, O, E, K>,
);

#[derive(Module)]
struct Row<const I: usize, const O: usize, E: Float, K: Backend>(Linear<I, O, K, E>);

impl<const I: usize, const O: usize, E: Float, K: Backend> Row<I, O, E, K> {
    fn forward(&self, x: &Tensor<(One, D<I>), E, K>) -> Tensor<(One, D<O>), E, K> {
        self.0.forward(x)
    }
}

#[test]
fn a_shape_may_name_parameters_and_broadcast_axes() {
    let model: Signatures<3, 2, f64, Cpu> = new();
    let x: Tensor<s![*, 3], f64> = Tensor::ones();
    let y: Tensor<s![*, 2], f64> = model.forward(&x);
    assert_eq!(y.to_vec(), model.0.0.forward(&x).to_vec());
}
