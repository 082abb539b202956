//! `cargo xtask rules`: docs/shape-rules.md from the compile-fail tests.
//!
//! A rule is `tests/ui/<group>/<a_sentence>.rs`, with the compiler's answer beside it in
//! `<a_sentence>.stderr` and a twin in `<a_sentence>.pass.rs` that differs in the mistake alone.

mod collect;
mod lint;
mod message;
mod page;

use std::fs;
use std::path::Path;

const SOURCES: &str = "tests/ui";
const PAGE: &str = "docs/shape-rules.md";

const HELP: &str = "\
Writes docs/shape-rules.md from the compile-fail tests in tests/ui.

Usage: cargo xtask rules [options]

Options:
      --check   write nothing; fail if the page is stale
  -h, --help    print this";

pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    let mut checks = false;
    for argument in arguments {
        match argument.as_str() {
            "-h" | "--help" => {
                println!("{HELP}");
                return Ok(());
            }
            "--check" => checks = true,
            other => {
                return Err(format!(
                    "`cargo xtask rules` does not take `{other}`; its options are `--check` and `--help`"
                ));
            }
        }
    }
    if checks {
        check(crate::root())
    } else {
        write(crate::root())
    }
}

/// Fails unless every rule is complete and the page is what they say.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let page = render(root)?;
    match fs::read_to_string(root.join(PAGE)) {
        Ok(written) if written == page => Ok(()),
        Ok(_) => Err(format!("{PAGE} is stale: run `cargo xtask rules`")),
        Err(trouble) => Err(format!("{PAGE}: {trouble}; run `cargo xtask rules`")),
    }
}

fn write(root: &Path) -> Result<(), String> {
    let page = render(root)?;
    let path = root.join(PAGE);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|trouble| format!("{}: {trouble}", folder.display()))?;
    }
    fs::write(&path, page).map_err(|trouble| format!("{}: {trouble}", path.display()))
}

fn render(root: &Path) -> Result<String, String> {
    let (rules, mut troubles) = collect::rules(&root.join(SOURCES))?;
    for rule in &rules {
        for trouble in lint::troubles(&rule.message) {
            troubles.push(format!("{}.stderr {trouble}", rule.path));
        }
    }
    if troubles.is_empty() {
        return Ok(page::render(&rules));
    }
    troubles.sort();
    Err(format!(
        "the rules in {SOURCES} are not in order:\n  {}",
        troubles.join("\n  ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures")
            .join(name)
    }

    #[test]
    fn the_page_of_sound_rules_is_as_written() {
        assert_eq!(check(&fixture("sound")), Ok(()));
    }

    #[test]
    fn a_stale_page_is_an_error() {
        let trouble = check(&fixture("stale")).unwrap_err();
        assert!(trouble.contains("is stale"), "{trouble}");
    }

    #[test]
    fn every_trouble_is_reported_at_once() {
        let trouble = check(&fixture("broken")).unwrap_err();
        let expected = [
            "shape/dumps.stderr names the type-level number `UInt<`",
            "shape/has_neither.rs has no .pass.rs",
            "shape/has_neither.rs has no .stderr",
            "shape/lone_message.stderr has no .rs",
            "shape/lone_twin.pass.rs has no .rs",
            "the_root_holds_no_rule.rs lies outside a group",
        ];
        let lines: Vec<_> = trouble.lines().skip(1).map(str::trim).collect();
        assert_eq!(lines.len(), expected.len(), "{trouble}");
        for (line, expected) in lines.iter().zip(expected) {
            assert!(line.starts_with(expected), "{line} is not {expected}");
        }
    }
}
