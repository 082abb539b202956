//! Neighbouring axes merged into one, and axes of size 1 put in and taken out.

use super::arithmetic::{Count, Settle, Yes};
use super::axis::OfNoShape;
use super::{Axis, D, Extent, HasAxis, One, Shape};

/// A shape whose axes `A` to `B` (both included, from the end where negative) merge into one:
/// `x.flatten::<1, -1>()`.
///
/// The size is the product, `Dyn` if one of the sizes is known at run time only.
#[diagnostic::on_unimplemented(message = "axes {A} to {B} of `{Self}` do not merge")]
pub trait Flatten<const A: isize, const B: isize>: HasAxis<A> + HasAxis<B> {
    /// The shape with the axes merged.
    type Out: Shape;
}

impl<S, const A: isize, const B: isize> Flatten<A, B> for S
where
    S: HasAxis<A> + HasAxis<B>,
    <S as HasAxis<A>>::FromFront: UpTo<<S as HasAxis<B>>::FromFront>,
    S: Merge<Range<S, A, B>>,
    S: MergedSize<A, B, <S as Merge<Range<S, A, B>>>::InTable>,
{
    type Out = <S as Merge<Range<S, A, B>>>::Out;
}

type Range<S, const A: isize, const B: isize> =
    <<S as HasAxis<A>>::FromFront as UpTo<<S as HasAxis<B>>::FromFront>>::Range;

/// An axis, counted from the front, that does not come after the axis `B`.
#[diagnostic::on_unimplemented(
    message = "flatten: `{Self}` comes after `{B}`",
    label = "a range goes from the first axis to the last",
    note = "`.flatten::<1, -1>()` merges every axis but the first"
)]
pub trait UpTo<B> {
    /// The two ends.
    type Range;
}

macro_rules! up_to {
    ($a:literal: $($b:literal)*) => {$(
        #[diagnostic::do_not_recommend]
        impl UpTo<Axis<$b>> for Axis<$a> {
            type Range = (Axis<$a>, Axis<$b>);
        }
    )*};
}

up_to!(0: 0 1 2 3 4 5);
up_to!(1: 1 2 3 4 5);
up_to!(2: 2 3 4 5);
up_to!(3: 3 4 5);
up_to!(4: 4 5);
up_to!(5: 5);

/// A shape whose axes `A` to `B` merge into one that the table has a size for.
#[diagnostic::on_unimplemented(
    message = "flattening axes {A} to {B} of `{Self}` gives a size beyond 16383",
    label = "the compiler computes sizes up to 16383",
    note = "write the shape: `.reshape::<s![..]>()` checks its number of elements"
)]
pub trait MergedSize<const A: isize, const B: isize, InTable> {}

#[diagnostic::do_not_recommend]
impl<S: Shape, const A: isize, const B: isize> MergedSize<A, B, Yes> for S {}

/// A shape with the range of axes `R`.
pub trait Merge<R>: Shape {
    /// Whether the table holds the product.
    type InTable;
    /// The shape with the axes merged.
    type Out: Shape;
}

type Product<S> = <S as Count>::Out;

macro_rules! merge {
    ([$($before:ident)*] $start:literal; [$($range:ident)*];) => {};
    (
        [$($before:ident)*] $start:literal; [$($range:ident)*];
        $next:ident $end:literal $($after:ident $index:literal)*
    ) => {
        merge!(@impl [$($before)*] $start; [$($range)* $next]; $end; [$($after)*]);
        merge!([$($before)*] $start; [$($range)* $next]; $($after $index)*);
    };
    // A range of one axis stays as it is, whatever the axis.
    (@impl [$($before:ident)*] $start:literal; [$only:ident]; $end:literal; [$($after:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($before: Extent,)* $only: Extent, $($after: Extent),*>
            Merge<(Axis<$start>, Axis<$end>)> for ($($before,)* $only, $($after,)*)
        {
            type InTable = Yes;
            type Out = Self;
        }
    };
    (
        @impl [$($before:ident)*] $start:literal; [$($range:ident)*]; $end:literal;
        [$($after:ident)*]
    ) => {
        impl<$($before: Extent,)* $($range: Extent,)* $($after: Extent),*>
            Merge<(Axis<$start>, Axis<$end>)> for ($($before,)* $($range,)* $($after,)*)
        where
            ($($range,)*): Count,
            Product<($($range,)*)>: Settle,
        {
            type InTable = <Product<($($range,)*)> as Settle>::InTable;
            type Out = ($($before,)* <Product<($($range,)*)> as Settle>::Dim, $($after,)*);
        }
    };
}

merge!([] 0; []; A 0);

merge!([] 0; []; A 0 B 1);
merge!([A] 1; []; B 1);

merge!([] 0; []; A 0 B 1 C 2);
merge!([A] 1; []; B 1 C 2);
merge!([A B] 2; []; C 2);

merge!([] 0; []; A 0 B 1 C 2 F 3);
merge!([A] 1; []; B 1 C 2 F 3);
merge!([A B] 2; []; C 2 F 3);
merge!([A B C] 3; []; F 3);

merge!([] 0; []; A 0 B 1 C 2 F 3 G 4);
merge!([A] 1; []; B 1 C 2 F 3 G 4);
merge!([A B] 2; []; C 2 F 3 G 4);
merge!([A B C] 3; []; F 3 G 4);
merge!([A B C F] 4; []; G 4);

merge!([] 0; []; A 0 B 1 C 2 F 3 G 4 H 5);
merge!([A] 1; []; B 1 C 2 F 3 G 4 H 5);
merge!([A B] 2; []; C 2 F 3 G 4 H 5);
merge!([A B C] 3; []; F 3 G 4 H 5);
merge!([A B C F] 4; []; G 4 H 5);
merge!([A B C F G] 5; []; H 5);

/// A shape that takes another axis in, so that it becomes axis `A` of the result.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take an axis in at {A}",
    note = "a shape of rank r takes one in at 0 to r, or -r - 1 to -1 from the end; six axes is the most"
)]
pub trait Insert<const A: isize>: Shape {
    /// The axis counted from the front.
    const INDEX: usize;
    /// The shape with `X` put in.
    type Inserted<X: Extent>: Shape;
}

