//! Lion.

use super::not_negative;
use super::shared::{in_group, optimiser};
use super::slots::{KEPT, Rule, Slots, State, zeros};
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::Module;
use volta_macros::elementwise;

/// Lion (Chen et al., 2023, "Symbolic discovery of optimization algorithms"), with decoupled weight
/// decay:
///
/// ```text
/// x = x - lr * (sign(beta1 * m + (1 - beta1) * gradient) + weight_decay * x)
/// m = beta2 * m + (1 - beta2) * gradient
/// ```
///
/// Its rate is 3 to 10 times smaller than AdamW's, and its weight decay as many times greater.
///
/// ```
/// use volta::prelude::*;
///
/// let mut x: Tensor<s![2]> = Tensor::from_array([1.0, -2.0]);
/// let mut opt = Lion::new(0.25);
/// let grads = grad(&x, |x| x.square().sum());
/// opt.step(&mut x, &grads);
/// assert_eq!(x.to_vec(), [0.75, -1.75]);
/// ```
#[derive(Clone, Debug)]
pub struct Lion<B: Backend = Cpu> {
    settings: Settings,
    slots: Slots<B>,
}

#[derive(Clone, Copy, Debug)]
struct Settings {
    lr: f64,
    betas: (f64, f64),
    weight_decay: f64,
}

impl<B: Backend> Lion<B> {
    /// With the learning rate `lr` (the authors' default is 1e-4), and betas of 0.9 and 0.99.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn new(lr: f64) -> Self {
        Lion {
            settings: Settings {
                lr: not_negative("Lion", "learning rate", lr),
                betas: (0.9, 0.99),
                weight_decay: 0.0,
            },
            slots: Slots::default(),
        }
    }

    /// How much of the running mean of the gradient counts in a step, and how much of it is kept.
    ///
    /// # Panics
    /// If one is not in `[0, 1)`.
    #[track_caller]
    pub fn betas(mut self, first: f64, second: f64) -> Self {
        for beta in [first, second] {
            assert!(
                (0.0..1.0).contains(&beta),
                "Lion: a beta of {beta} is not in [0, 1)"
            );
        }
        self.settings.betas = (first, second);
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
    Lion "Lion" "How much of each parameter goes, times the learning rate; 0 unless set."
}

impl<B: Backend> Rule<B> for Settings {
    const NAME: &'static str = "Lion";
    const STATE: [&'static str; KEPT] = ["exp_avg", "", ""];

    fn keeps(&self, _: &[usize]) -> [bool; KEPT] {
        [true, false, false]
    }

    in_group!();

    fn update<E: Float>(
        &self,
        _: i32,
        x: &mut B::Prim<E>,
        gradient: &B::Prim<E>,
        [mean, ..]: &mut State<E, B>,
    ) {
        let mean = zeros::<E, B>(mean, x);
        let (beta1, beta2) = self.betas;
        let op = LionStep {
            shrink: 1.0 - self.lr * self.weight_decay,
            lr: self.lr,
            beta1,
            rest1: 1.0 - beta1,
            beta2,
            rest2: 1.0 - beta2,
        };
        B::map_in_place(op, &mut [x, mean], &[gradient]);
    }
}

/// One step, in one pass over the parameter, the mean and the gradient.
#[elementwise(compiled)]
fn lion_step(
    x: Float,
    mean: Float,
    gradient: Float,
    shrink: f64,
    lr: f64,
    beta1: f64,
    rest1: f64,
    beta2: f64,
    rest2: f64,
) -> (Float, Float) {
    (
        shrink * x - lr * sign(beta1 * mean + rest1 * gradient),
        beta2 * mean + rest2 * gradient,
    )
}
