//! Shapes as types: tuples of extents, and the relations between them.

mod along;
mod arithmetic;
mod attention;
mod axes;
mod axis;
mod broadcast;
mod channels;
mod concat;
mod conv;
mod convert;
mod diagonal;
mod dim;
mod flatten;
mod groups;
#[doc(hidden)]
pub mod hole;
mod macros;
mod matmul;
mod multiple;
mod one_hot;
mod pad;
mod permute;
pub mod private;
mod repeat;
mod reshape;
mod residual;
mod resize;
pub mod runtime;
mod shuffle;
mod slice;
mod split;
pub(crate) mod text;
mod top;
mod trailing;
mod unfold;
mod vector;
mod window;

pub use along::Along;
pub use arithmetic::{AddDim, DivDim, MinDim, MulDim, RemDim, SubDim};
pub use attention::Attend;
pub use axes::HasAxes;
pub use axis::{Axis, HasAxis};
pub use broadcast::{Broadcast, BroadcastExtent, ExpandTo};
pub use channels::{
    Channelled, ChannelledOf, Features, FeaturesOf, Images, ImagesOf, Instances, InstancesOf,
    Signals, SignalsOf, Volumes, VolumesOf,
};
pub use concat::{AppendTo, Stack};
pub use conv::{
    Channels, Conv1dShape, Conv2dShape, Conv3dShape, ConvTranspose1dShape, ConvTranspose2dShape,
    Pool1dShape, Pool2dShape,
};
pub use convert::{LoosenTo, LoosenedExtent};
pub use diagonal::{DiagEmbed, DiagEmbedAt, Diagonal, DiagonalAt, Matrices, Trace};
pub use dim::{D, Dim, Dyn, Extent, One, RuntimeDim, StaticExtent};
pub use flatten::{Flatten, Insert, Squeeze, Unsqueeze};
pub use groups::{ConvWindows, GroupCount, Grouped, Groups, PerGroup, TimesGroups, Ungrouped};
pub(crate) use groups::{Divides, divide};
pub use matmul::{EndsWith, Inner, MatMul};
pub use multiple::Multiple;
pub use one_hot::OneHot;
pub use pad::{Pad, PadCircular, PadReflect};
pub use permute::{Permute, SwapAxes, TransposeLast};
pub use repeat::{Repeat, RepeatedDim, Tile};
pub use reshape::{Reshape, View};
pub use residual::Unchanged;
pub use resize::{Resize1dShape, Resize2dShape, Upsample2dShape};
pub use shuffle::{PixelShuffle, PixelUnshuffle};
pub use slice::{Narrow, NarrowAs};
pub use split::{Chunk, Split, Unbind};
pub use top::Top;
pub use trailing::EndsWithAxes;
pub use unfold::Unfold;
pub use vector::{Dot, Outer};
pub use window::{
    ConvTransposed, OutputPad, TransposedWindow1, TransposedWindows2, Window, Window1, Windowed,
    Windows2, Windows3,
};

/// Parts of the relations. They are named here because the compiler shortens the path of what a
/// public module names, and prints it in full otherwise. Not public: they may change at any time.
pub mod parts {
    #[doc(hidden)]
    pub use super::along::SameBut;
    #[doc(hidden)]
    pub use super::arithmetic::{
        Count, CountsEqual, Factor, Known, No, Number, Settle, Unknown, Yes,
    };
    #[doc(hidden)]
    pub use super::attention::{AttentionBatch, KeyCount, QuerySize};
    #[doc(hidden)]
    pub use super::axes::{AlreadyNamed, Compact, Leave, Name, NotNamed, OrOne, Prepend};
    #[doc(hidden)]
    pub use super::broadcast::{Aligned, AxesMeet, Equals, Wider};
    #[doc(hidden)]
    pub use super::channels::ChannelCount;
    #[doc(hidden)]
    pub use super::concat::OtherAxes;
    #[doc(hidden)]
    pub use super::conv::{
        Conv1dAxes, Conv2dAxes, Conv3dAxes, ConvTranspose1dAxes, ConvTranspose2dAxes,
    };
    #[doc(hidden)]
    pub use super::convert::{Loosened, RankOf};
    #[doc(hidden)]
    pub use super::diagonal::{DiagonalWith, Diagonals};
    #[doc(hidden)]
    pub use super::flatten::{Merge, MergedSize, SizeOne, UpTo};
    #[doc(hidden)]
    pub use super::hole::{IsShape, Told, pin, tell};
    #[doc(hidden)]
    pub use super::matmul::{Multiply, Operand};
    #[doc(hidden)]
    pub use super::pad::{Exceeds, PaddedDim, ReflectionFits, RoundFits};
    #[doc(hidden)]
    pub use super::permute::{Reorder, Swap};
    #[doc(hidden)]
    pub use super::repeat::{Tiled, TimesOfEach};
    #[doc(hidden)]
    pub use super::reshape::SameElements;
    #[doc(hidden)]
    pub use super::resize::{Resize1dAxes, Resize2dAxes, Upsample2dAxes};
    #[doc(hidden)]
    pub use super::shuffle::{Images, PixelParts, Shuffled, SquareParts, SquareTimes, Unshuffled};
    #[doc(hidden)]
    pub use super::slice::{Holds, RangeFits};
    #[doc(hidden)]
    pub use super::split::{ChunkDim, CountedDim, SplitDim};
    #[doc(hidden)]
    pub use super::window::{PlacesInTable, Slide, Widen, WindowFits, WindowLeaves};
}

