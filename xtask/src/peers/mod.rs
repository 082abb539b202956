//! `cargo xtask peers`: Volta and other libraries on the same cases, in one run.

mod options;
pub(crate) mod peer;
pub(crate) mod run;

use std::fs;

use crate::python;
use crate::root;
use options::Options;
use peer::Peer;

const HELP: &str = "\
Builds Volta and the libraries that it is compared with, runs every case of each
in turn, checks that all computed the same, and writes docs/performance.md and
its pictures. The packages are in benches/peers; what they compute and how it is
timed is in benches/peers/README.md.

Usage: cargo xtask peers [options]

Options:
      --peers LIST      of: pytorch, volta, candle, burn, dfdx, train-station,
                        volta-seed, limits (default: all)
      --threads LIST    numbers of threads (default: 1,2)
      --rounds N        how often each peer has its turn (default: 2)
      --filter LIST     only cases whose names contain one of these
      --budget SECONDS  of measurement for each case (default: 0.3)
      --keep            add to the results of the last run, and say so on the page
      --growth          how the cost of Volta grows, too
      --memory          peak memory of a convolution, too
  -h, --help            print this

PyTorch needs Python 3: VOLTA_PYTHON names an interpreter that has `torch` and
`numpy`; without it an environment of its own is made, once, which downloads
several GB.";

pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    let Some(options) = Options::parse(arguments)? else {
        println!("{HELP}");
        return Ok(());
    };
    let folder = root().join("target/peers");
    let trouble = |error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(trouble)?;
    let python = match options.peers.contains(&Peer::PyTorch) {
        true => Some(python::with(&["torch", "numpy"])?),
        false => None,
    };
    for peer in &options.peers {
        peer.build()?;
    }
    let results = folder.join("results.jsonl");
    if options.keep {
        run::append(&results, &options.added())?;
    } else {
        fs::write(&results, run::about()?).map_err(trouble)?;
    }
    run::all(&options, python.as_deref(), &results)?;
    run::report(&results)
}
