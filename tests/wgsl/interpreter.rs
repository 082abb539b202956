//! Runs functions of a parsed WGSL module on numbers: what a GPU computes where it keeps to IEEE
//! arithmetic, does not fuse and does not flush.

use naga::{
    BinaryOperator as Bin, Block, Expression, Function, Handle, Literal, LocalVariable,
    MathFunction, Module, Scalar, ScalarKind, Statement, SwitchValue, TypeInner, UnaryOperator,
};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    F32(f32),
    F64(f64),
    I32(i32),
    I64(i64),
    U32(u32),
    U64(u64),
    Bool(bool),
    Several(Vec<Value>),
}
use Value::{Bool, F32, F64, I32, I64, U32, U64};

/// What a block ends with.
enum Flow {
    Next,
    Break,
    Continue,
    Return(Value),
}

struct Frame<'a> {
    module: &'a Module,
    function: &'a Function,
    arguments: Vec<Value>,
    values: Vec<Option<Value>>,
    locals: Vec<Option<Value>>,
}

/// What the function `name` returns.
pub(crate) fn call(module: &Module, name: &str, arguments: Vec<Value>) -> Value {
    let named = |function: &Function| function.name.as_deref() == Some(name);
    let mut functions = module.functions.iter();
    let (handle, _) = functions.find(|(_, f)| named(f)).expect("a function");
    run(module, handle, arguments)
}

fn run(module: &Module, handle: Handle<Function>, arguments: Vec<Value>) -> Value {
    let function = &module.functions[handle];
    let mut frame = Frame {
        module,
        function,
        arguments,
        values: vec![None; function.expressions.len()],
        locals: vec![None; function.local_variables.len()],
    };
    for (handle, local) in function.local_variables.iter() {
        frame.locals[handle.index()] = local.init.map(|init| frame.value(init));
    }
    match frame.block(&function.body) {
        Flow::Return(value) => value,
        _ => panic!("a function without a return"),
    }
}

