//! The header of a safetensors file.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

use serde_json::Value;

use super::json::Pairs;
use super::{MAX_HEADER, SafetensorsTrouble as Trouble};
use crate::io::{FileDtype, HostTensor, StateDict};

const METADATA: &str = "__metadata__";

/// What a header says.
pub(super) struct Header {
    /// In the order of the header.
    pub(super) tensors: Vec<Entry>,
    pub(super) metadata: BTreeMap<String, String>,
}

/// What a header says of a tensor.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) dtype: FileDtype,
    pub(super) dims: Vec<usize>,
    /// The bytes of the data that are its own.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Header {
    pub(super) fn parse(json: &[u8]) -> Result<Self, Trouble> {
        match json.first() {
            Some(b'{') => {}
            Some(&byte) => return Err(Trouble::Magic(byte)),
            None => return Err(Trouble::Json("it is empty".to_owned())),
        }
        let Pairs::<Pairs<Value>>(entries) =
            serde_json::from_slice(json).map_err(|trouble| Trouble::Json(trouble.to_string()))?;
        let mut header = Header {
            tensors: Vec::with_capacity(entries.len()),
            metadata: BTreeMap::new(),
        };
        let (mut seen, mut foreign) = (HashSet::new(), Vec::new());
        for (key, fields) in entries {
            if !seen.insert(key.clone()) {
                return Err(Trouble::Duplicate(key));
            }
            if key == METADATA {
                header.metadata = fields.notes()?;
                continue;
            }
            let name = fields.get(&key, "dtype", "string", Value::as_str)?;
            let Some(dtype) = FileDtype::of_safetensors(name) else {
                foreign.push((key, name.to_owned()));
                continue;
            };
            let dims = fields.get(&key, "shape", "list of sizes", sizes)?;
            let offsets = fields.get(&key, "data_offsets", "pair of offsets", |value| {
                sizes(value)?.try_into().ok()
            })?;
            let [start, end]: [usize; 2] = offsets;
            header.tensors.push(Entry {
                key,
                dtype,
                dims,
                start,
                end,
            });
        }
        match foreign.is_empty() {
            true => Ok(header),
            false => Err(Trouble::Dtypes(foreign)),
        }
    }

    /// Checks that the tensors fill the data without gaps; the bytes that these have.
    pub(super) fn check(&self) -> Result<usize, Trouble> {
        let mut order: Vec<usize> = (0..self.tensors.len()).collect();
        order.sort_by_key(|&i| (self.tensors[i].start, self.tensors[i].end));
        let mut end = 0;
        for &place in &order {
            let entry = &self.tensors[place];
            let key = || entry.key.clone();
            if entry.start != end {
                let (key, start) = (key(), entry.start);
                return Err(Trouble::Place { key, start, end });
            }
            let dtype = || entry.dtype.safetensors().to_owned();
            let Some(wanted) = entry.dtype.bytes_of(&entry.dims) else {
                return Err(Trouble::Overflow {
                    key: key(),
                    dims: entry.dims.clone(),
                    dtype: dtype(),
                });
            };
            if entry.end.checked_sub(entry.start) != Some(wanted) {
                return Err(Trouble::Size {
                    key: key(),
                    dims: entry.dims.clone(),
                    dtype: dtype(),
                    wanted,
                    start: entry.start,
                    end: entry.end,
                });
            }
            end = entry.end;
        }
        Ok(end)
    }
}

/// The header of a state, padded to a multiple of eight bytes, and its tensors in the order of
/// their data: wide elements first, so that each tensor is aligned to its own.
pub(super) fn write(state: &StateDict) -> Result<(String, Vec<&HostTensor>), Trouble> {
    let tensors: Vec<(&str, &HostTensor)> = state.iter().collect();
    let mut order: Vec<usize> = (0..tensors.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(tensors[i].1.dtype().word()));
    let (mut starts, mut end) = (vec![0; tensors.len()], 0);
    for &place in &order {
        starts[place] = end;
        end += tensors[place].1.bytes().len();
    }

    let mut json = String::from("{");
    if !state.metadata().is_empty() {
        let notes = state.metadata().iter();
        let notes = notes.map(|(key, note)| (key.clone(), Value::from(note.as_str())));
        let notes = Value::Object(notes.collect());
        write!(json, "\"{METADATA}\":{notes}").expect("a string takes all");
    }
    for ((key, tensor), start) in tensors.iter().zip(starts) {
        if *key == METADATA {
            return Err(Trouble::Reserved);
        }
        let comma = if json.len() > 1 { "," } else { "" };
        let (key, dtype) = (Value::from(*key), tensor.dtype().safetensors());
        let (shape, end) = (Value::from(tensor.dims()), start + tensor.bytes().len());
        write!(
            json,
            "{comma}{key}:{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":[{start},{end}]}}"
        )
        .expect("a string takes all");
    }
    json.push('}');
    json.extend(std::iter::repeat_n(
        ' ',
        json.len().next_multiple_of(8) - json.len(),
    ));
    if json.len() as u64 > MAX_HEADER {
        return Err(Trouble::HeaderTooLong(json.len() as u64));
    }
    let order = order.into_iter().map(|place| tensors[place].1);
    Ok((json, order.collect()))
}

impl Pairs<Value> {
    /// The only field of this name, read by `read`.
    fn get<'a, T>(
        &'a self,
        key: &str,
        field: &'static str,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<T, Trouble> {
        let mut found = self.0.iter().filter(|(name, _)| name == field);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => read(value),
            _ => None,
        }
        .ok_or_else(|| Trouble::Entry {
            key: key.to_owned(),
            field,
            expected,
        })
    }

    fn notes(self) -> Result<BTreeMap<String, String>, Trouble> {
        let notes = self.0.into_iter().map(|(key, value)| match value {
            Value::String(note) => Ok((key, note)),
            _ => Err(Trouble::Note(key)),
        });
        notes.collect()
    }
}

fn sizes(value: &Value) -> Option<Vec<usize>> {
    let size = |size: &Value| usize::try_from(size.as_u64()?).ok();
    value.as_array()?.iter().map(size).collect()
}
