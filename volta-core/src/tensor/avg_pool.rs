//! The mean of every window, and of every part of an axis.

use super::Tensor;
use super::conv::{as_images, as_signals, window_on, windows};
use super::pool::PoolPadding;
use super::resample::{Taps, mixed};
use super::window::sums;
use crate::backend::{Backend, Reduce};
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise as op;
use crate::shape::{
    Pool1dShape, Pool2dShape, Resize1dShape, Resize2dShape, Shape, Window1, Windows2,
};

/// How many entries of each window on an axis of `size` are inside.
fn inside(size: usize, places: usize, [k, stride, pad, dilation]: [usize; 4]) -> Vec<usize> {
    let is_inside = |at: usize| at >= pad && at < pad + size;
    let count = |place| {
        (0..k)
            .filter(|i| is_inside(place * stride + i * dilation))
            .count()
    };
    (0..places).map(count).collect()
}

/// The mean of the windows on height and width of `[N, C, H, W]`.
fn avg_pool2d<E: Float, B: Backend>(
    x: &B::Prim<E>,
    [h, w]: [[usize; 4]; 2],
    count_include_pad: bool,
) -> B::Prim<E> {
    if E::KIND.size() == 2 {
        return B::cast(&avg_pool2d::<f32, B>(
            &B::cast(x),
            [h, w],
            count_include_pad,
        ));
    }
    let size = [B::dims(x)[2], B::dims(x)[3]];
    let sum = sums::<E, B>(&sums::<E, B>(x, 2, h), 3, w);
    let (device, dims) = (B::device(x), B::dims(&sum));
    let padded = h[2] > 0 || w[2] > 0;
    let counts = if padded && !count_include_pad {
        let (rows, columns) = (inside(size[0], dims[2], h), inside(size[1], dims[3], w));
        let area = |&row: &usize| {
            columns
                .iter()
                .map(move |&column| E::from_f64((row * column) as f64))
        };
        let counts = rows.iter().flat_map(area).collect();
        B::expand(&B::from_vec(&device, counts, &dims[2..]), dims)
    } else {
        B::full(&device, E::from_f64((h[0] * w[0]) as f64), dims)
    };
    B::map(op::Div, [&sum, &counts])
}

/// As many parts as are reduced one by one: the gradient of each is as large as the input.
const FEW: usize = 16;

/// The means of `parts` parts of `axis`, from `floor(i size / parts)` to
/// `ceil((i + 1) size / parts)`.
fn adaptive_avg<E: Float, B: Backend>(
    op: &str,
    x: &B::Prim<E>,
    axis: usize,
    parts: usize,
) -> B::Prim<E> {
    let dims = B::dims(x);
    let size = dims[axis];
    assert!(
        size > 0 && parts > 0,
        "{op}: axis {axis} of {dims:?} does not divide into {parts} parts"
    );
    if size.is_multiple_of(parts) {
        let len = size / parts;
        let sum = sums::<E, B>(x, axis, [len, len, 0, 1]);
        let len = B::full(&B::device(x), E::from_f64(len as f64), B::dims(&sum));
        return B::map(op::Div, [&sum, &len]);
    }
    let part = |i: usize| (i * size / parts, ((i + 1) * size).div_ceil(parts));
    if parts <= FEW {
        let mean = |i: usize| {
            let (start, end) = part(i);
            let x = B::narrow(x, axis, start, end - start);
            let sum = B::reduce(Reduce::Sum, &x, &[axis]);
            let len = E::from_f64((end - start) as f64);
            B::map(
                op::Div,
                [&sum, &B::full(&B::device(&sum), len, B::dims(&sum))],
            )
        };
        let means: Vec<_> = (0..parts).map(mean).collect();
        return B::cat(&means.iter().collect::<Vec<_>>(), axis);
    }
    let longest = (0..parts).map(|i| part(i).1 - part(i).0).max().unwrap_or(0);
    // A part that is shorter than others counts its last entry in pieces: no other entry is read,
    // so that one that is not finite stays in its part.
    let taps = |i: usize| -> Taps {
        let (start, end) = part(i);
        let (len, spare) = (end - start, longest - (end - start));
        let share = 1.0 / len as f64;
        let piece = |tap: usize| match tap + 1 {
            nth if nth < len => (start + tap, share),
            nth if nth == longest => (end - 1, share / (1 << spare) as f64),
            nth => (end - 1, share / (1 << (nth - len + 1)) as f64),
        };
        (0..longest).map(piece).collect()
    };
    mixed::<E, B>(x, axis, &(0..parts).map(taps).collect::<Vec<_>>())
}

