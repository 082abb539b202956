//! The steps of recurrent layers, on primitives.

use volta_macros::elementwise;

use crate::backend::{Backend, Joint, transposed};
use crate::dtype::{Dtype, Float};
use crate::nn::Dropout;
use crate::ops::elementwise as op;

/// The new cell and the new state, from the gates before their activations: input, forget, cell
/// and output.
#[elementwise(compiled)]
fn lstm_step(i: Float, f: Float, g: Float, o: Float, c: Float) -> (Float, Float) {
    let cell = sigmoid(f) * c + sigmoid(i) * tanh(g);
    (cell, sigmoid(o) * tanh(cell))
}

/// The gradients of the output gate and of the new cell, all of it.
#[elementwise(compiled)]
fn lstm_output_gradient(o: Float, cell: Float, gc: Float, gh: Float) -> (Float, Float) {
    let s = sigmoid(o);
    let t = tanh(cell);
    (gh * t * s * (1.0 - s), gc + gh * s * (1.0 - t * t))
}

/// The gradients of the other gates and of the old cell, from that of the new one.
#[elementwise(compiled)]
fn lstm_cell_gradient(
    i: Float,
    f: Float,
    g: Float,
    c: Float,
    gc: Float,
) -> (Float, Float, Float, Float) {
    let si = sigmoid(i);
    let sf = sigmoid(f);
    let tg = tanh(g);
    (
        gc * tg * si * (1.0 - si),
        gc * c * sf * (1.0 - sf),
        gc * si * (1.0 - tg * tg),
        gc * sf,
    )
}

impl<E: Float> Joint<E, 5, 2> for LstmStep {
    fn gradients<B: Backend>(
        self,
        [i, f, g, o, c]: [&B::Prim<E>; 5],
        [cell, _]: [&B::Prim<E>; 2],
        [gc, gh]: [&B::Prim<E>; 2],
    ) -> [B::Prim<E>; 5] {
        let [go, gc] = B::map_many(LstmOutputGradient, [o, cell, gc, gh]);
        let [gi, gf, gg, gc] = B::map_many(LstmCellGradient, [i, f, g, c, &gc]);
        [gi, gf, gg, go, gc]
    }
}

/// A gate from its two parts.
#[elementwise(compiled)]
fn gate(x: Float, h: Float) -> Float {
    sigmoid(x + h)
}

#[elementwise(compiled)]
fn gate_gradient(y: Float, gy: Float) -> Float {
    gy * y * (1.0 - y)
}

impl<E: Float> Joint<E, 2, 1> for Gate {
    fn gradients<B: Backend>(
        self,
        _: [&B::Prim<E>; 2],
        [y]: [&B::Prim<E>; 1],
        [gy]: [&B::Prim<E>; 1],
    ) -> [B::Prim<E>; 2] {
        let g = B::map(GateGradient, [y, gy]);
        [g.clone(), g]
    }
}

/// The new state, from the two parts of the candidate, the reset gate, the update gate and the
/// state.
#[elementwise(compiled)]
fn gru_step(x: Float, hn: Float, r: Float, z: Float, h: Float) -> Float {
    let n = tanh(x + r * hn);
    n + z * (h - n)
}

#[elementwise(compiled)]
fn gru_gradient(
    x: Float,
    hn: Float,
    r: Float,
    z: Float,
    h: Float,
    g: Float,
) -> (Float, Float, Float, Float) {
    let n = tanh(x + r * hn);
    let gn = g * (1.0 - z) * (1.0 - n * n);
    (gn, gn * r, gn * hn, g * (h - n))
}

impl<E: Float> Joint<E, 5, 1> for GruStep {
    fn gradients<B: Backend>(
        self,
        [x, hn, r, z, h]: [&B::Prim<E>; 5],
        _: [&B::Prim<E>; 1],
        [g]: [&B::Prim<E>; 1],
    ) -> [B::Prim<E>; 5] {
        let [gx, ghn, gr, gz] = B::map_many(GruGradient, [x, hn, r, z, h, g]);
        [gx, ghn, gr, gz, B::map(op::Mul, [g, z])]
    }
}

/// The step of the plain layer.
#[elementwise(compiled)]
fn tanh_step(x: Float, h: Float) -> Float {
    tanh(x + h)
}

