//! Elements read and written where indices say.

use super::{Tensor, fits};
use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Num};
use crate::error::{DeviceError, Error};
use crate::ops::elementwise as op;
use crate::shape::{Along, Dim, HasAxis, Shape, runtime};

/// A tensor of indices along axis `A` of tensors of shape `S` on backend `B`: of any size along the
/// axis, and `S` in every other.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tensor of indices along axis {A} of `{S}`",
    label = "indices are a tensor of `i64` on the same backend",
    note = "cast the index first: `index.cast::<i64>()`"
)]
pub trait IndexAlong<S: Shape, const A: isize, B: Backend> {
    /// Its shape.
    type Shape: Along<S, A>;
    #[doc(hidden)]
    fn index(&self) -> B::Prim<i64>;
}

impl<S, R, B, B2, const A: isize> IndexAlong<S, A, B> for Tensor<R, i64, B2>
where
    S: Shape,
    R: Along<S, A>,
    B: Meet<B2, Out = B>,
    B2: Backend,
{
    type Shape = R;
    fn index(&self) -> B::Prim<i64> {
        B::right(&self.prim)
    }
}

/// A vector of indices, for tensors on backend `B`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no vector of indices",
    label = "indices of whole rows are a vector of `i64` on the same backend",
    note = "`.gather::<A, _>(&index)` takes an index for each element"
)]
pub trait IndexVector<B: Backend> {
    /// Its size.
    type Len: Dim;
    #[doc(hidden)]
    fn index(&self) -> B::Prim<i64>;
}

#[diagnostic::do_not_recommend]
impl<K, B, B2> IndexVector<B> for Tensor<(K,), i64, B2>
where
    K: Dim,
    B: Meet<B2, Out = B>,
    B2: Backend,
{
    type Len = K;
    fn index(&self) -> B::Prim<i64> {
        B::right(&self.prim)
    }
}

/// One index for each row along `axis`, repeated along the other axes of `dims`.
fn repeated<B: Backend>(index: &B::Prim<i64>, dims: &[usize], axis: usize) -> B::Prim<i64> {
    let len = B::dims(index)[0];
    let mut along = vec![1; dims.len()];
    along[axis] = len;
    let mut to = dims.to_vec();
    to[axis] = len;
    B::expand(&B::reshape(index, &along), &to)
}

