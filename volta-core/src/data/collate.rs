//! Items put together into batches.

use super::DataError;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Dtype;
use crate::error::Error;
use crate::shape::{D, Dim, Extent};
use crate::tensor::Tensor;

/// Items that make a batch of `N` of them.
///
/// | item | batch |
/// |---|---|
/// | an element `E` | `Tensor<(N,), E>` |
/// | an array `[[E; 3]; 2]` of up to five levels | `Tensor<(N, D<2>, D<3>), E>` |
/// | a tensor `Tensor<(A, ..), E>` of rank up to 5 | `Tensor<(N, A, ..), E>` |
/// | a tuple of up to six of these | the tuple of their batches |
///
/// A struct says how by way of these:
///
/// ```
/// use volta::data::Collate;
/// use volta::prelude::*;
///
/// struct Digit {
///     pixels: [f32; 784],
///     label: i64,
/// }
///
/// struct Digits<N: Dim> {
///     pixels: Tensor<s![N, 784]>,
///     labels: Tensor<s![N], i64>,
/// }
///
/// impl<N: Dim> Collate<N> for Digit {
///     type Batch = Digits<N>;
///
///     fn collate(items: Vec<Self>, n: N) -> Result<Digits<N>, volta::Error> {
///         let items = items.into_iter().map(|digit| (digit.pixels, digit.label));
///         let (pixels, labels) = Collate::collate(items.collect(), n)?;
///         Ok(Digits { pixels, labels })
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "items of type `{Self}` make no batch",
    note = "an item is an element, an array of elements, a tensor of rank 0 to 5 on the CPU, or a tuple of up to six of these; `map` makes one of yours, or implement `Collate` for it"
)]
pub trait Collate<N: Dim>: Sized {
    /// What they make.
    type Batch: Send + 'static;

    /// The batch of these items, which are as many as `n` says.
    ///
    /// # Errors
    /// If the items have different sizes.
    fn collate(items: Vec<Self>, n: N) -> Result<Self::Batch, Error>;
}

#[diagnostic::do_not_recommend]
impl<N: Dim, E: Dtype + 'static> Collate<N> for E {
    type Batch = Tensor<(N,), E>;

    fn collate(items: Vec<Self>, n: N) -> Result<Self::Batch, Error> {
        Tensor::from_vec_with((n,), items)
    }
}

macro_rules! array {
    ($($size:ident)*; $array:ty; |$items:ident| $flat:expr) => {
        #[diagnostic::do_not_recommend]
        impl<N: Dim, E: Dtype + 'static, $(const $size: usize),*> Collate<N> for $array {
            type Batch = Tensor<(N, $(D<$size>),*), E>;

            fn collate($items: Vec<Self>, n: N) -> Result<Self::Batch, Error> {
                Tensor::from_vec_with((n, $(D::<$size>),*), $flat)
            }
        }
    };
}
array!(A; [E; A]; |items| items.into_flattened());
array!(A C; [[E; C]; A]; |items| items.into_flattened().into_flattened());
array!(A C F; [[[E; F]; C]; A]; |items| {
    items.into_flattened().into_flattened().into_flattened()
});
array!(A C F G; [[[[E; G]; F]; C]; A]; |items| {
    items.into_flattened().into_flattened().into_flattened().into_flattened()
});
array!(A C F G H; [[[[[E; H]; G]; F]; C]; A]; |items| {
    items.into_flattened().into_flattened().into_flattened().into_flattened().into_flattened()
});

macro_rules! tensor {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<N: Dim, $($axis: Extent,)* E: Dtype> Collate<N> for Tensor<($($axis,)*), E> {
            type Batch = Tensor<(N, $($axis),*), E>;

            fn collate(items: Vec<Self>, _: N) -> Result<Self::Batch, Error> {
                let wanted = items[0].dims();
                let mut dims = vec![1];
                dims.extend(wanted);
                let mut rows = Vec::with_capacity(items.len());
                for (place, item) in items.iter().enumerate() {
                    if item.dims() != wanted {
                        let (wanted, found) = (wanted.to_vec(), item.dims().to_vec());
                        return Err(DataError::Unequal { place, wanted, found }.into());
                    }
                    rows.push(Cpu::reshape(item.prim(), &dims));
                }
                let rows: Vec<_> = rows.iter().collect();
                Ok(Tensor::typed(Cpu::cat(&rows, 0)))
            }
        }
    };
}
tensor!();
tensor!(A);
tensor!(A C);
tensor!(A C F);
tensor!(A C F G);
tensor!(A C F G H);

macro_rules! tuple {
    ($($part:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<N: Dim, $($part: Collate<N>),*> Collate<N> for ($($part,)*) {
            type Batch = ($($part::Batch,)*);

            fn collate(items: Vec<Self>, n: N) -> Result<Self::Batch, Error> {
                let mut parts = ($(Vec::<$part>::with_capacity(items.len()),)*);
                for item in items {
                    $(parts.$place.push(item.$place);)*
                }
                Ok(($(Collate::collate(parts.$place, n)?,)*))
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
