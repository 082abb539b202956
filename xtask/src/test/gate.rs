//! The gates, cheapest first.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use super::{examples, gpu, lean};
use crate::{root, rules};

/// What is tested beside the default features, but for the GPU.
pub(crate) const FEATURES: &str = "volta/images,volta/npz,volta/profile,volta/pytorch";

/// One check of the workspace.
pub(crate) struct Gate {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn() -> Result<(), String>,
}

/// The gate that needs a driver.
pub(crate) const GPU: &str = "gpu";

pub(crate) const GATES: &[Gate] = &[
    Gate {
        name: "format",
        what: "the sources are formatted",
        run: || cargo(&["fmt", "--all", "--check"]),
    },
    Gate {
        name: "rules",
        what: "docs/shape-rules.md is as the compile-fail tests say",
        run: || rules::check(root()),
    },
    Gate {
        name: "lean",
        what: "each feature builds alone; without `gpu`, volta depends on neither wgpu nor naga",
        run: lean::check,
    },
    Gate {
        name: "clippy",
        what: "no lint, in any target, with every feature",
        run: || {
            cargo(&[
                "clippy",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--",
                "-D",
                "warnings",
            ])
        },
    },
    Gate {
        name: "rustdoc",
        what: "the documentation builds without a warning",
        run: || {
            let mut command = command(&["doc", "--workspace", "--all-features", "--no-deps"]);
            finish(command.env("RUSTDOCFLAGS", "-D warnings"))
        },
    },
    Gate {
        name: "test",
        what: "unit, integration and compile-fail tests, on the CPU; the examples build",
        run: || test(&["--lib", "--bins", "--tests", "--examples"]),
    },
    Gate {
        name: "examples",
        what: "every example, in its short mode",
        run: examples::run,
    },
    Gate {
        name: GPU,
        what: "the tests of volta-gpu, and those of volta on the GPU",
        run: gpu::run,
    },
    Gate {
        name: "doctest",
        what: "the examples in the documentation and in README.md",
        run: || test(&["--doc"]),
    },
];

fn cargo(arguments: &[&str]) -> Result<(), String> {
    finish(&mut command(arguments))
}

/// The tests of these targets, but for those on a GPU.
fn test(targets: &[&str]) -> Result<(), String> {
    let mut command = command(&["test", "--workspace", "--exclude", "volta-gpu"]);
    finish(command.args(["--features", FEATURES]).args(targets))
}

/// The cargo that runs this task, so that the pinned toolchain stays in use.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).current_dir(root());
    command
}

pub(crate) fn finish(command: &mut Command) -> Result<(), String> {
    let status = command.status();
    let status = status.map_err(|trouble| format!("{command:?} does not start: {trouble}"))?;
    ended(command, status)
}

/// [`finish`], and what the command printed.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|trouble| format!("{command:?} does not start: {trouble}"))?;
    ended(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn ended(command: &Command, status: ExitStatus) -> Result<(), String> {
    if status.success() {
        return Ok(());
    }
    let program = Path::new(command.get_program()).file_stem();
    let words: Vec<_> = (program.into_iter())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect();
    Err(format!("`{}`: {status}", words.join(" ")))
}
