//! Metrics on a device count what they count on the CPU.

use volta::metric::{Accuracy, Average, ConfusionMatrix, Perplexity, TopK};
use volta::prelude::*;

use crate::support::{Target, for_every_device};

for_every_device! {
    metrics_add_batches_up
}

fn metrics_add_batches_up<T: Target>(device: &T) {
    let (mut accuracy, mut top) = (Accuracy::new(), TopK::<3, _>::new());
    let (mut matrix, mut perplexity) = (ConfusionMatrix::<7, _>::new(), Perplexity::new());
    let (mut accuracy_here, mut top_here) = (Accuracy::new(), TopK::<3>::new());
    let (mut matrix_here, mut perplexity_here) = (ConfusionMatrix::<7>::new(), Perplexity::new());
    let (mut mean, mut mean_here) = (Average::new(), Average::new());
    for n in [40, 1, 33] {
        let mut rng = Rng::seed(n as u64);
        let scores: Tensor<s![Dyn, 7]> = Tensor::randn_with((Dyn(n), D), &mut rng);
        let classes = (0..n).map(|_| rng.below(7) as i64).collect();
        let targets: Tensor<s![Dyn], i64> =
            Tensor::from_vec_with((Dyn(n),), classes).expect("one each");
        let (scores_there, targets_there) = (
            scores.to(device).expect("moved"),
            targets.to(device).expect("moved"),
        );
        accuracy_here.add(&scores, &targets);
        accuracy.add(&scores_there, &targets_there);
        top_here.add(&scores, &targets);
        top.add(&scores_there, &targets_there);
        matrix_here.add(&scores, &targets);
        matrix.add(&scores_there, &targets_there);
        perplexity_here.add(&scores, &targets);
        perplexity.add(&scores_there, &targets_there);
        mean_here.add(&scores.mean(), n);
        mean.add(&scores_there.mean(), n);
    }
    assert_eq!(accuracy.value(), accuracy_here.value());
    assert_eq!(top.value(), top_here.value());
    assert!(top.value() > accuracy.value() && accuracy.value() > 0.0);
    assert_eq!(matrix.read().counts(), matrix_here.read().counts());
    assert_eq!(matrix.read().total(), 74);
    let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-5 * b.abs().max(0.01), "{a} {b}");
    near(perplexity.value(), perplexity_here.value());
    near(mean.value(), mean_here.value());
}
