//! The tensors of a model by name.

use std::collections::{BTreeMap, HashMap};

use super::host::HostTensor;
use crate::backend::Backend;
use crate::dtype::{Dtype, Float};
use crate::error::{Error, StateProblem};
use crate::nn::{Module, Path, Visitor};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The parameters and buffers of a model by name, in the order of declaration.
///
/// Two are equal if the same tensors have the same names, whatever the order.
///
/// ```
/// use volta::prelude::*;
///
/// let a: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
/// let mut b: Linear<3, 2> = Linear::init(&mut Rng::seed(1));
/// let state = a.state_dict();
/// assert_eq!(state.keys().collect::<Vec<_>>(), ["weight", "bias"]);
/// b.load_state_dict(&state)?;
/// assert_eq!(b.state_dict(), state);
/// # Ok::<(), volta::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct StateDict {
    entries: Vec<(String, HostTensor)>,
    /// Where in `entries` each name is.
    places: HashMap<String, usize>,
    metadata: BTreeMap<String, String>,
}

impl PartialEq for StateDict {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.metadata == other.metadata
            && (self.iter()).all(|(key, tensor)| other.get(key) == Some(tensor))
    }
}

impl Eq for StateDict {}

impl StateDict {
    /// Nothing yet.
    pub fn new() -> Self {
        StateDict::default()
    }

    /// The tensors of a model.
    ///
    /// # Errors
    /// If the device cannot be read, or with [`StateProblem::Duplicate`] for every name that two
    /// tensors have.
    pub fn of<B: Backend, M: Module<B>>(model: &M) -> Result<Self, Error> {
        struct Read {
            state: StateDict,
            problems: Vec<StateProblem>,
            failed: Option<Error>,
        }
        impl Read {
            fn read<S: Shape, E: Dtype, B: Backend>(&mut self, path: &Path, x: &Tensor<S, E, B>) {
                if self.failed.is_some() {
                    return;
                }
                match x.try_to_vec() {
                    Ok(data) => {
                        let tensor = HostTensor::of(x.shape().dims().as_ref(), &data);
                        if self.state.insert(path.name(), tensor).is_some() {
                            self.problems.push(StateProblem::Duplicate(path.name()));
                        }
                    }
                    Err(error) => self.failed = Some(error),
                }
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
        let mut read = Read {
            state: StateDict::new(),
            problems: Vec::new(),
            failed: None,
        };
        model.visit(&mut Path::new(), &mut read);
        match read.failed {
            Some(error) => Err(error),
            None => fits(read.problems).map(|()| read.state),
        }
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
        self.places.get(key).map(|&place| &self.entries[place].1)
    }

    /// The elements of a tensor, or what is wrong with it.
    pub(crate) fn elements<E: Dtype>(
        &self,
        key: &str,
        wanted: &[usize],
    ) -> Result<Vec<E>, StateProblem> {
        let key = key.to_owned();
        match self.get(&key) {
            None => Err(StateProblem::Missing(key)),
            Some(tensor) if tensor.dims() != wanted => Err(StateProblem::Shape {
                key,
                wanted: wanted.to_vec(),
                found: tensor.dims().to_vec(),
            }),
            Some(tensor) => tensor.to_vec().ok_or_else(|| StateProblem::Dtype {
                key,
                wanted: E::KIND,
                found: tensor.dtype(),
            }),
        }
    }

    /// Puts a tensor under a name; gives back the one that was there.
    pub fn insert(&mut self, key: impl Into<String>, tensor: HostTensor) -> Option<HostTensor> {
        let key = key.into();
        if let Some(&place) = self.places.get(&key) {
            return Some(std::mem::replace(&mut self.entries[place].1, tensor));
        }
        self.places.insert(key.clone(), self.entries.len());
        self.entries.push((key, tensor));
        None
    }

    /// Takes a tensor out. Those behind it move up, which takes time.
    pub fn remove(&mut self, key: &str) -> Option<HostTensor> {
        let place = self.places.remove(key)?;
        let (_, tensor) = self.entries.remove(place);
        for other in self.places.values_mut().filter(|other| **other > place) {
            *other -= 1;
        }
        Some(tensor)
    }

    /// Its tensors and its notes.
    #[cfg(feature = "safetensors")]
    pub(crate) fn into_entries(self) -> (Vec<(String, HostTensor)>, BTreeMap<String, String>) {
        (self.entries, self.metadata)
    }

    /// Notes that a file carries beside its tensors: who made it, from what. Empty for a model's
    /// own state, and of no effect on loading.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// The notes, to change them.
    pub fn metadata_mut(&mut self) -> &mut BTreeMap<String, String> {
        &mut self.metadata
    }
}

/// The name of something in a part: `fc1.weight`. A bare tensor has no name.
pub(crate) fn join(part: &str, name: &str) -> String {
    match (part, name) {
        ("", alone) | (alone, "") => alone.to_owned(),
        _ => format!("{part}.{name}"),
    }
}

/// No problem, or one error with all of them.
pub(crate) fn fits(problems: Vec<StateProblem>) -> Result<(), Error> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::State {
        path: None,
        problems,
    })
}
