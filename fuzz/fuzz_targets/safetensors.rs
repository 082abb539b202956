#![no_main]

use libfuzzer_sys::fuzz_target;
use volta::io::safetensors;

fuzz_target!(|bytes: &[u8]| {
    let path = volta_fuzz::file("file.safetensors", bytes);
    volta_fuzz::check(&path, safetensors::load(&path));
});
