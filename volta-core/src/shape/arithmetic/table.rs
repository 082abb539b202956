//! From a computed size back to its `D<N>`, for 0 to 16,383.

use std::ops::{BitAnd, Shr};

use typenum::{And, Shright, U7, U127};

use crate::shape::{D, Dim};

volta_macros::size_table!();

/// A number of typenum that the table has a [`D`] for.
pub trait ToDim {
    type Dim: Dim;
}

#[diagnostic::do_not_recommend]
impl<N> ToDim for N
where
    N: Shr<U7> + BitAnd<U127>,
    Shright<N, U7>: High,
    And<N, U127>: Low,
{
    type Dim = <And<N, U127> as Low>::Of<Shright<N, U7>>;
}
