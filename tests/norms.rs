//! Models with normalisations, embeddings and residual blocks: generic ones, declared ones, trained
//! and saved ones.

use volta::nn::{Running, Training};
use volta::prelude::*;

/// A block of a residual network, of any number of channels.
#[derive(Clone, Debug, Module)]
struct Block<const C: usize, B: Backend = Cpu> {
    conv1: Conv2d<C, C, Window<3, 1, 1>, B>,
    bn1: BatchNorm2d<C, B>,
    conv2: Conv2d<C, C, Window<3, 1, 1>, B>,
    bn2: BatchNorm2d<C, B>,
}

impl<const C: usize, B: Backend> Block<C, B> {
    fn forward<N: Dim>(
        &self,
        x: &Tensor<s![N, { C }, 4, 4], f32, B>,
    ) -> Tensor<s![N, { C }, 4, 4], f32, B> {
        let y = self.bn1.forward(&self.conv1.forward(x)).relu();
        (x + self.bn2.forward(&self.conv2.forward(&y))).relu()
    }
}

#[derive(Clone, Debug, Module)]
#[module(forward = [N, 2, 4, 4] -> [N, 3])]
struct Net<B: Backend = Cpu> {
    norm: BatchNorm2d<2, B>,
    group: GroupNorm<2, 2, B>,
    instance: InstanceNorm2d<2, B>,
    flatten: Flatten,
    layer: LayerNorm<32, B>,
    block: Residual<(Linear<32, 32, B>, Relu, RmsNorm<32, B>)>,
    identity: Identity,
    out: Linear<32, 3, B>,
}

/// Words of any size of vocabulary and any width, with a sum over the text.
#[derive(Clone, Debug, Module)]
struct Text<const V: usize, const W: usize, B: Backend = Cpu> {
    words: Embedding<V, W, B>,
    norm: LayerNorm<W, B>,
    out: Linear<W, 2, B>,
}

impl<const V: usize, const W: usize, B: Backend> Text<V, W, B> {
    fn forward<N: Dim, L: Dim>(&self, text: &Tensor<s![N, L], i64, B>) -> Tensor<s![N, 2], f32, B> {
        let x: Tensor<s![N, L, { W }], f32, B> = self.norm.forward(&self.words.forward(text));
        self.out.forward(&x.sum_axis::<1>())
    }
}

#[test]
fn a_residual_network_learns() {
    let mut rng = Rng::seed(0);
    let mut model = Block::<3>::init(&mut rng);
    let x: Tensor<s![8, 3, 4, 4]> = Tensor::randn(&mut rng);
    let target: Tensor<s![8, 3, 4, 4]> = Tensor::rand(&mut rng);
    let mut opt = Adam::new(0.01);
    let mut losses = Vec::new();
    for _ in 0..30 {
        let (loss, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).mse_loss(&target));
        losses.push(loss.item());
        opt.step(&mut model, &grads);
    }
    assert!(losses[29] < 0.6 * losses[0], "{losses:?}");
    assert_eq!(model.bn2.num_batches_tracked.get().item(), 30);
    let before = model.state_dict();
    model.eval();
    let loss = model.forward(&x).mse_loss(&target).item();
    assert!(loss < losses[0], "{loss}");
    assert_eq!(model.state_dict(), before);

    let mut other = Block::<3>::init(&mut rng);
    other.load_state_dict(&before).unwrap();
    other.eval();
    assert_eq!(other.forward(&x).to_vec(), model.forward(&x).to_vec());
}

#[test]
fn a_declared_network_has_every_kind() {
    let mut rng = Rng::seed(0);
    let model = Net::<Cpu>::init(&mut rng);
    let x: Tensor<s![Dyn, 2, 4, 4]> = Tensor::randn_with((Dyn(5), D, D, D), &mut rng);
    let targets: Tensor<s![Dyn], i64> = Tensor::zeros_with((Dyn(5),));
    let (_, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&targets));
    assert!(grads.layer.weight.to_vec().iter().any(|&g| g != 0.0));
    let state = model.state_dict();
    let keys: Vec<&str> = state.keys().collect();
    assert_eq!(
        keys,
        [
            "norm.weight",
            "norm.bias",
            "norm.running_mean",
            "norm.running_var",
            "norm.num_batches_tracked",
            "group.weight",
            "group.bias",
            "layer.weight",
            "layer.bias",
            "block.0.weight",
            "block.0.bias",
            "block.2.weight",
            "out.weight",
            "out.bias"
        ]
    );
}

#[test]
fn a_text_of_any_length() {
    let model = Text::<10, 4>::init(&mut Rng::seed(0));
    let text: Tensor<s![Dyn, Dyn], i64> = Tensor::full_with((Dyn(3), Dyn(7)), 9);
    assert_eq!(model.forward(&text).dims(), [3, 2]);
    let grads = grad(&model, |m| m.forward(&text.lift()).sum());
    assert_eq!(grads.words.weight.to_vec()[..36], [0.0; 36]);
}

#[test]
fn a_frozen_layer_still_keeps_statistics() {
    let mut norm: BatchNorm1d<2> = BatchNorm1d::init(&mut Rng::seed(0));
    norm.freeze();
    let x: Tensor<s![4, 2]> = Tensor::ones();
    let grads = grad(&norm, |m| (m.forward(&x.lift()) * 2.0).sum());
    assert_eq!(grads.bias.to_vec(), [0.0; 2]);
    assert_eq!(norm.num_batches_tracked.get().item(), 1);
}

/// What a user keeps.
#[derive(Clone, Debug, Module)]
#[module(no_init)]
struct Counted<B: Backend = Cpu> {
    calls: Running<(), i64, B>,
    training: Training,
    scale: Param<(), f32, B>,
}

impl<B: Backend> Counted<B> {
    fn forward<S>(&self, x: &Tensor<S, f32, B>) -> Tensor<S, f32, B>
    where
        S: Shape + volta::shape::Broadcast<(), Out = S>,
    {
        if self.training.get() {
            self.calls.update(|calls| *calls += 1);
        }
        x * &*self.scale
    }
}

#[test]
fn a_layer_of_ones_own_keeps_what_it_will() {
    let mut model = Counted {
        calls: Running::new(&Tensor::from_scalar(5)),
        training: Training::default(),
        scale: Tensor::from_scalar(2.0).into(),
    };
    let x: Tensor<s![3]> = Tensor::ones();
    let grads = grad(&model, |m| m.forward(&m.forward(&x.lift())).sum());
    assert_eq!(grads.scale.item(), 12.0);
    assert_eq!(model.calls.get().item(), 7);
    model.eval();
    model.forward(&x);
    assert_eq!(model.calls.get().item(), 7);
    assert!(format!("{model:?}").contains("Running("), "{model:?}");
    // Written by a visitor, as a state is.
    let state = model.state_dict();
    model.calls.set(&Tensor::from_scalar(0));
    model.load_state_dict(&state).unwrap();
    assert_eq!(model.calls.get().item(), 7);
}
