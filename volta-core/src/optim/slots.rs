//! What an optimiser keeps for each parameter, and the walk over a model.

use std::fmt::{self, Debug};
use std::mem;

use super::group::{Group, Groups};
use super::keys::{Key, any, difference, matching, read, typed};
use crate::backend::Backend;
use crate::dtype::{AnyFloat, Dtype, Float};
use crate::nn::{Module, Path, Visitor, VisitorMut};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// How many tensors an update keeps at most.
pub(super) const KEPT: usize = 3;

/// What an update reads and writes beside the parameter: tensors of its sizes.
pub(super) type State<E, B> = [Option<<B as Backend>::Prim<E>>; KEPT];

/// How one parameter moves.
pub(super) trait Rule<B: Backend>: Copy {
    const NAME: &'static str;
    /// What a saved state calls the tensors that are kept; PyTorch's names.
    const STATE: [&'static str; KEPT];

    /// Panics if the settings do not go together.
    #[track_caller]
    fn check(&self) {}
    /// Which of the tensors are kept of a parameter of these sizes.
    fn keeps(&self, dims: &[usize]) -> [bool; KEPT];
    /// The same rule for a group of parameters.
    fn in_group(self, group: &Group) -> Self;
    /// Moves `x`, given its gradient. `step` counts the updates of this parameter, from 1 on.
    fn update<E: Float>(
        &self,
        step: i32,
        x: &mut B::Prim<E>,
        gradient: &B::Prim<E>,
        state: &mut State<E, B>,
    );
}

/// What is kept in a slot; at first zeros of the sizes of `x`.
pub(super) fn zeros<'a, E: Float, B: Backend>(
    slot: &'a mut Option<B::Prim<E>>,
    x: &B::Prim<E>,
) -> &'a mut B::Prim<E> {
    slot.get_or_insert_with(|| B::full(&B::device(x), E::ZERO, B::dims(x)))
}

#[derive(Clone)]
pub(super) struct Slot<B: Backend> {
    pub(super) key: Key,
    pub(super) group: Option<Group>,
    pub(super) steps: i32,
    pub(super) state: [Option<AnyFloat<B>>; KEPT],
}

impl<B: Backend> Slot<B> {
    /// The rule for this parameter.
    fn rule<R: Rule<B>>(&self, rule: &R) -> R {
        match &self.group {
            Some(group) => rule.in_group(group),
            None => *rule,
        }
    }

    /// Which tensors the rule keeps of this parameter.
    pub(super) fn keeps<R: Rule<B>>(&self, rule: &R) -> [bool; KEPT] {
        self.rule(rule).keeps(self.key.dims())
    }
}

/// The slots of all parameters, in the order of visiting; none until the first step.
#[derive(Clone)]
pub(super) struct Slots<B: Backend> {
    pub(super) slots: Vec<Slot<B>>,
    pub(super) groups: Groups,
    /// Room for the gradients of a step.
    gradients: Vec<AnyFloat<B>>,
}

impl<B: Backend> Default for Slots<B> {
    fn default() -> Self {
        Slots {
            slots: Vec::new(),
            groups: Groups::default(),
            gradients: Vec::new(),
        }
    }
}

impl<B: Backend> Debug for Slots<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.slots.iter().map(|slot| &slot.key).collect();
        f.debug_struct("Slots")
            .field("parameters", &keys)
            .field("groups", &self.groups)
            .finish()
    }
}

impl<B: Backend> Slots<B> {
    /// Another group of parameters, of those that are in none yet.
    pub(super) fn group(
        &mut self,
        which: impl Fn(&str) -> bool + Send + Sync + 'static,
        settings: impl FnOnce(Group) -> Group,
    ) {
        self.groups.push(which, settings);
        for slot in &mut self.slots {
            slot.group = self.groups.of(&slot.key.name);
        }
    }

