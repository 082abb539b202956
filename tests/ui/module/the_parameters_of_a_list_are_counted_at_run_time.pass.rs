use volta::prelude::*;

fn main() {
    let layers: Vec<Linear<64, 64>> = vec![Linear::init(&mut Rng::seed(0))];
    let count = layers.num_parameters();
    println!("{} layers, {count} parameters", layers.len());
}
