//! What the examples have in common: the command line, progress, a check at the end, and pictures.

#![allow(dead_code, unused_imports, reason = "no example needs all of it")]

#[cfg(feature = "data")]
pub(crate) mod digits;
pub(crate) mod picture;

use std::error::Error;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use lexopt::prelude::*;

/// What was asked for on the command line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// As little as shows that it works.
    pub(crate) short: bool,
    /// One seed gives one result.
    pub(crate) seed: u64,
}

impl Run {
    /// One of two numbers: of a whole run, or of a short one.
    pub(crate) fn choose<T>(&self, whole: T, short: T) -> T {
        if self.short { short } else { whole }
    }

    /// A progress bar of so many steps.
    pub(crate) fn bar(&self, steps: usize) -> ProgressBar {
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg}");
        ProgressBar::new(steps as u64).with_style(style.expect("a fixed template"))
    }
}

/// Runs an example; `what` says what it does.
pub(crate) fn main(what: &str, run: impl FnOnce(&Run) -> Result<(), Box<dyn Error>>) -> ExitCode {
    let result = match parse(what) {
        Ok(Some(options)) => run(&options),
        Ok(None) => Ok(()),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The options given, or nothing if it was only to show the help.
fn parse(what: &str) -> Result<Option<Run>, lexopt::Error> {
    let mut options = Run {
        short: false,
        seed: 0,
    };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("short") => options.short = true,
            Long("seed") => options.seed = arguments.value()?.parse()?,
            Short('h') | Long("help") => {
                println!(
                    "{what}\n\n    --seed N    one seed gives one result [0]\n    \
                     --short     as little as shows that it works\n    --help      this text"
                );
                return Ok(None);
            }
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(Some(options))
}

/// Says what was found, and fails unless it is as it should be.
pub(crate) fn check(holds: bool, found: &str) -> Result<(), Box<dyn Error>> {
    if !holds {
        return Err(format!("not as it should be: {found}").into());
    }
    println!("ok: {found}");
    Ok(())
}