use std::fmt::Debug;
use std::hash::Hash;

/// The largest rank of a shape.
pub const MAX_RANK: usize = 6;

/// The shape of a tensor: a tuple of zero to six [`Extent`]s, written
/// [`s![32, 784]`](crate::s).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a shape",
    note = "a shape is a tuple of 0 to 6 extents, written `s![32, 784]`"
)]
pub trait Shape: Copy + Eq + Hash + Debug + Send + Sync + 'static {
    /// The number of axes.
    const RANK: usize;
    /// The size of every axis that the type fixes.
    const STATIC: &'static [Option<usize>];
    /// The name of every axis that has one from [`dims!`](crate::dims).
    const NAMES: &'static [Option<&'static str>];
    /// Which axes are [`One`], and so broadcast.
    const ONES: &'static [bool];
    /// The sizes as an array.
    type Dims: AsRef<[usize]> + Copy + Debug;

    /// The sizes.
    fn dims(self) -> Self::Dims;

    /// The shape of this type with the given sizes; `None` where the type fixes others, or has
    /// another rank.
    fn from_dims(dims: &[usize]) -> Option<Self>;

    /// The number of elements; the largest number where sizes known at run time give more.
    fn numel(self) -> usize {
        runtime::count(self.dims().as_ref())
    }
}

/// A shape whose every size is fixed by its type.
#[diagnostic::on_unimplemented(
    message = "the shape `{Self}` has a size that is known only at run time",
    note = "give the sizes as a value: `Tensor::zeros_with((Dyn(32), D))`, `x.reshape_with(..)`"
)]
pub trait StaticShape: Shape {
    /// The only value of the type.
    const SHAPE: Self;
    /// The number of elements.
    const NUMEL: usize;
}

/// The shape of a scalar, `()`.
#[diagnostic::on_unimplemented(
    message = "a tensor of shape `{Self}` is not a scalar",
    label = "this reads the only element of a scalar",
    note = "reduce it first, `.sum()` or `.mean()`; `x[[0, 1]]` reads one element and `.to_vec()` all"
)]
pub trait Scalar: Shape {}

#[diagnostic::do_not_recommend]
impl Scalar for () {}

/// A shape of `R` axes.
#[diagnostic::on_unimplemented(
    message = "an index of {R} numbers for the shape `{Self}`",
    label = "an index has one number for each axis: `x[[i, j]]`",
    note = "`.index_axis::<A>(i)` takes the part at one index of axis `A`"
)]
pub trait HasRank<const R: usize>: Shape {}

macro_rules! shape {
    ($rank:literal: $($axis:ident $index:tt),*) => {
        impl<$($axis: Extent),*> Shape for ($($axis,)*) {
            const RANK: usize = $rank;
            const STATIC: &'static [Option<usize>] = &[$($axis::STATIC),*];
            const NAMES: &'static [Option<&'static str>] = &[$($axis::NAME),*];
            const ONES: &'static [bool] = &[$($axis::BROADCASTS),*];
            type Dims = [usize; $rank];

            #[inline]
            fn dims(self) -> [usize; $rank] {
                [$(self.$index.size()),*]
            }

            #[inline]
            fn from_dims(dims: &[usize]) -> Option<Self> {
                if dims.len() != $rank {
                    return None;
                }
                Some(($($axis::from_size(dims[$index])?,)*))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent),*> HasRank<$rank> for ($($axis,)*) {}

        #[diagnostic::do_not_recommend]
        impl<$($axis: StaticExtent),*> StaticShape for ($($axis,)*) {
            const SHAPE: Self = ($($axis::VALUE,)*);
            const NUMEL: usize = 1 $(* $axis::SIZE)*;
        }
    };
}

shape!(0:);
shape!(1: A 0);
shape!(2: A 0, B 1);
shape!(3: A 0, B 1, C 2);
shape!(4: A 0, B 1, C 2, F 3);
shape!(5: A 0, B 1, C 2, F 3, G 4);
shape!(6: A 0, B 1, C 2, F 3, G 4, H 5);

#[cfg(test)]
mod tests;
