//! Elementwise functions on tensors: what `#[elementwise]` and `fuse!` call.

use std::marker::PhantomData;

use super::{Tensor, fits};
use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Num, SameDtype};
use crate::ops::function::{Elementwise, Predicate};
use crate::shape::{Broadcast, ExpandTo, Shape, runtime};

/// The inputs of a function, broadcast together to the shape `S` on the backend `B`.
pub struct Inputs<S: Shape, E: Dtype, B: Backend> {
    /// The function's name.
    name: &'static str,
    prims: Vec<B::Prim<E>>,
    dims: runtime::Dims,
    shape: PhantomData<S>,
}

/// The first input of the function `name`.
#[inline]
pub fn inputs<S: Shape, E: Dtype, B: Backend>(
    name: &'static str,
    x: &Tensor<S, E, B>,
) -> Inputs<S, E, B> {
    Inputs {
        name,
        prims: vec![x.prim.clone()],
        dims: runtime::Dims::from(x.dims()),
        shape: PhantomData,
    }
}

impl<S: Shape, E: Dtype, B: Backend> Inputs<S, E, B> {
    /// Another input.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[inline]
    #[track_caller]
    pub fn and<R, B2>(self, x: &Tensor<R, E, B2>) -> Inputs<S::Out, E, B::Out>
    where
        S: Broadcast<R>,
        R: Shape,
        B: Meet<B2>,
        B2: Backend,
    {
        self.join(x)
    }

    /// All of the common sizes.
    fn expanded<const N: usize>(self) -> [B::Prim<E>; N] {
        let dims = &self.dims[..];
        let mut prims = self.prims.into_iter().map(|x| match B::dims(&x) == dims {
            true => x,
            false => B::expand(&x, dims),
        });
        std::array::from_fn(|_| prims.next().expect("as many as the function has inputs"))
    }

    /// The outputs of a function of numbers.
    #[inline]
    pub fn map<Op, const N: usize, const M: usize>(self, op: Op) -> [Tensor<S, E, B>; M]
    where
        Op: Elementwise<E, N, M>,
        E: Num,
    {
        let prims: [B::Prim<E>; N] = self.expanded();
        B::map_many(op, prims.each_ref()).map(Tensor::typed)
    }

    /// The outcome of a function that says yes or no.
    #[inline]
    pub fn test<Op, const N: usize>(self, op: Op) -> Tensor<S, bool, B>
    where
        Op: Predicate<E, N>,
    {
        let prims: [B::Prim<E>; N] = self.expanded();
        Tensor::typed(B::test(op, prims.each_ref()))
    }
}

/// What takes `X` as another input.
pub trait Joins<X> {
    /// With that input.
    type Out;
    #[doc(hidden)]
    #[track_caller]
    fn join(self, x: &X) -> Self::Out;
}

/// The inputs with another one. That one comes first, and what it joins may be either of two: so
/// its element type is not taken to be theirs, and if they differ that is reported as such.
///
/// # Panics
/// If sizes known at run time differ.
#[inline]
#[track_caller]
pub fn and<X, I: Joins<X, Out = O>, O>(x: &X, inputs: I) -> O {
    inputs.join(x)
}

impl<S, E, B, R, F, B2> Joins<Tensor<R, F, B2>> for Inputs<S, E, B>
where
    S: Shape + Broadcast<R>,
    E: SameDtype<F>,
    B: Backend + Meet<B2>,
    R: Shape,
    F: Dtype,
    B2: Backend,
{
    type Out = Inputs<<S as Broadcast<R>>::Out, E, <B as Meet<B2>>::Out>;

    #[inline]
    #[track_caller]
    fn join(self, x: &Tensor<R, F, B2>) -> Self::Out {
        let sides = ((&self.dims[..], S::ONES), (x.dims(), R::ONES));
        let dims = fits(runtime::broadcast_typed(self.name, sides.0, sides.1));
        let mut prims: Vec<_> = self.prims.iter().map(B::left).collect();
        prims.push(B::right(E::same::<B2>(&x.prim)));
        Inputs {
            name: self.name,
            prims,
            dims,
            shape: PhantomData,
        }
    }
}

type Joined<S, R> = <S as Broadcast<R>>::Out;
type Met<B, B2> = <B as Meet<B2>>::Out;

