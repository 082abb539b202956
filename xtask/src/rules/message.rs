//! Takes a message of the compiler apart.

/// The heading above the types that implement a trait.
pub(crate) const OTHERS: &str = "the following other types implement trait";

/// What a line of a message shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// What the compiler says.
    Prose,
    /// The path above a piece of code.
    Path,
    /// The code of the test.
    Code,
    /// Code that the test's author did not write.
    Foreign,
}

/// The lines of a message with what each shows.
pub(crate) fn lines(message: &str) -> impl Iterator<Item = (Part, &str)> {
    let mut source = Part::Code;
    message.lines().map(move |line| {
        let text = line.trim_start();
        let path = text
            .strip_prefix("--> ")
            .or_else(|| text.strip_prefix("::: "));
        if let Some(path) = path {
            source = match path.starts_with('$') {
                true => Part::Foreign,
                false => Part::Code,
            };
            return (Part::Path, line);
        }
        if code(line).is_some() {
            return (source, line);
        }
        (Part::Prose, line)
    })
}

/// What stands right of the gutter, in a line that shows code.
pub(crate) fn code(line: &str) -> Option<&str> {
    if line == "..." {
        return Some(line);
    }
    let text = line
        .trim_start()
        .trim_start_matches(|c: char| c.is_ascii_digit());
    Some(text.trim_start().strip_prefix('|')?.trim_start())
}

/// The message as a reader of the page needs it: no paths, no code of other files.
pub(crate) fn clean(message: &str) -> String {
    let mut text = String::new();
    let all: Vec<_> = lines(message).collect();
    for (index, (part, line)) in all.iter().enumerate() {
        let listed_elsewhere = line.contains(OTHERS)
            && all
                .get(index + 1)
                .is_some_and(|(next, _)| *next == Part::Path);
        if matches!(part, Part::Prose | Part::Code) && !listed_elsewhere {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = "\
error[E0277]: `One` is not the size of an axis
 --> shape/one.rs:5:14
  |
5 |     takes(One);
  |     ----- ^^^ unsatisfied
  |
  = note: a size is `D<N>`
help: the following other types implement trait `Dim`
 --> $WORKSPACE/volta-core/src/shape/dim.rs
  |
  | impl Dim for Dyn {}
  | ^^^^^^^^^^^^^^^^ `Dyn`
note: required by a bound in `takes`
 --> $WORKSPACE/volta-core/src/takes.rs
  |
  |     fn takes<N: Dim>() {}
  |                 ^^^ required by this bound
";

    #[test]
    fn a_clean_message_has_neither_paths_nor_foreign_code() {
        let expected = "\
error[E0277]: `One` is not the size of an axis
  |
5 |     takes(One);
  |     ----- ^^^ unsatisfied
  |
  = note: a size is `D<N>`
note: required by a bound in `takes`";
        assert_eq!(clean(MESSAGE), expected);
    }

    #[test]
    fn code_is_told_from_prose() {
        let parts: Vec<_> = lines(MESSAGE).map(|(part, _)| part).collect();
        let is = |part| parts.iter().filter(|p| **p == part).count();
        assert_eq!(
            [
                is(Part::Prose),
                is(Part::Path),
                is(Part::Code),
                is(Part::Foreign)
            ],
            [4, 3, 4, 6]
        );
    }
}
