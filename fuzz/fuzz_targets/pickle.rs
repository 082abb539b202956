#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use volta::io::pytorch;

/// What the zip archive of `pytorch` keeps from a fuzzer by its sums: a pickle, in an archive that
/// has none, with two storages of 64 bytes.
fn archive(pickle: &[u8]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in [("a/data.pkl", pickle), ("a/data/0", &[1; 64]), ("a/data/1", &[2; 64])] {
        let start = out.len() as u32;
        let mut common = vec![0; 14];
        common.extend([(data.len() as u32).to_le_bytes(); 2].concat());
        common.extend([name.len() as u8, 0, 0, 0]);
        out.extend([b"PK\x03\x04", &common[..], name.as_bytes(), data].concat());
        directory.extend([b"PK\x01\x02\0\0", &common[..], &[0; 10]].concat());
        directory.extend(start.to_le_bytes());
        directory.extend(name.bytes());
    }
    let (start, len) = (out.len() as u32, directory.len() as u32);
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0\x03\0\x03\0");
    out.extend([len.to_le_bytes(), start.to_le_bytes()].concat());
    out.extend([0; 2]);
    out
}

fuzz_target!(|bytes: &[u8]| {
    let path = Path::new("file.pt");
    volta_fuzz::check(path, pytorch::from_bytes(archive(bytes), path));
});
