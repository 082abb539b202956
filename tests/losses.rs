//! Losses at the edges: nothing, one, 16 bits, sizes known at run time, traced inputs, bad arguments.

use std::panic::{AssertUnwindSafe, catch_unwind};

use volta::loss::{BatchMean, BceWithLogits, CrossEntropy, Each, NllLoss, Sum, TripletMargin};
use volta::prelude::*;

#[track_caller]
fn assert_panics<R>(f: impl FnOnce() -> R, message: &str) {
    let caught = catch_unwind(AssertUnwindSafe(|| drop(f())));
    let payload = caught.expect_err("it does not panic");
    let found = match payload.downcast_ref::<String>() {
        Some(text) => text.as_str(),
        None => payload.downcast_ref::<&str>().expect("a message"),
    };
    assert_eq!(found, message);
}

#[test]
fn of_nothing_the_mean_is_nan_and_the_sum_0() {
    let x: Tensor<s![0, 3]> = Tensor::zeros();
    assert!(x.l1_loss(&x).item().is_nan());
    assert_eq!(x.l1_loss_as(&x, Sum).item(), 0.0);
    assert!(x.l1_loss_as(&x, Each).to_vec().is_empty());
    assert!(x.kl_div_as(&x, BatchMean).item().is_nan());
    let targets: Tensor<s![0], i64> = Tensor::zeros();
    assert!(x.cross_entropy(&targets).item().is_nan());
    assert_eq!(x.cross_entropy_as(&targets, Sum).item(), 0.0);
    assert!(x.triplet_margin_loss(&x, &x, 1.0).item().is_nan());
    let scalar: Tensor<()> = Tensor::from_scalar(3.0);
    assert_eq!(scalar.mse_loss(&tensor!(1.0)).item(), 4.0);
}

#[test]
fn a_mean_of_many_16_bit_losses_does_not_overflow() {
    let x: Tensor<s![70_000], f16> = Tensor::ones();
    let zeros = x.zeros_like();
    assert_eq!(x.l1_loss(&zeros).item(), f16::ONE);
    let scores: Tensor<s![70_000, 2], f16> = Tensor::zeros();
    let targets: Tensor<s![70_000], i64> = Tensor::zeros();
    let loss = CrossEntropy::new().ignore_index(1);
    assert_eq!(
        loss.loss(&scores, &targets).item(),
        f16::from_f64(2_f64.ln())
    );
    assert_eq!(scores.mse_loss_as(&scores, BatchMean).item(), f16::ZERO);
}

#[test]
fn logits_far_from_0_are_exact() {
    let x: Tensor<s![4]> = Tensor::from_array([100.0, -100.0, 100.0, -100.0]);
    let target: Tensor<s![4]> = Tensor::from_array([1.0, 0.0, 0.0, 1.0]);
    let (sum, slope) = value_and_grad(&x, |x| x.binary_cross_entropy_with_logits_as(&target, Sum));
    assert_eq!(sum.item(), 200.0);
    let tiny = (-100_f32).exp();
    assert_eq!(slope.to_vec(), [-tiny, tiny, 1.0, -1.0]);
    let each = x
        .binary_cross_entropy_with_logits_as(&target, Each)
        .to_vec();
    assert!(each[0] > 0.0 && each[0] < 1e-43, "{each:?}");
    assert_eq!(each[2..], [100.0, 100.0]);
}

#[test]
fn what_is_ignored_has_no_loss_and_no_gradient() {
    let x: Tensor<s![2, 3]> = Tensor::from_array([[0.0; 3], [f32::NEG_INFINITY, 0.0, 0.0]]);
    let targets: Tensor<s![2], i64> = Tensor::from_array([1, 0]);
    let loss = NllLoss::new().ignore_index(0);
    let (value, slope) = value_and_grad(&x, |x| loss.loss(x, &targets));
    assert_eq!(value.item(), 0.0);
    assert_eq!(slope.to_vec(), [0.0, -1.0, 0.0, 0.0, 0.0, 0.0]);
    let loss = CrossEntropy::new().ignore_index(0);
    let (value, slope) = value_and_grad(&x, |x| loss.loss(x, &targets));
    assert!((value.item() - 3_f32.ln()).abs() < 1e-6);
    assert_eq!(slope.to_vec()[3..], [0.0; 3]);
}

#[test]
fn other_targets_are_still_classes() {
    let x: Tensor<s![2, 3]> = Tensor::zeros();
    let targets: Tensor<s![2], i64> = Tensor::from_array([-100, 3]);
    let of = |target, at| {
        format!("cross_entropy: target {at} is {target}, and there are 3 classes, from 0 on")
    };
    assert_panics(|| x.cross_entropy(&targets), &of(-100, 0));
    let loss = CrossEntropy::new().ignore_index(-100);
    assert_panics(|| loss.loss(&x, &targets), &of(3, 1));
    let of = "nll_loss: target 0 is -100, and there are 3 classes, from 0 on";
    assert_panics(|| x.nll_loss_as(&targets, Sum), of);
}

