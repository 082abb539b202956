//! Matrix products.

use super::result::{record, typed};
use crate::backend::{Backend, transposed};
use crate::dtype::{Float, Num};
use crate::tape::derivatives::sum_to;
use crate::tape::record::Tracked;

#[inline]
pub(super) fn matmul<E: Num, B: Backend>(a: &Tracked<E, B>, b: &Tracked<E, B>) -> Tracked<E, B> {
    let y = B::matmul(&a.value, &b.value);
    let ids = [a.id(), b.id()];
    // The gradient of one needs the value of the other alone.
    let left = ids[1].map(|_| a.value.clone());
    let right = ids[0].map(|_| b.value.clone());
    record(
        y,
        [a.node.as_ref(), b.node.as_ref()],
        move |gradient, gradients| {
            let gy = typed::<E, B>(gradient);
            if let Some(b) = right {
                gradients.add::<E>(ids[0], || B::matmul(&gy, &transposed::<E, B>(&b)));
            }
            if let Some(a) = left {
                gradients.add::<E>(ids[1], || B::matmul(&transposed::<E, B>(&a), &gy));
            }
        },
    )
}

#[inline]
pub(super) fn linear<E: Float, B: Backend>(
    x: &Tracked<E, B>,
    w: &Tracked<E, B>,
    bias: Option<&Tracked<E, B>>,
) -> Tracked<E, B> {
    let y = B::linear(&x.value, &w.value, bias.map(|b| &b.value));
    let nodes = [
        x.node.as_ref(),
        w.node.as_ref(),
        bias.and_then(|b| b.node.as_ref()),
    ];
    let ids = nodes.map(|node| node.map(|node| node.id));
    let input = ids[1].map(|_| x.value.clone());
    let weight = ids[0].map(|_| w.value.clone());
    record(y, nodes, move |gradient, gradients| {
        let gy = typed::<E, B>(gradient);
        if let Some(w) = weight {
            gradients.add::<E>(ids[0], || B::matmul(&gy, &w));
        }
        if let Some(x) = input {
            gradients.add::<E>(ids[1], || B::matmul(&transposed::<E, B>(&gy), &x));
        }
        gradients.add::<E>(ids[2], || sum_to::<E, B>(&gy, &B::dims(&gy)[1..]));
    })
}
