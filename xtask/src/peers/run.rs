//! The turns of the peers.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use super::options::Options;
use super::peer::Peer;
use crate::root;
use crate::test::gate::{command, finish, output};

/// Every peer at every number of threads, round after round, so that what disturbs one disturbs all.
pub(super) fn all(options: &Options, python: Option<&Path>, results: &Path) -> Result<(), String> {
    for round in 1..=options.rounds {
        for &threads in &options.threads {
            for &peer in &options.peers {
                println!("==> round {round}, {threads} threads: {}", peer.name());
                let mut program = peer.program(python, threads);
                program
                    .env("PEER_FILTER", &options.filter)
                    .env("PEER_BUDGET", options.budget.to_string())
                    .env("PEER_WAIT", "15")
                    .env("PEER_TRIES", "2");
                append(results, &output(&mut program)?)?;
            }
        }
    }
    if options.memory {
        // One convolution of the seed takes minutes, and the others have none.
        let with_convolutions = [Peer::PyTorch, Peer::Volta, Peer::Candle, Peer::Burn];
        for peer in options
            .peers
            .iter()
            .filter(|peer| with_convolutions.contains(peer))
        {
            println!("==> memory: {}", peer.name());
            append(
                results,
                &output(peer.program(python, 1).env("PEER_MEM", "1"))?,
            )?;
        }
    }
    if options.growth {
        growth(results)?;
    }
    Ok(())
}

fn growth(results: &Path) -> Result<(), String> {
    println!("==> how the cost of volta grows");
    let program = Peer::Volta.target().join("release/growth");
    let run = |arguments: &[&str]| {
        let mut program = std::process::Command::new(&program);
        append(results, &output(program.args(arguments))?)
    };
    run(&[])?;
    // Each in a process of its own, for its peak.
    for depth in [1, 2, 4, 8, 12, 16] {
        run(&["depth", &depth.to_string()])?;
    }
    for length in [128, 256, 512, 1024, 2048, 4096] {
        run(&["sequence", &length.to_string()])?;
    }
    Ok(())
}

/// Adds lines at once, so that a run that is stopped leaves whole ones.
pub(crate) fn append(results: &Path, lines: &str) -> Result<(), String> {
    let trouble = |error| format!("{}: {error}", results.display());
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(results)
        .map_err(trouble)?;
    file.write_all(lines.as_bytes()).map_err(trouble)
}

/// The machine and the compiler, as lines of results.
pub(super) fn about() -> Result<String, String> {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let mut lines = processors.lines().filter(|line| line.starts_with(name));
        let line = lines.next().and_then(|line| line.split_once(": "));
        line.map_or("unknown".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let rustc = output(command(&["--version"]).env_remove("RUSTC"))?;
    let mut lines = String::new();
    let mut put = |about: &str, is: String| {
        writeln!(
            lines,
            "{{\"about\":\"{about}\",\"is\":\"{}\"}}",
            is.replace('"', "'")
        )
        .expect("a string");
    };
    let processor = format!(
        "{cores} cores of {} (family {}, model {})",
        field("model name"),
        field("cpu family"),
        field("model\t")
    );
    put("processor", processor);
    put("built by", rustc.trim().to_owned());
    Ok(lines)
}

/// Writes the page.
pub(crate) fn report(results: &Path) -> Result<(), String> {
    println!("==> docs/performance.md");
    let folder = root().join("benches/peers/report");
    let mut report = command(&["run", "--quiet", "--release", "--"]);
    report
        .arg(results)
        .arg(root().join("docs"))
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", root().join("target/peers/report"));
    finish(&mut report)
}
