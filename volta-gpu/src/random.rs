//! Random numbers, those of the CPU: every invocation draws a block of Philox 4x32-10.

use volta_core::DtypeKind;
use volta_core::dtype::Num;
use volta_core::ops::elementwise::{Cos, Ln, Sin, Sqrt};
use volta_core::ops::function::Elementwise;
use volta_core::ops::wgsl::{Function, module};
use volta_core::random::Rng;

use crate::format::Format;
use crate::gpu::Gpu;
use crate::pipeline::Key;
use crate::queue::Dispatch;
use crate::raw::Raw;
use crate::source::{Source, WORKGROUP};

/// Numbers in `[0, 1)`.
pub(crate) fn uniform(gpu: &Gpu, kind: DtypeKind, rng: &mut Rng, dims: &[usize]) -> Raw {
    draw(gpu, kind, rng, dims, false)
}

/// Numbers of mean 0 and variance 1.
pub(crate) fn normal(gpu: &Gpu, kind: DtypeKind, rng: &mut Rng, dims: &[usize]) -> Raw {
    draw(gpu, kind, rng, dims, true)
}

fn draw(gpu: &Gpu, kind: DtypeKind, rng: &mut Rng, dims: &[usize], is_normal: bool) -> Raw {
    let n: usize = dims.iter().product();
    let in_block = if kind == DtypeKind::F64 { 2 } else { 4 };
    let count = n.div_ceil(in_block);
    let blocks = rng.advance(count as u64);
    let y = Raw::new(gpu, kind, dims);
    if y.error().is_some() || n == 0 {
        return y;
    }
    let words = |long: u64| [long as u32, (long >> 32) as u32];
    let mut params = vec![n as u32];
    params.extend(blocks.key);
    params.extend(words(blocks.counter));
    params.extend(words(blocks.stream));
    let dispatch = Dispatch {
        key: Key::new("random", [kind as u32, u32::from(is_normal)]),
        inputs: &[],
        outputs: &[&y],
        params: &params,
        groups: (count as u64).div_ceil(u64::from(WORKGROUP)),
    };
    let source = || {
        let mut declarations = include_str!("kernels/philox.wgsl").to_owned();
        if kind == DtypeKind::F64 {
            declarations += include_str!("kernels/wide_uniform.wgsl");
        }
        if is_normal {
            declarations += &box_muller(kind);
        }
        let pair = if is_normal { "box_muller" } else { "" };
        Source {
            outputs: vec![Format::of(kind)],
            params: params.len(),
            declarations,
            body: include_str!("kernels/random.wgsl").replace("IN_BLOCK", &in_block.to_string())
                + &put(kind, pair),
            ..Source::default()
        }
    };
    match gpu.context().dispatch(&dispatch, source) {
        Ok(()) => y,
        Err(error) => Raw::failed(gpu, kind, dims, error),
    }
}

/// Statements that write the numbers of the block `words`, which begin at `i`.
fn put(kind: DtypeKind, pair: &str) -> String {
    if kind == DtypeKind::F64 {
        return format!(
            "let pair = {pair}(vec2<f64>(wide(words.x, words.y), wide(words.z, words.w)));\n\
             out0_put(i, pair.x);\nif i + 1u < param(0u) {{ out0_put(i + 1u, pair.y); }}"
        );
    }
    let numbers = format!(
        "let numbers = vec4<f32>(words >> vec4<u32>(8u)) * 5.9604644775390625e-8f;\n\
         let first = {pair}(numbers.xy);\nlet second = {pair}(numbers.zw);\n"
    );
    let format = Format::of(kind);
    numbers
        + &match format.per_word() {
            2 => format!(
                "out0[i >> 1u] = {} | ({} << 16u);\n\
                 if i + 2u < param(0u) {{ out0[(i >> 1u) + 1u] = {} | ({} << 16u); }}",
                format.encode("first.x"),
                format.encode("first.y"),
                format.encode("second.x"),
                format.encode("second.y"),
            ),
            _ => "out0_put(i, first.x);\n\
                  if i + 1u < param(0u) { out0_put(i + 1u, first.y); }\n\
                  if i + 2u < param(0u) { out0_put(i + 2u, second.x); }\n\
                  if i + 3u < param(0u) { out0_put(i + 3u, second.y); }"
                .to_owned(),
        }
}

/// Two normal numbers of two uniform ones.
fn box_muller(kind: DtypeKind) -> String {
    fn functions<E: Num>() -> [Function; 4]
    where
        Ln: Elementwise<E, 1>,
        Sqrt: Elementwise<E, 1>,
        Sin: Elementwise<E, 1>,
        Cos: Elementwise<E, 1>,
    {
        [
            <Ln as Elementwise<E, 1>>::wgsl(),
            <Sqrt as Elementwise<E, 1>>::wgsl(),
            <Sin as Elementwise<E, 1>>::wgsl(),
            <Cos as Elementwise<E, 1>>::wgsl(),
        ]
    }
    let (functions, of, suffix) = match kind {
        DtypeKind::F64 => (functions::<f64>(), "f64", "lf"),
        _ => (functions::<f32>(), "f32", "f"),
    };
    let [ln, sqrt, sin, cos] = functions.each_ref().map(|function| function.name.as_str());
    let text = include_str!("kernels/box_muller.wgsl");
    let text = (text.replace("NUMBER", of))
        .replace("SUFFIX", suffix)
        .replace("LN", ln)
        .replace("SQRT", sqrt)
        .replace("SIN", sin)
        .replace("COS", cos);
    module(&functions) + &text
}
