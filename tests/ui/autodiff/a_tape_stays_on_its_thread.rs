use volta::prelude::*;

fn main() {
    let w: Tensor<s![3]> = Tensor::ones();
    let traced = Traced::new(&w);
    std::thread::scope(|s| {
        s.spawn(|| traced.square().sum());
    });
}
