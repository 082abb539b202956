//! Convolution over one, two and three axes.

use super::window::{slices, without_ones};
use super::{Tensor, fits};
use crate::backend::{Backend, Conv2dOptions, Meet};
use crate::dtype::{Dtype, Float};
use crate::shape::{
    Conv1dShape, Conv2dShape, Conv3dShape, ConvWindows, Dim, Divides, GroupCount, Shape,
    TimesGroups, Window1, Windows2, Windows3, divide, runtime,
};

/// The shape of a convolution's weight on one axis: `[O, C, K]`.
pub type Kernel1dShape<O, C, W> = (O, C, <W as Window1>::Kernel);

/// The shape of a convolution's weight: `[O, C, KH, KW]`.
pub type KernelShape<O, C, W> = (
    O,
    C,
    <<W as Windows2>::H as Window1>::Kernel,
    <<W as Windows2>::W as Window1>::Kernel,
);

/// The shape of a convolution's weight on three axes: `[O, C, KD, KH, KW]`.
pub type Kernel3dShape<O, C, W> = (
    O,
    C,
    <<W as Windows3>::D as Window1>::Kernel,
    <<W as Windows3>::H as Window1>::Kernel,
    <<W as Windows3>::W as Window1>::Kernel,
);

/// Size, stride, padding and dilation of a window on one axis.
pub(super) const fn window<W: Window1>() -> [usize; 4] {
    [W::K, W::STRIDE, W::PAD, W::DILATION]
}

/// The window on one axis, checked to fit a run-time size.
#[track_caller]
pub(super) fn window_on<W: Window1>(op: &'static str, dims: &[usize], axis: usize) -> [usize; 4] {
    fits(runtime::windowed(op, dims, axis, window::<W>()));
    window::<W>()
}

/// The windows on height and width, checked to fit a run-time height and width.
#[track_caller]
pub(super) fn windows<W: Windows2>(op: &'static str, dims: &[usize]) -> [[usize; 4]; 2] {
    let height = window_on::<W::H>(op, dims, 2);
    [height, window_on::<W::W>(op, dims, 3)]
}

/// `[N, C, L]` as `[N, C, 1, L]`.
pub(super) fn as_images<E: Dtype, B: Backend>(x: &B::Prim<E>) -> B::Prim<E> {
    let &[n, c, l] = B::dims(x) else {
        unreachable!("a signal has three axes")
    };
    B::reshape(x, &[n, c, 1, l])
}

/// `[N, C, 1, L]` as `[N, C, L]`.
pub(super) fn as_signals<E: Dtype, B: Backend>(x: &B::Prim<E>) -> B::Prim<E> {
    without_ones::<E, B>(x, 2)
}

/// The window that a height of 1 has.
pub(super) const ROW: [usize; 4] = [1, 1, 0, 1];

pub(super) fn options([h, w]: [[usize; 4]; 2], groups: usize) -> Conv2dOptions {
    Conv2dOptions {
        stride: [h[1], w[1]],
        padding: [h[2], w[2]],
        dilation: [h[3], w[3]],
        groups,
    }
}

/// Checks that channels known at run time go with the weight.
#[track_caller]
fn channels_agree(op: &str, dims: &[usize], kernel: &[usize], groups: usize) {
    assert!(
        dims[1] == kernel[1] * groups,
        "{op}: the weight {kernel:?} takes {} channels, the input {dims:?} has {}",
        kernel[1] * groups,
        dims[1]
    );
    assert!(
        divide(kernel[0], groups),
        "{op}: {groups} groups do not divide the {} channels that the weight {kernel:?} gives",
        kernel[0]
    );
}

/// Convolution of what is known to fit.
pub(crate) trait Convolve<E: Float, B: Backend>: GroupCount {
    /// Of `[N, C, L]` with `[O, C / G, K]`.
    #[track_caller]
    fn conv1d<W: Window1>(x: &B::Prim<E>, weight: &B::Prim<E>) -> B::Prim<E> {
        channels_agree("conv1d", B::dims(x), B::dims(weight), Self::GROUPS);
        let window = window_on::<W>("conv1d", B::dims(x), 2);
        let (x, weight) = (as_images::<E, B>(x), as_images::<E, B>(weight));
        as_signals::<E, B>(&B::conv2d(
            &x,
            &weight,
            options([ROW, window], Self::GROUPS),
        ))
    }

