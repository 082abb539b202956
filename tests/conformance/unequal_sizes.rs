//! Sizes known at run time are compared once for each op; the message names the op and both sizes.

use volta::prelude::*;

use crate::support::{Target, for_every_device, panics};

for_every_device! {
    a_message_names_the_op_and_both_sizes
    one_element_does_not_broadcast
    equal_sizes_pass
}

dims! { Batch, Time }

fn zeros<T: Target, S: Shape>(device: &T, shape: S) -> Tensor<S, f32, T::Backend> {
    Tensor::zeros_on(shape, device)
}

#[track_caller]
fn says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "no {part} in: {message}");
    }
}

fn a_message_names_the_op_and_both_sizes<T: Target>(device: &T) {
    let (a, b) = (zeros(device, (Dyn(3),)), zeros(device, (Dyn(5),)));
    says(&panics(|| &a + &b), &["add", "3", "5"]);
    says(&panics(|| &a - &b), &["sub", "3", "5"]);
    says(&panics(|| a.maximum(&b)), &["maximum", "3", "5"]);
    says(&panics(|| a.lt(&b)), &["lt", "3", "5"]);
    says(&panics(|| a.matmul(&b)), &["matmul", "3", "5"]);
    let (a, b) = (
        zeros(device, (Batch(3), D::<2>)),
        zeros(device, (Batch(5), D::<2>)),
    );
    says(&panics(|| &a * &b), &["mul", "3", "5"]);
    says(&panics(|| a.cat::<1, _>(&b)), &["cat", "3", "5"]);
    says(
        &panics(|| Tensor::stack::<0, 2>([&a, &b])),
        &["stack", "3", "5"],
    );
    let index: Tensor<(Batch,), i64, _> = Tensor::zeros_on((Batch(5),), device);
    says(&panics(|| a.pick::<1, _>(&index)), &["pick", "3", "5"]);
    let mask = b.lt_scalar(1.0);
    says(
        &panics(|| Tensor::select(&mask, &a, &a)),
        &["select", "3", "5"],
    );
    says(
        &panics(|| Tensor::select(&a.lt_scalar(1.0), &a, &b)),
        &["select", "3", "5"],
    );
    let (a, b) = (
        zeros(device, (Batch(2), Time(4), D::<3>)),
        zeros(device, (Batch(7), D::<3>, D::<2>)),
    );
    says(&panics(|| a.matmul(&b)), &["matmul", "2", "7"]);
    let a = zeros(device, (D::<2>, Dyn(4)));
    let b = zeros(device, (Dyn(6), D::<2>));
    says(&panics(|| a.matmul(&b)), &["matmul", "4", "6"]);
    says(
        &panics(|| a.reshape_with((Dyn(3), D::<3>))),
        &["reshape", "8", "9"],
    );
    says(&panics(|| a.narrow::<1, 2, 3>()), &["narrow", "4", "5"]);
    says(
        &panics(|| a.expand_with((D::<7>, D::<2>, Dyn(9)))),
        &["expand", "4", "9"],
    );
}

fn one_element_does_not_broadcast<T: Target>(device: &T) {
    let (one, three) = (zeros(device, (Dyn(1),)), zeros(device, (Dyn(3),)));
    says(&panics(|| &one + &three), &["add", "1", "3"]);
    says(&panics(|| &three + &one), &["add", "3", "1"]);
    says(
        &panics(|| one.expand_with((Dyn(3),))),
        &["expand", "1", "3"],
    );
    says(
        &panics(|| Tensor::select(&one.lt_scalar(1.0), &three, &three)),
        &["select", "1", "3"],
    );
    let (a, b) = (
        zeros(device, (Dyn(1), D::<2>, D::<3>)),
        zeros(device, (Dyn(4), D::<3>, D::<2>)),
    );
    says(&panics(|| a.matmul(&b)), &["matmul", "1", "4"]);
    // On a tape too.
    let message = panics(|| grad(&one, |x| (x + &three).sum()));
    says(&message, &["add", "1", "3"]);
}

fn equal_sizes_pass<T: Target>(device: &T) {
    let (a, b) = (
        zeros(device, (Batch(3), D::<2>)),
        zeros(device, (Batch(3), D::<2>)),
    );
    assert_eq!((&a + &b).dims(), [3, 2]);
    let row = zeros(device, (D::<2>,));
    assert_eq!((&a + &row).dims(), [3, 2]);
    assert_eq!((&a - &a.mean_keep::<0>()).dims(), [3, 2]);
    let none = zeros(device, (Batch(0), D::<2>));
    assert_eq!((&none + &row).dims(), [0, 2]);
}
