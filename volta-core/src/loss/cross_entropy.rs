//! The cross entropy of scores and classes, or probabilities of classes.

use super::class::ClassOptions;
use super::each::{Smoothed, SoftCrossEntropy};
use super::{ClassTargets, ClassWeights, Mean, Reduction};
use crate::backend::{Backend, Meet, Reduce};
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise as op;
use crate::shape::{Extent, HasAxis, Shape, runtime};
use crate::tensor::{Tensor, fits};

/// The cross entropy with weights of classes, smoothed targets and an ignored target
/// (`torch.nn.CrossEntropyLoss`).
///
/// Of scores `[N, C]`, before any softmax, the loss of an example is `-sum(weight * q * log_softmax(scores))`
/// for probabilities `q` of the classes: 1 at the target, mixed with `label_smoothing` of `1 / C`
/// for each class. The mean is over the weights of the targets; that of
/// [probabilities](Self::loss_probs) is over the examples.
///
/// ```
/// use volta::loss::{CrossEntropy, Each};
/// use volta::prelude::*;
///
/// let scores: Tensor<s![3, 2]> = Tensor::zeros();
/// let targets: Tensor<s![3], i64> = Tensor::from_array([0, 1, -100]);
/// let weight: Tensor<s![2]> = Tensor::from_array([1.0, 3.0]);
/// let loss = CrossEntropy::new().weight(&weight).ignore_index(-100);
/// assert_eq!(loss.loss(&scores, &targets).item(), 2_f32.ln());
/// let each: Tensor<s![3]> = loss.loss_as(&scores, &targets, Each);
/// assert_eq!(each.to_vec(), [2_f32.ln(), 3.0 * 2_f32.ln(), 0.0]);
/// ```
#[derive(Clone, Debug)]
pub struct CrossEntropy<W = ()> {
    options: ClassOptions<W>,
    label_smoothing: f64,
}

impl CrossEntropy {
    /// Every class counts alike, every target counts, and nothing is smoothed.
    pub fn new() -> Self {
        CrossEntropy {
            options: ClassOptions {
                weight: (),
                ignore_index: None,
            },
            label_smoothing: 0.0,
        }
    }
}

impl Default for CrossEntropy {
    fn default() -> Self {
        CrossEntropy::new()
    }
}

impl<W> CrossEntropy<W> {
    /// What each class counts.
    pub fn weight<C, E, B>(self, weight: &Tensor<(C,), E, B>) -> CrossEntropy<Tensor<(C,), E, B>>
    where
        C: Extent,
        E: Float,
        B: Backend,
    {
        CrossEntropy {
            options: ClassOptions {
                weight: weight.clone(),
                ignore_index: self.options.ignore_index,
            },
            label_smoothing: self.label_smoothing,
        }
    }

    /// A target that does not count: its loss and its gradient are 0. There is none unless set;
    /// PyTorch's is -100.
    pub fn ignore_index(mut self, index: i64) -> Self {
        self.options.ignore_index = Some(index);
        self
    }

