//! The check of gradients finds what is wrong.

use volta::prelude::*;

fn input() -> Tensor<s![2, 3], f64> {
    Tensor::from_array([[0.5, -1.0, 2.0], [1.5, 3.0, -0.25]])
}

#[test]
fn a_wrong_gradient_is_reported() {
    // Half of the derivative of a square: the other factor is detached.
    let error = gradcheck(&input(), |x| x * x.detach()).expect_err("x for 2 x");
    let report = &error.report;
    // Off by |x| / max(1, 2 |x|): most where |x| is 1/2 or more.
    assert_eq!(report.elements, 6);
    let x = input().to_vec()[report.element];
    let w = report.numeric / (2.0 * x);
    assert!((report.analytic - w * x).abs() < 1e-6, "{report}");
    assert!(report.error > 0.3, "{report}");
    let text = error.to_string();
    assert!(text.contains(&format!("[{}]", report.element)), "{text}");
}

#[test]
fn one_wrong_element_among_many_is_named() {
    let mask = Tensor::<s![2, 3], f64>::from_array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]);
    let error = gradcheck(&(input(), input()), |(a, b)| {
        let wrong = (b - b.detach()) * &mask * 1e-3;
        a * b + wrong
    });
    // What it adds is 0 whatever `b`, and its derivative 0.001.
    let report = error.expect_err("a derivative of nothing").report;
    assert_eq!((report.parameter.as_str(), report.element), ("1", 4));
}

#[test]
fn not_a_number_is_reported() {
    let error = gradcheck(&input(), |x| x.sqrt()).expect_err("the square root of -1");
    assert!(
        error.report.error.is_nan() && error.to_string().contains("NaN"),
        "{error}"
    );
    // A value without a gradient: 0 * inf on the way back.
    let zero: Tensor<s![1], f64> = Tensor::zeros();
    let error = gradcheck(&zero, |x| x.square().sqrt()).expect_err("NaN on the way back");
    assert!(error.report.analytic.is_nan(), "{error}");
}

#[test]
fn nothing_to_check_is_no_error() {
    let none: Tensor<s![0, 3], f64> = Tensor::zeros();
    let report = gradcheck(&none, |x| x.exp().sum_axis::<0>()).expect("nothing differs");
    assert_eq!(report.elements, 0);
}
