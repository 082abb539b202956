//! Softmax and normalisation.

use super::result::{record, record_joint, typed};
use crate::backend::Backend;
use crate::dtype::Float;
use crate::normalise::moments_vjp;
use crate::tape::derivatives::zeros_like;
use crate::tape::record::Tracked;

#[inline]
pub(super) fn log_softmax<E: Float, B: Backend>(x: &Tracked<E, B>, axis: usize) -> Tracked<E, B> {
    let y = B::log_softmax(&x.value, axis);
    let saved = y.clone();
    let id = x.id();
    record(y, [x.node.as_ref()], move |gradient, gradients| {
        let gy = typed::<E, B>(gradient);
        gradients.add::<E>(id, || B::log_softmax_vjp(&saved, &gy, axis));
    })
}

#[inline]
pub(super) fn softmax<E: Float, B: Backend>(x: &Tracked<E, B>, axis: usize) -> Tracked<E, B> {
    let y = B::softmax(&x.value, axis);
    let saved = y.clone();
    let id = x.id();
    record(y, [x.node.as_ref()], move |gradient, gradients| {
        let gy = typed::<E, B>(gradient);
        gradients.add::<E>(id, || B::softmax_vjp(&saved, &gy, axis));
    })
}

#[inline]
pub(super) fn normalise<E: Float, B: Backend>(
    x: &Tracked<E, B>,
    axes: &[usize],
    eps: f64,
    affine: Option<[&Tracked<E, B>; 2]>,
) -> [Tracked<E, B>; 3] {
    let affine_values = affine.map(|affine| affine.map(|x| &x.value));
    let values = B::normalise(&x.value, axes, eps, affine_values);
    let nodes = [x].into_iter().chain(affine.into_iter().flatten());
    let ids: Vec<_> = nodes.clone().map(|x| x.id()).collect();
    let nodes = nodes.map(|x| x.node.as_ref());
    let (x, axes) = (x.value.clone(), axes.to_vec());
    let affine = affine_values.map(|affine| affine.map(Clone::clone));
    let [_, total, squares] = values.clone();
    let results = record_joint(values.into(), nodes, move |parts, gradients| {
        if let Some(gy) = &parts[0] {
            let affine = affine.as_ref().map(|affine| affine.each_ref());
            let found = B::normalise_vjp(&x, [&total, &squares], &axes, eps, affine, gy);
            let found = [found.x]
                .into_iter()
                .chain(found.affine.into_iter().flatten());
            for (id, gradient) in ids.iter().zip(found) {
                gradients.add::<E>(*id, || gradient);
            }
        }
        if parts[1].is_some() || parts[2].is_some() {
            let part = |k: usize| match &parts[k] {
                Some(part) => part.clone(),
                None => zeros_like::<E, B>(&total),
            };
            gradients.add::<E>(ids[0], || {
                moments_vjp::<E, B>(&x, &total, &axes, [&part(1), &part(2)])
            });
        }
    });
    results
        .try_into()
        .unwrap_or_else(|_| unreachable!("three outputs"))
}
