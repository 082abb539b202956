//! Max pooling over two axes.

use volta_core::DtypeKind;
use volta_core::backend::Pool2dOptions;
use volta_core::error::DeviceError;
use volta_core::sizes;

use crate::cast;
use crate::format::Format;
use crate::number::Number;
use crate::pipeline::Key;
use crate::queue::Dispatch;
use crate::raw::Raw;
use crate::source::{Source, WORKGROUP};
use crate::structural::contiguous;

/// Kernel and strides are part of the text: what is divided by is known, and loops have known ends.
fn key(name: &'static str, number: Number, options: Pool2dOptions) -> Key {
    let ([kh, kw], [sh, sw]) = (options.kernel, options.stride);
    let [kh, kw, sh, sw] = [kh, kw, sh, sw].map(|n| n as u32);
    Key::new(name, [number.input as u32, kh, kw, sh, sw])
}

fn declarations(options: Pool2dOptions) -> String {
    let pair = |name: &str, [h, w]: [usize; 2]| format!("const {name} = vec2<u32>({h}u, {w}u);\n");
    pair("kernel", options.kernel) + &pair("stride", options.stride)
}

/// The type of the winners.
fn winners(options: Pool2dOptions) -> DtypeKind {
    match options.is_small() {
        true => DtypeKind::U8,
        false => DtypeKind::I32,
    }
}

fn params(n: usize, input: &[usize], output: &[usize], options: Pool2dOptions) -> Vec<u32> {
    let pairs = [
        [input[2], input[3]],
        [output[2], output[3]],
        options.padding,
        options.dilation,
    ];
    let pairs = pairs.into_iter().flatten();
    std::iter::once(n).chain(pairs).map(|n| n as u32).collect()
}

/// The greatest element of every window, and which it is.
pub(crate) fn max_pool2d(x: &Raw, options: Pool2dOptions) -> (Raw, Raw) {
    let (gpu, kind, dims) = (x.gpu(), x.kind(), x.dims());
    let [h, w] = sizes::pooled([dims[2], dims[3]], options);
    let out = [dims[0], dims[1], h, w];
    let fail = |error: &DeviceError| {
        let failed = |kind| Raw::failed(gpu, kind, &out, error.clone());
        (failed(kind), failed(winners(options)))
    };
    let x = contiguous(x);
    let number = Number::ordered(kind);
    let y = Raw::new(gpu, number.wide, &out);
    let winners = Raw::new(gpu, winners(options), &out);
    if let Some(error) = x.error().or(y.error()).or(winners.error()) {
        return fail(error);
    }
    if y.numel() > 0 {
        let params = params(y.numel(), dims, &out, options);
        let format = Format::bits(winners.kind());
        let words = (y.numel() as u64).div_ceil(u64::from(format.per_word()));
        let dispatch = Dispatch {
            key: key("max_pool2d", number, options),
            inputs: &[&x],
            outputs: &[&y, &winners],
            params: &params,
            groups: words.div_ceil(u64::from(WORKGROUP)),
        };
        let done = gpu.context().dispatch(&dispatch, || Source {
            inputs: vec![number.input],
            outputs: vec![number.output, format],
            params: params.len(),
            declarations: declarations(options) + &number.wins(true),
            body: include_str!("kernels/max_pool2d.wgsl")
                .replace("NUMBER", number.name())
                .replace("LOAD", &number.load(0, "start + h * width + w"))
                .replace("PER_WORD", &format!("{}u", format.per_word())),
            ..Source::default()
        });
        if let Err(error) = done {
            return fail(&error);
        }
    }
    (cast::cast(&y, kind), winners)
}

/// The gradient of the input of [`max_pool2d`]: every element adds up what the windows that it won
/// have.
pub(crate) fn max_pool2d_input_grad(
    gy: &Raw,
    winners: &Raw,
    options: Pool2dOptions,
    dims: &[usize],
) -> Raw {
    let (gpu, kind) = (gy.gpu(), gy.kind());
    let (gy, winners) = (contiguous(gy), contiguous(winners));
    let number = Number::of(kind);
    let gx = Raw::new(gpu, number.wide, dims);
    if let Some(error) = gy.error().or(winners.error()).or(gx.error()) {
        return Raw::failed(gpu, kind, dims, error.clone());
    }
    if gx.numel() > 0 {
        let params = params(gx.numel(), dims, gy.dims(), options);
        let dispatch = Dispatch {
            key: key("max_pool2d_input_grad", number, options),
            inputs: &[&gy, &winners],
            outputs: &[&gx],
            params: &params,
            groups: (gx.numel() as u64).div_ceil(u64::from(WORKGROUP)),
        };
        let done = gpu.context().dispatch(&dispatch, || Source {
            inputs: vec![number.input, Format::bits(winners.kind())],
            outputs: vec![number.output],
            params: params.len(),
            declarations: declarations(options) + include_str!("kernels/windows.wgsl"),
            body: include_str!("kernels/max_pool2d_input_grad.wgsl")
                .replace("NUMBER", number.name())
                .replace("LOAD", &number.load(0, "window")),
            ..Source::default()
        });
        if let Err(error) = done {
            return Raw::failed(gpu, kind, dims, error);
        }
    }
    cast::cast(&gx, kind)
}
