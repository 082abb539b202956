//! Reductions. Long runs are summed in lanes, then by halves, so that the error grows with the
//! logarithm of the length; how a run is cut depends on its length alone.

use std::marker::PhantomData;
use std::num::Wrapping;

use pulp::Simd;

use super::buffer::Buffer;
use super::lanes::{self, Elements, Extreme, Greatest, Packed, Smallest};
use super::parallel::{self, Shared, Threads};
use super::pool::is_nan;
use super::storage::Scratch;
use crate::backend::Reduce;
use crate::dtype::{DtypeKind, Num};
use crate::layout::{Layout, Nest};
use crate::ops::scalar::{Ordered, Ring};
use crate::shape::runtime::Dims;

/// Lanes of a run. Many of them hide how long an operation takes; few are combined sooner.
const LANES: usize = 128;
/// Lanes of a run of less than [`SHORT`] elements.
const SHORT_LANES: usize = 32;
const SHORT: usize = 512;
/// Elements folded in lanes before the results are combined by halves.
const RUN: usize = 4096;
/// Runs of one piece, so that a piece is worth the hand-over.
const RUNS: usize = 16;
/// Elements that a thread folds at least, if each output takes less.
const PIECE: usize = 1 << 16;
/// Outputs of one choice of instructions.
const BATCH: usize = 64;
/// Columns folded together when the kept axis is the inner one.
const COLUMNS: usize = 256;

/// Scalars whose runs may have folds in vector registers. `None` leaves a run to the fold in lanes.
pub trait Run: Sized {
    /// The sum.
    #[doc(hidden)]
    #[inline(always)]
    fn sum<S: Simd>(_: S, _: &[Self]) -> Option<Self> {
        None
    }
    /// The greatest of one element at least.
    #[doc(hidden)]
    #[inline(always)]
    fn greatest<S: Simd>(_: S, _: &[Self]) -> Option<Self> {
        None
    }
    /// The smallest of one element at least.
    #[doc(hidden)]
    #[inline(always)]
    fn smallest<S: Simd>(_: S, _: &[Self]) -> Option<Self> {
        None
    }
}

impl Run for Wrapping<u8> {}
impl Run for Wrapping<i32> {}
impl Run for Wrapping<i64> {}

/// The extreme, unless one of the elements may be NaN.
#[inline(always)]
fn extreme<C: Packed, S: Simd, X: Extreme>(simd: S, x: &[C], by: X) -> Option<C> {
    let [found, trace] = lanes::extreme(simd, x, by);
    trace.partial_cmp(&trace).map(|_| found)
}

macro_rules! run {
    ($($C:ty)*) => {$(
        impl Run for $C {
            #[inline(always)]
            fn sum<S: Simd>(simd: S, x: &[$C]) -> Option<$C> {
                let [sum] = lanes::sums(simd, [x], Elements);
                Some(sum)
            }
            #[inline(always)]
            fn greatest<S: Simd>(simd: S, x: &[$C]) -> Option<$C> {
                extreme(simd, x, Greatest)
            }
            #[inline(always)]
            fn smallest<S: Simd>(simd: S, x: &[$C]) -> Option<$C> {
                extreme(simd, x, Smallest)
            }
        }
    )*};
}
run!(f32 f64);

/// An associative operation with a neutral element.
pub(super) trait Fold<E: Num<Compute: Run>>: Send + Sync + 'static {
    const START: E;
    fn fold(a: E::Compute, b: E::Compute) -> E::Compute;
    /// The fold of one element at least in registers, where there is one.
    #[inline(always)]
    fn run<S: Simd>(_: S, _: &[E::Compute]) -> Option<E::Compute> {
        None
    }
}

pub(super) struct Sum;
impl<E: Num<Compute: Run>> Fold<E> for Sum {
    const START: E = E::ZERO;
    #[inline(always)]
    fn fold(a: E::Compute, b: E::Compute) -> E::Compute {
        a + b
    }
    #[inline(always)]
    fn run<S: Simd>(simd: S, x: &[E::Compute]) -> Option<E::Compute> {
        Run::sum(simd, x)
    }
}

pub(super) struct Prod;
impl<E: Num<Compute: Run>> Fold<E> for Prod {
    const START: E = E::ONE;
    #[inline(always)]
    fn fold(a: E::Compute, b: E::Compute) -> E::Compute {
        a * b
    }
}

pub(super) struct Max;
impl<E: Num<Compute: Run>> Fold<E> for Max {
    const START: E = E::LOWEST;
    #[inline(always)]
    fn fold(a: E::Compute, b: E::Compute) -> E::Compute {
        // Keeps `a` only if it is a number and not less: NaN wins from either side.
        let larger = Ring::select(b.le(&a), a, b);
        Ring::select(a.eq(&a), larger, a)
    }
    #[inline(always)]
    fn run<S: Simd>(simd: S, x: &[E::Compute]) -> Option<E::Compute> {
        Run::greatest(simd, x)
    }
}

