use volta::prelude::*;

fn main() {
    let _: MultiheadAttention<10, 5> = Init::init(&mut Rng::seed(0));
}
