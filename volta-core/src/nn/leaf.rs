//! The leaves of a model: a parameter, and a bare tensor.

use std::ops::{Deref, DerefMut};

use super::module::{Mapper, Module, Visitor, VisitorMut};
use super::path::Path;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// A tensor that is trained, unless it is frozen. It is used as the tensor that it holds.
#[derive(Clone, Debug)]
pub struct Param<S: Shape, E: Float = f32, B: Backend = Cpu> {
    tensor: Tensor<S, E, B>,
    trainable: bool,
}

impl<S: Shape, E: Float, B: Backend> Param<S, E, B> {
    /// A parameter that is trained.
    pub fn new(tensor: Tensor<S, E, B>) -> Self {
        Param {
            tensor,
            trainable: true,
        }
    }

    /// Whether it is trained.
    pub fn trainable(&self) -> bool {
        self.trainable
    }

    /// Trained from now on, or no longer.
    pub fn set_trainable(&mut self, trainable: bool) {
        self.trainable = trainable;
    }

    /// The tensor.
    pub fn into_tensor(self) -> Tensor<S, E, B> {
        self.tensor
    }

    /// What the layer of this parameter gives.
    pub(crate) fn gives<T: Shape>(&self, y: B::Prim<E>) -> Tensor<T, E, B> {
        B::layer_output(self.tensor.prim(), &y);
        Tensor::typed(y)
    }
}

impl<S: Shape, E: Float, B: Backend> Deref for Param<S, E, B> {
    type Target = Tensor<S, E, B>;
    fn deref(&self) -> &Tensor<S, E, B> {
        &self.tensor
    }
}

impl<S: Shape, E: Float, B: Backend> DerefMut for Param<S, E, B> {
    fn deref_mut(&mut self) -> &mut Tensor<S, E, B> {
        &mut self.tensor
    }
}

impl<S: Shape, E: Float, B: Backend> From<Tensor<S, E, B>> for Param<S, E, B> {
    fn from(tensor: Tensor<S, E, B>) -> Self {
        Param::new(tensor)
    }
}

/// The number of elements of a shape, if its type fixes it.
const fn static_numel<S: Shape>() -> usize {
    let (mut n, mut axis) = (1, 0);
    while axis < S::RANK {
        match S::STATIC[axis] {
            Some(size) => n *= size,
            None => panic!(
                "a parameter of run-time shape is counted at run time: use `num_parameters()`"
            ),
        }
        axis += 1;
    }
    n
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Float, B: Backend> Module<B> for Param<S, E, B> {
    type On<B2: Backend> = Param<S, E, B2>;
    const PARAMETERS: usize = static_numel::<S>();

    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        visitor.parameter(path, self.trainable, &self.tensor);
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        visitor.parameter(path, &mut self.trainable, &mut self.tensor);
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Self::On<B2>, M::Error> {
        let tensor = mapper.parameter(path, self.trainable, &self.tensor)?;
        Ok(Param {
            tensor,
            trainable: self.trainable,
        })
    }
    fn same(on: Self) -> Self {
        on
    }
}

/// A bare tensor is a parameter that is always trained: the input of a plain function.
impl<S: Shape, E: Float, B: Backend> Module<B> for Tensor<S, E, B> {
    type On<B2: Backend> = Tensor<S, E, B2>;
    const PARAMETERS: usize = static_numel::<S>();

    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        visitor.parameter(path, true, self);
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        visitor.parameter(path, &mut true, self);
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Self::On<B2>, M::Error> {
        mapper.parameter(path, true, self)
    }
    fn same(on: Self) -> Self {
        on
    }
}
