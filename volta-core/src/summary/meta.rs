//! A backend of sizes alone.

use std::cell::RefCell;
use std::rc::Rc;

use crate::backend::{Backend, Conv2dOptions, Device, Pool2dOptions, Reduce, Winners};
use crate::dtype::{Dtype, Float, Num};
use crate::error::{DeviceError, Error};
use crate::ops::function::{Elementwise, Predicate};
use crate::random::Rng;
use crate::sizes::{Conv2dSizes, pooled, product};

/// A backend whose tensors have sizes and no elements: it runs a model without computing anything,
/// and counts what would be computed. [`summary`](crate::summary::summary) is made with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meta;

/// What was seen of a model while it ran.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) layers: Vec<Seen>,
    /// Layers in the order of their first op.
    pub(super) order: Vec<usize>,
    /// Multiply-adds of products without parameters.
    pub(super) other: u64,
}

/// What was seen of the ops with the parameters of one layer.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) output: Option<Vec<usize>>,
    pub(super) multiply_adds: u64,
}

/// The primitive of [`Meta`]: sizes, and which layer's parameter this is.
#[derive(Clone, Debug)]
pub struct Sizes {
    dims: Vec<usize>,
    /// Of everything that depends on a model.
    ledger: Option<Rc<RefCell<Ledger>>>,
    /// Of a parameter, and of what is computed from parameters of one layer alone.
    layer: Option<usize>,
}

impl Sizes {
    fn constant(dims: &[usize]) -> Self {
        Sizes {
            dims: dims.to_vec(),
            ledger: None,
            layer: None,
        }
    }

    pub(super) fn parameter(dims: &[usize], ledger: &Rc<RefCell<Ledger>>, layer: usize) -> Self {
        Sizes {
            dims: dims.to_vec(),
            ledger: Some(ledger.clone()),
            layer: Some(layer),
        }
    }

    fn view(&self, dims: Vec<usize>) -> Self {
        Sizes {
            dims,
            ..self.clone()
        }
    }
}

/// The result of an op, noted with the layer whose parameters are among the inputs.
fn result(dims: Vec<usize>, inputs: &[&Sizes], multiply_adds: usize) -> Sizes {
    let known = inputs.iter().filter(|x| x.ledger.is_some());
    let Some(ledger) = known.clone().find_map(|x| x.ledger.clone()) else {
        return Sizes::constant(&dims);
    };
    let layer = inputs.iter().rev().find_map(|x| x.layer);
    let of_parameters = layer.is_some() && known.clone().all(|x| x.layer == layer);
    {
        let mut ledger = ledger.borrow_mut();
        match layer {
            Some(layer) => {
                ledger.layers[layer].multiply_adds += multiply_adds as u64;
                if !of_parameters {
                    ledger.gives(layer, &dims);
                }
            }
            None => ledger.other += multiply_adds as u64,
        }
    }
    Sizes {
        dims,
        ledger: Some(ledger),
        layer: layer.filter(|_| of_parameters),
    }
}

impl Ledger {
    fn gives(&mut self, layer: usize, dims: &[usize]) {
        if self.layers[layer].output.is_none() {
            self.order.push(layer);
        }
        self.layers[layer].output = Some(dims.to_vec());
    }
}

/// The result of an op that is what a layer is there for: never a parameter in another form, though
/// the input of a model is a constant like any other.
fn activation(dims: Vec<usize>, inputs: &[&Sizes], multiply_adds: usize) -> Sizes {
    let x = result(dims, inputs, multiply_adds);
    if let (Some(ledger), Some(layer)) = (&x.ledger, x.layer) {
        ledger.borrow_mut().gives(layer, &x.dims);
    }
    Sizes { layer: None, ..x }
}

impl Device for Meta {
    type Backend = Meta;
    fn device(&self) -> Meta {
        Meta
    }
}

impl Backend for Meta {
    type Device = Meta;
    type Prim<E: Dtype> = Sizes;
    type Ground = Meta;

