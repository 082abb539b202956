/// The hyperbolic tangent.
#[::core::prelude::v1::derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::default::Default,
    ::core::cmp::PartialEq,
)]
pub struct Tanh;
/// `1 / (1 + exp(-x))`.
#[::core::prelude::v1::derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::default::Default,
    ::core::cmp::PartialEq,
)]
pub struct Sigmoid;
/// `x * sigmoid(beta * x)`.
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
/// `a * b + c`, broadcast.
#[::core::prelude::v1::derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::default::Default,
    ::core::cmp::PartialEq,
)]
pub struct MulAdd;
/// Whether `a < b`.
#[::core::prelude::v1::derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::default::Default,
    ::core::cmp::PartialEq,
)]
pub struct Lt;
#[allow(clippy::all)]
const _: () = {
    #[allow(unused_imports)]
    use ::core::clone::Clone as _;
    #[allow(unused_imports)]
    use crate::ops::codegen::{self as __volta, Mask as _};
    #[allow(dead_code, non_snake_case)]
    impl Tanh {
        #[doc(hidden)]
        #[inline(always)]
        pub fn value<T: __volta::Real>(x: T) -> T {
            x.tanh()
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn partial_0_0<T: __volta::Real>(_: T, y: T) -> T {
            y.lit(1.0) - y.clone() * y
        }
    }
    impl<T: __volta::Real> __volta::Scalar<T, 1> for Tanh {
        #[inline(always)]
        fn value([x]: [T; 1], _: &[T]) -> [T; 1] {
            [Self::value(x)]
        }
        #[inline(always)]
        fn partial(output: usize, input: usize, [x]: [T; 1], y: T, _: &[T]) -> T {
            match (output, input) {
                (0, 0) => Self::partial_0_0(x, y),
                _ => __volta::no_input("tanh", output, input),
            }
        }
    }
    impl<E: __volta::Float> __volta::Elementwise<E, 1> for Tanh {
        const NAME: &'static str = "tanh";
        const SAVES: __volta::Saves = __volta::Saves::Output;
        fn kernel() -> __volta::RawKernel {
            static SET: __volta::KernelSet = __volta::KernelSet::float::<Tanh, 1, 1>();
            <E::Compute as __volta::Lane>::pick(&SET)
        }
        fn wgsl() -> __volta::wgsl::Function {
            __volta::wgsl_value::<Self, E, 1, 1>("tanh", 0)
        }
        fn vjp_kernel(output: usize, input: usize) -> __volta::RawKernel {
            static SETS: [[__volta::KernelSet; 1]; 1] = [
                [__volta::KernelSet::vjp::<Tanh, 1, 1, 0, 0>(__volta::Saves::Output)],
            ];
            <E::Compute as __volta::Lane>::pick(&SETS[output][input])
        }
        fn vjp_wgsl(output: usize, input: usize) -> __volta::wgsl::Function {
            __volta::wgsl_vjp::<Self, E, 1, 1>("tanh", 0, output, input)
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
    #[allow(dead_code, non_snake_case)]
    impl Sigmoid {
        #[doc(hidden)]
        #[inline(always)]
        pub fn value<T: __volta::Real>(x: T) -> T {
            x.lit(1.0) / (x.lit(1.0) + (-x).exp())
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn partial_0_0<T: __volta::Real>(_: T, y: T) -> T {
            y.clone() * (y.lit(1.0) - y)
        }
    }
    impl<T: __volta::Real> __volta::Scalar<T, 1> for Sigmoid {
        #[inline(always)]
        fn value([x]: [T; 1], _: &[T]) -> [T; 1] {
            [Self::value(x)]
        }
        #[inline(always)]
        fn partial(output: usize, input: usize, [x]: [T; 1], y: T, _: &[T]) -> T {
            match (output, input) {
                (0, 0) => Self::partial_0_0(x, y),
                _ => __volta::no_input("sigmoid", output, input),
            }
        }
    }
    impl<E: __volta::Float> __volta::Elementwise<E, 1> for Sigmoid {
        const NAME: &'static str = "sigmoid";
        const SAVES: __volta::Saves = __volta::Saves::Output;
        fn kernel() -> __volta::RawKernel {
            static SET: __volta::KernelSet = __volta::KernelSet::float::<
                Sigmoid,
                1,
                1,
            >();
            <E::Compute as __volta::Lane>::pick(&SET)
        }
        fn wgsl() -> __volta::wgsl::Function {
            __volta::wgsl_value::<Self, E, 1, 1>("sigmoid", 0)
        }
        fn vjp_kernel(output: usize, input: usize) -> __volta::RawKernel {
            static SETS: [[__volta::KernelSet; 1]; 1] = [
                [__volta::KernelSet::vjp::<Sigmoid, 1, 1, 0, 0>(__volta::Saves::Output)],
            ];
            <E::Compute as __volta::Lane>::pick(&SETS[output][input])
        }
        fn vjp_wgsl(output: usize, input: usize) -> __volta::wgsl::Function {
            __volta::wgsl_vjp::<Self, E, 1, 1>("sigmoid", 0, output, input)
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
    #[allow(dead_code, non_snake_case)]
    impl Swish {
        #[doc(hidden)]
        #[inline(always)]
        pub fn value<T: __volta::Real>(x: T, beta: T) -> T {
            x.clone() * <Sigmoid>::value(beta * x)
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn partial_0_0<T: __volta::Real>(x: T, beta: T, _: T) -> T {
            let v1 = <Sigmoid>::value(beta.clone() * x.clone());
            v1.clone() + x.clone() * (v1.clone() * (x.lit(1.0) - v1)) * beta
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn partial_0_1<T: __volta::Real>(x: T, beta: T, _: T) -> T {
            let v1 = <Sigmoid>::value(beta * x.clone());
            x.clone() * (v1.clone() * (x.lit(1.0) - v1)) * x
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
            static SET: __volta::KernelSet = __volta::KernelSet::float::<Swish, 1, 1>();
            <E::Compute as __volta::Lane>::pick(&SET)
        }
        fn wgsl() -> __volta::wgsl::Function {
            __volta::wgsl_value::<Self, E, 1, 1>("swish", 1)
        }
        fn vjp_kernel(output: usize, input: usize) -> __volta::RawKernel {
            static SETS: [[__volta::KernelSet; 1]; 1] = [
                [__volta::KernelSet::vjp::<Swish, 1, 1, 0, 0>(__volta::Saves::Inputs)],
            ];
            <E::Compute as __volta::Lane>::pick(&SETS[output][input])
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
    #[allow(dead_code, non_snake_case)]
    impl MulAdd {
        #[doc(hidden)]
        #[inline(always)]
        pub fn value<T: __volta::Ring>(a: T, b: T, c: T) -> T {
            a * b + c
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn partial_0_0<T: __volta::Ring>(_: T, b: T, _: T, _: T) -> T {
            b
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn partial_0_1<T: __volta::Ring>(a: T, _: T, _: T, _: T) -> T {
            a
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn partial_0_2<T: __volta::Ring>(a: T, _: T, _: T, _: T) -> T {
            a.lit(1.0)
        }
    }
    impl<T: __volta::Ring> __volta::Scalar<T, 3> for MulAdd {
        #[inline(always)]
        fn value([a, b, c]: [T; 3], _: &[T]) -> [T; 1] {
            [Self::value(a, b, c)]
        }
        #[inline(always)]
        fn partial(output: usize, input: usize, [a, b, c]: [T; 3], y: T, _: &[T]) -> T {
            match (output, input) {
                (0, 0) => Self::partial_0_0(a, b, c, y),
                (0, 1) => Self::partial_0_1(a, b, c, y),
                (0, 2) => Self::partial_0_2(a, b, c, y),
                _ => __volta::no_input("mul_add", output, input),
            }
        }
    }
    impl<E: __volta::Num> __volta::Elementwise<E, 3> for MulAdd {
        const NAME: &'static str = "mul_add";
        const SAVES: __volta::Saves = __volta::Saves::Inputs;
        fn slope(output: usize, input: usize) -> __volta::Slope {
            match (output, input) {
                (0, 2) => __volta::Slope::Unit,
                _ => __volta::Slope::Other,
            }
        }
        fn kernel() -> __volta::RawKernel {
            static SET: __volta::KernelSet = __volta::KernelSet::number::<
                MulAdd,
                3,
                1,
            >();
            <E::Compute as __volta::Lane>::pick(&SET)
        }
        fn wgsl() -> __volta::wgsl::Function {
            __volta::wgsl_value::<Self, E, 3, 1>("mul_add", 0)
        }
        fn vjp_kernel(output: usize, input: usize) -> __volta::RawKernel {
            static SETS: [[__volta::KernelSet; 3]; 1] = [
                [
                    __volta::KernelSet::vjp::<
                        MulAdd,
                        3,
                        1,
                        0,
                        0,
                    >(__volta::Saves::Inputs),
                    __volta::KernelSet::vjp::<
                        MulAdd,
                        3,
                        1,
                        0,
                        1,
                    >(__volta::Saves::Inputs),
                    __volta::KernelSet::NONE,
                ],
            ];
            <E::Compute as __volta::Lane>::pick(&SETS[output][input])
        }
        fn vjp_wgsl(output: usize, input: usize) -> __volta::wgsl::Function {
            __volta::wgsl_vjp::<Self, E, 3, 1>("mul_add", 0, output, input)
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
    #[allow(dead_code, non_snake_case)]
    impl Lt {
        #[doc(hidden)]
        #[inline(always)]
        pub fn value<T: __volta::Ordered>(a: T, b: T) -> T::Mask {
            a.lt(&b)
        }
    }
    impl<T: __volta::Ordered> __volta::Test<T, 2> for Lt {
        #[inline(always)]
        fn test([a, b]: [T; 2], _: &[T]) -> T::Mask {
            Self::value(a, b)
        }
    }
    impl<E: __volta::Dtype> __volta::Predicate<E, 2> for Lt {
        const NAME: &'static str = "lt";
        fn kernel() -> __volta::RawKernel {
            static SET: __volta::KernelSet = __volta::KernelSet::test_any::<Lt, 2>();
            <E::Compute as __volta::Lane>::pick(&SET)
        }
        fn wgsl() -> __volta::wgsl::Function {
            __volta::wgsl_test::<Self, E, 2>("lt", 0)
        }
    }
    impl<
        S: __volta::Shape,
        E: __volta::Dtype,
        B: __volta::Backend,
    > __volta::Tensor<S, E, B> {
        /// The hyperbolic tangent.
        #[inline]
        pub fn tanh(&self) -> Self
        where
            E: __volta::Float,
        {
            self.map(Tanh)
        }
        /// The hyperbolic tangent.
        ///
        /// The result takes the place of this tensor. Its storage is copied first if others
        /// see it.
        #[inline]
        pub fn tanh_(&mut self) -> &mut Self
        where
            E: __volta::Float,
        {
            let inputs = __volta::in_place("tanh", [&mut *self]);
            let [] = inputs.map(Tanh);
            self
        }
        /// `1 / (1 + exp(-x))`.
        #[inline]
        pub fn sigmoid(&self) -> Self
        where
            E: __volta::Float,
        {
            self.map(Sigmoid)
        }
        /// `1 / (1 + exp(-x))`.
        ///
        /// The result takes the place of this tensor. Its storage is copied first if others
        /// see it.
        #[inline]
        pub fn sigmoid_(&mut self) -> &mut Self
        where
            E: __volta::Float,
        {
            let inputs = __volta::in_place("sigmoid", [&mut *self]);
            let [] = inputs.map(Sigmoid);
            self
        }
        /// `1 / (1 + exp(-x))`.
        #[inline]
        pub fn expit(&self) -> Self
        where
            E: __volta::Float,
        {
            self.map(Sigmoid)
        }
        /// `1 / (1 + exp(-x))`.
        ///
        /// The result takes the place of this tensor. Its storage is copied first if others
        /// see it.
        #[inline]
        pub fn expit_(&mut self) -> &mut Self
        where
            E: __volta::Float,
        {
            let inputs = __volta::in_place("sigmoid", [&mut *self]);
            let [] = inputs.map(Sigmoid);
            self
        }
        /// `x * sigmoid(beta * x)`.
        #[inline]
        pub fn swish(&self, beta: f64) -> Self
        where
            E: __volta::Float,
        {
            self.map(Swish { beta })
        }
        /// `x * sigmoid(beta * x)`.
        ///
        /// The result takes the place of this tensor. Its storage is copied first if others
        /// see it.
        #[inline]
        pub fn swish_(&mut self, beta: f64) -> &mut Self
        where
            E: __volta::Float,
        {
            let inputs = __volta::in_place("swish", [&mut *self]);
            let [] = inputs.map(Swish { beta });
            self
        }
        /// `a * b + c`, broadcast.
        ///
        /// # Panics
        /// If sizes known at run time differ.
        #[inline]
        #[track_caller]
        pub fn mul_add<
            R1: __volta::Shape,
            R2: __volta::Shape,
            B2: __volta::Backend,
            B3: __volta::Backend,
        >(
            &self,
            b: &__volta::Tensor<R1, E, B2>,
            c: &__volta::Tensor<R2, E, B3>,
        ) -> __volta::Tensor<
            <<S as __volta::Broadcast<R1>>::Out as __volta::Broadcast<R2>>::Out,
            E,
            <<B as __volta::Meet<B2>>::Out as __volta::Meet<B3>>::Out,
        >
        where
            E: __volta::Num,
            S: __volta::Broadcast<R1>,
            B: __volta::Meet<B2>,
            <S as __volta::Broadcast<R1>>::Out: __volta::Broadcast<R2>,
            <B as __volta::Meet<B2>>::Out: __volta::Meet<B3>,
        {
            let [output] = __volta::inputs("mul_add", self).and(b).and(c).map(MulAdd);
            output
        }
        /// `a * b + c`, broadcast.
        ///
        /// The result takes the place of this tensor. Its storage is copied first if others
        /// see it.
        ///
        /// # Panics
        /// If sizes known at run time differ.
        #[inline]
        #[track_caller]
        pub fn mul_add_<
            R1: __volta::Shape,
            R2: __volta::Shape,
            B2: __volta::Backend,
            B3: __volta::Backend,
        >(
            &mut self,
            b: &__volta::Tensor<R1, E, B2>,
            c: &__volta::Tensor<R2, E, B3>,
        ) -> &mut Self
        where
            E: __volta::Num,
            R1: __volta::ExpandTo<S>,
            B: __volta::Meet<B2, Out = B>,
            R2: __volta::ExpandTo<S>,
            B: __volta::Meet<B3, Out = B>,
        {
            let inputs = __volta::in_place("mul_add", [&mut *self]);
            let inputs = __volta::and(b, inputs);
            let inputs = __volta::and(c, inputs);
            let [] = inputs.map(MulAdd);
            self
        }
    }
};
crate::ops::codegen::layer! {
    Tanh, Float, tanh, ()
}
crate::ops::codegen::layer! {
    Sigmoid, Float, sigmoid, ()
}
crate::ops::codegen::layer! {
    Swish, Float, swish, (beta)
}
#[doc(hidden)]
#[macro_export]
macro_rules! __function {
    ($alias:ident = tanh 1 Float number) => {
        #[allow(dead_code)] type $alias = $crate::ops::elementwise::Tanh;
    };
    ($alias:ident = sigmoid 1 Float number) => {
        #[allow(dead_code)] type $alias = $crate::ops::elementwise::Sigmoid;
    };
    ($alias:ident = swish 2 Float number) => {
        #[allow(dead_code)] type $alias = $crate::ops::elementwise::Swish;
    };
    ($alias:ident = mul_add 3 $class:ident number) => {
        #[allow(dead_code)] type $alias = $crate::ops::elementwise::MulAdd;
    };
    ($alias:ident = lt 2 $class:ident condition) => {
        #[allow(dead_code)] type $alias = $crate::ops::elementwise::Lt;
    };
    ($($call:tt)*) => {
        $crate::ops::codegen::refuse_call! { [$crate] $($call)* : tanh(x) Float number,
        sigmoid(x) Float number, swish(x, beta) Float number, mul_add(a, b, c) Num
        number, lt(a, b) Any condition }
    };
}
#[doc(hidden)]
pub use __function as function;
/// Every function of the table.
#[doc(hidden)]
pub const ENTRIES: &[crate::ops::codegen::Entry] = &[
    crate::ops::codegen::Entry {
        name: "tanh",
        arity: 1,
        outputs: 1,
        test: false,
        parameters: &[],
        domain: (-3.0, 3.0),
        class: crate::ops::codegen::Class::Float,
    },
    crate::ops::codegen::Entry {
        name: "sigmoid",
        arity: 1,
        outputs: 1,
        test: false,
        parameters: &[],
        domain: (-3.0, 3.0),
        class: crate::ops::codegen::Class::Float,
    },
    crate::ops::codegen::Entry {
        name: "swish",
        arity: 1,
        outputs: 1,
        test: false,
        parameters: &[("beta", 1.0)],
        domain: (-3.0, 3.0),
        class: crate::ops::codegen::Class::Float,
    },
    crate::ops::codegen::Entry {
        name: "mul_add",
        arity: 3,
        outputs: 1,
        test: false,
        parameters: &[],
        domain: (-3.0, 3.0),
        class: crate::ops::codegen::Class::Num,
    },
    crate::ops::codegen::Entry {
        name: "lt",
        arity: 2,
        outputs: 1,
        test: true,
        parameters: &[],
        domain: (-3.0, 3.0),
        class: crate::ops::codegen::Class::Any,
    },
];
/// Shows every function of the table to `visitor`, in the order of [`ENTRIES`].
#[doc(hidden)]
pub fn for_each_op(visitor: &mut impl crate::ops::codegen::OpVisitor) {
    visitor.float(Tanh, &ENTRIES[0]);
    visitor.float(Sigmoid, &ENTRIES[1]);
    visitor.float(<Swish as ::core::default::Default>::default(), &ENTRIES[2]);
    visitor.num(MulAdd, &ENTRIES[3]);
    visitor.predicate_any(Lt, &ENTRIES[4]);
}
