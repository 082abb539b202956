//! Adam, and AdamW.

use super::not_negative;
use super::shared::{in_group, optimiser};
use super::slots::{KEPT, Rule, Slots, State, zeros};
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::Module;
use volta_macros::elementwise;

#[derive(Clone, Copy, Debug)]
pub(super) struct Settings<const DECOUPLED: bool> {
    pub(super) lr: f64,
    pub(super) betas: (f64, f64),
    pub(super) eps: f64,
    pub(super) weight_decay: f64,
    pub(super) amsgrad: bool,
}

macro_rules! adam {
    ($(#[$doc:meta])* $Adam:ident $name:literal $decoupled:literal $decay:literal $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $Adam<B: Backend = Cpu> {
            settings: Settings<$decoupled>,
            slots: Slots<B>,
        }

        impl<B: Backend> $Adam<B> {
            /// With the learning rate `lr`, betas of 0.9 and 0.999, an eps of 1e-8
            #[doc = concat!("and a weight decay of ", $decay, ".")]
            ///
            /// # Panics
            /// If `lr` is negative.
            #[track_caller]
            pub fn new(lr: f64) -> Self {
                let lr = not_negative($name, "learning rate", lr);
                $Adam {
                    settings: Settings {
                        lr,
                        betas: (0.9, 0.999),
                        eps: 1e-8,
                        weight_decay: $decay,
                        amsgrad: false,
                    },
                    slots: Slots::default(),
                }
            }

            /// How much of the running means of the gradient and of its square is kept.
            ///
            /// # Panics
            /// If one is not in `[0, 1)`.
            #[track_caller]
            pub fn betas(mut self, first: f64, second: f64) -> Self {
                for beta in [first, second] {
                    assert!(
                        (0.0..1.0).contains(&beta),
                        "{}: a beta of {beta} is not in [0, 1)", $name
                    );
                }
                self.settings.betas = (first, second);
                self
            }

            /// What keeps the division from one by 0.
            ///
            /// # Panics
            /// If it is negative.
            #[track_caller]
            pub fn eps(mut self, eps: f64) -> Self {
                self.settings.eps = not_negative($name, "eps", eps);
                self
            }

            /// Whether to divide by the greatest mean of the square so far, and not by the last
            /// (Reddi et al., 2018).
            pub fn amsgrad(mut self, amsgrad: bool) -> Self {
                self.settings.amsgrad = amsgrad;
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

        optimiser!($Adam $name $what);
    };
}

adam! {
    /// Adam (Kingma and Ba, 2014), as `torch.optim.Adam` computes it:
    ///
    /// ```text
    /// g = gradient + weight_decay * x
    /// m = beta1 * m + (1 - beta1) * g
    /// v = beta2 * v + (1 - beta2) * g^2
    /// x = x - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
    /// ```
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let mut x: Tensor<s![2]> = Tensor::from_array([1.0, -2.0]);
    /// let mut opt = Adam::new(0.1).betas(0.9, 0.99);
    /// let grads = grad(&x, |x| x.square().sum());
    /// opt.step(&mut x, &grads);
    /// assert!((x[[0]] - 0.9).abs() < 1e-6 && (x[[1]] + 1.9).abs() < 1e-6);
    /// ```
    Adam "Adam" false 0.0 "How much of each parameter is added to its gradient."
}

adam! {
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2017), as `torch.optim.AdamW`
    /// computes it: the parameter shrinks by `lr * weight_decay` of itself, apart from the gradient.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let mut x: Tensor<s![1]> = Tensor::from_array([1.0]);
    /// let mut opt = AdamW::new(0.1).weight_decay(0.5);
    /// let grads = x.zeros_like();
    /// opt.step(&mut x, &grads);
    /// assert!((x[[0]] - 0.95).abs() < 1e-6);
    /// ```
    AdamW "AdamW" true 0.01 "How much of each parameter goes, times the learning rate."
}

impl<const DECOUPLED: bool, B: Backend> Rule<B> for Settings<DECOUPLED> {
    const NAME: &'static str = if DECOUPLED { "AdamW" } else { "Adam" };
    const STATE: [&'static str; KEPT] = ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"];

    fn keeps(&self, _: &[usize]) -> [bool; KEPT] {
        [true, true, self.amsgrad]
    }

    in_group!();

    fn update<E: Float>(
        &self,
        step: i32,
        x: &mut B::Prim<E>,
        gradient: &B::Prim<E>,
        state: &mut State<E, B>,
    ) {
        let [m, v, greatest] = state;
        let (m, v) = (zeros::<E, B>(m, x), zeros::<E, B>(v, x));
        let (beta1, beta2) = self.betas;
        let (shrink, decay) = match DECOUPLED {
            true => (1.0 - self.lr * self.weight_decay, 0.0),
            false => (1.0, self.weight_decay),
        };
        let (rest1, rest2) = (1.0 - beta1, 1.0 - beta2);
        let root = (1.0 - beta2.powi(step)).sqrt();
        let rate = self.lr / (1.0 - beta1.powi(step));
        let eps = self.eps;
        if self.amsgrad {
            let greatest = zeros::<E, B>(greatest, x);
            let op = AmsgradStep {
                shrink,
                decay,
                beta1,
                rest1,
                beta2,
                rest2,
                root,
                eps,
                rate,
            };
            B::map_in_place(op, &mut [x, m, v, greatest], &[gradient]);
        } else {
            let op = AdamStep {
                shrink,
                decay,
                beta1,
                rest1,
                beta2,
                rest2,
                root,
                eps,
                rate,
            };
            B::map_in_place(op, &mut [x, m, v], &[gradient]);
        }
    }
}

/// One step, in one pass over the parameter, the two means and the gradient.
#[elementwise(compiled)]
fn adam_step(
    x: Float,
    m: Float,
    v: Float,
    gradient: Float,
    shrink: f64,
    decay: f64,
    beta1: f64,
    rest1: f64,
    beta2: f64,
    rest2: f64,
    root: f64,
    eps: f64,
    rate: f64,
) -> (Float, Float, Float) {
    let g = if decay == 0.0 {
        gradient
    } else {
        gradient + decay * x
    };
    let first = beta1 * m + rest1 * g;
    let second = beta2 * v + rest2 * (g * g);
    (
        shrink * x - rate * (first / (sqrt(second) / root + eps)),
        first,
        second,
    )
}

/// The same with the greatest mean of the square.
#[elementwise(compiled)]
fn amsgrad_step(
    x: Float,
    m: Float,
    v: Float,
    greatest: Float,
    gradient: Float,
    shrink: f64,
    decay: f64,
    beta1: f64,
    rest1: f64,
    beta2: f64,
    rest2: f64,
    root: f64,
    eps: f64,
    rate: f64,
) -> (Float, Float, Float, Float) {
    let g = if decay == 0.0 {
        gradient
    } else {
        gradient + decay * x
    };
    let first = beta1 * m + rest1 * g;
    let second = beta2 * v + rest2 * (g * g);
    let most = maximum(greatest, second);
    (
        shrink * x - rate * (first / (sqrt(most) / root + eps)),
        first,
        second,
        most,
    )
}