    fn device<E: Dtype>(_: &Sizes) -> Meta {
        Meta
    }
    fn ground<E: Dtype>(x: &Sizes) -> Sizes {
        x.clone()
    }
    fn from_ground<E: Dtype>(x: &Sizes) -> Sizes {
        x.clone()
    }
    fn dims<E: Dtype>(x: &Sizes) -> &[usize] {
        &x.dims
    }
    fn from_vec<E: Dtype>(_: &Meta, _: Vec<E>, dims: &[usize]) -> Sizes {
        Sizes::constant(dims)
    }
    fn full<E: Dtype>(_: &Meta, _: E, dims: &[usize]) -> Sizes {
        Sizes::constant(dims)
    }
    fn read<E: Dtype>(_: &Sizes) -> Result<Vec<E>, Error> {
        let (device, what) = ("Meta".to_owned(), "elements".to_owned());
        Err(DeviceError::Unsupported { device, what }.into())
    }
    fn uniform<E: Float>(_: &Meta, _: &mut Rng, dims: &[usize]) -> Sizes {
        Sizes::constant(dims)
    }
    fn normal<E: Float>(_: &Meta, _: &mut Rng, dims: &[usize]) -> Sizes {
        Sizes::constant(dims)
    }
    fn layer_output<E: Dtype, F: Dtype>(parameter: &Sizes, output: &Sizes) {
        if let (Some(ledger), Some(layer)) = (&parameter.ledger, parameter.layer) {
            ledger.borrow_mut().gives(layer, &output.dims);
        }
    }

    fn reshape<E: Dtype>(x: &Sizes, dims: &[usize]) -> Sizes {
        x.view(dims.to_vec())
    }
    fn permute<E: Dtype>(x: &Sizes, axes: &[usize]) -> Sizes {
        x.view(axes.iter().map(|&axis| x.dims[axis]).collect())
    }
    fn expand<E: Dtype>(x: &Sizes, dims: &[usize]) -> Sizes {
        x.view(dims.to_vec())
    }
    fn narrow<E: Dtype>(x: &Sizes, axis: usize, _: usize, len: usize) -> Sizes {
        let mut dims = x.dims.clone();
        dims[axis] = len;
        x.view(dims)
    }
    fn pad<E: Dtype>(x: &Sizes, axis: usize, before: usize, after: usize) -> Sizes {
        let mut dims = x.dims.clone();
        dims[axis] += before + after;
        x.view(dims)
    }
    fn cat<E: Dtype>(parts: &[&Sizes], axis: usize) -> Sizes {
        let mut dims = parts[0].dims.clone();
        dims[axis] = parts.iter().map(|part| part.dims[axis]).sum();
        result(dims, parts, 0)
    }

    fn step<E: Dtype>(x: &Sizes, axis: usize, step: usize) -> Sizes {
        let mut dims = x.dims.clone();
        dims[axis] = dims[axis].div_ceil(step);
        x.view(dims)
    }
    fn unfold<E: Dtype>(x: &Sizes, axis: usize, size: usize, step: usize) -> Sizes {
        let mut dims = x.dims.clone();
        dims[axis] = (dims[axis] - size) / step + 1;
        dims.push(size);
        x.view(dims)
    }
    fn flip<E: Dtype>(x: &Sizes, _: &[usize]) -> Sizes {
        x.clone()
    }