pub(super) struct Min;
impl<E: Num<Compute: Run>> Fold<E> for Min {
    const START: E = E::HIGHEST;
    #[inline(always)]
    fn fold(a: E::Compute, b: E::Compute) -> E::Compute {
        let smaller = Ring::select(a.le(&b), a, b);
        Ring::select(a.eq(&a), smaller, a)
    }
    #[inline(always)]
    fn run<S: Simd>(simd: S, x: &[E::Compute]) -> Option<E::Compute> {
        Run::smallest(simd, x)
    }
}

/// Folds runs of at most [`RUN`] times [`RUNS`] elements, of one length.
struct Batch<'a, E: Num, F> {
    data: &'a [E],
    starts: &'a [usize],
    len: usize,
    out: &'a mut [E::Compute],
    fold: PhantomData<F>,
}

impl<E: Num<Compute: Run>, F: Fold<E>> pulp::WithSimd for Batch<'_, E, F> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for (out, &start) in self.out.iter_mut().zip(self.starts) {
            let x = &self.data[start..start + self.len];
            let found = match widened(x) {
                Some(x) if self.len > 0 => F::run(simd, x),
                _ => None,
            };
            *out = found.unwrap_or_else(|| in_lanes::<E, F>(x));
        }
    }
}

/// The elements as they are, if they are of the type that computes.
#[inline(always)]
fn widened<E: Num>(x: &[E]) -> Option<&[E::Compute]> {
    // SAFETY: all types but the 16-bit floats, whose `Compute` is wider, are represented as theirs.
    (size_of::<E>() == size_of::<E::Compute>())
        .then(|| unsafe { std::slice::from_raw_parts(x.as_ptr().cast(), x.len()) })
}

#[inline(always)]
fn in_lanes<E: Num<Compute: Run>, F: Fold<E>>(x: &[E]) -> E::Compute {
    if x.len() < SHORT {
        return lanes::<E, F, SHORT_LANES>(x);
    }
    if x.len() <= RUN {
        return lanes::<E, F, LANES>(x);
    }
    let mut runs = x.chunks(RUN).map(lanes::<E, F, LANES>);
    let mut partial = [F::START.widen(); RUNS];
    let count = x.len().div_ceil(RUN);
    for slot in &mut partial[..count] {
        *slot = runs.next().expect("as many runs");
    }
    halves::<E, F>(&partial[..count])
}

/// The fold in lanes that are joined by halves.
#[inline(always)]
fn lanes<E: Num<Compute: Run>, F: Fold<E>, const LANES: usize>(x: &[E]) -> E::Compute {
    let mut lanes = [F::START.widen(); LANES];
    let mut blocks = x.chunks_exact(LANES);
    for block in &mut blocks {
        for j in 0..LANES {
            lanes[j] = F::fold(lanes[j], block[j].widen());
        }
    }
    for (lane, x) in lanes.iter_mut().zip(blocks.remainder()) {
        *lane = F::fold(*lane, x.widen());
    }
    let mut width = LANES / 2;
    while width > 0 {
        for j in 0..width {
            lanes[j] = F::fold(lanes[j], lanes[j + width]);
        }
        width /= 2;
    }
    lanes[0]
}

fn halves<E: Num<Compute: Run>, F: Fold<E>>(values: &[E::Compute]) -> E::Compute {
    match values {
        [] => F::START.widen(),
        [one] => *one,
        _ => {
            let (left, right) = values.split_at(values.len() / 2);
            F::fold(halves::<E, F>(left), halves::<E, F>(right))
        }
    }
}

/// Runs on wide registers where they are worth the code: not for whole numbers.
fn dispatch<E: Num, W: pulp::WithSimd>(work: W) -> W::Output {
    match E::KIND {
        DtypeKind::U8 | DtypeKind::I32 | DtypeKind::I64 => work.with_simd(pulp::Scalar),
        _ => pulp::Arch::new().dispatch(work),
    }
}

/// Folds runs of one length that start at these places.
fn batch<E: Num<Compute: Run>, F: Fold<E>>(
    data: &[E],
    starts: &[usize],
    len: usize,
    out: &mut [E::Compute],
) {
    dispatch::<E, _>(Batch::<E, F> {
        data,
        starts,
        len,
        out,
        fold: PhantomData,
    });
}

