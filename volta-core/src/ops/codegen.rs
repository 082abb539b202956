//! What the expansions of `#[elementwise]`, `fuse!` and the table name. Not public: it may change
//! at any time.

pub use crate::backend::{Backend, Meet};
pub use crate::cpu::{KernelSet, Lane, RawKernel};
pub use crate::dtype::{Dtype, Float, Int, Num, bf16, f16};
pub use crate::ops::function::{
    Elementwise, Params, Predicate, Saves, Scalar, Slope, Test, compose,
};
pub use crate::ops::registry::{Class, Entry, OpVisitor};
pub use crate::ops::scalar::{Bits, Mask, Ordered, Real, Ring};
pub use crate::ops::wgsl;
pub use crate::shape::{Broadcast, ExpandTo, Shape};
pub use crate::tensor::Tensor;
pub use crate::tensor::fuse::*;
pub use volta_macros::refuse_call;

/// A number from the scope of `fuse!`.
#[inline]
pub fn scalar(x: impl Captured) -> f64 {
    x.number()
}

/// A function of elements `E` in WGSL.
pub fn wgsl_value<Op, E, const N: usize, const M: usize>(
    name: &str,
    params: usize,
) -> wgsl::Function
where
    Op: Scalar<wgsl::Value, N, M>,
    E: Dtype,
{
    wgsl::Function::value::<Op, N, M>(name, params, wgsl::Element::of::<E>())
}

/// A derivative in WGSL.
pub fn wgsl_vjp<Op, E, const N: usize, const M: usize>(
    name: &str,
    params: usize,
    output: usize,
    input: usize,
) -> wgsl::Function
where
    Op: Scalar<wgsl::Value, N, M>,
    E: Dtype,
{
    let element = wgsl::Element::of::<E>();
    wgsl::Function::vjp::<Op, N, M>(name, params, output, input, element)
}

/// A function that says yes or no in WGSL.
pub fn wgsl_test<Op, E, const N: usize>(name: &str, params: usize) -> wgsl::Function
where
    Op: Test<wgsl::Value, N>,
    E: Dtype,
{
    wgsl::Function::test::<Op, N>(name, params, wgsl::Element::of::<E>())
}

/// A function of whole numbers has no derivative.
#[cold]
pub fn not_differentiable(name: &str) -> ! {
    unreachable!("{name} is of whole numbers, which have no gradients")
}

/// The end of a `match` over a function's inputs and outputs.
#[cold]
pub fn no_input(name: &str, output: usize, input: usize) -> ! {
    unreachable!("{name} has no output {output} or no input {input}")
}

/// The layer of a function of one input: its type applied to a tensor.
macro_rules! layer {
    ($Layer:ident, $Class:ident, $method:ident, ($($parameter:ident),*)) => {
        impl $Layer {
            #[doc = concat!("[`", stringify!($method), "`](crate::Tensor::", stringify!($method), ") of every element.")]
            pub fn forward<S, E, B>(&self, x: &crate::Tensor<S, E, B>) -> crate::Tensor<S, E, B>
            where
                S: crate::Shape,
                E: crate::dtype::$Class,
                B: crate::Backend,
            {
                x.map(*self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<S, E, B> crate::nn::Forward<crate::Tensor<S, E, B>> for $Layer
        where
            S: crate::Shape,
            E: crate::dtype::$Class,
            B: crate::Backend,
        {
            type Output = crate::Tensor<S, E, B>;
            fn forward(&self, x: &crate::Tensor<S, E, B>) -> crate::Tensor<S, E, B> {
                x.map(*self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<B: crate::Backend> crate::nn::Module<B> for $Layer {
            type On<B2: crate::Backend> = $Layer;
            const PARAMETERS: usize = 0;
            fn visit<V: crate::nn::Visitor<B>>(&self, _: &mut crate::nn::Path, _: &mut V) {}
            fn visit_mut<V: crate::nn::VisitorMut<B>>(&mut self, _: &mut crate::nn::Path, _: &mut V) {}
            fn map<B2: crate::Backend, M: crate::nn::Mapper<B, B2>>(
                &self,
                _: &mut crate::nn::Path,
                _: &mut M,
            ) -> Result<$Layer, M::Error> {
                Ok(*self)
            }
            fn same(on: Self) -> Self {
                on
            }
        }

        #[diagnostic::do_not_recommend]
        impl<B: crate::Backend> crate::nn::Init<B> for $Layer {
            fn init_on(_: &B::Device, _: &mut crate::Rng) -> Self {
                Self::default()
            }
        }
    };
}
pub(crate) use layer;
