//! Models in several safetensors files with an index: whole, or an error that names the index, the
//! file and the tensor.

#[path = "common/folder.rs"]
mod folder;

use std::fs;
use std::path::Path;

use folder::{files, folder};
use volta::io::safetensors::{self, IndexTrouble, SafetensorsTrouble};
use volta::io::{HostTensor, LoadOptions};
use volta::prelude::*;
use volta::{DtypeKind, Error, StateDict};

const INDEX: &str = "model.safetensors.index.json";

/// Tensors of these names and of as many bytes.
fn state(tensors: &[(&str, usize)]) -> StateDict {
    let mut state = StateDict::new();
    for (place, (key, bytes)) in tensors.iter().enumerate() {
        let x = HostTensor::new(DtypeKind::U8, vec![*bytes], vec![place as u8; *bytes]);
        state.insert(*key, x.unwrap());
    }
    state
}

fn shard(place: usize, of: usize) -> String {
    format!("model-{place:05}-of-{of:05}.safetensors")
}

#[test]
fn shards_take_as_many_tensors_as_have_room() {
    let mut state = state(&[
        ("a", 4),
        ("b", 6),
        ("c", 7),
        ("d", 100),
        ("e", 0),
        ("f", 10),
    ]);
    state.metadata_mut().insert("format".into(), "pt".into());
    for (max, expected) in [
        (
            10,
            vec![vec!["a", "b"], vec!["c"], vec!["d", "e"], vec!["f"]],
        ),
        (1_000, vec![vec!["a", "b", "c", "d", "e", "f"]]),
        (
            0,
            vec![vec!["a"], vec!["b"], vec!["c"], vec!["d", "e"], vec!["f"]],
        ),
    ] {
        let folder = folder(&format!("room-{max}"));
        let index = safetensors::save_sharded(&folder, &state, max).unwrap();
        for (place, keys) in expected.iter().enumerate() {
            let shard = folder.join(shard(place + 1, expected.len()));
            let shard = safetensors::load(&shard).unwrap();
            assert_eq!(
                shard.keys().collect::<Vec<_>>(),
                *keys,
                "of at most {max} bytes"
            );
            assert_eq!(shard.metadata()["format"], "pt");
        }
        assert_eq!(files(&folder).len(), expected.len() + 1);
        let read = safetensors::load_sharded(&index).unwrap();
        assert_eq!(read, state);
        assert!(read.keys().eq(state.keys()), "the order comes back, too");
        assert_eq!(safetensors::load(&index).unwrap(), state, "by its name");
        // SAFETY: nobody changes the files.
        assert_eq!(unsafe { safetensors::map(&index).unwrap() }, state);

        let json: String = fs::read_to_string(&index).unwrap();
        assert!(json.contains("\"total_size\": 127"), "{json}");
        assert!(json.contains(&format!(
            "\"f\": \"{}\"",
            shard(expected.len(), expected.len())
        )));
    }
    let none = folder("none");
    let index = safetensors::save_sharded(&none, &StateDict::new(), 10).unwrap();
    assert_eq!(safetensors::load(&index).unwrap(), StateDict::new());
}

#[test]
fn a_model_comes_back_from_its_index() {
    let folder = folder("model");
    let model: (Linear<3, 4>, Linear<4, 2>) = Init::init(&mut Rng::seed(0));
    let index = safetensors::save_sharded(&folder, &model.state_dict(), 40).unwrap();
    let mut other: (Linear<3, 4>, Linear<4, 2>) = Init::init(&mut Rng::seed(1));
    other.load_safetensors(&index).unwrap();
    assert_eq!(other.state_dict(), model.state_dict());

    let mut deeper: (Linear<3, 4>, Linear<4, 2>, Linear<2, 1>) = Init::init(&mut Rng::seed(1));
    let error = deeper.load_safetensors(&index).unwrap_err().to_string();
    assert!(error.starts_with(index.to_str().unwrap()), "{error}");
    let options = LoadOptions::strict().allow_missing(true);
    let report = deeper.load_safetensors_with(&index, options).unwrap();
    assert_eq!(report.missing, ["2.weight", "2.bias"]);
}

