use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 3, 28, 28]> = Tensor::zeros();
    let features = x.mean_axes::<axes![2, 3]>();
    assert_shape!(features, s![32, 3]);
}
