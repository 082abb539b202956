//! Images side by side.

use std::error::Error;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::text::{LARGE, bold};
use super::{Area, Draw, INK};

const GAP: u32 = 6;
const TOP: u32 = 56;
const LEFT: u32 = 12;

/// Grey images of one size, in rows.
pub(crate) struct Grid<'a> {
    pub(crate) title: &'a str,
    pub(crate) columns: usize,
    /// Height and width of an image.
    pub(crate) side: (usize, usize),
    /// Pixels of the picture for one of an image.
    pub(crate) zoom: u32,
    /// The images one after the other, from 0 (black) to 1 (white).
    pub(crate) pixels: Vec<f32>,
}

impl Grid<'_> {
    fn count(&self) -> usize {
        self.pixels.len() / (self.side.0 * self.side.1).max(1)
    }

    /// Width and height of a cell.
    fn cell(&self) -> (u32, u32) {
        let (height, width) = self.side;
        (
            width as u32 * self.zoom + GAP,
            height as u32 * self.zoom + GAP,
        )
    }
}

impl Draw for Grid<'_> {
    fn size(&self) -> (u32, u32) {
        let ((width, height), rows) = (self.cell(), self.count().div_ceil(self.columns));
        let title = 11 * self.title.chars().count() as u32;
        let images = self.columns as u32 * width;
        (
            2 * LEFT + images.max(title),
            TOP + rows as u32 * height + GAP,
        )
    }

    fn draw(&self, area: &Area<'_>) -> Result<(), Box<dyn Error>> {
        area.draw_text(self.title, &bold(LARGE, INK, HPos::Left), (LEFT as i32, 28))?;
        let ((height, width), (cell_width, cell_height)) = (self.side, self.cell());
        for (image, pixels) in self.pixels.chunks_exact(height * width).enumerate() {
            let (row, column) = ((image / self.columns) as u32, (image % self.columns) as u32);
            let (left, top) = (LEFT + column * cell_width, TOP + row * cell_height);
            for (at, value) in pixels.iter().enumerate() {
                let x = (left + (at % width) as u32 * self.zoom) as i32;
                let y = (top + (at / width) as u32 * self.zoom) as i32;
                let zoom = self.zoom as i32;
                let grey = (value.clamp(0.0, 1.0) * 255.0).round() as u8;
                let fill = RGBColor(grey, grey, grey).filled();
                area.draw(&Rectangle::new([(x, y), (x + zoom, y + zoom)], fill))?;
            }
        }
        Ok(())
    }
}
