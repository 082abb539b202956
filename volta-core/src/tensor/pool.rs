//! The greatest element of every window.

use std::marker::PhantomData;

use super::Tensor;
use super::conv::{as_images, as_signals, window_on, windows};
use crate::backend::{Backend, Pool2dOptions};
use crate::dtype::{Dtype, Num};
use crate::shape::text::Text;
use crate::shape::{Pool1dShape, Pool2dShape, Shape, Window1, Windows2, runtime};

/// The padding of a pooling window, checked when the program is built.
pub(super) struct PoolPadding<W>(PhantomData<W>);

impl<W: Window1> PoolPadding<W> {
    pub(super) const CHECK: () = {
        let reach = W::DILATION * W::K.saturating_sub(1) + 1;
        if 2 * W::PAD > reach {
            let text = Text::new()
                .str("a pooling window of ")
                .number(W::K)
                .str(" (dilation ")
                .number(W::DILATION)
                .str(") has a padding of ")
                .number(W::PAD)
                .str(": it is at most half of the window, ")
                .number(reach / 2);
            panic!("{}", text.as_str());
        }
    };
}

/// Checks that no window lies in the padding alone, which takes a padding and a dilation.
#[track_caller]
fn reaches_inside(op: &str, dims: &[usize], windows: &[[usize; 4]]) {
    for (axis, &[k, stride, pad, dilation]) in (2..).zip(windows) {
        let size = dims[axis];
        let places = runtime::window(size, k, stride, pad, dilation).unwrap_or(0);
        let inside = |entry: usize| entry >= pad && entry < pad + size;
        let empty = |&place: &usize| !(0..k).any(|i| inside(place * stride + i * dilation));
        if pad > 0
            && let Some(place) = (0..places).find(empty)
        {
            panic!(
                "{op}: window {place} on axis {axis} of {dims:?} has all of its {k} entries \
                 (dilation {dilation}) in the padding of {pad}"
            );
        }
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The greatest element of every window on `[N, C, H, W]`; the padding never wins, NaN always
    /// does, and the gradient goes to the first of equal elements
    /// (`torch.nn.functional.max_pool2d`). The stride is the window's own: `Window<2, 2>` halves
    /// height and width.
    ///
    /// A padding above half of the window does not build.
    ///
    /// # Panics
    /// If the window does not fit an axis whose size is known at run time.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![8, 6, 28, 28]> = Tensor::ones();
    /// let y: Tensor<s![8, 6, 14, 14]> = x.max_pool2d::<Window<2, 2>>();
    /// ```
    #[track_caller]
    pub fn max_pool2d<W>(&self) -> Tensor<S::Out, E, B>
    where
        E: Num,
        S: Pool2dShape<W>,
        W: Windows2,
    {
        const { PoolPadding::<W::H>::CHECK }
        const { PoolPadding::<W::W>::CHECK }
        let [h, w] = windows::<W>("max_pool2d", self.dims());
        reaches_inside("max_pool2d", self.dims(), &[h, w]);
        let options = Pool2dOptions {
            kernel: [h[0], w[0]],
            stride: [h[1], w[1]],
            padding: [h[2], w[2]],
            dilation: [h[3], w[3]],
        };
        Tensor::typed(B::max_pool2d(&self.prim, options).0)
    }

    /// The greatest element of every window on `[N, C, L]`, as [`max_pool2d`](Self::max_pool2d)
    /// (`torch.nn.functional.max_pool1d`).
    ///
    /// A padding above half of the window does not build.
    ///
    /// # Panics
    /// If the window does not fit an axis whose size is known at run time.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 4]> = Tensor::from_array([[[1.0, 3.0, -2.0, -1.0]]]);
    /// let y: Tensor<s![1, 1, 2]> = x.max_pool1d::<Window<2, 2>>();
    /// assert_eq!(y.to_vec(), [3.0, -1.0]);
    /// ```
    #[track_caller]
    pub fn max_pool1d<W>(&self) -> Tensor<S::Out, E, B>
    where
        E: Num,
        S: Pool1dShape<W>,
        W: Window1,
    {
        const { PoolPadding::<W>::CHECK }
        let dims = self.dims();
        let window = window_on::<W>("max_pool1d", dims, 2);
        reaches_inside("max_pool1d", dims, &[window]);
        let [k, stride, pad, dilation] = window;
        let options = Pool2dOptions {
            kernel: [1, k],
            stride: [1, stride],
            padding: [0, pad],
            dilation: [1, dilation],
        };
        let y = B::max_pool2d(&as_images::<E, B>(&self.prim), options).0;
        Tensor::typed(as_signals::<E, B>(&y))
    }
}
