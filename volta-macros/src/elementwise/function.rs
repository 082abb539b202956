//! The signature of a function and its attributes.

use super::attributes::Attributes;
use super::names;
use super::types::{argument_type, is_generic, type_name};
use crate::errors::Errors;
use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Block, Expr, FnArg, Pat, ReturnType, Safety, Signature, Type, Visibility};

pub(super) const MAX_INPUTS: usize = 6;
pub(super) const MAX_PARAMETERS: usize = 16;
pub(super) const MAX_OUTPUTS: usize = 4;

/// The element types that a function is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Class {
    Float,
    Num,
    Int,
    Any,
    Bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outputs {
    /// So many numbers.
    Numbers(usize),
    /// One condition.
    Test,
}

pub(super) struct Function {
    pub(super) attrs: Attributes,
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    pub(super) class: Class,
    pub(super) inputs: Vec<Ident>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) outputs: Outputs,
    /// `None` for an intrinsic of the table.
    pub(super) body: Option<Block>,
    /// Whether the signature was read without an error.
    pub(super) sound: bool,
}

/// An `f64` that is given at run time.
pub(super) struct Parameter {
    pub(super) ident: Ident,
    pub(super) default: Option<Expr>,
}

impl Class {
    pub(super) fn find(name: &str) -> Option<Self> {
        Some(match name {
            "Float" => Class::Float,
            "Num" => Class::Num,
            "Int" => Class::Int,
            "Any" => Class::Any,
            "bool" => Class::Bool,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Class::Float => "Float",
            Class::Num => "Num",
            Class::Int => "Int",
            Class::Any => "Any",
            Class::Bool => "bool",
        }
    }
}

impl Function {
    pub(super) fn read(
        attrs: Attributes,
        vis: Visibility,
        sig: Signature,
        body: Option<Block>,
        errors: &mut Errors,
    ) -> Self {
        let before = errors.count();
        refuse_modifiers(&sig, errors);
        let Arguments {
            class,
            inputs,
            parameters,
        } = Arguments::read(&sig, errors);
        let outputs = read_outputs(&sig.output, class, &sig.ident, errors);
        if class == Some(Class::Bool) && !parameters.is_empty() {
            errors.at(
                parameters[0].ident.span(),
                "a function of `bool` has no parameters: they are numbers",
            );
        }
        Function {
            attrs,
            vis,
            ident: sig.ident,
            class: class.unwrap_or(Class::Float),
            inputs,
            parameters,
            outputs: outputs.unwrap_or(Outputs::Numbers(1)),
            body,
            sound: errors.count() == before,
        }
    }

    /// Inputs and parameters, in order.
    pub(super) fn arguments(&self) -> impl Iterator<Item = &Ident> {
        (self.inputs.iter()).chain(self.parameters.iter().map(|parameter| &parameter.ident))
    }

    pub(super) fn name(&self) -> String {
        names::plain(&self.ident)
    }

    pub(super) fn is_test(&self) -> bool {
        self.outputs == Outputs::Test
    }

    /// How many outputs there are.
    pub(super) fn count(&self) -> usize {
        match self.outputs {
            Outputs::Numbers(count) => count,
            Outputs::Test => 1,
        }
    }

    /// Whether items can be written for it, if only in place of those that were meant.
    pub(super) fn is_complete(&self) -> bool {
        let tests_alone = matches!(self.class, Class::Any | Class::Bool);
        (1..=MAX_INPUTS).contains(&self.inputs.len())
            && self.parameters.len() <= MAX_PARAMETERS
            && (self.class != Class::Bool || self.parameters.is_empty())
            && (!tests_alone || self.is_test())
    }

