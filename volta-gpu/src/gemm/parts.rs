//! Sums that were computed in parts, put together.

use volta_core::DtypeKind;

use crate::format::Format;
use crate::map::{Body, Map, Operand};
use crate::raw::Raw;

/// The sum along the first axis, in its order.
pub(super) fn sum(parts: &Raw, kind: DtypeKind, dims: &[usize]) -> Raw {
    let (first, numel) = (
        parts.layout().narrow(0, 0, 1),
        dims.iter().product::<usize>(),
    );
    let operand = Operand {
        raw: parts,
        layout: first.reshape(dims).expect("row-major"),
        format: Format::of(parts.kind()),
        loaded: true,
    };
    let map = Map {
        name: "sum_of_parts",
        op: None,
        variant: [0; 2],
        operands: &[operand],
        kind,
        format: Format::of(kind),
        dims,
        words: &[parts.dims()[0] as u32, numel as u32],
        trap: 0,
    };
    let [y] = map.run(parts.gpu(), || {
        let sum = match kind {
            DtypeKind::U8 => "bitcast<u32>(sum)",
            _ => "sum",
        };
        Body::of(format!(
            "var sum = x0;\n\
             for (var part = 1u; part < word(0u); part++) {{\n\
             sum += in0_at(i0 + part * word(1u));\n}}\n\
             let r0 = {sum};"
        ))
    });
    y
}
