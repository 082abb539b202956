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
    page.push_str(&contents(rules));
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

/// The rules, each a link to its place.
fn contents(rules: &[Rule]) -> String {
    let mut list = String::new();
    let mut group = None;
    for rule in rules {
        if group != Some(&rule.group) {
            group = Some(&rule.group);
            write!(list, "\n**{}**\n\n", title(&rule.group)).expect("a string takes it");
        }
        let place = anchor(&rule.sentence);
        writeln!(list, "- [{}](#{place})", rule.sentence).expect("a string takes it");
    }
    list
}

/// The name that GitHub gives to a heading.
fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            letter if letter.is_alphanumeric() || matches!(letter, '-' | '_') => {
                Some(letter.to_ascii_lowercase())
            }
            _ => None,
        })
        .collect()
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
