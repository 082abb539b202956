//! Normalisation of channels over a batch.

use volta_macros::elementwise;

use super::{Forward, Init, Param, Running, Training};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::random::Rng;
use crate::shape::{D, FeaturesOf, ImagesOf, Shape, VolumesOf};
use crate::tensor::Tensor;
use crate::tensor::norm::{by_channel, normalise_and_tell, normalise_by};

/// `running` a part of the way to `x`.
#[elementwise(compiled)]
fn approach(running: Float, x: Float, part: f64) -> Float {
    running + part * (x - running)
}

/// The mean of `n` numbers, of which `x` is the last and `running` the mean of those before.
#[elementwise(compiled)]
fn mean_with(running: Float, x: Float, n: Float) -> Float {
    running + (x - running) / n
}

/// The parts of a layer that a call uses.
struct Parts<'a, const C: usize, E: Float, B: Backend> {
    affine: [&'a Param<(D<C>,), E, B>; 2],
    /// The mean and the variance.
    running: [&'a Running<(D<C>,), E, B>; 2],
    batches: &'a Running<(), i64, B>,
    momentum: Option<f64>,
    eps: f64,
}

impl<const C: usize, E: Float, B: Backend> Parts<'_, C, E, B> {
    #[track_caller]
    fn train(&self, x: &B::Prim<E>) -> B::Prim<E> {
        let dims = B::dims(x);
        let axes: Vec<usize> = (0..dims.len()).filter(|&axis| axis != 1).collect();
        let n: usize = axes.iter().map(|&axis| dims[axis]).product();
        assert!(
            n != 1,
            "batch_norm: {dims:?} has one value for each channel, and training takes more: one has \
             no variance"
        );
        let [weight, bias] = self
            .affine
            .map(|x| by_channel::<E, B>(x.prim(), dims.len()));
        let (y, told) = normalise_and_tell::<E, B>(x, &axes, self.eps, Some([&weight, &bias]));
        if n > 0 {
            self.keep(told);
        }
        y
    }

    /// Takes the mean and the variance of a batch into the running ones.
    fn keep(&self, told: [<B::Ground as Backend>::Prim<E>; 2]) {
        let batches = self.batches.update(|batches| {
            *batches += 1;
            batches.clone()
        });
        for (running, told) in self.running.into_iter().zip(told) {
            let told = B::Ground::reshape(&told, &[C]);
            running.update(|running| {
                let targets = &mut [running.prim_mut()];
                match self.momentum {
                    Some(part) => {
                        B::Ground::map_in_place(Approach { part }, targets, &[&told]);
                    }
                    None => {
                        let n = B::Ground::cast::<i64, E>(batches.prim());
                        let n = B::Ground::expand(&n, &[C]);
                        B::Ground::map_in_place(MeanWith, targets, &[&told, &n]);
                    }
                }
            });
        }
    }

    fn eval(&self, x: &B::Prim<E>) -> B::Prim<E> {
        let rank = B::dims(x).len();
        let [weight, bias] = self.affine.map(|x| by_channel::<E, B>(x.prim(), rank));
        let [mean, variance] = (self.running).map(|x| by_channel::<E, B>(x.get().prim(), rank));
        normalise_by::<E, B>(x, [&mean, &variance], self.eps, Some([&weight, &bias]))
    }
}

