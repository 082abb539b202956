//! The same elements under another shape.

use super::{Tensor, fits};
use crate::backend::{Backend, transposed};
use crate::dtype::Dtype;
use crate::error::{Error, sizes};
use crate::shape::runtime::ShapeError;
use crate::shape::{
    ExpandTo, Flatten, HasAxis, LoosenTo, Narrow, NarrowAs, Permute, Reshape, Shape, Squeeze,
    StaticShape, SwapAxes, TransposeLast, Unsqueeze, View, runtime,
};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    fn with_dims<S2: Shape>(&self, dims: &[usize]) -> Tensor<S2, E, B> {
        Tensor::typed(B::reshape(&self.prim, dims))
    }

    /// The same elements in the same order under a shape of as many. Any sizes will do; the
    /// numbers of elements are compared when the program is built, not by `cargo check`:
    /// [`view`](Self::view) is checked while you type, where the sizes are within the compiler's
    /// table.
    ///
    /// Copies only if the elements do not lie in order.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![512, 7, 7]> = Tensor::zeros();
    /// let y = x.reshape::<s![25088]>();
    /// assert_eq!(y.dims(), [25088]);
    /// ```
    pub fn reshape<S2>(&self) -> Tensor<S2, E, B>
    where
        S: Reshape<S2>,
        S2: StaticShape,
    {
        const { <S as Reshape<S2>>::CHECK };
        let dims = S2::SHAPE.dims();
        fits(runtime::reshape(self.dims(), dims.as_ref()));
        self.with_dims(dims.as_ref())
    }

    /// [`reshape`](Self::reshape) with sizes that are known at run time.
    ///
    /// # Panics
    /// If the numbers of elements differ; see [`try_reshape_with`](Self::try_reshape_with).
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![Dyn, 4]> = Tensor::zeros_with((Dyn(6), D));
    /// let y = x.reshape_with((Dyn(12), D::<2>));
    /// assert_eq!(y.dims(), [12, 2]);
    /// ```
    #[track_caller]
    pub fn reshape_with<S2>(&self, shape: S2) -> Tensor<S2, E, B>
    where
        S: Reshape<S2>,
        S2: Shape,
    {
        // Here, so that the message shows the line of the call.
        const { <S as Reshape<S2>>::CHECK };
        fits(self.reshaped(shape))
    }

    /// [`reshape_with`](Self::reshape_with), with an error where that panics.
    ///
    /// # Errors
    /// [`Error::Sizes`] if the numbers of elements differ.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![Dyn, 4]> = Tensor::zeros_with((Dyn(6), D));
    /// let error = x.try_reshape_with((Dyn(5), D::<5>)).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "reshape: (6, 4) has 24 elements, (5, 5) has 25"
    /// );
    /// ```
    pub fn try_reshape_with<S2>(&self, shape: S2) -> Result<Tensor<S2, E, B>, Error>
    where
        S: Reshape<S2>,
        S2: Shape,
    {
        const { <S as Reshape<S2>>::CHECK };
        Ok(self.reshaped(shape)?)
    }

    fn reshaped<S2>(&self, shape: S2) -> Result<Tensor<S2, E, B>, ShapeError>
    where
        S: Reshape<S2>,
        S2: Shape,
    {
        let dims = shape.dims();
        runtime::reshape(self.dims(), dims.as_ref())?;
        Ok(self.with_dims(dims.as_ref()))
    }

    /// The same elements in the same order under a shape of as many, checked by bounds: sizes
    /// are within the compiler's table.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 6]> = Tensor::zeros();
    /// let y: Tensor<s![3, 4]> = x.view();
    /// ```
    pub fn view<S2>(&self) -> Tensor<S2, E, B>
    where
        S: View<S2>,
        S2: StaticShape,
    {
        self.with_dims(S2::SHAPE.dims().as_ref())
    }

    /// Axes `A` to `Z` merged into one; -1 is the last.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// fn features<N: Dim>(x: &Tensor<s![N, 16, 5, 5]>) -> Tensor<s![N, 400]> {
    ///     x.flatten::<1, -1>()
    /// }
    /// ```
    pub fn flatten<const A: isize, const Z: isize>(&self) -> Tensor<S::Out, E, B>
    where
        S: Flatten<A, Z>,
    {
        let (first, last) = (<S as HasAxis<A>>::INDEX, <S as HasAxis<Z>>::INDEX);
        self.with_dims(&fits(runtime::flatten(self.dims(), first, last)))
    }

    /// The axes in another order: `x.permute::<axes![0, 2, 1]>()`.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let image: Tensor<s![28, 24, 3]> = Tensor::zeros();
    /// let chw: Tensor<s![3, 28, 24]> = image.permute::<axes![2, 0, 1]>();
    /// ```
    pub fn permute<L>(&self) -> Tensor<<S as Permute<L>>::Out, E, B>
    where
        S: Permute<L>,
    {
        Tensor::typed(B::permute(&self.prim, <S as Permute<L>>::ORDER))
    }

    /// The last two axes in each other's place.
    pub fn t<S2>(&self) -> Tensor<S2, E, B>
    where
        S: TransposeLast<S2>,
        S2: Shape,
    {
        Tensor::typed(transposed::<E, B>(&self.prim))
    }

    /// Two axes in each other's place.
    pub fn transpose<const A: isize, const Z: isize>(
        &self,
    ) -> Tensor<<S as SwapAxes<A, Z>>::Out, E, B>
    where
        S: SwapAxes<A, Z>,
    {
        let mut order: Vec<usize> = (0..S::RANK).collect();
        order.swap(<S as HasAxis<A>>::INDEX, <S as HasAxis<Z>>::INDEX);
        Tensor::typed(B::permute(&self.prim, &order))
    }

    /// A broadcast axis put in at `A`.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let scale: Tensor<s![2]> = Tensor::from_array([1.0, 10.0]);
    /// let x: Tensor<s![2, 3]> = Tensor::ones();
    /// let y = x * scale.unsqueeze::<1>();
    /// assert_eq!(y.to_vec(), [1.0, 1.0, 1.0, 10.0, 10.0, 10.0]);
    /// ```
    pub fn unsqueeze<const A: isize>(&self) -> Tensor<<S as Unsqueeze<A>>::Out, E, B>
    where
        S: Unsqueeze<A>,
    {
        let mut dims = self.dims().to_vec();
        let at = if A < 0 { A + S::RANK as isize + 1 } else { A };
        dims.insert(at as usize, 1);
        self.with_dims(&dims)
    }

    /// An axis of size 1 taken out.
    pub fn squeeze<const A: isize>(&self) -> Tensor<<S as Squeeze<A>>::Out, E, B>
    where
        S: Squeeze<A>,
    {
        let mut dims = self.dims().to_vec();
        dims.remove(<S as HasAxis<A>>::INDEX);
        self.with_dims(&dims)
    }

    /// Repeated along broadcast axes and new leading ones. One copy of the elements serves all.
    pub fn expand<S2>(&self) -> Tensor<S2, E, B>
    where
        S: ExpandTo<S2>,
        S2: StaticShape,
    {
        self.expand_with(S2::SHAPE)
    }

    /// [`expand`](Self::expand) with sizes that are known at run time.
    ///
    /// # Panics
    /// If sizes known at run time differ; see [`try_expand_with`](Self::try_expand_with).
    #[track_caller]
    pub fn expand_with<S2>(&self, shape: S2) -> Tensor<S2, E, B>
    where
        S: ExpandTo<S2>,
        S2: Shape,
    {
        fits(self.expanded(shape))
    }

    /// [`expand_with`](Self::expand_with), with an error where that panics.
    ///
    /// # Errors
    /// [`Error::Sizes`] if sizes known at run time differ, or make more elements than can be
    /// counted.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![Dyn]> = Tensor::zeros_with((Dyn(4),));
    /// assert_eq!(x.try_expand_with((Dyn(2), Dyn(4)))?.dims(), [2, 4]);
    /// let error = x.try_expand_with((Dyn(2), Dyn(5))).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "expand: axis 1 has 4 on the left and 5 on the right ((4,) and (2, 5))"
    /// );
    /// # Ok::<(), volta::Error>(())
    /// ```
    pub fn try_expand_with<S2>(&self, shape: S2) -> Result<Tensor<S2, E, B>, Error>
    where
        S: ExpandTo<S2>,
        S2: Shape,
    {
        Ok(self.expanded(shape)?)
    }

    fn expanded<S2>(&self, shape: S2) -> Result<Tensor<S2, E, B>, ShapeError>
    where
        S: ExpandTo<S2>,
        S2: Shape,
    {
        let dims = shape.dims();
        let sides = ((self.dims(), S::ONES), (dims.as_ref(), S2::ONES));
        runtime::broadcast_typed("expand", sides.0, sides.1)?;
        runtime::countable("expand", dims.as_ref())?;
        Ok(Tensor::from_prim(
            shape,
            B::expand(&self.prim, dims.as_ref()),
        ))
    }

    /// `LEN` positions of axis `A`, from `START` on.
    ///
    /// # Panics
    /// If the axis has a size known at run time and is shorter.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![5]> = Tensor::arange(0.0, 1.0);
    /// assert_eq!(x.narrow::<0, 1, 3>().to_vec(), [1.0, 2.0, 3.0]);
    /// ```
    #[track_caller]
    pub fn narrow<const A: isize, const START: usize, const LEN: usize>(
        &self,
    ) -> Tensor<<S as Narrow<A, START, LEN>>::Out, E, B>
    where
        S: Narrow<A, START, LEN>,
    {
        fits(runtime::narrow(self.dims(), S::INDEX, START, LEN));
        Tensor::typed(B::narrow(&self.prim, S::INDEX, START, LEN))
    }

    /// [`narrow`](Self::narrow) for axes of any size: the range is checked when the program is
    /// built, not by `cargo check`.
    ///
    /// # Panics
    /// If the axis has a size known at run time and is shorter.
    #[track_caller]
    pub fn narrow_as<const A: isize, const START: usize, const LEN: usize>(
        &self,
    ) -> Tensor<<S as NarrowAs<A, START, LEN>>::Out, E, B>
    where
        S: NarrowAs<A, START, LEN>,
    {
        const { <S as NarrowAs<A, START, LEN>>::CHECK };
        fits(runtime::narrow(self.dims(), S::INDEX, START, LEN));
        Tensor::typed(B::narrow(&self.prim, S::INDEX, START, LEN))
    }

    /// `len` positions of axis `A`, from `start` on, both known at run time: the axis becomes
    /// [`Dyn`](crate::shape::Dyn).
    ///
    /// # Panics
    /// If the axis is shorter; see [`try_slice`](Self::try_slice).
    #[track_caller]
    pub fn slice<const A: isize>(
        &self,
        range: std::ops::Range<usize>,
    ) -> Tensor<S::Replaced<crate::shape::Dyn>, E, B>
    where
        S: HasAxis<A>,
    {
        fits(self.sliced::<A>(range))
    }

    /// [`slice`](Self::slice), with an error where that panics.
    ///
    /// # Errors
    /// [`Error::Sizes`] if the axis is shorter.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![5, 2]> = Tensor::zeros();
    /// assert_eq!(x.try_slice::<0>(2..5)?.dims(), [3, 2]);
    /// let error = x.try_slice::<0>(2..6).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "narrow: 2..6 reaches beyond axis 0 of (5, 2), which has 5"
    /// );
    /// # Ok::<(), volta::Error>(())
    /// ```
    pub fn try_slice<const A: isize>(
        &self,
        range: std::ops::Range<usize>,
    ) -> Result<Tensor<S::Replaced<crate::shape::Dyn>, E, B>, Error>
    where
        S: HasAxis<A>,
    {
        Ok(self.sliced::<A>(range)?)
    }

    fn sliced<const A: isize>(
        &self,
        range: std::ops::Range<usize>,
    ) -> Result<Tensor<S::Replaced<crate::shape::Dyn>, E, B>, ShapeError>
    where
        S: HasAxis<A>,
    {
        let len = range.end.saturating_sub(range.start);
        runtime::narrow(self.dims(), S::INDEX, range.start, len)?;
        Ok(Tensor::typed(B::narrow(
            &self.prim,
            S::INDEX,
            range.start,
            len,
        )))
    }

    /// With sizes known at run time where the type fixed them. Cannot fail.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![32, 784]> = Tensor::zeros();
    /// let y: Tensor<s![Dyn, 784]> = x.loosen();
    /// assert_eq!(y.shape().0, Dyn(32));
    /// ```
    pub fn loosen<S2>(&self) -> Tensor<S2, E, B>
    where
        S: LoosenTo<S2>,
        S2: Shape,
    {
        Tensor::typed(self.prim.clone())
    }

    /// With sizes fixed by the type, if they are those.
    ///
    /// # Errors
    /// [`Error::Shape`] if they are others.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![Dyn, 784]> = Tensor::zeros_with((Dyn(32), D));
    /// let fixed: Tensor<s![32, 784]> = x.try_fix()?;
    /// let error = x.try_fix::<s![16, 784]>().unwrap_err();
    /// assert_eq!(error.to_string(), "a tensor of shape [32, 784] is no [16, 784]");
    /// # Ok::<(), volta::Error>(())
    /// ```
    pub fn try_fix<S2: Shape>(&self) -> Result<Tensor<S2, E, B>, Error> {
        match S2::from_dims(self.dims()) {
            Some(shape) => Ok(Tensor::from_prim(shape, self.prim.clone())),
            None => Err(Error::Shape {
                found: self.dims().to_vec(),
                wanted: sizes::<S2>(),
            }),
        }
    }
}
