//! Data sets: items by number.

use std::sync::Arc;

use crate::error::Error;
use crate::random::Rng;

/// Items by number, of equal kind.
///
/// Threads share a data set, so `get` may run several times at once. A reference to a data set and
/// an [`Arc`] of one are data sets as well.
///
/// ```
/// use volta::data::Dataset;
/// use volta::prelude::*;
///
/// /// Numbers and whether they are odd.
/// struct Odd(usize);
///
/// impl Dataset for Odd {
///     type Item = ([f32; 1], bool);
///
///     fn len(&self) -> usize {
///         self.0
///     }
///
///     fn get(&self, index: usize) -> Result<Self::Item, volta::Error> {
///         Ok(([index as f32], index % 2 == 1))
///     }
/// }
///
/// let halves = Odd(100).map(|([x], odd)| ([x / 2.0], odd));
/// assert_eq!(halves.get(3)?, ([1.5], true));
/// # Ok::<(), volta::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a data set",
    note = "`Items` is one of the elements of a `Vec`, `TensorDataset` one of the rows of tensors"
)]
pub trait Dataset: Send + Sync {
    /// What it holds.
    type Item: Send;

    /// The number of items.
    fn len(&self) -> usize;

    /// Item `index`.
    ///
    /// # Errors
    /// If the item cannot be read.
    ///
    /// # Panics
    /// If there are no more than `index` items.
    fn get(&self, index: usize) -> Result<Self::Item, Error>;

    /// Whether there are no items.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `f` of every item, worked out when the item is asked for.
    fn map<T, F>(self, f: F) -> Map<Self, F>
    where
        Self: Sized,
        T: Send,
        F: Fn(Self::Item) -> T + Send + Sync,
    {
        Map { data: self, f }
    }

    /// The items with these numbers, in this order; a number may be there several times.
    ///
    /// # Panics
    /// If a number is not below the number of items.
    fn subset(self, indices: impl Into<Vec<usize>>) -> Subset<Self>
    where
        Self: Sized,
    {
        let (indices, len) = (indices.into(), self.len());
        if let Some(index) = indices.iter().find(|index| **index >= len) {
            panic!("subset: item {index} of a data set of {len}");
        }
        Subset {
            data: self,
            indices,
        }
    }

    /// These items, and after them those of another data set.
    fn concat<O>(self, other: O) -> Concat<Self, O>
    where
        Self: Sized,
        O: Dataset<Item = Self::Item>,
    {
        Concat {
            first: self,
            second: other,
        }
    }

    /// The items in a random order, dealt out in parts of these sizes. One seed gives one split.
    ///
    /// ```
    /// # use volta::data::{Dataset, Items};
    /// let numbers = Items::new((0..10).collect());
    /// let [train, test] = (&numbers).split([8, 2], 0);
    /// assert_eq!((train.len(), test.len()), (8, 2));
    /// ```
    ///
    /// # Panics
    /// If the sizes do not add up to the number of items.
    fn split<const N: usize>(self, sizes: [usize; N], seed: u64) -> [Subset<Self>; N]
    where
        Self: Sized + Clone,
    {
        let (len, sum) = (self.len(), sizes.iter().sum::<usize>());
        assert!(
            sum == len,
            "split: the sizes {sizes:?} make {sum}, the data set has {len} items"
        );
        let mut order: Vec<usize> = (0..len).collect();
        Rng::seed(seed).shuffle(&mut order);
        let mut rest = order.into_iter();
        sizes.map(|size| Subset {
            data: self.clone(),
            indices: rest.by_ref().take(size).collect(),
        })
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Dataset + ?Sized> Dataset for $pointer {
            type Item = T::Item;

            fn len(&self) -> usize {
                (**self).len()
            }

            fn get(&self, index: usize) -> Result<T::Item, Error> {
                (**self).get(index)
            }
        }
    )*};
}
forward!(&T, Arc<T>);

/// The elements of a `Vec` as a data set. An item is a clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Items<T>(Vec<T>);

impl<T: Clone + Send + Sync> Items<T> {
    /// These elements.
    pub fn new(items: Vec<T>) -> Self {
        Items(items)
    }
}

impl<T: Clone + Send + Sync> Dataset for Items<T> {
    type Item = T;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, index: usize) -> Result<T, Error> {
        Ok(self.0[index].clone())
    }
}

/// A function of every item: [`Dataset::map`].
#[derive(Clone, Debug)]
pub struct Map<A, F> {
    data: A,
    f: F,
}

impl<A, T, F> Dataset for Map<A, F>
where
    A: Dataset,
    T: Send,
    F: Fn(A::Item) -> T + Send + Sync,
{
    type Item = T;

    fn len(&self) -> usize {
        self.data.len()
    }

    fn get(&self, index: usize) -> Result<T, Error> {
        self.data.get(index).map(&self.f)
    }
}

/// Some of the items: [`Dataset::subset`].
#[derive(Clone, Debug)]
pub struct Subset<A> {
    data: A,
    indices: Vec<usize>,
}

impl<A> Subset<A> {
    /// The numbers that the items have in the whole.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }
}

impl<A: Dataset> Dataset for Subset<A> {
    type Item = A::Item;

    fn len(&self) -> usize {
        self.indices.len()
    }

    fn get(&self, index: usize) -> Result<A::Item, Error> {
        self.data.get(self.indices[index])
    }
}

/// One data set after another: [`Dataset::concat`].
#[derive(Clone, Debug)]
pub struct Concat<A, O> {
    first: A,
    second: O,
}

impl<A: Dataset, O: Dataset<Item = A::Item>> Dataset for Concat<A, O> {
    type Item = A::Item;

    fn len(&self) -> usize {
        self.first.len() + self.second.len()
    }

    fn get(&self, index: usize) -> Result<A::Item, Error> {
        match index.checked_sub(self.first.len()) {
            None => self.first.get(index),
            Some(index) => self.second.get(index),
        }
    }
}
