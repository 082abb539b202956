//! Single elements.

use std::ops::{Index, IndexMut};

use super::Tensor;
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::error::Error;
use crate::shape::runtime::{ShapeError, ShapeErrorKind};
use crate::shape::{HasAxis, HasRank, Shape};

/// The place in row-major order.
#[track_caller]
fn place<const R: usize>(dims: &[usize], index: [usize; R]) -> usize {
    index.iter().zip(dims).fold(0, |at, (&i, &size)| {
        assert!(i < size, "index {index:?} is out of range for {dims:?}");
        at * size + i
    })
}

impl<S: HasRank<R>, E: Dtype, const R: usize> Index<[usize; R]> for Tensor<S, E> {
    type Output = E;

    /// # Panics
    /// If an index is not below the size of its axis.
    #[track_caller]
    fn index(&self, index: [usize; R]) -> &E {
        place(self.dims(), index);
        self.prim.at(&index)
    }
}

impl<S: HasRank<R>, E: Dtype, const R: usize> IndexMut<[usize; R]> for Tensor<S, E> {
    /// Copies the storage first if others see it.
    ///
    /// # Panics
    /// If an index is not below the size of its axis.
    #[track_caller]
    fn index_mut(&mut self, index: [usize; R]) -> &mut E {
        let place = place(self.dims(), index);
        &mut self.prim.make_mut()[place]
    }
}

impl<S: Shape, E: Dtype> Tensor<S, E> {
    /// The elements in row-major order, to change them. Copies the storage first if others see it.
    pub fn as_mut_slice(&mut self) -> &mut [E] {
        self.prim.make_mut()
    }

    /// One element; `None` if an index is not below the size of its axis.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.get([1, 2]), Some(&6.0));
    /// assert_eq!(x.get([2, 0]), None);
    /// ```
    pub fn get<const R: usize>(&self, index: [usize; R]) -> Option<&E>
    where
        S: HasRank<R>,
    {
        let inside = index.iter().zip(self.dims()).all(|(i, size)| i < size);
        inside.then(|| self.prim.at(&index))
    }

    /// One element, to change it; `None` if an index is not below the size of its axis. Copies the
    /// storage first if others see it.
    pub fn get_mut<const R: usize>(&mut self, index: [usize; R]) -> Option<&mut E>
    where
        S: HasRank<R>,
    {
        self.get(index)?;
        Some(&mut self[index])
    }

    /// The elements in row-major order, if they lie so in memory: not for every view.
    pub fn as_slice(&self) -> Option<&[E]> {
        self.prim.as_slice()
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The part at one index of axis `A`, without the axis.
    ///
    /// # Panics
    /// If the index is not below the size of the axis; see
    /// [`try_index_axis`](Self::try_index_axis).
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// let row: Tensor<s![3]> = x.index_axis::<0>(1);
    /// assert_eq!(row.to_vec(), [4.0, 5.0, 6.0]);
    /// ```
    #[track_caller]
    pub fn index_axis<const A: isize>(&self, index: usize) -> Tensor<S::Removed, E, B>
    where
        S: HasAxis<A>,
    {
        let size = self.dims()[S::INDEX];
        assert!(
            index < size,
            "index {index} is out of range for axis {A}, which has {size}"
        );
        self.row::<A>(index)
    }

    /// [`index_axis`](Self::index_axis), with an error where that panics.
    ///
    /// # Errors
    /// [`Error::Sizes`] if the index is not below the size of the axis.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 3]> = Tensor::zeros();
    /// assert_eq!(x.try_index_axis::<0>(1)?.dims(), [3]);
    /// let error = x.try_index_axis::<0>(2).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "index_axis: 2..3 reaches beyond axis 0 of (2, 3), which has 2"
    /// );
    /// # Ok::<(), volta::Error>(())
    /// ```
    pub fn try_index_axis<const A: isize>(
        &self,
        index: usize,
    ) -> Result<Tensor<S::Removed, E, B>, Error>
    where
        S: HasAxis<A>,
    {
        let (axis, dims) = (S::INDEX, self.dims());
        if index >= dims[axis] {
            let (start, end) = (index, index.saturating_add(1));
            let range = ShapeErrorKind::Range { axis, start, end };
            return Err(ShapeError::new("index_axis", dims, &[], range).into());
        }
        Ok(self.row::<A>(index))
    }

    fn row<const A: isize>(&self, index: usize) -> Tensor<S::Removed, E, B>
    where
        S: HasAxis<A>,
    {
        let mut dims = self.dims().to_vec();
        dims.remove(S::INDEX);
        let row = B::narrow(&self.prim, S::INDEX, index, 1);
        Tensor::typed(B::reshape(&row, &dims))
    }
}
