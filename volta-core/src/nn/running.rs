//! A buffer that calls change.

use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::module::{Mapper, Module, Visitor, VisitorMut};
use super::path::Path;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Dtype;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// A tensor that is saved and not trained, and that a call of the layer may change: the running
/// statistics of a normalisation.
///
/// A layer is called by `&self`, and under [`grad`](crate::grad) it is a traced copy that is called.
/// So the tensor is behind a lock, below all tapes, and a traced copy has the same one: what a
/// traced call writes is what the model has then, and nothing is read back from a device. A clone, a
/// model on another device, and the gradients, which are a model too, have a copy of their own.
///
/// ```
/// use volta::nn::Running;
/// use volta::prelude::*;
///
/// #[derive(Module)]
/// struct Counted<B: Backend = Cpu> {
///     layer: Linear<2, 1, B>,
///     #[module(init = Running::new(&Tensor::full_on((), 0, device)))]
///     calls: Running<(), i64, B>,
/// }
///
/// let model = Counted::<Cpu>::init(&mut Rng::seed(0));
/// let x: Tensor<s![4, 2]> = Tensor::ones();
/// for _ in 0..3 {
///     let _ = grad(&model, |traced| {
///         traced.calls.update(|calls| *calls += 1);
///         traced.layer.forward(&x.lift()).sum()
///     });
/// }
/// assert_eq!(model.calls.get().item(), 3);
/// ```
pub struct Running<S: Shape, E: Dtype = f32, B: Backend = Cpu> {
    cell: Arc<Mutex<Tensor<S, E, B::Ground>>>,
}

impl<S: Shape, E: Dtype, B: Backend> Running<S, E, B> {
    /// A buffer that starts with the value of `tensor`.
    pub fn new(tensor: &Tensor<S, E, B>) -> Self {
        Running {
            cell: Arc::new(Mutex::new(ground(tensor))),
        }
    }

    /// The value, a constant on any tape.
    pub fn get(&self) -> Tensor<S, E, B> {
        let cell = self.lock();
        Tensor::from_prim(cell.shape(), B::from_ground(cell.prim()))
    }

    /// Keeps the value of `tensor`, without its history.
    pub fn set(&self, tensor: &Tensor<S, E, B>) {
        *self.lock() = ground(tensor);
    }

    /// Changes the tensor below all tapes. Another thread that calls the same layer waits.
    ///
    /// # Panics
    /// The function may not use the same buffer: it would wait for itself.
    pub fn update<R>(&self, f: impl FnOnce(&mut Tensor<S, E, B::Ground>) -> R) -> R {
        f(&mut self.lock())
    }

    /// The same buffer for a model on another tape.
    pub(crate) fn share<B2: Backend<Ground = B::Ground>>(&self) -> Running<S, E, B2> {
        Running {
            cell: self.cell.clone(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Tensor<S, E, B::Ground>> {
        // A tensor is whole at any moment, so that a panic elsewhere leaves it usable.
        self.cell.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ground<S: Shape, E: Dtype, B: Backend>(x: &Tensor<S, E, B>) -> Tensor<S, E, B::Ground> {
    Tensor::from_prim(x.shape(), B::ground(x.prim()))
}

impl<S: Shape, E: Dtype, B: Backend> Clone for Running<S, E, B> {
    fn clone(&self) -> Self {
        let value = self.lock().clone();
        Running {
            cell: Arc::new(Mutex::new(value)),
        }
    }
}

impl<S: Shape, E: Dtype, B: Backend> Debug for Running<S, E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.lock().clone();
        f.debug_tuple("Running").field(&value).finish()
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Dtype, B: Backend> Module<B> for Running<S, E, B> {
    type On<B2: Backend> = Running<S, E, B2>;
    const PARAMETERS: usize = 0;

    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        visitor.buffer(path, &self.get());
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        let mut tensor = self.get();
        visitor.buffer(path, &mut tensor);
        self.set(&tensor);
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Self::On<B2>, M::Error> {
        mapper.running(path, self)
    }
    fn same(on: Self) -> Self {
        on
    }
}
