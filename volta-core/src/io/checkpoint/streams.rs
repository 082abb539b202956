//! The random streams of a model's layers.

use std::collections::BTreeMap;

use super::stateful::Notes;
use crate::backend::Backend;
use crate::dtype::{Dtype, Float};
use crate::error::StateProblem;
use crate::io::StateDict;
use crate::nn::{Module, Path, Visitor, VisitorMut};
use crate::random::Rng;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The streams as texts, by the paths of their layers; and the paths that two have.
pub(super) fn read<B: Backend, M: Module<B>>(
    model: &M,
) -> (BTreeMap<String, String>, Vec<StateProblem>) {
    #[derive(Default)]
    struct Read(BTreeMap<String, String>, Vec<StateProblem>);
    impl<B: Backend> Visitor<B> for Read {
        fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: bool, _: &Tensor<S, E, B>) {}
        fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, B>) {}
        fn random(&mut self, path: &Path, stream: &Rng) {
            if (self.0.insert(path.name(), stream.to_string())).is_some() {
                self.1.push(StateProblem::Duplicate(path.name()));
            }
        }
    }
    let mut read = Read::default();
    model.visit(&mut Path::new(), &mut read);
    (read.0, read.1)
}

/// Sets the streams to where the notes of a state say, and says what is wrong with those.
pub(super) fn write<B: Backend, M: Module<B>>(
    model: &mut M,
    state: &StateDict,
) -> Vec<StateProblem> {
    struct Write<'a>(Notes<'a>);
    impl<B: Backend> VisitorMut<B> for Write<'_> {
        fn parameter<S: Shape, E: Float>(
            &mut self,
            _: &Path,
            _: &mut bool,
            _: &mut Tensor<S, E, B>,
        ) {
        }
        fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E, B>) {}
        fn random(&mut self, path: &Path, stream: &mut Rng) {
            if let Some(saved) = self.0.take(&path.name()) {
                *stream = saved;
            }
        }
    }
    let mut write = Write(Notes::of(state));
    model.visit_mut(&mut Path::new(), &mut write);
    write.0.problems()
}