macro_rules! insert {
    ($index:literal $from_end:literal [$($before:ident)*] [$($after:ident)*]) => {
        insert!(@impl $index $index [$($before)*] [$($after)*]);
        insert!(@impl $from_end $index [$($before)*] [$($after)*]);
    };
    (@impl $axis:literal $index:literal [$($before:ident)*] [$($after:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($before: Extent,)* $($after: Extent),*> Insert<$axis>
            for ($($before,)* $($after,)*)
        {
            const INDEX: usize = $index;
            type Inserted<X: Extent> = ($($before,)* X, $($after,)*);
        }
    };
}

// Six axes take in no other. As for the axes of a scalar, an impl has to be there.
#[diagnostic::do_not_recommend]
impl<A: Extent, B: Extent, C: Extent, F: Extent, G: Extent, H: Extent, const I: isize> Insert<I>
    for (A, B, C, F, G, H)
where
    Axis<I>: OfNoShape,
{
    const INDEX: usize = panic!("a shape has six axes at most");
    type Inserted<X: Extent> = Self;
}

insert!(0 -1 [] []);

insert!(0 -2 [] [A]);
insert!(1 -1 [A] []);

insert!(0 -3 [] [A B]);
insert!(1 - 2[A][B]);
insert!(2 -1 [A B] []);

insert!(0 -4 [] [A B C]);
insert!(1 -3 [A] [B C]);
insert!(2 -2 [A B] [C]);
insert!(3 -1 [A B C] []);

insert!(0 -5 [] [A B C F]);
insert!(1 -4 [A] [B C F]);
insert!(2 -3 [A B] [C F]);
insert!(3 -2 [A B C] [F]);
insert!(4 -1 [A B C F] []);

insert!(0 -6 [] [A B C F G]);
insert!(1 -5 [A] [B C F G]);
insert!(2 -4 [A B] [C F G]);
insert!(3 -3 [A B C] [F G]);
insert!(4 -2 [A B C F] [G]);
insert!(5 -1 [A B C F G] []);

/// A shape that takes a broadcast axis in at `A`: `x.unsqueeze::<0>()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take an axis in at {A}",
    note = "a shape of rank r takes one in at 0 to r, or -r - 1 to -1 from the end; six axes is the most"
)]
pub trait Unsqueeze<const A: isize>: Insert<A> {
    /// The shape with [`One`] put in.
    type Out: Shape;
}

impl<S: Insert<A>, const A: isize> Unsqueeze<A> for S {
    type Out = S::Inserted<One>;
}

/// A shape whose axis `A` has size 1 and can go: `x.squeeze::<0>()`.
#[diagnostic::on_unimplemented(
    message = "axis {A} of `{Self}` cannot be squeezed",
    label = "only an axis of `One` or `D<1>` can be squeezed"
)]
pub trait Squeeze<const A: isize>: HasAxis<A> {
    /// The shape without the axis.
    type Out: Shape;
}

impl<S: HasAxis<A>, const A: isize> Squeeze<A> for S
where
    <S as HasAxis<A>>::Extent: SizeOne<A>,
{
    type Out = S::Removed;
}

/// An extent whose size is 1 by its type.
#[diagnostic::on_unimplemented(
    message = "squeeze: axis {A} has the size `{Self}`, not 1",
    label = "only an axis of size 1 can be taken out",
    note = "`.index_axis::<A>(i)` takes one index of an axis, `.sum_axis::<A>()` reduces it"
)]
pub trait SizeOne<const A: isize> {}

#[diagnostic::do_not_recommend]
impl<X: HasSizeOne, const A: isize> SizeOne<A> for X {}

/// The extents of [`SizeOne`], in a trait of their own so that the compiler does not propose them
/// in place of another size.
pub trait HasSizeOne {}

impl HasSizeOne for One {}

impl HasSizeOne for D<1> {}
