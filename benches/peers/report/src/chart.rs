//! The bars: Volta, and the fastest other library, over PyTorch.

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::cases::CASES;
use crate::results::{BASE, OWN, Results};

const ROW: u32 = 22;
const TOP: u32 = 76;
const PANEL: u32 = 620;
const LABELS: u32 = 150;
const FASTEST: RGBColor = RGBColor(0x1f, 0x6f, 0xb4);
const SLOWER: RGBColor = RGBColor(0xd9, 0x5f, 0x0e);
const OTHER: RGBColor = RGBColor(0xb8, 0xb8, 0xb8);
/// The axis is logarithmic, from here to there.
const RANGE: (f64, f64) = (0.01, 10.0);

pub fn ratios(results: &Results) -> Result<String, String> {
    let threads: Vec<u64> = results.threads().into_iter().collect();
    let rows = CASES.len() as u32;
    let size = (PANEL * threads.len() as u32, TOP + ROW * rows + 40);
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, size).into_drawing_area();
        root.fill(&WHITE).map_err(|e| e.to_string())?;
        for (threads, area) in threads.iter().zip(root.split_evenly((1, threads.len()))) {
            panel(&area, results, *threads).map_err(|e| e.to_string())?;
        }
        root.present().map_err(|e| e.to_string())?;
    }
    Ok(text)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn<'a> = Result<(), Box<dyn std::error::Error + 'a>>;

fn x(ratio: f64) -> i32 {
    let (low, high) = RANGE;
    let share = (ratio.clamp(low, high) / low).log10() / (high / low).log10();
    LABELS as i32 + (share * f64::from(PANEL - LABELS - 30)) as i32
}

fn panel<'a>(area: &Area<'a>, results: &Results, threads: u64) -> Drawn<'a> {
    let text = |size: i32| ("sans-serif", size).into_font().color(&BLACK);
    let title = format!(
        "Time over PyTorch's, {threads} thread{}",
        if threads == 1 { "" } else { "s" }
    );
    area.draw(&Text::new(title, (LABELS as i32, 8), text(17)))?;
    let legend = [
        (FASTEST, "volta, the fastest"),
        (SLOWER, "volta, not the fastest"),
        (OTHER, "the fastest other"),
    ];
    for (place, (color, name)) in legend.iter().enumerate() {
        let left = LABELS as i32 + 150 * place as i32;
        area.draw(&Rectangle::new(
            [(left, 34), (left + 10, 44)],
            color.filled(),
        ))?;
        area.draw(&Text::new(*name, (left + 15, 33), text(12)))?;
    }
    let bottom = (TOP + ROW * CASES.len() as u32) as i32;
    for (mark, label) in [(0.01, "0.01"), (0.1, "0.1"), (1.0, "1"), (10.0, "10")] {
        let color = if mark == 1.0 {
            BLACK.mix(0.8)
        } else {
            BLACK.mix(0.2)
        };
        area.draw(&PathElement::new(
            vec![(x(mark), TOP as i32 - 6), (x(mark), bottom)],
            color,
        ))?;
        area.draw(&Text::new(label, (x(mark) - 6, bottom + 6), text(12)))?;
    }
    for (row, case) in CASES.iter().enumerate() {
        let top = (TOP + ROW * row as u32) as i32;
        area.draw(&Text::new(case.name, (4, top + 3), text(12)))?;
        let Some(base) = results.time(case.name, threads, BASE) else {
            continue;
        };
        let bar = |top: i32, height: i32, ratio: f64, color: RGBColor| {
            Rectangle::new(
                [(x(RANGE.0), top), (x(ratio), top + height)],
                color.filled(),
            )
        };
        let other = results
            .fastest_other(case.name, threads)
            .map(|(_, time)| time);
        if let Some(other) = other {
            area.draw(&bar(top + 11, 7, other / base, OTHER))?;
        }
        if let Some(own) = results.time(case.name, threads, OWN) {
            let ahead = other.is_none_or(|other| own <= other);
            area.draw(&bar(
                top + 2,
                9,
                own / base,
                if ahead { FASTEST } else { SLOWER },
            ))?;
            let label = format!("{:.2}", own / base);
            area.draw(&Text::new(label, (x(own / base) + 3, top + 1), text(11)))?;
        }
    }
    Ok(())
}
