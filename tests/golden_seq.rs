//! Recurrent layers, attention and transformers against PyTorch, by the names of its parameters.

#[expect(dead_code, reason = "every case is there")]
#[path = "golden/compare.rs"]
mod compare;

use compare::{Fixtures, Here, moved};
use volta::nn::{LstmState, Nonlinearity, RotaryPairs, TransformerActivation};
use volta::prelude::*;

const FLOOR: f64 = 0.1;

/// Sizes stand for themselves: what a layer starts from is replaced.
fn new<M: Init<Cpu>>() -> M {
    M::init(&mut Rng::seed(0))
}

type Flat<E> = Tensor<(Dyn,), E, Taped<Here>>;

/// Tensors in row-major order, one after the other.
macro_rules! flat {
    ($($x:expr),*) => {{
        let parts = [$({
            let x = &$x;
            Taped::<Here>::reshape(x.prim(), &[x.numel()])
        }),*];
        let all = Taped::<Here>::cat(&parts.each_ref(), 0);
        let flat: Flat<_> = Tensor::from_prim((Dyn(Taped::<Here>::dims(&all)[0]),), all);
        flat
    }};
}

fn seen<const T: usize, const S: usize>() -> Tensor<(D<T>, D<S>), bool> {
    let sees = |i: usize, j: usize| !(i * 3 + j * 5).is_multiple_of(4) && i != 1;
    let rows = (0..T * S).map(|at| sees(at / S, at % S)).collect();
    Tensor::from_vec(rows).expect("as many")
}

fn padding() -> Tensor<s![2, 5], bool> {
    Tensor::from_array([
        [false, false, false, true, true],
        [false, false, true, false, false],
    ])
}

#[test]
fn recurrent_layers() {
    let golden = Fixtures::open("seq", FLOOR).only(&["lstm", "gru", "rnn"]);
    let lstm: Lstm<3, 4, 1, Unidirectional, Cpu, f64> = new();
    let model = (lstm, Tensor::<s![2, 3, 3], f64>::zeros());
    golden.case("lstm", model, |(lstm, x)| {
        let (y, state) = lstm.forward(x);
        flat!(y, state.h, state.c)
    });
    let x = Tensor::<s![2, 3, 3], f64>::zeros;
    let h = Tensor::<s![4, 2, 4], f64>::zeros;
    let lstm: Lstm<3, 4, 2, Bidirectional, Cpu, f64> = new();
    golden.case("lstm_2", (lstm, x(), h(), h()), |(lstm, x, h, c)| {
        let (h, c) = (h.clone(), c.clone());
        let (y, state) = lstm.forward_from(x, &LstmState { h, c });
        flat!(y, state.h, state.c)
    });
    let gru: Gru<3, 4, 2, Bidirectional, Cpu, f64> = new();
    golden.case("gru_2", (gru, x(), h()), |(gru, x, h)| {
        let (y, h) = gru.forward_from(x, h);
        flat!(y, h)
    });
    let rnn: Rnn<3, 4, 2, Bidirectional, Cpu, f64> = new();
    golden.case("rnn_2", (rnn, x(), h()), |(rnn, x, h)| {
        let (y, h) = rnn.forward_from(x, h);
        flat!(y, h)
    });
    let rnn: Rnn<3, 4, 1, Unidirectional, Cpu, f64> = new();
    let rnn = rnn.with_nonlinearity(Nonlinearity::Relu);
    golden.case("rnn_relu", (rnn, x()), |(rnn, x)| {
        let (y, h) = rnn.forward(x);
        flat!(y, h)
    });
    let x = Tensor::<s![2, 3], f64>::zeros;
    let h = Tensor::<s![2, 4], f64>::zeros;
    let cell: LstmCell<3, 4, Cpu, f64> = new();
    golden.case("lstm_cell", (cell, x(), h(), h()), |(cell, x, h, c)| {
        let (h, c) = (h.clone(), c.clone());
        let state = cell.forward(x, &LstmState { h, c });
        state.h.cat::<1, _>(&state.c)
    });
    let cell: GruCell<3, 4, Cpu, f64> = new();
    golden.case("gru_cell", (cell, x(), h()), |(cell, x, h)| {
        cell.forward(x, h)
    });
    let cell: RnnCell<3, 4, Cpu, f64> = new();
    golden.case("rnn_cell", (cell, x(), h()), |(cell, x, h)| {
        cell.forward(x, h)
    });
    golden.finish();
}

