//! Readers of files whose bytes were changed anywhere: an error that names the file, or tensors of as
//! many bytes as their sizes say; never a panic.

#[path = "common/folder.rs"]
mod folder;

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use volta::data::{Csv, Dataset, Idx, ImageFolder};
use volta::io::{HostTensor, safetensors};
use volta::{DtypeKind, Error, StateDict};

/// What happens to a file: bytes that are others, and how much of it is left.
fn damage() -> impl Strategy<Value = (Vec<(usize, u8)>, usize)> {
    (vec((any::<usize>(), any::<u8>()), 0..6), any::<usize>())
}

fn damaged(whole: &[u8], (bytes, left): &(Vec<(usize, u8)>, usize)) -> Vec<u8> {
    let mut file = whole.to_vec();
    for (at, byte) in bytes {
        let at = at % whole.len();
        file[at] = *byte;
    }
    // Half of the files stay as long as they are.
    if left % 2 == 0 {
        file.truncate(left / 2 % (whole.len() + 1));
    }
    file
}

fn names(path: &Path, error: &Error) {
    let (path, message) = (path.display().to_string(), error.to_string());
    assert!(message.starts_with(&path), "{message}");
}

fn is_sound(path: &Path, read: Result<StateDict, Error>) {
    match read {
        Ok(state) => {
            for (key, tensor) in state.iter() {
                let elements: usize = tensor.dims().iter().product();
                let bits = elements * tensor.dtype().bits();
                assert_eq!(tensor.bytes().len() * 8, bits, "{key}");
            }
        }
        Err(error) => names(path, &error),
    }
}

fn state() -> StateDict {
    let mut state = StateDict::new();
    for (key, len) in [("a", 3), ("b.weight", 8)] {
        let tensor = HostTensor::new(DtypeKind::U8, vec![len], vec![7; len]).unwrap();
        state.insert(key, tensor);
    }
    state
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn csv(damage in damage()) {
        let path = Path::new("file.csv");
        let file = damaged(b"x,y,\"a name\"\n1,2.5,3\n-4,5e3,nan\r\n7,8,\"9\"\n", &damage);
        let table = Csv::options().header(true).parse(&file[..], path);
        if let Err(error) = table.and_then(|table| table.tensor::<f32>()) {
            names(path, &error);
        }
    }

    #[test]
    fn idx(damage in damage()) {
        let path = Path::new("file.idx");
        let header = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3];
        let file = damaged(&[&header[..], &[1, 2, 3, 4, 5, 6]].concat(), &damage);
        match Idx::<u8>::from_reader(&file[..], path) {
            Ok(idx) => assert_eq!(idx.data().len(), idx.dims().iter().product::<usize>()),
            Err(error) => names(path, &error),
        }
    }

    #[test]
    fn images(damage in damage()) {
        let folder = folder::folder("images");
        fs::create_dir_all(folder.join("class")).unwrap();
        for seed in ["rgb.png", "progressive.jpg"] {
            let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/images").join(seed);
            let path = folder.join("class/image.png");
            fs::write(&path, damaged(&fs::read(seed).unwrap(), &damage)).unwrap();
            let images: ImageFolder = ImageFolder::open(&folder).unwrap();
            if let Err(error) = images.get(0) {
                names(&path, &error);
            }
        }
    }

    #[test]
    fn one_safetensors_file(damage in damage()) {
        let path = folder::folder("one").join("file.safetensors");
        safetensors::save(&path, &state()).unwrap();
        let file = damaged(&fs::read(&path).unwrap(), &damage);
        fs::write(&path, file).unwrap();
        is_sound(&path, safetensors::load(&path));
    }

    #[test]
    fn an_index_of_several(damage in damage()) {
        let folder = folder::folder("index");
        safetensors::save(folder.join("one"), &state()).unwrap();
        let path = folder.join("model.safetensors.index.json");
        let whole = br#"{"metadata": {}, "weight_map": {"a": "one", "b.weight": "one"}}"#;
        fs::write(&path, damaged(whole, &damage)).unwrap();
        is_sound(&path, safetensors::load_sharded(&path));
        let there = folder::files(&folder);
        prop_assert_eq!(there, ["model.safetensors.index.json", "one"]);
    }
}
