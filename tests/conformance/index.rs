//! Elements read and written where indices say.

use volta::prelude::*;

use crate::support::{
    Array, Check, Input, Target, View, case, for_every_device, indices, on, panics, read,
};

for_every_device! {
    scatter_along_each_axis
    the_last_of_equal_indices_stays
    long_scatters_of_every_element_type
    rows_by_one_index
    typed_gathers_and_scatters
    rows_selected_and_added
    one_hot_rows
    rolls
    elements_by_mask
    sizes_known_at_run_time
}

case!(Scatter { axis: usize, index: Vec<i64>, dims: Vec<usize> } |x| {
    let index = B::from_vec(&B::device(&x[0]), index.clone(), dims);
    B::scatter(&x[0], *axis, &index, &x[1])
});

fn scatter_along_each_axis<T: Target>(device: &T) {
    for axis in 0..3 {
        for len in [0, 1, 4] {
            let sizes = [2, 3, 2];
            let mut dims = sizes.to_vec();
            dims[axis] = len;
            let n: usize = dims.iter().product();
            let mut rng = Rng::seed(axis as u64);
            let index: Vec<i64> = (0..n)
                .map(|_| rng.below(sizes[axis] as u64) as i64)
                .collect();
            let case = Scatter {
                axis,
                index: index.clone(),
                dims: dims.clone(),
            };
            for views in [
                [View::Plain, View::Plain],
                [View::Transposed, View::Narrowed],
                [View::Flipped, View::Flipped],
                [View::Scalar, View::Scalar],
            ] {
                let inputs = vec![Input::new(&sizes, views[0]), Input::new(&dims, views[1])];
                Check::new(&case, &case, inputs)
                    .forward(device, |x| {
                        let mut out = x[0].clone();
                        for (at, &i) in indices(&dims).zip(&index) {
                            let mut to = at.clone();
                            to[axis] = i as usize;
                            *out.at_mut(&to) = x[1].at(&at);
                        }
                        out
                    })
                    .gradients(device);
            }
        }
    }
}

fn the_last_of_equal_indices_stays<T: Target>(device: &T) {
    let x: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
    let index: Tensor<s![4], i64> = Tensor::from_array([2, 0, 2, 2]);
    let source: Tensor<s![4]> = Tensor::from_array([5.0, 6.0, 7.0, 8.0]);
    let (x, source) = (
        x.to(device).expect("moved"),
        source.to(device).expect("moved"),
    );
    let index = index.to(device).expect("moved");
    assert_eq!(x.scatter::<0, _>(&index, &source).to_vec(), [6.0, 2.0, 8.0]);
    let (gx, gs) = grad(&(x.clone(), source.clone()), |(x, source)| {
        x.scatter::<0, _>(&index, source).square().sum()
    });
    assert_eq!(gx.to_vec(), [0.0, 4.0, 0.0]);
    assert_eq!(gs.to_vec(), [0.0, 12.0, 0.0, 16.0]);
}

fn long_scatters_of_every_element_type<T: Target>(device: &T) {
    fn check<T: Target, E: Dtype>(device: &T) {
        let mut rng = Rng::seed(3);
        for (dims, axis, size) in [
            (vec![1000], 0, 700),
            (vec![3, 700], 1, 300),
            (vec![2, 300, 5], 1, 40),
            (vec![40, 7], 0, 3),
        ] {
            let n: usize = dims.iter().product();
            let mut to = dims.clone();
            to[axis] = size;
            let element = |x: u64| E::from_i64(x as i64);
            let data: Vec<E> = (0..n).map(|_| element(rng.below(100))).collect();
            let x: Vec<E> = (0..to.iter().product())
                .map(|_| element(rng.below(100)))
                .collect();
            let index: Vec<i64> = (0..n).map(|_| rng.below(size as u64) as i64).collect();
            let want = Cpu::scatter(
                &on(&Cpu, x.clone(), &to),
                axis,
                &on(&Cpu, index.clone(), &dims),
                &on(&Cpu, data.clone(), &dims),
            );
            let (x, index) = (on(device, x, &to), on(device, index, &dims));
            let got = T::Backend::scatter(&x, axis, &index, &on(device, data, &dims));
            let (got, want) = (read::<T::Backend, E>(&got), read::<Cpu, E>(&want));
            assert_eq!(got, want, "{dims:?} along {axis} in {}", E::KIND);
        }
    }
    check::<T, bool>(device);
    check::<T, u8>(device);
    check::<T, i32>(device);
    check::<T, f32>(device);
    check::<T, volta::f16>(device);
    check::<T, volta::bf16>(device);
    if device.is_wide() {
        check::<T, i64>(device);
        check::<T, f64>(device);
    }
}

