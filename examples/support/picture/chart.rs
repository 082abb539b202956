//! Lines and points over two axes.

use std::error::Error;
use std::ops::Range;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::text::{LARGE, SMALL, bold, style};
use super::{Area, Draw, INK};

const COLORS: [RGBColor; 5] = [
    RGBColor(76, 120, 168),
    RGBColor(245, 133, 24),
    RGBColor(84, 162, 75),
    RGBColor(178, 121, 162),
    RGBColor(120, 120, 120),
];
const MESH: RGBColor = RGBColor(226, 226, 226);
const LEGEND: i32 = 30;

/// A named line, or points.
pub(crate) struct Series<'a> {
    name: &'a str,
    points: Vec<(f32, f32)>,
    line: bool,
}

impl<'a> Series<'a> {
    /// A line through these points, from left to right.
    pub(crate) fn line(name: &'a str, points: impl IntoIterator<Item = (f32, f32)>) -> Self {
        let finite = |(x, y): &(f32, f32)| x.is_finite() && y.is_finite();
        Series {
            name,
            points: points.into_iter().filter(finite).collect(),
            line: true,
        }
    }

    /// A dot at each point.
    pub(crate) fn dots(name: &'a str, points: impl IntoIterator<Item = (f32, f32)>) -> Self {
        Series {
            line: false,
            ..Series::line(name, points)
        }
    }
}

/// A chart of several series.
pub(crate) struct Chart<'a> {
    pub(crate) title: &'a str,
    pub(crate) x: &'a str,
    pub(crate) series: Vec<Series<'a>>,
}

impl Draw for Chart<'_> {
    fn size(&self) -> (u32, u32) {
        (760, 420)
    }

    fn draw(&self, area: &Area<'_>) -> Result<(), Box<dyn Error>> {
        let points = || self.series.iter().flat_map(|series| &series.points);
        let (x, y) = (range(points().map(|p| p.0)), range(points().map(|p| p.1)));
        let mut chart = ChartBuilder::on(area)
            .margin_top(64)
            .margin_right(24)
            .margin_bottom(8)
            .margin_left(12)
            .x_label_area_size(48)
            .y_label_area_size(64)
            .build_cartesian_2d(x, y)?;
        chart
            .configure_mesh()
            .bold_line_style(MESH)
            .light_line_style(TRANSPARENT)
            .axis_style(INK)
            .x_labels(8)
            .y_labels(6)
            .label_style(style(SMALL, INK, HPos::Center))
            .x_label_formatter(&|x| plain(*x))
            .y_label_formatter(&|y| plain(*y))
            .draw()?;
        for (series, color) in self.series.iter().zip(COLORS.iter().cycle()) {
            if series.line {
                let points = series.points.iter().copied();
                chart.draw_series(LineSeries::new(points, color.stroke_width(2)))?;
            } else {
                let dot = |at: &(f32, f32)| Circle::new(*at, 3, color.filled());
                chart.draw_series(series.points.iter().map(dot))?;
            }
        }
        let (width, height) = area.dim_in_pixel();
        let (width, height) = (width as i32, height as i32);
        area.draw_text(self.title, &bold(LARGE, INK, HPos::Left), (76, LEGEND))?;
        let below = (width / 2 + 26, height - 20);
        area.draw_text(self.x, &style(SMALL, INK, HPos::Center), below)?;
        let mut right = width - 24;
        for (series, color) in self
            .series
            .iter()
            .zip(COLORS.iter().cycle())
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
        {
            let label = style(SMALL, INK, HPos::Right);
            area.draw_text(series.name, &label, (right, LEGEND))?;
            right -= area.estimate_text_size(series.name, &label)?.0 as i32 + 10;
            let line = [(right - 22, LEGEND), (right, LEGEND)];
            area.draw(&PathElement::new(line, color.stroke_width(3)))?;
            right -= 22 + 20;
        }
        Ok(())
    }
}

/// From the least to the greatest, with some room.
fn range(values: impl Iterator<Item = f32>) -> Range<f32> {
    let (low, high) = values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if low > high {
        return 0.0..1.0;
    }
    let room = (0.04 * (high - low)).max(1e-6 * high.abs()).max(1e-9);
    low - room..high + room
}

/// The number with three significant digits.
fn plain(number: f32) -> String {
    let decimals = match number.abs() {
        n if n >= 100.0 || n == 0.0 => 0,
        n if n >= 10.0 => 1,
        n if n >= 0.1 => 2,
        _ => 4,
    };
    let text = format!("{number:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}
