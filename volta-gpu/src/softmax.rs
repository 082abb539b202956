//! Softmax and its logarithm, a row in one kernel. Few long rows are put together of reductions and
//! functions of every element instead.

use volta_core::DtypeKind;
use volta_core::backend::Reduce;
use volta_core::error::DeviceError;
use volta_core::layout::Layout;
use volta_core::ops::elementwise::{Exp, Ln};
use volta_core::ops::function::Elementwise;
use volta_core::ops::wgsl::{Function, module};

use crate::cast;
use crate::context::Context;
use crate::format::Format;
use crate::map::{Body, Map, Operand};
use crate::nest::{self, Nest};
use crate::number::Number;
use crate::pipeline::Key;
use crate::queue::Dispatch;
use crate::raw::Raw;
use crate::reduce::reduce;
use crate::source::{Source, WORKGROUP};
use crate::team;

/// `exp(x) / sum(exp(x))` along `axis`, or its logarithm.
pub(crate) fn softmax(x: &Raw, axis: usize, log: bool) -> Raw {
    run(Op { log, is_vjp: false }, &[x], axis)
}

/// The gradient of [`softmax`], from its output.
pub(crate) fn softmax_vjp(y: &Raw, gy: &Raw, axis: usize, log: bool) -> Raw {
    run(Op { log, is_vjp: true }, &[y, gy], axis)
}

#[derive(Clone, Copy)]
struct Op {
    log: bool,
    is_vjp: bool,
}

fn run(op: Op, inputs: &[&Raw], axis: usize) -> Raw {
    let x = inputs[0];
    let (gpu, kind, dims) = (x.gpu(), x.kind(), x.dims());
    if let Some(error) = inputs.iter().find_map(|raw| raw.error()) {
        return Raw::failed(gpu, kind, dims, error.clone());
    }
    if x.numel() == 0 {
        return Raw::new(gpu, kind, dims);
    }
    let (size, rows) = (dims[axis], x.numel() / dims[axis]);
    let is_long = match gpu.context().prefers_shared() {
        true => size > 1 << 15 && rows < 64,
        false => size > 1 << 11 && rows < 256,
    };
    let done = match is_long {
        true => op.in_steps(inputs, axis),
        false => op.by_row(inputs, axis),
    };
    match done {
        Ok(y) => cast::cast(&y, kind),
        Err(error) => Raw::failed(gpu, kind, dims, error),
    }
}

/// `exp` and `ln` of what `kind` is computed in, under these names.
fn functions(kind: DtypeKind) -> String {
    let [exp, ln] = match kind {
        DtypeKind::F64 => [
            <Exp as Elementwise<f64, 1>>::wgsl(),
            <Ln as Elementwise<f64, 1>>::wgsl(),
        ],
        _ => [
            <Exp as Elementwise<f32, 1>>::wgsl(),
            <Ln as Elementwise<f32, 1>>::wgsl(),
        ],
    };
    let of = Number::of(kind).name();
    let alias = |name: &str, function: &Function| {
        format!(
            "fn {name}_of(x: {of}) -> {of} {{ return {}(x); }}\n",
            function.name
        )
    };
    module([&exp, &ln]) + &alias("exp", &exp) + &alias("ln", &ln)
}

