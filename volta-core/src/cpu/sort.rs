//! The order of elements along an axis.

use std::cmp::Ordering;

use super::buffer::Buffer;
use super::parallel::{self, Shared, Threads};
use super::pool::is_nan;
use super::widen::contiguous;
use crate::dtype::Num;

/// Elements that a thread takes, at least.
const PIECE: usize = 1 << 10;

/// The order of numbers, NaN after all others.
fn compare<E: Num>(a: E, b: E) -> Ordering {
    a.partial_cmp(&b)
        .unwrap_or_else(|| is_nan(a).cmp(&is_nan(b)))
}

/// The places along `axis` in the order of their elements; equal ones stay in order.
pub(super) fn argsort<E: Num>(x: &Buffer<E>, axis: usize, descending: bool) -> Buffer<i64> {
    let rank = x.dims().len();
    let mut order: Vec<usize> = (0..rank).filter(|&a| a != axis).collect();
    order.push(axis);
    let mut inverse = vec![0; rank];
    for (to, &from) in order.iter().enumerate() {
        inverse[from] = to;
    }
    let rows = contiguous(&x.view(x.layout().permute(&order)));
    let data = rows.as_slice().expect("contiguous");
    let size = x.dims()[axis];
    let count = data.len() / size.max(1);
    let each = PIECE.div_ceil(size.max(1));
    // A sort looks at an element as often as the length has binary digits.
    let work = data.len() * (usize::BITS - size.leading_zeros()) as usize;
    // SAFETY: the rows make up the tensor, and each is written whole by its own piece.
    let places = unsafe {
        Buffer::<i64>::write_with(rows.dims(), |out| {
            let out = Shared::new(out);
            parallel::each(count.div_ceil(each), Threads::worth(work), |piece| {
                let mut pairs: Vec<(E, i64)> = Vec::with_capacity(size);
                for row in piece * each..count.min((piece + 1) * each) {
                    pairs.clear();
                    pairs.extend(data[row * size..][..size].iter().copied().zip(0..));
                    match descending {
                        false => pairs.sort_by(|a, b| compare(a.0, b.0)),
                        true => pairs.sort_by(|a, b| compare(b.0, a.0)),
                    }
                    for (j, (_, place)) in pairs.iter().enumerate() {
                        out.get().add(row * size + j).write(*place);
                    }
                }
            });
        })
    };
    places.view(places.layout().permute(&inverse))
}
