//! What a backend does: shape-erased operations on its own kind of storage, closed under
//! differentiation.

use std::fmt::Debug;

use crate::dtype::{Dtype, Float, Num};
use crate::error::Error;
use crate::ops::elementwise as op;
use crate::ops::function::{Elementwise, Predicate};
use crate::random::Rng;
use crate::shape::runtime::Dims;

/// A reduction of axes by an associative operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduce {
    /// The sum; of nothing, 0.
    Sum,
    /// The product; of nothing, 1.
    Prod,
    /// The greatest; NaN wins.
    Max,
    /// The smallest; NaN wins.
    Min,
}

/// Stride, padding, dilation and groups of a two-dimensional convolution, height first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv2dOptions {
    /// Steps between windows.
    pub stride: [usize; 2],
    /// Zeros added on every side.
    pub padding: [usize; 2],
    /// Steps between the elements of a window.
    pub dilation: [usize; 2],
    /// Groups of channels that do not see each other.
    pub groups: usize,
}

/// Size, stride, padding and dilation of a two-dimensional pooling window, height first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool2dOptions {
    /// Elements of a window.
    pub kernel: [usize; 2],
    /// Steps between windows.
    pub stride: [usize; 2],
    /// Elements added on every side, that never win.
    pub padding: [usize; 2],
    /// Steps between the elements of a window.
    pub dilation: [usize; 2],
}

impl Pool2dOptions {
    /// Whether the number of an element in its window fits a byte.
    pub fn is_small(self) -> bool {
        self.kernel[0].saturating_mul(self.kernel[1]) <= 256
    }
}

/// Which element of each pooling window is the greatest: its number in the window, row by row.
#[derive(Clone, Debug)]
pub enum Winners<B: Backend> {
    /// Of windows that are [small](Pool2dOptions::is_small).
    Bytes(B::Prim<u8>),
    /// Of larger ones.
    Words(B::Prim<i32>),
}

impl<B: Backend> Winners<B> {
    /// Their places in planes of `width` columns, `h * width + w`.
    fn places(&self, options: Pool2dOptions, width: usize) -> B::Prim<i64> {
        let numbers: B::Prim<i64> = match self {
            Winners::Bytes(winners) => B::cast(winners),
            Winners::Words(winners) => B::cast(winners),
        };
        let device = B::device(&numbers);
        let dims = Dims::new(B::dims(&numbers));
        let grid = |sizes: [usize; 2], steps: [usize; 2], start: [usize; 2]| {
            let rows = (0..sizes[0]).map(|h| (h * steps[0]) as i64 - start[0] as i64);
            let places = rows.flat_map(|row| {
                let columns = (0..sizes[1]).map(|w| (w * steps[1]) as i64 - start[1] as i64);
                columns.map(move |column| row * width as i64 + column)
            });
            places.collect::<Vec<_>>()
        };
        let inside = grid(options.kernel, options.dilation, [0, 0]);
        let inside = B::from_vec(&device, inside, &[options.kernel.iter().product()]);
        let output = [dims[2], dims[3]];
        let first = grid(output, options.stride, options.padding);
        let first = B::from_vec(&device, first, &[1, 1, dims[2], dims[3]]);
        let numbers = B::reshape(&numbers, &[dims.iter().product()]);
        let inside = B::reshape(&B::gather(&inside, 0, &numbers), &dims);
        B::map(op::Add, [&inside, &B::expand(&first, &dims)])
    }
}

/// How attention scores queries against keys: `scale q . k`, and what is added and left out.
#[derive(Debug)]
pub struct AttentionScores<'a, E: Dtype, B: Backend> {
    /// Which scores count: each of the scores' rank, with axes of their sizes or 1.
    pub masks: &'a [B::Prim<bool>],
    /// What is added to the scores: each of the scores' rank, with axes of their sizes or 1.
    pub biases: &'a [B::Prim<E>],
    /// Whether query `i` sees the keys up to `i` alone.
    pub causal: bool,
    /// The factor of the products.
    pub scale: f64,
}

