//! Prints what the layers of a LeNet give and cost.

mod support;

use std::process::ExitCode;

use volta::prelude::*;
use volta::summary;

use support::check;

#[derive(Module)]
#[module(forward = [N, 1, 28, 28] -> [N, 10])]
struct LeNet<B: Backend = Cpu> {
    conv1: Conv2d<1, 6, Window<5, 1, 2>, B>,
    relu1: Relu,
    pool1: MaxPool2d<Window<2, 2>>,
    conv2: Conv2d<6, 16, Window<5>, B>,
    relu2: Relu,
    pool2: MaxPool2d<Window<2, 2>>,
    flatten: Flatten,
    fc1: Linear<400, 120, B>,
    relu3: Relu,
    fc2: Linear<120, 84, B>,
    relu4: Relu,
    fc3: Linear<84, 10, B>,
}

fn main() -> ExitCode {
    support::main("Prints what the layers of a LeNet give and cost.", |run| {
        let model = LeNet::init(&mut Rng::seed(run.seed));
        let images: Tensor<s![32, 1, 28, 28]> = Tensor::zeros();
        let summary = summary(&model, &images);
        println!("{summary}");
        let (parameters, work) = (summary.parameters(), summary.multiply_adds() / 32);
        check(
            parameters == 61_706 && work == 416_520,
            &format!("{parameters} parameters, {work} multiply-adds an image"),
        )
    })
}
