//! What kernels that combine elements compute them in, and how these compare.

use volta_core::DtypeKind;

use crate::format::Format;

/// How a kernel reads the elements of one type, combines them and writes the results: into a tensor
/// of `wide` elements, as one invocation cannot write less than a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) input: Format,
    pub(crate) wide: DtypeKind,
    pub(crate) output: Format,
}

impl Number {
    /// For sums and products.
    pub(crate) fn of(kind: DtypeKind) -> Number {
        let wide = match kind {
            DtypeKind::F16 | DtypeKind::Bf16 => DtypeKind::F32,
            DtypeKind::U8 => DtypeKind::I32,
            other => other,
        };
        Number {
            input: Format::of(kind),
            wide,
            output: Format::of(wide),
        }
    }

    /// For moving elements of `kind` into a tensor of `wide` ones.
    pub(crate) fn bits(kind: DtypeKind, wide: DtypeKind) -> Number {
        Number {
            input: Format::bits(kind),
            wide,
            output: Format::bits(wide),
        }
    }

    /// For comparisons; those of `f64` are of its bits, as NaN shows in nothing else.
    pub(crate) fn ordered(kind: DtypeKind) -> Number {
        match kind {
            DtypeKind::F64 => Number {
                input: Format::Bits64,
                wide: kind,
                output: Format::Bits64,
            },
            other => Number::of(other),
        }
    }

    /// The type that is computed in.
    pub(crate) fn name(&self) -> &'static str {
        self.output.computed()
    }

    /// The element of input `input` at `place`.
    pub(crate) fn load(&self, input: usize, place: &str) -> String {
        match self.input {
            Format::U8 => format!("i32(in{input}_at({place}))"),
            _ => format!("in{input}_at({place})"),
        }
    }

    /// The function `wins(b, a)`: whether `b` is beyond `a`, or NaN and `a` is not.
    pub(crate) fn wins(&self, greatest: bool) -> String {
        let sign = if greatest { '>' } else { '<' };
        match self.output {
            Format::Bits64 => include_str!("kernels/wins_f64.wgsl")
                .replace("BEYOND", if greatest { ">" } else { "<" }),
            Format::F32 => format!(
                "fn is_nan(x: f32) -> bool {{\n    return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;\n}}\n\
                 fn wins(b: f32, a: f32) -> bool {{\n    return (b {sign} a || is_nan(b)) && !is_nan(a);\n}}\n"
            ),
            other => {
                let of = other.computed();
                format!("fn wins(b: {of}, a: {of}) -> bool {{ return b {sign} a; }}\n")
            }
        }
    }
}
