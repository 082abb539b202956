//! Kernels that compute every element of their outputs by itself: elementwise functions, and all
//! that only moves elements.

use std::any::TypeId;

use volta_core::DtypeKind;
use volta_core::error::DeviceError;
use volta_core::layout::Layout;

use crate::format::Format;
use crate::gpu::Gpu;
use crate::nest::{self, Nest};
use crate::pipeline::Key;
use crate::queue::Dispatch;
use crate::raw::Raw;
use crate::source::{Source, WORKGROUP};

/// One operand.
pub(crate) struct Operand<'a> {
    pub(crate) raw: &'a Raw,
    /// Where the element for each place of the output lies: of the output's sizes.
    pub(crate) layout: Layout,
    pub(crate) format: Format,
    /// Whether the body has its value as `x0`, `x1`, ..; otherwise only where it lies.
    pub(crate) loaded: bool,
}

impl<'a> Operand<'a> {
    /// Its values, for functions of them.
    pub(crate) fn value(raw: &'a Raw) -> Self {
        Operand {
            raw,
            layout: *raw.layout(),
            format: Format::of(raw.kind()),
            loaded: true,
        }
    }

    /// Its bits, to move them.
    pub(crate) fn bits(raw: &'a Raw) -> Self {
        Operand {
            format: Format::bits(raw.kind()),
            ..Operand::value(raw)
        }
    }

    /// Where its elements lie, of which the body loads what it likes: `in0_at(i0)`.
    pub(crate) fn place(raw: &'a Raw, layout: Layout) -> Self {
        Operand {
            layout,
            loaded: false,
            ..Operand::bits(raw)
        }
    }
}

/// What is computed for each place of the output.
pub(crate) struct Map<'a> {
    pub(crate) name: &'static str,
    /// The function in it, and what else its text depends on.
    pub(crate) op: Option<TypeId>,
    pub(crate) variant: [u32; 2],
    pub(crate) operands: &'a [Operand<'a>],
    /// The outputs, all of one type.
    pub(crate) kind: DtypeKind,
    pub(crate) format: Format,
    pub(crate) dims: &'a [usize],
    /// Words that the body reads as `word(0u)`, `word(1u)`, ..; as many for each key.
    pub(crate) words: &'a [u32],
    /// The op's number for [`trap`](Source::traps), or 0.
    pub(crate) trap: u32,
}

/// The text of a kernel's function: declarations, and statements that give `r0`, `r1`, .. from
/// `x0`, `x1`, .., the places `i0`, `i1`, .. in the operands and the place `i` in the output.
pub(crate) struct Body {
    pub(crate) declarations: String,
    pub(crate) statements: String,
}

impl Body {
    /// Statements that call nothing.
    pub(crate) fn of(statements: impl Into<String>) -> Body {
        Body {
            declarations: String::new(),
            statements: statements.into(),
        }
    }
}

/// Words before those of the body: the op's number for traps, and the number of elements.
const HEAD: usize = 2;