    fn map_many<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        _: Op,
        x: [&Sizes; N],
    ) -> [Sizes; M] {
        std::array::from_fn(|_| result(x[0].dims.clone(), &x, 0))
    }
    fn map_vjp<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        _: Op,
        _: usize,
        _: usize,
        x: [&Sizes; N],
        y: &Sizes,
        gy: &Sizes,
    ) -> Sizes {
        let inputs: Vec<&Sizes> = x.into_iter().chain([y, gy]).collect();
        result(gy.dims.clone(), &inputs, 0)
    }
    fn test<E: Dtype, Op: Predicate<E, N>, const N: usize>(_: Op, x: [&Sizes; N]) -> Sizes {
        result(x[0].dims.clone(), &x, 0)
    }
    fn select<E: Dtype>(mask: &Sizes, yes: &Sizes, no: &Sizes) -> Sizes {
        result(mask.dims.clone(), &[mask, yes, no], 0)
    }
    fn cast<E: Dtype, F: Dtype>(x: &Sizes) -> Sizes {
        x.clone()
    }

    fn reduce<E: Num>(_: Reduce, x: &Sizes, axes: &[usize]) -> Sizes {
        let mut dims = x.dims.clone();
        for &axis in axes {
            dims[axis] = 1;
        }
        result(dims, &[x], 0)
    }
    fn arg_reduce<E: Num>(by: Reduce, x: &Sizes, axis: usize) -> Sizes {
        Self::reduce::<E>(by, x, &[axis])
    }

    fn scan<E: Num>(_: Reduce, x: &Sizes, _: usize) -> Sizes {
        result(x.dims.clone(), &[x], 0)
    }
    fn argsort<E: Num>(x: &Sizes, _: usize, _: bool) -> Sizes {
        result(x.dims.clone(), &[x], 0)
    }

    fn matmul<E: Num>(a: &Sizes, b: &Sizes) -> Sizes {
        let dims = product(&a.dims, &b.dims).to_vec();
        let steps = a.dims[a.dims.len() - 1];
        let work = dims.iter().product::<usize>() * steps;
        activation(dims, &[a, b], work)
    }

    fn check_index(_: &'static str, _: &Sizes, _: usize) {}
    fn gather<E: Dtype>(x: &Sizes, axis: usize, index: &Sizes) -> Sizes {
        let mut dims = x.dims.clone();
        dims[axis] = index.dims[axis];
        activation(dims, &[x, index], 0)
    }
    fn scatter<E: Dtype>(x: &Sizes, _: usize, index: &Sizes, source: &Sizes) -> Sizes {
        result(x.dims.clone(), &[x, index, source], 0)
    }
    fn scatter_add<E: Num>(dims: &[usize], _: usize, index: &Sizes, source: &Sizes) -> Sizes {
        result(dims.to_vec(), &[index, source], 0)
    }

    fn conv2d<E: Float>(x: &Sizes, w: &Sizes, options: Conv2dOptions) -> Sizes {
        let sizes = Conv2dSizes::new(&x.dims, &w.dims, options);
        let dims = [&[sizes.batch, sizes.outputs][..], &sizes.output].concat();
        activation(dims, &[x, w], work(&sizes))
    }
    fn conv2d_input_grad<E: Float>(
        gy: &Sizes,
        w: &Sizes,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Sizes {
        let sizes = Conv2dSizes::new(dims, &w.dims, options).with_output(&gy.dims);
        activation(dims.to_vec(), &[gy, w], work(&sizes))
    }
    fn conv2d_weight_grad<E: Float>(
        x: &Sizes,
        gy: &Sizes,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Sizes {
        let sizes = Conv2dSizes::new(&x.dims, dims, options).with_output(&gy.dims);
        activation(dims.to_vec(), &[x, gy], work(&sizes))
    }
    fn max_pool2d<E: Num>(x: &Sizes, options: Pool2dOptions) -> (Sizes, Winners<Self>) {
        let [height, width] = pooled([x.dims[2], x.dims[3]], options);
        let y = result(vec![x.dims[0], x.dims[1], height, width], &[x], 0);
        (y.clone(), Winners::Bytes(y))
    }
}

/// The multiply-adds of a convolution, those with padding too.
fn work(sizes: &Conv2dSizes) -> usize {
    let places: usize = sizes.output.iter().chain(&sizes.kernel).product();
    sizes.batch * sizes.outputs * sizes.group_channels() * places
}
