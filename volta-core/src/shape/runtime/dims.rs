//! A short list of sizes.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// The most axes that [`Dims`] holds: two more than a shape, for intermediate forms.
pub(super) const CAPACITY: usize = 8;

/// The sizes of a few axes, without an allocation.
#[derive(Clone, Copy)]
pub struct Dims {
    sizes: [usize; CAPACITY],
    rank: u8,
}

impl Dims {
    /// The given sizes, eight at most.
    pub fn new(sizes: &[usize]) -> Self {
        let mut dims = Dims {
            sizes: [0; CAPACITY],
            rank: sizes.len() as u8,
        };
        dims.sizes[..sizes.len()].copy_from_slice(sizes);
        dims
    }

    /// `rank` axes of one size.
    pub fn filled(rank: usize, size: usize) -> Self {
        Dims::new(&[size; CAPACITY][..rank])
    }

    /// The number of elements: see [`count`](super::count).
    pub fn numel(&self) -> usize {
        super::count(self)
    }

    /// Adds an axis at the end.
    pub fn push(&mut self, size: usize) {
        self.sizes[self.rank as usize] = size;
        self.rank += 1;
    }

    /// Adds an axis in front of axis `axis`.
    pub fn insert(&mut self, axis: usize, size: usize) {
        let rank = self.rank as usize;
        self.sizes.copy_within(axis..rank, axis + 1);
        self.sizes[axis] = size;
        self.rank += 1;
    }

    /// Takes axis `axis` out.
    pub fn remove(&mut self, axis: usize) -> usize {
        let size = self[axis];
        let rank = self.rank as usize;
        self.sizes.copy_within(axis + 1..rank, axis);
        self.rank -= 1;
        size
    }
}

impl Deref for Dims {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        &self.sizes[..self.rank as usize]
    }
}

impl DerefMut for Dims {
    fn deref_mut(&mut self) -> &mut [usize] {
        &mut self.sizes[..self.rank as usize]
    }
}

impl AsRef<[usize]> for Dims {
    fn as_ref(&self) -> &[usize] {
        self
    }
}

impl From<&[usize]> for Dims {
    fn from(sizes: &[usize]) -> Self {
        Dims::new(sizes)
    }
}

impl FromIterator<usize> for Dims {
    fn from_iter<I: IntoIterator<Item = usize>>(sizes: I) -> Self {
        let mut dims = Dims::new(&[]);
        sizes.into_iter().for_each(|size| dims.push(size));
        dims
    }
}

impl PartialEq for Dims {
    fn eq(&self, other: &Dims) -> bool {
        **self == **other
    }
}

impl Eq for Dims {}

impl PartialEq<[usize]> for Dims {
    fn eq(&self, other: &[usize]) -> bool {
        **self == *other
    }
}

impl<const N: usize> PartialEq<[usize; N]> for Dims {
    fn eq(&self, other: &[usize; N]) -> bool {
        **self == *other
    }
}

impl fmt::Debug for Dims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Prints as `(2, 3)`.
impl fmt::Display for Dims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (axis, size) in self.iter().enumerate() {
            let comma = if axis == 0 { "" } else { ", " };
            write!(f, "{comma}{size}")?;
        }
        f.write_str(if self.len() == 1 { ",)" } else { ")" })
    }
}
