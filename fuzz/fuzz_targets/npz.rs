#![no_main]

use std::io::Cursor;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use volta::data::npz;

fuzz_target!(|bytes: &[u8]| {
    let path = Path::new("file.npz");
    volta_fuzz::check(path, npz::from_reader(Cursor::new(bytes), path));
});
