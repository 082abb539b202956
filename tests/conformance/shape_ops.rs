//! Ops that give a tensor another shape by moving elements: steps and windows, diagonals, repeats,
//! pads, parts, pixels.

use volta::prelude::*;

use crate::support::{Array, Check, Input, Target, View, case, close, for_every_device, panics};

for_every_device! {
    steps
    windows
    windows_in_other_ops
    diagonals
    triangles
    repeats
    pads
    parts
    pixels
    vectors
    sizes_at_run_time
    elements_of_every_type
}

const VIEWS: [View; 5] = [
    View::Plain,
    View::Transposed,
    View::Narrowed,
    View::Expanded(1),
    View::Scalar,
];

case!(
    Step {
        axis: usize,
        step: usize
    } | x
        | B::step(&x[0], *axis, *step)
);
case!(
    Unfold {
        axis: usize,
        size: usize,
        step: usize
    } | x
        | B::unfold(&x[0], *axis, *size, *step)
);

fn steps<T: Target>(device: &T) {
    for view in VIEWS {
        for (axis, step) in [(0, 1), (0, 2), (1, 2), (1, 3), (1, 4), (1, 9)] {
            let case = Step { axis, step };
            Check::new(&case, &case, vec![Input::new(&[3, 5], view)])
                .forward(device, |x| {
                    let mut dims = x[0].dims.clone();
                    dims[axis] = dims[axis].div_ceil(step);
                    Array::from_fn(&dims, |at| {
                        let mut at = at.to_vec();
                        at[axis] *= step;
                        x[0].at(&at)
                    })
                })
                .gradients(device);
        }
    }
    let case = Step { axis: 1, step: 2 };
    Check::new(&case, &case, vec![Input::new(&[2, 0], View::Plain)])
        .forward(device, |x| x[0].clone())
        .gradients(device);
}

fn windows<T: Target>(device: &T) {
    for view in VIEWS {
        for (axis, size, step) in [
            (0, 3, 1),
            (0, 2, 1),
            (1, 3, 1),
            (1, 3, 2),
            (1, 2, 2),
            (1, 2, 3),
            (1, 1, 2),
            (1, 7, 1),
            (1, 5, 3),
            (1, 0, 2),
        ] {
            let case = Unfold { axis, size, step };
            Check::new(&case, &case, vec![Input::new(&[3, 7], view)])
                .forward(device, |x| {
                    let mut dims = x[0].dims.clone();
                    dims[axis] = (dims[axis] - size) / step + 1;
                    dims.push(size);
                    Array::from_fn(&dims, |at| {
                        let mut from = at[..2].to_vec();
                        from[axis] = from[axis] * step + at[2];
                        x[0].at(&from)
                    })
                })
                .gradients(device);
        }
    }
}

/// Elements that several places show.
fn windows_in_other_ops<T: Target>(device: &T) {
    let x: Tensor<s![6]> = Tensor::arange(0.0, 1.0);
    let x = x.to(device).expect("moved");
    let y: Tensor<s![4, 3], f32, _> = x.unfold::<0, 3, 1>();
    assert_eq!(y.sum_axis::<1>().to_vec(), [3.0, 6.0, 9.0, 12.0]);
    assert_eq!(y.max_axis::<0>().to_vec(), [3.0, 4.0, 5.0]);
    assert_eq!(
        y.t().reshape::<s![12]>().to_vec()[..5],
        [0.0, 1.0, 2.0, 3.0, 1.0]
    );
    let gram: Tensor<s![3, 3], f32, _> = y.t().matmul(&y);
    assert_eq!(
        gram.to_vec(),
        [14.0, 20.0, 26.0, 20.0, 30.0, 40.0, 26.0, 40.0, 54.0]
    );
    let sums = y.softmax::<1>().sum().item();
    close("softmax", &[sums.into()], &[4.0], 1e-6);
    assert_eq!(
        y.cat::<0, _>(&y).narrow::<0, 3, 2>().to_vec(),
        [3.0, 4.0, 5.0, 0.0, 1.0, 2.0]
    );
    assert_eq!(y.argmax_axis::<1>().to_vec(), [2; 4]);
    let again: Tensor<s![3, 3, 2], f32, _> = y.unfold::<0, 2, 1>();
    assert_eq!(
        again.index_axis::<2>(1).to_vec(),
        y.narrow::<0, 1, 3>().to_vec()
    );
    let plane: Tensor<s![2, 4, 3], f32, _> = x
        .reshape::<s![2, 3]>()
        .pad::<1, 1, 2>(0.0)
        .unfold::<1, 3, 1>();
    assert_eq!(plane.to_vec()[..6], [0.0, 0.0, 1.0, 0.0, 1.0, 2.0]);
}

