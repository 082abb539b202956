//! Running sums, products and extremes. A long row is cut into parts: what each reduces to is
//! scanned in turn, and then every part starts from what is before it. How rows are cut depends on
//! the sizes and the kind of device alone.

use volta_core::backend::Reduce;
use volta_core::error::DeviceError;

use crate::cast;
use crate::nest::{self, Nest};
use crate::number::Number;
use crate::pipeline::Key;
use crate::queue::Dispatch;
use crate::raw::Raw;
use crate::source::{Source, WORKGROUP};

/// What the elements up to each place along `axis` reduce to.
pub(crate) fn scan(by: Reduce, x: &Raw, axis: usize) -> Raw {
    let (gpu, kind) = (x.gpu(), x.kind());
    if let Some(error) = x.error() {
        return Raw::failed(gpu, kind, x.dims(), error.clone());
    }
    if x.numel() == 0 {
        return Raw::new(gpu, kind, x.dims());
    }
    match running(by, x, axis) {
        Ok(y) => cast::cast(&y, kind),
        Err(error) => Raw::failed(gpu, kind, x.dims(), error),
    }
}

/// The scan in the type that is computed in.
fn running(by: Reduce, x: &Raw, axis: usize) -> Result<Raw, DeviceError> {
    let gpu = x.gpu();
    let number = match by {
        Reduce::Sum | Reduce::Prod => Number::of(x.kind()),
        Reduce::Max | Reduce::Min => Number::ordered(x.kind()),
    };
    let size = x.dims()[axis];
    let rows = x.numel() / size;
    let len = part(size, rows, gpu.context().prefers_shared());
    let parts = size.div_ceil(len);
    let y = Raw::new(gpu, number.wide, x.dims());
    let one = |pass, inputs: &[&Raw], output: &Raw| {
        let first = x.layout().narrow(axis, 0, 1);
        let written = y.layout().narrow(axis, 0, 1);
        let nest = Nest::new(first.dims(), &[&first, &written]);
        let class = nest.class();
        let mut params = [parts * rows, rows, len, size].map(|n| n as u32).to_vec();
        params.extend([x, &y].map(|raw| raw.layout().strides()[axis] as u32));
        nest.params(class, &mut params);
        let text = Text {
            by,
            number,
            pass,
            class,
        };
        let variant = [by as u32, number.input as u32, pass as u32, class as u32];
        let dispatch = Dispatch {
            key: Key::new("scan", variant),
            inputs,
            outputs: &[output],
            params: &params,
            groups: ((parts * rows) as u64).div_ceil(u64::from(WORKGROUP)),
        };
        gpu.context().dispatch(&dispatch, || text.source())
    };
    if let Some(error) = y.error() {
        return Err(error.clone());
    }
    if parts == 1 {
        one(Pass::Only, &[x], &y)?;
        return Ok(y);
    }
    let totals = Raw::new(gpu, number.wide, &[parts, rows]);
    if let Some(error) = totals.error() {
        return Err(error.clone());
    }
    one(Pass::Totals, &[x], &totals)?;
    let before = running(by, &totals, 0)?;
    one(Pass::Parts, &[x, &before], &y)?;
    Ok(y)
}

/// The length of a part: there are parts for as many invocations as keep the device busy, and a row
/// of a few hundred elements is one.
fn part(size: usize, rows: usize, is_shared: bool) -> usize {
    let most = if is_shared { 1 << 16 } else { 1 << 11 };
    let least = if is_shared { 32 } else { 256 };
    size.div_ceil((most / rows.min(most)).max(1)).max(least)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// A part is a row.
    Only,
    /// What each part reduces to.
    Totals,
    /// Each part, after the scan of what those before reduce to.
    Parts,
}

struct Text {
    by: Reduce,
    number: Number,
    pass: Pass,
    class: usize,
}

impl Text {
    fn source(&self) -> Source {
        let of = self.number.name();
        let load = self.number.load(0, "x0 + j * param(4u)");
        let (library, fold) = match self.by {
            Reduce::Sum => (String::new(), "a + b"),
            Reduce::Prod => (String::new(), "a * b"),
            Reduce::Max => (self.number.wins(true), "select(a, b, wins(b, a))"),
            Reduce::Min => (self.number.wins(false), "select(a, b, wins(b, a))"),
        };
        let put = match self.pass {
            Pass::Only => "out0_put(x1 + j * param(5u), sum);",
            Pass::Totals => "",
            Pass::Parts => {
                "if part == 0u { out0_put(x1 + j * param(5u), sum); } \
                 else { out0_put(x1 + j * param(5u), fold(before, sum)); }"
            }
        };
        let before = match self.pass {
            Pass::Parts => {
                "var before = sum;\n\
                 if part > 0u { before = in1_at((part - 1u) * param(1u) + row); }\n"
            }
            Pass::Only | Pass::Totals => "",
        };
        let end = match self.pass {
            Pass::Totals => "out0_put(i, sum);",
            Pass::Only | Pass::Parts => "",
        };
        let mut inputs = vec![self.number.input];
        if self.pass == Pass::Parts {
            inputs.push(self.number.output);
        }
        Source {
            inputs,
            outputs: vec![self.number.output],
            params: HEAD + nest::params(self.class, 2),
            declarations: format!(
                "{library}fn fold(a: {of}, b: {of}) -> {of} {{ return {fold}; }}\n"
            ),
            body: format!(
                "let i = group * {WORKGROUP}u + lane;\nif i >= param(0u) {{ return; }}\n\
                 let row = i % param(1u);\nlet part = i / param(1u);\n{}\
                 let first = part * param(2u);\nlet last = min(first + param(2u), param(3u));\n\
                 var j = first;\nvar sum = {load};\n{before}{put}\n\
                 for (j = first + 1u; j < last; j++) {{\nsum = fold(sum, {load});\n{put}\n}}\n{end}",
                nest::source(self.class, 2, HEAD, "row", "x")
            ),
            ..Source::default()
        }
    }
}

/// Parameters before those of the nest: parts of all rows, rows, the lengths of a part and of a row,
/// and the strides of input and output along it.
const HEAD: usize = 6;
