//! The layers, with PyTorch's counterparts in pytorch.py under the same names.

use volta::nn::{LstmState, Nonlinearity, TransformerActivation};
use volta::prelude::*;

use crate::exchange::{Exchange, Flat};

/// One line for each layer: its name, its type, what is changed about a new one, its inputs with
/// their sizes, and its outputs.
macro_rules! layers {
    ($(
        $name:literal: $M:ty $(, $change:expr)?;
        |$m:ident $(, $x:ident: [$($dims:tt)*])*| $y:expr;
    )*) => {
        /// Writes every layer, or reads it.
        pub(crate) fn all(exchange: &mut Exchange) -> Result<(), volta::Error> {
            $({
                let model: $M = Init::init(&mut Rng::seed(0));
                $(let model: $M = ($change)(model);)?
                let sizes = [$((stringify!($x), <s![$($dims)*] as StaticShape>::SHAPE.dims().to_vec())),*];
                exchange.layer($name, model, &sizes, |$m, _inputs| {
                    $(let $x: Tensor<s![$($dims)*]> = _inputs.input(stringify!($x));)*
                    $y.flat()
                })?;
            })*
            Ok(())
        }
    };
}

layers! {
    "Linear": Linear<5, 3>; |m, x: [4, 5]| m.forward(&x);
    "Linear, no bias": Linear<5, 3, Cpu, f32, NoBias>; |m, x: [2, 4, 5]| m.forward(&x);
    "Bilinear": Bilinear<3, 4, 2>; |m, x: [5, 3], y: [5, 4]| m.forward(&x, &y);
    "Embedding": Embedding<5, 3>; |m, x: [2, 4]| m.forward(&numbers(&x));
    "Embedding, padding": Embedding<5, 3>, |m: Embedding<5, 3>| m.with_padding_idx(1);
        |m, x: [2, 4]| m.forward(&numbers(&x));

    "Conv1d": Conv1d<3, 4, Window<3>>; |m, x: [2, 3, 9]| m.forward(&x);
    "Conv1d, all options": Conv1d<4, 6, Grouped<Window<3, 2, 2, 3>, 2>>;
        |m, x: [2, 4, 14]| m.forward(&x);
    "Conv2d": Conv2d<2, 3, (Window<3>, Window<2>)>; |m, x: [2, 2, 6, 5]| m.forward(&x);
    "Conv2d, all options": Conv2d<4, 4, Grouped<(Window<2, 3, 1, 2>, Window<3, 2, 2>), 2>>;
        |m, x: [1, 4, 7, 8]| m.forward(&x);
    "Conv2d, depthwise, no bias": Conv2d<3, 3, Grouped<Window<3, 1, 1>, 3>, Cpu, f32, NoBias>;
        |m, x: [2, 3, 6, 5]| m.forward(&x);
    "Conv3d": Conv3d<2, 3, Window<2>>; |m, x: [1, 2, 4, 5, 4]| m.forward(&x);
    "Conv3d, all options": Conv3d<2, 4, Grouped<Window<3, 2, 1>, 2>>;
        |m, x: [1, 2, 6, 5, 7]| m.forward(&x);
    "ConvTranspose1d": ConvTranspose1d<3, 4, Window<3>>; |m, x: [2, 3, 5]| m.forward(&x);
    "ConvTranspose1d, all options":
        ConvTranspose1d<4, 6, Grouped<OutputPad<Window<3, 2, 2, 2>, 1>, 2>>;
        |m, x: [1, 4, 5]| m.forward(&x);
    "ConvTranspose2d": ConvTranspose2d<2, 3, Window<4, 2, 1>>;
        |m, x: [1, 2, 3, 4]| m.forward(&x);
    "ConvTranspose2d, all options": ConvTranspose2d<4, 2, Grouped<OutputPad<Window<3, 2, 1>, 1>, 2>>;
        |m, x: [2, 4, 3, 2]| m.forward(&x);

    "BatchNorm1d": BatchNorm1d<3>; |m, x: [4, 3, 5]| m.forward(&x);
    "BatchNorm2d": BatchNorm2d<3>; |m, x: [2, 3, 4, 5]| m.forward(&x);
    "BatchNorm3d": BatchNorm3d<3>; |m, x: [2, 3, 2, 3, 2]| m.forward(&x);
    "LayerNorm": LayerNorm<6>, |m: LayerNorm<6>| m.with_eps(1e-3); |m, x: [2, 3, 6]| m.forward(&x);
    "LayerNorm, two axes": LayerNormOver<s![3, 6]>; |m, x: [2, 3, 6]| m.forward(&x);
    "RMSNorm": RmsNorm<6>; |m, x: [2, 3, 6]| m.forward(&x);
    "RMSNorm, two axes": RmsNormOver<s![3, 6]>; |m, x: [2, 3, 6]| m.forward(&x);
    "GroupNorm": GroupNorm<2, 6>; |m, x: [2, 6, 3, 4]| m.forward(&x);
    "InstanceNorm1d": InstanceNorm1d<3>; |m, x: [2, 3, 5]| m.forward(&x);
    "InstanceNorm2d, affine": InstanceNorm2d<3>, |m: InstanceNorm2d<3>| m.with_affine();
        |m, x: [2, 3, 4, 5]| m.forward(&x);
    "InstanceNorm3d, affine": InstanceNorm3d<2>, |m: InstanceNorm3d<2>| m.with_affine();
        |m, x: [2, 2, 3, 2, 3]| m.forward(&x);

    "RNN": Rnn<3, 4>; |m, x: [2, 5, 3]| m.forward(&x);
    "RNN, relu": Rnn<3, 4>, |m: Rnn<3, 4>| m.with_nonlinearity(Nonlinearity::Relu);
        |m, x: [2, 5, 3]| m.forward(&x);
    "RNN, 2 layers, both ways": Rnn<3, 4, 2, Bidirectional>;
        |m, x: [2, 5, 3], h: [4, 2, 4]| m.forward_from(&x, &h);
    "GRU": Gru<3, 4>; |m, x: [2, 5, 3]| m.forward(&x);
    "GRU, 2 layers, both ways": Gru<3, 4, 2, Bidirectional>;
        |m, x: [2, 5, 3], h: [4, 2, 4]| m.forward_from(&x, &h);
    "LSTM": Lstm<3, 4>; |m, x: [2, 5, 3]| m.forward(&x);
    "LSTM, 3 layers": Lstm<3, 4, 3>; |m, x: [2, 5, 3]| m.forward(&x);
    "LSTM, 2 layers, both ways": Lstm<3, 4, 2, Bidirectional>;
        |m, x: [2, 5, 3], h: [4, 2, 4], c: [4, 2, 4]| m.forward_from(&x, &LstmState { h, c });
    "RNNCell": RnnCell<3, 4>; |m, x: [2, 3], h: [2, 4]| m.forward(&x, &h);
    "GRUCell": GruCell<3, 4>; |m, x: [2, 3], h: [2, 4]| m.forward(&x, &h);
    "LSTMCell": LstmCell<3, 4>; |m, x: [2, 3], h: [2, 4], c: [2, 4]| m.forward(&x, &LstmState { h, c });

    "MultiheadAttention": MultiheadAttention<8, 2>;
        |m, x: [2, 3, 8], k: [2, 5, 8], v: [2, 5, 8]| m.forward(&x, &k, &v, Attention::new());
    "TransformerEncoderLayer": TransformerEncoderLayer<8, 2, 12>; |m, x: [2, 5, 8]| m.forward(&x, Attention::new());
    "TransformerEncoderLayer, norm first, gelu": TransformerEncoderLayer<8, 2, 12>,
        |m: TransformerEncoderLayer<8, 2, 12>| {
            m.with_norm_first().with_activation(TransformerActivation::Gelu)
        };
        |m, x: [2, 5, 8]| m.forward(&x, Attention::new().causal());
    "TransformerEncoder": TransformerEncoder<8, 2, 12, 2>,
        |m: TransformerEncoder<8, 2, 12, 2>| m.with_norm(Init::init(&mut Rng::seed(1)));
        |m, x: [2, 5, 8]| m.forward(&x, Attention::new().causal());
    "TransformerDecoderLayer": TransformerDecoderLayer<8, 2, 12>;
        |m, x: [2, 5, 8], memory: [2, 3, 8]| {
            m.forward(&x, &memory, Attention::new().causal(), Attention::new())
        };
    "TransformerDecoder": TransformerDecoder<8, 2, 12, 2>,
        |m: TransformerDecoder<8, 2, 12, 2>| m.with_norm(Init::init(&mut Rng::seed(1)));
        |m, x: [2, 5, 8], memory: [2, 3, 8]| {
            m.forward(&x, &memory, Attention::new().causal(), Attention::new())
        };

    "Sequential": (Linear<5, 7>, Relu, Linear<7, 3>); |m, x: [4, 5]| m.forward(&x);
    "a model of one's own": Own; |m, x: [2, 1, 8, 8]| m.forward(&x);
}

/// Numbers between -1 and 1 as numbers below 5.
fn numbers(x: &Tensor<s![2, 4]>) -> Tensor<s![2, 4], i64> {
    ((x + 1.0) * 2.5).cast()
}

/// Layers in fields, in lists, and with no parameters.
#[derive(Module)]
struct Own<B: Backend = Cpu> {
    conv: Conv2d<1, 4, Window<3, 1, 1>, B>,
    norm: BatchNorm2d<4, B>,
    pool: MaxPool2d<Window<2, 2>>,
    blocks: [Linear<64, 64, B>; 2],
    #[module(init = (Dropout::new(0.5, rng), Init::init_on(device, rng)))]
    head: (Dropout, Linear<64, 3, B>),
}

impl<B: Backend> Own<B> {
    fn forward<N: Dim>(&self, x: &Tensor<s![N, 1, 8, 8], f32, B>) -> Tensor<s![N, 3], f32, B> {
        let x = self.norm.forward(&self.conv.forward(x)).relu();
        let mut x = self.pool.forward(&x).flatten::<1, -1>();
        for block in &self.blocks {
            x = &x + block.forward(&x).gelu();
        }
        self.head.1.forward(&self.head.0.forward(&x))
    }
}
