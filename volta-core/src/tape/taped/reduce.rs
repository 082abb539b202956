//! Sums and extremes, of axes and running ones.

use super::result::{record, typed, unary};
use crate::backend::{Backend, Reduce};
use crate::dtype::{Num, map_float};
use crate::shape::runtime::Dims;
use crate::tape::derivatives::{extreme_grad, prod_grad};
use crate::tape::record::{Taped, Tracked};
use crate::tape::rows::{running_product, scan_places};

#[inline]
pub(super) fn reduce<E: Num, B: Backend>(
    by: Reduce,
    x: &Tracked<E, B>,
    axes: &[usize],
) -> Tracked<E, B> {
    let y = B::reduce(by, &x.value, axes);
    let Some(id) = x.id() else {
        return Tracked::constant(y);
    };
    let axes = Dims::new(axes);
    let inputs = [x.node.as_ref()];
    match by {
        Reduce::Sum => {
            let dims = Dims::new(B::dims(&x.value));
            record(y, inputs, move |gradient, gradients| {
                gradients.add_any(id, map_float!(gradient, g => B::expand(&g, &dims)));
            })
        }
        Reduce::Prod => {
            let x = x.value.clone();
            record(y, inputs, move |gradient, gradients| {
                let gy = typed::<E, B>(gradient);
                gradients.add::<E>(Some(id), || prod_grad::<E, B>(&x, &gy, &axes));
            })
        }
        Reduce::Max | Reduce::Min => {
            let (x, saved) = (x.value.clone(), y.clone());
            record(y, inputs, move |gradient, gradients| {
                let gy = typed::<E, B>(gradient);
                gradients.add::<E>(Some(id), || extreme_grad::<E, B>(&x, &saved, &gy, &axes));
            })
        }
    }
}

#[inline]
pub(super) fn scan<E: Num, B: Backend>(
    by: Reduce,
    x: &Tracked<E, B>,
    axis: usize,
) -> Tracked<E, B> {
    if x.node.is_none() {
        return Tracked::constant(B::scan(by, &x.value, axis));
    }
    match by {
        Reduce::Sum => unary!(B::scan(by, &x.value, axis), x, |g| {
            let back = B::scan(by, &B::flip(&g, &[axis]), axis);
            B::flip(&back, &[axis])
        }),
        Reduce::Prod => running_product::<E, Taped<B>>(x, axis),
        Reduce::Max | Reduce::Min => {
            let y = B::scan(by, &x.value, axis);
            let places = scan_places::<E, B>(&x.value, &y, axis);
            let dims = Dims::new(B::dims(&y));
            unary!(y, x, |g| B::scatter_add(&dims, axis, &places, &g))
        }
    }
}
