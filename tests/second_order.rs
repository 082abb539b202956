//! Gradients of gradients, against what analysis says.

use volta::prelude::*;

#[test]
fn the_derivative_of_a_squared_slope() {
    let t: Tensor<(), f64> = Tensor::from_scalar(0.5);
    let (value, grads) = value_and_grad(&t, |t| {
        let slope = grad(t, |u| u.tanh());
        slope.square()
    });
    let y = 0.5_f64.tanh();
    let slope = 1.0 - y * y;
    assert!((value.item() - slope * slope).abs() < 1e-15);
    assert!((grads.item() - 2.0 * slope * (-2.0 * y * slope)).abs() < 1e-15);
}

#[derive(Module)]
struct Mlp<const H: usize, B: Backend = Cpu> {
    fc1: Linear<3, H, B>,
    fc2: Linear<H, 1, B>,
}

impl<const H: usize, B: Backend> Mlp<H, B> {
    fn forward<N: Dim>(&self, x: &Tensor<s![N, 3], f32, B>) -> Tensor<s![N, 1], f32, B> {
        self.fc2.forward(&self.fc1.forward(x).tanh())
    }
}

#[test]
fn a_generic_model_learns() {
    let mut rng = Rng::seed(0);
    let model = Mlp::<4>::init(&mut rng);
    let x: Tensor<s![Dyn, 3]> = Tensor::randn_with((Dyn(5), D), &mut rng);
    let y: Tensor<s![Dyn, 1]> = Tensor::randn_with((Dyn(5), D), &mut rng);
    let (loss, grads) = value_and_grad(&model, |m| (m.forward(&x.lift()) - &y).square().mean());
    println!("{loss} {}", *grads.fc1.weight);
    assert!(grads.fc2.bias[[0]] != 0.0);
    assert_eq!(Mlp::<4>::PARAMETERS, 4 * 3 + 4 + 4 + 1);
}

#[derive(Module)]
struct Critic<B: Backend = Cpu> {
    fc1: Linear<2, 5, B, f64>,
    fc2: Linear<5, 1, B, f64>,
}

impl<B: Backend> Critic<B> {
    fn forward<N: Dim>(&self, x: &Tensor<s![N, 2], f64, B>) -> Tensor<s![N, 1], f64, B> {
        self.fc2.forward(&self.fc1.forward(x).silu())
    }

    fn penalty(&self, points: &Tensor<s![3, 2], f64, B>) -> Tensor<(), f64, B> {
        let slopes = grad(points, |x| self.lift().forward(x).sum());
        ((slopes.square().sum_axis::<1>() + 1e-12).sqrt() - 1.0)
            .square()
            .mean()
    }
}

#[test]
fn a_penalty_on_the_slope_by_the_input_has_gradients_by_the_model() {
    let mut rng = Rng::seed(3);
    let critic: Critic = Critic::init(&mut rng);
    let points: Tensor<s![3, 2], f64> = Tensor::randn(&mut rng);
    let report = gradcheck(&critic, |critic| critic.penalty(&points.lift())).unwrap();
    assert_eq!(report.elements, 21);
    let grads = grad(&critic, |critic| critic.penalty(&points.lift()));
    assert!(grads.fc1.weight.abs().max().item() > 1e-3);
}

/// Of the greatest of each window of `x^3`, the slope is `3 x^2` there, and that of its square sum
/// `36 x^3`; nothing elsewhere.
#[test]
fn the_slope_of_pooled_windows_has_a_slope() {
    let x: Tensor<s![1, 1, 3, 4], f64> = Tensor::from_array([[[
        [0.5, -1.0, 2.0, 0.25],
        [-3.0, 1.5, -0.5, 1.0],
        [0.75, -2.0, 1.25, 3.0],
    ]]]);
    let slope = grad(&x, |x| {
        let inner = grad(x, |x| (x * x * x).max_pool2d::<Window<2, 2, 1>>().sum());
        inner.square().sum()
    });
    let won = [
        [1.0, 0.0, 1.0, 1.0],
        [0.0, 1.0, 0.0, 0.0],
        [1.0, 0.0, 0.0, 1.0],
    ];
    let want = x.to_vec().into_iter().zip(won.concat());
    let want: Vec<f64> = want.map(|(x, won)| won * 36.0 * x.powi(3)).collect();
    for (got, want) in slope.to_vec().into_iter().zip(want) {
        assert!((got - want).abs() < 1e-12, "{slope}");
    }
}
