//! Attention in several heads.

use super::{Dropout, Init, Linear, Param, initial};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::ops::elementwise as op;
use crate::random::Rng;
use crate::shape::text::Text;
use crate::shape::{D, Dim, Multiple};
use crate::tensor::{Attention, AttentionMask, Mask, Tensor, attend};

/// Attention of queries `[N, T, E]` to keys and values `[N, S, E]` in `H` heads, each of `E / H`
/// numbers (Vaswani et al., 2017; `torch.nn.MultiheadAttention`, batch first).
///
/// `in_proj_weight` is `[3 E, E]`: the maps of queries, keys and values one after the other, drawn
/// as Xavier's uniform distribution; `in_proj_bias` and the bias of `out_proj` start as 0. `H`
/// divides `E`. The weights themselves are not given out.
///
/// ```
/// use volta::prelude::*;
///
/// let layer: MultiheadAttention<16, 4> = MultiheadAttention::init(&mut Rng::seed(0));
/// let x: Tensor<s![2, 10, 16]> = Tensor::ones();
/// let y: Tensor<s![2, 10, 16]> = layer.forward(&x, &x, &x, Attention::new().causal());
///
/// let memory: Tensor<s![2, 7, 16]> = Tensor::ones();
/// let padding: Tensor<s![2, 7], bool> = Tensor::full(false);
/// let options = Attention::new().key_padding_mask(&padding);
/// let y: Tensor<s![2, 10, 16]> = layer.forward(&x, &memory, &memory, options);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct MultiheadAttention<const E: usize, const H: usize, B: Backend = Cpu, El: Float = f32> {
    /// `[3 E, E]`: of the queries, the keys and the values.
    pub in_proj_weight: Param<(Multiple<3, E>, D<E>), El, B>,
    /// `[3 E]`.
    pub in_proj_bias: Param<(Multiple<3, E>,), El, B>,
    /// What the heads go through together.
    pub out_proj: Linear<E, E, B, El>,
    /// Which weights are dropped in training; none unless said.
    pub dropout: Dropout,
}

/// Whether `H` heads divide `E`, checked when the program is built.
struct Heads<const E: usize, const H: usize>;

impl<const E: usize, const H: usize> Heads<E, H> {
    const CHECK: () = if H == 0 || !E.is_multiple_of(H) {
        let text = Text::new()
            .str("MultiheadAttention: ")
            .number(H)
            .str(" heads do not divide an embedding of ")
            .number(E);
        panic!("{}", text.as_str());
    };
}

#[diagnostic::do_not_recommend]
impl<const E: usize, const H: usize, B: Backend, El: Float> Init<B>
    for MultiheadAttention<E, H, B, El>
{
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        const { Heads::<E, H>::CHECK }
        // Fan in and fan out of the three maps as one.
        let bound = (6.0 / (4 * E).max(1) as f64).sqrt();
        let in_proj_weight = initial::uniform((Multiple, D), bound, device, rng).into();
        let mut out_proj: Linear<E, E, B, El> = Init::init_on(device, rng);
        out_proj.bias = Tensor::full_on((D,), El::ZERO, device).into();
        MultiheadAttention {
            in_proj_weight,
            in_proj_bias: Tensor::full_on((Multiple,), El::ZERO, device).into(),
            out_proj,
            dropout: Dropout::new(0.0, rng),
        }
    }
}

/// Rows `first` to `first + count` of the maps, in thirds.
#[derive(Clone, Copy)]
struct Thirds {
    first: usize,
    count: usize,
}

impl<const E: usize, const H: usize, B: Backend, El: Float> MultiheadAttention<E, H, B, El> {
    /// In training, weights are dropped with probability `p`. Memory is then quadratic: see
    /// [`Attention::dropout`].
    ///
    /// # Panics
    /// If `p` is not between 0 and 1.
    #[must_use]
    #[track_caller]
    pub fn with_dropout(mut self, p: f64) -> Self {
        self.dropout = self.dropout.with_p(p);
        self
    }

