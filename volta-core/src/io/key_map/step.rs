//! The steps of a map.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::sync::Arc;

use super::KeyMapTrouble as Trouble;
use super::pattern::{Pattern, Template};
use crate::dtype::DtypeKind;
use crate::io::{HostTensor, join};

type Entries = Vec<(String, HostTensor)>;
type Function = dyn Fn(&str, &HostTensor) -> Result<Option<(String, HostTensor)>, Box<dyn Error + Send + Sync>>
    + Send
    + Sync;

/// One step, as it was asked for: patterns are read when it is applied.
#[derive(Clone)]
pub(super) enum Step {
    Rename {
        pattern: String,
        to: String,
    },
    Copy {
        pattern: String,
        to: String,
    },
    Tied {
        pattern: String,
        to: String,
    },
    AddPrefix(String),
    StripPrefix(String),
    ReplacePrefix {
        prefix: String,
        by: String,
    },
    Permute {
        pattern: String,
        /// `None` swaps the last two.
        axes: Option<Vec<usize>>,
    },
    Select(Vec<String>),
    Exclude(Vec<String>),
    Cast {
        pattern: String,
        to: DtypeKind,
    },
    Split {
        pattern: String,
        axis: usize,
        parts: Vec<String>,
        /// `None` for equal ones.
        sizes: Option<Vec<usize>>,
    },
    Merge {
        parts: Vec<String>,
        axis: usize,
        to: String,
    },
    Map(Arc<Function>),
}

impl Step {
    pub(super) fn function<F>(f: F) -> Self
    where
        F: Fn(
                &str,
                &HostTensor,
            ) -> Result<Option<(String, HostTensor)>, Box<dyn Error + Send + Sync>>
            + Send
            + Sync
            + 'static,
    {
        Step::Map(Arc::new(f))
    }

    pub(super) fn apply(&self, entries: Entries, optional: bool) -> Result<Entries, Trouble> {
        match self {
            Step::Rename { pattern, to } => {
                let pattern = Pattern::parse(pattern)?;
                let to = Template::parse(to, pattern.wildcards())?;
                replace(entries, &pattern, optional, |_, captures, x| {
                    Ok(vec![(to.fill(captures), x)])
                })
            }
            Step::Copy { pattern, to } => {
                let pattern = Pattern::parse(pattern)?;
                let to = Template::parse(to, pattern.wildcards())?;
                replace(entries, &pattern, optional, |key, captures, x| {
                    Ok(vec![(key.to_owned(), x.clone()), (to.fill(captures), x)])
                })
            }
            Step::Tied { pattern, to } => {
                let pattern = Pattern::parse(pattern)?;
                let to = Template::parse(to, pattern.wildcards())?;
                let all: HashMap<String, HostTensor> = entries.iter().cloned().collect();
                replace(entries, &pattern, optional, |key, captures, x| {
                    let other = to.fill(captures);
                    // Of copies of each other, all would go.
                    if pattern.captures(&other).is_some() {
                        return Ok(vec![(key.to_owned(), x)]);
                    }
                    match all.get(&other) {
                        Some(y) if *y == x => Ok(vec![]),
                        found => Err(Trouble::NotTied {
                            key: key.to_owned(),
                            there: found.is_some(),
                            other,
                        }),
                    }
                })
            }
            Step::AddPrefix(prefix) => {
                let prefix = segments(prefix);
                distinct(entries, |key, x| Ok(vec![(join(prefix, &key), x)]))
            }
            Step::StripPrefix(prefix) => replace_prefix(entries, prefix, "", optional),
            Step::ReplacePrefix { prefix, by } => replace_prefix(entries, prefix, by, optional),
            Step::Permute { pattern, axes } => {
                replace(entries, &Pattern::parse(pattern)?, optional, |key, _, x| {
                    Ok(vec![(key.to_owned(), permute(key, &x, axes.as_deref())?)])
                })
            }
            Step::Select(patterns) => retain(entries, patterns, true, optional),
            Step::Exclude(patterns) => retain(entries, patterns, false, optional),
            Step::Cast { pattern, to } => {
                replace(entries, &Pattern::parse(pattern)?, optional, |key, _, x| {
                    let cast = x.cast(*to).ok_or_else(|| Trouble::Cast {
                        key: key.to_owned(),
                        from: x.dtype(),
                        to: *to,
                    })?;
                    Ok(vec![(key.to_owned(), cast)])
                })
            }
            Step::Split {
                pattern,
                axis,
                parts,
                sizes,
            } => {
                let pattern = Pattern::parse(pattern)?;
                let template = |part: &String| Template::parse(part, pattern.wildcards());
                let parts: Vec<_> = parts.iter().map(template).collect::<Result<_, _>>()?;
                replace(entries, &pattern, optional, |key, captures, x| {
                    let sizes = match sizes {
                        Some(sizes) => given_sizes(key, &x, *axis, sizes)?,
                        None => equal_sizes(key, &x, *axis, parts.len())?,
                    };
                    let names = parts.iter().map(|part| part.fill(captures));
                    Ok(names.zip(split(key, &x, *axis, &sizes)?).collect())
                })
            }
            Step::Merge { parts, axis, to } => merge(entries, parts, *axis, to, optional),
            Step::Map(f) => distinct(entries, |key, x| match f(&key, &x) {
                Ok(entry) => Ok(entry.into_iter().collect()),
                Err(source) => Err(Trouble::Function { key, source }),
            }),
        }
    }
}

