//! The basic relations between two sizes.

use std::ops::{Add, Div, Mul, Rem, Sub};

use typenum::{Diff, Min, Minimum, Mod, Prod, Quot, Sum, UTerm};

use super::{Number, Of, ToDim};
use crate::shape::{D, Dim, Dyn, Extent, RuntimeDim};

macro_rules! relation {
    (
        $(#[$attribute:meta])*
        $name:ident: $op:ident gives $result:ident $(, where $extra:ident<Output = $output:ty>)?
    ) => {
        $(#[$attribute])*
        pub trait $name<R: Extent>: Extent {
            /// The size of the result: `Dyn` if either is known at run time only.
            type Out: Dim;
        }

        #[diagnostic::do_not_recommend]
        impl<const A: usize, const B: usize> $name<D<B>> for D<A>
        where
            D<A>: Number,
            D<B>: Number,
            Of<D<A>>: $op<Of<D<B>>> $(+ $extra<Of<D<B>>, Output = $output>)?,
            $result<Of<D<A>>, Of<D<B>>>: ToDim,
        {
            type Out = <$result<Of<D<A>>, Of<D<B>>> as ToDim>::Dim;
        }

        #[diagnostic::do_not_recommend]
        impl<const A: usize, R: RuntimeDim> $name<R> for D<A> {
            type Out = Dyn;
        }

        #[diagnostic::do_not_recommend]
        impl<A: RuntimeDim, R: Dim> $name<R> for A {
            type Out = Dyn;
        }
    };
}

relation! {
    /// Two sizes one after the other.
    #[diagnostic::on_unimplemented(
        message = "the compiler cannot add the sizes `{Self}` and `{R}`",
        label = "the sum of `{Self}` and `{R}` is asked for here",
        note = "it adds literal sizes from 0 to 1024 and powers of two, up to 16383, and run-time ones; an axis `One` has no size to add"
    )]
    AddDim: Add gives Sum
}

relation! {
    /// A size less another.
    #[diagnostic::on_unimplemented(
        message = "the compiler cannot take the size `{R}` from `{Self}`",
        label = "`{R}` is larger, or an operand is too large for arithmetic between types",
        note = "sizes from 0 to 1024 and powers of two can be subtracted; past that, name the result"
    )]
    SubDim: Sub gives Diff
}

relation! {
    /// The number of pairs from two sizes.
    #[diagnostic::on_unimplemented(
        message = "the compiler cannot multiply the sizes `{Self}` and `{R}`",
        label = "an operand is too large, or the product is beyond 16383",
        note = "sizes from 0 to 1024 and powers of two can be multiplied; past that, name the result"
    )]
    MulDim: Mul gives Prod
}

relation! {
    /// A size in equal parts.
    #[diagnostic::on_unimplemented(
        message = "the size `{Self}` does not divide into parts of `{R}`",
        label = "`{R}` does not divide `{Self}`, or one is too large for arithmetic between types",
        note = "sizes from 0 to 1024 and powers of two can be divided; past that, name the result"
    )]
    DivDim: Div gives Quot, where Rem<Output = UTerm>
}

relation! {
    /// What is left of a size cut into parts of another.
    #[diagnostic::on_unimplemented(
        message = "the compiler cannot tell what parts of `{R}` leave of the size `{Self}`",
        label = "an operand is 0, or too large for arithmetic between types",
        note = "sizes from 0 to 1024 and powers of two can be divided"
    )]
    RemDim: Rem gives Mod
}

relation! {
    /// The smaller of two sizes.
    #[diagnostic::on_unimplemented(
        message = "the compiler cannot tell the smaller of the sizes `{Self}` and `{R}`",
        label = "an operand is too large for arithmetic between types",
        note = "sizes from 0 to 1024 and powers of two can be compared"
    )]
    MinDim: Min gives Minimum
}
