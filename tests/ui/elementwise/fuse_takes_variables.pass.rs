use volta::prelude::*;

struct Scale {
    weight: Tensor<s![3]>,
}

impl Scale {
    fn forward(&self, x: &Tensor<s![2, 3]>) -> Tensor<s![2, 3]> {
        let weight = &self.weight;
        fuse!(|x, weight| x * weight)
    }
}

fn main() {}
