use std::thread;

use volta::StateDict;
use volta::cpu::set_num_threads;
use volta::optim::accumulate;
use volta::prelude::*;

use super::alone;

#[derive(Module)]
struct Net<B: Backend = Cpu> {
    conv: Conv2d<1, 8, Window<3>, B>,
    fc1: Linear<1152, 64, B>,
    fc2: Linear<64, 10, B>,
}

impl<B: Backend> Net<B> {
    fn forward(&self, x: &Tensor<s![8, 1, 14, 14], f32, B>) -> Tensor<s![8, 10], f32, B> {
        let x = self.conv.forward(x).relu().flatten::<1, -1>();
        self.fc2.forward(&self.fc1.forward(&x).gelu())
    }
}

/// The gradients of one batch.
fn gradients(model: &Net, seed: u64) -> Net {
    let rng = &mut Rng::seed(seed);
    let x = Tensor::randn(rng);
    let classes: Tensor<s![8], i64> = Tensor::arange(0, 1);
    grad(model, |m| m.forward(&x.lift()).cross_entropy(&classes))
}

fn sum(parts: Vec<Net>) -> StateDict {
    let mut parts = parts.into_iter();
    let mut sum = parts.next().expect("several batches");
    parts.for_each(|part| accumulate(&mut sum, &part));
    sum.state_dict()
}

#[test]
fn eight_threads_that_share_a_model_have_the_sum_of_one() {
    let _alone = alone();
    let model = Net::init(&mut Rng::seed(1));
    set_num_threads(1);
    let serial = sum((0..24).map(|seed| gradients(&model, seed)).collect());
    // The threads of the program, and those of the ops.
    for threads in [1, 2, 5] {
        set_num_threads(threads);
        let parts: Vec<Net> = thread::scope(|scope| {
            let model = &model;
            let workers: Vec<_> = (0..8_u64)
                .map(|worker| {
                    let batches = 3 * worker..3 * worker + 3;
                    scope.spawn(move || batches.map(|seed| gradients(model, seed)).collect())
                })
                .collect();
            let parts = workers.into_iter().map(|worker| worker.join().unwrap());
            parts
                .collect::<Vec<Vec<Net>>>()
                .into_iter()
                .flatten()
                .collect()
        });
        assert_eq!(sum(parts), serial, "{threads} threads in an op");
    }
    set_num_threads(2);
}

#[test]
fn a_panic_while_gradients_are_found_leaves_nothing_behind() {
    let _alone = alone();
    let model = Net::init(&mut Rng::seed(1));
    let before = sum(vec![gradients(&model, 7)]);
    for round in 0..20 {
        let broken = thread::scope(|scope| {
            let model = &model;
            let worker = scope.spawn(move || {
                grad(model, |m| {
                    let x: Tensor<s![8, 1, 14, 14]> = Tensor::ones();
                    let y = m.forward(&x.lift());
                    assert!(round > 100, "given up");
                    y.sum()
                })
            });
            worker.join()
        });
        assert!(broken.is_err());
        assert_eq!(sum(vec![gradients(&model, 7)]), before);
    }
}