impl Op {
    /// What is added up of `x` and the greatest element of the row, or of `y` and `gy`.
    fn term(self) -> &'static str {
        match (self.is_vjp, self.log) {
            (false, _) => "exp_of(x - greatest)",
            (true, true) => "gy",
            (true, false) => "y * gy",
        }
    }

    /// An element of the result, with the sum of the terms.
    fn result(self) -> &'static str {
        match (self.is_vjp, self.log) {
            // In this order: a large maximum and a small logarithm would round that away.
            (false, true) => "x - greatest - scale",
            (false, false) => "exp_of(x - greatest) * scale",
            (true, true) => "gy - exp_of(y) * total",
            (true, false) => "y * (gy - total)",
        }
    }

    /// What of the sum the result needs.
    fn scale(self, one: &str) -> String {
        match (self.is_vjp, self.log) {
            (false, true) => "let scale = ln_of(total);\n".to_owned(),
            (false, false) => format!("let scale = {one} / total;\n"),
            (true, _) => String::new(),
        }
    }

    fn by_row(self, inputs: &[&Raw], axis: usize) -> Result<Raw, DeviceError> {
        let x = inputs[0];
        let (gpu, dims) = (x.gpu(), x.dims());
        let number = Number::of(x.kind());
        let y = Raw::new(gpu, number.wide, dims);
        if let Some(error) = y.error() {
            return Err(error.clone());
        }
        let (size, rows) = (dims[axis], x.numel() / dims[axis]);
        let all: Vec<&Layout> = inputs
            .iter()
            .map(|raw| raw.layout())
            .chain([y.layout()])
            .collect();
        let firsts: Vec<Layout> = all.iter().map(|layout| layout.narrow(axis, 0, 1)).collect();
        let nest = Nest::new(firsts[0].dims(), &firsts.iter().collect::<Vec<_>>());
        let class = nest.class();
        let mut params = vec![rows as u32, size as u32];
        params.extend(all.iter().map(|layout| layout.strides()[axis] as u32));
        nest.params(class, &mut params);
        let has_columns = x.layout().strides()[axis].abs() != 1 && rows >= 1 << 12;
        let members = match size {
            _ if !gpu.context().prefers_shared() || has_columns => 1,
            0..16 => 1,
            16..=512 => 32,
            _ => 256,
        };
        let row = Row {
            op: self,
            number,
            members,
            class,
        };
        let variant = [
            u32::from(self.log) | u32::from(self.is_vjp) << 1,
            number.input as u32,
            members,
            class as u32,
        ];
        let dispatch = Dispatch {
            key: Key::new("softmax", variant),
            inputs,
            outputs: &[&y],
            params: &params,
            groups: team::groups(rows, members),
        };
        gpu.context()
            .dispatch(&dispatch, || row.source(gpu.context()))?;
        Ok(y)
    }

    /// The sum by [`reduce`], in the type that is computed in.
    fn in_steps(self, inputs: &[&Raw], axis: usize) -> Result<Raw, DeviceError> {
        let x = inputs[0];
        let wide = Number::of(x.kind()).wide;
        let along = |raw: Raw| raw.view(raw.layout().expand(x.dims()));
        let [x_name, other] = match self.is_vjp {
            false => ["x", "greatest"],
            true => ["y", "gy"],
        };
        let other_raw = match self.is_vjp {
            false => along(reduce(Reduce::Max, x, &[axis])),
            true => inputs[1].clone(),
        };
        let names = format!("let {x_name} = x0;\nlet {other} = x1;\n");
        let operands = [Operand::value(x), Operand::value(&other_raw)];
        let map = |name, operands: &[Operand], statements: String| {
            let map = Map {
                name,
                op: None,
                variant: [u32::from(self.log), u32::from(self.is_vjp)],
                operands,
                kind: wide,
                format: Format::of(wide),
                dims: x.dims(),
                words: &[],
                trap: 0,
            };
            let [y] = map.run(x.gpu(), || Body {
                declarations: functions(wide),
                statements,
            });
            y
        };
        let terms = map(
            "softmax_terms",
            &operands,
            format!("{names}let r0 = {};", self.term()),
        );
        let total = along(reduce(Reduce::Sum, &terms, &[axis]));
        let [x, other_raw] = operands;
        let one = one(wide);
        let y = map(
            "softmax_shares",
            &[x, other_raw, Operand::value(&total)],
            format!(
                "{names}let total = x2;\n{}let r0 = {};",
                self.scale(one),
                self.result()
            ),
        );
        match y.error() {
            Some(error) => Err(error.clone()),
            None => Ok(y),
        }
    }
}

fn one(kind: DtypeKind) -> &'static str {
    match kind {
        DtypeKind::F64 => "1.0lf",
        _ => "1.0f",
    }
}

struct Row {
    op: Op,
    number: Number,
    /// Invocations that share a row.
    members: u32,
    class: usize,
}

impl Row {
    /// Every pass over the row reads it again.
    fn source(&self, context: &Context) -> Source {
        let (op, members, of) = (self.op, self.members, self.number.name());
        let subgroups = team::has_subgroups(context, of, members);
        let inputs = if op.is_vjp { 2 } else { 1 };
        let operands = inputs + 1;
        let names: &[&str] = if op.is_vjp { &["y", "gy"] } else { &["x"] };
        let load: String = (names.iter().enumerate())
            .map(|(k, name)| {
                let place = format!("row{k} + j * param({}u)", 2 + k);
                format!("let {name} = {};\n", self.number.load(k, &place))
            })
            .collect();
        let each = |statements: &str| {
            format!("for (var j = member; j < size; j += {members}u) {{\n{load}{statements}\n}}\n")
        };
        let mut declarations = functions(self.number.wide);
        let (place, call) = match members {
            1 => (
                format!(
                    "let i = group * {WORKGROUP}u + lane;\nif i >= param(0u) {{ return; }}\nlet member = 0u;\nlet size = param(1u);\n"
                ),
                ["mine_greatest", "mine_total"].map(str::to_owned),
            ),
            members => {
                declarations += &team::combine(
                    subgroups,
                    "combine_greatest",
                    of,
                    members,
                    "select(b, a, b <= a)",
                );
                declarations += &team::combine(subgroups, "combine_total", of, members, "a + b");
                (
                    team::place(members) + "let size = select(0u, param(1u), is_here);\n",
                    ["greatest", "total"]
                        .map(|name| format!("combine_{name}(lane, size, mine_{name})")),
                )
            }
        };
        let [greatest, total] = call;
        let mut body = place;
        body += &nest::source(self.class, operands, 2 + operands, "i", "row");
        if !op.is_vjp {
            body += &format!("var mine_greatest: {of};\n");
            body += &each(&format!(
                "if j < {members}u || !(x <= mine_greatest) {{ mine_greatest = x; }}"
            ));
            body += &format!("let greatest = {greatest};\n");
        }
        // In runs: a sum of many terms, one after the other, loses more.
        body += &format!("var mine_total: {of};\nvar run: {of};\nvar in_run = 0u;\n");
        body += &each(&format!(
            "run += {};\nin_run += 1u;\nif in_run == 64u {{ mine_total += run; run = {of}(); in_run = 0u; }}",
            op.term()
        ));
        body += &format!(
            "mine_total += run;\nlet total = {total};\n{}",
            op.scale(one(self.number.wide))
        );
        body += &each(&format!(
            "out0_put(row{inputs} + j * param({}u), {});",
            2 + inputs,
            op.result()
        ));
        Source {
            inputs: vec![self.number.input; inputs],
            outputs: vec![self.number.output],
            subgroups,
            params: 2 + operands + nest::params(self.class, operands),
            declarations,
            body,
            ..Source::default()
        }
    }
}
