//! `cargo xtask interop`: state dicts from volta to PyTorch and back.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::root;
use crate::test::gate::{command, finish};

/// Names a Python that has what is needed.
const PYTHON: &str = "VOLTA_PYTHON";
/// What is needed.
const PACKAGES: [&str; 3] = ["torch", "numpy", "safetensors"];

const HELP: &str = "\
Saves every layer that PyTorch has too, loads it there with strict=True, and
the other way round; prints how far the outputs are apart, and fails if that is
more than 1e-5 or a name is not on both sides.

PyTorch comes into target/interop/venv, once; it is large. Another Python that
has torch, numpy and safetensors is named by VOLTA_PYTHON.

Usage: cargo xtask interop [options]

Options:
  -h, --help    print this";

pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    match arguments {
        [] => {
            let folder = root().join("target").join("interop");
            let python = match std::env::var_os(PYTHON) {
                Some(python) => given(python.into())?,
                None => installed(&folder.join("venv"))?,
            };
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

fn given(python: PathBuf) -> Result<PathBuf, String> {
    match imports(&python) {
        true => Ok(python),
        false => Err(format!(
            "{PYTHON}: `{}` does not import {}",
            python.display(),
            PACKAGES.join(", ")
        )),
    }
}

/// A Python of our own, with the packages.
fn installed(folder: &Path) -> Result<PathBuf, String> {
    let python = folder.join(match cfg!(windows) {
        true => "Scripts/python.exe",
        false => "bin/python",
    });
    if imports(&python) {
        return Ok(python);
    }
    println!(
        "--> installing {} in {}",
        PACKAGES.join(", "),
        folder.display()
    );
    let system = if cfg!(windows) { "python" } else { "python3" };
    finish(Command::new(system).args(["-m", "venv"]).arg(folder))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    finish(Command::new(&python).args(pip).args(PACKAGES))?;
    Ok(python)
}

/// Whether it runs and has the packages.
fn imports(python: &Path) -> bool {
    let import = format!("import {}", PACKAGES.join(", "));
    let mut command = Command::new(python);
    command.args(["-c", &import]);
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
