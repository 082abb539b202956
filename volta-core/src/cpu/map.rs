//! Runs a kernel over operands of any strides.

use super::buffer::Buffer;
use super::kernel::{MAX_OPERANDS, MAX_OUTPUTS, RawKernel};
use super::parallel::{self, Shared, Threads};
use super::storage::{Scratch, Unwritten};
use crate::dtype::Dtype;
use crate::layout::{Layout, Nest};
use crate::ops::function::Params;
use crate::shape::runtime::Dims;

/// Elements that one call of a kernel sees when operands have to be gathered first: small enough to
/// stay in the first cache.
const TILE: usize = 512;
/// The same when all that is gathered are single elements, to be repeated.
const REPEATED_TILE: usize = 2048;
/// Elements of one piece of work for a thread.
const PIECE: usize = 1 << 14;
/// The same where operands are gathered, which each piece prepares for.
const STRIDED_PIECE: usize = 1 << 16;

/// Where the elements of an output go.
#[derive(Clone, Copy)]
pub(crate) struct Target<O> {
    pub(crate) start: *mut O,
    /// Whether an operand lies there.
    pub(crate) in_place: bool,
}

/// Applies `kernel` to `operands`, which have the sizes `dims`, and writes every element of the
/// outputs in row-major order. An operand of `None` is not read.
///
/// # Safety
/// The kernel computes in `E::Compute` and gives `O::Compute`. There is an operand for each of its
/// inputs; of a derivative's, those that it reads, and the gradient. The targets are as many as its
/// outputs, each with room for the elements of `dims`. No operand lies in a target, but for one in
/// the same place, if the target says so.
///
/// # Panics
/// If sizes differ.
pub(crate) unsafe fn run<E: Dtype, O: Dtype>(
    kernel: RawKernel,
    params: &Params,
    operands: &[Option<&Buffer<E>>],
    dims: &[usize],
    targets: &[Target<O>],
) {
    assert!(
        operands.len() <= MAX_OPERANDS && targets.len() <= MAX_OUTPUTS,
        "{} operands, {} outputs",
        operands.len(),
        targets.len()
    );
    for operand in operands.iter().flatten() {
        assert_eq!(operand.dims(), dims, "an elementwise op of unequal sizes");
    }
    let n: usize = dims.iter().product();
    let threads = Threads::worth(n * kernel.cost);
    let starts: [Shared<O>; MAX_OUTPUTS] = std::array::from_fn(|m| {
        Shared::new(targets.get(m).map_or(std::ptr::null_mut(), |t| t.start))
    });
    // Kernels of several outputs store them when all are computed.
    let aside = targets.len() == 1 && targets[0].in_place;
    let in_place = targets.iter().any(|target| target.in_place);
    let contiguous = (operands.iter().flatten()).all(|x| x.layout().is_contiguous());
    if contiguous && !aside && is_native::<E>() && is_native::<O>() {
        parallel::each(n.div_ceil(PIECE), threads, |piece| {
            let start = piece * PIECE;
            let from = std::array::from_fn(|k| match operands.get(k) {
                Some(Some(x)) => x.as_ptr().wrapping_add(start).cast(),
                _ => std::ptr::null(),
            });
            let to = std::array::from_fn(|m| starts[m].get().wrapping_add(start).cast());
            let len = PIECE.min(n - start);
            // SAFETY: every operand and target has `n` elements, and the pieces are apart.
            unsafe { kernel.run::<E::Compute, O::Compute>(params, &from, &to, len, in_place) };
        });
    } else {
        let strided = Strided {
            kernel,
            params,
            operands,
            nest: nest(operands, dims),
            starts,
            aside,
            in_place: in_place && !aside,
        };
        parallel::each(n.div_ceil(STRIDED_PIECE), threads, |piece| {
            let start = piece * STRIDED_PIECE;
            // SAFETY: as above.
            unsafe { strided.fill(start..n.min(start + STRIDED_PIECE)) };
        });
    }
}

