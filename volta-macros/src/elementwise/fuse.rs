//! `fuse!(|x, w| relu(x * w))`: a function that is used where it stands.

use super::attributes::Attributes;
use super::compile::Compiled;
use super::expand::Op;
use super::function::{Class, Function, MAX_INPUTS, MAX_PARAMETERS, Outputs, Parameter};
use super::functions::Functions;
use super::fuse_body::Body;
use super::graph::{Graph, Id, Node};
use super::lower::{Captures, Lower};
use super::names;
use super::tensors::outputs;
use crate::errors::Errors;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use std::collections::HashSet;
use syn::{Expr, ExprClosure, Pat, Path, ReturnType, Visibility};

/// volta's functions that are of all numbers.
const OF_NUMBERS: &[&str] = &[
    "abs", "clamp", "maximum", "minimum", "relu", "sign", "square",
];

/// Expands `[$crate] |x, w| ..` to a block that computes it.
pub(crate) fn fuse(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter();
    let Some(TokenTree::Group(krate)) = tokens.next() else {
        unreachable!("`fuse!` passes its crate first")
    };
    let krate: Path = syn::parse2(krate.stream()).expect("the path of a crate");
    let mut errors = Errors::default();
    let expansion = expand(tokens.collect(), &krate, &mut errors);
    let site = Span::mixed_site();
    match (errors.into_compile_errors(), expansion) {
        (None, Some(expansion)) => expansion,
        (errors, _) => quote_spanned!(site=> {
            #errors
            loop {}
        }),
    }
}

/// A tensor between the bars.
pub(super) struct Tensor {
    pub(super) ident: Ident,
    /// Whether it is `&mut`, and assigned.
    pub(super) target: bool,
}

fn expand(tokens: TokenStream, krate: &Path, errors: &mut Errors) -> Option<TokenStream> {
    let closure = match syn::parse2::<Expr>(tokens.clone()) {
        Ok(Expr::Closure(closure)) => closure,
        Ok(other) => {
            errors.on(other, CLOSURE);
            return None;
        }
        Err(error) => {
            match between_bars(tokens) {
                Some(field) => errors.on(field, VARIABLES),
                None => errors.push(error),
            }
            return None;
        }
    };
    let tensors = read_tensors(&closure, errors);
    if errors.count() > 0 {
        return None;
    }
    let functions = Functions { krate, table: None };
    let mut fused = Fused::lower(&closure, &tensors, Class::Float, &functions, errors)?;
    let class = fused.class();
    if class != Class::Float {
        fused = Fused::lower(&closure, &tensors, class, &functions, errors)?;
    }
    if let Some(capture) = fused.captures.list.get(MAX_PARAMETERS) {
        let count = fused.captures.list.len();
        errors.on(
            capture,
            format!("a function takes at most {MAX_PARAMETERS} numbers from the scope, these are {count}"),
        );
        return None;
    }
    Some(fused.expansion(&tensors, class, &functions))
}

const CLOSURE: &str = "expected a closure: `fuse!(|x, w| relu(x * w))`";

const VARIABLES: &str = "a variable is named between the bars: `let w = &self.w;` before `fuse!`";

/// The first field between the bars: `self.w`.
fn between_bars(tokens: TokenStream) -> Option<TokenStream> {
    let is = |tree: &TokenTree, sign| matches!(tree, TokenTree::Punct(p) if p.as_char() == sign);
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (first, rest) = tokens.split_first()?;
    let bars = rest.split(|tree| is(tree, '|')).next()?;
    let mut names = bars.split(|tree| is(tree, ','));
    let field = names.find(|name| name.iter().any(|tree| is(tree, '.')))?;
    is(first, '|').then(|| field.iter().cloned().collect())
}