/// As `transformers` writes it: `json.dumps(index, indent=2, sort_keys=True)`.
#[test]
fn an_index_of_hugging_face_is_read() {
    let folder = folder("hugging_face");
    let whole = state(&[("b", 2), ("a", 3)]);
    for (file, key) in [
        ("model-00001-of-00002.safetensors", "b"),
        ("model-00002-of-00002.safetensors", "a"),
    ] {
        let mut shard = StateDict::new();
        shard.insert(key, whole.get(key).unwrap().clone());
        safetensors::save(folder.join(file), &shard).unwrap();
    }
    let json = "{
  \"metadata\": {
    \"total_parameters\": 5,
    \"total_size\": 5
  },
  \"weight_map\": {
    \"a\": \"model-00002-of-00002.safetensors\",
    \"b\": \"model-00001-of-00002.safetensors\"
  }
}
";
    fs::write(folder.join(INDEX), json).unwrap();
    let read = safetensors::load(folder.join(INDEX)).unwrap();
    assert_eq!(read, whole);
    assert_eq!(read.keys().collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn what_is_saved_again_replaces_what_was_there() {
    let folder = folder("again");
    let mine = folder.join("model-of-mine.safetensors");
    fs::write(&mine, "x").unwrap();
    let first = state(&[("a", 4), ("b", 4), ("c", 4)]);
    safetensors::save_sharded(&folder, &first, 4).unwrap();
    assert_eq!(files(&folder).len(), 5);
    let second = state(&[("b", 2), ("a", 1)]);
    let index = safetensors::save_sharded(&folder, &second, 2).unwrap();
    assert_eq!(safetensors::load(&index).unwrap(), second);
    let (one, two) = (shard(1, 2), shard(2, 2));
    assert_eq!(
        files(&folder),
        [&one, &two, "model-of-mine.safetensors", INDEX]
    );

    // What cannot be written leaves the old files as they were.
    let mut reserved = first.clone();
    let x = reserved.get("a").unwrap().clone();
    reserved.insert("__metadata__", x);
    assert!(safetensors::save_sharded(&folder, &reserved, 4).is_err());
    assert_eq!(
        files(&folder),
        [&one, &two, "model-of-mine.safetensors", INDEX]
    );
    assert_eq!(safetensors::load(&index).unwrap(), second);

    let nowhere = folder.join("not/there");
    let error = safetensors::save_sharded(&nowhere, &first, 4).unwrap_err();
    assert!(
        error.to_string().starts_with(nowhere.to_str().unwrap()),
        "{error}"
    );
}

/// A name cannot be taken when a folder has it: there is no index then, and no mixture.
#[test]
fn a_shard_without_its_name_leaves_no_index() {
    let folder = folder("taken");
    safetensors::save_sharded(&folder, &state(&[("a", 1), ("b", 1)]), 1).unwrap();
    fs::remove_file(folder.join(shard(2, 2))).unwrap();
    fs::create_dir_all(folder.join(shard(2, 2)).join("inside")).unwrap();
    let error = safetensors::save_sharded(&folder, &state(&[("a", 2), ("b", 2)]), 2).unwrap_err();
    assert!(error.to_string().contains(&shard(2, 2)), "{error}");
    assert_eq!(files(&folder), [shard(1, 2), shard(2, 2)]);
}

/// The trouble with an index of this text in a folder.
fn trouble(folder: &Path, json: &str) -> (IndexTrouble, String) {
    let index = folder.join(INDEX);
    fs::write(&index, json).unwrap();
    let error = safetensors::load_sharded(&index).unwrap_err();
    let message = error.to_string();
    let Some(message) = message.strip_prefix(&format!("{}: ", index.display())) else {
        panic!("{message}")
    };
    match error {
        Error::Index { trouble, .. } => (trouble, message.to_owned()),
        other => panic!("{other}"),
    }
}

#[test]
fn an_index_that_is_wrong_says_where() {
    let folder = folder("wrong");
    safetensors::save(folder.join("one"), &state(&[("a", 1), ("b", 1)])).unwrap();
    safetensors::save(folder.join("two"), &state(&[("b", 1)])).unwrap();
    fs::write(folder.join("cut"), [9]).unwrap();
    let map = |entries: &str| format!("{{\"weight_map\": {{{entries}}}}}");
    for (json, expected) in [
        (
            map("\"a\": \"one\""),
            "`one` has the tensor `b`, which the index does not name",
        ),
        (
            map("\"a\": \"one\", \"b\": \"two\""),
            "`one` has the tensor `b`, which the index says is in `two`",
        ),
        (
            map("\"a\": \"one\", \"b\": \"one\", \"c\": \"one\""),
            "`one` has not the tensor `c`, which the index says is there",
        ),
        (
            map("\"a\": \"one\", \"a\": \"two\""),
            "it names the tensor `a` twice",
        ),
        (
            map("\"a\": 7"),
            "the tensor `a` is in 7, which is no file in the folder of the index",
        ),
        (
            "{}".to_owned(),
            "no index of safetensors files: its `weight_map` is missing, there twice or no object",
        ),
        (
            "{\"weight_map\": {}, \"weight_map\": {}}".to_owned(),
            "no index of safetensors files: its `weight_map` is missing, there twice or no object",
        ),
        (
            "{\"weight_map\": [\"one\"]}".to_owned(),
            "no index of safetensors files: invalid type: sequence, expected an object at line 1 \
             column 15",
        ),
        (
            "[1]".to_owned(),
            "no index of safetensors files: invalid type: sequence, expected an object at line 1 \
             column 0",
        ),
    ] {
        assert_eq!(trouble(&folder, &json).1, expected);
    }
    let cut = folder.join("cut");
    let (found, message) = trouble(&folder, &map("\"a\": \"cut\""));
    assert!(message.starts_with(cut.to_str().unwrap()), "{message}");
    let IndexTrouble::Shard(shard) = found else {
        panic!("{found}")
    };
    let trouble = SafetensorsTrouble::NoHeader { len: 1 };
    assert!(matches!(*shard, Error::Safetensors { trouble: found, .. } if found == trouble));
    let (_, message) = self::trouble(&folder, &map("\"a\": \"three\""));
    let three = folder.join("three");
    assert!(message.starts_with(three.to_str().unwrap()), "{message}");

    let error = safetensors::load(folder.join("no.index.json")).unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
    // An index that names an index, itself even, is none of files.
    let (found, _) = self::trouble(&folder, &map(&format!("\"a\": \"{INDEX}\"")));
    assert!(matches!(found, IndexTrouble::Shard(_)), "{found}");
}

#[test]
fn files_outside_the_folder_are_not_read() {
    let outside = folder("outside");
    let inside = outside.join("inside");
    fs::create_dir_all(inside.join("deeper")).unwrap();
    for file in [outside.join("x"), inside.join("deeper/x")] {
        safetensors::save(file, &state(&[("a", 1)])).unwrap();
    }
    let absolute = outside.join("x");
    for file in [
        "../x",
        "deeper/../../x",
        "deeper/../deeper/x",
        absolute.to_str().unwrap(),
        "/",
        "..",
        ".",
        "",
        "./../x",
        "..\\\\x",
        "C:x",
        "x\\u0000",
    ] {
        let json = format!("{{\"weight_map\": {{\"a\": \"{file}\"}}}}");
        let (found, message) = trouble(&inside, &json);
        assert!(
            matches!(found, IndexTrouble::Outside { .. }),
            "{file}: {message}"
        );
    }
    let index = inside.join(INDEX);
    fs::write(&index, "{\"weight_map\": {\"a\": \"deeper/x\"}}").unwrap();
    assert_eq!(safetensors::load(&index).unwrap(), state(&[("a", 1)]));
}

/// Whatever happens to the bytes of an index or of a file that it names, reading ends in an error
/// that names the index, or in the tensors that it names.
#[test]
fn mutated_indices_never_panic() {
    let folder = folder("mutated");
    let whole = state(&[("a.weight", 3), ("a.bias", 2), ("b \"é\"", 4)]);
    let index = safetensors::save_sharded(&folder, &whole, 5).unwrap();
    let paths = [index.clone(), folder.join(shard(1, 2))];
    let originals = paths.each_ref().map(|path| fs::read(path).unwrap());
    let mut random = Random(7);
    let (mut read_well, mut refused) = (0, 0);
    for round in 0..1_000 {
        let which = usize::from(round % 8 == 0);
        let mut bytes = originals[which].clone();
        for _ in 0..1 + random.below(3) {
            let place = random.below(bytes.len().max(1));
            match random.below(6) {
                0 => bytes.truncate(random.below(bytes.len() + 1)),
                1 => bytes.insert(place.min(bytes.len()), random.next() as u8),
                2 if !bytes.is_empty() => drop(bytes.remove(place)),
                3 if !bytes.is_empty() => bytes[place] ^= 1 << random.below(8),
                // Text that means something.
                4 => {
                    let words = ["../", "\"", "{}", ",", "weight_map", "null", "[", "\\u0000"];
                    let word = words[random.below(words.len())].bytes();
                    let place = place.min(bytes.len());
                    bytes.splice(place..place, word).for_each(drop);
                }
                _ if !bytes.is_empty() => bytes[place] = random.next() as u8,
                _ => {}
            }
        }
        fs::write(&paths[which], &bytes).unwrap();
        match safetensors::load_sharded(&index) {
            Ok(read) => {
                assert!(read.iter().all(|(key, x)| {
                    which == 1 || whole.get(key) == Some(x) && read.len() == whole.len()
                }));
                read_well += 1;
            }
            Err(error) => {
                assert!(
                    error.to_string().starts_with(index.to_str().unwrap()),
                    "{error}"
                );
                refused += 1;
            }
        }
        fs::write(&paths[which], &originals[which]).unwrap();
    }
    assert!(read_well > 30 && refused > 300, "{read_well} {refused}");
}

/// xorshift64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}
