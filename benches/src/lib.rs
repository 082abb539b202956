//! What the benchmarks share.

pub mod models;

use volta::prelude::*;

/// Random numbers, the same in every run.
pub fn random<S: StaticShape>(seed: u64) -> Tensor<S> {
    Tensor::randn(&mut Rng::seed(seed))
}

/// Class labels that repeat.
pub fn labels<const N: usize>(classes: i64) -> Tensor<s![{ N }], i64> {
    let data = (0..N as i64).map(|i| (i * 7 + 3) % classes).collect();
    Tensor::from_vec(data).expect("N labels")
}
