//! all-MiniLM-L6-v2: the encoder of BERT (Devlin et al., 2019) in a small size (Wang et al., 2020),
//! trained to give a vector for a sentence (Reimers and Gurevych, 2019).

use volta::prelude::*;

/// The numbers of a token, and of a sentence.
pub(crate) const HIDDEN: usize = 384;
const HEADS: usize = 12;
const HEAD: usize = HIDDEN / HEADS;
const INNER: usize = 1536;
const LAYERS: usize = 6;
const VOCABULARY: usize = 30522;
const POSITIONS: usize = 512;

dims! {
    /// The sentences of a batch.
    pub(crate) Batch,
    /// The tokens of the longest sentence.
    pub(crate) Time
}

/// For each token of each sentence, something.
pub(crate) type Tokens<E, B = Cpu> = Tensor<s![Batch, Time], E, B>;
type Hidden<B> = Tensor<s![Batch, Time, { HIDDEN }], f32, B>;
/// Which tokens every head and every token sees: those that are no padding.
type Seen<B> = Tensor<s![Batch, *, *, Time], bool, B>;

#[derive(Module)]
pub(crate) struct MiniLm<B: Backend = Cpu> {
    embeddings: Embeddings<B>,
    encoder: Encoder<B>,
}

#[derive(Module)]
struct Embeddings<B: Backend> {
    word_embeddings: Embedding<VOCABULARY, HIDDEN, B>,
    position_embeddings: LearnedPositions<POSITIONS, HIDDEN, B>,
    token_type_embeddings: Embedding<2, HIDDEN, B>,
    #[module(rename = "LayerNorm", init = norm(device, rng))]
    norm: LayerNorm<HIDDEN, B>,
}

#[derive(Module)]
struct Encoder<B: Backend> {
    layer: [Layer<B>; LAYERS],
}

#[derive(Module)]
struct Layer<B: Backend> {
    attention: SelfAttention<B>,
    intermediate: Dense<HIDDEN, INNER, B>,
    output: Output<INNER, B>,
}

#[derive(Module)]
struct SelfAttention<B: Backend> {
    #[module(rename = "self")]
    heads: Heads<B>,
    output: Output<HIDDEN, B>,
}

#[derive(Module)]
struct Heads<B: Backend> {
    query: Linear<HIDDEN, HIDDEN, B>,
    key: Linear<HIDDEN, HIDDEN, B>,
    value: Linear<HIDDEN, HIDDEN, B>,
}

#[derive(Module)]
struct Dense<const I: usize, const O: usize, B: Backend> {
    dense: Linear<I, O, B>,
}

/// An affine map, whose sum with what the whole part was computed from is normalised.
#[derive(Module)]
struct Output<const I: usize, B: Backend> {
    dense: Linear<I, HIDDEN, B>,
    #[module(rename = "LayerNorm", init = norm(device, rng))]
    norm: LayerNorm<HIDDEN, B>,
}

fn norm<B: Backend>(device: &B::Device, rng: &mut Rng) -> LayerNorm<HIDDEN, B> {
    LayerNorm::init_on(device, rng).with_eps(1e-12)
}

impl<B: Backend> MiniLm<B> {
    /// A vector of length 1 for each sentence: of the mean of its tokens, those of `mask`.
    pub(crate) fn embed(
        &self,
        tokens: &Tokens<i64, B>,
        mask: &Tokens<bool, B>,
    ) -> Tensor<s![Batch, { HIDDEN }], f32, B> {
        let seen = mask.unsqueeze::<1>().unsqueeze::<1>();
        let mut x = self.embeddings.forward(tokens);
        for layer in &self.encoder.layer {
            x = layer.forward(&x, &seen);
        }
        let weights = mask.cast::<f32>().unsqueeze::<-1>();
        let mean = (x * &weights).sum_axis::<1>() / weights.sum_axis::<1>();
        &mean / mean.norm_keep::<-1>(2.0)
    }
}

impl<B: Backend> Embeddings<B> {
    fn forward(&self, tokens: &Tokens<i64, B>) -> Hidden<B> {
        let words = self.word_embeddings.forward(tokens);
        // There is one text, and each of its tokens is of the first type.
        let first = self.token_type_embeddings.weight.index_axis::<0>(0);
        self.norm
            .forward(&(self.position_embeddings.forward(&words) + first))
    }
}

impl<B: Backend> Layer<B> {
    fn forward(&self, x: &Hidden<B>, seen: &Seen<B>) -> Hidden<B> {
        let heads = self.attention.heads.forward(x, seen);
        let x = self.attention.output.forward(&heads, x);
        let inner = self.intermediate.dense.forward(&x).gelu();
        self.output.forward(&inner, &x)
    }
}

impl<B: Backend> Heads<B> {
    fn forward(&self, x: &Hidden<B>, seen: &Seen<B>) -> Hidden<B> {
        let (batch, time, _) = x.shape();
        let split = |map: &Linear<HIDDEN, HIDDEN, B>| {
            let heads = map
                .forward(x)
                .reshape_with((batch, time, D::<HEADS>, D::<HEAD>));
            heads.transpose::<1, 2>()
        };
        let [q, k, v] = [&self.query, &self.key, &self.value].map(split);
        let y = q.scaled_dot_product_attention(&k, &v, Attention::new().attn_mask(seen));
        y.transpose::<1, 2>().reshape_with(x.shape())
    }
}

impl<const I: usize, B: Backend> Output<I, B> {
    fn forward(&self, y: &Tensor<s![Batch, Time, { I }], f32, B>, x: &Hidden<B>) -> Hidden<B> {
        self.norm.forward(&(self.dense.forward(y) + x))
    }
}
