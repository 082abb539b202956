//! Elements put in places by index, or added there, in the order of the source: no two invocations
//! write one element.

use volta_core::DtypeKind;
use volta_core::error::DeviceError;
use volta_core::layout::Layout;

use crate::cast;
use crate::format::Format;
use crate::nest::{self, Nest};
use crate::number::Number;
use crate::pipeline::Key;
use crate::queue::Dispatch;
use crate::raw::Raw;
use crate::source::{Source, WORKGROUP};
use crate::structural;
use crate::team;

/// Zeros, and `source` added where [`gather`](crate::gather::gather) would read it.
pub(crate) fn scatter_add(dims: &[usize], axis: usize, index: &Raw, source: &Raw) -> Raw {
    let (gpu, kind) = (source.gpu(), source.kind());
    let number = Number::of(kind);
    let done = match index.error().or(source.error()) {
        Some(error) => Err(error.clone()),
        None => {
            let y = structural::full(gpu, number.wide, &[0], dims);
            match y.error() {
                Some(error) => Err(error.clone()),
                None => write(Put::Sum, number, &y, axis, index, source).map(|()| y),
            }
        }
    };
    match done {
        Ok(y) => cast::cast(&y, kind),
        Err(error) => Raw::failed(gpu, kind, dims, error),
    }
}

/// `x`, with `source` where [`gather`](crate::gather::gather) would read it: the last of those with
/// one place.
pub(crate) fn scatter(x: &Raw, axis: usize, index: &Raw, source: &Raw) -> Raw {
    let (gpu, kind) = (x.gpu(), x.kind());
    let done = match index.error().or(source.error()) {
        Some(error) => Err(error.clone()),
        None => {
            // One word holds several narrow elements: each gets a word of its own on the way.
            let (y, number) = match kind.size() < 4 {
                true => (cast::spread(x), Number::bits(kind, DtypeKind::I32)),
                false => (structural::copy(x), Number::bits(kind, kind)),
            };
            match y.error() {
                Some(error) => Err(error.clone()),
                None => write(Put::Last, number, &y, axis, index, source).map(|()| y),
            }
        }
    };
    match done {
        Ok(y) if kind.size() < 4 => cast::gather_bits(&y, kind),
        Ok(y) => y,
        Err(error) => Raw::failed(gpu, kind, x.dims(), error),
    }
}

/// What becomes of elements with one place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Put {
    /// They are added to what is there.
    Sum,
    /// The last stays.
    Last,
}

impl Put {
    fn name(self) -> &'static str {
        match self {
            Put::Sum => "scatter_add",
            Put::Last => "scatter",
        }
    }

    /// What is written at `at` for `value`.
    fn result(self, value: &str) -> String {
        match self {
            Put::Sum => format!("out0_at(at) + {value}"),
            Put::Last => value.to_owned(),
        }
    }
}

fn write(
    put: Put,
    number: Number,
    y: &Raw,
    axis: usize,
    index: &Raw,
    source: &Raw,
) -> Result<(), DeviceError> {
    if source.numel() == 0 {
        return Ok(());
    }
    let context = source.gpu().context();
    let (run, size) = (source.dims()[axis], y.dims()[axis]);
    let rows = source.numel() / run;
    let inner: usize = source.dims()[axis + 1..].iter().product();
    let firsts = [index, source].map(|raw| raw.layout().narrow(axis, 0, 1));
    let nest = Nest::new(firsts[0].dims(), &firsts.each_ref() as &[&Layout]);
    let class = nest.class();
    let mut params = vec![context.traps.number(put.name())];
    params.extend([rows, size, run, inner].map(|n| n as u32));
    params.extend([index, source].map(|raw| raw.layout().strides()[axis] as u32));
    nest.params(class, &mut params);
    let is_shared = context.prefers_shared() && run > 32 && rows < 1 << 16;
    let dispatch = Dispatch {
        key: Key::new(
            put.name(),
            [number.input as u32, class as u32, u32::from(is_shared)],
        ),
        inputs: &[index, source],
        outputs: &[y],
        params: &params,
        groups: match is_shared {
            true => rows as u64,
            false => team::groups(rows, 1),
        },
    };
    context.dispatch(&dispatch, || {
        let of = number.name();
        let load = number.load(1, "row1 + j * param(6u)");
        let nest = |row: &str| nest::source(class, 2, HEAD, row, "row");
        let (declarations, body) = match is_shared {
            // An invocation has a row to itself and takes its run step by step.
            false => (
                String::new(),
                format!(
                    "let row = group * {WORKGROUP}u + lane;\nif row >= param(1u) {{ return; }}\n{}{}",
                    nest("row"),
                    include_str!("kernels/scatter_row.wgsl").replace("PUT", &put.result(&load))
                ),
            ),
            // A workgroup has a row: it reads 256 steps at once, and each invocation adds those
            // that are its own, in order. That costs a look at every step by every invocation, in
            // workgroup memory, and saves waiting for memory at every step.
            true => (
                format!(
                    "var<workgroup> tile_places: array<u32, {WORKGROUP}>;\n\
                     var<workgroup> tile_values: array<{of}, {WORKGROUP}>;\n"
                ),
                format!(
                    "let row = min(group, param(1u) - 1u);\n\
                     let run = select(0u, param(3u), group < param(1u));\n{}{}",
                    nest("row"),
                    include_str!("kernels/scatter_team.wgsl")
                        .replace("LOAD", &load)
                        .replace("PUT", &put.result("tile_values[step]"))
                ),
            ),
        };
        Source {
            inputs: vec![Format::Bits64, number.input],
            outputs: vec![number.output],
            params: HEAD + nest::params(class, 2),
            traps: true,
            declarations,
            body,
            ..Source::default()
        }
    })
}

/// Parameters before those of the nest: the op's number for traps, rows, the sizes of the axis in the
/// output and in the source, elements between neighbours along it in the output, and the strides of
/// index and source along it.
const HEAD: usize = 7;
