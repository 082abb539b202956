//! Layers that attend to their own input and to that of an encoder.

use super::{Sequences, TransformerActivation, feed_forward, sum};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::{Dropout, Init, LayerNorm, Linear, MultiheadAttention};
use crate::random::Rng;
use crate::shape::{D, Dim};
use crate::tensor::{Attention, AttentionMask, Tensor};

/// Attention of a sequence to itself, attention to a memory and two maps, each with dropout, a sum
/// with the input and a normalisation (Vaswani et al., 2017; `torch.nn.TransformerDecoderLayer`, batch first).
///
/// `E` is the size of an embedding, `H` the number of heads and `F` the size between the maps.
/// Dropout starts as 0.1; the activation is the rectifier, and normalisation comes last, unless
/// said otherwise.
///
/// ```
/// use volta::prelude::*;
///
/// let mut rng = Rng::seed(0);
/// let layer: TransformerDecoderLayer<16, 4, 32> = Init::init(&mut rng);
/// let layer = layer.with_norm_first().with_dropout(0.0);
/// let x: Tensor<s![2, 10, 16]> = Tensor::ones();
/// let memory: Tensor<s![2, 7, 16]> = Tensor::ones();
/// let causal = Attention::new().causal();
/// let y: Tensor<s![2, 10, 16]> = layer.forward(&x, &memory, causal, Attention::new());
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct TransformerDecoderLayer<
    const E: usize,
    const H: usize,
    const F: usize,
    B: Backend = Cpu,
    El: Float = f32,
> {
    /// The attention to the input.
    pub self_attn: MultiheadAttention<E, H, B, El>,
    /// The attention to the memory.
    pub multihead_attn: MultiheadAttention<E, H, B, El>,
    /// The first map.
    pub linear1: Linear<E, F, B, El>,
    /// Between the maps.
    pub dropout: Dropout,
    /// The second map.
    pub linear2: Linear<F, E, B, El>,
    /// Of the attention to the input.
    pub norm1: LayerNorm<E, B, El>,
    /// Of the attention to the memory.
    pub norm2: LayerNorm<E, B, El>,
    /// Of the maps.
    pub norm3: LayerNorm<E, B, El>,
    /// After the attention to the input.
    pub dropout1: Dropout,
    /// After the attention to the memory.
    pub dropout2: Dropout,
    /// After the maps.
    pub dropout3: Dropout,
    /// Between the maps.
    #[module(skip)]
    pub activation: TransformerActivation,
    /// Whether what is added to the input is computed of the normalised input.
    #[module(skip)]
    pub norm_first: bool,
}

#[diagnostic::do_not_recommend]
impl<const E: usize, const H: usize, const F: usize, B: Backend, El: Float> Init<B>
    for TransformerDecoderLayer<E, H, F, B, El>
{
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        TransformerDecoderLayer {
            self_attn: MultiheadAttention::init_on(device, rng).with_dropout(0.1),
            multihead_attn: MultiheadAttention::init_on(device, rng).with_dropout(0.1),
            linear1: Init::init_on(device, rng),
            dropout: Dropout::new(0.1, rng),
            linear2: Init::init_on(device, rng),
            norm1: Init::init_on(device, rng),
            norm2: Init::init_on(device, rng),
            norm3: Init::init_on(device, rng),
            dropout1: Dropout::new(0.1, rng),
            dropout2: Dropout::new(0.1, rng),
            dropout3: Dropout::new(0.1, rng),
            activation: TransformerActivation::Relu,
            norm_first: false,
        }
    }
}

