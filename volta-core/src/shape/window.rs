//! Windows that slide along an axis: convolution and pooling.

use std::ops::{Add, BitAnd, Div, Mul, Sub};

use typenum::{And, Diff, GrEq, IsGreaterOrEqual, Prod, Quot, Sum, U1};

use super::arithmetic::{Answer, Factor, Known, No, Number, Of, Settle, Unknown, Yes};
use super::{D, Dim};

/// A window of `K` entries, `DILATION` apart, that moves by `STRIDE` on an axis with `PAD`
/// entries added on each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Window<
    const K: usize,
    const STRIDE: usize = 1,
    const PAD: usize = 0,
    const DILATION: usize = 1,
>;

/// A [`Window`] on one axis.
pub trait Window1: Copy + Send + Sync + 'static {
    /// The number of entries.
    const K: usize;
    /// The step from one place to the next.
    const STRIDE: usize;
    /// The entries added on each side of the axis.
    const PAD: usize;
    /// The distance of neighbouring entries.
    const DILATION: usize;
}

impl<const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize> Window1
    for Window<K, STRIDE, PAD, DILATION>
{
    const K: usize = K;
    const STRIDE: usize = STRIDE;
    const PAD: usize = PAD;
    const DILATION: usize = DILATION;
}

/// Windows on two axes: a [`Window`] for both, or a pair for height and width.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a window on two axes",
    note = "write `Window<3>` for a square one, or `(Window<3>, Window<5>)` for height and width"
)]
pub trait Windows2: Copy + Send + Sync + 'static {
    /// The window on the height.
    type H: Window1;
    /// The window on the width.
    type W: Window1;
}

impl<const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize> Windows2
    for Window<K, STRIDE, PAD, DILATION>
{
    type H = Self;
    type W = Self;
}

impl<H: Window1, W: Window1> Windows2 for (H, W) {
    type H = H;
    type W = W;
}

/// An axis on which the window `W` finds room:
/// `floor((size + 2 PAD - DILATION (K - 1) - 1) / STRIDE) + 1` places.
#[diagnostic::on_unimplemented(
    message = "the window `{W}` does not fit an axis of `{Self}`",
    label = "`Window<K, STRIDE, PAD, DILATION>` on an axis of `{Self}`",
    note = "a larger padding or a smaller window makes it fit"
)]
pub trait Windowed<W: Window1>: Dim {
    /// The number of places, `Dyn` on an axis whose size is known at run time only.
    type Out: Dim;
}

impl<X, const K: usize, const S: usize, const P: usize, const DIL: usize>
    Windowed<Window<K, S, P, DIL>> for X
where
    X: Dim + Factor,
    X::Of: Slide<K, S, P, DIL>,
    X: WindowFits<K, S, P, DIL, <X::Of as Slide<K, S, P, DIL>>::Fits>,
    X: PlacesInTable<K, S, P, DIL, InTable<<X::Of as Slide<K, S, P, DIL>>::Places>>,
{
    type Out = <<X::Of as Slide<K, S, P, DIL>>::Places as Settle>::Dim;
}

type InTable<Size> = <Size as Settle>::InTable;

/// An axis that the transposed convolution with the window `W` widens, to
/// `(size - 1) STRIDE - 2 PAD + DILATION (K - 1) + OUTPUT_PAD + 1`.
#[diagnostic::on_unimplemented(
    message = "the transposed window `{W}` leaves nothing of an axis of `{Self}`",
    label = "`Window<K, STRIDE, PAD, DILATION>` on an axis of `{Self}`",
    note = "a smaller padding leaves more"
)]
pub trait ConvTransposed<W: Window1, const OUTPUT_PAD: usize>: Dim {
    /// The size of the result, `Dyn` for an axis whose size is known at run time only.
    type Out: Dim;
}

impl<X, const K: usize, const S: usize, const P: usize, const DIL: usize, const OP: usize>
    ConvTransposed<Window<K, S, P, DIL>, OP> for X
