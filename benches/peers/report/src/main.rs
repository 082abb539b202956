//! Makes docs/performance.md and its pictures from the lines that the peers print.
//!
//! usage: peer-report RESULTS.jsonl FOLDER

mod cases;
mod chart;
mod growth;
mod page;
mod results;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [results, folder] = &arguments[..] else {
        eprintln!("usage: peer-report RESULTS.jsonl FOLDER");
        return ExitCode::FAILURE;
    };
    match write(Path::new(results), Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn write(results: &Path, folder: &Path) -> Result<(), String> {
    let results = results::read(results)?;
    let differences = results.differences();
    let put = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
    };
    put("performance.svg", chart::ratios(&results)?)?;
    let growth = growth::charts(&results)?;
    for (name, text) in &growth {
        put(name, text.clone())?;
    }
    let names: Vec<&str> = growth.iter().map(|(name, _)| name.as_str()).collect();
    put("performance.md", page::page(&results, &names))?;
    match differences.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "not all peers computed the same thing:\n{}",
            differences.join("\n")
        )),
    }
}
