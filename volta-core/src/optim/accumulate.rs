//! Gradients of several batches.

use super::keys::{matching, typed};
use crate::backend::Backend;
use crate::dtype::{AnyFloat, Dtype, Float};
use crate::nn::{Module, Path, VisitorMut};
use crate::ops::elementwise as op;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// Adds gradients to a sum of gradients, in place.
///
/// ```
/// use volta::optim::accumulate;
/// use volta::prelude::*;
///
/// let x: Tensor<s![2]> = Tensor::from_array([1.0, -2.0]);
/// let mut sum = x.zeros_like();
/// for _ in 0..4 {
///     accumulate(&mut sum, &grad(&x, |x| x.square().sum() / 4.0));
/// }
/// assert_eq!(sum.to_vec(), [2.0, -4.0]);
/// ```
///
/// # Panics
/// If the two have other parameters.
#[track_caller]
pub fn accumulate<B: Backend, M: Module<B>>(sum: &mut M, grads: &M) {
    let grads = matching(sum, grads, |at, here, there| {
        format!(
            "accumulate: the gradients are of another model: parameter {at} is {here} in the sum \
             and {there} in the gradients"
        )
    });
    let mut add = Add(grads.into_iter());
    sum.visit_mut(&mut Path::new(), &mut add);
}

struct Add<B: Backend>(std::vec::IntoIter<AnyFloat<B>>);

impl<B: Backend> VisitorMut<B> for Add<B> {
    fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: &mut bool, x: &mut Tensor<S, E, B>) {
        let gradient = typed::<E, B>(self.0.next().expect("as many as the sum has"));
        B::map_in_place(op::Add, &mut [x.prim_mut()], &[&gradient]);
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E, B>) {}
}