impl Frame<'_> {
    fn block(&mut self, block: &Block) -> Flow {
        for statement in block {
            match self.statement(statement) {
                Flow::Next => {}
                end => return end,
            }
        }
        Flow::Next
    }

    fn statement(&mut self, statement: &Statement) -> Flow {
        match statement {
            Statement::Emit(range) => {
                for handle in range.clone() {
                    if !self.is_pointer(handle) {
                        self.values[handle.index()] = Some(self.compute(handle));
                    }
                }
            }
            Statement::Block(block) => return self.block(block),
            Statement::If {
                condition,
                accept,
                reject,
            } => {
                return match self.value(*condition) {
                    Bool(true) => self.block(accept),
                    _ => self.block(reject),
                };
            }
            Statement::Switch { selector, cases } => {
                let selector = match self.value(*selector) {
                    U32(value) => SwitchValue::U32(value),
                    I32(value) => SwitchValue::I32(value),
                    other => panic!("a switch over {other:?}"),
                };
                let case = (cases.iter().find(|case| case.value == selector))
                    .or_else(|| cases.iter().find(|case| case.value == SwitchValue::Default))
                    .expect("a default");
                return match self.block(&case.body) {
                    Flow::Break => Flow::Next,
                    end => end,
                };
            }
            Statement::Loop {
                body, continuing, ..
            } => loop {
                match self.block(body) {
                    Flow::Break => break,
                    Flow::Return(value) => return Flow::Return(value),
                    Flow::Next | Flow::Continue => {}
                }
                self.block(continuing);
            },
            Statement::Break => return Flow::Break,
            Statement::Continue => return Flow::Continue,
            Statement::Return { value } => {
                return Flow::Return(self.value(value.expect("a value")));
            }
            Statement::Store { pointer, value } => {
                let value = self.value(*value);
                let local = self.local(*pointer);
                self.locals[local.index()] = Some(value);
            }
            Statement::Call {
                function,
                arguments,
                result,
            } => {
                let arguments = arguments.iter().map(|&a| self.value(a)).collect();
                let value = run(self.module, *function, arguments);
                if let Some(result) = result {
                    self.values[result.index()] = Some(value);
                }
            }
            other => panic!("{other:?} is not interpreted"),
        }
        Flow::Next
    }

    fn is_pointer(&self, handle: Handle<Expression>) -> bool {
        matches!(
            self.function.expressions[handle],
            Expression::LocalVariable(_)
        )
    }

    fn local(&self, pointer: Handle<Expression>) -> Handle<LocalVariable> {
        match self.function.expressions[pointer] {
            Expression::LocalVariable(local) => local,
            ref other => panic!("{other:?} is no variable"),
        }
    }

    fn value(&self, handle: Handle<Expression>) -> Value {
        match &self.values[handle.index()] {
            Some(value) => value.clone(),
            None => self.compute(handle),
        }
    }

    fn compute(&self, handle: Handle<Expression>) -> Value {
        match &self.function.expressions[handle] {
            Expression::Literal(literal) => known(*literal),
            Expression::ZeroValue(ty) => match &self.module.types[*ty].inner {
                TypeInner::Scalar(scalar) => zero(*scalar),
                TypeInner::Vector { size, scalar } => {
                    Value::Several(vec![zero(*scalar); *size as usize])
                }
                other => panic!("a zero of {other:?}"),
            },
            Expression::FunctionArgument(at) => self.arguments[*at as usize].clone(),
            Expression::Load { pointer } => {
                let local = self.local(*pointer);
                self.locals[local.index()]
                    .clone()
                    .expect("an initial value")
            }
            Expression::Compose { components, .. } => {
                Value::Several(components.iter().map(|&c| self.value(c)).collect())
            }
            Expression::AccessIndex { base, index } => match self.value(*base) {
                Value::Several(parts) => parts[*index as usize].clone(),
                other => panic!("a part of {other:?}"),
            },
            Expression::Unary { op, expr } => match (op, self.value(*expr)) {
                (UnaryOperator::Negate, F32(x)) => F32(-x),
                (UnaryOperator::Negate, F64(x)) => F64(-x),
                (UnaryOperator::Negate, I32(x)) => I32(x.wrapping_neg()),
                (UnaryOperator::Negate, I64(x)) => I64(x.wrapping_neg()),
                (UnaryOperator::LogicalNot, Bool(x)) => Bool(!x),
                (UnaryOperator::BitwiseNot, U32(x)) => U32(!x),
                (UnaryOperator::BitwiseNot, U64(x)) => U64(!x),
                (UnaryOperator::BitwiseNot, I32(x)) => I32(!x),
                (UnaryOperator::BitwiseNot, I64(x)) => I64(!x),
                other => panic!("{other:?} is not interpreted"),
            },
            Expression::Binary { op, left, right } => {
                binary(*op, self.value(*left), self.value(*right))
            }
            Expression::Select {
                condition,
                accept,
                reject,
            } => match self.value(*condition) {
                Bool(true) => self.value(*accept),
                _ => self.value(*reject),
            },
            Expression::Math {
                fun,
                arg,
                arg1,
                arg2,
                ..
            } => {
                let rest = [arg1, arg2].into_iter().flatten();
                let operands: Vec<_> = (std::iter::once(arg).chain(rest))
                    .map(|&operand| self.value(operand))
                    .collect();
                math(*fun, &operands)
            }
            Expression::As {
                expr,
                kind,
                convert,
            } => cast(self.value(*expr), *kind, *convert),
            other => panic!("{other:?} is not interpreted"),
        }
    }
}

fn zero(scalar: Scalar) -> Value {
    match (scalar.kind, scalar.width) {
        (ScalarKind::Float, 8) => F64(0.0),
        (ScalarKind::Sint, 8) => I64(0),
        (ScalarKind::Uint, 8) => U64(0),
        (ScalarKind::Float, _) => F32(0.0),
        (ScalarKind::Sint, _) => I32(0),
        (ScalarKind::Uint, _) => U32(0),
        _ => Bool(false),
    }
}

