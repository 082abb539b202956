//! A vector of vectors has no shape
use volta::prelude::*;

fn main() {
    let rows = vec![vec![1.0, 2.0], vec![3.0, 4.0]];
    let _: Tensor<_> = Tensor::from_array(rows);
}
