//! Elementwise functions in WGSL: the text is what it should be, compilers accept it, and it
//! computes what the CPU does.

mod accuracy;
mod interpreter;
mod number;
mod ops;
mod tracing;

use interpreter::Value;
use naga::valid::Capabilities;
use volta::ops::wgsl::{Element, Function};

/// Parses and validates the function within a whole shader, which calls it on buffers.
fn compile(function: &Function) -> naga::Module {
    let kind = function.element.name();
    let stored = if kind == "bool" { "u32" } else { kind };
    let arguments: Vec<_> = (0..function.arguments.len())
        .map(|k| match kind {
            "bool" => format!("operands[{k}] != 0u"),
            _ => format!("operands[{k}]"),
        })
        .collect();
    let call = format!("{}({})", function.name, arguments.join(", "));
    let test = function.name.ends_with("_test");
    let (result, stores) = match (function.outputs, test) {
        (_, true) => ("u32", "results[0] = select(0u, 1u, result);".to_owned()),
        (1, false) => (stored, "results[0] = result;".to_owned()),
        (several, false) => {
            let stores = (0..several).map(|k| format!("results[{k}] = result.y{k};"));
            (stored, stores.collect())
        }
    };
    let source = format!(
        "{}
        @group(0) @binding(0) var<storage, read> operands: array<{stored}>;
        @group(0) @binding(1) var<storage, read_write> results: array<{result}>;
        @compute @workgroup_size(64) fn main() {{
            let result = {call};
            {stores}
        }}",
        function.source
    );
    let module = naga::front::wgsl::parse_str(&source)
        .unwrap_or_else(|error| panic!("{}", error.emit_to_string(&source)));
    let flags = naga::valid::ValidationFlags::all();
    let capabilities = match function.element {
        Element::F64 => Capabilities::FLOAT64 | Capabilities::SHADER_INT64,
        Element::I64 => Capabilities::SHADER_INT64,
        _ => Capabilities::empty(),
    };
    naga::valid::Validator::new(flags, capabilities)
        .validate(&module)
        .unwrap_or_else(|error| panic!("{}", error.emit_to_string(&source)));
    module
}

fn float(value: Value) -> f64 {
    match value {
        Value::F32(x) => f64::from(x),
        Value::F64(x) => x,
        other => panic!("{other:?} is no float"),
    }
}

/// A number of `element` with the value of this one.
fn operand(element: Element, value: i32) -> Value {
    match element {
        Element::F32 => Value::F32(value as f32),
        Element::F64 => Value::F64(f64::from(value)),
        Element::I32 => Value::I32(value),
        Element::I64 => Value::I64(i64::from(value)),
        Element::U8 => Value::U32(u32::from(value as u8)),
        Element::Bool => Value::Bool(value != 0),
    }
}
