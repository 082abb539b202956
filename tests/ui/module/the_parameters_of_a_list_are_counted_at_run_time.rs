use volta::prelude::*;

fn main() {
    let layers: Vec<Linear<64, 64>> = vec![Linear::init(&mut Rng::seed(0))];
    let count = <Vec<Linear<64, 64>> as Module<Cpu>>::PARAMETERS;
    println!("{} layers, {count} parameters", layers.len());
}
