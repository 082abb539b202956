//! What can be wrong with a checkpoint.

/// What is wrong with a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointTrouble {
    /// A safetensors file without the notes of a checkpoint.
    #[error("no checkpoint: it has no note `{0}`")]
    NoCheckpoint(String),
    /// A checkpoint of a later volta.
    #[error("a checkpoint of format {0}; {known} is read", known = super::file::FORMAT)]
    Format(String),
    /// A note of the checkpoint's own is damaged.
    #[error("its note `{key}` is damaged: `{found}`")]
    Note {
        /// The note.
        key: String,
        /// What is there.
        found: String,
    },
    /// What was read is not what was written.
    #[error("damaged: the checksum of what it holds is {found}, and was {written}")]
    Checksum {
        /// That in the file.
        written: String,
        /// That of what the file holds.
        found: String,
    },
    /// The name of the file says another step.
    #[error("it is of step {found}, not of the step in its name")]
    Step {
        /// The step in the file.
        found: u64,
    },
    /// A step is to be saved that is before the last one there.
    #[error(
        "step {step} is before step {latest}, which is saved there: a run that goes back removes \
         what is ahead of it (`remove_after`), or takes another folder"
    )]
    Behind {
        /// The step to be saved.
        step: u64,
        /// The last one.
        latest: u64,
    },
}
