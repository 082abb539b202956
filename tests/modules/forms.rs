//! Structs of every form, and the containers.

use std::marker::PhantomData;

use volta::nn::Path;
use volta::prelude::*;

use crate::common::{Act, Move, Other, count, names, new, to_other};

#[derive(Module)]
struct Mlp<const H: usize, B: Backend = Cpu> {
    fc1: Linear<3, H, B>,
    act: Act,
    fc2: Linear<H, 2, B>,
}

const MLP: [&str; 4] = [
    "fc1.weight[12] trained",
    "fc1.bias[4] trained",
    "fc2.weight[8] trained",
    "fc2.bias[2] trained",
];

#[test]
fn names_are_dotted_and_parameters_counted() {
    let mlp: Mlp<4> = new();
    assert_eq!(names(&mlp), MLP);
    const COUNT: usize = Mlp::<4>::PARAMETERS;
    assert_eq!((COUNT, mlp.num_parameters()), (26, 26));
    assert_eq!(mlp.act, Act);
}

#[test]
fn one_seed_gives_one_model() {
    let of = |seed| Mlp::<4>::init(&mut Rng::seed(seed)).state_dict();
    assert_eq!(of(7), of(7));
    for key in ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"] {
        assert_ne!(of(7).get(key), of(8).get(key), "{key}");
    }
    // In the order of declaration: the layers alone, from one stream, are the same.
    let mut rng = Rng::seed(7);
    let fc1: Linear<3, 4> = Linear::init(&mut rng);
    let fc2: Linear<4, 2> = Linear::init(&mut rng);
    assert_eq!(fc1.state_dict().get("bias"), of(7).get("fc1.bias"));
    assert_eq!(fc2.state_dict().get("weight"), of(7).get("fc2.weight"));
}

#[test]
fn every_tensor_can_be_changed() {
    let mut mlp: Mlp<4> = new();
    assert_eq!(
        count(&mut mlp),
        ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]
    );
    assert_eq!(mlp.fc2.bias.to_vec(), [3.0, 3.0]);
}

#[test]
fn map_changes_the_backend_alone() {
    let mlp: Mlp<4> = new();
    let other: Mlp<4, Other> = to_other(&mlp);
    assert_eq!(names(&other), MLP);
    assert_eq!(other.state_dict(), mlp.state_dict());
    let back: Mlp<4> = other.to(&Cpu).unwrap();
    assert_eq!(back.state_dict(), mlp.state_dict());
}

#[test]
fn on_the_same_backend_a_model_is_itself() {
    fn round_trip<B: Backend, M: Module<B>>(model: &M) -> M {
        let Ok(same) = model.map(&mut Path::new(), &mut Same);
        M::same(same)
    }
    struct Same;
    impl<B: Backend> volta::nn::Mapper<B, B> for Same {
        type Error = std::convert::Infallible;
        fn parameter<S: Shape, E: Float>(
            &mut self,
            _: &Path,
            _: bool,
            x: &Tensor<S, E, B>,
        ) -> Result<Tensor<S, E, B>, Self::Error> {
            Ok(x.clone())
        }
        fn buffer<S: Shape, E: Dtype>(
            &mut self,
            _: &Path,
            x: &Tensor<S, E, B>,
        ) -> Result<Tensor<S, E, B>, Self::Error> {
            Ok(x.clone())
        }
    }
    let mlp: Mlp<4> = new();
    let back: Mlp<4> = round_trip(&mlp);
    assert_eq!(back.state_dict(), mlp.state_dict());
    // `to` gives the type of the model without a word of it.
    let moved: Mlp<4> = mlp.to(&Cpu).unwrap();
    assert_eq!(moved.state_dict(), mlp.state_dict());
}

#[test]
fn map_stops_at_the_first_error() {
    let mlp: Mlp<4> = new();
    let mut mapper = Move(Some("fc1.bias"), Vec::new());
    let outcome: Result<Mlp<4, Other>, String> = mlp.map(&mut Path::new(), &mut mapper);
    assert_eq!(outcome.err().as_deref(), Some("fc1.bias"));
    assert_eq!(mapper.1, ["fc1.weight"]);
}

