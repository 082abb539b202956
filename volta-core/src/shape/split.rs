//! Axes in parts.

use super::{D, Dim, DivDim, Extent, HasAxis, One, Shape, SubDim};

/// A shape whose axis `A` has `FIRST` entries and a rest: `x.split::<A, FIRST>()`.
#[diagnostic::on_unimplemented(
    message = "split: axis {A} of `{Self}` has fewer than {FIRST} entries"
)]
pub trait Split<const A: isize, const FIRST: usize>: HasAxis<A> {
    /// The shape of the first part.
    type First: Shape;
    /// The shape of what is left.
    type Rest: Shape;
}

impl<S, const A: isize, const FIRST: usize> Split<A, FIRST> for S
where
    S: HasAxis<A>,
    S::Extent: SplitDim<A, FIRST>,
{
    type First = S::Replaced<D<FIRST>>;
    type Rest = S::Replaced<<S::Extent as SplitDim<A, FIRST>>::Rest>;
}

/// A size that the compiler can take `FIRST` from.
#[diagnostic::on_unimplemented(
    message = "split: {FIRST} entries cannot be taken off axis {A}, which has `{Self}`",
    label = "{FIRST} is larger than `{Self}`, or the compiler cannot compute with them",
    note = "it subtracts literal sizes from 0 to 1024 and powers of two; `.narrow_as::<A, START, LEN>()` takes a part of any axis"
)]
pub trait SplitDim<const A: isize, const FIRST: usize>: Extent {
    /// What is left.
    type Rest: Dim;
}

#[diagnostic::do_not_recommend]
impl<X: SubDim<D<FIRST>>, const A: isize, const FIRST: usize> SplitDim<A, FIRST> for X {
    type Rest = X::Out;
}

/// A shape whose axis `A` divides into `N` equal parts: `x.chunk::<A, N>()`.
#[diagnostic::on_unimplemented(message = "chunk: axis {A} of `{Self}` has no {N} equal parts")]
pub trait Chunk<const A: isize, const N: usize>: HasAxis<A> {
    /// The shape of one part.
    type Out: Shape;
}

impl<S, const A: isize, const N: usize> Chunk<A, N> for S
where
    S: HasAxis<A>,
    S::Extent: ChunkDim<A, N>,
{
    type Out = S::Replaced<<S::Extent as ChunkDim<A, N>>::Out>;
}

/// A size that `N` divides.
#[diagnostic::on_unimplemented(
    message = "chunk: axis {A}, which has `{Self}`, does not divide into {N} equal parts",
    label = "{N} does not divide `{Self}`, or the compiler cannot compute with them",
    note = "`.split::<A, FIRST>()` takes unequal parts; `.chunks_exact::<A, LEN>()` goes through parts of one length and leaves a remainder"
)]
pub trait ChunkDim<const A: isize, const N: usize>: Extent {
    /// The size of one part.
    type Out: Dim;
}

#[diagnostic::do_not_recommend]
impl<X: DivDim<D<N>>, const A: isize, const N: usize> ChunkDim<A, N> for X {
    type Out = X::Out;
}

/// A shape whose axis `A` has as many entries as its type says: `x.unbind::<A>()`.
#[diagnostic::on_unimplemented(
    message = "unbind: the entries of axis {A} of `{Self}` are not counted by the type"
)]
pub trait Unbind<const A: isize>: HasAxis<A> {
    /// An array of as many.
    type Each<T>;
    /// The array of what a function gives for each entry.
    fn each<T>(part: impl FnMut(usize) -> T) -> Self::Each<T>;
}

impl<S, const A: isize> Unbind<A> for S
where
    S: HasAxis<A>,
    S::Extent: CountedDim<A>,
{
    type Each<T> = <S::Extent as CountedDim<A>>::Each<T>;
    fn each<T>(part: impl FnMut(usize) -> T) -> Self::Each<T> {
        <S::Extent as CountedDim<A>>::each(part)
    }
}

/// A size that an array can have.
#[diagnostic::on_unimplemented(
    message = "unbind: axis {A} has `{Self}`, which is no literal size",
    label = "an array has a literal number of parts",
    note = "`.iter_axis::<A>()` goes through the entries of any axis"
)]
pub trait CountedDim<const A: isize>: Extent {
    /// An array of as many.
    type Each<T>;
    /// The array of what a function gives for each entry.
    fn each<T>(part: impl FnMut(usize) -> T) -> Self::Each<T>;
}

#[diagnostic::do_not_recommend]
impl<const A: isize, const N: usize> CountedDim<A> for D<N> {
    type Each<T> = [T; N];
    fn each<T>(part: impl FnMut(usize) -> T) -> [T; N] {
        std::array::from_fn(part)
    }
}

#[diagnostic::do_not_recommend]
impl<const A: isize> CountedDim<A> for One {
    type Each<T> = [T; 1];
    fn each<T>(part: impl FnMut(usize) -> T) -> [T; 1] {
        std::array::from_fn(part)
    }
}
