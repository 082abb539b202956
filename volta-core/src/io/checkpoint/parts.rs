//! What a run consists of.

use std::collections::{BTreeMap, BTreeSet};

use super::stateful::{Notes, Stateful};
use super::{file, streams};
use crate::backend::Backend;
use crate::error::{Error, StateProblem};
use crate::io::{StateDict, fits};
use crate::nn::Module;
use crate::optim::OptimizerState;

/// A run that goes on from where it was saved.
///
/// So is every function of this form, for a run whose parts are not in one place:
///
/// ```
/// use volta::io::checkpoint::{Checkpoints, Parts};
/// use volta::prelude::*;
///
/// # let folder = std::env::temp_dir().join(format!("volta-parts-{}", std::process::id()));
/// let mut model: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
/// let mut epoch = 7_u64;
/// Checkpoints::open(&folder)?.save(70, &[], &mut |parts: &mut Parts| {
///     parts.model("model", &mut model)?;
///     parts.state("epoch", &mut epoch)
/// })?;
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), volta::Error>(())
/// ```
pub trait Resumable {
    /// Names every part, in an order in which a model comes before its optimiser. It is the same list
    /// whether the parts are read or written, and is gone through more than once to load.
    ///
    /// # Errors
    /// Those of the parts.
    fn parts(&mut self, parts: &mut Parts) -> Result<(), Error>;
}

impl<F: FnMut(&mut Parts) -> Result<(), Error>> Resumable for F {
    fn parts(&mut self, parts: &mut Parts) -> Result<(), Error> {
        self(parts)
    }
}

/// States by the names of their parts.
pub(super) type States = BTreeMap<String, StateDict>;

/// Saves the parts of a run, or loads them: what [`Resumable::parts`] gives its parts to.
#[derive(Debug)]
pub struct Parts<'a> {
    names: BTreeSet<String>,
    way: Way<'a>,
    problems: Vec<StateProblem>,
}

#[derive(Debug)]
enum Way<'a> {
    Save(States),
    Load(&'a States),
}

impl<'a> Parts<'a> {
    fn new(way: Way<'a>) -> Self {
        Parts {
            names: BTreeSet::new(),
            way,
            problems: Vec::new(),
        }
    }

    /// A model: its parameters, its buffers, and where its layers are in their random streams.
    ///
    /// # Errors
    /// If the device cannot be read, or has no room.
    ///
    /// # Panics
    /// If another part has the name, it is empty, `checkpoint`, or has a dot.
    #[track_caller]
    pub fn model<B: Backend, M: Module<B>>(
        &mut self,
        name: &str,
        model: &mut M,
    ) -> Result<(), Error> {
        self.part(
            name,
            model,
            |model| {
                let mut state = StateDict::of(model)?;
                let (streams, problems) = streams::read(model);
                fits(problems)?;
                *state.metadata_mut() = streams;
                Ok(state)
            },
            |model, state| {
                let mut problems = streams::write(model, state);
                collect(model.load_state_dict(state), &mut problems)?;
                fits(problems)
            },
        )
    }

    /// The optimiser of a model that was named before: what it keeps of each parameter, and its
    /// learning rate.
    ///
    /// # Errors
    /// If the device cannot be read, or has no room.
    ///
    /// # Panics
    /// If another part has the name, it is empty, `checkpoint`, or has a dot.
    #[track_caller]
    pub fn optimizer<B: Backend, O: OptimizerState<B>, M: Module<B>>(
        &mut self,
        name: &str,
        optimizer: &mut O,
        model: &M,
    ) -> Result<(), Error> {
        self.part(
            name,
            optimizer,
            |optimizer| {
                let mut state = optimizer.try_state_dict()?;
                let lr = optimizer.lr().to_string();
                state.metadata_mut().insert(LR.to_owned(), lr);
                Ok(state)
            },
            |optimizer, state| {
                let mut notes = Notes::of(state);
                let lr = notes.take::<f64>(LR);
                let mut problems = notes.problems();
                if lr.is_some_and(|lr| lr.is_nan() || lr < 0.0) {
                    problems.push(StateProblem::Note {
                        key: LR.to_owned(),
                        found: state.metadata()[LR].clone(),
                        wanted: "learning rate",
                    });
                }
                collect(optimizer.load_state_dict(model, state), &mut problems)?;
                fits(problems)?;
                optimizer.set_lr(lr.expect("no problem"));
                Ok(())
            },
        )
    }

