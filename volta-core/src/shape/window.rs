//! Windows that slide along an axis: convolution and pooling.

use std::marker::PhantomData;
use std::ops::{Add, BitAnd, Div, Mul, Sub};

use typenum::{And, Diff, GrEq, IsGreaterOrEqual, Prod, Quot, Sum, U1};

use super::arithmetic::{Answer, Factor, Known, No, Number, Of, Settle, Unknown, Yes};
use super::{ConvWindows, D, Dim, StaticExtent, Ungrouped};

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
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a window on one axis",
    note = "write `Window<K, STRIDE, PAD, DILATION>`"
)]
pub trait Window1: ConvWindows<Windows = Self, Groups = Ungrouped> {
    /// The number of entries.
    const K: usize;
    /// The step from one place to the next.
    const STRIDE: usize;
    /// The entries added on each side of the axis.
    const PAD: usize;
    /// The distance of neighbouring entries.
    const DILATION: usize;
    /// [`K`](Self::K) as the size of an axis: `D<K>`.
    type Kernel: Dim + StaticExtent;
}

impl<const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize> Window1
    for Window<K, STRIDE, PAD, DILATION>
{
    const K: usize = K;
    const STRIDE: usize = STRIDE;
    const PAD: usize = PAD;
    const DILATION: usize = DILATION;
    type Kernel = D<K>;
}

/// Windows on two axes: a [`Window`] for both, or a pair for height and width.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a window on two axes",
    note = "write `Window<3>` for a square one, or `(Window<3>, Window<5>)` for height and width"
)]
pub trait Windows2: ConvWindows<Windows = Self, Groups = Ungrouped> {
    /// The window on the height.
    type H: Window1;
    /// The window on the width.
    type W: Window1;
}

#[diagnostic::do_not_recommend]
impl<const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize> Windows2
    for Window<K, STRIDE, PAD, DILATION>
{
    type H = Self;
    type W = Self;
}

#[diagnostic::do_not_recommend]
impl<H: Window1, W: Window1> Windows2 for (H, W) {
    type H = H;
    type W = W;
}

/// Windows on three axes: a [`Window`] for all, or a triple for depth, height and width.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a window on three axes",
    note = "write `Window<3>` for a cube, or `(Window<1>, Window<3>, Window<3>)` for depth, height and width"
)]
pub trait Windows3: ConvWindows<Windows = Self, Groups = Ungrouped> {
    /// The window on the depth.
    type D: Window1;
    /// The window on the height.
    type H: Window1;
    /// The window on the width.
    type W: Window1;
}

#[diagnostic::do_not_recommend]
impl<const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize> Windows3
    for Window<K, STRIDE, PAD, DILATION>
{
    type D = Self;
    type H = Self;
    type W = Self;
}

#[diagnostic::do_not_recommend]
impl<D: Window1, H: Window1, W: Window1> Windows3 for (D, H, W) {
    type D = D;
    type H = H;
    type W = W;
}

/// The window `W` of a transposed convolution whose result is `P` entries longer at its end
/// (`output_padding` of `torch.nn.ConvTranspose2d`): less than the stride or the dilation.
///
/// A stride of 2 makes axes of 27 and of 28 both 14 long; this says which of them comes back.
///
/// ```
/// use volta::prelude::*;
///
/// let up: ConvTranspose2d<8, 4, OutputPad<Window<3, 2, 1>, 1>> =
///     ConvTranspose2d::init(&mut Rng::seed(0));
/// let x: Tensor<s![2, 8, 14, 14]> = Tensor::zeros();
/// let y: Tensor<s![2, 4, 28, 28]> = up.forward(&x);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OutputPad<W, const P: usize>(PhantomData<W>);

/// The window of a transposed convolution on one axis: a [`Window`], or one with an [`OutputPad`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transposed window on one axis",
    note = "write `Window<K, STRIDE, PAD, DILATION>`, or `OutputPad<Window<3, 2, 1>, 1>`"
)]
pub trait TransposedWindow1: ConvWindows<Windows = Self, Groups = Ungrouped> {
    /// The window.
    type Window: Window1;
    /// The entries by which the result is longer.
    const OUTPUT_PAD: usize;
}

#[diagnostic::do_not_recommend]
impl<const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize> TransposedWindow1
    for Window<K, STRIDE, PAD, DILATION>
{
    type Window = Self;
    const OUTPUT_PAD: usize = 0;
}

