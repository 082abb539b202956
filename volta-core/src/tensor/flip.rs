//! Axes turned around.

use super::Tensor;
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::shape::{HasAxes, HasAxis, Shape};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// Axis `A` from its end to its beginning; -1 is the last. Copies nothing.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.flip::<1>().to_vec(), [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
    /// ```
    pub fn flip<const A: isize>(&self) -> Self
    where
        S: HasAxis<A>,
    {
        self.flipped(&[S::INDEX])
    }

    /// Several axes from their ends to their beginnings: `x.flip_axes::<axes![0, -1]>()`. Copies
    /// nothing.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 2]> = Tensor::from_array([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.flip_axes::<axes![0, 1]>().to_vec(), [4.0, 3.0, 2.0, 1.0]);
    /// ```
    pub fn flip_axes<L>(&self) -> Self
    where
        S: HasAxes<L>,
    {
        self.flipped(S::INDICES)
    }

    fn flipped(&self, axes: &[usize]) -> Self {
        Tensor {
            shape: self.shape,
            prim: B::flip(&self.prim, axes),
        }
    }

    /// Axis `A` moved on by `shift` places, backwards where it is negative: what leaves at one end
    /// comes in at the other.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4]> = Tensor::from_array([1.0, 2.0, 3.0, 4.0]);
    /// assert_eq!(x.roll::<0>(1).to_vec(), [4.0, 1.0, 2.0, 3.0]);
    /// assert_eq!(x.roll::<0>(-1).to_vec(), [2.0, 3.0, 4.0, 1.0]);
    /// ```
    pub fn roll<const A: isize>(&self, shift: isize) -> Self
    where
        S: HasAxis<A>,
    {
        let size = self.dims()[S::INDEX];
        let by = match size {
            0 => 0,
            size => shift.rem_euclid(size as isize) as usize,
        };
        if by == 0 {
            return self.clone();
        }
        let last = B::narrow(&self.prim, S::INDEX, size - by, by);
        let first = B::narrow(&self.prim, S::INDEX, 0, size - by);
        Tensor {
            shape: self.shape,
            prim: B::cat(&[&last, &first], S::INDEX),
        }
    }
}
