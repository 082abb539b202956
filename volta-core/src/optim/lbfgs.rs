//! L-BFGS.

mod flat;
mod search;

use std::collections::VecDeque;

use self::flat::{Vector, gather, move_by};
use self::search::{Point, strong_wolfe};
use super::not_negative;
use super::saved::optimizer_state;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::error::{Error, StateProblem};
use crate::io::{HostTensor, StateDict, fits};
use crate::nn::{Module, copy};
use crate::tensor::Tensor;

/// Limited-memory BFGS (Nocedal and Wright, 2006, algorithms 7.4 and 7.5), as `torch.optim.LBFGS`
/// computes it: each step approximates the curvature from the last gradients. For small problems
/// whose loss has no noise, since a step computes it many times, over all the data.
///
/// The parameters are one vector of the loss's type. Whether and how far to go is decided on the
/// host: a device is read several times in each iteration.
///
/// ```
/// use volta::optim::{Lbfgs, LineSearch};
/// use volta::prelude::*;
///
/// let mut x: Tensor<s![2], f64> = Tensor::from_array([-1.2, 1.0]);
/// let mut opt = Lbfgs::new(1.0).line_search(LineSearch::StrongWolfe).max_iter(50);
/// opt.step(&mut x, |x| {
///     value_and_grad(x, |x| {
///         let (a, b) = (x.index_axis::<0>(0), x.index_axis::<0>(1));
///         (1.0 - &a).square() + 100.0 * (b - a.square()).square()
///     })
/// });
/// assert!((x[[0]] - 1.0).abs() < 1e-4 && (x[[1]] - 1.0).abs() < 1e-4);
/// ```
#[derive(Clone, Debug)]
pub struct Lbfgs<B: Backend = Cpu, E: Float = f32> {
    lr: f64,
    max_iter: usize,
    max_eval: Option<usize>,
    tolerance_grad: f64,
    tolerance_change: f64,
    history_size: usize,
    line_search: LineSearch,
    state: Option<State<B, E>>,
}

/// How far [`Lbfgs`] goes in a direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineSearch {
    /// As far as the learning rate says.
    #[default]
    Fixed,
    /// To where the strong Wolfe conditions hold (Nocedal and Wright, algorithms 3.5 and 3.6, with
    /// cubic interpolation), if that is found; the learning rate is where it begins.
    StrongWolfe,
}

/// What one step leaves to the next.
#[derive(Clone, Debug)]
struct State<B: Backend, E: Float> {
    /// The last step: its direction, and how far it went.
    direction: Vector<B, E>,
    length: f64,
    /// The gradient where that step began.
    gradient: Vector<B, E>,
    /// The oldest first.
    history: VecDeque<Pair<B, E>>,
    /// The inverse of the curvature that is assumed where the history says nothing.
    scale: f64,
}

/// How the gradient and the parameters changed, and the product of the two.
#[derive(Clone, Debug)]
struct Pair<B: Backend, E: Float> {
    change: Vector<B, E>,
    step: Vector<B, E>,
    curvature: f64,
}

