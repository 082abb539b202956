//! Max pooling over two axes.

use std::mem::MaybeUninit;
use std::ops::Range;
use std::slice;

use pulp::{Simd, WithSimd};

use super::Cpu;
use super::buffer::Buffer;
use super::parallel::{self, Shared, Threads};
use super::storage::Scratch;
use super::widen::contiguous;
use crate::backend::{Pool2dOptions, Winners};
use crate::dtype::{Dtype, Num};
use crate::ops::scalar::{Ordered, Ring};
use crate::sizes;

/// The greatest element of each window, and which it is. NaN wins; the padding never.
pub(super) fn max_pool2d<E: Num>(
    x: &Buffer<E>,
    options: Pool2dOptions,
) -> (Buffer<E>, Winners<Cpu>) {
    let x = contiguous(x);
    let dims = x.dims();
    let (planes, input) = (dims[0] * dims[1], [dims[2], dims[3]]);
    let output = sizes::pooled(input, options);
    let dims = [dims[0], dims[1], output[0], output[1]];
    let data = x.as_slice().expect("contiguous");
    let entries = entries(options, input[1]);
    let windows = Windows {
        options,
        input,
        output,
        inside: [0, 1].map(|axis| inside(input[axis], output[axis], options, axis)),
        entries: &entries,
    };
    let area = output[0] * output[1];
    let mut values = None;
    let mut run = |winners: Memory| {
        // SAFETY: every plane of both outputs is written whole by its own piece.
        let written = unsafe {
            Buffer::<E>::write_with(&dims, |values| {
                let values = Shared::new(values);
                parallel::each(planes, Threads::worth(planes * area * 16), |plane| {
                    let out = plane * area;
                    pulp::Arch::new().dispatch(Plane {
                        windows: &windows,
                        x: &data[plane * input[0] * input[1]..][..input[0] * input[1]],
                        values: slice::from_raw_parts_mut(values.get().add(out).cast(), area),
                        winners: winners.room(out, area),
                    });
                });
            })
        };
        values = Some(written);
    };
    // SAFETY: `run` writes both outputs.
    let winners = unsafe {
        match options.is_small() {
            true => Winners::Bytes(Buffer::write_with(&dims, |winners| {
                run(Memory::Bytes(Shared::new(winners)));
            })),
            false => Winners::Words(Buffer::write_with(&dims, |winners| {
                run(Memory::Words(Shared::new(winners)));
            })),
        }
    };
    (values.expect("written with the winners"), winners)
}

/// The memory of all winners.
enum Memory {
    Bytes(Shared<u8>),
    Words(Shared<i32>),
}

impl Memory {
    /// That of `len` windows.
    ///
    /// # Safety
    /// They are there, and nobody else writes to them.
    unsafe fn room<'a>(&self, first: usize, len: usize) -> Room<'a> {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Memory::Bytes(start) => {
                    let start = start.get().add(first);
                    Room::Bytes(slice::from_raw_parts_mut(start.cast(), len))
                }
                Memory::Words(start) => {
                    let start = start.get().add(first);
                    Room::Words(slice::from_raw_parts_mut(start.cast(), len))
                }
            }
        }
    }
}

/// Room for the winners of a plane.
enum Room<'a> {
    Bytes(&'a mut [MaybeUninit<u8>]),
    Words(&'a mut [MaybeUninit<i32>]),
}

impl Room<'_> {
    #[inline(always)]
    fn put(&mut self, window: usize, winner: usize) {
        match self {
            Room::Bytes(winners) => _ = winners[window].write(winner as u8),
            Room::Words(winners) => _ = winners[window].write(winner as i32),
        }
    }
}

/// The windows of a plane.
struct Windows<'a> {
    options: Pool2dOptions,
    input: [usize; 2],
    output: [usize; 2],
    /// Those that have no padding.
    inside: [Range<usize>; 2],
    /// How far the elements of a window lie behind its first.
    entries: &'a [usize],
}

/// The windows along an axis that have no padding.
fn inside(input: usize, output: usize, options: Pool2dOptions, axis: usize) -> Range<usize> {
    let (stride, padding) = (options.stride[axis], options.padding[axis]);
    let reach = options.dilation[axis] * (options.kernel[axis] - 1) + 1;
    let end = match (input + padding).checked_sub(reach) {
        Some(last) => (last / stride + 1).min(output),
        None => 0,
    };
    padding.div_ceil(stride).min(end)..end
}

/// A plane, and room for its output.
struct Plane<'a, E> {
    windows: &'a Windows<'a>,
    x: &'a [E],
    values: &'a mut [MaybeUninit<E>],
    winners: Room<'a>,
}

