//! Where the elements of the factors lie.

use super::Sizes;
use super::sliding::Line;
use crate::nest::Nest;

/// A number as three digits, and where its element lies.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Digits {
    /// How many values the last two digits have.
    pub(crate) sizes: [usize; 2],
    pub(crate) strides: [isize; 3],
}

/// A number as three digits, the last two of which name a place in a plane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spots {
    pub(crate) sizes: [usize; 2],
    /// Elements from one plane to the next.
    pub(crate) plane: isize,
    /// Of each of the last two digits.
    pub(crate) steps: [isize; 2],
    pub(crate) starts: [isize; 2],
}

/// The direction in which neighbouring elements of a factor lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Along {
    Terms,
    /// Rows of A, columns of B.
    Other,
}

/// How the elements of both factors are found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Loader {
    /// Multiples of strides: `[row, term]` of A, `[term, column]` of B.
    Strided { a: [isize; 2], b: [isize; 2] },
    /// B holds patches of planes: its element is at the sum of the places of its column and its
    /// term in a plane of sizes `plane`, and 0 beyond its edges.
    Window {
        row: isize,
        /// Where A has each term.
        a: [isize; 3],
        column: Spots,
        term: Spots,
        plane: [usize; 2],
        strides: [isize; 2],
        /// Of the patches; A lies along the terms.
        along: Along,
    },
}

impl Loader {
    pub(super) fn variant(&self) -> u32 {
        match self {
            Loader::Strided { .. } => 0,
            Loader::Window { .. } => 1,
        }
    }

    /// Functions that find elements. What is wide is loaded four at a time.
    pub(super) fn source(&self, wide: [bool; 2]) -> String {
        let load = |at: usize| {
            let (name, other) = [("a", "row: u32"), ("b", "column: Column")][at];
            let place = ["row + term.x", "column + term.y"][at];
            match wide[at] {
                false => format!(
                    "fn load_{name}({other}, term: Term) -> T {{ return in{at}_at({place}); }}\n"
                ),
                true => format!(
                    "fn load_{name}4({other}, term: Term) -> vec4<T> {{ \
                     return in{at}_at(({place}) >> 2u); }}\n"
                ),
            }
        };
        match self {
            Loader::Strided { .. } => {
                include_str!("../kernels/gemm_strided.wgsl").to_owned() + &load(0) + &load(1)
            }
            Loader::Window { .. } => include_str!("../kernels/gemm_window.wgsl").to_owned(),
        }
    }

    /// How A and B lie.
    pub(super) fn along(&self) -> [Along; 2] {
        let nearer = |other: isize, term: isize| match other.unsigned_abs() < term.unsigned_abs() {
            true => Along::Other,
            false => Along::Terms,
        };
        match self {
            Loader::Strided { a, b } => [nearer(a[0], a[1]), nearer(b[1], b[0])],
            Loader::Window { along, .. } => [Along::Terms, *along],
        }
    }

    /// Whether four neighbouring elements of A and B always lie in one aligned vector.
    pub(super) fn aligned(&self, sizes: Sizes, batches: &Nest) -> [bool; 2] {
        let Loader::Strided { a, b } = *self else {
            return [false; 2];
        };
        let [rows, columns] = [sizes.rows, sizes.columns];
        let each = [(a[0], a[1], rows), (b[1], b[0], columns)];
        std::array::from_fn(|at| {
            let (other, term, size) = each[at];
            let (near, far, size) = match self.along()[at] {
                Along::Terms => (term, other, sizes.terms),
                Along::Other => (other, term, size),
            };
            near == 1
                && far % 4 == 0
                && size.is_multiple_of(4)
                && batches.offsets[at].is_multiple_of(4)
                && batches.strides[at]
                    .iter()
                    .all(|stride| stride.is_multiple_of(4))
        })
    }

    /// The lines of windows that move by one pixel.
    pub(super) fn line(&self) -> Option<Line> {
        match self {
            Loader::Window {
                column,
                term,
                along: Along::Other,
                ..
            } if column.steps[1] == 1 && term.steps[1].abs() == 1 => Some(Line {
                pixels: column.sizes[1],
                taps: term.sizes[1],
                back: term.steps[1] < 0,
            }),
            _ => None,
        }
    }

    /// The words that [`source`](Self::source) reads.
    pub(super) fn params(&self, words: &mut Vec<u32>) {
        let word = |stride: isize| stride as u32;
        match self {
            Loader::Strided { a, b } => words.extend(a.iter().chain(b).copied().map(word)),
            Loader::Window {
                row,
                a,
                column,
                term,
                plane,
                strides,
                along: _,
            } => {
                words.push(word(*row));
                words.extend(strides.map(word));
                words.extend(plane.map(|size| size as u32));
                for spots in [column, term] {
                    words.extend(spots.sizes.map(|size| size as u32));
                    words.push(word(spots.plane));
                    words.extend(spots.steps.map(word));
                    words.extend(spots.starts.map(word));
                }
                words.extend(a.map(word));
            }
        }
    }
}