where
    X: Dim + Factor,
    X::Of: Widen<K, S, P, DIL, OP>,
    X: WindowLeaves<K, S, P, DIL, OP, <X::Of as Widen<K, S, P, DIL, OP>>::Fits>,
    X: PlacesInTable<K, S, P, DIL, InTable<<X::Of as Widen<K, S, P, DIL, OP>>::Size>>,
{
    type Out = <<X::Of as Widen<K, S, P, DIL, OP>>::Size as Settle>::Dim;
}

/// An axis on which a window fits.
#[diagnostic::on_unimplemented(
    message = "a window of {K} (padding {P}, stride {S}, dilation {DIL}) does not fit an axis of `{Self}`",
    label = "the window reaches beyond the axis",
    note = "a larger padding or a smaller window makes it fit; the stride is one at least"
)]
pub trait WindowFits<const K: usize, const S: usize, const P: usize, const DIL: usize, Fits> {}

#[diagnostic::do_not_recommend]
impl<X: Dim, const K: usize, const S: usize, const P: usize, const DIL: usize>
    WindowFits<K, S, P, DIL, Yes> for X
{
}

/// An axis of which a transposed convolution leaves something.
#[diagnostic::on_unimplemented(
    message = "a transposed window of {K} (padding {P}, stride {S}, dilation {DIL}, output padding {OP}) leaves nothing of an axis of `{Self}`",
    label = "the padding takes everything",
    note = "a smaller padding leaves more"
)]
pub trait WindowLeaves<
    const K: usize,
    const S: usize,
    const P: usize,
    const DIL: usize,
    const OP: usize,
    Fits,
>
{
}

#[diagnostic::do_not_recommend]
impl<X: Dim, const K: usize, const S: usize, const P: usize, const DIL: usize, const OP: usize>
    WindowLeaves<K, S, P, DIL, OP, Yes> for X
{
}

/// An axis on which a window gives a size that the table holds.
#[diagnostic::on_unimplemented(
    message = "a window of {K} (padding {P}, stride {S}, dilation {DIL}) on an axis of `{Self}` gives a size beyond 16383",
    label = "the compiler computes sizes up to 16383",
    note = "make the axis a run-time one, such as `Dyn`: its size is computed when the program runs"
)]
pub trait PlacesInTable<const K: usize, const S: usize, const P: usize, const DIL: usize, InTable> {}

#[diagnostic::do_not_recommend]
impl<X: Dim, const K: usize, const S: usize, const P: usize, const DIL: usize>
    PlacesInTable<K, S, P, DIL, Yes> for X
{
}

/// The places of a window on an axis of this size.
pub trait Slide<const K: usize, const S: usize, const P: usize, const DIL: usize> {
    type Fits;
    /// Their number; anything where the window does not fit, for that is reported elsewhere.
    type Places: Settle;
}

impl<const K: usize, const S: usize, const P: usize, const DIL: usize> Slide<K, S, P, DIL>
    for Unknown
{
    type Fits = Yes;
    type Places = Unknown;
}

/// `size + 2 P + DIL`: what a window of `DIL K + 1` has to fit in.
type Room<N, P, DIL> = Sum<Sum<N, Sum<P, P>>, DIL>;
type Need<K, DIL> = Sum<Prod<DIL, K>, U1>;

impl<N, const K: usize, const S: usize, const P: usize, const DIL: usize> Slide<K, S, P, DIL>
    for Known<N>
where
    D<K>: Number,
    D<S>: Number,
    D<P>: Number,
    D<DIL>: Number,
    Of<D<P>>: Add<Of<D<P>>>,
    N: Add<Sum<Of<D<P>>, Of<D<P>>>>,
    Sum<N, Sum<Of<D<P>>, Of<D<P>>>>: Add<Of<D<DIL>>>,
    Of<D<DIL>>: Mul<Of<D<K>>>,
    Prod<Of<D<DIL>>, Of<D<K>>>: Add<U1>,
    Room<N, Of<D<P>>, Of<D<DIL>>>: Places<Need<Of<D<K>>, Of<D<DIL>>>, Of<D<S>>>,
{
    type Fits =
        <Room<N, Of<D<P>>, Of<D<DIL>>> as Places<Need<Of<D<K>>, Of<D<DIL>>>, Of<D<S>>>>::Fits;
    type Places =
        <Room<N, Of<D<P>>, Of<D<DIL>>> as Places<Need<Of<D<K>>, Of<D<DIL>>>, Of<D<S>>>>::Number;
}

