//! What a pickle makes.

use super::global::Global;

/// A part of a pickle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) len: u32,
}

impl Span {
    pub(super) fn of(self, stream: &[u8]) -> &[u8] {
        &stream[self.start as usize..][..self.len as usize]
    }

    pub(super) fn text(self, stream: &[u8]) -> &str {
        str::from_utf8(self.of(stream)).expect("checked where it was read")
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i64),
    /// A whole number beyond `i64`: its bytes in two's complement, the lowest first.
    Long(Span),
    Float(f64),
    /// UTF-8.
    Text(Span),
    Bytes(Span),
    Global(Global),
    /// What may be shared, or hold others: its place among all nodes.
    Node(u32),
}

/// None holds another but by its place, so that what is nested deeply, or holds itself, is dropped
/// as anything else.
pub(super) enum Node {
    Tuple(Vec<Value>),
    List(Vec<Value>),
    Set(Vec<Value>),
    /// A set of the items of a list.
    SetOf(Value),
    Dict(Vec<(Value, Value)>),
    /// Bytes, as a text whose characters they are.
    Latin1(Span),
    Complex(f64, f64),
    /// The arguments of `torch.device`.
    Device(Value),
    Storage(Box<Storage>),
    Tensor(Box<Tensor>),
}

#[derive(Clone, Copy)]
pub(super) struct Storage {
    /// `FloatStorage`, or `UntypedStorage` of bytes.
    pub(super) class: Span,
    pub(super) key: Span,
    pub(super) elements: i64,
}

/// A tensor as it is given to `torch._utils._rebuild_tensor_v2`.
pub(super) struct Tensor {
    pub(super) storage: Storage,
    /// Elements before its first.
    pub(super) offset: i64,
    /// Tuples of whole numbers.
    pub(super) dims: Value,
    pub(super) strides: Value,
    /// `float8_e4m3fn`; that of the storage if there is none.
    pub(super) dtype: Option<Span>,
    /// What is to be done with the elements: `conj`, `neg`.
    pub(super) attributes: Option<Value>,
}

/// A pickle that has been read.
pub(super) struct Tree<'a> {
    pub(super) stream: &'a [u8],
    pub(super) nodes: Vec<Node>,
    pub(super) root: Value,
}

impl Tree<'_> {
    pub(super) fn node(&self, value: Value) -> Option<&Node> {
        match value {
            Value::Node(place) => Some(&self.nodes[place as usize]),
            _ => None,
        }
    }

    pub(super) fn tuple(&self, value: Value) -> Option<&[Value]> {
        match self.node(value)? {
            Node::Tuple(items) => Some(items),
            _ => None,
        }
    }
}
