//! Normalisation of each example over groups of channels, or over each channel.

use super::{Forward, Init, Param, initial};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::random::Rng;
use crate::shape::{ChannelledOf, D, ImagesOf, Shape, SignalsOf, VolumesOf};
use crate::tensor::Tensor;
use crate::tensor::norm::{Groups, by_channel, normalise_groups, normalise_instances};

/// Every example of `[N, C, ..]` less its mean and divided by its deviation over each of `G` groups
/// of its `C` channels, then times `weight` plus `bias` of each channel (Wu and He, 2018;
/// `torch.nn.GroupNorm`).
///
/// `weight` starts as ones and `bias` as zeros; the variance is the biased one, to which 1e-5 is
/// added. It is the same in training and in use. Groups that do not divide the channels do not
/// build. 16-bit types compute in `f32`.
///
/// ```
/// use volta::prelude::*;
///
/// let mut rng = Rng::seed(0);
/// let norm: GroupNorm<2, 6> = GroupNorm::init(&mut rng);
/// let x: Tensor<s![8, 6, 5, 5]> = Tensor::randn(&mut rng);
/// let y: Tensor<s![8, 6, 5, 5]> = norm.forward(&x);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct GroupNorm<const G: usize, const C: usize, B: Backend = Cpu, E: Float = f32> {
    /// `[C]`.
    pub weight: Param<(D<C>,), E, B>,
    /// `[C]`.
    pub bias: Param<(D<C>,), E, B>,
    #[module(skip)]
    eps: f64,
}

#[diagnostic::do_not_recommend]
impl<const G: usize, const C: usize, B: Backend, E: Float> Init<B> for GroupNorm<G, C, B, E> {
    fn init_on(device: &B::Device, _: &mut Rng) -> Self {
        const { Groups::<G, D<C>>::CHECK }
        GroupNorm {
            weight: Tensor::full_on((D,), E::ONE, device).into(),
            bias: Tensor::full_on((D,), E::ZERO, device).into(),
            eps: 1e-5,
        }
    }
}

impl<const G: usize, const C: usize, B: Backend, E: Float> GroupNorm<G, C, B, E> {
    /// With another number added to variances than 1e-5.
    ///
    /// # Panics
    /// If it is below 0.
    #[must_use]
    #[track_caller]
    pub fn with_eps(mut self, eps: f64) -> Self {
        self.eps = initial::not_negative("GroupNorm", "eps", eps);
        self
    }

    /// The number added to variances.
    pub fn eps(&self) -> f64 {
        self.eps
    }

    /// `[N, C, ..]`, and the same shape back.
    pub fn forward<S>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: ChannelledOf<D<C>>,
    {
        const { Groups::<G, D<C>>::CHECK }
        let affine = [self.weight.prim(), self.bias.prim()];
        (self.weight).gives(normalise_groups::<E, B>(x.prim(), G, self.eps, affine))
    }
}

impl<S, const G: usize, const C: usize, B: Backend, E: Float> Forward<Tensor<S, E, B>>
    for GroupNorm<G, C, B, E>
where
    S: ChannelledOf<D<C>> + Shape,
{
    type Output = Tensor<S::Out, E, B>;
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        self.forward(x)
    }
}

