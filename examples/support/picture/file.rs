//! Writes a PNG file, whole or not at all.

use std::error::Error;
use std::fs;
use std::io::BufWriter;
use std::path::Path;

pub(super) fn replace(
    path: &Path,
    rgb: &[u8],
    (width, height): (u32, u32),
) -> Result<(), Box<dyn Error>> {
    let mut name = path.file_name().ok_or("the path names no file")?.to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = encode(&temporary, rgb, width, height)
        .and_then(|()| fs::rename(&temporary, path).map_err(Into::into));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written.map_err(|trouble| format!("{}: {trouble}", path.display()).into())
}

fn encode(path: &Path, rgb: &[u8], width: u32, height: u32) -> Result<(), Box<dyn Error>> {
    let file = BufWriter::new(fs::File::create(path)?);
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgb)?;
    Ok(writer.finish()?)
}
