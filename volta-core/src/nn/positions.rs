//! Where in a sequence an element is, for layers that see no order.

use std::sync::Arc;

use volta_macros::elementwise;

use super::{Forward, Init, Param};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::ops::elementwise as op;
use crate::random::Rng;
use crate::shape::text::Text;
use crate::shape::{D, Dim, EndsWith, HasAxis};
use crate::tensor::Tensor;

/// Checks that a sequence is within the positions that there are: when the program is built where
/// its length is fixed, when it runs otherwise.
struct Within<T, const MAX: usize>(std::marker::PhantomData<T>);

impl<T: Dim, const MAX: usize> Within<T, MAX> {
    const CHECK: () = if let Some(length) = T::STATIC
        && length > MAX
    {
        let text = Text::new()
            .str("a sequence of ")
            .number(length)
            .str(" entries, and there are positions for ")
            .number(MAX);
        panic!("{}", text.as_str());
    };

    #[track_caller]
    fn check(length: usize) {
        const { Self::CHECK }
        assert!(
            length <= MAX,
            "a sequence of {length} entries, and there are positions for {MAX}"
        );
    }
}

/// `x` and the first rows of a table, `[MAX, E]`.
fn plus_rows<E: Float, B: Backend>(x: &B::Prim<E>, table: &B::Prim<E>) -> B::Prim<E> {
    let dims = B::dims(x);
    let rows = B::narrow(table, 0, 0, dims[1]);
    B::map(op::Add, [x, &B::expand(&rows, dims)])
}

/// Adds sines and cosines of the position to `[N, T, E]`, `T` at most `MAX` (Vaswani et al.,
/// 2017): element `2 i` of position `t` is `sin(t / 10000^(2 i / E))`, element `2 i + 1` the cosine
/// of the same.
///
/// ```
/// use volta::prelude::*;
///
/// let positions = SinusoidalPositions::<100, 16>::new();
/// let x: Tensor<s![2, 10, 16]> = Tensor::zeros();
/// let y: Tensor<s![2, 10, 16]> = positions.forward(&x);
/// assert_eq!((y[[0, 0, 0]], y[[0, 0, 1]]), (0.0, 1.0));
/// assert!((y[[1, 3, 0]] - 3.0_f32.sin()).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct SinusoidalPositions<const MAX: usize, const E: usize> {
    #[module(skip)]
    table: Arc<[f64]>,
}

impl<const MAX: usize, const E: usize> SinusoidalPositions<MAX, E> {
    /// The table.
    pub fn new() -> Self {
        let at = |place: usize| {
            let (t, k) = (place / E, place % E);
            let angle = t as f64 / 10000_f64.powf((k - k % 2) as f64 / E as f64);
            if k % 2 == 0 { angle.sin() } else { angle.cos() }
        };
        SinusoidalPositions {
            table: (0..MAX * E).map(at).collect(),
        }
    }

    /// `[N, T, E]`, and the same back.
    ///
    /// # Panics
    /// If a length known at run time is above `MAX`; one known to the compiler does not build.
    #[track_caller]
    pub fn forward<N: Dim, T: Dim, El: Float, B: Backend>(
        &self,
        x: &Tensor<(N, T, D<E>), El, B>,
    ) -> Tensor<(N, T, D<E>), El, B> {
        let length = x.dims()[1];
        Within::<T, MAX>::check(length);
        let rows = self.table[..length * E].iter().map(|&y| El::from_f64(y));
        let table = B::from_vec(&x.device(), rows.collect(), &[length, E]);
        Tensor::from_prim(x.shape(), plus_rows::<El, B>(x.prim(), &table))
    }
}

impl<const MAX: usize, const E: usize> Default for SinusoidalPositions<MAX, E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<N: Dim, T: Dim, const MAX: usize, const E: usize, El: Float, B: Backend>
    Forward<Tensor<(N, T, D<E>), El, B>> for SinusoidalPositions<MAX, E>
{
    type Output = Tensor<(N, T, D<E>), El, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<(N, T, D<E>), El, B>) -> Self::Output {
        self.forward(x)
    }
}

