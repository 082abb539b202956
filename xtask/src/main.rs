//! Tasks of the workspace: `cargo xtask test` is every gate.
fn main() {}
