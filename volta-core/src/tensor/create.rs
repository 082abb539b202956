//! Making tensors.

use super::Tensor;
use crate::backend::{Backend, Device};
use crate::cpu::Cpu;
use crate::dtype::{Dtype, Float, Num};
use crate::error::Error;
use crate::random::Rng;
use crate::shape::{D, Extent, Shape, StaticExtent, StaticShape, runtime};

/// Arrays of arrays: `[[E; 3]; 2]` has the shape `s![2, 3]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an array of elements",
    note = "give an array of 1 to 6 levels: `[[1.0, 2.0], [3.0, 4.0]]`"
)]
pub trait NestedArray {
    /// The type of the innermost elements.
    type Element: Dtype;
    /// One size for each level.
    type Shape: StaticShape;
    /// The elements in row-major order.
    fn flatten(self) -> Vec<Self::Element>;
}

macro_rules! nested {
    ($($N:ident)*; $array:ty; |$x:ident| $flat:expr) => {
        #[diagnostic::do_not_recommend]
        impl<E: Dtype, $(const $N: usize),*> NestedArray for $array {
            type Element = E;
            type Shape = ($(D<$N>,)*);
            fn flatten(self) -> Vec<E> {
                let $x = &self;
                $flat.to_vec()
            }
        }
    };
}
nested!(A; [E; A]; |x| x);
nested!(A C; [[E; C]; A]; |x| x.as_flattened());
nested!(A C F; [[[E; F]; C]; A]; |x| x.as_flattened().as_flattened());
nested!(A C F G; [[[[E; G]; F]; C]; A]; |x| x.as_flattened().as_flattened().as_flattened());
nested!(A C F G H; [[[[[E; H]; G]; F]; C]; A]; |x| {
    x.as_flattened().as_flattened().as_flattened().as_flattened()
});
nested!(A C F G H I; [[[[[[E; I]; H]; G]; F]; C]; A]; |x| {
    x.as_flattened().as_flattened().as_flattened().as_flattened().as_flattened()
});

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// Equal elements, on any device.
    ///
    /// # Panics
    /// If there are more than can be counted; see [`try_full_on`](Self::try_full_on).
    pub fn full_on(shape: S, value: E, device: &B::Device) -> Self {
        Tensor {
            shape,
            prim: B::full(device, value, shape.dims().as_ref()),
        }
    }

    /// [`full_on`](Self::full_on) of sizes that may be too large.
    ///
    /// # Errors
    /// [`Error::Sizes`] if there are more elements than can be counted, [`Error::Device`] if the
    /// device has no room for them. On the CPU equal elements take the room of one.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![Dyn, 3]> = Tensor::try_full_on((Dyn(2), D), 0.5, &Cpu)?;
    /// assert_eq!(x.to_vec(), [0.5; 6]);
    /// let error = Tensor::<s![Dyn, 3]>::try_full_on((Dyn(1 << 62), D), 0.5, &Cpu).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "full: (4611686018427387904, 3) has more elements than can be counted"
    /// );
    /// # Ok::<(), volta::Error>(())
    /// ```
    pub fn try_full_on(shape: S, value: E, device: &B::Device) -> Result<Self, Error> {
        runtime::countable("full", shape.dims().as_ref())?;
        let full = Tensor::full_on(shape, value, device);
        full.status()?;
        Ok(full)
    }

    /// These elements, in row-major order, on any device.
    ///
    /// # Errors
    /// [`Error::Length`] if there are not as many as the shape has, [`Error::Device`] if the device
    /// has no room for them.
    pub fn from_vec_on(shape: S, data: Vec<E>, device: &B::Device) -> Result<Self, Error> {
        let dims = shape.dims();
        if data.len() != shape.numel() {
            return Err(Error::Length {
                found: data.len(),
                dims: dims.as_ref().to_vec(),
            });
        }
        runtime::countable("from_vec", dims.as_ref())?;
        let prim = B::from_vec(device, data, dims.as_ref());
        B::status(&prim)?;
        Ok(Tensor { shape, prim })
    }

    /// Zeros, as many as here and in the same place.
    pub fn zeros_like(&self) -> Self {
        Tensor::full_on(self.shape, E::ZERO, &self.device())
    }

    /// Ones, as many as here and in the same place.
    pub fn ones_like(&self) -> Self {
        Tensor::full_on(self.shape, E::ONE, &self.device())
    }

    /// Equal elements, as many as here and in the same place.
    pub fn full_like(&self, value: E) -> Self {
        Tensor::full_on(self.shape, value, &self.device())
    }

    /// Random numbers in `[0, 1)`, on any device.
    pub fn rand_on(shape: S, rng: &mut Rng, device: &B::Device) -> Self
    where
        E: Float,
    {
        Tensor {
            shape,
            prim: B::uniform(device, rng, shape.dims().as_ref()),
        }
    }

    /// Random numbers of mean 0 and variance 1, on any device.
    pub fn randn_on(shape: S, rng: &mut Rng, device: &B::Device) -> Self
    where
        E: Float,
    {
        Tensor {
            shape,
            prim: B::normal(device, rng, shape.dims().as_ref()),
        }
    }
}