#[elementwise(compiled)]
fn tanh_gradient(y: Float, gy: Float) -> Float {
    gy * (1.0 - y * y)
}

impl<E: Float> Joint<E, 2, 1> for TanhStep {
    fn gradients<B: Backend>(
        self,
        _: [&B::Prim<E>; 2],
        [y]: [&B::Prim<E>; 1],
        [gy]: [&B::Prim<E>; 1],
    ) -> [B::Prim<E>; 2] {
        let g = B::map(TanhGradient, [y, gy]);
        [g.clone(), g]
    }
}

/// The step of the plain layer with a rectifier.
#[elementwise(compiled)]
fn relu_step(x: Float, h: Float) -> Float {
    relu(x + h)
}

#[elementwise(compiled)]
fn relu_gradient(y: Float, gy: Float) -> Float {
    if 0.0 < y { gy } else { 0.0 }
}

impl<E: Float> Joint<E, 2, 1> for ReluStep {
    fn gradients<B: Backend>(
        self,
        _: [&B::Prim<E>; 2],
        [y]: [&B::Prim<E>; 1],
        [gy]: [&B::Prim<E>; 1],
    ) -> [B::Prim<E>; 2] {
        let g = B::map(ReluGradient, [y, gy]);
        [g.clone(), g]
    }
}

/// The parameters of one step.
pub(super) struct Weights<'a, E: Dtype, B: Backend> {
    pub(super) weight_ih: &'a B::Prim<E>,
    pub(super) weight_hh: &'a B::Prim<E>,
    pub(super) bias_ih: &'a B::Prim<E>,
    pub(super) bias_hh: &'a B::Prim<E>,
}

impl<E: Dtype, B: Backend> Clone for Weights<'_, E, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: Dtype, B: Backend> Copy for Weights<'_, E, B> {}

/// What a recurrent layer computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Tanh,
    Relu,
    Gru,
    Lstm,
}

fn plus<E: Float, B: Backend>(x: &B::Prim<E>, bias: &B::Prim<E>) -> B::Prim<E> {
    B::map(op::Add, [x, &B::expand(bias, B::dims(x))])
}

/// The state after a step: `[N, H]`, and for an LSTM the cell.
pub(super) type States<E, B> = Vec<<B as Backend>::Prim<E>>;

/// A layer ready to run.
struct Steps<'a, E: Dtype, B: Backend> {
    kind: Kind,
    weights: Weights<'a, E, B>,
    /// `weight_hh` transposed, once for all steps.
    weight_hh: B::Prim<E>,
    width: usize,
}

impl<'a, E: Float, B: Backend> Steps<'a, E, B> {
    fn new(kind: Kind, weights: Weights<'a, E, B>) -> Self {
        Steps {
            kind,
            weights,
            weight_hh: transposed::<E, B>(weights.weight_hh),
            width: B::dims(weights.weight_hh)[1],
        }
    }

    /// The part of the gates that comes from the input `[rows, I]`: no step waits for it.
    fn input(&self, x: &B::Prim<E>) -> B::Prim<E> {
        let Weights {
            weight_ih,
            bias_ih,
            bias_hh,
            ..
        } = self.weights;
        let y = B::matmul(x, &transposed::<E, B>(weight_ih));
        match self.kind {
            // The candidate's other bias is inside of the reset gate.
            Kind::Gru => plus::<E, B>(&y, bias_ih),
            _ => plus::<E, B>(&y, &B::map(op::Add, [bias_ih, bias_hh])),
        }
    }

    /// One step, from the part of the gates that comes from the input.
    fn step(&self, x: &B::Prim<E>, states: &[B::Prim<E>]) -> States<E, B> {
        let h = &states[0];
        let hidden = B::matmul(h, &self.weight_hh);
        let width = self.width;
        match self.kind {
            Kind::Tanh => Vec::from(B::map_joint(TanhStep, [x, &hidden])),
            Kind::Relu => Vec::from(B::map_joint(ReluStep, [x, &hidden])),
            Kind::Gru => {
                let hidden = plus::<E, B>(&hidden, self.weights.bias_hh);
                let (x, hidden) = (
                    B::split(x, 1, &[2 * width, width]),
                    B::split(&hidden, 1, &[2 * width, width]),
                );
                let [gates] = B::map_joint(Gate, [&x[0], &hidden[0]]);
                let gates = B::split(&gates, 1, &[width; 2]);
                Vec::from(B::map_joint(
                    GruStep,
                    [&x[1], &hidden[1], &gates[0], &gates[1], h],
                ))
            }
            Kind::Lstm => {
                let gates = B::map(op::Add, [x, &hidden]);
                let gates = B::split(&gates, 1, &[width; 4]);
                let [i, f, g, o] = [0, 1, 2, 3].map(|k| &gates[k]);
                let [c, h] = B::map_joint(LstmStep, [i, f, g, o, &states[1]]);
                vec![h, c]
            }
        }
    }
}

