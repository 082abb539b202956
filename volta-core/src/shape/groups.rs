//! Groups of channels that a convolution keeps apart.

use std::marker::PhantomData;

use super::text::Text;
use super::{D, Dim, Extent, MulDim, OutputPad, StaticExtent, Window};

/// How many groups of channels a convolution keeps apart: [`Ungrouped`] or [`Groups`].
pub trait GroupCount: Copy + Send + Sync + 'static {
    /// Their number.
    const GROUPS: usize;
    /// The channels of one group, of `C` in all.
    type Share<const C: usize>: Dim + StaticExtent;
}

/// Every output sees every input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ungrouped;

impl GroupCount for Ungrouped {
    const GROUPS: usize = 1;
    type Share<const C: usize> = D<C>;
}

/// `G` groups of channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Groups<const G: usize>;

impl<const G: usize> GroupCount for Groups<G> {
    const GROUPS: usize = G;
    type Share<const C: usize> = PerGroup<C, G>;
}

/// The size `C / G`, fixed by the type: the channels of one of `G` groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PerGroup<const C: usize, const G: usize>;

impl<const C: usize, const G: usize> Extent for PerGroup<C, G> {
    const STATIC: Option<usize> = Some(Self::SIZE);

    fn size(self) -> usize {
        Self::SIZE
    }

    fn from_size(size: usize) -> Option<Self> {
        (size == Self::SIZE).then_some(PerGroup)
    }
}

#[diagnostic::do_not_recommend]
impl<const C: usize, const G: usize> Dim for PerGroup<C, G> {}

#[diagnostic::do_not_recommend]
impl<const C: usize, const G: usize> StaticExtent for PerGroup<C, G> {
    const VALUE: Self = PerGroup;
    const SIZE: usize = match C.checked_div(G) {
        Some(share) => share,
        None => 0,
    };
}

/// The windows of a convolution: one, or one for each axis, and these in groups of channels by
/// [`Grouped`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a window",
    note = "write `Window<3>`, `(Window<3>, Window<5>)` for height and width, or `Grouped<Window<3>, 4>` for four groups of channels"
)]
pub trait ConvWindows: Copy + Send + Sync + 'static {
    /// The windows without the groups.
    type Windows: Copy + Send + Sync + 'static;
    /// [`Ungrouped`] or [`Groups`].
    type Groups: GroupCount;
}

#[diagnostic::do_not_recommend]
impl<const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize> ConvWindows
    for Window<K, STRIDE, PAD, DILATION>
{
    type Windows = Self;
    type Groups = Ungrouped;
}

#[diagnostic::do_not_recommend]
impl<W: Copy + Send + Sync + 'static, const OUTPUT_PAD: usize> ConvWindows
    for OutputPad<W, OUTPUT_PAD>
{
    type Windows = Self;
    type Groups = Ungrouped;
}

macro_rules! tuple {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Copy + Send + Sync + 'static),*> ConvWindows for ($($axis,)*) {
            type Windows = Self;
            type Groups = Ungrouped;
        }
    };
}

tuple!(H W);
tuple!(D H W);

/// The windows `W` on `G` groups of channels that a convolution keeps apart: as many groups as
/// channels make it depthwise. Groups divide the channels on both sides.
///
/// ```
/// use volta::prelude::*;
///
/// let depthwise: Conv2d<8, 8, Grouped<Window<3, 1, 1>, 8>> = Conv2d::init(&mut Rng::seed(0));
/// assert_eq!(depthwise.weight.dims(), [8, 1, 3, 3]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Grouped<W, const G: usize>(PhantomData<W>);

#[diagnostic::do_not_recommend]
impl<W: ConvWindows<Groups = Ungrouped>, const G: usize> ConvWindows for Grouped<W, G> {
    type Windows = W::Windows;
    type Groups = Groups<G>;
}

/// The channels of one group, of which there are `G`.
#[diagnostic::on_unimplemented(
    message = "the compiler cannot multiply the channels of one group, `{Self}`, by their number",
    note = "it multiplies literal sizes from 0 to 1024 and powers of two, and run-time ones"
)]
pub trait TimesGroups<G: GroupCount>: Dim {
    /// The channels of all groups.
    type Out: Dim;
}

#[diagnostic::do_not_recommend]
impl<C: Dim> TimesGroups<Ungrouped> for C {
    type Out = C;
}

#[diagnostic::do_not_recommend]
impl<C: Dim + MulDim<D<G>>, const G: usize> TimesGroups<Groups<G>> for C {
    type Out = <C as MulDim<D<G>>>::Out;
}

/// Groups that divide the channels, checked when the program is built.
pub(crate) struct Divides<C, G>(PhantomData<(C, G)>);

impl<C: Extent, G: GroupCount> Divides<C, G> {
    pub(crate) const CHECK: () = {
        if let Some(channels) = C::STATIC
            && !divide(channels, G::GROUPS)
        {
            let text = Text::new()
                .number(channels)
                .str(" channels do not divide into ")
                .number(G::GROUPS)
                .str(" groups: a convolution has groups that divide the channels on both sides");
            panic!("{}", text.as_str());
        }
    };
}

/// Whether groups divide channels.
pub(crate) const fn divide(channels: usize, groups: usize) -> bool {
    groups > 0 && channels.is_multiple_of(groups)
}
