//! Operands that do not lie as the outputs do.

use super::super::buffer::Buffer;
use super::super::kernel::{MAX_OPERANDS, MAX_OUTPUTS, RawKernel};
use super::super::parallel::Shared;
use super::super::storage::Scratch;
use super::is_native;
use crate::dtype::Dtype;
use crate::layout::{Layout, Nest};
use crate::ops::function::Params;

/// Elements that one call of a kernel sees when operands have to be gathered first: small enough to
/// stay in the first cache.
const TILE: usize = 512;
/// The same when all that is gathered are single elements, to be repeated.
const REPEATED_TILE: usize = 2048;
/// The same when rows or elements repeat themselves down whole columns.
const PERIOD: usize = 1024;

pub(super) fn nest<E: Dtype>(
    operands: &[Option<&Buffer<E>>],
    dims: &[usize],
) -> Nest<MAX_OPERANDS> {
    let unread = Layout::contiguous(dims);
    Nest::new(std::array::from_fn(|k| match operands.get(k) {
        Some(Some(x)) => x.layout(),
        _ => &unread,
    }))
}

/// A kernel, its operands and where its outputs go.
pub(super) struct Strided<'a, E, O> {
    pub(super) kernel: RawKernel,
    pub(super) params: &'a Params,
    pub(super) operands: &'a [Option<&'a Buffer<E>>],
    pub(super) nest: Nest<MAX_OPERANDS>,
    pub(super) starts: [Shared<O>; MAX_OUTPUTS],
    /// Whether results wait in memory of their own until all of a tile are there.
    pub(super) aside: bool,
    /// Whether an operand lies where an output is written.
    pub(super) in_place: bool,
}

