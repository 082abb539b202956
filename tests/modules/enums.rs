//! Enums: a model of the variant that there is.

use std::marker::PhantomData;

use volta::prelude::*;

use crate::common::{Act, Other, count, names, new, to_other};

#[derive(Module)]
#[module(forward = [N, 2] -> [N, 2])]
enum Layer<B: Backend = Cpu> {
    Dense(Linear<2, 2, B>),
    Two {
        first: Linear<2, 4, B>,
        act: Act,
        #[module(frozen)]
        second: Linear<4, 2, B>,
    },
    Act(Act),
}

#[derive(Module)]
enum Mixed<M, B: Backend = Cpu> {
    None,
    Noted {
        #[module(skip)]
        note: String,
        #[module(buffer)]
        mean: Tensor<(), f32, B>,
    },
    Some(#[module(rename = "it")] M, PhantomData<B>),
}

#[derive(Module)]
enum Plain {
    Relu,
    Other(Act),
}

#[derive(Module)]
enum Never {}

/// Named like the associated types.
#[derive(Module)]
#[module(forward = [N, 1] -> [N, 1])]
enum Switch<M, B: Backend = Cpu>
where
    M: Module<B>,
{
    On { layer: Linear<1, 1, B> },
    Output(Linear<1, 1, B>, #[module(skip)] u8),
    Error(Act, PhantomData<M>),
}

#[test]
fn an_enum_has_the_names_of_its_variant() {
    let dense: Layer = Layer::Dense(new());
    assert_eq!(names(&dense), ["0.weight[4] trained", "0.bias[2] trained"]);
    let mut two: Layer = Layer::Two {
        first: new(),
        act: Act,
        second: new(),
    };
    let expected = [
        "first.weight[8] trained",
        "first.bias[4] trained",
        "second.weight[8] frozen",
        "second.bias[2] frozen",
    ];
    assert_eq!(names(&two), expected);
    assert_eq!(two.num_parameters(), 22);
    assert_eq!(names(&to_other(&two)), expected);
    assert_eq!(count(&mut two)[3], "second.bias");
    assert!(matches!(&two, Layer::Two { second, .. } if second.bias.to_vec() == [3.0, 3.0]));

    // Weights of 0 and 2, biases of 1 and 3: 4 * relu(1) * 2 + 3.
    let x: Tensor<s![1, 2]> = Tensor::from_array([[8.0, -9.0]]);
    assert_eq!(two.forward(&x).to_vec(), [11.0, 11.0]);
    assert_eq!(Layer::<Cpu>::Act(Act).forward(&x).to_vec(), [8.0, 0.0]);
}

#[test]
fn another_variant_is_another_model() {
    let act: Layer = Layer::Act(Act);
    let mut dense: Layer = Layer::Dense(new());
    let error = dense.load_state_dict(&act.state_dict()).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("missing: 0.weight\n  missing: 0.bias"),
        "{error}"
    );
}

#[test]
fn an_enum_may_hold_anything() {
    type On<B> = Mixed<Linear<1, 1, B>, B>;
    let note = "n".to_owned();
    let noted: On<Cpu> = Mixed::Noted {
        note,
        mean: Tensor::zeros(),
    };
    assert_eq!(names(&noted), ["mean[1] buffer"]);
    let other: On<Other> = to_other(&noted);
    assert!(matches!(&other, Mixed::Noted { note, mean } if note == "n" && mean.item() == 0.0));
    let some: On<Cpu> = Mixed::Some(new(), PhantomData);
    assert_eq!(
        names(&to_other(&some)),
        ["it.weight[1] trained", "it.bias[1] trained"]
    );
    assert!(matches!(Module::<Cpu>::same(some), On::<Cpu>::Some(..)));
    assert!(names(&On::<Cpu>::None).is_empty());
    assert!(matches!(to_other(&Plain::Relu), Plain::Relu));
    assert!(matches!(to_other(&Plain::Other(Act)), Plain::Other(_)));
    fn module<M: Module<Cpu>>() {}
    module::<Never>();
}

#[test]
fn variants_may_be_called_as_associated_types_are() {
    let on: Switch<Act> = Switch::On { layer: new() };
    let Switch::On { layer } = &on else {
        unreachable!()
    };
    let x: Tensor<s![1, 1]> = tensor![[1.0]];
    assert_eq!(on.forward(&x).to_vec(), layer.forward(&x).to_vec());
    assert_eq!(names(&to_other(&on)).len(), 2);
    let output: Switch<Act> = Switch::Output(new(), 3);
    assert!(matches!(to_other(&output), Switch::Output(_, 3)));
    let error: Switch<Act> = Switch::Error(Act, PhantomData);
    assert!(matches!(
        Module::<Cpu>::same(error),
        Switch::<Act>::Error(Act, _)
    ));
}
