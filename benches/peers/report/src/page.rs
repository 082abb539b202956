//! The page.

use std::fmt::Write;

use crate::cases::CASES;
use crate::results::{BASE, OWN, Results};

pub fn page(results: &Results, growth: &[&str]) -> String {
    let mut page = String::from(
        "# How fast it is\n\n\
         Written by `cargo xtask peers` from one run in which every library computed the same cases in \
         turn on the same machine; `cargo xtask peers --help` says how to run it. Ratios are times over \
         those of eager PyTorch with as many threads in the same run: below 1 is faster. A time is the \
         smallest median of all rounds; `~` marks one whose rounds were all disturbed by other processes. \
         *Goal* is the ratio that Volta wants to reach. \n\n",
    );
    for (what, is) in &results.about {
        writeln!(page, "- {what}: {is}").expect("a string");
    }
    page.push_str("\n![Volta and the fastest other library over PyTorch](performance.svg)\n");
    for threads in results.threads() {
        table(&mut page, results, threads);
    }
    memory(&mut page, results);
    builds(&mut page, results);
    if !growth.is_empty() {
        page.push_str("\n## How cost grows\n\nVolta alone.\n");
        for name in growth {
            let title = name
                .trim_end_matches(".svg")
                .trim_start_matches("performance-");
            writeln!(page, "\n![{}]({name})", title.replace('-', " ")).expect("a string");
        }
    }
    page
}

fn table(page: &mut String, results: &Results, threads: u64) {
    let others: Vec<&str> = (results.peers().into_iter())
        .filter(|peer| ![OWN, BASE].contains(peer))
        .collect();
    let plural = if threads == 1 { "" } else { "s" };
    writeln!(page, "\n## {threads} thread{plural}\n").expect("a string");
    writeln!(
        page,
        "| case | PyTorch | volta | volta / PyTorch | goal | volta / fastest other | {} |",
        others
            .iter()
            .map(|other| format!("{other} / PyTorch"))
            .collect::<Vec<_>>()
            .join(" | ")
    )
    .expect("a string");
    writeln!(page, "|{}", "---|".repeat(6 + others.len())).expect("a string");
    let (mut ahead, mut met, mut rows) = (0, 0, 0);
    for case in CASES {
        let Some(own) = results.time(case.name, threads, OWN) else {
            continue;
        };
        let Some(base) = results.time(case.name, threads, BASE) else {
            continue;
        };
        let goal = case.goals[if threads == 1 { 0 } else { 1 }];
        let mark = |peer| {
            if results.is_noisy(case.name, threads, peer) {
                "~"
            } else {
                ""
            }
        };
        let other = results.fastest_other(case.name, threads);
        rows += 1;
        met += usize::from(own / base <= goal);
        ahead += usize::from(other.is_none_or(|(_, time)| own <= time));
        let fastest = other.map_or(String::new(), |(peer, time)| {
            format!("{} ({peer})", ratio(own / time))
        });
        let cells = others.iter().map(|other| {
            let time = results.time(case.name, threads, other);
            time.map_or(String::new(), |time| ratio(time / base))
        });
        writeln!(
            page,
            "| {} | {}{} | {}{} | **{}** | {} | {fastest} | {} |",
            case.what,
            mark(BASE),
            time(base),
            mark(OWN),
            time(own),
            ratio(own / base),
            goal,
            cells.collect::<Vec<_>>().join(" | ")
        )
        .expect("a string");
    }
    writeln!(
        page,
        "\nVolta is the fastest in {ahead} of {rows} rows and reaches its goal in {met}."
    )
    .expect("a string");
}

fn memory(page: &mut String, results: &Results) {
    if results.memory.is_empty() {
        return;
    }
    page.push_str(
        "\n## Peak memory\n\nA convolution from 64 to 64 channels, 3x3, over `[128, 64, 56, 56]`, \
         forward and backward, three times. Input, output and their gradients are 98 MiB each.\n\n\
         | | MiB above the start |\n|---|---|\n",
    );
    let mut peers: Vec<_> = results.memory.iter().collect();
    peers.sort_by_key(|(_, peak)| **peak);
    for (peer, peak) in peers {
        writeln!(page, "| {peer} | {} |", peak / 1024).expect("a string");
    }
}

fn builds(page: &mut String, results: &Results) {
    if results.builds.is_empty() {
        return;
    }
    page.push_str(
        "\n## Building\n\nA clean release build of a minimal program that trains an MLP (thin LTO, one \
         codegen unit), and `cargo check` after an edit of it: of each library by itself, not in that run.\n\n\
         | | wall | CPU | crates | stripped | check after an edit |\n|---|---|---|---|---|---|\n",
    );
    let mut peers: Vec<_> = results.builds.iter().collect();
    peers.sort_by(|a, b| a.1.cpu.total_cmp(&b.1.cpu));
    for (peer, build) in peers {
        writeln!(
            page,
            "| {peer} | {:.0} s | {:.0} s | {} | {:.1} MiB | {:.2} s |",
            build.wall,
            build.cpu,
            build.crates,
            build.bytes as f64 / f64::from(1 << 20),
            build.check
        )
        .expect("a string");
    }
}

/// With as many digits as say something.
fn ratio(ratio: f64) -> String {
    match ratio {
        x if x >= 10.0 => format!("{x:.0}"),
        x if x >= 0.1 => format!("{x:.2}"),
        x => format!("{x:.3}"),
    }
}

fn time(us: f64) -> String {
    match us {
        us if us >= 1000.0 => format!("{:.3} ms", us / 1000.0),
        us if us >= 10.0 => format!("{us:.1} us"),
        us => format!("{us:.3} us"),
    }
}
