#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use volta::data::npy;

fuzz_target!(|bytes: &[u8]| {
    let path = Path::new("file.npy");
    match npy::from_reader(bytes, path) {
        Ok(tensor) => volta_fuzz::check_tensor(&tensor),
        Err(error) => volta_fuzz::check_error(path, &error),
    }
});
