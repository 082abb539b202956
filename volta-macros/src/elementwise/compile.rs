//! From a function to what is emitted: the graph of its values and of their derivatives.

use super::differentiate::differentiate;
use super::function::{Function, Outputs};
use super::functions::Functions;
use super::graph::{Graph, Id, Mode, Node};
use super::intrinsics::Intrinsic;
use super::lower::Lower;
use super::names;
use crate::errors::Errors;
use syn::Expr;

pub(super) struct Compiled {
    pub(super) graph: Graph,
    /// One for each output; one condition for a test.
    pub(super) values: Vec<Id>,
    /// By output, then by argument; empty where there are none.
    pub(super) partials: Vec<Vec<Id>>,
    /// How many of the arguments are inputs.
    pub(super) inputs: usize,
    /// Whether the derivatives by the inputs read inputs, and the output.
    pub(super) saves: (bool, bool),
}

impl Compiled {
    /// `None` after an error.
    pub(super) fn new(
        function: &Function,
        index: Option<usize>,
        functions: &Functions,
        errors: &mut Errors,
    ) -> Option<Self> {
        let before = errors.count();
        let mode = Lower::mode(function.class);
        let mut graph = Graph::new(function.arguments().count(), mode);
        graph.of_bool = function.class == super::function::Class::Bool;
        let values = lower_values(&mut graph, function, index, functions, errors);
        check_derivatives(function, errors);
        graph.start_derivatives();
        let overrides = lower_derivatives(&mut graph, function, functions, errors);
        let values = values?;
        if errors.count() > before {
            return None;
        }
        Some(Self::differentiated(
            graph, function, values, overrides, functions,
        ))
    }

    /// The function that returns its first input: in place of one with errors.
    pub(super) fn stub(function: &Function) -> Self {
        let mut graph = Graph::new(function.arguments().count(), Mode::Exact);
        let x = graph.argument(0);
        let values = match function.outputs {
            Outputs::Numbers(count) => vec![x; count],
            Outputs::Test => vec![graph.node(Node::Compare(super::graph::Comparison::Eq, x, x))],
        };
        let zero = graph.literal(0.0);
        let partials = match function.is_differentiable() {
            true => vec![vec![zero; function.arguments().count()]; values.len()],
            false => Vec::new(),
        };
        Compiled {
            graph,
            values,
            partials,
            inputs: function.inputs.len(),
            saves: (false, false),
        }
    }

    pub(super) fn differentiated(
        mut graph: Graph,
        function: &Function,
        values: Vec<Id>,
        overrides: Vec<Option<Id>>,
        functions: &Functions,
    ) -> Self {
        let mut partials = Vec::new();
        if function.is_differentiable() {
            for value in &values {
                let count = function.arguments().count();
                let mut of_output = differentiate(&mut graph, functions, *value, count);
                for (partial, written) in of_output.iter_mut().zip(&overrides) {
                    *partial = match *written {
                        Some(written) => written,
                        None => by_output(&mut graph, *partial, *value),
                    };
                }
                partials.push(of_output);
            }
        }
        let inputs = function.inputs.len();
        let by_inputs: Vec<Id> = (partials.iter())
            .flat_map(|of_output| of_output[..inputs].iter().copied())
            .collect();
        let saves = (
            reads_inputs(&graph, &by_inputs, inputs),
            reads_output(&graph, &by_inputs),
        );
        Compiled {
            graph,
            values,
            partials,
            inputs,
            saves,
        }
    }
}

fn lower_values(
    graph: &mut Graph,
    function: &Function,
    index: Option<usize>,
    functions: &Functions,
    errors: &mut Errors,
) -> Option<Vec<Id>> {
    let Some(body) = &function.body else {
        return intrinsic_value(graph, function, errors);
    };
    let mut lower = Lower::new(graph, functions, function.class, errors);
    lower.own_name = Some(function.name());
    lower.whole = lower.graph.mode == Mode::Whole;
    lower.names = true;
    lower.inlined.extend(index);
    lower.bind_arguments(function);
    let values = lower.block(body, |this, tail| {
        this.tests = function.is_test() && matches!(tail, Expr::Call(_));
        let values = this.results(tail)?;
        let is_mask = this.graph.is_mask(values[0]);
        match function.outputs {
            Outputs::Test if values.len() > 1 || !is_mask => this.fail(
                tail,
                "the result is a condition by the signature, `bool`: this is a number",
            ),
            Outputs::Numbers(count) if values.len() != count => this.fail(
                tail,
                format!(
                    "the signature has {}, this is {}",
                    results(count),
                    results(values.len())
                ),
            ),
            Outputs::Numbers(_) if is_mask => this.fail(
                tail,
                "the result is a number by the signature, this is a condition: write `-> bool`, or \
                 choose with `if .. { .. } else { .. }`",
            ),
            _ => Some(values),
        }
    });
    lower.report_unused(0);
    values
}

