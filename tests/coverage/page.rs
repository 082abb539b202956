//! The page.

use std::collections::HashMap;
use std::fmt::Write;

use crate::judge::{Found, KINDS, Mark, is_float, label, tolerance};

/// A line of a table, taken apart: the name and the cells.
fn cells(line: &str) -> Option<(&str, Vec<&str>)> {
    let line = line.strip_prefix("| `")?.strip_suffix(" |")?;
    let (name, rest) = line.split_once("` | ")?;
    Some((name, rest.split('|').map(str::trim).collect()))
}

/// The marks of the page as it was: what is not run here stays as it is.
fn before(written: &str) -> HashMap<(String, &'static str), String> {
    let mut marks = HashMap::new();
    for (name, cells) in written.lines().filter_map(cells) {
        for (cell, kind) in cells.iter().zip(KINDS) {
            if let Some((_, gpu)) = cell.split_once(' ') {
                marks.insert((name.to_owned(), label(kind)), gpu.to_owned());
            }
        }
    }
    marks
}

fn sign(mark: Mark) -> &'static str {
    match mark {
        Mark::Gradient => "∂",
        Mark::Values => "✓",
        Mark::Wrong => "✗",
        Mark::Unknown => "?",
    }
}

pub(crate) fn render(found: &[Found], written: &str) -> String {
    let before = before(written);
    let cell = |row: &Found, kind: &'static str| match row.marks.get(kind) {
        None => String::new(),
        Some([cpu, Mark::Unknown]) => {
            let gpu = before.get(&(row.name.to_owned(), kind));
            format!("{} {}", sign(*cpu), gpu.map_or("?", String::as_str))
        }
        Some([cpu, gpu]) => format!("{} {}", sign(*cpu), sign(*gpu)),
    };
    let mut page = legend(found);
    let mut section = "";
    for row in found {
        if row.section != section {
            section = row.section;
            let kinds: Vec<_> = KINDS.map(|kind| format!("`{}`", label(kind))).into();
            let rule = "|---".repeat(KINDS.len() + 1);
            let _ = write!(
                page,
                "\n## {section}\n\n| | {} |\n{rule}|\n",
                kinds.join(" | ")
            );
        }
        let cells: Vec<_> = KINDS.map(|kind| cell(row, label(kind))).into();
        let _ = writeln!(page, "| `{}` | {} |", row.name, cells.join(" | "));
    }
    page
}

fn legend(found: &[Found]) -> String {
    let cells: usize = found.iter().map(|row| row.marks.len()).sum();
    let gradients = found.iter().flat_map(|row| row.marks.values());
    let gradients = gradients.filter(|[cpu, _]| *cpu == Mark::Gradient).count();
    let tolerances: Vec<_> = KINDS
        .iter()
        .filter(|&&kind| is_float(kind))
        .map(|&kind| format!("{:e} in `{}`", tolerance(kind), label(kind)))
        .collect();
    format!(
        "<!-- Written by `cargo xtask coverage` from tests/coverage: do not edit. -->\n\n\
         # What works where\n\n\
         Each of the {} ops and layers was run in each element type that it takes: {cells} cells, \
         {gradients} with a gradient. Of the two marks in a cell the first is of the backend `Cpu`, \
         the second of `Wgpu`:\n\n\
         - `{}`: values and gradient are right.\n\
         - `{}`: the values are right; what comes out has no gradient.\n\
         - `{}`: something is wrong. No page that passes its test has this mark.\n\
         - An empty cell: the types do not allow it.\n\n\
         Right is what `Cpu` gives in `f64`, whose gradient is compared with differences; values may \
         be off by {}, relative to the greatest beside them and to 1. Whole numbers and conditions \
         are the same on both. Every row was also given inputs that are transposed in memory.\n",
        found.len(),
        sign(Mark::Gradient),
        sign(Mark::Values),
        sign(Mark::Wrong),
        tolerances.join(", "),
    )
}
