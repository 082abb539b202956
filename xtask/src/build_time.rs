//! `cargo xtask build-time`: what it takes to build a program on Volta, and on others.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Instant, SystemTime};

use crate::peers::peer::Peer;
use crate::peers::run::{append, report};
use crate::root;
use crate::test::gate::{command, finish, output};

const HELP: &str = "\
Builds a minimal program that trains an MLP from nothing, in release mode with
thin LTO, and checks it again after an edit; the same on the libraries that
Volta is compared with. Then checks a typed ResNet-18 and a transformer of 12
layers (tests/build_time) after an edit. The figures join those of `cargo xtask
peers` in docs/performance.md.

Usage: cargo xtask build-time [options]

Options:
      --peers LIST  of: volta, candle, burn, dfdx, train-station, volta-seed
                    (default: volta)
  -h, --help        print this";

/// How often a check is timed; the least counts.
const CHECKS: usize = 3;

pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    let peers = match arguments {
        [] => vec![Peer::Volta],
        [help] if help == "-h" || help == "--help" => {
            println!("{HELP}");
            return Ok(());
        }
        [option, list] if option == "--peers" => {
            let peers = list.split(',').map(Peer::named);
            peers.collect::<Result<_, _>>()?
        }
        _ => return Err("`cargo xtask build-time` takes `--peers LIST`; see `--help`".to_owned()),
    };
    let mut lines = String::new();
    for peer in peers {
        if [Peer::PyTorch, Peer::Limits].contains(&peer) {
            return Err(format!("{} is not built", peer.name()));
        }
        let line = built(peer)?;
        println!("{line}");
        lines.push_str(&line);
        lines.push('\n');
    }
    println!("==> checking the models of tests/build_time after an edit");
    let seconds = after_an_edit(&root().join("tests/build_time/resnet18.rs"), || {
        command(&["check", "--quiet", "--test", "build_time"])
    })?;
    println!("ResNet-18 and a transformer of 12 layers: {seconds:.2} s");
    let about = "`cargo check` after an edit of a typed ResNet-18 and a transformer of 12 layers";
    lines.push_str(&format!(
        "{{\"about\":\"{about}\",\"is\":\"{seconds:.2} s\"}}\n"
    ));
    let results = root().join("target/peers/results.jsonl");
    append(&results, &lines)?;
    report(&results)
}

/// A line of results.
fn built(peer: Peer) -> Result<String, String> {
    println!("==> building on {}", peer.name());
    let target = root()
        .join("target/peers")
        .join(format!("mini-{}", peer.name()));
    if target.exists() {
        fs::remove_dir_all(&target).map_err(|e| format!("{}: {e}", target.display()))?;
    }
    let cargo = |arguments: &[&str]| {
        let mut cargo = peer.cargo(arguments);
        cargo.args(peer.features());
        cargo.env("CARGO_TARGET_DIR", &target);
        cargo.env("CARGO_PROFILE_RELEASE_STRIP", "true");
        cargo
    };
    // What is downloaded does not count.
    finish(&mut peer.cargo(&["fetch", "--quiet"]))?;
    let (start, cpu) = (Instant::now(), cpu_of_children());
    finish(&mut cargo(&[
        "build",
        "--quiet",
        "--release",
        "--bin",
        "mini",
    ]))?;
    let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu_of_children() - cpu);

    let program = target.join("release/mini");
    let bytes = program
        .metadata()
        .map_err(|e| format!("{}: {e}", program.display()))?
        .len();
    let tree = [
        "tree",
        "--quiet",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ];
    let tree = output(&mut cargo(&tree))?;
    let mut crates: Vec<&str> = tree
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty() && !line.starts_with("peer-"))
        .collect();
    crates.sort_unstable();
    crates.dedup();

    let edited = peer.folder().join("src/bin/mini.rs");
    let check = after_an_edit(&edited, || cargo(&["check", "--quiet", "--bin", "mini"]))?;
    Ok(format!(
        "{{\"peer\":\"{}\",\"build_wall_s\":{wall:.1},\"build_cpu_s\":{cpu:.1},\"crates\":{},\
         \"stripped_bytes\":{bytes},\"check_s\":{check:.3}}}",
        peer.name(),
        crates.len()
    ))
}

/// Seconds that a check takes when this file is newer than the last one.
fn after_an_edit(file: &Path, check: impl Fn() -> Command) -> Result<f64, String> {
    finish(&mut check())?;
    let mut least = f64::INFINITY;
    for _ in 0..CHECKS {
        File::options()
            .append(true)
            .open(file)
            .and_then(|file| file.set_modified(SystemTime::now()))
            .map_err(|trouble| format!("{}: {trouble}", file.display()))?;
        let start = Instant::now();
        finish(&mut check())?;
        least = least.min(start.elapsed().as_secs_f64());
    }
    Ok(least)
}

/// Seconds of CPU that the commands run so far took, where the system says so (Linux).
fn cpu_of_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name, which may have spaces, fields 3 and on; 16 and 17 are the children's.
    let fields = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks = fields.split(' ').skip(13).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}
