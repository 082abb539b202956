//! What moves elements: views, padding, parts put together and taken apart.

use super::result::{record, record_joint, unary};
use crate::backend::Backend;
use crate::dtype::{Dtype, map_float};
use crate::shape::runtime::Dims;
use crate::tape::derivatives::{fold, spread, sum_to};
use crate::tape::record::Tracked;

#[inline]
pub(super) fn reshape<E: Dtype, B: Backend>(x: &Tracked<E, B>, dims: &[usize]) -> Tracked<E, B> {
    if B::dims(&x.value) == dims {
        return x.clone();
    }
    let from = Dims::new(B::dims(&x.value));
    unary!(B::reshape(&x.value, dims), x, |g| B::reshape(&g, &from))
}

#[inline]
pub(super) fn permute<E: Dtype, B: Backend>(x: &Tracked<E, B>, axes: &[usize]) -> Tracked<E, B> {
    let mut inverse = Dims::filled(axes.len(), 0);
    for (to, &from) in axes.iter().enumerate() {
        inverse[from] = to;
    }
    unary!(B::permute(&x.value, axes), x, |g| B::permute(&g, &inverse))
}

#[inline]
pub(super) fn expand<E: Dtype, B: Backend>(x: &Tracked<E, B>, dims: &[usize]) -> Tracked<E, B> {
    if B::dims(&x.value) == dims {
        return x.clone();
    }
    let from = Dims::new(B::dims(&x.value));
    unary!(B::expand(&x.value, dims), x, |g| sum_to::<_, B>(&g, &from))
}

#[inline]
pub(super) fn narrow<E: Dtype, B: Backend>(
    x: &Tracked<E, B>,
    axis: usize,
    start: usize,
    len: usize,
) -> Tracked<E, B> {
    let after = B::dims(&x.value)[axis] - start - len;
    unary!(B::narrow(&x.value, axis, start, len), x, |g| B::pad(
        &g, axis, start, after
    ))
}

#[inline]
pub(super) fn step<E: Dtype, B: Backend>(
    x: &Tracked<E, B>,
    axis: usize,
    step: usize,
) -> Tracked<E, B> {
    let size = B::dims(&x.value)[axis];
    unary!(B::step(&x.value, axis, step), x, |g| spread::<_, B>(
        &g, axis, step, size
    ))
}

#[inline]
pub(super) fn unfold<E: Dtype, B: Backend>(
    x: &Tracked<E, B>,
    axis: usize,
    size: usize,
    step: usize,
) -> Tracked<E, B> {
    let len = B::dims(&x.value)[axis];
    unary!(B::unfold(&x.value, axis, size, step), x, |g| fold::<_, B>(
        &g, axis, step, len
    ))
}

#[inline]
pub(super) fn pad<E: Dtype, B: Backend>(
    x: &Tracked<E, B>,
    axis: usize,
    before: usize,
    after: usize,
) -> Tracked<E, B> {
    let len = B::dims(&x.value)[axis];
    unary!(B::pad(&x.value, axis, before, after), x, |g| B::narrow(
        &g, axis, before, len
    ))
}

#[inline]
pub(super) fn flip<E: Dtype, B: Backend>(x: &Tracked<E, B>, axes: &[usize]) -> Tracked<E, B> {
    let same = Dims::new(axes);
    unary!(B::flip(&x.value, axes), x, |g| B::flip(&g, &same))
}

#[inline]
pub(super) fn cat<E: Dtype, B: Backend>(parts: &[&Tracked<E, B>], axis: usize) -> Tracked<E, B> {
    let values: Vec<&B::Prim<E>> = parts.iter().map(|p| &p.value).collect();
    let value = B::cat(&values, axis);
    let places: Vec<(Option<usize>, usize)> = parts
        .iter()
        .map(|p| (p.id(), B::dims(&p.value)[axis]))
        .collect();
    record(
        value,
        parts.iter().map(|p| p.node.as_ref()),
        move |gradient, gradients| {
            let mut start = 0;
            for (id, len) in places {
                if let Some(id) = id {
                    let part = map_float!(gradient.clone(), g => B::narrow(&g, axis, start, len));
                    gradients.add_any(id, part);
                }
                start += len;
            }
        },
    )
}

#[inline]
pub(super) fn split<E: Dtype, B: Backend>(
    x: &Tracked<E, B>,
    axis: usize,
    sizes: &[usize],
) -> Vec<Tracked<E, B>> {
    let parts = B::split(&x.value, axis, sizes);
    let Some(id) = x.id() else {
        return parts.into_iter().map(Tracked::constant).collect();
    };
    let (dims, sizes) = (Dims::new(B::dims(&x.value)), sizes.to_vec());
    let device = B::device(&x.value);
    record_joint(parts, [x.node.as_ref()], move |parts, gradients| {
        let whole = |(part, len): (Option<_>, usize)| {
            part.unwrap_or_else(|| {
                let mut dims = dims;
                dims[axis] = len;
                B::full(&device, E::ZERO, &dims)
            })
        };
        let parts: Vec<_> = parts.into_iter().zip(sizes).map(whole).collect();
        let parts: Vec<_> = parts.iter().collect();
        gradients.add::<E>(Some(id), || B::cat(&parts, axis));
    })
}