impl<E: Dtype, O: Dtype> Strided<'_, E, O> {
    /// Whether the kernel cannot read the operand where it lies.
    fn is_gathered(&self, k: usize) -> bool {
        !is_native::<E>() || self.nest.inner_strides[k] != 1
    }

    /// Fills `range` of the outputs, row by row, from operands that need not be gathered.
    ///
    /// # Safety
    /// As [`fill`](Self::fill), and no operand [is gathered](Self::is_gathered).
    unsafe fn fill_direct(&self, range: std::ops::Range<usize>) {
        let (inner, (column, down)) = (self.nest.inner, self.nest.column());
        let mut at = range.start;
        while at < range.end {
            let (row, start) = (at / inner, at % inner);
            let offsets = self.nest.row(row);
            let mut from = [std::ptr::null::<E::Compute>(); MAX_OPERANDS];
            for (k, operand) in self.operands.iter().enumerate() {
                if let Some(operand) = operand {
                    let base: *const E::Compute = operand.base().cast();
                    from[k] = base.wrapping_add(offsets[k] + start);
                }
            }
            // The rows below are as far apart from each other as from this one.
            let mut skipped = start;
            for _ in row % column..column {
                let len = (inner - skipped).min(range.end - at);
                // SAFETY: every operand has `len` elements at its pointer; the outputs have room.
                unsafe { self.run(&from, at, len) };
                at += len;
                if at == range.end {
                    return;
                }
                for (from, down) in from.iter_mut().zip(&down) {
                    if !from.is_null() {
                        *from = from.wrapping_offset(down - skipped as isize);
                    }
                }
                skipped = 0;
            }
        }
    }

    /// How a kernel can read an operand over all rows of a column at once, if it can.
    fn reading(&self, k: usize) -> Option<Reading> {
        let (column, down) = self.nest.column();
        let (along, down) = (self.nest.inner_strides[k], down[k]);
        match along {
            _ if !is_native::<E>() => None,
            1 if column == 1 || down == self.nest.inner as isize => Some(Reading::Through),
            1 if down == 0 => Some(Reading::Row),
            0 if column == 1 || down == 0 => Some(Reading::Element),
            _ => None,
        }
    }

    /// The elements after which operands begin anew, if they do so over all rows of a column while
    /// others lie in memory as the outputs do: a whole number of rows.
    fn period(&self) -> Option<usize> {
        let (mut rows, mut repeats) = (false, false);
        for k in (0..self.operands.len()).filter(|&k| self.operands[k].is_some()) {
            let reading = self.reading(k)?;
            rows |= reading == Reading::Row;
            repeats |= reading != Reading::Through;
        }
        let (inner, (column, _)) = (self.nest.inner, self.nest.column());
        match rows {
            _ if !repeats => None,
            true if inner > PERIOD / 2 => None,
            true => Some(inner * (PERIOD / inner).min(column)),
            false => Some(PERIOD.min(inner * column)),
        }
    }

    /// Fills `range` of the outputs, from operands that repeat themselves in a tile of `period`
    /// elements and others that lie as the outputs do. A call for each row is what short rows cost
    /// most, and the processor guesses the end of each loop wrong.
    ///
    /// # Safety
    /// As [`fill`](Self::fill); the period is [that](Self::period) of the operands, and results are
    /// stored at once.
    unsafe fn fill_periods(&self, range: std::ops::Range<usize>, period: usize) {
        let (inner, (rows, _)) = (self.nest.inner, self.nest.column());
        let column = inner * rows;
        let readings: [Option<Reading>; MAX_OPERANDS] = std::array::from_fn(|k| {
            let given = self.operands.get(k).is_some_and(Option::is_some);
            given.then(|| self.reading(k)).flatten()
        });
        let repeats =
            |reading: &&Option<Reading>| reading.is_some_and(|reading| reading != Reading::Through);
        let count = readings.iter().filter(repeats).count();
        let mut tiles = Scratch::new(E::Compute::default(), count * period);
        let mut at = range.start;
        while at < range.end {
            let first = at - at % column;
            let end = range.end.min(first + column);
            let offsets = self.nest.row(first / inner);
            // Where the operand is that lies as the outputs do, or a tile with what repeats itself.
            let mut starts = [std::ptr::null::<E::Compute>(); MAX_OPERANDS];
            let mut free = &mut tiles[..];
            for (k, reading) in readings.iter().enumerate() {
                let (Some(reading), Some(Some(operand))) = (reading, self.operands.get(k)) else {
                    continue;
                };
                let start = operand.base().cast::<E::Compute>().wrapping_add(offsets[k]);
                starts[k] = start;
                let len = match reading {
                    Reading::Through => continue,
                    Reading::Row => inner,
                    Reading::Element => 1,
                };
                let (tile, others) = free.split_at_mut(period);
                free = others;
                starts[k] = tile.as_ptr();
                // SAFETY: the operand's storage has a row, or an element, there; native elements
                // are stored as they are computed with.
                unsafe { repeat(std::slice::from_raw_parts(start, len), tile) };
            }
            while at < end {
                let (within, phase) = (at - first, (at - first) % period);
                let len = (period - phase).min(end - at);
                let from = std::array::from_fn(|k| match readings[k] {
                    None => std::ptr::null(),
                    Some(Reading::Through) => starts[k].wrapping_add(within),
                    Some(_) => starts[k].wrapping_add(phase),
                });
                // SAFETY: the operands have `len` elements there, the outputs room for as many.
                unsafe { self.run(&from, at, len) };
                at += len;
            }
        }
    }

    /// Runs the kernel on `len` elements; the outputs go where they belong, from `at` on.
    ///
    /// # Safety
    /// Every operand that is read has as many at its pointer, the outputs have room for them, and
    /// they are of the type that the kernel gives.
    unsafe fn run(&self, from: &[*const E::Compute; MAX_OPERANDS], at: usize, len: usize) {
        let to = std::array::from_fn(|m| match m < self.kernel.outputs {
            true => self.starts[m].get().cast::<O::Compute>().wrapping_add(at),
            false => std::ptr::null_mut(),
        });
        // SAFETY: the caller's promise.
        unsafe { self.kernel.run(self.params, from, &to, len, self.in_place) };
    }

    /// Fills `range` of the outputs, tile by tile; a tile never leaves a row.
    ///
    /// # Safety
    /// The targets have room for every element of `range`.
    pub(super) unsafe fn fill(&self, range: std::ops::Range<usize>) {
        let stored = self.aside || !is_native::<O>();
        if !stored && let Some(period) = self.period() {
            // SAFETY: the caller's promise.
            return unsafe { self.fill_periods(range, period) };
        }
        let gathers = |k: &usize| self.operands[*k].is_some() && self.is_gathered(*k);
        let gathered = (0..self.operands.len()).filter(gathers).count();
        let strides = (0..self.operands.len()).filter(gathers);
        let repeats = strides.map(|k| self.nest.inner_strides[k]).all(|s| s == 0);
        let tile = match (gathered, repeats) {
            _ if stored => TILE,
            (0, _) => range.len(),
            (_, true) => REPEATED_TILE.min(range.len()),
            _ => TILE,
        };
        if gathered == 0 && !stored {
            // SAFETY: the caller's promise; all operands are read where they lie.
            return unsafe { self.fill_direct(range) };
        }
        let mut tiles = Scratch::new(E::Compute::default(), gathered * tile);
        let outputs = self.kernel.outputs;
        let waiting = if stored { outputs * tile } else { 0 };
        let mut results = Scratch::new(O::Compute::default(), waiting);
        // The address and the length of what a tile was filled with, if that is one element.
        let mut repeated = [(std::ptr::null::<E>(), 0); MAX_OPERANDS];
        let mut at = range.start;
        while at < range.end {
            let (row, column) = (at / self.nest.inner, at % self.nest.inner);
            let offsets = self.nest.row(row);
            let len = tile.min(self.nest.inner - column).min(range.end - at);
            let mut from = [std::ptr::null::<E::Compute>(); MAX_OPERANDS];
            let mut free = &mut tiles[..];
            for (k, operand) in self.operands.iter().enumerate() {
                let Some(operand) = operand else { continue };
                let stride = self.nest.inner_strides[k];
                let start = offsets[k] as isize + column as isize * stride;
                // SAFETY: the layout's elements lie in the storage, and `start + j * stride` are
                // offsets of such elements.
                let first = unsafe { operand.base().offset(start) };
                if !self.is_gathered(k) {
                    from[k] = first.cast();
                    continue;
                }
                let (slots, others) = free.split_at_mut(tile);
                free = others;
                from[k] = slots.as_ptr();
                if stride == 0 && repeated[k].0 == first && repeated[k].1 >= len {
                    continue;
                }
                // SAFETY: as above.
                unsafe { gather(first, stride, &mut slots[..len]) };
                let one = stride == 0;
                repeated[k] = if one {
                    (first, len)
                } else {
                    (std::ptr::null(), 0)
                };
            }
            let to = std::array::from_fn(|m| match stored {
                _ if m >= outputs => std::ptr::null_mut(),
                true => results[m * tile..].as_mut_ptr(),
                false => self.starts[m].get().wrapping_add(at).cast(),
            });
            // SAFETY: every operand that is read has `len` elements at its pointer; the outputs
            // have room for as many.
            unsafe {
                self.kernel.run::<E::Compute, O::Compute>(
                    self.params,
                    &from,
                    &to,
                    len,
                    self.in_place,
                );
            }
            if stored {
                for m in 0..outputs {
                    let to = self.starts[m].get().wrapping_add(at);
                    for (j, value) in results[m * tile..][..len].iter().enumerate() {
                        // SAFETY: the target has room from `at` to `at + len`.
                        unsafe { to.add(j).write(O::narrow(*value)) };
                    }
                }
            }
            at += len;
        }
    }
}

