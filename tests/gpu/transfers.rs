use volta::prelude::*;

use crate::{LeNet, open};

#[test]
fn a_training_step_moves_the_batch_in_and_the_loss_out() {
    let gpu = open();
    let mut rng = Rng::seed(0);
    let mut model = LeNet::init(&mut rng).to(&gpu).expect("moved");
    let mut opt = Adam::new(1e-3);
    let images: Tensor<s![4, 1, 28, 28]> = Tensor::randn(&mut rng);
    let labels: Tensor<s![4], i64> = Tensor::from_array([3, 1, 4, 1]);
    for _ in 0..3 {
        let before = gpu.transfers();
        let x = images.to(&gpu).expect("moved");
        let y = labels.to(&gpu).expect("moved");
        let (loss, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&y));
        opt.step(&mut model, &grads);
        let after = gpu.transfers();
        assert_eq!(after.uploads - before.uploads, 2);
        assert_eq!(after.uploaded - before.uploaded, 4 * 784 * 4 + 4 * 8);
        assert_eq!(after.downloads, before.downloads);
        assert!(loss.item() > 0.0);
        let read = gpu.transfers();
        assert_eq!(
            (
                read.downloads - before.downloads,
                read.downloaded - before.downloaded
            ),
            (1, 4)
        );
    }
}

#[test]
fn commands_are_submitted_in_batches() {
    let gpu = open();
    let x: Tensor<s![100]> = Tensor::ones();
    let x = x.to(&gpu).expect("moved");
    let before = gpu.work();
    let mut y = x.clone();
    for _ in 0..320 {
        y = &y + &x;
    }
    let after = gpu.work();
    assert_eq!(after.dispatches - before.dispatches, 320);
    assert!(after.submissions - before.submissions <= 11, "{after:?}");
    assert_eq!(after.pipelines - before.pipelines, 1);
    assert_eq!(y.to_vec(), [321.0; 100]);
}
