//! Which kernel computes a product, by its sizes and the kind of the device.

use super::Sizes;
use super::direct::Direct;
use super::loader::Along;
use super::sliding::{Line, Sliding};
use super::tiled::{self, Shape, Tiled};
use super::vector::{self, Vector};
use crate::context::Context;
use crate::source::Source;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kernel {
    Direct(Direct),
    Sliding(Sliding, Line),
    Tiled(Tiled),
    Vector(Vector),
}

impl Kernel {
    /// Tells kernels of different text apart.
    pub(super) fn variant(self) -> [u32; 2] {
        match self {
            Kernel::Direct(tile) => {
                let wide = tile
                    .wide
                    .map(|along| along.map_or(0, |along| 1 + along as u32));
                [
                    wide[0] << 4 | wide[1],
                    tile.lanes << 16 | tile.rows << 8 | tile.columns,
                ]
            }
            Kernel::Tiled(Tiled { shape, along, wide }) => {
                let each = |at: usize| (along[at] as u32) << 1 | u32::from(wide[at]);
                [
                    1 << 8 | each(0) << 4 | each(1),
                    shape.rows << 16 | shape.columns,
                ]
            }
            Kernel::Vector(Vector { along }) => [2 << 8, along as u32],
            Kernel::Sliding(tile, _) => [
                3 << 8 | tile.taps << 1 | u32::from(tile.back),
                tile.lanes << 16 | tile.rows << 8 | tile.pixels,
            ],
        }
    }

    /// Workgroups for one part of the sums.
    pub(super) fn groups(self, sizes: Sizes) -> u64 {
        match self {
            Kernel::Direct(tile) => tile.groups(sizes),
            Kernel::Sliding(tile, line) => tile.groups(sizes, line),
            Kernel::Tiled(tile) => tile.shape.groups(sizes),
            Kernel::Vector(vector) => vector.groups(sizes),
        }
    }

    /// Whether elements of A and B are loaded four at a time.
    pub(super) fn wide(self) -> [bool; 2] {
        match self {
            Kernel::Direct(tile) => tile.wide.map(|along| along.is_some()),
            Kernel::Tiled(tile) => tile.wide,
            Kernel::Vector(_) | Kernel::Sliding(..) => [false; 2],
        }
    }

    /// What is special about its source.
    pub(super) fn source(self) -> Source {
        match self {
            Kernel::Direct(tile) => Source {
                workgroup: tile.lanes,
                subgroups: true,
                body: tile.body(),
                ..Source::default()
            },
            Kernel::Sliding(tile, _) => Source {
                workgroup: tile.lanes,
                subgroups: true,
                declarations: include_str!("../kernels/gemm_sliding.wgsl").to_owned(),
                body: tile.body(),
                ..Source::default()
            },
            Kernel::Tiled(tile) => Source {
                workgroup: tile.shape.workgroup(),
                declarations: tile.declarations(),
                body: tile.body(),
                ..Source::default()
            },
            Kernel::Vector(vector) => Source {
                workgroup: vector::WORKGROUP,
                declarations: vector.declarations(),
                body: vector.body(),
                ..Source::default()
            },
        }
    }
}

/// How a product is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) kernel: Kernel,
    /// Parts that the terms are cut into, each summed by itself.
    pub(super) parts: usize,
}

/// How the elements of both factors lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Factors {
    pub(super) along: [Along; 2],
    /// Whether four neighbours always lie in one aligned vector.
    pub(super) aligned: [bool; 2],
    pub(super) line: Option<Line>,
}

/// What a plan depends on besides the product.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits {
    /// Invocations of a subgroup on a device whose workgroup memory is slow.
    lanes: Option<u32>,
    /// Bytes of workgroup memory.
    memory: usize,
    /// Bytes of an element in it.
    element: usize,
}

impl Traits {
    pub(super) fn of(context: &Context, element: usize) -> Traits {
        Traits {
            lanes: match context.info.subgroups {
                Some((least, most)) if least == most && !context.prefers_shared() => Some(least),
                _ => None,
            },
            memory: context.limits.max_compute_workgroup_storage_size as usize,
            element,
        }
    }

    fn has_room(&self, shape: Shape) -> bool {
        shape.shared(self.element) <= self.memory
    }
}

/// Workgroups that keep a device busy, and a software driver's threads.
const BUSY: u64 = 256;
const BUSY_THREADS: u64 = 8;
/// The fewest terms that are worth a part of their own, and the least work on a software driver.
const PART: usize = 128;
const PART_WORK: usize = 1 << 20;
/// The most elements of all parts.
const PARTIAL: usize = 1 << 24;

/// The kernel for a product, and in how many parts.
pub(super) fn plan(sizes: Sizes, factors: Factors, traits: Traits) -> Plan {
    let kernel = match traits.lanes {
        Some(lanes) => direct(sizes, factors, lanes),
        None => shared(sizes, factors, traits),
    };
    if let Kernel::Sliding(..) = kernel {
        return Plan { kernel, parts: 1 };
    }
    let groups = kernel.groups(sizes).max(1);
    let results = (sizes.batches * sizes.rows * sizes.columns).max(1);
    let worth = match traits.lanes {
        Some(_) if results * sizes.terms < PART_WORK => 1,
        Some(_) => BUSY_THREADS.div_ceil(groups),
        None => BUSY.div_ceil(groups),
    };
    let most = (sizes.terms / PART).min(PARTIAL / results);
    Plan {
        kernel,
        parts: (worth as usize).min(most).max(1),
    }
}

