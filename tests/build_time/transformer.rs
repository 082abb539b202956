//! A transformer of 12 layers that predicts the next of 50,257 tokens (GPT-2's sizes).

use volta::prelude::*;
use volta::summary::Meta;

#[derive(Module)]
struct Transformer<B: Backend = Cpu> {
    wte: Embedding<50257, 768, B>,
    wpe: LearnedPositions<1024, 768, B>,
    h: [TransformerEncoderLayer<768, 12, 3072, B>; 12],
    ln_f: LayerNorm<768, B>,
    head: Linear<768, 50257, B>,
}

impl<B: Backend> Transformer<B> {
    fn forward<N: Dim, T: Dim>(
        &self,
        tokens: &Tensor<(N, T), i64, B>,
    ) -> Tensor<(N, T, D<50257>), f32, B> {
        let mut x = self.wpe.forward(&self.wte.forward(tokens));
        for layer in &self.h {
            x = layer.forward(&x, Attention::new().causal());
        }
        self.head.forward(&self.ln_f.forward(&x))
    }
}

#[test]
fn it_has_the_parameters_of_its_sizes_and_its_output() {
    const LAYER: usize = 4 * 768 * 768 + 4 * 768 + 2 * 768 * 3072 + 3072 + 768 + 4 * 768;
    const ENDS: usize = 2 * 50257 * 768 + 50257 + 1024 * 768 + 2 * 768;
    const { assert!(<Transformer as Module<Cpu>>::PARAMETERS == 12 * LAYER + ENDS) };
    let model = Transformer::<Meta>::init_on(&Meta, &mut Rng::seed(0));
    let tokens: Tensor<s![Dyn, Dyn], i64, Meta> = Tensor::zeros_on((Dyn(2), Dyn(100)), &Meta);
    assert_eq!(model.forward(&tokens).dims(), [2, 100, 50257]);
}