impl<const E: usize, const H: usize, const F: usize, B: Backend, El: Float>
    TransformerDecoderLayer<E, H, F, B, El>
{
    /// All that is dropped in training, the weights of the attention too, with probability `p`.
    ///
    /// # Panics
    /// If `p` is not between 0 and 1.
    #[must_use]
    #[track_caller]
    pub fn with_dropout(mut self, p: f64) -> Self {
        self.self_attn = self.self_attn.with_dropout(p);
        self.multihead_attn = self.multihead_attn.with_dropout(p);
        self.dropout = self.dropout.with_p(p);
        self.dropout1 = self.dropout1.with_p(p);
        self.dropout2 = self.dropout2.with_p(p);
        self.dropout3 = self.dropout3.with_p(p);
        self
    }

    /// With another activation.
    #[must_use]
    pub fn with_activation(mut self, activation: TransformerActivation) -> Self {
        self.activation = activation;
        self
    }

    /// Normalises what each part reads, and not its sum with the input (Xiong et al., 2020).
    #[must_use]
    pub fn with_norm_first(mut self) -> Self {
        self.norm_first = true;
        self
    }

    /// From `[N, T, E]` and a memory `[N, S, E]` to `[N, T, E]`. A mask of the attention to the
    /// input broadcasts to `[N, H, T, T]`, one of the attention to the memory to `[N, H, T, S]`.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn forward<N: Dim, T: Dim, S: Dim, M, P, M2, P2>(
        &self,
        x: &Tensor<(N, T, D<E>), El, B>,
        memory: &Tensor<(N, S, D<E>), El, B>,
        options: Attention<M, P>,
        memory_options: Attention<M2, P2>,
    ) -> Tensor<(N, T, D<E>), El, B>
    where
        M: AttentionMask<(N, D<H>, T, T), El, B>,
        P: AttentionMask<(N, T), El, B>,
        M2: AttentionMask<(N, D<H>, T, S), El, B>,
        P2: AttentionMask<(N, S), El, B>,
    {
        let to_memory = |x: &Sequences<N, T, E, El, B>| {
            let y = self
                .multihead_attn
                .forward(x, memory, memory, memory_options);
            self.dropout2.forward(&y)
        };
        if self.norm_first {
            let read = self.norm1.forward(x);
            let y = self.self_attn.forward(&read, &read, &read, options);
            let x = sum(x, &self.dropout1.forward(&y));
            let x = sum(&x, &to_memory(&self.norm2.forward(&x)));
            sum(&x, &self.feed_forward(&self.norm3.forward(&x)))
        } else {
            let y = self.self_attn.forward(x, x, x, options);
            let x = self.norm1.forward(&sum(x, &self.dropout1.forward(&y)));
            let x = self.norm2.forward(&sum(&x, &to_memory(&x)));
            self.norm3.forward(&sum(&x, &self.feed_forward(&x)))
        }
    }

    fn feed_forward<N: Dim, T: Dim>(
        &self,
        x: &Sequences<N, T, E, El, B>,
    ) -> Sequences<N, T, E, El, B> {
        feed_forward(
            x,
            (&self.linear1, &self.linear2),
            self.activation,
            (&self.dropout, &self.dropout3),
        )
    }
}

/// `LAYERS` [`TransformerDecoderLayer`]s one after the other (`torch.nn.TransformerDecoder`). Each
/// is initialised by itself.
///
/// ```
/// use volta::prelude::*;
///
/// let decoder: TransformerDecoder<16, 4, 32, 2> = Init::init(&mut Rng::seed(0));
/// let x: Tensor<s![2, 10, 16]> = Tensor::ones();
/// let memory: Tensor<s![2, 7, 16]> = Tensor::ones();
/// let causal = Attention::new().causal();
/// let y: Tensor<s![2, 10, 16]> = decoder.forward(&x, &memory, causal, Attention::new());
/// assert!(decoder.state_dict().get("layers.1.self_attn.in_proj_weight").is_some());
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct TransformerDecoder<
    const E: usize,
    const H: usize,
    const F: usize,
    const LAYERS: usize,
    B: Backend = Cpu,
    El: Float = f32,
> {
    /// The layers.
    pub layers: [TransformerDecoderLayer<E, H, F, B, El>; LAYERS],
    /// After the last layer.
    pub norm: Option<LayerNorm<E, B, El>>,
}

#[diagnostic::do_not_recommend]
impl<const E: usize, const H: usize, const F: usize, const LAYERS: usize, B, El> Init<B>
    for TransformerDecoder<E, H, F, LAYERS, B, El>
where
    B: Backend,
    El: Float,
{
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        TransformerDecoder {
            layers: Init::init_on(device, rng),
            norm: None,
        }
    }
}

impl<const E: usize, const H: usize, const F: usize, const LAYERS: usize, B, El>
    TransformerDecoder<E, H, F, LAYERS, B, El>
where
    B: Backend,
    El: Float,
{
    /// With every layer changed alike: `.with_layers(|layer| layer.with_norm_first())`.
    #[must_use]
    pub fn with_layers(
        mut self,
        change: impl FnMut(
            TransformerDecoderLayer<E, H, F, B, El>,
        ) -> TransformerDecoderLayer<E, H, F, B, El>,
    ) -> Self {
        self.layers = self.layers.map(change);
        self
    }

    /// With a normalisation after the last layer.
    #[must_use]
    pub fn with_norm(mut self, norm: LayerNorm<E, B, El>) -> Self {
        self.norm = Some(norm);
        self
    }

    /// From `[N, T, E]` and a memory `[N, S, E]` to `[N, T, E]`. A mask of the attention to the
    /// input broadcasts to `[N, H, T, T]`, one of the attention to the memory to `[N, H, T, S]`.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn forward<N: Dim, T: Dim, S: Dim, M, P, M2, P2>(
        &self,
        x: &Tensor<(N, T, D<E>), El, B>,
        memory: &Tensor<(N, S, D<E>), El, B>,
        options: Attention<M, P>,
        memory_options: Attention<M2, P2>,
    ) -> Tensor<(N, T, D<E>), El, B>
    where
        M: AttentionMask<(N, D<H>, T, T), El, B> + Clone,
        P: AttentionMask<(N, T), El, B> + Clone,
        M2: AttentionMask<(N, D<H>, T, S), El, B> + Clone,
        P2: AttentionMask<(N, S), El, B> + Clone,
    {
        let mut x = x.clone();
        for layer in &self.layers {
            x = layer.forward(&x, memory, options.clone(), memory_options.clone());
        }
        match &self.norm {
            Some(norm) => norm.forward(&x),
            None => x,
        }
    }
}
