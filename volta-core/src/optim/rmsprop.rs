//! RMSprop.

use super::not_negative;
use super::shared::{in_group, optimiser};
use super::slots::{KEPT, Rule, Slots, State, zeros};
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::Module;
use volta_macros::elementwise;

/// RMSprop (Hinton, 2012), as `torch.optim.RMSprop` computes it:
///
/// ```text
/// g = gradient + weight_decay * x
/// v = alpha * v + (1 - alpha) * g^2
/// a = alpha * a + (1 - alpha) * g                  (centred; otherwise a = 0)
/// d = g / (sqrt(v - a^2) + eps)
/// b = momentum * b + d
/// x = x - lr * b
/// ```
///
/// ```
/// use volta::prelude::*;
///
/// let mut x: Tensor<s![2]> = Tensor::from_array([1.0, -2.0]);
/// let mut opt = RmsProp::new(0.01).alpha(0.75);
/// let grads = grad(&x, |x| x.square().sum());
/// opt.step(&mut x, &grads);
/// assert!((x[[0]] - 0.98).abs() < 1e-6 && (x[[1]] + 1.98).abs() < 1e-6);
/// ```
#[derive(Clone, Debug)]
pub struct RmsProp<B: Backend = Cpu> {
    settings: Settings,
    slots: Slots<B>,
}

#[derive(Clone, Copy, Debug)]
struct Settings {
    lr: f64,
    alpha: f64,
    eps: f64,
    weight_decay: f64,
    momentum: f64,
    centered: bool,
}

impl<B: Backend> RmsProp<B> {
    /// With the learning rate `lr` (PyTorch's is 0.01), an alpha of 0.99 and an eps of 1e-8.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn new(lr: f64) -> Self {
        RmsProp {
            settings: Settings {
                lr: not_negative("RmsProp", "learning rate", lr),
                alpha: 0.99,
                eps: 1e-8,
                weight_decay: 0.0,
                momentum: 0.0,
                centered: false,
            },
            slots: Slots::default(),
        }
    }

    /// How much of the running mean of the square is kept.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn alpha(mut self, alpha: f64) -> Self {
        self.settings.alpha = not_negative("RmsProp", "alpha", alpha);
        self
    }

    /// What keeps the division from one by 0.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn eps(mut self, eps: f64) -> Self {
        self.settings.eps = not_negative("RmsProp", "eps", eps);
        self
    }

    /// The share of the last step's direction in the next; 0 unless set.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.settings.momentum = not_negative("RmsProp", "momentum", momentum);
        self
    }

    /// Whether to divide by the deviation from the running mean of the gradient.
    pub fn centered(mut self, centered: bool) -> Self {
        self.settings.centered = centered;
        self
    }

    /// Moves every parameter of `model` that is not frozen.
    ///
    /// # Panics
    /// If the model of an earlier step, or the gradients, have other parameters.
    #[track_caller]
    pub fn step<M: Module<B>>(&mut self, model: &mut M, grads: &M) {
        self.slots.step(&self.settings, model, grads);
    }
}

optimiser! {
    RmsProp "RmsProp" "How much of each parameter is added to its gradient; 0 unless set."
}

impl<B: Backend> Rule<B> for Settings {
    const NAME: &'static str = "RmsProp";
    const STATE: [&'static str; KEPT] = ["square_avg", "grad_avg", "momentum_buffer"];

    fn keeps(&self, _: &[usize]) -> [bool; KEPT] {
        [true, self.centered, self.momentum != 0.0]
    }

    in_group!();

    fn update<E: Float>(
        &self,
        _: i32,
        x: &mut B::Prim<E>,
        gradient: &B::Prim<E>,
        [square, mean, direction]: &mut State<E, B>,
    ) {
        let Settings {
            lr,
            alpha,
            eps,
            weight_decay: decay,
            momentum,
            centered,
        } = *self;
        let rest = 1.0 - alpha;
        let square = zeros::<E, B>(square, x);
        match (centered, momentum != 0.0) {
            (false, false) => {
                let op = RmspropStep {
                    decay,
                    lr,
                    alpha,
                    rest,
                    eps,
                };
                B::map_in_place(op, &mut [x, square], &[gradient]);
            }
            (false, true) => {
                let op = RmspropMomentumStep {
                    decay,
                    lr,
                    alpha,
                    rest,
                    eps,
                    momentum,
                };
                let direction = zeros::<E, B>(direction, x);
                B::map_in_place(op, &mut [x, square, direction], &[gradient]);
            }
            (true, false) => {
                let op = CenteredStep {
                    decay,
                    lr,
                    alpha,
                    rest,
                    eps,
                };
                let mean = zeros::<E, B>(mean, x);
                B::map_in_place(op, &mut [x, square, mean], &[gradient]);
            }
            (true, true) => {
                let op = CenteredMomentumStep {
                    decay,
                    lr,
                    alpha,
                    rest,
                    eps,
                    momentum,
                };
                let mean = zeros::<E, B>(mean, x);
                let direction = zeros::<E, B>(direction, x);
                B::map_in_place(op, &mut [x, square, mean, direction], &[gradient]);
            }
        }
    }
}

/// One step, in one pass over the parameter, the mean of the square and the gradient.
#[elementwise(compiled)]
fn rmsprop_step(
    x: Float,
    square: Float,
    gradient: Float,
    decay: f64,
    lr: f64,
    alpha: f64,
    rest: f64,
    eps: f64,
) -> (Float, Float) {
    let g = if decay == 0.0 {
        gradient
    } else {
        gradient + decay * x
    };
    let v = alpha * square + rest * (g * g);
    (x - lr * (g / (sqrt(v) + eps)), v)
}

/// The same with a momentum.
#[elementwise(compiled)]
fn rmsprop_momentum_step(
    x: Float,
    square: Float,
    direction: Float,
    gradient: Float,
    decay: f64,
    lr: f64,
    alpha: f64,
    rest: f64,
    eps: f64,
    momentum: f64,
) -> (Float, Float, Float) {
    let g = if decay == 0.0 {
        gradient
    } else {
        gradient + decay * x
    };
    let v = alpha * square + rest * (g * g);
    let b = momentum * direction + g / (sqrt(v) + eps);
    (x - lr * b, v, b)
}

/// One step with the mean of the gradient.
#[elementwise(compiled)]
fn centered_step(
    x: Float,
    square: Float,
    mean: Float,
    gradient: Float,
    decay: f64,
    lr: f64,
    alpha: f64,
    rest: f64,
    eps: f64,
) -> (Float, Float, Float) {
    let g = if decay == 0.0 {
        gradient
    } else {
        gradient + decay * x
    };
    let v = alpha * square + rest * (g * g);
    let a = mean + rest * (g - mean);
    (x - lr * (g / (sqrt(v - a * a) + eps)), v, a)
}

/// The same with a momentum.
#[elementwise(compiled)]
fn centered_momentum_step(
    x: Float,
    square: Float,
    mean: Float,
    direction: Float,
    gradient: Float,
    decay: f64,
    lr: f64,
    alpha: f64,
    rest: f64,
    eps: f64,
    momentum: f64,
) -> (Float, Float, Float, Float) {
    let g = if decay == 0.0 {
        gradient
    } else {
        gradient + decay * x
    };
    let v = alpha * square + rest * (g * g);
    let a = mean + rest * (g - mean);
    let b = momentum * direction + g / (sqrt(v - a * a) + eps);
    (x - lr * b, v, a, b)
}
