//! `Taped<B>` as a backend: run on `B`, record the way back.

mod attention;
mod conv;
mod elementwise;
mod index;
mod normalise;
mod product;
mod reduce;
mod result;
mod views;

use super::record::{Taped, Tracked};
use crate::backend::{
    AttentionScores, Backend, Conv2dOptions, Joint, Pool2dOptions, Reduce, Winners,
};
use crate::dtype::{Dtype, Float, Num};
use crate::error::Error;
use crate::ops::function::{Elementwise, Predicate};
use crate::random::Rng;

impl<B: Backend> Backend for Taped<B> {
    type Device = B::Device;
    type Prim<E: Dtype> = Tracked<E, B>;
    type Ground = B::Ground;

    fn device<E: Dtype>(x: &Tracked<E, B>) -> B::Device {
        B::device(&x.value)
    }
    fn ground<E: Dtype>(x: &Tracked<E, B>) -> <B::Ground as Backend>::Prim<E> {
        B::ground(&x.value)
    }
    fn from_ground<E: Dtype>(x: &<B::Ground as Backend>::Prim<E>) -> Tracked<E, B> {
        Tracked::constant(B::from_ground(x))
    }
    fn dims<E: Dtype>(x: &Tracked<E, B>) -> &[usize] {
        B::dims(&x.value)
    }
    fn from_vec<E: Dtype>(device: &B::Device, data: Vec<E>, dims: &[usize]) -> Tracked<E, B> {
        Tracked::constant(B::from_vec(device, data, dims))
    }
    fn full<E: Dtype>(device: &B::Device, value: E, dims: &[usize]) -> Tracked<E, B> {
        Tracked::constant(B::full(device, value, dims))
    }
    fn read<E: Dtype>(x: &Tracked<E, B>) -> Result<Vec<E>, Error> {
        B::read(&x.value)
    }
    fn status<E: Dtype>(x: &Tracked<E, B>) -> Result<(), Error> {
        B::status(&x.value)
    }
    fn uniform<E: Float>(device: &B::Device, rng: &mut Rng, dims: &[usize]) -> Tracked<E, B> {
        Tracked::constant(B::uniform(device, rng, dims))
    }
    fn normal<E: Float>(device: &B::Device, rng: &mut Rng, dims: &[usize]) -> Tracked<E, B> {
        Tracked::constant(B::normal(device, rng, dims))
    }

    fn reshape<E: Dtype>(x: &Tracked<E, B>, dims: &[usize]) -> Tracked<E, B> {
        views::reshape(x, dims)
    }
    fn permute<E: Dtype>(x: &Tracked<E, B>, axes: &[usize]) -> Tracked<E, B> {
        views::permute(x, axes)
    }
    fn expand<E: Dtype>(x: &Tracked<E, B>, dims: &[usize]) -> Tracked<E, B> {
        views::expand(x, dims)
    }
    fn narrow<E: Dtype>(x: &Tracked<E, B>, axis: usize, start: usize, len: usize) -> Tracked<E, B> {
        views::narrow(x, axis, start, len)
    }
    fn step<E: Dtype>(x: &Tracked<E, B>, axis: usize, step: usize) -> Tracked<E, B> {
        views::step(x, axis, step)
    }
    fn unfold<E: Dtype>(x: &Tracked<E, B>, axis: usize, size: usize, step: usize) -> Tracked<E, B> {
        views::unfold(x, axis, size, step)
    }
    fn pad<E: Dtype>(x: &Tracked<E, B>, axis: usize, before: usize, after: usize) -> Tracked<E, B> {
        views::pad(x, axis, before, after)
    }
    fn flip<E: Dtype>(x: &Tracked<E, B>, axes: &[usize]) -> Tracked<E, B> {
        views::flip(x, axes)
    }
    fn cat<E: Dtype>(parts: &[&Tracked<E, B>], axis: usize) -> Tracked<E, B> {
        views::cat(parts, axis)
    }

    fn split<E: Dtype>(x: &Tracked<E, B>, axis: usize, sizes: &[usize]) -> Vec<Tracked<E, B>> {
        views::split(x, axis, sizes)
    }

