//! The tape: what each traced op must do on the way back.

use std::fmt::{self, Debug};
use std::marker::PhantomData;

use super::arena::{Memory, Slots};
use super::backward::Gradients;
use crate::backend::{Backend, Meet};
use crate::dtype::{AnyFloat, Dtype};

/// A backend that runs every op on `B` and records it, so that it can be differentiated.
///
/// `Taped<Taped<B>>` records the recording: second derivatives.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taped<B>(PhantomData<B>);

/// Ops in the order they ran: what each does with the gradient of its output, which is to add to
/// those of its inputs. A leaf does nothing. A clone is the same tape.
pub(super) struct Tape<B: Backend> {
    memory: Memory,
    backend: PhantomData<B>,
}

impl<B: Backend> Tape<B> {
    pub(super) fn new() -> Self {
        Tape {
            memory: Memory::new(),
            backend: PhantomData,
        }
    }

    pub(super) fn leaf(&self) -> usize {
        self.memory.skip()
    }

    #[inline]
    pub(super) fn push(
        &self,
        backward: impl FnOnce(AnyFloat<B>, &mut Gradients<B>) + 'static,
    ) -> usize {
        self.memory.push(backward)
    }

    /// How many ops and leaves there are.
    pub(super) fn len(&self) -> usize {
        self.memory.len()
    }

    /// Takes the last op or leaf out. An op runs if `gradient` gives one of its output; a leaf does
    /// not ask for any.
    pub(super) fn pop(
        &self,
        gradients: &mut Gradients<B>,
        gradient: impl FnOnce(&mut Gradients<B>) -> Option<AnyFloat<B>>,
    ) {
        // SAFETY: this tape has had the memory from the start, and `push` is of these types.
        unsafe { self.memory.pop(gradients, gradient) };
    }

    /// A slot for each op and leaf, in the memory of the tape.
    pub(super) fn slots<T>(&self) -> Slots<Option<T>> {
        Slots::new(self.memory.clone(), self.len(), || None)
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.memory.is(&other.memory)
    }
}

impl<B: Backend> Clone for Tape<B> {
    #[inline]
    fn clone(&self) -> Self {
        Tape {
            memory: self.memory.clone(),
            backend: PhantomData,
        }
    }
}

/// A place on a tape.
pub(super) struct Node<B: Backend> {
    pub(super) tape: Tape<B>,
    pub(super) id: usize,
}

impl<B: Backend> Clone for Node<B> {
    fn clone(&self) -> Self {
        Node {
            tape: self.tape.clone(),
            id: self.id,
        }
    }
}

/// The primitive of [`Taped<B>`]: one of `B`, and where on the tape it came from. A constant has no
/// place there.
pub struct Tracked<E: Dtype, B: Backend> {
    pub(super) value: B::Prim<E>,
    pub(super) node: Option<Node<B>>,
}

impl<E: Dtype, B: Backend> Clone for Tracked<E, B> {
    fn clone(&self) -> Self {
        Tracked {
            value: self.value.clone(),
            node: self.node.clone(),
        }
    }
}

impl<E: Dtype, B: Backend> Debug for Tracked<E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.node {
            Some(node) => write!(f, "Tracked({:?}, op {})", self.value, node.id),
            None => write!(f, "Constant({:?})", self.value),
        }
    }
}

impl<E: Dtype, B: Backend> Tracked<E, B> {
    pub(crate) fn constant(value: B::Prim<E>) -> Self {
        Tracked { value, node: None }
    }

    pub(crate) fn value(&self) -> &B::Prim<E> {
        &self.value
    }

    pub(super) fn id(&self) -> Option<usize> {
        self.node.as_ref().map(|node| node.id)
    }
}

/// The tape that the inputs of an op are on, if any is traced.
///
/// # Panics
/// If they are on two.
pub(super) fn tape_of<'a, B: Backend>(
    nodes: impl IntoIterator<Item = Option<&'a Node<B>>>,
) -> Option<&'a Tape<B>> {
    let mut found: Option<&Tape<B>> = None;
    for node in nodes.into_iter().flatten() {
        match found {
            Some(tape) => assert!(
                tape.is(&node.tape),
                "an op has inputs traced by two calls of `grad`; detach one: `x.detach().lift()`"
            ),
            None => found = Some(&node.tape),
        }
    }
    found
}

impl<B: Backend> Meet<Taped<B>> for B {
    type Out = Taped<B>;
    #[inline]
    fn left<E: Dtype>(x: &B::Prim<E>) -> Tracked<E, B> {
        Tracked::constant(x.clone())
    }
    #[inline]
    fn right<E: Dtype>(x: &Tracked<E, B>) -> Tracked<E, B> {
        x.clone()
    }
}

impl<B: Backend> Meet<B> for Taped<B> {
    type Out = Taped<B>;
    #[inline]
    fn left<E: Dtype>(x: &Tracked<E, B>) -> Tracked<E, B> {
        x.clone()
    }
    #[inline]
    fn right<E: Dtype>(x: &B::Prim<E>) -> Tracked<E, B> {
        Tracked::constant(x.clone())
    }
}
