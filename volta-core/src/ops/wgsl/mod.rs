//! Elementwise functions in WGSL, the language of WebGPU's shaders.
//!
//! Nothing is written in it per function: the scalar function runs on [`Value`]s, which record what
//! is done with them, and the recording is printed. [`Function`] is the result. What WGSL lacks, or
//! has without a promise of accuracy (`exp`, `ln`, `sin`, `erf`, `pow`, ...), it calls in a library
//! of functions that comes along.
//!
//! Compilers of shaders may take it that no number is NaN or infinite, and refuse constants that
//! are. So a comparison that could meet NaN on both sides looks at the bits, what is known is
//! computed here rather than there, and infinities come from their bits through a call.

mod library;
mod print;
mod value;

use crate::dtype::{Dtype, DtypeKind};
use crate::ops::function::{Scalar, Test};
use value::Trace;

pub use value::Value;

/// What a function computes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Element {
    /// `f32`; `f16` and `bf16` are widened to it.
    F32,
    /// `f64`, an extension of naga's, which needs `SHADER_F64`; the functions of the library look at
    /// the bits and need `SHADER_INT64` as well.
    F64,
    /// `i32`.
    I32,
    /// `i64`, an extension of naga's, which needs `SHADER_INT64`.
    I64,
    /// `u8`, as a `u32` below 256: sums, differences and products are cut to 8 bits.
    U8,
    /// `bool`.
    Bool,
}

impl Element {
    /// What functions of `E` compute in.
    pub const fn of<E: Dtype>() -> Element {
        match E::KIND {
            DtypeKind::F16 | DtypeKind::Bf16 | DtypeKind::F32 => Element::F32,
            DtypeKind::F64 => Element::F64,
            DtypeKind::I32 => Element::I32,
            DtypeKind::I64 => Element::I64,
            DtypeKind::U8 => Element::U8,
            DtypeKind::Bool => Element::Bool,
        }
    }

    /// The type in WGSL: `"f32"`, `"f64"`, `"i32"`, `"i64"`, `"u32"`, `"bool"`.
    pub const fn name(self) -> &'static str {
        match self {
            Element::F32 => "f32",
            Element::F64 => "f64",
            Element::I32 => "i32",
            Element::I64 => "i64",
            Element::U8 => "u32",
            Element::Bool => "bool",
        }
    }

    const fn is_float(self) -> bool {
        matches!(self, Element::F32 | Element::F64)
    }
}

/// What an argument of a [`Function`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Argument {
    /// An input: `x0`, `x1`, ...
    Input(usize),
    /// A parameter: `p0`, `p1`, ...
    Param(usize),
    /// The output whose derivative it is: `y`.
    Output,
    /// The gradient of that output: `gy`.
    Gradient,
}

impl Argument {
    /// Its name in the source.
    pub fn name(self) -> String {
        match self {
            Argument::Input(k) => format!("x{k}"),
            Argument::Param(k) => format!("p{k}"),
            Argument::Output => "y".to_owned(),
            Argument::Gradient => "gy".to_owned(),
        }
    }
}

/// A function in WGSL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name in the source.
    pub name: String,
    /// The functions of the library that it calls, each after those that it calls itself, and then
    /// `definition`.
    pub source: String,
    /// The function alone. [`module`] puts several together.
    pub definition: String,
    /// What it takes, in this order, all of type `element`: a value or a test all inputs and then
    /// all parameters; a derivative what it reads of inputs, parameters and output, and then the
    /// gradient.
    pub arguments: Vec<Argument>,
    /// How many inputs the op has.
    pub inputs: usize,
    /// How many parameters the op has.
    pub params: usize,
    /// How many outputs the function has. More than one are the fields `y0`, `y1`, ... of a
    /// structure.
    pub outputs: usize,
    /// What it computes in.
    pub element: Element,
}

/// The source of several functions, with each of them and of the library once.
pub fn module<'a>(functions: impl IntoIterator<Item = &'a Function>) -> String {
    let mut definitions: Vec<&str> = Vec::new();
    for function in functions {
        if !definitions.contains(&function.definition.as_str()) {
            definitions.push(&function.definition);
        }
    }
    let definitions = definitions.concat();
    library::called_by(&definitions) + &definitions
}