/// Puts what `f` makes of each entry in its place, and sees to it that no two have one name.
fn distinct(
    entries: Entries,
    mut f: impl FnMut(String, HostTensor) -> Result<Entries, Trouble>,
) -> Result<Entries, Trouble> {
    let mut out = Entries::with_capacity(entries.len());
    // The old name behind each new one.
    let mut names: HashMap<String, String> = HashMap::new();
    for (key, x) in entries {
        for (new, x) in f(key.clone(), x)? {
            match names.entry(new.clone()) {
                Entry::Vacant(free) => drop(free.insert(key.clone())),
                Entry::Occupied(taken) => {
                    return Err(Trouble::Collision {
                        key: new,
                        first: taken.get().clone(),
                        second: key,
                    });
                }
            }
            out.push((new, x));
        }
    }
    Ok(out)
}

/// The same for the entries that a pattern matches; the others stay.
fn replace(
    entries: Entries,
    pattern: &Pattern,
    optional: bool,
    mut f: impl FnMut(&str, &[&str], HostTensor) -> Result<Entries, Trouble>,
) -> Result<Entries, Trouble> {
    if !optional {
        matched(&entries, pattern)?;
    }
    distinct(entries, |key, x| match pattern.captures(&key) {
        Some(captures) => f(&key, &captures, x),
        None => Ok(vec![(key, x)]),
    })
}

/// An error if a pattern matches nothing.
fn matched(entries: &Entries, pattern: &Pattern) -> Result<(), Trouble> {
    match (entries.iter()).any(|(key, _)| pattern.captures(key).is_some()) {
        true => Ok(()),
        false => Err(unmatched(entries, pattern.source(), |key| {
            pattern.distance(key)
        })),
    }
}

fn unmatched(entries: &Entries, pattern: &str, distance: impl Fn(&str) -> usize) -> Trouble {
    let keys = entries.iter().map(|(key, _)| key);
    Trouble::Unmatched {
        pattern: pattern.to_owned(),
        nearest: keys.min_by_key(|key| distance(key)).cloned(),
    }
}

/// A prefix without the dot that may stand at its end.
fn segments(prefix: &str) -> &str {
    prefix.strip_suffix('.').unwrap_or(prefix)
}

fn replace_prefix(
    entries: Entries,
    prefix: &str,
    by: &str,
    optional: bool,
) -> Result<Entries, Trouble> {
    let (prefix, by) = (segments(prefix), segments(by));
    let rest = |key: &str| match prefix {
        "" => Some(key.to_owned()),
        _ => match key.strip_prefix(prefix)? {
            "" => Some(String::new()),
            rest => rest.strip_prefix('.').map(str::to_owned),
        },
    };
    if !optional && !entries.iter().any(|(key, _)| rest(key).is_some()) {
        let begins = |key: &str| {
            let start = (key.match_indices('.').map(|(at, _)| at))
                .nth(prefix.matches('.').count())
                .map_or(key, |end| &key[..end]);
            Pattern::of_text(prefix).distance(start)
        };
        return Err(unmatched(&entries, &format!("{prefix}.**"), begins));
    }
    distinct(entries, |key, x| match rest(&key) {
        Some(rest) => Ok(vec![(join(by, &rest), x)]),
        None => Ok(vec![(key, x)]),
    })
}

