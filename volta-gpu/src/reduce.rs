//! Reductions of axes. A long run is cut into parts whose results are reduced in turn, so that there
//! is enough to do at once and long sums lose little; how it is cut depends on the sizes alone.

use volta_core::backend::Reduce;
use volta_core::dtype::{DtypeKind, Num, bf16, f16};
use volta_core::error::DeviceError;
use volta_core::layout::Layout;

use crate::cast;
use crate::context::Context;
use crate::nest::{self, Nest};
use crate::number::Number;
use crate::pipeline::Key;
use crate::queue::Dispatch;
use crate::raw::Raw;
use crate::source::{Source, WORKGROUP};
use crate::structural;
use crate::team;

/// `axes` reduced to size 1.
pub(crate) fn reduce(by: Reduce, x: &Raw, axes: &[usize]) -> Raw {
    let mut dims = x.dims().to_vec();
    axes.iter().for_each(|&axis| dims[axis] = 1);
    let (gpu, kind) = (x.gpu(), x.kind());
    if let Some(error) = x.error() {
        return Raw::failed(gpu, kind, &dims, error.clone());
    }
    let outputs: usize = dims.iter().product();
    if outputs == 0 {
        return Raw::new(gpu, kind, &dims);
    }
    if x.numel() == 0 {
        return structural::full(gpu, kind, &of_nothing(by, kind), &dims);
    }
    if outputs == x.numel() {
        return x.clone();
    }
    let number = match by {
        Reduce::Sum | Reduce::Prod => Number::of(kind),
        Reduce::Max | Reduce::Min => Number::ordered(kind),
    };
    match fold(by, number, x, axes, &dims) {
        Ok(y) => cast::cast(&y.view(Layout::contiguous(&dims)), kind),
        Err(error) => Raw::failed(gpu, kind, &dims, error),
    }
}

/// The bytes of what no elements are reduced to.
fn of_nothing(by: Reduce, kind: DtypeKind) -> Vec<u8> {
    fn bytes<E: Num>(by: Reduce) -> Vec<u8> {
        let value = match by {
            Reduce::Sum => E::ZERO,
            Reduce::Prod => E::ONE,
            Reduce::Max => E::LOWEST,
            Reduce::Min => E::HIGHEST,
        };
        bytemuck::bytes_of(&value).to_vec()
    }
    match kind {
        DtypeKind::F16 => bytes::<f16>(by),
        DtypeKind::Bf16 => bytes::<bf16>(by),
        DtypeKind::F32 => bytes::<f32>(by),
        DtypeKind::F64 => bytes::<f64>(by),
        DtypeKind::U8 => bytes::<u8>(by),
        DtypeKind::I32 => bytes::<i32>(by),
        DtypeKind::I64 => bytes::<i64>(by),
        kind => unreachable!("numbers of {kind}"),
    }
}

/// Where the run of each output starts, and where its elements lie from there.
pub(crate) struct Split {
    pub(crate) kept: Nest,
    pub(crate) run: Nest,
}

impl Split {
    pub(crate) fn new(layout: &Layout, axes: &[usize]) -> Split {
        let is_run = |axis: &usize| axes.contains(axis);
        let without = |one: &dyn Fn(&usize) -> bool| {
            let mut rest = *layout;
            for axis in 0..layout.dims().len() {
                if one(&axis) {
                    rest = rest.narrow(axis, 0, 1);
                }
            }
            rest
        };
        let (kept, run) = (without(&is_run), without(&|axis| !is_run(axis)));
        // The order within the run is free: the longest strides first.
        let mut order: Vec<usize> = (0..run.dims().len()).collect();
        order.sort_by_key(|&axis| std::cmp::Reverse(run.strides()[axis].abs()));
        let run = run.permute(&order);
        let (kept, mut run) = (
            Nest::new(kept.dims(), &[&kept]),
            Nest::new(run.dims(), &[&run]),
        );
        run.offsets = vec![0];
        Split { kept, run }
    }

