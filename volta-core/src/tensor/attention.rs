//! Scaled dot-product attention.

use super::{Tensor, fits};
use crate::backend::{AttentionScores, Backend, Meet, Reduce};
use crate::dtype::{Dtype, Float};
use crate::nn::Dropout;
use crate::ops::elementwise as op;
use crate::shape::{Attend, ExpandTo, Shape, runtime};

/// The options of [`Tensor::scaled_dot_product_attention`] and of the layers made of it, by
/// PyTorch's names.
///
/// ```
/// use volta::prelude::*;
///
/// let q: Tensor<s![2, 4, 10, 16]> = Tensor::ones();
/// let mask: Tensor<s![10, 10], bool> = Tensor::full(true);
/// let y = q.scaled_dot_product_attention(&q, &q, Attention::new().attn_mask(&mask).scale(0.5));
/// assert_shape!(y, s![2, 4, 10, 16]);
/// ```
#[derive(Clone, Debug)]
pub struct Attention<M = (), P = ()> {
    mask: M,
    padding: P,
    causal: bool,
    scale: Option<f64>,
    dropout: Option<Dropout>,
}

impl Attention {
    /// Every query sees every key.
    pub fn new() -> Self {
        Attention {
            mask: (),
            padding: (),
            causal: false,
            scale: None,
            dropout: None,
        }
    }
}

impl Default for Attention {
    fn default() -> Self {
        Attention::new()
    }
}

impl<M, P> Attention<M, P> {
    /// A mask that broadcasts to the scores, `[.., T, S]`. One of `bool` is true where a query
    /// sees a key; one of floating-point numbers is added to the scores, and is differentiated.
    ///
    /// True means the same for the layers, where `torch.nn.MultiheadAttention` has it the other
    /// way round.
    pub fn attn_mask<S: Shape, E: Dtype, B: Backend>(
        self,
        mask: &Tensor<S, E, B>,
    ) -> Attention<&Tensor<S, E, B>, P> {
        Attention {
            mask,
            padding: self.padding,
            causal: self.causal,
            scale: self.scale,
            dropout: self.dropout,
        }
    }

    /// For layers: which keys are padding and not seen, `[N, S]`; numbers are added to the scores.
    pub fn key_padding_mask<S: Shape, E: Dtype, B: Backend>(
        self,
        padding: &Tensor<S, E, B>,
    ) -> Attention<M, &Tensor<S, E, B>> {
        Attention {
            mask: self.mask,
            padding,
            causal: self.causal,
            scale: self.scale,
            dropout: self.dropout,
        }
    }

    /// Query `i` sees the keys up to `i` alone (`is_causal`).
    #[must_use]
    pub fn causal(mut self) -> Self {
        self.causal = true;
        self
    }

    /// What the products of queries and keys are multiplied by; `1 / sqrt(D)` unless said.
    #[must_use]
    pub fn scale(mut self, scale: f64) -> Self {
        self.scale = Some(scale);
        self
    }

    /// Weights are dropped as the layer drops, in training (`dropout_p`). Then all of the scores
    /// are in memory, `T S` of them for each head, and are kept for the way back.
    #[must_use]
    pub fn dropout(mut self, layer: &Dropout) -> Self {
        self.dropout = Some(layer.shared());
        self
    }

    pub(crate) fn mask(&self) -> &M {
        &self.mask
    }

    pub(crate) fn padding(&self) -> &P {
        &self.padding
    }

    /// What is left without the masks.
    pub(crate) fn kernel<E: Dtype, B: Backend>(&self, width: usize) -> Kernel<E, B> {
        Kernel {
            masks: Vec::new(),
            biases: Vec::new(),
            causal: self.causal,
            scale: (self.scale).unwrap_or_else(|| 1.0 / (width.max(1) as f64).sqrt()),
            dropout: self.dropout.as_ref().map(Dropout::shared),
        }
    }
}

/// A mask on some backend, as an option has it.
pub enum Mask<E: Dtype, B: Backend> {
    /// There is none.
    None,
    /// Which scores count.
    Keep(B::Prim<bool>),
    /// What is added to the scores.
    Bias(B::Prim<E>),
}

/// A mask of scores of shape `S`: `()`, or a reference to a tensor of `bool` or of `E` that
/// broadcasts to `S`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a mask of scores `{S}` in `{E}`",
    note = "a mask is of `bool` or of the element type of the queries, and on their backend: `.lift()` puts it on a tape"
)]
pub trait AttentionMask<S: Shape, E: Dtype, B: Backend> {
    /// The mask with as many axes as the scores, whose sizes are `scores`.
    #[doc(hidden)]
    #[track_caller]
    fn mask(&self, scores: &[usize]) -> Mask<E, B>;
}

