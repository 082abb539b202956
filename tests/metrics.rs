//! Metrics against counts made by hand.

use std::panic::{AssertUnwindSafe, catch_unwind};

use volta::metric::{Accuracy, Average, ConfusionMatrix, Perplexity, TopK};
use volta::prelude::*;

#[track_caller]
fn assert_panics<R>(f: impl FnOnce() -> R, message: &str) {
    let caught = catch_unwind(AssertUnwindSafe(|| drop(f())));
    let payload = caught.expect_err("it does not panic");
    assert_eq!(
        payload.downcast_ref::<String>().expect("a message"),
        message
    );
}

fn scores() -> Tensor<s![5, 4]> {
    Tensor::from_array([
        [0.1, 0.9, 0.3, 0.2],
        [4.0, 3.0, 2.0, 1.0],
        [0.0, 0.0, 0.0, 0.0],
        [-1.0, -2.0, -3.0, -0.5],
        [0.5, 0.5, 1.0, 1.0],
    ])
}

const TARGETS: [i64; 5] = [1, 2, 2, 0, 3];

#[test]
fn the_highest_scores() {
    fn hits<const K: usize>() -> f64 {
        let mut accuracy = TopK::<K>::new();
        accuracy.add(&scores(), &Tensor::<s![5], i64>::from_array(TARGETS));
        accuracy.value() * 5.0
    }
    // Places of the targets, from 1 on: 1, 3, 3 (the first of equal ones), 2, 2.
    assert_eq!(
        [hits::<1>(), hits::<2>(), hits::<3>(), hits::<4>()],
        [1.0, 3.0, 5.0, 5.0]
    );
}

#[test]
fn batches_of_any_size_add_up() {
    let (mut accuracy, mut top) = (Accuracy::new(), TopK::<2>::new());
    assert!(accuracy.value().is_nan());
    let (scores, targets) = (scores(), Tensor::<s![5], i64>::from_array(TARGETS));
    for (start, len) in [(0, 2), (2, 0), (2, 3)] {
        let x: Tensor<s![Dyn, 4]> = Tensor::from_slice_with(
            (Dyn(len), D),
            &scores.to_vec()[start * 4..(start + len) * 4],
        )
        .expect("as many");
        let t: Tensor<s![Dyn], i64> =
            Tensor::from_slice_with((Dyn(len),), &targets.to_vec()[start..start + len])
                .expect("as many");
        accuracy.add(&x, &t);
        top.add(&x, &t);
    }
    assert_eq!(
        (accuracy.count(), accuracy.value(), top.value()),
        (5, 0.2, 0.6)
    );
}

#[test]
fn scores_that_are_not_numbers_are_no_hits() {
    let nan: Tensor<s![1, 3]> = Tensor::full(f32::NAN);
    let mut top = TopK::<2>::new();
    top.add(&nan, &Tensor::<s![1], i64>::from_array([2]));
    assert_eq!(top.value(), 0.0);
}

#[test]
fn a_model_in_training_is_measured_by_what_is_detached() {
    let targets: Tensor<s![5], i64> = Tensor::from_array(TARGETS);
    let mut accuracy = Accuracy::new();
    let _ = grad(&scores(), |x| {
        accuracy.add(&x.detach(), &targets);
        x.cross_entropy(&targets)
    });
    assert_eq!(accuracy.value(), 0.2);
}

#[test]
fn confusion_of_classes() {
    let mut matrix = ConfusionMatrix::<4>::new();
    let targets: Tensor<s![5], i64> = Tensor::from_array(TARGETS);
    assert_eq!(matrix.read().total(), 0);
    assert_eq!(matrix.read().macro_f1(), 0.0);
    matrix.add(&scores(), &targets);
    matrix.add(&scores(), &targets);
    let confusion = matrix.read();
    // Taken: 1, 0, 0, 3, 2.
    assert_eq!(
        confusion.counts(),
        [[0, 0, 0, 2], [0, 2, 0, 0], [4, 0, 0, 0], [0, 0, 2, 0]]
    );
    assert_eq!((confusion.total(), confusion.accuracy()), (10, 0.2));
    assert_eq!(confusion.precision(), [0.0, 1.0, 0.0, 0.0]);
    assert_eq!(confusion.recall(), [0.0, 1.0, 0.0, 0.0]);
    assert_eq!(confusion.f1(), [0.0, 1.0, 0.0, 0.0]);
    assert_eq!(confusion.macro_recall(), 0.25);
}

#[test]
fn a_class_that_never_comes_is_in_no_mean() {
    let mut matrix = ConfusionMatrix::<3>::new();
    let scores: Tensor<s![3, 3]> =
        Tensor::from_array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]);
    matrix.add(&scores, &Tensor::<s![3], i64>::from_array([0, 1, 1]));
    let confusion = matrix.read();
    assert_eq!(confusion.precision(), [0.5, 1.0, 0.0]);
    assert_eq!(confusion.recall(), [1.0, 0.5, 0.0]);
    assert_eq!(confusion.macro_precision(), 0.75);
    assert_eq!(confusion.macro_f1(), 2.0 / 3.0);
}

#[test]
fn perplexity_of_batches() {
    let mut perplexity: Perplexity<f64> = Perplexity::new().ignore_index(-1);
    assert!(perplexity.value().is_nan());
    let even: Tensor<s![3, 4], f64> = Tensor::zeros();
    perplexity.add(&even, &Tensor::<s![3], i64>::from_array([0, -1, 3]));
    let sure: Tensor<s![2, 4], f64> = Tensor::from_array([[1000.0, 0.0, 0.0, 0.0]; 2]);
    perplexity.add(&sure, &Tensor::<s![2], i64>::from_array([0, 0]));
    assert!((perplexity.value() - 2.0).abs() < 1e-12);
}

#[test]
fn averages_weigh() {
    let mut average: Average<f64> = Average::default();
    assert!(average.value().is_nan());
    average.add(&Tensor::from_scalar(2.0), 3);
    average.add(&Tensor::from_scalar(f64::NAN), 0);
    average.add(&Tensor::from_scalar(10.0), 1);
    assert_eq!((average.value(), average.count()), (4.0, 4));
}

#[test]
fn what_cannot_be_counted() {
    let targets: Tensor<s![5], i64> = Tensor::from_array([0, 1, 2, 4, 3]);
    let message = |of: &str| format!("{of}: target 3 is 4, and there are 4 classes, from 0 on");
    assert_panics(
        || Accuracy::new().add(&scores(), &targets),
        &message("accuracy"),
    );
    let mut matrix = ConfusionMatrix::new();
    assert_panics(
        || matrix.add(&scores(), &targets),
        &message("ConfusionMatrix"),
    );
    assert_panics(
        || TopK::<5>::new().add(&scores(), &targets),
        "accuracy: the 5 highest scores of 4 classes",
    );
}