    fn len(&self) -> usize {
        self.run.dims.iter().map(|&size| size as usize).product()
    }

    /// Whether neighbouring outputs read neighbouring elements, and more than those of a run.
    fn has_columns(&self) -> bool {
        let last = |nest: &Nest| Some((*nest.dims.last()?, nest.strides[0].last()?.cast_signed()));
        match (last(&self.kept), last(&self.run)) {
            (Some((columns, 1)), Some((_, stride))) => stride != 1 && columns >= 8,
            _ => false,
        }
    }
}

/// How a run is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plan {
    /// Invocations that share an output; 1 without workgroup memory.
    members: u32,
    /// Elements of one part.
    len: usize,
    parts: usize,
}

impl Plan {
    fn new(is_shared: bool, outputs: usize, run: usize, columns: bool) -> Plan {
        let (members, len) = match is_shared {
            // As many invocations as keep the device busy.
            false => (
                1,
                run.div_ceil((1 << 11) / outputs.min(1 << 11))
                    .clamp(256, 4096),
            ),
            true if columns || run < 32 => (
                1,
                run.div_ceil((1 << 16) / outputs.min(1 << 16))
                    .clamp(64, 4096),
            ),
            true => {
                let members = if run <= 512 { 32 } else { 256 };
                let teams = (1 << 18) / members;
                let fair = run.div_ceil(teams / outputs.min(teams));
                (members as u32, fair.clamp(16 * members, 64 * members))
            }
        };
        let parts = run.div_ceil(len);
        Plan {
            members,
            len: run.div_ceil(parts),
            parts,
        }
    }
}

fn combination(by: Reduce) -> &'static str {
    match by {
        Reduce::Sum => "a + b",
        Reduce::Prod => "a * b",
        Reduce::Max | Reduce::Min => "select(a, b, wins(b, a))",
    }
}

/// The elements of `x`, at least one, reduced to a tensor of `number.wide` elements with as many
/// elements as `dims`.
fn fold(
    by: Reduce,
    number: Number,
    x: &Raw,
    axes: &[usize],
    dims: &[usize],
) -> Result<Raw, DeviceError> {
    let gpu = x.gpu();
    let split = Split::new(x.layout(), axes);
    let (outputs, run) = (dims.iter().product::<usize>(), split.len());
    let shared = gpu.context().prefers_shared();
    let plan = Plan::new(shared, outputs, run, split.has_columns());
    // The parts of one output are far from each other: neighbours write neighbours.
    let y = Raw::new(gpu, number.wide, &[plan.parts, outputs]);
    if let Some(error) = y.error() {
        return Err(error.clone());
    }
    let pieces = plan.parts * outputs;
    let mut params = [pieces, outputs, plan.len, run].map(|n| n as u32).to_vec();
    let kept = split.kept.class();
    split.kept.params(kept, &mut params);
    let mut rows = split.run;
    if plan.members == 1 {
        // The innermost axis is a loop of its own.
        params.push(rows.dims.pop().unwrap_or(1));
        params.push(rows.strides[0].pop().unwrap_or(0));
    }
    let class = rows.class();
    rows.params(class, &mut params);
    let dispatch = Dispatch {
        key: Key::new(
            "reduce",
            [
                by as u32,
                number.input as u32,
                number.output as u32,
                plan.members,
                kept as u32,
                class as u32,
            ],
        ),
        inputs: &[x],
        outputs: &[&y],
        params: &params,
        groups: team::groups(pieces, plan.members),
    };
    gpu.context().dispatch(&dispatch, || {
        let text = Text {
            by,
            number,
            members: plan.members,
            kept,
            class,
        };
        text.source(gpu.context())
    })?;
    if plan.parts == 1 {
        return Ok(y);
    }
    let number = Number {
        input: number.output,
        ..number
    };
    fold(by, number, &y, &[0], &[outputs])
}

