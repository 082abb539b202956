//! From the graph to Rust: shared nodes by `let`, the others in place, and a clone of every value
//! but at its last use.

use super::graph::{Comparison, Graph, Id, Node, Op};
use super::names;
use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use std::collections::{HashMap, HashSet};

/// The code of some nodes.
pub(super) struct Body {
    pub(super) tokens: TokenStream,
    /// The arguments that it names, and the output.
    reads: HashSet<Id>,
}

impl Body {
    pub(super) fn reads(&self, id: Id) -> bool {
        self.reads.contains(&id)
    }
}

/// What the arguments are called, and the output.
pub(super) struct Names<'a> {
    pub(super) arguments: &'a [Ident],
    pub(super) output: &'a Ident,
    /// Whether constants may be computed with before they become numbers of the type.
    pub(super) fold: bool,
}

/// The code that computes `roots`: one value, or an array.
pub(super) fn body(graph: &mut Graph, roots: &[Id], called: &Names) -> Body {
    let arguments: Vec<Id> = (0..called.arguments.len())
        .map(|index| graph.argument(index))
        .collect();
    let output = graph.output();
    let reachable = graph.reachable(roots);
    let variables: HashMap<Id, Ident> = (arguments.iter().copied())
        .zip(called.arguments.iter().cloned())
        .chain([(output, called.output.clone())])
        .collect();
    let base = (arguments.iter().copied())
        .chain([output])
        .find(|id| reachable.contains(id))
        .unwrap_or(arguments[0]);
    let mut emitter = Emitter {
        lets: lets(graph, roots, &reachable, &variables, called.fold),
        graph,
        variables,
        base,
        fold: called.fold,
        last: None,
        uses: HashMap::new(),
        next: 0,
    };
    // The first time tells which use of a variable is its last.
    let variables = emitter.variables.clone();
    emitter.code(roots);
    let uses = std::mem::take(&mut emitter.uses);
    emitter.last = Some(uses);
    emitter.next = 0;
    emitter.variables = variables;
    let tokens = emitter.code(roots);
    let reads = emitter.uses.keys().copied().collect();
    Body { tokens, reads }
}

/// The nodes that get a `let`, in order: those used more than once, and those that the user named.
fn lets(
    graph: &Graph,
    roots: &[Id],
    reachable: &[Id],
    variables: &HashMap<Id, Ident>,
    fold: bool,
) -> Vec<(Id, Ident)> {
    let is_literal = |id: Id| match fold {
        true => graph.is_constant(id),
        false => matches!(graph.get(id), Node::Literal(_) | Node::Constant(_)),
    };
    let mut uses: HashMap<Id, usize> = HashMap::new();
    for root in roots {
        *uses.entry(*root).or_default() += 1;
    }
    // From the last on: what is inside of a constant is not used.
    let mut inside: HashSet<Id> = roots.iter().copied().collect();
    for id in reachable.iter().rev().filter(|id| !is_literal(**id)) {
        if inside.contains(id) {
            for operand in graph.operands(*id) {
                inside.insert(operand);
                *uses.entry(operand).or_default() += 1;
            }
        }
    }
    let mut taken: HashSet<String> = (variables.iter())
        .filter(|(id, _)| matches!(graph.get(**id), Node::Argument(_)) || reachable.contains(id))
        .map(|(_, name)| names::plain(name))
        .collect();
    let mut lets = Vec::new();
    for id in reachable {
        let count = uses.get(id).copied().unwrap_or(0);
        if variables.contains_key(id) || is_literal(*id) || count == 0 {
            continue;
        }
        let named = graph.names.get(id);
        if count < 2 && (named.is_none() || roots == [*id]) {
            continue;
        }
        let ident = match named {
            Some(name) if !taken.contains(&names::plain(name)) => name.clone(),
            Some(name) => numbered(&format!("{}_", names::plain(name)), 2, &taken),
            None => numbered("v", 1, &taken),
        };
        taken.insert(names::plain(&ident));
        lets.push((*id, ident));
    }
    lets
}

fn numbered(stem: &str, from: usize, taken: &HashSet<String>) -> Ident {
    let name = (from..)
        .map(|number| format!("{stem}{number}"))
        .find(|name| !taken.contains(name))
        .expect("there are numbers enough");
    Ident::new(&name, Span::mixed_site())
}