macro_rules! functions {
    ($($apply:ident $test:ident [$x0:ident $S0:ident $B0:ident] $([$x:ident $S:ident $B:ident])*
        -> $Out:ty, $Met:ty where { $($bounds:tt)* };)*) => {$(
        /// The outputs of a function of numbers.
        #[inline]
        #[track_caller]
        pub fn $apply<Op, E, $S0, $B0, $($S, $B,)* const N: usize, const M: usize>(
            op: Op,
            $x0: &Tensor<$S0, E, $B0>,
            $($x: &Tensor<$S, E, $B>,)*
        ) -> [Tensor<$Out, E, $Met>; M]
        where
            Op: Elementwise<E, N, M>,
            E: Num,
            $S0: Shape,
            $B0: Backend,
            $($S: Shape, $B: Backend,)*
            $($bounds)*
        {
            inputs(Op::NAME, $x0)$(.and($x))*.map(op)
        }

        /// The outcome of a function that says yes or no.
        #[inline]
        #[track_caller]
        pub fn $test<Op, E, $S0, $B0, $($S, $B,)* const N: usize>(
            op: Op,
            $x0: &Tensor<$S0, E, $B0>,
            $($x: &Tensor<$S, E, $B>,)*
        ) -> Tensor<$Out, bool, $Met>
        where
            Op: Predicate<E, N>,
            E: Dtype,
            $S0: Shape,
            $B0: Backend,
            $($S: Shape, $B: Backend,)*
            $($bounds)*
        {
            inputs(Op::NAME, $x0)$(.and($x))*.test(op)
        }
    )*};
}
functions! {
    apply1 test1 [x0 S0 B0]
        -> S0, B0 where {  };
    apply2 test2 [x0 S0 B0] [x1 S1 B1]
        -> Joined<S0, S1>, Met<B0, B1> where { S0: Broadcast<S1>, B0: Meet<B1> };
    apply3 test3 [x0 S0 B0] [x1 S1 B1] [x2 S2 B2]
        -> Joined<Joined<S0, S1>, S2>, Met<Met<B0, B1>, B2> where { S0: Broadcast<S1>, B0: Meet<B1>, Joined<S0, S1>: Broadcast<S2>, Met<B0, B1>: Meet<B2> };
    apply4 test4 [x0 S0 B0] [x1 S1 B1] [x2 S2 B2] [x3 S3 B3]
        -> Joined<Joined<Joined<S0, S1>, S2>, S3>, Met<Met<Met<B0, B1>, B2>, B3> where { S0: Broadcast<S1>, B0: Meet<B1>, Joined<S0, S1>: Broadcast<S2>, Met<B0, B1>: Meet<B2>, Joined<Joined<S0, S1>, S2>: Broadcast<S3>, Met<Met<B0, B1>, B2>: Meet<B3> };
    apply5 test5 [x0 S0 B0] [x1 S1 B1] [x2 S2 B2] [x3 S3 B3] [x4 S4 B4]
        -> Joined<Joined<Joined<Joined<S0, S1>, S2>, S3>, S4>, Met<Met<Met<Met<B0, B1>, B2>, B3>, B4> where { S0: Broadcast<S1>, B0: Meet<B1>, Joined<S0, S1>: Broadcast<S2>, Met<B0, B1>: Meet<B2>, Joined<Joined<S0, S1>, S2>: Broadcast<S3>, Met<Met<B0, B1>, B2>: Meet<B3>, Joined<Joined<Joined<S0, S1>, S2>, S3>: Broadcast<S4>, Met<Met<Met<B0, B1>, B2>, B3>: Meet<B4> };
    apply6 test6 [x0 S0 B0] [x1 S1 B1] [x2 S2 B2] [x3 S3 B3] [x4 S4 B4] [x5 S5 B5]
        -> Joined<Joined<Joined<Joined<Joined<S0, S1>, S2>, S3>, S4>, S5>, Met<Met<Met<Met<Met<B0, B1>, B2>, B3>, B4>, B5> where { S0: Broadcast<S1>, B0: Meet<B1>, Joined<S0, S1>: Broadcast<S2>, Met<B0, B1>: Meet<B2>, Joined<Joined<S0, S1>, S2>: Broadcast<S3>, Met<Met<B0, B1>, B2>: Meet<B3>, Joined<Joined<Joined<S0, S1>, S2>, S3>: Broadcast<S4>, Met<Met<Met<B0, B1>, B2>, B3>: Meet<B4>, Joined<Joined<Joined<Joined<S0, S1>, S2>, S3>, S4>: Broadcast<S5>, Met<Met<Met<Met<B0, B1>, B2>, B3>, B4>: Meet<B5> };
}