fn matrix<T: Target>(device: &T) -> Tensor<s![3, 4], f32, T::Backend> {
    let x: Tensor<s![12]> = Tensor::arange(1.0, 1.0);
    x.reshape::<s![3, 4]>().to(device).expect("moved")
}

fn diagonals<T: Target>(device: &T) {
    let x = matrix(device);
    let main: Tensor<s![3], f32, _> = x.diagonal();
    assert_eq!(main.to_vec(), [1.0, 6.0, 11.0]);
    let t: Tensor<s![4, 3], f32, _> = x.t();
    assert_eq!(t.diagonal().to_vec(), [1.0, 6.0, 11.0]);
    for (offset, want) in [
        (1, &[2.0, 7.0, 12.0][..]),
        (3, &[4.0]),
        (4, &[]),
        (9, &[]),
        (-1, &[5.0, 10.0]),
        (-2, &[9.0]),
        (-3, &[]),
    ] {
        let y: Tensor<s![Dyn], f32, _> = x.diagonal_at(offset);
        assert_eq!(y.to_vec(), want, "{offset}");
        assert_eq!(
            t.diagonal_at(-offset).to_vec(),
            want,
            "transposed, {offset}"
        );
    }
    let batch: Tensor<s![2, 2, 3], f32, _> = x.reshape();
    assert_eq!(batch.diagonal().to_vec(), [1.0, 5.0, 7.0, 11.0]);
    let traces: Tensor<s![2], f32, _> = batch.trace();
    assert_eq!(traces.to_vec(), [6.0, 18.0]);
    let grads = grad(&x, |x| x.diagonal_at(1).square().sum()).to_vec();
    assert_eq!(
        grads,
        [0.0, 4.0, 0.0, 0.0, 0.0, 0.0, 14.0, 0.0, 0.0, 0.0, 0.0, 24.0]
    );
    for offset in -3..4 {
        let rows: Tensor<s![Dyn, Dyn, Dyn], f32, _> =
            x.reshape_with((Dyn(2), Dyn(6))).diag_embed_at(offset);
        let size = 6 + offset.unsigned_abs();
        assert_eq!(rows.dims(), [2, size, size]);
        assert_eq!(rows.diagonal_at(offset).to_vec(), x.to_vec(), "{offset}");
        assert_eq!(rows.sum().item(), 78.0, "{offset}");
    }
    let square: Tensor<s![3, 4, 4], f32, _> = x.diag_embed();
    assert_eq!(square.diagonal().to_vec(), x.to_vec());
    assert_eq!(square.to_vec()[..6], [1.0, 0.0, 0.0, 0.0, 0.0, 2.0]);
    let grads = grad(&x, |x| (x.diag_embed().square()).sum());
    assert_eq!(grads.to_vec(), (&x * 2.0).to_vec());
    let none: Tensor<s![0, 3]> = Tensor::zeros();
    let none = none.to(device).expect("moved");
    assert_eq!(none.diagonal().dims(), [0]);
    assert_eq!(none.trace().item(), 0.0);
    let none: Tensor<s![2, 0], f32, _> = none.reshape();
    assert_eq!(none.diag_embed().dims(), [2, 0, 0]);
    assert_eq!(none.diag_embed_at(-1).to_vec(), [0.0; 2]);
}

