//! Muon.

use super::group::Group;
use super::shared::optimiser;
use super::slots::{KEPT, Rule, Slots, State, zeros};
use super::{adam, not_negative};
use crate::backend::{Backend, Reduce, transposed};
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::Module;
use crate::ops::elementwise as op;
use volta_macros::elementwise;

/// Muon (Jordan et al., 2024, "Muon: an optimizer for hidden layers in neural networks"): the
/// momentum of a matrix is made orthogonal, so that a step moves all of its directions alike.
///
/// ```text
/// m = momentum * m + (1 - momentum) * gradient
/// u = (1 - momentum) * gradient + momentum * m            (without Nesterov: u = m)
/// x = x - lr * (ratio * orthogonal(u) + weight_decay * x)
/// ```
///
/// `orthogonal` is five steps of the Newton-Schulz iteration `X = a X + (b A + c A^2) X` with
/// `A = X X^T`, from `X = u / |u|`. It is computed in the type of the parameter, 16-bit ones in
/// `f32`. The weight of a convolution counts as the matrix `[O, C KH KW]`.
///
/// Vectors and scalars, and the parameters that [`adamw`](Self::adamw) names, are moved by AdamW:
/// embeddings and the last layer should be among them.
///
/// ```
/// use volta::prelude::*;
///
/// let mut model: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
/// let x: Tensor<s![8, 3]> = Tensor::ones();
/// let mut opt = Muon::new(0.02, 3e-4).adamw(|name| name.starts_with("embed"));
/// let grads = grad(&model, |m| m.forward(&x.lift()).square().mean());
/// opt.step(&mut model, &grads);
/// ```
#[derive(Clone, Debug)]
pub struct Muon<B: Backend = Cpu> {
    settings: Settings,
    slots: Slots<B>,
}

/// What the rate of a matrix `[rows, columns]` is multiplied by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MuonRate {
    /// `sqrt(max(1, rows / columns))`, as Jordan et al. do it.
    #[default]
    Original,
    /// `0.2 sqrt(max(rows, columns))` (Liu et al., 2025, "Muon is scalable for LLM training"):
    /// steps as large as AdamW's, whose rate and decay then serve.
    MatchRmsAdamW,
    /// `sqrt(rows / columns)` (Bernstein, 2025, "Deriving Muon").
    SpectralUnclamped,
}

