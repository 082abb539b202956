use volta::prelude::*;

struct Histogram(Tensor<s![256], u32>);

fn main() {
    let _: Option<Histogram> = None;
}
