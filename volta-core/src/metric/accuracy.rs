//! How often the right class has the highest score, or one of the highest.

use super::{Total, read};
use crate::backend::{Backend, Meet, Reduce};
use crate::cpu::Cpu;
use crate::dtype::Num;
use crate::error::Error;
use crate::loss::ClassTargets;
use crate::ops::elementwise as op;
use crate::shape::{Shape, runtime};
use crate::tensor::{Tensor, fits};

/// The share of examples whose target is the class of the highest score: of scores `[N, C]` and class
/// numbers `[N]`. Of equal scores the first is the highest.
///
/// ```
/// use volta::metric::Accuracy;
/// use volta::prelude::*;
///
/// let scores: Tensor<s![3, 2]> = Tensor::from_array([[0.1, 0.9], [0.8, 0.2], [0.4, 0.6]]);
/// let targets: Tensor<s![3], i64> = Tensor::from_array([1, 0, 0]);
/// let mut accuracy = Accuracy::new();
/// accuracy.add(&scores, &targets);
/// assert_eq!(accuracy.value(), 2.0 / 3.0);
/// ```
pub type Accuracy<B = Cpu> = TopK<1, B>;

/// The share of examples whose target is among the classes of the `K` highest scores: of scores
/// `[N, C]` and class numbers `[N]`. Of equal scores the first is the highest, and NaN is above all.
///
/// ```
/// use volta::metric::TopK;
/// use volta::prelude::*;
///
/// let scores: Tensor<s![2, 3]> = Tensor::from_array([[0.1, 0.5, 0.4], [0.5, 0.4, 0.1]]);
/// let targets: Tensor<s![2], i64> = Tensor::from_array([2, 2]);
/// let mut accuracy = TopK::<2>::new();
/// accuracy.add(&scores, &targets);
/// assert_eq!(accuracy.value(), 0.5);
/// ```
#[derive(Clone, Debug)]
pub struct TopK<const K: usize, B: Backend = Cpu> {
    hits: Total<i32, B>,
    count: usize,
}

impl<const K: usize, B: Backend> TopK<K, B> {
    /// Of no examples so far.
    pub fn new() -> Self {
        const { assert!(K > 0, "the highest score is the first: `K` is 1 or more") };
        TopK {
            hits: Total::new(),
            count: 0,
        }
    }

    /// Adds a batch. Up to 2^31 - 1 hits are counted.
    ///
    /// # Panics
    /// If a target is no class, there are fewer than `K` classes, or sizes known at run time differ.
    /// A device says of a target only when something is read.
    #[track_caller]
    pub fn add<S, T, E, B2>(&mut self, scores: &Tensor<S, E, B>, targets: &Tensor<T, i64, B2>)
    where
        S: Shape,
        T: ClassTargets<S>,
        E: Num,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        let (x, dims) = (scores.prim(), scores.dims());
        let (n, classes) = (dims[0], dims[1]);
        fits(runtime::equal("accuracy", &dims[..1], targets.dims()));
        assert!(
            classes >= K,
            "accuracy: the {K} highest scores of {classes} classes"
        );
        B2::check_index("accuracy", targets.prim(), classes);
        if n == 0 {
            return;
        }
        let targets = B::reshape(&B::right(targets.prim()), &[n, 1]);
        let hits = match K {
            1 => B::test(op::Eq, [&B::arg_reduce(Reduce::Max, x, 1), &targets]),
            _ => among_highest::<E, B>(x, &targets, K),
        };
        self.hits.count(&hits);
        self.count += n;
    }

    /// How many examples were counted.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The share; of nothing it is NaN.
    ///
    /// # Panics
    /// If the device fails; see [`try_value`](Self::try_value). The CPU does not.
    #[track_caller]
    pub fn value(&self) -> f64 {
        read("accuracy", self.try_value())
    }

    /// The share; of nothing it is NaN.
    ///
    /// # Errors
    /// If the device fails, or a target was no class.
    pub fn try_value(&self) -> Result<f64, Error> {
        Ok(self.hits.item()? / self.count as f64)
    }
}

impl<const K: usize, B: Backend> Default for TopK<K, B> {
    fn default() -> Self {
        TopK::new()
    }
}

/// Whether fewer than `k` scores come before the one at the target, `[N, 1]`.
fn among_highest<E: Num, B: Backend>(
    x: &B::Prim<E>,
    targets: &B::Prim<i64>,
    k: usize,
) -> B::Prim<bool> {
    let dims = B::dims(x).to_vec();
    let device = B::device(x);
    let own = B::expand(&B::gather(x, 1, targets), &dims);
    let places = B::from_vec(&device, (0..dims[1] as i64).collect(), &[dims[1]]);
    let places = B::expand(&places, &dims);
    let earlier = B::test(op::Lt, [&places, &B::expand(targets, &dims)]);
    // A comparison with NaN does not hold, so that its opposite puts NaN above all.
    let below = B::test(op::Lt, [x, &own]);
    let same = B::test(op::Eq, [x, &own]);
    let later = B::test(op::LogicalNot, [&earlier]);
    let behind = B::test(
        op::LogicalOr,
        [&below, &B::test(op::LogicalAnd, [&same, &later])],
    );
    let before = B::cast::<bool, i32>(&B::test(op::LogicalNot, [&behind]));
    let before = B::reduce(Reduce::Sum, &before, &[1]);
    let limit = B::full(&device, k as i32, B::dims(&before));
    B::test(op::Lt, [&before, &limit])
}
