//! From a literal size to a number of typenum.

use typenum::{Const, ToUInt, U1};

use crate::shape::{D, Extent, One};

/// A size that takes part in arithmetic between types: 0 to 1024 and the powers of two.
#[diagnostic::on_unimplemented(
    message = "the compiler cannot compute with the size `{Self}`",
    label = "it computes with literal sizes from 0 to 1024 and powers of two",
    note = "write the shape of the result, and it is checked instead: `.reshape::<s![..]>()`"
)]
pub trait Number: Extent {
    /// The number.
    type Of;
}

#[diagnostic::do_not_recommend]
impl<const N: usize> Number for D<N>
where
    Const<N>: ToUInt,
{
    type Of = typenum::U<N>;
}

#[diagnostic::do_not_recommend]
impl Number for One {
    type Of = U1;
}

/// The number of a size.
pub(crate) type Of<X> = <X as Number>::Of;
