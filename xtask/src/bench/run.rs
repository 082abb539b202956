//! Building and running the benchmarks of a side, and what criterion says of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::revision::Revision;
use crate::root;
use crate::test::gate::{command, output};

/// Seconds, round by round, of each case.
pub(super) type Cases = BTreeMap<String, Vec<f64>>;

/// Short, since the rounds measure again.
const CRITERION: &[&str] = &[
    "--bench",
    "--quiet",
    "--noplot",
    "--sample-size=10",
    "--nresamples=1000",
    "--warm-up-time=0.1",
    "--measurement-time=0.4",
];

/// The programs of a tree.
pub(super) struct Side {
    benches: Vec<Bench>,
    /// Where they run, and where criterion puts what it measured.
    folder: PathBuf,
    results: PathBuf,
}

#[derive(Debug, PartialEq)]
struct Bench {
    name: String,
    program: PathBuf,
}

impl Side {
    pub(super) fn of_revision(
        revision: &Revision,
        folder: &Path,
        bench: Option<&str>,
    ) -> Result<Self, String> {
        let target = folder.join("target");
        Side::build(&revision.files, Some(&target), folder.join("then"), bench)
    }

    pub(super) fn of_working_tree(folder: &Path, bench: Option<&str>) -> Result<Self, String> {
        Side::build(root(), None, folder.join("now"), bench)
    }

    fn build(
        tree: &Path,
        target: Option<&Path>,
        results: PathBuf,
        bench: Option<&str>,
    ) -> Result<Self, String> {
        let mut cargo = command(&["bench", "--quiet", "--no-run", "--message-format=json"]);
        cargo.args(["--package", "volta-benches"]).current_dir(tree);
        match bench {
            // It exists with that feature alone.
            Some("gpu") => cargo.args(["--features", "gpu", "--bench", "gpu"]),
            Some(name) => cargo.args(["--bench", name]),
            None => cargo.arg("--benches"),
        };
        if let Some(target) = target {
            cargo.env("CARGO_TARGET_DIR", target);
        }
        let messages = output(&mut cargo)?;
        Ok(Side {
            benches: messages.lines().filter_map(built).collect(),
            folder: tree.join("benches"),
            results,
        })
    }

    /// Runs every program once, and adds what it took.
    pub(super) fn run(&self, filter: Option<&str>, cases: &mut Cases) -> Result<(), String> {
        for bench in &self.benches {
            let trouble = |e| format!("{}: {e}", self.results.display());
            if self.results.exists() {
                fs::remove_dir_all(&self.results).map_err(trouble)?;
            }
            fs::create_dir_all(&self.results).map_err(trouble)?;
            let mut program = Command::new(&bench.program);
            program.args(CRITERION).args(filter);
            program.env("CRITERION_HOME", &self.results);
            quietly(program.current_dir(&self.folder))?;
            for (case, seconds) in measured(&self.results)? {
                let case = format!("{}/{case}", bench.name);
                cases.entry(case).or_default().push(seconds);
            }
        }
        Ok(())
    }
}

/// Runs a program, and shows what it says only if it fails: criterion reports each of its steps.
fn quietly(program: &mut Command) -> Result<(), String> {
    let run = program.output();
    let run = run.map_err(|trouble| format!("{program:?} does not start: {trouble}"))?;
    if run.status.success() {
        return Ok(());
    }
    Err(format!(
        "{}{program:?}: {}",
        String::from_utf8_lossy(&run.stderr),
        run.status
    ))
}

/// The benchmark in a message of cargo, if it is about one.
fn built(message: &str) -> Option<Bench> {
    let target = message.split_once("\"kind\":[\"bench\"]")?.1;
    Some(Bench {
        name: text_at(target, "name")?,
        program: text_at(target, "executable")?.into(),
    })
}

/// Every case below a folder of criterion's, with its median.
fn measured(folder: &Path) -> Result<Vec<(String, f64)>, String> {
    let mut cases = Vec::new();
    let trouble = |e| format!("{}: {e}", folder.display());
    for entry in fs::read_dir(folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        if path.ends_with("new") {
            let name = field_of(&path.join("benchmark.json"), "name", |json| {
                text_at(json, "full_id")
            })?;
            cases.push((
                name,
                field_of(&path.join("estimates.json"), "median", median)?,
            ));
        } else if path.is_dir() {
            cases.extend(measured(&path)?);
        }
    }
    Ok(cases)
}

