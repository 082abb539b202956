/// `x * sigmoid(beta * x)` (Ramachandran et al., 2017).
#[::core::prelude::v1::derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
)]
pub struct Swish {
    /// The parameter `beta`.
    pub beta: f64,
}
impl ::core::default::Default for Swish {
    fn default() -> Self {
        Swish { beta: 1.0 }
    }
}
#[allow(clippy::all)]
const _: () = {
    #[allow(unused_imports)]
    use ::core::clone::Clone as _;
    #[allow(unused_imports)]
    use ::volta::ops::codegen::{self as __volta, Mask as _};
    #[allow(dead_code, non_snake_case)]
    impl Swish {
        #[doc(hidden)]
        #[inline(always)]
        pub fn value<T: __volta::Real>(x: T, beta: T) -> T {
            let gate = x.lit(1.0) / (x.lit(1.0) + (-beta * x.clone()).exp());
            x * gate
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn partial_0_0<T: __volta::Real>(x: T, beta: T, _: T) -> T {
            let gate = x.lit(1.0) / (x.lit(1.0) + (-beta.clone() * x.clone()).exp());
            gate.clone() + x.clone() * gate.clone() * (x.lit(1.0) - gate) * beta
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn partial_0_1<T: __volta::Real>(x: T, beta: T, _: T) -> T {
            let gate = x.lit(1.0) / (x.lit(1.0) + (-beta * x.clone()).exp());
            x.clone() * gate.clone() * (x.lit(1.0) - gate) * x
        }
    }
    impl<T: __volta::Real> __volta::Scalar<T, 1> for Swish {
        #[inline(always)]
        fn value([x]: [T; 1], params: &[T]) -> [T; 1] {
            [Self::value(x, params[0].clone())]
        }
        #[inline(always)]
        fn partial(output: usize, input: usize, [x]: [T; 1], y: T, params: &[T]) -> T {
            match (output, input) {
                (0, 0) => Self::partial_0_0(x, params[0].clone(), y),
                _ => __volta::no_input("swish", output, input),
            }
        }
    }
    impl<E: __volta::Float> __volta::Elementwise<E, 1> for Swish {
        const NAME: &'static str = "swish";
        const SAVES: __volta::Saves = __volta::Saves::Inputs;
        fn params(&self) -> __volta::Params {
            __volta::Params::of(&[self.beta])
        }
        fn kernel() -> __volta::RawKernel {
            __volta::RawKernel::value::<Self, E::Compute, 1, 1>()
        }
        fn wgsl() -> __volta::wgsl::Function {
            __volta::wgsl_value::<Self, E, 1, 1>("swish", 1)
        }
        fn vjp_kernel(output: usize, input: usize) -> __volta::RawKernel {
            match (output, input) {
                (0, 0) => {
                    __volta::RawKernel::vjp::<
                        Self,
                        E::Compute,
                        1,
                        1,
                        0,
                        0,
                    >(__volta::Saves::Inputs)
                }
                _ => __volta::no_input("swish", output, input),
            }
        }
        fn vjp_wgsl(output: usize, input: usize) -> __volta::wgsl::Function {
            __volta::wgsl_vjp::<Self, E, 1, 1>("swish", 1, output, input)
        }
        fn composed_vjp<B: __volta::Backend>(
            &self,
            output: usize,
            input: usize,
            x: [&B::Prim<E>; 1],
            y: &B::Prim<E>,
            gy: &B::Prim<E>,
        ) -> B::Prim<E> {
            __volta::compose::<Self, B, E, 1, 1>(self, output, input, x, y, gy)
        }
    }
};
/// `x * sigmoid(beta * x)` (Ramachandran et al., 2017).
#[inline]
pub fn swish<
    S: ::volta::ops::codegen::Shape,
    E: ::volta::ops::codegen::Float,
    B: ::volta::ops::codegen::Backend,
>(
    x: &::volta::ops::codegen::Tensor<S, E, B>,
    beta: f64,
) -> ::volta::ops::codegen::Tensor<S, E, B> {
    x.map(Swish { beta })
}