#[derive(Module)]
struct Tuple<B: Backend = Cpu>(
    Linear<1, 2, B>,
    Act,
    #[module(rename = "last")] Linear<2, 1, B>,
);

#[derive(Module)]
struct Unit;

#[derive(Module)]
struct Empty {}

#[derive(Module)]
struct Settings {
    #[module(skip, init = 0.5)]
    p: f32,
    act: Act,
}

#[test]
fn tuple_structs_are_numbered() {
    let tuple: Tuple = new();
    let expected = [
        "0.weight[2] trained",
        "0.bias[2] trained",
        "last.weight[2] trained",
        "last.bias[1] trained",
    ];
    assert_eq!(names(&tuple), expected);
    assert_eq!(names(&to_other(&tuple)), expected);
    assert_eq!(tuple.1, Act);
    assert_eq!(Tuple::<Cpu>::PARAMETERS, 7);
}

#[test]
fn a_type_without_tensors_is_a_module_on_every_backend() {
    fn everywhere<M: Module<Cpu, On<Other> = M> + Module<Other, On<Cpu> = M>>(_: &M) {}
    everywhere(&Unit);
    everywhere(&Empty {});
    let settings: Settings = new();
    everywhere(&settings);
    assert_eq!(to_other(&settings).p, 0.5);
    assert_eq!(settings.act, Act);
    assert_eq!(<Settings as Module<Other>>::PARAMETERS, 0);
    let _: Unit = new();
    let _: Empty = new();
}

type Maybe<T> = Option<Box<T>>;

/// Generic over sizes, element type and backend, and made of every container.
#[derive(Module)]
#[module(no_init)]
struct Containers<const I: usize, const O: usize, E: Float = f32, B: Backend = Cpu> {
    list: Vec<Linear<I, O, B, E>>,
    array: [Linear<I, O, B, E>; 2],
    pair: (Linear<I, O, B, E>, Act),
    there: Option<Linear<I, O, B, E>>,
    not_there: Option<Linear<I, O, B, E>>,
    boxed: Box<Linear<I, O, B, E>>,
    nested: Vec<(Maybe<Linear<I, O, B, E>>, [Act; 2])>,
    single: Param<(D<O>,), E, B>,
    marker: PhantomData<(E, B)>,
}

#[test]
fn containers_have_the_names_of_pytorch() {
    let rng = &mut Rng::seed(0);
    let mut layer = || Linear::<2, 1, Cpu, f64>::init(rng);
    let model = Containers {
        list: vec![layer(), layer()],
        array: [layer(), layer()],
        pair: (layer(), Act),
        there: Some(layer()),
        not_there: None,
        boxed: Box::new(layer()),
        nested: vec![(None, [Act, Act]), (Some(Box::new(layer())), [Act, Act])],
        single: Tensor::ones().into(),
        marker: PhantomData,
    };
    let layers = [
        "list.0",
        "list.1",
        "array.0",
        "array.1",
        "pair.0",
        "there",
        "boxed",
        "nested.1.0",
    ];
    let tensors = |layer| {
        [
            format!("{layer}.weight[2] trained"),
            format!("{layer}.bias[1] trained"),
        ]
    };
    let mut expected: Vec<String> = layers.iter().flat_map(tensors).collect();
    expected.push("single[1] trained".to_owned());
    assert_eq!(names(&model), expected);
    assert_eq!(model.num_parameters(), 8 * 3 + 1);

    let other: Containers<2, 1, f64, Other> = to_other(&model);
    assert_eq!(names(&other), expected);
    assert!(other.not_there.is_none());
    assert_eq!((other.list.len(), other.nested.len()), (2, 2));
    let back: Containers<2, 1, f64> = other.to(&Cpu).unwrap();
    assert_eq!(back.state_dict(), model.state_dict());
    let PhantomData::<(f64, Cpu)> = back.marker;
}

#[test]
fn arrays_boxes_and_tuples_are_initialised_and_counted() {
    type Parts = ([Linear<2, 1>; 3], Box<Linear<1, 1>>, ());
    const COUNT: usize = <Parts as Module<Cpu>>::PARAMETERS;
    let parts: Parts = new();
    assert_eq!((COUNT, parts.num_parameters()), (11, 11));
    assert_ne!(parts.0[0].weight.to_vec(), parts.0[1].weight.to_vec());
}