/// What `find` finds in a file.
fn field_of<T>(file: &Path, what: &str, find: fn(&str) -> Option<T>) -> Result<T, String> {
    let text = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    find(&text).ok_or_else(|| format!("{}: criterion writes no {what}", file.display()))
}

/// Seconds, of the nanoseconds in an `estimates.json`.
fn median(estimates: &str) -> Option<f64> {
    let median = estimates.split_once("\"median\":")?.1;
    let number = median.split_once("\"point_estimate\":")?.1;
    let number = number.split([',', '}']).next()?;
    number
        .trim()
        .parse()
        .ok()
        .map(|nanoseconds: f64| nanoseconds / 1e9)
}

/// The text of the first field of this name in one line of JSON.
fn text_at(json: &str, field: &str) -> Option<String> {
    let text = json.split_once(&format!("\"{field}\":\""))?.1;
    let mut characters = text.chars();
    let mut value = String::new();
    loop {
        match characters.next()? {
            '"' => return Some(value),
            '\\' => value.push(characters.next()?),
            character => value.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_named_by_the_messages_of_cargo() {
        let message = |kind: &str, executable: &str| {
            format!(
                "{{\"reason\":\"compiler-artifact\",\"package_id\":\"path+file:///v#volta@0.1.0\",\
                 \"target\":{{\"kind\":[\"{kind}\"],\"crate_types\":[\"bin\"],\"name\":\"ops\",\
                 \"src_path\":\"/v/ops.rs\"}},\"filenames\":[\"/t/ops\"],\
                 \"executable\":{executable},\"fresh\":true}}"
            )
        };
        let ops = Bench {
            name: "ops".to_owned(),
            program: "C:\\t\\ops.exe".into(),
        };
        assert_eq!(
            built(&message("bench", "\"C:\\\\t\\\\ops.exe\"")),
            Some(ops)
        );
        assert_eq!(built(&message("lib", "null")), None);
        assert_eq!(
            built("{\"reason\":\"build-finished\",\"success\":true}"),
            None
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_is_heard() {
        let sh = |script: &str| quietly(Command::new("sh").args(["-c", script]));
        assert_eq!(sh("echo fine >&2"), Ok(()));
        let trouble = sh("echo broken >&2; exit 3").unwrap_err();
        assert!(
            trouble.starts_with("broken\n") && trouble.contains('3'),
            "{trouble}"
        );
    }

    #[test]
    fn cases_are_read_from_the_files_of_criterion() {
        let folder = std::env::temp_dir().join(format!("volta-measured-{}", std::process::id()));
        let case = folder.join("group/exp_1e5");
        for part in ["new", "base"] {
            fs::create_dir_all(case.join(part)).unwrap();
        }
        fs::create_dir_all(folder.join("report")).unwrap();
        let name =
            "{\"group_id\":\"group\",\"function_id\":\"exp 1e5\",\"full_id\":\"group/exp 1e5\"}";
        fs::write(case.join("new/benchmark.json"), name).unwrap();
        assert!(measured(&folder).unwrap_err().contains("estimates.json"));
        let estimate = |x: f64| {
            format!(
                "{{\"confidence_interval\":{{\"confidence_level\":0.95,\"lower_bound\":1.0,\
                 \"upper_bound\":9.0}},\"point_estimate\":{x:?},\"standard_error\":0.5}}"
            )
        };
        let figures = |name: &str| {
            let (mean, other) = (estimate(2000.0), estimate(1500.0));
            format!("{{\"mean\":{mean},\"{name}\":{other},\"slope\":null}}")
        };
        fs::write(case.join("new/estimates.json"), figures("median_abs_dev")).unwrap();
        assert!(measured(&folder).unwrap_err().contains("no median"));
        fs::write(case.join("new/estimates.json"), figures("median")).unwrap();
        let expected = vec![("group/exp 1e5".to_owned(), 1.5e-6)];
        assert_eq!(measured(&folder), Ok(expected));
        fs::remove_dir_all(folder).unwrap();
    }
}
