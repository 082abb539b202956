use volta::prelude::*;

fn main() {
    let row: Tensor<s![*, 10]> = Tensor::zeros();
    let _ = row.expand::<s![32, 10]>();
}
