//! Every elementwise op: one entry in one table.
//!
//! An entry is a scalar function of one to three values and its partial derivatives, both generic
//! over what they compute with. From it come the CPU kernels of the op and of each derivative, and
//! the derivative as recorded ops for higher orders.

use std::num::Wrapping;

use crate::backend::Backend;
use crate::cpu::{KernelSet, Lane, RawKernel};
use crate::dtype::{Dtype, Float, Num, bf16, f16};
use crate::ops::function::{Elementwise, Predicate, Saves, Scalar, Test, compose};
use crate::ops::scalar::{Mask, Ordered, Real, Ring};
use crate::ops::wgsl;

/// Where an op is defined and differentiable, for the tests that walk the table.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub name: &'static str,
    pub arity: usize,
    /// Inputs are drawn from this range in the gradient test.
    pub domain: (f64, f64),
}

/// An op of all floats, with its scalar function.
#[doc(hidden)]
pub trait FloatOp<const N: usize>:
    Elementwise<f16, N>
    + Elementwise<bf16, N>
    + Elementwise<f32, N>
    + Elementwise<f64, N>
    + Scalar<f32, N>
    + Scalar<f64, N>
    + Scalar<wgsl::Value, N>
{
}
impl<Op, const N: usize> FloatOp<N> for Op where
    Op: Elementwise<f16, N>
        + Elementwise<bf16, N>
        + Elementwise<f32, N>
        + Elementwise<f64, N>
        + Scalar<f32, N>
        + Scalar<f64, N>
        + Scalar<wgsl::Value, N>
{
}

/// An op of all numbers, with its scalar function.
#[doc(hidden)]
pub trait NumOp<const N: usize>:
    FloatOp<N>
    + Elementwise<u8, N>
    + Elementwise<i32, N>
    + Elementwise<i64, N>
    + Scalar<Wrapping<u8>, N>
    + Scalar<Wrapping<i32>, N>
    + Scalar<Wrapping<i64>, N>
{
}
impl<Op, const N: usize> NumOp<N> for Op where
    Op: FloatOp<N>
        + Elementwise<u8, N>
        + Elementwise<i32, N>
        + Elementwise<i64, N>
        + Scalar<Wrapping<u8>, N>
        + Scalar<Wrapping<i32>, N>
        + Scalar<Wrapping<i64>, N>
{
}

/// What is done with every op of the table, each by its own type: see [`for_each_op`].
#[doc(hidden)]
pub trait OpVisitor {
    /// An op of floats alone.
    fn float<Op: FloatOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry);
    /// An op of all numbers.
    fn num<Op: NumOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.float(op, entry);
    }
}

