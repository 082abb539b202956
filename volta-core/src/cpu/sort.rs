//! The order of elements along an axis.

use super::buffer::Buffer;
use super::parallel::{self, Shared, Threads};
use super::widen::contiguous;
use crate::dtype::{Num, truncates};

/// Elements that a thread takes, at least.
const PIECE: usize = 1 << 10;
/// Elements of a row that are collected before the first of them are chosen, at least.
const MANY: usize = 64;

/// A whole number in the order of the elements: NaN comes after all others, zeros are equal. So one
/// sort does for all types.
fn key<E: Num>(x: E) -> i64 {
    if truncates::<E>() {
        return x.to_i64();
    }
    let x = x.to_f64();
    // Without the sign of zero. The bits of negative numbers go down as these do.
    let bits = (x + 0.0).to_bits() as i64;
    if x.is_nan() {
        i64::MAX
    } else {
        bits ^ (bits >> 63) & i64::MAX
    }
}

/// Leaves the first `k` of the keys and their places, in order; equal ones stay in order.
fn first_of(keys: &[i64], k: usize, found: &mut Vec<(i64, i64)>) {
    found.clear();
    let pairs = keys.iter().copied().zip(0..);
    if k == keys.len() {
        found.extend(pairs);
        found.sort_unstable();
        return;
    }
    // Once `k` are known, only what comes before the last of them is looked at again.
    let mut last = None;
    for (key, place) in pairs {
        if last.is_some_and(|last| key >= last) {
            continue;
        }
        found.push((key, place));
        if found.len() == MANY.max(2 * k) {
            found.select_nth_unstable(k - 1);
            found.truncate(k);
            last = Some(found[k - 1].0);
        }
    }
    found.sort_unstable();
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
                let (mut keys, mut found) = (Vec::new(), Vec::new());
                // All bits turned round turn the order round.
                let turn = if descending { -1 } else { 0 };
                for row in piece * each..count.min((piece + 1) * each) {
                    let row_of = &data[row * size..][..size];
                    keys.clear();
                    keys.extend(row_of.iter().map(|x| key(*x) ^ turn));
                    first_of(&keys, k, &mut found);
                    for (j, (_, place)) in found.iter().enumerate() {
                        out.get().add(row * k + j).write(*place);
                    }
                }
            });
        })
    };
    places.view(places.layout().permute(&inverse))
}
