//! `#[module(..)]` on fields and types.

use std::marker::PhantomData;

use volta::prelude::*;

use crate::common::{Other, count, names, new, to_other};

#[derive(Module)]
struct Attributes<E: Float, B: Backend = Cpu> {
    #[module(rename = "W", init = Tensor::full_on((D,), E::ONE, device).into())]
    weight: Param<s![2], E, B>,
    #[module(buffer, init = Tensor::rand_on((D,), rng, device))]
    mean: Tensor<s![3], E, B>,
    #[module(frozen)]
    pretrained: Linear<2, 2, B, E>,
    #[module(flatten)]
    inner: Inner<E, B>,
    #[module(skip)]
    epoch: usize,
    #[module(skip, init = "named".to_owned())]
    label: String,
    #[module(init = vec![<_ as Init<B>>::init_on(device, rng), <_ as Init<B>>::init_on(device, rng)])]
    list: Vec<Linear<1, 1, B, E>>,
    #[module(init = None)]
    head: Option<Linear<1, 1, B, E>>,
    marker: PhantomData<(E, B)>,
}

#[derive(Module)]
struct Inner<E: Float, B: Backend = Cpu> {
    #[module(init = Tensor::full_on((), E::ZERO, device).into())]
    scale: Param<(), E, B>,
}

#[test]
fn every_attribute_does_what_it_says() {
    let mut model: Attributes<f64> = new();
    let expected = [
        "W[2] trained",
        "mean[3] buffer",
        "pretrained.weight[4] frozen",
        "pretrained.bias[2] frozen",
        "scale[1] trained",
        "list.0.weight[1] trained",
        "list.0.bias[1] trained",
        "list.1.weight[1] trained",
        "list.1.bias[1] trained",
    ];
    assert_eq!(names(&model), expected);
    assert_eq!((model.epoch, model.label.as_str()), (0, "named"));
    assert_eq!(model.weight.to_vec(), [1.0, 1.0]);
    // `rng` is the stream of the whole model: the buffer took the first numbers of it.
    let mut rng = Rng::seed(0);
    let mean: Tensor<s![3], f64> = Tensor::rand(&mut rng);
    assert_eq!(model.mean.to_vec(), mean.to_vec());
    let next: Linear<2, 2, Cpu, f64> = Linear::init(&mut rng);
    assert_eq!(model.pretrained.state_dict(), next.state_dict());

    let other = to_other(&model);
    assert_eq!(names(&other), expected);
    assert_eq!((other.epoch, other.label.as_str()), (0, "named"));
    let _: &Tensor<s![3], f64, Other> = &other.mean;
    let PhantomData::<(f64, Other)> = other.marker;
    assert!(other.head.is_none());

    assert_eq!(count(&mut model).len(), expected.len());
    assert_eq!(model.inner.scale.item(), 4.0);
    assert_eq!(model.list[1].bias.to_vec(), [8.0]);
}

#[test]
fn every_parameter_counts_frozen_or_not() {
    #[derive(Module)]
    struct Half<B: Backend = Cpu> {
        #[module(frozen)]
        one: Linear<2, 3, B>,
        #[module(init = Tensor::full_on((D,), 0.0, device).into())]
        two: Param<s![4], f32, B>,
        #[module(buffer, init = Tensor::full_on((D,), 0.0, device))]
        buffer: Tensor<s![100], f32, B>,
    }
    const COUNT: usize = Half::<Cpu>::PARAMETERS;
    let half: Half = new();
    assert_eq!((COUNT, half.num_parameters()), (9 + 4, 9 + 4));
    assert_eq!(names(&half).len(), 4);
    assert_eq!(
        (half.one.bias.numel(), half.two.numel(), half.buffer.numel()),
        (3, 4, 100)
    );
}

mod renamed_trait {
    use super::{Module, Param, Tensor};
    use volta::Backend as Engine;

    #[derive(Module)]
    #[module(backend = X)]
    pub(super) struct Model<X: Engine> {
        #[module(init = Tensor::full_on((), 0.0, device).into())]
        pub(super) weight: Param<(), f32, X>,
        #[module(buffer, init = Tensor::full_on((), 0, device))]
        pub(super) buffer: Tensor<(), i32, X>,
    }
}

#[test]
fn the_backend_may_be_named() {
    let model: renamed_trait::Model<Cpu> = new();
    let other: renamed_trait::Model<Other> = to_other(&model);
    let _: &Tensor<(), f32, Other> = &other.weight;
    let _: &Tensor<(), i32, Other> = &other.buffer;
}
