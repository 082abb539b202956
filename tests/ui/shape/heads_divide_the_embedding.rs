use volta::prelude::*;

fn main() {
    let _: MultiheadAttention<10, 4> = Init::init(&mut Rng::seed(0));
}
