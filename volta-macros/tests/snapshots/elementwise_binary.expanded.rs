/// The length of the hypotenuse.
#[::core::prelude::v1::derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::default::Default,
    ::core::cmp::PartialEq,
)]
pub struct Length;
#[allow(clippy::all)]
const _: () = {
    #[allow(unused_imports)]
    use ::core::clone::Clone as _;
    #[allow(unused_imports)]
    use ::volta::ops::codegen::{self as __volta, Mask as _};
    #[allow(dead_code, non_snake_case)]
    impl Length {
        #[doc(hidden)]
        #[inline(always)]
        pub fn value<T: __volta::Real>(a: T, b: T) -> T {
            (a.clone() * a + b.clone() * b).sqrt()
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn partial_0_0<T: __volta::Real>(a: T, _: T, y: T) -> T {
            a / y
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn partial_0_1<T: __volta::Real>(_: T, b: T, y: T) -> T {
            b / y
        }
    }
    impl<T: __volta::Real> __volta::Scalar<T, 2> for Length {
        #[inline(always)]
        fn value([a, b]: [T; 2], _: &[T]) -> [T; 1] {
            [Self::value(a, b)]
        }
        #[inline(always)]
        fn partial(output: usize, input: usize, [a, b]: [T; 2], y: T, _: &[T]) -> T {
            match (output, input) {
                (0, 0) => Self::partial_0_0(a, b, y),
                (0, 1) => Self::partial_0_1(a, b, y),
                _ => __volta::no_input("length", output, input),
            }
        }
    }
    impl<E: __volta::Float> __volta::Elementwise<E, 2> for Length {
        const NAME: &'static str = "length";
        const SAVES: __volta::Saves = __volta::Saves::Both;
        fn kernel() -> __volta::RawKernel {
            __volta::RawKernel::value::<Self, E::Compute, 2, 1>()
        }
        fn wgsl() -> __volta::wgsl::Function {
            __volta::wgsl_value::<Self, E, 2, 1>("length", 0)
        }
        fn vjp_kernel(output: usize, input: usize) -> __volta::RawKernel {
            match (output, input) {
                (0, 0) => {
                    __volta::RawKernel::vjp::<
                        Self,
                        E::Compute,
                        2,
                        1,
                        0,
                        0,
                    >(__volta::Saves::Both)
                }
                (0, 1) => {
                    __volta::RawKernel::vjp::<
                        Self,
                        E::Compute,
                        2,
                        1,
                        0,
                        1,
                    >(__volta::Saves::Both)
                }
                _ => __volta::no_input("length", output, input),
            }
        }
        fn vjp_wgsl(output: usize, input: usize) -> __volta::wgsl::Function {
            __volta::wgsl_vjp::<Self, E, 2, 1>("length", 0, output, input)
        }
        fn composed_vjp<B: __volta::Backend>(
            &self,
            output: usize,
            input: usize,
            x: [&B::Prim<E>; 2],
            y: &B::Prim<E>,
            gy: &B::Prim<E>,
        ) -> B::Prim<E> {
            __volta::compose::<Self, B, E, 2, 1>(self, output, input, x, y, gy)
        }
    }
};
/// The length of the hypotenuse.
///
/// # Panics
/// If sizes known at run time differ.
#[inline]
#[track_caller]
pub fn length<
    S0: ::volta::ops::codegen::Shape,
    S1: ::volta::ops::codegen::Shape,
    E: ::volta::ops::codegen::Float,
    B0: ::volta::ops::codegen::Backend,
    B1: ::volta::ops::codegen::Backend,
    S: ::volta::ops::codegen::Shape,
    B: ::volta::ops::codegen::Backend,
>(
    a: &::volta::ops::codegen::Tensor<S0, E, B0>,
    b: &::volta::ops::codegen::Tensor<S1, E, B1>,
) -> ::volta::ops::codegen::Tensor<S, E, B>
where
    S0: ::volta::ops::codegen::Broadcast<S1, Out = S>,
    B0: ::volta::ops::codegen::Meet<B1, Out = B>,
{
    a.zip(Length, b)
}
/// Whether `a` is within `tolerance` of `b`.
#[::core::prelude::v1::derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
)]
struct IsNear {
    /// The parameter `tolerance`.
    tolerance: f64,
}
#[allow(clippy::all)]
const _: () = {
    #[allow(unused_imports)]
    use ::core::clone::Clone as _;
    #[allow(unused_imports)]
    use ::volta::ops::codegen::{self as __volta, Mask as _};
    #[allow(dead_code, non_snake_case)]
    impl IsNear {
        #[doc(hidden)]
        #[inline(always)]
        fn value<T: __volta::Real>(a: T, b: T, tolerance: T) -> T::Mask {
            (a - b).abs().le(&tolerance)
        }
    }
    impl<T: __volta::Real> __volta::Test<T, 2> for IsNear {
        #[inline(always)]
        fn test([a, b]: [T; 2], params: &[T]) -> T::Mask {
            Self::value(a, b, params[0].clone())
        }
    }
    impl<E: __volta::Float> __volta::Predicate<E, 2> for IsNear {
        const NAME: &'static str = "is_near";
        fn params(&self) -> __volta::Params {
            __volta::Params::of(&[self.tolerance])
        }
        fn kernel() -> __volta::RawKernel {
            __volta::RawKernel::test::<Self, E::Compute, 2>()
        }
        fn wgsl() -> __volta::wgsl::Function {
            __volta::wgsl_test::<Self, E, 2>("is_near", 1)
        }
    }
};
/// Whether `a` is within `tolerance` of `b`.
///
/// # Panics
/// If sizes known at run time differ.
#[inline]
#[track_caller]
fn is_near<
    S0: ::volta::ops::codegen::Shape,
    S1: ::volta::ops::codegen::Shape,
    E: ::volta::ops::codegen::Float,
    B0: ::volta::ops::codegen::Backend,
    B1: ::volta::ops::codegen::Backend,
    S: ::volta::ops::codegen::Shape,
    B: ::volta::ops::codegen::Backend,
>(
    a: &::volta::ops::codegen::Tensor<S0, E, B0>,
    b: &::volta::ops::codegen::Tensor<S1, E, B1>,
    tolerance: f64,
) -> ::volta::ops::codegen::Tensor<S, bool, B>
where
    S0: ::volta::ops::codegen::Broadcast<S1, Out = S>,
    B0: ::volta::ops::codegen::Meet<B1, Out = B>,
{
    ::volta::ops::codegen::inputs("is_near", a).and(b).test(IsNear { tolerance })
}
