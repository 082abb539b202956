//! Which parameters a model has, and whether another has the same.

use std::fmt::{self, Display};

use crate::backend::Backend;
use crate::dtype::{AnyFloat, Dtype, DtypeKind, Float};
use crate::nn::{Module, Path, Visitor};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// What a parameter is, to tell one model from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) name: String,
    dims: Vec<usize>,
    dtype: DtypeKind,
}

impl Key {
    pub(super) fn of<S: Shape, E: Float, B: Backend>(
        path: &Path,
        tensor: &Tensor<S, E, B>,
    ) -> Self {
        Key {
            name: path.name(),
            dims: tensor.dims().to_vec(),
            dtype: E::KIND,
        }
    }

    pub(super) fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// Whether it is [`of`](Self::of) these, which it finds out without making another.
    pub(super) fn is_of<S: Shape, E: Float, B: Backend>(
        &self,
        path: &Path,
        tensor: &Tensor<S, E, B>,
    ) -> bool {
        self.dtype == E::KIND && self.dims == tensor.dims() && path.is(&self.name)
    }
}

impl Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A bare tensor has no name.
        if self.name.is_empty() {
            write!(f, "{} {:?}", self.dtype, self.dims)
        } else {
            write!(f, "`{}` ({} {:?})", self.name, self.dtype, self.dims)
        }
    }
}

/// The first parameter that differs: its number, and what it is on either side.
pub(super) fn difference(left: &[Key], right: &[Key]) -> Option<(usize, String, String)> {
    let at = (0..left.len().max(right.len())).find(|&i| left.get(i) != right.get(i))?;
    let describe = |keys: &[Key]| keys.get(at).map_or("nothing".to_owned(), Key::to_string);
    Some((at, describe(left), describe(right)))
}

/// The keys and the values of all parameters.
pub(super) fn read<B: Backend, M: Module<B>>(model: &M) -> (Vec<Key>, Vec<AnyFloat<B>>) {
    struct Read<B: Backend>(Vec<Key>, Vec<AnyFloat<B>>);
    impl<B: Backend> Visitor<B> for Read<B> {
        fn parameter<S: Shape, E: Float>(&mut self, path: &Path, _: bool, x: &Tensor<S, E, B>) {
            self.0.push(Key::of(path, x));
            self.1.push(any(x.prim().clone()));
        }
        fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, B>) {}
    }
    let mut read = Read(Vec::new(), Vec::new());
    model.visit(&mut Path::new(), &mut read);
    (read.0, read.1)
}

/// The values of all parameters of `of`, if it has those of `model`.
///
/// # Panics
/// If it has others: `what` says of which two models.
#[track_caller]
pub(super) fn matching<B: Backend, M: Module<B>>(
    model: &M,
    of: &M,
    what: impl FnOnce(usize, &str, &str) -> String,
) -> Vec<AnyFloat<B>> {
    let ((keys, _), (others, values)) = (read(model), read(of));
    if let Some((at, here, there)) = difference(&keys, &others) {
        panic!("{}", what(at, &here, &there));
    }
    values
}

/// The primitive of a parameter, without its type.
pub(super) fn any<E: Float, B: Backend>(prim: B::Prim<E>) -> AnyFloat<B> {
    E::into_any::<B>(prim).expect("a parameter is of floats")
}

/// The primitive of a parameter of elements `E`.
pub(super) fn typed<E: Float, B: Backend>(any: AnyFloat<B>) -> B::Prim<E> {
    E::from_any::<B>(any).expect("of the type that the model was seen to have")
}
