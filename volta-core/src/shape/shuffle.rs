//! Channels that become pixels, and the reverse.

use super::{D, Dim, DivDim, Extent, MulDim, RepeatedDim, Shape};

/// Images `[.., C, H, W]`: a shape of three axes or more, for any `R`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the shape of images",
    label = "images have channels, a height and a width: `[.., C, H, W]`",
    note = "`.unsqueeze::<0>()` puts an axis of one channel in front"
)]
pub trait Images<const R: usize>: Shape {
    /// `Self`. The sizes are looked at through this, so that a missing axis is reported once.
    type This: Shape;
}

/// Factors of which no one asks for any: two of them, or the compiler would propose the one.
pub trait OfNoImages {}

/// A factor as a type.
pub struct By<const R: usize>;

impl OfNoImages for By<{ usize::MAX }> {}

impl OfNoImages for By<{ usize::MAX - 1 }> {}

/// Shapes that are no images. Without any impl the compiler would report the methods of images as
/// missing, not the axes.
macro_rules! no_images {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* const R: usize> Images<R> for ($($axis,)*)
        where
            By<R>: OfNoImages,
        {
            type This = Self;
        }

        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* const R: usize> Shuffled<R> for ($($axis,)*)
        where
            By<R>: OfNoImages,
        {
            type Out = Self;
        }

        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* const R: usize> Unshuffled<R> for ($($axis,)*)
        where
            By<R>: OfNoImages,
        {
            type Out = Self;
        }
    };
}

no_images!();
no_images!(H);
no_images!(H W);

/// Images of `C R^2` channels that become images of `C`, `R` times as high and wide:
/// `x.pixel_shuffle::<R>()`.
#[diagnostic::on_unimplemented(message = "pixel_shuffle: `{Self}` does not shuffle by {R}")]
pub trait PixelShuffle<const R: usize>: Shape {
    /// The shape of the result.
    type Out: Shape;
}

impl<S: Images<R>, const R: usize> PixelShuffle<R> for S
where
    S::This: Shuffled<R>,
{
    type Out = <S::This as Shuffled<R>>::Out;
}

/// [`PixelShuffle`] by rank.
pub trait Shuffled<const R: usize>: Shape {
    /// The shape of the result.
    type Out: Shape;
}

/// Images that become images of `C R^2` channels, of a height and a width divided by `R`:
/// `x.pixel_unshuffle::<R>()`.
#[diagnostic::on_unimplemented(message = "pixel_unshuffle: `{Self}` does not unshuffle by {R}")]
pub trait PixelUnshuffle<const R: usize>: Shape {
    /// The shape of the result.
    type Out: Shape;
}

impl<S: Images<R>, const R: usize> PixelUnshuffle<R> for S
where
    S::This: Unshuffled<R>,
{
    type Out = <S::This as Unshuffled<R>>::Out;
}

/// [`PixelUnshuffle`] by rank.
pub trait Unshuffled<const R: usize>: Shape {
    /// The shape of the result.
    type Out: Shape;
}

macro_rules! images {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* C: Extent, H: Extent, W: Extent, const R: usize> Images<R>
            for ($($axis,)* C, H, W)
        {
            type This = Self;
        }

        impl<$($axis: Extent,)* C, H, W, const R: usize> Shuffled<R> for ($($axis,)* C, H, W)
        where
            C: SquareParts<R>,
            H: RepeatedDim<R>,
            W: RepeatedDim<R>,
        {
            type Out = ($($axis,)* C::Part, H::Out, W::Out);
        }

        impl<$($axis: Extent,)* C, H, W, const R: usize> Unshuffled<R> for ($($axis,)* C, H, W)
        where
            C: SquareTimes<R>,
            H: PixelParts<R>,
            W: PixelParts<R>,
        {
            type Out = ($($axis,)* C::Out, H::Out, W::Out);
        }
    };
}

images!();
images!(A);
images!(A B);
images!(A B F);

/// A number of channels that the square of `R` divides.
#[diagnostic::on_unimplemented(
    message = "pixel_shuffle: {R} times {R} does not divide the channels, of which there are `{Self}`",
    label = "every {R} x {R} channels become the pixels of one",
    note = "the axes are `[.., C, H, W]`; literal sizes from 0 to 1024 and powers of two are computed with, and run-time ones"
)]
pub trait SquareParts<const R: usize>: Extent {
    /// The number of channels of the result.
    type Part: Dim;
}

#[diagnostic::do_not_recommend]
impl<X, const R: usize> SquareParts<R> for X
where
    X: DivDim<D<R>>,
    X::Out: DivDim<D<R>>,
{
    type Part = <X::Out as DivDim<D<R>>>::Out;
}

/// A number of channels that the compiler can multiply by the square of `R`.
#[diagnostic::on_unimplemented(
    message = "pixel_unshuffle: the compiler cannot compute `{Self}` channels times {R} times {R}",
    label = "the product is beyond 16383, or `{Self}` is neither a literal nor a run-time size",
    note = "literal sizes from 0 to 1024 and powers of two are computed with, and run-time ones"
)]
pub trait SquareTimes<const R: usize>: Extent {
    /// The product.
    type Out: Dim;
}

#[diagnostic::do_not_recommend]
impl<X, const R: usize> SquareTimes<R> for X
where
    X: MulDim<D<R>>,
    X::Out: MulDim<D<R>>,
{
    type Out = <X::Out as MulDim<D<R>>>::Out;
}

/// A height or a width that `R` divides.
#[diagnostic::on_unimplemented(
    message = "pixel_unshuffle: {R} does not divide the height or the width `{Self}`",
    label = "every {R} x {R} pixels become channels",
    note = "the axes are `[.., C, H, W]`; literal sizes from 0 to 1024 and powers of two are computed with, and run-time ones"
)]
pub trait PixelParts<const R: usize>: Extent {
    /// The quotient.
    type Out: Dim;
}

#[diagnostic::do_not_recommend]
impl<X: DivDim<D<R>>, const R: usize> PixelParts<R> for X {
    type Out = X::Out;
}
