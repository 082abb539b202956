//! Axes made longer at their ends.

use typenum::{Gr, IsGreater, UTerm};

use super::arithmetic::{Answer, Factor, Known, Number, Of, Unknown, Yes};
use super::slice::Holds;
use super::{AddDim, D, Dim, Extent, HasAxis, Shape};

/// A shape whose axis `A` takes `BEFORE` and `AFTER` entries more: `x.pad::<A, BEFORE, AFTER>(0.0)`.
#[diagnostic::on_unimplemented(
    message = "pad: axis {A} of `{Self}` does not take {BEFORE} and {AFTER} entries more"
)]
pub trait Pad<const A: isize, const BEFORE: usize, const AFTER: usize>: HasAxis<A> {
    /// The shape with the longer axis.
    type Out: Shape;
}

impl<S, const A: isize, const BEFORE: usize, const AFTER: usize> Pad<A, BEFORE, AFTER> for S
where
    S: HasAxis<A>,
    S::Extent: PaddedDim<BEFORE, AFTER>,
{
    type Out = S::Replaced<<S::Extent as PaddedDim<BEFORE, AFTER>>::Out>;
}

/// A size that the compiler can add `BEFORE` and `AFTER` to.
#[diagnostic::on_unimplemented(
    message = "the compiler cannot pad an axis of `{Self}` by {BEFORE} and {AFTER}",
    label = "the sum of `{Self}`, {BEFORE} and {AFTER} is asked for here",
    note = "it adds literal sizes from 0 to 1024 and powers of two, and run-time ones; an axis `One` has no size to add"
)]
pub trait PaddedDim<const BEFORE: usize, const AFTER: usize>: Extent {
    /// The sum.
    type Out: Dim;
}

#[diagnostic::do_not_recommend]
impl<X, const BEFORE: usize, const AFTER: usize> PaddedDim<BEFORE, AFTER> for X
where
    X: AddDim<D<BEFORE>>,
    X::Out: AddDim<D<AFTER>>,
{
    type Out = <X::Out as AddDim<D<AFTER>>>::Out;
}

/// A shape whose axis `A` can be padded by its reflection: `x.pad_reflect::<A, BEFORE, AFTER>()`.
#[diagnostic::on_unimplemented(
    message = "pad_reflect: axis {A} of `{Self}` does not reflect {BEFORE} and {AFTER} entries"
)]
pub trait PadReflect<const A: isize, const BEFORE: usize, const AFTER: usize>:
    Pad<A, BEFORE, AFTER>
{
}

impl<S, const A: isize, const BEFORE: usize, const AFTER: usize> PadReflect<A, BEFORE, AFTER> for S
where
    S: Pad<A, BEFORE, AFTER>,
    D<BEFORE>: Number,
    D<AFTER>: Number,
    S::Extent: Factor,
    <S::Extent as Factor>::Of: Exceeds<Of<D<BEFORE>>> + Exceeds<Of<D<AFTER>>>,
    S::Extent: ReflectionFits<
            A,
            BEFORE,
            AFTER,
            <<S::Extent as Factor>::Of as Exceeds<Of<D<BEFORE>>>>::Is,
            <<S::Extent as Factor>::Of as Exceeds<Of<D<AFTER>>>>::Is,
        >,
{
}

/// An axis with enough entries to reflect.
#[diagnostic::on_unimplemented(
    message = "pad_reflect: axis {A} has `{Self}`, too few to reflect {BEFORE} and {AFTER} entries",
    label = "a reflection leaves out the entry at the edge: both paddings are below the size",
    note = "`.pad_circular` takes up to the size of the axis, `.pad_replicate` any number"
)]
pub trait ReflectionFits<
    const A: isize,
    const BEFORE: usize,
    const AFTER: usize,
    FitsBefore,
    FitsAfter,
>
{
}

#[diagnostic::do_not_recommend]
impl<X, const A: isize, const BEFORE: usize, const AFTER: usize>
    ReflectionFits<A, BEFORE, AFTER, Yes, Yes> for X
{
}

/// Whether this many entries are more than `P`.
pub trait Exceeds<P> {
    /// [`Yes`] or [`No`](super::parts::No).
    type Is;
}

impl<P> Exceeds<P> for Unknown {
    type Is = Yes;
}

impl<N, P> Exceeds<P> for Known<N>
where
    N: IsGreater<P>,
    Gr<N, P>: Answer,
{
    type Is = <Gr<N, P> as Answer>::Is;
}

/// A shape whose axis `A` can be padded by its other end: `x.pad_circular::<A, BEFORE, AFTER>()`.
#[diagnostic::on_unimplemented(
    message = "pad_circular: axis {A} of `{Self}` does not go round for {BEFORE} and {AFTER} entries"
)]
pub trait PadCircular<const A: isize, const BEFORE: usize, const AFTER: usize>:
    Pad<A, BEFORE, AFTER>
{
}

impl<S, const A: isize, const BEFORE: usize, const AFTER: usize> PadCircular<A, BEFORE, AFTER> for S
where
    S: Pad<A, BEFORE, AFTER>,
    D<BEFORE>: Number,
    D<AFTER>: Number,
    S::Extent: Factor,
    <S::Extent as Factor>::Of: Holds<UTerm, Of<D<BEFORE>>> + Holds<UTerm, Of<D<AFTER>>>,
    S::Extent: RoundFits<
            A,
            BEFORE,
            AFTER,
            <<S::Extent as Factor>::Of as Holds<UTerm, Of<D<BEFORE>>>>::Is,
            <<S::Extent as Factor>::Of as Holds<UTerm, Of<D<AFTER>>>>::Is,
        >,
{
}

/// An axis with enough entries to go round once.
#[diagnostic::on_unimplemented(
    message = "pad_circular: axis {A} has `{Self}`, too few to go round for {BEFORE} and {AFTER} entries",
    label = "both paddings are at most the size of the axis",
    note = "`.repeat::<A, TIMES>()` goes round more often"
)]
pub trait RoundFits<const A: isize, const BEFORE: usize, const AFTER: usize, FitsBefore, FitsAfter>
{
}

#[diagnostic::do_not_recommend]
impl<X, const A: isize, const BEFORE: usize, const AFTER: usize>
    RoundFits<A, BEFORE, AFTER, Yes, Yes> for X
{
}
