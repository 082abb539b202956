//! State dictionaries, and the mode of layers.

use volta::nn::{Mapper, Path, Visitor, VisitorMut};
use volta::prelude::*;
use volta::{Error, StateProblem};

use crate::common::{new, to_other};

#[derive(Module)]
struct Model<B: Backend = Cpu> {
    fc: Linear<2, 3, B>,
    #[module(buffer, init = Tensor::full_on((D,), false, device))]
    mask: Tensor<s![3], bool, B>,
    #[module(buffer, init = Tensor::full_on((), 0, device))]
    steps: Tensor<(), i64, B>,
    #[module(buffer, init = Tensor::full_on((Dyn(2), D), bf16::ZERO, device))]
    cache: Tensor<s![Dyn, 2], bf16, B>,
}

#[test]
fn a_state_goes_round() {
    let mut model: Model = new();
    model.mask = tensor![true, false, true];
    model.steps = Tensor::from_scalar(i64::MIN);
    model.cache = Tensor::full_with((Dyn(2), D), bf16::from_f32(0.1));
    let state = model.state_dict();
    let keys: Vec<&str> = state.keys().collect();
    assert_eq!(keys, ["fc.weight", "fc.bias", "mask", "steps", "cache"]);
    assert_eq!(state.get("fc.weight").unwrap().dims(), [3, 2]);
    assert_eq!(
        state.get("steps").unwrap().to_vec::<i64>(),
        Some(vec![i64::MIN])
    );

    let mut other = Model::<Cpu>::init(&mut Rng::seed(9));
    other.load_state_dict(&state).unwrap();
    assert_eq!(other.state_dict(), state);
    assert_eq!(other.mask.to_vec(), [true, false, true]);

    let mut traced = to_other(&Model::<Cpu>::init(&mut Rng::seed(9)));
    traced.load_state_dict(&state).unwrap();
    assert_eq!(traced.state_dict(), state);
}

#[test]
fn a_state_that_does_not_fit_changes_nothing() {
    let mut model: Model = new();
    let before = model.state_dict();
    // Everything but one key fits, and would be written first.
    let mut state = Model::<Cpu>::init(&mut Rng::seed(9)).state_dict();
    let cache = state.remove("cache").unwrap();
    let cache = volta::io::HostTensor::new(cache.dtype(), vec![1, 2], cache.bytes()[..4].into());
    state.insert("cache", cache.unwrap());
    let error = model.load_state_dict(&state).unwrap_err();
    assert_eq!(model.state_dict(), before);
    let Error::State { path, problems } = error else {
        panic!("{error}")
    };
    let (wanted, found) = (vec![2, 2], vec![1, 2]);
    let key = "cache".to_owned();
    assert_eq!(problems, [StateProblem::Shape { key, wanted, found }]);
    assert_eq!(path, None);
}

#[test]
fn keeping_a_state_keeps_it() {
    let mut model: Model = new();
    let state = model.state_dict();
    model.fc.bias[[0]] = 77.0;
    assert_ne!(model.state_dict(), state, "a state is a copy");
    model.load_state_dict(&state).unwrap();
    let copy = model.fc.bias.clone();
    model.fc.bias[[0]] = 78.0;
    assert_ne!(copy[[0]], 78.0, "a clone is not written through");
}

/// Does one thing in training, another in use.
struct Switch {
    training: bool,
}

impl<B: Backend> Module<B> for Switch {
    type On<B2: Backend> = Switch;
    const PARAMETERS: usize = 0;
    fn visit<V: Visitor<B>>(&self, _: &mut Path, _: &mut V) {}
    fn visit_mut<V: VisitorMut<B>>(&mut self, _: &mut Path, visitor: &mut V) {
        visitor.mode(&mut self.training);
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        _: &mut Path,
        _: &mut M,
    ) -> Result<Switch, M::Error> {
        Ok(Switch {
            training: self.training,
        })
    }
    fn same(on: Switch) -> Self {
        on
    }
}

#[derive(Module)]
#[module(no_init)]
struct Modes<B: Backend = Cpu> {
    one: Switch,
    fc: Linear<1, 1, B>,
    more: Vec<Option<Switch>>,
}

#[test]
fn every_layer_takes_the_mode() {
    let mut model: Modes = Modes {
        one: Switch { training: true },
        fc: new(),
        more: vec![None, Some(Switch { training: true })],
    };
    let modes = |model: &Modes| {
        let more = model.more.iter().flatten().map(|layer| layer.training);
        [vec![model.one.training], more.collect()].concat()
    };
    let before = model.fc.state_dict();
    model.eval();
    assert_eq!(modes(&model), [false, false]);
    let traced = to_other(&model);
    assert!(!traced.one.training, "the mode moves along");
    model.train();
    assert_eq!(modes(&model), [true, true]);
    assert_eq!(model.fc.state_dict(), before);
}
