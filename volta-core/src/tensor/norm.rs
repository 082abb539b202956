//! Normalisation by mean and variance.

use std::marker::PhantomData;

use volta_macros::elementwise;

use super::{Tensor, fits};
use crate::backend::{Backend, Meet, Reduce};
use crate::dtype::{Dtype, Float};
use crate::normalise::{InverseDeviation, apply};
use crate::shape::text::Text;
use crate::shape::{ChannelledOf, Dim, EndsWithAxes, Instances, Shape, runtime};

/// `x scale weight`.
#[elementwise(compiled)]
fn scale_twice(x: Float, scale: Float, weight: Float) -> Float {
    x * scale * weight
}

/// `x / n`.
#[elementwise(compiled)]
fn share(x: Float, n: f64) -> Float {
    x / n
}

/// Weight and bias, of sizes that expand to those of the input.
pub(crate) type Affine<'a, E, B> = [&'a <B as Backend>::Prim<E>; 2];

fn is_narrow<E: Dtype>() -> bool {
    E::KIND.size() == 2
}

/// A function in `f32` for the 16-bit types, which cannot hold its sums.
fn widened<E: Float, B: Backend>(affine: &Option<Affine<'_, E, B>>) -> Option<[B::Prim<f32>; 2]> {
    affine.map(|affine| affine.map(B::cast))
}

/// `x` less its mean over `axes`, divided by its deviation; the variance is the biased one.
pub(crate) fn normalise<E: Float, B: Backend>(
    x: &B::Prim<E>,
    axes: &[usize],
    eps: f64,
    affine: Option<Affine<'_, E, B>>,
) -> B::Prim<E> {
    if is_narrow::<E>() {
        let (x, affine) = (B::cast(x), widened::<E, B>(&affine));
        let affine = affine.as_ref().map(|affine| affine.each_ref());
        return B::cast(&normalise::<f32, B>(&x, axes, eps, affine));
    }
    let [y, ..] = B::normalise(x, axes, eps, affine);
    y
}

/// [`normalise`], and the mean and the unbiased variance, below all tapes.
pub(crate) fn normalise_and_tell<E: Float, B: Backend>(
    x: &B::Prim<E>,
    axes: &[usize],
    eps: f64,
    affine: Option<Affine<'_, E, B>>,
) -> (B::Prim<E>, [<B::Ground as Backend>::Prim<E>; 2]) {
    if is_narrow::<E>() {
        let (x, affine) = (B::cast(x), widened::<E, B>(&affine));
        let affine = affine.as_ref().map(|affine| affine.each_ref());
        let (y, told) = normalise_and_tell::<f32, B>(&x, axes, eps, affine);
        return (B::cast(&y), told.map(|x| B::Ground::cast(&x)));
    }
    let n: usize = axes.iter().map(|&axis| B::dims(x)[axis]).product();
    let [y, total, squares] = B::normalise(x, axes, eps, affine);
    let share = |x: &B::Prim<E>, n: usize| B::Ground::map(Share { n: n as f64 }, [&B::ground(x)]);
    let told = [share(&total, n), share(&squares, n.saturating_sub(1))];
    (y, told)
}

/// `x` less a mean, divided by the deviation of a variance. Both have sizes that expand to those of
/// `x`.
pub(crate) fn normalise_by<E: Float, B: Backend>(
    x: &B::Prim<E>,
    [mean, variance]: [&B::Prim<E>; 2],
    eps: f64,
    affine: Option<Affine<'_, E, B>>,
) -> B::Prim<E> {
    if is_narrow::<E>() {
        let (x, affine) = (B::cast(x), widened::<E, B>(&affine));
        let [mean, variance] = [mean, variance].map(B::cast);
        let affine = affine.as_ref().map(|affine| affine.each_ref());
        return B::cast(&normalise_by::<f32, B>(&x, [&mean, &variance], eps, affine));
    }
    let scale = B::map(InverseDeviation { n: 1.0, eps }, [variance]);
    apply::<E, B>(x, mean, 1.0, &scale, affine)
}

