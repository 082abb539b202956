//! The parameters of recurrent layers, by PyTorch's names.

use super::Direction;
use super::step::Weights;
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::{Init, Mapper, Param, Path, Visitor, VisitorMut, initial};
use crate::random::Rng;
use crate::shape::{D, Dim, StaticExtent};

/// The parameters of one recurrent step: from an input of `I` and a state of `H` numbers to
/// `Rows`, the gates one after the other. All are drawn from the uniform distribution between
/// `-1 / sqrt(H)` and `1 / sqrt(H)`, as in PyTorch.
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct RecurrentWeights<
    Rows: Dim + StaticExtent,
    I: Dim + StaticExtent,
    const H: usize,
    B: Backend = Cpu,
    E: Float = f32,
> {
    /// `[Rows, I]`.
    pub weight_ih: Param<(Rows, I), E, B>,
    /// `[Rows, H]`.
    pub weight_hh: Param<(Rows, D<H>), E, B>,
    /// `[Rows]`.
    pub bias_ih: Param<(Rows,), E, B>,
    /// `[Rows]`.
    pub bias_hh: Param<(Rows,), E, B>,
}

#[diagnostic::do_not_recommend]
impl<Rows, I, const H: usize, B, E> Init<B> for RecurrentWeights<Rows, I, H, B, E>
where
    Rows: Dim + StaticExtent,
    I: Dim + StaticExtent,
    B: Backend,
    E: Float,
{
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        let bound = initial::fan_in_bound(H);
        RecurrentWeights {
            weight_ih: initial::uniform((Rows::VALUE, I::VALUE), bound, device, rng).into(),
            weight_hh: initial::uniform((Rows::VALUE, D), bound, device, rng).into(),
            bias_ih: initial::uniform((Rows::VALUE,), bound, device, rng).into(),
            bias_hh: initial::uniform((Rows::VALUE,), bound, device, rng).into(),
        }
    }
}

impl<Rows, I, const H: usize, B, E> RecurrentWeights<Rows, I, H, B, E>
where
    Rows: Dim + StaticExtent,
    I: Dim + StaticExtent,
    B: Backend,
    E: Float,
{
    pub(super) fn prims(&self) -> Weights<'_, E, B> {
        Weights {
            weight_ih: self.weight_ih.prim(),
            weight_hh: self.weight_hh.prim(),
            bias_ih: self.bias_ih.prim(),
            bias_hh: self.bias_hh.prim(),
        }
    }
}

/// The parameters of a recurrent layer by layer and direction; their names are `weight_ih_l0`,
/// .., `bias_hh_l1_reverse`.
#[derive(Clone, Debug)]
pub struct RecurrentLayers<
    Rows: Dim + StaticExtent,
    const I: usize,
    const H: usize,
    const LAYERS: usize,
    Dir: Direction<H, LAYERS>,
    B: Backend = Cpu,
    E: Float = f32,
> {
    /// One for each direction.
    first: Vec<RecurrentWeights<Rows, D<I>, H, B, E>>,
    /// The layers after the first, one for each direction.
    rest: Vec<RecurrentWeights<Rows, Dir::Out, H, B, E>>,
}

impl<Rows, const I: usize, const H: usize, const LAYERS: usize, Dir, B, E>
    RecurrentLayers<Rows, I, H, LAYERS, Dir, B, E>
where
    Rows: Dim + StaticExtent,
    Dir: Direction<H, LAYERS>,
    B: Backend,
    E: Float,
{
    /// Those of the first layer: forwards, and backwards where there are two directions.
    pub fn first(&self) -> &[RecurrentWeights<Rows, D<I>, H, B, E>] {
        &self.first
    }

    /// Those of the first layer, to change them.
    pub fn first_mut(&mut self) -> &mut [RecurrentWeights<Rows, D<I>, H, B, E>] {
        &mut self.first
    }

    /// Those of the layers after the first, each forwards, and backwards where there are two
    /// directions.
    pub fn rest(&self) -> &[RecurrentWeights<Rows, Dir::Out, H, B, E>] {
        &self.rest
    }

    /// Those of the layers after the first, to change them.
    pub fn rest_mut(&mut self) -> &mut [RecurrentWeights<Rows, Dir::Out, H, B, E>] {
        &mut self.rest
    }

    /// All of them, by layer and direction.
    pub(super) fn prims(&self) -> Vec<Weights<'_, E, B>> {
        let first = self.first.iter().map(RecurrentWeights::prims);
        let rest = self.rest.iter().map(RecurrentWeights::prims);
        first.chain(rest).collect()
    }
}