impl<E: Dtype, B: Backend> Clone for AttentionScores<'_, E, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: Dtype, B: Backend> Copy for AttentionScores<'_, E, B> {}

/// The gradients of the inputs of [`Backend::attention`].
#[derive(Clone, Debug)]
pub struct AttentionGradients<E: Dtype, B: Backend> {
    /// Of the queries.
    pub q: B::Prim<E>,
    /// Of the keys.
    pub k: B::Prim<E>,
    /// Of the values.
    pub v: B::Prim<E>,
    /// Of what was added to the scores.
    pub biases: Vec<B::Prim<E>>,
}

/// The gradients of the inputs of [`Backend::normalise`].
#[derive(Clone, Debug)]
pub struct NormaliseGradients<E: Dtype, B: Backend> {
    /// Of what was normalised.
    pub x: B::Prim<E>,
    /// Of weight and bias, if there were any.
    pub affine: Option<[B::Prim<E>; 2]>,
}

/// A function whose gradients by all inputs are found together, from those of all outputs.
pub trait Joint<E: Num, const N: usize, const M: usize>: Elementwise<E, N, M> {
    /// The gradients of the inputs `x`, from those of the outputs `y`.
    fn gradients<B: Backend>(
        self,
        x: [&B::Prim<E>; N],
        y: [&B::Prim<E>; M],
        gy: [&B::Prim<E>; M],
    ) -> [B::Prim<E>; N];
}

