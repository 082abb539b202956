//! Sizes, strides and offset of a tensor in memory, and the views that only change them.

use crate::shape::MAX_RANK;

/// Axes that a layout can hold: the rank of a shape, and two more for views inside an op.
pub const MAX_AXES: usize = MAX_RANK + 2;

/// Where the elements of a tensor lie: element `[i, j, ..]` is at
/// `offset + i * strides[0] + j * strides[1] + ..`, counted in elements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    rank: usize,
    dims: [usize; MAX_AXES],
    strides: [isize; MAX_AXES],
    offset: usize,
}

impl std::fmt::Debug for Layout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} strides {:?} offset {}",
            self.dims(),
            self.strides(),
            self.offset
        )
    }
}

impl Layout {
    /// The row-major layout of `dims`.
    ///
    /// # Panics
    /// If there are more than [`MAX_AXES`] sizes, or more elements than an address can count.
    pub fn contiguous(dims: &[usize]) -> Self {
        assert!(
            dims.len() <= MAX_AXES,
            "{} axes; at most {MAX_AXES}",
            dims.len()
        );
        let mut layout = Layout {
            rank: dims.len(),
            dims: [0; MAX_AXES],
            strides: [0; MAX_AXES],
            offset: 0,
        };
        let mut stride = 1_isize;
        for axis in (0..dims.len()).rev() {
            layout.dims[axis] = dims[axis];
            layout.strides[axis] = stride;
            stride = isize::try_from(dims[axis].max(1))
                .ok()
                .and_then(|size| stride.checked_mul(size))
                .unwrap_or_else(|| panic!("a tensor of {dims:?}: more elements than there are"));
        }
        layout
    }

    /// The sizes.
    #[inline]
    pub fn dims(&self) -> &[usize] {
        &self.dims[..self.rank]
    }

    /// The strides, in elements.
    #[inline]
    pub fn strides(&self) -> &[isize] {
        &self.strides[..self.rank]
    }

    /// Where the first element lies.
    #[inline]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The number of elements.
    #[inline]
    pub fn numel(&self) -> usize {
        self.dims().iter().product()
    }

    /// Whether the elements lie one after the other in row-major order.
    pub fn is_contiguous(&self) -> bool {
        let mut stride = 1;
        for axis in (0..self.rank).rev() {
            if self.dims[axis] != 1 && self.strides[axis] != stride {
                return self.numel() == 0;
            }
            stride *= self.dims[axis] as isize;
        }
        true
    }

    /// The axes in another order: axis `i` of the result is axis `axes[i]` of this one.
    ///
    /// # Panics
    /// If `axes` does not name every axis once.
    pub fn permute(&self, axes: &[usize]) -> Self {
        let mut out = *self;
        let mut seen = [false; MAX_AXES];
        assert_eq!(
            axes.len(),
            self.rank,
            "permute {:?} by {axes:?}",
            self.dims()
        );
        for (to, &from) in axes.iter().enumerate() {
            let first = from < self.rank && !std::mem::replace(&mut seen[from], true);
            assert!(first, "permute {:?} by {axes:?}", self.dims());
            out.dims[to] = self.dims[from];
            out.strides[to] = self.strides[from];
        }
        out
    }

    /// Some of the axes, with another offset.
    pub(crate) fn select(&self, axes: &[usize], offset: usize) -> Self {
        let mut out = Layout {
            rank: axes.len(),
            offset,
            ..Layout::contiguous(&[])
        };
        for (to, &from) in axes.iter().enumerate() {
            out.dims[to] = self.dims[from];
            out.strides[to] = self.strides[from];
        }
        out
    }

    /// The first axes.
    pub(crate) fn first(&self, rank: usize) -> Self {
        Layout { rank, ..*self }
    }

    /// Broadcast to `dims`: sizes align from the right, and an axis of size 1 repeats.
    ///
    /// # Panics
    /// If another axis would.
    pub fn expand(&self, dims: &[usize]) -> Self {
        let mut out = Layout::contiguous(dims);
        out.offset = self.offset;
        let added = (dims.len().checked_sub(self.rank))
            .unwrap_or_else(|| panic!("expand {:?} to {dims:?}", self.dims()));
        for axis in 0..dims.len() {
            let from = axis.checked_sub(added);
            out.strides[axis] = match from {
                Some(from) if self.dims[from] == dims[axis] => self.strides[from],
                Some(from) => {
                    assert_eq!(self.dims[from], 1, "expand {:?} to {dims:?}", self.dims());
                    0
                }
                None => 0,
            };
        }
        out
    }

    /// `len` positions of `axis` from `start` on.
    ///
    /// # Panics
    /// If there are fewer.
    pub fn narrow(&self, axis: usize, start: usize, len: usize) -> Self {
        let size = self.dims()[axis];
        assert!(
            start <= size && len <= size - start,
            "narrow axis {axis} of {:?} to {len} positions from {start} on",
            self.dims()
        );
        let mut out = *self;
        out.dims[axis] = len;
        if len > 0 {
            out.offset = (self.offset as isize + start as isize * self.strides[axis]) as usize;
        }
        out
    }

