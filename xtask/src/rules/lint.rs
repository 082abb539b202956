//! What no message may hold.

use super::message::{OTHERS, Part, code, lines};

const NUMBERS: [&str; 5] = ["UInt<", "UTerm", "B0>", "B1>", "typenum"];
const DUMP: &str = "the following trait bounds were not satisfied";
const MANY_OTHERS: usize = 4;
const MANY_BOUNDS: usize = 3;

/// Everything that a reader should not have to read in `message`.
pub(crate) fn troubles(message: &str) -> Vec<String> {
    let mut troubles = Vec::new();
    for number in NUMBERS {
        if message.contains(number) {
            troubles.push(format!("names the type-level number `{number}`"));
        }
    }
    if message.contains(DUMP) {
        troubles.push(format!("dumps bounds: \"{DUMP}\""));
    }
    let all: Vec<_> = lines(message).collect();
    for (index, (part, line)) in all.iter().enumerate() {
        let rest = &all[index + 1..];
        if line.contains(OTHERS) && others(rest) > MANY_OTHERS {
            troubles.push(format!("lists {} types after \"{OTHERS}\"", others(rest)));
        }
        let bounds = match part {
            Part::Prose if is_where(line.trim_start()) => Some(clauses(rest)),
            Part::Foreign if code(line).is_some_and(is_where) => {
                Some(clauses(rest)).filter(|bounds| *bounds > MANY_BOUNDS)
            }
            _ => None,
        };
        if let Some(bounds) = bounds {
            troubles.push(format!("dumps a where-clause of {bounds} lines"));
        }
    }
    troubles
}

fn is_where(text: &str) -> bool {
    text == "where" || text.starts_with("where ")
}

/// The types listed after the heading: indented lines without a label, or underlined impls.
fn others(rest: &[(Part, &str)]) -> usize {
    rest.iter()
        .take_while(|(part, line)| {
            let text = line.trim_start();
            *part != Part::Prose || (line.starts_with("   ") && !text.starts_with('='))
        })
        .filter(|(part, line)| match part {
            Part::Prose => true,
            Part::Path => false,
            Part::Code | Part::Foreign => code(line).is_some_and(|text| text.starts_with('^')),
        })
        .count()
}

/// The lines of a where-clause, its underlining left out.
fn clauses(rest: &[(Part, &str)]) -> usize {
    rest.iter()
        .map(|(_, line)| code(line).unwrap_or(line).trim_start())
        .take_while(|text| text.contains(": ") || text.starts_with(['^', '-', '|']))
        .filter(|text| text.contains(": "))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_message_passes() {
        let message = "\
error[E0277]: sizes 784 and 100 differ
 --> shape/a.rs:3:1
  |
3 | where
  | ^^^^^
  = help: the following other types implement trait `Dim`:
            D<N>
            Dyn
  = note: required
";
        assert_eq!(troubles(message), Vec::<String>::new());
    }

    #[test]
    fn type_level_numbers_are_refused() {
        let found = troubles("expected `UTerm`, found `UInt<UTerm, B1>`");
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn unsatisfied_bounds_are_refused() {
        let found = troubles("   = note: the following trait bounds were not satisfied:\n");
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn long_lists_of_types_are_refused() {
        let mut message = "  = help: the following other types implement trait `Dim`:\n".to_owned();
        for size in 0..5 {
            message.push_str(&format!("            D<{size}>\n"));
        }
        message.push_str("  = note: required\n");
        let found = troubles(&message);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("lists 5 types"), "{found:?}");
    }

    #[test]
    fn long_lists_of_impls_are_refused() {
        let mut message =
            "help: the following other types implement trait `Dim`\n --> volta-core/src/dim.rs\n"
                .to_owned();
        for size in 0..5 {
            message.push_str(&format!(
                "  | impl Dim for D<{size}> {{}}\n  | ^^^^^^ `D<{size}>`\n"
            ));
        }
        let found = troubles(&message);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("lists 5 types"), "{found:?}");
    }

    #[test]
    fn long_where_clauses_of_other_files_are_refused() {
        let message = "\
note: required by a bound in `forward`
 --> $WORKSPACE/volta-core/src/nn.rs
  |
  |     where
  |         A: Dim,
  |         B: Dim,
  |            ^^^ required by this bound
  |         C: Dim,
  |         D: Dim,
";
        let found = troubles(message);
        assert_eq!(found, ["dumps a where-clause of 4 lines"]);
        assert_eq!(
            troubles(&message.replace("  |         B: Dim,\n", "")),
            Vec::<String>::new()
        );
    }

    #[test]
    fn where_in_prose_is_refused() {
        assert_eq!(
            troubles("candidate:\n  where\n    A: Dim\n"),
            ["dumps a where-clause of 1 lines"]
        );
    }
}
