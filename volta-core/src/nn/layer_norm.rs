//! Normalisation of each example over its last axes.

use super::{Forward, Init, Param, initial};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::{DtypeKind, Float};
use crate::random::Rng;
use crate::shape::{EndsWithAxes, Shape, StaticShape};
use crate::tensor::Tensor;

/// Every example less its mean and divided by its deviation over the last axes, which are those of
/// `T`: `(x - mean) / sqrt(variance + eps) weight + bias`, with the biased variance (Ba et al.,
/// 2016; `torch.nn.LayerNorm`, whose `normalized_shape` is `T`).
///
/// `weight` starts as ones and `bias` as zeros. It is the same in training and in use. 16-bit types
/// compute in `f32`.
///
/// ```
/// use volta::prelude::*;
///
/// let mut rng = Rng::seed(0);
/// let norm: LayerNorm<s![64]> = LayerNorm::init(&mut rng);
/// let x: Tensor<s![8, 10, 64]> = Tensor::randn(&mut rng);
/// let y: Tensor<s![8, 10, 64]> = norm.forward(&x);
/// assert!(y.mean_axis::<-1>()[[7, 9]].abs() < 1e-6);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct LayerNorm<T: StaticShape, B: Backend = Cpu, E: Float = f32> {
    /// Of shape `T`.
    pub weight: Param<T, E, B>,
    /// Of shape `T`.
    pub bias: Param<T, E, B>,
    #[module(skip)]
    eps: f64,
}

#[diagnostic::do_not_recommend]
impl<T: StaticShape, B: Backend, E: Float> Init<B> for LayerNorm<T, B, E> {
    fn init_on(device: &B::Device, _: &mut Rng) -> Self {
        LayerNorm {
            weight: Tensor::full_on(T::SHAPE, E::ONE, device).into(),
            bias: Tensor::full_on(T::SHAPE, E::ZERO, device).into(),
            eps: 1e-5,
        }
    }
}

impl<T: StaticShape, B: Backend, E: Float> LayerNorm<T, B, E> {
    /// With another number added to variances than 1e-5.
    ///
    /// # Panics
    /// If it is below 0.
    #[must_use]
    #[track_caller]
    pub fn with_eps(mut self, eps: f64) -> Self {
        self.eps = initial::not_negative("LayerNorm", "eps", eps);
        self
    }

    /// The number added to variances.
    pub fn eps(&self) -> f64 {
        self.eps
    }

    /// `[.., T]`, and the same shape back.
    pub fn forward<S>(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B>
    where
        S: EndsWithAxes<T>,
    {
        x.layer_norm::<T, B>(&self.weight, &self.bias, self.eps)
    }
}

impl<S, T: StaticShape, B: Backend, E: Float> Forward<Tensor<S, E, B>> for LayerNorm<T, B, E>
where
    S: EndsWithAxes<T> + Shape,
{
    type Output = Tensor<S, E, B>;
    fn forward(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B> {
        self.forward(x)
    }
}

/// Every example divided by the root of the mean of its squares over the last axes, which are those
/// of `T`: `x / sqrt(mean(x^2) + eps) weight` (Zhang and Sennrich, 2019; `torch.nn.RMSNorm`, whose
/// `normalized_shape` is `T`).
///
/// `weight` starts as ones. `eps` is the epsilon of the type that computes: of `f32`, and of `f64`
/// for `f64`. 16-bit types compute in `f32`.
///
/// ```
/// use volta::prelude::*;
///
/// let mut rng = Rng::seed(0);
/// let norm: RmsNorm<s![64]> = RmsNorm::init(&mut rng);
/// let x: Tensor<s![8, 10, 64]> = Tensor::randn(&mut rng);
/// let y: Tensor<s![8, 10, 64]> = norm.forward(&x);
/// assert!((y.square().mean_axis::<-1>()[[7, 9]] - 1.0).abs() < 1e-5);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct RmsNorm<T: StaticShape, B: Backend = Cpu, E: Float = f32> {
    /// Of shape `T`.
    pub weight: Param<T, E, B>,
    #[module(skip)]
    eps: f64,
}

#[diagnostic::do_not_recommend]
impl<T: StaticShape, B: Backend, E: Float> Init<B> for RmsNorm<T, B, E> {
    fn init_on(device: &B::Device, _: &mut Rng) -> Self {
        RmsNorm {
            weight: Tensor::full_on(T::SHAPE, E::ONE, device).into(),
            eps: match E::KIND {
                DtypeKind::F64 => f64::EPSILON,
                _ => f32::EPSILON.into(),
            },
        }
    }
}

impl<T: StaticShape, B: Backend, E: Float> RmsNorm<T, B, E> {
    /// With another number added to mean squares than the epsilon of the type.
    ///
    /// # Panics
    /// If it is below 0.
    #[must_use]
    #[track_caller]
    pub fn with_eps(mut self, eps: f64) -> Self {
        self.eps = initial::not_negative("RmsNorm", "eps", eps);
        self
    }

    /// The number added to mean squares.
    pub fn eps(&self) -> f64 {
        self.eps
    }

    /// `[.., T]`, and the same shape back.
    pub fn forward<S>(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B>
    where
        S: EndsWithAxes<T>,
    {
        x.rms_norm::<T, B>(&self.weight, self.eps)
    }
}

impl<S, T: StaticShape, B: Backend, E: Float> Forward<Tensor<S, E, B>> for RmsNorm<T, B, E>
where
    S: EndsWithAxes<T> + Shape,
{
    type Output = Tensor<S, E, B>;
    fn forward(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B> {
        self.forward(x)
    }
}
