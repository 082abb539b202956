//! The memory of attention is linear in the length of the sequence. One test, as the counters are
//! the process's.

use volta::cpu::{memory_stats, set_memory_limit, trim_memory};
use volta::prelude::*;

/// The bytes that `f` takes from the system: freed memory is kept and used again, so that they are
/// at least the most that was in use at a time.
fn taken<R>(f: impl FnOnce() -> R) -> (u64, R) {
    set_memory_limit(1 << 30);
    trim_memory();
    let before = memory_stats().in_use;
    let result = f();
    let after = memory_stats();
    (after.in_use + after.cached - before, result)
}

#[test]
fn attention_does_not_keep_the_scores() {
    let mut rng = Rng::seed(0);
    let mut random = || Tensor::<s![1, 1, 4096, 32]>::randn(&mut rng);
    let inputs = [random(), random(), random()];
    let scores = 4096 * 4096 * size_of::<f32>() as u64;
    for causal in [false, true] {
        let (bytes, grads) = taken(|| {
            grad(&inputs, |[q, k, v]| {
                let options = match causal {
                    true => Attention::new().causal(),
                    false => Attention::new(),
                };
                q.scaled_dot_product_attention(k, v, options).square().sum()
            })
        });
        assert!(grads[1].to_vec().iter().all(|g| g.is_finite()));
        assert!(bytes > 8 * 4096 * 32 * 4, "{bytes} bytes were seen");
        assert!(bytes < scores / 3, "{bytes} bytes; the scores are {scores}");
    }
    // The same by its definition.
    let (bytes, _) = taken(|| {
        grad(&inputs, |[q, k, v]| {
            let scores = q.matmul(&k.transpose::<2, 3>());
            scores.softmax::<-1>().matmul(v).square().sum()
        })
    });
    assert!(bytes > scores, "{bytes} bytes; the scores are {scores}");
}
