//! Every layer, once: those of one elementwise function stand with it.

use volta::Dtype;
use volta::nn::LstmState;
use volta::prelude::*;

use crate::row::{Table, beside, layers, rows};

pub(crate) fn all(table: &mut Table) {
    table.section = "Layers";
    layers! { table;
        "Linear" (x: [2, 3]) Linear<3, 4, B, E>, |layer| layer, |layer| layer.forward(x);
        "Bilinear" (x: [2, 3], y: [2, 2]) Bilinear<3, 2, 2, B, E>, |layer| layer, |layer| layer.forward(x, y);
        "Embedding" (x: [2]) Embedding<5, 3, B, E>, |layer| layer, |layer| {
            layer.forward(&beside::<s![4], i64, _, _, _>(x, &[3, 0, 4, 3]))
        };
        "Conv1d" (x: [1, 2, 6]) Conv1d<2, 3, Window<3, 2, 1>, B, E>, |layer| layer, |layer| layer.forward(x);
        "Conv2d" (x: [1, 2, 4, 4]) Conv2d<2, 3, Window<3>, B, E>, |layer| layer, |layer| layer.forward(x);
        "Conv3d" (x: [1, 1, 3, 3, 3]) Conv3d<1, 2, Window<2>, B, E>, |layer| layer, |layer| layer.forward(x);
        "ConvTranspose1d" (x: [1, 2, 4]) ConvTranspose1d<2, 3, Window<3, 2>, B, E>, |layer| layer, |layer| layer.forward(x);
        "ConvTranspose2d" (x: [1, 2, 3, 3]) ConvTranspose2d<2, 3, Window<2, 2>, B, E>, |layer| layer, |layer| layer.forward(x);
        "BatchNorm1d" (x: [4, 2]) BatchNorm1d<2, B, E>, |layer| layer, |layer| layer.forward(x);
        "BatchNorm2d" (x: [2, 2, 2, 3]) BatchNorm2d<2, B, E>, |layer| layer, |layer| layer.forward(x);
        "BatchNorm3d" (x: [2, 2, 2, 1, 2]) BatchNorm3d<2, B, E>, |layer| layer, |layer| layer.forward(x);
        "LayerNorm" (x: [3, 4]) LayerNorm<4, B, E>, |layer| layer, |layer| layer.forward(x);
        "LayerNormOver" (x: [2, 2, 3]) LayerNormOver<s![2, 3], B, E>, |layer| layer, |layer| layer.forward(x);
        "RmsNorm" (x: [3, 4]) RmsNorm<4, B, E>, |layer| layer, |layer| layer.forward(x);
        "RmsNormOver" (x: [2, 2, 3]) RmsNormOver<s![2, 3], B, E>, |layer| layer, |layer| layer.forward(x);
        "GroupNorm" (x: [2, 4, 3]) GroupNorm<2, 4, B, E>, |layer| layer, |layer| layer.forward(x);
        "InstanceNorm1d" (x: [2, 2, 4]) InstanceNorm1d<2, B, E>, |layer, device| layer.with_affine_on(device), |layer| layer.forward(x);
        "InstanceNorm2d" (x: [2, 2, 2, 2]) InstanceNorm2d<2, B, E>, |layer, device| layer.with_affine_on(device), |layer| layer.forward(x);
        "InstanceNorm3d" (x: [2, 2, 2, 2, 2]) InstanceNorm3d<2, B, E>, |layer, device| layer.with_affine_on(device), |layer| layer.forward(x);
        "RnnCell" (x: [2, 3], h: [2, 4]) RnnCell<3, 4, B, E>, |layer| layer, |layer| layer.forward(x, h);
        "Rnn" (x: [2, 3, 2]) Rnn<2, 3, 2, Bidirectional, B, E>, |layer| layer, |layer| layer.forward(x);
        "GruCell" (x: [2, 3], h: [2, 4]) GruCell<3, 4, B, E>, |layer| layer, |layer| layer.forward(x, h);
        "Gru" (x: [2, 3, 2]) Gru<2, 3, 2, Bidirectional, B, E>, |layer| layer, |layer| layer.forward(x);
        "LstmCell" (x: [2, 3], h: [2, 4], c: [2, 4]) LstmCell<3, 4, B, E>, |layer| layer, |layer| {
            let LstmState { h, c } = layer.forward(x, &LstmState { h: h.clone(), c: c.clone() });
            (h, c)
        };
        "Lstm" (x: [2, 3, 2]) Lstm<2, 3, 2, Bidirectional, B, E>, |layer| layer, |layer| {
            let (y, LstmState { h, c }) = layer.forward(x);
            (y, h, c)
        };
        "MultiheadAttention" (x: [2, 3, 4], y: [2, 2, 4]) MultiheadAttention<4, 2, B, E>, |layer| layer, |layer| {
            layer.forward(x, y, y, Attention::new())
        };
        "TransformerEncoderLayer" (x: [2, 3, 4]) TransformerEncoderLayer<4, 2, 5, B, E>, |layer| layer.with_dropout(0.0), |layer| {
            layer.forward(x, Attention::new().causal())
        };
        "TransformerEncoder" (x: [2, 3, 4]) TransformerEncoder<4, 2, 5, 2, B, E>, |layer| {
            layer.with_layers(|layer| layer.with_dropout(0.0))
        }, |layer| layer.forward(x, Attention::new());
        "TransformerDecoderLayer" (x: [2, 3, 4], y: [2, 2, 4]) TransformerDecoderLayer<4, 2, 5, B, E>, |layer| layer.with_dropout(0.0), |layer| {
            layer.forward(x, y, Attention::new().causal(), Attention::new())
        };
        "TransformerDecoder" (x: [2, 3, 4], y: [2, 2, 4]) TransformerDecoder<4, 2, 5, 2, B, E>, |layer| {
            layer.with_layers(|layer| layer.with_dropout(0.0))
        }, |layer| layer.forward(x, y, Attention::new(), Attention::new());
        "LearnedPositions" (x: [2, 3, 4]) LearnedPositions<5, 4, B, E>, |layer| layer, |layer| layer.forward(x);
        "Residual" (x: [2, 3]) Residual<Linear<3, 3, B, E>>, |layer| layer, |layer| layer.forward(x);
    }
    rows! { table float Float;
        "SinusoidalPositions" (x: [2, 3, 4]) => SinusoidalPositions::<5, 4>::new().forward(x);
        "Rotary" (x: [2, 3, 4]) => Rotary::<4>::new(5).forward(x, 1);
        "AvgPool1d" (x: [1, 2, 6]) => AvgPool1d::<Window<2, 2>>::new().forward(x);
        "AvgPool2d" (x: [1, 2, 4, 4]) => AvgPool2d::<Window<2, 2>>::new().forward(x);
        "AdaptiveAvgPool1d" (x: [1, 2, 5]) => AdaptiveAvgPool1d::<2>::new().forward(x);
        "AdaptiveAvgPool2d" (x: [1, 2, 4, 5]) => AdaptiveAvgPool2d::<2, 3>::new().forward(x);
        "Upsample" (x: [1, 2, 2, 3]) => (
            Upsample::<2, 2>::nearest().forward(x),
            Upsample::<2, 2>::bilinear().forward(x),
        );
        "PixelShuffle" (x: [1, 8, 2, 3]) => PixelShuffle::<2>.forward(x);
        "PixelUnshuffle" (x: [1, 2, 4, 6]) => PixelUnshuffle::<2>.forward(x);
        "Dropout" (x: [4, 8]) => Dropout::new(0.5, &mut Rng::seed(1)).forward(x);
        "Dropout1d" (x: [4, 4, 2]) => Dropout1d::new(0.5, &mut Rng::seed(1)).forward(x);
        "Dropout2d" (x: [4, 4, 2, 1]) => Dropout2d::new(0.5, &mut Rng::seed(1)).forward(x);
        "Dropout3d" (x: [4, 4, 2, 1, 1]) => Dropout3d::new(0.5, &mut Rng::seed(1)).forward(x);
        "AlphaDropout" (x: [4, 8]) => AlphaDropout::new(0.5, &mut Rng::seed(1)).forward(x);
    }
    rows! { table num Num;
        "MaxPool1d" (x: [1, 2, 6]) => MaxPool1d::<Window<2, 2>>::new().forward(x);
        "MaxPool2d" (x: [1, 2, 4, 4]) => MaxPool2d::<Window<2, 2>>::new().forward(x);
    }
    rows! { table any Dtype;
        "Flatten" (x: [2, 3, 2]) => Flatten.forward(x);
        "Identity" (x: [2, 3]) => Identity.forward(x);
    }
}
