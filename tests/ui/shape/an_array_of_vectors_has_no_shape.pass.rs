use volta::prelude::*;

fn main() {
    let rows = [[1.0, 2.0], [3.0, 4.0]];
    let _: Tensor<_> = Tensor::from_array(rows);
}
