use volta::shape::*;

fn features<N: Dim>(axis: N) -> usize {
    axis.size()
}

fn main() {
    features(D::<1>);
}