fn results(count: usize) -> String {
    match count {
        1 => "one result".to_owned(),
        count => format!("a tuple of {count} results"),
    }
}

/// The value of an entry without a body.
fn intrinsic_value(graph: &mut Graph, function: &Function, errors: &mut Errors) -> Option<Vec<Id>> {
    let name = function.name();
    let Some(intrinsic) = Intrinsic::find(&name) else {
        let hint = names::did_you_mean(&name, Intrinsic::names());
        errors.on(
            &function.ident,
            format!("`{name}` has no body, and is no intrinsic{hint}"),
        );
        return None;
    };
    let args: Vec<Id> = (0..function.arguments().count())
        .map(|index| graph.argument(index))
        .collect();
    if args.len() != intrinsic.arguments().len() || !function.parameters.is_empty() {
        errors.on(
            &function.ident,
            format!(
                "the intrinsic `{name}` has {} inputs and no parameters",
                intrinsic.arguments().len()
            ),
        );
        return None;
    }
    Some(vec![graph.node(Node::Intrinsic(intrinsic, args))])
}

fn check_derivatives(function: &Function, errors: &mut Errors) {
    let derivatives = &function.attrs.derivatives;
    if !function.is_differentiable() {
        if let Some((argument, _)) = derivatives.first() {
            let what = match function.is_test() {
                true => "a function that returns `bool`",
                false => "a function of `Int`",
            };
            errors.on(argument, format!("{what} has no derivative"));
        }
        return;
    }
    if function.count() > 1
        && let Some((argument, _)) = derivatives.first()
    {
        errors.on(
            argument,
            "a function of several outputs takes no `derivative`: it would not say of which \
             output",
        );
    }
    for (argument, _) in derivatives {
        if !function.arguments().any(|known| known == argument) {
            let known: Vec<String> = function.arguments().map(names::plain).collect();
            let hint =
                names::did_you_mean(&names::plain(argument), known.iter().map(String::as_str));
            errors.on(
                argument,
                format!("`{argument}` is no argument of `{}`{hint}", function.name()),
            );
        }
    }
    if let Some(argument) = function.arguments().find(|name| names::plain(name) == "y")
        && !derivatives.is_empty()
    {
        errors.on(
            argument,
            "beside `derivative`, no argument is called `y`: it is the result there",
        );
    }
}

/// The derivatives that the user wrote, by argument.
fn lower_derivatives(
    graph: &mut Graph,
    function: &Function,
    functions: &Functions,
    errors: &mut Errors,
) -> Vec<Option<Id>> {
    let mut derivatives = vec![None; function.arguments().count()];
    if !function.is_differentiable() {
        return derivatives;
    }
    for (argument, expr) in &function.attrs.derivatives {
        let y = graph.output();
        let mut lower = Lower::new(graph, functions, function.class, errors);
        lower.own_name = Some(function.name());
        lower.bind_arguments(function);
        lower.bind_result(y);
        let value = lower.number(expr);
        if let Some(index) = function.arguments().position(|known| known == argument) {
            derivatives[index] = value;
        }
    }
    derivatives
}

/// The derivative by means of the value of the function, where that saves a call or the inputs.
fn by_output(graph: &mut Graph, partial: Id, value: Id) -> Id {
    if matches!(graph.get(value), Node::Argument(_)) || graph.is_constant(value) {
        return partial;
    }
    let y = graph.output();
    let replaced = graph.replace(partial, value, y);
    let calls = |graph: &Graph, id| {
        let nodes = graph.reachable(&[id]);
        let is_call = |id: &&Id| {
            matches!(
                graph.get(**id),
                Node::Intrinsic(..) | Node::Call(..) | Node::Test(..) | Node::Partial(..)
            )
        };
        nodes.iter().filter(is_call).count()
    };
    let all = usize::MAX;
    let saves_call = calls(graph, replaced) < calls(graph, partial);
    let saves_inputs =
        reads_inputs(graph, &[partial], all) && !reads_inputs(graph, &[replaced], all);
    match saves_call || saves_inputs {
        true => replaced,
        false => partial,
    }
}

/// Whether one of the first `inputs` arguments is read.
fn reads_inputs(graph: &Graph, roots: &[Id], inputs: usize) -> bool {
    (graph.reachable(roots).iter())
        .any(|id| matches!(graph.get(*id), Node::Argument(index) if *index < inputs))
}

fn reads_output(graph: &Graph, roots: &[Id]) -> bool {
    (graph.reachable(roots).iter()).any(|id| matches!(graph.get(*id), Node::Output))
}
