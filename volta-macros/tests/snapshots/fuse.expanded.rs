fn hidden(x: &Tensor<S>, w: &Tensor<R>, b: &Tensor<R>) -> Tensor<S> {
    #[::core::prelude::v1::derive(::core::clone::Clone, ::core::marker::Copy)]
    struct Fused;
    #[allow(clippy::all)]
    const _: () = {
        #[allow(unused_imports)]
        use ::core::clone::Clone as _;
        #[allow(unused_imports)]
        use ::volta::ops::codegen::{self as __volta, Mask as _};
        ::volta::ops::elementwise::function! {
            __Relu1 = relu 1 Num number
        }
        #[allow(dead_code, non_snake_case)]
        impl Fused {
            #[doc(hidden)]
            #[inline(always)]
            fn value<T: __volta::Ring>(x: T, w: T, b: T) -> T {
                <__Relu1>::value(x * w + b)
            }
            #[doc(hidden)]
            #[inline(always)]
            fn partial_0_0<T: __volta::Ring>(x: T, w: T, b: T, y: T) -> T {
                <__Relu1>::partial_0_0(x * w.clone() + b, y) * w
            }
            #[doc(hidden)]
            #[inline(always)]
            fn partial_0_1<T: __volta::Ring>(x: T, w: T, b: T, y: T) -> T {
                <__Relu1>::partial_0_0(x.clone() * w + b, y) * x
            }
            #[doc(hidden)]
            #[inline(always)]
            fn partial_0_2<T: __volta::Ring>(x: T, w: T, b: T, y: T) -> T {
                <__Relu1>::partial_0_0(x * w + b, y)
            }
        }
        impl<T: __volta::Ring> __volta::Scalar<T, 3> for Fused {
            #[inline(always)]
            fn value([x, w, b]: [T; 3], _: &[T]) -> [T; 1] {
                [Self::value(x, w, b)]
            }
            #[inline(always)]
            fn partial(
                output: usize,
                input: usize,
                [x,
                w,
                b,
                ]: [T; 3],
                y: T,
                _: &[T],
            ) -> T {
                match (output, input) {
                    (0, 0) => Self::partial_0_0(x, w, b, y),
                    (0, 1) => Self::partial_0_1(x, w, b, y),
                    (0, 2) => Self::partial_0_2(x, w, b, y),
                    _ => __volta::no_input("fuse", output, input),
                }
            }
        }
        impl<E: __volta::Num> __volta::Elementwise<E, 3> for Fused {
            const NAME: &'static str = "fuse";
            const SAVES: __volta::Saves = __volta::Saves::Both;
            fn kernel() -> __volta::RawKernel {
                __volta::RawKernel::value::<Self, E::Compute, 3, 1>()
            }
            fn wgsl() -> __volta::wgsl::Function {
                __volta::wgsl_value::<Self, E, 3, 1>("fuse", 0)
            }
            fn vjp_kernel(output: usize, input: usize) -> __volta::RawKernel {
                match (output, input) {
                    (0, 0) => {
                        __volta::RawKernel::vjp::<
                            Self,
                            E::Compute,
                            3,
                            1,
                            0,
                            0,
                        >(__volta::Saves::Both)
                    }
                    (0, 1) => {
                        __volta::RawKernel::vjp::<
                            Self,
                            E::Compute,
                            3,
                            1,
                            0,
                            1,
                        >(__volta::Saves::Both)
                    }
                    (0, 2) => {
                        __volta::RawKernel::vjp::<
                            Self,
                            E::Compute,
                            3,
                            1,
                            0,
                            2,
                        >(__volta::Saves::Both)
                    }
                    _ => __volta::no_input("fuse", output, input),
                }
            }
            fn vjp_wgsl(output: usize, input: usize) -> __volta::wgsl::Function {
                __volta::wgsl_vjp::<Self, E, 3, 1>("fuse", 0, output, input)
            }
            fn composed_vjp<B: __volta::Backend>(
                &self,
                output: usize,
                input: usize,
                x: [&B::Prim<E>; 3],
                y: &B::Prim<E>,
                gy: &B::Prim<E>,
            ) -> B::Prim<E> {
                __volta::compose::<Self, B, E, 3, 1>(self, output, input, x, y, gy)
            }
        }
    };
    #[allow(unused_imports)]
    use ::volta::ops::codegen::{self as __volta, NumberOperand as _};
    let inputs = __volta::inputs("fuse", x.__operand());
    let inputs = __volta::and(w.__operand(), inputs);
    let inputs = __volta::and(b.__operand(), inputs);
    let [output] = inputs.map(Fused);
    output
}
fn step(&mut self, mut p: Tensor<S>, g: &Tensor<S>) {
    #[::core::prelude::v1::derive(::core::clone::Clone, ::core::marker::Copy)]
    struct Fused([f64; 2]);
    #[allow(clippy::all)]
    const _: () = {
        #[allow(unused_imports)]
        use ::core::clone::Clone as _;
        #[allow(unused_imports)]
        use ::volta::ops::codegen::{self as __volta, Mask as _};
        #[allow(dead_code, non_snake_case)]
        impl Fused {
            #[doc(hidden)]
            #[inline(always)]
            fn value<T: __volta::Real>(
                p: T,
                m: T,
                g: T,
                self_decay: T,
                lr: T,
            ) -> [T; 2] {
                let rate = p.lit(1.0) - self_decay.clone();
                let v1 = self_decay * m + rate * g;
                [p - lr * v1.clone(), v1]
            }
            #[doc(hidden)]
            #[inline(always)]
            fn partial_0_0<T: __volta::Real>(p: T, _: T, _: T, _: T, _: T, _: T) -> T {
                p.lit(1.0)
            }
            #[doc(hidden)]
            #[inline(always)]
            fn partial_0_1<T: __volta::Real>(
                _: T,
                _: T,
                _: T,
                self_decay: T,
                lr: T,
                _: T,
            ) -> T {
                -(lr * self_decay)
            }
            #[doc(hidden)]
            #[inline(always)]
            fn partial_0_2<T: __volta::Real>(
                _: T,
                _: T,
                _: T,
                self_decay: T,
                lr: T,
                _: T,
            ) -> T {
                let rate = self_decay.lit(1.0) - self_decay;
                -(lr * rate)
            }
            #[doc(hidden)]
            #[inline(always)]
            fn partial_1_0<T: __volta::Real>(p: T, _: T, _: T, _: T, _: T, _: T) -> T {
                p.lit(0.0)
            }
            #[doc(hidden)]
            #[inline(always)]
            fn partial_1_1<T: __volta::Real>(
                _: T,
                _: T,
                _: T,
                self_decay: T,
                _: T,
                _: T,
            ) -> T {
                self_decay
            }
            #[doc(hidden)]
            #[inline(always)]
            fn partial_1_2<T: __volta::Real>(
                _: T,
                _: T,
                _: T,
                self_decay: T,
                _: T,
                _: T,
            ) -> T {
                self_decay.lit(1.0) - self_decay
            }
        }
        impl<T: __volta::Real> __volta::Scalar<T, 3, 2> for Fused {
            #[inline(always)]
            fn value([p, m, g]: [T; 3], params: &[T]) -> [T; 2] {
                Self::value(p, m, g, params[0].clone(), params[1].clone())
            }
            #[inline(always)]
            fn partial(
                output: usize,
                input: usize,
                [p,
                m,
                g,
                ]: [T; 3],
                y: T,
                params: &[T],
            ) -> T {
                match (output, input) {
                    (0, 0) => {
                        Self::partial_0_0(
                            p,
                            m,
                            g,
                            params[0].clone(),
                            params[1].clone(),
                            y,
                        )
                    }
                    (0, 1) => {
                        Self::partial_0_1(
                            p,
                            m,
                            g,
                            params[0].clone(),
                            params[1].clone(),
                            y,
                        )
                    }
                    (0, 2) => {
                        Self::partial_0_2(
                            p,
                            m,
                            g,
                            params[0].clone(),
                            params[1].clone(),
                            y,
                        )
                    }
                    (1, 0) => {
                        Self::partial_1_0(
                            p,
                            m,
                            g,
                            params[0].clone(),
                            params[1].clone(),
                            y,
                        )
                    }
                    (1, 1) => {
                        Self::partial_1_1(
                            p,
                            m,
                            g,
                            params[0].clone(),
                            params[1].clone(),
                            y,
                        )
                    }
                    (1, 2) => {
                        Self::partial_1_2(
                            p,
                            m,
                            g,
                            params[0].clone(),
                            params[1].clone(),
                            y,
                        )
                    }
                    _ => __volta::no_input("fuse", output, input),
                }
            }
        }
        impl<E: __volta::Float> __volta::Elementwise<E, 3, 2> for Fused {
            const NAME: &'static str = "fuse";
            const SAVES: __volta::Saves = __volta::Saves::Nothing;
            fn params(&self) -> __volta::Params {
                __volta::Params::of(&self.0)
            }
            fn slope(output: usize, input: usize) -> __volta::Slope {
                match (output, input) {
                    (0, 0) => __volta::Slope::Unit,
                    (1, 0) => __volta::Slope::Zero,
                    _ => __volta::Slope::Other,
                }
            }
            fn kernel() -> __volta::RawKernel {
                __volta::RawKernel::value::<Self, E::Compute, 3, 2>()
            }
            fn wgsl() -> __volta::wgsl::Function {
                __volta::wgsl_value::<Self, E, 3, 2>("fuse", 2)
            }
            fn vjp_kernel(output: usize, input: usize) -> __volta::RawKernel {
                match (output, input) {
                    (0, 1) => {
                        __volta::RawKernel::vjp::<
                            Self,
                            E::Compute,
                            3,
                            2,
                            0,
                            1,
                        >(__volta::Saves::Nothing)
                    }
                    (0, 2) => {
                        __volta::RawKernel::vjp::<
                            Self,
                            E::Compute,
                            3,
                            2,
                            0,
                            2,
                        >(__volta::Saves::Nothing)
                    }
                    (1, 1) => {
                        __volta::RawKernel::vjp::<
                            Self,
                            E::Compute,
                            3,
                            2,
                            1,
                            1,
                        >(__volta::Saves::Nothing)
                    }
                    (1, 2) => {
                        __volta::RawKernel::vjp::<
                            Self,
                            E::Compute,
                            3,
                            2,
                            1,
                            2,
                        >(__volta::Saves::Nothing)
                    }
                    _ => __volta::no_input("fuse", output, input),
                }
            }
            fn vjp_wgsl(output: usize, input: usize) -> __volta::wgsl::Function {
                __volta::wgsl_vjp::<Self, E, 3, 2>("fuse", 2, output, input)
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
    #[allow(unused_imports)]
    use ::volta::ops::codegen::{self as __volta, NumberOperand as _};
    let inputs = __volta::in_place("fuse", [p.__operand_mut(), m.__operand_mut()]);
    let inputs = __volta::and(g.__operand(), inputs);
    let [] = inputs
        .map(
            Fused([
                ::volta::ops::codegen::scalar(self.decay),
                ::volta::ops::codegen::scalar(lr),
            ]),
        );
    ()
}