    /// The share of every target that all classes have evenly (Szegedy et al., 2015); 0 unless set.
    ///
    /// # Panics
    /// If it is not between 0 and 1.
    #[track_caller]
    pub fn label_smoothing(mut self, label_smoothing: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&label_smoothing),
            "cross_entropy: a label smoothing of {label_smoothing} is not between 0 and 1"
        );
        self.label_smoothing = label_smoothing;
        self
    }

    /// The mean over the weights of the targets that count, class numbers `[N]`; NaN where none
    /// does.
    ///
    /// # Panics
    /// If a target is neither a class nor ignored, or sizes known at run time differ. A device says
    /// of a target only when something is read.
    #[track_caller]
    pub fn loss<S, T, E, B, B2>(
        &self,
        scores: &Tensor<S, E, B>,
        targets: &Tensor<T, i64, B2>,
    ) -> Tensor<(), E, B>
    where
        S: Shape,
        T: ClassTargets<S>,
        E: Float,
        W: ClassWeights<S, E, B>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        self.loss_as(scores, targets, Mean)
    }

    /// The loss of class numbers, reduced as the last argument says.
    ///
    /// # Panics
    /// If a target is neither a class nor ignored, or sizes known at run time differ. A device says
    /// of a target only when something is read.
    #[track_caller]
    pub fn loss_as<S, T, E, B, B2, R>(
        &self,
        scores: &Tensor<S, E, B>,
        targets: &Tensor<T, i64, B2>,
        reduction: R,
    ) -> Tensor<R::Output, E, B>
    where
        S: Shape,
        T: ClassTargets<S>,
        E: Float,
        W: ClassWeights<S, E, B>,
        B: Meet<B2, Out = B>,
        B2: Backend,
        R: Reduction<T>,
    {
        let dims = scores.dims();
        let classes = (self.options).classes::<S, E, B, B2>("cross_entropy", dims, targets.prim());
        let log = B::log_softmax(scores.prim(), 1);
        let mut likelihood = classes.pick(&log);
        let weights = classes.target_weights();
        if let Some(weights) = &weights {
            likelihood = B::map(op::Mul, [&likelihood, weights]);
        }
        if self.label_smoothing > 0.0 {
            let weighted = match &classes.weights {
                Some(weights) => B::map(op::Mul, [&log, &B::expand(weights, dims)]),
                None => log,
            };
            let row = B::reduce(Reduce::Sum, &weighted, &[1]);
            let smoothed = Smoothed {
                keep: 1.0 - self.label_smoothing,
                share: self.label_smoothing / dims[1] as f64,
            };
            likelihood = B::map(smoothed, [&likelihood, &B::reshape(&row, &dims[..1])]);
        }
        classes.reduce(likelihood, weights, reduction)
    }

    /// The mean over the examples, for probabilities of the classes: targets of the shape of the
    /// scores. No target is ignored.
    ///
    /// # Panics
    /// If an ignored target is set, or sizes known at run time differ.
    ///
    /// ```
    /// use volta::loss::CrossEntropy;
    /// use volta::prelude::*;
    ///
    /// let scores: Tensor<s![1, 4]> = Tensor::zeros();
    /// let probs: Tensor<s![1, 4]> = Tensor::from_array([[0.5, 0.5, 0.0, 0.0]]);
    /// let loss = CrossEntropy::new().label_smoothing(0.1).loss_probs(&scores, &probs);
    /// assert!((loss.item() - 4_f32.ln()).abs() < 1e-6);
    /// ```
    #[track_caller]
    pub fn loss_probs<S, E, B, B2>(
        &self,
        scores: &Tensor<S, E, B>,
        probs: &Tensor<S, E, B2>,
    ) -> Tensor<(), E, B::Out>
    where
        S: HasAxis<1>,
        E: Float,
        W: ClassWeights<S, E, B::Out>,
        B: Meet<B2>,
        B2: Backend,
    {
        self.loss_probs_as(scores, probs, Mean)
    }

    /// The loss of probabilities, reduced as the last argument says.
    ///
    /// # Panics
    /// If an ignored target is set, or sizes known at run time differ.
    #[track_caller]
    pub fn loss_probs_as<S, E, B, B2, R>(
        &self,
        scores: &Tensor<S, E, B>,
        probs: &Tensor<S, E, B2>,
        reduction: R,
    ) -> Tensor<R::Output, E, B::Out>
    where
        S: HasAxis<1>,
        E: Float,
        W: ClassWeights<S, E, B::Out>,
        B: Meet<B2>,
        B2: Backend,
        R: Reduction<S::Removed>,
    {
        if let Some(index) = self.options.ignore_index {
            panic!(
                "cross_entropy: {index} is ignored among class numbers, not among probabilities"
            );
        }
        let dims = scores.dims();
        fits(runtime::equal("cross_entropy", dims, probs.dims()));
        let (scores, probs) = (B::left(scores.prim()), B::right(probs.prim()));
        let mixed = SoftCrossEntropy {
            keep: 1.0 - self.label_smoothing,
            share: self.label_smoothing / dims[1] as f64,
        };
        let losses = soft::<E, B::Out>(&scores, &probs, self.options.weight.prim(), mixed);
        reduction.reduce(Tensor::typed(losses), None)
    }
}

