//! What an optimiser keeps for each parameter, and the walk over a model.

use std::fmt::{self, Debug, Display};

use crate::backend::Backend;
use crate::dtype::{AnyFloat, Dtype, DtypeKind, Float};
use crate::nn::{Module, Path, Visitor, VisitorMut};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// What an update reads and writes beside the parameter: two tensors of its sizes at most.
pub(super) type State<E, B> = [Option<<B as Backend>::Prim<E>>; 2];

/// How one parameter moves.
pub(super) trait Rule<B: Backend> {
    const NAME: &'static str;
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

/// What a parameter is, to tell one model from another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    name: String,
    dims: Vec<usize>,
    dtype: DtypeKind,
}

impl Key {
    fn of<S: Shape, E: Float, B: Backend>(path: &Path, tensor: &Tensor<S, E, B>) -> Self {
        Key {
            name: path.name(),
            dims: tensor.dims().to_vec(),
            dtype: E::KIND,
        }
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

#[derive(Clone)]
struct Slot<B: Backend> {
    key: Key,
    steps: i32,
    state: [Option<AnyFloat<B>>; 2],
}

/// The slots of all parameters, in the order of visiting; empty until the first step.
#[derive(Clone)]
pub(super) struct Slots<B: Backend>(Vec<Slot<B>>);

impl<B: Backend> Default for Slots<B> {
    fn default() -> Self {
        Slots(Vec::new())
    }
}

impl<B: Backend> Debug for Slots<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|slot| &slot.key))
            .finish()
    }
}

impl<B: Backend> Slots<B> {
    /// Moves every parameter that is not frozen.
    ///
    /// # Panics
    /// If the gradients or the model of an earlier step have other parameters. The model is left
    /// as it was.
    #[track_caller]
    pub(super) fn step<R: Rule<B>, M: Module<B>>(&mut self, rule: &R, model: &mut M, grads: &M) {
        let (keys, _) = read(model);
        let (of_grads, gradients) = read(grads);
        if let Some((at, here, there)) = difference(&keys, &of_grads) {
            panic!(
                "{}: the gradients are of another model: parameter {at} is {here} in the model \
                 and {there} in the gradients",
                R::NAME
            );
        }
        if self.0.is_empty() {
            let fresh = |key| Slot {
                key,
                steps: 0,
                state: [None, None],
            };
            self.0 = keys.into_iter().map(fresh).collect();
        } else if let Some((at, now, before)) = difference(&keys, &self.keys()) {
            panic!(
                "{}: the model is another than in earlier steps: parameter {at} is {now}, and was \
                 {before}; one optimiser serves one model",
                R::NAME
            );
        }
        let mut update = Update {
            rule,
            slots: self.0.iter_mut(),
            gradients: gradients.into_iter(),
        };
        model.visit_mut(&mut Path::new(), &mut update);
    }

    fn keys(&self) -> Vec<Key> {
        self.0.iter().map(|slot| slot.key.clone()).collect()
    }
}

/// The first parameter that differs: its number, and what it is on either side.
fn difference(left: &[Key], right: &[Key]) -> Option<(usize, String, String)> {
    let at = (0..left.len().max(right.len())).find(|&i| left.get(i) != right.get(i))?;
    let describe = |keys: &[Key]| keys.get(at).map_or("nothing".to_owned(), Key::to_string);
    Some((at, describe(left), describe(right)))
}

/// The keys and the values of all parameters.
fn read<B: Backend, M: Module<B>>(model: &M) -> (Vec<Key>, Vec<AnyFloat<B>>) {
    struct Read<B: Backend>(Vec<Key>, Vec<AnyFloat<B>>);
    impl<B: Backend> Visitor<B> for Read<B> {
        fn parameter<S: Shape, E: Float>(&mut self, path: &Path, _: bool, x: &Tensor<S, E, B>) {
            self.0.push(Key::of(path, x));
            self.1
                .push(E::into_any::<B>(x.prim().clone()).expect("a parameter is of floats"));
        }
        fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, B>) {}
    }
    let mut read = Read(Vec::new(), Vec::new());
    model.visit(&mut Path::new(), &mut read);
    (read.0, read.1)
}

struct Update<'a, R, B: Backend> {
    rule: &'a R,
    slots: std::slice::IterMut<'a, Slot<B>>,
    gradients: std::vec::IntoIter<AnyFloat<B>>,
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
        let typed =
            |any| E::from_any::<B>(any).expect("of the type that the model was seen to have");
        let gradient = typed(gradient);
        let mut state = slot.state.each_mut().map(|any| any.take().map(typed));
        slot.steps += 1;
        (self.rule).update(slot.steps, x.prim_mut(), &gradient, &mut state);
        slot.state = state.map(|prim| prim.and_then(E::into_any::<B>));
    }

    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E, B>) {}
}
