//! Several files with an index.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::{self, Write as _};
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Component, Path, PathBuf};

use serde_core::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::json::Pairs;
use super::{IndexTrouble as Trouble, load_file, map_file, stage};
use crate::error::Error;
use crate::io::StateDict;
use crate::io::replace::write_beside;

const INDEX: &str = "model.safetensors.index.json";

/// Reads the files that an index names, Hugging Face's `model.safetensors.index.json`. The tensors
/// are in the order of the index, and the notes those of all files; of two with one name that of the
/// first file stays.
///
/// The files are in the folder of the index, and have the tensors that it names, no more and no
/// less. Its notes (`total_size`) are not read.
///
/// ```
/// use volta::io::safetensors;
/// use volta::prelude::*;
///
/// # let folder = std::env::temp_dir().join(format!("shards-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// let layer: Linear<30, 20> = Linear::init(&mut Rng::seed(0));
/// let index = safetensors::save_sharded(&folder, &layer.state_dict(), 1_000)?;
/// assert!(folder.join("model-00001-of-00002.safetensors").exists());
/// assert_eq!(index, folder.join("model.safetensors.index.json"));
///
/// let mut other: Linear<30, 20> = Linear::init(&mut Rng::seed(1));
/// other.load_state_dict(&safetensors::load_sharded(&index)?)?;
/// assert_eq!(other.state_dict(), layer.state_dict());
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), volta::Error>(())
/// ```
///
/// # Errors
/// [`Error::Index`] if the index or one of the files cannot be read or is damaged, or they differ
/// in what is where; [`Error::Io`] if there is no index.
pub fn load_sharded(index: impl AsRef<Path>) -> Result<StateDict, Error> {
    read(index.as_ref(), load_file)
}

/// Maps the files that an index names into memory: as [`load_sharded`], but nothing is read before
/// it is used.
///
/// # Safety
/// As of [`map`](super::map), for each of the files.
///
/// # Errors
/// As [`load_sharded`].
pub unsafe fn map_sharded(index: impl AsRef<Path>) -> Result<StateDict, Error> {
    // SAFETY: the caller's promise.
    read(index.as_ref(), |shard| unsafe { map_file(shard) })
}

/// Writes a state into several files of a folder, which has to exist, and an index of them,
/// `model.safetensors.index.json`; gives the path of the index.
///
/// The tensors of a file, `model-00001-of-00003.safetensors` and so on, have at most
/// `max_shard_bytes`, unless it is one alone that has more. Each file has the notes of the state.
///
/// All files are complete before the first gets its name, and the index gets its own last: until
/// then an error leaves the old files as they were. While the names change there is no index, so
/// that nobody reads some old files and some new ones. Files that the old index named, by names of
/// this form, and the new one does not, are removed.
///
/// # Errors
/// If a file cannot be written, or a tensor is called `__metadata__`.
pub fn save_sharded(
    folder: impl AsRef<Path>,
    state: &StateDict,
    max_shard_bytes: u64,
) -> Result<PathBuf, Error> {
    let folder = folder.as_ref();
    let shards = shards(state, max_shard_bytes);
    let name = |place: usize| format!("model-{:05}-of-{:05}.safetensors", place + 1, shards.len());

    let mut entries = String::new();
    let mut files = Vec::new();
    for (place, shard) in shards.iter().enumerate() {
        for key in shard.keys() {
            let comma = if entries.is_empty() { "" } else { "," };
            let (key, file) = (Value::from(key), name(place));
            write!(entries, "{comma}\n    {key}: \"{file}\"").expect("a string takes all");
        }
        files.push(stage(&folder.join(name(place)), shard)?);
    }
    let total: u64 = state.iter().map(|(_, x)| x.bytes().len() as u64).sum();
    let json = format!(
        "{{\n  \"metadata\": {{\n    \"total_size\": {total}\n  }},\n  \"weight_map\": {{{entries}\n  }}\n}}\n"
    );

    let index = folder.join(INDEX);
    let at = |source| Error::io(&index, source);
    let new = write_beside(&index, |file| file.write_all(json.as_bytes())).map_err(at)?;
    let old = old_shards(&index);
    match fs::remove_file(&index) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(at(e)),
        _ => {}
    }
    for (place, file) in files.into_iter().enumerate() {
        let named = file.take_name();
        named.map_err(|source| Error::io(&folder.join(name(place)), source))?;
    }
    new.take_name().map_err(at)?;
    let named: BTreeSet<String> = (0..shards.len()).map(name).collect();
    for file in old.difference(&named) {
        // One that stays is in nobody's way.
        let _ = fs::remove_file(folder.join(file));
    }
    Ok(index)
}

