//! The examples, each in its short mode, where their pictures do no harm.

use std::fs;
use std::process::Command;

use super::gate::{Run, finish};
use crate::root;

/// What needs a device is run by another gate.
const ON_A_GPU: &str = "devices";

pub(crate) fn run(run: &Run) -> Result<(), String> {
    let names = names()?;
    // It builds the examples on the way; `cargo run` would choose other features of other crates.
    finish(&mut run.tests(&["--no-run"])?)?;
    let own = std::env::current_exe().map_err(|error| format!("this program: {error}"))?;
    let built = own.with_file_name("examples");
    let folder = std::env::temp_dir().join(format!("volta-examples-{}", std::process::id()));
    let trouble = |error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(trouble)?;
    let result = names.iter().try_for_each(|name| {
        println!("--> {name}");
        let program = built
            .join(name)
            .with_extension(std::env::consts::EXE_EXTENSION);
        finish(Command::new(program).arg("--short").current_dir(&folder))
    });
    let removed = fs::remove_dir_all(&folder).map_err(trouble);
    result.and(removed)
}

/// Files and folders with a `main.rs` in `examples/`, in order.
fn names() -> Result<Vec<String>, String> {
    let folder = root().join("examples");
    let trouble = |error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        let is_example = match path.extension() {
            Some(ending) => ending == "rs",
            None => path.join("main.rs").is_file(),
        };
        if let (true, Some(name)) = (is_example, path.file_stem()) {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.retain(|name| name != ON_A_GPU);
    names.sort();
    match names.is_empty() {
        true => Err(format!("{}: no examples", folder.display())),
        false => Ok(names),
    }
}