fn slice<E: Num<Compute: Run>, F: Fold<E>>(x: &[E]) -> E::Compute {
    const MOST: usize = RUN * RUNS;
    let fold = |x: &[E]| {
        let mut value = [F::START.widen()];
        batch::<E, F>(x, &[0], x.len(), &mut value);
        value[0]
    };
    if x.len() <= MOST {
        return fold(x);
    }
    let pieces = x.len().div_ceil(MOST);
    let mut partial = vec![F::START.widen(); pieces];
    let out = Shared::new(partial.as_mut_ptr());
    parallel::each(pieces, Threads::worth(x.len()), |piece| {
        let value = fold(&x[piece * MOST..x.len().min((piece + 1) * MOST)]);
        // SAFETY: each piece writes its own place.
        unsafe { *out.get().add(piece) = value };
    });
    halves::<E, F>(&partial)
}

pub(super) fn reduce<E: Num<Compute: Run>>(by: Reduce, x: &Buffer<E>, axes: &[usize]) -> Buffer<E> {
    match by {
        Reduce::Sum => run::<E, Sum>(x, axes),
        Reduce::Prod => run::<E, Prod>(x, axes),
        Reduce::Max => run::<E, Max>(x, axes),
        Reduce::Min => run::<E, Min>(x, axes),
    }
}

fn run<E: Num<Compute: Run>, F: Fold<E>>(x: &Buffer<E>, axes: &[usize]) -> Buffer<E> {
    let rank = x.dims().len();
    let mut dims = Dims::new(x.dims());
    for &axis in axes {
        dims[axis] = 1;
    }
    let those = |reduced| -> Dims { (0..rank).filter(|a| axes.contains(a) == reduced).collect() };
    let (reduced, kept) = (those(true), those(false));
    if x.numel() == 0 {
        let n = dims.iter().product();
        return Buffer::from_slice(&vec![F::START; n], &dims);
    }
    let order: Dims = kept.iter().chain(reduced.iter()).copied().collect();
    // Elements of a run may come from either end.
    let forward = reduced.iter().fold(*x.layout(), |layout, &axis| {
        match layout.strides()[axis] < 0 {
            true => layout.flip(axis),
            false => layout,
        }
    });
    let permuted = forward.permute(&order);
    let (outer, inner) = split(&permuted, kept.len());
    let (outer_nest, inner_nest) = (Nest::new([&outer]), Nest::new([&inner]));
    if inner_nest.inner == 1 || inner_nest.inner_strides[0] == 1 {
        rows::<E, F>(x, &outer_nest, &inner_nest, &dims)
    } else if outer_nest.inner_strides[0] == 1 {
        columns::<E, F>(x, &outer_nest, &inner_nest, &dims)
    } else {
        let copy = (E::kernels().copy)(&x.view(permuted));
        let (outer, inner) = split(copy.layout(), kept.len());
        rows::<E, F>(&copy, &Nest::new([&outer]), &Nest::new([&inner]), &dims)
    }
}

/// The first `at` axes and the rest. The offset goes with the first.
fn split(layout: &Layout, at: usize) -> (Layout, Layout) {
    let axes: Dims = (0..layout.dims().len()).collect();
    let part = |axes: &[usize], offset| layout.select(axes, offset);
    (part(&axes[..at], layout.offset()), part(&axes[at..], 0))
}

/// Each output is a fold of contiguous runs.
fn rows<E: Num<Compute: Run>, F: Fold<E>>(
    x: &Buffer<E>,
    outer: &Nest<1>,
    inner: &Nest<1>,
    dims: &[usize],
) -> Buffer<E> {
    let outputs: usize = dims.iter().product();
    let runs = inner.rows();
    let data = x.raw();
    let start = |output: usize| {
        let (row, column) = (output / outer.inner, output % outer.inner);
        (outer.row(row)[0] as isize + column as isize * outer.inner_strides[0]) as usize
    };
    let one = |output: usize| {
        let start = start(output);
        let run = |r: usize| {
            let at = start + inner.row(r)[0];
            &data[at..at + inner.inner]
        };
        if runs == 1 {
            return slice::<E, F>(run(0));
        }
        let partial: Vec<E::Compute> = (0..runs).map(|r| slice::<E, F>(run(r))).collect();
        halves::<E, F>(&partial)
    };
    let together = runs == 1 && inner.inner <= RUN;
    // Several outputs to a piece, so that a piece is worth the hand-over.
    let each = (PIECE / (runs * inner.inner).max(1)).clamp(1, outputs.max(1));
    // SAFETY: the pieces cover all outputs.
    unsafe {
        Buffer::<E>::write_with(dims, |out| {
            let out = Shared::new(out);
            let threads = Threads::worth(outputs * runs * inner.inner);
            parallel::each(outputs.div_ceil(each), threads, |piece| {
                let mut output = piece * each;
                let end = outputs.min(output + each);
                while together && output < end {
                    let count = BATCH.min(end - output);
                    let (mut starts, mut values) = ([0; BATCH], [F::START.widen(); BATCH]);
                    let count = count.min(outer.inner - output % outer.inner);
                    let first = start(output) + inner.row(0)[0];
                    for (j, slot) in starts[..count].iter_mut().enumerate() {
                        *slot = first.wrapping_add_signed(j as isize * outer.inner_strides[0]);
                    }
                    let (starts, values) = (&starts[..count], &mut values[..count]);
                    batch::<E, F>(data, starts, inner.inner, values);
                    for (j, value) in values.iter().enumerate() {
                        out.get().add(output + j).write(E::narrow(*value));
                    }
                    output += count;
                }
                for output in output..end {
                    out.get().add(output).write(E::narrow(one(output)));
                }
            });
        })
    }
}

