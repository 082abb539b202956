//! The CPU backend: shared, aligned storage and vector kernels, threads where they pay.

mod attention;
mod buffer;
mod conv;
mod gather;
mod gemm;
mod kernel;
mod lanes;
mod map;
mod matmul;
mod memory;
mod normalise;
mod parallel;
mod pool;
mod reduce;
mod scan;
mod softmax;
mod sort;
mod storage;
mod stream;
mod structural;
mod threads;
mod tiles;
mod widen;

pub use buffer::Buffer;
#[doc(hidden)]
pub use kernel::{KernelSet, Lane, RawKernel};
#[cfg(feature = "profile")]
pub(crate) use memory::bytes_handed_out;
pub use memory::{MemoryStats, memory_stats, set_memory_limit, trim_memory, without_memory_cache};
pub use threads::{num_threads, set_num_threads};

use self::kernel::Role;
use self::map::Target;
use self::storage::Unwritten;
use crate::backend::{
    AttentionScores, Backend, Conv2dOptions, Device, NormaliseGradients, Pool2dOptions, Reduce,
    Winners, check_classes, transposed,
};
use crate::dtype::{Dtype, Float, Num};
use crate::error::Error;
use crate::ops::function::{Elementwise, Params, Predicate};

/// Main memory and the processor's vector units.
///
/// Work is shared among [threads](set_num_threads); results are the same for any number of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cpu;

impl Device for Cpu {
    type Backend = Cpu;
    fn device(&self) -> Cpu {
        Cpu
    }
}

/// An elementwise kernel over operands: see [`map::run`].
type Map<E, O> = unsafe fn(RawKernel, &Params, &[Option<&Buffer<E>>], &[usize], &[Target<O>]);

/// The same in place: see [`map::in_place`].
type MapInPlace<E> =
    unsafe fn(RawKernel, &Params, &mut [&mut Buffer<E>], &[&Buffer<E>]) -> Vec<Buffer<E>>;

/// Kernels of every element type, compiled once in this crate: a program that uses a tensor only
/// links them.
#[doc(hidden)]
pub struct Kernels<E> {
    pub(crate) copy: fn(&Buffer<E>) -> Buffer<E>,
    cat: fn(&[&Buffer<E>], usize) -> Buffer<E>,
    pad: fn(&Buffer<E>, usize, usize, usize) -> Buffer<E>,
    test: Map<E, bool>,
    select: fn(&Buffer<bool>, &Buffer<E>, &Buffer<E>) -> Buffer<E>,
    gather: fn(&Buffer<E>, usize, &Buffer<i64>) -> Buffer<E>,
    scatter: fn(&Buffer<E>, usize, &Buffer<i64>, &Buffer<E>) -> Buffer<E>,
}

impl<E: Dtype> Kernels<E> {
    pub(crate) const fn of() -> Self {
        Kernels {
            copy: structural::copy,
            cat: structural::cat,
            pad: structural::pad,
            test: map::run,
            select: structural::select,
            gather: gather::gather,
            scatter: gather::scatter,
        }
    }
}

/// Kernels of numbers.
#[doc(hidden)]
pub struct NumKernels<E: Num> {
    map: Map<E, E>,
    map_in_place: MapInPlace<E>,
    reduce: fn(Reduce, &Buffer<E>, &[usize]) -> Buffer<E>,
    arg_reduce: fn(Reduce, &Buffer<E>, usize) -> Buffer<i64>,
    scan: fn(Reduce, &Buffer<E>, usize) -> Buffer<E>,
    top: fn(&Buffer<E>, usize, usize, bool) -> Buffer<i64>,
    matmul: fn(&Buffer<E>, &Buffer<E>, Option<&Buffer<E>>) -> Buffer<E>,
    scatter_add: fn(&[usize], usize, &Buffer<i64>, &Buffer<E>) -> Buffer<E>,
    max_pool2d: fn(&Buffer<E>, Pool2dOptions) -> (Buffer<E>, Winners<Cpu>),
    max_pool2d_input_grad: MaxPool2dGrad<E>,
}