impl<S: Shape, E: Dtype> Tensor<S, E> {
    /// Zeros, with the sizes that are known at run time.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![Dyn, 784]> = Tensor::zeros_with((Dyn(32), D));
    /// assert_eq!(x.dims(), [32, 784]);
    /// ```
    pub fn zeros_with(shape: S) -> Self {
        Tensor::full_on(shape, E::ZERO, &Cpu)
    }

    /// Ones, with the sizes that are known at run time.
    pub fn ones_with(shape: S) -> Self {
        Tensor::full_on(shape, E::ONE, &Cpu)
    }

    /// Equal elements, with the sizes that are known at run time.
    pub fn full_with(shape: S, value: E) -> Self {
        Tensor::full_on(shape, value, &Cpu)
    }

    /// These elements, in row-major order, with the sizes that are known at run time.
    ///
    /// # Errors
    /// If there are not as many as the shape has.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![Dyn, 2]> = Tensor::from_vec_with((Dyn(2), D), vec![1.0, 2.0, 3.0, 4.0])?;
    /// assert!(Tensor::<s![Dyn, 2]>::from_vec_with((Dyn(2), D), vec![1.0]).is_err());
    /// # Ok::<(), volta::Error>(())
    /// ```
    pub fn from_vec_with(shape: S, data: Vec<E>) -> Result<Self, Error> {
        Tensor::from_vec_on(shape, data, &Cpu)
    }

    /// A copy of these elements, in row-major order, with the sizes that are known at run time.
    ///
    /// # Errors
    /// If there are not as many as the shape has.
    pub fn from_slice_with(shape: S, data: &[E]) -> Result<Self, Error> {
        Tensor::from_vec_on(shape, data.to_vec(), &Cpu)
    }

    /// Random numbers in `[0, 1)`, with the sizes that are known at run time.
    pub fn rand_with(shape: S, rng: &mut Rng) -> Self
    where
        E: Float,
    {
        Tensor::rand_on(shape, rng, &Cpu)
    }

    /// Random numbers of mean 0 and variance 1, with the sizes that are known at run time.
    pub fn randn_with(shape: S, rng: &mut Rng) -> Self
    where
        E: Float,
    {
        Tensor::randn_on(shape, rng, &Cpu)
    }

    /// An array of arrays. The shape is the array's.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<_> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_shape!(x, s![2, 3]);
    /// ```
    pub fn from_array<A: NestedArray<Element = E, Shape = S>>(array: A) -> Self
    where
        S: StaticShape,
    {
        Tensor::from_vec_with(S::SHAPE, array.flatten()).expect("an array has what its type says")
    }
}

