//! Tensors of as many parts as an iterator gives.

use std::borrow::Borrow;

use super::{Tensor, fits};
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Dtype;
use crate::error::Error;
use crate::shape::runtime::{Dims, ShapeError, ShapeErrorKind};
use crate::shape::{Dyn, Extent, HasAxis, Insert, Shape, runtime};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// Tensors of one shape along a new axis `A`, however many. [`stack`](Self::stack) takes an
    /// array, whose length becomes the size.
    ///
    /// # Panics
    /// If sizes known at run time differ, or there is no tensor; see
    /// [`try_stack_all`](Self::try_stack_all).
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let rows: Vec<Tensor<s![3]>> = vec![Tensor::zeros(), Tensor::ones()];
    /// let x: Tensor<s![Dyn, 3]> = Tensor::stack_all::<0>(&rows);
    /// assert_eq!(x.dims(), [2, 3]);
    /// ```
    #[track_caller]
    pub fn stack_all<const A: isize>(
        parts: impl IntoIterator<Item = impl Borrow<Self>>,
    ) -> Tensor<S::Inserted<Dyn>, E, B>
    where
        S: Insert<A>,
    {
        fits(Self::stacked::<A>(parts))
    }

    /// [`stack_all`](Self::stack_all), with an error where that panics.
    ///
    /// # Errors
    /// [`Error::Sizes`] if sizes known at run time differ, or there is no tensor.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let rows = [2, 3].map(|n| Tensor::<s![Dyn]>::zeros_with((Dyn(n),)));
    /// let error = Tensor::try_stack_all::<0>(&rows).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "stack: axis 0 has 2 on the left and 3 on the right ((2,) and (3,))"
    /// );
    /// ```
    pub fn try_stack_all<const A: isize>(
        parts: impl IntoIterator<Item = impl Borrow<Self>>,
    ) -> Result<Tensor<S::Inserted<Dyn>, E, B>, Error>
    where
        S: Insert<A>,
    {
        Ok(Self::stacked::<A>(parts)?)
    }

    fn stacked<const A: isize>(
        parts: impl IntoIterator<Item = impl Borrow<Self>>,
    ) -> Result<Tensor<S::Inserted<Dyn>, E, B>, ShapeError>
    where
        S: Insert<A>,
    {
        let mut dims = Dims::new(&[]);
        let mut rows: Vec<B::Prim<E>> = Vec::new();
        for part in parts {
            let part: &Self = part.borrow();
            if rows.is_empty() {
                dims = Dims::new(part.dims());
            }
            runtime::equal("stack", &dims, part.dims())?;
            let mut row = part.dims().to_vec();
            row.insert(S::INDEX, 1);
            rows.push(B::reshape(&part.prim, &row));
        }
        Ok(Tensor::typed(joined::<E, B>("stack", &rows, S::INDEX)?))
    }

    /// Tensors one after the other along axis `A`, however many; the other sizes are equal.
    ///
    /// # Panics
    /// If sizes known at run time differ, or there is no tensor; see
    /// [`try_cat_all`](Self::try_cat_all).
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let parts: Vec<Tensor<s![Dyn, 3]>> = vec![
    ///     Tensor::zeros_with((Dyn(2), D)),
    ///     Tensor::ones_with((Dyn(5), D)),
    /// ];
    /// let x: Tensor<s![Dyn, 3]> = Tensor::cat_all::<0>(&parts);
    /// assert_eq!(x.dims(), [7, 3]);
    /// ```
    #[track_caller]
    pub fn cat_all<const A: isize>(
        parts: impl IntoIterator<Item = impl Borrow<Self>>,
    ) -> Tensor<S::Replaced<Dyn>, E, B>
    where
        S: HasAxis<A>,
    {
        fits(Self::joined_all::<A>(parts))
    }

    /// [`cat_all`](Self::cat_all), with an error where that panics.
    ///
    /// # Errors
    /// [`Error::Sizes`] if sizes known at run time differ, or there is no tensor.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let none: [Tensor<s![Dyn, 3]>; 0] = [];
    /// let error = Tensor::try_cat_all::<0>(&none).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "cat: no tensor to take the sizes and the device from"
    /// );
    /// ```
    pub fn try_cat_all<const A: isize>(
        parts: impl IntoIterator<Item = impl Borrow<Self>>,
    ) -> Result<Tensor<S::Replaced<Dyn>, E, B>, Error>
    where
        S: HasAxis<A>,
    {
        Ok(Self::joined_all::<A>(parts)?)
    }

    fn joined_all<const A: isize>(
        parts: impl IntoIterator<Item = impl Borrow<Self>>,
    ) -> Result<Tensor<S::Replaced<Dyn>, E, B>, ShapeError>
    where
        S: HasAxis<A>,
    {
        let mut all: Vec<B::Prim<E>> = Vec::new();
        for part in parts {
            let part: &Self = part.borrow();
            if let Some(first) = all.first() {
                runtime::concat(B::dims(first), part.dims(), S::INDEX)?;
            }
            all.push(part.prim.clone());
        }
        Ok(Tensor::typed(joined::<E, B>("cat", &all, S::INDEX)?))
    }
}

fn joined<E: Dtype, B: Backend>(
    op: &'static str,
    parts: &[B::Prim<E>],
    axis: usize,
) -> Result<B::Prim<E>, ShapeError> {
    if parts.is_empty() {
        return Err(ShapeError::new(op, &[], &[], ShapeErrorKind::NoOperand));
    }
    Ok(B::cat(&parts.iter().collect::<Vec<_>>(), axis))
}

macro_rules! collect {
    ($($axis:ident)*) => {
        /// The tensors along a new first axis.
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* E: Dtype, B: Backend> FromIterator<Tensor<($($axis,)*), E, B>>
            for Tensor<(Dyn, $($axis,)*), E, B>
        {
            /// # Panics
            /// If sizes known at run time differ, or there is no tensor: it has the sizes and the
            /// device.
            #[track_caller]
            fn from_iter<I: IntoIterator<Item = Tensor<($($axis,)*), E, B>>>(parts: I) -> Self {
                Tensor::stack_all::<0>(parts)
            }
        }
    };
}

collect!();
collect!(A);
collect!(A C);
collect!(A C F);
collect!(A C F G);
collect!(A C F G H);

impl<E: Dtype> FromIterator<E> for Tensor<(Dyn,), E, Cpu> {
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![Dyn]> = (0..3).map(|i| i as f32).collect();
    /// assert_eq!(x.to_vec(), [0.0, 1.0, 2.0]);
    /// ```
    fn from_iter<I: IntoIterator<Item = E>>(elements: I) -> Self {
        let elements: Vec<E> = elements.into_iter().collect();
        let shape = (Dyn(elements.len()),);
        Tensor::from_prim(shape, Cpu::from_vec(&Cpu, elements, shape.dims().as_ref()))
    }
}
