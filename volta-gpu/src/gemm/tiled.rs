//! Panels of both factors in workgroup memory and tiles of the product in registers: for devices
//! whose workgroup memory is fast.

use std::fmt::Write;

use super::Sizes;
use super::loader::Along;

/// The tile of a workgroup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tiled {
    pub(super) shape: Shape,
    /// Along what neighbouring elements of A and B lie.
    pub(super) along: [Along; 2],
    /// Whether elements are loaded four at a time: only those that do not lie along the terms.
    pub(super) wide: [bool; 2],
}

/// Sizes of tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) rows: u32,
    pub(super) columns: u32,
    /// Terms of one panel.
    pub(super) terms: u32,
    /// Rows and columns of one invocation: 4 or 8.
    pub(super) each: [u32; 2],
}

const fn shape(rows: u32, columns: u32, terms: u32, each: [u32; 2]) -> Shape {
    Shape {
        rows,
        columns,
        terms,
        each,
    }
}

pub(super) const LARGE: Shape = shape(128, 128, 8, [8, 8]);
pub(super) const MIDDLE: Shape = shape(64, 64, 16, [4, 4]);
pub(super) const SMALL: Shape = shape(32, 32, 16, [4, 4]);
/// For few rows, as convolutions with few channels have.
pub(super) const FLAT: Shape = shape(16, 128, 16, [4, 8]);

impl Shape {
    pub(super) fn workgroup(self) -> u32 {
        self.rows / self.each[0] * (self.columns / self.each[1])
    }

    /// Bytes of both panels, of elements of this size.
    pub(super) fn shared(self, element: usize) -> usize {
        let vectors = self.terms * (line(self.rows) + line(self.columns));
        vectors as usize * 4 * element
    }

    pub(super) fn groups(self, sizes: Sizes) -> u64 {
        let down = sizes.rows.div_ceil(self.rows as usize);
        let across = sizes.columns.div_ceil(self.columns as usize);
        (sizes.batches * down * across) as u64
    }
}

/// Vectors of four for one term of a panel. One is left empty, so that neighbouring terms begin in
/// different banks.
const fn line(elements: u32) -> u32 {
    elements / 4 + 1
}

/// The panel of one factor, which invocations load four elements of one term at a time.
struct Panel {
    /// `a` or `b`.
    name: &'static str,
    /// Rows of A or columns of B.
    size: u32,
    terms: u32,
    along: Along,
    wide: bool,
    workgroup: u32,
}

impl Panel {
    /// Fours that an invocation loads.
    fn loads(&self) -> u32 {
        let fours = self.size / 4 * self.terms;
        debug_assert!(fours.is_multiple_of(self.workgroup));
        fours / self.workgroup
    }

    fn declaration(&self) -> String {
        let vectors = self.terms * line(self.size);
        format!(
            "var<workgroup> {}_panel: array<vec4<T>, {vectors}>;\n",
            self.name
        )
    }

    /// Which four, and which term, load number `load` is: expressions. Neighbouring invocations load
    /// neighbouring elements.
    fn place(&self, load: u32) -> [String; 2] {
        let (fours, terms) = (self.size / 4, self.terms);
        match self.along {
            Along::Terms => [
                format!("lane / {terms}u + {}u", load * (self.workgroup / terms)),
                format!("lane % {terms}u"),
            ],
            Along::Other => [
                format!("lane % {fours}u"),
                format!("lane / {fours}u + {}u", load * (self.workgroup / fours)),
            ],
        }
    }

    /// What stays the same for all panels.
    fn setup(&self, text: &mut String) {
        let name = self.name;
        for load in 0..self.loads() {
            let [four, term] = self.place(load);
            let _ = writeln!(
                text,
                "let {name}_four{load} = {four};\nlet {name}_term{load} = {term};"
            );
            if self.wide {
                let (first, at, tile, size) = match name {
                    "a" => ("first0 + ", "row_at(", "tile_row", "rows()"),
                    _ => ("", "column_at(first1, ", "tile_column", "columns()"),
                };
                let _ = writeln!(
                    text,
                    "let {name}{load} = {first}{at}min({tile} + {name}_four{load} * 4u, {size} - 4u));"
                );
                continue;
            }
            for c in 0..4 {
                let _ = match name {
                    "a" => writeln!(
                        text,
                        "let a{load}_{c} = first0 \
                         + row_at(min(tile_row + a_four{load} * 4u + {c}u, rows() - 1u));"
                    ),
                    _ => writeln!(
                        text,
                        "let b{load}_{c} = column_at(first1, \
                         min(tile_column + b_four{load} * 4u + {c}u, columns() - 1u));"
                    ),
                };
            }
        }
    }

