//! Activations as layers: elementwise functions without parameters, of any shape.

use super::Forward;
use crate::Module;
use crate::backend::Backend;
use crate::dtype::{Float, Num};
use crate::shape::Shape;
use crate::tensor::Tensor;

macro_rules! activation {
    ($($(#[$doc:meta])* $Layer:ident $E:ident $method:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
        #[module(do_not_recommend)]
        pub struct $Layer;

        impl $Layer {
            #[doc = concat!("[`", stringify!($method), "`](Tensor::", stringify!($method), ") of every element.")]
            pub fn forward<S: Shape, E: $E, B: Backend>(
                &self,
                x: &Tensor<S, E, B>,
            ) -> Tensor<S, E, B> {
                x.$method()
            }
        }

        impl<S: Shape, E: $E, B: Backend> Forward<Tensor<S, E, B>> for $Layer {
            type Output = Tensor<S, E, B>;
            fn forward(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B> {
                x.$method()
            }
        }
    )*};
}

activation! {
    /// `max(x, 0)`; the derivative at 0 is 0 (`torch.nn.ReLU`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![3]> = Tensor::from_array([-1.0, 0.0, 2.0]);
    /// assert_eq!(Relu.forward(&x).to_vec(), [0.0, 0.0, 2.0]);
    /// ```
    Relu Num relu;
    /// The hyperbolic tangent (`torch.nn.Tanh`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2]> = Tensor::from_array([0.0, 1.0]);
    /// assert_eq!(Tanh.forward(&x).to_vec(), [0.0, 1_f32.tanh()]);
    /// ```
    Tanh Float tanh;
    /// `1 / (1 + exp(-x))` (`torch.nn.Sigmoid`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2]> = Tensor::zeros();
    /// assert_eq!(Sigmoid.forward(&x).to_vec(), [0.5, 0.5]);
    /// ```
    Sigmoid Float sigmoid;
    /// `x * (1 + erf(x / sqrt(2))) / 2` (Hendrycks and Gimpel, 2016; `torch.nn.GELU`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2]> = Tensor::from_array([0.0, 20.0]);
    /// assert_eq!(Gelu.forward(&x).to_vec(), [0.0, 20.0]);
    /// ```
    Gelu Float gelu;
}
