//! The functions that WGSL lacks, or has without a promise of accuracy.
//!
//! Those of `f64` end in `_f64`: naga passes its own on to drivers, which have none.
//!
//! The errors that their comments give are those with IEEE arithmetic; where a GPU divides or takes
//! roots less exactly, as WGSL allows (2.5 ulp), that comes on top. They need no fused
//! multiplication and no numbers below the normal ones, and test NaN and infinities by their bits.
//! Compilers reorder sums: where one has to be exact, a part of it was split off by its bits.
//!
//! A comment at coefficients says what they approximate, where, and within which error.

use std::sync::OnceLock;

const FILES: &[&str] = &[
    include_str!("library/bits.wgsl"),
    include_str!("library/exp.wgsl"),
    include_str!("library/log.wgsl"),
    include_str!("library/trigonometric.wgsl"),
    include_str!("library/inverse.wgsl"),
    include_str!("library/hyperbolic.wgsl"),
    include_str!("library/erf.wgsl"),
    include_str!("library/pow.wgsl"),
    include_str!("library/f64/bits.wgsl"),
    include_str!("library/f64/exp.wgsl"),
    include_str!("library/f64/log.wgsl"),
    include_str!("library/f64/trigonometric.wgsl"),
    include_str!("library/f64/inverse.wgsl"),
    include_str!("library/f64/hyperbolic.wgsl"),
    include_str!("library/f64/erf.wgsl"),
    include_str!("library/f64/pow.wgsl"),
];

/// One function, and the others of the library that its text calls.
struct Entry {
    name: &'static str,
    source: String,
    calls: Vec<&'static str>,
}

/// All of them, each after those that it calls: they are separated by empty lines.
fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        let mut entries: Vec<Entry> = Vec::new();
        let items = FILES.iter().flat_map(|file| file.split("\n\n"));
        for item in items.filter(|item| item.contains("fn ")) {
            let code = item.lines().filter(|line| !line.trim().starts_with("//"));
            let source = code.collect::<Vec<_>>().join("\n").trim().to_owned() + "\n";
            let start = item.find("fn volta_").expect("a function") + 3;
            let name = &item[start..start + item[start..].find('(').expect("arguments")];
            let calls = entries.iter().map(|entry| entry.name);
            let calls = calls.filter(|call| source.contains(&format!("{call}(")));
            let calls = calls.collect();
            entries.push(Entry {
                name,
                source,
                calls,
            });
        }
        entries
    })
}

/// The source of the functions of the library that `code` calls, and of those that they call.
pub(super) fn called_by(code: &str) -> String {
    let entries = entries();
    let mut needed: Vec<bool> = (entries.iter())
        .map(|entry| code.contains(&format!("{}(", entry.name)))
        .collect();
    for (at, entry) in entries.iter().enumerate().rev() {
        if needed[at] {
            for (other, needed) in entries.iter().zip(&mut needed) {
                *needed |= entry.calls.contains(&other.name);
            }
        }
    }
    let sources = entries.iter().zip(needed).filter(|(_, needed)| *needed);
    sources.map(|(entry, _)| entry.source.as_str()).collect()
}