    fn load(&self, text: &mut String) {
        let name = self.name;
        for load in 0..self.loads() {
            let each = |c: u32| format!("load_{name}({name}{load}_{c}, term)");
            let four = match self.wide {
                true => format!("load_{name}4({name}{load}, term)"),
                false => format!("vec4<T>({})", [0, 1, 2, 3].map(each).join(", ")),
            };
            let _ = writeln!(
                text,
                "var {name}_held{load} = vec4<T>();\n\
                 if k + {name}_term{load} < end {{\n\
                 let term = term_at(k + {name}_term{load});\n\
                 {name}_held{load} = {four};\n}}"
            );
        }
    }

    fn store(&self, text: &mut String) {
        let name = self.name;
        for load in 0..self.loads() {
            let _ = writeln!(
                text,
                "{name}_panel[{name}_term{load} * {}u + {name}_four{load}] = {name}_held{load};",
                line(self.size)
            );
        }
    }
}

impl Tiled {
    fn panels(self) -> [Panel; 2] {
        let Shape { terms, .. } = self.shape;
        let workgroup = self.shape.workgroup();
        [("a", self.shape.rows, 0), ("b", self.shape.columns, 1)].map(|(name, size, at)| Panel {
            name,
            size,
            terms,
            along: self.along[at],
            wide: self.wide[at],
            workgroup,
        })
    }

    pub(super) fn declarations(self) -> String {
        let mut text = include_str!("../kernels/gemm_put4.wgsl").to_owned();
        text.extend(self.panels().iter().map(Panel::declaration));
        text
    }

    pub(super) fn body(self) -> String {
        let Shape {
            rows,
            columns,
            terms,
            each,
        } = self.shape;
        let panels = self.panels();
        let fours = each.map(|size| size / 4);
        let across = columns / each[1];
        let mut text = format!(
            "let across = (columns() + {}u) / {columns}u;\n\
             let down = (rows() + {}u) / {rows}u;\n\
             let number = group / across / down;\n\
             if number >= batches() * parts() {{ return; }}\n\
             let tile_column = group % across * {columns}u;\n\
             let tile_row = group / across % down * {rows}u;\n\
             let batch = number % batches();\n\
             let part = number / batches();\n\
             FIND_BATCH;\n\
             let four_row = lane / {across}u;\n\
             let four_column = lane % {across}u;\n",
            columns - 1,
            rows - 1,
        );
        for panel in &panels {
            panel.setup(&mut text);
        }
        for i in 0..each[0] {
            for v in 0..fours[1] {
                let _ = writeln!(text, "var sum{i}_{v} = vec4<T>();");
            }
        }
        let _ = writeln!(
            text,
            "let start = part * terms_of_part();\n\
             let end = min(start + terms_of_part(), terms());\n\
             for (var k = start; k < end; k += {terms}u) {{"
        );
        for panel in &panels {
            panel.load(&mut text);
        }
        text += "workgroupBarrier();\n";
        for panel in &panels {
            panel.store(&mut text);
        }
        let _ = writeln!(
            text,
            "workgroupBarrier();\nfor (var t = 0u; t < {terms}u; t++) {{"
        );
        // An invocation's fours are far apart: those of its neighbours lie between them.
        for g in 0..fours[0] {
            let _ = writeln!(
                text,
                "let a{g} = a_panel[t * {}u + four_row + {}u];",
                line(rows),
                g * (rows / each[0])
            );
        }
        for g in 0..fours[1] {
            let _ = writeln!(
                text,
                "let b{g} = b_panel[t * {}u + four_column + {}u];",
                line(columns),
                g * across
            );
        }
        for i in 0..each[0] {
            let part = ["x", "y", "z", "w"][(i % 4) as usize];
            for v in 0..fours[1] {
                let _ = writeln!(text, "sum{i}_{v} += a{}.{part} * b{v};", i / 4);
            }
        }
        text += "}\n}\nlet first = product_place(part, batch);\n";
        for v in 0..fours[1] {
            let _ = writeln!(
                text,
                "let column{v} = tile_column + four_column * 4u + {}u;\n\
                 let to{v} = column_places(column{v});",
                v * across * 4
            );
        }
        for i in 0..each[0] {
            let far = i / 4 * (rows / each[0]) * 4 + i % 4;
            let _ = writeln!(
                text,
                "let row{i} = tile_row + four_row * 4u + {far}u;\nif row{i} < rows() {{"
            );
            for v in 0..fours[1] {
                let _ = writeln!(
                    text,
                    "put4(first + row_place(row{i}), column{v}, to{v}, sum{i}_{v});"
                );
            }
            text += "}\n";
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invocations_share_the_loads_of_every_shape() {
        for shape in [LARGE, MIDDLE, SMALL, FLAT] {
            let workgroup = shape.workgroup();
            assert!(workgroup <= 256);
            // The least that devices have.
            assert!(shape.shared(4) <= 16384);
            for size in [shape.rows, shape.columns] {
                assert!((size / 4 * shape.terms).is_multiple_of(workgroup));
                assert!(workgroup.is_multiple_of(shape.terms));
                assert!(workgroup.is_multiple_of(size / 4));
            }
        }
    }
}