impl<E: Num> WithSimd for Plane<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) {
        let [rows, columns] = self.windows.output;
        let [down, across] = self.windows.inside.clone();
        let stride = self.windows.options.stride[1];
        let mut line = Line {
            best: [E::ZERO.widen(); LINE],
            winner: [0; LINE],
        };
        for row in 0..rows {
            if !down.contains(&row) {
                self.windows_one_by_one(row, 0..columns);
                continue;
            }
            // Not in a closure, which would not be compiled for these vectors.
            for first in across.clone().step_by(LINE.div_ceil(stride)) {
                let end = across.end.min(first + LINE.div_ceil(stride));
                self.windows_of_line(row, first..end, &mut line);
            }
            self.windows_one_by_one(row, 0..across.start);
            self.windows_one_by_one(row, across.end..columns);
        }
    }
}

/// Neighbouring positions at which windows are pooled together: what is known of them stays in the
/// first cache.
const LINE: usize = 256;

/// Positions that are pooled at once, in vector registers.
const GROUP: usize = 16;

/// Windows at neighbouring positions.
struct Line<C> {
    best: [C; LINE],
    winner: [u32; LINE],
}

impl<E: Num> Plane<'_, E> {
    /// Windows without padding of a row, entry by entry, and those between them, if they are apart:
    /// then all that is read lies side by side, and the compiler takes several windows at a time.
    #[inline(always)]
    fn windows_of_line(&mut self, row: usize, columns: Range<usize>, line: &mut Line<E::Compute>) {
        let windows = self.windows;
        let Pool2dOptions {
            stride, padding, ..
        } = windows.options;
        let first = (row * stride[0] - padding[0]) * windows.input[1];
        let first = first + columns.start * stride[1] - padding[1];
        let wanted = (columns.len() - 1) * stride[1] + 1;
        // Whole groups, as far as the plane goes.
        let room = self.x.len() - first - windows.entries.last().unwrap_or(&0);
        let (best, winner) = (&mut line.best, &mut line.winner);
        let mut at = 0;
        while at < wanted {
            let x = &self.x[first + at..];
            if at + GROUP <= room {
                let (best, winner) = (&mut best[at..], &mut winner[at..]);
                pool::<E, GROUP>(x, windows.entries, best, winner);
                at += GROUP;
            } else {
                pool::<E, 1>(x, windows.entries, &mut best[at..], &mut winner[at..]);
                at += 1;
            }
        }
        let start = row * windows.output[1];
        let out = start + columns.start..start + columns.end;
        every(stride[1], best, &mut self.values[out.clone()], E::narrow);
        match &mut self.winners {
            Room::Bytes(all) => every(stride[1], winner, &mut all[out], |winner| winner as u8),
            Room::Words(all) => every(stride[1], winner, &mut all[out], |winner| winner as i32),
        }
    }

    /// Windows that have padding.
    #[inline(always)]
    fn windows_one_by_one(&mut self, row: usize, columns: Range<usize>) {
        let (windows, options) = (self.windows, self.windows.options);
        let (above, down) = entries_inside(windows, 0, row);
        for column in columns {
            let (left, across) = entries_inside(windows, 1, column);
            let mut best: Option<(usize, usize)> = None;
            for (kh, h) in (above..).zip(down.clone().step_by(options.dilation[0])) {
                for (kw, w) in (left..).zip(across.clone().step_by(options.dilation[1])) {
                    let place = h * windows.input[1] + w;
                    let wins = best.is_none_or(|(best, _)| {
                        beats(&self.x[place].widen(), &self.x[best].widen())
                    });
                    let number = kh * options.kernel[1] + kw;
                    best = if wins { Some((place, number)) } else { best };
                }
            }
            let (place, winner) = best.expect("padding is at most half of the window");
            let out = row * windows.output[1] + column;
            self.values[out].write(self.x[place]);
            self.winners.put(out, winner);
        }
    }
}

/// Pools the windows at `N` neighbouring positions.
#[inline(always)]
fn pool<E: Num, const N: usize>(
    x: &[E],
    entries: &[usize],
    best: &mut [E::Compute],
    winner: &mut [u32],
) {
    let mut known = [E::ZERO.widen(); N];
    for (known, x) in known.iter_mut().zip(&x[..N]) {
        *known = x.widen();
    }
    let mut won = [0_u32; N];
    for (number, entry) in (1..).zip(&entries[1..]) {
        let x: &[E; N] = x[*entry..][..N].try_into().expect("as many");
        for i in 0..N {
            let x = x[i].widen();
            let wins = beats(&x, &known[i]);
            known[i] = Ring::select(wins, x, known[i]);
            won[i] = if wins { number } else { won[i] };
        }
    }
    best[..N].copy_from_slice(&known);
    winner[..N].copy_from_slice(&won);
}

/// Writes every `stride`th of `x`.
#[inline(always)]
fn every<C: Copy, E>(stride: usize, x: &[C], out: &mut [MaybeUninit<E>], narrow: impl Fn(C) -> E) {
    let Some((last, out)) = out.split_last_mut() else {
        return;
    };
    last.write(narrow(x[out.len() * stride]));
    match stride {
        1 => {
            for (out, x) in out.iter_mut().zip(x) {
                out.write(narrow(*x));
            }
        }
        2 => {
            for (out, pair) in out.iter_mut().zip(x.as_chunks::<2>().0) {
                out.write(narrow(pair[0]));
            }
        }
        _ => {
            for (out, x) in out.iter_mut().zip(x.iter().step_by(stride)) {
                out.write(narrow(*x));
            }
        }
    }
}