macro_rules! instance_norm {
    ($($(#[doc = $doc:expr])* $Name:ident $Of:ident $form:literal;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Module)]
        #[module(do_not_recommend)]
        #[module(no_init)]
        pub struct $Name<const C: usize, B: Backend = Cpu, E: Float = f32> {
            /// `[C]`, if the layer has it.
            pub weight: Option<Param<(D<C>,), E, B>>,
            /// `[C]`, if the layer has it.
            pub bias: Option<Param<(D<C>,), E, B>>,
            #[module(skip)]
            eps: f64,
        }

        #[diagnostic::do_not_recommend]
        impl<const C: usize, B: Backend, E: Float> Init<B> for $Name<C, B, E> {
            fn init_on(_: &B::Device, _: &mut Rng) -> Self {
                $Name {
                    weight: None,
                    bias: None,
                    eps: 1e-5,
                }
            }
        }

        impl<const C: usize, B: Backend, E: Float> $Name<C, B, E> {
            /// With a weight of ones and a bias of zeros, on the only device of a backend.
            #[must_use]
            pub fn with_affine(self) -> Self
            where
                B::Device: Default,
            {
                self.with_affine_on(&B::Device::default())
            }

            /// With a weight of ones and a bias of zeros.
            #[must_use]
            pub fn with_affine_on(mut self, device: &B::Device) -> Self {
                self.weight = Some(Tensor::full_on((D,), E::ONE, device).into());
                self.bias = Some(Tensor::full_on((D,), E::ZERO, device).into());
                self
            }

            /// With another number added to variances than 1e-5.
            ///
            /// # Panics
            /// If it is below 0.
            #[must_use]
            #[track_caller]
            pub fn with_eps(mut self, eps: f64) -> Self {
                self.eps = initial::not_negative(stringify!($Name), "eps", eps);
                self
            }

            /// The number added to variances.
            pub fn eps(&self) -> f64 {
                self.eps
            }

            #[doc = concat!($form, ", and the same shape back.")]
            ///
            /// # Panics
            /// If a channel of an example has one value.
            #[track_caller]
            pub fn forward<S>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
            where
                S: $Of<D<C>>,
            {
                let (rank, device) = (x.dims().len(), x.device());
                let or = |param: &Option<Param<(D<C>,), E, B>>, value| match param {
                    Some(param) => by_channel::<E, B>(param.prim(), rank),
                    None => B::full(&device, value, &vec![1; rank]),
                };
                let y = if self.weight.is_none() && self.bias.is_none() {
                    normalise_instances::<E, B>(x.prim(), self.eps, None)
                } else {
                    let (weight, bias) = (or(&self.weight, E::ONE), or(&self.bias, E::ZERO));
                    normalise_instances::<E, B>(x.prim(), self.eps, Some([&weight, &bias]))
                };
                for param in [&self.weight, &self.bias].into_iter().flatten() {
                    B::layer_output(param.prim(), &y);
                }
                Tensor::typed(y)
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

instance_norm! {
    /// Every channel of every example of `[N, C, L]` less its mean and divided by its deviation
    /// (Ulyanov et al., 2016; `torch.nn.InstanceNorm1d`).
    ///
    /// The variance is the biased one, to which 1e-5 is added. There is no weight and no bias unless
    /// [`with_affine`](Self::with_affine) adds them. It is the same in training and in use. 16-bit
    /// types compute in `f32`.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let norm: InstanceNorm1d<2> = InstanceNorm1d::init(&mut Rng::seed(0)).with_eps(0.0);
    /// let x: Tensor<s![1, 2, 2]> = Tensor::from_array([[[1.0, 3.0], [20.0, 10.0]]]);
    /// assert_eq!(norm.forward(&x).to_vec(), [-1.0, 1.0, 1.0, -1.0]);
    /// ```
    InstanceNorm1d SignalsOf "`[N, C, L]`";

    /// [`InstanceNorm1d`] of images `[N, C, H, W]` (`torch.nn.InstanceNorm2d`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let mut rng = Rng::seed(0);
    /// let norm: InstanceNorm2d<3> = InstanceNorm2d::init(&mut rng).with_affine();
    /// let x: Tensor<s![8, 3, 5, 5]> = Tensor::randn(&mut rng);
    /// let y: Tensor<s![8, 3, 5, 5]> = norm.forward(&x);
    /// ```
    InstanceNorm2d ImagesOf "`[N, C, H, W]`";

    /// [`InstanceNorm1d`] of volumes `[N, C, D, H, W]` (`torch.nn.InstanceNorm3d`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let norm: InstanceNorm3d<2> = InstanceNorm3d::init(&mut Rng::seed(0));
    /// let x: Tensor<s![4, 2, 3, 3, 3]> = Tensor::ones();
    /// let y: Tensor<s![4, 2, 3, 3, 3]> = norm.forward(&x);
    /// ```
    InstanceNorm3d VolumesOf "`[N, C, D, H, W]`";
}
