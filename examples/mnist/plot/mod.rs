//! Draws `mnist.png`: how loss and accuracy went, and what the model says of some test digits.

mod curves;
mod digits;
#[path = "../../support/picture/file.rs"]
mod file;
#[path = "../../support/picture/text.rs"]
mod text;

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;

use text::Canvas;

const SIZE: (u32, u32) = (1480, 880);
const LEFT: u32 = 660;

type Area<'a> = DrawingArea<Canvas<'a>, plotters::coord::Shift>;

/// How training stood at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EpochPoint {
    /// Epochs done, with a fraction where a point lies inside an epoch.
    pub(crate) step_or_epoch: f32,
    pub(crate) train_loss: f32,
    pub(crate) train_accuracy: f32,
    pub(crate) test_loss: Option<f32>,
    pub(crate) test_accuracy: Option<f32>,
}

/// A test digit with the model's answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digit {
    pub(crate) pixels: [u8; 784],
    pub(crate) label: u8,
    pub(crate) predicted: u8,
    /// What the model gives for its answer, from 0 to 1.
    pub(crate) probability: f32,
}

/// Draws the curves, the first 40 digits and 8 wrong ones into the PNG file `path`.
///
/// The file is written under another name and renamed, so that it is always whole.
pub(crate) fn write(
    path: impl AsRef<Path>,
    history: &[EpochPoint],
    digits: &[Digit],
) -> Result<(), Box<dyn Error>> {
    let (width, height) = SIZE;
    let mut pixels = vec![0; 3 * (width * height) as usize];
    {
        let whole = Canvas::new(&mut pixels, SIZE).into_drawing_area();
        whole.fill(&WHITE)?;
        let (left, right) = whole.split_horizontally(LEFT);
        let (above, below) = left.split_vertically(height / 2);
        curves::loss(&above, history)?;
        curves::accuracy(&below, history)?;
        digits::draw(&right, digits)?;
        whole.present()?;
    }
    file::replace(path.as_ref(), &pixels, SIZE)
}
