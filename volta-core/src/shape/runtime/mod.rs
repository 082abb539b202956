//! Sizes when the program runs: the functions behind the relations, on plain slices.
//!
//! The types have checked everything that they know; these functions check the rest (sizes that
//! only the running program has) and say what differs.

mod dims;
mod error;

pub use dims::Dims;
pub use error::{Mismatch, ShapeError, ShapeErrorKind};

use dims::CAPACITY;

/// The number of elements under these sizes; the largest number where there are more than that.
pub fn count(dims: &[usize]) -> usize {
    // A product that is cut off and meets a 0 is 0 all the same.
    dims.iter().fold(1, |n, &size| n.saturating_mul(size))
}

/// Checks that the elements of a tensor of these sizes can be counted. An axis of size 0 does not
/// make room for what the others overflow by.
pub fn countable(op: &'static str, dims: &[usize]) -> Result<Dims, ShapeError> {
    let mut all = Dims::new(dims);
    all.iter_mut().for_each(|size| *size = (*size).max(1));
    match isize::try_from(count(&all)) {
        Ok(_) => Ok(Dims::new(dims)),
        Err(_) => Err(ShapeError::new(op, dims, &[], ShapeErrorKind::TooMany)),
    }
}

/// The axis counted from the front.
pub fn resolve_axis(op: &'static str, dims: &[usize], axis: isize) -> Result<usize, ShapeError> {
    let from_front = if axis < 0 {
        axis + dims.len() as isize
    } else {
        axis
    };
    match usize::try_from(from_front) {
        Ok(index) if index < dims.len() => Ok(index),
        _ => Err(ShapeError::new(
            op,
            dims,
            &[],
            ShapeErrorKind::NoAxis { axis },
        )),
    }
}

/// The sizes of an operand, and which of its axes broadcast: those of type `One`. A run-time
/// size never broadcasts by happening to be 1.
pub type Typed<'a> = (&'a [usize], &'a [bool]);

/// The axes of size 1.
fn ones(dims: &[usize]) -> [bool; CAPACITY] {
    let mut ones = [false; CAPACITY];
    dims.iter()
        .zip(&mut ones)
        .for_each(|(&size, one)| *one = size == 1);
    ones
}

/// The common shape of two operands, aligned from the right. Any axis of size 1 meets any size;
/// for tensors use [`broadcast_typed`], which goes by the types.
pub fn broadcast(op: &'static str, a: &[usize], b: &[usize]) -> Result<Dims, ShapeError> {
    broadcast_typed(op, (a, &ones(a)), (b, &ones(b)))
}

/// The common shape of two operands, aligned from the right. Only marked axes broadcast: pass
/// `S::ONES`.
pub fn broadcast_typed(
    op: &'static str,
    (a, a_ones): Typed<'_>,
    (b, b_ones): Typed<'_>,
) -> Result<Dims, ShapeError> {
    let rank = a.len().max(b.len());
    let mut out = Dims::filled(rank, 1);
    for axis in 0..rank {
        let side = |dims: &[usize], ones: &[bool]| match (axis + dims.len()).checked_sub(rank) {
            Some(i) if !ones[i] => Some(dims[i]),
            _ => None,
        };
        out[axis] = match (side(a, a_ones), side(b, b_ones)) {
            (Some(left), Some(right)) if left != right => {
                return Err(ShapeError::new(
                    op,
                    a,
                    b,
                    ShapeErrorKind::Unequal { axis, left, right },
                ));
            }
            (left, right) => left.or(right).unwrap_or(1),
        };
    }
    Ok(out)
}

/// Checks that two operands have the same sizes.
pub fn equal(op: &'static str, a: &[usize], b: &[usize]) -> Result<Dims, ShapeError> {
    if a.len() != b.len() {
        return Err(ShapeError::new(op, a, b, ShapeErrorKind::Rank));
    }
    match (0..a.len()).find(|&axis| a[axis] != b[axis]) {
        Some(axis) => {
            let (left, right) = (a[axis], b[axis]);
            Err(ShapeError::new(
                op,
                a,
                b,
                ShapeErrorKind::Unequal { axis, left, right },
            ))
        }
        None => Ok(Dims::new(a)),
    }
}

/// The shape of a product of vectors, matrices or batches of matrices. Any batch axis of size 1
/// meets any size; for tensors use [`matmul_typed`], which goes by the types.
pub fn matmul(a: &[usize], b: &[usize]) -> Result<Dims, ShapeError> {
    matmul_typed((a, &ones(a)), (b, &ones(b)))
}

