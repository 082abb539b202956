//! The result of an op, and how its gradient finds the inputs.

use std::cell::RefCell;
use std::rc::Rc;

use crate::backend::Backend;
use crate::dtype::{AnyFloat, Dtype};
use crate::tape::backward::Gradients;
use crate::tape::record::{Node, Tracked, tape_of};

/// The result of an op: on the tape of its inputs, or a constant if none is traced.
pub(super) fn record<'a, E: Dtype, B: Backend>(
    value: B::Prim<E>,
    inputs: impl IntoIterator<Item = Option<&'a Node<B>>>,
    backward: impl FnOnce(AnyFloat<B>, &mut Gradients<B>) + 'static,
) -> Tracked<E, B> {
    let node = tape_of(inputs).map(|tape| Node {
        tape: tape.clone(),
        id: tape.push(backward),
    });
    Tracked { value, node }
}

/// The results of an op that goes back once, with the gradients of all that have one.
pub(super) fn record_joint<'a, E: Dtype, B: Backend>(
    values: Vec<B::Prim<E>>,
    inputs: impl IntoIterator<Item = Option<&'a Node<B>>>,
    backward: impl FnOnce(Vec<Option<B::Prim<E>>>, &mut Gradients<B>) + 'static,
) -> Vec<Tracked<E, B>> {
    let Some(tape) = tape_of(inputs) else {
        return values.into_iter().map(Tracked::constant).collect();
    };
    let parts = Rc::new(RefCell::new(vec![None; values.len()]));
    let all = parts.clone();
    // On the way back the results come first, and leave their gradients for this one.
    let joint = tape.push(move |_, gradients| backward(all.take(), gradients));
    let results = values.into_iter().enumerate().map(|(k, value)| {
        let parts = parts.clone();
        let id = tape.push(move |gradient, gradients| {
            gradients.wake(joint, &gradient);
            parts.borrow_mut()[k] = Some(typed::<E, B>(gradient));
        });
        Tracked {
            value,
            node: Some(Node {
                tape: tape.clone(),
                id,
            }),
        }
    });
    results.collect()
}

/// The result of an op of one input whose gradient comes from a function for each float type.
macro_rules! unary {
    ($value:expr, $x:expr, |$g:ident| $gradient:expr) => {{
        let x = $x;
        let value = $value;
        match x.id() {
            None => Tracked::constant(value),
            Some(id) => record(value, [x.node.as_ref()], move |gradient, gradients| {
                gradients.add_any(id, $crate::dtype::map_float!(gradient, $g => $gradient));
            }),
        }
    }};
}

/// The gradient in the type of the op.
pub(super) fn typed<E: Dtype, B: Backend>(gradient: AnyFloat<B>) -> B::Prim<E> {
    E::from_any::<B>(gradient).expect("a tensor has gradients of its own type")
}

pub(super) use unary;