/// A place that holds tensors and computes with them.
///
/// Operations take sizes that were checked by the typed layer above; a backend may panic on others.
/// Axes are counted from the front. Reductions keep the reduced axes with size 1.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a backend",
    note = "the backends are `Cpu`, `Taped<B>` over a backend `B`, and `Wgpu` with the feature `gpu`"
)]
pub trait Backend: Copy + Debug + Default + Sized + 'static {
    /// Where its tensors live.
    type Device: Clone + Debug + PartialEq + 'static;
    /// A tensor of any sizes.
    type Prim<E: Dtype>: Clone + Debug + 'static;
    /// The backend below all tapes, which computes: what a model keeps from one call to the next
    /// lives there, whatever tape a call is on.
    type Ground: Backend<Device = Self::Device, Ground = Self::Ground>;

    /// Where `x` lives.
    fn device<E: Dtype>(x: &Self::Prim<E>) -> Self::Device;
    /// The value of `x` below all tapes, without its history.
    fn ground<E: Dtype>(x: &Self::Prim<E>) -> <Self::Ground as Backend>::Prim<E>;
    /// A value from below all tapes as a constant.
    fn from_ground<E: Dtype>(x: &<Self::Ground as Backend>::Prim<E>) -> Self::Prim<E>;
    /// The sizes of `x`.
    fn dims<E: Dtype>(x: &Self::Prim<E>) -> &[usize];
    /// A tensor of these elements, in row-major order.
    fn from_vec<E: Dtype>(device: &Self::Device, data: Vec<E>, dims: &[usize]) -> Self::Prim<E>;
    /// A tensor of equal elements.
    fn full<E: Dtype>(device: &Self::Device, value: E, dims: &[usize]) -> Self::Prim<E>;
    /// The elements in row-major order.
    fn read<E: Dtype>(x: &Self::Prim<E>) -> Result<Vec<E>, Error>;
    /// Whether [`overwrite`](Self::overwrite) would write over the memory of `x`: nobody else sees
    /// it, and to write cannot fail.
    fn is_overwritable<E: Dtype>(_x: &Self::Prim<E>) -> bool {
        false
    }
    /// Puts these elements, in row-major order, into the place of those of `x`, in the same memory
    /// where that is possible.
    fn overwrite<E: Dtype>(x: &mut Self::Prim<E>, data: Vec<E>) {
        *x = Self::from_vec(&Self::device(x), data, Self::dims(x));
    }
    /// What went wrong when `x` was made, as far as it is known without waiting for the device. On
    /// a device an op that fails gives a tensor that says so here and when it is read.
    fn status<E: Dtype>(_x: &Self::Prim<E>) -> Result<(), Error> {
        Ok(())
    }
    /// Random numbers in `[0, 1)`: those of [`Rng::uniform`], in row-major order.
    fn uniform<E: Float>(device: &Self::Device, rng: &mut Rng, dims: &[usize]) -> Self::Prim<E> {
        Self::from_vec(device, rng.uniform(dims.iter().product()), dims)
    }
    /// Random numbers of mean 0 and variance 1: those of [`Rng::normal`], in row-major order.
    fn normal<E: Float>(device: &Self::Device, rng: &mut Rng, dims: &[usize]) -> Self::Prim<E> {
        Self::from_vec(device, rng.normal(dims.iter().product()), dims)
    }

    /// A layer says what it gives: `parameter` is one of its own. Only a summary of the model
    /// listens.
    #[inline]
    fn layer_output<E: Dtype, F: Dtype>(_parameter: &Self::Prim<E>, _output: &Self::Prim<F>) {}

    /// The same elements in the same order under other sizes.
    fn reshape<E: Dtype>(x: &Self::Prim<E>, dims: &[usize]) -> Self::Prim<E>;
    /// Axis `i` of the result is axis `axes[i]` of `x`.
    fn permute<E: Dtype>(x: &Self::Prim<E>, axes: &[usize]) -> Self::Prim<E>;
    /// `x` repeated along new leading axes and axes of size 1.
    fn expand<E: Dtype>(x: &Self::Prim<E>, dims: &[usize]) -> Self::Prim<E>;
    /// `len` positions of `axis`, from `start` on.
    fn narrow<E: Dtype>(x: &Self::Prim<E>, axis: usize, start: usize, len: usize) -> Self::Prim<E>;
    /// The positions 0, `step`, `2 step`, .. of `axis`.
    fn step<E: Dtype>(x: &Self::Prim<E>, axis: usize, step: usize) -> Self::Prim<E>;
    /// The windows of `size` positions along `axis`, `step` apart: `axis` becomes the number of
    /// windows, and a new last axis goes through each.
    fn unfold<E: Dtype>(x: &Self::Prim<E>, axis: usize, size: usize, step: usize) -> Self::Prim<E>;
    /// `x` between `before` and `after` zeros along `axis`.
    fn pad<E: Dtype>(x: &Self::Prim<E>, axis: usize, before: usize, after: usize) -> Self::Prim<E>;
    /// The axes from their ends to their beginnings. Each stands once in `axes`.
    fn flip<E: Dtype>(x: &Self::Prim<E>, axes: &[usize]) -> Self::Prim<E>;
    /// The tensors one after the other along `axis`.
    fn cat<E: Dtype>(parts: &[&Self::Prim<E>], axis: usize) -> Self::Prim<E>;

    /// `x` in parts of these sizes along `axis`: what [`cat`](Self::cat) puts together.
    fn split<E: Dtype>(x: &Self::Prim<E>, axis: usize, sizes: &[usize]) -> Vec<Self::Prim<E>> {
        let mut start = 0;
        let parts = sizes.iter().map(|&len| {
            let part = Self::narrow(x, axis, start, len);
            start += len;
            part
        });
        parts.collect()
    }

    /// An elementwise function of several outputs, on inputs of equal sizes.
    fn map_many<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        x: [&Self::Prim<E>; N],
    ) -> [Self::Prim<E>; M];
    /// An elementwise function of one output.
    #[inline]
    fn map<E: Num, Op: Elementwise<E, N>, const N: usize>(
        op: Op,
        x: [&Self::Prim<E>; N],
    ) -> Self::Prim<E> {
        let [y] = Self::map_many(op, x);
        y
    }
    /// [`map_many`](Self::map_many) where the first inputs, `targets`, become the first outputs;
    /// `inputs` are the others. Gives the other outputs. Memory that nobody else sees is written
    /// in place where the backend can.
    ///
    /// # Panics
    /// If the function has other numbers of inputs, or fewer outputs than there are targets.
    fn map_in_place<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        targets: &mut [&mut Self::Prim<E>],
        inputs: &[&Self::Prim<E>],
    ) -> Vec<Self::Prim<E>> {
        let all: Vec<&Self::Prim<E>> = (targets.iter().map(|x| &**x))
            .chain(inputs.iter().copied())
            .collect();
        let x: [&Self::Prim<E>; N] = all.try_into().expect("as many as the function has inputs");
        let mut outputs = Vec::from(Self::map_many(op, x));
        let others = outputs.split_off(targets.len());
        for (target, y) in targets.iter_mut().zip(outputs) {
            **target = y;
        }
        others
    }
    /// [`map_many`](Self::map_many) of a function that finds its gradients together.
    fn map_joint<E: Num, Op: Joint<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        x: [&Self::Prim<E>; N],
    ) -> [Self::Prim<E>; M] {
        Self::map_many(op, x)
    }
    /// The gradient of input `input` of that function that comes from output `output`, which is
    /// `y` and has the gradient `gy`.
    fn map_vjp<E: Num, Op: Elementwise<E, N, M>, const N: usize, const M: usize>(
        op: Op,
        output: usize,
        input: usize,
        x: [&Self::Prim<E>; N],
        y: &Self::Prim<E>,
        gy: &Self::Prim<E>,
    ) -> Self::Prim<E>;
    /// An elementwise function that says yes or no, on inputs of equal sizes.
    fn test<E: Dtype, Op: Predicate<E, N>, const N: usize>(
        op: Op,
        x: [&Self::Prim<E>; N],
    ) -> Self::Prim<bool>;
    /// `yes` where `mask`, otherwise `no`.
    fn select<E: Dtype>(
        mask: &Self::Prim<bool>,
        yes: &Self::Prim<E>,
        no: &Self::Prim<E>,
    ) -> Self::Prim<E>;
    /// Every element in another type.
    fn cast<E: Dtype, F: Dtype>(x: &Self::Prim<E>) -> Self::Prim<F>;

    /// `axes` reduced to size 1.
    fn reduce<E: Num>(by: Reduce, x: &Self::Prim<E>, axes: &[usize]) -> Self::Prim<E>;
    /// Where along `axis` the greatest element is (`Reduce::Max`) or the smallest (`Reduce::Min`):
    /// the first of them. `axis` keeps size 1.
    fn arg_reduce<E: Num>(by: Reduce, x: &Self::Prim<E>, axis: usize) -> Self::Prim<i64>;

    /// At each place along `axis`, what the elements up to and with it reduce to. From a NaN on, the
    /// extremes are NaN.
    fn scan<E: Num>(by: Reduce, x: &Self::Prim<E>, axis: usize) -> Self::Prim<E>;
    /// The places along `axis` in the order of their elements, the smallest first or, `descending`,
    /// the greatest. Equal elements stay in their order. NaN is greater than all numbers.
    fn argsort<E: Num>(x: &Self::Prim<E>, axis: usize, descending: bool) -> Self::Prim<i64>;
    /// The first `k` of the places that [`argsort`](Self::argsort) gives.
    fn top<E: Num>(x: &Self::Prim<E>, axis: usize, k: usize, descending: bool) -> Self::Prim<i64> {
        Self::narrow(&Self::argsort(x, axis, descending), axis, 0, k)
    }

    /// `[.., M, K] x [.., K, N]`, with equal leading sizes.
    fn matmul<E: Num>(a: &Self::Prim<E>, b: &Self::Prim<E>) -> Self::Prim<E>;
    /// `x W^T + bias`, of `x: [N, I]`, `w: [O, I]` and a bias `[O]`, if there is one: `[N, O]`.
    fn linear<E: Float>(
        x: &Self::Prim<E>,
        w: &Self::Prim<E>,
        bias: Option<&Self::Prim<E>>,
    ) -> Self::Prim<E> {
        let y = Self::matmul(x, &transposed::<E, Self>(w));
        match bias {
            Some(bias) => Self::map(op::Add, [&y, &Self::expand(bias, Self::dims(&y))]),
            None => y,
        }
    }

    /// Checks that the numbers of classes given to `op` are below `size`. A device that would have
    /// to wait for them says what is wrong when something is read next.
    ///
    /// # Panics
    /// If one is not, where it is known at once.
    #[track_caller]
    fn check_index(op: &'static str, index: &Self::Prim<i64>, size: usize) {
        // Not in closures, which would be the place that the panic names.
        let read = match Self::read(index) {
            Ok(read) => read,
            Err(error) => panic!("{op}: {error}"),
        };
        check_classes(op, &read, size);
    }
    /// `y[.., i, ..] = x[.., index[.., i, ..], ..]` along `axis`; the other sizes are equal.
    fn gather<E: Dtype>(x: &Self::Prim<E>, axis: usize, index: &Self::Prim<i64>) -> Self::Prim<E>;
    /// Zeros of sizes `dims`, and `source` added where [`gather`](Self::gather) would read it.
    fn scatter_add<E: Num>(
        dims: &[usize],
        axis: usize,
        index: &Self::Prim<i64>,
        source: &Self::Prim<E>,
    ) -> Self::Prim<E>;

    /// `x`, with `source` in the places where [`gather`](Self::gather) would read it. Where several
    /// elements have one place, the last of them along `axis` stays.
    fn scatter<E: Dtype>(
        x: &Self::Prim<E>,
        axis: usize,
        index: &Self::Prim<i64>,
        source: &Self::Prim<E>,
    ) -> Self::Prim<E>;

    /// Cross-correlation of `x: [N, C, H, W]` with `w: [O, C / groups, KH, KW]`.
    fn conv2d<E: Float>(
        x: &Self::Prim<E>,
        w: &Self::Prim<E>,
        options: Conv2dOptions,
    ) -> Self::Prim<E>;
    /// The gradient of the input of [`conv2d`](Self::conv2d), whose sizes are `dims`: also the
    /// transposed convolution.
    fn conv2d_input_grad<E: Float>(
        gy: &Self::Prim<E>,
        w: &Self::Prim<E>,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Self::Prim<E>;
    /// The gradient of the weight of [`conv2d`](Self::conv2d), whose sizes are `dims`.
    fn conv2d_weight_grad<E: Float>(
        x: &Self::Prim<E>,
        gy: &Self::Prim<E>,
        options: Conv2dOptions,
        dims: &[usize],
    ) -> Self::Prim<E>;
    /// The greatest element of every window of `x: [N, C, H, W]`, and which it is: in bytes, where
    /// the windows are small.
    fn max_pool2d<E: Num>(
        x: &Self::Prim<E>,
        options: Pool2dOptions,
    ) -> (Self::Prim<E>, Winners<Self>);
    /// The gradient of the input of [`max_pool2d`](Self::max_pool2d), whose sizes are `dims`.
    fn max_pool2d_input_grad<E: Num>(
        gy: &Self::Prim<E>,
        winners: &Winners<Self>,
        options: Pool2dOptions,
        dims: &[usize],
    ) -> Self::Prim<E> {
        let ([n, c, h, w], [.., oh, ow]) = (dims, Self::dims(gy)) else {
            unreachable!("pooling is over four axes")
        };
        let flat = [*n, *c, oh * ow];
        let places = Self::reshape(&winners.places(options, *w), &flat);
        let gy = Self::reshape(gy, &flat);
        Self::reshape(&Self::scatter_add(&[*n, *c, h * w], 2, &places, &gy), dims)
    }

    /// `x - log(sum(exp(x)))` along `axis`.
    fn log_softmax<E: Float>(x: &Self::Prim<E>, axis: usize) -> Self::Prim<E> {
        let dims = Self::dims(x).to_vec();
        let max = Self::expand(&Self::reduce(Reduce::Max, x, &[axis]), &dims);
        let centred = Self::map(op::Sub, [x, &max]);
        let sum = Self::reduce(Reduce::Sum, &Self::map(op::Exp, [&centred]), &[axis]);
        let log = Self::map(op::Ln, [&sum]);
        Self::map(op::Sub, [&centred, &Self::expand(&log, &dims)])
    }
    /// The gradient of [`log_softmax`](Self::log_softmax), from its output.
    fn log_softmax_vjp<E: Float>(
        y: &Self::Prim<E>,
        gy: &Self::Prim<E>,
        axis: usize,
    ) -> Self::Prim<E> {
        let sum = Self::reduce(Reduce::Sum, gy, &[axis]);
        let share = Self::map(
            op::Mul,
            [&Self::map(op::Exp, [y]), &Self::expand(&sum, Self::dims(y))],
        );
        Self::map(op::Sub, [gy, &share])
    }
    /// `exp(x) / sum(exp(x))` along `axis`.
    fn softmax<E: Float>(x: &Self::Prim<E>, axis: usize) -> Self::Prim<E> {
        Self::map(op::Exp, [&Self::log_softmax(x, axis)])
    }
    /// The gradient of [`softmax`](Self::softmax), from its output.
    fn softmax_vjp<E: Float>(y: &Self::Prim<E>, gy: &Self::Prim<E>, axis: usize) -> Self::Prim<E> {
        let weighted = Self::map(op::Mul, [y, gy]);
        let sum = Self::reduce(Reduce::Sum, &weighted, &[axis]);
        let share = Self::map(op::Mul, [y, &Self::expand(&sum, Self::dims(y))]);
        Self::map(op::Sub, [&weighted, &share])
    }

    /// `(x - mean) / sqrt(variance + eps)`, with means and biased variances over `axes`, times a
    /// weight and plus a bias whose sizes expand to those of `x`. Then, with `axes` of size 1, the
    /// sums that the gradients are made from: of the elements, and of the squares of their distances
    /// to the mean.
    fn normalise<E: Float>(
        x: &Self::Prim<E>,
        axes: &[usize],
        eps: f64,
        affine: Option<[&Self::Prim<E>; 2]>,
    ) -> [Self::Prim<E>; 3] {
        crate::normalise::forward::<E, Self>(x, axes, eps, affine)
    }
    /// The gradients of the inputs of [`normalise`](Self::normalise), from the sums that it gives and
    /// the gradient `gy` of its first output.
    fn normalise_vjp<E: Float>(
        x: &Self::Prim<E>,
        sums: [&Self::Prim<E>; 2],
        axes: &[usize],
        eps: f64,
        affine: Option<[&Self::Prim<E>; 2]>,
        gy: &Self::Prim<E>,
    ) -> NormaliseGradients<E, Self> {
        crate::normalise::vjp::<E, Self>(x, sums, axes, eps, affine, gy)
    }

    /// Attention of the queries `q: [.., T, D]` to the keys `k: [.., S, D]`: the sum of the values
    /// `v: [.., S, V]` weighted by the softmax of the scores, `[.., T, V]`, and the logarithm of
    /// the sum of the scores' exponentials, `[.., T, 1]` (Dao et al., 2022). The axes in front are
    /// equal. A query that sees no key has 0 in both.
    ///
    /// A block of queries is scored at a time: memory is linear in `T` and in `S`.
    fn attention<E: Float>(
        q: &Self::Prim<E>,
        k: &Self::Prim<E>,
        v: &Self::Prim<E>,
        how: AttentionScores<'_, E, Self>,
    ) -> (Self::Prim<E>, Self::Prim<E>) {
        crate::attention::forward::<E, Self>(q, k, v, how)
    }
    /// Of scores `s`, along the last axis: `exp(s - m)` where `m` is the greatest, the sums of those,
    /// and the logarithms of the sums of `exp(s)`. Of a row that is minus infinity throughout all
    /// are 0.
    fn attention_weights<E: Float>(scores: &Self::Prim<E>) -> [Self::Prim<E>; 3] {
        crate::attention::weights::<E, Self>(scores)
    }
    /// `p = exp(s - log_sum)` of scores `s`, the weights that sum to 1, and `p (gradient - delta)`;
    /// `log_sum` and `delta` have size 1 along the last axis.
    fn attention_weights_vjp<E: Float>(
        scores: &Self::Prim<E>,
        log_sum: &Self::Prim<E>,
        gradient: &Self::Prim<E>,
        delta: &Self::Prim<E>,
    ) -> [Self::Prim<E>; 2] {
        crate::attention::weights_vjp::<E, Self>(scores, log_sum, gradient, delta)
    }
    /// The gradients of the inputs of [`attention`](Self::attention), from its outputs `y` and
    /// their gradients `gy`; the second may have none. The scores are computed again, a block at a
    /// time.
    fn attention_vjp<E: Float>(
        q: &Self::Prim<E>,
        k: &Self::Prim<E>,
        v: &Self::Prim<E>,
        how: AttentionScores<'_, E, Self>,
        y: (&Self::Prim<E>, &Self::Prim<E>),
        gy: (&Self::Prim<E>, Option<&Self::Prim<E>>),
    ) -> AttentionGradients<E, Self> {
        crate::attention::vjp::<E, Self>(q, k, v, how, y, gy)
    }
}