    fn map_joint<E: Num, Op: Joint<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        x: [&Tracked<E, B>; N],
    ) -> [Tracked<E, B>; M] {
        elementwise::map_joint(op, x)
    }
    fn map_many<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        x: [&Tracked<E, B>; N],
    ) -> [Tracked<E, B>; M] {
        elementwise::map_many(op, x)
    }
    fn map_vjp<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        output: usize,
        input: usize,
        x: [&Tracked<E, B>; N],
        y: &Tracked<E, B>,
        gy: &Tracked<E, B>,
    ) -> Tracked<E, B> {
        op.composed_vjp::<Self>(output, input, x, y, gy)
    }
    fn test<E: Dtype, Op: Predicate<E, N>, const N: usize>(
        op: Op,
        x: [&Tracked<E, B>; N],
    ) -> Tracked<bool, B> {
        Tracked::constant(B::test(op, x.map(|x| &x.value)))
    }
    fn select<E: Dtype>(
        mask: &Tracked<bool, B>,
        yes: &Tracked<E, B>,
        no: &Tracked<E, B>,
    ) -> Tracked<E, B> {
        elementwise::select(mask, yes, no)
    }
    fn cast<E: Dtype, F: Dtype>(x: &Tracked<E, B>) -> Tracked<F, B> {
        elementwise::cast(x)
    }

    fn reduce<E: Num>(by: Reduce, x: &Tracked<E, B>, axes: &[usize]) -> Tracked<E, B> {
        reduce::reduce(by, x, axes)
    }
    fn arg_reduce<E: Num>(by: Reduce, x: &Tracked<E, B>, axis: usize) -> Tracked<i64, B> {
        Tracked::constant(B::arg_reduce(by, &x.value, axis))
    }

    fn scan<E: Num>(by: Reduce, x: &Tracked<E, B>, axis: usize) -> Tracked<E, B> {
        reduce::scan(by, x, axis)
    }
    fn argsort<E: Num>(x: &Tracked<E, B>, axis: usize, descending: bool) -> Tracked<i64, B> {
        Tracked::constant(B::argsort(&x.value, axis, descending))
    }
    fn top<E: Num>(x: &Tracked<E, B>, axis: usize, k: usize, descending: bool) -> Tracked<i64, B> {
        Tracked::constant(B::top(&x.value, axis, k, descending))
    }

    fn matmul<E: Num>(a: &Tracked<E, B>, b: &Tracked<E, B>) -> Tracked<E, B> {
        product::matmul(a, b)
    }

    fn linear<E: Float>(
        x: &Tracked<E, B>,
        w: &Tracked<E, B>,
        bias: Option<&Tracked<E, B>>,
    ) -> Tracked<E, B> {
        product::linear(x, w, bias)
    }

    fn check_index(op: &'static str, index: &Tracked<i64, B>, size: usize) {
        B::check_index(op, &index.value, size);
    }
    fn gather<E: Dtype>(x: &Tracked<E, B>, axis: usize, index: &Tracked<i64, B>) -> Tracked<E, B> {
        index::gather(x, axis, index)
    }
    fn scatter_add<E: Num>(
        dims: &[usize],
        axis: usize,
        index: &Tracked<i64, B>,
        source: &Tracked<E, B>,
    ) -> Tracked<E, B> {
        index::scatter_add(dims, axis, index, source)
    }
    fn scatter<E: Dtype>(
        x: &Tracked<E, B>,
        axis: usize,
        index: &Tracked<i64, B>,
        source: &Tracked<E, B>,
    ) -> Tracked<E, B> {
        index::scatter(x, axis, index, source)
    }

    fn conv2d<E: Float>(
        x: &Tracked<E, B>,
        w: &Tracked<E, B>,
        options: Conv2dOptions,
    ) -> Tracked<E, B> {
        conv::conv2d(x, w, options)
    }
    fn conv2d_input_grad<E: Float>(
        gy: &Tracked<E, B>,
        w: &Tracked<E, B>,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Tracked<E, B> {
        conv::conv2d_input_grad(gy, w, options, dims)
    }
    fn conv2d_weight_grad<E: Float>(
        x: &Tracked<E, B>,
        gy: &Tracked<E, B>,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Tracked<E, B> {
        conv::conv2d_weight_grad(x, gy, options, dims)
    }
    fn max_pool2d<E: Num>(
        x: &Tracked<E, B>,
        options: Pool2dOptions,
    ) -> (Tracked<E, B>, Winners<Self>) {
        conv::max_pool2d(x, options)
    }

    fn log_softmax<E: Float>(x: &Tracked<E, B>, axis: usize) -> Tracked<E, B> {
        normalise::log_softmax(x, axis)
    }
    fn softmax<E: Float>(x: &Tracked<E, B>, axis: usize) -> Tracked<E, B> {
        normalise::softmax(x, axis)
    }

    fn normalise<E: Float>(
        x: &Tracked<E, B>,
        axes: &[usize],
        eps: f64,
        affine: Option<[&Tracked<E, B>; 2]>,
    ) -> [Tracked<E, B>; 3] {
        normalise::normalise(x, axes, eps, affine)
    }

    fn attention<E: Float>(
        q: &Tracked<E, B>,
        k: &Tracked<E, B>,
        v: &Tracked<E, B>,
        how: AttentionScores<'_, E, Self>,
    ) -> (Tracked<E, B>, Tracked<E, B>) {
        attention::attention(q, k, v, how)
    }
}
