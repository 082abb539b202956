//! Matrix products, and layers that act on the last axis.

use super::{BroadcastExtent, Dim, Extent, Shape};

/// Two extents over which a product is summed: they must be the same type.
#[diagnostic::on_unimplemented(
    message = "matmul: the inner sizes `{Self}` and `{R}` differ",
    label = "`[.., M, K] x [.., K, N]` needs one `K`",
    note = "`.t()` transposes the last two axes of an operand"
)]
pub trait Inner<R: Extent>: Extent {}

#[diagnostic::do_not_recommend]
impl<K: Extent> Inner<K> for K {}

/// Shapes whose tensors multiply: a vector or (batched) matrix with another. Batch axes
/// broadcast.
#[diagnostic::on_unimplemented(
    message = "matmul: `{Self}` and `{R}` do not multiply",
    note = "an operand is a vector `[K]`, a matrix `[M, K]`, or a batch of matrices `[.., M, K]`"
)]
pub trait MatMul<R: Shape>: Shape {
    /// The shape of the product.
    type Out: Shape;
}

/// An operand of a product: any shape but that of a scalar.
#[diagnostic::on_unimplemented(
    message = "matmul: `{Self}` is not the shape of a vector or a matrix",
    note = "to scale a tensor, use `*`"
)]
pub trait Operand: Shape {
    /// `Self`. The product is formed of this, so that a scalar is reported once.
    type This: Shape;
}

macro_rules! operand {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent),*> Operand for ($($axis,)*) {
            type This = Self;
        }
    };
}

operand!(A);
operand!(A B);
operand!(A B C);
operand!(A B C F);
operand!(A B C F G);
operand!(A B C F G H);

/// [`MatMul`] by rank. It is a trait of its own so that the compiler does not list its
/// implementations to the user.
pub trait Multiply<R: Shape>: Shape {
    /// The shape of the product.
    type Out: Shape;
}

impl<S: Operand, R: Operand> MatMul<R> for S
where
    S::This: Multiply<R::This>,
{
    type Out = <S::This as Multiply<R::This>>::Out;
}

impl<K: Inner<K2>, K2: Extent> Multiply<(K2,)> for (K,) {
    type Out = ();
}

macro_rules! with_vector {
    ($($batch:ident)*) => {
        impl<$($batch: Extent,)* M: Extent, K: Inner<K2>, K2: Extent> Multiply<(K2,)>
            for ($($batch,)* M, K)
        {
            type Out = ($($batch,)* M,);
        }

        impl<$($batch: Extent,)* K: Inner<K2>, K2: Extent, N: Extent> Multiply<($($batch,)* K2, N)>
            for (K,)
        {
            type Out = ($($batch,)* N,);
        }
    };
}

macro_rules! same_rank {
    ($(($a:ident $b:ident))*) => {
        impl<
            $($a: BroadcastExtent<$b>, $b: Extent,)*
            M: Extent, K: Inner<K2>, K2: Extent, N: Extent,
        > Multiply<($($b,)* K2, N)> for ($($a,)* M, K)
        {
            type Out = ($($a::Out,)* M, N);
        }
    };
}

macro_rules! one_longer {
    ([$(($a:ident $b:ident))*] $($x:ident)+) => {
        impl<
            $($x: Extent,)+ $($a: BroadcastExtent<$b>, $b: Extent,)*
            M: Extent, K: Inner<K2>, K2: Extent, N: Extent,
        > Multiply<($($b,)* K2, N)> for ($($x,)+ $($a,)* M, K)
        {
            type Out = ($($x,)+ $($a::Out,)* M, N);
        }

        impl<
            $($x: Extent,)+ $($a: BroadcastExtent<$b>, $b: Extent,)*
            M: Extent, K: Inner<K2>, K2: Extent, N: Extent,
        > Multiply<($($x,)+ $($b,)* K2, N)> for ($($a,)* M, K)
        {
            type Out = ($($x,)+ $($a::Out,)* M, N);
        }
    };
}

/// The pairs of batch axes that meet, then those that only one operand has, at most.
macro_rules! matmul {
    ([$($pair:tt)*]) => { same_rank!($($pair)*); };
    ($pairs:tt $first:ident $($rest:ident)*) => {
        one_longer!($pairs $first $($rest)*);
        matmul!($pairs $($rest)*);
    };
}

matmul!([] W X Y Z);
matmul!([(A A2)] X Y Z);
matmul!([(A A2)(B B2)] Y Z);
matmul!([(A A2)(B B2)(C C2)] Z);
matmul!([(A A2)(B B2)(C C2)(F F2)]);

/// A shape whose last axis is `K`: what a layer over the last axis takes.
#[diagnostic::on_unimplemented(
    message = "the last axis of `{Self}` is not `{K}`",
    label = "expected `{K}` in the last axis",
    note = "`.flatten::<A, Z>()` merges axes, `.transpose::<A, Z>()` brings another to the end"
)]
pub trait EndsWith<K: Dim>: Shape {
    /// The shape with `X` in place of the last axis.
    type Replace<X: Extent>: Shape;
    /// The shape without the last axis.
    type Leading: Shape;
}

macro_rules! ends_with {
    ($($axis:ident)*) => {
        with_last!($($axis)*);
        ends_with!(@shorter $($axis)*);
    };
    (@shorter) => {};
    (@shorter $first:ident $($rest:ident)*) => { ends_with!($($rest)*); };
}

macro_rules! with_last {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* K: Dim> EndsWith<K> for ($($axis,)* K,) {
            type Replace<X: Extent> = ($($axis,)* X,);
            type Leading = ($($axis,)*);
        }
    };
}

with_vector!();
with_vector!(A);
with_vector!(A B);
with_vector!(A B C);
with_vector!(A B C F);

ends_with!(A B C F G);
