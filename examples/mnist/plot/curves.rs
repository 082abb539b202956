//! Loss and accuracy over the epochs.

use std::error::Error;
use std::ops::Range;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::text::{LARGE, SMALL, bold, style};
use super::{Area, EpochPoint};

const TRAIN: RGBColor = RGBColor(76, 120, 168);
const TEST: RGBColor = RGBColor(245, 133, 24);
const INK: RGBColor = RGBColor(60, 60, 60);
const GRID: RGBColor = RGBColor(226, 226, 226);

type Points = Vec<(f32, f32)>;

struct Chart<'a> {
    title: &'a str,
    train: Points,
    test: Points,
    y: Range<f32>,
    decimals: usize,
}

pub(super) fn loss(area: &Area<'_>, history: &[EpochPoint]) -> Result<(), Box<dyn Error>> {
    let train = points(history, |point| Some(point.train_loss));
    let test = points(history, |point| point.test_loss);
    let top = values(&train, &test).fold(0.1, f32::max);
    Chart {
        title: "Loss",
        train,
        test,
        y: 0.0..top * 1.05,
        decimals: 3,
    }
    .draw(area, history)
}

pub(super) fn accuracy(area: &Area<'_>, history: &[EpochPoint]) -> Result<(), Box<dyn Error>> {
    let train = points(history, |point| Some(point.train_accuracy));
    let test = points(history, |point| point.test_accuracy);
    let bottom = values(&train, &test).fold(0.9, f32::min);
    Chart {
        title: "Accuracy",
        train,
        test,
        y: (bottom * 10.0).floor() / 10.0..1.0,
        decimals: 4,
    }
    .draw(area, history)
}

fn points(history: &[EpochPoint], value: impl Fn(&EpochPoint) -> Option<f32>) -> Points {
    history
        .iter()
        .filter_map(|point| Some((point.step_or_epoch, value(point)?)))
        .filter(|(x, y)| x.is_finite() && y.is_finite())
        .collect()
}

fn values<'a>(train: &'a Points, test: &'a Points) -> impl Iterator<Item = f32> + 'a {
    train.iter().chain(test).map(|(_, y)| *y)
}

impl Chart<'_> {
    fn draw(&self, area: &Area<'_>, history: &[EpochPoint]) -> Result<(), Box<dyn Error>> {
        let last = history
            .iter()
            .map(|point| point.step_or_epoch)
            .filter(|x| x.is_finite())
            .fold(0.0, f32::max);
        let end = if last > 0.0 { last } else { 1.0 };
        let mut chart = ChartBuilder::on(area)
            .margin_top(56)
            .margin_right(24)
            .margin_bottom(8)
            .margin_left(12)
            .x_label_area_size(48)
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..end * 1.02, self.y.clone())?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(INK)
            .x_labels(10)
            .y_labels(6)
            .label_style(style(SMALL, INK, HPos::Center))
            .x_label_formatter(&|x| plain(*x))
            .y_label_formatter(&|y| plain(*y))
            .draw()?;
        chart.draw_series(LineSeries::new(self.train.clone(), TRAIN.stroke_width(2)))?;
        chart.draw_series(LineSeries::new(self.test.clone(), TEST.stroke_width(2)))?;
        let dot = |at: &(f32, f32)| Circle::new(*at, 4, TEST.filled());
        chart.draw_series(self.test.iter().map(dot))?;

        let (width, height) = area.dim_in_pixel();
        let (width, height) = (width as i32, height as i32);
        area.draw_text(self.title, &bold(LARGE, INK, HPos::Left), (64, 30))?;
        area.draw_text(
            "epoch",
            &style(SMALL, INK, HPos::Center),
            (width / 2 + 20, height - 20),
        )?;
        let mut right = width - 24;
        for (name, color, points) in [("test", TEST, &self.test), ("train", TRAIN, &self.train)] {
            let Some((_, value)) = points.last() else {
                continue;
            };
            let text = format!("{name} {value:.*}", self.decimals);
            let label = style(SMALL, INK, HPos::Right);
            area.draw_text(&text, &label, (right, 30))?;
            right -= area.estimate_text_size(&text, &label)?.0 as i32 + 10;
            let line = [(right - 26, 30), (right, 30)];
            area.draw(&PathElement::new(line, color.stroke_width(3)))?;
            right -= 26 + 28;
        }
        Ok(())
    }
}

/// The number with at most two decimals.
fn plain(number: f32) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