    /// Moves every parameter that is not frozen.
    ///
    /// # Panics
    /// If the settings do not go together, or if the gradients or the model of an earlier step have
    /// other parameters. The model is left as it was.
    #[track_caller]
    pub(super) fn step<R: Rule<B>, M: Module<B>>(&mut self, rule: &R, model: &mut M, grads: &M) {
        rule.check();
        let gradients = match self.known(model, grads) {
            Some(gradients) => gradients,
            None => self.learn(R::NAME, model, grads),
        };
        self.gradients = gradients;
        let mut update = Update {
            rule,
            slots: self.slots.iter_mut(),
            gradients: self.gradients.drain(..),
        };
        model.visit_mut(&mut Path::new(), &mut update);
    }

    /// The gradients, if they and the model have the parameters of the slots.
    fn known<M: Module<B>>(&mut self, model: &M, grads: &M) -> Option<Vec<AnyFloat<B>>> {
        let mut room = mem::take(&mut self.gradients);
        // A step that panicked may have left some.
        room.clear();
        let mut compare = Compare {
            slots: self.slots.iter(),
            same: true,
            values: None,
        };
        model.visit(&mut Path::new(), &mut compare);
        if !compare.same || compare.slots.next().is_some() {
            return None;
        }
        compare.slots = self.slots.iter();
        compare.values = Some(room);
        grads.visit(&mut Path::new(), &mut compare);
        match compare.same && compare.slots.next().is_none() {
            true => compare.values,
            false => None,
        }
    }

    /// The gradients and new slots, or what is wrong.
    #[track_caller]
    fn learn<M: Module<B>>(&mut self, name: &str, model: &M, grads: &M) -> Vec<AnyFloat<B>> {
        let gradients = matching(model, grads, |at, here, there| {
            format!(
                "{name}: the gradients are of another model: parameter {at} is {here} in the model \
                 and {there} in the gradients"
            )
        });
        let (keys, _) = read(model);
        if !self.slots.is_empty() {
            let before: Vec<Key> = self.slots.iter().map(|slot| slot.key.clone()).collect();
            if let Some((at, now, before)) = difference(&keys, &before) {
                panic!(
                    "{name}: the model is another than in earlier steps: parameter {at} is {now}, \
                     and was {before}; one optimiser serves one model"
                );
            }
        }
        let fresh = |key: Key| Slot {
            group: self.groups.of(&key.name),
            key,
            steps: 0,
            state: [const { None }; KEPT],
        };
        self.slots = keys.into_iter().map(fresh).collect();
        gradients
    }
}

/// Compares the parameters of a model with those of the slots, and takes their values if asked to.
struct Compare<'a, B: Backend> {
    slots: std::slice::Iter<'a, Slot<B>>,
    same: bool,
    values: Option<Vec<AnyFloat<B>>>,
}

impl<B: Backend> Visitor<B> for Compare<'_, B> {
    fn parameter<S: Shape, E: Float>(&mut self, path: &Path, _: bool, x: &Tensor<S, E, B>) {
        let slot = self.slots.next();
        self.same = self.same && slot.is_some_and(|slot| slot.key.is_of(path, x));
        if let Some(values) = &mut self.values {
            values.push(any(x.prim().clone()));
        }
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, B>) {}
}

struct Update<'a, R, B: Backend> {
    rule: &'a R,
    slots: std::slice::IterMut<'a, Slot<B>>,
    gradients: std::vec::Drain<'a, AnyFloat<B>>,
}

impl<R: Rule<B>, B: Backend> VisitorMut<B> for Update<'_, R, B> {
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        trainable: &mut bool,
        x: &mut Tensor<S, E, B>,
    ) {
        let (Some(slot), Some(gradient)) = (self.slots.next(), self.gradients.next()) else {
            unreachable!("as many as the model was seen to have")
        };
        if !*trainable || path.frozen() {
            return;
        }
        let rule = slot.rule(self.rule);
        let gradient = typed::<E, B>(gradient);
        let mut state = (slot.state.each_mut()).map(|kept| kept.take().map(typed::<E, B>));
        slot.steps = slot.steps.saturating_add(1);
        rule.update(slot.steps, x.prim_mut(), &gradient, &mut state);
        slot.state = state.map(|kept| kept.map(any::<E, B>));
    }

    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E, B>) {}
}
