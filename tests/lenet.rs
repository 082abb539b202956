//! A convolutional model, whole: shapes, names, gradients, both modes, both ways of writing it.

use volta::prelude::*;

#[derive(Module)]
struct LeNet<B: Backend = Cpu> {
    conv1: Conv2d<1, 4, Window<5, 1, 2>, B>,
    conv2: Conv2d<4, 8, Window<5>, B>,
    pool: MaxPool2d<Window<2, 2>>,
    fc1: Linear<200, 32, B>,
    #[module(init = Dropout::new(0.5, rng))]
    dropout: Dropout,
    fc2: Linear<32, 10, B>,
}

impl<B: Backend> LeNet<B> {
    fn forward<N: Dim>(&self, x: &Tensor<s![N, 1, 28, 28], f32, B>) -> Tensor<s![N, 10], f32, B> {
        let x = self.pool.forward(&self.conv1.forward(x).relu());
        let x = self.pool.forward(&self.conv2.forward(&x).relu());
        let x = self.fc1.forward(&Flatten.forward(&x)).relu();
        self.fc2.forward(&self.dropout.forward(&x))
    }
}

/// The same layers as a chain.
#[derive(Module)]
#[module(sequential, forward = [N, 1, 28, 28] -> [N, 10])]
struct Chain<B: Backend = Cpu>(
    Conv2d<1, 4, Window<5, 1, 2>, B>,
    Relu,
    MaxPool2d<Window<2, 2>>,
    (Conv2d<4, 8, Window<5>, B>, Tanh, MaxPool2d<Window<2, 2>>),
    Flatten,
    Linear<200, 32, B>,
    Gelu,
    #[module(init = Dropout::new(0.5, rng))] Dropout,
    Linear<32, 10, B>,
);

#[test]
fn the_state_has_the_names_and_shapes_of_pytorch() {
    let model: LeNet = LeNet::init(&mut Rng::seed(0));
    let state = model.state_dict();
    let shapes: Vec<_> = state.iter().map(|(k, t)| (k, t.dims().to_vec())).collect();
    assert_eq!(
        shapes[..3],
        [
            ("conv1.weight", vec![4, 1, 5, 5]),
            ("conv1.bias", vec![4]),
            ("conv2.weight", vec![8, 4, 5, 5])
        ]
    );
    assert_eq!(LeNet::<Cpu>::PARAMETERS, model.num_parameters());
    assert_eq!(model.num_parameters(), 104 + 808 + 6432 + 330);
}

#[test]
fn it_learns_a_batch_by_heart() {
    let mut rng = Rng::seed(1);
    let mut model: LeNet = LeNet::init(&mut rng);
    let x: Tensor<s![Dyn, 1, 28, 28]> = Tensor::randn_with((Dyn(8), D, D, D), &mut rng);
    let y: Tensor<s![Dyn], i64> = Tensor::arange_with(Dyn(8), 0, 1);
    let mut opt = Adam::new(3e-3);
    for _ in 0..60 {
        let (_, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&y));
        opt.step(&mut model, &grads);
    }
    model.eval();
    let scores = model.forward(&x);
    assert!(scores.cross_entropy(&y).item() < 0.1);
    assert_eq!(scores.argmax_axis::<1>().to_vec(), y.to_vec());
}

#[test]
fn one_seed_gives_one_training() {
    let train = || {
        let mut rng = Rng::seed(5);
        let mut model: Chain = Chain::init(&mut rng);
        let x: Tensor<s![4, 1, 28, 28]> = Tensor::randn(&mut rng);
        let y: Tensor<s![4], i64> = Tensor::from_array([3, 1, 4, 1]);
        let mut opt = Sgd::new(0.05).momentum(0.9);
        let step = |_| {
            let (loss, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&y));
            opt.step(&mut model, &grads);
            loss.item()
        };
        (0..5).map(step).collect::<Vec<f32>>()
    };
    assert_eq!(train(), train());
}
