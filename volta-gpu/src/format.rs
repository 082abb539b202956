//! How elements lie in a buffer, and what kernels compute them in.

use volta_core::DtypeKind;

/// The elements of one operand of a kernel.
///
/// What is narrower than a word lies in words, two or four in one, the first in the lowest bits: the
/// bytes are those of the host. The formats without a type are for kernels that only move elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    Bool,
    U8,
    F16,
    Bf16,
    F32,
    /// Four neighbouring elements of `f32`, aligned.
    F32x4,
    I32,
    F64,
    I64,
    Bits8,
    Bits16,
    Bits32,
    Bits64,
}

impl Format {
    pub(crate) fn of(kind: DtypeKind) -> Format {
        match kind {
            DtypeKind::Bool => Format::Bool,
            DtypeKind::U8 => Format::U8,
            DtypeKind::F16 => Format::F16,
            DtypeKind::Bf16 => Format::Bf16,
            DtypeKind::F32 => Format::F32,
            DtypeKind::I32 => Format::I32,
            DtypeKind::F64 => Format::F64,
            DtypeKind::I64 => Format::I64,
            kind => unreachable!("elements of {kind}"),
        }
    }

    /// For kernels that only move elements of this type.
    pub(crate) fn bits(kind: DtypeKind) -> Format {
        match kind.size() {
            1 => Format::Bits8,
            2 => Format::Bits16,
            4 => Format::Bits32,
            _ => Format::Bits64,
        }
    }

    /// Elements in one word; 1 for those of a word or more.
    pub(crate) fn per_word(self) -> u32 {
        match self {
            Format::Bool | Format::U8 | Format::Bits8 => 4,
            Format::F16 | Format::Bf16 | Format::Bits16 => 2,
            _ => 1,
        }
    }

    /// The type of the array in memory.
    pub(crate) fn stored(self) -> &'static str {
        match self {
            Format::F32 => "f32",
            Format::F32x4 => "vec4<f32>",
            Format::I32 => "i32",
            Format::F64 => "f64",
            Format::I64 => "i64",
            Format::Bits64 => "vec2<u32>",
            _ => "u32",
        }
    }

    /// The type that kernels compute in.
    pub(crate) fn computed(self) -> &'static str {
        match self {
            Format::Bool => "bool",
            Format::F16 | Format::Bf16 => "f32",
            other => other.stored(),
        }
    }

    /// An element from the word that holds it, whose lowest bits it has been shifted to.
    fn decode(self, bits: &str) -> String {
        match self {
            Format::Bool => format!("({bits} & 0xffu) != 0u"),
            Format::U8 | Format::Bits8 => format!("{bits} & 0xffu"),
            Format::F16 => format!("unpack2x16float({bits}).x"),
            Format::Bf16 => format!("bitcast<f32>({bits} << 16u)"),
            Format::Bits16 => format!("{bits} & 0xffffu"),
            _ => unreachable!("{self:?} is no part of a word"),
        }
    }

    /// The expression for element `index` of the array `array`.
    pub(crate) fn load(self, array: &str, index: &str) -> String {
        match self.per_word() {
            4 => self.decode(&format!(
                "({array}[({index}) >> 2u] >> ((({index}) & 3u) * 8u))"
            )),
            2 => self.decode(&format!(
                "({array}[({index}) >> 1u] >> ((({index}) & 1u) * 16u))"
            )),
            _ => format!("{array}[{index}]"),
        }
    }

    /// The bits of a computed value, for what is narrower than a word.
    pub(crate) fn encode(self, value: &str) -> String {
        match self {
            Format::Bool => format!("select(0u, 1u, {value})"),
            Format::U8 | Format::Bits8 => format!("(({value}) & 0xffu)"),
            Format::F16 => format!("f16_bits({value})"),
            Format::Bf16 => format!("bf16_bits({value})"),
            Format::Bits16 => format!("(({value}) & 0xffffu)"),
            _ => unreachable!("{self:?} is no part of a word"),
        }
    }

    /// Functions that [`encode`](Self::encode) calls.
    pub(crate) fn library(self) -> &'static str {
        match self {
            Format::F16 => include_str!("kernels/f16_bits.wgsl"),
            Format::Bf16 => include_str!("kernels/bf16_bits.wgsl"),
            _ => "",
        }
    }
}
