//! The lines of the peers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

/// The peer that others are compared to, and the one that is compared.
pub const BASE: &str = "pytorch";
pub const OWN: &str = "volta";
/// PyTorch with preallocated outputs or compiled is no other library.
const VARIANTS: [&str; 2] = ["pytorch-tuned", "limit"];
/// Cases of training start from weights of each peer's own, but for these.
const SAME_WEIGHTS: [&str; 3] = [OWN, BASE, "candle"];
const TRAINING: [&str; 4] = ["mlp_step", "xor_step", "lenet_step", "encoder_fwdbwd"];

/// What a program takes to build.
pub struct Build {
    pub wall: f64,
    pub cpu: f64,
    pub check: f64,
    pub crates: u64,
    pub bytes: u64,
}

#[derive(Default)]
pub struct Results {
    /// Microseconds: the smallest median of all rounds, by case, threads and peer.
    times: BTreeMap<(String, u64), BTreeMap<String, f64>>,
    /// Cases in which no round of a peer was undisturbed.
    noisy: BTreeSet<(String, u64, String)>,
    quiet: BTreeSet<(String, u64, String)>,
    checks: BTreeMap<String, BTreeMap<String, f64>>,
    /// KiB above the start.
    pub memory: BTreeMap<String, u64>,
    pub builds: BTreeMap<String, Build>,
    /// Points of a curve: `(chart, line)` to x and y.
    pub growth: BTreeMap<(String, String), Vec<(f64, f64)>>,
    pub about: BTreeMap<String, String>,
}

pub fn read(path: &Path) -> Result<Results, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut results = Results::default();
    for (number, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.starts_with('{'))
    {
        let line: Value = serde_json::from_str(line)
            .map_err(|e| format!("{}, line {}: {e}", path.display(), number + 1))?;
        results.add(&line);
    }
    Ok(results)
}

impl Results {
    fn add(&mut self, line: &Value) {
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| line[key].as_f64();
        let (peer, case) = (text("peer"), text("case"));
        let threads = line["threads"].as_u64().unwrap_or(0);
        if let Some(about) = line["about"].as_str() {
            self.about.insert(about.to_owned(), text("is"));
        } else if let Some(median) = number("median_us") {
            let others = number("others").unwrap_or(0.0) + number("steal").unwrap_or(0.0);
            let times = self.times.entry((case.clone(), threads)).or_default();
            let best = times.entry(peer.clone()).or_insert(median);
            *best = best.min(median);
            let which = match others < 0.15 {
                true => &mut self.quiet,
                false => &mut self.noisy,
            };
            which.insert((case, threads, peer));
        } else if let Some(check) = number("check") {
            self.checks.entry(case).or_default().insert(peer, check);
        } else if let Some(peak) = line["vmhwm_kb"].as_u64() {
            let start = line["rss_start_kb"].as_u64().unwrap_or(0);
            let above = self.memory.entry(peer).or_insert(u64::MAX);
            *above = (*above).min(peak - start);
        } else if let Some(wall) = number("build_wall_s") {
            let build = Build {
                wall,
                cpu: number("build_cpu_s").unwrap_or(0.0),
                check: number("check_s").unwrap_or(f64::NAN),
                crates: line["crates"].as_u64().unwrap_or(0),
                bytes: line["stripped_bytes"].as_u64().unwrap_or(0),
            };
            self.builds.insert(peer, build);
        } else if let (Some(x), Some(y)) = (number("x"), number("y")) {
            let points = self
                .growth
                .entry((text("growth"), text("line")))
                .or_default();
            match points.iter_mut().find(|(at, _)| *at == x) {
                Some((_, best)) => *best = best.min(y),
                None => points.push((x, y)),
            }
        }
    }

    pub fn threads(&self) -> BTreeSet<u64> {
        self.times.keys().map(|(_, threads)| *threads).collect()
    }

    pub fn peers(&self) -> BTreeSet<&str> {
        let peers = self.times.values().flat_map(BTreeMap::keys);
        peers
            .map(String::as_str)
            .filter(|peer| *peer != "limit")
            .collect()
    }

    pub fn time(&self, case: &str, threads: u64, peer: &str) -> Option<f64> {
        self.times
            .get(&(case.to_owned(), threads))?
            .get(peer)
            .copied()
    }

    pub fn is_noisy(&self, case: &str, threads: u64, peer: &str) -> bool {
        let key = (case.to_owned(), threads, peer.to_owned());
        self.noisy.contains(&key) && !self.quiet.contains(&key)
    }

    /// The fastest library but Volta.
    pub fn fastest_other(&self, case: &str, threads: u64) -> Option<(&str, f64)> {
        let times = self.times.get(&(case.to_owned(), threads))?;
        let others = times
            .iter()
            .filter(|(peer, _)| *peer != OWN && !VARIANTS.contains(&peer.as_str()));
        let fastest = others.min_by(|a, b| a.1.total_cmp(b.1))?;
        Some((fastest.0, *fastest.1))
    }

    /// Peers whose result is not PyTorch's.
    pub fn differences(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (case, checks) in &self.checks {
            let Some(base) = checks.get(BASE) else {
                continue;
            };
            for (peer, check) in checks {
                let comparable =
                    !TRAINING.contains(&case.as_str()) || SAME_WEIGHTS.contains(&peer.as_str());
                let scale = base.abs().max(1.0);
                if comparable && (check - base).abs() > 2e-3 * scale {
                    found.push(format!("  {case}: {peer} has {check}, {BASE} {base}"));
                }
            }
        }
        found
    }
}