/// The shape of a product of vectors, matrices or batches of matrices. Only marked batch axes
/// broadcast: pass `S::ONES`.
pub fn matmul_typed((a, a_ones): Typed<'_>, (b, b_ones): Typed<'_>) -> Result<Dims, ShapeError> {
    let op = "matmul";
    let (Some(&left), false) = (a.last(), b.is_empty()) else {
        return Err(ShapeError::new(op, a, b, ShapeErrorKind::Rank));
    };
    let right = b[b.len().saturating_sub(2)];
    if left != right {
        return Err(ShapeError::new(
            op,
            a,
            b,
            ShapeErrorKind::UnequalInner { left, right },
        ));
    }
    let batch_a = a.len().saturating_sub(2);
    let batch_b = b.len().saturating_sub(2);
    let mut out = broadcast_typed(op, (&a[..batch_a], a_ones), (&b[..batch_b], b_ones))
        .map_err(|batch| batch.of(a, b))?;
    if a.len() > 1 {
        out.push(a[batch_a]);
    }
    if b.len() > 1 {
        out.push(b[batch_b + 1]);
    }
    Ok(out)
}

/// The shape left when the axes `axes` are reduced; with `keep` they stay, of size 1.
pub fn reduce(
    op: &'static str,
    dims: &[usize],
    axes: &[usize],
    keep: bool,
) -> Result<Dims, ShapeError> {
    let mut reduced = [false; CAPACITY];
    for &axis in axes {
        if axis >= dims.len() || reduced[axis] {
            return Err(ShapeError::new(
                op,
                dims,
                &[],
                ShapeErrorKind::NoAxis {
                    axis: axis as isize,
                },
            ));
        }
        reduced[axis] = true;
    }
    let sizes = dims.iter().zip(reduced);
    Ok(if keep {
        sizes
            .map(|(&size, reduced)| if reduced { 1 } else { size })
            .collect()
    } else {
        sizes
            .filter(|(_, reduced)| !reduced)
            .map(|(&size, _)| size)
            .collect()
    })
}

/// The sizes in the order `order`, which names each axis once.
pub fn permute(dims: &[usize], order: &[usize]) -> Result<Dims, ShapeError> {
    let op = "permute";
    if order.len() != dims.len() {
        return Err(ShapeError::new(op, dims, order, ShapeErrorKind::Rank));
    }
    reduce(op, dims, order, true)?;
    Ok(order.iter().map(|&axis| dims[axis]).collect())
}

/// The shape of two operands one after the other along `axis`.
pub fn concat(a: &[usize], b: &[usize], axis: usize) -> Result<Dims, ShapeError> {
    let op = "concat";
    if axis >= a.len() {
        return Err(ShapeError::new(
            op,
            a,
            b,
            ShapeErrorKind::NoAxis {
                axis: axis as isize,
            },
        ));
    }
    if a.len() != b.len() {
        return Err(ShapeError::new(op, a, b, ShapeErrorKind::Rank));
    }
    let mut other = Dims::new(b);
    other[axis] = a[axis];
    let mut out = equal(op, a, &other).map_err(|other| other.of(a, b))?;
    out[axis] = a[axis] + b[axis];
    Ok(out)
}

/// The shape with the axes `first` to `last` merged.
pub fn flatten(dims: &[usize], first: usize, last: usize) -> Result<Dims, ShapeError> {
    if last >= dims.len() || first > last {
        let axis = if first > last { first } else { last };
        return Err(ShapeError::new(
            "flatten",
            dims,
            &[],
            ShapeErrorKind::NoAxis {
                axis: axis as isize,
            },
        ));
    }
    let mut out = Dims::new(&dims[..first]);
    out.push(count(&dims[first..=last]));
    dims[last + 1..].iter().for_each(|&size| out.push(size));
    Ok(out)
}

/// Checks that `to` holds as many elements as `from`.
pub fn reshape(from: &[usize], to: &[usize]) -> Result<Dims, ShapeError> {
    if count(from) == count(to) {
        Ok(Dims::new(to))
    } else {
        Err(ShapeError::new(
            "reshape",
            from,
            to,
            ShapeErrorKind::Elements,
        ))
    }
}