macro_rules! batch_norm {
    ($($(#[doc = $doc:expr])* $Name:ident $Of:ident $form:literal;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Module)]
        #[module(do_not_recommend)]
        #[module(no_init)]
        pub struct $Name<const C: usize, B: Backend = Cpu, E: Float = f32> {
            /// `[C]`.
            pub weight: Param<(D<C>,), E, B>,
            /// `[C]`.
            pub bias: Param<(D<C>,), E, B>,
            /// `[C]`.
            pub running_mean: Running<(D<C>,), E, B>,
            /// `[C]`: of unbiased variances.
            pub running_var: Running<(D<C>,), E, B>,
            /// How many batches the running statistics are of.
            pub num_batches_tracked: Running<(), i64, B>,
            training: Training,
            #[module(skip)]
            momentum: Option<f64>,
            #[module(skip)]
            eps: f64,
        }

        #[diagnostic::do_not_recommend]
        impl<const C: usize, B: Backend, E: Float> Init<B> for $Name<C, B, E> {
            fn init_on(device: &B::Device, _: &mut Rng) -> Self {
                $Name {
                    weight: Tensor::full_on((D,), E::ONE, device).into(),
                    bias: Tensor::full_on((D,), E::ZERO, device).into(),
                    running_mean: Running::new(&Tensor::full_on((D,), E::ZERO, device)),
                    running_var: Running::new(&Tensor::full_on((D,), E::ONE, device)),
                    num_batches_tracked: Running::new(&Tensor::full_on((), 0, device)),
                    training: Training::default(),
                    momentum: Some(0.1),
                    eps: 1e-5,
                }
            }
        }

        impl<const C: usize, B: Backend, E: Float> $Name<C, B, E> {
            /// With another share of a batch in the running statistics than 0.1. With `None` they
            /// are the means over all batches.
            ///
            /// # Panics
            /// If it is not between 0 and 1.
            #[must_use]
            #[track_caller]
            pub fn with_momentum(mut self, momentum: impl Into<Option<f64>>) -> Self {
                self.momentum = momentum.into();
                if let Some(momentum) = self.momentum {
                    assert!(
                        (0.0..=1.0).contains(&momentum),
                        "{}: a momentum of {momentum} is not between 0 and 1",
                        stringify!($Name)
                    );
                }
                self
            }

            /// With another number added to variances than 1e-5.
            ///
            /// # Panics
            /// If it is below 0.
            #[must_use]
            #[track_caller]
            pub fn with_eps(mut self, eps: f64) -> Self {
                self.eps = super::initial::not_negative(stringify!($Name), "eps", eps);
                self
            }

            /// The share of a batch in the running statistics; `None` for the means over all.
            pub fn momentum(&self) -> Option<f64> {
                self.momentum
            }

            /// The number added to variances.
            pub fn eps(&self) -> f64 {
                self.eps
            }

            #[doc = concat!($form, ", and the same shape back.")]
            ///
            /// # Panics
            /// In training, if there is one value for each channel.
            #[track_caller]
            pub fn forward<S>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
            where
                S: $Of<D<C>>,
            {
                let parts = Parts {
                    affine: [&self.weight, &self.bias],
                    running: [&self.running_mean, &self.running_var],
                    batches: &self.num_batches_tracked,
                    momentum: self.momentum,
                    eps: self.eps,
                };
                let y = match self.training.get() {
                    true => parts.train(x.prim()),
                    false => parts.eval(x.prim()),
                };
                self.weight.gives(y)
            }
        }

        impl<S, const C: usize, B: Backend, E: Float> Forward<Tensor<S, E, B>> for $Name<C, B, E>
        where
            S: $Of<D<C>> + Shape,
        {
            type Output = Tensor<S::Out, E, B>;
            #[track_caller]
            fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
                self.forward(x)
            }
        }
    )*};
}

batch_norm! {
    /// Every channel of a batch `[N, C]` or `[N, C, L]` less its mean and divided by its deviation,
    /// then times `weight` plus `bias` (Ioffe and Szegedy, 2015; `torch.nn.BatchNorm1d`):
    /// `(x - mean) / sqrt(variance + eps) weight + bias`.
    ///
    /// In training mean and variance are those of the batch, the variance the biased one, and the
    /// running statistics take a share of 0.1 of them, of the variance the unbiased one. In use they
    /// are the running ones. `weight` starts as ones and `bias` as zeros, as in PyTorch; an empty
    /// batch leaves the running statistics as they are; 16-bit types compute in `f32`.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let mut norm: BatchNorm1d<2> = BatchNorm1d::init(&mut Rng::seed(0));
    /// let x: Tensor<s![2, 2]> = Tensor::from_array([[1.0, -5.0], [3.0, -5.0]]);
    /// let y = norm.forward(&x);
    /// assert!((y[[1, 0]] - 1.0).abs() < 1e-5 && y[[1, 1]] == 0.0);
    /// assert_eq!(norm.running_mean.get().to_vec(), [0.2, -0.5]);
    /// norm.eval();
    /// assert!((norm.forward(&x)[[1, 0]] - 2.8 / 1.1_f32.sqrt()).abs() < 1e-4);
    /// ```
    BatchNorm1d FeaturesOf "`[N, C]` or `[N, C, L]`";

    /// [`BatchNorm1d`] of images `[N, C, H, W]` (`torch.nn.BatchNorm2d`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let mut rng = Rng::seed(0);
    /// let norm: BatchNorm2d<3> = BatchNorm2d::init(&mut rng).with_momentum(None);
    /// let x: Tensor<s![8, 3, 5, 5]> = Tensor::randn(&mut rng);
    /// let y: Tensor<s![8, 3, 5, 5]> = norm.forward(&x);
    /// assert!(y.mean().item().abs() < 1e-5);
    /// assert_eq!(norm.num_batches_tracked.get().item(), 1);
    /// ```
    BatchNorm2d ImagesOf "`[N, C, H, W]`";

    /// [`BatchNorm1d`] of volumes `[N, C, D, H, W]` (`torch.nn.BatchNorm3d`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let norm: BatchNorm3d<2> = BatchNorm3d::init(&mut Rng::seed(0));
    /// let x: Tensor<s![4, 2, 3, 3, 3]> = Tensor::ones();
    /// let y: Tensor<s![4, 2, 3, 3, 3]> = norm.forward(&x);
    /// ```
    BatchNorm3d VolumesOf "`[N, C, D, H, W]`";
}
