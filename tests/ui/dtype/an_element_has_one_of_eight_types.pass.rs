use volta::prelude::*;

struct Histogram(Tensor<s![256], i32>);

fn main() {
    let _: Option<Histogram> = None;
}
