//! What is no tensor, as text: nearly as Python writes it.

use super::budget::Budget;
use super::global::Global;
use super::value::{Node, Span, Tree, Value};
use super::{MAX_DEPTH, PytorchTrouble as Trouble};

pub(super) struct Texts<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) budget: &'t mut Budget,
    /// Whether each node is being read.
    pub(super) open: &'t mut [bool],
    /// What errors name.
    pub(super) path: &'t str,
    pub(super) depth: usize,
}

impl Texts<'_, '_> {
    /// A text; one that is not inside of another stands without quotes.
    pub(super) fn of(mut self, value: Value, quoted: bool) -> Result<String, Trouble> {
        let mut out = String::new();
        self.write(&mut out, value, quoted)?;
        Ok(out)
    }

    fn push(&mut self, out: &mut String, text: &str) -> Result<(), Trouble> {
        self.budget.take(text.len(), "notes")?;
        out.push_str(text);
        Ok(())
    }

    fn write(&mut self, out: &mut String, value: Value, quoted: bool) -> Result<(), Trouble> {
        let stream = self.tree.stream;
        match value {
            Value::None => self.push(out, "None"),
            Value::Bool(true) => self.push(out, "True"),
            Value::Bool(false) => self.push(out, "False"),
            Value::Int(int) => self.push(out, &int.to_string()),
            Value::Long(span) => self.long(out, span.of(stream)),
            Value::Float(float) => self.push(out, &format!("{float:?}")),
            Value::Text(span) if quoted => {
                // An escape takes ten bytes at most, for one.
                self.budget.take(10 * span.len as usize, "notes")?;
                self.push(out, &format!("{:?}", span.text(stream)))
            }
            Value::Text(span) => self.push(out, span.text(stream)),
            Value::Bytes(span) => self.bytes(out, span.of(stream).iter().copied()),
            Value::Global(global) => {
                let name = self.global(global);
                self.push(out, &name)
            }
            Value::Node(_) => self.node(out, value),
        }
    }

    fn node(&mut self, out: &mut String, value: Value) -> Result<(), Trouble> {
        let tree = self.tree;
        let place = place(value);
        if std::mem::replace(&mut self.open[place], true) {
            return Err(Trouble::Cycle(self.path.to_owned()));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Trouble::Deep(self.path.to_owned()));
        }
        match &tree.nodes[place] {
            Node::Tuple(items) => {
                let end = if items.len() == 1 { ",)" } else { ")" };
                self.items(out, "(", items, end)?;
            }
            Node::List(items) => self.items(out, "[", items, "]")?,
            Node::Set(items) => self.items(out, "{", items, "}")?,
            Node::SetOf(list) => match tree.node(*list) {
                Some(Node::List(items) | Node::Tuple(items)) => self.items(out, "{", items, "}")?,
                _ => self.write(out, *list, true)?,
            },
            Node::Dict(pairs) => {
                self.push(out, "{")?;
                for (i, (key, value)) in pairs.iter().enumerate() {
                    self.push(out, if i == 0 { "" } else { ", " })?;
                    self.write(out, *key, true)?;
                    self.push(out, ": ")?;
                    self.write(out, *value, true)?;
                }
                self.push(out, "}")?;
            }
            Node::Latin1(span) => {
                let characters = span.text(tree.stream).chars();
                // One beyond 255 is none that Python writes.
                self.bytes(out, characters.map(|c| u8::try_from(c).unwrap_or(b'?')))?;
            }
            Node::Complex(re, im) => self.push(out, &format!("({re:?}{im:+?}j)"))?,
            Node::Device(parts) => {
                for (i, part) in tree.tuple(*parts).unwrap_or(&[]).iter().enumerate() {
                    self.push(out, if i == 0 { "" } else { ":" })?;
                    self.write(out, *part, false)?;
                }
            }
            Node::Storage(_) | Node::Tensor(_) => {
                return Err(Trouble::Unnamed(self.path.to_owned()));
            }
        }
        self.depth -= 1;
        self.open[place] = false;
        Ok(())
    }

    fn items(
        &mut self,
        out: &mut String,
        start: &str,
        items: &[Value],
        end: &str,
    ) -> Result<(), Trouble> {
        self.push(out, start)?;
        for (i, item) in items.iter().enumerate() {
            self.push(out, if i == 0 { "" } else { ", " })?;
            self.write(out, *item, true)?;
        }
        self.push(out, end)
    }

    fn bytes(&mut self, out: &mut String, bytes: impl Iterator<Item = u8>) -> Result<(), Trouble> {
        self.push(out, "b\"")?;
        for byte in bytes {
            for character in byte.escape_ascii() {
                self.push(out, char::from(character).encode_utf8(&mut [0; 4]))?;
            }
        }
        self.push(out, "\"")
    }

    /// A number of more than eight bytes, the lowest first: decimal if it fits into sixteen.
    fn long(&mut self, out: &mut String, bytes: &[u8]) -> Result<(), Trouble> {
        let negative = bytes.last().is_some_and(|last| last >> 7 == 1);
        if bytes.len() <= 16 {
            let mut wide = [if negative { 0xff } else { 0 }; 16];
            wide[..bytes.len()].copy_from_slice(bytes);
            return self.push(out, &i128::from_le_bytes(wide).to_string());
        }
        self.push(out, if negative { "-0x" } else { "0x" })?;
        self.budget.take(2 * bytes.len(), "notes")?;
        let mut carry = negative;
        let mut digits = Vec::with_capacity(2 * bytes.len());
        for byte in bytes {
            let size = match negative {
                true => (!byte).wrapping_add(carry.into()),
                false => *byte,
            };
            carry &= size == 0;
            digits.extend([size & 0xf, size >> 4]);
        }
        let digit = |x: &u8| char::from_digit((*x).into(), 16).expect("below 16");
        out.extend(digits.iter().rev().map(digit));
        Ok(())
    }

    fn global(&self, global: Global) -> String {
        let of_torch = |span: Span| format!("torch.{}", span.text(self.tree.stream));
        match global {
            Global::Dtype(name) | Global::Storage(name) => of_torch(name),
            Global::Class(name) => name.text(self.tree.stream).to_owned(),
            Global::Dict => "OrderedDict".to_owned(),
            Global::Counter => "Counter".to_owned(),
            Global::DefaultDict => "defaultdict".to_owned(),
            Global::Set => "set".to_owned(),
            Global::Bytes => "bytearray".to_owned(),
            Global::Encode => "encode".to_owned(),
            Global::Complex => "complex".to_owned(),
            Global::Size => "torch.Size".to_owned(),
            Global::Device => "torch.device".to_owned(),
            Global::Layout => "torch.layout".to_owned(),
            Global::Tensor2 | Global::Tensor3 => "torch.Tensor".to_owned(),
            Global::Parameter | Global::FromType => "torch.nn.Parameter".to_owned(),
        }
    }
}

/// The place of a value that is a node.
pub(super) fn place(value: Value) -> usize {
    match value {
        Value::Node(place) => place as usize,
        _ => unreachable!("asked of nodes alone"),
    }
}
