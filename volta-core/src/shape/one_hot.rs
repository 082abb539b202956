//! A new last axis of classes.

use super::{D, Insert, Shape};

/// A shape of class numbers that takes in a last axis of `C` classes: `x.one_hot::<C, E>()`.
#[diagnostic::on_unimplemented(
    message = "one_hot: `{Self}` does not take in an axis of {C} classes",
    label = "a shape has six axes at most"
)]
pub trait OneHot<const C: usize>: Shape {
    /// The shape with `D<C>` behind its axes.
    type Out: Shape;
}

impl<S: Insert<-1>, const C: usize> OneHot<C> for S {
    type Out = S::Inserted<D<C>>;
}
