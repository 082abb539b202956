//! What `tensor!`, `shape_of!` and `assert_shape!` make.

use volta::prelude::*;

#[test]
fn the_shape_is_in_the_type() {
    let x: Tensor<(D<2>, D<3>)> = tensor![[1., 2., 3.], [4., 5., 6.]];
    assert_eq!(x.to_vec(), [1., 2., 3., 4., 5., 6.]);
    let scalar: Tensor<(), i32> = tensor!(3);
    assert_eq!(scalar.to_vec(), [3]);
    let one: Tensor<(D<1>,), f64> = tensor![3.0,];
    assert_eq!(one.to_vec(), [3.0]);
    let half = 0.5_f32;
    assert_eq!(tensor![half, 2.0 * half].to_vec(), [0.5, 1.0]);
}

#[test]
fn assert_shape_runs_nothing() {
    fn never() -> Tensor<(D<2>,)> {
        unreachable!("the expression is checked, not run")
    }
    assert_shape!(never(), (D<2>,));
    let x: Tensor<(D<2>, D<1>)> = tensor![[1.], [2.]];
    assert_shape!(x, (D<2>, D<1>));
    let borrowed = &x;
    assert_shape!(borrowed, (D<2>, D<1>),);
    assert_eq!(x.to_vec(), [1., 2.]);
}
