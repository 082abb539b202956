use volta::prelude::*;

fn main() {
    let x: Tensor<s![Dyn, 10]> = Tensor::zeros_with((Dyn(3), D));
    let rows: Vec<Tensor<s![10]>> = x.iter_axis::<0>().collect();
    assert_eq!(rows.len(), 3);
}
