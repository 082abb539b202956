//! Products of many sizes.

use std::marker::PhantomData;
use std::ops::Mul;

use typenum::{Eq, IsEqual, IsLess, Prod, U1, U16384};

use super::{Answer, InTable, No, Number, Of, ToDim, Yes};
use crate::shape::{D, Dim, Dyn, Extent, One, RuntimeDim, Shape};

/// A product of sizes that the types fix.
pub struct Known<N>(PhantomData<N>);

/// A product with a size in it that is known at run time only.
pub struct Unknown;

/// A size as a factor: [`Known`] or [`Unknown`].
#[diagnostic::on_unimplemented(
    message = "the compiler cannot compute with the size `{Self}`",
    label = "it computes with literal sizes from 0 to 1024 and powers of two",
    note = "write the shape of the result, and it is checked instead: `.reshape::<s![..]>()`"
)]
pub trait Factor: Extent {
    /// [`Known`] or [`Unknown`].
    type Of;
}

#[diagnostic::do_not_recommend]
impl<const N: usize> Factor for D<N>
where
    D<N>: Number,
{
    type Of = Known<Of<D<N>>>;
}

#[diagnostic::do_not_recommend]
impl Factor for One {
    type Of = Known<U1>;
}

#[diagnostic::do_not_recommend]
impl<X: RuntimeDim> Factor for X {
    type Of = Unknown;
}

/// A product of two factors.
pub trait Times<P> {
    type Out;
}

impl<N: Mul<P>, P> Times<Known<P>> for Known<N> {
    type Out = Known<Prod<N, P>>;
}

impl<N> Times<Unknown> for Known<N> {
    type Out = Unknown;
}

impl<P> Times<P> for Unknown {
    type Out = Unknown;
}

/// The number of elements of a shape, [`Known`] or [`Unknown`].
pub trait Count: Shape {
    /// The product of its sizes.
    type Out;
}

impl Count for () {
    type Out = Known<U1>;
}

macro_rules! count {
    ($first:ident $($rest:ident)*) => {
        impl<$first, $($rest: Extent),*> Count for ($first, $($rest,)*)
        where
            ($($rest,)*): Count,
            $first: Factor,
            <$first as Factor>::Of: Times<<($($rest,)*) as Count>::Out>,
        {
            type Out = <<$first as Factor>::Of as Times<<($($rest,)*) as Count>::Out>>::Out;
        }
    };
}

count!(A);
count!(A B);
count!(A B C);
count!(A B C F);
count!(A B C F G);
count!(A B C F G H);

/// A product as the size of an axis.
pub trait Settle {
    /// Whether it has a size.
    type InTable;
    /// The size; anything where there is none, for that is reported elsewhere.
    type Dim: Dim;
}

impl Settle for Unknown {
    type InTable = Yes;
    type Dim = Dyn;
}

impl<N> Settle for Known<N>
where
    N: IsLess<U16384>,
    typenum::Le<N, U16384>: Answer,
    N: ToDimIf<InTable<N>>,
{
    type InTable = InTable<N>;
    type Dim = <N as ToDimIf<InTable<N>>>::Dim;
}

/// [`ToDim`] under a condition.
pub trait ToDimIf<A> {
    type Dim: Dim;
}

impl<N: ToDim> ToDimIf<Yes> for N {
    type Dim = N::Dim;
}

impl<N> ToDimIf<No> for N {
    type Dim = Dyn;
}

/// Whether two products can be equal.
pub trait CountsEqual<R> {
    /// [`Yes`](super::Yes) or [`No`].
    type Is;
}

impl<N, M> CountsEqual<Known<M>> for Known<N>
where
    N: IsEqual<M>,
    Eq<N, M>: Answer,
{
    type Is = <Eq<N, M> as Answer>::Is;
}

impl<N> CountsEqual<Unknown> for Known<N> {
    type Is = Yes;
}

impl<R> CountsEqual<R> for Unknown {
    type Is = Yes;
}
