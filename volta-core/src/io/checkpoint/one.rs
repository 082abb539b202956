//! One checkpoint.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::file::{self, About};
use super::parts::{self, Resumable, States};
use crate::error::Error;
use crate::io::StateDict;

/// A checkpoint that was read, to go on from: whole, and undamaged.
///
/// ```
/// use volta::io::checkpoint::{Checkpoint, Checkpoints, Parts};
/// use volta::prelude::*;
///
/// # let folder = std::env::temp_dir().join(format!("volta-one-{}", std::process::id()));
/// let mut layer: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
/// let mut checkpoints = Checkpoints::open(&folder)?;
/// checkpoints.save(9, &[("loss", 0.5)], &mut |parts: &mut Parts| {
///     parts.model("model", &mut layer)
/// })?;
///
/// let saved = Checkpoint::read(checkpoints.path(9))?;
/// assert_eq!((saved.step(), saved.metrics()["loss"]), (9, 0.5));
/// // The model alone, to use it:
/// let mut other: Linear<3, 2> = Linear::init(&mut Rng::seed(1));
/// other.load_state_dict(saved.part("model").unwrap())?;
/// assert_eq!(other.state_dict(), layer.state_dict());
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), volta::Error>(())
/// ```
#[derive(Debug)]
pub struct Checkpoint {
    path: PathBuf,
    about: About,
    states: States,
}

impl Checkpoint {
    /// Reads a file.
    ///
    /// # Errors
    /// If the file cannot be read, is damaged, or is no checkpoint.
    pub fn read(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let (about, states) = file::read(&path)?;
        Ok(Checkpoint {
            path,
            about,
            states,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The step that it was saved at.
    pub fn step(&self) -> u64 {
        self.about.step
    }

    /// The metrics that it was saved with.
    pub fn metrics(&self) -> &BTreeMap<String, f64> {
        &self.about.metrics
    }

    /// The state of a part, with the names that its tensors and notes have in it; `None` if the part
    /// is not there, or has neither.
    pub fn part(&self, name: &str) -> Option<&StateDict> {
        self.states.get(name)
    }

    /// Puts every part of a run into the state that it was saved in. The parts are exactly those
    /// that are in the checkpoint.
    ///
    /// # Errors
    /// [`Error::State`] names the file and lists everything that is missing, unexpected or
    /// different, in all parts; another if a device fails. The run is left as it was, as far as its
    /// devices can.
    pub fn load(&self, run: &mut (impl Resumable + ?Sized)) -> Result<(), Error> {
        parts::load(run, &self.states).map_err(|error| error.read_from(&self.path))
    }
}
