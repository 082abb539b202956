//! Which items an epoch visits, and in which order.

use std::sync::Arc;

use super::DataError;
use crate::error::Error;
use crate::random::Rng;

/// Which items an epoch visits, and in which order: the same ones for the same epoch.
pub trait Sampler: Send + Sync {
    /// How many an epoch visits.
    fn len(&self) -> usize;

    /// The numbers of the items of an epoch, in order.
    fn epoch(&self, epoch: u64) -> Vec<usize>;

    /// Whether an epoch visits none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A stream of its own for every epoch of a seed.
fn rng(seed: u64, epoch: u64) -> Rng {
    let mut rng = Rng::seed(seed);
    rng.advance(epoch);
    rng.fork()
}

/// 0, 1, ..: the order of the data set.
#[derive(Clone, Copy, Debug)]
pub struct Sequential {
    len: usize,
}

impl Sequential {
    /// The numbers below `len`.
    pub fn new(len: usize) -> Self {
        Sequential { len }
    }
}

impl Sampler for Sequential {
    fn len(&self) -> usize {
        self.len
    }

    fn epoch(&self, _: u64) -> Vec<usize> {
        (0..self.len).collect()
    }
}

/// Every item once, in a random order: another one in each epoch, all of them given by the seed.
///
/// ```
/// use volta::data::{Random, Sampler};
///
/// let sampler = Random::new(100, 7);
/// assert_eq!(sampler.epoch(3), Random::new(100, 7).epoch(3));
/// assert_ne!(sampler.epoch(3), sampler.epoch(4));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Random {
    len: usize,
    seed: u64,
}

impl Random {
    /// The numbers below `len`, in the orders of a seed.
    pub fn new(len: usize, seed: u64) -> Self {
        Random { len, seed }
    }
}

impl Sampler for Random {
    fn len(&self) -> usize {
        self.len
    }

    fn epoch(&self, epoch: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len).collect();
        rng(self.seed, epoch).shuffle(&mut order);
        order
    }
}

/// Items drawn by weight: the chance of each is its share of the sum of the weights.
///
/// Without replacement an item drawn once is drawn no more, and the next is drawn from what is
/// left.
///
/// ```
/// use volta::data::{Sampler, Weighted};
///
/// let twice_as_often = Weighted::with_replacement(vec![2.0, 1.0, 0.0], 300, 0)?;
/// let drawn = twice_as_often.epoch(0);
/// assert!(!drawn.contains(&2));
///
/// let two_of_three = Weighted::without_replacement(vec![2.0, 1.0, 1.0], 2, 0)?;
/// assert_eq!(two_of_three.epoch(0).len(), 2);
/// # Ok::<(), volta::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Weighted {
    weights: Vec<f64>,
    draws: usize,
    replacement: bool,
    seed: u64,
}

impl Weighted {
    /// `draws` items, each drawn from all.
    ///
    /// # Errors
    /// If a weight is negative, infinite or NaN, or all are 0 although items are to be drawn.
    pub fn with_replacement(weights: Vec<f64>, draws: usize, seed: u64) -> Result<Self, Error> {
        let drawable = drawable(&weights)?;
        if draws > 0 && drawable == 0 {
            return Err(DataError::Draws { draws, drawable }.into());
        }
        Ok(Weighted {
            weights,
            draws,
            replacement: true,
            seed,
        })
    }

    /// `draws` items, no two of them the same.
    ///
    /// # Errors
    /// If a weight is negative, infinite or NaN, or fewer than `draws` are above 0.
    pub fn without_replacement(weights: Vec<f64>, draws: usize, seed: u64) -> Result<Self, Error> {
        let drawable = drawable(&weights)?;
        if draws > drawable {
            return Err(DataError::Draws { draws, drawable }.into());
        }
        Ok(Weighted {
            weights,
            draws,
            replacement: false,
            seed,
        })
    }

    fn draw_with_replacement(&self, rng: &mut Rng) -> Vec<usize> {
        // Shares of the greatest weight: a sum of the weights themselves may be infinite.
        let most = self.weights.iter().fold(0.0, |most: f64, w| most.max(*w));
        let mut sum = 0.0;
        let ends: Vec<f64> = (self.weights.iter())
            .map(|weight| {
                sum += weight / most;
                sum
            })
            .collect();
        // Rounding may put a number at the very end, behind the last that can be drawn.
        let last = (self.weights.iter()).rposition(|weight| *weight > 0.0);
        (rng.uniform::<f64>(self.draws).into_iter())
            .map(|u| ends.partition_point(|end| *end <= u * sum))
            .map(|place| place.min(last.unwrap_or(0)))
            .collect()
    }