/// `x` divided by the root of the mean of its squares over `axes`, times a weight.
pub(crate) fn divide_by_rms<E: Float, B: Backend>(
    x: &B::Prim<E>,
    axes: &[usize],
    weight: &B::Prim<E>,
    eps: f64,
) -> B::Prim<E> {
    if is_narrow::<E>() {
        let (x, weight) = (B::cast(x), B::cast(weight));
        return B::cast(&divide_by_rms::<f32, B>(&x, axes, &weight, eps));
    }
    let dims = B::dims(x).to_vec();
    let n = axes.iter().map(|&axis| dims[axis] as f64).product();
    let squares = B::map(crate::ops::elementwise::Square, [x]);
    let squares = B::reduce(Reduce::Sum, &squares, axes);
    let scale = B::map(InverseDeviation { n, eps }, [&squares]);
    let [scale, weight] = [&scale, weight].map(|x| B::expand(x, &dims));
    B::map(ScaleTwice, [x, &scale, &weight])
}

/// One number for each channel, with the sizes that expand to those of an input of `rank` axes.
pub(crate) fn by_channel<E: Dtype, B: Backend>(x: &B::Prim<E>, rank: usize) -> B::Prim<E> {
    let mut dims = vec![1; rank];
    dims[1] = B::dims(x)[0];
    B::reshape(x, &dims)
}

/// [`normalise`] over groups of channels, which are all of one size.
pub(crate) fn normalise_groups<E: Float, B: Backend>(
    x: &B::Prim<E>,
    groups: usize,
    eps: f64,
    [weight, bias]: Affine<'_, E, B>,
) -> B::Prim<E> {
    let dims = B::dims(x).to_vec();
    let size = dims[1] / groups;
    let x = B::reshape(x, &[dims[0], groups, size, dims[2..].iter().product()]);
    let [weight, bias] = [weight, bias].map(|x| B::reshape(x, &[1, groups, size, 1]));
    let y = normalise::<E, B>(&x, &[2, 3], eps, Some([&weight, &bias]));
    B::reshape(&y, &dims)
}

/// [`normalise`] over everything but batch and channels.
#[track_caller]
pub(crate) fn normalise_instances<E: Float, B: Backend>(
    x: &B::Prim<E>,
    eps: f64,
    affine: Option<Affine<'_, E, B>>,
) -> B::Prim<E> {
    let dims = B::dims(x);
    assert!(
        dims[2..].iter().product::<usize>() != 1,
        "instance_norm: {dims:?} has one value for each channel of an example, which has no variance"
    );
    let axes: Vec<usize> = (2..dims.len()).collect();
    normalise::<E, B>(x, &axes, eps, affine)
}

/// Groups that divide the channels, checked when the program is built.
pub(crate) struct Groups<const G: usize, C>(PhantomData<C>);

impl<const G: usize, C: Dim> Groups<G, C> {
    pub(crate) const CHECK: () = {
        if let Some(channels) = C::STATIC
            && (G == 0 || !channels.is_multiple_of(G))
        {
            let text = Text::new()
                .str("group_norm: ")
                .number(G)
                .str(" groups do not divide ")
                .number(channels)
                .str(" channels");
            panic!("{}", text.as_str());
        }
    };
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// Every example less its mean and divided by its deviation over the last axes, those of
    /// `weight` and `bias`: `(x - mean) / sqrt(variance + eps) weight + bias`, with the biased
    /// variance (Ba et al., 2016; `torch.nn.functional.layer_norm`, whose `eps` is 1e-5 unless
    /// given). 16-bit types compute in `f32`.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2, 2]> = Tensor::from_array([[1.0, 3.0], [-5.0, -5.0]]);
    /// let (weight, bias) = (Tensor::full(2.0), Tensor::<s![2]>::ones());
    /// assert_eq!(x.layer_norm(&weight, &bias, 0.0)[[0, 1]], 3.0);
    /// assert_eq!(x.layer_norm(&weight, &bias, 1e-5)[[1, 0]], 1.0);
    /// ```
    #[track_caller]
    pub fn layer_norm<T, B2>(
        &self,
        weight: &Tensor<T, E, B2>,
        bias: &Tensor<T, E, B2>,
        eps: f64,
    ) -> Tensor<<S as EndsWithAxes<T>>::Out, E, B::Out>
    where
        E: Float,
        S: EndsWithAxes<T>,
        T: Shape,
        B: Meet<B2>,
        B2: Backend,
    {
        let axes = last_axes("layer_norm", self.dims(), weight.dims());
        fits(runtime::equal("layer_norm", weight.dims(), bias.dims()));
        let (weight, bias) = (B::right(&weight.prim), B::right(&bias.prim));
        let x = B::left(&self.prim);
        let y = normalise::<E, B::Out>(&x, &axes, eps, Some([&weight, &bias]));
        Tensor::typed(y)
    }