/// What is not in the triangle is 0, whatever it was.
fn triangles<T: Target>(device: &T) {
    let x = matrix(device);
    for k in [-9, -3, -1, 0, 1, 3, 4, isize::MAX] {
        let within = |i: usize| (i % 4) as isize - (i / 4) as isize;
        let lower = (0..12).map(|i| if within(i) <= k { (i + 1) as f32 } else { 0.0 });
        assert_eq!(x.tril(k).to_vec(), lower.collect::<Vec<_>>(), "tril {k}");
        let upper = (0..12).map(|i| if within(i) >= k { (i + 1) as f32 } else { 0.0 });
        assert_eq!(x.triu(k).to_vec(), upper.collect::<Vec<_>>(), "triu {k}");
    }
    let bad: Tensor<s![2, 2, 2]> = Tensor::full(f32::INFINITY);
    let bad = bad.to(device).expect("moved");
    assert_eq!(bad.tril(-2).to_vec(), [0.0; 8]);
    assert_eq!(
        grad(&bad, |x| x.triu(1).sum()).to_vec()[..4],
        [0.0, 1.0, 0.0, 0.0]
    );
    let none: Tensor<s![3, 0], i32> = Tensor::zeros();
    assert!(none.to(device).expect("moved").tril(0).to_vec().is_empty());
    let mask: Tensor<s![3, 3], bool> = Tensor::full(true);
    let causal = mask.to(device).expect("moved").tril(0);
    assert_eq!(causal.to_vec()[..5], [true, false, false, true, true]);
}

fn repeats<T: Target>(device: &T) {
    let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let x = x.to(device).expect("moved");
    let rows: Tensor<s![4, 3], f32, _> = x.repeat::<0, 2>();
    assert_eq!(rows.to_vec(), [x.to_vec(), x.to_vec()].concat());
    let columns: Tensor<s![2, 6], f32, _> = x.repeat::<-1, 2>();
    assert_eq!(columns.to_vec()[..7], [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 4.0]);
    let twice: Tensor<s![2, 6], f32, _> = x.repeat_interleave::<1, 2>();
    assert_eq!(twice.to_vec()[..7], [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0]);
    let none: Tensor<s![0, 3], f32, _> = x.repeat::<0, 0>();
    assert!(none.to_vec().is_empty());
    let tiled: Tensor<s![4, 9], f32, _> = x.tile::<s![2, 3]>();
    assert_eq!(tiled.to_vec(), rows.repeat::<1, 3>().to_vec());
    let t: Tensor<s![3, 2], f32, _> = x.t();
    assert_eq!(t.tile::<s![1, 2]>().to_vec()[..4], [1.0, 4.0, 1.0, 4.0]);
    let weights: Tensor<s![4, 9]> = Tensor::<s![36]>::arange(0.0, 1.0).reshape();
    let weights = weights.to(device).expect("moved");
    let grads = grad(&x, |x| (x.tile::<s![2, 3]>() * &weights).sum());
    assert_eq!(grads.to_vec(), [72.0, 78.0, 84.0, 126.0, 132.0, 138.0]);
    let six: Tensor<s![1, 1, 2, 1, 1, 3], f32, _> = x.reshape();
    assert_eq!(six.repeat_interleave::<5, 2>().to_vec(), twice.to_vec());
}

