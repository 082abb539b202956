//! Files of PyTorch: those that it wrote (`generate.py`), made ones, and damaged ones.

mod assemble;
mod damaged;
mod nested;
mod read;
mod refused;

use std::fs;
use std::path::{Path, PathBuf};

use volta::io::pytorch::{self, PytorchTrouble};
use volta::{Error, StateDict};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/pytorch")
        .join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(fixture(name)).unwrap()
}

fn parse(bytes: &[u8]) -> Result<StateDict, Error> {
    pytorch::from_bytes(bytes.to_vec(), Path::new("file.pt"))
}

/// The trouble with `bytes` and its message, after a look at whether that names the file.
fn trouble(bytes: &[u8]) -> (PytorchTrouble, String) {
    let error = parse(bytes).unwrap_err();
    let message = error.to_string();
    let Some(message) = message.strip_prefix("file.pt: ") else {
        panic!("{message}")
    };
    match error {
        Error::Pytorch { trouble, .. } => (*trouble, message.to_owned()),
        other => panic!("{other}"),
    }
}
