//! The compile-fail tests: every `<group>/<a_sentence>.rs` is refused with the message in
//! its `.stderr`, and every `.pass.rs` compiles and runs.
//!
//! trybuild runs `cargo check` once for all mistakes as long as no test of the same run has to
//! pass; with one that has to, it builds each test by itself. So the mistakes that only a build
//! sees (const assertions: error E0080) run with the twins, and all twins are one program.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn mistakes_that_a_check_sees_are_refused() {
    let tests = trybuild::TestCases::new();
    for mistake in mistakes().iter().filter(|path| !needs_build(path)) {
        tests.compile_fail(mistake);
    }
}

#[test]
fn mistakes_that_a_build_sees_are_refused_and_twins_pass() {
    let tests = trybuild::TestCases::new();
    for mistake in mistakes().iter().filter(|path| needs_build(path)) {
        tests.compile_fail(mistake);
    }
    tests.pass(program(&twins()));
}

/// Whether the mistake may be a const assertion: it is one, or no message was written down yet.
fn needs_build(path: &Path) -> bool {
    fs::read_to_string(path.with_extension("stderr"))
        .map_or(true, |message| message.contains("E0080"))
}

/// One program that runs the twins, each in a module of its own.
fn program(twins: &[PathBuf]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    fs::create_dir_all(&folder).unwrap();
    let (mut modules, mut calls) = (String::new(), String::new());
    for (index, twin) in twins.iter().enumerate() {
        let name = twin.to_string_lossy().replace(['/', '\\'], "__");
        let copy = folder.join(name);
        fs::write(&copy, module(&fs::read_to_string(twin).unwrap(), twin)).unwrap();
        writeln!(modules, "#[path = {copy:?}] mod twin_{index};").unwrap();
        writeln!(calls, "    twin_{index}::main();").unwrap();
    }
    let path = folder.join("twins.rs");
    let text = format!("#![allow(dead_code)]\n{modules}fn main() {{\n{calls}}}\n");
    fs::write(&path, text).unwrap();
    path
}

/// The program in `source` as a module.
fn module(source: &str, path: &Path) -> String {
    let main = "\nfn main()";
    let source = format!("\n{source}");
    let count = source.matches(main).count();
    assert_eq!(count, 1, "{} has one `fn main()`", path.display());
    source.replace(main, "\npub(crate) fn main()")[1..].to_owned()
}

fn mistakes() -> Vec<PathBuf> {
    sources(|name| name.ends_with(".rs") && !name.ends_with(".pass.rs"))
}

fn twins() -> Vec<PathBuf> {
    sources(|name| name.ends_with(".pass.rs"))
}

fn sources(wanted: fn(&str) -> bool) -> Vec<PathBuf> {
    fn walk(folder: &Path, wanted: fn(&str) -> bool, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, wanted, found);
            } else if path
                .file_name()
                .is_some_and(|name| wanted(&name.to_string_lossy()))
            {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(".").unwrap() {
        let group = PathBuf::from(entry.unwrap().file_name());
        if group.is_dir() {
            walk(&group, wanted, &mut found);
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no tests in the groups");
    found
}
