//! `Wgpu` as a backend: typed ops over those without types.

use std::any::TypeId;

use volta_core::backend::{Backend, Conv2dOptions, Pool2dOptions, Reduce, Winners};
use volta_core::dtype::{Dtype, DtypeKind, Float, Num};
use volta_core::error::Error;
use volta_core::ops::function::{Elementwise, Predicate};
use volta_core::ops::wgsl::Argument;
use volta_core::random::Rng;

use crate::buffer::Buffer;
use crate::elementwise::{Call, derivative};
use crate::gpu::Gpu;
use crate::raw::Raw;
use crate::{
    arg_reduce, cast, conv, gather, matmul, pool, random, reduce, scan, scatter, softmax, sort,
    structural,
};

/// The backend of [`Gpu`]s: `Mlp<Wgpu>`, `Tensor<s![2, 3], f32, Wgpu>`.
///
/// Every op is a kernel on the device; none falls back to the CPU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wgpu;

/// The inputs of a function.
fn inputs<const N: usize>() -> [Argument; N] {
    std::array::from_fn(Argument::Input)
}

impl Backend for Wgpu {
    type Device = Gpu;
    type Prim<E: Dtype> = Buffer<E>;
    type Ground = Wgpu;

    fn device<E: Dtype>(x: &Buffer<E>) -> Gpu {
        x.raw.gpu().clone()
    }
    fn ground<E: Dtype>(x: &Buffer<E>) -> Buffer<E> {
        x.clone()
    }
    fn from_ground<E: Dtype>(x: &Buffer<E>) -> Buffer<E> {
        x.clone()
    }
    fn dims<E: Dtype>(x: &Buffer<E>) -> &[usize] {
        x.raw.dims()
    }
    fn from_vec<E: Dtype>(gpu: &Gpu, data: Vec<E>, dims: &[usize]) -> Buffer<E> {
        let bytes = bytemuck::cast_slice(&data);
        Buffer::of(Raw::upload(gpu, E::KIND, dims, bytes))
    }
    fn full<E: Dtype>(gpu: &Gpu, value: E, dims: &[usize]) -> Buffer<E> {
        let bytes = bytemuck::bytes_of(&value);
        Buffer::of(structural::full(gpu, E::KIND, bytes, dims))
    }
    fn read<E: Dtype>(x: &Buffer<E>) -> Result<Vec<E>, Error> {
        let raw = structural::contiguous(&x.raw);
        if let Some(error) = raw.error() {
            return Err(error.clone().into());
        }
        let context = raw.gpu().context();
        if raw.numel() == 0 {
            context.fault()?;
            return Ok(Vec::new());
        }
        let read = |bytes: &[u8]| -> Option<Vec<E>> {
            let elements = bytes.chunks_exact(E::KIND.size());
            elements.map(E::from_le_bytes).collect()
        };
        let elements = context.download(&raw, read)?;
        Ok(elements.expect("kernels write a bool as 0 or 1"))
    }
    fn status<E: Dtype>(x: &Buffer<E>) -> Result<(), Error> {
        match x.raw.error() {
            Some(error) => Err(error.clone().into()),
            None => Ok(()),
        }
    }
    fn uniform<E: Float>(gpu: &Gpu, rng: &mut Rng, dims: &[usize]) -> Buffer<E> {
        Buffer::of(random::uniform(gpu, E::KIND, rng, dims))
    }
    fn normal<E: Float>(gpu: &Gpu, rng: &mut Rng, dims: &[usize]) -> Buffer<E> {
        Buffer::of(random::normal(gpu, E::KIND, rng, dims))
    }

    fn reshape<E: Dtype>(x: &Buffer<E>, dims: &[usize]) -> Buffer<E> {
        Buffer::of(structural::reshape(&x.raw, dims))
    }
    fn permute<E: Dtype>(x: &Buffer<E>, axes: &[usize]) -> Buffer<E> {
        Buffer::of(x.raw.view(x.raw.layout().permute(axes)))
    }
    fn expand<E: Dtype>(x: &Buffer<E>, dims: &[usize]) -> Buffer<E> {
        Buffer::of(x.raw.view(x.raw.layout().expand(dims)))
    }
    fn narrow<E: Dtype>(x: &Buffer<E>, axis: usize, start: usize, len: usize) -> Buffer<E> {
        Buffer::of(x.raw.view(x.raw.layout().narrow(axis, start, len)))
    }
    fn step<E: Dtype>(x: &Buffer<E>, axis: usize, step: usize) -> Buffer<E> {
        Buffer::of(x.raw.view(x.raw.layout().step(axis, step)))
    }
    fn unfold<E: Dtype>(x: &Buffer<E>, axis: usize, size: usize, step: usize) -> Buffer<E> {
        Buffer::of(x.raw.view(x.raw.layout().unfold(axis, size, step)))
    }
    fn pad<E: Dtype>(x: &Buffer<E>, axis: usize, before: usize, after: usize) -> Buffer<E> {
        Buffer::of(structural::pad(&x.raw, axis, before, after))
    }
    fn flip<E: Dtype>(x: &Buffer<E>, axes: &[usize]) -> Buffer<E> {
        let layout = *x.raw.layout();
        let layout = axes.iter().fold(layout, |layout, &axis| layout.flip(axis));
        Buffer::of(x.raw.view(layout))
    }
    fn cat<E: Dtype>(parts: &[&Buffer<E>], axis: usize) -> Buffer<E> {
        let parts: Vec<&Raw> = parts.iter().map(|part| &part.raw).collect();
        Buffer::of(structural::cat(&parts, axis))
    }