impl MuonRate {
    fn ratio(self, rows: usize, columns: usize) -> f64 {
        let (rows, columns) = (rows as f64, columns as f64);
        match self {
            MuonRate::Original => (rows / columns).max(1.0).sqrt(),
            MuonRate::MatchRmsAdamW => 0.2 * rows.max(columns).sqrt(),
            MuonRate::SpectralUnclamped => (rows / columns).sqrt(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Settings {
    lr: f64,
    momentum: f64,
    nesterov: bool,
    weight_decay: f64,
    steps: usize,
    rate: MuonRate,
    /// AdamW's rate over Muon's.
    adamw_scale: f64,
    adamw: bool,
}

impl<B: Backend> Muon<B> {
    /// With the learning rates of the matrices and of AdamW (the authors' are 0.02 and 3e-4), a
    /// momentum of 0.95, Nesterov's, and a weight decay of 0.1 as in PyTorch. AdamW has betas of
    /// 0.9 and 0.95 and an eps of 1e-10. [`set_lr`](Self::set_lr) keeps the ratio of the rates.
    ///
    /// # Panics
    /// If `lr` is not above 0, or `adamw_lr` is negative.
    #[track_caller]
    pub fn new(lr: f64, adamw_lr: f64) -> Self {
        assert!(lr > 0.0, "Muon: a learning rate of {lr} is not above 0");
        Muon {
            settings: Settings {
                lr,
                momentum: 0.95,
                nesterov: true,
                weight_decay: 0.1,
                steps: 5,
                rate: MuonRate::default(),
                adamw_scale: not_negative("Muon", "learning rate of AdamW", adamw_lr) / lr,
                adamw: false,
            },
            slots: Slots::default(),
        }
    }

    /// How much of the running mean of the gradient is kept.
    ///
    /// # Panics
    /// If it is not in `[0, 1)`.
    #[track_caller]
    pub fn momentum(mut self, momentum: f64) -> Self {
        assert!(
            (0.0..1.0).contains(&momentum),
            "Muon: a momentum of {momentum} is not in [0, 1)"
        );
        self.settings.momentum = momentum;
        self
    }

    /// Whether the momentum is Nesterov's.
    pub fn nesterov(mut self, nesterov: bool) -> Self {
        self.settings.nesterov = nesterov;
        self
    }

    /// The steps of the Newton-Schulz iteration.
    pub fn newton_schulz_steps(mut self, steps: usize) -> Self {
        self.settings.steps = steps;
        self
    }

    /// What the rate of a matrix is multiplied by.
    pub fn rate(mut self, rate: MuonRate) -> Self {
        self.settings.rate = rate;
        self
    }

    /// The parameters whose names `which` takes are moved by AdamW. It stands before the groups
    /// that take them too.
    pub fn adamw(mut self, which: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.slots.group(which, Group::adamw);
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
    Muon "Muon" "How much of each parameter goes, times the learning rate."
}

impl Settings {
    fn is_adamw(&self, dims: &[usize]) -> bool {
        self.adamw || dims.len() < 2
    }
}

impl<B: Backend> Rule<B> for Settings {
    const NAME: &'static str = "Muon";
    const STATE: [&'static str; KEPT] = ["momentum_buffer", "exp_avg", "exp_avg_sq"];

    fn keeps(&self, dims: &[usize]) -> [bool; KEPT] {
        let adamw = self.is_adamw(dims);
        [!adamw, adamw, adamw]
    }

    fn in_group(mut self, group: &Group) -> Self {
        (self.lr, self.weight_decay) = group.settings(self.lr, self.weight_decay);
        self.adamw = group.is_adamw();
        self
    }

    fn update<E: Float>(
        &self,
        step: i32,
        x: &mut B::Prim<E>,
        gradient: &B::Prim<E>,
        [mean, first, second]: &mut State<E, B>,
    ) {
        let dims = B::dims(x).to_vec();
        let shrink = 1.0 - self.lr * self.weight_decay;
        if self.is_adamw(&dims) {
            let adamw = adam::Settings::<true> {
                lr: self.lr * self.adamw_scale,
                betas: (0.9, 0.95),
                eps: 1e-10,
                weight_decay: self.weight_decay,
                amsgrad: false,
            };
            let mut state: State<E, B> = [first.take(), second.take(), None];
            Rule::<B>::update(&adamw, step, x, gradient, &mut state);
            [*first, *second, _] = state;
            return;
        }
        let (rows, numel) = (dims[0], dims.iter().product::<usize>());
        if numel == 0 {
            return;
        }
        let mean = zeros::<E, B>(mean, x);
        let op = MuonMomentum {
            momentum: self.momentum,
            rest: 1.0 - self.momentum,
            nesterov: f64::from(u8::from(self.nesterov)),
        };
        let direction = B::map_in_place(op, &mut [mean], &[gradient]).remove(0);
        let matrix = [rows, numel / rows];
        let direction = orthogonal::<E, B>(&B::reshape(&direction, &matrix), self.steps);
        let op = MuonStep {
            shrink,
            rate: self.lr * self.rate.ratio(matrix[0], matrix[1]),
        };
        B::map_in_place(op, &mut [x], &[&B::reshape(&direction, &dims)]);
    }
}

/// The coefficients of the iteration, of the greatest slope at 0.
const NEWTON_SCHULZ: (f64, f64, f64) = (3.4445, -4.775, 2.0315);

/// A matrix with the singular vectors of `x` and singular values near 1.
fn orthogonal<E: Float, B: Backend>(x: &B::Prim<E>, steps: usize) -> B::Prim<E> {
    if E::KIND.size() == 2 {
        return B::cast(&orthogonal::<f32, B>(&B::cast(x), steps));
    }
    let tall = B::dims(x)[0] > B::dims(x)[1];
    let x = if tall {
        transposed::<E, B>(x)
    } else {
        x.clone()
    };
    let norm = B::reduce(Reduce::Sum, &B::map(op::Square, [&x]), &[0, 1]);
    let norm = B::expand(&B::map(op::Sqrt, [&norm]), B::dims(&x));
    let mut x = B::map(MuonScale { eps: 1e-7 }, [&x, &norm]);
    let (a, b, c) = NEWTON_SCHULZ;
    for _ in 0..steps {
        let gram = B::matmul(&x, &transposed::<E, B>(&x));
        let square = B::matmul(&gram, &gram);
        let factor = B::map(Blend { a: b, b: c }, [&gram, &square]);
        x = B::map(Blend { a, b: 1.0 }, [&x, &B::matmul(&factor, &x)]);
    }
    if tall { transposed::<E, B>(&x) } else { x }
}

/// The momentum after a gradient, and the direction of the step.
#[elementwise(compiled)]
fn muon_momentum(
    mean: Float,
    gradient: Float,
    momentum: f64,
    rest: f64,
    nesterov: f64,
) -> (Float, Float) {
    let next = momentum * mean + rest * gradient;
    let direction = if nesterov == 1.0 {
        rest * gradient + momentum * next
    } else {
        next
    };
    (next, direction)
}

#[elementwise(compiled)]
fn muon_step(x: Float, direction: Float, shrink: f64, rate: f64) -> Float {
    shrink * x - rate * direction
}

#[elementwise(compiled)]
fn muon_scale(x: Float, norm: Float, eps: f64) -> Float {
    x / maximum(norm, eps)
}

#[elementwise(compiled)]
fn blend(x: Float, y: Float, a: f64, b: f64) -> Float {
    a * x + b * y
}
