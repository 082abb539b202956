use volta::prelude::*;

fn along<N: Dim, B: Backend>(
    x: &Tensor<s![N, 3], f32, B>,
    index: &Tensor<s![N, 5], i64, B>,
) -> Tensor<s![N, 5], f32, B> {
    x.gather::<1, _>(index)
}

fn main() {
    let x: Tensor<s![4, 3]> = Tensor::zeros();
    let index: Tensor<s![4, 5], i64> = Tensor::zeros();
    let y = along(&x, &index);
    let _: Tensor<s![4, 3]> = x.scatter::<1, _>(&index, &y).scatter_add::<-1, _>(&index, &y);
}