#[diagnostic::do_not_recommend]
impl<Rows, const I: usize, const H: usize, const LAYERS: usize, Dir, B, E> Init<B>
    for RecurrentLayers<Rows, I, H, LAYERS, Dir, B, E>
where
    Rows: Dim + StaticExtent,
    Dir: Direction<H, LAYERS>,
    B: Backend,
    E: Float,
{
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        const { assert!(LAYERS > 0, "a recurrent layer of 0 layers") };
        let first = (0..Dir::COUNT)
            .map(|_| Init::init_on(device, rng))
            .collect();
        let rest = (Dir::COUNT..LAYERS * Dir::COUNT)
            .map(|_| Init::init_on(device, rng))
            .collect();
        RecurrentLayers { first, rest }
    }
}

/// The layer and the direction as a name has them.
fn place(at: usize, directions: usize) -> (usize, &'static str) {
    let after = if at % directions == 1 { "_reverse" } else { "" };
    (at / directions, after)
}

/// Calls a method of every field under its name.
macro_rules! fields {
    ($weights:ident, $path:ident, $at:expr, $method:ident($visitor:ident)) => {{
        let (layer, after) = place($at, Dir::COUNT);
        fields!(@ $weights.weight_ih "weight_ih_l", $path, layer, after, $method($visitor));
        fields!(@ $weights.weight_hh "weight_hh_l", $path, layer, after, $method($visitor));
        fields!(@ $weights.bias_ih "bias_ih_l", $path, layer, after, $method($visitor));
        fields!(@ $weights.bias_hh "bias_hh_l", $path, layer, after, $method($visitor));
    }};
    (@ $weights:ident.$field:ident $before:literal, $path:ident, $layer:ident, $after:ident,
        $method:ident($visitor:ident)) => {
        $path.enter_numbered($before, $layer, $after);
        $weights.$field.$method($path, $visitor);
        $path.leave();
    };
}

fn mapped<Rows, I, const H: usize, B, E, B2, M>(
    weights: &RecurrentWeights<Rows, I, H, B, E>,
    (layer, after): (usize, &'static str),
    path: &mut Path,
    mapper: &mut M,
) -> Result<RecurrentWeights<Rows, I, H, B2, E>, M::Error>
where
    Rows: Dim + StaticExtent,
    I: Dim + StaticExtent,
    B: Backend,
    E: Float,
    B2: Backend,
    M: Mapper<B, B2>,
{
    macro_rules! field {
        ($field:ident, $before:literal) => {{
            path.enter_numbered($before, layer, after);
            let mapped = weights.$field.map(path, mapper)?;
            path.leave();
            mapped
        }};
    }
    Ok(RecurrentWeights {
        weight_ih: field!(weight_ih, "weight_ih_l"),
        weight_hh: field!(weight_hh, "weight_hh_l"),
        bias_ih: field!(bias_ih, "bias_ih_l"),
        bias_hh: field!(bias_hh, "bias_hh_l"),
    })
}

#[diagnostic::do_not_recommend]
impl<Rows, const I: usize, const H: usize, const LAYERS: usize, Dir, B, E> Module<B>
    for RecurrentLayers<Rows, I, H, LAYERS, Dir, B, E>
where
    Rows: Dim + StaticExtent,
    Dir: Direction<H, LAYERS>,
    B: Backend,
    E: Float,
{
    type On<B2: Backend> = RecurrentLayers<Rows, I, H, LAYERS, Dir, B2, E>;
    const PARAMETERS: usize = Dir::COUNT
        * Rows::SIZE
        * (I + H + 2 + (LAYERS - 1) * (<Dir::Out as StaticExtent>::SIZE + H + 2));

    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        for (at, weights) in self.first.iter().enumerate() {
            fields!(weights, path, at, visit(visitor));
        }
        for (at, weights) in (self.first.len()..).zip(&self.rest) {
            fields!(weights, path, at, visit(visitor));
        }
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        let first = self.first.len();
        for (at, weights) in self.first.iter_mut().enumerate() {
            fields!(weights, path, at, visit_mut(visitor));
        }
        for (at, weights) in (first..).zip(&mut self.rest) {
            fields!(weights, path, at, visit_mut(visitor));
        }
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Self::On<B2>, M::Error> {
        let (mut first, mut rest) = (Vec::new(), Vec::new());
        for (at, weights) in self.first.iter().enumerate() {
            first.push(mapped(weights, place(at, Dir::COUNT), path, mapper)?);
        }
        for (at, weights) in (self.first.len()..).zip(&self.rest) {
            rest.push(mapped(weights, place(at, Dir::COUNT), path, mapper)?);
        }
        Ok(RecurrentLayers { first, rest })
    }
    fn same(on: Self) -> Self {
        on
    }
}
