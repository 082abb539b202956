//! The classes and functions that a pickle may name. None is run: what they would make is made here.

use super::machine::Fault;
use super::value::{Node, Span, Storage, Tensor, Value};
use crate::io::FileDtype;

#[derive(Clone, Copy, Debug)]
pub(super) enum Global {
    /// `OrderedDict`.
    Dict,
    /// `Counter`.
    Counter,
    /// `defaultdict`.
    DefaultDict,
    /// `set`, `frozenset`.
    Set,
    /// `bytearray`.
    Bytes,
    /// `_codecs.encode`.
    Encode,
    Complex,
    /// `torch.Size`.
    Size,
    Device,
    Layout,
    /// `_rebuild_tensor_v2`.
    Tensor2,
    /// `_rebuild_tensor_v3`.
    Tensor3,
    /// `_rebuild_parameter`, `_rebuild_parameter_with_state`.
    Parameter,
    /// `_rebuild_from_type_v2`.
    FromType,
    /// `FloatStorage`.
    Storage(Span),
    /// `float32`.
    Dtype(Span),
    /// A class that is only named.
    Class(Span),
}

/// The storages of elements that volta has not.
const OTHER_STORAGES: [&str; 6] = [
    "ComplexDoubleStorage",
    "QInt32Storage",
    "QInt8Storage",
    "QUInt2x4Storage",
    "QUInt4x2Storage",
    "QUInt8Storage",
];

/// The element types that volta has not.
const OTHER_DTYPES: [&str; 7] = [
    "complex128",
    "complex32",
    "qint32",
    "qint8",
    "quint2x4",
    "quint4x2",
    "quint8",
];

/// What a module calls by a name, which is at `span`; `None` for what is not allowed.
pub(super) fn find(module: &str, name: &str, span: Span) -> Option<Global> {
    Some(match (module, name) {
        ("collections", "OrderedDict") => Global::Dict,
        ("collections", "Counter") => Global::Counter,
        ("collections", "defaultdict") => Global::DefaultDict,
        ("_codecs", "encode") => Global::Encode,
        ("builtins" | "__builtin__", name) => match name {
            "set" | "frozenset" => Global::Set,
            "bytearray" => Global::Bytes,
            "complex" => Global::Complex,
            // What a `defaultdict` has where it has nothing.
            "bool" | "dict" | "float" | "int" | "list" | "long" | "str" => Global::Class(span),
            _ => return None,
        },
        ("torch", "Size") => Global::Size,
        ("torch", "device") => Global::Device,
        ("torch", "Tensor") | ("torch.nn.parameter", "Parameter") => Global::Class(span),
        ("torch.serialization", "_get_layout") => Global::Layout,
        ("torch.storage", "UntypedStorage" | "TypedStorage") => Global::Storage(span),
        ("torch", name) if FileDtype::of_torch_storage(name).is_some() => Global::Storage(span),
        ("torch", name) if OTHER_STORAGES.contains(&name) => Global::Storage(span),
        ("torch", name) if FileDtype::of_torch(name).is_some() => Global::Dtype(span),
        ("torch", name) if OTHER_DTYPES.contains(&name) => Global::Dtype(span),
        ("torch._utils", "_rebuild_tensor_v2") => Global::Tensor2,
        ("torch._utils", "_rebuild_tensor_v3") => Global::Tensor3,
        ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state") => {
            Global::Parameter
        }
        // Before PyTorch 1.10 `torch._tensor` was `torch.tensor`.
        ("torch._tensor" | "torch.tensor", "_rebuild_from_type_v2") => Global::FromType,
        _ => return None,
    })
}

/// What a global makes of its arguments.
pub(super) enum Made {
    Value(Value),
    Node(Node),
}

impl Global {
    /// What it makes of its arguments, without calling anything.
    pub(super) fn of(self, args: &[Value], nodes: &[Node]) -> Result<Made, Fault> {
        let node = |value: Value| match value {
            Value::Node(place) => Some(&nodes[place as usize]),
            _ => None,
        };
        let made = match (self, args) {
            (Global::Dict | Global::Counter, [])
            | (Global::DefaultDict, [] | [Value::Global(_) | Value::None]) => {
                Some(Made::Node(Node::Dict(Vec::new())))
            }
            (Global::Counter, [counts]) => {
                matches!(node(*counts), Some(Node::Dict(_))).then_some(Made::Value(*counts))
            }
            (Global::Set, []) => Some(Made::Node(Node::Set(Vec::new()))),
            (Global::Set, [items]) => matches!(node(*items), Some(Node::List(_) | Node::Tuple(_)))
                .then_some(Made::Node(Node::SetOf(*items))),
            (Global::Bytes, [bytes]) => {
                let is_bytes = matches!(bytes, Value::Bytes(_))
                    || matches!(node(*bytes), Some(Node::Latin1(_)));
                is_bytes.then_some(Made::Value(*bytes))
            }
            (Global::Encode, [Value::Text(text), Value::Text(_)]) => {
                Some(Made::Node(Node::Latin1(*text)))
            }
            (Global::Complex, [Value::Float(re), Value::Float(im)]) => {
                Some(Made::Node(Node::Complex(*re, *im)))
            }
            (Global::Size, [sizes]) => {
                matches!(node(*sizes), Some(Node::Tuple(_))).then_some(Made::Value(*sizes))
            }
            (Global::Layout, [layout @ Value::Text(_)]) => Some(Made::Value(*layout)),
            (
                Global::Tensor2,
                [
                    storage,
                    offset,
                    dims,
                    strides,
                    _requires_grad,
                    _hooks,
                    rest @ ..,
                ],
            ) if rest.len() <= 1 => {
                tensor(node(*storage), *offset, *dims, *strides, None, rest.first())
            }
            (
                Global::Tensor3,
                [
                    storage,
                    offset,
                    dims,
                    strides,
                    _requires_grad,
                    _hooks,
                    Value::Global(Global::Dtype(dtype)),
                    rest @ ..,
                ],
            ) if rest.len() <= 1 => tensor(
                node(*storage),
                *offset,
                *dims,
                *strides,
                Some(*dtype),
                rest.first(),
            ),
            (Global::Parameter, [data, _requires_grad, _hooks, rest @ ..]) if rest.len() <= 1 => {
                matches!(node(*data), Some(Node::Tensor(_))).then_some(Made::Value(*data))
            }
            // A tensor that has attributes, which are left out.
            (
                Global::FromType,
                [
                    Value::Global(inner @ (Global::Tensor2 | Global::Tensor3 | Global::Parameter)),
                    Value::Global(Global::Class(_)),
                    args,
                    _attributes,
                ],
            ) => match node(*args) {
                Some(Node::Tuple(args)) => return inner.of(args, nodes),
                _ => None,
            },
            _ => None,
        };
        made.ok_or(Fault::What(
            "the arguments are not those of the function that takes them",
        ))
    }
}

fn tensor(
    storage: Option<&Node>,
    offset: Value,
    dims: Value,
    strides: Value,
    dtype: Option<Span>,
    attributes: Option<&Value>,
) -> Option<Made> {
    let (Some(Node::Storage(storage)), Value::Int(offset)) = (storage, offset) else {
        return None;
    };
    Some(Made::Node(Node::Tensor(Box::new(Tensor {
        storage: Storage::clone(storage),
        offset,
        dims,
        strides,
        dtype,
        attributes: attributes.copied(),
    }))))
}
