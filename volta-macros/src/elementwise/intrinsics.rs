//! The functions that the language knows, with their derivatives.

use syn::Expr;

/// One of [`RULES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Intrinsic(usize);

struct Rule {
    name: &'static str,
    arguments: &'static [&'static str],
    partials: &'static [&'static str],
}

/// `name(arguments): partials`, in the language itself; `y` is the value. A lone name in capitals is
/// one of `core::f64::consts`.
macro_rules! rules {
    ($($name:ident($($argument:ident),+): $($partial:expr),+;)*) => {
        static RULES: &[Rule] = &[$(Rule {
            name: stringify!($name),
            arguments: &[$(stringify!($argument)),+],
            partials: &[$(stringify!($partial)),+],
        }),*];
    };
}

rules! {
    abs(x): if x < 0.0 { -1.0 } else if x > 0.0 { 1.0 } else { 0.0 };
    exp(x): y;
    exp2(x): LN_2 * y;
    expm1(x): y + 1.0;
    ln(x): 1.0 / x;
    log2(x): LOG2_E / x;
    log10(x): LOG10_E / x;
    log1p(x): 1.0 / (1.0 + x);
    sqrt(x): 0.5 / y;
    sin(x): cos(x);
    cos(x): -sin(x);
    tan(x): 1.0 + y * y;
    asin(x): 1.0 / sqrt(1.0 - x * x);
    acos(x): -1.0 / sqrt(1.0 - x * x);
    atan(x): 1.0 / (1.0 + x * x);
    sinh(x): cosh(x);
    cosh(x): sinh(x);
    tanh(x): 1.0 - y * y;
    asinh(x): 1.0 / sqrt(1.0 + x * x);
    acosh(x): 1.0 / sqrt(x * x - 1.0);
    atanh(x): 1.0 / (1.0 - x * x);
    erf(x): FRAC_2_SQRT_PI * exp(-(x * x));
    erfc(x): -FRAC_2_SQRT_PI * exp(-(x * x));
    floor(x): 0.0;
    ceil(x): 0.0;
    round(x): 0.0;
    trunc(x): 0.0;
    pow(a, b):
        if b == 0.0 { 0.0 } else { b * pow(a, b - 1.0) },
        if a == 0.0 { if b >= 0.0 { 0.0 } else { y * ln(a) } } else { y * ln(a) };
    atan2(a, b):
        if a * a + b * b == 0.0 { 0.0 } else { b / (a * a + b * b) },
        if a * a + b * b == 0.0 { 0.0 } else { -a / (a * a + b * b) };
    hypot(a, b): a / y, b / y;
}

impl Intrinsic {
    /// The intrinsic that is called so.
    pub(super) fn find(name: &str) -> Option<Self> {
        let name = if name == "log" { "ln" } else { name };
        RULES.iter().position(|rule| rule.name == name).map(Self)
    }

    /// The names of all, aliases apart.
    pub(super) fn names<'a>() -> impl Iterator<Item = &'a str> {
        RULES.iter().map(|rule| rule.name)
    }

    pub(super) fn name(self) -> &'static str {
        RULES[self.0].name
    }

    pub(super) fn arguments(self) -> &'static [&'static str] {
        RULES[self.0].arguments
    }

    /// The derivative by one argument.
    pub(super) fn partial(self, argument: usize) -> Expr {
        syn::parse_str(RULES[self.0].partials[argument]).expect("the rules are expressions")
    }

    /// Whether integers have it.
    pub(super) fn is_of_numbers(self) -> bool {
        self.name() == "abs"
    }

    /// The method of `f64` that computes it.
    pub(super) fn in_std(self) -> Option<&'static str> {
        Some(match self.name() {
            "expm1" => "exp_m1",
            "log1p" => "ln_1p",
            "round" => "round_ties_even",
            "pow" => "powf",
            "erf" | "erfc" => return None,
            name => name,
        })
    }

    /// Its value where it has to be the same on every machine.
    pub(super) fn of_literal(self, x: f64) -> Option<f64> {
        Some(match self.name() {
            "abs" => x.abs(),
            "sqrt" => x.sqrt(),
            "floor" => x.floor(),
            "ceil" => x.ceil(),
            "round" => x.round_ties_even(),
            "trunc" => x.trunc(),
            _ => return None,
        })
    }
}
