//! Elements in another type: as on the CPU, through whole numbers between whole numbers, otherwise
//! through floats; floats become whole numbers by truncation, as near as these come.

use volta_core::DtypeKind;

use crate::format::Format;
use crate::map::{Body, Map, Operand};
use crate::raw::Raw;

/// Every element in another type.
pub(crate) fn cast(x: &Raw, to: DtypeKind) -> Raw {
    if x.kind() == to {
        return x.clone();
    }
    let operands = [Operand::value(x)];
    let map = Map {
        name: "cast",
        op: None,
        variant: [0; 2],
        operands: &operands,
        kind: to,
        format: Format::of(to),
        dims: x.dims(),
        words: &[],
        trap: 0,
    };
    let [y] = map.run(x.gpu(), || Body {
        declarations: include_str!("kernels/cast.wgsl").to_owned() + wide_library(x.kind(), to),
        statements: format!("let r0 = {};", convert(x.kind(), to)),
    });
    y
}

/// Functions of types that not every device has.
fn wide_library(from: DtypeKind, to: DtypeKind) -> &'static str {
    use DtypeKind::{F64, I64};
    match (from, to) {
        (F64, I64) => concat!(
            include_str!("kernels/cast_f64.wgsl"),
            include_str!("kernels/cast_f64_i64.wgsl")
        ),
        (F64, _) => include_str!("kernels/cast_f64.wgsl"),
        (_, I64) => include_str!("kernels/cast_i64.wgsl"),
        _ => "",
    }
}

/// `x0` of type `from`, as it is computed with, in the type that `to` is computed in.
fn convert(from: DtypeKind, to: DtypeKind) -> &'static str {
    use DtypeKind::{Bf16, Bool, F16, F32, F64, I32, I64, U8};
    match (from, to) {
        (F16 | Bf16 | F32, F16 | Bf16 | F32) => "x0",
        (F16 | Bf16 | F32, Bool) => "(bitcast<u32>(x0) & 0x7fffffffu) != 0u",
        (F16 | Bf16 | F32, U8) => "u8_of_f32(x0)",
        (F16 | Bf16 | F32, I32) => "i32_of_f32(x0)",
        (F16 | Bf16 | F32, I64) => "i64_of_f32(x0)",
        (F64, F16 | Bf16 | F32) => "f32(x0)",
        (F64, Bool) => "(bitcast<u64>(x0) << 1u) != 0lu",
        (F64, U8) => "u8_of_f64(x0)",
        (F64, I32) => "i32_of_f64(x0)",
        (F64, I64) => "i64_of_f64(x0)",
        (Bool, F16 | Bf16 | F32) => "select(0.0f, 1.0f, x0)",
        (Bool, F64) => "f64(select(0.0f, 1.0f, x0))",
        (Bool, U8) => "select(0u, 1u, x0)",
        (Bool, I32) => "select(0i, 1i, x0)",
        (Bool, I64) => "i64(select(0i, 1i, x0))",
        (U8 | I32 | I64, F16 | Bf16 | F32) => "f32(x0)",
        (_, F64) => "f64(x0)",
        (U8, Bool) => "x0 != 0u",
        (I32, Bool) => "x0 != 0i",
        (I64, Bool) => "x0 != 0li",
        (I32, U8) => "bitcast<u32>(x0) & 0xffu",
        (I64, U8) => "u32(x0 & 255li)",
        (U8 | I64, I32) => "i32(x0)",
        (U8, I64) => "i64(i32(x0))",
        (I32, I64) => "i64(x0)",
        (from, to) => unreachable!("cast {from} to {to}"),
    }
}

/// Elements narrower than a word, each in a word of its own.
pub(crate) fn spread(x: &Raw) -> Raw {
    move_bits(x, Format::bits(x.kind()), DtypeKind::I32, Format::Bits32)
}

/// The reverse of [`spread`].
pub(crate) fn gather_bits(x: &Raw, kind: DtypeKind) -> Raw {
    move_bits(x, Format::Bits32, kind, Format::bits(kind))
}

fn move_bits(x: &Raw, from: Format, kind: DtypeKind, to: Format) -> Raw {
    let operands = [Operand {
        format: from,
        ..Operand::value(x)
    }];
    let map = Map {
        name: "move_bits",
        op: None,
        variant: [0; 2],
        operands: &operands,
        kind,
        format: to,
        dims: x.dims(),
        words: &[],
        trap: 0,
    };
    let [y] = map.run(x.gpu(), || Body::of("let r0 = x0;"));
    y
}
