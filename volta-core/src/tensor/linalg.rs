//! Products of matrices and vectors.

use super::{Tensor, fits};
use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Num};
use crate::ops::elementwise as op;
use crate::shape::runtime::{self, Dims};
use crate::shape::{Dot, MatMul, Outer, Shape};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The product with a matrix, a vector or a batch of matrices: `[.., M, K] x [.., K, N]` is
    /// `[.., M, N]`; the axes in front broadcast. A vector is a row on the left and a column on the
    /// right, without that axis in the result.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let a: Tensor<s![8, 2, 3]> = Tensor::ones();
    /// let b: Tensor<s![3, 4]> = Tensor::ones();
    /// let y: Tensor<s![8, 2, 4]> = a.matmul(&b);
    /// assert_eq!(y[[7, 1, 3]], 3.0);
    /// ```
    #[track_caller]
    pub fn matmul<R, B2>(&self, other: &Tensor<R, E, B2>) -> Tensor<S::Out, E, B::Out>
    where
        E: Num,
        S: MatMul<R>,
        R: Shape,
        B: Meet<B2>,
        B2: Backend,
    {
        let sides = ((self.dims(), S::ONES), (other.dims(), R::ONES));
        let dims = fits(runtime::matmul_typed(sides.0, sides.1));
        Tensor::typed(B::both(&self.prim, &other.prim, |a, b| {
            product::<E, B::Out>(a, b, &dims)
        }))
    }

    /// The dot product of two vectors of one size, `sum(a * b)`.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let a: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
    /// assert_eq!(a.dot(&a).item(), 14.0);
    /// ```
    #[track_caller]
    pub fn dot<R, B2>(&self, other: &Tensor<R, E, B2>) -> Tensor<(), E, B::Out>
    where
        E: Num,
        R: Dot<S>,
        B: Meet<B2>,
        B2: Backend,
    {
        fits(runtime::equal("dot", self.dims(), other.dims()));
        Tensor::typed(B::both(&self.prim, &other.prim, |a, b| {
            product::<E, B::Out>(a, b, &[])
        }))
    }

    /// The products of all pairs of elements of two vectors: `[M]` and `[N]` give `[M, N]`.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let a: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
    /// let b: Tensor<s![3]> = Tensor::from_array([3.0, 4.0, 5.0]);
    /// let y: Tensor<s![2, 3]> = a.outer(&b);
    /// assert_eq!(y.to_vec(), [3.0, 4.0, 5.0, 6.0, 8.0, 10.0]);
    /// ```
    pub fn outer<R, S2, B2>(&self, other: &Tensor<R, E, B2>) -> Tensor<S2, E, B::Out>
    where
        E: Num,
        R: Outer<S, S2>,
        S2: Shape,
        B: Meet<B2>,
        B2: Backend,
    {
        let (m, n) = (self.numel(), other.numel());
        let (a, b) = (B::left(&self.prim), B::right(&other.prim));
        let a = B::Out::reshape(&a, &[m, 1]);
        let [a, b] = [&a, &b].map(|x| B::Out::expand(x, &[m, n]));
        Tensor::typed(B::Out::map(op::Mul, [&a, &b]))
    }
}

/// The product as the typed layer defines it, from one of equally many matrices.
fn product<E: Num, B: Backend>(a: &B::Prim<E>, b: &B::Prim<E>, dims: &[usize]) -> B::Prim<E> {
    // A vector becomes a matrix of one row, or of one column.
    if let [k] = *B::dims(a) {
        return product::<E, B>(&B::reshape(a, &[1, k]), b, dims);
    }
    if let [k] = *B::dims(b) {
        return product::<E, B>(a, &B::reshape(b, &[k, 1]), dims);
    }
    let (a_dims, b_dims) = (B::dims(a), B::dims(b));
    let (m, k) = (a_dims[a_dims.len() - 2], a_dims[a_dims.len() - 1]);
    let n = b_dims[b_dims.len() - 1];
    let out = if a_dims.len() == 2 && b_dims.len() == 2 {
        B::matmul(a, b)
    } else if b_dims.len() == 2 {
        // One matrix for the whole batch: its rows are rows of one product.
        let rows = a_dims[..a_dims.len() - 1].iter().product();
        B::matmul(&B::reshape(a, &[rows, k]), b)
    } else {
        let batch = batch_dims(a_dims, b_dims);
        let with = |matrix: [usize; 2]| -> Dims { batch.iter().copied().chain(matrix).collect() };
        B::matmul(
            &expand::<E, B>(a, &with([m, k])),
            &expand::<E, B>(b, &with([k, n])),
        )
    };
    match B::dims(&out) == dims {
        true => out,
        false => B::reshape(&out, dims),
    }
}

fn batch_dims(a: &[usize], b: &[usize]) -> Dims {
    let (a, b) = (&a[..a.len() - 2], &b[..b.len() - 2]);
    let rank = a.len().max(b.len());
    let at = |x: &[usize], axis: usize| (axis + x.len()).checked_sub(rank).map_or(1, |i| x[i]);
    (0..rank)
        .map(|axis| match (at(a, axis), at(b, axis)) {
            (1, size) | (size, _) => size,
        })
        .collect()
}

fn expand<E: Dtype, B: Backend>(x: &B::Prim<E>, dims: &[usize]) -> B::Prim<E> {
    if B::dims(x) == dims {
        x.clone()
    } else {
        B::expand(x, dims)
    }
}
