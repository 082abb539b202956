//! `cargo xtask test`: every gate, cheapest first.

mod examples;
pub(crate) mod gate;
pub(crate) mod gpu;
mod lean;
mod toolchain;

use std::time::{Duration, Instant};

use gate::{GATES, GPU, Gate, Run};

const USAGE: &str = "\
Runs every gate, cheapest first, and stops at the first that fails.

Usage: cargo xtask test [options] [gate ..]

With names of gates, only those run. Where no Vulkan driver is found for the
gate `gpu`, Debian's and Ubuntu's software driver is installed by root, or by
`sudo` without a password.

Options:
      --no-gpu   leave out the gate `gpu`
  -h, --help     print this

Gates:";

pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    let Some(Asked { run, left_out }) = parse(arguments)? else {
        println!("{}", help());
        return Ok(());
    };
    toolchain::check()?;
    if run.has(GPU) {
        gpu::prepare()?;
    }

    let start = Instant::now();
    let mut lines = Vec::new();
    for (index, gate) in run.gates.iter().enumerate() {
        println!("\n==> {}: {}", gate.name, gate.what);
        let begin = Instant::now();
        let outcome = (gate.run)(&run);
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
                run.gates.len(),
                gate.name,
            ));
        }
    }
    if let Some(name) = left_out {
        lines.push(format!("-      {name:<8} left out"));
    }
    summary(&lines);
    println!("{}", end(run.gates.len(), left_out, start.elapsed()));
    Ok(())
}

/// What is to be done.
struct Asked {
    run: Run,
    /// A gate that would have run.
    left_out: Option<&'static str>,
}

/// The gates asked for; `None` for the help.
fn parse(arguments: &[String]) -> Result<Option<Asked>, String> {
    let mut names = Vec::new();
    let mut no_gpu = false;
    for argument in arguments {
        match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            "--no-gpu" => no_gpu = true,
            option if option.starts_with('-') => {
                return Err(format!(
                    "there is no option `{option}`; `cargo xtask test` has `--no-gpu` and `--help` and takes the names of gates: {}",
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
    if no_gpu && names.contains(&GPU) {
        return Err(format!("`--no-gpu` leaves out the gate `{GPU}` asked for"));
    }
    let left_out = (no_gpu && names.is_empty()).then_some(GPU);
    let asked = |gate: &&Gate| match &names[..] {
        [] => Some(gate.name) != left_out,
        names => names.contains(&gate.name),
    };
    Ok(Some(Asked {
        run: Run {
            gates: GATES.iter().filter(asked).collect(),
        },
        left_out,
    }))
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

fn end(passed: usize, left_out: Option<&str>, time: Duration) -> String {
    let time = seconds(time);
    match left_out {
        None => format!("all {passed} gates passed in {time}"),
        Some(name) => format!("{passed} gates passed in {time}; `{name}` was left out"),
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
        let asked = parse(&arguments)?;
        Ok(asked.map(|asked| asked.run.gates.iter().map(|gate| gate.name).collect()))
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
    fn the_gate_that_needs_a_driver_can_be_left_out() {
        let all = names(&[]).unwrap().unwrap();
        let without = names(&["--no-gpu"]).unwrap().unwrap();
        assert_eq!(without.len(), all.len() - 1);
        assert!(all.contains(&GPU) && !without.contains(&GPU));
        let left_out = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
            parse(&arguments).unwrap().unwrap().left_out
        };
        assert_eq!(left_out(&["--no-gpu"]), Some(GPU));
        assert_eq!(left_out(&["--no-gpu", "clippy"]), None);
        let both = names(&["gpu", "--no-gpu"]).unwrap_err();
        assert!(both.contains("`--no-gpu`"), "{both}");
    }

    #[test]
    fn the_last_line_says_what_was_left_out() {
        let time = Duration::from_millis(1500);
        assert_eq!(end(8, None, time), "all 8 gates passed in 1.5 s");
        assert_eq!(
            end(7, Some(GPU), time),
            "7 gates passed in 1.5 s; `gpu` was left out"
        );
    }

    #[test]
    fn help_wins() {
        assert_eq!(names(&["clippy", "--help"]), Ok(None));
        assert!(help().contains("clippy") && help().contains("--no-gpu"));
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
