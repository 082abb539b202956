//! Batches of a data set, epoch by epoch.

use std::fmt;
use std::iter::FusedIterator;
use std::num::ParseIntError;
use std::str::FromStr;
use std::sync::Arc;

use super::prefetch::{self, Failure, Workers};
use super::{BatchSampler, Collate, DataError, Dataset, IndexBatches, Random, Sampler, Sequential};
use crate::error::Error;
use crate::shape::Dim;

/// Batches of a data set, in order or shuffled, made here or ahead of time on threads.
///
/// The size of a batch says the type of its first axis, too: `Batch(32)` of
/// [`dims!`](crate::dims) or `Dyn(32)` gives batches of up to 32 items, `D::<32>` gives batches of
/// exactly 32 and leaves out what does not fill one. How items make a batch says [`Collate`].
///
/// The batches of an epoch are the same for any number of workers.
///
/// ```
/// use std::sync::Arc;
/// use volta::data::{DataLoader, TensorDataset};
/// use volta::prelude::*;
///
/// dims! { Batch }
///
/// let x: Tensor<s![100, 3]> = Tensor::randn(&mut Rng::seed(0));
/// let y: Tensor<s![100], i64> = Tensor::zeros();
/// let data = TensorDataset::new((x, y))?;
/// let loader = DataLoader::new(data, Batch(32)).shuffle(7).workers(2);
/// for epoch in 0..2 {
///     for batch in loader.epoch(epoch) {
///         let (x, y): (Tensor<s![Batch, 3]>, Tensor<s![Batch], i64>) = batch?;
///         assert!(x.dims() == [32, 3] || x.dims() == [4, 3]);
///     }
/// }
/// # Ok::<(), volta::Error>(())
/// ```
///
/// Training that stops in the middle of an epoch goes on from a [`Position`]:
///
/// ```
/// # use volta::data::{DataLoader, Items, Position};
/// # use volta::prelude::*;
/// let loader = DataLoader::new(Items::new((0..10_i64).collect()), Dyn(4)).shuffle(1);
/// let mut batches = loader.epoch(5);
/// batches.next();
/// let saved = batches.position().to_string();
///
/// let position: Position = saved.parse()?;
/// assert_eq!(position, Position { epoch: 5, batch: 1 });
/// let resumed = loader.resume(position).next().unwrap()?;
/// assert_eq!(resumed.to_vec(), batches.next().unwrap()?.to_vec());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct DataLoader<Data, N> {
    data: Arc<Data>,
    sampler: BatchSampler,
    /// For its type; the sampler has the number.
    size: std::marker::PhantomData<N>,
    workers: usize,
    prefetch: usize,
}

impl<Data, N> Clone for DataLoader<Data, N> {
    fn clone(&self) -> Self {
        DataLoader {
            data: Arc::clone(&self.data),
            sampler: self.sampler.clone(),
            ..*self
        }
    }
}

