/// `a` and `b` turned by `angle`.
#[::core::prelude::v1::derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::default::Default,
    ::core::cmp::PartialEq,
)]
pub(crate) struct Turn;
#[allow(clippy::all)]
const _: () = {
    #[allow(unused_imports)]
    use ::core::clone::Clone as _;
    #[allow(unused_imports)]
    use voltage::ops::codegen::{self as __volta, Mask as _};
    #[allow(dead_code, non_snake_case)]
    impl Turn {
        #[doc(hidden)]
        #[inline(always)]
        pub(crate) fn value<T: __volta::Real>(a: T, b: T, angle: T) -> [T; 2] {
            let x = angle.clone().cos();
            let y = angle.sin();
            [a.clone() * x.clone() - b.clone() * y.clone(), a * y + b * x]
        }
        #[doc(hidden)]
        #[inline(always)]
        pub(crate) fn partial_0_0<T: __volta::Real>(_: T, _: T, angle: T, _: T) -> T {
            angle.cos()
        }
        #[doc(hidden)]
        #[inline(always)]
        pub(crate) fn partial_0_1<T: __volta::Real>(_: T, _: T, angle: T, _: T) -> T {
            let y = angle.sin();
            -y
        }
        #[doc(hidden)]
        #[inline(always)]
        pub(crate) fn partial_0_2<T: __volta::Real>(a: T, b: T, angle: T, _: T) -> T {
            let x = angle.clone().cos();
            let y = angle.sin();
            -(b * x) - a * y
        }
        #[doc(hidden)]
        #[inline(always)]
        pub(crate) fn partial_1_0<T: __volta::Real>(_: T, _: T, angle: T, _: T) -> T {
            angle.sin()
        }
        #[doc(hidden)]
        #[inline(always)]
        pub(crate) fn partial_1_1<T: __volta::Real>(_: T, _: T, angle: T, _: T) -> T {
            angle.cos()
        }
        #[doc(hidden)]
        #[inline(always)]
        pub(crate) fn partial_1_2<T: __volta::Real>(a: T, b: T, angle: T, _: T) -> T {
            let x = angle.clone().cos();
            let y = angle.sin();
            a * x - b * y
        }
    }
    impl<T: __volta::Real> __volta::Scalar<T, 3, 2> for Turn {
        #[inline(always)]
        fn value([a, b, angle]: [T; 3], _: &[T]) -> [T; 2] {
            Self::value(a, b, angle)
        }
        #[inline(always)]
        fn partial(
            output: usize,
            input: usize,
            [a,
            b,
            angle,
            ]: [T; 3],
            y: T,
            _: &[T],
        ) -> T {
            match (output, input) {
                (0, 0) => Self::partial_0_0(a, b, angle, y),
                (0, 1) => Self::partial_0_1(a, b, angle, y),
                (0, 2) => Self::partial_0_2(a, b, angle, y),
                (1, 0) => Self::partial_1_0(a, b, angle, y),
                (1, 1) => Self::partial_1_1(a, b, angle, y),
                (1, 2) => Self::partial_1_2(a, b, angle, y),
                _ => __volta::no_input("turn", output, input),
            }
        }
    }
    impl<E: __volta::Float> __volta::Elementwise<E, 3, 2> for Turn {
        const NAME: &'static str = "turn";
        const SAVES: __volta::Saves = __volta::Saves::Inputs;
        fn kernel() -> __volta::RawKernel {
            __volta::RawKernel::value::<Self, E::Compute, 3, 2>()
        }
        fn wgsl() -> __volta::wgsl::Function {
            __volta::wgsl_value::<Self, E, 3, 2>("turn", 0)
        }
        fn vjp_kernel(output: usize, input: usize) -> __volta::RawKernel {
            match (output, input) {
                (0, 0) => {
                    __volta::RawKernel::vjp::<
                        Self,
                        E::Compute,
                        3,
                        2,
                        0,
                        0,
                    >(__volta::Saves::Inputs)
                }
                (0, 1) => {
                    __volta::RawKernel::vjp::<
                        Self,
                        E::Compute,
                        3,
                        2,
                        0,
                        1,
                    >(__volta::Saves::Inputs)
                }
                (0, 2) => {
                    __volta::RawKernel::vjp::<
                        Self,
                        E::Compute,
                        3,
                        2,
                        0,
                        2,
                    >(__volta::Saves::Inputs)
                }
                (1, 0) => {
                    __volta::RawKernel::vjp::<
                        Self,
                        E::Compute,
                        3,
                        2,
                        1,
                        0,
                    >(__volta::Saves::Inputs)
                }
                (1, 1) => {
                    __volta::RawKernel::vjp::<
                        Self,
                        E::Compute,
                        3,
                        2,
                        1,
                        1,
                    >(__volta::Saves::Inputs)
                }
                (1, 2) => {
                    __volta::RawKernel::vjp::<
                        Self,
                        E::Compute,
                        3,
                        2,
                        1,
                        2,
                    >(__volta::Saves::Inputs)
                }
                _ => __volta::no_input("turn", output, input),
            }
        }
        fn vjp_wgsl(output: usize, input: usize) -> __volta::wgsl::Function {
            __volta::wgsl_vjp::<Self, E, 3, 2>("turn", 0, output, input)
        }
        fn composed_vjp<B: __volta::Backend>(
            &self,
            output: usize,
            input: usize,
            x: [&B::Prim<E>; 3],
            y: &B::Prim<E>,
            gy: &B::Prim<E>,
        ) -> B::Prim<E> {
            __volta::compose::<Self, B, E, 3, 2>(self, output, input, x, y, gy)
        }
    }
};
/// `a` and `b` turned by `angle`.
///
/// # Panics
/// If sizes known at run time differ.
#[inline]
#[track_caller]
pub(crate) fn turn<
    S0: voltage::ops::codegen::Shape,
    S1: voltage::ops::codegen::Shape,
    S2: voltage::ops::codegen::Shape,
    E: voltage::ops::codegen::Float,
    B0: voltage::ops::codegen::Backend,
    B1: voltage::ops::codegen::Backend,
    B2: voltage::ops::codegen::Backend,
    R1: voltage::ops::codegen::Shape,
    C1: voltage::ops::codegen::Backend,
    S: voltage::ops::codegen::Shape,
    B: voltage::ops::codegen::Backend,
>(
    a: &voltage::ops::codegen::Tensor<S0, E, B0>,
    b: &voltage::ops::codegen::Tensor<S1, E, B1>,
    angle: &voltage::ops::codegen::Tensor<S2, E, B2>,
) -> (voltage::ops::codegen::Tensor<S, E, B>, voltage::ops::codegen::Tensor<S, E, B>)
where
    S0: voltage::ops::codegen::Broadcast<S1, Out = R1>,
    B0: voltage::ops::codegen::Meet<B1, Out = C1>,
    R1: voltage::ops::codegen::Broadcast<S2, Out = S>,
    C1: voltage::ops::codegen::Meet<B2, Out = B>,
{
    let [output_0, output_1] = voltage::ops::codegen::inputs("turn", a)
        .and(b)
        .and(angle)
        .map(Turn);
    (output_0, output_1)
}