impl Function {
    /// The outputs of `Op`, which has `params` parameters. Its name is `{name}_value`.
    pub fn value<Op, const N: usize, const M: usize>(
        name: &str,
        params: usize,
        element: Element,
    ) -> Self
    where
        Op: Scalar<Value, N, M>,
    {
        let trace = Trace::default();
        let (x, p) = arguments::<N>(&trace, params, element);
        let results = Op::value(x, &p);
        let signature = Signature {
            name: format!("{name}_value"),
            arguments: whole(N, params),
            inputs: N,
            params,
            result: element,
            element,
        };
        signature.print(&trace, &results)
    }

    /// The derivative of output `output` of `Op` by input `input`, times the gradient of that
    /// output. Its name is `{name}_vjp_{output}_{input}`.
    pub fn vjp<Op, const N: usize, const M: usize>(
        name: &str,
        params: usize,
        output: usize,
        input: usize,
        element: Element,
    ) -> Self
    where
        Op: Scalar<Value, N, M>,
    {
        let trace = Trace::default();
        let (x, p) = arguments::<N>(&trace, params, element);
        let y = trace.argument(Argument::Output, element);
        let gy = trace.argument(Argument::Gradient, element);
        let result = Op::partial(output, input, x, y, &p) * gy;
        let arguments = {
            let graph = trace.0.borrow();
            let needed = print::needed(&graph, &[result.at]);
            let all = graph.nodes.iter().zip(needed);
            all.filter_map(|(node, needed)| match node.op {
                value::Op::Argument(Argument::Gradient) => Some(Argument::Gradient),
                value::Op::Argument(argument) if needed => Some(argument),
                _ => None,
            })
            .collect()
        };
        let signature = Signature {
            name: format!("{name}_vjp_{output}_{input}"),
            arguments,
            inputs: N,
            params,
            result: element,
            element,
        };
        signature.print(&trace, &[result])
    }

    /// Whether `Op` holds: a function that returns `bool`. Its name is `{name}_test`.
    pub fn test<Op, const N: usize>(name: &str, params: usize, element: Element) -> Self
    where
        Op: Test<Value, N>,
    {
        let trace = Trace::default();
        let (x, p) = arguments::<N>(&trace, params, element);
        let result = Op::test(x, &p);
        let signature = Signature {
            name: format!("{name}_test"),
            arguments: whole(N, params),
            inputs: N,
            params,
            result: Element::Bool,
            element,
        };
        signature.print(&trace, &[result])
    }
}

fn whole(inputs: usize, params: usize) -> Vec<Argument> {
    let inputs = (0..inputs).map(Argument::Input);
    inputs.chain((0..params).map(Argument::Param)).collect()
}

fn arguments<const N: usize>(
    trace: &Trace,
    params: usize,
    element: Element,
) -> ([Value; N], Vec<Value>) {
    let x = std::array::from_fn(|k| trace.argument(Argument::Input(k), element));
    let p = (0..params).map(|k| trace.argument(Argument::Param(k), element));
    (x, p.collect())
}

struct Signature {
    name: String,
    arguments: Vec<Argument>,
    inputs: usize,
    params: usize,
    result: Element,
    element: Element,
}

impl Signature {
    fn print(self, trace: &Trace, results: &[Value]) -> Function {
        let roots: Vec<_> = results.iter().map(|value| value.at).collect();
        let (statements, results) = print::body(&trace.0.borrow(), &roots);
        let arguments: Vec<_> = (self.arguments.iter())
            .map(|argument| format!("{}: {}", argument.name(), self.element.name()))
            .collect();
        let mut structure = String::new();
        let (returned, value) = match &results[..] {
            [one] => (self.result.name().to_owned(), one.clone()),
            several => {
                let name = format!("{}Out", camel(&self.name));
                let fields: Vec<_> = (0..several.len())
                    .map(|k| format!("    y{k}: {},\n", self.result.name()))
                    .collect();
                structure = format!("struct {name} {{\n{}}}\n", fields.concat());
                let value = format!("{name}({})", several.join(", "));
                (name, value)
            }
        };
        let definition = format!(
            "{structure}fn {}({}) -> {returned} {{\n{statements}    return {value};\n}}\n",
            self.name,
            arguments.join(", "),
        );
        Function {
            source: library::called_by(&definition) + &definition,
            name: self.name,
            definition,
            arguments: self.arguments,
            inputs: self.inputs,
            params: self.params,
            outputs: results.len(),
            element: self.element,
        }
    }
}

fn camel(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(letters)
        })
        .collect()
}
