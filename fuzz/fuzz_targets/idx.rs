#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use volta::data::{Idx, IdxElement};

fn read<T: IdxElement>(bytes: &[u8]) {
    let path = Path::new("file.idx");
    match Idx::<T>::from_reader(bytes, path) {
        Ok(idx) => assert_eq!(idx.data().len(), idx.dims().iter().product::<usize>()),
        Err(error) => volta_fuzz::check_error(path, &error),
    }
}

fuzz_target!(|bytes: &[u8]| {
    read::<u8>(bytes);
    read::<i16>(bytes);
    read::<f64>(bytes);
});
