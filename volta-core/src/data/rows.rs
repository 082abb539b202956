//! The rows of tensors as a data set.

use super::{DataError, Dataset};
use crate::dtype::Dtype;
use crate::error::Error;
use crate::shape::Extent;
use crate::tensor::Tensor;

/// What has rows: a tensor, and a tuple of up to six of them.
///
/// A row of a tensor of shape `(N, ..S)` is a tensor of shape `S`, a view; a row of a vector is an
/// element.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no rows",
    note = "rows are those of a tensor of rank 1 or more on the CPU, or of a tuple of such tensors"
)]
pub trait Rows: Send + Sync {
    /// One of them.
    type Row: Send;

    /// The sizes of the first axis of every tensor.
    fn counts(&self) -> Vec<usize>;

    /// Row `index`.
    ///
    /// # Panics
    /// If there are no more than `index` rows.
    fn row(&self, index: usize) -> Self::Row;
}

#[diagnostic::do_not_recommend]
impl<N: Extent, E: Dtype> Rows for Tensor<(N,), E> {
    type Row = E;

    fn counts(&self) -> Vec<usize> {
        vec![self.dims()[0]]
    }

    fn row(&self, index: usize) -> E {
        self[[index]]
    }
}

macro_rules! rows {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<N: Extent, $($axis: Extent,)* E: Dtype> Rows for Tensor<(N, $($axis),*), E> {
            type Row = Tensor<($($axis,)*), E>;

            fn counts(&self) -> Vec<usize> {
                vec![self.dims()[0]]
            }

            fn row(&self, index: usize) -> Self::Row {
                self.index_axis::<0>(index)
            }
        }
    };
}
rows!(A);
rows!(A C);
rows!(A C F);
rows!(A C F G);
rows!(A C F G H);

macro_rules! tuple {
    ($($part:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: Rows),*> Rows for ($($part,)*) {
            type Row = ($($part::Row,)*);

            fn counts(&self) -> Vec<usize> {
                [$(self.$place.counts()),*].concat()
            }

            fn row(&self, index: usize) -> Self::Row {
                ($(self.$place.row(index),)*)
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, C 1);
tuple!(A 0, C 1, F 2);
tuple!(A 0, C 1, F 2, G 3);
tuple!(A 0, C 1, F 2, G 3, H 4);
tuple!(A 0, C 1, F 2, G 3, H 4, I 5);

/// The rows of a tensor, or of several with as many rows, as a data set.
///
/// ```
/// use volta::data::{Dataset, TensorDataset};
/// use volta::prelude::*;
///
/// let images: Tensor<s![60, 28, 28]> = Tensor::zeros();
/// let labels: Tensor<s![60], i64> = Tensor::zeros();
/// let data = TensorDataset::new((images, labels))?;
/// let (image, label): (Tensor<s![28, 28]>, i64) = data.get(7)?;
/// # Ok::<(), volta::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TensorDataset<T> {
    tensors: T,
    len: usize,
}

impl<T: Rows> TensorDataset<T> {
    /// The rows of these tensors.
    ///
    /// # Errors
    /// If they have not equally many.
    pub fn new(tensors: T) -> Result<Self, Error> {
        let counts = tensors.counts();
        let len = counts[0];
        if counts.iter().any(|count| *count != len) {
            return Err(DataError::Rows(counts).into());
        }
        Ok(TensorDataset { tensors, len })
    }

    /// The tensors.
    pub fn tensors(&self) -> &T {
        &self.tensors
    }
}

impl<T: Rows> Dataset for TensorDataset<T> {
    type Item = T::Row;

    fn len(&self) -> usize {
        self.len
    }

    fn get(&self, index: usize) -> Result<T::Row, Error> {
        Ok(self.tensors.row(index))
    }
}
