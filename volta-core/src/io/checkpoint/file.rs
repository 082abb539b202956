//! The states of the parts as one safetensors file.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use crc32fast::Hasher;

use super::CheckpointTrouble as Trouble;
use super::parts::States;
use crate::error::Error;
use crate::io::{StateDict, join, safetensors};

/// The format that is written, and read.
pub(super) const FORMAT: &str = "1";

/// What stands before the notes of the checkpoint's own, as the name of a part stands before its.
pub(super) const OWN: &str = "checkpoint";

const KEY_FORMAT: &str = "checkpoint.format";
const KEY_STEP: &str = "checkpoint.step";
const KEY_CRC: &str = "checkpoint.crc32";
const KEY_METRIC: &str = "checkpoint.metric.";

/// Metrics by name.
pub(super) type Metrics = BTreeMap<String, f64>;

/// What a checkpoint says of itself.
#[derive(Debug)]
pub(super) struct About {
    pub(super) step: u64,
    pub(super) metrics: Metrics,
}

/// Writes a file.
pub(super) fn write(path: &Path, about: &About, states: States) -> Result<(), Error> {
    let mut file = StateDict::new();
    let mut notes = BTreeMap::new();
    for (part, state) in states {
        let (tensors, own) = state.into_entries();
        for (key, tensor) in tensors {
            file.insert(join(&part, &key), tensor);
        }
        notes.extend(own.into_iter().map(|(key, note)| (join(&part, &key), note)));
    }
    notes.insert(KEY_FORMAT.to_owned(), FORMAT.to_owned());
    notes.insert(KEY_STEP.to_owned(), about.step.to_string());
    for (metric, value) in &about.metrics {
        notes.insert(format!("{KEY_METRIC}{metric}"), value.to_string());
    }
    *file.metadata_mut() = notes;
    let checksum = checksum(&file);
    (file.metadata_mut()).insert(KEY_CRC.to_owned(), checksum);
    safetensors::save(path, &file)
}

/// Reads a file, all of it.
pub(super) fn read(path: &Path) -> Result<(About, States), Error> {
    let mut file = safetensors::load(path)?;
    let about = about(path, file.metadata())?;
    let written = file.metadata_mut().remove(KEY_CRC);
    let written = written.ok_or_else(|| at(path, Trouble::NoCheckpoint(KEY_CRC.to_owned())))?;
    let found = checksum(&file);
    if written != found {
        return Err(at(path, Trouble::Checksum { written, found }));
    }
    let (tensors, notes) = file.into_entries();
    let mut states = States::new();
    for (key, tensor) in tensors {
        let (part, key) = split(&key);
        let state = states.entry(part.to_owned()).or_default();
        state.insert(key, tensor);
    }
    for (key, note) in notes {
        let (part, key) = split(&key);
        let state = states.entry(part.to_owned()).or_default();
        state.metadata_mut().insert(key.to_owned(), note);
    }
    states.remove(OWN);
    Ok((about, states))
}

/// Reads what a file says of itself, and no tensor.
pub(super) fn read_about(path: &Path) -> Result<About, Error> {
    about(path, &safetensors::load_metadata(path)?)
}

fn about(path: &Path, notes: &BTreeMap<String, String>) -> Result<About, Error> {
    let format = note::<String>(path, notes, KEY_FORMAT)?;
    if format != FORMAT {
        return Err(at(path, Trouble::Format(format)));
    }
    let mut metrics = Metrics::new();
    for key in notes.keys() {
        if let Some(metric) = key.strip_prefix(KEY_METRIC) {
            metrics.insert(metric.to_owned(), note(path, notes, key)?);
        }
    }
    let step = note(path, notes, KEY_STEP)?;
    Ok(About { step, metrics })
}

fn note<T: FromStr>(path: &Path, notes: &BTreeMap<String, String>, key: &str) -> Result<T, Error> {
    let found = notes.get(key);
    let found = found.ok_or_else(|| at(path, Trouble::NoCheckpoint(key.to_owned())))?;
    found.parse().map_err(|_| {
        let (key, found) = (key.to_owned(), found.clone());
        at(path, Trouble::Note { key, found })
    })
}

pub(super) fn at(path: &Path, trouble: Trouble) -> Error {
    Error::Checkpoint {
        path: path.to_owned(),
        trouble,
    }
}

/// The part of a name, and what it is there.
fn split(key: &str) -> (&str, &str) {
    key.split_once('.').unwrap_or((key, ""))
}

/// Of the notes, and of the names, types, sizes and elements of the tensors.
fn checksum(file: &StateDict) -> String {
    let mut hasher = Hasher::new();
    for (key, note) in file.metadata() {
        hash(&mut hasher, key);
        hash(&mut hasher, note);
    }
    for (key, tensor) in file.iter() {
        hash(&mut hasher, key);
        hash(
            &mut hasher,
            &format!("{} {:?}", tensor.dtype(), tensor.dims()),
        );
        hasher.update(tensor.bytes());
    }
    format!("{:08x}", hasher.finalize())
}

/// With its length, so that what moves from one text to the next is seen.
fn hash(hasher: &mut Hasher, text: &str) {
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}