/// Fills a tile with elements that are `stride` apart.
///
/// # Safety
/// There are as many.
unsafe fn gather<E: Dtype>(first: *const E, stride: isize, tile: &mut [E::Compute]) {
    // SAFETY: the caller's promise.
    unsafe {
        match stride {
            0 => tile.fill((*first).widen()),
            1 => {
                for (j, slot) in tile.iter_mut().enumerate() {
                    *slot = (*first.add(j)).widen();
                }
            }
            _ => {
                for (j, slot) in tile.iter_mut().enumerate() {
                    *slot = (*first.offset(j as isize * stride)).widen();
                }
            }
        }
    }
}

/// How a kernel reads an operand over all rows of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// The rows lie one after the other, as the outputs' do.
    Through,
    /// All rows are the same.
    Row,
    /// All elements are the same.
    Element,
}

/// Fills `tile` with `row`, again and again.
fn repeat<T: Copy>(row: &[T], tile: &mut [T]) {
    if let [element] = row {
        return tile.fill(*element);
    }
    let mut done = row.len().min(tile.len());
    tile[..done].copy_from_slice(&row[..done]);
    while done < tile.len() {
        let more = done.min(tile.len() - done);
        let (from, to) = tile.split_at_mut(done);
        to[..more].copy_from_slice(&from[..more]);
        done += more;
    }
}