    /// Anything else that has a state.
    ///
    /// # Errors
    /// If a device cannot be read, or has no room.
    ///
    /// # Panics
    /// If another part has the name, it is empty, `checkpoint`, or has a dot.
    #[track_caller]
    pub fn state(&mut self, name: &str, part: &mut impl Stateful) -> Result<(), Error> {
        self.part(
            name,
            part,
            |p| p.save_state(),
            |p, state| p.load_state(state),
        )
    }

    #[track_caller]
    fn part<T>(
        &mut self,
        name: &str,
        part: &mut T,
        save: impl FnOnce(&T) -> Result<StateDict, Error>,
        load: impl FnOnce(&mut T, &StateDict) -> Result<(), Error>,
    ) -> Result<(), Error> {
        assert!(
            !name.is_empty() && !name.contains('.') && name != file::OWN,
            "no part of a checkpoint can be called `{name}`: a name is not empty, has no dot, and \
             is not `{}`",
            file::OWN
        );
        assert!(
            self.names.insert(name.to_owned()),
            "two parts of a checkpoint are called `{name}`"
        );
        let done = match &mut self.way {
            Way::Save(states) => save(part).map(|state| {
                states.insert(name.to_owned(), state);
            }),
            Way::Load(states) => match states.get(name) {
                Some(state) => load(part, state),
                None => load(part, &StateDict::new()),
            },
        };
        let mut problems = Vec::new();
        collect(done, &mut problems)?;
        let problems = problems.into_iter().map(|problem| problem.within(name));
        self.problems.extend(problems);
        Ok(())
    }
}

/// Puts what does not fit with the rest of it; another error is the caller's.
fn collect(done: Result<(), Error>, problems: &mut Vec<StateProblem>) -> Result<(), Error> {
    match done {
        Err(Error::State { problems: more, .. }) => {
            problems.extend(more);
            Ok(())
        }
        other => other,
    }
}

/// The note of an optimiser's learning rate.
const LR: &str = "lr";

/// The states of all parts.
pub(super) fn save(run: &mut (impl Resumable + ?Sized)) -> Result<States, Error> {
    let mut parts = Parts::new(Way::Save(States::new()));
    run.parts(&mut parts)?;
    fits(parts.problems)?;
    match parts.way {
        Way::Save(states) => Ok(states),
        Way::Load(_) => unreachable!("made for saving"),
    }
}

/// Gives all parts their states; or an error, and those that they had.
pub(super) fn load(run: &mut (impl Resumable + ?Sized), states: &States) -> Result<(), Error> {
    let before = save(run)?;
    let loaded = try_load(run, states);
    if loaded.is_err() {
        // Of two errors the first says what is wrong.
        let _ = try_load(run, &before);
    }
    loaded
}

fn try_load(run: &mut (impl Resumable + ?Sized), states: &States) -> Result<(), Error> {
    let mut parts = Parts::new(Way::Load(states));
    run.parts(&mut parts)?;
    let Parts {
        names,
        mut problems,
        ..
    } = parts;
    for (name, state) in states.iter().filter(|(name, _)| !names.contains(*name)) {
        let keys = state
            .keys()
            .chain(state.metadata().keys().map(String::as_str));
        problems.extend(keys.map(|key| StateProblem::Unexpected(key.to_owned()).within(name)));
    }
    fits(problems)
}