    /// Every example divided by the root of the mean of its squares over the last axes, those of
    /// `weight`: `x / sqrt(mean(x^2) + eps) weight` (Zhang and Sennrich, 2019;
    /// `torch.nn.functional.rms_norm`, whose `eps` is the epsilon of the type unless given). 16-bit
    /// types compute in `f32`.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 2]> = Tensor::from_array([[1.0, 7.0]]);
    /// let weight: Tensor<s![2]> = Tensor::full(10.0);
    /// assert_eq!(x.rms_norm(&weight, 0.0).to_vec(), [2.0, 14.0]);
    /// ```
    #[track_caller]
    pub fn rms_norm<T, B2>(
        &self,
        weight: &Tensor<T, E, B2>,
        eps: f64,
    ) -> Tensor<<S as EndsWithAxes<T>>::Out, E, B::Out>
    where
        E: Float,
        S: EndsWithAxes<T>,
        T: Shape,
        B: Meet<B2>,
        B2: Backend,
    {
        let axes = last_axes("rms_norm", self.dims(), weight.dims());
        let (x, weight) = (B::left(&self.prim), B::right(&weight.prim));
        let y = divide_by_rms::<E, B::Out>(&x, &axes, &weight, eps);
        Tensor::typed(y)
    }

    /// Every example of `[N, C, ..]` less its mean and divided by its deviation over each of `G`
    /// groups of channels, then times `weight` plus `bias` of each channel (Wu and He, 2018;
    /// `torch.nn.functional.group_norm`, whose `eps` is 1e-5 unless given). A group of one value
    /// gives the bias. 16-bit types compute in `f32`.
    ///
    /// Groups that do not divide the channels do not build.
    ///
    /// # Panics
    /// If sizes known at run time differ, or the groups do not divide them.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 4]> = Tensor::from_array([[1.0, 3.0, 20.0, 10.0]]);
    /// let (weight, bias) = (Tensor::ones(), Tensor::<s![4]>::zeros());
    /// let y = x.group_norm::<2, _, _>(&weight, &bias, 0.0);
    /// assert_eq!(y.to_vec(), [-1.0, 1.0, 1.0, -1.0]);
    /// ```
    #[track_caller]
    pub fn group_norm<const G: usize, C, B2>(
        &self,
        weight: &Tensor<(C,), E, B2>,
        bias: &Tensor<(C,), E, B2>,
        eps: f64,
    ) -> Tensor<<S as ChannelledOf<C>>::Out, E, B::Out>
    where
        E: Float,
        S: ChannelledOf<C>,
        C: Dim,
        B: Meet<B2>,
        B2: Backend,
    {
        const { Groups::<G, C>::CHECK }
        let channels = self.dims()[1];
        for other in [weight, bias] {
            fits(runtime::equal("group_norm", &[channels], other.dims()));
        }
        assert!(
            G != 0 && channels.is_multiple_of(G),
            "group_norm: {G} groups do not divide {channels} channels"
        );
        let (weight, bias) = (B::right(&weight.prim), B::right(&bias.prim));
        let x = B::left(&self.prim);
        let y = normalise_groups::<E, B::Out>(&x, G, eps, [&weight, &bias]);
        Tensor::typed(y)
    }

    /// Every channel of every example of `[N, C, L, ..]` less its mean and divided by its deviation
    /// (Ulyanov et al., 2016; `torch.nn.functional.instance_norm`, whose `eps` is 1e-5 unless
    /// given). 16-bit types compute in `f32`.
    ///
    /// # Panics
    /// If a channel of an example has one value.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 2, 2]> = Tensor::from_array([[[1.0, 3.0], [20.0, 10.0]]]);
    /// assert_eq!(x.instance_norm(0.0).to_vec(), [-1.0, 1.0, 1.0, -1.0]);
    /// ```
    #[track_caller]
    pub fn instance_norm(&self, eps: f64) -> Self
    where
        E: Float,
        S: Instances,
    {
        let y = normalise_instances::<E, B>(&self.prim, eps, None);
        Tensor::from_prim(self.shape, y)
    }
}

/// The axes at the end of `dims` that are those of a weight.
#[track_caller]
fn last_axes(op: &'static str, dims: &[usize], weight: &[usize]) -> Vec<usize> {
    let first = dims.len() - weight.len();
    fits(runtime::equal(op, &dims[first..], weight));
    (first..dims.len()).collect()
}