/// The tensors, those that are written to before the others.
fn read_tensors(closure: &ExprClosure, errors: &mut Errors) -> Vec<Tensor> {
    if let Some(token) = &closure.capture {
        errors.on(token, "nothing moves into it: leave out `move`");
    }
    if let Some(token) = &closure.asyncness {
        errors.on(token, "the closure of `fuse!` is not `async`");
    }
    if let ReturnType::Type(_, ty) = &closure.output {
        errors.on(ty, "no type here: it follows from the tensors");
    }
    let mut tensors: Vec<Tensor> = Vec::new();
    for pat in &closure.inputs {
        let Some(tensor) = read_tensor(pat, errors) else {
            continue;
        };
        if tensors.iter().any(|other| other.ident == tensor.ident) {
            let ident = &tensor.ident;
            errors.on(ident, format!("`{ident}` is given twice"));
        }
        tensors.push(tensor);
    }
    if closure.inputs.is_empty() {
        errors.on(
            closure,
            "a tensor is named between the bars: `fuse!(|x, w| relu(x * w))`",
        );
    }
    if let Some(tensor) = tensors.get(MAX_INPUTS) {
        let count = tensors.len();
        errors.on(
            &tensor.ident,
            format!("`fuse!` takes at most {MAX_INPUTS} tensors, these are {count}"),
        );
    }
    tensors.sort_by_key(|tensor| !tensor.target);
    tensors
}

fn read_tensor(pat: &Pat, errors: &mut Errors) -> Option<Tensor> {
    let (pat, target) = match pat {
        Pat::Reference(reference) if reference.mutability.is_some() => (&*reference.pat, true),
        pat => (pat, false),
    };
    match pat {
        Pat::Ident(pat)
            if pat.by_ref.is_none() && pat.mutability.is_none() && pat.subpat.is_none() =>
        {
            Some(Tensor {
                ident: pat.ident.clone(),
                target,
            })
        }
        pat => {
            errors.on(
                pat,
                "expected the name of a tensor in scope, `x`, or `&mut x` for one that is written to",
            );
            None
        }
    }
}

/// The closure as a graph.
struct Fused {
    graph: Graph,
    values: Vec<Id>,
    /// Scalars of the surrounding code.
    captures: Captures,
    is_test: bool,
}

impl Fused {
    fn lower(
        closure: &ExprClosure,
        tensors: &[Tensor],
        class: Class,
        functions: &Functions,
        errors: &mut Errors,
    ) -> Option<Self> {
        let before = errors.count();
        let mut graph = Graph::new(tensors.len(), Lower::mode(class));
        let mut lower = Lower::new(&mut graph, functions, class, errors);
        lower.names = true;
        lower.captures = Some(Captures {
            inputs: tensors.len(),
            ..Captures::default()
        });
        for (index, tensor) in tensors.iter().enumerate() {
            let argument = lower.graph.argument(index);
            lower.bind(&tensor.ident, argument);
        }
        let values = Body::read(&mut lower, tensors, closure);
        let captures = lower.captures.take()?;
        if errors.count() > before {
            return None;
        }
        let values = values?;
        let is_test = graph.is_mask(values[0]);
        Some(Fused {
            graph,
            values,
            captures,
            is_test,
        })
    }

    /// The widest class of elements that has it.
    fn class(&self) -> Class {
        let nodes = self.graph.reachable(&self.values);
        let of_numbers = |id: &Id| match self.graph.get(*id) {
            Node::Intrinsic(f, _) => f.is_of_numbers(),
            Node::Call(callee, _) => {
                let named = &self.graph.callees[*callee].named;
                (named.as_ref()).is_some_and(|(name, _)| OF_NUMBERS.contains(&name.as_str()))
            }
            _ => true,
        };
        let compares =
            |id: &Id| self.graph.is_mask(*id) || matches!(self.graph.get(*id), Node::Argument(_));
        if !self.captures.list.is_empty() || self.captures.fraction {
            Class::Float
        } else if self.is_test && nodes.iter().all(compares) {
            Class::Any
        } else if nodes.iter().all(of_numbers) {
            Class::Num
        } else {
            Class::Float
        }
    }

