//! The machine that runs pickles, cut down to what makes dicts, lists, tensors, numbers and texts.
//!
//! Memory grows with the pickle alone: an opcode pushes one value at most, and nothing is copied
//! that another opcode made.

use std::collections::HashMap;

use super::PytorchTrouble as Trouble;
use super::global::{self, Global, Made};
use super::opcode as op;
use super::value::{Node, Span, Storage, Tree, Value};

/// What stops the machine.
pub(super) enum Fault {
    What(&'static str),
    Opcode(u8),
    Global(String),
}

const ENDS: Fault = Fault::What("it is cut off there");
const UNDERFLOW: Fault = Fault::What("the opcode takes more than there is");

struct Machine<'a> {
    stream: &'a [u8],
    at: usize,
    stack: Vec<Value>,
    /// Where on the stack each mark is.
    marks: Vec<usize>,
    memo: HashMap<u32, Value>,
    nodes: Vec<Node>,
}

/// Runs a pickle, whose length is below that of `u32`.
pub(super) fn run(stream: &[u8]) -> Result<Tree<'_>, Trouble> {
    let mut machine = Machine {
        stream,
        at: 0,
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
        nodes: Vec::new(),
    };
    loop {
        let at = machine.at;
        let stopped = machine.step().map_err(|fault| match fault {
            Fault::What(what) => Trouble::Pickle { at, what },
            Fault::Opcode(opcode) => Trouble::Opcode { at, opcode },
            Fault::Global(name) => Trouble::Global { at, name },
        })?;
        if let Some(root) = stopped {
            let nodes = machine.nodes;
            return Ok(Tree {
                stream,
                nodes,
                root,
            });
        }
    }
}

