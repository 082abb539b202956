//! Finds the rules in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What lies beside the groups: the package that runs them.
const RUNNER: [&str; 2] = ["Cargo.toml", "run.rs"];

/// A mistake that the compiler refuses.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Where it lies under tests/ui, without its ending.
    pub(crate) path: String,
    pub(crate) group: String,
    pub(crate) sentence: String,
    pub(crate) fails: String,
    pub(crate) message: String,
    pub(crate) passes: String,
}

#[derive(Default)]
struct Files {
    fails: Option<String>,
    message: Option<String>,
    passes: Option<String>,
}

/// The rules by their path, and what is wrong with those that are not complete.
pub(crate) fn rules(folder: &Path) -> Result<(Vec<Rule>, Vec<String>), String> {
    let mut found = BTreeMap::new();
    let mut troubles = Vec::new();
    if folder.exists() {
        walk(folder, "", &mut found, &mut troubles)?;
    }
    let mut rules = Vec::new();
    for (path, files) in found {
        let Some((group, name)) = path.rsplit_once('/') else {
            troubles.push(format!(
                "{path}.rs lies outside a group: put it in a folder"
            ));
            continue;
        };
        match files {
            Files {
                fails: Some(fails),
                message: Some(message),
                passes: Some(passes),
            } => rules.push(Rule {
                group: group.to_owned(),
                sentence: sentence(name, &fails),
                path,
                fails,
                message,
                passes,
            }),
            Files {
                fails: Some(_),
                message,
                passes,
            } => {
                if message.is_none() {
                    troubles.push(format!(
                        "{path}.rs has no .stderr: write it with `TRYBUILD=overwrite cargo test --package volta-ui`"
                    ));
                }
                if passes.is_none() {
                    troubles.push(format!(
                        "{path}.rs has no .pass.rs: the same code without the mistake"
                    ));
                }
            }
            Files {
                message, passes, ..
            } => {
                if message.is_some() {
                    troubles.push(format!("{path}.stderr has no .rs"));
                }
                if passes.is_some() {
                    troubles.push(format!("{path}.pass.rs has no .rs"));
                }
            }
        }
    }
    Ok((rules, troubles))
}

fn walk(
    folder: &Path,
    under: &str,
    found: &mut BTreeMap<String, Files>,
    troubles: &mut Vec<String>,
) -> Result<(), String> {
    let fail = |trouble| format!("{}: {trouble}", folder.display());
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{under}{name}");
        if RUNNER.contains(&path.as_str()) {
            continue;
        }
        if entry.file_type().map_err(fail)?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), found, troubles)?;
            continue;
        }
        let read = || {
            fs::read_to_string(entry.path())
                .map(|text| text.replace("\r\n", "\n"))
                .map_err(|trouble| format!("{}: {trouble}", entry.path().display()))
        };
        if let Some(stem) = path.strip_suffix(".pass.rs") {
            found.entry(stem.to_owned()).or_default().passes = Some(read()?);
        } else if let Some(stem) = path.strip_suffix(".rs") {
            found.entry(stem.to_owned()).or_default().fails = Some(read()?);
        } else if let Some(stem) = path.strip_suffix(".stderr") {
            found.entry(stem.to_owned()).or_default().message = Some(read()?);
        } else {
            troubles.push(format!("{path} is neither .rs, .pass.rs nor .stderr"));
        }
    }
    Ok(())
}

/// The first line where it is a `//! ` comment, else the file's name.
fn sentence(name: &str, source: &str) -> String {
    let header = source.lines().next().and_then(|l| l.strip_prefix("//! "));
    if let Some(header) = header {
        return header.trim().to_owned();
    }
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_is_the_sentence() {
        let name = "matmul_needs_equal_inner_sizes";
        assert_eq!(
            sentence(name, "fn main() {}"),
            "Matmul needs equal inner sizes"
        );
    }

    #[test]
    fn a_header_wins() {
        assert_eq!(
            sentence("one", "//! `One` is not a `Dim`\n"),
            "`One` is not a `Dim`"
        );
        assert_eq!(sentence("one", "// a comment\n"), "One");
    }
}