#[test]
fn attention() {
    let golden = Fixtures::open("seq", FLOOR).only(&["sdpa"]);
    macro_rules! attention {
        ($($E:ident)*) => {$(
            let inputs = || {(
                Tensor::<s![2, 3, 4, 6], $E>::zeros(),
                Tensor::<s![2, 3, 5, 6], $E>::zeros(),
                Tensor::<s![2, 3, 5, 2], $E>::zeros(),
            )};
            let mask = moved(&seen::<4, 5>());
            golden.case("sdpa", inputs(), |(q, k, v)| {
                q.scaled_dot_product_attention(k, v, Attention::new())
            });
            golden.case("sdpa_causal", inputs(), |(q, k, v)| {
                q.scaled_dot_product_attention(k, v, Attention::new().causal())
            });
            golden.case("sdpa_scale", inputs(), |(q, k, v)| {
                q.scaled_dot_product_attention(k, v, Attention::new().scale(0.7))
            });
            golden.case("sdpa_mask", inputs(), |(q, k, v)| {
                q.scaled_dot_product_attention(k, v, Attention::new().attn_mask(&mask))
            });
            let (q, k, v) = inputs();
            let bias: Tensor<s![3, 4, 5], $E> = Tensor::zeros();
            golden.case("sdpa_bias", (q, k, v, bias), |(q, k, v, bias)| {
                q.scaled_dot_product_attention(k, v, Attention::new().attn_mask(bias))
            });
            let inputs = (
                Tensor::<s![4, 6], $E>::zeros(),
                Tensor::<s![5, 6], $E>::zeros(),
                Tensor::<s![5, 2], $E>::zeros(),
            );
            golden.case("sdpa_vector", inputs, |(q, k, v)| {
                q.scaled_dot_product_attention(k, v, Attention::new())
            });
        )*};
    }
    attention!(f32 f64);
    golden.finish();
}

#[test]
fn heads() {
    let golden = Fixtures::open("seq", FLOOR).only(&["heads"]);
    type Heads = MultiheadAttention<4, 2, Cpu, f64>;
    let x = Tensor::<s![2, 5, 4], f64>::zeros;
    let y = Tensor::<s![2, 3, 4], f64>::zeros;
    let padding = moved(&padding());
    golden.case("heads", (new::<Heads>(), x()), |(heads, x)| {
        heads.forward(x, x, x, Attention::new())
    });
    golden.case(
        "heads_padding",
        (new::<Heads>(), y(), x()),
        |(heads, y, m)| heads.forward(y, m, m, Attention::new().key_padding_mask(&padding)),
    );
    // PyTorch's layer is told what is not seen; all see in row 1.
    let first: Tensor<s![3, 1], bool> = Tensor::from_array([[false], [true], [false]]);
    let mask = moved(&(seen::<3, 5>() | first.squeeze::<1>().unsqueeze::<1>()));
    golden.case(
        "heads_masks",
        (new::<Heads>(), y(), x(), x()),
        |(heads, y, k, v)| {
            let options = Attention::new().attn_mask(&mask).key_padding_mask(&padding);
            heads.forward(y, k, v, options)
        },
    );
    let bias = Tensor::<s![5, 5], f64>::zeros();
    golden.case(
        "heads_bias",
        (new::<Heads>(), x(), bias),
        |(heads, x, bias)| heads.forward(x, x, x, Attention::new().attn_mask(bias)),
    );
    golden.finish();
}