    /// Of `[N, C, H, W]` with `[O, C / G, KH, KW]`.
    #[track_caller]
    fn conv2d<W: Windows2>(x: &B::Prim<E>, weight: &B::Prim<E>) -> B::Prim<E> {
        let windows = windows::<W>("conv2d", B::dims(x));
        channels_agree("conv2d", B::dims(x), B::dims(weight), Self::GROUPS);
        B::conv2d(x, weight, options(windows, Self::GROUPS))
    }

    /// Of `[N, C, D, H, W]` with `[O, C / G, KD, KH, KW]`: the images at the entries of a window
    /// on the depth are channels of one image.
    #[track_caller]
    fn conv3d<W: Windows3>(x: &B::Prim<E>, weight: &B::Prim<E>) -> B::Prim<E> {
        let (dims, kernel) = (B::dims(x), B::dims(weight));
        channels_agree("conv3d", dims, kernel, Self::GROUPS);
        let depth = window_on::<W::D>("conv3d", dims, 2);
        let h = window_on::<W::H>("conv3d", dims, 3);
        let w = window_on::<W::W>("conv3d", dims, 4);
        let entries = slices::<E, B>(x, 2, depth);
        let x = B::cat(&entries.iter().collect::<Vec<_>>(), 3);
        // `[N, D', C, KD, H, W]`
        let x = B::permute(&x, &[0, 2, 1, 3, 4, 5]);
        let (n, places) = (dims[0], B::dims(&x)[1]);
        let x = B::reshape(&x, &[n * places, dims[1] * depth[0], dims[3], dims[4]]);
        let [outputs, inputs, kd, kh, kw] = kernel else {
            unreachable!("the weight has five axes")
        };
        let weight = B::reshape(weight, &[*outputs, inputs * kd, *kh, *kw]);
        let y = B::conv2d(&x, &weight, options([h, w], Self::GROUPS));
        let &[_, channels, height, width] = B::dims(&y) else {
            unreachable!("a convolution gives four axes")
        };
        let y = B::reshape(&y, &[n, places, channels, height, width]);
        B::permute(&y, &[0, 2, 1, 3, 4])
    }
}

