//! A range of an axis.

use std::ops::Add;

use typenum::{IsLessOrEqual, LeEq, Sum};

use super::arithmetic::{Answer, Factor, Known, Number, Of, Unknown, Yes};
use super::text::Text;
use super::{D, HasAxis, Shape};

/// A shape whose axis `A` has `LEN` entries from `START` on: `x.narrow::<A, START, LEN>()`. An
/// axis known at run time only is checked then.
#[diagnostic::on_unimplemented(
    message = "narrow: {LEN} entries from {START} on reach beyond axis {A} of `{Self}`"
)]
pub trait Narrow<const A: isize, const START: usize, const LEN: usize>: HasAxis<A> {
    /// The shape with `D<LEN>` in place of the axis.
    type Out: Shape;
}

impl<S, const A: isize, const START: usize, const LEN: usize> Narrow<A, START, LEN> for S
where
    S: HasAxis<A>,
    D<START>: Number,
    D<LEN>: Number,
    S::Extent: Factor,
    <S::Extent as Factor>::Of: Holds<Of<D<START>>, Of<D<LEN>>>,
    S::Extent: RangeFits<A, START, LEN, <<S::Extent as Factor>::Of as Holds<Of<D<START>>, Of<D<LEN>>>>::Is>,
{
    type Out = S::Replaced<D<LEN>>;
}

/// An axis that has every entry of a range.
#[diagnostic::on_unimplemented(
    message = "narrow: {LEN} entries from {START} on reach beyond axis {A}, which has `{Self}`",
    label = "the range ends after the axis does",
    note = "the sum of START and LEN is at most the size of the axis"
)]
pub trait RangeFits<const A: isize, const START: usize, const LEN: usize, Fits> {}

#[diagnostic::do_not_recommend]
impl<X, const A: isize, const START: usize, const LEN: usize> RangeFits<A, START, LEN, Yes> for X {}

/// Whether this many entries hold the range.
pub trait Holds<Start, Len> {
    /// Whether the range is within the axis.
    type Is;
}

impl<Start, Len> Holds<Start, Len> for Unknown {
    type Is = Yes;
}

impl<N, Start, Len> Holds<Start, Len> for Known<N>
where
    Start: Add<Len>,
    Sum<Start, Len>: IsLessOrEqual<N>,
    LeEq<Sum<Start, Len>, N>: Answer,
{
    type Is = <LeEq<Sum<Start, Len>, N> as Answer>::Is;
}

/// [`Narrow`] for sizes that the compiler cannot compute with: the range is checked when the
/// program is built, by [`CHECK`](Self::CHECK).
pub trait NarrowAs<const A: isize, const START: usize, const LEN: usize>: HasAxis<A> {
    /// Fails to build if the range reaches beyond the axis. The op must name it.
    const CHECK: ();
    /// The shape with `D<LEN>` in place of the axis.
    type Out: Shape;
}

impl<S: HasAxis<A>, const A: isize, const START: usize, const LEN: usize> NarrowAs<A, START, LEN>
    for S
{
    const CHECK: () = {
        if let Some(size) = S::STATIC[S::INDEX]
            && START + LEN > size
        {
            let text = Text::new()
                .str("narrow: ")
                .number(LEN)
                .str(" entries from ")
                .number(START)
                .str(" on reach beyond axis ")
                .number(S::INDEX)
                .str(" of ")
                .shape(S::STATIC, S::NAMES);
            panic!("{}", text.as_str());
        }
    };
    type Out = S::Replaced<D<LEN>>;
}
