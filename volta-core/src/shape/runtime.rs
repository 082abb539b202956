//! Sizes when the program runs: the functions behind the relations, on plain slices.
//!
//! The types have checked everything that they know; these functions check the rest (sizes that
//! only the running program has) and say what differs.

use std::fmt;
use std::ops::Deref;

/// The most axes that [`Dims`] holds: two more than a shape, for intermediate forms.
const CAPACITY: usize = 8;

/// The sizes of a few axes, without an allocation.
#[derive(Clone, Copy)]
pub struct Dims {
    sizes: [usize; CAPACITY],
    rank: u8,
}

impl Dims {
    /// The given sizes, eight at most.
    pub fn new(sizes: &[usize]) -> Self {
        let mut dims = Dims {
            sizes: [0; CAPACITY],
            rank: sizes.len() as u8,
        };
        dims.sizes[..sizes.len()].copy_from_slice(sizes);
        dims
    }

    /// `rank` axes of one size.
    pub fn filled(rank: usize, size: usize) -> Self {
        Dims::new(&[size; CAPACITY][..rank])
    }

    /// The number of elements.
    pub fn numel(&self) -> usize {
        self.iter().product()
    }

    /// Adds an axis at the end.
    pub fn push(&mut self, size: usize) {
        self.sizes[self.rank as usize] = size;
        self.rank += 1;
    }

    /// Adds an axis in front of axis `axis`.
    pub fn insert(&mut self, axis: usize, size: usize) {
        let rank = self.rank as usize;
        self.sizes.copy_within(axis..rank, axis + 1);
        self.sizes[axis] = size;
        self.rank += 1;
    }

    /// Takes axis `axis` out.
    pub fn remove(&mut self, axis: usize) -> usize {
        let size = self[axis];
        let rank = self.rank as usize;
        self.sizes.copy_within(axis + 1..rank, axis);
        self.rank -= 1;
        size
    }
}

impl Deref for Dims {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        &self.sizes[..self.rank as usize]
    }
}

impl std::ops::DerefMut for Dims {
    fn deref_mut(&mut self) -> &mut [usize] {
        &mut self.sizes[..self.rank as usize]
    }
}

impl AsRef<[usize]> for Dims {
    fn as_ref(&self) -> &[usize] {
        self
    }
}

impl From<&[usize]> for Dims {
    fn from(sizes: &[usize]) -> Self {
        Dims::new(sizes)
    }
}

impl FromIterator<usize> for Dims {
    fn from_iter<I: IntoIterator<Item = usize>>(sizes: I) -> Self {
        let mut dims = Dims::new(&[]);
        sizes.into_iter().for_each(|size| dims.push(size));
        dims
    }
}

impl PartialEq for Dims {
    fn eq(&self, other: &Dims) -> bool {
        **self == **other
    }
}

impl Eq for Dims {}

impl PartialEq<[usize]> for Dims {
    fn eq(&self, other: &[usize]) -> bool {
        **self == *other
    }
}

impl<const N: usize> PartialEq<[usize; N]> for Dims {
    fn eq(&self, other: &[usize; N]) -> bool {
        **self == *other
    }
}

impl fmt::Debug for Dims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Prints as `(2, 3)`.
impl fmt::Display for Dims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (axis, size) in self.iter().enumerate() {
            let comma = if axis == 0 { "" } else { ", " };
            write!(f, "{comma}{size}")?;
        }
        f.write_str(if self.len() == 1 { ",)" } else { ")" })
    }
}

/// Sizes that do not go together in an op.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError(Box<Mismatch>);

/// What a [`ShapeError`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The op.
    pub op: &'static str,
    /// The sizes of the operand, or of the left one.
    pub left: Dims,
    /// The sizes of the right operand, or those asked for.
    pub right: Dims,
    /// What is wrong.
    pub kind: ShapeErrorKind,
}

impl ShapeError {
    /// An error of the op `op` on operands of these sizes.
    pub fn new(op: &'static str, left: &[usize], right: &[usize], kind: ShapeErrorKind) -> Self {
        ShapeError(Box::new(Mismatch {
            op,
            left: Dims::new(left),
            right: Dims::new(right),
            kind,
        }))
    }

