#![no_main]

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use volta::io::{HostTensor, safetensors};
use volta::{DtypeKind, StateDict};

/// What the index can name: `one` and `two` beside it; `outside` is not in its folder.
fn shards(folder: &Path) -> &'static StateDict {
    static SHARDS: OnceLock<StateDict> = OnceLock::new();
    SHARDS.get_or_init(|| {
        fs::create_dir_all(folder).expect("the folder of the process takes a folder");
        let tensor = |len| HostTensor::new(DtypeKind::U8, vec![len], vec![len as u8; len]);
        let mut whole = StateDict::new();
        for (file, keys) in [
            ("one", &["a", "b"][..]),
            ("two", &["c"]),
            ("../outside", &["d"]),
        ] {
            let mut shard = StateDict::new();
            for (len, key) in keys.iter().enumerate() {
                let tensor = tensor(len).expect("as many bytes as the sizes say");
                shard.insert(*key, tensor.clone());
                if *key != "d" {
                    whole.insert(*key, tensor);
                }
            }
            safetensors::save(folder.join(file), &shard).expect("the folder takes a file");
        }
        whole
    })
}

fuzz_target!(|bytes: &[u8]| {
    let whole = shards(&volta_fuzz::folder().join("index"));
    let path = volta_fuzz::file("index/model.safetensors.index.json", bytes);
    match safetensors::load_sharded(&path) {
        Ok(read) => {
            for (key, tensor) in read.iter() {
                assert_eq!(whole.get(key), Some(tensor), "{key}");
            }
        }
        Err(error) => volta_fuzz::check_error(&path, &error),
    }
});
