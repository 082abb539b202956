//! Layers that leave a way past them: the identity, and the residual block.

use super::Forward;
use crate::Module;
use crate::backend::Backend;
use crate::dtype::{Dtype, Num};
use crate::ops::elementwise::Add;
use crate::shape::{Shape, Unchanged, runtime};
use crate::tensor::{Tensor, fits};

/// What goes in comes out (`torch.nn.Identity`): a place for a layer that a model may do without.
///
/// ```
/// use volta::prelude::*;
///
/// let x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
/// assert_eq!(Identity.forward(&x).to_vec(), [1.0, 2.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct Identity;

impl Identity {
    /// Anything, and the same back.
    pub fn forward<X: Clone>(&self, x: &X) -> X {
        x.clone()
    }
}

impl<X: Clone> Forward<X> for Identity {
    type Output = X;
    fn forward(&self, x: &X) -> X {
        x.clone()
    }
}

/// `x + m(x)`: a layer, or a tuple of layers, with a way past it (He et al., 2016). The layer gives
/// the shape of its input back.
///
/// Its parameters have the names that they have in the layer.
///
/// ```
/// use volta::prelude::*;
///
/// let mut rng = Rng::seed(0);
/// let block = Residual((Linear::<4, 16>::init(&mut rng), Relu, Linear::<16, 4>::init(&mut rng)));
/// let x: Tensor<s![8, 4]> = Tensor::ones();
/// let y: Tensor<s![8, 4]> = block.forward(&x);
/// assert_eq!(y.to_vec(), (&x + block.0.forward(&x)).to_vec());
/// assert_eq!(Module::<Cpu>::state_dict(&block).keys().next(), Some("0.weight"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct Residual<M>(#[module(flatten)] pub M);

/// A tensor of elements `E` on `B` whose shape is `S`.
#[diagnostic::on_unimplemented(
    message = "the layer inside a residual block gives `{Self}`, and not a tensor of `{E}`",
    label = "`x + m(x)` adds tensors of one element type"
)]
pub trait GivesBack<S: Shape, E: Dtype, B: Backend> {
    #[doc(hidden)]
    fn prim(&self) -> &B::Prim<E>;
}

impl<S: Shape, R: Unchanged<S>, E: Dtype, B: Backend> GivesBack<S, E, B> for Tensor<R, E, B> {
    fn prim(&self) -> &B::Prim<E> {
        self.prim()
    }
}

impl<M> Residual<M> {
    /// `x + m(x)`.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B>
    where
        S: Shape,
        E: Num,
        B: Backend,
        M: Forward<Tensor<S, E, B>>,
        M::Output: GivesBack<S, E, B>,
    {
        let y = self.0.forward(x);
        fits(runtime::equal("residual", x.dims(), B::dims(y.prim())));
        Tensor::from_prim(x.shape(), B::map(Add, [x.prim(), y.prim()]))
    }
}

impl<M, S, E, B> Forward<Tensor<S, E, B>> for Residual<M>
where
    S: Shape,
    E: Num,
    B: Backend,
    M: Forward<Tensor<S, E, B>>,
    M::Output: GivesBack<S, E, B>,
{
    type Output = Tensor<S, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B> {
        self.forward(x)
    }
}