/// Whether an element wins against the best of those before it: NaN is not at most anything, and
/// nothing is more than it.
#[inline(always)]
fn beats<C: Ordered<Mask = bool>>(x: &C, best: &C) -> bool {
    !x.le(best) & best.eq(best)
}

/// How many of a window's entries along an axis come before the input, and the positions of those
/// in it; they are the dilation apart.
fn entries_inside(windows: &Windows<'_>, axis: usize, index: usize) -> (usize, Range<usize>) {
    let options = windows.options;
    let (dilation, padding) = (options.dilation[axis], options.padding[axis]);
    let from = index * options.stride[axis];
    let skipped = padding.saturating_sub(from).div_ceil(dilation);
    let end = from + options.kernel[axis] * dilation;
    let end = end.saturating_sub(padding).min(windows.input[axis]);
    let start = from + skipped * dilation - padding;
    (skipped, start.min(end)..end)
}

/// The gradient of the input of [`max_pool2d`], whose sizes are `dims`.
///
/// # Panics
/// If a winner is not in its window.
pub(super) fn max_pool2d_input_grad<E: Num>(
    gy: &Buffer<E>,
    winners: &Winners<Cpu>,
    options: Pool2dOptions,
    dims: &[usize],
) -> Buffer<E> {
    match winners {
        Winners::Bytes(winners) => input_grad(gy, winners, options, dims),
        Winners::Words(winners) => input_grad(gy, winners, options, dims),
    }
}

fn input_grad<E: Num, W: Dtype>(
    gy: &Buffer<E>,
    winners: &Buffer<W>,
    options: Pool2dOptions,
    dims: &[usize],
) -> Buffer<E> {
    let (gy, winners) = (contiguous(gy), contiguous(winners));
    let [_, _, rows, columns] = gy.dims() else {
        unreachable!("pooling is over four axes")
    };
    let (area, plane) = (rows * columns, dims[2] * dims[3]);
    let planes = dims[0] * dims[1];
    let entries = entries(options, dims[3]);
    let from = Gradients {
        options,
        width: dims[3],
        columns: *columns,
        entries: &entries,
        gy: gy.as_slice().expect("contiguous"),
        winners: winners.as_slice().expect("contiguous"),
    };
    let work = Threads::worth(planes * (plane + area * 4));
    // SAFETY: each piece writes the whole of its own plane.
    unsafe {
        Buffer::<E>::write_with(dims, |out| {
            let out = Shared::new(out);
            parallel::each(planes, work, |piece| {
                let x = out.get().add(piece * plane);
                let windows = piece * area..(piece + 1) * area;
                for at in 0..plane {
                    x.add(at).write(E::ZERO);
                }
                from.add(slice::from_raw_parts_mut(x, plane), windows);
            });
        })
    }
}

/// How far the elements of a window lie behind its first.
fn entries(options: Pool2dOptions, width: usize) -> Scratch<usize> {
    let [height, across] = options.kernel;
    let mut entries = Scratch::new(0, height * across);
    for (number, entry) in entries.iter_mut().enumerate() {
        let (h, w) = (number / across, number % across);
        *entry = h * options.dilation[0] * width + w * options.dilation[1];
    }
    entries
}

/// The gradients of windows, and where they go.
struct Gradients<'a, E, W> {
    options: Pool2dOptions,
    /// Columns of the input and of the output.
    width: usize,
    columns: usize,
    entries: &'a [usize],
    gy: &'a [E],
    winners: &'a [W],
}

impl<E: Num, W: Dtype> Gradients<'_, E, W> {
    /// Adds to a plane those of its windows.
    fn add(&self, x: &mut [E], windows: Range<usize>) {
        let Pool2dOptions {
            stride, padding, ..
        } = self.options;
        let gy = self.gy[windows.clone()].chunks(self.columns);
        let winners = self.winners[windows].chunks(self.columns);
        for (row, (gy, winners)) in gy.zip(winners).enumerate() {
            // Before the plane begins where there is padding.
            let top = (row * stride[0]).wrapping_sub(padding[0]);
            let first = top.wrapping_mul(self.width).wrapping_sub(padding[1]);
            for (column, (gy, winner)) in gy.iter().zip(winners).enumerate() {
                let entry = self.entries[winner.to_i64() as usize];
                let x = &mut x[first.wrapping_add(column * stride[1] + entry)];
                *x = E::narrow(x.widen() + gy.widen());
            }
        }
    }
}

#[expect(
    clippy::eq_op,
    reason = "only NaN differs from itself, and integers have no `is_nan`"
)]
pub(super) fn is_nan<E: Num>(x: E) -> bool {
    x != x
}
