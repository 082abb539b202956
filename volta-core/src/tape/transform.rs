//! Gradients as functions of functions.

use std::ops::Deref;

use super::backward::Gradients;
use super::record::{Node, Tape, Taped, Tracked, tape_of};
use crate::backend::Backend;
use crate::dtype::{Dtype, Float};
use crate::nn::{Mapper, Module, Path, Running};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// A traced scalar: what a gradient is taken of.
#[diagnostic::on_unimplemented(
    message = "the loss is `{Self}`, not a tensor",
    label = "a gradient is taken of a scalar tensor on the tape",
    note = "the function returns the loss as it is computed, without `.item()` and without a `;` after it",
    note = "`value_and_grad_aux` takes a pair `(loss, aux)`"
)]
pub trait Loss<B: Backend>: Sized {
    /// Its element type.
    type Dtype: Float;
    #[doc(hidden)]
    fn into_prim(self) -> Tracked<Self::Dtype, B>;
}

impl<L: LossTensor<B>, B: Backend> Loss<B> for L {
    type Dtype = <L as LossDtype>::Dtype;
    fn into_prim(self) -> Tracked<<L as LossDtype>::Dtype, B> {
        self.into_tracked()
    }
}

/// [`Loss`] for tensors. It is a trait of its own so that the compiler does not list its
/// implementation to the user.
pub trait LossTensor<B: Backend>: LossDtype {
    /// The primitive, with its place on the tape.
    fn into_tracked(self) -> Tracked<Self::Dtype, B>;
}

impl<S, E, B, B2> LossTensor<B> for Tensor<S, E, B2>
where
    S: LossShape,
    E: Float,
    B: Backend,
    B2: OnTape<B>,
{
    fn into_tracked(self) -> Tracked<E, B> {
        B2::tracked(self.into_prim())
    }
}

/// The element type of a loss, whatever its shape and its backend.
pub trait LossDtype: Sized {
    /// The element type.
    type Dtype: Float;
}

impl<S: Shape, E: Float, B: Backend> LossDtype for Tensor<S, E, B> {
    type Dtype = E;
}

/// The shape of a loss, `()`.
#[diagnostic::on_unimplemented(
    message = "the loss has the shape `{Self}`, and a gradient is taken of a scalar",
    label = "this loss is not a scalar",
    note = "reduce it: `.mean()` or `.sum()`; `vjp` takes a function of any shape"
)]
pub trait LossShape: Shape {}

#[diagnostic::do_not_recommend]
impl LossShape for () {}

/// The backend of a loss, `Taped<B>`.
#[diagnostic::on_unimplemented(
    message = "the loss is on `{Self}`, not on the tape: it has no gradient",
    label = "this loss is not traced",
    note = "compute it from the model that the function is given; what is detached has no gradient"
)]
pub trait OnTape<B: Backend>: Backend {
    #[doc(hidden)]
    fn tracked<E: Dtype>(prim: Self::Prim<E>) -> Tracked<E, B>;
}

#[diagnostic::do_not_recommend]
impl<B: Backend> OnTape<B> for Taped<B> {
    fn tracked<E: Dtype>(prim: Tracked<E, B>) -> Tracked<E, B> {
        prim
    }
}

/// Whether a parameter is on the tape: unless it is frozen.
fn is_watched(path: &Path, trainable: bool) -> bool {
    trainable && !path.frozen()
}

/// Puts the parameters of a model on a tape, in the order of visiting: they are the first on it.
struct Watch<B: Backend> {
    tape: Tape<B>,
}

impl<B: Backend> Mapper<B, Taped<B>> for Watch<B> {
    type Error = std::convert::Infallible;

    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        trainable: bool,
        tensor: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, Taped<B>>, Self::Error> {
        let node = is_watched(path, trainable).then(|| Node {
            tape: self.tape.clone(),
            id: self.tape.leaf(),
        });
        let value = tensor.prim().clone();
        Ok(Tensor::from_prim(tensor.shape(), Tracked { value, node }))
    }

