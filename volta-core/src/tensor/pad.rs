//! Axes made longer at their ends.

use super::{Tensor, fits};
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::shape::runtime::{ShapeError, ShapeErrorKind};
use crate::shape::{Pad, PadCircular, PadReflect, Shape};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// `BEFORE` and `AFTER` entries of `value` at the ends of axis `A`.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
    /// let y: Tensor<s![5]> = x.pad::<0, 1, 2>(9.0);
    /// assert_eq!(y.to_vec(), [9.0, 1.0, 2.0, 9.0, 9.0]);
    /// ```
    pub fn pad<const A: isize, const BEFORE: usize, const AFTER: usize>(
        &self,
        value: E,
    ) -> Tensor<<S as Pad<A, BEFORE, AFTER>>::Out, E, B>
    where
        S: Pad<A, BEFORE, AFTER>,
    {
        if value == E::ZERO {
            return Tensor::typed(B::pad(&self.prim, S::INDEX, BEFORE, AFTER));
        }
        let full = |len: usize| {
            let mut dims = self.dims().to_vec();
            dims[S::INDEX] = len;
            B::full(&self.device(), value, &dims)
        };
        let ends = (full(BEFORE), full(AFTER));
        Tensor::typed(B::cat(&[&ends.0, &self.prim, &ends.1], S::INDEX))
    }

    /// The entries next to the ends of axis `A` in reverse order beyond them, without the entry at
    /// the end itself.
    ///
    /// # Panics
    /// If the axis has a size known at run time that is not above `BEFORE` and `AFTER`.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([1.0, 2.0, 3.0, 4.0]);
    /// let y: Tensor<s![7]> = x.pad_reflect::<0, 2, 1>();
    /// assert_eq!(y.to_vec(), [3.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0]);
    /// ```
    #[track_caller]
    pub fn pad_reflect<const A: isize, const BEFORE: usize, const AFTER: usize>(
        &self,
    ) -> Tensor<<S as Pad<A, BEFORE, AFTER>>::Out, E, B>
    where
        S: PadReflect<A, BEFORE, AFTER>,
    {
        let size = self.dims()[S::INDEX];
        let most = size.saturating_sub(1);
        fits(room(
            "pad_reflect",
            self.dims(),
            S::INDEX,
            BEFORE.max(AFTER),
            most,
        ));
        let before = B::flip(&self.part(S::INDEX, 1, BEFORE), &[S::INDEX]);
        let after = self.part(S::INDEX, most - AFTER.min(most), AFTER);
        let after = B::flip(&after, &[S::INDEX]);
        Tensor::typed(B::cat(&[&before, &self.prim, &after], S::INDEX))
    }

    /// The entries at the ends of axis `A`, repeated beyond them.
    ///
    /// # Panics
    /// If the axis has no entries.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
    /// let y: Tensor<s![5]> = x.pad_replicate::<0, 1, 2>();
    /// assert_eq!(y.to_vec(), [1.0, 1.0, 2.0, 2.0, 2.0]);
    /// ```
    #[track_caller]
    pub fn pad_replicate<const A: isize, const BEFORE: usize, const AFTER: usize>(
        &self,
    ) -> Tensor<<S as Pad<A, BEFORE, AFTER>>::Out, E, B>
    where
        S: Pad<A, BEFORE, AFTER>,
    {
        let size = self.dims()[S::INDEX];
        let most = if size == 0 { 0 } else { usize::MAX };
        fits(room(
            "pad_replicate",
            self.dims(),
            S::INDEX,
            BEFORE.max(AFTER),
            most,
        ));
        if size == 0 {
            return Tensor::typed(self.prim.clone());
        }
        let many = |at: usize, len: usize| {
            let one = self.part(S::INDEX, at, 1);
            let mut dims = self.dims().to_vec();
            dims[S::INDEX] = len;
            B::expand(&one, &dims)
        };
        let (before, after) = (many(0, BEFORE), many(size - 1, AFTER));
        Tensor::typed(B::cat(&[&before, &self.prim, &after], S::INDEX))
    }

    /// The entries at the other end of axis `A`, beyond each end: as if the axis went round.
    ///
    /// # Panics
    /// If the axis has a size known at run time that is below `BEFORE` or `AFTER`.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
    /// let y: Tensor<s![6]> = x.pad_circular::<0, 2, 1>();
    /// assert_eq!(y.to_vec(), [2.0, 3.0, 1.0, 2.0, 3.0, 1.0]);
    /// ```
    #[track_caller]
    pub fn pad_circular<const A: isize, const BEFORE: usize, const AFTER: usize>(
        &self,
    ) -> Tensor<<S as Pad<A, BEFORE, AFTER>>::Out, E, B>
    where
        S: PadCircular<A, BEFORE, AFTER>,
    {
        let size = self.dims()[S::INDEX];
        fits(room(
            "pad_circular",
            self.dims(),
            S::INDEX,
            BEFORE.max(AFTER),
            size,
        ));
        let before = self.part(S::INDEX, size - BEFORE, BEFORE);
        let after = self.part(S::INDEX, 0, AFTER);
        Tensor::typed(B::cat(&[&before, &self.prim, &after], S::INDEX))
    }

    fn part(&self, axis: usize, start: usize, len: usize) -> B::Prim<E> {
        B::narrow(&self.prim, axis, start.min(self.dims()[axis] - len), len)
    }
}

/// Whether a padding takes at most `most` entries of an axis.
fn room(
    op: &'static str,
    dims: &[usize],
    axis: usize,
    padding: usize,
    most: usize,
) -> Result<(), ShapeError> {
    if padding <= most {
        return Ok(());
    }
    let kind = ShapeErrorKind::Padding {
        axis,
        padding,
        most,
    };
    Err(ShapeError::new(op, dims, &[], kind))
}
