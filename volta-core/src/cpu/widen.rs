//! Operands in the type that computes: the tensor itself, or a copy where it is stored narrower.

use super::buffer::Buffer;
use crate::dtype::{Dtype, Num};
use crate::layout::Layout;

/// A tensor's elements as `E::Compute`.
pub(super) enum Wide<E: Num> {
    Same(Buffer<E>),
    Copy(Vec<E::Compute>, Layout),
}

impl<E: Num> Wide<E> {
    /// Any strides.
    pub(super) fn of(x: &Buffer<E>) -> Self {
        if same::<E>() {
            return Wide::Same(x.clone());
        }
        let x = contiguous(x);
        let values = x
            .as_slice()
            .expect("contiguous")
            .iter()
            .map(|v| v.widen())
            .collect();
        Wide::Copy(values, Layout::contiguous(x.dims()))
    }

    /// In row-major order.
    pub(super) fn contiguous(x: &Buffer<E>) -> Self {
        if same::<E>() {
            Wide::Same(contiguous(x))
        } else {
            Wide::of(x)
        }
    }

    pub(super) fn layout(&self) -> &Layout {
        match self {
            Wide::Same(x) => x.layout(),
            Wide::Copy(_, layout) => layout,
        }
    }

    /// Where the storage starts; the layout's offset counts from here.
    pub(super) fn raw(&self) -> *const E::Compute {
        match self {
            Wide::Same(x) => x.raw().as_ptr().cast(),
            Wide::Copy(x, _) => x.as_ptr(),
        }
    }

    /// The elements, if they lie in row-major order.
    ///
    /// # Panics
    /// If they do not.
    pub(super) fn as_slice(&self) -> &[E::Compute] {
        match self {
            Wide::Same(x) => {
                let x = x.as_slice().expect("made by `contiguous`");
                // SAFETY: `same` holds: the types have one representation.
                unsafe { std::slice::from_raw_parts(x.as_ptr().cast(), x.len()) }
            }
            Wide::Copy(x, _) => x,
        }
    }
}

/// Whether `E` and `E::Compute` are represented alike: all but the 16-bit floats, whose `Compute`
/// is wider.
fn same<E: Num>() -> bool {
    size_of::<E>() == size_of::<E::Compute>()
}

/// In row-major order: `x` itself, or a copy.
pub(super) fn contiguous<E: Dtype>(x: &Buffer<E>) -> Buffer<E> {
    if x.layout().is_contiguous() {
        x.clone()
    } else {
        (E::kernels().copy)(x)
    }
}

/// A tensor of `E` that `write` fills as `E::Compute`, in row-major order.
///
/// # Safety
/// `write` writes every element.
pub(super) unsafe fn narrow_into<E: Num>(
    dims: &[usize],
    write: impl FnOnce(*mut E::Compute),
) -> Buffer<E> {
    if same::<E>() {
        // SAFETY: the types have one representation, and `write` fills all, as the caller promises.
        return unsafe { Buffer::<E>::write_with(dims, |out| write(out.cast())) };
    }
    let mut wide = vec![E::Compute::default(); Layout::contiguous(dims).numel()];
    write(wide.as_mut_ptr());
    let narrow: Vec<E> = wide.into_iter().map(E::narrow).collect();
    Buffer::from_slice(&narrow, dims)
}
