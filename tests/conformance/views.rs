//! Tensors that share memory, and what they show.

use volta::prelude::*;

use crate::support::{Target, for_every_device};

for_every_device! {
    views_are_shown_as_they_are
}

fn three_by_four() -> Tensor<s![3, 4], i32> {
    Tensor::from_slice(&(0..12).collect::<Vec<_>>()).expect("12")
}

fn views_are_shown_as_they_are<T: Target>(device: &T) {
    let x = three_by_four().to(device).expect("moved");
    let t: Tensor<s![4, 3], i32, _> = x.t();
    let part = t.narrow::<0, 1, 2>().narrow::<1, 1, 2>();
    assert_eq!(
        part.to_string(),
        "[[5,  9],\n [6, 10]] [2, 2] i32"
            .replace("[5,", "[ 5,")
            .replace("[6,", "[ 6,")
    );
    let row: Tensor<s![2], i32, _> = part.index_axis::<1>(1);
    assert_eq!(row.to_string(), "[ 9, 10] [2] i32");
    let many: Tensor<s![2, 2], i32, _> = row.expand();
    assert_eq!(many.to_string(), "[[ 9, 10],\n [ 9, 10]] [2, 2] i32");
    let one: Tensor<(), i32, _> = row.index_axis::<0>(0);
    assert_eq!(one.to_string(), "9 [] i32");
    let none: Tensor<s![0, 4], i32, _> = x.narrow::<0, 3, 0>();
    assert_eq!(none.to_string(), "[] [0, 4] i32");
    assert_eq!(format!("{t:?}"), t.to_string());
}

#[test]
fn writing_to_one_view_changes_no_other() {
    let x = three_by_four();
    let before = x.to_vec();
    let mut copy = x.clone();
    copy.as_mut_slice()[0] = 99;
    copy[[2, 3]] = 98;
    assert_eq!((copy[[0, 0]], copy[[2, 3]]), (99, 98));
    let mut row: Tensor<s![4], i32> = x.index_axis::<0>(1);
    row[[0]] = 77;
    assert_eq!(row.to_vec(), [77, 5, 6, 7]);
    let mut t: Tensor<s![4, 3], i32> = x.t();
    t[[1, 2]] = 66;
    assert_eq!(t.to_vec(), [0, 4, 8, 1, 5, 66, 2, 6, 10, 3, 7, 11]);
    let mut wide: Tensor<s![2, 3, 4], i32> = x.expand();
    wide[[1, 0, 0]] = 55;
    assert_eq!(
        (wide[[0, 0, 0]], wide[[1, 0, 0]]),
        (0, 55),
        "one copy served both before"
    );
    assert_eq!(x.to_vec(), before);
}

#[test]
fn unshared_memory_is_written_in_place() {
    let mut x = three_by_four();
    let at = x.as_slice().expect("in order").as_ptr();
    x[[1, 1]] = 50;
    assert_eq!(x.as_mut_slice().as_ptr(), at.cast_mut());
    // A narrowed view that is alone keeps its offset.
    let mut row = x.narrow::<0, 1, 1>();
    drop(x);
    row[[0, 1]] += 1;
    assert_eq!(row.to_vec(), [4, 51, 6, 7]);
    assert_eq!(
        row.as_slice().expect("in order").as_ptr(),
        at.wrapping_add(4)
    );
    // One number seen as many is written once for each place.
    let mut zeros: Tensor<s![2, 2], i32> = Tensor::zeros();
    zeros[[0, 1]] = 1;
    assert_eq!(zeros.to_vec(), [0, 1, 0, 0]);
}

#[test]
fn assigning_operators_leave_clones_alone() {
    let mut x: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
    let kept = x.clone();
    x += &kept;
    x *= 10.0;
    assert_eq!(
        (x.to_vec(), kept.to_vec()),
        (vec![20.0, 40.0, 60.0], vec![1.0, 2.0, 3.0])
    );
}

#[test]
fn elements_of_views_by_index() {
    let x = three_by_four();
    let t: Tensor<s![4, 3], i32> = x.t();
    let part = t.narrow::<0, 1, 2>();
    assert_eq!((part[[0, 0]], part[[1, 2]]), (1, 10));
    assert!(part.as_slice().is_none());
    assert_eq!(x.narrow::<0, 2, 1>().as_slice(), Some(&[8, 9, 10, 11][..]));
    let message = crate::support::panics(|| part[[2, 0]]);
    assert_eq!(message, "index [2, 0] is out of range for [2, 3]");
}