impl Map<'_> {
    /// Outputs that could not be made.
    fn failed(&self, gpu: &Gpu, outputs: usize, error: &DeviceError) -> Vec<Raw> {
        vec![Raw::failed(gpu, self.kind, self.dims, error.clone()); outputs]
    }

    /// New outputs.
    pub(crate) fn run<const M: usize>(&self, gpu: &Gpu, body: impl FnOnce() -> Body) -> [Raw; M] {
        let outputs = self.run_in_place(gpu, &[], M, body);
        outputs
            .try_into()
            .unwrap_or_else(|_| unreachable!("M outputs"))
    }

    /// Outputs of which the first are `targets`: whole tensors of these sizes that nobody else sees.
    /// The function's inputs are their old values and then the operands.
    pub(crate) fn run_in_place(
        &self,
        gpu: &Gpu,
        targets: &[Raw],
        others: usize,
        body: impl FnOnce() -> Body,
    ) -> Vec<Raw> {
        let count = targets.len() + others;
        let read = self.operands.iter().map(|operand| operand.raw);
        if let Some(error) = read.chain(targets).find_map(Raw::error) {
            return self.failed(gpu, count, error);
        }
        let new = (0..others).map(|_| Raw::new(gpu, self.kind, self.dims));
        let outputs: Vec<Raw> = targets.iter().cloned().chain(new).collect();
        if let Some(error) = outputs.iter().find_map(Raw::error) {
            return self.failed(gpu, count, error);
        }
        let n: usize = self.dims.iter().product();
        if n == 0 {
            return outputs;
        }
        let layouts: Vec<&Layout> = self.operands.iter().map(|o| &o.layout).collect();
        let nest = Nest::new(self.dims, &layouts);
        let class = nest.class();
        let mut params = vec![self.trap, n as u32];
        params.extend(self.words);
        nest.params(class, &mut params);
        let per_word = self.format.per_word();
        let formats = self.operands.iter().enumerate().map(|(k, operand)| {
            let loaded = u32::from(operand.loaded);
            (operand.format as u32 * 2 + loaded) << (5 * (k % 6))
        });
        let key = Key {
            name: self.name,
            op: self.op,
            variant: [
                self.variant[0],
                self.variant[1],
                class as u32 | (targets.len() as u32) << 8 | (outputs.len() as u32) << 16,
                formats.fold(0, |all, one| all ^ one),
                self.format as u32,
                self.operands.len() as u32,
            ],
        };
        let inputs: Vec<&Raw> = self.operands.iter().map(|operand| operand.raw).collect();
        let written: Vec<&Raw> = outputs.iter().collect();
        let invocations = (n as u64).div_ceil(u64::from(per_word));
        let dispatch = Dispatch {
            key,
            inputs: &inputs,
            outputs: &written,
            params: &params,
            groups: invocations.div_ceil(u64::from(WORKGROUP)),
        };
        let source = || self.source(class, targets.len(), count, &body());
        match gpu.context().dispatch(&dispatch, source) {
            Ok(()) => outputs,
            Err(error) => self.failed(gpu, count, &error),
        }
    }

    fn source(&self, class: usize, targets: usize, outputs: usize, body: &Body) -> Source {
        let operands = self.operands.len();
        let first = HEAD + self.words.len();
        let mut compute = nest::source(class, operands, first, "i", "i");
        for k in 0..targets {
            compute += &format!("let x{k} = out{k}_at(i);\n");
        }
        for (k, operand) in self.operands.iter().enumerate() {
            if operand.loaded {
                compute += &format!("let x{} = in{k}_at(i{k});\n", k + targets);
            }
        }
        compute += &body.statements;
        let per_word = self.format.per_word();
        let text = if per_word == 1 {
            let puts: String = (0..outputs)
                .map(|k| format!("out{k}_put(i, r{k});\n"))
                .collect();
            format!(
                "let i = group * {WORKGROUP}u + lane;\nif i >= param(1u) {{ return; }}\n{compute}\n{puts}"
            )
        } else {
            let each =
                |write: &dyn Fn(usize) -> String| (0..outputs).map(write).collect::<String>();
            let bits = 32 / per_word;
            format!(
                "let at = group * {WORKGROUP}u + lane;\nlet first = at * {per_word}u;\n\
                 if first >= param(1u) {{ return; }}\n{}\
                 let end = min({per_word}u, param(1u) - first);\n\
                 for (var part = 0u; part < end; part++) {{\nlet i = first + part;\n{compute}\n{}}}\n{}",
                each(&|k| format!("var word{k} = 0u;\n")),
                each(&|k| format!(
                    "word{k} |= {} << (part * {bits}u);\n",
                    self.format.encode(&format!("r{k}"))
                )),
                each(&|k| format!("out{k}[at] = word{k};\n")),
            )
        };
        Source {
            inputs: self.operands.iter().map(|operand| operand.format).collect(),
            outputs: vec![self.format; outputs],
            params: first + nest::params(class, operands),
            traps: self.trap != 0,
            declarations: format!(
                "fn word(k: u32) -> u32 {{ return param(k + {HEAD}u); }}\n{}",
                body.declarations
            ),
            body: text,
            ..Source::default()
        }
    }
}
