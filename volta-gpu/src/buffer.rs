//! Typed tensors of the backend.

use std::fmt;
use std::marker::PhantomData;

use volta_core::Dtype;

use crate::raw::Raw;

/// A tensor on a GPU: shared memory, and where in it the elements lie.
pub struct Buffer<E> {
    pub(crate) raw: Raw,
    elements: PhantomData<fn() -> E>,
}

impl<E: Dtype> Buffer<E> {
    pub(crate) fn of(raw: Raw) -> Self {
        debug_assert_eq!(raw.kind(), E::KIND);
        Buffer {
            raw,
            elements: PhantomData,
        }
    }
}

impl<E> Clone for Buffer<E> {
    fn clone(&self) -> Self {
        Buffer {
            raw: self.raw.clone(),
            elements: PhantomData,
        }
    }
}

impl<E> fmt::Debug for Buffer<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} on {:?}", self.raw.layout(), self.raw.gpu())
    }
}
