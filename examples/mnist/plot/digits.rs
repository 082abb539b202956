//! A grid of digits, each with the model's answer.

use std::error::Error;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::text::{LARGE, SMALL, bold, style};
use super::{Area, Digit};

const COLUMNS: usize = 8;
const ROWS: usize = 6;
const SIDE: i32 = 28;
const ZOOM: i32 = 3;
const CELL: (i32, i32) = (98, 130);
const TOP: i32 = 66;

const RIGHT: RGBColor = RGBColor(60, 60, 60);
const WRONG: RGBColor = RGBColor(204, 37, 41);
const FRAME: RGBColor = RGBColor(200, 200, 200);

pub(super) fn draw(area: &Area<'_>, digits: &[Digit]) -> Result<(), Box<dyn Error>> {
    // The first digits as they come; the last row has more of those that the model gets wrong.
    let (first, rest) = digits.split_at(digits.len().min(COLUMNS * (ROWS - 1)));
    let shown = first
        .iter()
        .chain(rest.iter().filter(|digit| is_wrong(digit)).take(COLUMNS));
    let title = "Test digits; in the last row wrong ones";
    area.draw_text(title, &bold(LARGE, RIGHT, HPos::Left), (10, 30))?;
    let wrong = digits.iter().filter(|digit| is_wrong(digit)).count();
    let score = format!("{wrong} of {} wrong", digits.len());
    let color = if wrong > 0 { WRONG } else { RIGHT };
    let edge = 10 + (COLUMNS as i32 - 1) * CELL.0 + SIDE * ZOOM;
    area.draw_text(&score, &style(SMALL, color, HPos::Right), (edge, 30))?;
    for (index, digit) in shown.enumerate() {
        let (row, column) = (index / COLUMNS, index % COLUMNS);
        let left = 10 + column as i32 * CELL.0;
        one(area, digit, (left, TOP + row as i32 * CELL.1))?;
    }
    Ok(())
}

fn is_wrong(digit: &Digit) -> bool {
    digit.predicted != digit.label
}

fn one(area: &Area<'_>, digit: &Digit, (left, top): (i32, i32)) -> Result<(), Box<dyn Error>> {
    for (index, value) in digit.pixels.iter().enumerate() {
        let (row, column) = (index as i32 / SIDE, index as i32 % SIDE);
        let at = (left + column * ZOOM, top + row * ZOOM);
        let ink = 255 - value;
        let corners = [at, (at.0 + ZOOM, at.1 + ZOOM)];
        area.draw(&Rectangle::new(corners, RGBColor(ink, ink, ink).filled()))?;
    }
    let side = SIDE * ZOOM;
    let (color, width) = if is_wrong(digit) {
        (WRONG, 3)
    } else {
        (FRAME, 1)
    };
    for grown in 1..=width {
        let corners = [
            (left - grown, top - grown),
            (left + side + grown - 1, top + side + grown - 1),
        ];
        area.draw(&Rectangle::new(corners, color))?;
    }

    let middle = top + side + 18;
    let percent = format!("{:.0}%", 100.0 * digit.probability);
    let (answer, rest) = if is_wrong(digit) {
        (WRONG, format!("is {}", digit.label))
    } else {
        (RIGHT, percent)
    };
    let predicted = digit.predicted.to_string();
    area.draw_text(&predicted, &bold(LARGE, answer, HPos::Left), (left, middle))?;
    let at = (left + side, middle);
    area.draw_text(&rest, &style(SMALL, answer, HPos::Right), at)?;
    Ok(())
}
