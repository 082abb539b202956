//! From a state into a model.

mod options;
mod report;

use std::collections::HashSet;

pub use options::LoadOptions;
pub use report::{CastTensor, LoadReport, MisShaped};

use super::{HostTensor, StateDict, fits};
use crate::backend::Backend;
use crate::dtype::{Dtype, Float};
use crate::error::{Error, StateProblem};
use crate::nn::{Mapper, Module, Path, Visitor, VisitorMut};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// Takes what the options allow, all of it or nothing.
///
/// What can fail comes first: new tensors for those that cannot be written over. Then the others
/// are, one by one, so that there is never a second model in memory beside the state.
pub(crate) fn load<B: Backend, M: Module<B>>(
    model: &mut M,
    state: &StateDict,
    options: LoadOptions,
) -> Result<LoadReport, Error> {
    let report = compare(model, state, options)?;
    let mut make = Make {
        state,
        left: report.loaded.iter().map(String::as_str).collect(),
    };
    let made = model.map(&mut Path::new(), &mut make)?;
    let mut overwrite = Overwrite {
        state,
        left: make.left,
    };
    *model = M::same(made);
    model.visit_mut(&mut Path::new(), &mut overwrite);
    Ok(report)
}

/// What is taken, if there is nothing that the options do not allow.
fn compare<B: Backend, M: Module<B>>(
    model: &M,
    state: &StateDict,
    options: LoadOptions,
) -> Result<LoadReport, Error> {
    let mut compare = Compare {
        state,
        options,
        seen: HashSet::new(),
        problems: Vec::new(),
        report: LoadReport::default(),
    };
    model.visit(&mut Path::new(), &mut compare);
    let Compare {
        seen,
        mut problems,
        mut report,
        ..
    } = compare;
    let unexpected = state.keys().filter(|key| !seen.contains(*key));
    let unexpected = unexpected.map(str::to_owned);
    match options.unexpected {
        true => report.unexpected.extend(unexpected),
        false => problems.extend(unexpected.map(StateProblem::Unexpected)),
    }
    fits(problems).map(|()| report)
}

struct Compare<'a> {
    state: &'a StateDict,
    options: LoadOptions,
    seen: HashSet<String>,
    problems: Vec<StateProblem>,
    report: LoadReport,
}

impl Compare<'_> {
    fn compare<S: Shape, E: Dtype>(&mut self, path: &Path, shape: S) {
        let key = path.name();
        if self.seen.contains(&key) {
            return self.problems.push(StateProblem::Duplicate(key));
        }
        self.seen.insert(key.clone());
        let (wanted, found) = (shape.dims(), self.state.get(&key));
        match found {
            None if self.options.missing => self.report.missing.push(key),
            None => self.problems.push(StateProblem::Missing(key)),
            Some(x) if x.dims() != wanted.as_ref() => self.other_shape(key, wanted.as_ref(), x),
            Some(x) if !x.is_sound() => self.problems.push(StateProblem::NotBool(key)),
            Some(x) if x.dtype() == E::KIND => self.report.loaded.push(key),
            Some(x) => self.other_dtype::<E>(key, x),
        }
    }

    fn other_shape(&mut self, key: String, wanted: &[usize], x: &HostTensor) {
        let (wanted, found) = (wanted.to_vec(), x.dims().to_vec());
        match self.options.mis_shaped {
            true => self
                .report
                .mis_shaped
                .push(MisShaped { key, wanted, found }),
            false => (self.problems).push(StateProblem::Shape { key, wanted, found }),
        }
    }

    fn other_dtype<E: Dtype>(&mut self, key: String, x: &HostTensor) {
        let (from, to) = (x.dtype(), E::KIND);
        if self.options.cast && from.casts() {
            self.report.loaded.push(key.clone());
            return self.report.cast.push(CastTensor { key, from, to });
        }
        let (wanted, found) = (to, from);
        self.problems
            .push(StateProblem::Dtype { key, wanted, found });
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

/// The elements of a tensor that was compared.
fn elements<E: Dtype>(state: &StateDict, key: &str) -> Vec<E> {
    let tensor = state.get(key).expect("compared before");
    tensor.cast_to_vec().expect("compared before")
}

/// Makes new tensors where the old ones cannot be written over: an error leaves the old model.
struct Make<'a> {
    state: &'a StateDict,
    /// What is to be loaded, and not made here.
    left: HashSet<&'a str>,
}

impl Make<'_> {
    fn make<S: Shape, E: Dtype, B: Backend>(
        &mut self,
        path: &Path,
        x: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B>, Error> {
        let key = path.name();
        if B::is_overwritable(x.prim()) || !self.left.remove(key.as_str()) {
            return Ok(x.clone());
        }
        Tensor::from_vec_on(x.shape(), elements(self.state, &key), &x.device())
    }
}

impl<B: Backend> Mapper<B, B> for Make<'_> {
    type Error = Error;
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        _: bool,
        x: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B>, Error> {
        self.make(path, x)
    }
    fn buffer<S: Shape, E: Dtype>(
        &mut self,
        path: &Path,
        x: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B>, Error> {
        self.make(path, x)
    }
}

/// Writes over what was not made.
struct Overwrite<'a> {
    state: &'a StateDict,
    left: HashSet<&'a str>,
}

impl Overwrite<'_> {
    fn overwrite<S: Shape, E: Dtype, B: Backend>(&self, path: &Path, x: &mut Tensor<S, E, B>) {
        let key = path.name();
        if self.left.contains(key.as_str()) {
            B::overwrite(x.prim_mut(), elements(self.state, &key));
        }
    }
}

impl<B: Backend> VisitorMut<B> for Overwrite<'_> {
    fn parameter<S: Shape, E: Float>(&mut self, p: &Path, _: &mut bool, x: &mut Tensor<S, E, B>) {
        self.overwrite(p, x);
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, p: &Path, x: &mut Tensor<S, E, B>) {
        self.overwrite(p, x);
    }
}
