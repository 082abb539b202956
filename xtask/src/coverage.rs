//! `cargo xtask coverage`: docs/coverage.md from a run of every op and layer.

use crate::test::gate::{GATES, GPU, Run, finish};
use crate::test::gpu;

/// Says to the test that it is to write the page.
const WRITE: &str = "VOLTA_WRITE_COVERAGE";

const TEST: [&str; 4] = ["--test", "coverage", "--", "the_page"];

const HELP: &str = "\
Runs every op and layer in every element type on the CPU and on the GPU, and
writes what works to docs/coverage.md. Fails if something is wrong. That the
page is not stale is a test of volta: coverage.

Usage: cargo xtask coverage [options]

Options:
  -h, --help    print this";

pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    match arguments {
        [] => {
            gpu::prepare()?;
            let gates = GATES.iter().filter(|gate| gate.name == GPU).collect();
            finish(Run { gates }.tests(&TEST)?.env(WRITE, "1"))
        }
        [help] if help == "-h" || help == "--help" => {
            println!("{HELP}");
            Ok(())
        }
        [other, ..] => Err(format!(
            "`cargo xtask coverage` does not take `{other}`; its option is `--help`"
        )),
    }
}
