//! Teaches a network of two layers the exclusive or.

mod support;

use std::process::ExitCode;

use volta::prelude::*;

use support::{Run, check};

#[derive(Module)]
#[module(forward = [N, 2] -> [N, 1])]
struct Net<B: Backend = Cpu> {
    hidden: Linear<2, 8, B>,
    tanh: Tanh,
    output: Linear<8, 1, B>,
}

fn main() -> ExitCode {
    support::main("Teaches a network of two layers the exclusive or.", train)
}

fn train(run: &Run) -> Result<(), Box<dyn std::error::Error>> {
    let x: Tensor<s![4, 2]> = tensor![[0., 0.], [0., 1.], [1., 0.], [1., 1.]];
    let y: Tensor<s![4, 1]> = tensor![[0.], [1.], [1.], [0.]];
    let mut model = Net::init(&mut Rng::seed(run.seed));
    let mut optimiser = Adam::new(0.05);
    let steps = run.choose(500, 200);
    let bar = run.bar(steps);
    for _ in 0..steps {
        let (loss, grads) = value_and_grad(&model, |m| {
            m.forward(&x.lift()).binary_cross_entropy_with_logits(&y)
        });
        optimiser.step(&mut model, &grads);
        bar.set_message(format!("loss {:.4}", loss.item()));
        bar.inc(1);
    }
    bar.finish_and_clear();

    let answers = model.forward(&x).sigmoid();
    for row in 0..4 {
        let (a, b) = (x[[row, 0]], x[[row, 1]]);
        println!("{a} xor {b} = {:.3}", answers[[row, 0]]);
    }
    let right = answers
        .gt_scalar(0.5)
        .eq(&y.gt_scalar(0.5))
        .cast::<i64>()
        .sum()
        .item();
    check(right == 4, &format!("{right} of 4 answers are right"))
}
