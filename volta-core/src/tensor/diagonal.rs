//! Diagonals and triangles of matrices.

use super::Tensor;
use crate::backend::{Backend, Reduce};
use crate::dtype::{Dtype, Num};
use crate::ops::elementwise as op;
use crate::shape::{DiagEmbed, DiagEmbedAt, Diagonal, DiagonalAt, Matrices, Shape, Trace};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The diagonals of the matrices in the last two axes, as the last axis.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// let d: Tensor<s![2]> = x.diagonal();
    /// assert_eq!(d.to_vec(), [1.0, 5.0]);
    /// ```
    pub fn diagonal<S2>(&self) -> Tensor<S2, E, B>
    where
        S: Diagonal<S2>,
        S2: Shape,
    {
        Tensor::typed(diagonal::<E, B>(&self.prim, 0))
    }

    /// The diagonals `offset` places above the main one, or below it where negative. Beyond the
    /// matrices they are empty.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.diagonal_at(1).to_vec(), [2.0, 6.0]);
    /// assert_eq!(x.diagonal_at(-1).to_vec(), [4.0]);
    /// ```
    pub fn diagonal_at<S2>(&self, offset: isize) -> Tensor<S2, E, B>
    where
        S: DiagonalAt<S2>,
        S2: Shape,
    {
        Tensor::typed(diagonal::<E, B>(&self.prim, offset))
    }

    /// Matrices with the last axis on their diagonals, and 0 elsewhere.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
    /// let y: Tensor<s![2, 2]> = x.diag_embed();
    /// assert_eq!(y.to_vec(), [1.0, 0.0, 0.0, 2.0]);
    /// ```
    pub fn diag_embed<S2>(&self) -> Tensor<S2, E, B>
    where
        S: DiagEmbed<S2>,
        S2: Shape,
    {
        Tensor::typed(diag_embed::<E, B>(&self.prim, 0))
    }

    /// [`diag_embed`](Self::diag_embed) with the last axis `offset` places above the main diagonal,
    /// or below it where negative. The matrices are larger by as much.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![1]> = Tensor::from_array([3.0]);
    /// assert_eq!(x.diag_embed_at(1).to_vec(), [0.0, 3.0, 0.0, 0.0]);
    /// ```
    pub fn diag_embed_at<S2>(&self, offset: isize) -> Tensor<S2, E, B>
    where
        S: DiagEmbedAt<S2>,
        S2: Shape,
    {
        Tensor::typed(diag_embed::<E, B>(&self.prim, offset))
    }

    /// The matrices in the last two axes with 0 above the diagonal `k`: 0 is the main diagonal,
    /// 1 the one above it, -1 the one below.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![3, 3]> = Tensor::ones();
    /// assert_eq!(x.tril(0).to_vec(), [1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0]);
    /// ```
    pub fn tril(&self, k: isize) -> Self
    where
        S: Matrices,
    {
        self.triangle(k, true)
    }

    /// The matrices in the last two axes with 0 below the diagonal `k`: 0 is the main diagonal,
    /// 1 the one above it, -1 the one below.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![3, 3]> = Tensor::ones();
    /// assert_eq!(x.triu(1).to_vec(), [0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
    /// ```
    pub fn triu(&self, k: isize) -> Self
    where
        S: Matrices,
    {
        self.triangle(k, false)
    }

    fn triangle(&self, k: isize, lower: bool) -> Self {
        let dims = self.dims();
        let &[.., rows, columns] = dims else {
            unreachable!("matrices have two axes")
        };
        let device = self.device();
        let size = |size: usize| i32::try_from(size).expect("a matrix of fewer rows and columns");
        let count = |from: i32, size: i32| (from..from + size).collect::<Vec<i32>>();
        let (m, n) = (size(rows), size(columns));
        // Beyond the matrix every diagonal is like the next.
        let k = k.clamp(-(m as isize), n as isize) as i32;
        let row = B::from_vec(&device, count(k, m), &[rows, 1]);
        let column = B::from_vec(&device, count(0, n), &[1, columns]);
        let row = B::expand(&row, &[rows, columns]);
        let column = B::expand(&column, &[rows, columns]);
        let kept = match lower {
            true => B::test(op::Le, [&column, &row]),
            false => B::test(op::Ge, [&column, &row]),
        };
        let zero = B::full(&device, E::ZERO, dims);
        Tensor {
            shape: self.shape,
            prim: B::select(&B::expand(&kept, dims), &self.prim, &zero),
        }
    }

    /// The sums of the diagonals of the matrices in the last two axes.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 2]> = Tensor::from_array([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.trace().item(), 5.0);
    /// ```
    pub fn trace<S2>(&self) -> Tensor<S2, E, B>
    where
        E: Num,
        S: Trace<S2>,
        S2: Shape,
    {
        let diagonal = diagonal::<E, B>(&self.prim, 0);
        let dims = B::dims(&diagonal);
        let last = dims.len() - 1;
        let sum = B::reduce(Reduce::Sum, &diagonal, &[last]);
        Tensor::typed(B::reshape(&sum, &dims[..last]))
    }
}

/// In row-major order the elements of a diagonal are a row and one place apart.
fn diagonal<E: Dtype, B: Backend>(x: &B::Prim<E>, offset: isize) -> B::Prim<E> {
    let &[ref leading @ .., rows, columns] = B::dims(x) else {
        unreachable!("matrices have two axes")
    };
    let (right, down) = (offset.max(0) as usize, (-offset).max(0) as usize);
    let len = (rows.saturating_sub(down)).min(columns.saturating_sub(right));
    let axis = leading.len();
    let flat = B::reshape(x, &[leading, &[rows * columns]].concat());
    if len == 0 {
        return B::narrow(&flat, axis, 0, 0);
    }
    let start = down * columns + right;
    let flat = B::narrow(&flat, axis, start, rows * columns - start);
    B::narrow(&B::step(&flat, axis, columns + 1), axis, 0, len)
}

/// Rows that begin with an element of the diagonal, one longer than those of the matrix.
fn diag_embed<E: Dtype, B: Backend>(x: &B::Prim<E>, offset: isize) -> B::Prim<E> {
    let &[ref leading @ .., len] = B::dims(x) else {
        unreachable!("an axis to embed")
    };
    let (right, down) = (offset.max(0) as usize, (-offset).max(0) as usize);
    let (axis, size) = (leading.len(), len + right + down);
    let with = |sizes: &[usize]| [leading, sizes].concat();
    let rows = B::pad(&B::reshape(x, &with(&[len, 1])), axis + 1, 0, size);
    let rows = B::reshape(&rows, &with(&[len * (size + 1)]));
    let start = down * size + right;
    let end = start + len * (size + 1);
    // What goes beyond the matrix is 0.
    let matrix = match (size * size).checked_sub(end) {
        Some(after) => B::pad(&rows, axis, start, after),
        None => {
            let fits = B::narrow(&rows, axis, 0, size * size - start);
            B::pad(&fits, axis, start, 0)
        }
    };
    B::reshape(&matrix, &with(&[size, size]))
}
