//! Whether a layer is in training.

use super::{Mapper, Module, Path, Visitor, VisitorMut};
use crate::backend::Backend;

/// Whether a layer is in training: a field of a layer that does one thing in training and another
/// in use. It starts in training; [`train`](Module::train) and [`eval`](Module::eval) on the model
/// set it. It holds no tensor.
///
/// ```
/// use volta::nn::Training;
/// use volta::prelude::*;
///
/// #[derive(Module)]
/// struct Noise {
///     #[module(init = Training::default())]
///     training: Training,
/// }
///
/// let mut noise: Noise = Init::<Cpu>::init(&mut Rng::seed(0));
/// assert!(noise.training.get());
/// Module::<Cpu>::eval(&mut noise);
/// assert!(!noise.training.get());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Training(bool);

impl Default for Training {
    fn default() -> Self {
        Training(true)
    }
}

impl Training {
    /// Whether it is.
    pub fn get(self) -> bool {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl<B: Backend> Module<B> for Training {
    type On<B2: Backend> = Training;
    const PARAMETERS: usize = 0;

    fn visit<V: Visitor<B>>(&self, _: &mut Path, _: &mut V) {}
    fn visit_mut<V: VisitorMut<B>>(&mut self, _: &mut Path, visitor: &mut V) {
        visitor.mode(&mut self.0);
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        _: &mut Path,
        _: &mut M,
    ) -> Result<Training, M::Error> {
        Ok(*self)
    }
    fn same(on: Training) -> Self {
        on
    }
}