/// Folds columns of rows: `into[j] = fold(into[j], row[j])`.
struct Columns<'a, E: Num, F> {
    data: &'a [E],
    /// Where the rows start.
    starts: &'a [usize],
    into: &'a mut [E::Compute],
    fold: PhantomData<F>,
}

impl<E: Num<Compute: Run>, F: Fold<E>> pulp::WithSimd for Columns<'_, E, F> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let width = self.into.len();
        for &start in self.starts {
            let row = &self.data[start..start + width];
            for (into, x) in self.into.iter_mut().zip(row) {
                *into = F::fold(*into, x.widen());
            }
        }
    }
}

/// Neighbouring outputs are folds of neighbouring columns.
fn columns<E: Num<Compute: Run>, F: Fold<E>>(
    x: &Buffer<E>,
    outer: &Nest<1>,
    inner: &Nest<1>,
    dims: &[usize],
) -> Buffer<E> {
    let outputs: usize = dims.iter().product();
    let (inner_rows, inner_len, inner_stride) =
        (inner.rows(), inner.inner, inner.inner_strides[0] as usize);
    let reduced = inner_rows * inner_len;
    let mut starts = Scratch::new(0, reduced);
    for (r, start) in starts.iter_mut().enumerate() {
        *start = inner.row(r / inner_len)[0] + (r % inner_len) * inner_stride;
    }
    let blocks = outer.inner.div_ceil(COLUMNS);
    // SAFETY: every row of outputs is cut into blocks of columns, and each block writes its own.
    unsafe {
        Buffer::<E>::write_with(dims, |out| {
            let out = Shared::new(out);
            let threads = Threads::worth(outputs * reduced);
            parallel::each(outer.rows() * blocks, threads, |piece| {
                let (row, block) = (piece / blocks, piece % blocks);
                let (from, to) = (block * COLUMNS, outer.inner.min((block + 1) * COLUMNS));
                let width = to - from;
                let data = &x.raw()[outer.row(row)[0] + from..];
                // Two levels: a sum of many rows loses less in groups.
                let mut total = [F::START.widen(); COLUMNS];
                for group in starts.chunks(128) {
                    let mut part = [F::START.widen(); COLUMNS];
                    dispatch::<E, _>(Columns::<E, F> {
                        data,
                        starts: group,
                        into: &mut part[..width],
                        fold: PhantomData,
                    });
                    for (total, part) in total[..width].iter_mut().zip(&part) {
                        *total = F::fold(*total, *part);
                    }
                }
                for (j, value) in total[..width].iter().enumerate() {
                    out.get()
                        .add(row * outer.inner + from + j)
                        .write(E::narrow(*value));
                }
            });
        })
    }
}

pub(super) fn arg_reduce<E: Num>(by: Reduce, x: &Buffer<E>, axis: usize) -> Buffer<i64> {
    let mut dims = x.dims().to_vec();
    let size = dims[axis];
    assert!(
        size > 0 || x.numel() > 0 || dims.iter().product::<usize>() == 0,
        "{EMPTY}"
    );
    let stride = x.layout().strides()[axis];
    dims[axis] = 1;
    let outputs: usize = dims.iter().product();
    assert!(size > 0 || outputs == 0, "{EMPTY}");
    let first = x.layout().narrow(axis, 0, size.min(1));
    let nest = Nest::new([&first]);
    let better = |a: E, b: E| match by {
        Reduce::Min => a < b || (is_nan(a) && !is_nan(b)),
        _ => a > b || (is_nan(a) && !is_nan(b)),
    };
    let mut out = Vec::with_capacity(outputs);
    for output in 0..outputs {
        let start = nest.row(output / nest.inner)[0] as isize
            + (output % nest.inner) as isize * nest.inner_strides[0];
        let at = |i: usize| x.raw()[(start + i as isize * stride) as usize];
        let mut best = 0;
        for i in 1..size {
            if better(at(i), at(best)) {
                best = i;
            }
        }
        out.push(best as i64);
    }
    Buffer::from_slice(&out, &dims)
}

const EMPTY: &str = "argmax or argmin over an axis without elements";
