//! Every elementwise function: one entry in one table.
//!
//! An entry is a scalar function. From it come the type of the function (`Silu`), the method of
//! [`Tensor`](crate::Tensor) (`x.silu()`), for functions of one input the layer, the CPU kernels of the function
//! and of each derivative, the derivative as recorded ops for higher orders, the WGSL, and the
//! entry in [`ENTRIES`] that the tests walk. `docs/adding-an-op.md` adds one step by step.
//!
//! The first paragraph of an entry's text ends up in the documentation of the method and the
//! layer; a body is found out in `#[elementwise]`'s documentation. An entry without a body is one
//! of the functions that bodies are made of.

volta_macros::elementwise_table! {
    crate = crate;

    /// `a + b`.
    #[operator]
    pub fn add(a: Num, b: Num) -> Num { a + b }

    /// `a - b`.
    #[operator]
    pub fn sub(a: Num, b: Num) -> Num { a - b }

    /// `a * b`.
    #[operator]
    pub fn mul(a: Num, b: Num) -> Num { a * b }

    /// `a / b`; whole numbers truncate.
    #[operator]
    #[domain(0.2..4.0)]
    pub fn div(a: Num, b: Num) -> Num { a / b }

    /// The remainder of `a / b`, with the sign of `b`.
    #[operator]
    #[domain(0.2..4.0)]
    #[derivative(b = (y - a) / b)]
    pub fn remainder(a: Num, b: Num) -> Num {
        let r = a % b;
        if r < 0.0 && 0.0 < b || 0.0 < r && b < 0.0 { r + b } else { r }
    }

    /// `-x`.
    #[operator]
    pub fn neg(x: Num) -> Num { -x }

    /// `|x|`; the derivative at 0 is 0.
    pub fn abs(x: Num) -> Num;

    /// -1, 0 or 1; of NaN 0.
    pub fn sign(x: Num) -> Num { if x < 0.0 { -1.0 } else if 0.0 < x { 1.0 } else { 0.0 } }

    /// `x * x`.
    pub fn square(x: Num) -> Num { x * x }

    /// The greater of two, broadcast; at a tie each gets half of the gradient. NaN wins.
    #[derivative(a = if a == b { 0.5 } else if a < b { 0.0 } else { 1.0 })]
    #[derivative(b = if a == b { 0.5 } else if b < a { 0.0 } else { 1.0 })]
    pub fn maximum(a: Num, b: Num) -> Num { if a != a { a } else if b <= a { a } else { b } }

    /// The smaller of two, broadcast; at a tie each gets half of the gradient. NaN wins.
    #[derivative(a = if a == b { 0.5 } else if b < a { 0.0 } else { 1.0 })]
    #[derivative(b = if a == b { 0.5 } else if a < b { 0.0 } else { 1.0 })]
    pub fn minimum(a: Num, b: Num) -> Num { if a != a { a } else if a <= b { a } else { b } }

    /// `x` held between `low` and `high`; the gradient passes strictly between them.
    #[operator]
    #[derivative(x = if low < x && x < high { 1.0 } else { 0.0 })]
    #[derivative(low = if x <= low && low < high { 1.0 } else { 0.0 })]
    #[derivative(high = if high <= x || high <= low { 1.0 } else { 0.0 })]
    pub fn clamp(x: Num, low: Num, high: Num) -> Num {
        let raised = if x < low { low } else { x };
        if high < raised { high } else { raised }
    }

    /// `x + value * a * b`, broadcast.
    pub fn addcmul(x: Float, a: Float, b: Float, #[default(1.0)] value: f64) -> Float { x + value * a * b }

    /// `x + value * a / b`, broadcast.
    #[domain(0.2..4.0)]
    pub fn addcdiv(x: Float, a: Float, b: Float, #[default(1.0)] value: f64) -> Float { x + value * a / b }

    /// `x + weight * (end - x)`, broadcast.
    pub fn lerp(x: Float, end: Float, weight: Float) -> Float {
        if abs(weight) < 0.5 { x + weight * (end - x) } else { end - (end - x) * (1.0 - weight) }
    }

    /// `x` raised to `exponent`, broadcast.
    #[domain(0.2..4.0)]
    pub fn pow(x: Float, exponent: Float) -> Float;

    /// The angle of the point with these coordinates, broadcast.
    #[domain(0.2..4.0)]
    pub fn atan2(ordinate: Float, abscissa: Float) -> Float;

    /// `sqrt(a^2 + b^2)`, without overflow on the way, broadcast.
    #[domain(0.2..4.0)]
    pub fn hypot(a: Float, b: Float) -> Float;

    /// e to the power of `x`.
    pub fn exp(x: Float) -> Float;

    /// 2 to the power of `x`.
    pub fn exp2(x: Float) -> Float;

    /// `exp(x) - 1`, exact near 0.
    pub fn expm1(x: Float) -> Float;

    /// The natural logarithm.
    #[method(log)]
    #[domain(0.2..4.0)]
    pub fn ln(x: Float) -> Float;

    /// The logarithm to base 2.
    #[domain(0.2..4.0)]
    pub fn log2(x: Float) -> Float;

    /// The logarithm to base 10.
    #[domain(0.2..4.0)]
    pub fn log10(x: Float) -> Float;

    /// `ln(1 + x)`, exact near 0.
    #[domain(0.2..4.0)]
    pub fn log1p(x: Float) -> Float;

    /// The square root.
    #[domain(0.2..4.0)]
    pub fn sqrt(x: Float) -> Float;

    /// `1 / sqrt(x)`.
    #[domain(0.2..4.0)]
    #[derivative(x = -0.5 * y * y * y)]
    pub fn rsqrt(x: Float) -> Float { 1.0 / sqrt(x) }

    /// `1 / x`.
    #[method(reciprocal)]
    #[domain(0.2..4.0)]
    #[derivative(x = -y * y)]
    pub fn recip(x: Float) -> Float { 1.0 / x }

    /// The sine.
    pub fn sin(x: Float) -> Float;

    /// The cosine.
    pub fn cos(x: Float) -> Float;

    /// The tangent.
    #[domain(-1.4..1.4)]
    pub fn tan(x: Float) -> Float;

    /// The inverse sine.
    #[domain(-0.9..0.9)]
    pub fn asin(x: Float) -> Float;

    /// The inverse cosine.
    #[domain(-0.9..0.9)]
    pub fn acos(x: Float) -> Float;

    /// The inverse tangent.
    pub fn atan(x: Float) -> Float;

    /// The hyperbolic sine.
    pub fn sinh(x: Float) -> Float;

    /// The hyperbolic cosine.
    pub fn cosh(x: Float) -> Float;

    /// The hyperbolic tangent.
    pub fn tanh(x: Float) -> Float;

    /// The inverse hyperbolic sine.
    pub fn asinh(x: Float) -> Float;

    /// The inverse hyperbolic cosine.
    #[domain(1.1..4.0)]
    pub fn acosh(x: Float) -> Float;

    /// The inverse hyperbolic tangent.
    #[domain(-0.9..0.9)]
    pub fn atanh(x: Float) -> Float;

    /// The error function.
    pub fn erf(x: Float) -> Float;

    /// `1 - erf(x)`, exact where that is nearly 0.
    pub fn erfc(x: Float) -> Float;

    /// The greatest whole number not above `x`.
    pub fn floor(x: Float) -> Float;

    /// The smallest whole number not below `x`.
    pub fn ceil(x: Float) -> Float;

    /// The whole number nearest to `x`, halves to even.
    pub fn round(x: Float) -> Float;

    /// `x` without its fraction.
    pub fn trunc(x: Float) -> Float;

    /// `1 / (1 + exp(-x))`.
    #[derivative(x = y * (1.0 - y))]
    pub fn sigmoid(x: Float) -> Float {
        let e = exp(-abs(x));
        (if x < 0.0 { e } else { 1.0 }) / (1.0 + e)
    }

    /// `ln(sigmoid(x))`, without overflow.
    #[derivative(x = sigmoid(-x))]
    pub fn logsigmoid(x: Float) -> Float { minimum(x, 0.0) - log1p(exp(-abs(x))) }

    /// `ln(1 + exp(x))`, without overflow.
    #[derivative(x = sigmoid(x))]
    pub fn softplus(x: Float) -> Float { maximum(x, 0.0) + log1p(exp(-abs(x))) }

    /// `x / (1 + |x|)`.
    #[derivative(x = 1.0 / ((1.0 + abs(x)) * (1.0 + abs(x))))]
    pub fn softsign(x: Float) -> Float { x / (1.0 + abs(x)) }

    /// `max(x, 0)`; the derivative at 0 is 0.
    #[derivative(x = if y <= 0.0 { 0.0 } else { 1.0 })]
    pub fn relu(x: Num) -> Num { if x <= 0.0 { 0.0 } else { x } }

    /// `min(max(x, 0), 6)`.
    #[derivative(x = if 0.0 < x && x < 6.0 { 1.0 } else { 0.0 })]
    pub fn relu6(x: Num) -> Num { if x <= 0.0 { 0.0 } else if 6.0 <= x { 6.0 } else { x } }

    /// `x` where it is above 0, otherwise `negative_slope * x`.
    pub fn leaky_relu(x: Float, #[default(0.01)] negative_slope: f64) -> Float { if 0.0 < x { x } else { negative_slope * x } }

    /// `x` where it is above 0, otherwise `alpha * (exp(x) - 1)` (Clevert et al., 2015).
    pub fn elu(x: Float, #[default(1.0)] alpha: f64) -> Float { if 0.0 < x { x } else { alpha * expm1(x) } }

    /// ELU scaled so that activations normalise themselves (Klambauer et al., 2017).
    pub fn selu(x: Float) -> Float {
        SELU_SCALE * (if 0.0 < x { x } else { SELU_ALPHA * expm1(x) })
    }

    /// `x` where it is above 0, otherwise `alpha * (exp(x / alpha) - 1)` (Barron, 2017).
    pub fn celu(x: Float, #[default(1.0)] alpha: f64) -> Float { if 0.0 < x { x } else { alpha * expm1(x / alpha) } }

    /// `x * (1 + erf(x / sqrt(2))) / 2` (Hendrycks and Gimpel, 2016).
    pub fn gelu(x: Float) -> Float { 0.5 * x * erfc(-FRAC_1_SQRT_2 * x) }

    /// GELU's tanh form, `x * (1 + tanh(z)) / 2` with `z = sqrt(2 / pi) * (x + 0.044715 x^3)`.
    pub fn gelu_tanh(x: Float) -> Float {
        x * sigmoid(SQRT_8_OVER_PI * x * (1.0 + 0.044715 * x * x))
    }

    /// `x * sigmoid(x)`, also called swish (Elfwing et al., 2017).
    pub fn silu(x: Float) -> Float { x * sigmoid(x) }

    /// `x * tanh(softplus(x))` (Misra, 2019).
    #[derivative(x = { let t = tanh(softplus(x)); t + x * sigmoid(x) * (1.0 - t * t) })]
    pub fn mish(x: Float) -> Float {
        let e = exp(-abs(x));
        let n = if x < 0.0 { e * (e + 2.0) } else { 1.0 + 2.0 * e };
        x * (n / (n + if x < 0.0 { 2.0 } else { 2.0 * e * e }))
    }

    /// `x` held between `min_val` and `max_val`.
    #[derivative(x = if min_val < x && x < max_val { 1.0 } else { 0.0 })]
    pub fn hardtanh(x: Float, #[default(-1.0)] min_val: f64, #[default(1.0)] max_val: f64) -> Float {
        if x <= min_val { min_val } else if max_val <= x { max_val } else { x }
    }

    /// `(x + 3) / 6` held between 0 and 1.
    #[derivative(x = if -3.0 < x && x < 3.0 { 1.0 / 6.0 } else { 0.0 })]
    pub fn hardsigmoid(x: Float) -> Float { if x <= -3.0 { 0.0 } else if 3.0 <= x { 1.0 } else { (x + 3.0) / 6.0 } }

    /// `x * hardsigmoid(x)` (Howard et al., 2019).
    pub fn hardswish(x: Float) -> Float { if x <= -3.0 { 0.0 } else if 3.0 <= x { x } else { x * (x + 3.0) / 6.0 } }

    /// `x - tanh(x)`.
    pub fn tanhshrink(x: Float) -> Float { x - tanh(x) }

    /// `x` moved by `lambd` towards 0, which is not passed.
    pub fn softshrink(x: Float, #[default(0.5)] lambd: f64) -> Float {
        if lambd < x { x - lambd } else if x < -lambd { x + lambd } else { x - x }
    }

    /// `x` where it is further than `lambd` from 0, otherwise 0.
    #[derivative(x = if x < -lambd || lambd < x { 1.0 } else { 0.0 })]
    pub fn hardshrink(x: Float, #[default(0.5)] lambd: f64) -> Float { if -lambd <= x && x <= lambd { 0.0 } else { x } }

    /// Whether `a < b`.
    #[operator]
    pub fn lt(a: Any, b: Any) -> bool { a < b }

    /// Whether `a <= b`.
    #[operator]
    pub fn le(a: Any, b: Any) -> bool { a <= b }

    /// Whether `a > b`.
    #[operator]
    pub fn gt(a: Any, b: Any) -> bool { a > b }

    /// Whether `a >= b`.
    #[operator]
    pub fn ge(a: Any, b: Any) -> bool { a >= b }

    /// Whether `a == b`.
    #[operator]
    pub fn eq(a: Any, b: Any) -> bool { a == b }

    /// Whether `a != b`.
    #[operator]
    pub fn ne(a: Any, b: Any) -> bool { a != b }

    /// Whether `x` is not a number.
    pub fn is_nan(x: Float) -> bool { x != x }

    /// Whether `x` is infinite.
    pub fn is_inf(x: Float) -> bool { abs(x) == f64::INFINITY }

    /// Whether `x` is neither infinite nor NaN.
    pub fn is_finite(x: Float) -> bool { abs(x) < f64::INFINITY }

    /// Whether both hold.
    pub fn logical_and(a: bool, b: bool) -> bool { a && b }

    /// Whether at least one holds.
    pub fn logical_or(a: bool, b: bool) -> bool { a || b }

    /// Whether one alone holds.
    pub fn logical_xor(a: bool, b: bool) -> bool { a && !b || b && !a }

    /// Whether it does not hold.
    pub fn logical_not(x: bool) -> bool { !x }

    /// The bits that both have.
    pub fn bitwise_and(a: Int, b: Int) -> Int { a & b }

    /// The bits that at least one has.
    pub fn bitwise_or(a: Int, b: Int) -> Int { a | b }

    /// The bits that one alone has.
    pub fn bitwise_xor(a: Int, b: Int) -> Int { a ^ b }

    /// The bits that it does not have.
    pub fn bitwise_not(x: Int) -> Int { !x }

    /// The bits of `x` moved up by `places`; nothing is left from the width on.
    pub fn bitwise_left_shift(x: Int, places: Int) -> Int { x << places }

    /// The bits of `x` moved down by `places`; the sign alone is left from the width on.
    pub fn bitwise_right_shift(x: Int, places: Int) -> Int { x >> places }
}

use std::f64::consts::FRAC_1_SQRT_2;

const SQRT_8_OVER_PI: f64 = 1.595_769_121_605_730_8;
const SELU_ALPHA: f64 = 1.673_263_242_354_377_3;
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
