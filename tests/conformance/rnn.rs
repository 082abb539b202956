//! Recurrent cells against their formulas, and layers of them against each other.

use volta::nn::{LstmState, Nonlinearity, RecurrentWeights};
use volta::prelude::*;
use volta::shape::StaticExtent;
use volta::tape::gradcheck;

use crate::support::{
    Array, Check, Input, Target, View, case, close, fill, flat, for_every_device,
};

for_every_device! {
    cells
    layers
    a_layer_of_a_cell
    empty_sequences
}

const N: usize = 2;
const I: usize = 3;
const H: usize = 2;

/// The parameters of a step from the inputs `x[3..]`.
fn weights<Rows, E, B>(x: &[B::Prim<E>]) -> RecurrentWeights<Rows, D<I>, H, B, E>
where
    Rows: Dim + StaticExtent,
    E: Float,
    B: Backend,
{
    fn param<S: Shape, E: Float, B: Backend>(shape: S, x: &B::Prim<E>) -> Param<S, E, B> {
        Tensor::from_prim(shape, x.clone()).into()
    }
    RecurrentWeights {
        weight_ih: param((Rows::VALUE, D), &x[3]),
        weight_hh: param((Rows::VALUE, D), &x[4]),
        bias_ih: param((Rows::VALUE,), &x[5]),
        bias_hh: param((Rows::VALUE,), &x[6]),
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Tanh,
    Relu,
    Gru,
    Lstm,
}

case!(
    Cell { kind: Kind } | x | {
        let input: Tensor<(D<N>, D<I>), E, B> = Tensor::from_prim((D, D), x[0].clone());
        let h: Tensor<(D<N>, D<H>), E, B> = Tensor::from_prim((D, D), x[1].clone());
        let c = Tensor::from_prim((D, D), x[2].clone());
        match kind {
            Kind::Tanh | Kind::Relu => {
                let mut cell: RnnCell<I, H, B, E> =
                    Init::init_on(&B::device(&x[0]), &mut Rng::seed(0));
                cell.weights = weights(x);
                if *kind == Kind::Relu {
                    cell = cell.with_nonlinearity(Nonlinearity::Relu);
                }
                cell.forward(&input, &h).into_prim()
            }
            Kind::Gru => {
                let cell: GruCell<I, H, B, E> = GruCell {
                    weights: weights(x),
                };
                cell.forward(&input, &h).into_prim()
            }
            Kind::Lstm => {
                let cell: LstmCell<I, H, B, E> = LstmCell {
                    weights: weights(x),
                };
                let state = cell.forward(&input, &LstmState { h, c });
                B::cat(&[state.h.prim(), state.c.prim()], 1)
            }
        }
    }
);

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn formula(kind: Kind, x: &[Array]) -> Array {
    let from_input = |n: usize, row: usize| -> f64 {
        let product: f64 = (0..I).map(|i| x[0].at(&[n, i]) * x[3].at(&[row, i])).sum();
        product + x[5].at(&[row])
    };
    let from_state = |n: usize, row: usize| -> f64 {
        let product: f64 = (0..H).map(|i| x[1].at(&[n, i]) * x[4].at(&[row, i])).sum();
        product + x[6].at(&[row])
    };
    let gate = |n: usize, row: usize| from_input(n, row) + from_state(n, row);
    let width = if kind == Kind::Lstm { 2 * H } else { H };
    Array::from_fn(&[N, width], |at| {
        let (n, k) = (at[0], at[1] % H);
        match kind {
            Kind::Tanh => gate(n, k).tanh(),
            Kind::Relu => gate(n, k).max(0.0),
            Kind::Gru => {
                let (r, z) = (sigmoid(gate(n, k)), sigmoid(gate(n, H + k)));
                let candidate = (from_input(n, 2 * H + k) + r * from_state(n, 2 * H + k)).tanh();
                (1.0 - z) * candidate + z * x[1].at(&[n, k])
            }
            Kind::Lstm => {
                let [i, f, g, o] = [0, 1, 2, 3].map(|part| gate(n, part * H + k));
                let cell = sigmoid(f) * x[2].at(&[n, k]) + sigmoid(i) * g.tanh();
                if at[1] < H {
                    sigmoid(o) * cell.tanh()
                } else {
                    cell
                }
            }
        }
    })
}

fn cells<T: Target>(device: &T) {
    for (kind, gates) in [
        (Kind::Tanh, 1),
        (Kind::Relu, 1),
        (Kind::Gru, 3),
        (Kind::Lstm, 4),
    ] {
        let case = Cell { kind };
        for view in [View::Plain, View::Transposed] {
            let rows = gates * H;
            let inputs = vec![
                Input::new(&[N, I], view),
                Input::new(&[N, H], view),
                Input::new(&[N, H], view),
                Input::new(&[rows, I], view),
                Input::new(&[rows, H], view),
                Input::new(&[rows], View::Plain),
                Input::new(&[rows], View::Plain),
            ];
            Check::new(&case, &case, inputs)
                .forward(device, |x| formula(kind, x))
                .gradients(device);
        }
    }
}

/// Gradients of every parameter: none is 0, they are right, and the same on every device.
macro_rules! layer {
    ($device:ident, $Layer:ident<$L:literal, $Dir:ty>, |$layer:ident, $x:ident| $loss:expr) => {{
        type Model<E> = $Layer<3, 4, $L, $Dir, Cpu, E>;
        let narrow: Model<f32> = Init::init(&mut Rng::seed(5));
        let mut wide: Model<f64> = Init::init(&mut Rng::seed(5));
        fill(&mut wide, &narrow);
        let x = Tensor::<s![2, 5, 3]>::randn(&mut Rng::seed(6));
        let input = x.cast::<f64>();
        let want = grad(&wide, |$layer| {
            let $x = &input.lift();
            $loss
        });
        if T::REFERENCE {
            gradcheck(&wide, |$layer| {
                let $x = &input.lift();
                $loss
            })
            .unwrap_or_else(|e| panic!("{}: {e}", stringify!($Layer)));
        }
        let narrow = narrow.to($device).expect("moved");
        let input = x.to($device).expect("moved");
        let got = grad(&narrow, |$layer| {
            let $x = &input.lift();
            $loss
        });
        let (want, got) = (flat(&want), flat(&got));
        assert_eq!(want.len(), got.len());
        for ((name, want), (_, got)) in want.iter().zip(&got) {
            assert!(want.iter().all(|g| *g != 0.0), "{name} has no gradient");
            close(name, got, want, 1e-4);
        }
    }};
}

fn layers<T: Target>(device: &T) {
    layer!(device, Rnn<2, Unidirectional>, |layer, x| {
        let (y, h) = layer.forward(x);
        y.square().sum() + h.sum()
    });
    layer!(device, Gru<2, Bidirectional>, |layer, x| {
        let (y, h) = layer.forward(x);
        y.square().sum() + h.sum()
    });
    layer!(device, Lstm<2, Bidirectional>, |layer, x| {
        let (y, state) = layer.forward(x);
        y.square().sum() + state.h.sum() + state.c.square().sum()
    });
    // From the last states alone, the cell's too.
    layer!(device, Lstm<1, Unidirectional>, |layer, x| {
        let (_, state) = layer.forward(x);
        state.c.square().sum()
    });
}

/// A layer is its cell, step by step; the second half goes on from the state of the first.
fn a_layer_of_a_cell<T: Target>(device: &T) {
    let mut rng = Rng::seed(1);
    let layer: Lstm<3, 4> = Lstm::init(&mut rng);
    let x = Tensor::<s![2, 6, 3]>::randn(&mut rng)
        .to(device)
        .expect("moved");
    let layer = layer.to(device).expect("moved");
    let (y, last) = layer.forward(&x);
    let cell = LstmCell {
        weights: layer.layers.first()[0].clone(),
    };
    let mut state = LstmState::zeros_on((D::<2>, D::<4>), &device.device());
    let wide = |x: Vec<f32>| x.into_iter().map(f64::from).collect::<Vec<_>>();
    for t in 0..6 {
        state = cell.forward(&x.index_axis::<1>(t), &state);
        close(
            "a step",
            &wide(state.h.to_vec()),
            &wide(y.index_axis::<1>(t).to_vec()),
            1e-6,
        );
    }
    let (_, half) = layer.forward(&x.narrow::<1, 0, 3>());
    let (rest, end) = layer.forward_from(&x.narrow::<1, 3, 3>(), &half);
    // A product of fewer rows may add in another order.
    let second = y.narrow::<1, 3, 3>();
    close("a half", &wide(rest.to_vec()), &wide(second.to_vec()), 1e-6);
    close(
        "its end",
        &wide(end.c.to_vec()),
        &wide(last.c.to_vec()),
        1e-6,
    );
}

fn empty_sequences<T: Target>(device: &T) {
    let layer: Gru<3, 4, 2, Bidirectional> = Gru::init(&mut Rng::seed(1));
    let layer = layer.to(device).expect("moved");
    let none = Tensor::<s![2, 0, 3]>::zeros().to(device).expect("moved");
    let (y, h) = layer.forward(&none);
    assert_eq!((y.dims(), h.to_vec()), (&[2, 0, 8][..], vec![0.0; 32]));
    let nobody = Tensor::<s![0, 5, 3]>::zeros().to(device).expect("moved");
    let (y, h) = layer.forward(&nobody);
    assert_eq!((y.dims(), h.dims()), (&[0, 5, 8][..], &[4, 0, 4][..]));
    let grads = grad(&layer, |layer| layer.forward(&nobody.lift()).0.sum());
    assert!(
        flat(&grads)
            .iter()
            .all(|(_, g)| g.iter().all(|g| *g == 0.0))
    );
}
