//! Conditions as types.

use typenum::{B0, B1, Le, U16384};

/// The condition holds.
pub struct Yes;

/// The condition does not hold.
pub struct No;

/// A bit of typenum as [`Yes`] or [`No`], which have names that a message can show.
pub trait Answer {
    type Is;
}

impl Answer for B1 {
    type Is = Yes;
}

impl Answer for B0 {
    type Is = No;
}

/// Whether the table holds the number.
pub(crate) type InTable<N> = <Le<N, U16384> as Answer>::Is;
