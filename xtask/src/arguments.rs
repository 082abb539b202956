//! What the options of several tasks take.

use std::slice::Iter;

/// The word behind an option.
pub(crate) fn value<'a>(option: &str, rest: &mut Iter<'a, String>) -> Result<&'a str, String> {
    let value = rest.next().map(String::as_str);
    value.ok_or_else(|| format!("`{option}` needs a value; see `--help`"))
}

/// A number of things, `least` or more of them.
pub(crate) fn at_least(least: usize, option: &str, text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n| *n >= least);
    number.ok_or_else(|| format!("`{option} {text}`: {text} is no number of at least {least}"))
}

/// A quantity above 0; `what` says which.
pub(crate) fn positive(what: &str, option: &str, text: &str) -> Result<f64, String> {
    let number = text.parse().ok();
    let number = number.filter(|x: &f64| *x > 0.0 && x.is_finite());
    number.ok_or_else(|| format!("`{option} {text}`: {text} is no {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_below_the_least_are_refused() {
        assert_eq!(at_least(2, "--rounds", "2"), Ok(2));
        let trouble = at_least(2, "--rounds", "1").unwrap_err();
        assert_eq!(trouble, "`--rounds 1`: 1 is no number of at least 2");
        assert!(at_least(0, "--rounds", "many").is_err());
    }

    #[test]
    fn quantities_are_finite_and_above_zero() {
        assert_eq!(positive("time in seconds", "--budget", "0.5"), Ok(0.5));
        for text in ["0", "-1", "inf", "NaN", "soon"] {
            let trouble = positive("time in seconds", "--budget", text).unwrap_err();
            let expected = format!("`--budget {text}`: {text} is no time in seconds");
            assert_eq!(trouble, expected);
        }
    }
}
