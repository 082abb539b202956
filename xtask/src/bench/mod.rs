//! `cargo xtask bench`: the benchmarks of the working tree beside those of another commit.

mod options;
mod revision;
mod run;
mod table;

use crate::root;
use options::Options;
use revision::Revision;
use run::{Cases, Side};
use table::Table;

const HELP: &str = "\
Builds the benchmarks (the package in benches) of another commit and those of
the working tree with what is not committed, runs both in turn, and prints the
times of each case. A case is marked where the two differ by more than the
rounds of one side differ among themselves. The files of the other commit, and
what is built of them, stay in target/bench: a second run builds nothing.

Usage: cargo xtask bench [options]

Options:
      --against REV       the other commit (default: main)
      --bench NAME        only this benchmark: ops, rows, training
      --filter TEXT       only cases whose names match this
      --rounds N          how often each side has its turn, 2 or more (default: 4)
      --fail-above RATIO  fail if a case is marked, and the working tree takes
                          more than RATIO times as long
  -h, --help              print this";

pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    let Some(options) = Options::parse(arguments)? else {
        println!("{HELP}");
        return Ok(());
    };
    let folder = root().join("target/bench");
    let revision = Revision::checked_out(&options.against, &folder)?;
    println!("==> building the benchmarks of {}", options.against);
    let then = Side::of_revision(&revision, &folder, options.bench.as_deref())?;
    println!("==> building the benchmarks of the working tree");
    let now = Side::of_working_tree(&folder, options.bench.as_deref())?;

    let (mut before, mut after) = (Cases::new(), Cases::new());
    for round in 1..=options.rounds {
        println!("==> round {round} of {}", options.rounds);
        let filter = options.filter.as_deref();
        // Forth and back, so that a machine that grows slower favours neither.
        if round % 2 == 1 {
            then.run(filter, &mut before)?;
            now.run(filter, &mut after)?;
        } else {
            now.run(filter, &mut after)?;
            then.run(filter, &mut before)?;
        }
    }
    let table = Table::new(&before, &after);
    if table.is_empty() {
        return Err("no case ran: none matches what was asked for".to_owned());
    }
    print!("{}", table.text(&options.against));
    match options.fail_above {
        Some(ratio) => table.check(ratio),
        None => Ok(()),
    }
}