/// The losses of the examples, from scores and probabilities of their classes, along axis 1.
fn soft<E: Float, B: Backend>(
    scores: &B::Prim<E>,
    probs: &B::Prim<E>,
    weights: Option<B::Prim<E>>,
    mixed: SoftCrossEntropy,
) -> B::Prim<E> {
    let mut dims = B::dims(scores).to_vec();
    let mut losses = B::map(mixed, [&B::log_softmax(scores, 1), probs]);
    if let Some(weights) = weights {
        losses = B::map(op::Mul, [&losses, &B::expand(&weights, &dims)]);
    }
    dims.remove(1);
    B::reshape(&B::reduce(Reduce::Sum, &losses, &[1]), &dims)
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The cross entropy of scores `[N, C]`, before any softmax, and targets `[N]`, each the
    /// number of a class: the mean of `-log_softmax(scores)[target]`
    /// (`torch.nn.functional.cross_entropy`). [`CrossEntropy`] has more to choose.
    ///
    /// # Panics
    /// If a target is no class, or sizes known at run time differ. A device says of a target only
    /// when something is read.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let scores: Tensor<s![2, 4]> = Tensor::zeros();
    /// let targets: Tensor<s![2], i64> = Tensor::from_array([3, 0]);
    /// assert!((scores.cross_entropy(&targets).item() - 4_f32.ln()).abs() < 1e-6);
    /// ```
    #[track_caller]
    pub fn cross_entropy<T, B2>(&self, targets: &Tensor<T, i64, B2>) -> Tensor<(), E, B>
    where
        E: Float,
        T: ClassTargets<S>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        CrossEntropy::new().loss(self, targets)
    }

    /// [`cross_entropy`](Self::cross_entropy), reduced as the last argument says.
    ///
    /// # Panics
    /// As [`cross_entropy`](Self::cross_entropy) does.
    #[track_caller]
    pub fn cross_entropy_as<T, B2, R>(
        &self,
        targets: &Tensor<T, i64, B2>,
        reduction: R,
    ) -> Tensor<R::Output, E, B>
    where
        E: Float,
        T: ClassTargets<S>,
        B: Meet<B2, Out = B>,
        B2: Backend,
        R: Reduction<T>,
    {
        CrossEntropy::new().loss_as(self, targets, reduction)
    }

    /// The cross entropy of scores, before any softmax, and probabilities of their classes, along
    /// axis 1: the mean over the examples of `-sum(probs * log_softmax(scores))`
    /// (`torch.nn.functional.cross_entropy` with targets of the shape of the scores).
    /// [`CrossEntropy::loss_probs`] has more to choose.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let scores: Tensor<s![1, 4]> = Tensor::zeros();
    /// let probs: Tensor<s![1, 4]> = Tensor::from_array([[0.5, 0.25, 0.25, 0.0]]);
    /// assert_eq!(scores.cross_entropy_probs(&probs).item(), 4_f32.ln());
    /// ```
    #[track_caller]
    pub fn cross_entropy_probs<B2>(&self, probs: &Tensor<S, E, B2>) -> Tensor<(), E, B::Out>
    where
        E: Float,
        S: HasAxis<1>,
        B: Meet<B2>,
        B2: Backend,
    {
        CrossEntropy::new().loss_probs(self, probs)
    }

    /// [`cross_entropy_probs`](Self::cross_entropy_probs), reduced as the last argument says.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn cross_entropy_probs_as<B2, R>(
        &self,
        probs: &Tensor<S, E, B2>,
        reduction: R,
    ) -> Tensor<R::Output, E, B::Out>
    where
        E: Float,
        S: HasAxis<1>,
        B: Meet<B2>,
        B2: Backend,
        R: Reduction<S::Removed>,
    {
        CrossEntropy::new().loss_probs_as(self, probs, reduction)
    }
}