impl<Data, N> DataLoader<Data, N>
where
    Data: Dataset<Item: Collate<N>> + 'static,
    N: Dim,
{
    /// Batches of `size` items in the order of the data set. It takes an
    /// [`Arc`] of a data set that is in use elsewhere.
    ///
    /// # Panics
    /// If `size` is 0.
    pub fn new(data: Data, size: N) -> Self {
        let sampler = BatchSampler::new(Sequential::new(data.len()), size.size());
        DataLoader {
            data: Arc::new(data),
            sampler: sampler.drop_last(N::STATIC.is_some()),
            size: std::marker::PhantomData,
            workers: 0,
            prefetch: 2,
        }
    }

    /// Every item once in a random order, another one in each epoch: [`Random`].
    pub fn shuffle(self, seed: u64) -> Self {
        let len = self.data.len();
        self.sampler(Random::new(len, seed))
    }

    /// The items that a sampler says.
    pub fn sampler(self, sampler: impl Sampler + 'static) -> Self {
        DataLoader {
            sampler: self.sampler.sample(sampler),
            ..self
        }
    }

    /// Leaves out the last batch of an epoch if it has fewer items than the others. Batches of a
    /// size that the type fixes do so anyway.
    pub fn drop_last(self) -> Self {
        DataLoader {
            sampler: self.sampler.drop_last(true),
            ..self
        }
    }

    /// Makes batches ahead of time on this many threads; 0, the default, makes each when it is
    /// asked for.
    pub fn workers(self, workers: usize) -> Self {
        DataLoader { workers, ..self }
    }

    /// How many finished batches each worker keeps ready, beside the one that it works on: 2 where
    /// nothing is said.
    ///
    /// # Panics
    /// If it is 0.
    pub fn prefetch(self, batches: usize) -> Self {
        assert!(batches > 0, "prefetch: a worker keeps 1 batch or more");
        DataLoader {
            prefetch: batches,
            ..self
        }
    }

    /// The data set.
    pub fn dataset(&self) -> &Data {
        &self.data
    }

    /// The number of batches in an epoch.
    pub fn len(&self) -> usize {
        self.sampler.len()
    }

    /// Whether an epoch has no batch.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The batches of an epoch.
    pub fn epoch(&self, epoch: u64) -> Epoch<Data, N> {
        self.resume(Position { epoch, batch: 0 })
    }

    /// The batches of an epoch from a position on.
    ///
    /// # Panics
    /// If the epoch has fewer batches before the position; see [`try_resume`](Self::try_resume).
    pub fn resume(&self, position: Position) -> Epoch<Data, N> {
        match self.try_resume(position) {
            Ok(epoch) => epoch,
            Err(error) => panic!("resume: {error}"),
        }
    }

    /// [`resume`](Self::resume) at a position that may be another data set's: one from a file.
    ///
    /// # Errors
    /// [`DataError::Position`] if the epoch has fewer batches before the position.
    ///
    /// ```
    /// use volta::data::{DataLoader, Items};
    /// use volta::prelude::*;
    ///
    /// let loader = DataLoader::new(Items::new((0..10_i64).collect()), Dyn(4));
    /// assert_eq!(loader.try_resume("0:1".parse()?)?.len(), 2);
    /// let error = loader.try_resume("0:17".parse()?).err().expect("an epoch has 3");
    /// assert_eq!(error.to_string(), "batch 17 of an epoch of 3");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn try_resume(&self, position: Position) -> Result<Epoch<Data, N>, Error> {
        let batches = self.sampler.epoch(position.epoch);
        let Position { epoch, batch } = position;
        if batch > batches.len() {
            let batches = batches.len();
            return Err(DataError::Position { batch, batches }.into());
        }
        let left = batches.len() - batch;
        let workers = (self.workers > 0 && left > 0).then(|| {
            Workers::start(
                &self.data,
                &batches,
                batch,
                self.workers.min(left),
                self.prefetch,
            )
        });
        Ok(Epoch {
            data: Arc::clone(&self.data),
            batches,
            position,
            epoch,
            workers,
        })
    }
}

/// A place between two batches: that of `batch` in `epoch` is the next one.
///
/// Its text, as in `3:17`, can be kept with a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The epoch.
    pub epoch: u64,
    /// How many of its batches are done.
    pub batch: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.epoch, self.batch)
    }
}

impl FromStr for Position {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        let (epoch, batch) = text.split_once(':').unwrap_or((text, ""));
        Ok(Position {
            epoch: epoch.parse()?,
            batch: batch.parse()?,
        })
    }
}

/// The batches of an epoch: [`DataLoader::epoch`].
///
/// An item that cannot be read is an [`Error`] in place of its batch, and the next batch follows.
/// Whoever drops this before its end stops the workers and waits for them.
///
/// # Panics
/// If the data set panics: with the number of the item, on whatever thread it happened.
pub struct Epoch<Data, N>
where
    Data: Dataset<Item: Collate<N>>,
    N: Dim,
{
    data: Arc<Data>,
    batches: IndexBatches,
    position: Position,
    epoch: u64,
    workers: Option<Workers<<Data::Item as Collate<N>>::Batch>>,
}

impl<Data, N> Epoch<Data, N>
where
    Data: Dataset<Item: Collate<N>>,
    N: Dim,
{
    /// Where the next batch is; after the last one, the start of the next epoch.
    pub fn position(&self) -> Position {
        if self.position.batch < self.batches.len() {
            return self.position;
        }
        Position {
            epoch: self.epoch + 1,
            batch: 0,
        }
    }
}

impl<Data, N> Iterator for Epoch<Data, N>
where
    Data: Dataset<Item: Collate<N>>,
    N: Dim,
{
    type Item = Result<<Data::Item as Collate<N>>::Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let indices = self.batches.get(self.position.batch)?;
        let batch = match &self.workers {
            Some(workers) => workers.batch(self.position.batch),
            None => prefetch::load(&*self.data, indices, &|| false),
        };
        self.position.batch += 1;
        match batch {
            Ok(batch) => Some(Ok(batch)),
            Err(Failure::Error(error)) => Some(Err(error)),
            Err(Failure::Panic(message)) => panic!("{message}"),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.batches.len() - self.position.batch;
        (left, Some(left))
    }
}

impl<Data, N> ExactSizeIterator for Epoch<Data, N>
where
    Data: Dataset<Item: Collate<N>>,
    N: Dim,
{
}

impl<Data, N> FusedIterator for Epoch<Data, N>
where
    Data: Dataset<Item: Collate<N>>,
    N: Dim,
{
}
