//! What has a state to be kept.

use std::str::FromStr;

use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::error::{Error, StateProblem};
use crate::io::{HostTensor, StateDict, fits};
use crate::nn::Module;
use crate::optim::Ema;
use crate::random::Rng;
use crate::schedule::{PlateauState, ReduceLrOnPlateau};

/// Something that a checkpoint keeps: tensors by name, and texts as
/// [notes](StateDict::metadata). What it is called in a checkpoint is put in front, with a dot; a
/// single tensor or text has no name of its own.
///
/// ```
/// use volta::io::checkpoint::Stateful;
/// use volta::prelude::*;
///
/// let mut step = 3_u64;
/// assert_eq!(step.save_state()?.metadata()[""], "3");
/// step.load_state(&17_u64.save_state()?)?;
/// assert_eq!(step, 17);
/// # Ok::<(), volta::Error>(())
/// ```
pub trait Stateful {
    /// The state.
    ///
    /// # Errors
    /// If a device cannot be read.
    fn save_state(&self) -> Result<StateDict, Error>;

    /// Takes a state.
    ///
    /// # Errors
    /// [`Error::State`] with everything that is missing, unexpected or no state of this.
    fn load_state(&mut self, state: &StateDict) -> Result<(), Error>;
}

/// Takes notes out of a state, and says what is wrong with it.
pub(super) struct Notes<'a> {
    state: &'a StateDict,
    seen: Vec<String>,
    problems: Vec<StateProblem>,
}

impl<'a> Notes<'a> {
    pub(super) fn of(state: &'a StateDict) -> Self {
        Notes {
            state,
            seen: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The value that a note says.
    pub(super) fn take<T: FromStr>(&mut self, key: &str) -> Option<T> {
        self.seen.push(key.to_owned());
        let Some(found) = self.state.metadata().get(key) else {
            self.problems.push(StateProblem::Missing(key.to_owned()));
            return None;
        };
        let value = found.parse().ok();
        if value.is_none() {
            self.problems.push(StateProblem::Note {
                key: key.to_owned(),
                found: found.clone(),
                wanted: short_name::<T>(),
            });
        }
        value
    }

    /// Everything wrong with the notes; those not taken, too.
    pub(super) fn problems(mut self) -> Vec<StateProblem> {
        let notes = self.state.metadata().keys();
        let unexpected = notes.filter(|key| !self.seen.contains(key));
        self.problems
            .extend(unexpected.cloned().map(StateProblem::Unexpected));
        self.problems
    }
}

/// `Rng` of `volta::random::Rng`.
fn short_name<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    name.rsplit("::").next().unwrap_or(name)
}

/// The tensors of a state but for those of these names.
fn other_tensors(state: &StateDict, known: &[&str]) -> impl Iterator<Item = StateProblem> {
    let others = state.keys().filter(|key| !known.contains(key));
    others.map(|key| StateProblem::Unexpected(key.to_owned()))
}

macro_rules! by_text {
    ($($(#[$attribute:meta])* $T:ty)*) => {$(
        /// Its text, without a name.
        $(#[$attribute])*
        impl Stateful for $T {
            fn save_state(&self) -> Result<StateDict, Error> {
                let mut state = StateDict::new();
                state.metadata_mut().insert(String::new(), self.to_string());
                Ok(state)
            }

            fn load_state(&mut self, state: &StateDict) -> Result<(), Error> {
                let mut notes = Notes::of(state);
                let value = notes.take("");
                let mut problems = notes.problems();
                problems.extend(other_tensors(state, &[]));
                fits(problems)?;
                *self = value.expect("no problem");
                Ok(())
            }
        }
    )*};
}

by_text! {
    bool u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64 String Rng
    #[cfg(feature = "data")] crate::data::Position
}

/// One tensor of one axis, without a name: a history of losses.
impl<E: Dtype> Stateful for Vec<E> {
    fn save_state(&self) -> Result<StateDict, Error> {
        let mut state = StateDict::new();
        state.insert("", HostTensor::of(&[self.len()], self));
        Ok(state)
    }

    fn load_state(&mut self, state: &StateDict) -> Result<(), Error> {
        let mut problems = Notes::of(state).problems();
        problems.extend(other_tensors(state, &[""]));
        // Of any length.
        let length = state.get("").and_then(|tensor| tensor.dims().first());
        let elements = state.elements("", &[length.copied().unwrap_or(0)]);
        let elements = elements.map_err(|problem| problems.push(problem));
        fits(problems)?;
        *self = elements.expect("no problem");
        Ok(())
    }
}

/// All that it holds.
impl Stateful for StateDict {
    fn save_state(&self) -> Result<StateDict, Error> {
        Ok(self.clone())
    }

    fn load_state(&mut self, state: &StateDict) -> Result<(), Error> {
        *self = state.clone();
        Ok(())
    }
}

/// The parameters and buffers of the average.
impl<B: Backend, M: Module<B>> Stateful for Ema<M, B> {
    fn save_state(&self) -> Result<StateDict, Error> {
        StateDict::of(self.model())
    }

    fn load_state(&mut self, state: &StateDict) -> Result<(), Error> {
        fits(Notes::of(state).problems())?;
        self.model_mut().load_state_dict(state)
    }
}

/// What it remembers: `lr`, `best`, `bad` and `cooldown`.
impl Stateful for ReduceLrOnPlateau {
    fn save_state(&self) -> Result<StateDict, Error> {
        let PlateauState {
            lr,
            best,
            bad,
            cooldown,
        } = self.state();
        let mut state = StateDict::new();
        state.metadata_mut().extend(
            [
                ("lr", lr.to_string()),
                ("best", best.to_string()),
                ("bad", bad.to_string()),
                ("cooldown", cooldown.to_string()),
            ]
            .map(|(key, text)| (key.to_owned(), text)),
        );
        Ok(state)
    }

    fn load_state(&mut self, state: &StateDict) -> Result<(), Error> {
        let mut notes = Notes::of(state);
        let (lr, best) = (notes.take("lr"), notes.take("best"));
        let (bad, cooldown) = (notes.take("bad"), notes.take("cooldown"));
        let mut problems = notes.problems();
        problems.extend(other_tensors(state, &[]));
        fits(problems)?;
        if let (Some(lr), Some(best), Some(bad), Some(cooldown)) = (lr, best, bad, cooldown) {
            self.restore(PlateauState {
                lr,
                best,
                bad,
                cooldown,
            });
        }
        Ok(())
    }
}
