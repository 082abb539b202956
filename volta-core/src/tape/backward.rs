//! The way back over a tape.

use super::record::Tape;
use crate::backend::Backend;
use crate::dtype::{AnyFloat, Dtype};
use crate::ops::elementwise::Add;

/// Gradients by place on the tape.
pub struct Gradients<B: Backend> {
    slots: Vec<Option<AnyFloat<B>>>,
}

impl<B: Backend> Gradients<B> {
    /// Runs the tape back from `start`, whose gradient is given. Each op is visited once, and what
    /// it held is freed as soon as it has run.
    pub(super) fn run(tape: &Tape<B>, start: usize, gradient: AnyFloat<B>) -> Self {
        let mut ops = tape.take();
        let mut gradients = Gradients { slots: Vec::new() };
        gradients.slots.resize_with(ops.len(), || None);
        gradients.slots[start] = Some(gradient);
        ops.truncate(start + 1);
        while let Some(op) = ops.pop() {
            if let Some(op) = op
                && let Some(gradient) = gradients.slots[ops.len()].take()
            {
                op(gradient, &mut gradients);
            }
        }
        gradients
    }

    pub(super) fn none() -> Self {
        Gradients { slots: Vec::new() }
    }

    /// Adds to the gradient of a traced input; that of a constant is not even computed.
    pub(super) fn add<E: Dtype>(
        &mut self,
        id: Option<usize>,
        gradient: impl FnOnce() -> B::Prim<E>,
    ) {
        let Some(id) = id else { return };
        let Some(gradient) = E::into_any::<B>(gradient()) else {
            return;
        };
        self.add_any(id, gradient);
    }

    pub(super) fn add_any(&mut self, id: usize, gradient: AnyFloat<B>) {
        let slot = &mut self.slots[id];
        *slot = Some(match (slot.take(), gradient) {
            (None, new) => new,
            (Some(AnyFloat::F16(a)), AnyFloat::F16(b)) => AnyFloat::F16(B::map(Add, [&a, &b])),
            (Some(AnyFloat::Bf16(a)), AnyFloat::Bf16(b)) => AnyFloat::Bf16(B::map(Add, [&a, &b])),
            (Some(AnyFloat::F32(a)), AnyFloat::F32(b)) => AnyFloat::F32(B::map(Add, [&a, &b])),
            (Some(AnyFloat::F64(a)), AnyFloat::F64(b)) => AnyFloat::F64(B::map(Add, [&a, &b])),
            _ => unreachable!("a tensor has gradients of its own type"),
        });
    }

    /// Sees to it that the op at a place runs, whatever its gradient.
    pub(super) fn wake(&mut self, id: usize, gradient: &AnyFloat<B>) {
        self.slots[id].get_or_insert_with(|| gradient.clone());
    }

    /// The gradient at a place, taken out.
    pub(super) fn take<E: Dtype>(&mut self, id: usize) -> Option<B::Prim<E>> {
        E::from_any::<B>(self.slots.get_mut(id)?.take()?)
    }
}