    /// `axis` from its end to its beginning.
    pub fn flip(&self, axis: usize) -> Self {
        let size = self.dims()[axis];
        let mut out = *self;
        if size > 1 && self.numel() > 0 {
            let last = (size - 1) as isize * self.strides[axis];
            out.offset = (self.offset as isize + last) as usize;
            out.strides[axis] = -self.strides[axis];
        }
        out
    }

    /// The positions 0, `step`, `2 step`, .. of `axis`.
    ///
    /// # Panics
    /// If `step` is 0.
    pub fn step(&self, axis: usize, step: usize) -> Self {
        let size = self.dims()[axis];
        assert!(
            step > 0,
            "steps of 0 along axis {axis} of {:?}",
            self.dims()
        );
        let mut out = *self;
        out.dims[axis] = size.div_ceil(step);
        // A stride that nothing takes may be too large for an address.
        if out.dims[axis] > 1 {
            out.strides[axis] *= step as isize;
        }
        out
    }

    /// The windows of `size` positions along `axis`, `step` apart: `axis` becomes the number of
    /// windows, and a new last axis goes through each. Windows that overlap share elements.
    ///
    /// # Panics
    /// If `step` is 0, a window does not fit, there are [`MAX_AXES`] axes already, or the windows
    /// have more elements than an address can count.
    pub fn unfold(&self, axis: usize, size: usize, step: usize) -> Self {
        let len = self.dims()[axis];
        assert!(
            step > 0 && size <= len && self.rank < MAX_AXES,
            "windows of {size} along axis {axis} of {:?}, {step} apart",
            self.dims()
        );
        let mut out = *self;
        out.rank += 1;
        out.dims[self.rank] = size;
        out.strides[self.rank] = self.strides[axis];
        out.dims[axis] = (len - size) / step + 1;
        if out.dims[axis] > 1 {
            out.strides[axis] *= step as isize;
        }
        // Windows that overlap may have more elements than there are in memory.
        Layout::contiguous(out.dims());
        out
    }

    /// The same strides with another size along `axis`: what lies beyond its own is not an element.
    pub fn widen(&self, axis: usize, size: usize) -> Self {
        assert!(axis < self.rank, "axis {axis} of {:?}", self.dims());
        let mut out = *self;
        out.dims[axis] = size;
        out
    }

    /// The same elements in the same order under other sizes, where no copy is needed.
    ///
    /// # Panics
    /// If the sizes have another number of elements.
    pub fn reshape(&self, dims: &[usize]) -> Option<Self> {
        let mut out = Layout::contiguous(dims);
        assert_eq!(
            self.numel(),
            out.numel(),
            "reshape {:?} to {dims:?}",
            self.dims()
        );
        out.offset = self.offset;
        if self.is_contiguous() {
            return Some(out);
        }
        // Match runs of axes with equal products; each run of the source must be mergeable.
        let (mut source, mut axes) = ([(1, 0); MAX_AXES], 0);
        for (&size, &stride) in self.dims().iter().zip(self.strides()) {
            if size != 1 {
                source[axes] = (size, stride);
                axes += 1;
            }
        }
        let source = &source[..axes];
        let (mut from, mut to) = (0, 0);
        while to < dims.len() {
            if dims[to] == 1 {
                to += 1;
                continue;
            }
            let (first_from, first_to) = (from, to);
            let (mut have, mut want) = (source.get(from)?.0, dims[to]);
            while have != want {
                if have < want {
                    from += 1;
                    have *= source.get(from)?.0;
                } else {
                    to += 1;
                    want *= dims.get(to)?;
                }
            }
            for pair in source[first_from..=from].windows(2) {
                if pair[0].1 != pair[1].1 * pair[1].0 as isize {
                    return None;
                }
            }
            let mut stride = source[from].1;
            for axis in (first_to..=to).rev() {
                out.strides[axis] = stride;
                stride *= dims[axis] as isize;
            }
            from += 1;
            to += 1;
        }
        Some(out)
    }
}

/// A loop nest over operands of equal sizes: axes of size 1 are dropped and neighbouring axes
/// merged where every operand allows it.
pub(crate) struct Nest<const K: usize> {
    /// Outer axes; the innermost is kept apart.
    outer: [Axis<K>; MAX_AXES],
    depth: usize,
    /// The size of the innermost axis.
    pub(crate) inner: usize,
    /// Each operand's stride along it.
    pub(crate) inner_strides: [isize; K],
    offsets: [usize; K],
}

/// The size of an axis, and each operand's stride along it.
#[derive(Clone, Copy)]
struct Axis<const K: usize> {
    size: usize,
    strides: [isize; K],
}

