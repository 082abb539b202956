//! Ops that move elements and change none.

use volta_core::DtypeKind;
use volta_core::error::DeviceError;
use volta_core::layout::Layout;

use crate::cast;
use crate::format::Format;
use crate::gpu::Gpu;
use crate::map::{Body, Map, Operand};
use crate::nest::{self, Nest};
use crate::pipeline::Key;
use crate::queue::Dispatch;
use crate::raw::Raw;
use crate::source::{Source, WORKGROUP};

/// A map that moves elements of `kind` and has neither function nor traps.
fn movement<'a>(
    name: &'static str,
    operands: &'a [Operand<'a>],
    kind: DtypeKind,
    dims: &'a [usize],
    words: &'a [u32],
) -> Map<'a> {
    Map {
        name,
        op: None,
        variant: [0; 2],
        operands,
        kind,
        format: Format::bits(kind),
        dims,
        words,
        trap: 0,
    }
}

/// The elements in row-major order.
pub(crate) fn copy(x: &Raw) -> Raw {
    let operands = [Operand::bits(x)];
    let map = movement("copy", &operands, x.kind(), x.dims(), &[]);
    let [y] = map.run(x.gpu(), || Body::of("let r0 = x0;"));
    y
}

/// The elements in row-major order, copied where they lie otherwise.
pub(crate) fn contiguous(x: &Raw) -> Raw {
    match x.layout().is_contiguous() {
        true => x.clone(),
        false => copy(x),
    }
}

/// The same elements under other sizes, copied where they have to be.
pub(crate) fn reshape(x: &Raw, dims: &[usize]) -> Raw {
    match x.layout().reshape(dims) {
        Some(layout) => x.view(layout),
        None => {
            let copy = copy(x);
            let layout = copy.layout().reshape(dims).expect("row-major");
            copy.view(layout)
        }
    }
}

/// Equal elements, from their bytes.
pub(crate) fn full(gpu: &Gpu, kind: DtypeKind, bytes: &[u8], dims: &[usize]) -> Raw {
    let mut word = [0; 8];
    for (to, from) in word.iter_mut().zip(bytes.iter().cycle()) {
        *to = *from;
    }
    let words: [u32; 2] = bytemuck::cast(word);
    let map = movement("full", &[], kind, dims, &words);
    let [y] = map.run(gpu, || {
        Body::of(match Format::bits(kind) {
            Format::Bits64 => "let r0 = vec2<u32>(word(0u), word(1u));",
            _ => "let r0 = word(0u);",
        })
    });
    y
}

/// `yes` where `mask`, otherwise `no`.
pub(crate) fn select(mask: &Raw, yes: &Raw, no: &Raw) -> Raw {
    let operands = [Operand::value(mask), Operand::bits(yes), Operand::bits(no)];
    let map = movement("select", &operands, yes.kind(), yes.dims(), &[]);
    let [y] = map.run(yes.gpu(), || Body::of("let r0 = select(x2, x1, x0);"));
    y
}

/// `x` between zeros.
pub(crate) fn pad(x: &Raw, axis: usize, before: usize, after: usize) -> Raw {
    let mut dims = x.dims().to_vec();
    let len = dims[axis];
    dims[axis] += before + after;
    let inner: usize = dims[axis + 1..].iter().product();
    let words = [
        inner as u32,
        dims[axis] as u32,
        before as u32,
        len as u32,
        // Where the elements would begin, had they so many more before them.
        (x.layout().strides()[axis] * before as isize) as u32,
    ];
    let padded = match len {
        0 => Layout::contiguous(&[]).expand(&dims),
        _ => x.layout().widen(axis, dims[axis]),
    };
    let operands = [Operand::place(x, padded)];
    let map = movement("pad", &operands, x.kind(), &dims, &words);
    let [y] = map.run(x.gpu(), || {
        let zero = zero(Format::bits(x.kind()));
        Body::of(format!(
            "let along = (i / word(0u)) % word(1u);\nvar r0 = {zero};\n\
             if along >= word(2u) && along - word(2u) < word(3u) {{ r0 = in0_at(i0 - word(4u)); }}"
        ))
    });
    y
}

pub(crate) fn zero(format: Format) -> &'static str {
    match format {
        Format::Bits64 => "vec2<u32>(0u, 0u)",
        _ => "0u",
    }
}

/// Writes `x` into `target`, a view of memory that nothing else reads. Their elements are of a word
/// or more.
fn place(x: &Raw, target: &Raw) -> Result<(), DeviceError> {
    let n = x.numel();
    if n == 0 {
        return Ok(());
    }
    let nest = Nest::new(x.dims(), &[x.layout(), target.layout()]);
    let class = nest.class();
    let mut params = vec![n as u32];
    nest.params(class, &mut params);
    let format = Format::bits(x.kind());
    let dispatch = Dispatch {
        key: Key::new("place", [format as u32, class as u32]),
        inputs: &[x],
        outputs: &[target],
        params: &params,
        groups: (n as u64).div_ceil(u64::from(WORKGROUP)),
    };
    x.gpu().context().dispatch(&dispatch, || {
        Source {
            inputs: vec![format],
            outputs: vec![format],
            params: 1 + nest::params(class, 2),
            body: format!(
                "let i = group * {WORKGROUP}u + lane;\nif i >= param(0u) {{ return; }}\n{}out0_put(i1, in0_at(i0));",
                nest::source(class, 2, 1, "i", "i")
            ),
            ..Source::default()
        }
    })
}

/// The tensors one after the other along `axis`.
pub(crate) fn cat(parts: &[&Raw], axis: usize) -> Raw {
    let (gpu, kind) = (parts[0].gpu(), parts[0].kind());
    let mut dims = parts[0].dims().to_vec();
    dims[axis] = parts.iter().map(|part| part.dims()[axis]).sum();
    if let Some(error) = parts.iter().find_map(|part| part.error()) {
        return Raw::failed(gpu, kind, &dims, error.clone());
    }
    if kind.size() < 4 {
        // One word holds elements of several rows: each gets a word of its own on the way.
        let wide: Vec<Raw> = parts.iter().map(|part| cast::spread(part)).collect();
        let wide: Vec<&Raw> = wide.iter().collect();
        return cast::gather_bits(&cat(&wide, axis), kind);
    }
    let y = Raw::new(gpu, kind, &dims);
    if y.error().is_some() {
        return y;
    }
    let mut start = 0;
    for part in parts {
        let len = part.dims()[axis];
        let target = y.view(y.layout().narrow(axis, start, len));
        if let Err(error) = place(part, &target) {
            return Raw::failed(gpu, kind, &dims, error);
        }
        start += len;
    }
    y
}
