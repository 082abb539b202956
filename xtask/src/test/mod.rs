//! `cargo xtask test`: every gate, cheapest first.

mod gate;
mod toolchain;

use std::time::{Duration, Instant};

use gate::{GATES, Gate};

const USAGE: &str = "\
Runs every gate, cheapest first, and stops at the first that fails.

Usage: cargo xtask test [options] [gate ..]

With names of gates, only those run.

Options:
  -h, --help   print this

Gates:";

pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    let Some(gates) = parse(arguments)? else {
        println!("{}", help());
        return Ok(());
    };
    toolchain::check()?;

    let start = Instant::now();
    let mut lines = Vec::new();
    for (index, gate) in gates.iter().enumerate() {
        println!("\n==> {}: {}", gate.name, gate.what);
        let begin = Instant::now();
        let outcome = (gate.run)();
        let mark = if outcome.is_ok() { "ok    " } else { "FAILED" };
        lines.push(line(mark, gate.name, begin.elapsed()));
        println!("{}", lines[index]);
        if let Err(trouble) = outcome {
            eprintln!("\n{trouble}");
            summary(&lines);
            return Err(format!(
                "gate `{}` failed after {}; {} of {} gates passed. Run it alone with `cargo xtask test {}`",
                gate.name,
                seconds(start.elapsed()),
                index,
                gates.len(),
                gate.name,
            ));
        }
    }
    summary(&lines);
    println!(
        "all {} gates passed in {}",
        gates.len(),
        seconds(start.elapsed())
    );
    Ok(())
}

/// The gates asked for; `None` for the help.
fn parse(arguments: &[String]) -> Result<Option<Vec<&'static Gate>>, String> {
    let mut names = Vec::new();
    for argument in arguments {
        match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            option if option.starts_with('-') => {
                return Err(format!(
                    "there is no option `{option}`; `cargo xtask test` has `--help` and takes the names of gates: {}",
                    known()
                ));
            }
            name if GATES.iter().any(|gate| gate.name == name) => names.push(name),
            name => {
                return Err(format!(
                    "there is no gate `{name}`; the gates are {}",
                    known()
                ));
            }
        }
    }
    let asked = |gate: &&Gate| names.is_empty() || names.contains(&gate.name);
    Ok(Some(GATES.iter().filter(asked).collect()))
}

fn known() -> String {
    let names: Vec<_> = GATES
        .iter()
        .map(|gate| format!("`{}`", gate.name))
        .collect();
    names.join(", ")
}

fn help() -> String {
    let mut text = USAGE.to_owned();
    for gate in GATES {
        text.push_str(&format!("\n  {:<8} {}", gate.name, gate.what));
    }
    text
}

fn summary(lines: &[String]) {
    println!("\n==> summary");
    for line in lines {
        println!("{line}");
    }
}

fn line(mark: &str, name: &str, time: Duration) -> String {
    format!("{mark} {name:<8} {:>8}", seconds(time))
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &[&str]) -> Result<Option<Vec<&'static str>>, String> {
        let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
        let gates = parse(&arguments)?;
        Ok(gates.map(|gates| gates.iter().map(|gate| gate.name).collect()))
    }

    #[test]
    fn no_argument_asks_for_every_gate() {
        let all = GATES.iter().map(|gate| gate.name).collect();
        assert_eq!(names(&[]), Ok(Some(all)));
    }

    #[test]
    fn named_gates_keep_the_order_of_their_cost() {
        assert_eq!(
            names(&["clippy", "format"]),
            Ok(Some(vec!["format", "clippy"]))
        );
    }

    #[test]
    fn help_wins() {
        assert_eq!(names(&["clippy", "--help"]), Ok(None));
        assert!(help().contains("clippy"));
    }

    #[test]
    fn what_is_not_known_is_an_error_that_says_what_is() {
        let option = names(&["--fast"]).unwrap_err();
        assert!(
            option.contains("`--fast`") && option.contains("`--help`"),
            "{option}"
        );
        let gate = names(&["lint"]).unwrap_err();
        assert!(
            gate.contains("`lint`") && gate.contains("`clippy`"),
            "{gate}"
        );
    }
}