fn known(literal: Literal) -> Value {
    match literal {
        Literal::F32(x) => F32(x),
        Literal::F64(x) => F64(x),
        Literal::I32(x) => I32(x),
        Literal::I64(x) => I64(x),
        Literal::U32(x) => U32(x),
        Literal::U64(x) => U64(x),
        Literal::Bool(x) => Bool(x),
        other => panic!("{other:?} is not interpreted"),
    }
}

fn binary(op: Bin, left: Value, right: Value) -> Value {
    macro_rules! compared {
        ($a:ident $b:ident) => {
            match op {
                Bin::Equal => Some(Bool($a == $b)),
                Bin::NotEqual => Some(Bool($a != $b)),
                Bin::Less => Some(Bool($a < $b)),
                Bin::LessEqual => Some(Bool($a <= $b)),
                Bin::Greater => Some(Bool($a > $b)),
                Bin::GreaterEqual => Some(Bool($a >= $b)),
                _ => None,
            }
        };
    }
    macro_rules! whole {
        ($a:ident $b:ident) => {
            match op {
                Bin::Add => $a.wrapping_add($b),
                Bin::Subtract => $a.wrapping_sub($b),
                Bin::Multiply => $a.wrapping_mul($b),
                Bin::Divide if $b == 0 => $a,
                Bin::Divide => $a.wrapping_div($b),
                Bin::Modulo if $b == 0 => 0,
                Bin::Modulo => $a.wrapping_rem($b),
                Bin::And => $a & $b,
                Bin::InclusiveOr => $a | $b,
                Bin::ExclusiveOr => $a ^ $b,
                _ => panic!("{op:?} is not interpreted"),
            }
        };
    }
    macro_rules! float {
        ($a:ident $b:ident) => {
            match op {
                Bin::Add => $a + $b,
                Bin::Subtract => $a - $b,
                Bin::Multiply => $a * $b,
                Bin::Divide => $a / $b,
                _ => panic!("{op:?} is not interpreted"),
            }
        };
    }
    match (left, right) {
        (I32(a), U32(b)) if op == Bin::ShiftLeft => I32(a << b),
        (I32(a), U32(b)) if op == Bin::ShiftRight => I32(a >> b),
        (I64(a), U32(b)) if op == Bin::ShiftLeft => I64(a << b),
        (I64(a), U32(b)) if op == Bin::ShiftRight => I64(a >> b),
        (U32(a), U32(b)) if op == Bin::ShiftLeft => U32(a << b),
        (U32(a), U32(b)) if op == Bin::ShiftRight => U32(a >> b),
        (U64(a), U32(b)) if op == Bin::ShiftLeft => U64(a << b),
        (U64(a), U32(b)) if op == Bin::ShiftRight => U64(a >> b),
        (F32(a), F32(b)) => compared!(a b).unwrap_or_else(|| F32(float!(a b))),
        (F64(a), F64(b)) => compared!(a b).unwrap_or_else(|| F64(float!(a b))),
        (I32(a), I32(b)) => compared!(a b).unwrap_or_else(|| I32(whole!(a b))),
        (I64(a), I64(b)) => compared!(a b).unwrap_or_else(|| I64(whole!(a b))),
        (U32(a), U32(b)) => compared!(a b).unwrap_or_else(|| U32(whole!(a b))),
        (U64(a), U64(b)) => compared!(a b).unwrap_or_else(|| U64(whole!(a b))),
        (Bool(a), Bool(b)) => Bool(match op {
            Bin::And | Bin::LogicalAnd => a & b,
            Bin::InclusiveOr | Bin::LogicalOr => a | b,
            Bin::Equal => a == b,
            Bin::NotEqual => a != b,
            _ => panic!("{op:?} is not interpreted"),
        }),
        other => panic!("{op:?} of {other:?} is not interpreted"),
    }
}

