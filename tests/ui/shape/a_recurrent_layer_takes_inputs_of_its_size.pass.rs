use volta::prelude::*;

fn last<N: Dim, T: Dim>(layer: &Gru<3, 5>, x: &Tensor<s![N, T, 3]>) -> Tensor<s![1, N, 5]> {
    layer.forward(x).1
}

fn main() {
    let layer: Gru<3, 5> = Init::init(&mut Rng::seed(0));
    last(&layer, &Tensor::<s![2, 7, 3]>::zeros());
}
