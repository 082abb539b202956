use volta::prelude::*;

fn main() {
    let cell: LstmCell<3, 5> = Init::init(&mut Rng::seed(0));
    let x: Tensor<s![2, 3]> = Tensor::zeros();
    let state: LstmState<s![2, 5]> = LstmState::zeros_on((D, D), &Cpu);
    let _ = cell.forward(&x, &state);
}
