//! Convolution and pooling over two axes.

use std::marker::PhantomData;

use super::{Tensor, fits};
use crate::backend::{Backend, Conv2dOptions, Meet, Pool2dOptions};
use crate::dtype::{Dtype, Float, Num};
use crate::shape::text::Text;
use crate::shape::{Conv2dShape, Dim, Pool2dShape, Shape, Window1, Windows2, runtime};

/// The shape of a convolution's weight: `[O, C, KH, KW]`.
pub type KernelShape<O, C, W> = (
    O,
    C,
    <<W as Windows2>::H as Window1>::Kernel,
    <<W as Windows2>::W as Window1>::Kernel,
);

/// Size, stride, padding and dilation of a window on one axis.
const fn window<W: Window1>() -> [usize; 4] {
    [W::K, W::STRIDE, W::PAD, W::DILATION]
}

/// The windows on height and width, checked to fit a run-time height and width.
#[track_caller]
fn windows<W: Windows2>(op: &'static str, dims: &[usize]) -> [[usize; 4]; 2] {
    let windows = [window::<W::H>(), window::<W::W>()];
    for (axis, window) in windows.into_iter().enumerate() {
        fits(runtime::windowed(op, dims, axis + 2, window));
    }
    windows
}

/// The padding of a pooling window, checked when the program is built.
struct PoolPadding<W>(PhantomData<W>);

impl<W: Window1> PoolPadding<W> {
    const CHECK: () = {
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
fn reaches_inside(dims: &[usize], windows: [[usize; 4]; 2]) {
    for (axis, [k, stride, pad, dilation]) in (2..).zip(windows) {
        let size = dims[axis];
        let places = runtime::window(size, k, stride, pad, dilation).unwrap_or(0);
        let inside = |entry: usize| entry >= pad && entry < pad + size;
        let empty = |&place: &usize| !(0..k).any(|i| inside(place * stride + i * dilation));
        if pad > 0
            && let Some(place) = (0..places).find(empty)
        {
            panic!(
                "max_pool2d: window {place} on axis {axis} of {dims:?} has all of its {k} entries \
                 (dilation {dilation}) in the padding of {pad}"
            );
        }
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The cross-correlation of `[N, C, H, W]` with a weight `[O, C, KH, KW]`, which deep learning
    /// calls convolution: `[N, O, H', W']`. The window says the kernel's size, stride, padding and
    /// dilation (`torch.nn.functional.conv2d`).
    ///
    /// # Panics
    /// If the window does not fit an axis whose size is known at run time.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![8, 3, 28, 28]> = Tensor::ones();
    /// let weight: Tensor<s![6, 3, 5, 5]> = Tensor::ones();
    /// let y: Tensor<s![8, 6, 24, 24]> = x.conv2d::<Window<5>, _, _, _>(&weight);
    /// assert_eq!(y[[0, 0, 0, 0]], 75.0);
    /// ```
    #[track_caller]
    pub fn conv2d<W, O, C, B2>(
        &self,
        weight: &Tensor<KernelShape<O, C, W>, E, B2>,
    ) -> Tensor<S::Out, E, B::Out>
    where
        E: Float,
        S: Conv2dShape<C, O, W>,
        W: Windows2,
        O: Dim,
        C: Dim,
        B: Meet<B2>,
        B2: Backend,
    {
        let (dims, kernel) = (self.dims(), weight.dims());
        let [h, w] = windows::<W>("conv2d", dims);
        assert!(
            dims[1] == kernel[1],
            "conv2d: the weight {kernel:?} takes {} channels, the input {dims:?} has {}",
            kernel[1],
            dims[1]
        );
        let options = Conv2dOptions {
            stride: [h[1], w[1]],
            padding: [h[2], w[2]],
            dilation: [h[3], w[3]],
            groups: 1,
        };
        let (x, weight) = (B::left(&self.prim), B::right(&weight.prim));
        Tensor::typed(<B::Out as Backend>::conv2d(&x, &weight, options))
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
        reaches_inside(self.dims(), [h, w]);
        let options = Pool2dOptions {
            kernel: [h[0], w[0]],
            stride: [h[1], w[1]],
            padding: [h[2], w[2]],
            dilation: [h[3], w[3]],
        };
        Tensor::typed(B::max_pool2d(&self.prim, options).0)
    }
}
