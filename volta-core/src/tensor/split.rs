//! Axes in parts.

use super::{Tensor, fits};
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::shape::runtime::{ShapeError, ShapeErrorKind};
use crate::shape::{Chunk, Shape, Split, Unbind};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The first `FIRST` entries of axis `A`, and the rest. Both are views.
    ///
    /// # Panics
    /// If the axis has a size known at run time and is shorter.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4, 10]> = Tensor::zeros();
    /// let (a, b): (Tensor<s![4, 3]>, Tensor<s![4, 7]>) = x.split::<1, 3>();
    /// ```
    #[track_caller]
    pub fn split<const A: isize, const FIRST: usize>(
        &self,
    ) -> (
        Tensor<<S as Split<A, FIRST>>::First, E, B>,
        Tensor<<S as Split<A, FIRST>>::Rest, E, B>,
    )
    where
        S: Split<A, FIRST>,
    {
        let (dims, axis) = (self.dims(), S::INDEX);
        let Some(rest) = dims[axis].checked_sub(FIRST) else {
            let (start, end) = (0, FIRST);
            let kind = ShapeErrorKind::Range { axis, start, end };
            return fits(Err(ShapeError::new("split", dims, &[], kind)));
        };
        (
            Tensor::typed(B::narrow(&self.prim, axis, 0, FIRST)),
            Tensor::typed(B::narrow(&self.prim, axis, FIRST, rest)),
        )
    }

    /// `N` equal parts of axis `A`. They are views. The size must divide by `N`, where PyTorch
    /// makes the last part smaller.
    ///
    /// # Panics
    /// If the axis has a size known at run time that does not.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4, 12]> = Tensor::zeros();
    /// let [q, k, v] = x.chunk::<1, 3>();
    /// let q: Tensor<s![4, 4]> = q;
    /// ```
    #[track_caller]
    pub fn chunk<const A: isize, const N: usize>(
        &self,
    ) -> [Tensor<<S as Chunk<A, N>>::Out, E, B>; N]
    where
        S: Chunk<A, N>,
    {
        let len = fits(parts("chunk", self.dims(), S::INDEX, N));
        std::array::from_fn(|i| Tensor::typed(B::narrow(&self.prim, S::INDEX, i * len, len)))
    }

    /// The entries of axis `A` as an array, without the axis. They are views.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// let [a, b] = x.unbind::<0>();
    /// assert_eq!((a.to_vec(), b.to_vec()), (vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]));
    /// ```
    pub fn unbind<const A: isize>(&self) -> <S as Unbind<A>>::Each<Tensor<S::Removed, E, B>>
    where
        S: Unbind<A>,
    {
        S::each(|i| entry(&self.prim, S::INDEX, i))
    }
}

/// One entry of an axis, without the axis.
pub(super) fn entry<S: Shape, E: Dtype, B: Backend>(
    x: &B::Prim<E>,
    axis: usize,
    at: usize,
) -> Tensor<S, E, B> {
    let mut dims = B::dims(x).to_vec();
    dims.remove(axis);
    Tensor::typed(B::reshape(&B::narrow(x, axis, at, 1), &dims))
}

/// The size of each of `parts` equal parts of an axis.
pub(super) fn parts(
    op: &'static str,
    dims: &[usize],
    axis: usize,
    parts: usize,
) -> Result<usize, ShapeError> {
    if parts > 0 && dims[axis].is_multiple_of(parts) {
        return Ok(dims[axis] / parts);
    }
    let kind = ShapeErrorKind::Parts { axis, parts };
    Err(ShapeError::new(op, dims, &[], kind))
}