fn pads<T: Target>(device: &T) {
    let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let x = x.to(device).expect("moved");
    let rows = |y: Vec<f32>, n: usize| y.chunks(n).map(<[f32]>::to_vec).collect::<Vec<_>>();
    let y: Tensor<s![2, 6], f32, _> = x.pad::<1, 1, 2>(7.0);
    assert_eq!(rows(y.to_vec(), 6)[1], [7.0, 4.0, 5.0, 6.0, 7.0, 7.0]);
    assert_eq!(x.pad::<0, 1, 0>(0.0).to_vec()[..4], [0.0, 0.0, 0.0, 1.0]);
    let y: Tensor<s![2, 7], f32, _> = x.pad_reflect::<1, 2, 2>();
    assert_eq!(rows(y.to_vec(), 7)[0], [3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0]);
    let y: Tensor<s![2, 6], f32, _> = x.pad_replicate::<1, 1, 2>();
    assert_eq!(rows(y.to_vec(), 6)[1], [4.0, 4.0, 5.0, 6.0, 6.0, 6.0]);
    let y: Tensor<s![2, 8], f32, _> = x.pad_circular::<1, 3, 2>();
    assert_eq!(
        rows(y.to_vec(), 8)[0],
        [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0]
    );
    let t: Tensor<s![3, 2], f32, _> = x.t();
    assert_eq!(
        t.pad_reflect::<0, 1, 0>().to_vec()[..4],
        [2.0, 5.0, 1.0, 4.0]
    );
    assert_eq!(x.pad_reflect::<1, 0, 0>().to_vec(), x.to_vec());
    let weights: Tensor<s![7]> = Tensor::arange(1.0, 1.0);
    let weights = weights.to(device).expect("moved");
    let grads = grad(&x, |x| (x.pad_reflect::<1, 2, 2>() * &weights).sum());
    assert_eq!(grads.to_vec(), [10.0, 12.0, 6.0, 10.0, 12.0, 6.0]);
    let grads = grad(&x, |x| (x.pad_replicate::<1, 1, 3>() * &weights).sum());
    assert_eq!(grads.to_vec(), [3.0, 3.0, 22.0, 3.0, 3.0, 22.0]);
    let grads = grad(&x, |x| (x.pad_circular::<1, 3, 1>() * &weights).sum());
    assert_eq!(grads.to_vec(), [12.0, 7.0, 9.0, 12.0, 7.0, 9.0]);
    let grads = grad(&x, |x| (x.pad::<1, 2, 2>(5.0) * &weights).sum());
    assert_eq!(grads.to_vec(), [3.0, 4.0, 5.0, 3.0, 4.0, 5.0]);
}

fn parts<T: Target>(device: &T) {
    let x = matrix(device);
    let (a, b): (Tensor<s![3, 1], f32, _>, Tensor<s![3, 3], f32, _>) = x.split::<1, 1>();
    assert_eq!(
        (a.to_vec(), b.to_vec()[..3].to_vec()),
        (vec![1.0, 5.0, 9.0], vec![2.0, 3.0, 4.0])
    );
    let (all, none): (Tensor<s![3, 4], f32, _>, Tensor<s![3, 0], f32, _>) = x.split::<1, 4>();
    assert_eq!((all.numel(), none.numel()), (12, 0));
    let [left, right] = x.chunk::<-1, 2>();
    let right: Tensor<s![3, 2], f32, _> = right;
    assert_eq!(
        (left.to_vec()[..2].to_vec(), right.to_vec()[..2].to_vec()),
        (vec![1.0, 2.0], vec![3.0, 4.0])
    );
    let [a, b, c, d] = x.unbind::<1>();
    assert_eq!(
        a.cat::<0, _>(&b).cat::<0, _>(&c).cat::<0, _>(&d).to_vec(),
        x.t().to_vec()
    );
    let [only] = x.sum_keep::<0>().unbind::<0>();
    assert_eq!(only.to_vec(), [15.0, 18.0, 21.0, 24.0]);
    let grads = grad(&x, |x| {
        let [left, right] = x.chunk::<1, 2>();
        (left * right).sum()
    });
    assert_eq!(grads.to_vec()[..4], [3.0, 4.0, 1.0, 2.0]);
}

