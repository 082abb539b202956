//! Which way a sequence is read.

use std::fmt::Debug;

use crate::shape::{D, Dim, MulDim, StaticExtent};

/// Which way `LAYERS` recurrent layers with states of `H` numbers read their sequence.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a direction that {LAYERS} recurrent layers of {H} read in",
    note = "the directions are `Unidirectional` and `Bidirectional`; twice `H` is at most 16383, and `H` is at most 1024 or a power of two"
)]
pub trait Direction<const H: usize, const LAYERS: usize>:
    Copy + Debug + Send + Sync + 'static
{
    /// The number of directions.
    const COUNT: usize;
    /// The size of an output: `H` for each direction.
    type Out: Dim + StaticExtent;
    /// The number of states: one for each layer and direction.
    type States: Dim + StaticExtent;
}

/// From the first element to the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unidirectional;

/// From the first element to the last, and by other parameters from the last to the first: the
/// output is both, one after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bidirectional;

#[diagnostic::do_not_recommend]
impl<const H: usize, const LAYERS: usize> Direction<H, LAYERS> for Unidirectional {
    const COUNT: usize = 1;
    type Out = D<H>;
    type States = D<LAYERS>;
}

#[diagnostic::do_not_recommend]
impl<const H: usize, const LAYERS: usize> Direction<H, LAYERS> for Bidirectional
where
    D<2>: MulDim<D<H>, Out: StaticExtent> + MulDim<D<LAYERS>, Out: StaticExtent>,
{
    const COUNT: usize = 2;
    type Out = <D<2> as MulDim<D<H>>>::Out;
    type States = <D<2> as MulDim<D<LAYERS>>>::Out;
}
