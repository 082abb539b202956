//! The list of the table's functions, for the tests that walk it.

use std::num::Wrapping;

use crate::dtype::{bf16, f16};
use crate::ops::function::{Elementwise, Predicate, Scalar, Test};
use crate::ops::scalar::Unfused;
use crate::ops::wgsl::Value;

/// The elements that a function is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Floats.
    Float,
    /// Numbers.
    Num,
    /// Whole numbers.
    Int,
    /// All.
    Any,
    /// Conditions.
    Bool,
}

/// A function of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// Its inputs.
    pub arity: usize,
    /// Its outputs.
    pub outputs: usize,
    /// Whether it says yes or no.
    pub test: bool,
    /// Its run-time parameters, with the values that the tests use.
    pub parameters: &'static [(&'static str, f64)],
    /// Inputs are drawn from this range in the gradient test.
    pub domain: (f64, f64),
    /// What it is a function of.
    pub class: Class,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $Op:ident<const N: usize>: $($bound:path),+;)*) => {$(
        $(#[$doc])*
        pub trait $Op<const N: usize>: Copy + $($bound +)+ {}
        impl<Op: Copy $(+ $bound)+, const N: usize> $Op<N> for Op {}
    )*};
}
kinds! {
    /// A function of floats.
    FloatOp<const N: usize>: Elementwise<f16, N>, Elementwise<bf16, N>, Elementwise<f32, N>,
        Elementwise<f64, N>, Scalar<f32, N>, Scalar<Unfused, N>, Scalar<f64, N>, Scalar<Value, N>;
    /// A function of whole numbers.
    IntOp<const N: usize>: Elementwise<u8, N>, Elementwise<i32, N>, Elementwise<i64, N>,
        Scalar<Wrapping<u8>, N>, Scalar<Wrapping<i32>, N>, Scalar<Wrapping<i64>, N>,
        Scalar<Value, N>;
    /// A function of all numbers.
    NumOp<const N: usize>: FloatOp<N>, IntOp<N>;
    /// A function of floats that says yes or no.
    FloatTest<const N: usize>: Predicate<f16, N>, Predicate<bf16, N>, Predicate<f32, N>,
        Predicate<f64, N>, Test<f32, N>, Test<f64, N>, Test<Value, N>;
    /// A function of conditions that says yes or no.
    BoolTest<const N: usize>: Predicate<bool, N>, Test<bool, N>, Test<Value, N>;
    /// A function of all elements that says yes or no.
    AnyTest<const N: usize>: FloatTest<N>, BoolTest<N>, Predicate<u8, N>, Predicate<i32, N>,
        Predicate<i64, N>, Test<Wrapping<u8>, N>, Test<Wrapping<i32>, N>, Test<Wrapping<i64>, N>;
}

/// What is done with every function of the table, each by its own type.
pub trait OpVisitor {
    /// A function of floats alone.
    fn float<Op: FloatOp<N>, const N: usize>(&mut self, _op: Op, _entry: &Entry) {}
    /// A function of all numbers.
    fn num<Op: NumOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.float(op, entry);
    }
    /// A function of whole numbers alone.
    fn int<Op: IntOp<N>, const N: usize>(&mut self, _op: Op, _entry: &Entry) {}
    /// A function of floats that says yes or no.
    fn predicate_float<Op: FloatTest<N>, const N: usize>(&mut self, _op: Op, _entry: &Entry) {}
    /// A function of all elements that says yes or no.
    fn predicate_any<Op: AnyTest<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.predicate_float(op, entry);
    }
    /// A function of conditions that says yes or no.
    fn predicate_bool<Op: BoolTest<N>, const N: usize>(&mut self, _op: Op, _entry: &Entry) {}
}
