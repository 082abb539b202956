//! A folder of checkpoints.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::file::{self, About, Metrics};
use super::parts::{self, Resumable};
use super::{Checkpoint, CheckpointTrouble};
use crate::error::Error;
use crate::io::replace::{create_folder, remove_if_there, remove_leftovers};
use crate::schedule::Mode;

/// The checkpoints of one run, in a folder of their own: saves them, keeps the last ones and the
/// best, and finds the one to go on from.
///
/// Its files are `step-` and ten digits or more with `.safetensors` behind; every other file is left
/// alone. So is one of such a name that does not read as a checkpoint of that step: it is neither
/// counted nor removed, and whoever asks for it gets an error that names it.
///
/// See the [module](super) for an example.
#[derive(Debug)]
pub struct Checkpoints {
    folder: PathBuf,
    keep_last: usize,
    keep_best: Vec<(String, Mode)>,
    /// By step; without metrics what does not read.
    saved: BTreeMap<u64, Option<Metrics>>,
}

impl Checkpoints {
    /// The checkpoints in a folder, which is made if it is not there. All are kept unless
    /// [`keep_last`](Self::keep_last) says otherwise.
    ///
    /// What a process that was killed left of a file that it was writing is removed.
    ///
    /// # Errors
    /// If the folder cannot be made or read.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, Error> {
        let mut checkpoints = Checkpoints {
            folder: folder.into(),
            keep_last: usize::MAX,
            keep_best: Vec::new(),
            saved: BTreeMap::new(),
        };
        let folder = &checkpoints.folder;
        let list = || {
            create_folder(folder)?;
            remove_leftovers(folder)?;
            let mut steps = Vec::new();
            for entry in fs::read_dir(folder)? {
                steps.extend(entry?.file_name().to_str().and_then(step_of));
            }
            Ok(steps)
        };
        let steps = list().map_err(|source| Error::io(folder, source))?;
        for step in steps {
            let about = file::read_about(&checkpoints.path(step)).ok();
            let metrics = about.filter(|about| about.step == step);
            let metrics = metrics.map(|about| about.metrics);
            checkpoints.saved.insert(step, metrics);
        }
        Ok(checkpoints)
    }

    /// From now on the `n` latest stay; [`save`](Self::save) removes those before, but for the best.
    ///
    /// # Panics
    /// If `n` is 0.
    #[track_caller]
    pub fn keep_last(mut self, n: usize) -> Self {
        assert!(n > 0, "keep_last: a run goes on from 1 checkpoint or more");
        self.keep_last = n;
        self
    }

    /// The best by a metric stays, too; of two that are as good the first. One without the metric, or
    /// with NaN, is not the best. Said of several metrics, the best of each stays.
    pub fn keep_best(mut self, metric: &str, mode: Mode) -> Self {
        self.keep_best.push((metric.to_owned(), mode));
        self
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of the checkpoint of a step, there or not.
    pub fn path(&self, step: u64) -> PathBuf {
        self.folder.join(name_of(step))
    }

    /// The steps that have a file, in order; damaged ones, too.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = u64> {
        self.saved.keys().copied()
    }

    /// Reads the checkpoint of a step.
    ///
    /// # Errors
    /// If there is none, it cannot be read, is damaged, or is that of another step.
    pub fn read(&self, step: u64) -> Result<Checkpoint, Error> {
        let path = self.path(step);
        let checkpoint = Checkpoint::read(&path)?;
        match checkpoint.step() {
            found if found == step => Ok(checkpoint),
            found => Err(file::at(&path, CheckpointTrouble::Step { found })),
        }
    }

    /// Reads the checkpoint of the greatest step; `None` if there is none.
    ///
    /// A damaged file is an error that names it, and no reason to take an older one unasked: to go
    /// on from that, [`read`](Self::read) it, or remove the file.
    ///
    /// ```
    /// # use volta::io::checkpoint::{Checkpoints, Parts};
    /// # let folder = std::env::temp_dir().join(format!("volta-older-{}", std::process::id()));
    /// let mut epoch = 0_u64;
    /// let mut checkpoints = Checkpoints::open(&folder)?;
    /// for _ in 0..2 {
    ///     epoch += 1;
    ///     checkpoints.save(epoch, &[], &mut |p: &mut Parts| p.state("epoch", &mut epoch))?;
    /// }
    /// std::fs::write(checkpoints.path(2), "damaged").unwrap();
    ///
    /// assert!(checkpoints.latest().is_err());
    /// let older = checkpoints.steps().rev().find_map(|step| checkpoints.read(step).ok());
    /// assert_eq!(older.unwrap().step(), 1);
    /// # std::fs::remove_dir_all(&folder).unwrap();
    /// # Ok::<(), volta::Error>(())
    /// ```
    ///
    /// # Errors
    /// If it cannot be read, is damaged, or is that of another step.
    pub fn latest(&self) -> Result<Option<Checkpoint>, Error> {
        let latest = self.steps().next_back();
        latest.map(|step| self.read(step)).transpose()
    }

    /// Reads the best checkpoint by a metric, of those that are there; of two that are as good the
    /// first, and `None` if none has the metric.
    ///
    /// # Errors
    /// If it cannot be read or is damaged, or if there is one that does not say what its metrics are.
    pub fn best(&self, metric: &str, mode: Mode) -> Result<Option<Checkpoint>, Error> {
        for (&step, metrics) in &self.saved {
            if metrics.is_none() {
                self.read(step)?;
            }
        }
        let best = self.best_step(metric, mode);
        best.map(|step| self.read(step)).transpose()
    }

    /// Saves a run after `step` steps, whatever those are: batches, epochs. Afterwards those that
    /// [`keep_last`](Self::keep_last) and [`keep_best`](Self::keep_best) do not keep are removed. One
    /// of the same step is replaced.
    ///
    /// When this returns, the checkpoint is on the disk.
    ///
    /// # Errors
    /// If a device cannot be read, the file cannot be written, or a later step is saved there; the
    /// checkpoints that were there are there still. If one that goes cannot be removed, this one is
    /// saved.
    ///
    /// # Panics
    /// If the parts have names that no parts can have.
    pub fn save(
        &mut self,
        step: u64,
        metrics: &[(&str, f64)],
        run: &mut (impl Resumable + ?Sized),
    ) -> Result<(), Error> {
        match self.steps().next_back() {
            Some(latest) if latest > step => {
                let trouble = CheckpointTrouble::Behind { step, latest };
                return Err(file::at(&self.folder, trouble));
            }
            _ => {}
        }
        let metrics = metrics
            .iter()
            .map(|&(name, value)| (name.to_owned(), value));
        let about = About {
            step,
            metrics: metrics.collect(),
        };
        file::write(&self.path(step), &about, parts::save(run)?)?;
        self.saved.insert(step, Some(about.metrics));
        self.prune()
    }

    /// Removes the checkpoints of later steps, damaged ones, too: for a run that goes back.
    ///
    /// # Errors
    /// If one cannot be removed.
    pub fn remove_after(&mut self, step: u64) -> Result<(), Error> {
        let later: Vec<u64> = self.steps().filter(|later| *later > step).collect();
        // The latest first: what is left is a run up to some step.
        (later.into_iter().rev()).try_for_each(|step| self.remove(step))
    }

    fn best_step(&self, metric: &str, mode: Mode) -> Option<u64> {
        let mut best: Option<(u64, f64)> = None;
        for (&step, metrics) in &self.saved {
            let Some(&value) = metrics.as_ref().and_then(|metrics| metrics.get(metric)) else {
                continue;
            };
            let better = |best: f64| match mode {
                Mode::Min => value < best,
                Mode::Max => value > best,
            };
            if !value.is_nan() && best.is_none_or(|(_, best)| better(best)) {
                best = Some((step, value));
            }
        }
        best.map(|(step, _)| step)
    }

    /// Removes what is not kept.
    fn prune(&mut self) -> Result<(), Error> {
        let best = self.keep_best.iter();
        let best: Vec<u64> = best
            .filter_map(|(metric, mode)| self.best_step(metric, *mode))
            .collect();
        let sound = self.saved.iter().filter(|(_, metrics)| metrics.is_some());
        let older = sound.map(|(&step, _)| step).rev().skip(self.keep_last);
        let gone: Vec<u64> = older.filter(|step| !best.contains(step)).collect();
        gone.into_iter().try_for_each(|step| self.remove(step))
    }

    fn remove(&mut self, step: u64) -> Result<(), Error> {
        let path = self.path(step);
        remove_if_there(&path).map_err(|source| Error::io(&path, source))?;
        self.saved.remove(&step);
        Ok(())
    }
}

/// Names in the order of the steps.
fn name_of(step: u64) -> String {
    format!("step-{step:010}.safetensors")
}

fn step_of(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("step-")?.strip_suffix(".safetensors")?;
    let step = digits.parse().ok()?;
    (name_of(step) == name).then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_that_of_one_step() {
        for step in [0, 7, 9_999_999_999, 10_000_000_000, u64::MAX] {
            assert_eq!(step_of(&name_of(step)), Some(step));
        }
        for name in [
            "step-7.safetensors",
            "step-00000000007.safetensors",
            "step-+000000007.safetensors",
            "step-0000000007.safetensors.bak",
            "step-.safetensors",
            "model.safetensors",
        ] {
            assert_eq!(step_of(name), None, "{name}");
        }
    }
}
