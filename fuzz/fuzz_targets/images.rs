#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;
use volta::data::{Dataset, ImageFolder};

fuzz_target!(|bytes: &[u8]| {
    let class = volta_fuzz::folder().join("images/class");
    fs::create_dir_all(&class).expect("the folder of the process takes a folder");
    // What the file is, its bytes say.
    let path = volta_fuzz::file("images/class/image.png", bytes);
    let images: ImageFolder = ImageFolder::open(path.ancestors().nth(2).expect("two above"))
        .expect("there is an image");
    if let Err(error) = images.get(0) {
        volta_fuzz::check_error(&path, &error);
    }
});
