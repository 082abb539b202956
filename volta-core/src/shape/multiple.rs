//! The size of parameters that are stored as one.

use super::{Dim, Extent, StaticExtent};

/// The size `K N`: the rows of `K` matrices of `N` rows each that are stored as one, such as the
/// gates of a recurrent layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Multiple<const K: usize, const N: usize>;

impl<const K: usize, const N: usize> Extent for Multiple<K, N> {
    const STATIC: Option<usize> = Some(K * N);

    fn size(self) -> usize {
        K * N
    }

    fn from_size(size: usize) -> Option<Self> {
        (size == K * N).then_some(Multiple)
    }
}

#[diagnostic::do_not_recommend]
impl<const K: usize, const N: usize> Dim for Multiple<K, N> {}

#[diagnostic::do_not_recommend]
impl<const K: usize, const N: usize> StaticExtent for Multiple<K, N> {
    const VALUE: Self = Multiple;
    const SIZE: usize = K * N;
}