/// One step of a cell, from `[N, I]`.
pub(super) fn cell<E: Float, B: Backend>(
    kind: Kind,
    weights: Weights<'_, E, B>,
    x: &B::Prim<E>,
    states: &[B::Prim<E>],
) -> States<E, B> {
    let steps = Steps::new(kind, weights);
    let states = steps.step(&steps.input(x), states);
    B::layer_output(weights.weight_ih, &states[0]);
    states
}

/// One direction of one layer: from `[T, N, I]` to `[T, N, H]` and the last states.
fn sequence<E: Float, B: Backend>(
    kind: Kind,
    weights: Weights<'_, E, B>,
    x: &B::Prim<E>,
    mut states: States<E, B>,
    reverse: bool,
) -> (B::Prim<E>, States<E, B>) {
    let [times, n, inputs] = *B::dims(x) else {
        unreachable!("a batch of sequences")
    };
    let steps = Steps::<E, B>::new(kind, weights);
    let width = steps.width;
    if times == 0 {
        return (B::full(&B::device(x), E::ZERO, &[0, n, width]), states);
    }
    let gates = steps.input(&B::reshape(x, &[times * n, inputs]));
    let gates = B::split(&gates, 0, &vec![n; times]);
    let mut outputs = Vec::with_capacity(times);
    for at in 0..times {
        let at = if reverse { times - 1 - at } else { at };
        states = steps.step(&gates[at], &states);
        outputs.push(states[0].clone());
    }
    if reverse {
        outputs.reverse();
    }
    let all = B::cat(&outputs.iter().collect::<Vec<_>>(), 0);
    (B::reshape(&all, &[times, n, width]), states)
}

/// Layers one after the other, with dropout between them: from `[N, T, I]` to `[N, T, H]`, or both
/// directions one after the other, and the last states `[L, N, H]`. `weights` has one for each
/// layer and direction.
pub(super) fn layers<E: Float, B: Backend>(
    kind: Kind,
    weights: &[Weights<'_, E, B>],
    directions: usize,
    x: &B::Prim<E>,
    states: &[B::Prim<E>],
    dropout: &Dropout,
) -> (B::Prim<E>, States<E, B>) {
    let places = weights.len();
    let [n, width] = [B::dims(x)[0], B::dims(weights[0].weight_hh)[1]];
    let split: Vec<_> = (states.iter())
        .map(|x| B::split(x, 0, &vec![1; places]))
        .collect();
    let mut last: Vec<States<E, B>> = vec![Vec::new(); states.len()];
    let mut x = B::permute(x, &[1, 0, 2]);
    for (at, layer) in weights.chunks(directions).enumerate() {
        if at > 0 {
            x = dropout.prim::<E, B>(&x, B::dims(&x));
        }
        let mut outputs = Vec::with_capacity(directions);
        for (direction, weights) in layer.iter().enumerate() {
            let place = at * directions + direction;
            let start = (split.iter())
                .map(|x| B::reshape(&x[place], &[n, width]))
                .collect();
            let (y, end) = sequence(kind, *weights, &x, start, direction == 1);
            outputs.push(y);
            for (last, end) in last.iter_mut().zip(end) {
                last.push(B::reshape(&end, &[1, n, width]));
            }
        }
        x = match &outputs[..] {
            [one] => one.clone(),
            both => B::cat(&both.iter().collect::<Vec<_>>(), 2),
        };
    }
    let last = (last.iter())
        .map(|states| B::cat(&states.iter().collect::<Vec<_>>(), 0))
        .collect();
    let y = B::permute(&x, &[1, 0, 2]);
    B::layer_output(weights[0].weight_ih, &y);
    (y, last)
}