impl<S: Shape, E: Dtype, B: Backend> AttentionMask<S, E, B> for () {
    fn mask(&self, _: &[usize]) -> Mask<E, B> {
        Mask::None
    }
}

/// The primitive with axes of size 1 in front, as many as the scores have.
#[track_caller]
fn aligned<M, S, F, B, B2>(mask: &Tensor<M, F, B2>, scores: &[usize]) -> B::Prim<F>
where
    M: ExpandTo<S>,
    S: Shape,
    F: Dtype,
    B: Backend,
    B2: Backend + Meet<B, Out = B>,
{
    let sides = ((mask.dims(), M::ONES), (scores, S::ONES));
    fits(runtime::broadcast_typed("attention", sides.0, sides.1));
    let mut dims = vec![1; scores.len() - mask.dims().len()];
    dims.extend(mask.dims());
    B::reshape(&B2::left(mask.prim()), &dims)
}

impl<M, S, E, B, B2> AttentionMask<S, E, B> for &Tensor<M, bool, B2>
where
    M: ExpandTo<S>,
    S: Shape,
    E: Dtype,
    B: Backend,
    B2: Backend + Meet<B, Out = B>,
{
    #[track_caller]
    fn mask(&self, scores: &[usize]) -> Mask<E, B> {
        Mask::Keep(aligned::<M, S, bool, B, B2>(self, scores))
    }
}