fn retain(
    mut entries: Entries,
    patterns: &[String],
    keep: bool,
    optional: bool,
) -> Result<Entries, Trouble> {
    let patterns = patterns.iter().map(|pattern| Pattern::parse(pattern));
    let patterns: Vec<Pattern> = patterns.collect::<Result<_, _>>()?;
    if !optional {
        (patterns.iter()).try_for_each(|pattern| matched(&entries, pattern))?;
    }
    let among = |key: &str| (patterns.iter()).any(|pattern| pattern.captures(key).is_some());
    entries.retain(|(key, _)| among(key) == keep);
    Ok(entries)
}

fn permute(key: &str, x: &HostTensor, axes: Option<&[usize]>) -> Result<HostTensor, Trouble> {
    let rank = x.dims().len();
    let order = match axes {
        Some(axes) => axes.to_vec(),
        None => {
            let mut order: Vec<usize> = (0..rank).collect();
            order[rank.saturating_sub(2)..].reverse();
            order
        }
    };
    if !x.has_axes(&order) || axes.is_none() && rank < 2 {
        return Err(Trouble::Axes {
            key: key.to_owned(),
            dims: x.dims().to_vec(),
            axes: axes.map(<[usize]>::to_vec),
        });
    }
    x.permute(&order).ok_or_else(|| shared_bytes(key, x))
}

fn shared_bytes(key: &str, x: &HostTensor) -> Trouble {
    Trouble::SharedBytes {
        key: key.to_owned(),
        dtype: x.dtype(),
    }
}

fn size_of_axis(key: &str, x: &HostTensor, axis: usize) -> Result<usize, Trouble> {
    x.dims().get(axis).copied().ok_or_else(|| Trouble::NoAxis {
        key: key.to_owned(),
        dims: x.dims().to_vec(),
        axis,
    })
}

fn equal_sizes(
    key: &str,
    x: &HostTensor,
    axis: usize,
    parts: usize,
) -> Result<Vec<usize>, Trouble> {
    let size = size_of_axis(key, x, axis)?;
    match parts {
        0 => Err(Trouble::NoParts),
        _ if size.is_multiple_of(parts) => Ok(vec![size / parts; parts]),
        _ => Err(Trouble::Split {
            key: key.to_owned(),
            dims: x.dims().to_vec(),
            axis,
            parts,
        }),
    }
}

fn given_sizes(
    key: &str,
    x: &HostTensor,
    axis: usize,
    sizes: &[usize],
) -> Result<Vec<usize>, Trouble> {
    let size = size_of_axis(key, x, axis)?;
    let sum = (sizes.iter()).try_fold(0_usize, |sum, &size| sum.checked_add(size));
    match sizes {
        [] => Err(Trouble::NoParts),
        sizes if sum == Some(size) => Ok(sizes.to_vec()),
        sizes => Err(Trouble::Sizes {
            key: key.to_owned(),
            dims: x.dims().to_vec(),
            axis,
            sizes: sizes.to_vec(),
        }),
    }
}

fn split(
    key: &str,
    x: &HostTensor,
    axis: usize,
    sizes: &[usize],
) -> Result<Vec<HostTensor>, Trouble> {
    let mut start = 0;
    let parts = sizes.iter().map(|&size| {
        let part = x.narrow(axis, start, size);
        start += size;
        part.ok_or_else(|| shared_bytes(key, x))
    });
    parts.collect()
}

/// The parts of a tensor that are there: each with its name.
type Parts = Vec<Option<(String, HostTensor)>>;

