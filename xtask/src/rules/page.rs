//! Writes the page.

use std::fmt::Write;

use super::collect::Rule;
use super::message::clean;

const HEAD: &str = "\
# Shape rules

<!-- Written by `cargo xtask rules` from the tests in tests/ui; edit those. -->

What the compiler refuses, and what it says. Each rule is a test: the code on top must fail with
exactly this message, the code below it must compile and run.
";

/// The page for rules in the order of their paths.
pub(crate) fn render(rules: &[Rule]) -> String {
    let mut page = HEAD.to_owned();
    let mut group = None;
    for rule in rules {
        if group != Some(&rule.group) {
            group = Some(&rule.group);
            write!(page, "\n## {}\n", title(&rule.group)).expect("a string takes it");
        }
        write!(
            page,
            "\n### {}\n\n```rust\n{}\n```\n\n```text\n{}\n```\n\nPasses:\n\n```rust\n{}\n```\n",
            rule.sentence,
            source(&rule.fails),
            clean(&rule.message),
            source(&rule.passes),
        )
        .expect("a string takes it");
    }
    page
}

fn title(group: &str) -> String {
    let mut letters = group.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// The code without the comment that says its rule.
fn source(text: &str) -> &str {
    let text = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("//! ") => rest,
        _ => text,
    };
    text.trim()
}
