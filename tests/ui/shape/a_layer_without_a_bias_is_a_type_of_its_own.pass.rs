use volta::prelude::*;

fn main() {
    let _: Linear<3, 2, Cpu, f32, NoBias> = Linear::init(&mut Rng::seed(0)).without_bias();
}