#[test]
fn transformers() {
    let golden = Fixtures::open("seq", FLOOR).only(&["encoder", "decoder"]);
    let x = Tensor::<s![2, 3, 4], f64>::zeros;
    let memory = Tensor::<s![2, 5, 4], f64>::zeros;
    let padding = moved(&padding());
    type Encoder = TransformerEncoderLayer<4, 2, 6, Cpu, f64>;
    type Decoder = TransformerDecoderLayer<4, 2, 6, Cpu, f64>;
    let layer = new::<Encoder>()
        .with_dropout(0.0)
        .with_norm_first()
        .with_activation(TransformerActivation::Gelu);
    golden.case("encoder_first", (layer, x()), |(layer, x)| {
        layer.forward(x, Attention::new())
    });
    let layer = new::<Decoder>()
        .with_dropout(0.0)
        .with_norm_first()
        .with_activation(TransformerActivation::Gelu);
    golden.case(
        "decoder_first",
        (layer, x(), memory()),
        |(layer, x, memory)| layer.forward(x, memory, Attention::new(), Attention::new()),
    );
    let mut stack: TransformerEncoder<4, 2, 6, 2, Cpu, f64> = new();
    stack = stack.with_norm(new());
    stack.eval();
    golden.case("encoder_stack", (stack, memory()), |(stack, x)| {
        stack.forward(x, Attention::new().key_padding_mask(&padding))
    });
    let mut stack: TransformerDecoder<4, 2, 6, 2, Cpu, f64> = new();
    stack = stack.with_norm(new());
    stack.eval();
    golden.case(
        "decoder_stack",
        (stack, x(), memory()),
        |(stack, x, memory)| {
            let padded = Attention::new().key_padding_mask(&padding);
            stack.forward(x, memory, Attention::new().causal(), padded)
        },
    );
    golden.finish();
}

#[test]
fn positions() {
    let golden = Fixtures::open("seq", FLOOR).only(&["rotary"]);
    let rotary = Rotary::<6>::with_theta(7, 100.0);
    let x = || (Tensor::<s![2, 3, 5, 6], f64>::zeros(),);
    golden.case("rotary_halves", x(), |(x,)| rotary.forward(x, 2));
    let rotary = rotary.clone().with_pairs(RotaryPairs::Interleaved);
    golden.case("rotary_interleaved", x(), |(x,)| rotary.forward(x, 2));
    golden.finish();
}

#[test]
fn parameters_start_as_in_pytorch() {
    let lstm: Lstm<3, 16, 2, Bidirectional> = new();
    let count = <Lstm<3, 16, 2, Bidirectional> as Module<Cpu>>::PARAMETERS;
    assert_eq!((count, lstm.num_parameters()), (9088, 9088));
    let keys = lstm.state_dict();
    let keys: Vec<&str> = keys.keys().collect();
    assert_eq!(keys.len(), 16);
    assert_eq!(
        keys[3..6],
        ["bias_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse"]
    );
    assert_eq!(keys[15], "bias_hh_l1_reverse");
    let range = |x: &[f32]| x.iter().fold(0.0_f32, |a, x| a.max(x.abs()));
    for (key, x) in lstm.state_dict().iter() {
        let most = range(&x.to_vec().expect("f32"));
        assert!(most <= 0.25 && most > 0.2, "{key} up to {most}");
    }
    let heads: MultiheadAttention<24, 4> = new();
    let most = range(&heads.in_proj_weight.to_vec());
    assert!(most <= 0.25 && most > 0.24, "up to {most}");
    assert!(range(&heads.in_proj_bias.to_vec()) == 0.0);
    assert!(range(&heads.out_proj.bias.to_vec()) == 0.0);
    let layer: TransformerDecoderLayer<4, 2, 6> = new();
    assert_eq!(layer.dropout.p(), 0.1);
    assert_eq!(
        layer.state_dict().keys().collect::<Vec<_>>()[..6],
        [
            "self_attn.in_proj_weight",
            "self_attn.in_proj_bias",
            "self_attn.out_proj.weight",
            "self_attn.out_proj.bias",
            "multihead_attn.in_proj_weight",
            "multihead_attn.in_proj_bias",
        ]
    );
}
