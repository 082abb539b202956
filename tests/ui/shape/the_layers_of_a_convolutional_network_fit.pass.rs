use volta::prelude::*;

#[derive(Module)]
#[module(forward = [N, 1, 28, 28] -> [N, 10])]
struct Net<B: Backend = Cpu> {
    conv: Conv2d<1, 6, Window<5>, B>,
    relu: Relu,
    pool: MaxPool2d<Window<2, 2>>,
    flatten: Flatten,
    head: Linear<864, 10, B>,
}

fn main() {
    let _: Net = Init::init(&mut Rng::seed(0));
}
