//! Gradients made smaller.

use super::keys::{any, typed};
use crate::backend::{Backend, Reduce};
use crate::dtype::{Dtype, DtypeKind, Float};
use crate::nn::{Module, Path, Visitor, VisitorMut};
use crate::ops::elementwise as op;
use crate::shape::Shape;
use crate::tensor::Tensor;
use volta_macros::elementwise;

/// Scales the gradients of a model so that their norm, as of one vector, is at most `max_norm`; gives
/// the norm that they had. `torch.nn.utils.clip_grad_norm_`:
///
/// ```text
/// gradient = gradient * min(max_norm / (norm + 1e-6), 1)
/// ```
///
/// Nothing is read back from the device. The norm is computed in f64 if a parameter is of f64, and
/// otherwise in f32. If it is NaN all gradients become NaN. Of a model without parameters there is
/// no norm, `None`.
///
/// ```
/// use volta::optim::clip_grad_norm;
/// use volta::prelude::*;
///
/// let mut grads: Tensor<s![2]> = Tensor::from_array([3.0, -4.0]);
/// let norm = clip_grad_norm(&mut grads, 0.5).unwrap();
/// assert_eq!(norm.item(), 5.0);
/// assert!((grads[[0]] - 0.3).abs() < 1e-6 && (grads[[1]] + 0.4).abs() < 1e-6);
/// ```
///
/// # Panics
/// If `max_norm` is negative.
#[track_caller]
pub fn clip_grad_norm<B: Backend, M: Module<B>>(
    grads: &mut M,
    max_norm: f64,
) -> Option<Tensor<(), f32, B>> {
    assert!(
        max_norm >= 0.0,
        "clip_grad_norm: a norm of {max_norm} is not 0 or more"
    );
    let mut widest = Widest(None);
    grads.visit(&mut Path::new(), &mut widest);
    match widest.0? {
        DtypeKind::F64 => clip_in::<f64, B, M>(grads, max_norm),
        _ => clip_in::<f32, B, M>(grads, max_norm),
    }
}

/// Clips by a norm that is computed in elements `W`.
fn clip_in<W: Float, B: Backend, M: Module<B>>(
    grads: &mut M,
    max_norm: f64,
) -> Option<Tensor<(), f32, B>> {
    let mut sum = SumOfSquares::<W, B>(None);
    grads.visit(&mut Path::new(), &mut sum);
    let norm = B::map(op::Sqrt, [&sum.0?]);
    let factor = B::map(ClipFactor { max_norm }, [&norm]);
    grads.visit_mut(&mut Path::new(), &mut Scale::<W, B>(factor));
    Some(Tensor::from_prim((), B::cast::<W, f32>(&norm)))
}

/// What every gradient is multiplied by.
#[elementwise(compiled)]
fn clip_factor(norm: Float, max_norm: f64) -> Float {
    minimum(max_norm / (norm + 1e-6), 1.0)
}

/// `f64` if a parameter is, otherwise another type.
struct Widest(Option<DtypeKind>);

impl<B: Backend> Visitor<B> for Widest {
    fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: bool, _: &Tensor<S, E, B>) {
        if self.0 != Some(DtypeKind::F64) {
            self.0 = Some(E::KIND);
        }
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, B>) {}
}

struct SumOfSquares<W: Float, B: Backend>(Option<B::Prim<W>>);

impl<W: Float, B: Backend> Visitor<B> for SumOfSquares<W, B> {
    fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: bool, x: &Tensor<S, E, B>) {
        let wide = if E::KIND == W::KIND {
            typed::<W, B>(any::<E, B>(x.prim().clone()))
        } else {
            B::cast::<E, W>(x.prim())
        };
        let axes: Vec<usize> = (0..S::RANK).collect();
        let sum = B::reduce(Reduce::Sum, &B::map(op::Square, [&wide]), &axes);
        let sum = B::reshape(&sum, &[]);
        self.0 = Some(match self.0.take() {
            None => sum,
            Some(before) => B::map(op::Add, [&before, &sum]),
        });
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, B>) {}
}

struct Scale<W: Float, B: Backend>(B::Prim<W>);

impl<W: Float, B: Backend> VisitorMut<B> for Scale<W, B> {
    fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: &mut bool, x: &mut Tensor<S, E, B>) {
        let factor = B::cast::<W, E>(&self.0);
        let factor = B::expand(&factor, x.dims());
        B::map_in_place(op::Mul, &mut [x.prim_mut()], &[&factor]);
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E, B>) {}
}

/// Holds every element of the gradients of a model between `-clip_value` and `clip_value`:
/// `torch.nn.utils.clip_grad_value_`.
///
/// ```
/// use volta::optim::clip_grad_value;
/// use volta::prelude::*;
///
/// let mut grads: Tensor<s![3]> = Tensor::from_array([3.0, -4.0, 0.25]);
/// clip_grad_value(&mut grads, 0.5);
/// assert_eq!(grads.to_vec(), [0.5, -0.5, 0.25]);
/// ```
///
/// # Panics
/// If `clip_value` is negative.
#[track_caller]
pub fn clip_grad_value<B: Backend, M: Module<B>>(grads: &mut M, clip_value: f64) {
    assert!(
        clip_value >= 0.0,
        "clip_grad_value: a value of {clip_value} is not 0 or more"
    );
    grads.visit_mut(&mut Path::new(), &mut Hold(clip_value));
}

struct Hold(f64);

impl<B: Backend> VisitorMut<B> for Hold {
    fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: &mut bool, x: &mut Tensor<S, E, B>) {
        let hold = HoldWithin { bound: self.0 };
        B::map_in_place(hold, &mut [x.prim_mut()], &[]);
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E, B>) {}
}

/// NaN stays NaN.
#[elementwise(compiled)]
fn hold_within(x: Float, bound: f64) -> Float {
    let raised = if x < -bound { -bound } else { x };
    if bound < raised { bound } else { raised }
}