    fn buffer<S: Shape, E: Dtype>(
        &mut self,
        _: &Path,
        tensor: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, Taped<B>>, Self::Error> {
        Ok(tensor.lift())
    }

    /// What a traced call changes is the model's own.
    fn running<S: Shape, E: Dtype>(
        &mut self,
        _: &Path,
        running: &Running<S, E, B>,
    ) -> Result<Running<S, E, Taped<B>>, Self::Error> {
        Ok(running.share())
    }
}

/// Puts gradients in the place of parameters.
struct Collect<B: Backend> {
    gradients: Gradients<B>,
    /// Where the next parameter is on the tape.
    next: usize,
}

impl<B: Backend> Mapper<B, B> for Collect<B> {
    type Error = std::convert::Infallible;

    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        trainable: bool,
        tensor: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B>, Self::Error> {
        let mut gradient = None;
        if is_watched(path, trainable) {
            gradient = self.gradients.take::<E>(self.next);
            self.next += 1;
        }
        Ok(match gradient {
            Some(prim) => Tensor::from_prim(tensor.shape(), prim),
            None => tensor.zeros_like(),
        })
    }

    fn buffer<S: Shape, E: Dtype>(
        &mut self,
        _: &Path,
        tensor: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B>, Self::Error> {
        Ok(tensor.clone())
    }
}

/// A model on a tape: the step form of [`value_and_grad`], for loops without closures.
///
/// ```
/// use volta::prelude::*;
///
/// let w: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
/// let traced = Traced::new(&w);
/// let loss = traced.square().sum();
/// let (loss, grads) = traced.backward(loss);
/// assert_eq!(loss.item(), 14.0);
/// assert_eq!(grads.to_vec(), [2.0, 4.0, 6.0]);
/// ```
pub struct Traced<'m, M: Module<B>, B: Backend> {
    model: &'m M,
    on_tape: M::On<Taped<B>>,
    tape: Tape<B>,
}

impl<M: Module<B>, B: Backend> Deref for Traced<'_, M, B> {
    type Target = M::On<Taped<B>>;
    fn deref(&self) -> &Self::Target {
        &self.on_tape
    }
}

impl<'m, M: Module<B>, B: Backend> Traced<'m, M, B> {
    /// Traces every parameter of `model` that is not frozen.
    pub fn new(model: &'m M) -> Self {
        let mut watch = Watch { tape: Tape::new() };
        let Ok(on_tape) = model.map(&mut Path::new(), &mut watch);
        Traced {
            model,
            on_tape,
            tape: watch.tape,
        }
    }

    /// The traced model.
    pub fn model(&self) -> &M::On<Taped<B>> {
        &self.on_tape
    }

    /// The value of `loss`, and its gradient by every parameter: zeros where it does not depend on
    /// one.
    ///
    /// # Panics
    /// If `loss` was computed from another traced model.
    pub fn backward<L: Loss<B>>(self, loss: L) -> (Tensor<(), L::Dtype, B>, M) {
        let loss = loss.into_prim();
        let one = B::full(&B::device(loss.value()), L::Dtype::ONE, &[]);
        let value = Tensor::from_prim((), loss.value().clone());
        (value, self.pull(&loss, one))
    }

    fn pull<E: Float>(self, of: &Tracked<E, B>, gradient: B::Prim<E>) -> M {
        let gradients = match &of.node {
            None => Gradients::none(),
            Some(node) => {
                assert!(
                    node.tape.is(&self.tape),
                    "backward: the loss was computed from another traced model"
                );
                let gradient = E::into_any::<B>(gradient).expect("a float");
                Gradients::run(&self.tape, node.id, gradient)
            }
        };
        let mut collect = Collect { gradients, next: 0 };
        let Ok(grads) = self.model.map(&mut Path::new(), &mut collect);
        M::same(grads)
    }
}

/// The gradient of a scalar function by every parameter of `model`, as a value of the model's type.
///
/// ```
/// use volta::prelude::*;
///
/// let x: Tensor<()> = Tensor::from_scalar(3.0);
/// let slope = grad(&x, |x| x.square() * 2.0);
/// assert_eq!(slope.item(), 12.0);
/// ```
pub fn grad<M, B, L>(model: &M, f: impl FnOnce(&M::On<Taped<B>>) -> L) -> M
where
    M: Module<B>,
    B: Backend,
    L: Loss<B>,
{
    value_and_grad(model, f).1
}

