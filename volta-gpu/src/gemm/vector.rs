//! A matrix and one column: for devices whose workgroup memory is fast.

use super::Sizes;
use super::loader::Along;

/// Invocations of a workgroup.
pub(super) const WORKGROUP: u32 = 256;

/// Some rows of one workgroup, each summed by many invocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vector {
    /// Along what neighbouring elements of the matrix lie, and neighbouring invocations load.
    pub(super) along: Along,
}

impl Vector {
    fn rows(self) -> u32 {
        match self.along {
            Along::Terms => 4,
            Along::Other => 32,
        }
    }

    pub(super) fn groups(self, sizes: Sizes) -> u64 {
        (sizes.batches * sizes.rows.div_ceil(self.rows() as usize)) as u64
    }

    pub(super) fn declarations(self) -> String {
        format!("var<workgroup> sums: array<T, {WORKGROUP}>;\n")
    }

    pub(super) fn body(self) -> String {
        let rows = self.rows();
        let slices = WORKGROUP / rows;
        // Where in `sums` the slices of one row lie.
        let (row, slice, apart) = match self.along {
            Along::Terms => (format!("lane / {slices}u"), format!("lane % {slices}u"), 1),
            Along::Other => (format!("lane % {rows}u"), format!("lane / {rows}u"), rows),
        };
        let text = include_str!("../kernels/gemm_vector.wgsl")
            .replace("ROW;", &format!("{row};"))
            .replace("SLICE;", &format!("{slice};"));
        [("SLICES", slices), ("ROWS", rows), ("APART", apart)]
            .iter()
            .fold(text, |text, (name, number)| {
                text.replace(name, &format!("{number}u"))
            })
    }
}