fn pixels<T: Target>(device: &T) {
    let x: Tensor<s![48]> = Tensor::arange(0.0, 1.0);
    let x: Tensor<s![2, 4, 2, 3], f32, _> = x.to(device).expect("moved").reshape();
    let y: Tensor<s![2, 1, 4, 6], f32, _> = x.pixel_shuffle::<2>();
    assert_eq!(
        y.to_vec()[..12],
        [
            0.0, 6.0, 1.0, 7.0, 2.0, 8.0, 12.0, 18.0, 13.0, 19.0, 14.0, 20.0
        ]
    );
    let back: Tensor<s![2, 4, 2, 3], f32, _> = y.pixel_unshuffle::<2>();
    assert_eq!(back.to_vec(), x.to_vec());
    let image: Tensor<s![4, 4, 3], f32, _> = x.reshape();
    assert_eq!(image.pixel_shuffle::<2>().dims(), [1, 8, 6]);
    assert_eq!(image.pixel_shuffle::<1>().to_vec(), x.to_vec());
    let many: Tensor<s![1, 2, 1, 4, 2, 3], f32, _> = x.reshape();
    assert_eq!(many.pixel_shuffle::<2>().to_vec(), y.to_vec());
    let grads = grad(&x, |x| (x.pixel_shuffle::<2>().square()).sum());
    assert_eq!(grads.to_vec(), (&x * 2.0).to_vec());
}

fn vectors<T: Target>(device: &T) {
    let a: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
    let b: Tensor<s![2]> = Tensor::from_array([4.0, 5.0]);
    let (a, b) = (a.to(device).expect("moved"), b.to(device).expect("moved"));
    assert_eq!(a.dot(&a).item(), 14.0);
    assert_eq!(grad(&a, |a| a.dot(a)).to_vec(), [2.0, 4.0, 6.0]);
    let table: Tensor<s![3, 2], f32, _> = a.outer(&b);
    assert_eq!(table.to_vec(), [4.0, 5.0, 8.0, 10.0, 12.0, 15.0]);
    assert_eq!(grad(&b, |b| a.outer(b).sum()).to_vec(), [6.0, 6.0]);
    let none: Tensor<s![0]> = Tensor::zeros();
    let none = none.to(device).expect("moved");
    assert_eq!(none.dot(&none).item(), 0.0);
    assert_eq!(none.outer(&b).dims(), [0, 2]);
}

