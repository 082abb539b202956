//! The way back over a tape.

use super::arena::Slots;
use super::record::Tape;
use crate::backend::Backend;
use crate::dtype::{AnyFloat, Dtype, Num, bf16, f16};
use crate::ops::elementwise::Add;

/// Gradients by place on the tape.
pub struct Gradients<B: Backend> {
    /// None where nothing depends on what a gradient is taken by.
    slots: Option<Slots<Option<AnyFloat<B>>>>,
}

impl<B: Backend> Gradients<B> {
    /// Runs the tape back from `start`, whose gradient is given. Each op is visited once, and what
    /// it held is freed as soon as it has run.
    pub(super) fn run(tape: &Tape<B>, start: usize, gradient: AnyFloat<B>) -> Self {
        let mut slots = tape.slots();
        slots[start] = Some(gradient);
        let mut gradients = Gradients { slots: Some(slots) };
        while let Some(last) = tape.len().checked_sub(1) {
            tape.pop(&mut gradients, |gradients| gradients.slot(last).take());
        }
        gradients
    }

    pub(super) fn none() -> Self {
        Gradients { slots: None }
    }

    #[inline]
    fn slot(&mut self, id: usize) -> &mut Option<AnyFloat<B>> {
        &mut self.slots.as_mut().expect("of a tape that runs")[id]
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
        let slot = self.slot(id);
        match (slot, gradient) {
            (slot @ None, new) => *slot = Some(new),
            (Some(AnyFloat::F16(a)), AnyFloat::F16(b)) => accumulate::<f16, B>(a, &b),
            (Some(AnyFloat::Bf16(a)), AnyFloat::Bf16(b)) => accumulate::<bf16, B>(a, &b),
            (Some(AnyFloat::F32(a)), AnyFloat::F32(b)) => accumulate::<f32, B>(a, &b),
            (Some(AnyFloat::F64(a)), AnyFloat::F64(b)) => accumulate::<f64, B>(a, &b),
            _ => unreachable!("a tensor has gradients of its own type"),
        }
    }

    /// Sees to it that the op at a place runs, whatever its gradient.
    pub(super) fn wake(&mut self, id: usize, gradient: &AnyFloat<B>) {
        self.slot(id).get_or_insert_with(|| gradient.clone());
    }

    /// The gradient at a place, taken out.
    pub(super) fn take<E: Dtype>(&mut self, id: usize) -> Option<B::Prim<E>> {
        E::from_any::<B>(self.slots.as_mut()?.get_mut(id)?.take()?)
    }
}

/// Adds to a gradient, in place if nobody else has it.
fn accumulate<E: Num, B: Backend>(sum: &mut B::Prim<E>, gradient: &B::Prim<E>) {
    B::map_in_place(Add, &mut [sum], &[gradient]);
}