#[test]
fn parameters_are_in_range() {
    let x: Tensor<s![2, 3]> = Tensor::zeros();
    assert_panics(
        || x.smooth_l1_loss(&x, -1.0),
        "smooth_l1_loss: a beta of -1 is not 0 or more",
    );
    assert_panics(
        || x.huber_loss(&x, 0.0),
        "huber_loss: a delta of 0 is not above 0",
    );
    assert_panics(
        || CrossEntropy::new().label_smoothing(1.5),
        "cross_entropy: a label smoothing of 1.5 is not between 0 and 1",
    );
    assert_panics(
        || x.triplet_margin_loss(&x, &x, -0.5),
        "triplet_margin_loss: a margin of -0.5 is not above 0",
    );
    assert_panics(
        || TripletMargin::default().p(f64::INFINITY),
        "triplet_margin_loss: a norm of inf is not a finite number above 0",
    );
    assert_panics(
        || CrossEntropy::new().ignore_index(-1).loss_probs(&x, &x),
        "cross_entropy: -1 is ignored among class numbers, not among probabilities",
    );
}

#[test]
fn sizes_known_at_run_time_agree() {
    let x: Tensor<s![Dyn, Dyn]> = Tensor::zeros_with((Dyn(4), Dyn(3)));
    let y: Tensor<s![Dyn, Dyn]> = Tensor::zeros_with((Dyn(1), Dyn(3)));
    let of = |name: &str, f: &dyn Fn() -> f32| {
        let caught = catch_unwind(AssertUnwindSafe(f)).expect_err("it does not panic");
        let found = caught.downcast_ref::<String>().expect("a message").clone();
        assert!(
            found.contains(name) && found.contains('4') && found.contains('1'),
            "{found}"
        );
    };
    of("l1_loss", &|| x.l1_loss(&y).item());
    of("kl_div", &|| x.kl_div_as(&y, Sum).item());
    of("cross_entropy", &|| x.cross_entropy_probs(&y).item());
    of("triplet_margin_loss", &|| {
        x.triplet_margin_loss(&x, &y, 1.0).item()
    });
    let one: Tensor<s![Dyn]> = Tensor::zeros_with((Dyn(1),));
    of("cosine_embedding_loss", &|| {
        x.cosine_embedding_loss(&x, &one, 0.0).item()
    });
    let targets: Tensor<s![Dyn], i64> = Tensor::zeros_with((Dyn(4),));
    let loss = CrossEntropy::new().weight(&Tensor::<s![Dyn]>::zeros_with((Dyn(1),)));
    let scores: Tensor<s![Dyn, Dyn]> = Tensor::zeros_with((Dyn(4), Dyn(4)));
    of("cross_entropy", &|| loss.loss(&scores, &targets).item());
    let loss = BceWithLogits::new(&one);
    let scores: Tensor<s![Dyn, Dyn]> = Tensor::zeros_with((Dyn(3), Dyn(4)));
    of("binary_cross_entropy_with_logits", &|| {
        loss.loss(&scores, &scores).item()
    });
}

#[test]
fn plain_targets_and_weights_meet_traced_scores() {
    let mut rng = Rng::seed(0);
    let x: Tensor<s![4, 3], f64> = Tensor::randn(&mut rng);
    let y: Tensor<s![4, 3], f64> = Tensor::rand(&mut rng);
    let weight: Tensor<s![3], f64> = Tensor::rand(&mut rng);
    let targets: Tensor<s![4], i64> = Tensor::from_array([0, 2, -1, 1]);
    let cross = CrossEntropy::new().weight(&weight).label_smoothing(0.1);
    let some = cross.clone().ignore_index(-1);
    gradcheck(&x, |x| some.loss(x, &targets)).unwrap();
    gradcheck(&x, |x| cross.loss_probs(x, &y)).unwrap();
    gradcheck(&y, |y| cross.loss_probs(&x, y)).unwrap();
    gradcheck(&x, |x| BceWithLogits::new(&weight).loss(x, &y)).unwrap();
    gradcheck(&x, |x| x.triplet_margin_loss(&y, &(x * 2.0), 1.0)).unwrap();
    gradcheck(&y, |y| x.triplet_margin_loss(&x, y, 1.0)).unwrap();
    // A trained weight of the positive answers.
    gradcheck(&weight, |w| BceWithLogits::new(w).loss(&x.lift(), &y)).unwrap();
}

#[test]
fn equal_vectors_have_no_gradient_that_is_nan() {
    let x: Tensor<s![1, 2]> = Tensor::zeros();
    let negative: Tensor<s![1, 2]> = Tensor::zeros();
    for p in [1.0, 2.0, 3.0] {
        let loss = TripletMargin::new(1.0).p(p).eps(0.0);
        let slope = grad(&x, |x| loss.loss(x, &negative, &negative));
        assert_eq!(slope.to_vec(), [0.0, 0.0], "p is {p}");
    }
}
