//! Tensors taken apart by iterators, and put together from them.

use volta::prelude::*;

use crate::support::{Target, for_every_device, panics};

for_every_device! {
    entries_of_an_axis
    parts_and_their_remainder
    overlapping_windows
    gradients_through_iterators
    parts_put_together
    linear_takes_any_leading_axes
}

fn matrix<T: Target>(device: &T) -> Tensor<s![3, 4], f32, T::Backend> {
    let x: Tensor<s![12]> = Tensor::arange(0.0, 1.0);
    x.reshape::<s![3, 4]>().to(device).expect("moved")
}

fn entries_of_an_axis<T: Target>(device: &T) {
    let x = matrix(device);
    let mut rows = x.iter_axis::<0>();
    assert_eq!(rows.len(), 3);
    let last: Tensor<s![4], f32, _> = rows.next_back().expect("three rows");
    assert_eq!(last.to_vec(), [8.0, 9.0, 10.0, 11.0]);
    assert_eq!(rows.next().expect("two").to_vec(), [0.0, 1.0, 2.0, 3.0]);
    assert_eq!((rows.len(), rows.clone().count()), (1, 1));
    assert_eq!(rows.next().expect("one").to_vec(), [4.0, 5.0, 6.0, 7.0]);
    assert!(rows.next().is_none() && rows.next_back().is_none() && rows.next().is_none());
    let columns = x.iter_axis::<-1>().rev().map(|column| column.sum().item());
    assert_eq!(columns.collect::<Vec<_>>(), [21.0, 18.0, 15.0, 12.0]);
    let scalars: Vec<f32> = x
        .index_axis::<0>(1)
        .iter_axis::<0>()
        .map(|x| x.item())
        .collect();
    assert_eq!(scalars, [4.0, 5.0, 6.0, 7.0]);
    assert_eq!(x.slice::<0>(1..1).iter_axis::<0>().len(), 0);
    assert_eq!(x.sum_keep::<0>().iter_axis::<0>().count(), 1);
}

fn parts_and_their_remainder<T: Target>(device: &T) {
    let x = matrix(device);
    let mut parts = x.chunks_exact::<1, 3>();
    let rest: Tensor<s![3, 1], f32, _> = parts.remainder();
    assert_eq!(rest.to_vec(), [3.0, 7.0, 11.0]);
    let part: Tensor<s![3, 3], f32, _> = parts.next().expect("one");
    assert_eq!(part.to_vec()[..4], [0.0, 1.0, 2.0, 4.0]);
    assert_eq!(
        (parts.len(), parts.remainder().to_vec()),
        (0, rest.to_vec())
    );
    let pairs: Vec<_> = x
        .chunks_exact::<-1, 2>()
        .rev()
        .map(|x| x.to_vec()[0])
        .collect();
    assert_eq!(pairs, [2.0, 0.0]);
    assert_eq!(x.chunks_exact::<1, 4>().remainder().dims(), [3, 0]);
    assert_eq!(x.chunks_exact::<0, 5>().len(), 0);
    assert_eq!(x.chunks_exact::<0, 5>().remainder().to_vec(), x.to_vec());
    let some: Tensor<s![Dyn, 4], f32, _> = x.loosen();
    let rest: Tensor<s![Dyn, 4], f32, _> = some.chunks_exact::<0, 2>().remainder();
    assert_eq!(rest.dims(), [1, 4]);
    fn generic<N: Dim, B: Backend>(x: &Tensor<s![N], f32, B>) -> usize {
        x.chunks_exact::<0, 2>().len()
    }
    assert_eq!(generic(&x.index_axis::<1>(0)), 1);
}

fn overlapping_windows<T: Target>(device: &T) {
    let x = matrix(device);
    let windows = x.windows::<1, 3>();
    assert_eq!(windows.len(), 2);
    let all: Vec<Tensor<s![3, 3], f32, _>> = windows.collect();
    assert_eq!(all[1].to_vec()[..4], [1.0, 2.0, 3.0, 5.0]);
    assert_eq!(x.windows::<0, 4>().len(), 0);
    assert_eq!(
        x.windows::<0, 3>().next().expect("one").to_vec(),
        x.to_vec()
    );
    // The windows of `unfold`, one by one.
    let unfolded = x.unfold::<1, 2, 1>();
    for (at, window) in x.windows::<1, 2>().enumerate() {
        assert_eq!(window.to_vec(), unfolded.index_axis::<1>(at).to_vec());
    }
}