impl<E: Num<Compute: gemm::Gemm + reduce::Run>> NumKernels<E> {
    pub(crate) const fn of() -> Self {
        NumKernels {
            map: map::run,
            map_in_place: map::in_place,
            reduce: reduce::reduce,
            arg_reduce: reduce::arg_reduce,
            scan: scan::scan,
            top: sort::top,
            matmul: matmul::matmul,
            scatter_add: gather::scatter_add,
            max_pool2d: pool::max_pool2d,
            max_pool2d_input_grad: pool::max_pool2d_input_grad,
        }
    }
}

type MaxPool2dGrad<E> = fn(&Buffer<E>, &Winners<Cpu>, Pool2dOptions, &[usize]) -> Buffer<E>;

type Conv2dGrad<E> = fn(&Buffer<E>, &Buffer<E>, Conv2dOptions, &[usize]) -> Buffer<E>;

/// `None` where it is left to the primitives.
type Normalise<E> =
    fn(&Buffer<E>, &[usize], f64, Option<[&Buffer<E>; 2]>) -> Option<[Buffer<E>; 3]>;
type NormaliseVjp<E> = fn(
    &Buffer<E>,
    [&Buffer<E>; 2],
    &[usize],
    f64,
    Option<[&Buffer<E>; 2]>,
    &Buffer<E>,
) -> Option<(Buffer<E>, Option<[Buffer<E>; 2]>)>;

/// The output and the logarithms of sums; `None` where it is left to the primitives.
type Attention<E> = for<'a> fn(
    &Buffer<E>,
    &Buffer<E>,
    &Buffer<E>,
    AttentionScores<'a, E, Cpu>,
) -> Option<(Buffer<E>, Buffer<E>)>;

/// Kernels of floating-point numbers.
#[doc(hidden)]
pub struct FloatKernels<E: Float> {
    conv2d: fn(&Buffer<E>, &Buffer<E>, Conv2dOptions) -> Buffer<E>,
    conv2d_input_grad: Conv2dGrad<E>,
    conv2d_weight_grad: Conv2dGrad<E>,
    log_softmax: fn(&Buffer<E>, usize) -> Buffer<E>,
    log_softmax_vjp: fn(&Buffer<E>, &Buffer<E>, usize) -> Buffer<E>,
    softmax: fn(&Buffer<E>, usize) -> Buffer<E>,
    softmax_vjp: fn(&Buffer<E>, &Buffer<E>, usize) -> Buffer<E>,
    attention: Attention<E>,
    attention_weights: fn(&Buffer<E>) -> [Buffer<E>; 3],
    attention_weights_vjp: fn([&Buffer<E>; 2], [&Buffer<E>; 2]) -> [Buffer<E>; 2],
    normalise: Normalise<E>,
    normalise_vjp: NormaliseVjp<E>,
}

impl<E: Float<Compute: conv::Conv + softmax::Decay>> FloatKernels<E> {
    pub(crate) const fn of() -> Self {
        FloatKernels {
            conv2d: conv::forward,
            conv2d_input_grad: conv::input_grad,
            conv2d_weight_grad: conv::weight_grad,
            log_softmax: softmax::log_softmax,
            log_softmax_vjp: softmax::log_softmax_vjp,
            softmax: softmax::softmax,
            softmax_vjp: softmax::softmax_vjp,
            attention: attention::forward,
            attention_weights: softmax::attention_weights,
            attention_weights_vjp: softmax::attention_weights_vjp,
            normalise: normalise::forward,
            normalise_vjp: normalise::vjp,
        }
    }
}

/// New tensors of these sizes, written by a function.
///
/// # Safety
/// The function writes every element of every target.
#[inline]
unsafe fn outputs<E: Dtype, const M: usize>(
    dims: &[usize],
    write: impl FnOnce(&[Target<E>; M]),
) -> [Buffer<E>; M] {
    let mut outputs: [Unwritten<E>; M] = std::array::from_fn(|_| Unwritten::new(dims));
    write(&outputs.each_mut().map(|out| Target {
        start: out.as_mut_ptr(),
        in_place: false,
    }));
    // SAFETY: the caller's promise.
    outputs.map(|out| Buffer::new(unsafe { out.written() }))
}

#[cfg_attr(
    feature = "profile",
    volta_macros::spans(device, ground, from_ground, dims)
)]
impl Backend for Cpu {
    type Device = Cpu;
    type Prim<E: Dtype> = Buffer<E>;
    type Ground = Cpu;