fn sizes_at_run_time<T: Target>(device: &T) {
    let x = matrix(device);
    let x: Tensor<s![Dyn, Dyn], f32, _> = x.loosen();
    assert_eq!(x.diagonal().shape(), (Dyn(3),));
    assert_eq!(x.repeat::<1, 2>().shape(), (Dyn(3), Dyn(8)));
    assert_eq!(x.tile::<s![2, 1]>().shape(), (Dyn(6), Dyn(4)));
    assert_eq!(x.pad::<0, 1, 1>(0.0).shape(), (Dyn(5), Dyn(4)));
    assert_eq!(x.unfold::<1, 3, 1>().shape(), (Dyn(3), Dyn(2), D));
    assert_eq!(x.split::<1, 1>().1.shape(), (Dyn(3), Dyn(3)));
    assert_eq!(x.chunk::<1, 2>()[1].shape(), (Dyn(3), Dyn(2)));
    for (message, want) in [
        (
            panics(|| x.unfold::<1, 5, 1>()),
            "unfold: a window of 5 (padding 0) does not fit axis 1 of (3, 4), which has 4",
        ),
        (
            panics(|| x.split::<0, 4>()),
            "split: 0..4 reaches beyond axis 0 of (3, 4), which has 3",
        ),
        (
            panics(|| x.chunk::<1, 3>()),
            "chunk: axis 1 of (3, 4) has 4, which does not divide into 3 equal parts",
        ),
        (
            panics(|| x.pad_reflect::<1, 4, 1>()),
            "pad_reflect: a padding of 4 on axis 1 of (3, 4); 3 is the most",
        ),
        (
            panics(|| x.pad_circular::<1, 1, 5>()),
            "pad_circular: a padding of 5 on axis 1 of (3, 4); 4 is the most",
        ),
        (
            panics(|| x.slice::<1>(0..0).pad_replicate::<1, 1, 0>()),
            "pad_replicate: a padding of 1 on axis 1 of (3, 0); 0 is the most",
        ),
        (
            panics(|| {
                x.reshape_with((Dyn(3), Dyn(2), Dyn(2)))
                    .pixel_shuffle::<2>()
            }),
            "pixel_shuffle: axis 0 of (3, 2, 2) has 3, which does not divide into 4 equal parts",
        ),
        (
            panics(|| {
                x.reshape_with((Dyn(1), Dyn(4), Dyn(3)))
                    .pixel_unshuffle::<2>()
            }),
            "pixel_unshuffle: axis 2 of (1, 4, 3) has 3, which does not divide into 2 equal parts",
        ),
        (
            panics(|| {
                let row = x.index_axis::<0>(0);
                row.dot(&x.index_axis::<1>(0))
            }),
            "dot: axis 0 has 4 on the left and 3 on the right ((4,) and (3,))",
        ),
    ] {
        assert_eq!(message, want);
    }
    // A generic size stays as it is.
    fn generic<N: Dim, B: Backend>(x: &Tensor<s![N, 4], f32, B>) -> Tensor<s![N, 2, 3], f32, B> {
        let (first, _): (Tensor<s![N, 1], f32, B>, Tensor<s![N, 3], f32, B>) = x.split::<1, 1>();
        let _: Tensor<s![N, 8], f32, B> = x.repeat::<1, 2>();
        let _: Tensor<s![N, 7], f32, B> = x.pad_reflect::<1, 3, 0>();
        let _: Tensor<s![N], f32, B> = first.std_axis::<1>();
        x.tril(0).unfold::<1, 3, 1>()
    }
    assert_eq!(generic(&matrix(device)).numel(), 18);
}

fn elements_of_every_type<T: Target>(device: &T) {
    fn check<T: Target, E: Num>(device: &T) {
        let data: Vec<E> = (0..12).map(|i| E::from_f64(f64::from(i))).collect();
        let x: Tensor<s![3, 4], E> = Tensor::from_slice(&data).expect("12");
        let x = x.to(device).expect("moved");
        let values = |y: Vec<E>| y.into_iter().map(E::to_f64).collect::<Vec<f64>>();
        assert_eq!(
            values(x.diagonal().to_vec()),
            [0.0, 5.0, 10.0],
            "{}",
            E::KIND
        );
        assert_eq!(
            values(x.unfold::<1, 3, 1>().to_vec())[..6],
            [0.0, 1.0, 2.0, 1.0, 2.0, 3.0]
        );
        assert_eq!(values(x.triu(2).to_vec())[..5], [0.0, 0.0, 2.0, 3.0, 0.0]);
        assert_eq!(
            values(x.pad_reflect::<1, 1, 0>().to_vec())[..3],
            [1.0, 0.0, 1.0]
        );
        assert_eq!(values(x.pad::<1, 0, 1>(E::ONE).to_vec())[3..5], [3.0, 1.0]);
        assert_eq!(
            values(x.repeat_interleave::<0, 2>().to_vec())[4..6],
            [0.0, 1.0]
        );
        assert_eq!(values(x.trace().to_vec()), [15.0]);
    }
    check::<T, u8>(device);
    check::<T, i32>(device);
    check::<T, f16>(device);
    check::<T, bf16>(device);
    check::<T, f32>(device);
    if device.is_wide() {
        check::<T, i64>(device);
        check::<T, f64>(device);
    }
}
