//! A summary as a table.

use std::fmt::{self, Display};

use super::Summary;

impl Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows =
            vec![["layer", "output", "parameters", "bytes", "multiply-adds"].map(String::from)];
        for layer in &self.layers {
            rows.push([
                layer.name.clone(),
                layer
                    .output
                    .as_ref()
                    .map_or("not run".into(), |dims| format!("{dims:?}")),
                grouped(layer.parameters as u64),
                grouped(layer.bytes as u64),
                grouped(layer.multiply_adds),
            ]);
        }
        if self.other_multiply_adds > 0 {
            let work = grouped(self.other_multiply_adds);
            rows.push(["products without parameters", "", "", "", &work].map(String::from));
        }
        rows.push([
            "in all".into(),
            String::new(),
            grouped(self.parameters() as u64),
            grouped(self.bytes() as u64),
            grouped(self.multiply_adds()),
        ]);
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let widths: [usize; 5] = std::array::from_fn(width);
        let rule = "-".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
        let last = rows.len() - 1;
        for (at, [name, output, parameters, bytes, work]) in rows.iter().enumerate() {
            if at == 1 || at == last {
                writeln!(f, "{rule}")?;
            }
            let [w0, w1, w2, w3, w4] = widths;
            write!(
                f,
                "{name:<w0$}  {output:<w1$}  {parameters:>w2$}  {bytes:>w3$}  {work:>w4$}"
            )?;
            if at < last {
                writeln!(f)?;
            }
        }
        let frozen = self.parameters() - self.trainable();
        if frozen > 0 {
            write!(f, "\n{} parameters are frozen", grouped(frozen as u64))?;
        }
        Ok(())
    }
}

/// A number with commas: 1,234,567.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