    /// The same error on the whole shapes, where it was found on parts of them.
    fn of(self, left: &[usize], right: &[usize]) -> Self {
        ShapeError::new(self.op, left, right, self.0.kind)
    }
}

impl Deref for ShapeError {
    type Target = Mismatch;

    fn deref(&self) -> &Mismatch {
        &self.0
    }
}

/// What is wrong with the sizes of a [`ShapeError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShapeErrorKind {
    /// Two axes that should be equal are not.
    Axis {
        /// The axis of the result, from the front.
        axis: usize,
        /// Its size on the left.
        left: usize,
        /// Its size on the right.
        right: usize,
    },
    /// The sizes that a matrix product sums over differ.
    Inner {
        /// The size on the left.
        left: usize,
        /// The size on the right.
        right: usize,
    },
    /// The numbers of axes do not go together.
    Rank,
    /// The operand has no such axis, or one is named twice.
    NoAxis {
        /// The axis as it was given.
        axis: isize,
    },
    /// The numbers of elements differ.
    Elements,
    /// A range reaches beyond its axis.
    Range {
        /// The axis, from the front.
        axis: usize,
        /// The first index of the range.
        start: usize,
        /// The first index after it.
        end: usize,
    },
    /// A window does not fit its axis.
    Window {
        /// The axis, from the front.
        axis: usize,
        /// The extent of the window, dilation included.
        window: usize,
        /// The padding on each side.
        padding: usize,
    },
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch {
            op,
            left,
            right,
            kind,
        } = &**self;
        match kind {
            ShapeErrorKind::Axis {
                axis,
                left: l,
                right: r,
            } => write!(
                f,
                "{op}: axis {axis} has {l} on the left and {r} on the right ({left} and {right})"
            ),
            ShapeErrorKind::Inner { left: l, right: r } => write!(
                f,
                "{op}: the inner sizes {l} and {r} differ ({left} and {right})"
            ),
            ShapeErrorKind::Rank => {
                write!(
                    f,
                    "{op}: {left} and {right} have ranks that do not go together"
                )
            }
            ShapeErrorKind::NoAxis { axis } => {
                write!(
                    f,
                    "{op}: axis {axis} does not exist in {left}, or is named twice"
                )
            }
            ShapeErrorKind::Elements => write!(
                f,
                "{op}: {left} has {} elements, {right} has {}",
                left.numel(),
                right.numel()
            ),
            ShapeErrorKind::Range { axis, start, end } => write!(
                f,
                "{op}: {start}..{end} reaches beyond axis {axis} of {left}, which has {}",
                left.get(*axis).copied().unwrap_or(0)
            ),
            ShapeErrorKind::Window {
                axis,
                window,
                padding,
            } => write!(
                f,
                "{op}: a window of {window} (padding {padding}) does not fit axis {axis} of \
                 {left}, which has {}",
                left.get(*axis).copied().unwrap_or(0)
            ),
        }
    }
}

impl std::error::Error for ShapeError {}

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
                    ShapeErrorKind::Axis { axis, left, right },
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
                ShapeErrorKind::Axis { axis, left, right },
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
            ShapeErrorKind::Inner { left, right },
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
    out.push(dims[first..=last].iter().product());
    dims[last + 1..].iter().for_each(|&size| out.push(size));
    Ok(out)
}

/// Checks that `to` holds as many elements as `from`.
pub fn reshape(from: &[usize], to: &[usize]) -> Result<Dims, ShapeError> {
    if from.iter().product::<usize>() == to.iter().product::<usize>() {
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

/// The number of places of a window on an axis, `floor((size + 2 pad - dil (k - 1) - 1) / stride)
/// + 1`; `None` where it does not fit.
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
    match (size + 2 * pad).checked_sub(dilation * (k - 1) + 1) {
        Some(room) => Some(room / stride + 1),
        None => None,
    }
}

/// The size that a transposed convolution gives, `(size - 1) stride - 2 pad + dil (k - 1) + output_pad + 1`;
/// `None` where that is not positive.
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
    let full = (size - 1) * stride + dilation * (k - 1) + output_pad + 1;
    match full.checked_sub(2 * pad) {
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
        let window = dilation * k.saturating_sub(1) + 1;
        ShapeError::new(
            op,
            dims,
            &[],
            ShapeErrorKind::Window {
                axis,
                window,
                padding: pad,
            },
        )
    })
}
