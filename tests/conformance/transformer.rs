//! Transformers and positions: their gradients against differences, and on every device alike.

use volta::nn::{RotaryPairs, TransformerActivation};
use volta::prelude::*;

use crate::support::{
    Array, Check, Input, Target, View, case, close, fill, flat, for_every_device, panics,
};

for_every_device! {
    heads
    encoders
    decoders
    sixteen_bits
    dropout_in_training
    rotary
    added_positions
    positions_that_there_are_not
}

/// Gradients of every parameter of a model and of its input: right, and the same everywhere.
macro_rules! model {
    ($device:ident, $Model:ident<$($size:literal),*>, $change:expr, |$model:ident, $x:ident| $y:expr) => {{
        type Model<E> = $Model<$($size,)* Cpu, E>;
        let narrow: Model<f32> = $change(Init::init(&mut Rng::seed(5)));
        let mut wide: Model<f64> = $change(Init::init(&mut Rng::seed(5)));
        fill(&mut wide, &narrow);
        let x = Tensor::<s![2, 3, 4]>::randn(&mut Rng::seed(6));
        let wide = (wide, x.cast::<f64>());
        let want = grad(&wide, |($model, $x)| ($y).sin().sum());
        if T::REFERENCE {
            gradcheck(&wide, |($model, $x)| ($y).sin().sum())
                .unwrap_or_else(|e| panic!("{}: {e}", stringify!($Model)));
        }
        let narrow = narrow.to($device).expect("moved");
        let narrow = (narrow, x.to($device).expect("moved"));
        let got = grad(&narrow, |($model, $x)| ($y).sin().sum());
        for ((name, want), (_, got)) in flat(&want).iter().zip(&flat(&got)) {
            // The bias of the keys moves all scores of a row alike.
            assert!(want.iter().any(|g| g.abs() > 1e-6), "{name} has no gradient");
            close(name, got, want, 1e-4);
        }
    }};
}

fn as_it_is<M>(model: M) -> M {
    model
}

fn heads<T: Target>(device: &T) {
    model!(device, MultiheadAttention<4, 2>, as_it_is, |model, x| {
        model.forward(x, x, x, Attention::new().causal())
    });
    model!(device, MultiheadAttention<4, 4>, as_it_is, |model, x| {
        let read = x.cos();
        model.forward(x, &read, &read, Attention::new())
    });
    model!(device, MultiheadAttention<4, 1>, as_it_is, |model, x| {
        model.forward(x, &x.cos(), &x.exp(), Attention::new().scale(0.3))
    });
}

fn encoders<T: Target>(device: &T) {
    fn last<E: Float>(
        layer: TransformerEncoderLayer<4, 2, 6, Cpu, E>,
    ) -> TransformerEncoderLayer<4, 2, 6, Cpu, E> {
        layer.with_dropout(0.0)
    }
    fn first<E: Float>(
        stack: TransformerEncoder<4, 2, 6, 2, Cpu, E>,
    ) -> TransformerEncoder<4, 2, 6, 2, Cpu, E> {
        let gelu = TransformerActivation::Gelu;
        stack
            .with_layers(|layer| {
                layer
                    .with_dropout(0.0)
                    .with_norm_first()
                    .with_activation(gelu)
            })
            .with_norm(Init::init(&mut Rng::seed(0)))
    }
    model!(device, TransformerEncoderLayer<4, 2, 6>, last, |model, x| {
        model.forward(x, Attention::new())
    });
    model!(device, TransformerEncoder<4, 2, 6, 2>, first, |model, x| {
        model.forward(x, Attention::new().causal())
    });
}

fn decoders<T: Target>(device: &T) {
    fn stack<E: Float>(
        stack: TransformerDecoder<4, 2, 6, 2, Cpu, E>,
    ) -> TransformerDecoder<4, 2, 6, 2, Cpu, E> {
        let mut first = true;
        stack.with_layers(|layer| {
            let layer = layer.with_dropout(0.0);
            match std::mem::take(&mut first) {
                true => layer.with_norm_first(),
                false => layer,
            }
        })
    }
    model!(device, TransformerDecoder<4, 2, 6, 2>, stack, |model, x| {
        model.forward(x, &x.cos(), Attention::new().causal(), Attention::new())
    });
}

fn sixteen_bits<T: Target>(device: &T) {
    let mut rng = Rng::seed(1);
    let layer: TransformerEncoderLayer<8, 2, 16> = Init::init(&mut rng);
    let layer = layer.with_dropout(0.0);
    let mut narrow: TransformerEncoderLayer<8, 2, 16, Cpu, f16> = Init::init(&mut rng);
    fill(&mut narrow, &layer);
    let x: Tensor<s![2, 3, 8]> = Tensor::randn(&mut rng);
    let want = layer.forward(&x, Attention::new()).to_vec();
    let x = x.cast::<f16>().to(device).expect("moved");
    let narrow = narrow.with_dropout(0.0).to(device).expect("moved");
    let got = narrow.forward(&x, Attention::new()).to_vec();
    let got: Vec<f64> = got.into_iter().map(|x| x.to_f64()).collect();
    let want: Vec<f64> = want.into_iter().map(f64::from).collect();
    close("in f16", &got, &want, 2e-2);
}