impl<const K: usize> Nest<K> {
    pub(crate) fn new(layouts: [&Layout; K]) -> Self {
        let none = Axis {
            size: 1,
            strides: [1; K],
        };
        let (mut axes, mut depth) = ([none; MAX_AXES], 0);
        for axis in 0..layouts[0].rank {
            let size = layouts[0].dims[axis];
            if size == 1 {
                continue;
            }
            let next = Axis {
                size,
                strides: layouts.map(|l| l.strides[axis]),
            };
            let merges =
                |last: &Axis<K>| (0..K).all(|k| last.strides[k] == next.strides[k] * size as isize);
            match axes[..depth].last_mut() {
                Some(last) if merges(last) => {
                    last.size *= size;
                    last.strides = next.strides;
                }
                _ => {
                    axes[depth] = next;
                    depth += 1;
                }
            }
        }
        let depth = depth.saturating_sub(1);
        Nest {
            outer: axes,
            depth,
            inner: axes[depth].size,
            inner_strides: axes[depth].strides,
            offsets: layouts.map(|l| l.offset),
        }
    }

    fn outer(&self) -> &[Axis<K>] {
        &self.outer[..self.depth]
    }

    /// Offsets of the row with this number, one per operand.
    pub(crate) fn row(&self, mut row: usize) -> [usize; K] {
        let mut at = self.offsets.map(|o| o as isize);
        for Axis { size, strides } in self.outer().iter().rev() {
            let index = (row % size) as isize;
            row /= size;
            for k in 0..K {
                at[k] += index * strides[k];
            }
        }
        at.map(|a| a as usize)
    }

    /// How many rows lie one after the other along the last outer axis, and each operand's stride
    /// there.
    pub(crate) fn column(&self) -> (usize, [isize; K]) {
        match self.outer().last() {
            Some(axis) => (axis.size, axis.strides),
            None => (1, [0; K]),
        }
    }

    /// The number of rows: the product of the outer sizes.
    pub(crate) fn rows(&self) -> usize {
        self.outer().iter().map(|axis| axis.size).product()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_of_a_permuted_layout_reshape_without_copies_where_they_can() {
        let x = Layout::contiguous(&[2, 3, 4, 5]);
        let p = x.permute(&[2, 3, 0, 1]);
        assert!(!p.is_contiguous());
        let merged = p.reshape(&[20, 6]).expect("both pairs are mergeable");
        assert_eq!(
            (merged.dims(), merged.strides()),
            (&[20, 6][..], &[1, 20][..])
        );
        assert!(p.reshape(&[120]).is_none());
        assert_eq!(
            p.reshape(&[2, 2, 5, 1, 6]).expect("splits").strides(),
            &[10, 5, 1, 6, 20][..]
        );
    }

    #[test]
    fn a_flipped_axis_runs_back() {
        let x = Layout::contiguous(&[2, 3]);
        let flipped = x.flip(1);
        assert_eq!((flipped.strides(), flipped.offset()), (&[3, -1][..], 2));
        assert!(!flipped.is_contiguous());
        assert_eq!(flipped.flip(1), x);
        let both = flipped.flip(0).reshape(&[6]).expect("both axes run back");
        assert_eq!((both.strides(), both.offset()), (&[-1][..], 5));
        let nest = Nest::new([&x.flip(0)]);
        assert_eq!((nest.row(0), nest.row(1)), ([3], [0]));
        assert_eq!(Layout::contiguous(&[2, 0]).flip(0).offset(), 0);
    }

    #[test]
    fn steps_and_windows_only_change_strides() {
        let x = Layout::contiguous(&[2, 7]);
        let steps = x.step(1, 3);
        assert_eq!((steps.dims(), steps.strides()), (&[2, 3][..], &[7, 3][..]));
        assert_eq!(x.step(0, 2).dims(), &[1, 7]);
        let windows = x.unfold(1, 3, 2);
        assert_eq!(
            (windows.dims(), windows.strides()),
            (&[2, 3, 3][..], &[7, 2, 1][..])
        );
        assert!(!windows.is_contiguous());
        assert!(windows.reshape(&[2, 9]).is_none(), "elements overlap");
        assert!(x.unfold(1, 7, 5).is_contiguous(), "one window is all");
        let apart = Layout::contiguous(&[6]).unfold(0, 2, 2);
        assert!(apart.is_contiguous() && apart.dims() == [3, 2]);
        // Windows of one element, next to each other, are the elements.
        assert!(Layout::contiguous(&[6]).unfold(0, 1, 1).is_contiguous());
    }

    #[test]
    fn empty_and_scalar_layouts() {
        assert!(Layout::contiguous(&[]).is_contiguous());
        assert_eq!(Layout::contiguous(&[]).numel(), 1);
        let empty = Layout::contiguous(&[2, 0, 3]).permute(&[2, 0, 1]);
        assert!(empty.is_contiguous());
        assert_eq!(empty.reshape(&[0, 7]).expect("empty").dims(), &[0, 7]);
    }

    #[test]
    fn a_nest_merges_what_every_operand_allows() {
        let a = Layout::contiguous(&[4, 5, 6]);
        let b = Layout::contiguous(&[5, 6]).expand(&[4, 5, 6]);
        let nest = Nest::new([&a, &b]);
        assert_eq!((nest.rows(), nest.inner), (4, 30));
        assert_eq!(nest.row(3), [90, 0]);
        let t = a.permute(&[1, 0, 2]);
        let nest = Nest::new([&t]);
        assert_eq!((nest.rows(), nest.inner, nest.inner_strides), (20, 6, [1]));
        assert_eq!(nest.row(5), [36]);
    }
}
