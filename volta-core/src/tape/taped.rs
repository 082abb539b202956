//! `Taped<B>` as a backend: run on `B`, record the way back.

use std::cell::RefCell;
use std::rc::Rc;

use super::backward::Gradients;
use super::derivatives::{crop, extreme_grad, fold, prod_grad, spread, sum_to, zeros_like};
use super::record::{Node, Taped, Tracked, tape_of};
use super::rows::{last_in_place, running_product, scan_places};
use crate::backend::{
    AttentionScores, Backend, Conv2dOptions, Joint, Pool2dOptions, Reduce, transposed,
};
use crate::dtype::{AnyFloat, Dtype, DtypeKind, Float, Num, map_float, with_float};
use crate::error::Error;
use crate::normalise::moments_vjp;
use crate::ops::function::{Elementwise, Predicate, Saves, Slope};
use crate::random::Rng;
use crate::shape::runtime::Dims;

/// The result of an op: on the tape of its inputs, or a constant if none is traced.
fn record<'a, E: Dtype, B: Backend>(
    value: B::Prim<E>,
    inputs: impl IntoIterator<Item = Option<&'a Node<B>>>,
    backward: impl FnOnce(AnyFloat<B>, &mut Gradients<B>) + 'static,
) -> Tracked<E, B> {
    let node = tape_of(inputs).map(|tape| Node {
        tape: tape.clone(),
        id: tape.push(backward),
    });
    Tracked { value, node }
}

/// The results of an op that goes back once, with the gradients of all that have one.
fn record_joint<'a, E: Dtype, B: Backend>(
    values: Vec<B::Prim<E>>,
    inputs: impl IntoIterator<Item = Option<&'a Node<B>>>,
    backward: impl FnOnce(Vec<Option<B::Prim<E>>>, &mut Gradients<B>) + 'static,
) -> Vec<Tracked<E, B>> {
    let Some(tape) = tape_of(inputs) else {
        return values.into_iter().map(Tracked::constant).collect();
    };
    let parts = Rc::new(RefCell::new(vec![None; values.len()]));
    let all = parts.clone();
    // On the way back the results come first, and leave their gradients for this one.
    let joint = tape.push(move |_, gradients| backward(all.take(), gradients));
    let results = values.into_iter().enumerate().map(|(k, value)| {
        let parts = parts.clone();
        let id = tape.push(move |gradient, gradients| {
            gradients.wake(joint, &gradient);
            parts.borrow_mut()[k] = Some(typed::<E, B>(gradient));
        });
        Tracked {
            value,
            node: Some(Node {
                tape: tape.clone(),
                id,
            }),
        }
    });
    results.collect()
}

/// Adds to the gradients of the inputs of a function what comes from output `output`.
fn add_slopes<E: Num, B: Backend, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
    op: Op,
    output: usize,
    ids: [Option<usize>; N],
    x: [&B::Prim<E>; N],
    y: &B::Prim<E>,
    gy: &B::Prim<E>,
    gradients: &mut Gradients<B>,
) {
    for (input, id) in ids.into_iter().enumerate() {
        if Op::slope(output, input) != Slope::Zero {
            gradients.add::<E>(id, || op.vjp::<B>(output, input, x, y, gy));
        }
    }
}

/// The result of an op of one input whose gradient comes from a function for each float type.
macro_rules! unary {
    ($value:expr, $x:expr, |$g:ident| $gradient:expr) => {{
        let x = $x;
        let value = $value;
        match x.id() {
            None => Tracked::constant(value),
            Some(id) => record(value, [x.node.as_ref()], move |gradient, gradients| {
                gradients.add_any(id, map_float!(gradient, $g => $gradient));
            }),
        }
    }};
}

fn is_float<E: Dtype>() -> bool {
    matches!(
        E::KIND,
        DtypeKind::F16 | DtypeKind::Bf16 | DtypeKind::F32 | DtypeKind::F64
    )
}

