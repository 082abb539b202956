//! Tasks of the workspace: `cargo xtask --help` lists them.

mod arguments;
mod asan;
mod bench;
mod build_time;
mod coverage;
mod interop;
mod peers;
mod python;
mod rules;
mod test;

use std::path::Path;
use std::process::ExitCode;

const HELP: &str = "\
Tasks of the volta workspace.

Usage: cargo xtask <task> [options]

Tasks:
  test        run every gate, cheapest first
  rules       write docs/shape-rules.md from the compile-fail tests
  coverage    write docs/coverage.md from a run of every op and layer
  interop     exchange state dicts with PyTorch
  build-time  measure what it takes to build a program
  bench       compare the benchmarks with those of another commit
  peers       compare with other libraries, and write docs/performance.md
  asan        run the tests of the CPU under AddressSanitizer

`cargo xtask <task> --help` lists the options of a task.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        None => Err(HELP.to_owned()),
        Some((task, rest)) => match task.as_str() {
            "-h" | "--help" | "help" => {
                println!("{HELP}");
                Ok(())
            }
            "test" => test::main(rest),
            "rules" => rules::main(rest),
            "coverage" => coverage::main(rest),
            "interop" => interop::main(rest),
            "asan" => asan::main(rest),
            "bench" => bench::main(rest),
            "build-time" => build_time::main(rest),
            "peers" => peers::main(rest),
            other => Err(format!(
                "there is no task `{other}`; `cargo xtask --help` lists the tasks"
            )),
        },
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the root of the workspace")
}
