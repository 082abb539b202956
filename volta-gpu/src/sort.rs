//! The order of elements along an axis: short runs are ranked by counting, then merged two by two.
//! An element finds its place in a merged run by itself, by a search in the other half, so equal
//! elements stay in order without any waiting.

use volta_core::DtypeKind;
use volta_core::error::DeviceError;

use crate::format::Format;
use crate::nest::{self, Nest};
use crate::number::Number;
use crate::pipeline::Key;
use crate::queue::Dispatch;
use crate::raw::Raw;
use crate::source::{Source, WORKGROUP};

/// Elements of a run that are ranked by counting.
const RUN: usize = 32;

/// The places along `axis` in the order of their elements, as `i64`.
pub(crate) fn argsort(x: &Raw, axis: usize, descending: bool) -> Raw {
    let (gpu, kind, dims) = (x.gpu(), DtypeKind::I64, x.dims());
    if let Some(error) = x.error() {
        return Raw::failed(gpu, kind, dims, error.clone());
    }
    let y = Raw::new(gpu, kind, dims);
    if x.numel() == 0 || y.error().is_some() {
        return y;
    }
    match order(x, axis, descending, &y) {
        Ok(()) => y,
        Err(error) => Raw::failed(gpu, kind, dims, error),
    }
}

fn order(x: &Raw, axis: usize, descending: bool, y: &Raw) -> Result<(), DeviceError> {
    let gpu = x.gpu();
    let size = x.dims()[axis];
    let count = x.numel();
    let one = |from: Option<&Raw>, to: &Raw, half: usize| {
        let first = x.layout().narrow(axis, 0, 1);
        let written = y.layout().narrow(axis, 0, 1);
        let nest = Nest::new(first.dims(), &[&first, &written]);
        let class = nest.class();
        let mut params = [count, size, count / size, half].map(|n| n as u32).to_vec();
        params.extend([x, y].map(|raw| raw.layout().strides()[axis] as u32));
        nest.params(class, &mut params);
        let text = Text {
            number: Number::ordered(x.kind()),
            descending,
            merges: from.is_some(),
            to: match to.kind() {
                DtypeKind::I64 => Format::Bits64,
                _ => Format::I32,
            },
            by_rows: axis + 1 == x.dims().len(),
            class,
        };
        let flags = [text.descending, text.merges, text.by_rows]
            .iter()
            .fold(0, |all, &flag| all << 1 | u32::from(flag));
        let variant = [
            text.number.input as u32,
            text.to as u32,
            flags,
            class as u32,
        ];
        let inputs: Vec<&Raw> = [Some(x), from].into_iter().flatten().collect();
        let dispatch = Dispatch {
            key: Key::new("argsort", variant),
            inputs: &inputs,
            outputs: &[to],
            params: &params,
            groups: (count as u64).div_ceil(u64::from(WORKGROUP)),
        };
        gpu.context().dispatch(&dispatch, || text.source())
    };
    if size <= RUN {
        return one(None, y, RUN);
    }
    let scratch = || {
        let raw = Raw::new(gpu, DtypeKind::I32, x.dims());
        match raw.error() {
            Some(error) => Err(error.clone()),
            None => Ok(raw),
        }
    };
    let (mut from, mut to) = (scratch()?, scratch()?);
    one(None, &from, RUN)?;
    let mut half = RUN;
    while 2 * half < size {
        one(Some(&from), &to, half)?;
        std::mem::swap(&mut from, &mut to);
        half *= 2;
    }
    one(Some(&from), y, half)
}

struct Text {
    number: Number,
    descending: bool,
    /// Whether sorted runs are merged, or short ones ranked.
    merges: bool,
    to: Format,
    /// Whether neighbouring invocations have neighbours of one row, not of neighbouring rows.
    by_rows: bool,
    class: usize,
}

impl Text {
    fn source(&self) -> Source {
        let of = self.number.name();
        let place = match self.by_rows {
            true => "let row = i / param(1u);\nlet at = i % param(1u);\n",
            false => "let row = i % param(2u);\nlet at = i / param(2u);\n",
        };
        let before = match self.descending {
            false => "wins(b, a)",
            true => "wins(a, b)",
        };
        let body = match self.merges {
            false => include_str!("kernels/argsort_rank.wgsl"),
            true => include_str!("kernels/argsort_merge.wgsl"),
        };
        let put = match self.to {
            Format::Bits64 => "vec2<u32>(mine, 0u)",
            _ => "i32(mine)",
        };
        let mut inputs = vec![self.number.input];
        if self.merges {
            inputs.push(Format::I32);
        }
        let load = self.number.load(0, "place");
        Source {
            inputs,
            outputs: vec![self.to],
            params: HEAD + nest::params(self.class, 2),
            declarations: format!(
                "{}// Whether `a` comes before `b`, wherever they stand.\n\
                 fn before(a: {of}, b: {of}) -> bool {{ return {before}; }}\n\
                 fn value(first: u32, j: u32) -> {of} {{\n\
                 \x20   let place = first + j * param(4u);\n    return {load};\n}}\n",
                self.number.wins(true)
            ),
            body: format!(
                "let i = group * {WORKGROUP}u + lane;\nif i >= param(0u) {{ return; }}\n{place}{}{}",
                nest::source(self.class, 2, HEAD, "row", "row"),
                body.replace("MINE", put)
            ),
            ..Source::default()
        }
    }
}

/// Parameters before those of the nest: elements, those of a row, rows, the length of a run that is
/// sorted, and the strides of elements and places along the axis.
const HEAD: usize = 6;
