//! What a derived module does.

extern crate self as volta;

mod mock;
pub use mock::*;

use std::marker::PhantomData;

fn new<M: Init<Cpu>>() -> M {
    M::init(&mut Rng(0))
}

#[derive(Module)]
#[module(forward = [N, 3] -> [N, 2])]
struct Mlp<const H: usize, B: Backend = Cpu> {
    fc1: Linear<3, H, f32, B>,
    relu: Relu,
    fc2: Linear<H, 2, f32, B>,
}

#[test]
fn names_are_dotted() {
    let mlp: Mlp<4> = new();
    assert_eq!(
        names(&mlp),
        [
            "fc1.weight[12] trained",
            "fc1.bias[4] trained",
            "fc2.weight[8] trained",
            "fc2.bias[2] trained",
        ]
    );
    const COUNT: usize = <Mlp<4> as Module<Cpu>>::PARAMETERS;
    assert_eq!(COUNT, 26);
}

#[test]
fn fields_are_initialised_in_order() {
    let mlp: Mlp<4> = new();
    assert_eq!(mlp.fc1.weight.0.values[0], 1.0);
    assert_eq!(mlp.fc1.bias.0.values[0], 2.0);
    assert_eq!(mlp.fc2.weight.0.values[0], 3.0);
    assert_eq!(mlp.fc2.bias.0.values[0], 4.0);
}

#[test]
fn visit_mut_reaches_every_tensor() {
    let mut mlp: Mlp<4> = new();
    let mut count = Count::default();
    mlp.visit_mut(&mut Path::default(), &mut count);
    assert_eq!(
        count.0,
        ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]
    );
    assert_eq!(mlp.fc2.bias.0.values, [3.0, 3.0]);
}

#[test]
fn map_changes_the_backend_alone() {
    let mlp: Mlp<4> = new();
    let other: Mlp<4, Other> = to_other(&mlp);
    assert_eq!(other.fc2.bias.0.backend(), "other");
    assert_eq!(other.fc2.bias.0.values, mlp.fc2.bias.0.values);
    assert_eq!(names(&other), names(&mlp));
}

#[test]
fn map_stops_at_the_first_error() {
    let mlp: Mlp<4> = new();
    let mut mapper = Move(Some("fc1.bias"), Vec::new());
    let outcome: Result<Mlp<4, Other>, String> = mlp.map(&mut Path::default(), &mut mapper);
    assert_eq!(outcome.err().as_deref(), Some("fc1.bias"));
    assert_eq!(mapper.1, ["fc1.weight"]);
}

#[test]
fn forward_calls_the_layers_in_order() {
    let mlp: Mlp<4> = new();
    let x: Tensor<(D<5>, D<3>)> = Tensor::zeros(&());
    let y: Tensor<(D<5>, D<2>)> = mlp.forward(&x);
    assert_eq!(y.values, [4.0; 10]);
    let by_trait = Forward::forward(&mlp, &x);
    assert_eq!(by_trait, y);
}

#[derive(Module)]
#[module(sequential, forward = [I, *] -> [{O}, *])]
struct Signatures<const I: usize, const O: usize, E: Float, K: Backend>(
    #[module(flatten)] Broadcast<I, O, E, K>,
)
where
    D<I>: Dim;

#[derive(Module)]
struct Broadcast<const I: usize, const O: usize, E: Float, K: Backend>(Linear<I, O, E, K>);

impl<const I: usize, const O: usize, E: Float, K: Backend> Forward<Tensor<(D<I>, One), E, K>>
    for Broadcast<I, O, E, K>
{
    type Output = Tensor<(D<O>, One), E, K>;
    fn forward(&self, x: &Tensor<(D<I>, One), E, K>) -> Self::Output {
        assert_eq!(x.values.len(), I);
        Tensor::of(vec![E::from_f32(7.0); O])
    }
}

#[test]
fn a_shape_may_name_parameters_and_broadcast_axes() {
    let model: Signatures<3, 2, f64, Cpu> = new();
    assert_eq!(names(&model), ["0.weight[6] trained", "0.bias[2] trained"]);
    let x: Tensor<(D<3>, One), f64> = Tensor::zeros(&());
    let y: Tensor<(D<2>, One), f64> = model.forward(&x);
    assert_eq!(y.values, [7.0; 2]);
}