impl<E: Float, B: Backend, G: GroupCount> Convolve<E, B> for G {}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The cross-correlation of `[N, C, L]` with a weight `[O, C, K]`, which deep learning calls
    /// convolution: `[N, O, L']`. The window says the kernel's size, stride, padding and dilation
    /// (`torch.nn.functional.conv1d`). With `Grouped<Window<K>, G>` the weight is `[O, C / G, K]`.
    ///
    /// Groups that do not divide the outputs do not build.
    ///
    /// # Panics
    /// If the window does not fit an axis whose size is known at run time, or channels known at
    /// run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 5]> = Tensor::from_array([[[1.0, 2.0, 3.0, 4.0, 5.0]]]);
    /// let difference: Tensor<s![1, 1, 2]> = Tensor::from_array([[[-1.0, 1.0]]]);
    /// let y: Tensor<s![1, 1, 4]> = x.conv1d::<Window<2>, _, _, _>(&difference);
    /// assert_eq!(y.to_vec(), [1.0; 4]);
    /// ```
    #[track_caller]
    pub fn conv1d<W, O, C, B2>(
        &self,
        weight: &Tensor<Kernel1dShape<O, C, W::Windows>, E, B2>,
    ) -> Tensor<S::Out, E, B::Out>
    where
        E: Float,
        S: Conv1dShape<C::Out, O, W::Windows>,
        W: ConvWindows<Windows: Window1>,
        O: Dim,
        C: TimesGroups<W::Groups>,
        B: Meet<B2>,
        B2: Backend,
    {
        const { Divides::<O, W::Groups>::CHECK }
        let (x, weight) = (B::left(&self.prim), B::right(&weight.prim));
        Tensor::typed(<W::Groups as Convolve<E, B::Out>>::conv1d::<W::Windows>(
            &x, &weight,
        ))
    }

    /// The cross-correlation of `[N, C, H, W]` with a weight `[O, C, KH, KW]`, which deep learning
    /// calls convolution: `[N, O, H', W']`. The window says the kernel's size, stride, padding and
    /// dilation (`torch.nn.functional.conv2d`). With `Grouped<Window<K>, G>` the weight is
    /// `[O, C / G, KH, KW]`.
    ///
    /// Windows of three rows are convolved in fewer products, which add and subtract neighbouring rows.
    /// So where a sum is infinite, or the sum of two neighbours overflows, the output can be NaN; what
    /// meets an infinity of the input is not finite, and what does not meet it stays as it is.
    ///
    /// Groups that do not divide the outputs do not build.
    ///
    /// # Panics
    /// If the window does not fit an axis whose size is known at run time, or channels known at
    /// run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![8, 3, 28, 28]> = Tensor::ones();
    /// let weight: Tensor<s![6, 3, 5, 5]> = Tensor::ones();
    /// let y: Tensor<s![8, 6, 24, 24]> = x.conv2d::<Window<5>, _, _, _>(&weight);
    /// assert_eq!(y[[0, 0, 0, 0]], 75.0);
    ///
    /// let each: Tensor<s![3, 1, 5, 5]> = Tensor::ones();
    /// let y: Tensor<s![8, 3, 24, 24]> = x.conv2d::<Grouped<Window<5>, 3>, _, _, _>(&each);
    /// assert_eq!(y[[0, 0, 0, 0]], 25.0);
    /// ```
    #[track_caller]
    pub fn conv2d<W, O, C, B2>(
        &self,
        weight: &Tensor<KernelShape<O, C, W::Windows>, E, B2>,
    ) -> Tensor<S::Out, E, B::Out>
    where
        E: Float,
        S: Conv2dShape<C::Out, O, W::Windows>,
        W: ConvWindows<Windows: Windows2>,
        O: Dim,
        C: TimesGroups<W::Groups>,
        B: Meet<B2>,
        B2: Backend,
    {
        const { Divides::<O, W::Groups>::CHECK }
        let (x, weight) = (B::left(&self.prim), B::right(&weight.prim));
        Tensor::typed(<W::Groups as Convolve<E, B::Out>>::conv2d::<W::Windows>(
            &x, &weight,
        ))
    }

    /// The cross-correlation of `[N, C, D, H, W]` with a weight `[O, C, KD, KH, KW]`, which deep
    /// learning calls convolution: `[N, O, D', H', W']`. The window says the kernel's size, stride,
    /// padding and dilation (`torch.nn.functional.conv3d`). With `Grouped<Window<K>, G>` the weight
    /// is `[O, C / G, KD, KH, KW]`.
    ///
    /// Groups that do not divide the outputs do not build.
    ///
    /// # Panics
    /// If the window does not fit an axis whose size is known at run time, or channels known at
    /// run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2, 3, 8, 10, 10]> = Tensor::ones();
    /// let weight: Tensor<s![4, 3, 2, 3, 3]> = Tensor::ones();
    /// type W = (Window<2, 2>, Window<3>, Window<3>);
    /// let y: Tensor<s![2, 4, 4, 8, 8]> = x.conv3d::<W, _, _, _>(&weight);
    /// assert_eq!(y[[0, 0, 0, 0, 0]], 54.0);
    /// ```
    #[track_caller]
    pub fn conv3d<W, O, C, B2>(
        &self,
        weight: &Tensor<Kernel3dShape<O, C, W::Windows>, E, B2>,
    ) -> Tensor<S::Out, E, B::Out>
    where
        E: Float,
        S: Conv3dShape<C::Out, O, W::Windows>,
        W: ConvWindows<Windows: Windows3>,
        O: Dim,
        C: TimesGroups<W::Groups>,
        B: Meet<B2>,
        B2: Backend,
    {
        const { Divides::<O, W::Groups>::CHECK }
        let (x, weight) = (B::left(&self.prim), B::right(&weight.prim));
        Tensor::typed(<W::Groups as Convolve<E, B::Out>>::conv3d::<W::Windows>(
            &x, &weight,
        ))
    }
}