/// A value that stands for a place: `&Cpu`, `&gpu`.
pub trait Device {
    /// The backend whose tensors live there.
    type Backend: Backend;
    /// The backend's own name for the place.
    fn device(&self) -> <Self::Backend as Backend>::Device;
}

/// Backends whose tensors meet in one op: equal ones, and a plain one with a traced one.
#[diagnostic::on_unimplemented(
    message = "tensors on `{Self}` and `{B}` do not meet in one op",
    note = "`.lift()` puts a tensor on a tape, `.to(&device)` on another device"
)]
pub trait Meet<B: Backend>: Backend {
    /// The backend of the result.
    type Out: Backend;
    /// The left operand there.
    fn left<E: Dtype>(x: &Self::Prim<E>) -> <Self::Out as Backend>::Prim<E>;
    /// The right operand there.
    fn right<E: Dtype>(x: &B::Prim<E>) -> <Self::Out as Backend>::Prim<E>;
    /// Gives both to a function.
    #[inline]
    fn both<E: Dtype, R>(
        a: &Self::Prim<E>,
        b: &B::Prim<E>,
        f: impl FnOnce(&<Self::Out as Backend>::Prim<E>, &<Self::Out as Backend>::Prim<E>) -> R,
    ) -> R {
        f(&Self::left(a), &Self::right(b))
    }
}

