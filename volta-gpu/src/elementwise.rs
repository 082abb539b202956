//! The registry's functions as kernels. Their WGSL is volta-core's; nothing is written per function.

use std::any::TypeId;

use volta_core::DtypeKind;
use volta_core::ops::function::Params;
use volta_core::ops::wgsl::{Argument, Element, Function};

use crate::format::Format;
use crate::map::{Body, Map, Operand};
use crate::raw::Raw;

/// One function on tensors of equal sizes.
pub(crate) struct Call<'a> {
    pub(crate) name: &'static str,
    pub(crate) op: TypeId,
    /// Tells the function, its derivatives and the element types apart.
    pub(crate) part: u32,
    pub(crate) params: Params,
    /// The element type of the function's inputs.
    pub(crate) kind: DtypeKind,
    /// The element type of its outputs.
    pub(crate) result: DtypeKind,
    /// What of its arguments there is; for a call in place, those that are not written.
    pub(crate) arguments: &'a [Argument],
    pub(crate) operands: &'a [&'a Raw],
    /// The function, which is traced when it is compiled.
    pub(crate) source: &'a dyn Fn() -> Function,
}

/// The number of the derivative of `output` by `input`.
pub(crate) fn derivative(output: usize, input: usize) -> u32 {
    1 + (output as u32 * 64 + input as u32)
}

impl Call<'_> {
    fn body(&self, targets: usize) -> Body {
        let function = (self.source)();
        let value = |argument: Argument| match argument {
            Argument::Param(k) => param(function.element, k),
            Argument::Input(k) if k < targets => format!("x{k}"),
            other => {
                let at = self.arguments.iter().position(|a| *a == other);
                format!(
                    "x{}",
                    targets + at.expect("what a derivative reads is saved")
                )
            }
        };
        let arguments: Vec<String> = function.arguments.iter().map(|a| value(*a)).collect();
        let call = format!("{}({})", function.name, arguments.join(", "));
        let statements = match function.outputs {
            1 => format!("let r0 = {call};\n"),
            several => {
                let fields = (0..several).map(|k| format!("let r{k} = r.y{k};\n"));
                format!("let r = {call};\n{}", fields.collect::<String>())
            }
        };
        Body {
            declarations: function.source,
            statements,
        }
    }

    /// The parameters as words, in the type that is computed in.
    fn words(&self) -> Vec<u32> {
        let words = |&value: &f64| {
            let bits = match self.kind {
                DtypeKind::F64 => value.to_bits(),
                DtypeKind::I64 => value as i64 as u64,
                DtypeKind::I32 => u64::from(value as i32 as u32),
                DtypeKind::U8 => u64::from(value as u8),
                _ => u64::from((value as f32).to_bits()),
            };
            let words = [bits as u32, (bits >> 32) as u32];
            words.into_iter().take(self.kind.size().div_ceil(4))
        };
        self.params.as_slice().iter().flat_map(words).collect()
    }

    fn with<R>(&self, dims: &[usize], f: impl FnOnce(&Map) -> R) -> R {
        let operands: Vec<Operand> = self
            .operands
            .iter()
            .map(|raw| Operand::value(raw))
            .collect();
        f(&Map {
            name: self.name,
            op: Some(self.op),
            variant: [self.part, self.kind as u32],
            operands: &operands,
            kind: self.result,
            format: Format::of(self.result),
            dims,
            words: &self.words(),
            trap: 0,
        })
    }

    /// New outputs.
    pub(crate) fn run<const M: usize>(&self) -> [Raw; M] {
        let last = self.operands[self.operands.len() - 1];
        self.with(last.dims(), |map| map.run(last.gpu(), || self.body(0)))
    }

    /// The first outputs in the place of `targets`, which nobody else sees.
    pub(crate) fn run_in_place(&self, targets: &[Raw], others: usize) -> Vec<Raw> {
        let gpu = targets[0].gpu();
        self.with(targets[0].dims(), |map| {
            map.run_in_place(gpu, targets, others, || self.body(targets.len()))
        })
    }
}

/// A parameter, from its words.
fn param(element: Element, k: usize) -> String {
    match element {
        Element::F32 => format!("bitcast<f32>(word({k}u))"),
        Element::I32 => format!("bitcast<i32>(word({k}u))"),
        Element::U8 => format!("word({k}u)"),
        Element::Bool => format!("word({k}u) != 0u"),
        Element::I64 | Element::F64 => format!(
            "bitcast<{}>(u64(word({}u)) | (u64(word({}u)) << 32u))",
            element.name(),
            2 * k,
            2 * k + 1
        ),
    }
}