#[derive(Module)]
struct Attributes<E: Float, B: Backend = Cpu> {
    #[module(rename = "W")]
    weight: Param<(D<2>,), E, B>,
    #[module(buffer, init = { let _ = rng.number(); Tensor::zeros(device) })]
    mean: Tensor<(D<3>,), E, B>,
    #[module(frozen)]
    pretrained: Linear<2, 2, E, B>,
    #[module(flatten)]
    inner: Inner<E, B>,
    #[module(skip)]
    epoch: usize,
    #[module(skip, init = "named".to_owned())]
    label: String,
    #[module(init = vec![<_ as Init<B>>::init_on(device, rng), <_ as Init<B>>::init_on(device, rng)])]
    list: Vec<Linear<1, 1, E, B>>,
    marker: PhantomData<(E, B)>,
}

#[derive(Module)]
struct Inner<E: Float, B: Backend = Cpu> {
    scale: Param<(), E, B>,
}

#[test]
fn every_attribute_does_what_it_says() {
    let model: Attributes<f64> = new();
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
    assert_eq!(model.weight.0.values, [1.0, 1.0]);
    // The initial value of `mean` took the second number.
    assert_eq!(model.pretrained.weight.0.values[0], 3.0);

    let mut other = to_other(&model);
    assert_eq!(names(&other), expected);
    assert_eq!(other.mean.backend(), "other");
    assert_eq!((other.epoch, other.label.as_str()), (0, "named"));
    let PhantomData::<(f64, Other)> = other.marker;

    let mut count = Count::default();
    other.visit_mut(&mut Path::default(), &mut count);
    assert_eq!(count.0.len(), expected.len());
    assert_eq!(other.inner.scale.0.values, [4.0]);
}

#[test]
fn every_parameter_counts_frozen_or_not() {
    #[derive(Module)]
    struct Half<B: Backend = Cpu> {
        #[module(frozen)]
        one: Linear<2, 3, f32, B>,
        two: Param<(D<4>,), f32, B>,
        #[module(buffer, init = Tensor::zeros(device))]
        buffer: Tensor<(D<100>,), f32, B>,
    }
    assert_eq!(<Half as Module<Cpu>>::PARAMETERS, 9 + 4);
    let half: Half = new();
    assert_eq!(names(&half).len(), 4);
    let _ = (&half.one, &half.two, &half.buffer);
}

#[derive(Module)]
struct Tuple<B: Backend>(
    Linear<1, 2, f32, B>,
    Relu,
    #[module(rename = "last")] Param<(), f32, B>,
);

#[derive(Module)]
struct Unit;

#[derive(Module)]
struct Empty {}

#[derive(Module)]
struct Settings {
    #[module(skip, init = 0.5)]
    p: f32,
    act: Relu,
}

#[test]
fn tuple_structs_are_numbered() {
    let tuple: Tuple<Cpu> = new();
    let expected = [
        "0.weight[2] trained",
        "0.bias[2] trained",
        "last[1] trained",
    ];
    assert_eq!(names(&tuple), expected);
    assert_eq!(names(&to_other(&tuple)), expected);
}

#[test]
fn a_type_without_tensors_is_a_module_on_every_backend() {
    fn everywhere<M: Module<Cpu, On<Other> = M> + Module<Other, On<Cpu> = M>>(_: &M) {}
    everywhere(&Unit);
    everywhere(&Empty {});
    let settings: Settings = new();
    everywhere(&settings);
    assert_eq!(to_other(&settings).p, 0.5);
    assert_eq!(settings.act, Relu);
    assert_eq!(<Settings as Module<Other>>::PARAMETERS, 0);
    let _: Unit = new();
    let _: Empty = new();
}

#[derive(Module)]
struct Residual<M> {
    inner: M,
    #[module(skip, init = 2)]
    times: usize,
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
    let other: Residual<Linear<1, 1, f32, Other>> = to_other(&residual);
    assert_eq!(other.times, 2);
    let back = <Residual<Linear<1, 1>> as Module<Cpu>>::same(residual);
    assert_eq!(back.inner.bias.0.values, [2.0]);
    assert_eq!(<Residual<Linear<2, 3>> as Module<Cpu>>::PARAMETERS, 9);

    let stack = Stack::<Linear<1, 1>, Relu> {
        layers: vec![back],
        head: vec![Relu, Relu],
        scale: new(),
        marker: PhantomData,
    };
    let expected = [
        "layers.0.inner.weight[1] trained",
        "layers.0.inner.bias[1] trained",
        "scale[1] trained",
    ];
    assert_eq!(names(&stack), expected);
    let other: Stack<Linear<1, 1, f32, Other>, Relu, Other> = to_other(&stack);
    assert_eq!(names(&other), expected);
    assert_eq!(other.head.len(), 2);
    let same = <Stack<Linear<1, 1>, Relu> as Module<Cpu>>::same(stack);
    assert_eq!(names(&same), expected);
}

