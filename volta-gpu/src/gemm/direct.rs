//! Tiles in registers and no workgroup memory: for software drivers, whose barriers are slow.
//!
//! A workgroup is one subgroup. Its invocations hold neighbouring columns of one tile; each loads an
//! element of A for all of them, because a load costs a software driver more than the products.

use std::fmt::Write;

use super::Sizes;
use super::loader::Along;

/// The tile of one subgroup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Direct {
    pub(super) rows: u32,
    /// Of one invocation: 1, 2, 4 or 8.
    pub(super) columns: u32,
    /// Invocations of a subgroup.
    pub(super) lanes: u32,
    /// In which direction elements of A and B are loaded four at a time; of A, along the terms.
    pub(super) wide: [Option<Along>; 2],
}

/// Heights of tiles: few, because each is a kernel to compile.
const ROWS: [usize; 9] = [1, 2, 4, 6, 8, 12, 16, 24, 32];
/// Parts of a vector.
const PARTS: [&str; 4] = ["x", "y", "z", "w"];
/// The most elements of one invocation.
pub(super) const ELEMENTS: usize = 128;

impl Direct {
    /// Few loads for each product, and no idle lanes.
    pub(super) fn new(sizes: Sizes, lanes: u32, wide: [Option<Along>; 2]) -> Direct {
        let rows = height(sizes.rows);
        let mut columns = 8;
        while columns > 1
            && (columns * rows > ELEMENTS || sizes.columns <= columns / 2 * lanes as usize)
        {
            columns /= 2;
        }
        let [a, b] = wide;
        Direct {
            rows: rows as u32,
            columns: columns as u32,
            lanes,
            wide: [
                a.filter(|along| *along == Along::Terms),
                b.filter(|along| *along == Along::Terms || columns >= 4),
            ],
        }
    }

    pub(super) fn groups(self, sizes: Sizes) -> u64 {
        let down = sizes.rows.div_ceil(self.rows as usize);
        let across = sizes.columns.div_ceil((self.columns * self.lanes) as usize);
        (sizes.batches * down * across) as u64
    }

    pub(super) fn body(self) -> String {
        let Direct {
            rows,
            columns,
            lanes,
            wide: [a_wide, b_wide],
        } = self;
        let width = columns.min(4);
        let vectors = columns / width;
        let vector = match width {
            1 => "T".to_owned(),
            width => format!("vec{width}<T>"),
        };
        let wide = columns * lanes;
        let mut text = format!(
            "let across = (columns() + {}u) / {wide}u;\n\
             let down = (rows() + {}u) / {rows}u;\n\
             let number = group / across / down;\n\
             if number >= batches() * parts() {{ return; }}\n\
             let column = group % across * {wide}u + sub * {columns}u;\n\
             let row = group / across % down * {rows}u;\n\
             let batch = number % batches();\n\
             let part = number / batches();\n\
             FIND_BATCH;\n",
            wide - 1,
            rows - 1,
        );
        for held in 0..rows.div_ceil(lanes) {
            let _ = writeln!(
                text,
                "let row{held} = first0 + row_at(min(row + sub + {}u, rows() - 1u));",
                held * lanes
            );
        }
        let (step, last) = match b_wide {
            Some(Along::Other) => (4, 4),
            _ => (1, 1),
        };
        for j in (0..columns).step_by(step) {
            let _ = writeln!(
                text,
                "let column{j} = column_at(first1, min(column + {j}u, columns() - {last}u));"
            );
        }
        for i in 0..rows {
            for v in 0..vectors {
                let _ = writeln!(text, "var sum{i}_{v} = {vector}();");
            }
        }
        text += "let start = part * terms_of_part();\n\
                 let end = min(start + terms_of_part(), terms());\n\
                 var term = term_at(start);\n";
        let [a_terms, b_terms] = [a_wide, b_wide].map(|wide| wide == Some(Along::Terms));
        let terms = if a_terms || b_terms { 4 } else { 1 };
        let _ = writeln!(text, "for (var k = start; k < end; k += {terms}u) {{");
        if a_terms {
            for held in 0..rows.div_ceil(lanes) {
                let _ = writeln!(text, "let wide_a{held} = load_a4(row{held}, term);");
            }
        }
        if b_terms {
            for j in 0..columns {
                let _ = writeln!(text, "let wide_b{j} = load_b4(column{j}, term);");
            }
        }
        for part in &PARTS[..terms] {
            text += "{\n";
            for v in 0..vectors {
                let each = |j: u32| match b_terms {
                    true => format!("wide_b{j}.{part}"),
                    false => format!("load_b(column{j}, term)"),
                };
                let b = match b_wide {
                    Some(Along::Other) => format!("load_b4(column{}, term)", v * width),
                    _ => {
                        let all: Vec<String> = (v * width..(v + 1) * width).map(each).collect();
                        format!("{vector}({})", all.join(", "))
                    }
                };
                let _ = writeln!(text, "let b{v} = {b};");
            }
            for i in 0..rows {
                let (held, of) = (i / lanes, i % lanes);
                if of == 0 {
                    let load = match a_terms {
                        true => format!("wide_a{held}.{part}"),
                        false => format!("load_a(row{held}, term)"),
                    };
                    let _ = writeln!(text, "let held{held} = {load};");
                }
                let _ = writeln!(text, "let a{i} = subgroupBroadcast(held{held}, {of}u);");
                for v in 0..vectors {
                    let _ = writeln!(text, "sum{i}_{v} += a{i} * b{v};");
                }
            }
            text += "}\nterm = next(term);\n";
        }
        text += "}\nlet first = product_place(part, batch);\n";
        for j in 0..columns {
            let _ = writeln!(
                text,
                "if column + {j}u < columns() {{\n\
                 let to = first + column_place(column + {j}u);"
            );
            for i in 0..rows {
                let part = match width {
                    1 => "",
                    _ => &format!(".{}", PARTS[(j % width) as usize]),
                };
                let _ = writeln!(
                    text,
                    "if row + {i}u < rows() {{ put(to + row_place(row + {i}u), sum{i}_{}{part}); }}",
                    j / width
                );
            }
            text += "}\n";
        }
        text
    }
}

/// The height of tiles that share `rows` about equally.
pub(super) fn height(rows: usize) -> usize {
    let most = ROWS[ROWS.len() - 1];
    let equal = rows.div_ceil(rows.div_ceil(most));
    ROWS.into_iter()
        .find(|&height| height >= equal)
        .unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_equal_and_leave_no_lanes_idle() {
        let tile = |rows, columns| {
            let sizes = Sizes {
                batches: 1,
                rows,
                columns,
                terms: 1,
            };
            let Direct { rows, columns, .. } = Direct::new(sizes, 8, [None; 2]);
            [rows, columns]
        };
        assert_eq!(tile(512, 512), [32, 4]);
        assert_eq!(tile(33, 512), [24, 4]);
        assert_eq!(tile(6, 25088), [6, 8]);
        assert_eq!(tile(6, 25), [6, 4]);
        assert_eq!(tile(32, 10), [32, 2]);
        assert_eq!(tile(1, 1), [1, 1]);
    }
}