/// The value of a scalar function and its gradient by every parameter of `model`, as a value of
/// the model's type. A parameter that the value does not depend on, or that is frozen, has a
/// gradient of zeros.
///
/// Nested calls differentiate again: the model inside may itself be on a tape.
///
/// ```
/// use volta::prelude::*;
///
/// let mut rng = Rng::seed(0);
/// let model: Linear<3, 1> = Linear::init(&mut rng);
/// let x: Tensor<s![8, 3]> = Tensor::randn(&mut rng);
/// let y: Tensor<s![8, 1]> = Tensor::randn(&mut rng);
/// let (loss, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).mse_loss(&y));
/// assert!(loss.item() > 0.0);
/// let _: &Tensor<s![1, 3]> = &grads.weight;
/// ```
pub fn value_and_grad<M, B, L>(
    model: &M,
    f: impl FnOnce(&M::On<Taped<B>>) -> L,
) -> (Tensor<(), L::Dtype, B>, M)
where
    M: Module<B>,
    B: Backend,
    L: Loss<B>,
{
    let traced = Traced::new(model);
    let loss = f(&traced);
    traced.backward(loss)
}

/// [`value_and_grad`] of a function that returns something beside its value: `(loss, aux)`.
///
/// ```
/// use volta::prelude::*;
///
/// let w: Tensor<s![2]> = Tensor::from_array([1.0, -2.0]);
/// let ((loss, positive), grads) = value_and_grad_aux(&w, |w| {
///     let y = w.relu();
///     (y.sum(), y.detach())
/// });
/// assert_eq!(loss.item(), 1.0);
/// assert_eq!(positive.to_vec(), [1.0, 0.0]);
/// assert_eq!(grads.to_vec(), [1.0, 0.0]);
/// ```
pub fn value_and_grad_aux<M, B, L, A>(
    model: &M,
    f: impl FnOnce(&M::On<Taped<B>>) -> (L, A),
) -> ((Tensor<(), L::Dtype, B>, A), M)
where
    M: Module<B>,
    B: Backend,
    L: Loss<B>,
{
    let traced = Traced::new(model);
    let (loss, aux) = f(&traced);
    let (loss, grads) = traced.backward(loss);
    ((loss, aux), grads)
}

/// The value of a function of any shape, and the function that takes a cotangent of that shape to
/// the gradient: the vector-Jacobian product.
///
/// ```
/// use volta::prelude::*;
///
/// let x: Tensor<s![2]> = Tensor::from_array([1.0, 2.0]);
/// let (y, pull) = vjp(&x, |x| x.square());
/// assert_eq!(y.to_vec(), [1.0, 4.0]);
/// assert_eq!(pull(&Tensor::from_array([1.0, 10.0])).to_vec(), [2.0, 40.0]);
/// ```
pub fn vjp<M, B, S, E, F>(model: &M, f: F) -> (Tensor<S, E, B>, impl FnOnce(&Tensor<S, E, B>) -> M)
where
    F: FnOnce(&M::On<Taped<B>>) -> Tensor<S, E, Taped<B>>,
    M: Module<B>,
    B: Backend,
    S: Shape,
    E: Float,
{
    let traced = Traced::new(model);
    let y = f(&traced);
    let value = y.detach();
    let dims = value.shape();
    (value, move |cotangent: &Tensor<S, E, B>| {
        assert_eq!(
            cotangent.shape(),
            dims,
            "vjp: the cotangent has another shape than the value"
        );
        traced.pull(y.prim(), cotangent.prim().clone())
    })
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The same tensor as a constant on a tape: the input of a traced model.
    pub fn lift(&self) -> Tensor<S, E, Taped<B>> {
        Tensor::from_prim(self.shape(), Tracked::constant(self.prim().clone()))
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, Taped<B>> {
    /// The value without its history. No gradient flows through it.
    pub fn detach(&self) -> Tensor<S, E, B> {
        Tensor::from_prim(self.shape(), self.prim().value().clone())
    }

    /// Whether it depends on something that a gradient is taken by.
    pub fn is_traced(&self) -> bool {
        tape_of([self.prim().node.as_ref()]).is_some()
    }
}
