//! What the tests look at a model with.

use volta::nn::{Mapper, Path, Visitor, VisitorMut};
use volta::prelude::*;

pub(crate) fn new<M: Init<Cpu>>() -> M {
    M::init(&mut Rng::seed(0))
}

/// A layer without tensors.
#[derive(Clone, Debug, Default, PartialEq, Module)]
pub(crate) struct Act;

impl Act {
    pub(crate) fn forward<S: Shape, E: Float, B: Backend>(
        &self,
        x: &Tensor<S, E, B>,
    ) -> Tensor<S, E, B> {
        x.relu()
    }
}

/// What is visited, in order: `fc1.weight[6] trained`.
pub(crate) fn names<B: Backend>(module: &impl Module<B>) -> Vec<String> {
    struct Names(Vec<String>);
    impl<B: Backend> Visitor<B> for Names {
        fn parameter<S: Shape, E: Float>(
            &mut self,
            path: &Path,
            trainable: bool,
            tensor: &Tensor<S, E, B>,
        ) {
            let how = match trainable && !path.frozen() {
                true => "trained",
                false => "frozen",
            };
            self.0
                .push(format!("{}[{}] {how}", path.name(), tensor.numel()));
        }
        fn buffer<S: Shape, E: Dtype>(&mut self, path: &Path, tensor: &Tensor<S, E, B>) {
            self.0
                .push(format!("{}[{}] buffer", path.name(), tensor.numel()));
        }
    }
    let (mut names, mut path) = (Names(Vec::new()), Path::new());
    module.visit(&mut path, &mut names);
    assert_eq!(path.name(), "", "every segment is left");
    names.0
}

/// Sets every element to the number of tensors before it, and gives the names.
pub(crate) fn count(module: &mut impl Module<Cpu>) -> Vec<String> {
    struct Count(Vec<String>);
    impl VisitorMut<Cpu> for Count {
        fn parameter<S: Shape, E: Float>(
            &mut self,
            path: &Path,
            _: &mut bool,
            tensor: &mut Tensor<S, E, Cpu>,
        ) {
            self.buffer(path, tensor);
        }
        fn buffer<S: Shape, E: Dtype>(&mut self, path: &Path, tensor: &mut Tensor<S, E, Cpu>) {
            *tensor = tensor.full_like(E::from_f64(self.0.len() as f64));
            self.0.push(path.name());
        }
    }
    let (mut count, mut path) = (Count(Vec::new()), Path::new());
    module.visit_mut(&mut path, &mut count);
    assert_eq!(path.name(), "", "every segment is left");
    count.0
}

/// Another backend.
pub(crate) type Other = Taped<Cpu>;

/// Moves to the other backend; the name given fails.
pub(crate) struct Move(pub(crate) Option<&'static str>, pub(crate) Vec<String>);

impl Mapper<Cpu, Other> for Move {
    type Error = String;
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        _: bool,
        tensor: &Tensor<S, E, Cpu>,
    ) -> Result<Tensor<S, E, Other>, String> {
        self.buffer(path, tensor)
    }
    fn buffer<S: Shape, E: Dtype>(
        &mut self,
        path: &Path,
        tensor: &Tensor<S, E, Cpu>,
    ) -> Result<Tensor<S, E, Other>, String> {
        let name = path.name();
        if self.0 == Some(name.as_str()) {
            return Err(name);
        }
        self.1.push(name);
        Ok(tensor.lift())
    }
}

pub(crate) fn to_other<M: Module<Cpu>>(module: &M) -> M::On<Other> {
    let mut path = Path::new();
    let moved = module.map(&mut path, &mut Move(None, Vec::new()));
    assert_eq!(path.name(), "", "every segment is left");
    moved.expect("nothing fails")
}
