//! The extents of axes: `D<N>`, `One`, `Dyn` and the named run-time sizes of `dims!`.

use std::fmt::Debug;
use std::hash::Hash;

/// The extent of one axis: a [`Dim`], or the broadcast axis [`One`].
pub trait Extent: Copy + Eq + Hash + Debug + Send + Sync + 'static {
    /// The size, where the type fixes it.
    const STATIC: Option<usize>;

    /// The full name of a size that `dims!` declares. Two extents with one name are one type.
    const NAME: Option<&'static str> = None;

    /// Whether this is [`One`].
    const BROADCASTS: bool = false;

    /// The size of the axis.
    fn size(self) -> usize;

    /// The extent of this type with the given size; `None` where the type fixes another size.
    fn from_size(size: usize) -> Option<Self>;
}

/// A size that takes part in computations: [`D`], [`Dyn`] or a name from
/// [`dims!`](crate::dims). Everything but [`One`].
///
/// A function that is generic over a size needs this bound and no other.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the size of an axis",
    note = "a size is a literal in `s![..]` (`D<N>`), `Dyn`, or a name from `dims!`; `One`, an axis that broadcasts, has none"
)]
pub trait Dim: Extent {}

/// A size known when the program runs: [`Dyn`], or a name from [`dims!`](crate::dims).
#[diagnostic::on_unimplemented(
    message = "the compiler cannot compute with the size `{Self}`",
    label = "`{Self}` is neither a literal size nor known to be a run-time one",
    note = "a generic size stays an axis of its own, unless it is bounded by `RuntimeDim`"
)]
pub trait RuntimeDim: Dim {
    /// The extent with this size.
    fn new(size: usize) -> Self;
}

/// A size that the type fixes: [`D`] or [`One`].
#[diagnostic::on_unimplemented(
    message = "the size `{Self}` is known only at run time",
    note = "give the shape as a value: `Tensor::zeros_with((Dyn(32), D))`, `x.reshape_with(..)`"
)]
pub trait StaticExtent: Extent {
    /// The only value of the type.
    const VALUE: Self;
    /// The size.
    const SIZE: usize;
}

/// The size `N`, fixed by the type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct D<const N: usize>;

impl<const N: usize> Extent for D<N> {
    const STATIC: Option<usize> = Some(N);

    fn size(self) -> usize {
        N
    }

    fn from_size(size: usize) -> Option<Self> {
        (size == N).then_some(D)
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> Dim for D<N> {}

#[diagnostic::do_not_recommend]
impl<const N: usize> StaticExtent for D<N> {
    const VALUE: Self = D;
    const SIZE: usize = N;
}

/// A broadcast axis: it has size 1 and meets an axis of any size. Written `*` in
/// [`s!`](crate::s).
///
/// It comes from reductions that keep their axis and from `unsqueeze`. `D<1>` is a size that
/// happens to be 1, and does not broadcast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct One;

impl Extent for One {
    const STATIC: Option<usize> = Some(1);
    const BROADCASTS: bool = true;

    fn size(self) -> usize {
        1
    }

    fn from_size(size: usize) -> Option<Self> {
        (size == 1).then_some(One)
    }
}

#[diagnostic::do_not_recommend]
impl StaticExtent for One {
    const VALUE: Self = One;
    const SIZE: usize = 1;
}

/// A size known when the program runs. Two of them meet in an op if they are equal then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dyn(pub usize);

impl Extent for Dyn {
    const STATIC: Option<usize> = None;

    fn size(self) -> usize {
        self.0
    }

    fn from_size(size: usize) -> Option<Self> {
        Some(Dyn(size))
    }
}

#[diagnostic::do_not_recommend]
impl Dim for Dyn {}

#[diagnostic::do_not_recommend]
impl RuntimeDim for Dyn {
    fn new(size: usize) -> Self {
        Dyn(size)
    }
}
