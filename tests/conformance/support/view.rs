//! Tensors whose elements do not lie in order.

use volta::{Backend, Dtype};

use super::Array;

/// How a tensor is seen in the memory of another, its base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// As it is.
    Plain,
    /// All axes in reverse order.
    Transposed,
    /// Inside a base that is larger on every side.
    Narrowed,
    /// Every axis from its end to its beginning.
    Flipped,
    /// One position of an axis, repeated.
    Expanded(usize),
    /// One number, repeated along every axis.
    Scalar,
}

impl View {
    /// The sizes of the base.
    pub(crate) fn base(self, dims: &[usize]) -> Vec<usize> {
        match self {
            View::Plain | View::Flipped => dims.to_vec(),
            View::Transposed => dims.iter().rev().copied().collect(),
            View::Narrowed => dims.iter().map(|d| d + 3).collect(),
            View::Expanded(axis) => {
                let mut base = dims.to_vec();
                base[axis] = 1;
                base
            }
            View::Scalar => vec![1; dims.len()],
        }
    }

    /// The view of a base.
    pub(crate) fn of<E: Dtype, B: Backend>(self, base: &B::Prim<E>, dims: &[usize]) -> B::Prim<E> {
        match self {
            View::Plain => base.clone(),
            View::Transposed => {
                let order: Vec<usize> = (0..dims.len()).rev().collect();
                B::permute(base, &order)
            }
            View::Narrowed => dims
                .iter()
                .enumerate()
                .fold(base.clone(), |x, (axis, &len)| B::narrow(&x, axis, 2, len)),
            View::Flipped => B::flip(base, &(0..dims.len()).collect::<Vec<_>>()),
            View::Expanded(_) | View::Scalar => B::expand(base, dims),
        }
    }

    /// What the view shows, by index arithmetic.
    pub(crate) fn array(self, base: Vec<f64>, dims: &[usize]) -> Array {
        let base = Array {
            dims: self.base(dims),
            data: base,
        };
        Array::from_fn(dims, |index| {
            let mut at = index.to_vec();
            match self {
                View::Plain => {}
                View::Transposed => at.reverse(),
                View::Narrowed => at.iter_mut().for_each(|i| *i += 2),
                View::Flipped => at.iter_mut().zip(dims).for_each(|(i, d)| *i = d - 1 - *i),
                View::Expanded(axis) => at[axis] = 0,
                View::Scalar => at.fill(0),
            }
            base.at(&at)
        })
    }
}
