//! Adam, and AdamW.

use super::slots::{Rule, Slots, State};
use super::{add_scaled, constant, not_negative, scaled};
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::Module;
use crate::ops::elementwise::{Add, Div, Sqrt, Square};

#[derive(Clone, Copy, Debug)]
struct Settings<const DECOUPLED: bool> {
    lr: f64,
    betas: (f64, f64),
    eps: f64,
    weight_decay: f64,
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

            #[doc = $what]
            ///
            /// # Panics
            /// If it is negative.
            #[track_caller]
            pub fn weight_decay(mut self, weight_decay: f64) -> Self {
                self.settings.weight_decay = not_negative($name, "weight decay", weight_decay);
                self
            }

            /// The learning rate.
            pub fn lr(&self) -> f64 {
                self.settings.lr
            }

            /// Another learning rate from now on.
            ///
            /// # Panics
            /// If it is negative.
            #[track_caller]
            pub fn set_lr(&mut self, lr: f64) {
                self.settings.lr = not_negative($name, "learning rate", lr);
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

    fn update<E: Float>(
        &self,
        step: i32,
        x: &B::Prim<E>,
        gradient: &B::Prim<E>,
        state: &mut State<E, B>,
    ) -> B::Prim<E> {
        let (mut x, mut g) = (x.clone(), gradient.clone());
        if self.weight_decay != 0.0 {
            if DECOUPLED {
                x = scaled::<E, B>(&x, 1.0 - self.lr * self.weight_decay);
            } else {
                g = add_scaled::<E, B>(&g, &x, self.weight_decay);
            }
        }
        let [m, v] = state;
        let (beta1, beta2) = self.betas;
        let mean = |old: Option<B::Prim<E>>, new: &B::Prim<E>, beta: f64| match old {
            None => scaled::<E, B>(new, 1.0 - beta),
            Some(old) => add_scaled::<E, B>(&scaled::<E, B>(&old, beta), new, 1.0 - beta),
        };
        let first = mean(m.take(), &g, beta1);
        let second = mean(v.take(), &B::map(Square, [&g]), beta2);
        let (left1, left2) = (1.0 - beta1.powi(step), 1.0 - beta2.powi(step));
        let root = B::map(Sqrt, [&second]);
        let root = B::map(Div, [&root, &constant::<E, B>(&root, left2.sqrt())]);
        let root = B::map(Add, [&root, &constant::<E, B>(&root, self.eps)]);
        let moved = add_scaled::<E, B>(&x, &B::map(Div, [&first, &root]), -self.lr / left1);
        (*m, *v) = (Some(first), Some(second));
        moved
    }
}
