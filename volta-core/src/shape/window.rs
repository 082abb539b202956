//! Windows that slide along an axis: convolution and pooling.

use std::ops::{Add, Div, Mul, Sub};

use typenum::{B1, Diff, IsGreaterOrEqual, IsLess, Le, Prod, Quot, Sub1, Sum, U1, U16384};

use super::arithmetic::{Answer, No, Number, Of, ToDimIf, Yes};
use super::{D, Dim, Dyn, Extent, RuntimeDim, Shape};

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
    note = "`Window<K, STRIDE, PAD, DILATION>`: a larger PAD or a smaller K gives it room"
)]
pub trait Windowed<W>: Dim {
    /// The number of places, `Dyn` on an axis whose size is known at run time only.
    type Out: Dim;
}

#[diagnostic::do_not_recommend]
impl<X: RuntimeDim, W: Window1> Windowed<W> for X {
    type Out = Dyn;
}

/// `size + 2 PAD`.
type Padded<const N: usize, const P: usize> = Sum<Sum<Of<D<N>>, Of<D<P>>>, Of<D<P>>>;
/// `DILATION (K - 1) + 1`.
type Reach<const K: usize, const DIL: usize> = Sum<Prod<Sub1<Of<D<K>>>, Of<D<DIL>>>, U1>;

/// Whether a window with this reach finds room; if so, the number of places.
pub trait Places<Reach, Stride, Fits> {
    type InTable;
    type Dim: Dim;
}

impl<Padded, Reach, Stride> Places<Reach, Stride, No> for Padded {
    type InTable = Yes;
    type Dim = Dyn;
}

impl<Padded, Reach, Stride> Places<Reach, Stride, Yes> for Padded
where
    Padded: Sub<Reach>,
    Diff<Padded, Reach>: Div<Stride>,
    Quot<Diff<Padded, Reach>, Stride>: Add<U1>,
    Sum<Quot<Diff<Padded, Reach>, Stride>, U1>: IsLess<U16384>,
    Le<Sum<Quot<Diff<Padded, Reach>, Stride>, U1>, U16384>: Answer,
    Sum<Quot<Diff<Padded, Reach>, Stride>, U1>: ToDimIf<
        <Le<Sum<Quot<Diff<Padded, Reach>, Stride>, U1>, U16384> as Answer>::Is,
    >,
{
    type InTable = <Le<Sum<Quot<Diff<Padded, Reach>, Stride>, U1>, U16384> as Answer>::Is;
    type Dim = <Sum<Quot<Diff<Padded, Reach>, Stride>, U1> as ToDimIf<
        <Le<Sum<Quot<Diff<Padded, Reach>, Stride>, U1>, U16384> as Answer>::Is,
    >>::Dim;
}

type Fit<const N: usize, const K: usize, const P: usize, const DIL: usize> =
    <typenum::GrEq<Padded<N, P>, Reach<K, DIL>> as Answer>::Is;
type PlacesOf<const N: usize, const K: usize, const S: usize, const P: usize, const DIL: usize> =
    Padded<N, P>;

/// An axis on which a window fits.
#[diagnostic::on_unimplemented(
    message = "a window of {K} (padding {P}, dilation {DIL}) does not fit an axis of `{Self}`",
    label = "the window reaches beyond the axis",
    note = "`Window<K, STRIDE, PAD, DILATION>`: a larger PAD or a smaller K gives it room"
)]
pub trait WindowFits<const K: usize, const P: usize, const DIL: usize, Fits> {}

#[diagnostic::do_not_recommend]
impl<const N: usize, const K: usize, const P: usize, const DIL: usize> WindowFits<K, P, DIL, Yes>
    for D<N>
{
}

/// An axis on which a window finds a number of places that the table holds.
#[diagnostic::on_unimplemented(
    message = "a window on an axis of `{Self}` gives a size beyond 16383",
    label = "the compiler computes sizes up to 16383",
    note = "make the axis a run-time one (`Dyn`): its size is computed when the program runs"
)]
pub trait WindowInTable<InTable> {}

#[diagnostic::do_not_recommend]
impl<const N: usize> WindowInTable<Yes> for D<N> {}

/// A window of some entries at some distance.
#[diagnostic::on_unimplemented(
    message = "a window has one entry at least, and a stride and a dilation of one at least",
    label = "this window has {K} entries, a stride of {S} and a dilation of {DIL}"
)]
pub trait Sound<const K: usize, const S: usize, const DIL: usize> {}
