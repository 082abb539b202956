//! Tensors without types.

use crate::dtype::{Dtype, DtypeKind};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// A tensor in main memory whose element type and sizes are known at run time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostTensor {
    dtype: DtypeKind,
    dims: Vec<usize>,
    /// Little-endian, in row-major order.
    bytes: Vec<u8>,
}

impl HostTensor {
    /// Of these elements, given as little-endian bytes in row-major order; `None` if there are not
    /// as many as the sizes say.
    pub fn new(dtype: DtypeKind, dims: Vec<usize>, bytes: Vec<u8>) -> Option<Self> {
        let n = bytes_of(dtype, &dims)?;
        (n == bytes.len()).then_some(HostTensor { dtype, dims, bytes })
    }

    pub(crate) fn of<E: Dtype>(dims: &[usize], data: &[E]) -> Self {
        let mut bytes = bytemuck::cast_slice::<E, u8>(data).to_vec();
        if cfg!(target_endian = "big") {
            bytes
                .chunks_exact_mut(E::KIND.size())
                .for_each(<[u8]>::reverse);
        }
        HostTensor {
            dtype: E::KIND,
            dims: dims.to_vec(),
            bytes,
        }
    }

    /// The element type.
    pub fn dtype(&self) -> DtypeKind {
        self.dtype
    }

    /// The sizes.
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// The elements, little-endian, in row-major order.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The elements; `None` if they are of another type, or no `bool`s where `bool`s should be.
    pub fn to_vec<E: Dtype>(&self) -> Option<Vec<E>> {
        if self.dtype != E::KIND {
            return None;
        }
        self.bytes
            .chunks_exact(E::KIND.size())
            .map(E::from_le_bytes)
            .collect()
    }

    /// It as a tensor of this type; `None` if the sizes or the elements are others.
    ///
    /// ```
    /// # use volta::{dtype::DtypeKind, io::HostTensor, prelude::*};
    /// let host = HostTensor::new(DtypeKind::U8, vec![2, 3], vec![7; 6]).unwrap();
    /// let x: Tensor<s![Dyn, 3], u8> = host.tensor().unwrap();
    /// assert!(host.tensor::<s![3, 2], u8>().is_none());
    /// ```
    pub fn tensor<S: Shape, E: Dtype>(&self) -> Option<Tensor<S, E>> {
        let shape = S::from_dims(&self.dims)?;
        Tensor::from_vec_with(shape, self.to_vec()?).ok()
    }

    /// Whether its bytes are elements of its type: every byte pattern is, but for `bool`.
    pub(crate) fn is_sound(&self) -> bool {
        self.dtype != DtypeKind::Bool || self.bytes.iter().all(|byte| *byte <= 1)
    }
}

/// The bytes of a tensor, if that is a number.
pub(crate) fn bytes_of(dtype: DtypeKind, dims: &[usize]) -> Option<usize> {
    dims.iter()
        .try_fold(1_usize, |n, &size| n.checked_mul(size))?
        .checked_mul(dtype.size())
}