impl<B: Backend, E: Float> Lbfgs<B, E> {
    /// With the learning rate `lr` (1 in PyTorch), at most 20 iterations a step, a history of 100,
    /// and no line search.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn new(lr: f64) -> Self {
        Lbfgs {
            lr: not_negative("Lbfgs", "learning rate", lr),
            max_iter: 20,
            max_eval: None,
            tolerance_grad: 1e-7,
            tolerance_change: 1e-9,
            history_size: 100,
            line_search: LineSearch::default(),
            state: None,
        }
    }

    /// The learning rate.
    pub fn lr(&self) -> f64 {
        self.lr
    }

    /// Another learning rate from now on.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn set_lr(&mut self, lr: f64) {
        self.lr = not_negative("Lbfgs", "learning rate", lr);
    }

    /// How many iterations a step has at most.
    pub fn max_iter(mut self, max_iter: usize) -> Self {
        self.max_iter = max_iter;
        self
    }

    /// How many times a step computes the loss at most; 5/4 of the iterations unless set.
    pub fn max_eval(mut self, max_eval: usize) -> Self {
        self.max_eval = Some(max_eval);
        self
    }

    /// A step ends where no element of the gradient is above this; 1e-7 unless set.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn tolerance_grad(mut self, tolerance: f64) -> Self {
        self.tolerance_grad = not_negative("Lbfgs", "tolerance", tolerance);
        self
    }

    /// A step ends where neither the loss nor a parameter changes by more; 1e-9 unless set.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn tolerance_change(mut self, tolerance: f64) -> Self {
        self.tolerance_change = not_negative("Lbfgs", "tolerance", tolerance);
        self
    }

    /// How many gradients are remembered; each takes twice the size of the parameters.
    pub fn history_size(mut self, history_size: usize) -> Self {
        self.history_size = history_size;
        self
    }

    /// How far to go in a direction.
    pub fn line_search(mut self, line_search: LineSearch) -> Self {
        self.line_search = line_search;
        self
    }

    /// Moves every parameter of `model` that is not frozen, in up to `max_iter` iterations.
    /// `loss` computes the loss and the gradients: `|m| value_and_grad(m, ..)`. Returns the loss
    /// before the step.
    ///
    /// # Panics
    /// If the model of an earlier step had parameters of another number, or the device fails.
    #[track_caller]
    pub fn step<M: Module<B>>(
        &mut self,
        model: &mut M,
        mut loss: impl FnMut(&M) -> (Tensor<(), E, B>, M),
    ) -> Tensor<(), E, B> {
        let (first, grads) = loss(model);
        let Some(mut gradient) = gather::<M, B, E>(model, &grads) else {
            return first;
        };
        if let Some(state) = &self.state {
            let (before, now) = (state.gradient.len(), gradient.len());
            assert!(
                before == now,
                "Lbfgs: the model has {now} elements in its parameters, and had {before} in \
                 earlier steps; one optimiser serves one model"
            );
        }
        let max_eval = self.max_eval.unwrap_or(self.max_iter * 5 / 4);
        let mut value = first.item().to_f64();
        let mut evaluations = 1;
        if gradient.largest() <= self.tolerance_grad {
            return first;
        }
        let mut iterations = 0;
        while iterations < self.max_iter {
            iterations += 1;
            let direction = self.direction(&gradient);
            let slope = gradient.dot(&direction);
            let start = match &self.state {
                None => (1.0 / gradient.sum_of_magnitudes()).min(1.0) * self.lr,
                Some(_) => self.lr,
            };
            let state = self.state.get_or_insert_with(|| State {
                direction: direction.clone(),
                length: start,
                gradient: gradient.clone(),
                history: VecDeque::new(),
                scale: 1.0,
            });
            state.direction = direction;
            state.length = start;
            state.gradient = gradient.clone();
            if slope > -self.tolerance_change {
                break;
            }
            let before = value;
            let direction = &state.direction;
            match self.line_search {
                LineSearch::StrongWolfe => {
                    let from = Point {
                        length: 0.0,
                        value,
                        slope,
                        gradient,
                    };
                    let budget = max_eval.saturating_sub(evaluations);
                    let tolerance = self.tolerance_change / direction.largest();
                    let (found, tried) = strong_wolfe(from, start, tolerance, budget, |length| {
                        let mut moved = copy(model);
                        move_by(&mut moved, direction, length);
                        let (value, grads) = loss(&moved);
                        let gradient = gather::<M, B, E>(model, &grads).expect("as before");
                        Point {
                            length,
                            value: value.item().to_f64(),
                            slope: gradient.dot(direction),
                            gradient,
                        }
                    });
                    move_by(model, direction, found.length);
                    (value, gradient, state.length) = (found.value, found.gradient, found.length);
                    evaluations += tried;
                }
                LineSearch::Fixed => {
                    move_by(model, direction, start);
                    if iterations == self.max_iter {
                        break;
                    }
                    let (next, grads) = loss(model);
                    value = next.item().to_f64();
                    gradient = gather::<M, B, E>(model, &grads).expect("as before");
                    evaluations += 1;
                }
            }
            if evaluations >= max_eval
                || gradient.largest() <= self.tolerance_grad
                || direction.largest() * state.length.abs() <= self.tolerance_change
                || (value - before).abs() < self.tolerance_change
            {
                break;
            }
        }
        first
    }

    /// Where to go from a gradient.
    fn direction(&mut self, gradient: &Vector<B, E>) -> Vector<B, E> {
        let Some(state) = &mut self.state else {
            return gradient.scaled(-1.0);
        };
        let change = gradient.plus(-1.0, &state.gradient);
        let step = state.direction.scaled(state.length);
        let curvature = change.dot(&step);
        if curvature > 1e-10 {
            state.scale = curvature / change.dot(&change);
            state.history.push_back(Pair {
                change,
                step,
                curvature,
            });
            while state.history.len() > self.history_size {
                state.history.pop_front();
            }
        }
        let mut direction = gradient.scaled(-1.0);
        let mut shares = Vec::with_capacity(state.history.len());
        for pair in state.history.iter().rev() {
            let share = pair.step.dot(&direction) / pair.curvature;
            direction = direction.plus(-share, &pair.change);
            shares.push(share);
        }
        direction = direction.scaled(state.scale);
        for (pair, share) in state.history.iter().zip(shares.iter().rev()) {
            let back = pair.change.dot(&direction) / pair.curvature;
            direction = direction.plus(share - back, &pair.step);
        }
        direction
    }

    /// What it keeps, to resume a run; empty before the first step. Settings are not in it.
    ///
    /// # Panics
    /// If the device cannot be read; [`try_state_dict`](Self::try_state_dict) says so without a
    /// panic.
    pub fn state_dict(&self) -> StateDict {
        (self.try_state_dict()).unwrap_or_else(|e| panic!("state_dict: {e}"))
    }

    /// What it keeps, to resume a run.
    ///
    /// # Errors
    /// If the device cannot be read.
    pub fn try_state_dict(&self) -> Result<StateDict, Error> {
        let mut saved = StateDict::new();
        let Some(state) = &self.state else {
            return Ok(saved);
        };
        let mut put = |key: &str, tensor| {
            saved.insert(key.to_owned(), tensor);
        };
        put(DIRECTION, state.direction.to_host()?);
        put(GRADIENT, state.gradient.to_host()?);
        put(LENGTH, HostTensor::of(&[], &[state.length]));
        put(SCALE, HostTensor::of(&[], &[state.scale]));
        for (at, Pair { change, step, .. }) in state.history.iter().enumerate() {
            put(&format!("{CHANGES}.{at}"), change.to_host()?);
            put(&format!("{STEPS}.{at}"), step.to_host()?);
        }
        Ok(saved)
    }

    /// Takes what an optimiser of the same settings kept for `model`, which it goes on to train bit
    /// for bit.
    ///
    /// # Errors
    /// [`Error::State`] lists everything that is missing, unexpected or different;
    /// [`Error::Device`] if the device has no room. The optimiser is left as it was.
    pub fn load_state_dict<M: Module<B>>(
        &mut self,
        model: &M,
        state: &StateDict,
    ) -> Result<(), Error> {
        let like = gather::<M, B, E>(model, model);
        let (Some(like), false) = (like, state.is_empty()) else {
            fits(
                state
                    .keys()
                    .map(|key| StateProblem::Unexpected(key.to_owned()))
                    .collect(),
            )?;
            self.state = None;
            return Ok(());
        };
        let mut problems = Vec::new();
        let entries = (0..).take_while(|at| {
            [CHANGES, STEPS]
                .iter()
                .any(|what| state.get(&format!("{what}.{at}")).is_some())
        });
        let entries: Vec<[String; 2]> = entries
            .map(|at: usize| [CHANGES, STEPS].map(|what| format!("{what}.{at}")))
            .collect();
        let known = |key: &str| {
            [DIRECTION, GRADIENT, LENGTH, SCALE].contains(&key)
                || entries.iter().flatten().any(|known| known == key)
        };
        let unexpected = state.keys().filter(|key| !known(key));
        problems.extend(unexpected.map(|key| StateProblem::Unexpected(key.to_owned())));
        let mut vectors = |key: &str| match state.elements::<E>(key, &[like.len()]) {
            Ok(elements) => like.with(elements),
            Err(problem) => {
                problems.push(problem);
                like.clone()
            }
        };
        let (direction, gradient) = (vectors(DIRECTION), vectors(GRADIENT));
        let history = entries
            .iter()
            .map(|[change, step]| (vectors(change), vectors(step)));
        let history: Vec<_> = history.collect();
        let mut number = |key: &str| match state.elements::<f64>(key, &[]) {
            Ok(elements) => elements[0],
            Err(problem) => {
                problems.push(problem);
                0.0
            }
        };
        let (length, scale) = (number(LENGTH), number(SCALE));
        fits(problems)?;
        for vector in [&direction, &gradient] {
            vector.status()?;
        }
        for (change, step) in &history {
            change.status()?;
            step.status()?;
        }
        let pair = |(change, step): (Vector<B, E>, Vector<B, E>)| Pair {
            curvature: change.dot(&step),
            change,
            step,
        };
        let history = history.into_iter().map(pair).collect();
        self.state = Some(State {
            direction,
            length,
            gradient,
            history,
            scale,
        });
        Ok(())
    }
}

optimizer_state!([B: Backend, E: Float] Lbfgs<B, E>);

/// The keys of a saved state; PyTorch's names.
const DIRECTION: &str = "d";
const LENGTH: &str = "t";
const GRADIENT: &str = "prev_flat_grad";
const SCALE: &str = "H_diag";
const CHANGES: &str = "old_dirs";
const STEPS: &str = "old_stps";
