//! A traced function as text: what is used once stands where it is used, the rest has a name.

use std::fmt::Write;

use crate::ops::wgsl::Element;
use crate::ops::wgsl::value::{Graph, Op};

/// Expressions nested deeper get a name: compilers refuse very deep ones.
const DEPTH: usize = 8;

/// How tightly an expression holds together.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    Loose,
    Sum,
    Product,
    Prefix,
    Atom,
}

struct Text {
    text: String,
    level: Level,
    depth: usize,
}

impl Text {
    fn atom(text: String) -> Text {
        Text {
            text,
            level: Level::Atom,
            depth: 0,
        }
    }

    /// The text where `allowed` may stand.
    fn within(&self, allowed: impl Fn(Level) -> bool) -> String {
        match allowed(self.level) {
            true => self.text.clone(),
            false => format!("({})", self.text),
        }
    }
}

fn literal(element: Element, bits: u64) -> Text {
    let text = match element {
        Element::F32 => match f32::from_bits(bits as u32) {
            x if x.is_finite() => format!("{x:?}f"),
            _ => format!("volta_from_bits({bits:#x}u)"),
        },
        Element::F64 => match f64::from_bits(bits) {
            x if x.is_finite() => format!("{x:?}lf"),
            _ => format!("volta_from_bits_f64({bits:#x}lu)"),
        },
        // There is no literal of 2147483648 to negate, or of its like.
        Element::I32 if bits as i32 == i32::MIN => "i32(-2147483648)".to_owned(),
        Element::I64 if bits as i64 == i64::MIN => format!("bitcast<i64>({bits:#x}lu)"),
        Element::I32 => format!("{}i", bits as i32),
        Element::I64 => format!("{}li", bits as i64),
        Element::U8 => format!("{bits}u"),
        Element::Bool => format!("{}", bits != 0),
    };
    let negative = text.starts_with('-');
    Text {
        level: if negative { Level::Prefix } else { Level::Atom },
        ..Text::atom(text)
    }
}

/// The statements that compute `roots`, and the expressions of these.
pub(super) fn body(graph: &Graph, roots: &[usize]) -> (String, Vec<String>) {
    let mut uses = vec![0_usize; graph.nodes.len()];
    for &root in roots {
        uses[root] += 1;
    }
    for (at, node) in graph.nodes.iter().enumerate().rev() {
        if uses[at] > 0 {
            operands(&node.op).iter().for_each(|&k| uses[k] += 1);
        }
    }
    let mut statements = String::new();
    let mut names = 0;
    let mut texts: Vec<Option<Text>> = Vec::new();
    for (at, node) in graph.nodes.iter().enumerate() {
        if uses[at] == 0 {
            texts.push(None);
            continue;
        }
        let text = expression(node.element, &node.op, &texts);
        let leaf = matches!(node.op, Op::Argument(_) | Op::Literal(_));
        texts.push(Some(if !leaf && (uses[at] > 1 || text.depth > DEPTH) {
            let name = format!("v{names}");
            names += 1;
            let _ = writeln!(statements, "    let {name} = {};", text.text);
            Text::atom(name)
        } else {
            text
        }));
    }
    let results = roots.iter().map(|&k| of(&texts, k).text.clone()).collect();
    (statements, results)
}

/// The nodes that a result needs.
pub(super) fn needed(graph: &Graph, roots: &[usize]) -> Vec<bool> {
    let mut needed = vec![false; graph.nodes.len()];
    for &root in roots {
        needed[root] = true;
    }
    for (at, node) in graph.nodes.iter().enumerate().rev() {
        if needed[at] {
            operands(&node.op).iter().for_each(|&k| needed[k] = true);
        }
    }
    needed
}

fn operands(op: &Op) -> Vec<usize> {
    match op {
        Op::Argument(_) | Op::Literal(_) => Vec::new(),
        Op::Prefix(_, a) => vec![*a],
        Op::Infix(_, a, b) => vec![*a, *b],
        Op::Call(_, operands) => operands.clone(),
    }
}

fn of(texts: &[Option<Text>], at: usize) -> &Text {
    texts[at].as_ref().expect("what is used was printed")
}

fn expression(element: Element, op: &Op, texts: &[Option<Text>]) -> Text {
    let depth = (operands(op).iter().map(|&k| of(texts, k).depth + 1)).max();
    let (text, level) = match op {
        Op::Argument(argument) => (argument.name(), Level::Atom),
        Op::Literal(bits) => return literal(element, *bits),
        Op::Prefix(symbol, a) => {
            let a = of(texts, *a).within(|level| level == Level::Atom);
            (format!("{symbol}{a}"), Level::Prefix)
        }
        Op::Infix(symbol, a, b) => {
            let level = match *symbol {
                "*" | "/" | "%" => Level::Product,
                "+" | "-" => Level::Sum,
                _ => Level::Loose,
            };
            // Bits and comparisons do not stand beside others without parentheses.
            let (left, right) = match level {
                Level::Loose => (Level::Prefix, Level::Prefix),
                Level::Sum => (Level::Sum, Level::Product),
                _ => (Level::Product, Level::Atom),
            };
            let a = of(texts, *a).within(|level| level >= left);
            let b = of(texts, *b).within(|level| level >= right && level != Level::Prefix);
            (format!("{a} {symbol} {b}"), level)
        }
        Op::Call(name, operands) => {
            let operands: Vec<_> = (operands.iter())
                .map(|&k| of(texts, k).text.as_str())
                .collect();
            (format!("{name}({})", operands.join(", ")), Level::Atom)
        }
    };
    Text {
        text,
        level,
        depth: depth.unwrap_or(0),
    }
}