/// Adds a learned row for each position to `[N, T, E]`, `T` at most `MAX`. `weight` is `[MAX, E]`,
/// drawn from the normal distribution, as that of `torch.nn.Embedding`.
///
/// ```
/// use volta::prelude::*;
///
/// let positions: LearnedPositions<100, 16> = LearnedPositions::init(&mut Rng::seed(0));
/// let x: Tensor<s![2, 10, 16]> = Tensor::zeros();
/// let y: Tensor<s![2, 10, 16]> = positions.forward(&x);
/// assert_eq!(y[[1, 3, 5]], positions.weight[[3, 5]]);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct LearnedPositions<const MAX: usize, const E: usize, B: Backend = Cpu, El: Float = f32> {
    /// `[MAX, E]`.
    pub weight: Param<(D<MAX>, D<E>), El, B>,
}

#[diagnostic::do_not_recommend]
impl<const MAX: usize, const E: usize, B: Backend, El: Float> Init<B>
    for LearnedPositions<MAX, E, B, El>
{
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        LearnedPositions {
            weight: Tensor::randn_on((D, D), rng, device).into(),
        }
    }
}

impl<const MAX: usize, const E: usize, B: Backend, El: Float> LearnedPositions<MAX, E, B, El> {
    /// `[N, T, E]`, and the same back.
    ///
    /// # Panics
    /// If a length known at run time is above `MAX`; one known to the compiler does not build.
    #[track_caller]
    pub fn forward<N: Dim, T: Dim>(
        &self,
        x: &Tensor<(N, T, D<E>), El, B>,
    ) -> Tensor<(N, T, D<E>), El, B> {
        Within::<T, MAX>::check(x.dims()[1]);
        (self.weight).gives(plus_rows::<El, B>(x.prim(), self.weight.prim()))
    }
}

impl<N: Dim, T: Dim, const MAX: usize, const E: usize, El: Float, B: Backend>
    Forward<Tensor<(N, T, D<E>), El, B>> for LearnedPositions<MAX, E, B, El>
{
    type Output = Tensor<(N, T, D<E>), El, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<(N, T, D<E>), El, B>) -> Self::Output {
        self.forward(x)
    }
}

/// Which elements are turned together by [`Rotary`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RotaryPairs {
    /// Element `i` with element `i + E / 2`: the halves, as in GPT-NeoX and Llama.
    #[default]
    Halves,
    /// Element `2 i` with element `2 i + 1`: neighbours, as in RoFormer and GPT-J.
    Interleaved,
}

/// Turns pairs of elements of queries and keys by an angle that grows with the position, so that
/// their products depend on the distance (Su et al., 2021). Pair `i` at position `t` is turned by
/// `t / theta^(2 i / E)`.
///
/// `E`, the size of a head, is even; `theta` is 10000 and the pairs are [halves](RotaryPairs),
/// unless said otherwise.
///
/// ```
/// use volta::prelude::*;
///
/// let rotary = Rotary::<8>::new(100);
/// let q: Tensor<s![2, 4, 10, 8]> = Tensor::ones();
/// let q = rotary.forward(&q, 0);
/// // Later positions, of a sequence that goes on.
/// let next: Tensor<s![2, 4, 1, 8]> = Tensor::ones();
/// let next = rotary.forward(&next, 10);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct Rotary<const E: usize> {
    /// Which elements are turned together.
    #[module(skip)]
    pub pairs: RotaryPairs,
    /// Cosine and sine of each pair, by position.
    #[module(skip)]
    table: Arc<[(f64, f64)]>,
    #[module(skip)]
    positions: usize,
}

/// A pair, turned.
#[elementwise(compiled)]
fn turned(a: Float, b: Float, cosine: Float, sine: Float) -> (Float, Float) {
    (a * cosine - b * sine, b * cosine + a * sine)
}

impl<const E: usize> Rotary<E> {
    const EVEN: () = if !E.is_multiple_of(2) {
        let text = Text::new()
            .str("Rotary: pairs of ")
            .number(E)
            .str(" elements: the size of a head is even");
        panic!("{}", text.as_str());
    };

