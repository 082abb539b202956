//! The functions of the elementwise table, by walking it.

use volta::Dtype;
use volta::ops::elementwise::for_each_op;
use volta::ops::function::{Elementwise, Predicate};
use volta::ops::registry::{AnyTest, BoolTest, Entry, FloatOp, FloatTest, IntOp, NumOp, OpVisitor};
use volta::prelude::*;

use crate::input::Input;
use crate::row::{Cell, Out, Plain, Run, Table, Traced};

pub(crate) fn all(table: &mut Table) {
    table.section = "Elementwise";
    for_each_op(&mut Walk(table));
}

struct Walk<'a>(&'a mut Table);

fn inputs(entry: &Entry) -> Vec<Input> {
    let (low, high) = entry.domain;
    vec![Input::new(&[2, 3], low..high); entry.arity]
}

fn map<E: Num, B: Backend, Op: Elementwise<E, N>, const N: usize>(op: Op) -> Run<E, B> {
    Box::new(move |x| Out::prim(B::map(op, std::array::from_fn(|k| &x[k]))))
}

fn plain<E: Num, Op: Elementwise<E, N>, const N: usize>(op: Op) -> Plain<E> {
    Plain {
        cpu: map(op),
        #[cfg(feature = "gpu")]
        gpu: map(op),
    }
}

fn traced<E: Float, Op: Elementwise<E, N>, const N: usize>(op: Op) -> Box<dyn Cell> {
    Box::new(Traced {
        plain: plain(op),
        cpu: map(op),
        #[cfg(feature = "gpu")]
        gpu: map(op),
    })
}

fn test<E: Dtype, Op: Predicate<E, N>, const N: usize>(op: Op) -> Box<dyn Cell> {
    fn run<E: Dtype, B: Backend, Op: Predicate<E, N>, const N: usize>(op: Op) -> Run<E, B> {
        Box::new(move |x| {
            let y = B::test(op, std::array::from_fn(|k| &x[k]));
            let dims = B::dims(&y);
            Out::of(Tensor::<s![Dyn, Dyn], bool, B>::from_prim(
                (Dyn(dims[0]), Dyn(dims[1])),
                y.clone(),
            ))
        })
    }
    Box::new(Plain::<E> {
        cpu: run(op),
        #[cfg(feature = "gpu")]
        gpu: run(op),
    })
}

fn floats<Op: FloatOp<N>, const N: usize>(op: Op) -> Vec<Box<dyn Cell>> {
    vec![
        traced::<f16, Op, N>(op),
        traced::<bf16, Op, N>(op),
        traced::<f32, Op, N>(op),
        traced::<f64, Op, N>(op),
    ]
}

fn wholes<Op: IntOp<N>, const N: usize>(op: Op) -> Vec<Box<dyn Cell>> {
    vec![
        Box::new(plain::<u8, Op, N>(op)),
        Box::new(plain::<i32, Op, N>(op)),
        Box::new(plain::<i64, Op, N>(op)),
    ]
}

fn float_tests<Op: FloatTest<N>, const N: usize>(op: Op) -> Vec<Box<dyn Cell>> {
    vec![
        test::<f16, Op, N>(op),
        test::<bf16, Op, N>(op),
        test::<f32, Op, N>(op),
        test::<f64, Op, N>(op),
    ]
}

impl OpVisitor for Walk<'_> {
    fn float<Op: FloatOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.0.push(entry.name, inputs(entry), floats(op));
    }

    fn num<Op: NumOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        let mut cells = floats(op);
        cells.extend(wholes(op));
        self.0.push(entry.name, inputs(entry), cells);
    }

    fn int<Op: IntOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.0.push(entry.name, inputs(entry), wholes(op));
    }

    fn predicate_float<Op: FloatTest<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.0.push(entry.name, inputs(entry), float_tests(op));
    }

    fn predicate_any<Op: AnyTest<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        let mut cells = float_tests(op);
        cells.push(test::<u8, Op, N>(op));
        cells.push(test::<i32, Op, N>(op));
        cells.push(test::<i64, Op, N>(op));
        cells.push(test::<bool, Op, N>(op));
        self.0.push(entry.name, inputs(entry), cells);
    }

    fn predicate_bool<Op: BoolTest<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.0
            .push(entry.name, inputs(entry), vec![test::<bool, Op, N>(op)]);
    }
}
