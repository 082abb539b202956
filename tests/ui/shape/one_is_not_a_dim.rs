//! `One` is an axis that broadcasts, not a `Dim`
use volta::shape::*;

fn features<N: Dim>(axis: N) -> usize {
    axis.size()
}

fn main() {
    features(One);
}
