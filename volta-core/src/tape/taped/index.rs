//! Elements by their places.

use super::result::{record, unary};
use crate::backend::Backend;
use crate::dtype::{Dtype, Num, with_float};
use crate::shape::runtime::Dims;
use crate::tape::record::Tracked;
use crate::tape::rows::last_in_place;

#[inline]
pub(super) fn gather<E: Dtype, B: Backend>(
    x: &Tracked<E, B>,
    axis: usize,
    index: &Tracked<i64, B>,
) -> Tracked<E, B> {
    let value = B::gather(&x.value, axis, &index.value);
    let (dims, index) = (Dims::new(B::dims(&x.value)), index.value.clone());
    unary!(value, x, |g| B::scatter_add(&dims, axis, &index, &g))
}

#[inline]
pub(super) fn scatter_add<E: Num, B: Backend>(
    dims: &[usize],
    axis: usize,
    index: &Tracked<i64, B>,
    source: &Tracked<E, B>,
) -> Tracked<E, B> {
    let value = B::scatter_add(dims, axis, &index.value, &source.value);
    let index = index.value.clone();
    unary!(value, source, |g| B::gather(&g, axis, &index))
}

#[inline]
pub(super) fn scatter<E: Dtype, B: Backend>(
    x: &Tracked<E, B>,
    axis: usize,
    index: &Tracked<i64, B>,
    source: &Tracked<E, B>,
) -> Tracked<E, B> {
    let value = B::scatter(&x.value, axis, &index.value, &source.value);
    let (index, dims, ids) = (
        index.value.clone(),
        Dims::new(B::dims(&value)),
        [x.id(), source.id()],
    );
    record(
        value,
        [x.node.as_ref(), source.node.as_ref()],
        move |gradient, gradients| {
            with_float!(gradient, g => {
                let zeros = B::full(&B::device(&g), Dtype::ZERO, B::dims(&index));
                gradients.add(ids[0], || B::scatter(&g, axis, &index, &zeros));
                gradients.add(ids[1], || {
                    let stays = last_in_place::<B>(&dims, axis, &index);
                    B::select(&stays, &B::gather(&g, axis, &index), &zeros)
                });
            });
        },
    )
}
