//! The tensors of a model by name.

use crate::backend::Backend;
use crate::dtype::{Dtype, DtypeKind, Float};
use crate::error::{Error, StateProblem};
use crate::nn::{Module, Path, Visitor, VisitorMut};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// A tensor in main memory whose element type and sizes are known at run time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostTensor {
    dtype: DtypeKind,
    dims: Vec<usize>,
    /// Little-endian, in row-major order.
    bytes: Vec<u8>,
}

impl HostTensor {
    /// Of these elements, given as little-endian bytes in row-major order; `None` if there are not
    /// as many as the sizes say.
    pub fn new(dtype: DtypeKind, dims: Vec<usize>, bytes: Vec<u8>) -> Option<Self> {
        let n = dims
            .iter()
            .try_fold(dtype.size(), |n, &size| n.checked_mul(size))?;
        (n == bytes.len()).then_some(HostTensor { dtype, dims, bytes })
    }

    fn of<E: Dtype>(dims: &[usize], data: &[E]) -> Self {
        let mut bytes = bytemuck::cast_slice::<E, u8>(data).to_vec();
        if cfg!(target_endian = "big") {
            bytes
                .chunks_exact_mut(E::KIND.size())
                .for_each(<[u8]>::reverse);
        }
        HostTensor {
            dtype: E::KIND,
            dims: dims.to_vec(),
            bytes,
        }
    }

    /// The element type.
    pub fn dtype(&self) -> DtypeKind {
        self.dtype
    }

    /// The sizes.
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// The elements, little-endian, in row-major order.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The elements; `None` if they are of another type, or no `bool`s where `bool`s should be.
    pub fn to_vec<E: Dtype>(&self) -> Option<Vec<E>> {
        if self.dtype != E::KIND {
            return None;
        }
        self.bytes
            .chunks_exact(E::KIND.size())
            .map(E::from_le_bytes)
            .collect()
    }
}

/// The parameters and buffers of a model by name, in the order of declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateDict {
    entries: Vec<(String, HostTensor)>,
}

impl StateDict {
    /// Nothing yet.
    pub fn new() -> Self {
        StateDict::default()
    }

    /// The tensors of a model.
    ///
    /// # Panics
    /// If the device cannot be read.
    pub fn of<B: Backend, M: Module<B>>(model: &M) -> Self {
        struct Read(StateDict);
        impl Read {
            fn read<S: Shape, E: Dtype, B: Backend>(&mut self, path: &Path, x: &Tensor<S, E, B>) {
                let tensor = HostTensor::of(x.shape().dims().as_ref(), &x.to_vec());
                self.0.insert(path.name(), tensor);
            }
        }
        impl<B: Backend> Visitor<B> for Read {
            fn parameter<S: Shape, E: Float>(&mut self, p: &Path, _: bool, x: &Tensor<S, E, B>) {
                self.read(p, x);
            }
            fn buffer<S: Shape, E: Dtype>(&mut self, p: &Path, x: &Tensor<S, E, B>) {
                self.read(p, x);
            }
        }
        let mut read = Read(StateDict::new());
        model.visit(&mut Path::new(), &mut read);
        read.0
    }

    /// The names, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(key, _)| key.as_str())
    }

    /// Names and tensors, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &HostTensor)> {
        self.entries
            .iter()
            .map(|(key, tensor)| (key.as_str(), tensor))
    }

    /// The number of tensors.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The tensor of this name.
    pub fn get(&self, key: &str) -> Option<&HostTensor> {
        self.entries
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, tensor)| tensor)
    }

    /// Puts a tensor under a name, in the place of one that was there.
    pub fn insert(&mut self, key: impl Into<String>, tensor: HostTensor) -> Option<HostTensor> {
        let key = key.into();
        match self.entries.iter_mut().find(|(k, _)| *k == key) {
            Some((_, there)) => Some(std::mem::replace(there, tensor)),
            None => {
                self.entries.push((key, tensor));
                None
            }
        }
    }

    /// Takes a tensor out.
    pub fn remove(&mut self, key: &str) -> Option<HostTensor> {
        let at = self.entries.iter().position(|(k, _)| k == key)?;
        Some(self.entries.remove(at).1)
    }

    /// Everything that keeps this state from being the model's.
    fn problems<B: Backend, M: Module<B>>(&self, model: &M) -> Vec<StateProblem> {
        struct Compare<'a> {
            state: &'a StateDict,
            seen: Vec<String>,
            problems: Vec<StateProblem>,
        }
        impl Compare<'_> {
            fn compare<S: Shape, E: Dtype>(&mut self, path: &Path, shape: S) {
                let key = path.name();
                let dims = shape.dims();
                let wanted = dims.as_ref().to_vec();
                match self.state.get(&key) {
                    None => self.problems.push(StateProblem::Missing(key.clone())),
                    Some(tensor) if tensor.dims != wanted => {
                        let found = tensor.dims.clone();
                        self.problems.push(StateProblem::Shape {
                            key: key.clone(),
                            wanted,
                            found,
                        });
                    }
                    Some(tensor) if tensor.dtype != E::KIND => {
                        let (wanted, found) = (E::KIND, tensor.dtype);
                        self.problems.push(StateProblem::Dtype {
                            key: key.clone(),
                            wanted,
                            found,
                        });
                    }
                    Some(tensor) if tensor.to_vec::<E>().is_none() => {
                        self.problems.push(StateProblem::NotBool(key.clone()));
                    }
                    Some(_) => {}
                }
                self.seen.push(key);
            }
        }
        impl<B: Backend> Visitor<B> for Compare<'_> {
            fn parameter<S: Shape, E: Float>(&mut self, p: &Path, _: bool, x: &Tensor<S, E, B>) {
                self.compare::<S, E>(p, x.shape());
            }
            fn buffer<S: Shape, E: Dtype>(&mut self, p: &Path, x: &Tensor<S, E, B>) {
                self.compare::<S, E>(p, x.shape());
            }
        }
        let mut compare = Compare {
            state: self,
            seen: Vec::new(),
            problems: Vec::new(),
        };
        model.visit(&mut Path::new(), &mut compare);
        let Compare {
            seen, mut problems, ..
        } = compare;
        let unexpected = self.keys().filter(|key| !seen.iter().any(|s| s == key));
        problems.extend(unexpected.map(|key| StateProblem::Unexpected(key.to_owned())));
        problems
    }

    pub(crate) fn load_into<B: Backend, M: Module<B>>(&self, model: &mut M) -> Result<(), Error> {
        struct Write<'a>(&'a StateDict);
        impl Write<'_> {
            fn write<S: Shape, E: Dtype, B: Backend>(&self, path: &Path, x: &mut Tensor<S, E, B>) {
                let tensor = self.0.get(&path.name()).expect("checked before");
                let data = tensor.to_vec::<E>().expect("checked before");
                let prim = B::from_vec(&B::device(x.prim()), data, tensor.dims());
                *x = Tensor::from_prim(x.shape(), prim);
            }
        }
        impl<B: Backend> VisitorMut<B> for Write<'_> {
            fn parameter<S: Shape, E: Float>(
                &mut self,
                path: &Path,
                _: &mut bool,
                x: &mut Tensor<S, E, B>,
            ) {
                self.write(path, x);
            }
            fn buffer<S: Shape, E: Dtype>(&mut self, path: &Path, x: &mut Tensor<S, E, B>) {
                self.write(path, x);
            }
        }
        let problems = self.problems(model);
        if !problems.is_empty() {
            return Err(Error::State(problems));
        }
        model.visit_mut(&mut Path::new(), &mut Write(self));
        Ok(())
    }
}