    #[inline]
    fn device<E: Dtype>(_: &Buffer<E>) -> Cpu {
        Cpu
    }
    #[inline]
    fn ground<E: Dtype>(x: &Buffer<E>) -> Buffer<E> {
        x.clone()
    }
    #[inline]
    fn from_ground<E: Dtype>(x: &Buffer<E>) -> Buffer<E> {
        x.clone()
    }
    #[inline]
    fn dims<E: Dtype>(x: &Buffer<E>) -> &[usize] {
        x.dims()
    }
    fn from_vec<E: Dtype>(_: &Cpu, data: Vec<E>, dims: &[usize]) -> Buffer<E> {
        Buffer::from_slice(&data, dims)
    }
    fn full<E: Dtype>(_: &Cpu, value: E, dims: &[usize]) -> Buffer<E> {
        Buffer::full(value, dims)
    }
    fn read<E: Dtype>(x: &Buffer<E>) -> Result<Vec<E>, Error> {
        Ok(widen::contiguous(x)
            .as_slice()
            .expect("contiguous")
            .to_vec())
    }
    fn is_overwritable<E: Dtype>(x: &Buffer<E>) -> bool {
        x.is_unique()
    }
    fn overwrite<E: Dtype>(x: &mut Buffer<E>, data: Vec<E>) {
        match x.is_unique() {
            true => x.make_mut().copy_from_slice(&data),
            false => *x = Buffer::from_slice(&data, x.dims()),
        }
    }

    fn reshape<E: Dtype>(x: &Buffer<E>, dims: &[usize]) -> Buffer<E> {
        if x.dims() == dims {
            return x.clone();
        }
        match x.layout().reshape(dims) {
            Some(layout) => x.view(layout),
            None => {
                let copy = (E::kernels().copy)(x);
                let layout = copy.layout().reshape(dims).expect("row-major");
                copy.view(layout)
            }
        }
    }
    fn permute<E: Dtype>(x: &Buffer<E>, axes: &[usize]) -> Buffer<E> {
        x.view(x.layout().permute(axes))
    }
    fn expand<E: Dtype>(x: &Buffer<E>, dims: &[usize]) -> Buffer<E> {
        if x.dims() == dims {
            return x.clone();
        }
        x.view(x.layout().expand(dims))
    }
    fn narrow<E: Dtype>(x: &Buffer<E>, axis: usize, start: usize, len: usize) -> Buffer<E> {
        x.view(x.layout().narrow(axis, start, len))
    }
    fn step<E: Dtype>(x: &Buffer<E>, axis: usize, step: usize) -> Buffer<E> {
        x.view(x.layout().step(axis, step))
    }
    fn unfold<E: Dtype>(x: &Buffer<E>, axis: usize, size: usize, step: usize) -> Buffer<E> {
        x.view(x.layout().unfold(axis, size, step))
    }
    fn pad<E: Dtype>(x: &Buffer<E>, axis: usize, before: usize, after: usize) -> Buffer<E> {
        (E::kernels().pad)(x, axis, before, after)
    }
    fn flip<E: Dtype>(x: &Buffer<E>, axes: &[usize]) -> Buffer<E> {
        let layout = axes
            .iter()
            .fold(*x.layout(), |layout, &axis| layout.flip(axis));
        x.view(layout)
    }
    fn cat<E: Dtype>(parts: &[&Buffer<E>], axis: usize) -> Buffer<E> {
        (E::kernels().cat)(parts, axis)
    }