fn adaptive_avg_pool2d<E: Float, B: Backend>(
    op: &str,
    x: &B::Prim<E>,
    [h, w]: [usize; 2],
) -> B::Prim<E> {
    if E::KIND.size() == 2 {
        return B::cast(&adaptive_avg_pool2d::<f32, B>(op, &B::cast(x), [h, w]));
    }
    let area = B::dims(x)[2] * B::dims(x)[3];
    if [h, w] == [1, 1] && area > 0 {
        let sum = B::reduce(Reduce::Sum, x, &[2, 3]);
        let area = B::full(&B::device(x), E::from_f64(area as f64), B::dims(&sum));
        return B::map(op::Div, [&sum, &area]);
    }
    adaptive_avg::<E, B>(op, &adaptive_avg::<E, B>(op, x, 2, h), 3, w)
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The mean of every window on `[N, C, H, W]` (`torch.nn.functional.avg_pool2d`). The padding
    /// counts as zeros; [`avg_pool2d_inside`](Self::avg_pool2d_inside) leaves it out. The stride is
    /// the window's own: `Window<2, 2>` halves height and width.
    ///
    /// A padding above half of the window does not build.
    ///
    /// # Panics
    /// If the window does not fit an axis whose size is known at run time.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 2, 4]> =
    ///     Tensor::from_array([[[[1.0, 2.0, 5.0, 6.0], [3.0, 4.0, 7.0, 8.0]]]]);
    /// let y: Tensor<s![1, 1, 1, 2]> = x.avg_pool2d::<Window<2, 2>>();
    /// assert_eq!(y.to_vec(), [2.5, 6.5]);
    /// ```
    #[track_caller]
    pub fn avg_pool2d<W>(&self) -> Tensor<S::Out, E, B>
    where
        E: Float,
        S: Pool2dShape<W>,
        W: Windows2,
    {
        const { PoolPadding::<W::H>::CHECK }
        const { PoolPadding::<W::W>::CHECK }
        let windows = windows::<W>("avg_pool2d", self.dims());
        Tensor::typed(avg_pool2d::<E, B>(&self.prim, windows, true))
    }

    /// [`avg_pool2d`](Self::avg_pool2d) of what is inside: the padding does not count
    /// (`count_include_pad=False` in PyTorch).
    ///
    /// # Panics
    /// If the window does not fit an axis whose size is known at run time.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 3, 3]> = Tensor::ones();
    /// let y: Tensor<s![1, 1, 3, 3]> = x.avg_pool2d_inside::<Window<3, 1, 1>>();
    /// assert_eq!(y.to_vec(), [1.0; 9]);
    /// ```
    #[track_caller]
    pub fn avg_pool2d_inside<W>(&self) -> Tensor<S::Out, E, B>
    where
        E: Float,
        S: Pool2dShape<W>,
        W: Windows2,
    {
        const { PoolPadding::<W::H>::CHECK }
        const { PoolPadding::<W::W>::CHECK }
        let windows = windows::<W>("avg_pool2d_inside", self.dims());
        Tensor::typed(avg_pool2d::<E, B>(&self.prim, windows, false))
    }

    /// The mean of every window on `[N, C, L]` (`torch.nn.functional.avg_pool1d`). The padding
    /// counts as zeros; [`avg_pool1d_inside`](Self::avg_pool1d_inside) leaves it out.
    ///
    /// A padding above half of the window does not build.
    ///
    /// # Panics
    /// If the window does not fit an axis whose size is known at run time.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 4]> = Tensor::from_array([[[1.0, 2.0, 5.0, 6.0]]]);
    /// let y: Tensor<s![1, 1, 3]> = x.avg_pool1d::<Window<2>>();
    /// assert_eq!(y.to_vec(), [1.5, 3.5, 5.5]);
    /// ```
    #[track_caller]
    pub fn avg_pool1d<W>(&self) -> Tensor<S::Out, E, B>
    where
        E: Float,
        S: Pool1dShape<W>,
        W: Window1,
    {
        const { PoolPadding::<W>::CHECK }
        let window = window_on::<W>("avg_pool1d", self.dims(), 2);
        let x = as_images::<E, B>(&self.prim);
        let y = avg_pool2d::<E, B>(&x, [[1, 1, 0, 1], window], true);
        Tensor::typed(as_signals::<E, B>(&y))
    }

    /// [`avg_pool1d`](Self::avg_pool1d) of what is inside: the padding does not count
    /// (`count_include_pad=False` in PyTorch).
    ///
    /// # Panics
    /// If the window does not fit an axis whose size is known at run time.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 3]> = Tensor::ones();
    /// let y: Tensor<s![1, 1, 3]> = x.avg_pool1d_inside::<Window<3, 1, 1>>();
    /// assert_eq!(y.to_vec(), [1.0; 3]);
    /// ```
    #[track_caller]
    pub fn avg_pool1d_inside<W>(&self) -> Tensor<S::Out, E, B>
    where
        E: Float,
        S: Pool1dShape<W>,
        W: Window1,
    {
        const { PoolPadding::<W>::CHECK }
        let window = window_on::<W>("avg_pool1d_inside", self.dims(), 2);
        let x = as_images::<E, B>(&self.prim);
        let y = avg_pool2d::<E, B>(&x, [[1, 1, 0, 1], window], false);
        Tensor::typed(as_signals::<E, B>(&y))
    }

    /// The means of `H` times `W` parts of the images `[N, C, ..]`, of whatever size
    /// (`torch.nn.functional.adaptive_avg_pool2d`): part `i` of an axis of `n` goes from
    /// `floor(i n / H)` to `ceil((i + 1) n / H)`.
    ///
    /// # Panics
    /// If there are no pixels, or `H` or `W` is 0.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 1, 3]> = Tensor::from_array([[[[1.0, 2.0, 6.0]]]]);
    /// let y: Tensor<s![1, 1, 1, 2]> = x.adaptive_avg_pool2d::<1, 2>();
    /// assert_eq!(y.to_vec(), [1.5, 4.0]);
    /// ```
    #[track_caller]
    pub fn adaptive_avg_pool2d<const H: usize, const W: usize>(&self) -> Tensor<S::Out, E, B>
    where
        E: Float,
        S: Resize2dShape<H, W>,
    {
        Tensor::typed(adaptive_avg_pool2d::<E, B>(
            "adaptive_avg_pool2d",
            &self.prim,
            [H, W],
        ))
    }

    /// The means of `L` parts of the signals `[N, C, ..]`, of whatever length
    /// (`torch.nn.functional.adaptive_avg_pool1d`); see
    /// [`adaptive_avg_pool2d`](Self::adaptive_avg_pool2d).
    ///
    /// # Panics
    /// If there are no elements, or `L` is 0.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 3]> = Tensor::from_array([[[1.0, 2.0, 6.0]]]);
    /// let y: Tensor<s![1, 1, 2]> = x.adaptive_avg_pool1d::<2>();
    /// assert_eq!(y.to_vec(), [1.5, 4.0]);
    /// ```
    #[track_caller]
    pub fn adaptive_avg_pool1d<const L: usize>(&self) -> Tensor<S::Out, E, B>
    where
        E: Float,
        S: Resize1dShape<L>,
    {
        let x = as_images::<E, B>(&self.prim);
        let y = adaptive_avg_pool2d::<E, B>("adaptive_avg_pool1d", &x, [1, L]);
        Tensor::typed(as_signals::<E, B>(&y))
    }
}
