//! The parameters of models as lists of numbers.

use volta::nn::{Path, Visitor, VisitorMut};
use volta::prelude::*;

/// The parameters by name.
pub(crate) fn flat<B: Backend, M: Module<B>>(model: &M) -> Vec<(String, Vec<f64>)> {
    struct Read(Vec<(String, Vec<f64>)>);
    impl<B: Backend> Visitor<B> for Read {
        fn parameter<S: Shape, E: Float>(&mut self, path: &Path, _: bool, x: &Tensor<S, E, B>) {
            let elements = x.to_vec().into_iter().map(E::to_f64).collect();
            self.0.push((path.name(), elements));
        }
        fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, B>) {}
    }
    let mut read = Read(Vec::new());
    model.visit(&mut Path::new(), &mut read);
    read.0
}

/// The parameters of one model in another, of another type.
pub(crate) fn fill<M: Module<Cpu>>(model: &mut M, from: &impl Module<Cpu>) {
    struct Write(std::vec::IntoIter<(String, Vec<f64>)>);
    impl VisitorMut<Cpu> for Write {
        fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: &mut bool, x: &mut Tensor<S, E>) {
            let (_, elements) = self.0.next().expect("as many parameters");
            let elements = elements.into_iter().map(E::from_f64).collect();
            *x = Tensor::from_vec_with(x.shape(), elements).expect("as many elements");
        }
        fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E>) {}
    }
    model.visit_mut(&mut Path::new(), &mut Write(flat(from).into_iter()));
}