    fn map_many<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        x: [&Buffer<E>; N],
    ) -> [Buffer<E>; M] {
        let kernel = Op::kernel();
        kernel.check::<E::Compute>(Role::Value, N, M);
        let (dims, params) = (x[0].dims(), op.params());
        // SAFETY: the kernel is one of `E` with as many outputs; `map` writes every element of the
        // targets, which overlap nothing.
        unsafe {
            outputs(dims, |targets| {
                (E::num_kernels().map)(kernel, &params, &x.map(Some), dims, targets);
            })
        }
    }
    fn map_in_place<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        targets: &mut [&mut Buffer<E>],
        inputs: &[&Buffer<E>],
    ) -> Vec<Buffer<E>> {
        let kernel = Op::kernel();
        kernel.check::<E::Compute>(Role::Value, N, M);
        // SAFETY: the kernel is that of a function of `E`.
        unsafe { (E::num_kernels().map_in_place)(kernel, &op.params(), targets, inputs) }
    }
    fn map_vjp<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        output: usize,
        input: usize,
        x: [&Buffer<E>; N],
        y: &Buffer<E>,
        gy: &Buffer<E>,
    ) -> Buffer<E> {
        let kernel = Op::vjp_kernel(output, input);
        kernel.check::<E::Compute>(Role::Vjp, N, 1);
        let mut operands = [None; kernel::MAX_OPERANDS];
        if kernel.saves.inputs() {
            for (slot, x) in operands.iter_mut().zip(x) {
                *slot = Some(x);
            }
        }
        if kernel.saves.output() {
            operands[N] = Some(y);
        }
        operands[N + 1] = Some(gy);
        let (dims, params) = (gy.dims(), op.params());
        // SAFETY: as in `map_many`.
        let [gx] = unsafe {
            outputs(dims, |targets| {
                (E::num_kernels().map)(kernel, &params, &operands[..N + 2], dims, targets);
            })
        };
        gx
    }
    fn test<E: Dtype, Op: Predicate<E, N>, const N: usize>(
        op: Op,
        x: [&Buffer<E>; N],
    ) -> Buffer<bool> {
        let kernel = Op::kernel();
        kernel.check::<E::Compute>(Role::Test, N, 1);
        let (dims, params) = (x[0].dims(), op.params());
        // SAFETY: as in `map_many`.
        let [y] = unsafe {
            outputs(dims, |targets| {
                (E::kernels().test)(kernel, &params, &x.map(Some), dims, targets);
            })
        };
        y
    }
    fn select<E: Dtype>(mask: &Buffer<bool>, yes: &Buffer<E>, no: &Buffer<E>) -> Buffer<E> {
        (E::kernels().select)(mask, yes, no)
    }
    fn cast<E: Dtype, F: Dtype>(x: &Buffer<E>) -> Buffer<F> {
        structural::cast(x)
    }

    fn reduce<E: Num>(by: Reduce, x: &Buffer<E>, axes: &[usize]) -> Buffer<E> {
        (E::num_kernels().reduce)(by, x, axes)
    }
    fn arg_reduce<E: Num>(by: Reduce, x: &Buffer<E>, axis: usize) -> Buffer<i64> {
        (E::num_kernels().arg_reduce)(by, x, axis)
    }

    fn scan<E: Num>(by: Reduce, x: &Buffer<E>, axis: usize) -> Buffer<E> {
        (E::num_kernels().scan)(by, x, axis)
    }
    fn argsort<E: Num>(x: &Buffer<E>, axis: usize, descending: bool) -> Buffer<i64> {
        Self::top(x, axis, x.dims()[axis], descending)
    }
    fn top<E: Num>(x: &Buffer<E>, axis: usize, k: usize, descending: bool) -> Buffer<i64> {
        (E::num_kernels().top)(x, axis, k, descending)
    }

    fn matmul<E: Num>(a: &Buffer<E>, b: &Buffer<E>) -> Buffer<E> {
        (E::num_kernels().matmul)(a, b, None)
    }
    fn linear<E: Float>(x: &Buffer<E>, w: &Buffer<E>, bias: Option<&Buffer<E>>) -> Buffer<E> {
        (E::num_kernels().matmul)(x, &transposed::<E, Cpu>(w), bias)
    }

    fn check_index(op: &'static str, index: &Buffer<i64>, size: usize) {
        let index = widen::contiguous(index);
        check_classes(op, index.as_slice().expect("contiguous"), size);
    }

    fn gather<E: Dtype>(x: &Buffer<E>, axis: usize, index: &Buffer<i64>) -> Buffer<E> {
        (E::kernels().gather)(x, axis, index)
    }
    fn scatter_add<E: Num>(
        dims: &[usize],
        axis: usize,
        index: &Buffer<i64>,
        source: &Buffer<E>,
    ) -> Buffer<E> {
        (E::num_kernels().scatter_add)(dims, axis, index, source)
    }
    fn scatter<E: Dtype>(
        x: &Buffer<E>,
        axis: usize,
        index: &Buffer<i64>,
        source: &Buffer<E>,
    ) -> Buffer<E> {
        (E::kernels().scatter)(x, axis, index, source)
    }

    fn conv2d<E: Float>(x: &Buffer<E>, w: &Buffer<E>, options: Conv2dOptions) -> Buffer<E> {
        (E::float_kernels().conv2d)(x, w, options)
    }
    fn conv2d_input_grad<E: Float>(
        gy: &Buffer<E>,
        w: &Buffer<E>,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Buffer<E> {
        (E::float_kernels().conv2d_input_grad)(gy, w, options, dims)
    }
    fn conv2d_weight_grad<E: Float>(
        x: &Buffer<E>,
        gy: &Buffer<E>,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Buffer<E> {
        (E::float_kernels().conv2d_weight_grad)(x, gy, options, dims)
    }
    fn max_pool2d<E: Num>(x: &Buffer<E>, options: Pool2dOptions) -> (Buffer<E>, Winners<Self>) {
        (E::num_kernels().max_pool2d)(x, options)
    }
    fn max_pool2d_input_grad<E: Num>(
        gy: &Buffer<E>,
        winners: &Winners<Self>,
        options: Pool2dOptions,
        dims: &[usize],
    ) -> Buffer<E> {
        (E::num_kernels().max_pool2d_input_grad)(gy, winners, options, dims)
    }

    fn log_softmax<E: Float>(x: &Buffer<E>, axis: usize) -> Buffer<E> {
        (E::float_kernels().log_softmax)(x, axis)
    }
    fn log_softmax_vjp<E: Float>(y: &Buffer<E>, gy: &Buffer<E>, axis: usize) -> Buffer<E> {
        (E::float_kernels().log_softmax_vjp)(y, gy, axis)
    }
    fn softmax<E: Float>(x: &Buffer<E>, axis: usize) -> Buffer<E> {
        (E::float_kernels().softmax)(x, axis)
    }
    fn softmax_vjp<E: Float>(y: &Buffer<E>, gy: &Buffer<E>, axis: usize) -> Buffer<E> {
        (E::float_kernels().softmax_vjp)(y, gy, axis)
    }

    fn attention<E: Float>(
        q: &Buffer<E>,
        k: &Buffer<E>,
        v: &Buffer<E>,
        how: AttentionScores<'_, E, Cpu>,
    ) -> (Buffer<E>, Buffer<E>) {
        (E::float_kernels().attention)(q, k, v, how)
            .unwrap_or_else(|| crate::attention::forward::<E, Cpu>(q, k, v, how))
    }

    fn attention_weights<E: Float>(scores: &Buffer<E>) -> [Buffer<E>; 3] {
        (E::float_kernels().attention_weights)(scores)
    }
    fn attention_weights_vjp<E: Float>(
        scores: &Buffer<E>,
        log_sum: &Buffer<E>,
        gradient: &Buffer<E>,
        delta: &Buffer<E>,
    ) -> [Buffer<E>; 2] {
        (E::float_kernels().attention_weights_vjp)([scores, gradient], [log_sum, delta])
    }

    fn normalise<E: Float>(
        x: &Buffer<E>,
        axes: &[usize],
        eps: f64,
        affine: Option<[&Buffer<E>; 2]>,
    ) -> [Buffer<E>; 3] {
        (E::float_kernels().normalise)(x, axes, eps, affine)
            .unwrap_or_else(|| crate::normalise::forward::<E, Cpu>(x, axes, eps, affine))
    }
    fn normalise_vjp<E: Float>(
        x: &Buffer<E>,
        sums: [&Buffer<E>; 2],
        axes: &[usize],
        eps: f64,
        affine: Option<[&Buffer<E>; 2]>,
        gy: &Buffer<E>,
    ) -> NormaliseGradients<E, Cpu> {
        match (E::float_kernels().normalise_vjp)(x, sums, axes, eps, affine, gy) {
            Some((x, affine)) => NormaliseGradients { x, affine },
            None => crate::normalise::vjp::<E, Cpu>(x, sums, axes, eps, affine, gy),
        }
    }
}

#[cfg(test)]
mod tests;
