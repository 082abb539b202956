//! Parts that fit, and parts that do not.

use volta::data::Position;
use volta::io::HostTensor;
use volta::io::checkpoint::{Checkpoint, Checkpoints, Parts, Resumable, Stateful};
use volta::optim::{Lbfgs, Muon, OptimizerState};
use volta::prelude::*;
use volta::{Error, StateDict, StateProblem};

use super::run::{Run, empty};

/// A checkpoint of a run.
fn saved(name: &str, run: &mut impl Resumable) -> Checkpoint {
    let mut checkpoints = Checkpoints::open(empty(name)).unwrap();
    checkpoints.save(1, &[], run).unwrap();
    checkpoints.latest().unwrap().unwrap()
}

#[test]
fn everything_that_does_not_fit_is_one_error_and_changes_nothing() {
    let mut run = Run::<4>::new(0);
    run.train(5, |_| {});
    let saved = saved("misfit", &mut |parts: &mut Parts| {
        let mut other: Linear<6, 4> = Linear::init(&mut Rng::seed(0));
        parts.model("model", &mut other)?;
        parts.state("average", &mut run.average)?;
        parts.optimizer("optimizer", &mut run.optimizer, &run.model)?;
        parts.state("plateau", &mut run.plateau)?;
        parts.state("rng", &mut "no stream".to_owned())?;
        parts.state("step", &mut -1_i32)?;
        parts.state("losses", &mut 0.5_f64)?;
        parts.state("more", &mut vec![1_u8])
    });

    let mut other = Run::<4>::new(1);
    other.train(3, |_| {});
    let before = other.bytes("misfit-before");
    let error = saved.load(&mut other).unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with(saved.path().to_str().unwrap()),
        "{message}"
    );
    let Error::State { problems, .. } = error else {
        panic!("{error}")
    };
    let has = |problem: StateProblem| assert!(problems.contains(&problem), "{problem}\n{message}");
    has(StateProblem::Missing("model.fc1.weight".into()));
    has(StateProblem::Missing("model.drop1".into()));
    has(StateProblem::Missing("model.norm.running_mean".into()));
    has(StateProblem::Unexpected("model.weight".into()));
    has(StateProblem::Missing("position".into()));
    has(StateProblem::Missing("losses".into()));
    has(StateProblem::Unexpected("losses".into()));
    has(StateProblem::Unexpected("more".into()));
    for line in ["rng: `no stream` is no Rng", "step: `-1` is no u64"] {
        assert!(message.contains(line), "{message}");
    }
    assert!(
        !message.contains("average") && !message.contains("optimizer"),
        "{message}"
    );
    assert!(
        other.bytes("misfit-after") == before,
        "the run is left as it was"
    );
}

fn comes_back<T: Stateful + Clone + PartialEq + std::fmt::Debug>(value: T, mut other: T) {
    assert_ne!(value, other);
    let state = value.save_state().unwrap();
    other.load_state(&state).unwrap();
    assert_eq!(other, value);

    let mut more = state;
    more.insert(
        "more",
        HostTensor::new(volta::DtypeKind::U8, vec![0], vec![]).unwrap(),
    );
    more.metadata_mut().insert("note".into(), String::new());
    let error = other.load_state(&more).unwrap_err().to_string();
    assert!(
        error.contains("unexpected: more") && error.contains("unexpected: note"),
        "{error}"
    );
    let error = other.load_state(&StateDict::new()).unwrap_err().to_string();
    assert!(error.contains("missing: "), "{error}");
    assert_eq!(other, value);
}

#[test]
fn values_come_back_exactly() {
    comes_back(true, false);
    comes_back(u64::MAX, 0);
    comes_back(i64::MIN, 0);
    comes_back(7_usize, 0);
    for value in [0.1, -0.0, f64::MIN_POSITIVE / 3.0, f64::INFINITY, 1e308] {
        let mut other = 7.0;
        other.load_state(&value.save_state().unwrap()).unwrap();
        assert_eq!(f64::to_bits(other), f64::to_bits(value));
    }
    comes_back(0.1_f32, 0.0);
    comes_back("a \"text\"\n\u{1f980}".to_owned(), String::new());
    comes_back(vec![0.1_f64, f64::INFINITY], vec![]);
    comes_back(vec![true, false], vec![false]);
    comes_back(Rng::seed(3).fork(), Rng::seed(3));
    comes_back(
        Position {
            epoch: 3,
            batch: 17,
        },
        Position::default(),
    );
    let wrong = vec![1.0_f32].save_state().unwrap();
    let error = vec![1_i64].load_state(&wrong).unwrap_err().to_string();
    assert!(error.contains("i64") && error.contains("f32"), "{error}");

    let mut any = StateDict::new();
    any.insert(
        "x",
        HostTensor::new(volta::DtypeKind::U8, vec![2], vec![1, 2]).unwrap(),
    );
    any.metadata_mut().insert("note".into(), "text".into());
    let mut other = StateDict::new();
    other.load_state(&any.save_state().unwrap()).unwrap();
    assert_eq!(other, any);
}

