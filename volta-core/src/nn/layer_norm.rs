//! Normalisation of each example over its last axes.

use super::{Forward, Init, Param, initial};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::{Dtype, DtypeKind, Float};
use crate::random::Rng;
use crate::shape::{D, EndsWith, EndsWithAxes, Shape, StaticShape};
use crate::tensor::Tensor;
use crate::tensor::norm::{divide_by_rms, normalise};

/// The last `count` of `rank` axes.
fn last(count: usize, rank: usize) -> Vec<usize> {
    (rank - count..rank).collect()
}

/// The epsilon of the type that elements are computed in.
fn epsilon<E: Dtype>() -> f64 {
    match E::KIND {
        DtypeKind::F64 => f64::EPSILON,
        _ => f32::EPSILON.into(),
    }
}

/// A layer over axes of the shape `Axes`, with these parameters and this number added.
macro_rules! norms {
    ($(
        $(#[doc = $doc:expr])*
        $Name:ident [$($generic:tt)*] [$($name:tt)*] $Axes:ty, $bound:path, $Out:ty, $form:literal:
        [$($field:ident $value:ident)*] $eps:expr, $what:literal $default:literal,
        |$x:ident, $axes:ident, $layer:ident| $y:expr;
    )*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Module)]
        #[module(do_not_recommend)]
        #[module(no_init)]
        pub struct $Name<$($generic)*, B: Backend = Cpu, E: Float = f32> {
            $(
                #[doc = concat!("Of the axes normalised; it starts from `", stringify!($value), "`.")]
                pub $field: Param<$Axes, E, B>,
            )*
            #[module(skip)]
            eps: f64,
        }

        #[diagnostic::do_not_recommend]
        impl<$($generic)*, B: Backend, E: Float> Init<B> for $Name<$($name)*, B, E> {
            fn init_on(device: &B::Device, _: &mut Rng) -> Self {
                let shape = <$Axes as StaticShape>::SHAPE;
                $Name {
                    $($field: Tensor::full_on(shape, E::$value, device).into(),)*
                    eps: $eps,
                }
            }
        }

        impl<$($generic)*, B: Backend, E: Float> $Name<$($name)*, B, E> {
            #[doc = concat!("With another number added to ", $what, " than ", $default, ".")]
            ///
            /// # Panics
            /// If it is below 0.
            #[must_use]
            #[track_caller]
            pub fn with_eps(mut self, eps: f64) -> Self {
                self.eps = initial::not_negative(stringify!($Name), "eps", eps);
                self
            }

            #[doc = concat!("The number added to ", $what, ".")]
            pub fn eps(&self) -> f64 {
                self.eps
            }

            #[doc = concat!($form, ", and the same shape back.")]
            pub fn forward<S>(&self, x: &Tensor<S, E, B>) -> Tensor<$Out, E, B>
            where
                S: $bound,
            {
                let ($x, $layer) = (x.prim(), self);
                let $axes = &last(<$Axes as Shape>::RANK, S::RANK);
                self.weight.gives($y)
            }
        }

        impl<S, $($generic)*, B: Backend, E: Float> Forward<Tensor<S, E, B>>
            for $Name<$($name)*, B, E>
        where
            S: $bound,
        {
            type Output = Tensor<$Out, E, B>;
            fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
                self.forward(x)
            }
        }
    )*};
}

norms! {
    /// Every example less its mean and divided by its deviation over the last axis, of size `C`:
    /// `(x - mean) / sqrt(variance + eps) weight + bias`, with the biased variance (Ba et al., 2016;
    /// `torch.nn.LayerNorm`). [`LayerNormOver`] is over several axes.
    ///
    /// `weight` starts as ones and `bias` as zeros; `eps` is 1e-5. It is the same in training and in
    /// use. 16-bit types compute in `f32`.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let mut rng = Rng::seed(0);
    /// let norm: LayerNorm<64> = LayerNorm::init(&mut rng);
    /// let x: Tensor<s![8, 10, 64]> = Tensor::randn(&mut rng);
    /// let y: Tensor<s![8, 10, 64]> = norm.forward(&x);
    /// assert!(y.mean_axis::<-1>()[[7, 9]].abs() < 1e-6);
    /// ```
    LayerNorm [const C: usize] [C] (D<C>,), EndsWith<D<C>>, S::Replace<D<C>>, "`[.., C]`":
        [weight ONE bias ZERO] 1e-5, "variances" "1e-5",
        |x, axes, layer| {
            let affine = [layer.weight.prim(), layer.bias.prim()];
            normalise::<E, B>(x, axes, layer.eps, Some(affine))
        };

    /// [`LayerNorm`] over the last axes, those of the shape `T`, which is PyTorch's
    /// `normalized_shape`.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let mut rng = Rng::seed(0);
    /// let norm: LayerNormOver<s![3, 5, 5]> = LayerNormOver::init(&mut rng);
    /// let x: Tensor<s![8, 3, 5, 5]> = Tensor::randn(&mut rng);
    /// let y: Tensor<s![8, 3, 5, 5]> = norm.forward(&x);
    /// ```
    LayerNormOver [T: StaticShape] [T] T, EndsWithAxes<T>, S::Out, "`[.., T]`":
        [weight ONE bias ZERO] 1e-5, "variances" "1e-5",
        |x, axes, layer| {
            let affine = [layer.weight.prim(), layer.bias.prim()];
            normalise::<E, B>(x, axes, layer.eps, Some(affine))
        };

    /// Every example divided by the root of the mean of its squares over the last axis, of size `C`:
    /// `x / sqrt(mean(x^2) + eps) weight` (Zhang and Sennrich, 2019; `torch.nn.RMSNorm`).
    /// [`RmsNormOver`] is over several axes.
    ///
    /// `weight` starts as ones. `eps` is the epsilon of the type that computes: of `f32`, and of
    /// `f64` for `f64`. 16-bit types compute in `f32`.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let mut rng = Rng::seed(0);
    /// let norm: RmsNorm<64> = RmsNorm::init(&mut rng);
    /// let x: Tensor<s![8, 10, 64]> = Tensor::randn(&mut rng);
    /// let y: Tensor<s![8, 10, 64]> = norm.forward(&x);
    /// assert!((y.square().mean_axis::<-1>()[[7, 9]] - 1.0).abs() < 1e-5);
    /// ```
    RmsNorm [const C: usize] [C] (D<C>,), EndsWith<D<C>>, S::Replace<D<C>>, "`[.., C]`":
        [weight ONE] epsilon::<E>(), "mean squares" "the epsilon of the type",
        |x, axes, layer| divide_by_rms::<E, B>(x, axes, layer.weight.prim(), layer.eps);

    /// [`RmsNorm`] over the last axes, those of the shape `T`, which is PyTorch's
    /// `normalized_shape`.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let mut rng = Rng::seed(0);
    /// let norm: RmsNormOver<s![3, 5, 5]> = RmsNormOver::init(&mut rng);
    /// let x: Tensor<s![8, 3, 5, 5]> = Tensor::randn(&mut rng);
    /// let y: Tensor<s![8, 3, 5, 5]> = norm.forward(&x);
    /// ```
    RmsNormOver [T: StaticShape] [T] T, EndsWithAxes<T>, S::Out, "`[.., T]`":
        [weight ONE] epsilon::<E>(), "mean squares" "the epsilon of the type",
        |x, axes, layer| divide_by_rms::<E, B>(x, axes, layer.weight.prim(), layer.eps);
}