/// The tensors in the order of the state, as many in each as have room.
fn shards(state: &StateDict, max_shard_bytes: u64) -> Vec<StateDict> {
    let empty = || {
        let mut shard = StateDict::new();
        *shard.metadata_mut() = state.metadata().clone();
        shard
    };
    let (mut shards, mut room) = (vec![empty()], max_shard_bytes);
    for (key, x) in state.iter() {
        let bytes = x.bytes().len() as u64;
        let last = shards.last().expect("one at least");
        if bytes > room && !last.is_empty() {
            shards.push(empty());
            room = max_shard_bytes;
        }
        room = room.saturating_sub(bytes);
        shards
            .last_mut()
            .expect("one at least")
            .insert(key, x.clone());
    }
    shards
}

/// The files of this module's own that an index names; none if there is no index to be read.
fn old_shards(index: &Path) -> BTreeSet<String> {
    let names = fs::read(index).ok().and_then(|json| parse(&json).ok());
    let names = names.into_iter().flatten().map(|(_, file)| file);
    names.filter(|file| is_shard(file)).collect()
}

/// Whether a name is `model-NUMBER-of-NUMBER.safetensors`.
fn is_shard(file: &str) -> bool {
    let number = |text: &str| text.len() >= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    (file.strip_prefix("model-"))
        .and_then(|rest| rest.strip_suffix(".safetensors")?.split_once("-of-"))
        .is_some_and(|(place, of)| number(place) && number(of))
}

/// Whether a path is that of an index.
pub(super) fn is_index(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.ends_with(".index.json"))
}

/// What the index says is where: each tensor with its file, which is in the folder.
fn parse(json: &[u8]) -> Result<Vec<(String, String)>, Trouble> {
    let maps: WeightMaps =
        serde_json::from_slice(json).map_err(|trouble| Trouble::Json(trouble.to_string()))?;
    let [Pairs(map)]: [Pairs<Value>; 1] = maps.0.try_into().map_err(|_| Trouble::WeightMap)?;
    let mut seen = HashSet::new();
    let files = map.into_iter().map(|(key, file)| {
        if !seen.insert(key.clone()) {
            return Err(Trouble::Duplicate(key));
        }
        match file {
            Value::String(file) if is_inside(&file) => Ok((key, file)),
            file => Err(Trouble::Outside {
                key,
                file: file.to_string(),
            }),
        }
    });
    files.collect()
}

/// Every field `weight_map` of an object: there should be one.
struct WeightMaps(Vec<Pairs<Value>>);

impl<'de> Deserialize<'de> for WeightMaps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = WeightMaps;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WeightMaps, A::Error> {
                let mut maps = Vec::new();
                while let Some(field) = map.next_key::<String>()? {
                    match field.as_str() {
                        "weight_map" => maps.push(map.next_value()?),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(WeightMaps(maps))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// Whether a file of this name is in the folder, on any system.
fn is_inside(file: &str) -> bool {
    let foreign = |c: char| matches!(c, '\\' | ':' | '\0');
    let mut parts = Path::new(file).components();
    let first = parts.next();
    first
        .into_iter()
        .chain(parts)
        .all(|part| matches!(part, Component::Normal(_)))
        && first.is_some()
        && !file.contains(foreign)
}

fn read(
    index: &Path,
    read_shard: impl Fn(&Path) -> Result<StateDict, Error>,
) -> Result<StateDict, Error> {
    let json = fs::read(index).map_err(|source| Error::io(index, source))?;
    let found = |trouble| Error::Index {
        path: index.to_owned(),
        trouble,
    };
    let map = parse(&json).map_err(found)?;
    let folder = index.parent().unwrap_or(Path::new(""));
    let places: HashMap<&str, &str> = map.iter().map(|(key, file)| (&**key, &**file)).collect();
    let mut shards: HashMap<&str, StateDict> = HashMap::new();
    let mut state = StateDict::new();
    for (key, file) in &map {
        let shard = match shards.entry(file) {
            Entry::Occupied(read) => read.into_mut(),
            Entry::Vacant(unread) => {
                let shard = read_shard(&folder.join(file));
                let shard = shard.map_err(|error| found(Trouble::Shard(Box::new(error))))?;
                let not_here = |key: &&str| places.get(key) != Some(&&**file);
                if let Some(key) = shard.keys().find(not_here) {
                    return Err(found(Trouble::Unexpected {
                        file: file.clone(),
                        key: key.to_owned(),
                        named: places.get(key).map(|&file| file.to_owned()),
                    }));
                }
                for (note, text) in shard.metadata() {
                    let notes = state.metadata_mut().entry(note.clone());
                    notes.or_insert_with(|| text.clone());
                }
                unread.insert(shard)
            }
        };
        let Some(tensor) = shard.get(key) else {
            let (file, key) = (file.clone(), key.clone());
            return Err(found(Trouble::Missing { file, key }));
        };
        state.insert(key.clone(), tensor.clone());
    }
    Ok(state)
}