/// The shape with `len` entries of `axis`, from `start` on.
pub fn narrow(dims: &[usize], axis: usize, start: usize, len: usize) -> Result<Dims, ShapeError> {
    let op = "narrow";
    let Some(&size) = dims.get(axis) else {
        return Err(ShapeError::new(
            op,
            dims,
            &[],
            ShapeErrorKind::NoAxis {
                axis: axis as isize,
            },
        ));
    };
    let end = start.saturating_add(len);
    if end > size {
        return Err(ShapeError::new(
            op,
            dims,
            &[],
            ShapeErrorKind::Range { axis, start, end },
        ));
    }
    let mut out = Dims::new(dims);
    out[axis] = len;
    Ok(out)
}

/// The shape with `k` entries of `axis`, of any places.
pub fn top(op: &'static str, dims: &[usize], axis: usize, k: usize) -> Result<Dims, ShapeError> {
    let Some(&size) = dims.get(axis) else {
        let axis = axis as isize;
        return Err(ShapeError::new(
            op,
            dims,
            &[],
            ShapeErrorKind::NoAxis { axis },
        ));
    };
    if k > size {
        let range = ShapeErrorKind::Range {
            axis,
            start: 0,
            end: k,
        };
        return Err(ShapeError::new(op, dims, &[], range));
    }
    let mut out = Dims::new(dims);
    out[axis] = k;
    Ok(out)
}

/// Checks that the sizes `index` are `dims` but for `axis`.
pub fn along(
    op: &'static str,
    dims: &[usize],
    index: &[usize],
    axis: usize,
) -> Result<Dims, ShapeError> {
    if dims.len() != index.len() {
        return Err(ShapeError::new(op, dims, index, ShapeErrorKind::Rank));
    }
    if axis >= dims.len() {
        let axis = axis as isize;
        return Err(ShapeError::new(
            op,
            dims,
            index,
            ShapeErrorKind::NoAxis { axis },
        ));
    }
    let mut rows = Dims::new(dims);
    rows[axis] = index[axis];
    equal(op, &rows, index).map_err(|other| other.of(dims, index))
}

/// The number of places of a window on an axis, `floor((size + 2 pad - dil (k - 1) - 1) / stride)
/// + 1`; `None` where it does not fit, or one of the sizes is beyond an address.
pub const fn window(
    size: usize,
    k: usize,
    stride: usize,
    pad: usize,
    dilation: usize,
) -> Option<usize> {
    if k == 0 || stride == 0 {
        return None;
    }
    let Some(span) = reach(k, dilation) else {
        return None;
    };
    let Some(both) = pad.checked_mul(2) else {
        return None;
    };
    let Some(padded) = size.checked_add(both) else {
        return None;
    };
    match padded.checked_sub(span) {
        Some(room) => (room / stride).checked_add(1),
        None => None,
    }
}

/// From the first entry of a window to its last, `dil (k - 1) + 1`; `None` beyond an address.
const fn reach(k: usize, dilation: usize) -> Option<usize> {
    match dilation.checked_mul(k.saturating_sub(1)) {
        Some(steps) => steps.checked_add(1),
        None => None,
    }
}

/// The size that a transposed convolution gives, `(size - 1) stride - 2 pad + dil (k - 1) + output_pad + 1`;
/// `None` where that is not positive, or beyond an address.
pub const fn transposed_window(
    size: usize,
    k: usize,
    stride: usize,
    pad: usize,
    dilation: usize,
    output_pad: usize,
) -> Option<usize> {
    if size == 0 || k == 0 {
        return None;
    }
    let (Some(span), Some(steps), Some(cut)) = (
        reach(k, dilation),
        stride.checked_mul(size - 1),
        pad.checked_mul(2),
    ) else {
        return None;
    };
    let Some(full) = steps.checked_add(span) else {
        return None;
    };
    let Some(full) = full.checked_add(output_pad) else {
        return None;
    };
    match full.checked_sub(cut) {
        Some(0) | None => None,
        size => size,
    }
}

/// [`window`] on axis `axis` of `dims`, with the error of op `op` where it does not fit.
pub fn windowed(
    op: &'static str,
    dims: &[usize],
    axis: usize,
    [k, stride, pad, dilation]: [usize; 4],
) -> Result<usize, ShapeError> {
    window(dims[axis], k, stride, pad, dilation).ok_or_else(|| {
        let window = reach(k, dilation).unwrap_or(usize::MAX);
        ShapeError::new(
            op,
            dims,
            &[],
            ShapeErrorKind::NoRoom {
                axis,
                window,
                padding: pad,
            },
        )
    })
}