impl<B: Backend> Meet<B> for B {
    type Out = B;
    #[inline]
    fn left<E: Dtype>(x: &B::Prim<E>) -> B::Prim<E> {
        x.clone()
    }
    #[inline]
    fn right<E: Dtype>(x: &B::Prim<E>) -> B::Prim<E> {
        x.clone()
    }
    #[inline]
    fn both<E: Dtype, R>(
        a: &B::Prim<E>,
        b: &B::Prim<E>,
        f: impl FnOnce(&B::Prim<E>, &B::Prim<E>) -> R,
    ) -> R {
        f(a, b)
    }
}

/// [`Backend::check_index`] of numbers that were read.
#[track_caller]
pub(crate) fn check_classes(op: &str, classes: &[i64], size: usize) {
    let is_class = |&class: &i64| usize::try_from(class).is_ok_and(|class| class < size);
    if let Some(at) = classes.iter().position(|class| !is_class(class)) {
        panic!(
            "{op}: target {at} is {}, and there are {size} classes, from 0 on",
            classes[at]
        );
    }
}

/// `x` with its last two axes in each other's place.
pub(crate) fn transposed<E: Dtype, B: Backend>(x: &B::Prim<E>) -> B::Prim<E> {
    let rank = B::dims(x).len();
    let mut axes: Dims = (0..rank).collect();
    axes.swap(rank - 2, rank - 1);
    B::permute(x, &axes)
}
