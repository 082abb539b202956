//! The times of two sides, case by case.

use std::collections::BTreeSet;

use super::run::Cases;

/// What both took, for every case of either.
pub(super) struct Table<'a> {
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    case: &'a str,
    then: Option<Time>,
    now: Option<Time>,
}

/// Seconds of one side.
#[derive(Clone, Copy)]
struct Time {
    least: f64,
    /// How much longer the round in the middle took: what the slowest met was the machine.
    noise: f64,
}

impl Time {
    fn of(rounds: &[f64]) -> Option<Self> {
        let mut rounds = rounds.to_vec();
        rounds.sort_by(f64::total_cmp);
        let least = *rounds.first()?;
        let middle = rounds[rounds.len() / 2];
        Some(Time {
            least,
            noise: middle - least,
        })
    }
}

/// How the working tree compares.
#[derive(Debug, PartialEq)]
enum Verdict {
    Same,
    Faster,
    Slower,
}

impl Verdict {
    fn of(then: Time, now: Time) -> Self {
        let noise = then.noise.max(now.noise);
        match now.least - then.least {
            more if more > noise => Verdict::Slower,
            more if -more > noise => Verdict::Faster,
            _ => Verdict::Same,
        }
    }

    fn mark(&self) -> &'static str {
        match self {
            Verdict::Same => "",
            Verdict::Faster => "faster",
            Verdict::Slower => "slower",
        }
    }
}

impl<'a> Table<'a> {
    pub(super) fn new(then: &'a Cases, now: &'a Cases) -> Self {
        let time = |cases: &Cases, case: &str| cases.get(case).and_then(|x| Time::of(x));
        let cases: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
        let rows = cases.into_iter().map(|case| Row {
            case,
            then: time(then, case),
            now: time(now, case),
        });
        Table {
            rows: rows.collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table, with the other commit under the name that it was asked for by.
    pub(super) fn text(&self, against: &str) -> String {
        let head = ["case", against, "now", "ratio", "noise", ""].map(str::to_owned);
        let lines: Vec<_> = [head]
            .into_iter()
            .chain(self.rows.iter().map(cells))
            .collect();
        let mut widths = [0; 6];
        for line in &lines {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = cell.chars().count().max(*width);
            }
        }
        let mut text = String::new();
        for [case, numbers @ .., mark] in &lines {
            let mut line = format!("{case:<0$}", widths[0]);
            for (cell, width) in numbers.iter().zip(&widths[1..]) {
                line.push_str(&format!("  {cell:>width$}"));
            }
            line = format!("{line}  {mark}");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// An error that names the cases that are slower, by more than this and than the noise.
    pub(super) fn check(&self, ratio: f64) -> Result<(), String> {
        let slower = self.rows.iter().filter(|row| match (row.then, row.now) {
            (Some(then), Some(now)) => {
                now.least > ratio * then.least && Verdict::of(then, now) == Verdict::Slower
            }
            _ => false,
        });
        let slower: Vec<_> = slower.map(|row| row.case).collect();
        match slower.is_empty() {
            true => Ok(()),
            false => Err(format!(
                "more than {ratio} times as long: {}",
                slower.join(", ")
            )),
        }
    }
}

fn cells(row: &Row) -> [String; 6] {
    let time = |time: Option<Time>| time.map_or("-".to_owned(), |time| shown(time.least));
    let (ratio, noise, mark) = match (row.then, row.now) {
        (Some(then), Some(now)) => {
            let noise = (then.noise / then.least).max(now.noise / now.least);
            (
                format!("{:.3}", now.least / then.least),
                format!("{:.1} %", 100.0 * noise),
                Verdict::of(then, now).mark(),
            )
        }
        (None, _) => (String::new(), String::new(), "new"),
        (_, None) => (String::new(), String::new(), "gone"),
    };
    let case = row.case.to_owned();
    [
        case,
        time(row.then),
        time(row.now),
        ratio,
        noise,
        mark.to_owned(),
    ]
}

/// Three digits or more, in a unit that fits.
fn shown(seconds: f64) -> String {
    let units = [("s", 1.0), ("ms", 1e-3), ("us", 1e-6)];
    let fits = units.into_iter().find(|(_, unit)| seconds >= *unit);
    let (name, unit) = fits.unwrap_or(("ns", 1e-9));
    let number = seconds / unit;
    let decimals = match number {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    format!("{number:.decimals$} {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(cases: &[(&str, &[f64])]) -> Cases {
        let owned = cases
            .iter()
            .map(|(case, x)| ((*case).to_owned(), x.to_vec()));
        owned.collect()
    }

    #[test]
    fn what_is_beyond_the_noise_is_marked() {
        let then = cases(&[
            ("ops/add", &[1.00e-6, 1.02e-6]),
            ("ops/exp", &[20.0e-6, 20.5e-6]),
            ("ops/mul", &[1.0e-3, 1.1e-3]),
            ("ops/old", &[3.0, 3.0]),
        ]);
        let now = cases(&[
            ("ops/add", &[1.50e-6, 1.51e-6]),
            ("ops/exp", &[10.0e-6, 10.2e-6]),
            ("ops/mul", &[1.2e-3, 1.05e-3]),
            ("ops/new", &[123e-9, 124e-9]),
        ]);
        let expected = "\
case      HEAD~3      now  ratio   noise
ops/add  1.00 us  1.50 us  1.500   2.0 %  slower
ops/exp  20.0 us  10.0 us  0.500   2.5 %  faster
ops/mul  1.00 ms  1.05 ms  1.050  14.3 %
ops/new        -   123 ns                 new
ops/old   3.00 s        -                 gone
";
        let text = Table::new(&then, &now).text("HEAD~3");
        assert_eq!(text, expected);
    }

    #[test]
    fn one_round_that_was_disturbed_hides_nothing() {
        let then = cases(&[("x", &[1.0, 1.01, 1.02, 5.0])]);
        let now = cases(&[("x", &[1.2, 1.21, 9.0, 1.22])]);
        assert!(Table::new(&then, &now).text("main").contains("slower"));
    }

    #[test]
    fn a_gate_names_what_is_above_it_and_beyond_the_noise() {
        let then = cases(&[
            ("gone", &[1.0]),
            ("noisy", &[1.0, 2.0]),
            ("slow", &[1.0, 1.0]),
        ]);
        let now = cases(&[
            ("new", &[9.0]),
            ("noisy", &[1.5, 1.5]),
            ("slow", &[1.2, 1.2]),
        ]);
        let table = Table::new(&then, &now);
        let trouble = "more than 1.1 times as long: slow";
        assert_eq!(table.check(1.1), Err(trouble.to_owned()));
        assert_eq!(table.check(1.3), Ok(()));
    }
}