    pub(super) fn is_differentiable(&self) -> bool {
        !self.is_test() && matches!(self.class, Class::Float | Class::Num)
    }
}

fn refuse_modifiers(sig: &Signature, errors: &mut Errors) {
    let mut refuse = |tokens: &dyn ToTokens, what: &str| {
        errors.on(
            tokens.to_token_stream(),
            format!("an elementwise function is not {what}"),
        );
    };
    if let Some(token) = &sig.constness {
        refuse(token, "`const`");
    }
    if let Some(token) = &sig.asyncness {
        refuse(token, "`async`");
    }
    match &sig.safety {
        Safety::Default => {}
        safety => refuse(safety, "`unsafe`"),
    }
    if let Some(abi) = &sig.abi {
        refuse(abi, "`extern`");
    }
    if let Some(variadic) = &sig.variadic {
        refuse(variadic, "variadic");
    }
    if !sig.generics.params.is_empty() {
        errors.on(
            &sig.generics.params,
            "no generics here: `Float` and `Num` already stand for every type, as in `x: Num`",
        );
    }
    if let Some(clause) = &sig.generics.where_clause {
        errors.on(
            clause,
            "no `where` here: `Float` and `Num` already stand for every type",
        );
    }
}

struct Arguments {
    class: Option<Class>,
    inputs: Vec<Ident>,
    parameters: Vec<Parameter>,
}

impl Arguments {
    fn read(sig: &Signature, errors: &mut Errors) -> Self {
        let mut this = Arguments {
            class: None,
            inputs: Vec::new(),
            parameters: Vec::new(),
        };
        let before = errors.count();
        for arg in &sig.inputs {
            let arg = match arg {
                FnArg::Typed(arg) => arg,
                FnArg::Receiver(receiver) => {
                    errors.on(receiver, "an elementwise function has no `self`");
                    continue;
                }
            };
            let Some(ident) = argument_name(&arg.pat, errors) else {
                continue;
            };
            if (this.inputs.iter())
                .chain(this.parameters.iter().map(|parameter| &parameter.ident))
                .any(|other| *other == ident)
            {
                errors.on(&ident, format!("`{ident}` is given twice"));
                continue;
            }
            let default = Attributes::read_default(&arg.attrs, errors);
            if is_generic(&arg.ty, sig) {
                // Reported where it is declared.
                this.inputs.push(ident);
                continue;
            }
            match argument_type(&arg.ty, errors) {
                None => this.inputs.push(ident),
                Some(None) => this.parameters.push(Parameter { ident, default }),
                Some(Some(class)) => {
                    if let Some(default) = default {
                        errors.on(default, "an input has no default: a parameter, `f64`, has");
                    }
                    if !this.parameters.is_empty() {
                        errors.on(
                            &arg.ty,
                            "inputs come first: put this one before the parameters",
                        );
                    }
                    match this.class {
                        Some(first) if first != class => errors.on(
                            &arg.ty,
                            format!(
                                "the inputs are of one type: the first one is `{}`, this one `{}`",
                                first.name(),
                                class.name()
                            ),
                        ),
                        _ => this.class = Some(class),
                    }
                    this.inputs.push(ident);
                }
            }
        }
        if this.inputs.is_empty() && errors.count() == before {
            let parameters = match this.parameters.is_empty() {
                true => "",
                false => "; an `f64` is a parameter",
            };
            errors.on(
                &sig.ident,
                format!("an elementwise function has an input: `x: Float`{parameters}"),
            );
        }
        if let Some(input) = this.inputs.get(MAX_INPUTS) {
            let count = this.inputs.len();
            errors.on(
                input,
                format!("a function has at most {MAX_INPUTS} inputs, this one has {count}"),
            );
        }
        if let Some(parameter) = this.parameters.get(MAX_PARAMETERS) {
            let count = this.parameters.len();
            errors.on(
                &parameter.ident,
                format!("a function has at most {MAX_PARAMETERS} parameters, this one has {count}"),
            );
        }
        this
    }
}

fn argument_name(pat: &Pat, errors: &mut Errors) -> Option<Ident> {
    match pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
            if let Some(token) = pat.mutability {
                errors.on(token, "an argument is not assigned: leave out `mut`");
            }
            Some(pat.ident.clone())
        }
        pat => {
            errors.on(pat, "an argument is a name");
            None
        }
    }
}

fn read_outputs(
    output: &ReturnType,
    class: Option<Class>,
    ident: &Ident,
    errors: &mut Errors,
) -> Option<Outputs> {
    let name = class.unwrap_or(Class::Float).name();
    let ReturnType::Type(_, ty) = output else {
        errors.on(ident, format!("the function has a result: `-> {name}`"));
        return None;
    };
    let elements: Vec<&Type> = match &**ty {
        Type::Tuple(tuple) => tuple.elems.iter().collect(),
        ty => vec![ty],
    };
    if let Type::Tuple(tuple) = &**ty {
        match elements.len() {
            0 => errors.on(tuple, format!("the function has a result: `-> {name}`")),
            1 => errors.on(
                tuple,
                format!("a single result is no tuple: write `-> {name}`"),
            ),
            count if count > MAX_OUTPUTS => errors.on(
                elements[MAX_OUTPUTS],
                format!("a function has at most {MAX_OUTPUTS} outputs, this one has {count}"),
            ),
            _ => {}
        }
    }
    let count = elements.len();
    for element in elements {
        let found = type_name(element);
        if count == 1 && found.as_deref() == Some("bool") {
            return Some(Outputs::Test);
        }
        let Some(class) = class else { continue };
        match class {
            Class::Any | Class::Bool => errors.on(
                element,
                format!("a function of `{name}` tests its inputs: it returns `bool`"),
            ),
            _ if found.as_deref() == Some(name) => {}
            _ => errors.on(
                element,
                format!("the result is of the inputs' type, `{name}`, or a tuple of it, or `bool`"),
            ),
        }
    }
    Some(Outputs::Numbers(count.clamp(1, MAX_OUTPUTS)))
}