fn trains<O: OptimizerState<Cpu>>(
    name: &str,
    make: impl Fn() -> O,
    mut step: impl FnMut(&mut O, &mut Net),
) {
    let mut model = Net::init(&mut Rng::seed(0));
    let mut optimizer = make();
    step(&mut optimizer, &mut model);
    optimizer.set_lr(0.003);
    let saved = saved(name, &mut |parts: &mut Parts| {
        parts.model("model", &mut model)?;
        parts.optimizer("optimizer", &mut optimizer, &model)
    });

    let (mut other, mut resumed) = (Net::init(&mut Rng::seed(1)), make());
    step(&mut resumed, &mut other);
    saved
        .load(&mut |parts: &mut Parts| {
            parts.model("model", &mut other)?;
            parts.optimizer("optimizer", &mut resumed, &other)
        })
        .unwrap();
    assert_eq!(resumed.lr(), 0.003, "{name}");
    for _ in 0..3 {
        step(&mut optimizer, &mut model);
        step(&mut resumed, &mut other);
    }
    assert_eq!(other.state_dict(), model.state_dict(), "{name}");
    let states = [&optimizer, &resumed].map(|opt| opt.try_state_dict().unwrap());
    assert_eq!(states[0], states[1], "{name}");
}

#[derive(Module)]
struct Net<B: Backend = Cpu> {
    fc1: Linear<3, 4, B>,
    fc2: Linear<4, 1, B>,
}

fn loss<B: Backend>(model: &Net<B>, x: &Tensor<s![5, 3], f32, B>) -> Tensor<(), f32, B> {
    model
        .fc2
        .forward(&model.fc1.forward(x).tanh())
        .square()
        .mean()
}

#[test]
fn optimizers_go_on_with_their_rate() {
    let x: Tensor<s![5, 3]> = Tensor::randn(&mut Rng::seed(3));
    let gradients = |model: &Net| grad(model, |m| loss(m, &x.lift()));
    macro_rules! each {
        ($($make:expr;)*) => {$(
            trains(stringify!($make), || $make, |opt, model| {
                let grads = gradients(model);
                opt.step(model, &grads);
            });
        )*};
    }
    each! {
        Sgd::new(0.1).momentum(0.9);
        Adam::new(0.1);
        AdamW::new(0.1).amsgrad(true);
        RmsProp::new(0.1);
        Adagrad::new(0.1);
        Lion::new(0.1);
        Muon::new(0.1, 0.01);
    }
    trains(
        "Lbfgs",
        || Lbfgs::new(0.1).max_iter(2),
        |opt, model| {
            opt.step(model, |m| value_and_grad(m, |m| loss(m, &x.lift())));
        },
    );
}

#[test]
fn a_rate_that_is_none_is_an_error() {
    let mut model = Net::init(&mut Rng::seed(0));
    let saved = saved("rate", &mut |parts: &mut Parts| {
        let mut state = StateDict::new();
        state.metadata_mut().insert("lr".into(), "-1".into());
        parts.state("optimizer", &mut state)
    });
    let mut optimizer = Adam::new(0.5);
    let error = saved
        .load(&mut |parts: &mut Parts| parts.optimizer("optimizer", &mut optimizer, &model))
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("optimizer.lr: `-1` is no learning rate"),
        "{error}"
    );
    assert_eq!(optimizer.lr(), 0.5);
    model.eval();
}

#[test]
fn a_bare_tensor_is_a_model() {
    let mut x: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
    let saved = saved("bare", &mut |parts: &mut Parts| parts.model("x", &mut x));
    let mut other: Tensor<s![3]> = Tensor::zeros();
    let mut run = |parts: &mut Parts| parts.model("x", &mut other);
    saved.load(&mut run).unwrap();
    assert_eq!(other.to_vec(), x.to_vec());
}

fn panic_of(run: impl FnMut(&mut Parts) -> Result<(), Error> + std::panic::UnwindSafe) -> String {
    let mut run = run;
    let folder = empty("names");
    let panic = std::panic::catch_unwind(move || {
        let _ = Checkpoints::open(folder).unwrap().save(1, &[], &mut run);
    });
    *panic.unwrap_err().downcast::<String>().unwrap()
}

#[test]
fn names_are_those_of_one_part() {
    let name = |name: &'static str| panic_of(move |parts| parts.state(name, &mut 1_u8));
    for wrong in ["", "a.b", "checkpoint"] {
        assert!(
            name(wrong).contains(&format!("can be called `{wrong}`")),
            "{wrong}"
        );
    }
    let twice = panic_of(|parts| {
        parts.state("a", &mut 1_u8)?;
        parts.state("a", &mut 1_u8)
    });
    assert!(
        twice.contains("two parts of a checkpoint are called `a`"),
        "{twice}"
    );
}

#[derive(Module)]
struct Twice<B: Backend = Cpu> {
    #[module(flatten, init = Dropout::new(0.5, rng))]
    one: Dropout,
    #[module(flatten, init = Dropout::new(0.5, rng))]
    two: Dropout,
    fc: Linear<1, 1, B>,
}

#[test]
fn two_streams_of_one_name_are_not_saved() {
    let mut model: Twice = Init::init(&mut Rng::seed(0));
    let folder = empty("streams");
    let mut checkpoints = Checkpoints::open(&folder).unwrap();
    let error = checkpoints
        .save(1, &[], &mut |parts: &mut Parts| {
            parts.model("model", &mut model)
        })
        .unwrap_err();
    let Error::State { problems, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(problems, [StateProblem::Duplicate("model".into())]);
    assert_eq!(super::run::files(&folder), [""; 0]);
}
