//! The state of an optimiser as a state dict.

use std::collections::HashSet;

use super::group::Groups;
use super::keys::Key;
use super::slots::{KEPT, Rule, Slot, Slots};
use crate::backend::Backend;
use crate::dtype::{AnyFloat, Dtype, Float, bf16, f16};
use crate::error::{Error, StateProblem};
use crate::io::{HostTensor, StateDict, fits, join};
use crate::nn::{Module, Path, Visitor};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// An optimiser with a state that a checkpoint keeps (`volta::io::checkpoint`). All of volta's are,
/// with their methods of these names.
pub trait OptimizerState<B: Backend> {
    /// The learning rate.
    fn lr(&self) -> f64;

    /// Another learning rate from now on.
    fn set_lr(&mut self, lr: f64);

    /// What it keeps for each parameter, to resume a run.
    ///
    /// # Errors
    /// If the device cannot be read, or with [`StateProblem::Duplicate`] for every name that two
    /// tensors have.
    fn try_state_dict(&self) -> Result<StateDict, Error>;

    /// Takes what an optimiser of the same settings kept for `model`.
    ///
    /// # Errors
    /// [`Error::State`] lists everything that is missing, unexpected or different. The optimiser is
    /// left as it was.
    fn load_state_dict<M: Module<B>>(&mut self, model: &M, state: &StateDict) -> Result<(), Error>;
}

/// An optimiser's methods as those of [`OptimizerState`].
macro_rules! optimizer_state {
    ([$($generics:tt)*] $Optimiser:ty) => {
        impl<$($generics)*> crate::optim::OptimizerState<B> for $Optimiser {
            fn lr(&self) -> f64 {
                self.lr()
            }
            fn set_lr(&mut self, lr: f64) {
                self.set_lr(lr);
            }
            fn try_state_dict(&self) -> Result<crate::StateDict, crate::Error> {
                self.try_state_dict()
            }
            fn load_state_dict<M: crate::nn::Module<B>>(
                &mut self,
                model: &M,
                state: &crate::StateDict,
            ) -> Result<(), crate::Error> {
                self.load_state_dict(model, state)
            }
        }
    };
}
pub(super) use optimizer_state;

/// The number of updates of a parameter, an `i64`.
const STEP: &str = "step";

fn host<E: Float, B: Backend>(x: &B::Prim<E>) -> Result<HostTensor, Error> {
    Ok(HostTensor::of(B::dims(x), &B::read(x)?))
}

fn host_of_any<B: Backend>(x: &AnyFloat<B>) -> Result<HostTensor, Error> {
    match x {
        AnyFloat::F16(x) => host::<f16, B>(x),
        AnyFloat::Bf16(x) => host::<bf16, B>(x),
        AnyFloat::F32(x) => host::<f32, B>(x),
        AnyFloat::F64(x) => host::<f64, B>(x),
    }
}

impl<B: Backend> Slots<B> {
    /// What is kept, by the name of the parameter and of the tensor.
    pub(super) fn save<R: Rule<B>>(&self, rule: &R) -> Result<StateDict, Error> {
        let mut state = StateDict::new();
        let mut problems = Vec::new();
        let mut put = |key: String, tensor| {
            if state.insert(key.clone(), tensor).is_some() {
                problems.push(StateProblem::Duplicate(key));
            }
        };
        for slot in &self.slots {
            let steps = HostTensor::of(&[], &[i64::from(slot.steps)]);
            put(join(&slot.key.name, STEP), steps);
            for ((name, kept), keeps) in R::STATE.iter().zip(&slot.state).zip(slot.keeps(rule)) {
                if let (Some(kept), true) = (kept, keeps) {
                    put(join(&slot.key.name, name), host_of_any(kept)?);
                }
            }
        }
        fits(problems)?;
        Ok(state)
    }

    /// Takes what was kept for `model`.
    pub(super) fn load<R: Rule<B>, M: Module<B>>(
        &mut self,
        rule: &R,
        model: &M,
        state: &StateDict,
    ) -> Result<(), Error> {
        if state.is_empty() {
            self.slots.clear();
            return Ok(());
        }
        let mut load = Load {
            state,
            rule,
            groups: &self.groups,
            slots: Vec::new(),
            seen: HashSet::new(),
            problems: Vec::new(),
            failed: None,
        };
        model.visit(&mut Path::new(), &mut load);
        let unexpected = state.keys().filter(|key| !load.seen.contains(*key));
        let unexpected = unexpected.map(|key| StateProblem::Unexpected(key.to_owned()));
        load.problems.extend(unexpected);
        fits(load.problems)?;
        if let Some(error) = load.failed {
            return Err(error);
        }
        self.slots = load.slots;
        Ok(())
    }
}

/// Makes the slots of a model from a state.
struct Load<'a, R, B: Backend> {
    state: &'a StateDict,
    rule: &'a R,
    groups: &'a Groups,
    slots: Vec<Slot<B>>,
    seen: HashSet<String>,
    problems: Vec<StateProblem>,
    failed: Option<Error>,
}

impl<R, B: Backend> Load<'_, R, B> {
    /// The elements of an entry, unless there is something wrong with it.
    fn elements<E: Dtype>(&mut self, key: &str, wanted: &[usize]) -> Option<Vec<E>> {
        if !self.seen.insert(key.to_owned()) {
            self.problems.push(StateProblem::Duplicate(key.to_owned()));
            return None;
        }
        match self.state.elements(key, wanted) {
            Ok(elements) => Some(elements),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    fn steps(&mut self, key: &str) -> i32 {
        let Some(found) = self.elements::<i64>(key, &[]) else {
            return 0;
        };
        match i32::try_from(found[0]) {
            Ok(steps) if steps >= 0 => steps,
            _ => {
                self.problems.push(StateProblem::Steps {
                    key: key.to_owned(),
                    found: found[0],
                });
                0
            }
        }
    }
}

impl<R: Rule<B>, B: Backend> Visitor<B> for Load<'_, R, B> {
    fn parameter<S: Shape, E: Float>(&mut self, path: &Path, _: bool, x: &Tensor<S, E, B>) {
        let key = Key::of(path, x);
        let steps = self.steps(&join(&key.name, STEP));
        let mut slot = Slot {
            group: self.groups.of(&key.name),
            key,
            steps,
            state: [const { None }; KEPT],
        };
        let keeps = slot.keeps(self.rule);
        for (place, kept) in slot.state.iter_mut().enumerate() {
            // What never moved has nothing beside it.
            if !keeps[place] || steps == 0 {
                continue;
            }
            let name = join(&slot.key.name, R::STATE[place]);
            let Some(elements) = self.elements::<E>(&name, x.dims()) else {
                continue;
            };
            match Tensor::<S, E, B>::from_vec_on(x.shape(), elements, &x.device()) {
                Ok(tensor) => *kept = E::into_any::<B>(tensor.into_prim()),
                Err(error) => self.failed = Some(error),
            }
        }
        self.slots.push(slot);
    }

    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, B>) {}
}
