//! Stochastic gradient descent.

use super::not_negative;
use super::shared::{in_group, optimiser};
use super::slots::{KEPT, Rule, Slots, State, zeros};
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::Module;
use volta_macros::elementwise;

/// Stochastic gradient descent with momentum, as `torch.optim.SGD` computes it:
///
/// ```text
/// g = gradient + weight_decay * x
/// v = momentum * v + (1 - dampening) * g     (at the first step v = g)
/// x = x - lr * v                             (Nesterov: x - lr * (g + momentum * v))
/// ```
///
/// ```
/// use volta::prelude::*;
///
/// let mut x: Tensor<s![2]> = Tensor::from_array([1.0, -2.0]);
/// let mut opt = Sgd::new(0.25);
/// let grads = grad(&x, |x| x.square().sum());
/// opt.step(&mut x, &grads);
/// assert_eq!(x.to_vec(), [0.5, -1.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Sgd<B: Backend = Cpu> {
    settings: Settings,
    slots: Slots<B>,
}

#[derive(Clone, Copy, Debug)]
struct Settings {
    lr: f64,
    momentum: f64,
    dampening: f64,
    nesterov: bool,
    weight_decay: f64,
}

impl<B: Backend> Sgd<B> {
    /// Plain descent with the learning rate `lr`.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn new(lr: f64) -> Self {
        let lr = not_negative("Sgd", "learning rate", lr);
        Sgd {
            settings: Settings {
                lr,
                momentum: 0.0,
                dampening: 0.0,
                nesterov: false,
                weight_decay: 0.0,
            },
            slots: Slots::default(),
        }
    }

    /// The share of the last step's direction in the next; 0 unless set.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.settings.momentum = not_negative("Sgd", "momentum", momentum);
        self
    }

    /// How much less than whole a gradient enters the momentum; 0 unless set.
    pub fn dampening(mut self, dampening: f64) -> Self {
        self.settings.dampening = dampening;
        self
    }

    /// Nesterov's momentum, which needs a momentum and no dampening.
    pub fn nesterov(mut self, nesterov: bool) -> Self {
        self.settings.nesterov = nesterov;
        self
    }

    /// Moves every parameter of `model` that is not frozen.
    ///
    /// # Panics
    /// If Nesterov's momentum was asked for without a momentum or with dampening, or if the model
    /// of an earlier step, or the gradients, have other parameters.
    #[track_caller]
    pub fn step<M: Module<B>>(&mut self, model: &mut M, grads: &M) {
        self.slots.step(&self.settings, model, grads);
    }
}

optimiser! {
    Sgd "Sgd" "How much of each parameter is added to its gradient; 0 unless set."
}

impl<B: Backend> Rule<B> for Settings {
    const NAME: &'static str = "Sgd";
    const STATE: [&'static str; KEPT] = ["momentum_buffer", "", ""];

    #[track_caller]
    fn check(&self) {
        let Settings {
            momentum,
            dampening,
            nesterov,
            ..
        } = *self;
        assert!(
            !nesterov || momentum > 0.0 && dampening == 0.0,
            "Sgd: Nesterov's momentum needs a momentum above 0 and a dampening of 0, not \
             {momentum} and {dampening}"
        );
    }

    fn keeps(&self, _: &[usize]) -> [bool; KEPT] {
        [self.momentum != 0.0, false, false]
    }

    in_group!();

    fn update<E: Float>(
        &self,
        step: i32,
        x: &mut B::Prim<E>,
        gradient: &B::Prim<E>,
        [velocity, ..]: &mut State<E, B>,
    ) {
        let (lr, decay) = (self.lr, self.weight_decay);
        if self.momentum == 0.0 {
            B::map_in_place(SgdStep { decay, lr }, &mut [x], &[gradient]);
            return;
        }
        let velocity = zeros::<E, B>(velocity, x);
        let op = MomentumStep {
            decay,
            lr,
            momentum: self.momentum,
            // At the first step the velocity is the whole gradient.
            rest: if step == 1 { 1.0 } else { 1.0 - self.dampening },
            nesterov: f64::from(u8::from(self.nesterov)),
        };
        B::map_in_place(op, &mut [x, velocity], &[gradient]);
    }
}

/// One step without a momentum.
#[elementwise(compiled)]
fn sgd_step(x: Float, gradient: Float, decay: f64, lr: f64) -> Float {
    let g = if decay == 0.0 {
        gradient
    } else {
        gradient + decay * x
    };
    x - lr * g
}

/// One step, in one pass over the parameter, its velocity and the gradient.
#[elementwise(compiled)]
fn momentum_step(
    x: Float,
    velocity: Float,
    gradient: Float,
    decay: f64,
    lr: f64,
    momentum: f64,
    rest: f64,
    nesterov: f64,
) -> (Float, Float) {
    let g = if decay == 0.0 {
        gradient
    } else {
        gradient + decay * x
    };
    let v = momentum * velocity + rest * g;
    let direction = if nesterov == 1.0 { g + momentum * v } else { v };
    (x - lr * direction, v)
}