case!(Rows { axis: usize, index: Vec<i64> } |x| {
    let index = repeated::<B>(&B::device(&x[0]), index, B::dims(&x[0]), *axis);
    B::gather(&x[0], *axis, &index)
});
case!(AddRows { axis: usize, index: Vec<i64>, size: usize } |x| {
    let index = repeated::<B>(&B::device(&x[0]), index, B::dims(&x[0]), *axis);
    let mut dims = B::dims(&x[0]).to_vec();
    dims[*axis] = *size;
    B::scatter_add(&dims, *axis, &index, &x[0])
});

/// One index for all rows, that lies in memory once.
fn repeated<B: Backend>(
    device: &B::Device,
    index: &[i64],
    dims: &[usize],
    axis: usize,
) -> B::Prim<i64> {
    let mut along = vec![1; dims.len()];
    along[axis] = index.len();
    let mut to = dims.to_vec();
    to[axis] = index.len();
    B::expand(&B::from_vec(device, index.to_vec(), &along), &to)
}

fn rows_by_one_index<T: Target>(device: &T) {
    for dims in [[3, 4, 5], [1, 2, 3], [3, 4, 1], [4, 3, 300]] {
        for axis in 0..3 {
            let size = dims[axis];
            let index: Vec<i64> = (0..5).map(|i| (i * 7 % size) as i64).collect();
            let rows = Rows {
                axis,
                index: index.clone(),
            };
            for view in [View::Plain, View::Transposed, View::Flipped] {
                let check =
                    Check::new(&rows, &rows, vec![Input::new(&dims, view)]).forward(device, |x| {
                        let mut to = dims.to_vec();
                        to[axis] = 5;
                        Array::from_fn(&to, |at| {
                            let mut at = at.to_vec();
                            at[axis] = index[at[axis]] as usize;
                            x[0].at(&at)
                        })
                    });
                let mut from = dims;
                from[axis] = 5;
                let add = AddRows {
                    axis,
                    index: index.clone(),
                    size,
                };
                let added =
                    Check::new(&add, &add, vec![Input::new(&from, view)]).forward(device, |x| {
                        let mut out = Array::from_fn(&dims, |_| 0.0);
                        for at in indices(&from) {
                            let mut to = at.clone();
                            to[axis] = index[at[axis]] as usize;
                            *out.at_mut(&to) += x[0].at(&at);
                        }
                        out
                    });
                if dims.iter().product::<usize>() < 100 {
                    check.gradients(device);
                    added.gradients(device);
                }
            }
        }
    }
}

fn typed_gathers_and_scatters<T: Target>(device: &T) {
    let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let x = x.to(device).expect("moved");
    let index: Tensor<s![2, 4], i64> = Tensor::from_array([[2, 2, 0, 1], [0, 1, 0, 0]]);
    let index = index.to(device).expect("moved");
    let y: Tensor<s![2, 4], f32, _> = x.gather::<1, _>(&index);
    assert_eq!(y.to_vec(), [3.0, 3.0, 1.0, 2.0, 4.0, 5.0, 4.0, 4.0]);
    assert_eq!(x.gather::<-1, _>(&index).to_vec(), y.to_vec());
    // The index is a constant where the tensor is traced.
    let grads = grad(&x, |x| x.gather::<1, _>(&index).square().sum());
    assert_eq!(grads.to_vec(), [2.0, 4.0, 12.0, 24.0, 10.0, 0.0]);
    let source: Tensor<s![2, 4]> = Tensor::from_array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]);
    let source = source.to(device).expect("moved");
    let y = x.scatter::<1, _>(&index, &source);
    assert_eq!(y.to_vec(), [3.0, 4.0, 2.0, 8.0, 6.0, 6.0]);
    let y = x.scatter_add::<-1, _>(&index, &source);
    assert_eq!(y.to_vec(), [4.0, 6.0, 6.0, 24.0, 11.0, 6.0]);
    let (gx, gs) = grad(&(x.clone(), source.clone()), |(x, source)| {
        x.scatter_add::<1, _>(&index, source).square().sum()
    });
    assert_eq!(gx.to_vec(), [8.0, 12.0, 12.0, 48.0, 22.0, 12.0]);
    assert_eq!(gs.to_vec(), [12.0, 12.0, 8.0, 12.0, 48.0, 22.0, 48.0, 48.0]);
}

