//! What the gates need of the toolchain.

use std::process::Stdio;

use super::gate::command;

/// The components that a minimal toolchain lacks, as cargo and as rustup name them.
const COMPONENTS: [(&str, &str); 2] = [("fmt", "rustfmt"), ("clippy", "clippy")];

/// Says what is missing and how to add it; installs nothing.
pub(crate) fn check() -> Result<(), String> {
    let missing: Vec<_> = COMPONENTS
        .iter()
        .filter(|(subcommand, _)| !answers(subcommand))
        .map(|(_, component)| *component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "the toolchain lacks {}; add it with `rustup component add {}`",
        missing.join(" and "),
        missing.join(" ")
    ))
}

fn answers(subcommand: &str) -> bool {
    command(&[subcommand, "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