impl<S: StaticShape, E: Dtype> Tensor<S, E> {
    /// Zeros.
    pub fn zeros() -> Self {
        Tensor::zeros_with(S::SHAPE)
    }

    /// Ones.
    pub fn ones() -> Self {
        Tensor::ones_with(S::SHAPE)
    }

    /// Equal elements.
    pub fn full(value: E) -> Self {
        Tensor::full_with(S::SHAPE, value)
    }

    /// These elements, in row-major order.
    ///
    /// # Errors
    /// If there are not as many as the shape has.
    pub fn from_vec(data: Vec<E>) -> Result<Self, Error> {
        Tensor::from_vec_with(S::SHAPE, data)
    }

    /// A copy of these elements, in row-major order.
    ///
    /// # Errors
    /// If there are not as many as the shape has.
    pub fn from_slice(data: &[E]) -> Result<Self, Error> {
        Tensor::from_slice_with(S::SHAPE, data)
    }

    /// Random numbers in `[0, 1)`.
    pub fn rand(rng: &mut Rng) -> Self
    where
        E: Float,
    {
        Tensor::rand_with(S::SHAPE, rng)
    }

    /// Random numbers of mean 0 and variance 1.
    pub fn randn(rng: &mut Rng) -> Self
    where
        E: Float,
    {
        Tensor::randn_with(S::SHAPE, rng)
    }
}

impl<E: Dtype> Tensor<(), E> {
    /// A scalar.
    pub fn from_scalar(value: E) -> Self {
        Tensor::full(value)
    }
}

impl<N: Extent, E: Num> Tensor<(N,), E> {
    /// `start`, `start + step`, .., as many as a size known at run time says.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x = Tensor::arange_with(Dyn(4), 1_i64, 2);
    /// assert_eq!(x.to_vec(), [1, 3, 5, 7]);
    /// ```
    pub fn arange_with(n: N, start: E, step: E) -> Self {
        let at = |i: usize| match E::KIND {
            crate::dtype::DtypeKind::I64 => E::from_i64(
                start
                    .to_i64()
                    .wrapping_add(step.to_i64().wrapping_mul(i as i64)),
            ),
            _ => E::from_f64(start.to_f64() + step.to_f64() * i as f64),
        };
        let data = (0..n.size()).map(at).collect();
        Tensor::from_vec_with((n,), data).expect("as many as asked for")
    }

    /// `start`, `start + step`, .., as many as the type says.
    pub fn arange(start: E, step: E) -> Self
    where
        N: StaticExtent,
    {
        Tensor::arange_with(N::VALUE, start, step)
    }

    /// Evenly spaced numbers from `start` to `end`, both included, as many as the type says.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![5]> = Tensor::linspace(0.0, 1.0);
    /// assert_eq!(x.to_vec(), [0.0, 0.25, 0.5, 0.75, 1.0]);
    /// ```
    pub fn linspace(start: E, end: E) -> Self
    where
        N: StaticExtent,
        E: Float,
    {
        let (start, end) = (start.to_f64(), end.to_f64());
        let steps = N::SIZE.saturating_sub(1).max(1) as f64;
        let data = (0..N::SIZE)
            .map(|i| E::from_f64(start + (end - start) * i as f64 / steps))
            .collect();
        Tensor::from_vec_with((N::VALUE,), data).expect("as many as the type says")
    }
}

impl<const N: usize, E: Num> Tensor<(D<N>, D<N>), E> {
    /// The identity matrix.
    pub fn eye() -> Self {
        let data = (0..N * N)
            .map(|i| if i % (N + 1) == 0 { E::ONE } else { E::ZERO })
            .collect();
        Tensor::from_vec(data).expect("N * N")
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// Zeros on a device, which says the backend.
    pub fn zeros_on<Dv: Device<Backend = B>>(shape: S, device: &Dv) -> Self {
        Tensor::full_on(shape, E::ZERO, &device.device())
    }
}