struct Text {
    by: Reduce,
    number: Number,
    members: u32,
    kept: usize,
    class: usize,
}

impl Text {
    fn source(&self, context: &Context) -> Source {
        let wins = match self.by {
            Reduce::Max | Reduce::Min => self.number.wins(self.by == Reduce::Max),
            Reduce::Sum | Reduce::Prod => String::new(),
        };
        let (of, fold) = (self.number.name(), combination(self.by));
        let subgroups = team::has_subgroups(context, of, self.members);
        let first = 4 + nest::params(self.kept, 1);
        let part = format!(
            "let output = i % param(1u);\nlet part = i / param(1u);\n{}\
             let first = part * param(2u);\n",
            nest::source(self.kept, 1, 4, "output", "kept")
        );
        let (params, declarations, body) = match self.members {
            1 => (
                first + 2 + nest::params(self.class, 1),
                format!("fn fold(a: {of}, b: {of}) -> {of} {{ return {fold}; }}\n"),
                self.alone(&part, first),
            ),
            members => (
                first + nest::params(self.class, 1),
                format!(
                    "fn fold(a: {of}, b: {of}) -> {of} {{ return {fold}; }}\n{}",
                    team::combine(subgroups, "combine", of, members, "fold(a, b)")
                ),
                self.together(&part, first),
            ),
        };
        Source {
            inputs: vec![self.number.input],
            outputs: vec![self.number.output],
            params,
            subgroups,
            declarations: wins + &declarations,
            body,
            ..Source::default()
        }
    }

    /// An invocation folds a part, row by row of its innermost axis.
    fn alone(&self, part: &str, first: usize) -> String {
        format!(
            "let i = group * {WORKGROUP}u + lane;\nif i >= param(0u) {{ return; }}\n{part}\
             let last = min(first + param(2u), param(3u));\n\
             let inner = param({first}u);\nlet stride = param({}u);\n\
             var total: {of};\nvar at = first;\n\
             while at < last {{\n\
             let row = at / inner;\nlet column = at % inner;\n\
             let count = min(min(inner - column, last - at), 256u);\n{}\
             let start = kept0 + row0 + column * stride;\n\
             var run = {};\n\
             for (var j = 1u; j < count; j++) {{ run = fold(run, {}); }}\n\
             if at == first {{ total = run; }} else {{ total = fold(total, run); }}\n\
             at += count;\n}}\nout0_put(i, total);",
            first + 1,
            nest::source(self.class, 1, first + 2, "row", "row"),
            self.number.load(0, "start"),
            self.number.load(0, "start + j * stride"),
            of = self.number.name(),
        )
    }

    /// A team folds a part, its members taking turns.
    fn together(&self, part: &str, first: usize) -> String {
        let members = self.members;
        format!(
            "{}{part}\
             let last = select(first, min(first + param(2u), param(3u)), is_here);\n\
             var total: {of};\n\
             for (var at = first + member; at < last; at += {members}u) {{\n{}\
             let value = {};\n\
             if at < first + {members}u {{ total = value; }} else {{ total = fold(total, value); }}\n}}\n\
             let result = combine(lane, last - first, total);\n\
             if is_here && member == 0u {{ out0_put(i, result); }}",
            team::place(members),
            nest::source(self.class, 1, first, "at", "run"),
            self.number.load(0, "kept0 + run0"),
            of = self.number.name(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_run_has_elements() {
        for is_shared in [false, true] {
            for columns in [false, true] {
                for outputs in [1, 7, 300, 1 << 20] {
                    for run in [2, 31, 257, 4097, 70_001, 3_000_017] {
                        let plan = Plan::new(is_shared, outputs, run, columns);
                        assert!(plan.parts * plan.len >= run, "{plan:?}");
                        assert!((plan.parts - 1) * plan.len < run, "{plan:?}");
                        assert!(plan.parts < run, "{plan:?}");
                    }
                }
            }
        }
    }
}
