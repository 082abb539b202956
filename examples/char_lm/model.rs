//! A transformer over the symbols of a text.

use volta::nn::TransformerActivation;
use volta::prelude::*;

use crate::text::{Batch, SYMBOLS, Time};

/// The most symbols that it sees.
pub(crate) const CONTEXT: usize = 64;

/// `E` numbers a symbol, `H` heads of attention, `F` numbers inside of a layer.
#[derive(Module)]
pub(crate) struct Model<
    const E: usize,
    const H: usize,
    const F: usize,
    const LAYERS: usize,
    B: Backend = Cpu,
> {
    symbols: Embedding<SYMBOLS, E, B>,
    positions: LearnedPositions<CONTEXT, E, B>,
    encoder: TransformerEncoder<E, H, F, LAYERS, B>,
    norm: LayerNorm<E, B>,
    head: Linear<E, SYMBOLS, B>,
}

impl<const E: usize, const H: usize, const F: usize, const LAYERS: usize> Model<E, H, F, LAYERS> {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let mut model = Model::init(rng);
        model.encoder = model.encoder.with_layers(|layer| {
            layer
                .with_norm_first()
                .with_activation(TransformerActivation::Gelu)
                .with_dropout(0.0)
        });
        model
    }

    /// A text and `count` more symbols, one after the other, each drawn by its chance. Below 1, the
    /// temperature makes the likely ones likelier.
    pub(crate) fn continued(
        &self,
        mut text: Vec<i64>,
        count: usize,
        temperature: f32,
        rng: &mut Rng,
    ) -> Vec<i64> {
        for _ in 0..count {
            let seen = &text[text.len().saturating_sub(CONTEXT)..];
            let last = seen.len() - 1;
            let seen: Tensor<s![1, Time], i64> =
                Tensor::from_slice_with((D, Time(seen.len())), seen).expect("one piece");
            let scores = self.forward(&seen).index_axis::<1>(last) / temperature;
            // The greatest, each with noise of Gumbel's distribution, is one drawn from the softmax.
            let draw: Tensor<s![1, { SYMBOLS }]> = Tensor::rand(rng);
            text.push((scores - (-draw.ln()).ln()).argmax().item());
        }
        text
    }
}

impl<const E: usize, const H: usize, const F: usize, const LAYERS: usize, B: Backend>
    Model<E, H, F, LAYERS, B>
{
    /// The scores of what comes after each symbol, given those up to it.
    fn forward<N: Dim, T: Dim>(
        &self,
        text: &Tensor<s![N, T], i64, B>,
    ) -> Tensor<s![N, T, { SYMBOLS }], f32, B> {
        let x = self.positions.forward(&self.symbols.forward(text));
        let x = self.encoder.forward(&x, Attention::new().causal());
        self.head.forward(&self.norm.forward(&x))
    }

    /// How many nats it takes, on average, to say which symbol comes next.
    pub(crate) fn loss(
        &self,
        text: &Tensor<s![Batch, Time], i64, B>,
        next: &Tensor<s![Batch, Time], i64, B>,
    ) -> Tensor<(), f32, B> {
        let scores = self.forward(text).flatten::<0, 1>();
        scores.cross_entropy(&next.flatten::<0, 1>())
    }
}