impl Machine<'_> {
    /// Runs one opcode; gives the whole when it was the last.
    fn step(&mut self) -> Result<Option<Value>, Fault> {
        let first = self.at == 0;
        let [opcode] = self.bytes()?;
        if first && opcode != op::PROTO {
            return Err(Fault::What("it starts without its protocol"));
        }
        match opcode {
            op::PROTO => {
                let [protocol] = self.bytes()?;
                if !(2..=5).contains(&protocol) {
                    return Err(Fault::What("it is of a protocol other than 2 to 5"));
                }
            }
            op::FRAME => {
                let length = u64::from_le_bytes(self.bytes()?);
                if length > (self.stream.len() - self.at) as u64 {
                    return Err(ENDS);
                }
            }
            op::STOP => {
                let root = self.pop()?;
                if self.at < self.stream.len() {
                    return Err(Fault::What("it goes on after its end"));
                }
                return Ok(Some(root));
            }

            op::MARK => self.marks.push(self.stack.len()),
            op::POP => drop(self.pop()?),
            op::POP_MARK => drop(self.marked()?),
            op::DUP => self.stack.push(self.top()?),

            op::NONE => self.stack.push(Value::None),
            op::NEWTRUE => self.stack.push(Value::Bool(true)),
            op::NEWFALSE => self.stack.push(Value::Bool(false)),
            op::BININT => {
                let int = i32::from_le_bytes(self.bytes()?);
                self.stack.push(Value::Int(int.into()));
            }
            op::BININT1 => {
                let [int] = self.bytes()?;
                self.stack.push(Value::Int(int.into()));
            }
            op::BININT2 => {
                let int = u16::from_le_bytes(self.bytes()?);
                self.stack.push(Value::Int(int.into()));
            }
            op::LONG1 | op::LONG4 => {
                let span = self.counted(opcode == op::LONG1)?;
                self.stack.push(long(span, span.of(self.stream)));
            }
            op::BINFLOAT => {
                let float = f64::from_be_bytes(self.bytes()?);
                self.stack.push(Value::Float(float));
            }
            op::BINUNICODE | op::SHORT_BINUNICODE => {
                let span = self.counted(opcode == op::SHORT_BINUNICODE)?;
                self.push_text(span)?;
            }
            op::BINUNICODE8 => {
                let span = self.counted8()?;
                self.push_text(span)?;
            }
            // Texts of Python 2, or bytes.
            op::BINSTRING | op::SHORT_BINSTRING => {
                let span = self.counted(opcode == op::SHORT_BINSTRING)?;
                let is_text = str::from_utf8(span.of(self.stream)).is_ok();
                self.stack.push(match is_text {
                    true => Value::Text(span),
                    false => Value::Bytes(span),
                });
            }
            op::BINBYTES | op::SHORT_BINBYTES => {
                let span = self.counted(opcode == op::SHORT_BINBYTES)?;
                self.stack.push(Value::Bytes(span));
            }
            op::BINBYTES8 | op::BYTEARRAY8 => {
                let span = self.counted8()?;
                self.stack.push(Value::Bytes(span));
            }

            op::EMPTY_LIST => self.push_node(Node::List(Vec::new())),
            op::EMPTY_DICT => self.push_node(Node::Dict(Vec::new())),
            op::EMPTY_SET => self.push_node(Node::Set(Vec::new())),
            op::EMPTY_TUPLE => self.push_node(Node::Tuple(Vec::new())),
            op::TUPLE1 | op::TUPLE2 | op::TUPLE3 => {
                let items = self.last(usize::from(opcode - op::TUPLE1) + 1)?;
                self.push_node(Node::Tuple(items));
            }
            op::TUPLE => {
                let items = self.marked()?;
                self.push_node(Node::Tuple(items));
            }
            op::FROZENSET => {
                let items = self.marked()?;
                self.push_node(Node::Set(items));
            }
            op::APPEND => {
                let items = self.last(1)?;
                self.append(items)?;
            }
            op::APPENDS => {
                let items = self.marked()?;
                self.append(items)?;
            }
            op::ADDITEMS => {
                let items = self.marked()?;
                match self.top_node()? {
                    Node::Set(set) => set.extend(items),
                    _ => return Err(Fault::What("what it adds to is no set")),
                }
            }
            op::SETITEM => {
                let items = self.last(2)?;
                self.set(&items)?;
            }
            op::SETITEMS => {
                let items = self.marked()?;
                self.set(&items)?;
            }

            op::GLOBAL => {
                let module = self.line()?;
                let name = self.line()?;
                self.push_global(module, name)?;
            }
            op::STACK_GLOBAL => {
                let items = self.last(2)?;
                let [Value::Text(module), Value::Text(name)] = items[..] else {
                    return Err(Fault::What("the name of a class is no text"));
                };
                self.push_global(module, name)?;
            }
            op::REDUCE | op::NEWOBJ => {
                let (args, function) = (self.pop()?, self.pop()?);
                self.call(function, args)?;
            }
            op::BUILD => {
                // The attributes of a dict: of a state dict, the versions of its modules.
                self.pop()?;
                if !matches!(self.top_node()?, Node::Dict(_)) {
                    return Err(Fault::What("what gets attributes is no dict"));
                }
            }
            op::BINPERSID => {
                let id = self.pop()?;
                let storage = self.storage(id).ok_or(Fault::What(
                    "what it refers to outside of the pickle is no storage of a tensor",
                ))?;
                self.push_node(Node::Storage(Box::new(storage)));
            }

            op::BINPUT => {
                let [place] = self.bytes()?;
                self.put(place.into())?;
            }
            op::LONG_BINPUT => {
                let place = u32::from_le_bytes(self.bytes()?);
                self.put(place)?;
            }
            op::MEMOIZE => self.put(self.memo.len() as u32)?,
            op::BINGET => {
                let [place] = self.bytes()?;
                self.get(place.into())?;
            }
            op::LONG_BINGET => {
                let place = u32::from_le_bytes(self.bytes()?);
                self.get(place)?;
            }
            _ => return Err(Fault::Opcode(opcode)),
        }
        Ok(None)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let rest = &self.stream[self.at..];
        let bytes = *rest.first_chunk().ok_or(ENDS)?;
        self.at += N;
        Ok(bytes)
    }

    fn span(&mut self, len: u64) -> Result<Span, Fault> {
        if len > (self.stream.len() - self.at) as u64 {
            return Err(ENDS);
        }
        let (start, len) = (self.at as u32, len as u32);
        self.at += len as usize;
        Ok(Span { start, len })
    }

    /// What follows its length of one byte or four.
    fn counted(&mut self, short: bool) -> Result<Span, Fault> {
        let len = match short {
            true => self.bytes::<1>()?[0].into(),
            false => u32::from_le_bytes(self.bytes()?),
        };
        self.span(len.into())
    }

    fn counted8(&mut self) -> Result<Span, Fault> {
        let len = u64::from_le_bytes(self.bytes()?);
        self.span(len)
    }

    /// The rest of a line, which is a text.
    fn line(&mut self) -> Result<Span, Fault> {
        let rest = &self.stream[self.at..];
        let len = rest.iter().position(|byte| *byte == b'\n').ok_or(ENDS)?;
        let span = self.span(len as u64)?;
        self.at += 1;
        match str::from_utf8(span.of(self.stream)) {
            Ok(_) => Ok(span),
            Err(_) => Err(Fault::What("the name of a class is no UTF-8")),
        }
    }

    /// Where the values end that a mark hides.
    fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn top(&self) -> Result<Value, Fault> {
        let visible = &self.stack[self.fence()..];
        visible.last().copied().ok_or(UNDERFLOW)
    }

    fn top_node(&mut self) -> Result<&mut Node, Fault> {
        match self.top()? {
            Value::Node(place) => Ok(&mut self.nodes[place as usize]),
            _ => Err(Fault::What("what it changes is no list, dict or set")),
        }
    }

    fn pop(&mut self) -> Result<Value, Fault> {
        let value = self.top()?;
        self.stack.pop();
        Ok(value)
    }

    /// Takes the last `n` values.
    fn last(&mut self, n: usize) -> Result<Vec<Value>, Fault> {
        let start = self.stack.len().checked_sub(n);
        match start.filter(|start| *start >= self.fence()) {
            Some(start) => Ok(self.stack.drain(start..).collect()),
            None => Err(UNDERFLOW),
        }
    }

    /// Takes the last mark and what is behind it.
    fn marked(&mut self) -> Result<Vec<Value>, Fault> {
        let mark = self.marks.pop().ok_or(UNDERFLOW)?;
        // `split_off` would give a stack's whole capacity away.
        Ok(self.stack.drain(mark..).collect())
    }

    fn push_text(&mut self, span: Span) -> Result<(), Fault> {
        if str::from_utf8(span.of(self.stream)).is_err() {
            return Err(Fault::What("a text is no UTF-8"));
        }
        self.stack.push(Value::Text(span));
        Ok(())
    }

    fn push_node(&mut self, node: Node) {
        // There are no more nodes than bytes.
        self.stack.push(Value::Node(self.nodes.len() as u32));
        self.nodes.push(node);
    }

    fn append(&mut self, items: Vec<Value>) -> Result<(), Fault> {
        match self.top_node()? {
            Node::List(list) => list.extend(items),
            _ => return Err(Fault::What("what it appends to is no list")),
        }
        Ok(())
    }

    fn set(&mut self, items: &[Value]) -> Result<(), Fault> {
        let (pairs, rest) = items.as_chunks();
        let Node::Dict(dict) = self.top_node()? else {
            return Err(Fault::What("what it sets an item of is no dict"));
        };
        dict.extend(pairs.iter().map(|[key, value]| (*key, *value)));
        match rest {
            [] => Ok(()),
            _ => Err(Fault::What("a key has no value")),
        }
    }

    fn push_global(&mut self, module: Span, name: Span) -> Result<(), Fault> {
        let (of, called) = (module.text(self.stream), name.text(self.stream));
        let Some(global) = global::find(of, called, name) else {
            let excerpt = |text: &str| text.chars().take(80).collect::<String>();
            let name = format!("{}.{}", excerpt(of), excerpt(called));
            return Err(Fault::Global(name));
        };
        self.stack.push(Value::Global(global));
        Ok(())
    }

    fn call(&mut self, function: Value, args: Value) -> Result<(), Fault> {
        let (Value::Global(global), Value::Node(place)) = (function, args) else {
            return Err(Fault::What("what it calls is no class or function"));
        };
        let Node::Tuple(items) = &self.nodes[place as usize] else {
            return Err(Fault::What("the arguments of a call are no tuple"));
        };
        if matches!(global, Global::Device) {
            self.push_node(Node::Device(args));
            return Ok(());
        }
        match global.of(items, &self.nodes)? {
            Made::Value(value) => self.stack.push(value),
            Made::Node(node) => self.push_node(node),
        }
        Ok(())
    }

    /// `('storage', torch.FloatStorage, '0', 'cpu', 6)`.
    fn storage(&self, id: Value) -> Option<Storage> {
        let Value::Node(place) = id else { return None };
        let Node::Tuple(items) = &self.nodes[place as usize] else {
            return None;
        };
        let [
            Value::Text(kind),
            Value::Global(Global::Storage(class)),
            Value::Text(key),
            Value::Text(_),
            Value::Int(elements),
        ] = items[..]
        else {
            return None;
        };
        (kind.of(self.stream) == b"storage").then_some(Storage {
            class,
            key,
            elements,
        })
    }

    fn put(&mut self, place: u32) -> Result<(), Fault> {
        let value = self.top()?;
        self.memo.insert(place, value);
        Ok(())
    }

    fn get(&mut self, place: u32) -> Result<(), Fault> {
        let value = self.memo.get(&place).copied();
        self.stack
            .push(value.ok_or(Fault::What("it refers to what it has not kept"))?);
        Ok(())
    }
}

fn long(span: Span, bytes: &[u8]) -> Value {
    let mut wide = match bytes.last() {
        Some(last) if last >> 7 == 1 => [0xff; 8],
        _ => [0; 8],
    };
    match bytes.len() {
        len @ 0..=8 => {
            wide[..len].copy_from_slice(bytes);
            Value::Int(i64::from_le_bytes(wide))
        }
        _ => Value::Long(span),
    }
}
