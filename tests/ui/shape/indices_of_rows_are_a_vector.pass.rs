use volta::prelude::*;

fn rows<K: Dim, B: Backend>(
    x: &Tensor<s![4, 3], f32, B>,
    index: &Tensor<s![K], i64, B>,
) -> Tensor<s![K, 3], f32, B> {
    x.index_select::<0, _>(index)
}

fn main() {
    let x: Tensor<s![4, 3]> = Tensor::zeros();
    let index: Tensor<s![2], i64> = Tensor::zeros();
    let y: Tensor<s![2, 3]> = rows(&x, &index);
    let _: Tensor<s![4, 3]> = x.index_add::<0, _>(&index, &y);
}