/// One entry: `Name "name" class [inputs] output saves = value; partials;`
macro_rules! elementwise {
    ($($(#[$doc:meta])* $Op:ident $name:literal $class:ident [$($x:ident)+] $y:ident $saves:ident
        in $domain:expr; = $value:expr; => $($partial:expr),+; $({ $($vjp:tt)* })?)*) => {
        $(entry! {
            $class $Op $name [$($x)+] $y $saves ($(#[$doc])*) ($value) ($($partial),+)
            { $($($vjp)*)? }
        })*

        /// Every op of the table.
        #[doc(hidden)]
        pub const ENTRIES: &[Entry] = &[
            $(Entry { name: $name, arity: [$(stringify!($x)),+].len(), domain: $domain }),*
        ];

        /// Shows every op of the table to `visitor`, in the order of [`ENTRIES`].
        #[doc(hidden)]
        pub fn for_each_op(visitor: &mut impl OpVisitor) {
            let mut entries = ENTRIES.iter();
            $(visitor.$class($Op, entries.next().expect("one for each op"));)*
        }
    };
}

macro_rules! entry {
    (num $($t:tt)*) => { entry! { @ Num Ring number $($t)* } };
    (float $($t:tt)*) => { entry! { @ Float Real float $($t)* } };
    (@ $Class:ident $Scalar:ident $set:ident $Op:ident $name:literal [$x0:ident $($x:ident)*]
        $y:ident $saves:ident ($($doc:tt)*) ($value:expr) ($($partial:expr),+) { $($vjp:tt)* }) => {
        $($doc)*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $Op;

        impl $Op {
            const ARITY: usize = [stringify!($x0) $(, stringify!($x))*].len();
        }

        impl<T: $Scalar> Scalar<T, { $Op::ARITY }> for $Op {
            #[inline(always)]
            fn value([$x0 $(, $x)*]: [T; $Op::ARITY], _: &[T]) -> [T; 1] {
                [$value]
            }

            #[inline(always)]
            #[allow(unused_variables, clippy::redundant_clone)]
            fn partial(_: usize, input: usize, [$x0 $(, $x)*]: [T; $Op::ARITY], $y: T, _: &[T]) -> T {
                let mut at = input;
                $(
                    if at == 0 {
                        return $partial;
                    }
                    at = at.wrapping_sub(1);
                )+
                unreachable!("input {at} past the end")
            }
        }

        impl<E: $Class> Elementwise<E, { $Op::ARITY }> for $Op {
            const NAME: &'static str = $name;
            const SAVES: Saves = Saves::$saves;

            fn kernel() -> RawKernel {
                static SET: KernelSet = KernelSet::$set::<$Op, { $Op::ARITY }, 1>();
                E::Compute::pick(&SET)
            }

            fn vjp_kernel(_: usize, input: usize) -> RawKernel {
                const fn at(input: usize) -> usize {
                    if input < $Op::ARITY { input } else { 0 }
                }
                static SETS: [KernelSet; 3] = [
                    KernelSet::vjp::<$Op, { $Op::ARITY }, 1, 0, { at(0) }>(Saves::$saves),
                    KernelSet::vjp::<$Op, { $Op::ARITY }, 1, 0, { at(1) }>(Saves::$saves),
                    KernelSet::vjp::<$Op, { $Op::ARITY }, 1, 0, { at(2) }>(Saves::$saves),
                ];
                E::Compute::pick(&SETS[input])
            }

            fn wgsl() -> Option<wgsl::Function> {
                let element = wgsl::Element::of::<E>()?;
                Some(wgsl::Function::value::<Self, { $Op::ARITY }, 1>($name, 0, element))
            }

            fn vjp_wgsl(output: usize, input: usize) -> Option<wgsl::Function> {
                let element = wgsl::Element::of::<E>()?;
                Some(wgsl::Function::vjp::<Self, { $Op::ARITY }, 1>($name, 0, output, input, element))
            }

            fn composed_vjp<B: Backend>(
                self,
                output: usize,
                input: usize,
                x: [&B::Prim<E>; $Op::ARITY],
                y: &B::Prim<E>,
                gy: &B::Prim<E>,
            ) -> B::Prim<E> {
                compose::<Self, B, E, { $Op::ARITY }, 1>(self, output, input, x, y, gy)
            }
        }
    };
}

macro_rules! predicate {
    ($($Op:ident $name:literal $Class:ident $Scalar:ident $set:ident [$($x:ident)+] = $value:expr;)*) => {$(
        /// A predicate.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $Op;
        impl<T: $Scalar> Test<T, { [$(stringify!($x)),+].len() }> for $Op {
            #[inline(always)]
            fn test([$($x),+]: [T; [$(stringify!($x)),+].len()], _: &[T]) -> T::Mask {
                $value
            }
        }
        impl<E: $Class> Predicate<E, { [$(stringify!($x)),+].len() }> for $Op {
            const NAME: &'static str = $name;
            fn kernel() -> RawKernel {
                static SET: KernelSet = KernelSet::$set::<$Op, { [$(stringify!($x)),+].len() }>();
                E::Compute::pick(&SET)
            }
            fn wgsl() -> Option<wgsl::Function> {
                let element = wgsl::Element::of::<E>()?;
                Some(wgsl::Function::test::<Self, { [$(stringify!($x)),+].len() }>($name, 0, element))
            }
        }
    )*};
}
predicate! {
    Lt "lt" Dtype Ordered test_any [a b] = a.lt(&b);
    Le "le" Dtype Ordered test_any [a b] = a.le(&b);
    Gt "gt" Dtype Ordered test_any [a b] = b.lt(&a);
    Ge "ge" Dtype Ordered test_any [a b] = b.le(&a);
    Eq "eq" Dtype Ordered test_any [a b] = a.eq(&b);
    Ne "ne" Dtype Ordered test_any [a b] = a.eq(&b).not();
}
macro_rules! logic {
    ($($Op:ident $name:literal [$($x:ident)+] = $value:expr;)*) => {$(
        /// A predicate.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $Op;
        impl<T: Mask + Ordered<Mask = T>> Test<T, { [$(stringify!($x)),+].len() }> for $Op {
            #[inline(always)]
            fn test([$($x),+]: [T; [$(stringify!($x)),+].len()], _: &[T]) -> T {
                $value
            }
        }
        impl Predicate<bool, { [$(stringify!($x)),+].len() }> for $Op {
            const NAME: &'static str = $name;
            fn kernel() -> RawKernel {
                static SET: KernelSet = KernelSet::test_bool::<$Op, { [$(stringify!($x)),+].len() }>();
                bool::pick(&SET)
            }
            fn wgsl() -> Option<wgsl::Function> {
                let element = wgsl::Element::Bool;
                Some(wgsl::Function::test::<Self, { [$(stringify!($x)),+].len() }>($name, 0, element))
            }
        }
    )*};
}
logic! {
    LogicalAnd "logical_and" [a b] = a.and(b);
    LogicalOr "logical_or" [a b] = a.or(b);
    LogicalXor "logical_xor" [a b] = a.eq(&b).not();
    LogicalNot "logical_not" [a] = a.not();
}

const ANY: (f64, f64) = (-3.0, 3.0);
const POSITIVE: (f64, f64) = (0.2, 4.0);

elementwise! {
    /// `a + b`.
    Add "add" num [a b] y Nothing in ANY;
        = a + b; => a.lit(1.0), a.lit(1.0);
    /// `a - b`.
    Sub "sub" num [a b] y Nothing in ANY;
        = a - b; => a.lit(1.0), a.lit(-1.0);
    /// `a * b`.
    Mul "mul" num [a b] y Inputs in ANY;
        = a * b; => b, a;
    /// `a / b`; whole numbers truncate.
    Div "div" num [a b] y Inputs in POSITIVE;
        = a / b; => b.lit(1.0) / b, -a / (b.clone() * b);
    /// The remainder of `a / b`, with the sign of `b` (as `torch.remainder`).
    Remainder "remainder" num [a b] y Inputs in POSITIVE;
        = {
            let r = a % b.clone();
            let zero = r.lit(0.0);
            let wrong = T::select(r.lt(&zero), T::select(zero.lt(&b), b.clone(), zero.clone()),
                T::select(zero.lt(&r), T::select(b.lt(&zero), b, zero.clone()), zero));
            r + wrong
        };
        => a.lit(1.0),
        {
            let r = { let [r] = <Remainder as Scalar<T, 2>>::value([a.clone(), b.clone()], &[]); r };
            (r - a) / b
        };
    /// The greater of two; at a tie each side gets half of the gradient. NaN wins.
    Maximum "maximum" num [a b] y Inputs in ANY;
        = {
            let larger = T::select(b.le(&a), a.clone(), b);
            T::select(a.eq(&a), larger, a)
        };
        => T::select(a.eq(&b), a.lit(0.5), T::select(a.lt(&b), a.lit(0.0), a.lit(1.0))),
        T::select(a.eq(&b), a.lit(0.5), T::select(b.lt(&a), a.lit(0.0), a.lit(1.0)));
    /// The smaller of two; at a tie each side gets half of the gradient. NaN wins.
    Minimum "minimum" num [a b] y Inputs in ANY;
        = {
            let smaller = T::select(a.le(&b), a.clone(), b);
            T::select(a.eq(&a), smaller, a)
        };
        => T::select(a.eq(&b), a.lit(0.5), T::select(b.lt(&a), a.lit(0.0), a.lit(1.0))),
        T::select(a.eq(&b), a.lit(0.5), T::select(a.lt(&b), a.lit(0.0), a.lit(1.0)));
    /// `x` held between `low` and `high`; the gradient passes strictly between them, as in PyTorch.
    Clamp "clamp" num [x low high] y Inputs in ANY;
        = {
            let raised = T::select(x.lt(&low), low, x);
            T::select(high.lt(&raised), high, raised)
        };
        => T::select(low.lt(&x), T::select(x.lt(&high), x.lit(1.0), x.lit(0.0)), x.lit(0.0)),
        T::select(x.le(&low), T::select(low.lt(&high), x.lit(1.0), x.lit(0.0)), x.lit(0.0)),
        T::select(high.le(&x), x.lit(1.0), T::select(high.le(&low), x.lit(1.0), x.lit(0.0)));
    /// `-x`.
    Neg "neg" num [x] y Nothing in ANY;
        = -x; => x.lit(-1.0);
    /// `|x|`; the derivative at 0 is 0.
    Abs "abs" num [x] y Inputs in ANY;
        = T::select(x.lt(&x.lit(0.0)), -x.clone(), x);
        => T::select(x.lt(&x.lit(0.0)), x.lit(-1.0), T::select(x.lit(0.0).lt(&x), x.lit(1.0), x.lit(0.0)));
    /// -1, 0 or 1; of NaN 0.
    Sign "sign" num [x] y Nothing in ANY;
        = T::select(x.lt(&x.lit(0.0)), x.lit(-1.0), T::select(x.lit(0.0).lt(&x), x.lit(1.0), x.lit(0.0)));
        => x.lit(0.0);
    /// `x * x`.
    Square "square" num [x] y Inputs in ANY;
        = x.clone() * x; => x.clone() + x;
    /// `max(x, 0)`; the derivative at 0 is 0.
    Relu "relu" num [x] y Output in ANY;
        = T::select(x.le(&x.lit(0.0)), x.lit(0.0), x);
        => T::select(y.le(&y.lit(0.0)), y.lit(0.0), y.lit(1.0));

    /// `a` raised to `b`.
    Pow "pow" float [a b] y Both in POSITIVE;
        = a.pow(b);
        => T::select(b.eq(&b.lit(0.0)), b.lit(0.0), b.clone() * a.pow(b.clone() - b.lit(1.0))),
        {
            let slope = y * a.clone().ln();
            let at_zero = T::select(b.lit(0.0).le(&b), b.lit(0.0), slope.clone());
            T::select(a.eq(&a.lit(0.0)), at_zero, slope)
        };
    /// e to the power of `x`.
    Exp "exp" float [x] y Output in ANY;
        = x.exp(); => y;
    /// `exp(x) - 1`, exact near 0.
    Expm1 "expm1" float [x] y Output in ANY;
        = x.expm1(); => y.clone() + y.lit(1.0);
    /// Natural logarithm.
    Ln "ln" float [x] y Inputs in POSITIVE;
        = x.ln(); => x.lit(1.0) / x;
    /// `ln(1 + x)`, exact near 0.
    Log1p "log1p" float [x] y Inputs in POSITIVE;
        = x.log1p(); => x.lit(1.0) / (x.lit(1.0) + x);
    /// Square root.
    Sqrt "sqrt" float [x] y Output in POSITIVE;
        = x.sqrt(); => y.lit(0.5) / y;
    /// `1 / sqrt(x)`.
    Rsqrt "rsqrt" float [x] y Output in POSITIVE;
        = x.lit(1.0) / x.sqrt(); => y.lit(-0.5) * y.clone() * y.clone() * y;
    /// `1 / x`.
    Recip "recip" float [x] y Output in POSITIVE;
        = x.lit(1.0) / x; => -(y.clone() * y);
    /// Sine.
    Sin "sin" float [x] y Inputs in ANY;
        = x.sin(); => x.cos();
    /// Cosine.
    Cos "cos" float [x] y Inputs in ANY;
        = x.cos(); => -x.sin();
    /// Hyperbolic tangent.
    Tanh "tanh" float [x] y Output in ANY;
        = x.tanh(); => y.lit(1.0) - y.clone() * y;
    /// The error function.
    Erf "erf" float [x] y Inputs in ANY;
        = x.erf(); => x.lit(std::f64::consts::FRAC_2_SQRT_PI) * (-(x.clone() * x)).exp();
    /// `1 / (1 + exp(-x))`.
    Sigmoid "sigmoid" float [x] y Output in ANY;
        = x.lit(1.0) / (x.lit(1.0) + (-x).exp()); => y.clone() * (y.lit(1.0) - y);
    /// `ln(1 + exp(x))`, without overflow.
    Softplus "softplus" float [x] y Inputs in ANY;
        = {
            let magnitude = T::select(x.lt(&x.lit(0.0)), x.clone(), -x.clone());
            T::select(x.lt(&x.lit(0.0)), x.lit(0.0), x) + magnitude.exp().log1p()
        };
        => { let [s] = <Sigmoid as Scalar<T, 1>>::value([x], &[]); s };
    /// `x * sigmoid(x)`.
    Silu "silu" float [x] y Inputs in ANY;
        = x.clone() * { let [s] = <Sigmoid as Scalar<T, 1>>::value([x], &[]); s };
        => {
            let s = { let [s] = <Sigmoid as Scalar<T, 1>>::value([x.clone()], &[]); s };
            s.clone() * (x.lit(1.0) + x * (s.lit(1.0) - s))
        };
    /// GELU: `x * (1 + erf(x / sqrt(2))) / 2`.
    Gelu "gelu" float [x] y Inputs in ANY;
        = x.lit(0.5) * x.clone() * (x.lit(1.0) + (x.lit(std::f64::consts::FRAC_1_SQRT_2) * x).erf());
        => {
            let cdf = x.lit(0.5) * (x.lit(1.0) + (x.lit(std::f64::consts::FRAC_1_SQRT_2) * x.clone()).erf());
            let density = x.lit(0.398_942_280_401_432_7) * (x.lit(-0.5) * x.clone() * x.clone()).exp();
            cdf + x * density
        };
    /// GELU's tanh form: `x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2`.
    GeluTanh "gelu_tanh" float [x] y Inputs in ANY;
        = {
            let cube = x.clone() * x.clone() * x.clone();
            let inner = x.lit(SQRT_2_OVER_PI) * (x.clone() + x.lit(0.044715) * cube);
            x.lit(0.5) * x.clone() * (x.lit(1.0) + inner.tanh())
        };
        => {
            let square = x.clone() * x.clone();
            let inner = x.lit(SQRT_2_OVER_PI) * (x.clone() + x.lit(0.044715) * x.clone() * square.clone());
            let t = inner.tanh();
            let slope = x.lit(SQRT_2_OVER_PI) * (x.lit(1.0) + x.lit(3.0 * 0.044715) * square);
            x.lit(0.5) * (x.lit(1.0) + t.clone())
                + x.lit(0.5) * x * (t.lit(1.0) - t.clone() * t) * slope
        };
    /// The greatest whole number not above `x`.
    Floor "floor" float [x] y Nothing in ANY;
        = x.floor(); => x.lit(0.0);
    /// The smallest whole number not below `x`.
    Ceil "ceil" float [x] y Nothing in ANY;
        = x.ceil(); => x.lit(0.0);
    /// The nearest whole number, halves to even.
    Round "round" float [x] y Nothing in ANY;
        = x.round(); => x.lit(0.0);
    /// `x` without its fraction.
    Trunc "trunc" float [x] y Nothing in ANY;
        = x.trunc(); => x.lit(0.0);
    /// Temporary.
    Exp2 "exp2" float [x] y Both in (0.2, 0.8);
        = x.exp2(); => y.lit(std::f64::consts::LN_2) * y;
    /// Temporary.
    Log2 "log2" float [x] y Both in (0.2, 0.8);
        = x.log2(); => x.lit(std::f64::consts::LOG2_E) / x;
    /// Temporary.
    Log10 "log10" float [x] y Both in (0.2, 0.8);
        = x.log10(); => x.lit(std::f64::consts::LOG10_E) / x;
    /// Temporary.
    Tan "tan" float [x] y Both in (0.2, 0.8);
        = x.tan(); => y.lit(1.0) + y.clone() * y;
    /// Temporary.
    Asin "asin" float [x] y Both in (0.2, 0.8);
        = x.asin(); => x.lit(1.0) / (x.lit(1.0) - x.clone()*x).sqrt();
    /// Temporary.
    Acos "acos" float [x] y Both in (0.2, 0.8);
        = x.acos(); => x.lit(-1.0) / (x.lit(1.0) - x.clone()*x).sqrt();
    /// Temporary.
    Atan "atan" float [x] y Both in (0.2, 0.8);
        = x.atan(); => x.lit(1.0) / (x.lit(1.0) + x.clone()*x);
    /// Temporary.
    Sinh "sinh" float [x] y Both in (0.2, 0.8);
        = x.sinh(); => x.cosh();
    /// Temporary.
    Cosh "cosh" float [x] y Both in (0.2, 0.8);
        = x.cosh(); => x.sinh();
    /// Temporary.
    Asinh "asinh" float [x] y Both in (0.2, 0.8);
        = x.asinh(); => x.lit(1.0) / (x.lit(1.0) + x.clone()*x).sqrt();
    /// Temporary.
    Acosh "acosh" float [x] y Both in (1.2, 3.0);
        = x.acosh(); => x.lit(1.0) / (x.clone()*x.clone() - x.lit(1.0)).sqrt();
    /// Temporary.
    Atanh "atanh" float [x] y Both in (0.2, 0.8);
        = x.atanh(); => x.lit(1.0) / (x.lit(1.0) - x.clone()*x);
    /// Temporary.
    Erfc "erfc" float [x] y Both in (0.2, 0.8);
        = x.erfc(); => x.lit(-std::f64::consts::FRAC_2_SQRT_PI) * (-(x.clone() * x)).exp();
    /// Temporary.
    Atan2 "atan2" float [a b] y Inputs in POSITIVE;
        = a.atan2(b); => b.clone() / (a.clone()*a + b.clone()*b), -a.clone() / (a.clone()*a + b.clone()*b);
    /// Temporary.
    Hypot "hypot" float [a b] y Both in POSITIVE;
        = a.hypot(b); => a / y, b / y;
}

const SQRT_2_OVER_PI: f64 = 0.797_884_560_802_865_4;