/// [`run`], with the first outputs in the place of `targets`, which are the first operands. Gives
/// the other outputs.
///
/// # Safety
/// The kernel is that of a function, computes in `E::Compute` and gives the same.
pub(crate) unsafe fn in_place<E: Dtype>(
    kernel: RawKernel,
    params: &Params,
    targets: &mut [&mut Buffer<E>],
    inputs: &[&Buffer<E>],
) -> Vec<Buffer<E>> {
    let (kept, outputs) = (targets.len(), kernel.outputs);
    assert!(kept <= outputs, "{kept} targets for {outputs} outputs");
    assert_eq!(kept + inputs.len(), kernel.inputs, "inputs of the function");
    let dims = Dims::new(targets[0].dims());
    let mut fresh: [Option<Unwritten<E>>; MAX_OUTPUTS] = [const { None }; MAX_OUTPUTS];
    let to: [Target<E>; MAX_OUTPUTS] = std::array::from_fn(|output| {
        let own = targets.get_mut(output).and_then(|target| target.unique());
        let start = match own {
            Some(start) => start,
            None if output < outputs => {
                let new = fresh[output].insert(Unwritten::new(&dims));
                new.as_mut_ptr()
            }
            None => std::ptr::null_mut(),
        };
        Target {
            start,
            in_place: own.is_some(),
        }
    });
    let all: [Option<&Buffer<E>>; MAX_OPERANDS] = std::array::from_fn(|k| match k < kept {
        true => Some(&*targets[k]),
        false => inputs.get(k - kept).copied(),
    });
    // SAFETY: the caller's promise, and the inputs have been counted. Every target has the sizes of `dims`. One
    // in place is seen by its operand alone: nobody else has its storage.
    unsafe { run(kernel, params, &all[..kernel.inputs], &dims, &to[..outputs]) };
    // SAFETY: `run` has written every element.
    let mut written =
        (fresh.into_iter()).map(|new| new.map(|new| Buffer::new(unsafe { new.written() })));
    for target in targets.iter_mut() {
        if let Some(new) = written.next().flatten() {
            **target = new;
        }
    }
    written.flatten().collect()
}

/// Whether elements are stored in the type that computes.
fn is_native<E: Dtype>() -> bool {
    size_of::<E>() == size_of::<E::Compute>()
}

fn nest<E: Dtype>(operands: &[Option<&Buffer<E>>], dims: &[usize]) -> Nest<MAX_OPERANDS> {
    let unread = Layout::contiguous(dims);
    Nest::new(std::array::from_fn(|k| match operands.get(k) {
        Some(Some(x)) => x.layout(),
        _ => &unread,
    }))
}

struct Strided<'a, E, O> {
    kernel: RawKernel,
    params: &'a Params,
    operands: &'a [Option<&'a Buffer<E>>],
    nest: Nest<MAX_OPERANDS>,
    starts: [Shared<O>; MAX_OUTPUTS],
    /// Whether results wait in memory of their own until all of a tile are there.
    aside: bool,
    /// Whether an operand lies where an output is written.
    in_place: bool,
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
        let run = |from: &[*const E::Compute; MAX_OPERANDS], at: usize, len: usize| {
            let to = std::array::from_fn(|m| match m < self.kernel.outputs {
                true => self.starts[m].get().cast::<O::Compute>().wrapping_add(at),
                false => std::ptr::null_mut(),
            });
            // SAFETY: every operand that is read has `len` elements at its pointer; the outputs
            // have room for as many.
            unsafe { self.kernel.run(self.params, from, &to, len, self.in_place) };
        };
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
                run(&from, at, len);
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

    /// Fills `range` of the outputs, tile by tile; a tile never leaves a row.
    ///
    /// # Safety
    /// The targets have room for every element of `range`.
    unsafe fn fill(&self, range: std::ops::Range<usize>) {
        let stored = self.aside || !is_native::<O>();
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
