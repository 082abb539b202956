//! Channels that become pixels, and the reverse.

use super::split::parts;
use super::{Tensor, fits};
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::shape::{PixelShuffle, PixelUnshuffle, Shape};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// `[.., C R^2, H, W]` as `[.., C, H R, W R]`: every `R^2` channels become the pixels of one
    /// (Shi et al., 2016).
    ///
    /// # Panics
    /// If there is a number of channels known at run time that `R^2` does not divide.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![4, 1, 1]> = Tensor::from_array([[[1.0]], [[2.0]], [[3.0]], [[4.0]]]);
    /// let y: Tensor<s![1, 2, 2]> = x.pixel_shuffle::<2>();
    /// assert_eq!(y.to_vec(), [1.0, 2.0, 3.0, 4.0]);
    /// ```
    #[track_caller]
    pub fn pixel_shuffle<const R: usize>(&self) -> Tensor<<S as PixelShuffle<R>>::Out, E, B>
    where
        S: PixelShuffle<R>,
    {
        let axis = S::RANK - 3;
        let c = fits(parts("pixel_shuffle", self.dims(), axis, R * R));
        let (leading, h, w) = images(self.dims());
        let n: usize = leading.iter().product();
        let x = B::reshape(&self.prim, &[n * c, R, R, h, w]);
        let x = B::permute(&x, &[0, 3, 1, 4, 2]);
        let dims = [leading, &[c, h * R, w * R]].concat();
        Tensor::typed(B::reshape(&x, &dims))
    }

    /// `[.., C, H R, W R]` as `[.., C R^2, H, W]`: what
    /// [`pixel_shuffle`](Self::pixel_shuffle) takes back.
    ///
    /// # Panics
    /// If there is a height or a width known at run time that `R` does not divide.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![8, 3, 6, 4]> = Tensor::zeros();
    /// let y: Tensor<s![8, 12, 3, 2]> = x.pixel_unshuffle::<2>();
    /// ```
    #[track_caller]
    pub fn pixel_unshuffle<const R: usize>(&self) -> Tensor<<S as PixelUnshuffle<R>>::Out, E, B>
    where
        S: PixelUnshuffle<R>,
    {
        let axis = S::RANK - 3;
        let h = fits(parts("pixel_unshuffle", self.dims(), axis + 1, R));
        let w = fits(parts("pixel_unshuffle", self.dims(), axis + 2, R));
        let (leading, c) = (&self.dims()[..axis], self.dims()[axis]);
        let n: usize = leading.iter().product();
        let x = B::reshape(&self.prim, &[n * c, h, R, w, R]);
        let x = B::permute(&x, &[0, 2, 4, 1, 3]);
        let dims = [leading, &[c * R * R, h, w]].concat();
        Tensor::typed(B::reshape(&x, &dims))
    }
}

/// The leading axes, the height and the width.
fn images(dims: &[usize]) -> (&[usize], usize, usize) {
    let &[ref leading @ .., _, h, w] = dims else {
        unreachable!("images have three axes")
    };
    (leading, h, w)
}