#[diagnostic::do_not_recommend]
impl<W: Window1, const P: usize> TransposedWindow1 for OutputPad<W, P> {
    type Window = W;
    const OUTPUT_PAD: usize = P;
}

/// The windows of a transposed convolution on two axes: one for both, or a pair for height and
/// width.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transposed window on two axes",
    note = "write `Window<4, 2, 1>`, `OutputPad<Window<3, 2, 1>, 1>`, or a pair of them for height and width"
)]
pub trait TransposedWindows2: ConvWindows<Windows = Self, Groups = Ungrouped> {
    /// The window on the height.
    type H: TransposedWindow1;
    /// The window on the width.
    type W: TransposedWindow1;
}

#[diagnostic::do_not_recommend]
impl<const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize>
    TransposedWindows2 for Window<K, STRIDE, PAD, DILATION>
{
    type H = Self;
    type W = Self;
}

#[diagnostic::do_not_recommend]
impl<W: Window1, const P: usize> TransposedWindows2 for OutputPad<W, P> {
    type H = Self;
    type W = Self;
}

#[diagnostic::do_not_recommend]
impl<H: TransposedWindow1, W: TransposedWindow1> TransposedWindows2 for (H, W) {
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
    D<K>: Number,
    D<S>: Number,
    D<P>: Number,
    D<DIL>: Number,
    X::Of: Slide<Of<D<K>>, Of<D<S>>, Of<D<P>>, Of<D<DIL>>>,
    X: WindowFits<K, S, P, DIL, <X::Of as Slide<Of<D<K>>, Of<D<S>>, Of<D<P>>, Of<D<DIL>>>>::Fits>,
    X: PlacesInTable<
            K,
            S,
            P,
            DIL,
            InTable<<X::Of as Slide<Of<D<K>>, Of<D<S>>, Of<D<P>>, Of<D<DIL>>>>::Places>,
        >,
{
    type Out = <<X::Of as Slide<Of<D<K>>, Of<D<S>>, Of<D<P>>, Of<D<DIL>>>>::Places as Settle>::Dim;
}

type InTable<Size> = <Size as Settle>::InTable;

/// An axis that the transposed convolution with the window `W` widens, to
/// `(size - 1) STRIDE - 2 PAD + DILATION (K - 1) + OUTPUT_PAD + 1`.
#[diagnostic::on_unimplemented(
    message = "the transposed window `{W}` leaves nothing of an axis of `{Self}`",
    label = "`Window<K, STRIDE, PAD, DILATION>` on an axis of `{Self}`",
    note = "a smaller padding leaves more"
)]
pub trait ConvTransposed<W: TransposedWindow1>: Dim {
    /// The size of the result, `Dyn` for an axis whose size is known at run time only.
    type Out: Dim;
}

impl<X, const K: usize, const S: usize, const P: usize, const DIL: usize, const OP: usize>
    ConvTransposed<OutputPad<Window<K, S, P, DIL>, OP>> for X
where
    X: Dim + Factor,
    D<K>: Number,
    D<S>: Number,
    D<P>: Number,
    D<DIL>: Number,
    D<OP>: Number,
    X::Of: Widen<Of<D<K>>, Of<D<S>>, Of<D<P>>, Of<D<DIL>>, Of<D<OP>>>,
    X: WindowLeaves<
            K,
            S,
            P,
            DIL,
            OP,
            <X::Of as Widen<Of<D<K>>, Of<D<S>>, Of<D<P>>, Of<D<DIL>>, Of<D<OP>>>>::Fits,
        >,
    X: PlacesInTable<
            K,
            S,
            P,
            DIL,
            InTable<<X::Of as Widen<Of<D<K>>, Of<D<S>>, Of<D<P>>, Of<D<DIL>>, Of<D<OP>>>>::Size>,
        >,
{
    type Out = <<X::Of as Widen<Of<D<K>>, Of<D<S>>, Of<D<P>>, Of<D<DIL>>, Of<D<OP>>>>::Size as Settle>::Dim;
}

impl<X, const K: usize, const S: usize, const P: usize, const DIL: usize>
    ConvTransposed<Window<K, S, P, DIL>> for X
where
    X: ConvTransposed<OutputPad<Window<K, S, P, DIL>, 0>>,
{
    type Out = <X as ConvTransposed<OutputPad<Window<K, S, P, DIL>, 0>>>::Out;
}

