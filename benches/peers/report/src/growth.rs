//! Curves of how cost grows.

use plotters::prelude::*;

use crate::results::Results;

/// A picture for each chart.
pub fn charts(results: &Results) -> Result<Vec<(String, String)>, String> {
    let mut names: Vec<&str> = results
        .growth
        .keys()
        .map(|(chart, _)| chart.as_str())
        .collect();
    names.dedup();
    let file = |name: &str| {
        format!(
            "performance-{}.svg",
            name.split(':')
                .next()
                .unwrap_or(name)
                .trim()
                .replace(' ', "-")
        )
    };
    names
        .into_iter()
        .map(|name| Ok((file(name), chart(results, name)?)))
        .collect()
}

/// `name` is "title: what x is: what y is".
fn chart(results: &Results, name: &str) -> Result<String, String> {
    let parts: Vec<&str> = name.split(':').map(str::trim).collect();
    let [title, x_label, y_label] = parts[..] else {
        return Err(format!("`{name}` has no title, x and y"));
    };
    let lines: Vec<_> = (results.growth.iter())
        .filter(|((chart, _), _)| chart == name)
        .collect();
    let points = || lines.iter().flat_map(|(_, points)| points.iter());
    let most = |of: fn(&(f64, f64)) -> f64| points().map(of).fold(0.0, f64::max);
    let (x_most, y_most) = (most(|p| p.0), most(|p| p.1));
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, (560, 340)).into_drawing_area();
        root.fill(&WHITE).map_err(|e| e.to_string())?;
        let mut chart = ChartBuilder::on(&root)
            .caption(title, ("sans-serif", 17))
            .margin(10)
            .x_label_area_size(38)
            .y_label_area_size(64)
            .build_cartesian_2d(0.0..x_most * 1.05, 0.0..y_most * 1.1)
            .map_err(|e| e.to_string())?;
        chart
            .configure_mesh()
            .x_desc(x_label)
            .y_desc(y_label)
            .light_line_style(TRANSPARENT)
            .draw()
            .map_err(|e| e.to_string())?;
        for (place, ((_, line), points)) in lines.iter().enumerate() {
            let color = Palette99::pick(place).to_rgba();
            let mut points = points.to_vec();
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            let marks = points
                .iter()
                .map(|&p| Circle::new(p, 3, color.filled()))
                .collect::<Vec<_>>();
            chart
                .draw_series(LineSeries::new(points, color.stroke_width(2)))
                .map_err(|e| e.to_string())?
                .label(line.as_str())
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color));
            chart.draw_series(marks).map_err(|e| e.to_string())?;
        }
        if lines.len() > 1 {
            chart
                .configure_series_labels()
                .position(SeriesLabelPosition::MiddleRight)
                .border_style(BLACK.mix(0.3))
                .background_style(WHITE)
                .draw()
                .map_err(|e| e.to_string())?;
        }
        root.present().map_err(|e| e.to_string())?;
    }
    Ok(text)
}