fn rows_selected_and_added<T: Target>(device: &T) {
    let x: Tensor<s![3, 2], i32> = Tensor::from_array([[1, 2], [3, 4], [5, 6]]);
    let x = x.to(device).expect("moved");
    let index: Tensor<s![4], i64> = Tensor::from_array([2, 0, 2, 1]);
    let index = index.to(device).expect("moved");
    let rows: Tensor<s![4, 2], i32, _> = x.index_select::<0, _>(&index);
    assert_eq!(rows.to_vec(), [5, 6, 1, 2, 5, 6, 3, 4]);
    let columns: Tensor<s![2], i64> = Tensor::from_array([1, 1]);
    let columns = columns.to(device).expect("moved");
    let y: Tensor<s![3, 2], i32, _> = x.index_select::<-1, _>(&columns);
    assert_eq!(y.to_vec(), [2, 2, 4, 4, 6, 6]);
    assert_eq!(
        x.index_add::<0, _>(&index, &rows).to_vec(),
        [2, 4, 6, 8, 15, 18]
    );
    let w: Tensor<s![3, 2]> = Tensor::from_array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    let w = w.to(device).expect("moved");
    let grads = grad(&w, |w| w.index_select::<0, _>(&index).square().sum());
    assert_eq!(grads.to_vec(), [2.0, 4.0, 6.0, 8.0, 20.0, 24.0]);
    let (gx, gs) = grad(
        &(w.clone(), w.index_select::<0, _>(&index)),
        |(x, source)| x.index_add::<0, _>(&index, source).sum(),
    );
    assert_eq!((gx.to_vec(), gs.to_vec()), (vec![1.0; 6], vec![1.0; 8]));
}

fn one_hot_rows<T: Target>(device: &T) {
    let class: Tensor<s![2, 2], i64> = Tensor::from_array([[2, 0], [1, 1]]);
    let class = class.to(device).expect("moved");
    let rows: Tensor<s![2, 2, 3], f32, _> = class.one_hot::<3, f32>();
    let want = [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0];
    assert_eq!(rows.to_vec(), want.map(|x| x as f32));
    assert_eq!(class.one_hot::<3, bool>().to_vec(), want.map(|x| x == 1));
    assert_eq!(class.one_hot::<3, i64>().to_vec(), want);
}

fn rolls<T: Target>(device: &T) {
    let x: Tensor<s![2, 3], u8> = Tensor::from_array([[1, 2, 3], [4, 5, 6]]);
    let x = x.to(device).expect("moved");
    for (shift, want) in [
        (0, [1, 2, 3, 4, 5, 6]),
        (1, [3, 1, 2, 6, 4, 5]),
        (-1, [2, 3, 1, 5, 6, 4]),
        (-4, [2, 3, 1, 5, 6, 4]),
        (3, [1, 2, 3, 4, 5, 6]),
    ] {
        assert_eq!(x.roll::<1>(shift).to_vec(), want, "{shift}");
    }
    assert_eq!(x.roll::<0>(1).to_vec(), [4, 5, 6, 1, 2, 3]);
    assert_eq!(x.flip::<0>().to_vec(), [4, 5, 6, 1, 2, 3]);
    assert_eq!(x.flip::<-1>().to_vec(), [3, 2, 1, 6, 5, 4]);
    assert_eq!(x.flip_axes::<axes![0, -1]>().to_vec(), [6, 5, 4, 3, 2, 1]);
    let empty: Tensor<s![0]> = Tensor::zeros();
    let empty = empty.to(device).expect("moved").roll::<0>(1);
    assert!(empty.to_vec().is_empty());
    let w: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 4.0]);
    let w = w.to(device).expect("moved");
    let grads = grad(&w, |x| (x.roll::<0>(1) * &w).sum());
    assert_eq!(grads.to_vec(), [2.0, 4.0, 1.0]);
}

