//! Which class is taken for which, and what follows from it.

use super::{Total, read};
use crate::backend::{Backend, Meet, Reduce};
use crate::cpu::Cpu;
use crate::dtype::Num;
use crate::error::Error;
use crate::loss::ClassTargets;
use crate::shape::{D, Extent, Shape, runtime};
use crate::tensor::{Tensor, fits};

/// How many examples of each of `C` classes are taken for each: it counts on the device, and
/// [`read`](Self::read) gives the [`Confusion`].
///
/// ```
/// use volta::metric::ConfusionMatrix;
/// use volta::prelude::*;
///
/// let scores: Tensor<s![3, 2]> = Tensor::from_array([[0.1, 0.9], [0.8, 0.2], [0.4, 0.6]]);
/// let targets: Tensor<s![3], i64> = Tensor::from_array([1, 0, 0]);
/// let mut matrix = ConfusionMatrix::<2>::new();
/// matrix.add(&scores, &targets);
/// let confusion = matrix.read();
/// assert_eq!(confusion.counts(), &[[1, 1], [0, 1]]);
/// assert_eq!(confusion.precision(), [1.0, 0.5]);
/// assert_eq!(confusion.recall(), [0.5, 1.0]);
/// assert_eq!(confusion.macro_f1(), 2.0 / 3.0);
/// ```
#[derive(Clone, Debug)]
pub struct ConfusionMatrix<const C: usize, B: Backend = Cpu> {
    counts: Total<i32, B>,
}

impl<const C: usize, B: Backend> ConfusionMatrix<C, B> {
    /// Of no examples so far.
    pub fn new() -> Self {
        ConfusionMatrix {
            counts: Total::new(),
        }
    }

    /// Adds a batch: scores `[N, C]`, of which the highest is the class that is taken, the first of
    /// equal ones; and class numbers `[N]`. Up to 2^31 - 1 examples are counted in one place.
    ///
    /// # Panics
    /// If a target is no class, or sizes known at run time differ. A device says of a target only
    /// when something is read.
    #[track_caller]
    pub fn add<N, T, E, B2>(
        &mut self,
        scores: &Tensor<(N, D<C>), E, B>,
        targets: &Tensor<T, i64, B2>,
    ) where
        N: Extent,
        (N, D<C>): Shape,
        T: ClassTargets<(N, D<C>)>,
        E: Num,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        let n = scores.dims()[0];
        fits(runtime::equal("ConfusionMatrix", &[n], targets.dims()));
        if n == 0 || C == 0 {
            return;
        }
        let taken = B::arg_reduce(Reduce::Max, scores.prim(), 1);
        B2::check_index("ConfusionMatrix", targets.prim(), C);
        let targets = B::reshape(&B::right(targets.prim()), &[n, 1]);
        let one = B::full(&B::device(&taken), 1_i32, &[n, 1]);
        let rows = B::scatter_add(&[n, C], 1, &taken, &one);
        let targets = B::expand(&targets, &[n, C]);
        self.counts.add(B::scatter_add(&[C, C], 0, &targets, &rows));
    }

    /// The counts so far.
    ///
    /// # Panics
    /// If the device fails; see [`try_read`](Self::try_read). The CPU does not.
    #[track_caller]
    pub fn read(&self) -> Confusion<C> {
        read("ConfusionMatrix", self.try_read())
    }

    /// The counts so far.
    ///
    /// # Errors
    /// If the device fails, or a target was no class.
    pub fn try_read(&self) -> Result<Confusion<C>, Error> {
        let read = self.counts.read()?;
        let count = |row: usize, column: usize| match read.get(row * C + column) {
            Some(count) => *count as u64,
            None => 0,
        };
        let row = |row| std::array::from_fn(|column| count(row, column));
        let counts = (0..C).map(row).collect();
        Ok(Confusion { counts })
    }
}

impl<const C: usize, B: Backend> Default for ConfusionMatrix<C, B> {
    fn default() -> Self {
        ConfusionMatrix::new()
    }
}

/// How many examples of each of `C` classes were taken for each, and what follows from it. A share
/// of nothing is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion<const C: usize> {
    counts: Vec<[u64; C]>,
}

impl<const C: usize> Confusion<C> {
    /// The counts: a row for each target, a column for each class taken.
    pub fn counts(&self) -> &[[u64; C]] {
        &self.counts
    }

    /// How many examples were counted.
    pub fn total(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// The share of examples taken for what they are.
    pub fn accuracy(&self) -> f64 {
        share((0..C).map(|class| self.right(class)).sum(), self.total())
    }

    /// Of each class, the share that is of the class among what is taken for it.
    pub fn precision(&self) -> [f64; C] {
        std::array::from_fn(|class| share(self.right(class), self.taken(class)))
    }

    /// Of each class, the share that is taken for the class among what is of it.
    pub fn recall(&self) -> [f64; C] {
        std::array::from_fn(|class| share(self.right(class), self.targets(class)))
    }

    /// Of each class, the harmonic mean of precision and recall.
    pub fn f1(&self) -> [f64; C] {
        std::array::from_fn(|class| {
            share(
                2 * self.right(class),
                self.taken(class) + self.targets(class),
            )
        })
    }

    /// The mean of the precisions of the classes that were a target or taken.
    pub fn macro_precision(&self) -> f64 {
        self.mean(self.precision())
    }

    /// The mean of the recalls of the classes that were a target or taken.
    pub fn macro_recall(&self) -> f64 {
        self.mean(self.recall())
    }

    /// The mean of the F1 of the classes that were a target or taken.
    pub fn macro_f1(&self) -> f64 {
        self.mean(self.f1())
    }

    fn right(&self, class: usize) -> u64 {
        self.counts[class][class]
    }

    fn taken(&self, class: usize) -> u64 {
        self.counts.iter().map(|row| row[class]).sum()
    }

    fn targets(&self, class: usize) -> u64 {
        self.counts[class].iter().sum()
    }

    fn mean(&self, of: [f64; C]) -> f64 {
        let is_seen = |class: &usize| self.taken(*class) + self.targets(*class) > 0;
        let seen: Vec<f64> = (0..C).filter(is_seen).map(|class| of[class]).collect();
        seen.iter().sum::<f64>() / seen.len().max(1) as f64
    }
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}
