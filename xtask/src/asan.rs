//! `cargo xtask asan`: the tests of the CPU under AddressSanitizer.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::root;
use crate::test::gate;

/// What runs: the unit tests, among them those of memory and threads, and every op forward and
/// backward. In one build: crates of other features would be built again.
const TESTS: &[&str] = &[
    "concurrency",
    "conformance",
    "golden",
    "golden_convs",
    "golden_index",
    "golden_norms",
    "golden_seq",
    "golden_shapes",
    "memory",
];

/// `volta_asan` says to the caching allocator to tell what is in use of its blocks.
const FLAGS: &str = "-Zsanitizer=address --cfg volta_asan";

/// A size that the system has not is a panic to test.
const OPTIONS: &str = "detect_leaks=1:allocator_may_return_null=1";

const HELP: &str = "\
Runs the unit tests of volta-core and the integration tests of the CPU under
AddressSanitizer, with leaks, in a target folder of their own (target/asan).
It needs the toolchain that the project pins and no other: unstable flags are
let through by `RUSTC_BOOTSTRAP=1`.

Usage: cargo xtask asan [options]

Options:
  -h, --help    print this";

pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    match arguments {
        [] => run(),
        [help] if help == "-h" || help == "--help" => {
            println!("{HELP}");
            Ok(())
        }
        [other, ..] => Err(format!(
            "`cargo xtask asan` does not take `{other}`; its option is `--help`"
        )),
    }
}

fn run() -> Result<(), String> {
    let host = host(&rustc(&["-vV"])?)?;
    let sysroot = PathBuf::from(rustc(&["--print", "sysroot"])?.trim());
    runtime(&sysroot, &host)?;
    let start = Instant::now();
    let mut command = gate::command(&["test", "--target", &host, "--target-dir", "target/asan"]);
    command.args(["--package", "volta-core", "--package", "volta", "--lib"]);
    command.args(TESTS.iter().flat_map(|test| ["--test", test]));
    command.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", FLAGS);
    gate::finish(command.env("ASAN_OPTIONS", OPTIONS))?;
    let seconds = start.elapsed().as_secs_f64();
    println!("AddressSanitizer found nothing, in {seconds:.1} s");
    Ok(())
}

fn rustc(arguments: &[&str]) -> Result<String, String> {
    gate::output(Command::new("rustc").args(arguments).current_dir(root()))
}

/// The target of the machine, in what `rustc -vV` prints: a target that is named keeps build
/// scripts and macros free of the sanitizer.
fn host(version: &str) -> Result<String, String> {
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| format!("`rustc -vV` names no host:\n{version}"))
}

/// Says what is missing and how to get it; installs nothing.
fn runtime(sysroot: &Path, host: &str) -> Result<(), String> {
    let folder = sysroot.join("lib/rustlib").join(host).join("lib");
    let files =
        std::fs::read_dir(&folder).map_err(|trouble| format!("{}: {trouble}", folder.display()))?;
    let mut names = files
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned());
    if names.any(|name| name.contains("_rt.asan.")) {
        return Ok(());
    }
    Err(format!(
        "the toolchain has no AddressSanitizer for {host}: there is no `librustc-*_rt.asan.*` in \
         {}. It is part of the toolchains of rustup for Linux with glibc (x86_64 and aarch64) and \
         macOS: install rustup, and run this there; it takes the pinned toolchain by itself",
        folder.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_in_the_long_version() {
        let version = "rustc 1.95.0\nbinary: rustc\nhost: aarch64-apple-darwin\nrelease: 1.95.0\n";
        assert_eq!(host(version), Ok("aarch64-apple-darwin".to_owned()));
        assert!(host("rustc 1.95.0").is_err());
    }

    #[test]
    fn a_toolchain_without_the_runtime_is_told() {
        let folder = std::env::temp_dir().join(format!("volta-asan-{}", std::process::id()));
        let lib = folder.join("lib/rustlib/here/lib");
        std::fs::create_dir_all(&lib).unwrap();
        std::fs::write(lib.join("libstd.rlib"), []).unwrap();
        let trouble = runtime(&folder, "here").unwrap_err();
        assert!(
            trouble.contains("no AddressSanitizer for here"),
            "{trouble}"
        );
        assert!(trouble.contains("rustup"), "{trouble}");
        std::fs::write(lib.join("librustc-stable_rt.asan.a"), []).unwrap();
        assert_eq!(runtime(&folder, "here"), Ok(()));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
