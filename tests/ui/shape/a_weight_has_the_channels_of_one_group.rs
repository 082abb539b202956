use volta::prelude::*;

fn main() {
    let x: Tensor<s![8, 6, 16, 16]> = Tensor::zeros();
    let weight: Tensor<s![4, 6, 3, 3]> = Tensor::zeros();
    let _ = x.conv2d::<Grouped<Window<3>, 2>, _, _, _>(&weight);
}
