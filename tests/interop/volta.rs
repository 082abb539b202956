//! Volta's side of `cargo xtask interop`: `write FOLDER` saves every layer, `read FOLDER` loads what
//! PyTorch saved and says how far the outputs are apart.

mod exchange;
mod layers;

use std::error::Error;
use std::process::ExitCode;

use exchange::{Exchange, Row};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything is as it should be.
fn run() -> Result<bool, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["write", folder] => {
            exchange::folder(folder.as_ref(), "volta")?;
            layers::all(&mut Exchange::Write(folder.into()))?;
            Ok(true)
        }
        ["read", folder] => {
            let mut exchange = Exchange::Read(folder.into(), Vec::new());
            layers::all(&mut exchange)?;
            let Exchange::Read(_, rows) = exchange else {
                unreachable!("it stays what it is")
            };
            println!("{}", table(&rows));
            Ok(rows.iter().all(Row::holds))
        }
        _ => Err("`write FOLDER` or `read FOLDER`: see `cargo xtask interop --help`".into()),
    }
}

fn table(rows: &[Row]) -> String {
    let number = |apart: &Result<f32, String>| match apart {
        Ok(apart) => format!("{apart:.1e}"),
        Err(_) => "-".into(),
    };
    let widest = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let line = |name: &str, keys: &str, there: &str, back: &str| {
        format!("{name:<widest$}  {keys:>4}  {there:>16}  {back:>16}")
    };
    let mut lines = vec![
        line("", "", "volta to PyTorch", "PyTorch to volta"),
        line("layer", "keys", "apart at most", "apart at most"),
    ];
    let mut troubles = Vec::new();
    for row in rows {
        let [there, back] = row.apart.each_ref().map(number);
        let mark = if row.holds() { "" } else { "  FAILED" };
        lines.push(line(row.name, &row.keys.to_string(), &there, &back) + mark);
        let of = |trouble: &String| format!("{}: {trouble}", row.name);
        troubles.extend(
            row.apart
                .iter()
                .filter_map(|apart| apart.as_ref().err())
                .map(of),
        );
    }
    let failed = rows.iter().filter(|row| !row.holds()).count();
    lines.extend(troubles);
    lines.push(format!("{} layers, {failed} of them failed", rows.len()));
    lines.join("\n")
}
