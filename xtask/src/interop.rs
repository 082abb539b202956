//! `cargo xtask interop`: state dicts from volta to PyTorch and back.

use std::path::Path;
use std::process::Command;

use crate::test::gate::{command, finish};
use crate::{python, root};

const HELP: &str = "\
Saves every layer that PyTorch has too, loads it there with strict=True, and
the other way round; prints how far the outputs are apart, and fails if that is
more than 1e-5 or a name is not on both sides.

PyTorch comes into target/python, once; it is large. Another Python that
has torch, numpy and safetensors is named by VOLTA_PYTHON.

Usage: cargo xtask interop [options]

Options:
  -h, --help    print this";

pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    match arguments {
        [] => {
            let folder = root().join("target").join("interop");
            let python = python::with(&["torch", "numpy", "safetensors"])?;
            volta("write", &folder)?;
            let script = root().join("tests/interop/pytorch.py");
            finish(Command::new(python).arg(script).arg(&folder))?;
            volta("read", &folder)
        }
        [help] if help == "-h" || help == "--help" => {
            println!("{HELP}");
            Ok(())
        }
        [other, ..] => Err(format!(
            "`cargo xtask interop` does not take `{other}`; its option is `--help`"
        )),
    }
}

/// Volta's side.
fn volta(verb: &str, folder: &Path) -> Result<(), String> {
    let mut command = command(&["run", "--quiet", "--example", "interop", "--", verb]);
    finish(command.arg(folder))
}