/// The places of something as long as `Need` in this room, `S` apart.
pub trait Places<Need, S> {
    type Fits;
    type Number: Settle;
}

type FitsIn<Room, Need, S> = <And<GrEq<Room, Need>, GrEq<S, U1>> as Answer>::Is;

impl<Room, Need, S> Places<Need, S> for Room
where
    Room: IsGreaterOrEqual<Need>,
    S: IsGreaterOrEqual<U1>,
    GrEq<Room, Need>: BitAnd<GrEq<S, U1>>,
    And<GrEq<Room, Need>, GrEq<S, U1>>: Answer,
    Room: PlacesIf<Need, S, FitsIn<Room, Need, S>>,
{
    type Fits = FitsIn<Room, Need, S>;
    type Number = <Room as PlacesIf<Need, S, FitsIn<Room, Need, S>>>::Number;
}

/// [`Places`] under a condition.
pub trait PlacesIf<Need, S, Fits> {
    type Number: Settle;
}

impl<Room, Need, S> PlacesIf<Need, S, No> for Room {
    type Number = Unknown;
}

impl<Room, Need, S> PlacesIf<Need, S, Yes> for Room
where
    Room: Sub<Need>,
    Diff<Room, Need>: Div<S>,
    Quot<Diff<Room, Need>, S>: Add<U1>,
    Known<Sum<Quot<Diff<Room, Need>, S>, U1>>: Settle,
{
    type Number = Known<Sum<Quot<Diff<Room, Need>, S>, U1>>;
}

/// The size that a transposed convolution makes of this one.
pub trait Widen<const K: usize, const S: usize, const P: usize, const DIL: usize, const OP: usize> {
    type Fits;
    /// The size; anything where nothing is left, for that is reported elsewhere.
    type Size: Settle;
}

impl<const K: usize, const S: usize, const P: usize, const DIL: usize, const OP: usize>
    Widen<K, S, P, DIL, OP> for Unknown
{
    type Fits = Yes;
    type Size = Unknown;
}

/// `size S + DIL K + OP`: the result and what the padding takes from it.
type Full<N, K, S, DIL, OP> = Sum<Sum<Prod<N, S>, Prod<DIL, K>>, OP>;
/// `S + 2 P + DIL`.
type Lost<S, P, DIL> = Sum<Sum<S, Sum<P, P>>, DIL>;

impl<N, const K: usize, const S: usize, const P: usize, const DIL: usize, const OP: usize>
    Widen<K, S, P, DIL, OP> for Known<N>
where
    D<K>: Number,
    D<S>: Number,
    D<P>: Number,
    D<DIL>: Number,
    D<OP>: Number,
    N: Mul<Of<D<S>>>,
    Of<D<DIL>>: Mul<Of<D<K>>>,
    Prod<N, Of<D<S>>>: Add<Prod<Of<D<DIL>>, Of<D<K>>>>,
    Sum<Prod<N, Of<D<S>>>, Prod<Of<D<DIL>>, Of<D<K>>>>: Add<Of<D<OP>>>,
    Of<D<P>>: Add<Of<D<P>>>,
    Of<D<S>>: Add<Sum<Of<D<P>>, Of<D<P>>>>,
    Sum<Of<D<S>>, Sum<Of<D<P>>, Of<D<P>>>>: Add<Of<D<DIL>>>,
    // One entry more than what is lost, each a place of its own: the size is their number.
    Full<N, Of<D<K>>, Of<D<S>>, Of<D<DIL>>, Of<D<OP>>>:
        Places<Lost<Of<D<S>>, Of<D<P>>, Of<D<DIL>>>, U1>,
{
    type Fits = <Full<N, Of<D<K>>, Of<D<S>>, Of<D<DIL>>, Of<D<OP>>> as Places<
        Lost<Of<D<S>>, Of<D<P>>, Of<D<DIL>>>,
        U1,
    >>::Fits;
    type Size = <Full<N, Of<D<K>>, Of<D<S>>, Of<D<DIL>>, Of<D<OP>>> as Places<
        Lost<Of<D<S>>, Of<D<P>>, Of<D<DIL>>>,
        U1,
    >>::Number;
}
