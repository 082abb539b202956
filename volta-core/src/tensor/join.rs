//! Tensors put together.

use super::{Tensor, fits};
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::shape::{AppendTo, Shape, Stack, runtime};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// This tensor, and after it another along axis `A`; the other sizes are equal.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let a: Tensor<s![2, 3]> = Tensor::zeros();
    /// let b: Tensor<s![2, 5]> = Tensor::ones();
    /// let c: Tensor<s![2, 8]> = a.cat::<1, _>(&b);
    /// ```
    #[track_caller]
    pub fn cat<const A: isize, R>(
        &self,
        other: &Tensor<R, E, B>,
    ) -> Tensor<<R as AppendTo<S, A>>::Out, E, B>
    where
        R: AppendTo<S, A>,
    {
        fits(runtime::concat(self.dims(), other.dims(), R::INDEX));
        Tensor::typed(B::cat(&[&self.prim, &other.prim], R::INDEX))
    }

    /// Tensors of one shape along a new axis `A`.
    ///
    /// # Panics
    /// If sizes known at run time differ, or there is no tensor.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let row: Tensor<s![3]> = Tensor::ones();
    /// let x: Tensor<s![2, 3]> = Tensor::stack::<0, 2>([&row, &row]);
    /// ```
    #[track_caller]
    pub fn stack<const A: isize, const N: usize>(
        parts: [&Tensor<S, E, B>; N],
    ) -> Tensor<<S as Stack<A, N>>::Out, E, B>
    where
        S: Stack<A, N>,
    {
        const { assert!(N > 0, "stack: no tensor to take the sizes from") };
        let mut dims = parts[0].dims().to_vec();
        let axis = if A < 0 {
            (A + S::RANK as isize + 1) as usize
        } else {
            A as usize
        };
        dims.insert(axis, 1);
        let rows = parts.map(|part| {
            fits(runtime::equal("stack", parts[0].dims(), part.dims()));
            B::reshape(&part.prim, &dims)
        });
        Tensor::typed(B::cat(&rows.each_ref(), axis))
    }
}