struct Emitter<'a> {
    graph: &'a Graph,
    lets: Vec<(Id, Ident)>,
    /// What has a name so far.
    variables: HashMap<Id, Ident>,
    /// What literals are made from.
    base: Id,
    fold: bool,
    /// The last use of every variable, once it is known.
    last: Option<HashMap<Id, usize>>,
    uses: HashMap<Id, usize>,
    next: usize,
}

/// How tightly an expression binds.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Binding {
    Sum,
    Product,
    Prefix,
    Postfix,
}

type Code = (TokenStream, Binding);

impl Emitter<'_> {
    fn code(&mut self, roots: &[Id]) -> TokenStream {
        let mut statements = TokenStream::new();
        for (id, name) in self.lets.clone() {
            let (value, _) = self.node(id);
            statements.extend(quote_spanned!(Span::mixed_site()=> let #name = #value;));
            self.variables.insert(id, name);
        }
        let mut results: Vec<TokenStream> = roots.iter().map(|root| self.owned(*root).0).collect();
        statements.extend(match results.len() {
            1 => results.remove(0),
            _ => quote!([#(#results),*]),
        });
        statements
    }

    /// Notes a use. Whether it is the last one of the variable.
    fn touch(&mut self, id: Id) -> bool {
        let at = self.next;
        self.next += 1;
        self.uses.insert(id, at);
        self.last.as_ref().is_some_and(|last| last[&id] == at)
    }

    /// The value itself.
    fn owned(&mut self, id: Id) -> Code {
        let Some(name) = self.variables.get(&id).cloned() else {
            return self.node(id);
        };
        let tokens = match self.touch(id) {
            true => name.to_token_stream(),
            false => quote!(#name.clone()),
        };
        (tokens, Binding::Postfix)
    }

    /// The value itself, in parentheses if it binds less than `least`.
    fn operand(&mut self, id: Id, least: Binding) -> TokenStream {
        let code = self.owned(id);
        wrapped(code, least)
    }

    fn node(&mut self, id: Id) -> Code {
        let graph = self.graph;
        if self.fold && graph.is_constant(id) {
            let (value, _) = self.constant(id);
            return self.literal(value);
        }
        match graph.get(id) {
            Node::Literal(_) | Node::Constant(_) => {
                let (value, _) = self.constant(id);
                self.literal(value)
            }
            Node::Argument(_) | Node::Output => unreachable!("an argument has a name"),
            Node::Neg(a) => {
                let a = self.operand(*a, Binding::Prefix);
                (quote!(-#a), Binding::Prefix)
            }
            Node::Binary(op, a, b) => self.binary(*op, *a, *b),
            Node::Compare(comparison, a, b) => self.compare(*comparison, *a, *b),
            Node::BitNot(a) => self.call_method("bit_not", &[*a]),
            Node::Not(a) => self.call_method("not", &[*a]),
            Node::And(a, b) => self.call_method("and", &[*a, *b]),
            Node::Or(a, b) => self.call_method("or", &[*a, *b]),
            Node::Select(mask, yes, no) => {
                let args = self.list(&[*mask, *yes, *no]);
                (
                    quote_spanned!(Span::mixed_site()=> T::select(#args)),
                    Binding::Postfix,
                )
            }
            Node::Intrinsic(f, args) => self.call_method(f.name(), args),
            Node::Call(callee, args) | Node::Test(callee, args) => {
                self.call("value", *callee, args)
            }
            Node::Partial(callee, argument, args, y) => {
                let all: Vec<Id> = args.iter().copied().chain([*y]).collect();
                self.call(&format!("partial_0_{argument}"), *callee, &all)
            }
        }
    }

    /// A call of another function, underlined where the user calls it.
    fn call(&mut self, name: &str, callee: usize, args: &[Id]) -> Code {
        let path = &self.graph.callees[callee].path;
        let last = path.segments.last().expect("a path has an end");
        let span = last.ident.span();
        let name = Ident::new(name, span);
        let args = located_at(self.list(args), span);
        (
            quote_spanned!(span=> <#path>::#name(#args)),
            Binding::Postfix,
        )
    }

    fn list(&mut self, ids: &[Id]) -> TokenStream {
        let values: Vec<TokenStream> = ids.iter().map(|id| self.owned(*id).0).collect();
        quote!(#(#values),*)
    }

    fn call_method(&mut self, method: &str, operands: &[Id]) -> Code {
        let method = Ident::new(method, Span::mixed_site());
        let receiver = self.operand(operands[0], Binding::Postfix);
        let args = self.list(&operands[1..]);
        (quote!(#receiver.#method(#args)), Binding::Postfix)
    }

    fn binary(&mut self, op: Op, a: Id, b: Id) -> Code {
        let (sign, binding, tighter) = match op {
            Op::Add => (quote!(+), Binding::Sum, Binding::Product),
            Op::Sub => (quote!(-), Binding::Sum, Binding::Product),
            Op::Mul => (quote!(*), Binding::Product, Binding::Prefix),
            Op::Div => (quote!(/), Binding::Product, Binding::Prefix),
            Op::Rem => (quote!(%), Binding::Product, Binding::Prefix),
            Op::BitAnd => return self.call_method("bit_and", &[a, b]),
            Op::BitOr => return self.call_method("bit_or", &[a, b]),
            Op::BitXor => return self.call_method("bit_xor", &[a, b]),
            Op::Shl => return self.call_method("shl", &[a, b]),
            Op::Shr => return self.call_method("shr", &[a, b]),
        };
        let a = self.operand(a, binding);
        let b = self.operand(b, tighter);
        (quote!(#a #sign #b), binding)
    }

    /// A comparison looks at its sides, which are used up to its end.
    fn compare(&mut self, comparison: Comparison, a: Id, b: Id) -> Code {
        let method = match comparison {
            Comparison::Lt => format_ident!("lt"),
            Comparison::Le => format_ident!("le"),
            Comparison::Eq => format_ident!("eq"),
        };
        let mut look = |id: Id, least| match self.variables.get(&id).cloned() {
            Some(name) => name.to_token_stream(),
            None => self.operand(id, least),
        };
        let left = look(a, Binding::Postfix);
        let right = look(b, Binding::Prefix);
        for id in [a, b] {
            if self.variables.contains_key(&id) {
                self.touch(id);
            }
        }
        (quote!(#left.#method(&#right)), Binding::Postfix)
    }

    fn literal(&mut self, value: TokenStream) -> Code {
        let base = self.variables[&self.base].clone();
        self.touch(self.base);
        (quote!(#base.lit(#value)), Binding::Postfix)
    }

    /// A constant as an `f64`.
    fn constant(&self, id: Id) -> Code {
        let graph = self.graph;
        let part = |id: Id, least| wrapped(self.constant(id), least);
        match graph.get(id) {
            Node::Literal(bits) => number(f64::from_bits(*bits)),
            Node::Constant(index) => (graph.constants[*index].to_token_stream(), Binding::Postfix),
            Node::Neg(a) => {
                let a = part(*a, Binding::Prefix);
                (quote!(-#a), Binding::Prefix)
            }
            Node::Binary(op, a, b) => {
                let (sign, binding, tighter) = match op {
                    Op::Add => (quote!(+), Binding::Sum, Binding::Product),
                    Op::Sub => (quote!(-), Binding::Sum, Binding::Product),
                    Op::Mul => (quote!(*), Binding::Product, Binding::Prefix),
                    _ => (quote!(/), Binding::Product, Binding::Prefix),
                };
                let (a, b) = (part(*a, binding), part(*b, tighter));
                (quote!(#a #sign #b), binding)
            }
            Node::Intrinsic(f, args) => {
                let method = format_ident!("{}", f.in_std().expect("a constant"));
                let args = args.iter().map(|arg| self.constant(*arg).0);
                (
                    quote!(::core::primitive::f64::#method(#(#args),*)),
                    Binding::Postfix,
                )
            }
            _ => unreachable!("not a constant"),
        }
    }
}

/// The same names, underlined at `span`.
fn located_at(tokens: TokenStream, span: Span) -> TokenStream {
    let each = tokens.into_iter().map(|mut tree| {
        if let TokenTree::Group(group) = &tree {
            let inside = located_at(group.stream(), span);
            tree = Group::new(group.delimiter(), inside).into();
        }
        tree.set_span(tree.span().located_at(span));
        tree
    });
    each.collect()
}

/// A number with its sign.
fn number(value: f64) -> Code {
    let digits: Literal = (format!("{:?}", value.abs()).parse()).expect("a finite number");
    match value.is_sign_negative() {
        true => (quote!(-#digits), Binding::Prefix),
        false => (digits.to_token_stream(), Binding::Postfix),
    }
}

fn wrapped((tokens, binding): Code, least: Binding) -> TokenStream {
    match binding < least {
        true => quote!((#tokens)),
        false => tokens,
    }
}
