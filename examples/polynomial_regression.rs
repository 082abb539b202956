//! Fits a polynomial to noisy points by gradient descent and by L-BFGS, and draws both.

mod support;

use std::error::Error;
use std::process::ExitCode;

use volta::optim::LineSearch;
use volta::prelude::*;

use support::picture::{self, Chart, Series};
use support::{Run, check};

/// The powers 0 to 5 of every point.
fn powers(x: &Tensor<s![120]>) -> Tensor<s![120, 6]> {
    let mut power = x.ones_like();
    let columns: [Tensor<s![120]>; 6] = std::array::from_fn(|_| {
        let column = power.clone();
        power = &power * x;
        column
    });
    Tensor::stack::<1, 6>(columns.each_ref())
}

fn main() -> ExitCode {
    support::main(
        "Fits a polynomial of degree 5 to noisy points of a sine.",
        fit,
    )
}

fn fit(run: &Run) -> Result<(), Box<dyn Error>> {
    let mut rng = Rng::seed(run.seed);
    let noise = 0.1;
    let x: Tensor<s![120]> = Tensor::linspace(-1.0, 1.0);
    let truth = (3.0 * &x).sin();
    let y = &truth + noise * Tensor::<s![120]>::randn(&mut rng);
    let features = powers(&x);

    let mut by_adam: Tensor<s![6]> = Tensor::zeros();
    let mut optimiser = Adam::new(0.1);
    let steps = run.choose(2000, 300);
    let (bar, mut losses) = (run.bar(steps), Vec::new());
    for step in 0..steps {
        let (loss, grads) = value_and_grad(&by_adam, |w| features.lift().matmul(w).mse_loss(&y));
        optimiser.step(&mut by_adam, &grads);
        if step % 10 == 0 {
            losses.push((step as f32, loss.item().log10()));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();

    let mut by_lbfgs: Tensor<s![6]> = Tensor::zeros();
    let mut lbfgs = Lbfgs::new(1.0)
        .line_search(LineSearch::StrongWolfe)
        .max_iter(50);
    lbfgs.step(&mut by_lbfgs, |w| {
        value_and_grad(w, |w| features.lift().matmul(w).mse_loss(&y))
    });

    let curve = |w: &Tensor<s![6]>| -> Vec<(f32, f32)> {
        let values = features.matmul(w).to_vec();
        x.to_vec().into_iter().zip(values).collect()
    };
    let fitted = Chart {
        title: "Degree 5",
        x: "x",
        series: vec![
            Series::dots("data", x.to_vec().into_iter().zip(y.to_vec())),
            Series::line("Adam", curve(&by_adam)),
            Series::line("L-BFGS", curve(&by_lbfgs)),
        ],
    };
    let descent = Chart {
        title: "log10 of the loss, Adam",
        x: "step",
        series: vec![Series::line("loss", losses)],
    };
    picture::write("polynomial_regression.png", &[&fitted, &descent])?;
    println!("coefficients {:.3?}", by_lbfgs.to_vec());
    let error = |w: &Tensor<s![6]>| features.matmul(w).mse_loss(&truth).item().sqrt();
    let (adam, lbfgs) = (error(&by_adam), error(&by_lbfgs));
    check(
        lbfgs < noise / 2.0 && adam < run.choose(noise / 2.0, noise * 2.0),
        &format!("off the sine by {adam:.4} (Adam) and {lbfgs:.4} (L-BFGS), the noise is {noise}"),
    )
}