#[derive(Module)]
#[module(forward = [N, 2] -> [N, 2])]
enum Layer<B: Backend = Cpu> {
    Dense(Linear<2, 2, f32, B>),
    Two {
        first: Linear<2, 4, f32, B>,
        act: Relu,
        #[module(frozen)]
        second: Linear<4, 2, f32, B>,
    },
    Act(Relu),
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
enum Act {
    Relu,
    Other(Relu),
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
    On { layer: Linear<1, 1, f32, B> },
    Output(Linear<1, 1, f32, B>, #[module(skip)] u8),
    Error(Relu, PhantomData<M>),
}

#[test]
fn an_enum_has_the_names_of_its_variant() {
    let dense: Layer = Layer::Dense(new());
    assert_eq!(names(&dense), ["0.weight[4] trained", "0.bias[2] trained"]);
    let two: Layer = Layer::Two {
        first: new(),
        act: Relu,
        second: new(),
    };
    let expected = [
        "first.weight[8] trained",
        "first.bias[4] trained",
        "second.weight[8] frozen",
        "second.bias[2] frozen",
    ];
    assert_eq!(names(&two), expected);
    let mut other = to_other(&two);
    assert_eq!(names(&other), expected);
    let mut count = Count::default();
    other.visit_mut(&mut Path::default(), &mut count);
    assert_eq!(count.0[3], "second.bias");
    assert!(
        matches!(other, Layer::<Other>::Two { second, .. } if second.bias.0.values == [3.0, 3.0])
    );

    let x: Tensor<(D<1>, D<2>)> = Tensor::of(vec![8.0, 9.0]);
    assert_eq!(two.forward(&x).values, [2.0, 2.0]);
    assert_eq!(Layer::<Cpu>::Act(Relu).forward(&x), x);
}

#[test]
fn an_enum_may_hold_anything() {
    type On<B> = Mixed<Linear<1, 1, f32, B>, B>;
    let note = "n".to_owned();
    let noted: On<Cpu> = Mixed::Noted {
        note,
        mean: Tensor::zeros(&()),
    };
    assert_eq!(names(&noted), ["mean[1] buffer"]);
    let other: On<Other> = to_other(&noted);
    assert!(
        matches!(&other, Mixed::Noted { note, mean } if note == "n" && mean.backend() == "other")
    );
    let some: On<Cpu> = Mixed::Some(new(), PhantomData);
    assert_eq!(
        names(&to_other(&some)),
        ["it.weight[1] trained", "it.bias[1] trained"]
    );
    assert!(matches!(Module::<Cpu>::same(some), On::<Cpu>::Some(..)));
    assert!(names(&On::<Cpu>::None).is_empty());
    assert!(matches!(to_other(&Act::Relu), Act::Relu));
    assert!(matches!(to_other(&Act::Other(Relu)), Act::Other(_)));
    let on: Switch<Relu> = Switch::On { layer: new() };
    assert_eq!(on.forward(&tensor![[1.0]]).values, [2.0]);
    assert_eq!(names(&to_other(&on)).len(), 2);
    let output: Switch<Relu> = Switch::Output(new(), 3);
    assert!(matches!(to_other(&output), Switch::Output(_, 3)));
    let error: Switch<Relu> = Switch::Error(Relu, PhantomData);
    assert!(matches!(
        Module::<Cpu>::same(error),
        Switch::<Relu>::Error(Relu, _)
    ));
    fn module<M: Module<Cpu>>() {}
    module::<Never>();
}

mod renamed_trait {
    use super::{Backend as Engine, Module, Param, Tensor};

    #[derive(Module)]
    #[module(backend = X)]
    pub(super) struct Model<X: Engine> {
        pub(super) weight: Param<(), f32, X>,
        #[module(buffer, init = Tensor::zeros(device))]
        pub(super) buffer: Tensor<(), i32, X>,
    }
}

#[test]
fn the_backend_may_be_named() {
    let model: renamed_trait::Model<Cpu> = new();
    let other = to_other(&model);
    assert_eq!(other.weight.0.backend(), "other");
    assert_eq!(other.buffer.backend(), "other");
}
