//! Convolutions and pooling.

use super::Taped;
use super::result::{record, typed, unary};
use crate::backend::{Backend, Conv2dOptions, Pool2dOptions, Winners};
use crate::dtype::{Float, Num};
use crate::shape::runtime::Dims;
use crate::tape::derivatives::crop;
use crate::tape::record::Tracked;

#[inline]
pub(super) fn conv2d<E: Float, B: Backend>(
    x: &Tracked<E, B>,
    w: &Tracked<E, B>,
    options: Conv2dOptions,
) -> Tracked<E, B> {
    let y = B::conv2d(&x.value, &w.value, options);
    let (xv, wv, ids) = (x.value.clone(), w.value.clone(), [x.id(), w.id()]);
    record(
        y,
        [x.node.as_ref(), w.node.as_ref()],
        move |gradient, gradients| {
            let gy = typed::<E, B>(gradient);
            gradients.add::<E>(ids[0], || {
                B::conv2d_input_grad(&gy, &wv, options, B::dims(&xv))
            });
            gradients.add::<E>(ids[1], || {
                B::conv2d_weight_grad(&xv, &gy, options, B::dims(&wv))
            });
        },
    )
}

#[inline]
pub(super) fn conv2d_input_grad<E: Float, B: Backend>(
    gy: &Tracked<E, B>,
    w: &Tracked<E, B>,
    options: Conv2dOptions,
    dims: &[usize],
) -> Tracked<E, B> {
    // Linear in both: as a function of `gy` its transpose is the convolution.
    let x = B::conv2d_input_grad(&gy.value, &w.value, options, dims);
    let (gv, wv, ids) = (gy.value.clone(), w.value.clone(), [gy.id(), w.id()]);
    record(
        x,
        [gy.node.as_ref(), w.node.as_ref()],
        move |gradient, gradients| {
            let gx = typed::<E, B>(gradient);
            gradients.add::<E>(ids[0], || {
                let y = B::conv2d(&gx, &wv, options);
                crop::<E, B>(&y, B::dims(&gv))
            });
            gradients.add::<E>(ids[1], || {
                B::conv2d_weight_grad(&gx, &gv, options, B::dims(&wv))
            });
        },
    )
}

#[inline]
pub(super) fn conv2d_weight_grad<E: Float, B: Backend>(
    x: &Tracked<E, B>,
    gy: &Tracked<E, B>,
    options: Conv2dOptions,
    dims: &[usize],
) -> Tracked<E, B> {
    let w = B::conv2d_weight_grad(&x.value, &gy.value, options, dims);
    let (xv, gv, ids) = (x.value.clone(), gy.value.clone(), [x.id(), gy.id()]);
    record(
        w,
        [x.node.as_ref(), gy.node.as_ref()],
        move |gradient, gradients| {
            let gw = typed::<E, B>(gradient);
            gradients.add::<E>(ids[0], || {
                B::conv2d_input_grad(&gv, &gw, options, B::dims(&xv))
            });
            gradients.add::<E>(ids[1], || {
                let y = B::conv2d(&xv, &gw, options);
                crop::<E, B>(&y, B::dims(&gv))
            });
        },
    )
}

#[inline]
pub(super) fn max_pool2d<E: Num, B: Backend>(
    x: &Tracked<E, B>,
    options: Pool2dOptions,
) -> (Tracked<E, B>, Winners<Taped<B>>) {
    let (y, winners) = B::max_pool2d(&x.value, options);
    let constants = match winners.clone() {
        Winners::Bytes(winners) => Winners::Bytes(Tracked::constant(winners)),
        Winners::Words(winners) => Winners::Words(Tracked::constant(winners)),
    };
    let dims = Dims::new(B::dims(&x.value));
    let y = unary!(y, x, |g| B::max_pool2d_input_grad(
        &g, &winners, options, &dims
    ));
    (y, constants)
}