    /// `[N, T, E]` through some of the maps, each as `[N, H, T, E / H]`.
    fn heads(&self, x: &B::Prim<El>, thirds: Thirds) -> Vec<B::Prim<El>> {
        let [n, t, _] = *B::dims(x) else {
            unreachable!("a batch of sequences")
        };
        let Thirds { first, count } = thirds;
        let of = |x: &B::Prim<El>| match count {
            3 => x.clone(),
            _ => {
                let sizes = [first * E, count * E, (3 - first - count) * E];
                B::split(x, 0, &sizes).swap_remove(1)
            }
        };
        let (weight, bias) = (of(self.in_proj_weight.prim()), of(self.in_proj_bias.prim()));
        let rows = B::reshape(x, &[n * t, E]);
        let y = B::matmul(&rows, &B::permute(&weight, &[1, 0]));
        let y = B::map(op::Add, [&y, &B::expand(&bias, B::dims(&y))]);
        let parts = B::split(&y, 1, &vec![E; count]);
        parts
            .iter()
            .map(|part| B::permute(&B::reshape(part, &[n, t, H, E / H]), &[0, 2, 1, 3]))
            .collect()
    }

    /// Attention of `query` to `key` and `value`. A mask broadcasts to `[N, H, T, S]`.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn forward<N: Dim, T: Dim, S: Dim, M, P>(
        &self,
        query: &Tensor<(N, T, D<E>), El, B>,
        key: &Tensor<(N, S, D<E>), El, B>,
        value: &Tensor<(N, S, D<E>), El, B>,
        options: Attention<M, P>,
    ) -> Tensor<(N, T, D<E>), El, B>
    where
        M: AttentionMask<(N, D<H>, T, S), El, B>,
        P: AttentionMask<(N, S), El, B>,
    {
        const { Heads::<E, H>::CHECK }
        let (q, k, v) = (query.dims(), key.dims(), value.dims());
        assert!(
            q[0] == k[0] && k == v,
            "MultiheadAttention: queries {q:?}, keys {k:?} and values {v:?} do not go together"
        );
        let [n, t, s] = [q[0], q[1], k[1]];
        let thirds = |first, count| Thirds { first, count };
        let same = |a: &Tensor<(N, S, D<E>), El, B>, b: *const ()| {
            std::ptr::eq(std::ptr::from_ref(a).cast(), b)
        };
        // One product does for all that is the same.
        let heads = if same(key, std::ptr::from_ref(query).cast()) && std::ptr::eq(key, value) {
            self.heads(query.prim(), thirds(0, 3))
        } else if std::ptr::eq(key, value) {
            let mut heads = self.heads(query.prim(), thirds(0, 1));
            heads.extend(self.heads(key.prim(), thirds(1, 2)));
            heads
        } else {
            let inputs = [query.prim(), key.prim(), value.prim()];
            (inputs.into_iter().enumerate())
                .flat_map(|(first, x)| self.heads(x, thirds(first, 1)))
                .collect()
        };
        let mut kernel = options.kernel::<El, B>(E / H);
        kernel.or_dropout(&self.dropout);
        kernel.add(options.mask().mask(&[n, H, t, s]));
        kernel.add(padding::<El, B>(options.padding().mask(&[n, s])));
        let y = attend(&heads[0], &heads[1], &heads[2], kernel);
        let y = B::reshape(&B::permute(&y, &[0, 2, 1, 3]), &[n, t, E]);
        let y: Tensor<(N, T, D<E>), El, B> = self.in_proj_weight.gives(y);
        self.out_proj.forward(&y)
    }
}

/// Which keys are padding, `[N, S]`, as a mask of the scores.
fn padding<E: Float, B: Backend>(mask: Mask<E, B>) -> Mask<E, B> {
    let dims = |x: &[usize]| [x[0], 1, 1, x[1]];
    match mask {
        Mask::None => Mask::None,
        Mask::Keep(padding) => {
            let seen = B::test(op::LogicalNot, [&padding]);
            Mask::Keep(B::reshape(&seen, &dims(B::dims(&padding))))
        }
        Mask::Bias(bias) => Mask::Bias(B::reshape(&bias, &dims(B::dims(&bias)))),
    }
}
