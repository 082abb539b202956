//! Picking elements by index.

use volta_core::layout::Layout;

use crate::format::Format;
use crate::map::{Body, Map, Operand};
use crate::raw::Raw;
use crate::structural::zero;

/// `y[.., i, ..] = x[.., index[.., i, ..], ..]` along `axis`.
pub(crate) fn gather(x: &Raw, axis: usize, at: &Raw) -> Raw {
    let size = x.dims()[axis];
    let place = match size {
        0 => Layout::contiguous(&[]).expand(at.dims()),
        _ => x.layout().narrow(axis, 0, 1).expand(at.dims()),
    };
    let gpu = x.gpu();
    let operands = [Operand::bits(at), Operand::place(x, place)];
    let map = Map {
        name: "gather",
        op: None,
        variant: [0; 2],
        operands: &operands,
        kind: x.kind(),
        format: Format::bits(x.kind()),
        dims: at.dims(),
        words: &[size as u32, x.layout().strides()[axis] as u32],
        trap: gpu.context().traps.number("gather"),
    };
    let [y] = map.run(gpu, || {
        let zero = zero(Format::bits(x.kind()));
        Body::of(format!(
            "var r0 = {zero};\nif x0.y == 0u && x0.x < word(0u) {{ r0 = in1_at(i1 + x0.x * word(1u)); }} \
             else {{ trap(i, x0, word(0u)); }}"
        ))
    });
    y
}

/// Leaves a note of the first index that is not below `size`.
pub(crate) fn check(op: &'static str, at: &Raw, size: usize) {
    let gpu = at.gpu();
    let operands = [Operand::bits(at)];
    let map = Map {
        name: "check_index",
        op: None,
        variant: [0; 2],
        operands: &operands,
        kind: volta_core::DtypeKind::I32,
        format: Format::Bits32,
        dims: at.dims(),
        words: &[size as u32],
        trap: gpu.context().traps.number(op),
    };
    // The output is there for the kernel to have one.
    let [_] = map.run(gpu, || {
        Body::of("if x0.y != 0u || x0.x >= word(0u) { trap(i, x0, word(0u)); }\nlet r0 = 0u;")
    });
}
