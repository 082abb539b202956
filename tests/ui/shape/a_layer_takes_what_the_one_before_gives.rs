use volta::prelude::*;

struct Mlp {
    fc1: Linear<784, 128>,
    fc2: Linear<64, 10>,
}

impl Mlp {
    fn forward<N: Dim>(&self, x: &Tensor<s![N, 784]>) -> Tensor<s![N, 10]> {
        self.fc2.forward(&self.fc1.forward(x).relu())
    }
}

fn main() {
    let mut rng = Rng::seed(0);
    let model = Mlp { fc1: Linear::init(&mut rng), fc2: Linear::init(&mut rng) };
    let _ = model.forward(&Tensor::<s![2, 784]>::zeros());
}