    fn expansion(self, tensors: &[Tensor], class: Class, functions: &Functions) -> TokenStream {
        let site = Span::mixed_site();
        let krate = functions.krate;
        let parameters = parameter_names(&self.captures.list, tensors);
        let function = Function {
            attrs: Attributes::default(),
            vis: Visibility::Inherited,
            ident: Ident::new("fused", site),
            class,
            inputs: tensors.iter().map(|tensor| tensor.ident.clone()).collect(),
            parameters: (parameters.into_iter())
                .map(|ident| Parameter {
                    ident,
                    default: None,
                })
                .collect(),
            outputs: match self.is_test {
                true => Outputs::Test,
                false => Outputs::Numbers(self.values.len()),
            },
            body: None,
            sound: true,
        };
        let mut graph = self.graph;
        graph.start_derivatives();
        let written = vec![None; function.arguments().count()];
        let mut compiled =
            Compiled::differentiated(graph, &function, self.values, written, functions);
        for of_output in &mut compiled.partials {
            of_output.truncate(tensors.len());
        }
        let op = Op {
            name: "fuse".to_owned(),
            given: quote_spanned!(site=> &self.0),
            ..Op::of(&function, krate, false)
        };
        let impls = op.scoped(&[], &mut compiled);
        let (definition, value) = definition(&self.captures.list, krate);
        let call = call(tensors, &function, krate, &value);
        quote_spanned! {site=> {
            #definition
            #impls
            #call
        }}
    }
}

/// The type of the function, and the value of it with what is captured.
fn definition(captures: &[Expr], krate: &Path) -> (TokenStream, TokenStream) {
    let site = Span::mixed_site();
    let count = proc_macro2::Literal::usize_unsuffixed(captures.len());
    let (fields, value) = match captures.is_empty() {
        true => (quote!(), quote_spanned!(site=> Fused)),
        false => (
            quote_spanned!(site=> ([f64; #count])),
            quote_spanned!(site=> Fused([#(#krate::ops::codegen::scalar(#captures)),*])),
        ),
    };
    let definition = quote_spanned! {site=>
        #[::core::prelude::v1::derive(::core::clone::Clone, ::core::marker::Copy)]
        struct Fused #fields;
    };
    (definition, value)
}

/// The call with the tensors.
fn call(tensors: &[Tensor], function: &Function, krate: &Path, value: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    // What is wrong with a tensor is underlined where it is named.
    let at = |tensor: &Tensor| site.located_at(tensor.ident.span());
    let operand = |tensor: &Tensor| {
        let ident = &tensor.ident;
        match tensor.target {
            true => quote_spanned!(at(tensor)=> #ident.__operand_mut()),
            false => quote_spanned!(at(tensor)=> #ident.__operand()),
        }
    };
    let targets = tensors.iter().filter(|tensor| tensor.target).count();
    let (first, others) = match targets {
        0 => {
            let first = operand(&tensors[0]);
            (
                quote_spanned!(site=> __volta::inputs("fuse", #first)),
                &tensors[1..],
            )
        }
        count => {
            let targets = tensors[..count].iter().map(operand);
            (
                quote_spanned!(site=> __volta::in_place("fuse", [#(#targets),*])),
                &tensors[count..],
            )
        }
    };
    let mut statements = quote_spanned! {site=>
        #[allow(unused_imports)]
        use #krate::ops::codegen::{self as __volta, NumberOperand as _};
        let inputs = #first;
    };
    for other in others {
        let operand = operand(other);
        statements.extend(quote_spanned! {at(other)=>
            let inputs = __volta::and(#operand, inputs);
        });
    }
    statements.extend(match function.is_test() {
        true => quote_spanned!(site=> inputs.test(#value)),
        false => outputs(
            function.count() - targets,
            &quote_spanned!(site=> inputs.map(#value)),
        ),
    });
    statements
}

/// A name for each scalar: `self.lr` is `self_lr`.
fn parameter_names(captures: &[Expr], tensors: &[Tensor]) -> Vec<Ident> {
    let mut taken: HashSet<String> = tensors
        .iter()
        .map(|tensor| names::plain(&tensor.ident))
        .collect();
    let mut parameters = Vec::new();
    for capture in captures {
        let text = capture.to_token_stream().to_string();
        let words: Vec<&str> = (text.split(|c: char| !c.is_alphanumeric() && c != '_'))
            .filter(|word| !word.is_empty() && *word != "r")
            .collect();
        let mut name = words.join("_").to_lowercase();
        while taken.contains(&name) || syn::parse_str::<Ident>(&name).is_err() {
            name.push('_');
        }
        parameters.push(format_ident!("{name}", span = Span::mixed_site()));
        taken.insert(name);
    }
    parameters
}
