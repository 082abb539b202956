//! Larger images.

use super::Forward;
use crate::Module;
use crate::backend::Backend;
use crate::dtype::Float;
use crate::shape::Upsample2dShape;
use crate::tensor::Tensor;

/// Images `[N, C, H, W]` made `FH` times as high and `FW` times as wide (`torch.nn.Upsample`):
/// [`nearest`](Self::nearest), the default, or [`bilinear`](Self::bilinear).
///
/// ```
/// use volta::prelude::*;
///
/// let x: Tensor<s![8, 6, 7, 7]> = Tensor::zeros();
/// let y: Tensor<s![8, 6, 14, 14]> = Upsample::<2, 2>::bilinear().forward(&x);
/// let y: Tensor<s![8, 6, 21, 7]> = Upsample::<3, 1>::nearest().forward(&x);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct Upsample<const FH: usize, const FW: usize> {
    #[module(skip)]
    mode: Mode,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Nearest,
    Bilinear {
        align_corners: bool,
    },
}

impl<const FH: usize, const FW: usize> Upsample<FH, FW> {
    /// Every pixel as `FH` by `FW` pixels.
    pub const fn nearest() -> Self {
        Upsample {
            mode: Mode::Nearest,
        }
    }

    /// Linear between the middles of the pixels; the edges of the image stay where they are.
    pub const fn bilinear() -> Self {
        Upsample {
            mode: Mode::Bilinear {
                align_corners: false,
            },
        }
    }

    /// Linear between the middles of the pixels; those of the corners stay where they are
    /// (`align_corners=True`).
    pub const fn bilinear_align_corners() -> Self {
        Upsample {
            mode: Mode::Bilinear {
                align_corners: true,
            },
        }
    }

    /// `[N, C, H, W]` to `[N, C, FH H, FW W]`.
    ///
    /// # Panics
    /// As [`Tensor::upsample_bilinear`], if it is bilinear.
    #[track_caller]
    pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: Upsample2dShape<FH, FW>,
        E: Float,
        B: Backend,
    {
        match self.mode {
            Mode::Nearest => x.upsample_nearest::<FH, FW>(),
            Mode::Bilinear { align_corners } => x.upsample_bilinear_as::<FH, FW>(align_corners),
        }
    }
}

impl<S, E, B, const FH: usize, const FW: usize> Forward<Tensor<S, E, B>> for Upsample<FH, FW>
where
    S: Upsample2dShape<FH, FW>,
    E: Float,
    B: Backend,
{
    type Output = Tensor<S::Out, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        self.forward(x)
    }
}
