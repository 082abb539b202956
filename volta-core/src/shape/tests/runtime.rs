use crate::shape::runtime::*;

fn message<T: std::fmt::Debug>(result: Result<T, ShapeError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn dims_are_a_short_list() {
    let mut dims = Dims::new(&[2, 3]);
    dims.push(4);
    assert_eq!(dims, [2, 3, 4]);
    assert_eq!(dims.numel(), 24);
    dims.insert(1, 9);
    assert_eq!(dims, [2, 9, 3, 4]);
    assert_eq!(dims.remove(0), 2);
    assert_eq!(dims, [9, 3, 4]);
    assert_eq!(dims.to_string(), "(9, 3, 4)");
    assert_eq!(Dims::new(&[7]).to_string(), "(7,)");
    assert_eq!(Dims::new(&[]).to_string(), "()");
    assert_eq!(Dims::new(&[]).numel(), 1);
}

#[test]
fn broadcasting_aligns_from_the_right() {
    assert_eq!(broadcast("add", &[2, 1, 4], &[3, 1]).unwrap(), [2, 3, 4]);
    assert_eq!(broadcast("add", &[], &[3, 0]).unwrap(), [3, 0]);
    assert_eq!(broadcast("add", &[1], &[0]).unwrap(), [0]);
    assert_eq!(
        message(broadcast("add", &[3, 2], &[4, 2])),
        "add: axis 0 has 3 on the left and 4 on the right ((3, 2) and (4, 2))"
    );
    assert_eq!(
        message(broadcast("mul", &[5, 2], &[3])),
        "mul: axis 1 has 2 on the left and 3 on the right ((5, 2) and (3,))"
    );
}

#[test]
fn a_run_time_one_does_not_broadcast() {
    let of = |dims: [usize; 2], ones: [bool; 2]| (dims, ones);
    let (a, a_ones) = of([1, 4], [false, false]);
    let (b, b_ones) = of([3, 1], [false, true]);
    assert_eq!(
        message(broadcast_typed("add", (&a, &a_ones), (&b, &b_ones))),
        "add: axis 0 has 1 on the left and 3 on the right ((1, 4) and (3, 1))"
    );
    let ones = [true, false];
    assert_eq!(
        broadcast_typed("add", (&a, &ones), (&b, &b_ones)).unwrap(),
        [3, 4]
    );
    assert_eq!(
        broadcast_typed("add", (&a, &a_ones), (&[], &[])).unwrap(),
        [1, 4]
    );
}

#[test]
fn products() {
    assert_eq!(matmul(&[3], &[3]).unwrap(), []);
    assert_eq!(matmul(&[2, 3], &[3]).unwrap(), [2]);
    assert_eq!(matmul(&[3], &[3, 5]).unwrap(), [5]);
    assert_eq!(matmul(&[2, 3], &[3, 5]).unwrap(), [2, 5]);
    assert_eq!(matmul(&[7, 1, 2, 3], &[8, 3, 5]).unwrap(), [7, 8, 2, 5]);
    assert_eq!(matmul(&[7, 2, 3], &[3]).unwrap(), [7, 2]);
    assert_eq!(
        message(matmul(&[32, 784], &[100, 10])),
        "matmul: the inner sizes 784 and 100 differ ((32, 784) and (100, 10))"
    );
    assert_eq!(
        message(matmul(&[2, 4, 3], &[5, 3, 4])),
        "matmul: axis 0 has 2 on the left and 5 on the right ((2, 4, 3) and (5, 3, 4))"
    );
    assert_eq!(
        message(matmul(&[], &[1])),
        "matmul: () and (1,) have ranks that do not go together"
    );
}

#[test]
fn axes_by_number() {
    assert_eq!(resolve_axis("sum", &[2, 3], -1), Ok(1));
    assert_eq!(resolve_axis("sum", &[2, 3], 0), Ok(0));
    assert_eq!(
        message(resolve_axis("sum", &[2, 3], 2)),
        "sum: axis 2 does not exist in (2, 3), or is named twice"
    );
    assert!(resolve_axis("sum", &[2, 3], -3).is_err());
    assert_eq!(reduce("sum", &[2, 3, 4], &[2, 0], false).unwrap(), [3]);
    assert_eq!(reduce("sum", &[2, 3, 4], &[2, 0], true).unwrap(), [1, 3, 1]);
    assert!(reduce("sum", &[2, 3], &[0, 0], true).is_err());
    assert_eq!(permute(&[2, 3, 4], &[2, 0, 1]).unwrap(), [4, 2, 3]);
    assert!(permute(&[2, 3], &[0, 0]).is_err());
    assert!(permute(&[2, 3], &[0]).is_err());
}

#[test]
fn sizes_join_and_part() {
    assert_eq!(concat(&[2, 3], &[2, 4], 1).unwrap(), [2, 7]);
    assert_eq!(
        message(concat(&[2, 3], &[5, 4], 1)),
        "concat: axis 0 has 2 on the left and 5 on the right ((2, 3) and (5, 4))"
    );
    assert_eq!(flatten(&[2, 3, 4, 5], 1, 2).unwrap(), [2, 12, 5]);
    assert!(flatten(&[2, 3], 1, 0).is_err());
    assert_eq!(reshape(&[2, 3], &[6]).unwrap(), [6]);
    assert_eq!(
        message(reshape(&[2, 3], &[4, 2])),
        "reshape: (2, 3) has 6 elements, (4, 2) has 8"
    );
    assert_eq!(narrow(&[2, 3], 1, 1, 2).unwrap(), [2, 2]);
    assert_eq!(
        message(narrow(&[2, 3], 1, 2, 2)),
        "narrow: 2..4 reaches beyond axis 1 of (2, 3), which has 3"
    );
}

#[test]
fn windows() {
    assert_eq!(window(28, 5, 1, 0, 1), Some(24));
    assert_eq!(window(28, 3, 2, 1, 1), Some(14));
    assert_eq!(window(7, 3, 1, 0, 3), Some(1));
    assert_eq!(window(3, 5, 1, 0, 1), None);
    assert_eq!(transposed_window(14, 4, 2, 1, 1, 0), Some(28));
    assert_eq!(transposed_window(14, 3, 2, 1, 1, 1), Some(28));
    assert_eq!(transposed_window(1, 1, 1, 1, 1, 0), None);
    assert_eq!(
        message(windowed("conv2d", &[1, 1, 3, 28], 2, [5, 1, 0, 1])),
        "conv2d: a window of 5 (padding 0) does not fit axis 2 of (1, 1, 3, 28), which has 3"
    );
}

#[test]
fn sizes_beyond_an_address_are_none() {
    let (most, half) = (usize::MAX, usize::MAX / 2 + 1);
    assert_eq!(window(8, 3, 1, half, 1), None);
    assert_eq!(window(most, 3, 1, 1, 1), None);
    assert_eq!(window(8, 3, 1, 0, half), None);
    assert_eq!(window(8, most, 1, 0, 2), None);
    assert_eq!(window(8, 3, 0, 0, 1), None);
    assert_eq!(transposed_window(half, 3, 2, 0, 1, 0), None);
    assert_eq!(transposed_window(8, 3, 1, half, 1, 0), None);
    assert_eq!(transposed_window(8, 3, 1, 0, half, 0), None);
    assert_eq!(transposed_window(8, 3, 1, 0, 1, most), None);
    assert_eq!(
        message(windowed("conv2d", &[1, 1, 3, 28], 2, [3, 1, 0, most])),
        "conv2d: a window of 18446744073709551615 (padding 0) does not fit axis 2 of \
         (1, 1, 3, 28), which has 3"
    );
}

#[test]
fn elements_are_counted_without_wrapping() {
    let root = 1 << (usize::BITS / 2);
    assert_eq!(count(&[2, 3, 4]), 24);
    assert_eq!(count(&[]), 1);
    assert_eq!(count(&[root, root]), usize::MAX);
    assert_eq!(count(&[root, root, 0]), 0);
    assert_eq!(Dims::new(&[root, root]).numel(), usize::MAX);
    // A product that wraps to 0 is not that of no elements.
    assert!(reshape(&[root, root], &[0]).is_err());
    assert_eq!(countable("full", &[2, 0]).unwrap(), [2, 0]);
    for dims in [&[root, root][..], &[root, root, 0], &[usize::MAX]] {
        assert!(countable("full", dims).is_err());
    }
    assert_eq!(
        message(countable("full", &[1 << 40, 1 << 40])),
        "full: (1099511627776, 1099511627776) has more elements than can be counted"
    );
}

/// Every kind of error with its words; a new one does not compile here.
#[test]
fn every_kind_says_what_is_wrong() {
    let known = |kind: &ShapeErrorKind| match kind {
        ShapeErrorKind::Unequal { .. } => 0,
        ShapeErrorKind::UnequalInner { .. } => 1,
        ShapeErrorKind::Rank => 2,
        ShapeErrorKind::NoAxis { .. } => 3,
        ShapeErrorKind::Elements => 4,
        ShapeErrorKind::TooMany => 5,
        ShapeErrorKind::NoOperand => 6,
        ShapeErrorKind::Range { .. } => 7,
        ShapeErrorKind::Parts { .. } => 8,
        ShapeErrorKind::Padding { .. } => 9,
        ShapeErrorKind::NoRoom { .. } => 10,
    };
    let cases = [
        (
            ShapeErrorKind::Unequal {
                axis: 1,
                left: 3,
                right: 4,
            },
            "op: axis 1 has 3 on the left and 4 on the right ((2, 3) and (2, 4))",
        ),
        (
            ShapeErrorKind::UnequalInner { left: 3, right: 2 },
            "op: the inner sizes 3 and 2 differ ((2, 3) and (2, 4))",
        ),
        (
            ShapeErrorKind::Rank,
            "op: (2, 3) and (2, 4) have ranks that do not go together",
        ),
        (
            ShapeErrorKind::NoAxis { axis: -3 },
            "op: axis -3 does not exist in (2, 3), or is named twice",
        ),
        (
            ShapeErrorKind::Elements,
            "op: (2, 3) has 6 elements, (2, 4) has 8",
        ),
        (
            ShapeErrorKind::TooMany,
            "op: (2, 3) has more elements than can be counted",
        ),
        (
            ShapeErrorKind::NoOperand,
            "op: no tensor to take the sizes and the device from",
        ),
        (
            ShapeErrorKind::Range {
                axis: 1,
                start: 2,
                end: 5,
            },
            "op: 2..5 reaches beyond axis 1 of (2, 3), which has 3",
        ),
        (
            ShapeErrorKind::Parts { axis: 1, parts: 2 },
            "op: axis 1 of (2, 3) has 3, which does not divide into 2 equal parts",
        ),
        (
            ShapeErrorKind::Padding {
                axis: 1,
                padding: 3,
                most: 2,
            },
            "op: a padding of 3 on axis 1 of (2, 3); 2 is the most",
        ),
        (
            ShapeErrorKind::NoRoom {
                axis: 1,
                window: 5,
                padding: 0,
            },
            "op: a window of 5 (padding 0) does not fit axis 1 of (2, 3), which has 3",
        ),
    ];
    for (place, (kind, words)) in cases.into_iter().enumerate() {
        assert_eq!(known(&kind), place);
        let error = ShapeError::new("op", &[2, 3], &[2, 4], kind);
        assert_eq!(crate::Error::from(error).to_string(), words);
    }
}