/// One seed gives one result, every call another, and none is dropped in use.
fn dropout_in_training<T: Target>(device: &T) {
    let x = Tensor::<s![2, 3, 8]>::ones().to(device).expect("moved");
    let run = || {
        let layer: TransformerEncoderLayer<8, 2, 16> = Init::init(&mut Rng::seed(1));
        let mut layer = layer.with_dropout(0.5).to(device).expect("moved");
        let training = [0, 1].map(|_| layer.forward(&x, Attention::new()).to_vec());
        layer.eval();
        let using = [0, 1].map(|_| layer.forward(&x, Attention::new()).to_vec());
        (training, using)
    };
    let (training, using) = run();
    assert_ne!(training[0], training[1]);
    assert_ne!(training[0], using[0]);
    assert_eq!(using[0], using[1]);
    assert_eq!(run(), (training, using));
}

case!(
    Turned {
        pairs: RotaryPairs,
        offset: usize
    } | x
        | {
            let dims = B::dims(&x[0]);
            let x: Tensor<s![Dyn, Dyn, 4], E, B> =
                Tensor::from_prim((Dyn(dims[0]), Dyn(dims[1]), D), x[0].clone());
            let rotary = Rotary::<4>::with_theta(10, 100.0).with_pairs(*pairs);
            rotary.forward(&x, *offset).into_prim()
        }
);

fn rotary<T: Target>(device: &T) {
    for pairs in [RotaryPairs::Halves, RotaryPairs::Interleaved] {
        for (view, offset) in [(View::Plain, 0), (View::Transposed, 5), (View::Narrowed, 7)] {
            let case = Turned { pairs, offset };
            Check::new(&case, &case, vec![Input::new(&[2, 3, 4], view)])
                .forward(device, |x| {
                    let (pair, other): (fn(usize) -> usize, fn(usize) -> usize) = match pairs {
                        RotaryPairs::Halves => (|k| k % 2, |k| (k + 2) % 4),
                        RotaryPairs::Interleaved => (|k| k / 2, |k| k ^ 1),
                    };
                    Array::from_fn(&[2, 3, 4], |at| {
                        let [n, t, k] = *at else { unreachable!() };
                        let angle = (t + offset) as f64 / 10_f64.powi(pair(k) as i32);
                        let sign = if other(k) > k { -1.0 } else { 1.0 };
                        let (own, its) = (x[0].at(at), x[0].at(&[n, t, other(k)]));
                        own * angle.cos() + sign * its * angle.sin()
                    })
                })
                .gradients(device);
        }
    }
    let none = Tensor::<s![2, 0, 4]>::zeros().to(device).expect("moved");
    assert_eq!(Rotary::<4>::new(3).forward(&none, 3).dims(), [2, 0, 4]);
}

fn added_positions<T: Target>(device: &T) {
    let mut rng = Rng::seed(1);
    let x = Tensor::<s![2, 3, 5]>::zeros().to(device).expect("moved");
    let y = SinusoidalPositions::<7, 5>::new().forward(&x);
    let want = (0..30).map(|at| {
        let (t, k) = (at / 5 % 3, at % 5);
        let angle = t as f64 / 10000_f64.powf((k / 2 * 2) as f64 / 5.0);
        if k % 2 == 0 { angle.sin() } else { angle.cos() }
    });
    let wide = |x: Vec<f32>| x.into_iter().map(f64::from).collect::<Vec<_>>();
    close("sines", &wide(y.to_vec()), &want.collect::<Vec<_>>(), 1e-6);

    let learned: LearnedPositions<7, 5> = LearnedPositions::init(&mut rng);
    let rows = learned.weight.to_vec();
    let learned = learned.to(device).expect("moved");
    assert_eq!(
        learned.forward(&x).to_vec(),
        [&rows[..15], &rows[..15]].concat()
    );
    let grads = grad(&learned, |learned| learned.forward(&x.lift()).sum());
    let want = [vec![2.0; 15], vec![0.0; 20]].concat();
    assert_eq!(grads.weight.to_vec(), want);
}

fn positions_that_there_are_not<T: Target>(device: &T) {
    let x: Tensor<s![2, Dyn, 4]> = Tensor::zeros_with((D, Dyn(9), D));
    let x = x.to(device).expect("moved");
    let message = panics(|| SinusoidalPositions::<8, 4>::new().forward(&x));
    assert_eq!(
        message,
        "a sequence of 9 entries, and there are positions for 8"
    );
    let message = panics(|| Rotary::<4>::new(10).forward(&x, 2));
    assert_eq!(message, "Rotary: positions 2 to 11 of 10");
    let heads: MultiheadAttention<4, 2> = Init::init(&mut Rng::seed(0));
    let heads = heads.to(device).expect("moved");
    let other: Tensor<s![2, Dyn, 4]> = Tensor::zeros_with((D, Dyn(8), D));
    let other = other.to(device).expect("moved");
    let message = panics(|| heads.forward(&x, &x, &other, Attention::new()));
    assert_eq!(
        message,
        "MultiheadAttention: queries [2, 9, 4], keys [2, 9, 4] and values [2, 8, 4] do not go \
         together"
    );
}
