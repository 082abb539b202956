//! The gates, cheapest first.

use std::process::Command;

use crate::{root, rules};

/// One check of the workspace.
pub(crate) struct Gate {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn() -> Result<(), String>,
}

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
        what: "unit, integration and compile-fail tests; the examples build",
        run: || {
            cargo(&[
                "test",
                "--workspace",
                "--lib",
                "--bins",
                "--tests",
                "--examples",
            ])
        },
    },
    Gate {
        name: "doctest",
        what: "the examples in the documentation and in README.md",
        run: || cargo(&["test", "--workspace", "--doc"]),
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

fn finish(command: &mut Command) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|trouble| format!("{command:?} does not start: {trouble}"))?;
    if status.success() {
        return Ok(());
    }
    let arguments: Vec<_> = command
        .get_args()
        .map(|argument| argument.to_string_lossy())
        .collect();
    Err(format!("`cargo {}`: {status}", arguments.join(" ")))
}
