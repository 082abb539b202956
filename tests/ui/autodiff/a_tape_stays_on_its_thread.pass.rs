use volta::prelude::*;

fn main() {
    let w: Tensor<s![3]> = Tensor::ones();
    std::thread::scope(|s| {
        s.spawn(|| Traced::new(&w).square().sum().item());
    });
}