    /// The items of the smallest `-ln(u) / weight` (Efraimidis and Spirakis, "Weighted random
    /// sampling with a reservoir", 2006).
    fn draw_without_replacement(&self, rng: &mut Rng) -> Vec<usize> {
        let mut keys: Vec<(f64, usize)> = rng
            .uniform::<f64>(self.weights.len())
            .into_iter()
            .zip(&self.weights)
            .enumerate()
            .filter(|(_, (_, weight))| **weight > 0.0)
            // As logarithms: small weights would make the quotient infinite.
            .map(|(index, (u, weight))| {
                (libm::log(-libm::log(1.0 - u)) - libm::log(*weight), index)
            })
            .collect();
        keys.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        keys.truncate(self.draws);
        keys.into_iter().map(|(_, index)| index).collect()
    }
}

/// How many weights are above 0.
fn drawable(weights: &[f64]) -> Result<usize, Error> {
    for (index, &weight) in weights.iter().enumerate() {
        if !(weight >= 0.0 && weight.is_finite()) {
            return Err(DataError::Weight { index, weight }.into());
        }
    }
    Ok(weights.iter().filter(|weight| **weight > 0.0).count())
}

impl Sampler for Weighted {
    fn len(&self) -> usize {
        self.draws
    }

    fn epoch(&self, epoch: u64) -> Vec<usize> {
        let mut rng = rng(self.seed, epoch);
        if self.draws == 0 {
            Vec::new()
        } else if self.replacement {
            self.draw_with_replacement(&mut rng)
        } else {
            self.draw_without_replacement(&mut rng)
        }
    }
}

/// The items of a sampler in batches.
///
/// ```
/// use volta::data::{BatchSampler, Sequential};
///
/// let sampler = BatchSampler::new(Sequential::new(5), 2);
/// let batches = sampler.epoch(0);
/// assert_eq!(batches.iter().collect::<Vec<_>>(), [&[0, 1][..], &[2, 3], &[4]]);
/// assert_eq!(sampler.drop_last(true).len(), 2);
/// ```
#[derive(Clone)]
pub struct BatchSampler {
    sampler: Arc<dyn Sampler>,
    size: usize,
    drop_last: bool,
}

impl BatchSampler {
    /// Batches of `size` items, the last one of what is left.
    ///
    /// # Panics
    /// If `size` is 0.
    pub fn new(sampler: impl Sampler + 'static, size: usize) -> Self {
        assert!(size > 0, "a batch of 0 items");
        BatchSampler {
            sampler: Arc::new(sampler),
            size,
            drop_last: false,
        }
    }

    /// Whether a last batch of fewer items is left out.
    pub fn drop_last(self, drop_last: bool) -> Self {
        BatchSampler { drop_last, ..self }
    }

    /// Other items in batches of the same size.
    pub(super) fn sample(self, sampler: impl Sampler + 'static) -> Self {
        let sampler = Arc::new(sampler);
        BatchSampler { sampler, ..self }
    }

    /// The batches of an epoch.
    pub fn len(&self) -> usize {
        let items = self.sampler.len();
        match self.drop_last {
            true => items / self.size,
            false => items.div_ceil(self.size),
        }
    }

    /// Whether an epoch has no batch.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The batches of an epoch.
    pub fn epoch(&self, epoch: u64) -> IndexBatches {
        let mut items = self.sampler.epoch(epoch);
        if self.drop_last {
            items.truncate(items.len() / self.size * self.size);
        }
        IndexBatches {
            items: items.into(),
            size: self.size,
        }
    }
}

/// The numbers of the items of an epoch, in batches. A clone copies none.
#[derive(Clone, Debug)]
pub struct IndexBatches {
    items: Arc<[usize]>,
    size: usize,
}

impl IndexBatches {
    /// How many batches there are.
    pub fn len(&self) -> usize {
        self.items.len().div_ceil(self.size)
    }

    /// Whether there is no batch.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The numbers in one of the batches; `None` if there are no more than `batch`.
    pub fn get(&self, batch: usize) -> Option<&[usize]> {
        self.items.chunks(self.size).nth(batch)
    }

    /// The batches in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[usize]> {
        self.items.chunks(self.size)
    }
}