/// Inputs of a function whose first outputs take the place of its first inputs.
pub struct InPlace<'a, S: Shape, E: Dtype, B: Backend, const T: usize> {
    name: &'static str,
    targets: [&'a mut Tensor<S, E, B>; T],
    others: Vec<B::Prim<E>>,
}

/// The inputs that are written to, of equal shapes.
///
/// # Panics
/// If sizes known at run time differ.
#[inline]
#[track_caller]
pub fn in_place<'a, S: Shape, E: Dtype, B: Backend, const T: usize>(
    name: &'static str,
    targets: [&'a mut Tensor<S, E, B>; T],
) -> InPlace<'a, S, E, B, T> {
    for target in &targets[1..] {
        let sides = ((targets[0].dims(), S::ONES), (target.dims(), S::ONES));
        fits(runtime::broadcast_typed(name, sides.0, sides.1));
    }
    InPlace {
        name,
        targets,
        others: Vec::new(),
    }
}

/// The other input broadcasts to the shape of those that are written to.
impl<S, E, B, R, F, B2, const T: usize> Joins<Tensor<R, F, B2>> for InPlace<'_, S, E, B, T>
where
    S: Shape,
    E: SameDtype<F>,
    B: Backend + Meet<B2, Out = B>,
    R: Shape + ExpandTo<S>,
    F: Dtype,
    B2: Backend,
{
    type Out = Self;

    #[inline]
    #[track_caller]
    fn join(mut self, x: &Tensor<R, F, B2>) -> Self {
        let dims = self.targets[0].dims();
        let sides = ((dims, S::ONES), (x.dims(), R::ONES));
        fits(runtime::broadcast_typed(self.name, sides.0, sides.1));
        let x = B::right(E::same::<B2>(&x.prim));
        self.others.push(B::expand(&x, dims));
        self
    }
}

impl<S: Shape, E: Num, B: Backend, const T: usize> InPlace<'_, S, E, B, T> {
    /// Writes the outputs; gives those beyond the targets.
    #[inline]
    pub fn map<Op, const N: usize, const M: usize, const K: usize>(
        self,
        op: Op,
    ) -> [Tensor<S, E, B>; K]
    where
        Op: Elementwise<E, N, M>,
    {
        let shape = self.targets[0].shape;
        let others: Vec<_> = self.others.iter().collect();
        let mut targets = self.targets.map(|x| &mut x.prim);
        let mut outputs = B::map_in_place(op, &mut targets, &others).into_iter();
        std::array::from_fn(|_| Tensor {
            shape,
            prim: outputs.next().expect("as many as the function has outputs"),
        })
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    #[doc(hidden)]
    #[inline]
    pub fn __operand(&self) -> &Self {
        self
    }

    #[doc(hidden)]
    #[inline]
    pub fn __operand_mut(&mut self) -> &mut Self {
        self
    }
}

/// A number that `fuse!` takes from the scope.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that `fuse!` can take from the scope",
    label = "a number is expected here",
    note = "a tensor is named between the bars: `fuse!(|x, w| x * w)`"
)]
pub trait Captured {
    #[doc(hidden)]
    fn number(self) -> f64;
}

/// The method of a tensor that `fuse!` calls, for numbers: so that one between the bars is reported as
/// such.
pub trait NumberOperand {
    #[doc(hidden)]
    fn __operand(&self) -> &Self::Tensor
    where
        Self: BetweenBars,
    {
        unreachable!("a number is no tensor")
    }
}

/// What `fuse!` names between the bars. No number is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a number, and `fuse!` names tensors between the bars",
    label = "a tensor is expected here",
    note = "numbers come from the scope: leave this one out between the bars"
)]
pub trait BetweenBars {
    #[doc(hidden)]
    type Tensor;
}

macro_rules! captured {
    ($($T:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl NumberOperand for $T {}

        #[diagnostic::do_not_recommend]
        impl Captured for $T {
            #[inline]
            fn number(self) -> f64 {
                self as f64
            }
        }
    )*};
}
captured!(f32 f64 i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

#[diagnostic::do_not_recommend]
impl<T: Captured + Copy> Captured for &T {
    #[inline]
    fn number(self) -> f64 {
        (*self).number()
    }
}
