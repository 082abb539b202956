//! The order of elements along an axis.

use std::cmp::Ordering;

use super::buffer::Buffer;
use super::parallel::{self, Shared, Threads};
use super::pool::is_nan;
use super::widen::contiguous;
use crate::dtype::Num;

/// Elements that a thread takes, at least.
const PIECE: usize = 1 << 10;
/// Elements of a row that are collected before the first of them are chosen, at least.
const MANY: usize = 64;

/// The order of numbers, NaN after all others.
fn compare<E: Num>(a: E, b: E) -> Ordering {
    a.partial_cmp(&b)
        .unwrap_or_else(|| is_nan(a).cmp(&is_nan(b)))
}

/// The first `k` of a row and their places, by `order` of the elements; equal ones stay in order.
fn first_of<E: Num>(
    row: &[E],
    k: usize,
    found: &mut Vec<(E, i64)>,
    order: impl Fn(E, E) -> Ordering,
) {
    found.clear();
    let places = row.iter().copied().zip(0..);
    if k == row.len() {
        found.extend(places);
        found.sort_by(|a, b| order(a.0, b.0));
        return;
    }
    let by_place = |a: &(E, i64), b: &(E, i64)| order(a.0, b.0).then(a.1.cmp(&b.1));
    // Once `k` are known, only what comes before the last of them is looked at again.
    let mut last = None;
    for (x, place) in places {
        if last.is_some_and(|last| order(x, last) != Ordering::Less) {
            continue;
        }
        found.push((x, place));
        if found.len() == MANY.max(2 * k) {
            found.select_nth_unstable_by(k - 1, by_place);
            found.truncate(k);
            last = Some(found[k - 1].0);
        }
    }
    found.sort_unstable_by(by_place);
    found.truncate(k);
}

/// The places along `axis` in the order of their elements, the first `k`; equal ones stay in order.
pub(super) fn top<E: Num>(x: &Buffer<E>, axis: usize, k: usize, descending: bool) -> Buffer<i64> {
    let rank = x.dims().len();
    assert!(
        k <= x.dims()[axis],
        "the first {k} along axis {axis} of {:?}",
        x.dims()
    );
    let mut order: Vec<usize> = (0..rank).filter(|&a| a != axis).collect();
    order.push(axis);
    let mut inverse = vec![0; rank];
    for (to, &from) in order.iter().enumerate() {
        inverse[from] = to;
    }
    let rows = contiguous(&x.view(x.layout().permute(&order)));
    let data = rows.as_slice().expect("contiguous");
    let size = x.dims()[axis];
    let count = if k == 0 { 0 } else { data.len() / size };
    let dims = [&rows.dims()[..rank - 1], &[k]].concat();
    let each = PIECE.div_ceil(size.max(1));
    // A sort looks at an element as often as the length has binary digits.
    let work = data.len() * (usize::BITS - k.leading_zeros()) as usize;
    // SAFETY: the rows make up the tensor, and each is written whole by its own piece.
    let places = unsafe {
        Buffer::<i64>::write_with(&dims, |out| {
            let out = Shared::new(out);
            parallel::each(count.div_ceil(each), Threads::worth(work), |piece| {
                let mut found = Vec::new();
                for row in piece * each..count.min((piece + 1) * each) {
                    let row_of = &data[row * size..][..size];
                    match descending {
                        false => first_of(row_of, k, &mut found, compare),
                        true => first_of(row_of, k, &mut found, |a, b| compare(b, a)),
                    }
                    for (j, (_, place)) in found.iter().enumerate() {
                        out.get().add(row * k + j).write(*place);
                    }
                }
            });
        })
    };
    places.view(places.layout().permute(&inverse))
}
