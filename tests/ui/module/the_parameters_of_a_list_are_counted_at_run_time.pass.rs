use volta::prelude::*;

fn main() {
    let layers: Vec<Linear<64, 64>> = vec![Linear::init(&mut Rng::seed(0))];
    let _ = layers.num_parameters();
}