/// An axis on which a window fits.
#[diagnostic::on_unimplemented(
    message = "a window of {K} (padding {P}, stride {S}, dilation {DIL}) does not fit an axis of `{Self}`",
    label = "the window does not fit the axis",
    note = "a larger padding or a smaller window makes it fit; window and stride are one at least"
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
pub trait Slide<K, S, P, DIL> {
    /// Whether there is a place at all.
    type Fits;
    /// Their number; anything where the window does not fit, for that is reported elsewhere.
    type Places: Settle;
}

impl<K, S, P, DIL> Slide<K, S, P, DIL> for Unknown {
    type Fits = Yes;
    type Places = Unknown;
}

/// `size + 2 P + DIL`: what a window of `DIL K + 1` has to fit in.
type Room<N, P, DIL> = Sum<Sum<N, Sum<P, P>>, DIL>;
type Need<K, DIL> = Sum<Prod<DIL, K>, U1>;

impl<N, K, S, P, DIL> Slide<K, S, P, DIL> for Known<N>
where
    P: Add<P>,
    N: Add<Sum<P, P>>,
    Sum<N, Sum<P, P>>: Add<DIL>,
    DIL: Mul<K>,
    S: Mul<K>,
    Prod<DIL, K>: Add<U1>,
    Room<N, P, DIL>: Places<Need<K, DIL>, S, Prod<S, K>>,
{
    type Fits = <Room<N, P, DIL> as Places<Need<K, DIL>, S, Prod<S, K>>>::Fits;
    type Places = <Room<N, P, DIL> as Places<Need<K, DIL>, S, Prod<S, K>>>::Number;
}

/// The places of something as long as `Need` in this room, `S` apart. `Positive` is a product of
/// what may not be 0.
pub trait Places<Need, S, Positive> {
    type Fits;
    type Number: Settle;
}

type FitsIn<Room, Need, Positive> = <And<GrEq<Room, Need>, GrEq<Positive, U1>> as Answer>::Is;

impl<Room, Need, S, Positive> Places<Need, S, Positive> for Room
where
    Room: IsGreaterOrEqual<Need>,
    Positive: IsGreaterOrEqual<U1>,
    GrEq<Room, Need>: BitAnd<GrEq<Positive, U1>>,
    And<GrEq<Room, Need>, GrEq<Positive, U1>>: Answer,
    Room: PlacesIf<Need, S, FitsIn<Room, Need, Positive>>,
{
    type Fits = FitsIn<Room, Need, Positive>;
    type Number = <Room as PlacesIf<Need, S, FitsIn<Room, Need, Positive>>>::Number;
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
pub trait Widen<K, S, P, DIL, OP> {
    /// Whether anything is left.
    type Fits;
    /// The size; anything where nothing is left, for that is reported elsewhere.
    type Size: Settle;
}

impl<K, S, P, DIL, OP> Widen<K, S, P, DIL, OP> for Unknown {
    type Fits = Yes;
    type Size = Unknown;
}

/// `size S + DIL K + OP`: the result and what is lost of it.
type Full<N, K, S, DIL, OP> = Sum<Sum<Prod<N, S>, Prod<DIL, K>>, OP>;
/// `S + 2 P + DIL`.
type Lost<S, P, DIL> = Sum<Sum<S, Sum<P, P>>, DIL>;

// A window as long as what is lost has as many places in the full size as entries remain.
impl<N, K, S, P, DIL, OP> Widen<K, S, P, DIL, OP> for Known<N>
where
    N: Mul<S> + Mul<K>,
    DIL: Mul<K>,
    Prod<N, S>: Add<Prod<DIL, K>>,
    Sum<Prod<N, S>, Prod<DIL, K>>: Add<OP>,
    P: Add<P>,
    S: Add<Sum<P, P>>,
    Sum<S, Sum<P, P>>: Add<DIL>,
    Full<N, K, S, DIL, OP>: Places<Lost<S, P, DIL>, U1, Prod<N, K>>,
{
    type Fits = <Full<N, K, S, DIL, OP> as Places<Lost<S, P, DIL>, U1, Prod<N, K>>>::Fits;
    type Size = <Full<N, K, S, DIL, OP> as Places<Lost<S, P, DIL>, U1, Prod<N, K>>>::Number;
}
