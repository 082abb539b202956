//! Axes repeated.

use super::{D, Dim, Extent, HasAxis, MulDim, Shape};

/// A shape whose axis `A` can be `TIMES` times as long: `x.repeat::<A, TIMES>()`.
#[diagnostic::on_unimplemented(
    message = "repeat: axis {A} of `{Self}` does not repeat {TIMES} times"
)]
pub trait Repeat<const A: isize, const TIMES: usize>: HasAxis<A> {
    /// The shape with the product in place of the axis.
    type Out: Shape;
}

impl<S, const A: isize, const TIMES: usize> Repeat<A, TIMES> for S
where
    S: HasAxis<A>,
    S::Extent: RepeatedDim<TIMES>,
{
    type Out = S::Replaced<<S::Extent as RepeatedDim<TIMES>>::Out>;
}

/// A size that the compiler can multiply by `TIMES`.
#[diagnostic::on_unimplemented(
    message = "the compiler cannot repeat an axis of `{Self}` {TIMES} times",
    label = "`{Self}` times {TIMES} is asked for here",
    note = "it multiplies literal sizes from 0 to 1024 and powers of two, up to 16383, and run-time ones; an axis `One` repeats by `.expand::<s![..]>()`"
)]
pub trait RepeatedDim<const TIMES: usize>: Extent {
    /// The product.
    type Out: Dim;
}

#[diagnostic::do_not_recommend]
impl<X: MulDim<D<TIMES>>, const TIMES: usize> RepeatedDim<TIMES> for X {
    type Out = X::Out;
}

/// A shape whose every axis repeats as often as the list `L` says: `x.tile::<s![2, 3]>()`.
#[diagnostic::on_unimplemented(message = "tile: `{Self}` does not repeat as `{L}` says")]
pub trait Tile<L>: Shape {
    /// How often each axis repeats.
    const TIMES: &'static [usize];
    /// The shape of the result.
    type Out: Shape;
}

impl<S: TimesOfEach<L>, L> Tile<L> for S
where
    S::This: Tiled<L>,
{
    const TIMES: &'static [usize] = <S::This as Tiled<L>>::TIMES;
    type Out = <S::This as Tiled<L>>::Out;
}

/// A shape with as many axes as the list `L` has literal numbers.
#[diagnostic::on_unimplemented(
    message = "tile: `{L}` does not say how often the axes of `{Self}` repeat",
    label = "one literal number for each axis of `{Self}`",
    note = "write `x.tile::<s![2, 1]>()` for a matrix; 1 leaves an axis as it is"
)]
pub trait TimesOfEach<L>: Shape {
    /// `Self`. The sizes are looked at through this, so that unequal ranks are reported once.
    type This: Shape;
}

/// [`Tile`] by rank. It is a trait of its own so that the compiler does not list its
/// implementations to the user.
pub trait Tiled<L>: Shape {
    /// How often each axis repeats.
    const TIMES: &'static [usize];
    /// The shape of the result.
    type Out: Shape;
}

macro_rules! tile {
    ($($axis:ident $times:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* $(const $times: usize),*> TimesOfEach<($(D<$times>,)*)>
            for ($($axis,)*)
        {
            type This = Self;
        }

        impl<$($axis: RepeatedDim<$times>,)* $(const $times: usize),*> Tiled<($(D<$times>,)*)>
            for ($($axis,)*)
        {
            const TIMES: &'static [usize] = &[$($times),*];
            type Out = ($(<$axis as RepeatedDim<$times>>::Out,)*);
        }
    };
}

tile!();
tile!(A I);
tile!(A I B J);
tile!(A I B J C K);
tile!(A I B J C K F L);
tile!(A I B J C K F L G M);
tile!(A I B J C K F L G M H N);
