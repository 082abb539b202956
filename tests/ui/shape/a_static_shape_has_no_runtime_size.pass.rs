use volta::shape::*;

fn elements<S: StaticShape>() -> usize {
    S::NUMEL
}

fn main() {
    elements::<(D<32>, D<10>)>();
}
