//! Adagrad.

use super::not_negative;
use super::shared::{in_group, optimiser};
use super::slots::{KEPT, Rule, Slots, State};
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::Module;
use volta_macros::elementwise;

/// Adagrad (Duchi et al., 2011), as `torch.optim.Adagrad` computes it:
///
/// ```text
/// g = gradient + weight_decay * x
/// v = v + g^2                                      (at first v = initial_accumulator_value)
/// x = x - lr / (1 + (t - 1) * lr_decay) * g / (sqrt(v) + eps)
/// ```
///
/// ```
/// use volta::prelude::*;
///
/// let mut x: Tensor<s![2]> = Tensor::from_array([1.0, -2.0]);
/// let mut opt = Adagrad::new(0.1);
/// let grads = grad(&x, |x| x.square().sum());
/// opt.step(&mut x, &grads);
/// assert!((x[[0]] - 0.9).abs() < 1e-6 && (x[[1]] + 1.9).abs() < 1e-6);
/// ```
#[derive(Clone, Debug)]
pub struct Adagrad<B: Backend = Cpu> {
    settings: Settings,
    slots: Slots<B>,
}

#[derive(Clone, Copy, Debug)]
struct Settings {
    lr: f64,
    lr_decay: f64,
    weight_decay: f64,
    initial_accumulator_value: f64,
    eps: f64,
}

impl<B: Backend> Adagrad<B> {
    /// With the learning rate `lr` (PyTorch's is 0.01) and an eps of 1e-10.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn new(lr: f64) -> Self {
        Adagrad {
            settings: Settings {
                lr: not_negative("Adagrad", "learning rate", lr),
                lr_decay: 0.0,
                weight_decay: 0.0,
                initial_accumulator_value: 0.0,
                eps: 1e-10,
            },
            slots: Slots::default(),
        }
    }

    /// How fast the rate falls with the steps; 0 unless set.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn lr_decay(mut self, lr_decay: f64) -> Self {
        self.settings.lr_decay = not_negative("Adagrad", "decay of the learning rate", lr_decay);
        self
    }

    /// What the sum of the squares begins with; 0 unless set.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn initial_accumulator_value(mut self, value: f64) -> Self {
        self.settings.initial_accumulator_value =
            not_negative("Adagrad", "initial accumulator value", value);
        self
    }

    /// What keeps the division from one by 0.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn eps(mut self, eps: f64) -> Self {
        self.settings.eps = not_negative("Adagrad", "eps", eps);
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
    Adagrad "Adagrad" "How much of each parameter is added to its gradient; 0 unless set."
}

impl<B: Backend> Rule<B> for Settings {
    const NAME: &'static str = "Adagrad";
    const STATE: [&'static str; KEPT] = ["sum", "", ""];

    fn keeps(&self, _: &[usize]) -> [bool; KEPT] {
        [true, false, false]
    }

    in_group!();

    fn update<E: Float>(
        &self,
        step: i32,
        x: &mut B::Prim<E>,
        gradient: &B::Prim<E>,
        [sum, ..]: &mut State<E, B>,
    ) {
        let sum = sum.get_or_insert_with(|| {
            let value = E::from_f64(self.initial_accumulator_value);
            B::full(&B::device(x), value, B::dims(x))
        });
        let op = AdagradStep {
            decay: self.weight_decay,
            lr: self.lr / (1.0 + f64::from(step - 1) * self.lr_decay),
            eps: self.eps,
        };
        B::map_in_place(op, &mut [x, sum], &[gradient]);
    }
}

/// One step, in one pass over the parameter, the sum of the squares and the gradient.
#[elementwise(compiled)]
fn adagrad_step(
    x: Float,
    sum: Float,
    gradient: Float,
    decay: f64,
    lr: f64,
    eps: f64,
) -> (Float, Float) {
    let g = if decay == 0.0 {
        gradient
    } else {
        gradient + decay * x
    };
    let v = sum + g * g;
    (x - lr * (g / (sqrt(v) + eps)), v)
}
