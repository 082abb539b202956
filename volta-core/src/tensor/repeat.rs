//! Axes repeated.

use super::Tensor;
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::shape::{Repeat, Shape, Tile};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// `TIMES` copies of this tensor, one after the other along axis `A`.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
    /// let y: Tensor<s![6]> = x.repeat::<0, 3>();
    /// assert_eq!(y.to_vec(), [1.0, 2.0, 1.0, 2.0, 1.0, 2.0]);
    /// ```
    pub fn repeat<const A: isize, const TIMES: usize>(
        &self,
    ) -> Tensor<<S as Repeat<A, TIMES>>::Out, E, B>
    where
        S: Repeat<A, TIMES>,
    {
        Tensor::typed(repeat::<E, B>(&self.prim, S::INDEX, S::INDEX, TIMES))
    }

    /// Every entry of axis `A` `TIMES` times, before the next one.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
    /// let y: Tensor<s![6]> = x.repeat_interleave::<0, 3>();
    /// assert_eq!(y.to_vec(), [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
    /// ```
    pub fn repeat_interleave<const A: isize, const TIMES: usize>(
        &self,
    ) -> Tensor<<S as Repeat<A, TIMES>>::Out, E, B>
    where
        S: Repeat<A, TIMES>,
    {
        Tensor::typed(repeat::<E, B>(&self.prim, S::INDEX, S::INDEX + 1, TIMES))
    }

    /// [`repeat`](Self::repeat) along every axis, as often as the list says.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![1, 2]> = Tensor::from_array([[1.0, 2.0]]);
    /// let y: Tensor<s![3, 4]> = x.tile::<s![3, 2]>();
    /// assert_eq!(y.to_vec()[..4], [1.0, 2.0, 1.0, 2.0]);
    /// ```
    pub fn tile<L>(&self) -> Tensor<<S as Tile<L>>::Out, E, B>
    where
        S: Tile<L>,
    {
        let mut out = self.prim.clone();
        for (axis, &times) in S::TIMES.iter().enumerate() {
            if times != 1 {
                out = repeat::<E, B>(&out, axis, axis, times);
            }
        }
        Tensor::typed(out)
    }
}

/// `axis` repeated through a new axis at `at`, before it or after it.
fn repeat<E: Dtype, B: Backend>(
    x: &B::Prim<E>,
    axis: usize,
    at: usize,
    times: usize,
) -> B::Prim<E> {
    let mut dims = B::dims(x).to_vec();
    dims.insert(at, 1);
    let one = B::reshape(x, &dims);
    dims[at] = times;
    let many = B::expand(&one, &dims);
    dims.remove(at);
    dims[axis] *= times;
    B::reshape(&many, &dims)
}