fn merge(
    entries: Entries,
    parts: &[String],
    axis: usize,
    to: &str,
    optional: bool,
) -> Result<Entries, Trouble> {
    let mut patterns = Vec::new();
    for part in parts {
        let pattern = Pattern::parse(part)?;
        let template = Template::parse(to, pattern.wildcards())?;
        patterns.push((pattern, template));
    }
    let Some((first, _)) = patterns.first() else {
        return Err(Trouble::NoParts);
    };
    let part_of = |key: &str| {
        let part = |(i, (pattern, template)): (usize, &(Pattern, Template))| {
            Some((i, template.fill(&pattern.captures(key)?)))
        };
        patterns.iter().enumerate().find_map(part)
    };
    if !optional && !entries.iter().any(|(key, _)| part_of(key).is_some()) {
        return Err(matched(&entries, first).expect_err("no part is there"));
    }

    // A whole stands where the first of its parts does.
    let mut wholes: HashMap<String, Parts> = HashMap::new();
    let mut firsts: HashMap<String, String> = HashMap::new();
    let mut order = Entries::new();
    for (key, x) in entries {
        let Some((i, whole)) = part_of(&key) else {
            order.push((key, x));
            continue;
        };
        let parts = wholes.entry(whole.clone()).or_insert_with(|| {
            firsts.insert(key.clone(), whole.clone());
            order.push((key.clone(), x.clone()));
            vec![None; patterns.len()]
        });
        if let Some((first, _)) = &parts[i] {
            return Err(Trouble::PartTwice {
                key: whole,
                part: patterns[i].0.source().to_owned(),
                first: first.clone(),
                second: key,
            });
        }
        parts[i] = Some((key, x));
    }
    distinct(order, |key, x| {
        let Some((whole, parts)) = firsts
            .remove(&key)
            .and_then(|whole| wholes.remove_entry(&whole))
        else {
            return Ok(vec![(key, x)]);
        };
        let missing = parts.iter().position(Option::is_none);
        let parts: Entries = parts.into_iter().flatten().collect();
        match missing {
            None => Ok(vec![(whole, concat(&parts, axis)?)]),
            Some(i) => Err(Trouble::Part {
                key: whole,
                part: patterns[i].0.source().to_owned(),
                found: parts[0].0.clone(),
            }),
        }
    })
}

fn concat(parts: &Entries, axis: usize) -> Result<HostTensor, Trouble> {
    let (first, x) = &parts[0];
    size_of_axis(first, x, axis)?;
    if let Some((second, y)) =
        (parts.iter()).find(|(_, y)| y.dtype() != x.dtype() || !y.fits_beside(x, axis))
    {
        return Err(Trouble::Join {
            first: first.clone(),
            first_dims: x.dims().to_vec(),
            first_dtype: x.dtype(),
            second: second.clone(),
            second_dims: y.dims().to_vec(),
            second_dtype: y.dtype(),
            axis,
        });
    }
    let tensors: Vec<HostTensor> = parts.iter().map(|(_, x)| x.clone()).collect();
    HostTensor::concat(&tensors, axis).ok_or_else(|| shared_bytes(first, x))
}

/// As it is written in the program.
impl Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Rename { pattern, to } => write!(f, "rename({pattern:?}, {to:?})"),
            Step::Copy { pattern, to } => write!(f, "copy({pattern:?}, {to:?})"),
            Step::Tied { pattern, to } => write!(f, "tied({pattern:?}, {to:?})"),
            Step::AddPrefix(prefix) => write!(f, "add_prefix({prefix:?})"),
            Step::StripPrefix(prefix) => write!(f, "strip_prefix({prefix:?})"),
            Step::ReplacePrefix { prefix, by } => write!(f, "replace_prefix({prefix:?}, {by:?})"),
            Step::Permute {
                pattern,
                axes: None,
            } => write!(f, "transpose({pattern:?})"),
            Step::Permute {
                pattern,
                axes: Some(axes),
            } => write!(f, "permute({pattern:?}, {axes:?})"),
            Step::Select(patterns) => write!(f, "select({patterns:?})"),
            Step::Exclude(patterns) => write!(f, "exclude({patterns:?})"),
            Step::Cast { pattern, to } => write!(f, "cast({pattern:?}, {to})"),
            Step::Split {
                pattern,
                axis,
                parts,
                sizes: None,
            } => write!(f, "split({pattern:?}, {axis}, {parts:?})"),
            Step::Split {
                pattern,
                axis,
                parts,
                sizes: Some(sizes),
            } => {
                let parts: Vec<_> = parts.iter().zip(sizes).collect();
                write!(f, "split_sizes({pattern:?}, {axis}, {parts:?})")
            }
            Step::Merge { parts, axis, to } => write!(f, "merge({parts:?}, {axis}, {to:?})"),
            Step::Map(_) => write!(f, "map"),
        }
    }
}

impl Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}
