//! Tensors whose shapes are types.

mod attention;
mod avg_pool;
mod collect;
mod compare;
mod conv;
mod conv_transpose;
mod create;
mod diagonal;
mod display;
mod elementwise;
mod flip;
pub(crate) mod fuse;
mod gather;
mod in_place;
mod index;
mod iter;
mod join;
mod linalg;
mod masked;
pub(crate) mod norm;
mod one_hot;
mod operators;
mod pad;
mod pool;
mod reduce;
mod repeat;
mod resample;
mod scan;
mod scatter;
mod shuffle;
mod sort;
mod split;
mod unfold;
mod view;
mod window;

use std::fmt::{self, Debug};

pub(crate) use attention::attend;
pub use attention::{Attention, AttentionMask, Mask};
pub(crate) use conv::Convolve;
pub use conv::{Kernel1dShape, Kernel3dShape, KernelShape};
pub(crate) use conv_transpose::Transposed;
pub use conv_transpose::{TransposedKernel1dShape, TransposedKernelShape};
pub use create::NestedArray;
pub use iter::{ChunksExact, IterAxis, Windows};
pub use scatter::{IndexAlong, IndexVector};

use crate::backend::{Backend, Device};
use crate::cpu::Cpu;
use crate::dtype::{CastFrom, Dtype};
use crate::error::Error;
use crate::shape::runtime::ShapeError;
use crate::shape::{Scalar, Shape};

/// A tensor of shape `S` and elements `E` on backend `B`.
///
/// Its storage is shared: a clone or a view copies nothing, and writing copies first what others
/// see.
///
/// ```
/// use volta::prelude::*;
///
/// let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// let w: Tensor<s![3, 4]> = Tensor::ones();
/// let y: Tensor<s![2, 4]> = x.matmul(&w) + 1.0;
/// assert_eq!(y.to_vec(), [7.0, 7.0, 7.0, 7.0, 16.0, 16.0, 16.0, 16.0]);
/// ```
pub struct Tensor<S: Shape, E: Dtype = f32, B: Backend = Cpu> {
    shape: S,
    prim: B::Prim<E>,
}

impl<S: Shape, E: Dtype, B: Backend> Clone for Tensor<S, E, B> {
    fn clone(&self) -> Self {
        Tensor {
            shape: self.shape,
            prim: self.prim.clone(),
        }
    }
}

impl<S: Shape, E: Dtype, B: Backend> Debug for Tensor<S, E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display::write(f, self)
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// A primitive of a backend as a typed tensor.
    ///
    /// # Panics
    /// If its sizes are not those of the shape.
    #[inline]
    #[track_caller]
    pub fn from_prim(shape: S, prim: B::Prim<E>) -> Self {
        if B::dims(&prim) != shape.dims().as_ref() {
            other_sizes(B::dims(&prim), shape.dims().as_ref());
        }
        Tensor { shape, prim }
    }

    /// A primitive whose sizes are those of some shape of this type.
    #[inline]
    pub(crate) fn typed(prim: B::Prim<E>) -> Self {
        let dims = B::dims(&prim);
        let shape = S::from_dims(dims)
            .unwrap_or_else(|| unreachable!("sizes {dims:?} for {}", std::any::type_name::<S>()));
        Tensor { shape, prim }
    }

    /// The primitive below.
    #[inline]
    pub fn prim(&self) -> &B::Prim<E> {
        &self.prim
    }

    /// The primitive below, to change it: it keeps its sizes.
    #[inline]
    pub(crate) fn prim_mut(&mut self) -> &mut B::Prim<E> {
        &mut self.prim
    }

    /// The primitive below.
    #[inline]
    pub fn into_prim(self) -> B::Prim<E> {
        self.prim
    }

    /// The shape, with the sizes that are known at run time.
    #[inline]
    pub fn shape(&self) -> S {
        self.shape
    }

    /// The sizes.
    #[inline]
    pub fn dims(&self) -> &[usize] {
        B::dims(&self.prim)
    }

    /// The number of elements.
    #[inline]
    pub fn numel(&self) -> usize {
        self.shape.numel()
    }

    /// Where it lives.
    pub fn device(&self) -> B::Device {
        B::device(&self.prim)
    }

    /// What went wrong when it was made, as far as that is known without waiting for the device:
    /// no room, say. What a device finds later is an error of the next read.
    ///
    /// # Errors
    /// If the device could not make it, or what it was made of. The CPU can.
    pub fn status(&self) -> Result<(), Error> {
        B::status(&self.prim)
    }

    /// The elements in row-major order.
    ///
    /// # Panics
    /// If the device fails; see [`try_to_vec`](Self::try_to_vec). The CPU does not.
    pub fn to_vec(&self) -> Vec<E> {
        self.try_to_vec().unwrap_or_else(|e| panic!("to_vec: {e}"))
    }

    /// The elements in row-major order.
    ///
    /// # Errors
    /// If the device fails.
    pub fn try_to_vec(&self) -> Result<Vec<E>, Error> {
        B::read(&self.prim)
    }

    /// The same elements on another device. On the device where they are, nothing is copied by
    /// [`clone`](Clone::clone).
    ///
    /// # Errors
    /// If the elements cannot be read, or the other device has no room for them.
    pub fn to<Dv: Device>(&self, device: &Dv) -> Result<Tensor<S, E, Dv::Backend>, Error> {
        Tensor::from_vec_on(self.shape, self.try_to_vec()?, &device.device())
    }

    /// Every element converted to another type. Floats become whole numbers by truncation, `bool`
    /// becomes 0 or 1, and a number becomes `bool` by being other than 0.
    ///
    /// Between float types the gradient passes.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![3]> = Tensor::from_array([0.0, 1.7, -2.5]);
    /// assert_eq!(x.cast::<i64>().to_vec(), [0, 1, -2]);
    /// ```
    pub fn cast<F: Dtype + CastFrom>(&self) -> Tensor<S, F, B> {
        Tensor {
            shape: self.shape,
            prim: B::cast(&self.prim),
        }
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The only element of a scalar.
    ///
    /// # Panics
    /// If the device fails; see [`try_item`](Self::try_item). The CPU does not.
    pub fn item(&self) -> E
    where
        S: Scalar,
    {
        self.to_vec()[0]
    }

    /// The only element of a scalar.
    ///
    /// # Errors
    /// If the device fails.
    pub fn try_item(&self) -> Result<E, Error>
    where
        S: Scalar,
    {
        Ok(self.try_to_vec()?[0])
    }
}

#[cold]
#[track_caller]
fn other_sizes(found: &[usize], shape: &[usize]) -> ! {
    panic!("from_prim: a primitive of sizes {found:?} for the shape {shape:?}")
}

/// Sizes known at run time that do not fit end the program where the op was called.
#[track_caller]
pub(crate) fn fits<T>(result: Result<T, ShapeError>) -> T {
    // Not in a closure, which would be the place that the panic names.
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}
