//! Tensors without types.

mod rearrange;

use super::bytes::Bytes;
use super::file_dtype::FileDtype;
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::error::Error;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// A tensor in main memory, or in a file mapped into it, whose element type and sizes are known at
/// run time. A clone shares its elements.
#[derive(Clone, Debug)]
pub struct HostTensor {
    dtype: FileDtype,
    dims: Vec<usize>,
    /// Little-endian, in row-major order.
    bytes: Bytes,
}

impl PartialEq for HostTensor {
    fn eq(&self, other: &Self) -> bool {
        let what = |x: &HostTensor| (x.dtype, x.dims.clone());
        what(self) == what(other) && *self.bytes == *other.bytes
    }
}

impl Eq for HostTensor {}

impl HostTensor {
    /// Of these elements, given as little-endian bytes in row-major order; `None` if there are not
    /// as many as the sizes say.
    pub fn new(dtype: impl Into<FileDtype>, dims: Vec<usize>, bytes: Vec<u8>) -> Option<Self> {
        HostTensor::of_bytes(dtype.into(), dims, Bytes::new(bytes))
    }

    pub(crate) fn of_bytes(dtype: FileDtype, dims: Vec<usize>, bytes: Bytes) -> Option<Self> {
        let n = dtype.bytes_of(&dims)?;
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
            dtype: E::KIND.into(),
            dims: dims.to_vec(),
            bytes: Bytes::new(bytes),
        }
    }

    /// A copy of a tensor.
    ///
    /// # Errors
    /// If its device cannot be read.
    pub fn from_tensor<S: Shape, E: Dtype, B: Backend>(x: &Tensor<S, E, B>) -> Result<Self, Error> {
        Ok(HostTensor::of(x.dims(), &x.try_to_vec()?))
    }

    /// The element type.
    pub fn dtype(&self) -> FileDtype {
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
        match self.dtype == E::KIND {
            true => E::of_file(self.dtype, &self.bytes),
            false => None,
        }
    }

    /// The elements as another type: whole numbers wrap, floats round, or are cut off to whole
    /// numbers, as in PyTorch. `None` for a complex number, for elements of six bits, whose order
    /// is not defined, and for what is no `bool` where `bool`s should be.
    ///
    /// ```
    /// use volta::io::{FileDtype, HostTensor};
    ///
    /// let x = HostTensor::new(FileDtype::I8, vec![2], vec![255, 3]).unwrap();
    /// assert_eq!(x.cast_to_vec::<f32>().unwrap(), [-1.0, 3.0]);
    /// assert_eq!(x.to_vec::<f32>(), None);
    /// ```
    pub fn cast_to_vec<E: Dtype>(&self) -> Option<Vec<E>> {
        E::of_file(self.dtype, &self.bytes)
    }

    /// It as a tensor of this type; `None` if the sizes or the elements are others.
    ///
    /// ```
    /// # use volta::{io::{FileDtype, HostTensor}, prelude::*};
    /// let host = HostTensor::new(FileDtype::U8, vec![2, 3], vec![7; 6]).unwrap();
    /// let x: Tensor<s![Dyn, 3], u8> = host.tensor().unwrap();
    /// assert!(host.tensor::<s![3, 2], u8>().is_none());
    /// ```
    pub fn tensor<S: Shape, E: Dtype>(&self) -> Option<Tensor<S, E>> {
        let shape = S::from_dims(&self.dims)?;
        Tensor::from_vec_with(shape, self.to_vec()?).ok()
    }

    /// Whether its bytes are elements of its type.
    pub(crate) fn is_sound(&self) -> bool {
        self.dtype.is_sound(&self.bytes)
    }
}