fn math(fun: MathFunction, operands: &[Value]) -> Value {
    macro_rules! float {
        ($T:ident) => {
            match (fun, operands) {
                (MathFunction::Abs, [$T(x)]) => return $T(x.abs()),
                (MathFunction::Sqrt, [$T(x)]) => return $T(x.sqrt()),
                (MathFunction::Floor, [$T(x)]) => return $T(x.floor()),
                (MathFunction::Ceil, [$T(x)]) => return $T(x.ceil()),
                (MathFunction::Round, [$T(x)]) => return $T(x.round_ties_even()),
                (MathFunction::Trunc, [$T(x)]) => return $T(x.trunc()),
                (MathFunction::Clamp, [$T(x), $T(low), $T(high)]) => {
                    return $T(x.max(*low).min(*high));
                }
                (MathFunction::Min, [$T(a), $T(b)]) => return $T(a.min(*b)),
                (MathFunction::Max, [$T(a), $T(b)]) => return $T(a.max(*b)),
                _ => {}
            }
        };
    }
    float!(F32);
    float!(F64);
    match (fun, operands) {
        (MathFunction::Abs, [I32(x)]) => I32(x.wrapping_abs()),
        (MathFunction::Abs, [I64(x)]) => I64(x.wrapping_abs()),
        (MathFunction::Min, [U32(a), U32(b)]) => U32(*a.min(b)),
        (MathFunction::Max, [U32(a), U32(b)]) => U32(*a.max(b)),
        (MathFunction::Min, [U64(a), U64(b)]) => U64(*a.min(b)),
        (MathFunction::Max, [U64(a), U64(b)]) => U64(*a.max(b)),
        (MathFunction::CountLeadingZeros, [U32(x)]) => U32(x.leading_zeros()),
        other => panic!("{other:?} is not interpreted"),
    }
}

/// A conversion to `convert` bytes, or the same bits as another type.
fn cast(value: Value, kind: ScalarKind, convert: Option<u8>) -> Value {
    macro_rules! number {
        ($x:ident) => {
            match (kind, convert) {
                (ScalarKind::Float, Some(8)) => F64($x as f64),
                (ScalarKind::Float, Some(4)) => F32($x as f32),
                (ScalarKind::Sint, Some(8)) => I64($x as i64),
                (ScalarKind::Sint, Some(4)) => I32($x as i32),
                (ScalarKind::Uint, Some(8)) => U64($x as u64),
                (ScalarKind::Uint, Some(4)) => U32($x as u32),
                other => panic!("a cast of {} to {other:?}", $x),
            }
        };
    }
    macro_rules! bits {
        ($bits:expr, $Float:ident $float:ident $Sint:ident $sint:ident $Uint:ident) => {
            match kind {
                ScalarKind::Float => $Float($float::from_bits($bits)),
                ScalarKind::Sint => $Sint($bits as $sint),
                ScalarKind::Uint => $Uint($bits),
                other => panic!("bits as {other:?}"),
            }
        };
    }
    match (value, convert) {
        (F32(x), None) => bits!(x.to_bits(), F32 f32 I32 i32 U32),
        (I32(x), None) => bits!(x as u32, F32 f32 I32 i32 U32),
        (U32(x), None) => bits!(x, F32 f32 I32 i32 U32),
        (F64(x), None) => bits!(x.to_bits(), F64 f64 I64 i64 U64),
        (I64(x), None) => bits!(x as u64, F64 f64 I64 i64 U64),
        (U64(x), None) => bits!(x, F64 f64 I64 i64 U64),
        (F32(x), _) => number!(x),
        (I32(x), _) => number!(x),
        (U32(x), _) => number!(x),
        (F64(x), _) => number!(x),
        (I64(x), _) => number!(x),
        (U64(x), _) => number!(x),
        other => panic!("a cast of {other:?}"),
    }
}
