//! The layers of the transformer, and stacks of them.

mod decoder;
mod encoder;

pub use decoder::{TransformerDecoder, TransformerDecoderLayer};
pub use encoder::{TransformerEncoder, TransformerEncoderLayer};

use super::{Dropout, Linear};
use crate::backend::Backend;
use crate::dtype::Float;
use crate::ops::elementwise as op;
use crate::shape::{D, Dim};
use crate::tensor::Tensor;

/// The function between the two maps of a transformer layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TransformerActivation {
    /// The rectifier.
    #[default]
    Relu,
    /// The Gaussian error linear unit.
    Gelu,
}

/// A batch of sequences.
type Sequences<N, T, const E: usize, El, B> = Tensor<(N, T, D<E>), El, B>;

fn sum<N: Dim, T: Dim, const E: usize, El: Float, B: Backend>(
    a: &Sequences<N, T, E, El, B>,
    b: &Sequences<N, T, E, El, B>,
) -> Sequences<N, T, E, El, B> {
    Tensor::from_prim(a.shape(), B::map(op::Add, [a.prim(), b.prim()]))
}

/// The two maps of a layer, with what is between them.
fn feed_forward<N, T, const E: usize, const F: usize, El, B>(
    x: &Sequences<N, T, E, El, B>,
    (linear1, linear2): (&Linear<E, F, B, El>, &Linear<F, E, B, El>),
    activation: TransformerActivation,
    (inner, outer): (&Dropout, &Dropout),
) -> Sequences<N, T, E, El, B>
where
    N: Dim,
    T: Dim,
    El: Float,
    B: Backend,
{
    let x = linear1.forward(x);
    let x = match activation {
        TransformerActivation::Relu => x.map(op::Relu),
        TransformerActivation::Gelu => x.map(op::Gelu),
    };
    outer.forward(&linear2.forward(&inner.forward(&x)))
}
