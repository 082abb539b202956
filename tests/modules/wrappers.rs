//! Models whose parts are type parameters.

use std::marker::PhantomData;

use volta::prelude::*;

use crate::common::{Act, Other, names, new, to_other};

#[derive(Module)]
struct Residual<M> {
    inner: M,
    #[module(skip, init = 2)]
    times: usize,
}

impl<M> Residual<M> {
    fn forward<X>(&self, x: &X) -> X
    where
        M: Forward<X, Output = X>,
        X: Clone,
        for<'a> &'a X: std::ops::Add<&'a X, Output = X>,
    {
        (0..self.times).fold(x.clone(), |x, _| &x + &self.inner.forward(&x))
    }
}

#[derive(Module)]
#[module(no_init)]
struct Stack<T: Module<B>, U, B: Backend = Cpu> {
    layers: Vec<Residual<T>>,
    head: Vec<U>,
    scale: Param<(), f32, B>,
    marker: PhantomData<(T, U)>,
}

#[test]
fn a_module_may_be_a_parameter() {
    let residual: Residual<Linear<1, 1>> = new();
    let other: Residual<Linear<1, 1, Other>> = to_other(&residual);
    assert_eq!(other.times, 2);
    let back: Residual<Linear<1, 1>> = other.to(&Cpu).unwrap();
    assert_eq!(back.state_dict(), residual.state_dict());
    assert_eq!(<Residual<Linear<2, 3>> as Module<Cpu>>::PARAMETERS, 9);

    let stack = Stack::<Linear<1, 1>, Act> {
        layers: vec![back],
        head: vec![Act, Act],
        scale: Tensor::from_scalar(1.0).into(),
        marker: PhantomData,
    };
    let expected = [
        "layers.0.inner.weight[1] trained",
        "layers.0.inner.bias[1] trained",
        "scale[1] trained",
    ];
    assert_eq!(names(&stack), expected);
    let other: Stack<Linear<1, 1, Other>, Act, Other> = to_other(&stack);
    assert_eq!(names(&other), expected);
    assert_eq!(other.head.len(), 2);
    let same = <Stack<Linear<1, 1>, Act> as Module<Cpu>>::same(stack);
    assert_eq!(names(&same), expected);
}

#[test]
fn a_wrapper_computes_and_learns() {
    let mut model: Residual<Linear<2, 2>> = new();
    model.inner.weight = Tensor::eye().into();
    model.inner.bias = Tensor::zeros().into();
    let x: Tensor<s![1, 2]> = Tensor::from_array([[1.0, -3.0]]);
    // x + x, twice.
    assert_eq!(model.forward(&x).to_vec(), [4.0, -12.0]);
    let grads = grad(&model, |m| m.forward(&x.lift()).sum());
    // y = (I + W)^2 x + (I + W) b + b, at W = I.
    assert_eq!(grads.inner.bias.to_vec(), [3.0, 3.0]);
    assert_eq!(grads.inner.weight.to_vec(), [4.0, -12.0, 4.0, -12.0]);
}