fn elements_by_mask<T: Target>(device: &T) {
    let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, -2.0, 3.0], [-4.0, 5.0, -6.0]]);
    let x = x.to(device).expect("moved");
    let y: Tensor<s![Dyn], f32, _> = x.t::<s![3, 2]>().masked_select(&x.t().lt_scalar(0.0));
    assert_eq!(y.to_vec(), [-4.0, -2.0, -6.0]);
    let row: Tensor<s![3], bool> = Tensor::from_array([true, false, true]);
    let row = row.to(device).expect("moved");
    assert_eq!(x.masked_select(&row).to_vec(), [1.0, 3.0, -4.0, -6.0]);
    assert_eq!(x.masked_select(&(&!&row & &row)).dims(), [0]);
    let grads = grad(&x, |x| x.masked_select(&x.gt_scalar(0.0)).square().sum());
    assert_eq!(grads.to_vec(), [2.0, 0.0, 6.0, 0.0, 10.0, 0.0]);
}

fn sizes_known_at_run_time<T: Target>(device: &T) {
    let x: Tensor<s![Dyn, 3]> = Tensor::zeros_with((Dyn(2), D));
    let x = x.to(device).expect("moved");
    let index: Tensor<s![Dyn, 1], i64> = Tensor::zeros_with((Dyn(2), D));
    let index = index.to(device).expect("moved");
    assert_eq!(x.gather::<1, _>(&index).dims(), [2, 1]);
    let rows: Tensor<s![Dyn], i64> = Tensor::zeros_with((Dyn(5),));
    let rows = rows.to(device).expect("moved");
    let y: Tensor<s![Dyn, 3], f32, _> = x.index_select::<0, _>(&rows);
    assert_eq!(y.dims(), [5, 3]);
    assert_eq!(y.gather::<0, _>(&y.argsort::<0>()).dims(), [5, 3]);
    let text = panics(|| y.gather::<1, _>(&index));
    assert!(
        text.contains("gather: axis 0 has 5 on the left and 2 on the right"),
        "{text}"
    );
    let text = panics(|| x.scatter::<1, _>(&index, &y.narrow::<1, 0, 1>()));
    assert!(
        text.contains("scatter: axis 0 has 2 on the left and 5 on the right"),
        "{text}"
    );
}

#[test]
fn an_index_that_is_too_large_is_named() {
    let x: Tensor<s![3]> = Tensor::ones();
    let index: Tensor<s![2], i64> = Tensor::from_array([0, 3]);
    let source: Tensor<s![2]> = Tensor::ones();
    for (op, text) in [
        ("gather", panics(|| x.gather::<0, _>(&index))),
        ("scatter", panics(|| x.scatter::<0, _>(&index, &source))),
        (
            "scatter_add",
            panics(|| x.scatter_add::<0, _>(&index, &source)),
        ),
        ("gather", panics(|| x.index_select::<0, _>(&index))),
        (
            "scatter_add",
            panics(|| x.index_add::<0, _>(&index, &source)),
        ),
    ] {
        assert_eq!(
            text,
            format!("{op}: index 3 is out of range for an axis of 3")
        );
    }
    let negative: Tensor<s![1], i64> = Tensor::from_array([-1]);
    let text = panics(|| x.gather::<0, _>(&negative));
    assert_eq!(text, "gather: index -1 is out of range for an axis of 3");
    let text = panics(|| index.one_hot::<3, f32>());
    assert_eq!(
        text,
        "one_hot: target 1 is 3, and there are 3 classes, from 0 on"
    );
}

#[cfg(feature = "gpu")]
#[test]
fn an_index_that_is_too_large_is_named_at_the_next_read() {
    use volta::{DeviceError, Error};
    let gpu = volta::Gpu::alone();
    let x: Tensor<s![3], f32, _> = Tensor::<s![3]>::ones().to(&gpu).expect("moved");
    let index: Tensor<s![2], i64> = Tensor::from_array([0, 3]);
    let index = index.to(&gpu).expect("moved");
    let source: Tensor<s![2], f32, _> = Tensor::<s![2]>::ones().to(&gpu).expect("moved");
    for (op, result) in [
        ("gather", x.gather::<0, _>(&index).try_to_vec()),
        ("scatter", x.scatter::<0, _>(&index, &source).try_to_vec()),
        (
            "scatter_add",
            x.scatter_add::<0, _>(&index, &source).try_to_vec(),
        ),
        ("one_hot", index.one_hot::<3, f32>().try_to_vec()),
    ] {
        let Err(Error::Device(DeviceError::Index {
            op: named,
            place,
            index,
            size,
        })) = result
        else {
            panic!("{op}: {result:?}");
        };
        assert_eq!((named, place, index, size), (op, 1, 3, 3));
    }
}
