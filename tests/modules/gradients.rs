//! Frozen parameters have no gradient, and threads share a model.

use std::thread;

use volta::prelude::*;

use crate::common::{names, new, to_other};

#[derive(Module)]
struct Model<B: Backend = Cpu> {
    #[module(frozen)]
    features: Linear<3, 4, B>,
    head: Linear<4, 2, B>,
    #[module(buffer, init = Tensor::full_on((), 3, device))]
    steps: Tensor<(), i64, B>,
}

impl<B: Backend> Model<B> {
    fn forward<N: Dim>(&self, x: &Tensor<s![N, 3], f32, B>) -> Tensor<s![N, 2], f32, B> {
        self.head.forward(&self.features.forward(x).tanh())
    }
}

fn gradients(model: &Model, x: &Tensor<s![8, 3]>) -> Model {
    grad(model, |m| m.forward(&x.lift()).square().mean())
}

fn input(seed: u64) -> Tensor<s![8, 3]> {
    Tensor::randn(&mut Rng::seed(seed))
}

/// Which tensors have a gradient that is not zero everywhere.
fn moved(grads: &Model) -> [bool; 4] {
    let some = |data: Vec<f32>| data.iter().any(|x| *x != 0.0);
    [
        some(grads.features.weight.to_vec()),
        some(grads.features.bias.to_vec()),
        some(grads.head.weight.to_vec()),
        some(grads.head.bias.to_vec()),
    ]
}

#[test]
fn what_is_frozen_by_declaration_stays_so() {
    let mut model: Model = new();
    let expected = [
        "features.weight[12] frozen",
        "features.bias[4] frozen",
        "head.weight[8] trained",
        "head.bias[2] trained",
        "steps[1] buffer",
    ];
    assert_eq!(names(&model), expected);
    let grads = gradients(&model, &input(1));
    assert_eq!(moved(&grads), [false, false, true, true]);
    assert_eq!(grads.steps.item(), 3, "a buffer is as it was");

    model.freeze();
    assert_eq!(moved(&gradients(&model, &input(1))), [false; 4]);
    model.unfreeze();
    assert_eq!(names(&model), expected);
    assert_eq!(
        moved(&gradients(&model, &input(1))),
        [false, false, true, true]
    );
}

#[test]
fn parts_and_single_parameters_are_frozen() {
    let mut model: Model = new();
    model.head.freeze();
    assert_eq!(moved(&gradients(&model, &input(1))), [false; 4]);
    model.head.bias.set_trainable(true);
    assert_eq!(
        moved(&gradients(&model, &input(1))),
        [false, false, false, true]
    );
    // It goes where the model goes.
    let moved_on: Model = to_other(&model).to(&Cpu).unwrap();
    assert_eq!(names(&moved_on), names(&model));
    assert!(moved_on.head.bias.trainable() && !moved_on.head.weight.trainable());
}

#[test]
fn freezing_changes_no_number() {
    let mut model: Model = new();
    let (state, y) = (model.state_dict(), model.forward(&input(1)).to_vec());
    model.freeze();
    assert_eq!(model.state_dict(), state);
    assert_eq!(model.forward(&input(1)).to_vec(), y);
}

#[test]
fn tensors_and_models_are_send_and_sync() {
    const fn shared<T: Send + Sync>() {}
    const {
        shared::<Tensor<s![2, 3]>>();
        shared::<Tensor<s![Dyn], bool>>();
        shared::<Model>();
        shared::<volta::StateDict>();
        shared::<volta::Error>();
    }
}

#[test]
fn threads_that_share_a_model_have_the_gradients_of_one() {
    let model: Model = new();
    let bits = |seed: u64| {
        let state = gradients(&model, &input(seed)).state_dict();
        state
            .iter()
            .map(|(_, tensor)| tensor.bytes().to_vec())
            .collect::<Vec<_>>()
    };
    let serial: Vec<_> = (0..16).map(bits).collect();
    assert_ne!(serial[0], serial[1]);
    let parallel: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4_u64)
            .map(|thread| {
                let bits = &bits;
                scope.spawn(move || (4 * thread..4 * thread + 4).map(bits).collect::<Vec<_>>())
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(parallel, serial);
}