fn gradients_through_iterators<T: Target>(device: &T) {
    let x = matrix(device);
    let grads = grad(&x, |x| {
        let rows = x.iter_axis::<0>().zip(1..);
        rows.map(|(row, k)| row.sum() * k as f32)
            .reduce(|a, b| a + b)
            .expect("three rows")
    });
    assert_eq!(grads.to_vec()[3..9], [1.0, 2.0, 2.0, 2.0, 2.0, 3.0]);
    let grads = grad(&x, |x| {
        let sums: Tensor<s![Dyn], f32, _> = x.windows::<1, 2>().map(|x| x.sum()).collect();
        sums.square().sum()
    });
    // The sums are 27, 33 and 39; an entry is in one or two of them.
    assert_eq!(grads.to_vec()[..4], [54.0, 120.0, 144.0, 78.0]);
    let grads = grad(&x, |x| {
        let parts = x.chunks_exact::<1, 3>();
        parts.remainder().sum() + parts.map(|part| part.sum() * 2.0).next().expect("one")
    });
    assert_eq!(grads.to_vec()[..4], [2.0, 2.0, 2.0, 1.0]);
}

fn parts_put_together<T: Target>(device: &T) {
    let x = matrix(device);
    let again: Tensor<s![Dyn, 4], f32, _> = x.iter_axis::<0>().collect();
    assert_eq!((again.dims(), again.to_vec()), (&[3, 4][..], x.to_vec()));
    let again: Tensor<s![Dyn], f32, _> = again.index_axis::<0>(2).iter_axis::<0>().collect();
    assert_eq!(again.to_vec(), [8.0, 9.0, 10.0, 11.0]);
    let rows: Vec<_> = x.iter_axis::<0>().collect();
    let columns: Tensor<s![4, Dyn], f32, _> = Tensor::stack_all::<1>(&rows);
    let t: Tensor<s![4, 3], f32, _> = x.t();
    assert_eq!(columns.to_vec(), t.to_vec());
    let last: Tensor<s![4, Dyn], f32, _> = Tensor::stack_all::<-1>(rows.iter().take(2));
    assert_eq!(last.dims(), [4, 2]);
    let long: Tensor<s![Dyn, 4], f32, _> = Tensor::cat_all::<0>([&x, &x]);
    assert_eq!(
        (long.dims(), long.to_vec()[12..].to_vec()),
        (&[6, 4][..], x.to_vec())
    );
    let parts = [x.slice::<1>(3..4), x.slice::<1>(0..0), x.slice::<1>(0..3)];
    let turned: Tensor<s![3, Dyn], f32, _> = Tensor::cat_all::<1>(parts);
    assert_eq!(turned.to_vec()[..4], [3.0, 0.0, 1.0, 2.0]);
    let none: Vec<Tensor<s![4], f32, T::Backend>> = Vec::new();
    assert_eq!(
        panics(|| Tensor::stack_all::<0>(&none)),
        "stack: no tensor to take the sizes and the device from"
    );
    let unequal = [x.slice::<1>(0..1), x.slice::<1>(0..2)];
    assert_eq!(
        panics(|| Tensor::stack_all::<0>(&unequal)),
        "stack: axis 1 has 1 on the left and 2 on the right ((3, 1) and (3, 2))"
    );
    assert_eq!(
        panics(|| Tensor::cat_all::<0>(&unequal)),
        "concat: axis 1 has 1 on the left and 2 on the right ((3, 1) and (3, 2))"
    );
}

#[test]
fn numbers_are_collected() {
    let x: Tensor<s![Dyn], i32> = (0..4).collect();
    assert_eq!((x.dims(), x.to_vec()), (&[4][..], vec![0, 1, 2, 3]));
    let none: Tensor<s![Dyn]> = std::iter::empty::<f32>().collect();
    assert_eq!(none.dims(), [0]);
}

/// Rank 1 to 6, and batches of nothing.
fn linear_takes_any_leading_axes<T: Target>(device: &T) {
    let layer = Linear::<4, 2>::init(&mut Rng::seed(1))
        .to(device)
        .expect("moved");
    let x: Tensor<s![4]> = Tensor::arange(-1.0, 0.5);
    let x = x.to(device).expect("moved");
    let want: Tensor<s![2], f32, _> = layer.forward(&x);
    let want = want.to_vec();
    macro_rules! leading {
        ($([$($axis:literal),*])*) => { $({
            let x: Tensor<s![$($axis,)* 4], f32, _> = x.expand();
            let y: Tensor<s![$($axis,)* 2], f32, _> = layer.forward(&x);
            for row in y.to_vec().chunks(2) {
                for (got, want) in row.iter().zip(&want) {
                    assert!((got - want).abs() < 1e-6, "{:?}", y.dims());
                }
            }
            let grads = grad(&layer, |layer| layer.forward(&x.lift()).sum());
            let rows = (y.numel() / 2) as f32;
            assert_eq!(grads.bias.to_vec(), [rows; 2], "{:?}", y.dims());
        })* };
    }
    leading!([3] [2, 3] [2, 1, 3] [2, 1, 2, 3] [2, 1, 2, 1, 3] [0] [2, 0] [0, 1, 2, 1, 3]);
}
