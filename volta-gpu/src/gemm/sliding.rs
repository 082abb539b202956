//! Windows that move by one pixel, for software drivers: an invocation holds neighbouring pixels of
//! one line, whose windows share most of what they see, and loads that once.

use std::fmt::Write;

use super::Sizes;
use super::direct::{ELEMENTS, height};

/// Lines of windows that move by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Columns of the product that are one line of pixels.
    pub(super) pixels: usize,
    /// Terms that are one line of a window.
    pub(super) taps: usize,
    /// Whether the next tap is one pixel back.
    pub(super) back: bool,
}

/// The tile of one subgroup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sliding {
    pub(super) rows: u32,
    /// Of one invocation.
    pub(super) pixels: u32,
    pub(super) taps: u32,
    pub(super) back: bool,
    pub(super) lanes: u32,
}

impl Sliding {
    /// `None` where windows share too little.
    pub(super) fn new(sizes: Sizes, line: Line, lanes: u32) -> Option<Sliding> {
        let rows = height(sizes.rows);
        let blocks = line.pixels.div_ceil((ELEMENTS / rows).min(8));
        let pixels = line.pixels.div_ceil(blocks);
        ((2..=7).contains(&line.taps) && pixels >= 3).then_some(Sliding {
            rows: rows as u32,
            pixels: pixels as u32,
            taps: line.taps as u32,
            back: line.back,
            lanes,
        })
    }

    pub(super) fn groups(self, sizes: Sizes, line: Line) -> u64 {
        let blocks = line.pixels.div_ceil(self.pixels as usize);
        let across = (sizes.columns / line.pixels * blocks).div_ceil(self.lanes as usize);
        let down = sizes.rows.div_ceil(self.rows as usize);
        (sizes.batches * down * across) as u64
    }

    pub(super) fn body(self) -> String {
        let Sliding {
            rows,
            pixels,
            taps,
            back,
            lanes,
        } = self;
        let mut text = format!(
            "let blocks = (line_pixels() + {}u) / {pixels}u;\n\
             let across = (columns() / line_pixels() * blocks + {}u) / {lanes}u;\n\
             let down = (rows() + {}u) / {rows}u;\n\
             let batch = group / across / down;\n\
             if batch >= batches() {{ return; }}\n\
             let block = group % across * {lanes}u + sub;\n\
             let row = group / across % down * {rows}u;\n\
             let pixel = block % blocks * {pixels}u;\n\
             let column = block / blocks * line_pixels() + pixel;\n\
             FIND_BATCH;\n\
             let from_column = column_at(first1, min(column, columns() - 1u));\n",
            pixels - 1,
            lanes - 1,
            rows - 1,
        );
        let held = rows.div_ceil(lanes);
        for held in 0..held {
            let _ = writeln!(
                text,
                "let row{held} = first0 + row_at(min(row + sub + {}u, rows() - 1u));",
                held * lanes
            );
        }
        for i in 0..rows {
            for j in 0..pixels {
                let _ = writeln!(text, "var sum{i}_{j} = T();");
            }
        }
        let _ = writeln!(
            text,
            "var term = term_at(0u);\nfor (var k = 0u; k < terms(); k += {taps}u) {{"
        );
        for e in 0..pixels + taps - 1 {
            let shift = match back {
                true => format!("{e}u - {}u", taps - 1),
                false => format!("{e}u"),
            };
            let _ = writeln!(text, "let b{e} = load_shifted(from_column, term, {shift});");
        }
        for tap in 0..taps {
            for i in 0..rows {
                let (held, of) = (i / lanes, i % lanes);
                if of == 0 {
                    let _ = writeln!(
                        text,
                        "let held{tap}_{held} = load_tap(row{held}, term, {tap}u);"
                    );
                }
                let _ = writeln!(
                    text,
                    "let a{tap}_{i} = subgroupBroadcast(held{tap}_{held}, {of}u);"
                );
                let first = if back { taps - 1 - tap } else { tap };
                for j in 0..pixels {
                    let _ = writeln!(text, "sum{i}_{j} += a{tap}_{i} * b{};", j + first);
                }
            }
        }
        text += "term = next_line(term);\n}\nlet first = product_place(0u, batch);\n";
        for j in 0..pixels {
            let _ = writeln!(
                text,
                "if pixel + {j}u < line_pixels() && column + {j}u < columns() {{\n\
                 let to = first + column_place(column + {j}u);"
            );
            for i in 0..rows {
                let _ = writeln!(
                    text,
                    "if row + {i}u < rows() {{ put(to + row_place(row + {i}u), sum{i}_{j}); }}"
                );
            }
            text += "}\n";
        }
        text
    }
}