/// A kernel of subgroups that share nothing.
fn direct(sizes: Sizes, factors: Factors, lanes: u32) -> Kernel {
    let Factors {
        along,
        aligned,
        line,
    } = factors;
    if let Some(line) = line.filter(|_| sizes.terms > 0)
        && let Some(tile) = Sliding::new(sizes, line, lanes)
    {
        return Kernel::Sliding(tile, line);
    }
    let wide = [0, 1].map(|at| aligned[at].then_some(along[at]));
    Kernel::Direct(Direct::new(sizes, lanes, wide))
}

/// A kernel that shares workgroup memory: as large a tile as leaves the device busy.
fn shared(sizes: Sizes, factors: Factors, traits: Traits) -> Kernel {
    let Factors { along, aligned, .. } = factors;
    if sizes.columns == 1 {
        return Kernel::Vector(Vector { along: along[0] });
    }
    let shape = match sizes {
        Sizes {
            rows: ..=16,
            columns: 65..,
            ..
        } if traits.has_room(tiled::FLAT) => tiled::FLAT,
        _ if tiled::LARGE.groups(sizes) >= BUSY / 2 && traits.has_room(tiled::LARGE) => {
            tiled::LARGE
        }
        _ if tiled::MIDDLE.groups(sizes) >= BUSY / 4 && traits.has_room(tiled::MIDDLE) => {
            tiled::MIDDLE
        }
        _ => tiled::SMALL,
    };
    Kernel::Tiled(Tiled {
        shape,
        along,
        wide: [0, 1].map(|at| aligned[at] && along[at] == Along::Other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gpu() -> Traits {
        Traits {
            lanes: None,
            memory: 32 << 10,
            element: 4,
        }
    }

    fn software() -> Traits {
        Traits {
            lanes: Some(8),
            ..gpu()
        }
    }

    fn chosen([batches, rows, terms, columns]: [usize; 4], traits: Traits) -> Plan {
        let sizes = Sizes {
            batches,
            rows,
            columns,
            terms,
        };
        let factors = Factors {
            along: [Along::Terms, Along::Other],
            aligned: [false; 2],
            line: None,
        };
        plan(sizes, factors, traits)
    }

    #[test]
    fn tiles_are_as_large_as_leaves_the_device_busy() {
        let shape = |sizes| match chosen(sizes, gpu()).kernel {
            Kernel::Tiled(tile) => Some(tile.shape),
            _ => None,
        };
        assert_eq!(shape([1, 4096, 4096, 4096]), Some(tiled::LARGE));
        assert_eq!(shape([1, 512, 512, 512]), Some(tiled::MIDDLE));
        assert_eq!(shape([1, 64, 784, 128]), Some(tiled::SMALL));
        assert_eq!(shape([1, 6, 25, 25088]), Some(tiled::FLAT));
        assert_eq!(shape([1, 1024, 1024, 1]), None);
        // The panels of 8-byte elements need as much memory as few devices have.
        let small = Traits {
            memory: 16 << 10,
            element: 8,
            ..gpu()
        };
        let Kernel::Tiled(tile) = chosen([1, 4096, 64, 4096], small).kernel else {
            panic!("a matrix");
        };
        assert!(tile.shape.shared(8) <= 16 << 10);
    }

    #[test]
    fn windows_that_share_pixels_slide_on_software_drivers() {
        let sizes = Sizes {
            batches: 1,
            rows: 6,
            columns: 32 * 28 * 28,
            terms: 25,
        };
        let line = Line {
            pixels: 28,
            taps: 5,
            back: false,
        };
        let factors = |line| Factors {
            along: [Along::Terms, Along::Other],
            aligned: [false; 2],
            line,
        };
        let slides = |sizes, line, traits| {
            matches!(plan(sizes, factors(line), traits).kernel, Kernel::Sliding(tile, _)
                if [tile.rows, tile.pixels, tile.taps] == [6, 7, 5])
        };
        assert!(slides(sizes, Some(line), software()));
        assert!(!slides(sizes, Some(line), gpu()));
        assert!(!slides(sizes, None, software()));
        assert!(!slides(Sizes { terms: 0, ..sizes }, Some(line), software()));
        assert!(!slides(sizes, Some(Line { taps: 1, ..line }), software()));
    }

    #[test]
    fn long_sums_of_few_results_are_cut() {
        let parts = |sizes, traits| chosen(sizes, traits).parts;
        assert_eq!(parts([1, 6, 25088, 25], gpu()), 196);
        assert_eq!(parts([1, 512, 512, 512], gpu()), 4);
        assert_eq!(parts([1, 4096, 4096, 4096], gpu()), 1);
        assert_eq!(parts([1, 6, 25088, 25], software()), 8);
        assert_eq!(parts([1, 6, 250, 25], software()), 1);
        assert_eq!(parts([1, 3, 0, 3], gpu()), 1);
    }
}
