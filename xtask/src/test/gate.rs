//! The gates, cheapest first.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use super::{examples, gpu, lean};
use crate::{root, rules};

/// What is tested beside the default features, but for the GPU.
const FEATURES: &str = "volta/images,volta/npz,volta/profile,volta/pytorch";

/// One check of the workspace.
pub(crate) struct Gate {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn(&Run) -> Result<(), String>,
}

/// What gates run together.
pub(crate) struct Run {
    pub(crate) gates: Vec<&'static Gate>,
}

impl Run {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.gates.iter().any(|gate| gate.name == name)
    }

    /// `cargo test`, with these arguments, of the same packages in the same features for every gate
    /// of a run: from others cargo concludes to other features of what they depend on, and compiles
    /// all of it once more. Where the gate of the GPU runs, it is with the GPU.
    pub(crate) fn tests(&self, arguments: &[&str]) -> Result<Command, String> {
        let mut command = command(&["test", "--workspace", "--features"]);
        match self.has(GPU) {
            true => command
                .arg(format!("{FEATURES},volta/gpu"))
                .envs(gpu::variables()?),
            false => command.args([FEATURES, "--exclude", "volta-gpu"]),
        };
        command.args(arguments);
        Ok(command)
    }
}

/// The gate that needs a driver.
pub(crate) const GPU: &str = "gpu";

/// The gate that runs all tests.
pub(crate) const TEST: &str = "test";

pub(crate) const GATES: &[Gate] = &[
    Gate {
        name: "format",
        what: "the sources are formatted",
        run: |_| cargo(&["fmt", "--all", "--check"]),
    },
    Gate {
        name: "rules",
        what: "docs/shape-rules.md is as the compile-fail tests say",
        run: |_| rules::check(root()),
    },
    Gate {
        name: "lean",
        what: "each feature builds alone; without `gpu`, the tests build, and volta needs no wgpu and no naga",
        run: |_| lean::check(),
    },
    Gate {
        name: "clippy",
        what: "no lint, in any target, with every feature",
        run: |_| {
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
        run: |_| {
            let mut command = command(&["doc", "--workspace", "--all-features", "--no-deps"]);
            finish(command.env("RUSTDOCFLAGS", "-D warnings"))
        },
    },
    Gate {
        name: TEST,
        what: "unit, integration and compile-fail tests; those of the GPU too, if its gate runs",
        run: |run| finish(&mut run.tests(&["--lib", "--bins", "--tests"])?),
    },
    Gate {
        name: "examples",
        what: "every example, in its short mode",
        run: examples::run,
    },
    Gate {
        name: GPU,
        what: "the tests on the GPU, but for those that `test` has run, and with other kernels",
        run: gpu::run,
    },
    Gate {
        name: "doctest",
        what: "the examples in the documentation and in README.md",
        run: |run| finish(&mut run.tests(&["--doc"])?),
    },
];

fn cargo(arguments: &[&str]) -> Result<(), String> {
    finish(&mut command(arguments))
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
