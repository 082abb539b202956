//! What comes out of a layer as it went in.

use super::Shape;

/// The shape `S` itself: what the layer inside a residual block gives for an input of `S`.
#[diagnostic::on_unimplemented(
    message = "the residual block takes `{S}`, and the layer inside gives `{Self}`",
    label = "`x + m(x)` adds tensors of one shape",
    note = "a layer that changes the shape stands outside: `(Residual(a), b)`"
)]
pub trait Unchanged<S: Shape>: Shape {}

#[diagnostic::do_not_recommend]
impl<S: Shape> Unchanged<S> for S {}
