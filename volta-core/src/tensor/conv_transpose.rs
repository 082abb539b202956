//! Transposed convolution over one and two axes.

use std::marker::PhantomData;

use super::conv::{ROW, as_images, as_signals, options, window};
use super::{Kernel1dShape, KernelShape, Tensor};
use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Float};
use crate::shape::text::Text;
use crate::shape::{
    ConvTranspose1dShape, ConvTranspose2dShape, ConvWindows, Dim, Divides, GroupCount, Shape,
    TimesGroups, TransposedWindow1, TransposedWindows2, Window1, divide, runtime,
};

/// The shape of a transposed convolution's weight on one axis: `[C, O, K]`.
pub type TransposedKernel1dShape<C, O, W> = Kernel1dShape<C, O, <W as TransposedWindow1>::Window>;

/// The shape of a transposed convolution's weight: `[C, O, KH, KW]`.
pub type TransposedKernelShape<C, O, W> = KernelShape<
    C,
    O,
    (
        <<W as TransposedWindows2>::H as TransposedWindow1>::Window,
        <<W as TransposedWindows2>::W as TransposedWindow1>::Window,
    ),
>;

/// The output padding of a window, checked when the program is built.
struct OutputPadding<W>(PhantomData<W>);

impl<W: TransposedWindow1> OutputPadding<W> {
    const CHECK: () = {
        let (stride, dilation) = (W::Window::STRIDE, W::Window::DILATION);
        if W::OUTPUT_PAD > 0 && W::OUTPUT_PAD >= stride && W::OUTPUT_PAD >= dilation {
            let text = Text::new()
                .str("an output padding of ")
                .number(W::OUTPUT_PAD)
                .str(" with a stride of ")
                .number(stride)
                .str(" and a dilation of ")
                .number(dilation)
                .str(": it is less than one of them");
            panic!("{}", text.as_str());
        }
    };
}

/// The size that the axis `axis` becomes.
#[track_caller]
fn widened<W: TransposedWindow1>(op: &str, dims: &[usize], axis: usize) -> usize {
    const { OutputPadding::<W>::CHECK }
    let [k, stride, pad, dilation] = window::<W::Window>();
    runtime::transposed_window(dims[axis], k, stride, pad, dilation, W::OUTPUT_PAD).unwrap_or_else(
        || {
            panic!(
                "{op}: a transposed window of {k} (padding {pad}, stride {stride}, dilation \
                 {dilation}) leaves nothing of axis {axis} of {dims:?}"
            )
        },
    )
}

/// Checks that channels known at run time go with the weight.
#[track_caller]
fn channels_agree(op: &str, dims: &[usize], kernel: &[usize], groups: usize) {
    assert!(
        dims[1] == kernel[0],
        "{op}: the weight {kernel:?} takes {} channels, the input {dims:?} has {}",
        kernel[0],
        dims[1]
    );
    assert!(
        divide(dims[1], groups),
        "{op}: {groups} groups do not divide the {} channels of the input {dims:?}",
        dims[1]
    );
}

/// Transposed convolution of what is known to fit: the gradient that a convolution gives its input.
pub(crate) trait Transposed<E: Float, B: Backend>: GroupCount {
    /// Of `[N, C, L]` with `[C, O / G, K]`.
    #[track_caller]
    fn conv_transpose1d<W: TransposedWindow1>(x: &B::Prim<E>, weight: &B::Prim<E>) -> B::Prim<E> {
        let (op, dims, kernel) = ("conv_transpose1d", B::dims(x), B::dims(weight));
        channels_agree(op, dims, kernel, Self::GROUPS);
        let out = [
            dims[0],
            kernel[1] * Self::GROUPS,
            1,
            widened::<W>(op, dims, 2),
        ];
        let options = options([ROW, window::<W::Window>()], Self::GROUPS);
        let (x, weight) = (as_images::<E, B>(x), as_images::<E, B>(weight));
        as_signals::<E, B>(&B::conv2d_input_grad(&x, &weight, options, &out))
    }

    /// Of `[N, C, H, W]` with `[C, O / G, KH, KW]`.
    #[track_caller]
    fn conv_transpose2d<W: TransposedWindows2>(x: &B::Prim<E>, weight: &B::Prim<E>) -> B::Prim<E> {
        let (op, dims, kernel) = ("conv_transpose2d", B::dims(x), B::dims(weight));
        channels_agree(op, dims, kernel, Self::GROUPS);
        let out = [
            dims[0],
            kernel[1] * Self::GROUPS,
            widened::<W::H>(op, dims, 2),
            widened::<W::W>(op, dims, 3),
        ];
        let windows = [
            window::<<W::H as TransposedWindow1>::Window>(),
            window::<<W::W as TransposedWindow1>::Window>(),
        ];
        B::conv2d_input_grad(x, weight, options(windows, Self::GROUPS), &out)
    }
}