    fn map_many<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        x: [&Buffer<E>; N],
    ) -> [Buffer<E>; M] {
        let call = Call {
            name: Op::NAME,
            op: TypeId::of::<Op>(),
            part: 0,
            params: op.params(),
            kind: E::KIND,
            result: E::KIND,
            arguments: &inputs::<N>(),
            operands: &x.map(|x| &x.raw),
            source: &Op::wgsl,
        };
        call.run().map(Buffer::of)
    }
    fn map_in_place<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        targets: &mut [&mut Buffer<E>],
        others: &[&Buffer<E>],
    ) -> Vec<Buffer<E>> {
        let given = targets.len();
        assert!(
            given + others.len() == N && given <= M,
            "`{}` has {N} inputs and {M} outputs, not {given} targets and {} inputs",
            Op::NAME,
            others.len()
        );
        let all = inputs::<N>();
        let whole = targets.iter_mut().all(|x| x.raw.is_whole_and_unique());
        if !whole || given == 0 {
            let x = targets.iter().map(|x| &**x).chain(others.iter().copied());
            let x: Vec<&Buffer<E>> = x.collect();
            let x: [&Buffer<E>; N] = x.try_into().expect("counted");
            let mut outputs = Vec::from(Self::map_many(op, x));
            let rest = outputs.split_off(given);
            for (target, y) in targets.iter_mut().zip(outputs) {
                **target = y;
            }
            return rest;
        }
        let others: Vec<&Raw> = others.iter().map(|x| &x.raw).collect();
        let call = Call {
            name: Op::NAME,
            op: TypeId::of::<Op>(),
            part: 0,
            params: op.params(),
            kind: E::KIND,
            result: E::KIND,
            arguments: &all[given..],
            operands: &others,
            source: &Op::wgsl,
        };
        let seen: Vec<Raw> = targets.iter().map(|x| x.raw.clone()).collect();
        let mut outputs = call.run_in_place(&seen, M - given);
        let rest = outputs.split_off(given);
        for (target, y) in targets.iter_mut().zip(outputs) {
            target.raw = y;
        }
        rest.into_iter().map(Buffer::of).collect()
    }
    fn map_vjp<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        output: usize,
        input: usize,
        x: [&Buffer<E>; N],
        y: &Buffer<E>,
        gy: &Buffer<E>,
    ) -> Buffer<E> {
        let mut arguments = Vec::with_capacity(N + 2);
        let mut operands = Vec::with_capacity(N + 2);
        if Op::SAVES.inputs() {
            arguments.extend(inputs::<N>());
            operands.extend(x.map(|x| &x.raw));
        }
        if Op::SAVES.output() {
            arguments.push(Argument::Output);
            operands.push(&y.raw);
        }
        arguments.push(Argument::Gradient);
        operands.push(&gy.raw);
        let call = Call {
            name: Op::NAME,
            op: TypeId::of::<Op>(),
            part: derivative(output, input),
            params: op.params(),
            kind: E::KIND,
            result: E::KIND,
            arguments: &arguments,
            operands: &operands,
            source: &|| Op::vjp_wgsl(output, input),
        };
        let [gx] = call.run();
        Buffer::of(gx)
    }
    fn test<E: Dtype, Op: Predicate<E, N>, const N: usize>(
        op: Op,
        x: [&Buffer<E>; N],
    ) -> Buffer<bool> {
        let call = Call {
            name: Op::NAME,
            op: TypeId::of::<Op>(),
            part: 0,
            params: op.params(),
            kind: E::KIND,
            result: DtypeKind::Bool,
            arguments: &inputs::<N>(),
            operands: &x.map(|x| &x.raw),
            source: &Op::wgsl,
        };
        let [y] = call.run();
        Buffer::of(y)
    }
    fn select<E: Dtype>(mask: &Buffer<bool>, yes: &Buffer<E>, no: &Buffer<E>) -> Buffer<E> {
        Buffer::of(structural::select(&mask.raw, &yes.raw, &no.raw))
    }
    fn cast<E: Dtype, F: Dtype>(x: &Buffer<E>) -> Buffer<F> {
        Buffer::of(cast::cast(&x.raw, F::KIND))
    }

    fn reduce<E: Num>(by: Reduce, x: &Buffer<E>, axes: &[usize]) -> Buffer<E> {
        Buffer::of(reduce::reduce(by, &x.raw, axes))
    }
    fn arg_reduce<E: Num>(by: Reduce, x: &Buffer<E>, axis: usize) -> Buffer<i64> {
        Buffer::of(arg_reduce::arg_reduce(by, &x.raw, axis))
    }

    fn scan<E: Num>(by: Reduce, x: &Buffer<E>, axis: usize) -> Buffer<E> {
        Buffer::of(scan::scan(by, &x.raw, axis))
    }
    fn argsort<E: Num>(x: &Buffer<E>, axis: usize, descending: bool) -> Buffer<i64> {
        Buffer::of(sort::argsort(&x.raw, axis, descending))
    }

    fn matmul<E: Num>(a: &Buffer<E>, b: &Buffer<E>) -> Buffer<E> {
        Buffer::of(matmul::matmul(&a.raw, &b.raw))
    }

    fn check_index(op: &'static str, index: &Buffer<i64>, size: usize) {
        gather::check(op, &index.raw, size);
    }
    fn gather<E: Dtype>(x: &Buffer<E>, axis: usize, index: &Buffer<i64>) -> Buffer<E> {
        Buffer::of(gather::gather(&x.raw, axis, &index.raw))
    }
    fn scatter_add<E: Num>(
        dims: &[usize],
        axis: usize,
        index: &Buffer<i64>,
        source: &Buffer<E>,
    ) -> Buffer<E> {
        Buffer::of(scatter::scatter_add(dims, axis, &index.raw, &source.raw))
    }
    fn scatter<E: Dtype>(
        x: &Buffer<E>,
        axis: usize,
        index: &Buffer<i64>,
        source: &Buffer<E>,
    ) -> Buffer<E> {
        Buffer::of(scatter::scatter(&x.raw, axis, &index.raw, &source.raw))
    }

    fn conv2d<E: Float>(x: &Buffer<E>, w: &Buffer<E>, options: Conv2dOptions) -> Buffer<E> {
        Buffer::of(conv::forward(&x.raw, &w.raw, options))
    }
    fn conv2d_input_grad<E: Float>(
        gy: &Buffer<E>,
        w: &Buffer<E>,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Buffer<E> {
        Buffer::of(conv::input_grad(&gy.raw, &w.raw, options, dims))
    }
    fn conv2d_weight_grad<E: Float>(
        x: &Buffer<E>,
        gy: &Buffer<E>,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Buffer<E> {
        Buffer::of(conv::weight_grad(&x.raw, &gy.raw, options, dims))
    }
    fn max_pool2d<E: Num>(x: &Buffer<E>, options: Pool2dOptions) -> (Buffer<E>, Winners<Self>) {
        let (y, winners) = pool::max_pool2d(&x.raw, options);
        let winners = match options.is_small() {
            true => Winners::Bytes(Buffer::of(winners)),
            false => Winners::Words(Buffer::of(winners)),
        };
        (Buffer::of(y), winners)
    }
    fn max_pool2d_input_grad<E: Num>(
        gy: &Buffer<E>,
        winners: &Winners<Self>,
        options: Pool2dOptions,
        dims: &[usize],
    ) -> Buffer<E> {
        let winners = match winners {
            Winners::Bytes(winners) => &winners.raw,
            Winners::Words(winners) => &winners.raw,
        };
        Buffer::of(pool::max_pool2d_input_grad(&gy.raw, winners, options, dims))
    }

    fn log_softmax<E: Float>(x: &Buffer<E>, axis: usize) -> Buffer<E> {
        Buffer::of(softmax::softmax(&x.raw, axis, true))
    }
    fn log_softmax_vjp<E: Float>(y: &Buffer<E>, gy: &Buffer<E>, axis: usize) -> Buffer<E> {
        Buffer::of(softmax::softmax_vjp(&y.raw, &gy.raw, axis, true))
    }
    fn softmax<E: Float>(x: &Buffer<E>, axis: usize) -> Buffer<E> {
        Buffer::of(softmax::softmax(&x.raw, axis, false))
    }
    fn softmax_vjp<E: Float>(y: &Buffer<E>, gy: &Buffer<E>, axis: usize) -> Buffer<E> {
        Buffer::of(softmax::softmax_vjp(&y.raw, &gy.raw, axis, false))
    }
}