/// Checks that indices are below `size`, once the device has them.
fn in_range<B: Backend>(op: &'static str, index: &B::Prim<i64>, size: usize) -> Result<(), Error> {
    let indices = B::read(index)?;
    let is_below = |index: &i64| usize::try_from(*index).is_ok_and(|index| index < size);
    match indices.iter().position(|index| !is_below(index)) {
        None => Ok(()),
        Some(place) => Err(DeviceError::Index {
            op,
            place,
            index: indices[place],
            size,
        }
        .into()),
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// Along axis `A`, the elements that the index names: `y[.., i, ..] = x[.., index[.., i, ..], ..]`.
    /// The index has any size along `A`, and the shape of the tensor in every other axis
    /// (`take_along_dim` in PyTorch). The gradient goes to the elements named.
    ///
    /// # Panics
    /// If an index is not below the size of the axis, or sizes known at run time differ. A device
    /// that would have to wait for the index says so at the next read. See
    /// [`try_gather`](Self::try_gather).
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// let index: Tensor<s![2, 2], i64> = Tensor::from_array([[2, 2], [0, 1]]);
    /// assert_eq!(x.gather::<1, _>(&index).to_vec(), [3.0, 3.0, 4.0, 5.0]);
    /// ```
    #[track_caller]
    pub fn gather<const A: isize, I>(&self, index: &I) -> Tensor<I::Shape, E, B>
    where
        I: IndexAlong<S, A, B>,
    {
        let (index, axis) = (index.index(), <I::Shape as Along<S, A>>::INDEX);
        fits(runtime::along("gather", self.dims(), B::dims(&index), axis));
        Tensor::typed(B::gather(&self.prim, axis, &index))
    }

    /// [`gather`](Self::gather), with an error where that panics. Waits for the index.
    ///
    /// # Errors
    /// [`DeviceError::Index`] if an index is not below the size of the axis, [`Error::Sizes`] if
    /// sizes known at run time differ, or what the device fails by.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
    /// let index: Tensor<s![2], i64> = Tensor::from_array([2, 3]);
    /// let error = x.try_gather::<0, _>(&index).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "gather: index 1 is 3, and there are 3, from 0 on"
    /// );
    /// ```
    pub fn try_gather<const A: isize, I>(&self, index: &I) -> Result<Tensor<I::Shape, E, B>, Error>
    where
        I: IndexAlong<S, A, B>,
    {
        let (prim, axis) = (index.index(), <I::Shape as Along<S, A>>::INDEX);
        runtime::along("gather", self.dims(), B::dims(&prim), axis)?;
        in_range::<B>("gather", &prim, self.dims()[axis])?;
        Ok(self.gather::<A, I>(index))
    }

    /// This tensor, with the elements of `source` where [`gather`](Self::gather) would read them:
    /// `y[.., index[.., i, ..], ..] = source[.., i, ..]`. Of elements with one place the last stays,
    /// and it alone has a gradient.
    ///
    /// # Panics
    /// As [`gather`](Self::gather).
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::zeros();
    /// let index: Tensor<s![3], i64> = Tensor::from_array([3, 1, 3]);
    /// let source: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 5.0]);
    /// assert_eq!(x.scatter::<0, _>(&index, &source).to_vec(), [0.0, 2.0, 0.0, 5.0]);
    /// ```
    #[track_caller]
    pub fn scatter<const A: isize, I>(&self, index: &I, source: &Tensor<I::Shape, E, B>) -> Self
    where
        I: IndexAlong<S, A, B>,
    {
        let (index, axis) = (index.index(), <I::Shape as Along<S, A>>::INDEX);
        fits(runtime::along(
            "scatter",
            self.dims(),
            B::dims(&index),
            axis,
        ));
        fits(runtime::equal("scatter", B::dims(&index), source.dims()));
        Tensor {
            shape: self.shape,
            prim: B::scatter(&self.prim, axis, &index, &source.prim),
        }
    }

    /// This tensor, and the elements of `source` added where [`gather`](Self::gather) would read
    /// them: `y[.., index[.., i, ..], ..] += source[.., i, ..]`.
    ///
    /// # Panics
    /// As [`gather`](Self::gather).
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::ones();
    /// let index: Tensor<s![3], i64> = Tensor::from_array([3, 1, 3]);
    /// let source: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 5.0]);
    /// assert_eq!(x.scatter_add::<0, _>(&index, &source).to_vec(), [1.0, 3.0, 1.0, 7.0]);
    /// ```
    #[track_caller]
    pub fn scatter_add<const A: isize, I>(&self, index: &I, source: &Tensor<I::Shape, E, B>) -> Self
    where
        E: Num,
        I: IndexAlong<S, A, B>,
    {
        let (index, axis) = (index.index(), <I::Shape as Along<S, A>>::INDEX);
        let (dims, op) = (self.dims(), "scatter_add");
        fits(runtime::along(op, dims, B::dims(&index), axis));
        fits(runtime::equal(op, B::dims(&index), source.dims()));
        self.plus(&B::scatter_add(dims, axis, &index, &source.prim))
    }

    /// The rows along axis `A` that the index names, one after the other: the axis gets the size of
    /// the index. The gradient goes to the rows named.
    ///
    /// # Panics
    /// If an index is not below the size of the axis. A device that would have to wait for the index
    /// says so at the next read. See [`try_index_select`](Self::try_index_select).
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![3, 2]> = Tensor::from_array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    /// let index: Tensor<s![2], i64> = Tensor::from_array([2, 0]);
    /// let rows: Tensor<s![2, 2]> = x.index_select::<0, _>(&index);
    /// assert_eq!(rows.to_vec(), [5.0, 6.0, 1.0, 2.0]);
    /// ```
    #[track_caller]
    pub fn index_select<const A: isize, I>(&self, index: &I) -> Tensor<S::Replaced<I::Len>, E, B>
    where
        S: HasAxis<A>,
        I: IndexVector<B>,
    {
        let index = repeated::<B>(&index.index(), self.dims(), S::INDEX);
        Tensor::typed(B::gather(&self.prim, S::INDEX, &index))
    }

    /// [`index_select`](Self::index_select), with an error where that panics. Waits for the index.
    ///
    /// # Errors
    /// [`DeviceError::Index`] if an index is not below the size of the axis, or what the device
    /// fails by.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![3, 2]> = Tensor::zeros();
    /// let index: Tensor<s![2], i64> = Tensor::from_array([-1, 0]);
    /// let error = x.try_index_select::<0, _>(&index).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "index_select: index 0 is -1, and there are 3, from 0 on"
    /// );
    /// ```
    pub fn try_index_select<const A: isize, I>(
        &self,
        index: &I,
    ) -> Result<Tensor<S::Replaced<I::Len>, E, B>, Error>
    where
        S: HasAxis<A>,
        I: IndexVector<B>,
    {
        in_range::<B>("index_select", &index.index(), self.dims()[S::INDEX])?;
        Ok(self.index_select::<A, I>(index))
    }

    /// This tensor, and the rows of `source` along axis `A` added to those that the index names.
    ///
    /// # Panics
    /// If an index is not below the size of the axis, or sizes known at run time differ. A device
    /// that would have to wait for the index says so at the next read.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![3, 2]> = Tensor::zeros();
    /// let index: Tensor<s![2], i64> = Tensor::from_array([2, 2]);
    /// let source: Tensor<s![2, 2]> = Tensor::from_array([[1.0, 2.0], [3.0, 4.0]]);
    /// let y = x.index_add::<0, _>(&index, &source);
    /// assert_eq!(y.to_vec(), [0.0, 0.0, 0.0, 0.0, 4.0, 6.0]);
    /// ```
    #[track_caller]
    pub fn index_add<const A: isize, I>(
        &self,
        index: &I,
        source: &Tensor<S::Replaced<I::Len>, E, B>,
    ) -> Self
    where
        E: Num,
        S: HasAxis<A>,
        I: IndexVector<B>,
    {
        let dims = self.dims();
        let index = repeated::<B>(&index.index(), dims, S::INDEX);
        fits(runtime::equal("index_add", B::dims(&index), source.dims()));
        self.plus(&B::scatter_add(dims, S::INDEX, &index, &source.prim))
    }

    fn plus(&self, other: &B::Prim<E>) -> Self
    where
        E: Num,
    {
        Tensor {
            shape: self.shape,
            prim: B::map(op::Add, [&self.prim, other]),
        }
    }
}