impl<E: Float, B: Backend, G: GroupCount> Transposed<E, B> for G {}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The transposed convolution of `[N, C, L]` with a weight `[C, O, K]`: `[N, O, L']`, where
    /// `L' = (L - 1) STRIDE - 2 PAD + DILATION (K - 1) + OUTPUT_PAD + 1`
    /// (`torch.nn.functional.conv_transpose1d`). It is the gradient by its input of the
    /// convolution that this window and weight make. With `Grouped<Window<K>, G>` the weight is
    /// `[C, O / G, K]`.
    ///
    /// Groups that do not divide the channels do not build, nor does an output padding as large as
    /// both the stride and the dilation.
    ///
    /// # Panics
    /// If nothing is left of an axis whose size is known at run time, or channels known at run
    /// time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 2]> = Tensor::from_array([[[1.0, 10.0]]]);
    /// let weight: Tensor<s![1, 1, 3]> = Tensor::from_array([[[1.0, 2.0, 3.0]]]);
    /// let y: Tensor<s![1, 1, 5]> = x.conv_transpose1d::<Window<3, 2>, _, _, _>(&weight);
    /// assert_eq!(y.to_vec(), [1.0, 2.0, 13.0, 20.0, 30.0]);
    /// ```
    #[track_caller]
    pub fn conv_transpose1d<W, O, C, B2>(
        &self,
        weight: &Tensor<TransposedKernel1dShape<C, O, W::Windows>, E, B2>,
    ) -> Tensor<S::Out, E, B::Out>
    where
        E: Float,
        S: ConvTranspose1dShape<C, O::Out, W::Windows>,
        W: ConvWindows<Windows: TransposedWindow1>,
        O: TimesGroups<W::Groups>,
        C: Dim,
        B: Meet<B2>,
        B2: Backend,
    {
        const { Divides::<C, W::Groups>::CHECK }
        let (x, weight) = (B::left(&self.prim), B::right(&weight.prim));
        Tensor::typed(<W::Groups as Transposed<E, B::Out>>::conv_transpose1d::<
            W::Windows,
        >(&x, &weight))
    }

    /// The transposed convolution of `[N, C, H, W]` with a weight `[C, O, KH, KW]`:
    /// `[N, O, H', W']`, where `H' = (H - 1) STRIDE - 2 PAD + DILATION (KH - 1) + OUTPUT_PAD + 1`
    /// (`torch.nn.functional.conv_transpose2d`). It is the gradient by its input of the
    /// convolution that this window and weight make. With `Grouped<Window<K>, G>` the weight is
    /// `[C, O / G, KH, KW]`.
    ///
    /// Groups that do not divide the channels do not build, nor does an output padding as large as
    /// both the stride and the dilation.
    ///
    /// # Panics
    /// If nothing is left of an axis whose size is known at run time, or channels known at run
    /// time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![8, 16, 7, 7]> = Tensor::ones();
    /// let weight: Tensor<s![16, 6, 4, 4]> = Tensor::ones();
    /// let y: Tensor<s![8, 6, 14, 14]> = x.conv_transpose2d::<Window<4, 2, 1>, _, _, _>(&weight);
    ///
    /// type W = OutputPad<Window<3, 2, 1>, 1>;
    /// let weight: Tensor<s![16, 6, 3, 3]> = Tensor::ones();
    /// let y: Tensor<s![8, 6, 14, 14]> = x.conv_transpose2d::<W, _, _, _>(&weight);
    /// ```
    #[track_caller]
    pub fn conv_transpose2d<W, O, C, B2>(
        &self,
        weight: &Tensor<TransposedKernelShape<C, O, W::Windows>, E, B2>,
    ) -> Tensor<S::Out, E, B::Out>
    where
        E: Float,
        S: ConvTranspose2dShape<C, O::Out, W::Windows>,
        W: ConvWindows<Windows: TransposedWindows2>,
        O: TimesGroups<W::Groups>,
        C: Dim,
        B: Meet<B2>,
        B2: Backend,
    {
        const { Divides::<C, W::Groups>::CHECK }
        let (x, weight) = (B::left(&self.prim), B::right(&weight.prim));
        Tensor::typed(<W::Groups as Transposed<E, B::Out>>::conv_transpose2d::<
            W::Windows,
        >(&x, &weight))
    }
}
