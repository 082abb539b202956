//! Windows along an axis as an axis of their own.

use super::{D, HasAxis, Insert, Shape, Window, Windowed};

/// A shape with room for windows of `SIZE` entries, `STEP` apart, on axis `A`:
/// `x.unfold::<A, SIZE, STEP>()`.
#[diagnostic::on_unimplemented(
    message = "unfold: windows of {SIZE} entries, {STEP} apart, do not fit axis {A} of `{Self}`"
)]
pub trait Unfold<const A: isize, const SIZE: usize, const STEP: usize>: HasAxis<A> {
    /// The shape with the number of windows in place of the axis, and the window as the last axis.
    type Out: Shape;
}

impl<S, const A: isize, const SIZE: usize, const STEP: usize> Unfold<A, SIZE, STEP> for S
where
    S: HasAxis<A>,
    S::Extent: Windowed<Window<SIZE, STEP>>,
    S::Replaced<<S::Extent as Windowed<Window<SIZE, STEP>>>::Out>: Insert<-1>,
{
    type Out =
        <S::Replaced<<S::Extent as Windowed<Window<SIZE, STEP>>>::Out> as Insert<-1>>::Inserted<
            D<SIZE>,
        >;
}
