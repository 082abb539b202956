//! State dicts of PyTorch: `.pt`, `.pth`, `pytorch_model.bin`, as `torch.save` of version 1.6 and
//! later writes them.
//!
//! Such a file is a zip archive: a Python pickle, `data.pkl`, and the elements of each tensor. A
//! pickle is a program, and in Python it may do anything. Here it is run by a machine that makes
//! dicts, lists, sets, tensors, numbers and texts, and can do nothing else: what would call another
//! function is an error with its name, and nothing is called.
//!
//! What is nested gets dotted names: in `{"model": {"fc.weight": x}, "epoch": 3}` the tensor is
//! `model.fc.weight`. An item of a list or tuple has its number for a name, a tensor alone the empty
//! one. What is no tensor is a text in the [metadata](StateDict::metadata), nearly as Python writes
//! it, under such a name: `epoch` is `"3"`; a list or tuple without tensors and dicts is one text,
//! `(0.9, 0.999)`. The attributes of dicts and tensors, `_metadata` among them, are left out.
//!
//! Elements that are in order share the memory of the file, tied tensors theirs. Reading trusts
//! nothing that a file says: beside its own bytes it takes at most [`GROWTH`] times as many and a MiB
//! for what is compressed, in another order, or repeated, and about 100 bytes for each of the pickle.
//! Sums of the zip archive are checked, unless the file has none
//! (`torch.serialization.set_crc32_options(False)`).

mod archive;
mod budget;
mod flatten;
mod global;
mod machine;
mod opcode;
mod other;
mod tensor;
mod text;
mod trouble;
mod value;

use std::fs;
use std::path::Path;

pub use trouble::{PytorchTrouble, TensorTrouble};

use super::StateDict;
use super::bytes::Bytes;
use crate::error::Error;
use archive::Archive;
use budget::Budget;
use tensor::Tensors;

/// How many times the size of a file reading it may take, in memory beside the file's own bytes.
pub const GROWTH: u64 = 16;

/// The longest pickle that is read, in bytes. It holds names and sizes, not elements.
pub const MAX_PICKLE: usize = 100_000_000;

/// How many dicts and lists may be in one another.
pub const MAX_DEPTH: usize = 100;

/// The most axes of a tensor, as in PyTorch.
pub const MAX_RANK: usize = 64;

/// Reads a file: all of its tensors, by dotted names, in its order.
///
/// ```no_run
/// use volta::io::pytorch;
/// use volta::prelude::*;
///
/// let mut layer: Linear<784, 10> = Linear::init(&mut Rng::seed(0));
/// // In Python: torch.save(layer.state_dict(), "layer.pt")
/// layer.load_state_dict(&pytorch::load("layer.pt")?)?;
/// # Ok::<(), volta::Error>(())
/// ```
///
/// # Errors
/// If the file cannot be read, is damaged or of another format, has elements of a type that volta
/// has not, or what would execute a function.
pub fn load(path: impl AsRef<Path>) -> Result<StateDict, Error> {
    read(path.as_ref(), None)
}

/// Reads one dict of a file, with the names that it has inside: of `{"model": {"fc.weight": x},
/// "epoch": 3}` by the key `model`, `fc.weight`. A dict in a dict has a dotted key. The tensors of
/// others are not looked at.
///
/// ```no_run
/// # use volta::{io::pytorch, prelude::*};
/// # let mut layer: Linear<784, 10> = Linear::init(&mut Rng::seed(0));
/// // In Python: torch.save({"model": layer.state_dict(), "epoch": 3}, "checkpoint.pt")
/// layer.load_state_dict(&pytorch::load_key("checkpoint.pt", "model")?)?;
/// # Ok::<(), volta::Error>(())
/// ```
///
/// # Errors
/// As [`load`], and if nothing has a name that starts with the key and a dot.
pub fn load_key(path: impl AsRef<Path>, key: &str) -> Result<StateDict, Error> {
    read(path.as_ref(), Some(key))
}

/// Reads from memory, as [`load`]; `path` is what errors name.
///
/// ```
/// use std::path::Path;
/// use volta::io::pytorch;
///
/// let error = pytorch::from_bytes(b"no zip".to_vec(), Path::new("model.pt")).unwrap_err();
/// assert!(error.to_string().starts_with("model.pt: no PyTorch file"));
/// ```
///
/// # Errors
/// As [`load`].
pub fn from_bytes(bytes: Vec<u8>, path: &Path) -> Result<StateDict, Error> {
    parse(&Bytes::new(bytes), None).map_err(|trouble| damaged(path, trouble))
}

fn read(path: &Path, key: Option<&str>) -> Result<StateDict, Error> {
    let whole = fs::read(path).map_err(|source| Error::io(path, source))?;
    parse(&Bytes::new(whole), key).map_err(|trouble| damaged(path, trouble))
}

fn damaged(path: &Path, trouble: PytorchTrouble) -> Error {
    Error::Pytorch {
        path: path.to_owned(),
        trouble: Box::new(trouble),
    }
}

fn parse(whole: &Bytes, key: Option<&str>) -> Result<StateDict, PytorchTrouble> {
    other::refuse(whole)?;
    let mut budget = Budget::of_file(whole.len());
    let mut archive = Archive::open(whole)?;
    let Some(pickle) = archive.entry("data.pkl", &mut budget)? else {
        return Err(PytorchTrouble::NoPickle(Vec::new()));
    };
    if pickle.len() > MAX_PICKLE {
        return Err(PytorchTrouble::PickleTooLong(pickle.len()));
    }
    let tree = machine::run(&pickle)?;
    let tensors = Tensors::of(archive, budget)?;
    flatten::flatten(&tree, tensors, key)
}
