//! Pictures: curves, and grids of images.

mod chart;
mod file;
mod grid;
mod text;

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;

use text::Canvas;

pub(crate) use chart::{Chart, Series};
pub(crate) use grid::Grid;

type Area<'a> = DrawingArea<Canvas<'a>, plotters::coord::Shift>;

const INK: RGBColor = RGBColor(60, 60, 60);

/// Something that fills a part of a picture.
pub(crate) trait Draw {
    /// Width and height in pixels.
    fn size(&self) -> (u32, u32);
    fn draw(&self, area: &Area<'_>) -> Result<(), Box<dyn Error>>;
}

/// Writes a PNG file with the parts one below the other: whole, or not at all.
pub(crate) fn write(path: impl AsRef<Path>, parts: &[&dyn Draw]) -> Result<(), Box<dyn Error>> {
    let sizes: Vec<_> = parts.iter().map(|part| part.size()).collect();
    let width = sizes.iter().map(|(width, _)| *width).max().unwrap_or(1);
    let height = sizes.iter().map(|(_, height)| *height).sum::<u32>().max(1);
    let mut pixels = vec![0; 3 * (width * height) as usize];
    {
        let whole = Canvas::new(&mut pixels, (width, height)).into_drawing_area();
        whole.fill(&WHITE)?;
        let mut rest = whole.clone();
        for (part, (_, height)) in parts.iter().zip(&sizes) {
            let (area, below) = rest.split_vertically(*height);
            part.draw(&area)?;
            rest = below;
        }
        whole.present()?;
    }
    file::replace(path.as_ref(), &pixels, (width, height))?;
    println!("drew {}", path.as_ref().display());
    Ok(())
}
