#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use volta::io::pytorch;

fuzz_target!(|bytes: &[u8]| {
    let path = Path::new("file.pt");
    volta_fuzz::check(path, pytorch::from_bytes(bytes.to_vec(), path));
});