/// The gradient in the type of the op.
fn typed<E: Dtype, B: Backend>(gradient: AnyFloat<B>) -> B::Prim<E> {
    E::from_any::<B>(gradient).expect("a tensor has gradients of its own type")
}

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
        if B::dims(&x.value) == dims {
            return x.clone();
        }
        let from = Dims::new(B::dims(&x.value));
        unary!(B::reshape(&x.value, dims), x, |g| B::reshape(&g, &from))
    }
    fn permute<E: Dtype>(x: &Tracked<E, B>, axes: &[usize]) -> Tracked<E, B> {
        let mut inverse = Dims::filled(axes.len(), 0);
        for (to, &from) in axes.iter().enumerate() {
            inverse[from] = to;
        }
        unary!(B::permute(&x.value, axes), x, |g| B::permute(&g, &inverse))
    }
    fn expand<E: Dtype>(x: &Tracked<E, B>, dims: &[usize]) -> Tracked<E, B> {
        if B::dims(&x.value) == dims {
            return x.clone();
        }
        let from = Dims::new(B::dims(&x.value));
        unary!(B::expand(&x.value, dims), x, |g| sum_to::<_, B>(&g, &from))
    }
    fn narrow<E: Dtype>(x: &Tracked<E, B>, axis: usize, start: usize, len: usize) -> Tracked<E, B> {
        let after = B::dims(&x.value)[axis] - start - len;
        unary!(B::narrow(&x.value, axis, start, len), x, |g| B::pad(
            &g, axis, start, after
        ))
    }
    fn step<E: Dtype>(x: &Tracked<E, B>, axis: usize, step: usize) -> Tracked<E, B> {
        let size = B::dims(&x.value)[axis];
        unary!(B::step(&x.value, axis, step), x, |g| spread::<_, B>(
            &g, axis, step, size
        ))
    }
    fn unfold<E: Dtype>(x: &Tracked<E, B>, axis: usize, size: usize, step: usize) -> Tracked<E, B> {
        let len = B::dims(&x.value)[axis];
        unary!(B::unfold(&x.value, axis, size, step), x, |g| fold::<_, B>(
            &g, axis, step, len
        ))
    }
    fn pad<E: Dtype>(x: &Tracked<E, B>, axis: usize, before: usize, after: usize) -> Tracked<E, B> {
        let len = B::dims(&x.value)[axis];
        unary!(B::pad(&x.value, axis, before, after), x, |g| B::narrow(
            &g, axis, before, len
        ))
    }
    fn flip<E: Dtype>(x: &Tracked<E, B>, axes: &[usize]) -> Tracked<E, B> {
        let same = Dims::new(axes);
        unary!(B::flip(&x.value, axes), x, |g| B::flip(&g, &same))
    }
    fn cat<E: Dtype>(parts: &[&Tracked<E, B>], axis: usize) -> Tracked<E, B> {
        let values: Vec<&B::Prim<E>> = parts.iter().map(|p| &p.value).collect();
        let value = B::cat(&values, axis);
        let places: Vec<(Option<usize>, usize)> = parts
            .iter()
            .map(|p| (p.id(), B::dims(&p.value)[axis]))
            .collect();
        record(
            value,
            parts.iter().map(|p| p.node.as_ref()),
            move |gradient, gradients| {
                let mut start = 0;
                for (id, len) in places {
                    if let Some(id) = id {
                        let part =
                            map_float!(gradient.clone(), g => B::narrow(&g, axis, start, len));
                        gradients.add_any(id, part);
                    }
                    start += len;
                }
            },
        )
    }

    fn split<E: Dtype>(x: &Tracked<E, B>, axis: usize, sizes: &[usize]) -> Vec<Tracked<E, B>> {
        let parts = B::split(&x.value, axis, sizes);
        let Some(id) = x.id() else {
            return parts.into_iter().map(Tracked::constant).collect();
        };
        let (dims, sizes) = (Dims::new(B::dims(&x.value)), sizes.to_vec());
        let device = B::device(&x.value);
        record_joint(parts, [x.node.as_ref()], move |parts, gradients| {
            let whole = |(part, len): (Option<_>, usize)| {
                part.unwrap_or_else(|| {
                    let mut dims = dims;
                    dims[axis] = len;
                    B::full(&device, E::ZERO, &dims)
                })
            };
            let parts: Vec<_> = parts.into_iter().zip(sizes).map(whole).collect();
            let parts: Vec<_> = parts.iter().collect();
            gradients.add::<E>(Some(id), || B::cat(&parts, axis));
        })
    }

    fn map_joint<E: Num, Op: Joint<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        x: [&Tracked<E, B>; N],
    ) -> [Tracked<E, B>; M] {
        let values = B::map_joint(op, x.map(|x| &x.value));
        let ids = x.map(|x| x.id());
        if ids.iter().all(Option::is_none) {
            return values.map(Tracked::constant);
        }
        let (inputs, outputs) = (x.map(|x| x.value.clone()), values.clone());
        let nodes = x.map(|x| x.node.as_ref());
        let results = record_joint(values.into(), nodes, move |parts, gradients| {
            let parts: Vec<_> = (parts.into_iter().zip(&outputs))
                .map(|(part, y)| part.unwrap_or_else(|| zeros_like::<E, B>(y)))
                .collect();
            let gy = std::array::from_fn(|k| &parts[k]);
            let found = op.gradients::<B>(inputs.each_ref(), outputs.each_ref(), gy);
            for (id, gradient) in ids.into_iter().zip(found) {
                gradients.add::<E>(id, || gradient);
            }
        });
        results
            .try_into()
            .unwrap_or_else(|_| unreachable!("one for each output"))
    }
    fn map_many<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        x: [&Tracked<E, B>; N],
    ) -> [Tracked<E, B>; M] {
        let values = B::map_many(op, x.map(|x| &x.value));
        let ids = x.map(|x| x.id());
        if ids.iter().all(Option::is_none) {
            return values.map(Tracked::constant);
        }
        let nodes = x.map(|x| x.node.as_ref());
        let mut outputs = 0..M;
        if Op::SAVES == Saves::Nothing {
            // A record without room for what is not saved.
            return values.map(|y| {
                let output = outputs.next().expect("one for each");
                record(y, nodes, move |gradient, gradients| {
                    let gy = &typed::<E, B>(gradient);
                    add_slopes(op, output, ids, [gy; N], gy, gy, gradients);
                })
            });
        }
        let inputs = Op::SAVES.inputs().then(|| x.map(|x| x.value.clone()));
        values.map(|y| {
            let output = outputs.next().expect("one for each");
            let inputs = inputs.clone();
            let saved = Op::SAVES.output().then(|| y.clone());
            record(y, nodes, move |gradient, gradients| {
                let gy = typed::<E, B>(gradient);
                let y = saved.as_ref().unwrap_or(&gy);
                let x = match &inputs {
                    Some(inputs) => inputs.each_ref(),
                    None => [&gy; N],
                };
                add_slopes(op, output, ids, x, y, &gy, gradients);
            })
        })
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
        let value = B::select(&mask.value, &yes.value, &no.value);
        let (mask, ids) = (mask.value.clone(), [yes.id(), no.id()]);
        record(
            value,
            [yes.node.as_ref(), no.node.as_ref()],
            move |gradient, gradients| {
                with_float!(gradient, g => {
                    let zero = zeros_like::<_, B>(&g);
                    gradients.add(ids[0], || B::select(&mask, &g, &zero));
                    gradients.add(ids[1], || B::select(&mask, &zero, &g));
                });
            },
        )
    }
    fn cast<E: Dtype, F: Dtype>(x: &Tracked<E, B>) -> Tracked<F, B> {
        let value = B::cast::<E, F>(&x.value);
        if !is_float::<E>() || !is_float::<F>() {
            return Tracked::constant(value);
        }
        let id = x.id();
        record(value, [x.node.as_ref()], move |gradient, gradients| {
            with_float!(gradient, g => gradients.add::<E>(id, || B::cast::<_, E>(&g)));
        })
    }

    fn reduce<E: Num>(by: Reduce, x: &Tracked<E, B>, axes: &[usize]) -> Tracked<E, B> {
        let y = B::reduce(by, &x.value, axes);
        let Some(id) = x.id() else {
            return Tracked::constant(y);
        };
        let axes = Dims::new(axes);
        let inputs = [x.node.as_ref()];
        match by {
            Reduce::Sum => {
                let dims = Dims::new(B::dims(&x.value));
                record(y, inputs, move |gradient, gradients| {
                    gradients.add_any(id, map_float!(gradient, g => B::expand(&g, &dims)));
                })
            }
            Reduce::Prod => {
                let x = x.value.clone();
                record(y, inputs, move |gradient, gradients| {
                    let gy = typed::<E, B>(gradient);
                    gradients.add::<E>(Some(id), || prod_grad::<E, B>(&x, &gy, &axes));
                })
            }
            Reduce::Max | Reduce::Min => {
                let (x, saved) = (x.value.clone(), y.clone());
                record(y, inputs, move |gradient, gradients| {
                    let gy = typed::<E, B>(gradient);
                    gradients.add::<E>(Some(id), || extreme_grad::<E, B>(&x, &saved, &gy, &axes));
                })
            }
        }
    }
    fn arg_reduce<E: Num>(by: Reduce, x: &Tracked<E, B>, axis: usize) -> Tracked<i64, B> {
        Tracked::constant(B::arg_reduce(by, &x.value, axis))
    }

    fn scan<E: Num>(by: Reduce, x: &Tracked<E, B>, axis: usize) -> Tracked<E, B> {
        if x.node.is_none() {
            return Tracked::constant(B::scan(by, &x.value, axis));
        }
        match by {
            Reduce::Sum => unary!(B::scan(by, &x.value, axis), x, |g| {
                let back = B::scan(by, &B::flip(&g, &[axis]), axis);
                B::flip(&back, &[axis])
            }),
            Reduce::Prod => running_product::<E, Self>(x, axis),
            Reduce::Max | Reduce::Min => {
                let y = B::scan(by, &x.value, axis);
                let places = scan_places::<E, B>(&x.value, &y, axis);
                let dims = Dims::new(B::dims(&y));
                unary!(y, x, |g| B::scatter_add(&dims, axis, &places, &g))
            }
        }
    }
    fn argsort<E: Num>(x: &Tracked<E, B>, axis: usize, descending: bool) -> Tracked<i64, B> {
        Tracked::constant(B::argsort(&x.value, axis, descending))
    }
    fn top<E: Num>(x: &Tracked<E, B>, axis: usize, k: usize, descending: bool) -> Tracked<i64, B> {
        Tracked::constant(B::top(&x.value, axis, k, descending))
    }

    fn matmul<E: Num>(a: &Tracked<E, B>, b: &Tracked<E, B>) -> Tracked<E, B> {
        let y = B::matmul(&a.value, &b.value);
        let ids = [a.id(), b.id()];
        // The gradient of one needs the value of the other alone.
        let left = ids[1].map(|_| a.value.clone());
        let right = ids[0].map(|_| b.value.clone());
        record(
            y,
            [a.node.as_ref(), b.node.as_ref()],
            move |gradient, gradients| {
                let gy = typed::<E, B>(gradient);
                if let Some(b) = right {
                    gradients.add::<E>(ids[0], || B::matmul(&gy, &transposed::<E, B>(&b)));
                }
                if let Some(a) = left {
                    gradients.add::<E>(ids[1], || B::matmul(&transposed::<E, B>(&a), &gy));
                }
            },
        )
    }

    fn linear<E: Float>(
        x: &Tracked<E, B>,
        w: &Tracked<E, B>,
        bias: Option<&Tracked<E, B>>,
    ) -> Tracked<E, B> {
        let y = B::linear(&x.value, &w.value, bias.map(|b| &b.value));
        let nodes = [
            x.node.as_ref(),
            w.node.as_ref(),
            bias.and_then(|b| b.node.as_ref()),
        ];
        let ids = nodes.map(|node| node.map(|node| node.id));
        let input = ids[1].map(|_| x.value.clone());
        let weight = ids[0].map(|_| w.value.clone());
        record(y, nodes, move |gradient, gradients| {
            let gy = typed::<E, B>(gradient);
            if let Some(w) = weight {
                gradients.add::<E>(ids[0], || B::matmul(&gy, &w));
            }
            if let Some(x) = input {
                gradients.add::<E>(ids[1], || B::matmul(&transposed::<E, B>(&gy), &x));
            }
            gradients.add::<E>(ids[2], || sum_to::<E, B>(&gy, &B::dims(&gy)[1..]));
        })
    }

    fn check_index(op: &'static str, index: &Tracked<i64, B>, size: usize) {
        B::check_index(op, &index.value, size);
    }
    fn gather<E: Dtype>(x: &Tracked<E, B>, axis: usize, index: &Tracked<i64, B>) -> Tracked<E, B> {
        let value = B::gather(&x.value, axis, &index.value);
        let (dims, index) = (Dims::new(B::dims(&x.value)), index.value.clone());
        unary!(value, x, |g| B::scatter_add(&dims, axis, &index, &g))
    }
    fn scatter_add<E: Num>(
        dims: &[usize],
        axis: usize,
        index: &Tracked<i64, B>,
        source: &Tracked<E, B>,
    ) -> Tracked<E, B> {
        let value = B::scatter_add(dims, axis, &index.value, &source.value);
        let index = index.value.clone();
        unary!(value, source, |g| B::gather(&g, axis, &index))
    }
    fn scatter<E: Dtype>(
        x: &Tracked<E, B>,
        axis: usize,
        index: &Tracked<i64, B>,
        source: &Tracked<E, B>,
    ) -> Tracked<E, B> {
        let value = B::scatter(&x.value, axis, &index.value, &source.value);
        let (index, dims, ids) = (
            index.value.clone(),
            Dims::new(B::dims(&value)),
            [x.id(), source.id()],
        );
        record(
            value,
            [x.node.as_ref(), source.node.as_ref()],
            move |gradient, gradients| {
                with_float!(gradient, g => {
                    let zeros = B::full(&B::device(&g), Dtype::ZERO, B::dims(&index));
                    gradients.add(ids[0], || B::scatter(&g, axis, &index, &zeros));
                    gradients.add(ids[1], || {
                        let stays = last_in_place::<B>(&dims, axis, &index);
                        B::select(&stays, &B::gather(&g, axis, &index), &zeros)
                    });
                });
            },
        )
    }

    fn conv2d<E: Float>(
        x: &Tracked<E, B>,
        w: &Tracked<E, B>,
        options: Conv2dOptions,
    ) -> Tracked<E, B> {
        let y = B::conv2d(&x.value, &w.value, options);
        let (xv, wv, ids) = (x.value.clone(), w.value.clone(), [x.id(), w.id()]);
        record(
            y,
            [x.node.as_ref(), w.node.as_ref()],
            move |gradient, gradients| {
                let gy = typed::<E, B>(gradient);
                gradients.add::<E>(ids[0], || {
                    B::conv2d_input_grad(&gy, &wv, options, B::dims(&xv))
                });
                gradients.add::<E>(ids[1], || {
                    B::conv2d_weight_grad(&xv, &gy, options, B::dims(&wv))
                });
            },
        )
    }
    fn conv2d_input_grad<E: Float>(
        gy: &Tracked<E, B>,
        w: &Tracked<E, B>,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Tracked<E, B> {
        // Linear in both: as a function of `gy` its transpose is the convolution.
        let x = B::conv2d_input_grad(&gy.value, &w.value, options, dims);
        let (gv, wv, ids) = (gy.value.clone(), w.value.clone(), [gy.id(), w.id()]);
        record(
            x,
            [gy.node.as_ref(), w.node.as_ref()],
            move |gradient, gradients| {
                let gx = typed::<E, B>(gradient);
                gradients.add::<E>(ids[0], || {
                    let y = B::conv2d(&gx, &wv, options);
                    crop::<E, B>(&y, B::dims(&gv))
                });
                gradients.add::<E>(ids[1], || {
                    B::conv2d_weight_grad(&gx, &gv, options, B::dims(&wv))
                });
            },
        )
    }
    fn conv2d_weight_grad<E: Float>(
        x: &Tracked<E, B>,
        gy: &Tracked<E, B>,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Tracked<E, B> {
        let w = B::conv2d_weight_grad(&x.value, &gy.value, options, dims);
        let (xv, gv, ids) = (x.value.clone(), gy.value.clone(), [x.id(), gy.id()]);
        record(
            w,
            [x.node.as_ref(), gy.node.as_ref()],
            move |gradient, gradients| {
                let gw = typed::<E, B>(gradient);
                gradients.add::<E>(ids[0], || {
                    B::conv2d_input_grad(&gv, &gw, options, B::dims(&xv))
                });
                gradients.add::<E>(ids[1], || {
                    let y = B::conv2d(&xv, &gw, options);
                    crop::<E, B>(&y, B::dims(&gv))
                });
            },
        )
    }
    fn max_pool2d<E: Num>(
        x: &Tracked<E, B>,
        options: Pool2dOptions,
    ) -> (Tracked<E, B>, Tracked<i64, B>) {
        let (y, places) = B::max_pool2d(&x.value, options);
        let (dims, at) = (Dims::new(B::dims(&x.value)), places.clone());
        let y = unary!(y, x, |g| B::max_pool2d_input_grad(&g, &at, options, &dims));
        (y, Tracked::constant(places))
    }

    fn log_softmax<E: Float>(x: &Tracked<E, B>, axis: usize) -> Tracked<E, B> {
        let y = B::log_softmax(&x.value, axis);
        let saved = y.clone();
        let id = x.id();
        record(y, [x.node.as_ref()], move |gradient, gradients| {
            let gy = typed::<E, B>(gradient);
            gradients.add::<E>(id, || B::log_softmax_vjp(&saved, &gy, axis));
        })
    }
    fn softmax<E: Float>(x: &Tracked<E, B>, axis: usize) -> Tracked<E, B> {
        let y = B::softmax(&x.value, axis);
        let saved = y.clone();
        let id = x.id();
        record(y, [x.node.as_ref()], move |gradient, gradients| {
            let gy = typed::<E, B>(gradient);
            gradients.add::<E>(id, || B::softmax_vjp(&saved, &gy, axis));
        })
    }

    fn normalise<E: Float>(
        x: &Tracked<E, B>,
        axes: &[usize],
        eps: f64,
        affine: Option<[&Tracked<E, B>; 2]>,
    ) -> [Tracked<E, B>; 3] {
        let affine_values = affine.map(|affine| affine.map(|x| &x.value));
        let values = B::normalise(&x.value, axes, eps, affine_values);
        let nodes = [x].into_iter().chain(affine.into_iter().flatten());
        let ids: Vec<_> = nodes.clone().map(|x| x.id()).collect();
        let nodes = nodes.map(|x| x.node.as_ref());
        let (x, axes) = (x.value.clone(), axes.to_vec());
        let affine = affine_values.map(|affine| affine.map(Clone::clone));
        let [_, total, squares] = values.clone();
        let results = record_joint(values.into(), nodes, move |parts, gradients| {
            if let Some(gy) = &parts[0] {
                let affine = affine.as_ref().map(|affine| affine.each_ref());
                let found = B::normalise_vjp(&x, [&total, &squares], &axes, eps, affine, gy);
                let found = [found.x]
                    .into_iter()
                    .chain(found.affine.into_iter().flatten());
                for (id, gradient) in ids.iter().zip(found) {
                    gradients.add::<E>(*id, || gradient);
                }
            }
            if parts[1].is_some() || parts[2].is_some() {
                let part = |k: usize| match &parts[k] {
                    Some(part) => part.clone(),
                    None => zeros_like::<E, B>(&total),
                };
                gradients.add::<E>(ids[0], || {
                    moments_vjp::<E, B>(&x, &total, &axes, [&part(1), &part(2)])
                });
            }
        });
        results
            .try_into()
            .unwrap_or_else(|_| unreachable!("three outputs"))
    }

    fn attention<E: Float>(
        q: &Tracked<E, B>,
        k: &Tracked<E, B>,
        v: &Tracked<E, B>,
        how: AttentionScores<'_, E, Self>,
    ) -> (Tracked<E, B>, Tracked<E, B>) {
        let AttentionScores { causal, scale, .. } = how;
        let masks: Vec<_> = how.masks.iter().map(|x| x.value.clone()).collect();
        let biases: Vec<_> = how.biases.iter().map(|x| x.value.clone()).collect();
        let (y, log_sum) = B::attention(
            &q.value,
            &k.value,
            &v.value,
            AttentionScores {
                masks: &masks,
                biases: &biases,
                causal,
                scale,
            },
        );
        let nodes: Vec<_> = [q, k, v].into_iter().chain(how.biases).collect();
        let ids: Vec<_> = nodes.iter().map(|x| x.id()).collect();
        let nodes = nodes.iter().map(|x| x.node.as_ref());
        let [q, k, v] = [q, k, v].map(|x| x.value.clone());
        let saved = (y.clone(), log_sum.clone());
        let results = record_joint(vec![y, log_sum], nodes, move |parts, gradients| {
            let (y, log_sum) = saved;
            let gy = match &parts[0] {
                Some(gy) => gy.clone(),
                None => zeros_like::<E, B>(&y),
            };
            let how = AttentionScores {
                masks: &masks,
                biases: &biases,
                causal,
                scale,
            };
            let gy = (&gy, parts[1].as_ref());
            let found = B::attention_vjp(&q, &k, &v, how, (&y, &log_sum), gy);
            let found = [found.q, found.k, found.v].into_iter().chain(found.biases);
            for (id, gradient) in ids.into_iter().zip(found) {
                gradients.add::<E>(id, || gradient);
            }
        });
        let [y, log_sum] = results
            .try_into()
            .unwrap_or_else(|_| unreachable!("two outputs"));
        (y, log_sum)
    }
}
