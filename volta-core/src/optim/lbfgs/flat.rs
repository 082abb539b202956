//! The parameters of a model as one vector.

use crate::backend::{Backend, Reduce};
use crate::dtype::{AnyFloat, Dtype, Float, with_float};
use crate::error::Error;
use crate::io::HostTensor;
use crate::nn::{Module, Path, VisitorMut};
use crate::ops::elementwise as op;
use crate::optim::keys::matching;
use crate::shape::Shape;
use crate::tensor::Tensor;
use volta_macros::elementwise;

/// A vector of all parameters, or of their gradients.
#[derive(Clone, Debug)]
pub(super) struct Vector<B: Backend, E: Float>(B::Prim<E>);

impl<B: Backend, E: Float> Vector<B, E> {
    pub(super) fn len(&self) -> usize {
        B::dims(&self.0)[0]
    }

    /// A scalar read from the device.
    fn read(scalar: &B::Prim<E>) -> f64 {
        match B::read(scalar) {
            Ok(elements) => elements[0].to_f64(),
            Err(error) => panic!("Lbfgs: {error}"),
        }
    }

    pub(super) fn dot(&self, other: &Self) -> f64 {
        let products = B::map(op::Mul, [&self.0, &other.0]);
        Self::read(&B::reduce(Reduce::Sum, &products, &[0]))
    }

    pub(super) fn largest(&self) -> f64 {
        if self.len() == 0 {
            return 0.0;
        }
        let magnitudes = B::map(op::Abs, [&self.0]);
        Self::read(&B::reduce(Reduce::Max, &magnitudes, &[0]))
    }

    pub(super) fn sum_of_magnitudes(&self) -> f64 {
        let magnitudes = B::map(op::Abs, [&self.0]);
        Self::read(&B::reduce(Reduce::Sum, &magnitudes, &[0]))
    }

    pub(super) fn scaled(&self, by: f64) -> Self {
        Vector(B::map(Scaled { by }, [&self.0]))
    }

    /// `self + by * other`.
    pub(super) fn plus(&self, by: f64, other: &Self) -> Self {
        Vector(B::map(AddScaled { by }, [&self.0, &other.0]))
    }

    pub(super) fn to_host(&self) -> Result<HostTensor, Error> {
        Ok(HostTensor::of(B::dims(&self.0), &B::read(&self.0)?))
    }

    /// As long as this one, of other elements.
    pub(super) fn with(&self, elements: Vec<E>) -> Self {
        Vector(B::from_vec(&B::device(&self.0), elements, B::dims(&self.0)))
    }

    pub(super) fn status(&self) -> Result<(), Error> {
        B::status(&self.0)
    }
}

#[elementwise(compiled)]
fn scaled(x: Float, by: f64) -> Float {
    by * x
}

#[elementwise(compiled)]
fn add_scaled(x: Float, y: Float, by: f64) -> Float {
    x + by * y
}

/// The parameters of `of`, which are those of `model`, as one vector; `None` if there are none.
#[track_caller]
pub(super) fn gather<M: Module<B>, B: Backend, E: Float>(
    model: &M,
    of: &M,
) -> Option<Vector<B, E>> {
    let values = matching(model, of, |at, here, there| {
        format!(
            "Lbfgs: the gradients are of another model: parameter {at} is {here} in the model and \
             {there} in the gradients"
        )
    });
    let flat = |value: AnyFloat<B>| {
        let value = with_float!(value, x => B::cast::<_, E>(&x));
        let n = B::dims(&value).iter().product();
        B::reshape(&value, &[n])
    };
    let parts: Vec<B::Prim<E>> = values.into_iter().map(flat).collect();
    let parts: Vec<&B::Prim<E>> = parts.iter().collect();
    (!parts.is_empty()).then(|| Vector(B::cat(&parts, 0)))
}

/// Moves every parameter that is not frozen by `length` times the direction.
pub(super) fn move_by<M: Module<B>, B: Backend, D: Float>(
    model: &mut M,
    direction: &Vector<B, D>,
    length: f64,
) {
    struct Move<'a, B: Backend, D: Float> {
        direction: &'a Vector<B, D>,
        length: f64,
        at: usize,
    }
    impl<B: Backend, D: Float> VisitorMut<B> for Move<'_, B, D> {
        fn parameter<S: Shape, E: Float>(
            &mut self,
            path: &Path,
            trainable: &mut bool,
            x: &mut Tensor<S, E, B>,
        ) {
            let part = B::narrow(&self.direction.0, 0, self.at, x.numel());
            self.at += x.numel();
            if *trainable && !path.frozen() {
                let part = B::cast::<D, E>(&B::reshape(&part, x.dims()));
                B::map_in_place(AddScaled { by: self.length }, &mut [x.prim_mut()], &[&part]);
            }
        }
        fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E, B>) {}
    }
    let mut mover = Move {
        direction,
        length,
        at: 0,
    };
    model.visit_mut(&mut Path::new(), &mut mover);
}
