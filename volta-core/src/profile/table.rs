//! What each op cost, as a table.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use super::{Op, OpCost, Profile};

impl std::hash::Hash for Op {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.method, self.function).hash(state);
    }
}

pub(super) fn costs(profile: &Profile) -> Vec<OpCost> {
    let events = &profile.events;
    let mut costs: Vec<OpCost> = Vec::new();
    let mut places: HashMap<Op, usize> = HashMap::new();
    for (at, event) in events.iter().enumerate() {
        // The ops that it ran follow it, one deeper; those that they ran are deeper still.
        let inner = (events[at + 1..].iter())
            .take_while(|inner| inner.depth > event.depth)
            .filter(|inner| inner.depth == event.depth + 1);
        let (mut time, mut bytes) = (event.time, event.bytes);
        for inner in inner {
            time = time.saturating_sub(inner.time);
            bytes = bytes.saturating_sub(inner.bytes);
        }
        let place = *places.entry(event.op).or_insert_with(|| {
            costs.push(OpCost {
                name: event.name(),
                calls: 0,
                time: Duration::ZERO,
                bytes: 0,
            });
            costs.len() - 1
        });
        let cost = &mut costs[place];
        cost.calls += 1;
        cost.time += time;
        cost.bytes += bytes;
    }
    costs.sort_by(|a, b| b.time.cmp(&a.time).then_with(|| a.name.cmp(&b.name)));
    costs
}

pub(super) fn write(profile: &Profile, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let costs = costs(profile);
    let in_ops: Duration = costs.iter().map(|cost| cost.time).sum();
    let between = profile.time.saturating_sub(in_ops);
    let width = (costs.iter().map(|cost| cost.name.len()))
        .chain([NAMELESS.len()])
        .max()
        .unwrap_or(0);
    let share = |time: Duration| match profile.time.as_secs_f64() {
        0.0 => 0.0,
        all => 100.0 * time.as_secs_f64() / all,
    };
    writeln!(
        f,
        "{:<width$}  {:>7}  {:>10}  {:>6}  {:>12}",
        "op", "calls", "time", "share", "bytes"
    )?;
    for cost in &costs {
        writeln!(
            f,
            "{:<width$}  {:>7}  {:>10}  {:>5.1}%  {:>12}",
            cost.name,
            cost.calls,
            text(cost.time),
            share(cost.time),
            cost.bytes
        )?;
    }
    write!(
        f,
        "{NAMELESS:<width$}  {:>7}  {:>10}  {:>5.1}%",
        "",
        text(between),
        share(between)
    )
}

/// What was measured outside of all ops.
const NAMELESS: &str = "between ops";

/// Three figures at least, without the symbol for a millionth.
fn text(time: Duration) -> String {
    match time.as_nanos() {
        0..10_000 => format!("{} ns", time.as_nanos()),
        10_000..10_000_000 => format!("{:.1} us", time.as_secs_f64() * 1e6),
        10_000_000..10_000_000_000 => format!("{:.1} ms", time.as_secs_f64() * 1e3),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}
