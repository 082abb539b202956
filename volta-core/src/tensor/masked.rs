//! Elements that a mask picks.

use super::{Tensor, fits};
use crate::backend::{Backend, Meet};
use crate::dtype::Dtype;
use crate::shape::{Dyn, ExpandTo, Shape, runtime};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The elements where `mask` holds, in row-major order, however many they are. The mask
    /// broadcasts to the tensor. The gradient goes to the elements picked.
    ///
    /// This waits for the device, to count them: [`masked_fill`](Self::masked_fill) and
    /// [`select`](Self::select) do not.
    ///
    /// # Panics
    /// If sizes known at run time differ, or the device fails. The CPU does not.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![2, 2]> = Tensor::from_array([[1.0, -2.0], [3.0, -4.0]]);
    /// let y: Tensor<s![Dyn]> = x.masked_select(&x.gt_scalar(0.0));
    /// assert_eq!(y.to_vec(), [1.0, 3.0]);
    /// ```
    #[track_caller]
    pub fn masked_select<M, B2>(&self, mask: &Tensor<M, bool, B2>) -> Tensor<(Dyn,), E, B>
    where
        M: ExpandTo<S>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        let dims = self.dims();
        let sides = ((mask.dims(), M::ONES), (dims, S::ONES));
        fits(runtime::broadcast_typed("masked_select", sides.0, sides.1));
        let mask = match B2::read(&B2::expand(&mask.prim, dims)) {
            Ok(mask) => mask,
            Err(error) => panic!("masked_select: {error}"),
        };
        let places: Vec<i64> = (0..)
            .zip(mask)
            .filter(|one| one.1)
            .map(|one| one.0)
            .collect();
        let count = places.len();
        let places = B::from_vec(&self.device(), places, &[count]);
        let flat = B::reshape(&self.prim, &[self.numel()]);
        Tensor::typed(B::gather(&flat, 0, &places))
    }
}
