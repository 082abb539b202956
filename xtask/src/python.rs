//! A Python that has what a task needs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::root;
use crate::test::gate::finish;

/// Names an interpreter that has it all.
const OWN: &str = "VOLTA_PYTHON";

/// An interpreter with these packages: the one that `VOLTA_PYTHON` names, or that of an environment
/// in `target`, made on the first call.
pub(crate) fn with(packages: &[&str]) -> Result<PathBuf, String> {
    if let Some(own) = std::env::var_os(OWN).filter(|own| !own.is_empty()) {
        let own = PathBuf::from(own);
        return match lacking(&own, packages)?[..] {
            [] => Ok(own),
            ref lacking => Err(format!(
                "{OWN}: {} lacks {}",
                own.display(),
                lacking.join(", ")
            )),
        };
    }
    let folder = root().join("target/python");
    let python = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    if !python.is_file() {
        println!("==> making a Python environment in {}", folder.display());
        finish(Command::new("python3").args(["-m", "venv"]).arg(&folder)).map_err(|trouble| {
            format!(
                "{trouble}; Python 3 with `venv` is needed, or {OWN}, which names an interpreter"
            )
        })?;
    }
    let lacking = lacking(&python, packages)?;
    if !lacking.is_empty() {
        println!("==> installing {}", lacking.join(", "));
        let install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ];
        finish(Command::new(&python).args(install).args(lacking))?;
    }
    Ok(python)
}

/// Those of the packages that it cannot import.
fn lacking<'a>(python: &Path, packages: &[&'a str]) -> Result<Vec<&'a str>, String> {
    let mut lacking = Vec::new();
    for package in packages {
        let import = format!("import {package}");
        let status = (Command::new(python).args(["-c", &import]))
            .stderr(Stdio::null())
            .status()
            .map_err(|trouble| format!("{} does not start: {trouble}", python.display()))?;
        if !status.success() {
            lacking.push(*package);
        }
    }
    Ok(lacking)
}
