//! Dropout of whole channels.

use super::{Dropout, Forward, Mapper, Module, Path, Visitor, VisitorMut};
use crate::backend::Backend;
use crate::dtype::Float;
use crate::random::Rng;
use crate::shape::{Images, Shape, Signals, Volumes};
use crate::tensor::Tensor;

macro_rules! dropout {
    ($($(#[doc = $doc:expr])* $Name:ident $Of:ident $form:literal;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $Name(Dropout);

        impl $Name {
            /// Drops with probability `p`; its random numbers are a fork of `rng`.
            ///
            /// # Panics
            /// If `p` is not between 0 and 1.
            #[track_caller]
            pub fn new(p: f64, rng: &mut Rng) -> Self {
                $Name(Dropout::new(p, rng))
            }

            /// The probability.
            pub fn p(&self) -> f64 {
                self.0.p()
            }

            /// Whether it drops.
            pub fn training(&self) -> bool {
                self.0.training()
            }

            #[doc = concat!($form, ", and the same shape back.")]
            pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B>
            where
                S: $Of,
                E: Float,
                B: Backend,
            {
                let mut dims = x.dims().to_vec();
                dims[2..].fill(1);
                Tensor::from_prim(x.shape(), self.0.prim::<E, B>(x.prim(), &dims))
            }
        }

        impl<S, E, B> Forward<Tensor<S, E, B>> for $Name
        where
            S: $Of + Shape,
            E: Float,
            B: Backend,
        {
            type Output = Tensor<S, E, B>;
            fn forward(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B> {
                self.forward(x)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<B: Backend> Module<B> for $Name {
            type On<B2: Backend> = $Name;
            const PARAMETERS: usize = 0;

            fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
                Module::<B>::visit(&self.0, path, visitor);
            }
            fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
                Module::<B>::visit_mut(&mut self.0, path, visitor);
            }
            fn map<B2: Backend, M: Mapper<B, B2>>(
                &self,
                path: &mut Path,
                mapper: &mut M,
            ) -> Result<$Name, M::Error> {
                Module::<B>::map(&self.0, path, mapper).map($Name)
            }
            fn same(on: $Name) -> Self {
                on
            }
        }
    )*};
}

dropout! {
    /// [`Dropout`] of whole channels of `[N, C, L]`: in training each becomes 0 with probability
    /// `p`, and the others are scaled by `1 / (1 - p)` (Tompson et al., 2015;
    /// `torch.nn.Dropout1d`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let drop = Dropout1d::new(0.5, &mut Rng::seed(0));
    /// let x: Tensor<s![8, 3, 2]> = Tensor::ones();
    /// assert!(drop.forward(&x).to_vec().chunks(2).all(|c| c == [0.0; 2] || c == [2.0; 2]));
    /// ```
    Dropout1d Signals "`[N, C, L]`";

    /// [`Dropout1d`] of images `[N, C, H, W]` (`torch.nn.Dropout2d`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let drop = Dropout2d::new(0.5, &mut Rng::seed(0));
    /// let x: Tensor<s![8, 3, 2, 2]> = Tensor::ones();
    /// assert!(drop.forward(&x).to_vec().chunks(4).all(|c| c == [0.0; 4] || c == [2.0; 4]));
    /// ```
    Dropout2d Images "`[N, C, H, W]`";

    /// [`Dropout1d`] of volumes `[N, C, D, H, W]` (`torch.nn.Dropout3d`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let drop = Dropout3d::new(0.5, &mut Rng::seed(0));
    /// let x: Tensor<s![8, 3, 1, 2, 1]> = Tensor::ones();
    /// assert!(drop.forward(&x).to_vec().chunks(2).all(|c| c == [0.0; 2] || c == [2.0; 2]));
    /// ```
    Dropout3d Volumes "`[N, C, D, H, W]`";
}
