//! Functions of elements.

use super::result::{record, record_joint, typed};
use crate::backend::{Backend, Joint};
use crate::dtype::{Dtype, DtypeKind, Num, with_float};
use crate::ops::function::{Elementwise, Saves, Slope};
use crate::tape::backward::Gradients;
use crate::tape::derivatives::zeros_like;
use crate::tape::record::Tracked;

/// Adds to the gradients of the inputs of a function what comes from output `output`.
fn add_slopes<E: Num, B: Backend, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
    op: Op,
    output: usize,
    ids: [Option<usize>; N],
    x: [&B::Prim<E>; N],
    y: &B::Prim<E>,
    gy: &B::Prim<E>,
    gradients: &mut Gradients<B>,
) {
    for (input, id) in ids.into_iter().enumerate() {
        if Op::slope(output, input) != Slope::Zero {
            gradients.add::<E>(id, || op.vjp::<B>(output, input, x, y, gy));
        }
    }
}

fn is_float<E: Dtype>() -> bool {
    matches!(
        E::KIND,
        DtypeKind::F16 | DtypeKind::Bf16 | DtypeKind::F32 | DtypeKind::F64
    )
}

#[inline]
pub(super) fn map_joint<E: Num, Op: Joint<E, N, M>, B: Backend, const N: usize, const M: usize>(
    op: Op,
    x: [&Tracked<E, B>; N],
) -> [Tracked<E, B>; M] {
    let values = B::map_joint(op, x.map(|x| &x.value));
    let ids = x.map(|x| x.id());
    if ids.iter().all(Option::is_none) {
        return values.map(Tracked::constant);
    }
    let (inputs, outputs) = (x.map(|x| x.value.clone()), values.clone());
    let nodes = x.map(|x| x.node.as_ref());
    let results = record_joint(values.into(), nodes, move |parts, gradients| {
        let parts: Vec<_> = (parts.into_iter().zip(&outputs))
            .map(|(part, y)| part.unwrap_or_else(|| zeros_like::<E, B>(y)))
            .collect();
        let gy = std::array::from_fn(|k| &parts[k]);
        let found = op.gradients::<B>(inputs.each_ref(), outputs.each_ref(), gy);
        for (id, gradient) in ids.into_iter().zip(found) {
            gradients.add::<E>(id, || gradient);
        }
    });
    results
        .try_into()
        .unwrap_or_else(|_| unreachable!("one for each output"))
}

#[inline]
pub(super) fn map_many<
    E: Num,
    Op: Elementwise<E, N, M>,
    B: Backend,
    const N: usize,
    const M: usize,
>(
    op: Op,
    x: [&Tracked<E, B>; N],
) -> [Tracked<E, B>; M] {
    let values = B::map_many(op, x.map(|x| &x.value));
    let ids = x.map(|x| x.id());
    if ids.iter().all(Option::is_none) {
        return values.map(Tracked::constant);
    }
    let nodes = x.map(|x| x.node.as_ref());
    let mut outputs = 0..M;
    if Op::SAVES == Saves::Nothing {
        // A record without room for what is not saved.
        return values.map(|y| {
            let output = outputs.next().expect("one for each");
            record(y, nodes, move |gradient, gradients| {
                let gy = &typed::<E, B>(gradient);
                add_slopes(op, output, ids, [gy; N], gy, gy, gradients);
            })
        });
    }
    let inputs = Op::SAVES.inputs().then(|| x.map(|x| x.value.clone()));
    values.map(|y| {
        let output = outputs.next().expect("one for each");
        let inputs = inputs.clone();
        let saved = Op::SAVES.output().then(|| y.clone());
        record(y, nodes, move |gradient, gradients| {
            let gy = typed::<E, B>(gradient);
            let y = saved.as_ref().unwrap_or(&gy);
            let x = match &inputs {
                Some(inputs) => inputs.each_ref(),
                None => [&gy; N],
            };
            add_slopes(op, output, ids, x, y, &gy, gradients);
        })
    })
}

#[inline]
pub(super) fn select<E: Dtype, B: Backend>(
    mask: &Tracked<bool, B>,
    yes: &Tracked<E, B>,
    no: &Tracked<E, B>,
) -> Tracked<E, B> {
    let value = B::select(&mask.value, &yes.value, &no.value);
    let (mask, ids) = (mask.value.clone(), [yes.id(), no.id()]);
    record(
        value,
        [yes.node.as_ref(), no.node.as_ref()],
        move |gradient, gradients| {
            with_float!(gradient, g => {
                let zero = zeros_like::<_, B>(&g);
                gradients.add(ids[0], || B::select(&mask, &g, &zero));
                gradients.add(ids[1], || B::select(&mask, &zero, &g));
            });
        },
    )
}

#[inline]
pub(super) fn cast<E: Dtype, F: Dtype, B: Backend>(x: &Tracked<E, B>) -> Tracked<F, B> {
    let value = B::cast::<E, F>(&x.value);
    if !is_float::<E>() || !is_float::<F>() {
        return Tracked::constant(value);
    }
    let id = x.id();
    record(value, [x.node.as_ref()], move |gradient, gradients| {
        with_float!(gradient, g => gradients.add::<E>(id, || B::cast::<_, E>(&g)));
    })
}