    /// For positions below `positions`.
    pub fn new(positions: usize) -> Self {
        Rotary::with_theta(positions, 10000.0)
    }

    /// With another base of the angles than 10000.
    pub fn with_theta(positions: usize, theta: f64) -> Self {
        const { Self::EVEN }
        let half = E / 2;
        let at = |place: usize| {
            let (t, pair) = (place / half, place % half);
            let angle = t as f64 / theta.powf((2 * pair) as f64 / E as f64);
            (angle.cos(), angle.sin())
        };
        Rotary {
            pairs: RotaryPairs::default(),
            table: (0..positions * half).map(at).collect(),
            positions,
        }
    }

    /// With other pairs.
    #[must_use]
    pub fn with_pairs(mut self, pairs: RotaryPairs) -> Self {
        self.pairs = pairs;
        self
    }

    /// `[.., T, E]` whose first position is `offset`, and the same back.
    ///
    /// # Panics
    /// If there are not that many positions.
    #[track_caller]
    pub fn forward<S, El, B>(&self, x: &Tensor<S, El, B>, offset: usize) -> Tensor<S, El, B>
    where
        S: EndsWith<D<E>> + HasAxis<-2>,
        El: Float,
        B: Backend,
    {
        let length = x.dims()[<S as HasAxis<-2>>::INDEX];
        assert!(
            offset + length <= self.positions,
            "Rotary: positions {offset} to {} of {}",
            offset + length,
            self.positions
        );
        let half = E / 2;
        let rows = &self.table[offset * half..(offset + length) * half];
        let column = |of: fn(&(f64, f64)) -> f64| {
            let data = rows.iter().map(|row| El::from_f64(of(row))).collect();
            B::from_vec(&x.device(), data, &[length, half])
        };
        let (cosine, sine) = (column(|row| row.0), column(|row| row.1));
        let y = match self.pairs {
            RotaryPairs::Halves => halves::<El, B>(x.prim(), &cosine, &sine),
            RotaryPairs::Interleaved => interleaved::<El, B>(x.prim(), &cosine, &sine),
        };
        Tensor::from_prim(x.shape(), y)
    }
}

fn turn<E: Float, B: Backend>(
    [a, b]: [&B::Prim<E>; 2],
    cosine: &B::Prim<E>,
    sine: &B::Prim<E>,
) -> [B::Prim<E>; 2] {
    let [cosine, sine] = [cosine, sine].map(|x| B::expand(x, B::dims(a)));
    B::map_many(Turned, [a, b, &cosine, &sine])
}

fn halves<E: Float, B: Backend>(
    x: &B::Prim<E>,
    cosine: &B::Prim<E>,
    sine: &B::Prim<E>,
) -> B::Prim<E> {
    let last = B::dims(x).len() - 1;
    let half = B::dims(x)[last] / 2;
    let parts = B::split(x, last, &[half, half]);
    let [a, b] = turn::<E, B>([&parts[0], &parts[1]], cosine, sine);
    B::cat(&[&a, &b], last)
}

fn interleaved<E: Float, B: Backend>(
    x: &B::Prim<E>,
    cosine: &B::Prim<E>,
    sine: &B::Prim<E>,
) -> B::Prim<E> {
    let dims = B::dims(x).to_vec();
    let last = dims.len() - 1;
    let pairs = [&dims[..last], &[dims[last] / 2, 2]].concat();
    let parts = B::split(&B::reshape(x, &pairs), last + 1, &[1, 1]);
    let one = [&dims[..last], &[dims[last] / 2]].concat();
    let [a, b] = [&parts[0], &parts[1]].map(|x| B::reshape(x, &one));
    let turned = turn::<E, B>([&a, &b], cosine, sine);
    let separate = [&one[..], &[1]].concat();
    let [a, b] = turned.map(|x| B::reshape(&x, &separate));
    B::reshape(&B::cat(&[&a, &b], last + 1), &dims)
}
