//! Where the extremes along an axis are.

use volta_core::DtypeKind;
use volta_core::backend::Reduce;
use volta_core::error::DeviceError;

use crate::format::Format;
use crate::nest;
use crate::number::Number;
use crate::pipeline::Key;
use crate::queue::Dispatch;
use crate::raw::Raw;
use crate::reduce::Split;
use crate::source::{Source, WORKGROUP};
use crate::team;

/// The place of the first extreme along `axis`, as `i64`.
pub(crate) fn arg_reduce(by: Reduce, x: &Raw, axis: usize) -> Raw {
    let mut dims = x.dims().to_vec();
    let size = std::mem::replace(&mut dims[axis], 1);
    let outputs: usize = dims.iter().product();
    assert!(
        size > 0 || outputs == 0,
        "argmax or argmin over an axis without elements"
    );
    let (gpu, kind) = (x.gpu(), DtypeKind::I64);
    if let Some(error) = x.error() {
        return Raw::failed(gpu, kind, &dims, error.clone());
    }
    let y = Raw::new(gpu, kind, &dims);
    if outputs == 0 || y.error().is_some() {
        return y;
    }
    match write(by, x, axis, &y) {
        Ok(()) => y,
        Err(error) => Raw::failed(gpu, kind, &dims, error),
    }
}

/// One of two passes: the first finds the winner of every part of a run, the second the winner of
/// those; where there is one part, the only pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Only,
    First,
    Second,
}

fn write(by: Reduce, x: &Raw, axis: usize, y: &Raw) -> Result<(), DeviceError> {
    let gpu = x.gpu();
    let size = x.dims()[axis];
    let outputs = y.numel();
    let is_shared = gpu.context().prefers_shared();
    let most = if is_shared { 1 << 16 } else { 1 << 11 };
    let len = size
        .div_ceil(most / outputs.min(most))
        .max(if is_shared { 1 << 12 } else { 1 << 8 });
    let parts = size.div_ceil(len);
    let members = |run: usize| match run {
        _ if !is_shared => 1,
        0..64 => 1,
        64..=512 => 32,
        _ => 256,
    };
    let one = |pass, inputs: &[&Raw], output: &Raw, parts: usize, len: usize, run: usize| {
        let split = Split::new(x.layout(), &[axis]);
        let class = split.kept.class();
        let mut params = [parts * outputs, outputs, len, run]
            .map(|n| n as u32)
            .to_vec();
        params.push(x.layout().strides()[axis] as u32);
        split.kept.params(class, &mut params);
        let members = members(len.min(run));
        let text = Text {
            by,
            number: Number::ordered(x.kind()),
            pass,
            members,
            class,
        };
        let dispatch = Dispatch {
            key: Key::new(
                "arg_reduce",
                [
                    by as u32,
                    text.number.input as u32,
                    members,
                    class as u32,
                    pass as u32,
                ],
            ),
            inputs,
            outputs: &[output],
            params: &params,
            groups: team::groups(parts * outputs, members),
        };
        gpu.context().dispatch(&dispatch, || text.source())
    };
    if parts == 1 {
        return one(Pass::Only, &[x], y, 1, size, size);
    }
    let winners = Raw::new(gpu, DtypeKind::I32, &[parts, outputs]);
    if let Some(error) = winners.error() {
        return Err(error.clone());
    }
    one(Pass::First, &[x], &winners, parts, len, size)?;
    one(Pass::Second, &[x, &winners], y, 1, parts, parts)
}

struct Text {
    by: Reduce,
    number: Number,
    pass: Pass,
    members: u32,
    class: usize,
}

impl Text {
    fn source(&self) -> Source {
        let of = self.number.name();
        let part = format!(
            "let output = i % param(1u);\nlet part = i / param(1u);\n{}\
             let first = part * param(2u);\n",
            nest::source(self.class, 1, 5, "output", "kept")
        );
        let load = self.number.load(0, "kept0 + place * param(4u)");
        // The candidate of this number, in the order of the axis.
        let place = match self.pass {
            Pass::Second => "u32(in1_at(at * param(1u) + output))",
            Pass::Only | Pass::First => "at",
        };
        let put = match self.pass {
            Pass::First => "out0_put(i, i32(best.place));",
            Pass::Only | Pass::Second => "out0_put(i, vec2<u32>(best.place, 0u));",
        };
        let try_one = format!(
            "let place = {place};\nlet value = {load};\n\
             if at < first + {}u || wins(value, best.value) {{ best = Found(value, place); }}\n",
            self.members
        );
        let mut declarations = self.number.wins(self.by != Reduce::Min);
        declarations += &format!("struct Found {{ value: {of}, place: u32 }}\n");
        let body = match self.members {
            1 => format!(
                "let i = group * {WORKGROUP}u + lane;\nif i >= param(0u) {{ return; }}\n{part}\
                 let last = min(first + param(2u), param(3u));\n\
                 var best: Found;\n\
                 for (var at = first; at < last; at++) {{\n{try_one}}}\n{put}"
            ),
            members => {
                declarations += "fn better(a: Found, b: Found) -> Found {\n\
                    \x20   if wins(b.value, a.value) { return b; }\n\
                    \x20   if wins(a.value, b.value) || a.place < b.place { return a; }\n\
                    \x20   return b;\n}\n";
                declarations += &team::combine(false, "combine", "Found", members, "better(a, b)");
                format!(
                    "{}{part}\
                     let last = select(first, min(first + param(2u), param(3u)), is_here);\n\
                     var mine: Found;\n\
                     for (var at = first + member; at < last; at += {members}u) {{\n{}}}\n\
                     let best = combine(lane, last - first, mine);\n\
                     if is_here && member == 0u {{ {put} }}",
                    team::place(members),
                    try_one.replace("best", "mine"),
                )
            }
        };
        let mut inputs = vec![self.number.input];
        if self.pass == Pass::Second {
            inputs.push(Format::I32);
        }
        Source {
            inputs,
            outputs: vec![match self.pass {
                Pass::First => Format::I32,
                Pass::Only | Pass::Second => Format::Bits64,
            }],
            params: 5 + nest::params(self.class, 1),
            declarations,
            body,
            ..Source::default()
        }
    }
}
