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
    <S as HasAxis<A>>::Extent: Factor,
    <<S as HasAxis<A>>::Extent as Factor>::Of: Holds<START, LEN>,
    <S as HasAxis<A>>::Extent: RangeFits<
            A,
            START,
            LEN,
            <<<S as HasAxis<A>>::Extent as Factor>::Of as Holds<START, LEN>>::Is,
        >,
{
    type Out = <S as HasAxis<A>>::Replaced<D<LEN>>;
}

/// An axis that has every entry of a range.
#[diagnostic::on_unimplemented(
    message = "narrow: {LEN} entries from {START} on reach beyond axis {A}, which has `{Self}`",
    label = "the range ends after the axis does"
)]
pub trait RangeFits<const A: isize, const START: usize, const LEN: usize, Fits> {}

#[diagnostic::do_not_recommend]
impl<X, const A: isize, const START: usize, const LEN: usize> RangeFits<A, START, LEN, Yes> for X {}

/// Whether this many entries hold the range.
pub trait Holds<const START: usize, const LEN: usize> {
    type Is;
}

impl<const START: usize, const LEN: usize> Holds<START, LEN> for Unknown {
    type Is = Yes;
}

impl<N, const START: usize, const LEN: usize> Holds<START, LEN> for Known<N>
where
    D<START>: Number,
    D<LEN>: Number,
    Of<D<START>>: Add<Of<D<LEN>>>,
    Sum<Of<D<START>>, Of<D<LEN>>>: IsLessOrEqual<N>,
    LeEq<Sum<Of<D<START>>, Of<D<LEN>>>, N>: Answer,
{
    type Is = <LeEq<Sum<Of<D<START>>, Of<D<LEN>>>, N> as Answer>::Is;
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