impl<M, S, E, B, B2> AttentionMask<S, E, B> for &Tensor<M, E, B2>
where
    M: ExpandTo<S>,
    S: Shape,
    E: Float,
    B: Backend,
    B2: Backend + Meet<B, Out = B>,
{
    #[track_caller]
    fn mask(&self, scores: &[usize]) -> Mask<E, B> {
        Mask::Bias(aligned::<M, S, E, B, B2>(self, scores))
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// Attention (Vaswani et al., 2017): `softmax(scale q k^T) v` of queries `[.., T, D]`, keys
    /// `[.., S, D]` and values `[.., S, V]`; the axes in front are batch and heads
    /// (`torch.nn.functional.scaled_dot_product_attention`).
    ///
    /// A query that sees no key gives 0. Memory is linear in `T` and in `S`, on the way back too:
    /// a block of queries is scored at a time, and scored again on the way back (Rabe and Staats,
    /// 2021; Dao et al., 2022). With [dropout](Attention::dropout) it is not. 16-bit types are
    /// computed in `f32`.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let mut rng = Rng::seed(0);
    /// let q: Tensor<s![2, 4, 10, 16]> = Tensor::randn(&mut rng);
    /// let k: Tensor<s![2, 4, 12, 16]> = Tensor::randn(&mut rng);
    /// let v: Tensor<s![2, 4, 12, 8]> = Tensor::randn(&mut rng);
    /// let y = q.scaled_dot_product_attention(&k, &v, Attention::new().causal());
    /// assert_shape!(y, s![2, 4, 10, 8]);
    /// // The first query sees the first key alone.
    /// assert_eq!(y[[1, 2, 0, 5]], v[[1, 2, 0, 5]]);
    /// ```
    #[track_caller]
    pub fn scaled_dot_product_attention<K, V, M>(
        &self,
        k: &Tensor<K, E, B>,
        v: &Tensor<V, E, B>,
        options: Attention<M>,
    ) -> Tensor<S::Out, E, B>
    where
        E: Float,
        S: Attend<K, V>,
        K: Shape,
        V: Shape,
        M: AttentionMask<S::Scores, E, B>,
    {
        let (q_dims, k_dims, v_dims) = (self.dims(), k.dims(), v.dims());
        let [batch, last] = [q_dims.len() - 2, q_dims.len() - 1];
        let fit = q_dims[..batch] == k_dims[..batch]
            && k_dims[..last] == v_dims[..last]
            && q_dims[last] == k_dims[last];
        assert!(
            fit,
            "attention: queries {q_dims:?}, keys {k_dims:?} and values {v_dims:?} do not go \
             together: `[.., T, D]`, `[.., S, D]` and `[.., S, V]`"
        );
        let mut kernel = options.kernel::<E, B>(q_dims[last]);
        let mut scores = q_dims.to_vec();
        scores[last] = k_dims[batch];
        kernel.add(options.mask.mask(&scores));
        Tensor::typed(attend(self.prim(), k.prim(), v.prim(), kernel))
    }
}

/// The options with their masks on the backend of the queries.
pub(crate) struct Kernel<E: Dtype, B: Backend> {
    masks: Vec<B::Prim<bool>>,
    biases: Vec<B::Prim<E>>,
    causal: bool,
    scale: f64,
    dropout: Option<Dropout>,
}

impl<E: Dtype, B: Backend> Kernel<E, B> {
    pub(crate) fn add(&mut self, mask: Mask<E, B>) {
        match mask {
            Mask::None => {}
            Mask::Keep(mask) => self.masks.push(mask),
            Mask::Bias(bias) => self.biases.push(bias),
        }
    }

    /// Weights are dropped by this layer as well, if no other was given.
    pub(crate) fn or_dropout(&mut self, layer: &Dropout) {
        self.dropout.get_or_insert_with(|| layer.shared());
    }
}

/// Attention of `[.., T, D]` to `[.., S, D]` and `[.., S, V]`.
pub(crate) fn attend<E: Float, B: Backend>(
    q: &B::Prim<E>,
    k: &B::Prim<E>,
    v: &B::Prim<E>,
    kernel: Kernel<E, B>,
) -> B::Prim<E> {
    if E::KIND.size() == 2 {
        let [q, k, v] = [q, k, v].map(|x| B::cast::<E, f32>(x));
        let kernel = Kernel {
            biases: kernel.biases.iter().map(|x| B::cast(x)).collect(),
            masks: kernel.masks,
            causal: kernel.causal,
            scale: kernel.scale,
            dropout: kernel.dropout,
        };
        return B::cast(&attend::<f32, B>(&q, &k, &v, kernel));
    }
    if let Some(dropout) = &kernel.dropout
        && dropout.drops()
    {
        return dropped::<E, B>(q, k, v, &kernel, dropout);
    }
    let how = AttentionScores {
        masks: &kernel.masks,
        biases: &kernel.biases,
        causal: kernel.causal,
        scale: kernel.scale,
    };
    B::attention(q, k, v, how).0
}

/// With dropped weights: all of the scores at once.
fn dropped<E: Float, B: Backend>(
    q: &B::Prim<E>,
    k: &B::Prim<E>,
    v: &B::Prim<E>,
    kernel: &Kernel<E, B>,
    dropout: &Dropout,
) -> B::Prim<E> {
    let device = B::device(q);
    let axis = B::dims(q).len() - 2;
    let mut order: Vec<usize> = (0..axis + 2).collect();
    order.swap(axis, axis + 1);
    let scale = B::full(&device, E::from_f64(kernel.scale), B::dims(q));
    let mut scores = B::matmul(&B::map(op::Mul, [q, &scale]), &B::permute(k, &order));
    let dims = B::dims(&scores).to_vec();
    for bias in &kernel.biases {
        scores = B::map(op::Add, [&scores, &B::expand(bias, &dims)]);
    }
    let mut masks = kernel.masks.clone();
    if kernel.causal {
        let numbers = |axis: usize| {
            let mut sizes = vec![1; dims.len()];
            sizes[axis] = dims[axis];
            let numbers = B::from_vec(&device, (0..dims[axis] as i32).collect(), &sizes);
            B::expand(
                &numbers,
                &[&vec![1; dims.len() - 2][..], &dims[dims.len() - 2..]].concat(),
            )
        };
        masks.push(B::test(op::Le, [&numbers(axis + 1), &numbers(axis)]));
    }
    if dims.contains(&0) {
        return B::matmul(&scores, v);
    }
    let none = B::full(&device, E::from_f64(f64::NEG_INFINITY), &dims);
    for mask in &masks {
        scores = B::select(&B::expand(mask, &dims), &scores, &none);
    }
    // The softmax of a row that sees nothing would be NaN.
    let greatest = B::reduce(Reduce::Max, &scores, &[axis + 1]);
    let none = B::full(&device, E::from_f64(f64::NEG_INFINITY), B::dims(&greatest));
    let sees = B::expand(&B::test(op::Ne, [&greatest, &none]), &dims);
    let zero = B::full(&device, E::ZERO, &dims);
    let weights = B::softmax(&B::select(&sees, &scores, &zero), axis + 1);
    let weights = B::select(&sees, &weights, &zero);
    B::matmul(&dropout.prim::<E, B>(&weights, B::dims(&weights)), v)
}
