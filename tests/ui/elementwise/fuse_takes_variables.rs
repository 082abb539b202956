//! `fuse!` takes variables
use volta::prelude::*;

struct Scale {
    weight: Tensor<s![3]>,
}

impl Scale {
    fn forward(&self, x: &Tensor<s![2, 3]>) -> Tensor<s![2, 3]> {
        fuse!(|x, self.weight| x * self.weight)
    }
}

fn main() {}
