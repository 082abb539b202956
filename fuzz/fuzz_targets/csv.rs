#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use volta::data::Csv;

fuzz_target!(|bytes: &[u8]| {
    let path = Path::new("file.csv");
    for header in [false, true] {
        let read = Csv::options().header(header).parse(bytes, path);
        let tensor = read.and_then(|table| {
            if table.width() > 0 {
                table.classes(0)?;
            }
            table.tensor::<f32>()
        });
        if let Err(error) = tensor {
            volta_fuzz::check_error(path, &error);
        }
    }
});
