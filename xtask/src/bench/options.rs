//! What is asked for.

use crate::arguments::{at_least, positive, value};

#[derive(Debug, PartialEq)]
pub(super) struct Options {
    pub(super) against: String,
    pub(super) bench: Option<String>,
    pub(super) filter: Option<String>,
    pub(super) rounds: usize,
    pub(super) fail_above: Option<f64>,
}

impl Options {
    /// `None` for the help.
    pub(super) fn parse(arguments: &[String]) -> Result<Option<Self>, String> {
        let mut options = Options {
            against: "main".to_owned(),
            bench: None,
            filter: None,
            rounds: 4,
            fail_above: None,
        };
        let mut arguments = arguments.iter();
        while let Some(option) = arguments.next() {
            let mut value = || value(option, &mut arguments);
            match option.as_str() {
                "-h" | "--help" => return Ok(None),
                "--against" => options.against = value()?.to_owned(),
                "--bench" => options.bench = Some(value()?.to_owned()),
                "--filter" => options.filter = Some(value()?.to_owned()),
                // One alone shows no noise.
                "--rounds" => options.rounds = at_least(2, option, value()?)?,
                "--fail-above" => {
                    options.fail_above = Some(positive("ratio of times", option, value()?)?);
                }
                other => {
                    return Err(format!(
                        "`cargo xtask bench` does not take `{other}`; see `--help`"
                    ));
                }
            }
        }
        Ok(Some(options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Options>, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::parse(&words)
    }

    #[test]
    fn nothing_asks_for_all_against_main() {
        let options = parse("").unwrap().unwrap();
        assert_eq!((options.against.as_str(), options.rounds), ("main", 4));
        assert_eq!((options.bench, options.filter), (None, None));
        assert_eq!(options.fail_above, None);
        assert_eq!(parse("--rounds 3 -h"), Ok(None));
    }

    #[test]
    fn what_is_asked_for_is_taken() {
        let line = "--against HEAD~3 --bench ops --filter matmul --rounds 2 --fail-above 1.1";
        let expected = Options {
            against: "HEAD~3".to_owned(),
            bench: Some("ops".to_owned()),
            filter: Some("matmul".to_owned()),
            rounds: 2,
            fail_above: Some(1.1),
        };
        assert_eq!(parse(line), Ok(Some(expected)));
    }

    #[test]
    fn what_is_not_known_is_named() {
        let trouble = |line| parse(line).unwrap_err();
        assert!(trouble("--rounds 1").contains("1 is no number of at least 2"));
        assert!(trouble("--fail-above x").contains("x is no ratio of times"));
        assert!(trouble("--against").contains("`--against` needs a value"));
        assert!(trouble("--than main").contains("`--than`"));
    }
}
