//! Ops that move elements: views, joins, selection, gathering, casts.

use volta::prelude::*;

use crate::support::{
    Array, Check, Input, Target, View, case, for_every_device, indices, on, read,
};

for_every_device! {
    reshape_permute_expand
    narrow_and_pad
    cat_of_parts
    select_by_mask
    gather_and_scatter
    long_scatters
    casts_between_floats
    flips
    flips_of_every_element_type
    typed_views
    typed_joins_and_picks
}

const VIEWS: [View; 6] = [
    View::Plain,
    View::Transposed,
    View::Narrowed,
    View::Flipped,
    View::Expanded(1),
    View::Scalar,
];

case!(Reshape { dims: Vec<usize> } |x| B::reshape(&x[0], dims));
case!(Permute { axes: Vec<usize> } |x| B::permute(&x[0], axes));
case!(Expand { dims: Vec<usize> } |x| B::expand(&x[0], dims));

fn reshape_permute_expand<T: Target>(device: &T) {
    for view in VIEWS {
        for dims in [
            vec![12],
            vec![6, 2],
            vec![2, 3, 2],
            vec![3, 2, 2],
            vec![1, 4, 1, 3],
            vec![4, 3],
        ] {
            let case = Reshape { dims: dims.clone() };
            let inputs = vec![Input::new(&[2, 3, 2], view)];
            Check::new(&case, &case, inputs)
                .forward(device, |x| Array {
                    dims: dims.clone(),
                    data: x[0].data.clone(),
                })
                .gradients(device);
        }
        for axes in [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ] {
            let case = Permute {
                axes: axes.to_vec(),
            };
            Check::new(&case, &case, vec![Input::new(&[2, 3, 4], view)])
                .forward(device, |x| {
                    let dims = axes.map(|a| x[0].dims[a]);
                    Array::from_fn(&dims, |at| {
                        let mut from = [0; 3];
                        axes.iter().zip(at).for_each(|(&a, &i)| from[a] = i);
                        x[0].at(&from)
                    })
                })
                .gradients(device);
        }
    }
    for (from, dims) in [
        (vec![], vec![2, 3]),
        (vec![3], vec![2, 3]),
        (vec![2, 1, 3], vec![2, 4, 3]),
        (vec![1, 3], vec![5, 2, 3]),
        (vec![1, 3], vec![0, 3]),
    ] {
        let case = Expand { dims: dims.clone() };
        for view in [View::Plain, View::Narrowed, View::Flipped] {
            Check::new(&case, &case, vec![Input::new(&from, view)])
                .forward(device, |x| {
                    Array::from_fn(&dims, |at| {
                        let at = &at[at.len() - from.len()..];
                        let at: Vec<usize> = at
                            .iter()
                            .zip(&from)
                            .map(|(i, d)| i.min(&(d - 1)).to_owned())
                            .collect();
                        x[0].at(&at)
                    })
                })
                .gradients(device);
        }
    }
}

case!(
    Narrow {
        axis: usize,
        start: usize,
        len: usize
    } | x
        | B::narrow(&x[0], *axis, *start, *len)
);
case!(
    Pad {
        axis: usize,
        before: usize,
        after: usize
    } | x
        | B::pad(&x[0], *axis, *before, *after)
);

fn narrow_and_pad<T: Target>(device: &T) {
    for view in VIEWS {
        for axis in 0..2 {
            for (start, len) in [(0, 3), (1, 2), (2, 1), (3, 0), (0, 0)] {
                let case = Narrow { axis, start, len };
                Check::new(&case, &case, vec![Input::new(&[3, 3], view)])
                    .forward(device, |x| {
                        let mut dims = x[0].dims.clone();
                        dims[axis] = len;
                        Array::from_fn(&dims, |at| {
                            let mut at = at.to_vec();
                            at[axis] += start;
                            x[0].at(&at)
                        })
                    })
                    .gradients(device);
            }
            for (before, after) in [(0, 0), (2, 0), (0, 3), (1, 2)] {
                let case = Pad {
                    axis,
                    before,
                    after,
                };
                Check::new(&case, &case, vec![Input::new(&[2, 3], view)])
                    .forward(device, |x| {
                        let mut dims = x[0].dims.clone();
                        dims[axis] += before + after;
                        Array::from_fn(&dims, |at| {
                            let mut at = at.to_vec();
                            match at[axis].checked_sub(before) {
                                Some(i) if i < x[0].dims[axis] => {
                                    at[axis] = i;
                                    x[0].at(&at)
                                }
                                _ => 0.0,
                            }
                        })
                    })
                    .gradients(device);
            }
        }
    }
}

case!(Cat { axis: usize } | x | B::cat(&x.iter().collect::<Vec<_>>(), *axis));

fn cat_of_parts<T: Target>(device: &T) {
    for axis in 0..3 {
        let mut parts = [[2, 3, 2]; 3];
        parts[1][axis] = 0;
        parts[2][axis] = 4;
        let case = Cat { axis };
        let views = [View::Flipped, View::Plain, View::Narrowed];
        let inputs = parts
            .iter()
            .zip(views)
            .map(|(dims, view)| Input::new(dims, view))
            .collect();
        Check::new(&case, &case, inputs)
            .forward(device, |x| {
                let mut dims = x[0].dims.clone();
                dims[axis] = x.iter().map(|x| x.dims[axis]).sum();
                Array::from_fn(&dims, |at| {
                    let mut at = at.to_vec();
                    for x in x {
                        match at[axis].checked_sub(x.dims[axis]) {
                            Some(rest) => at[axis] = rest,
                            None => return x.at(&at),
                        }
                    }
                    unreachable!("past the end")
                })
            })
            .gradients(device);
    }
}

case!(
    Select {} | x | {
        let zero = B::full(&B::device(&x[0]), E::ZERO, B::dims(&x[0]));
        B::select(
            &B::test(volta::ops::elementwise::Lt, [&x[0], &zero]),
            &x[1],
            &x[2],
        )
    }
);

fn select_by_mask<T: Target>(device: &T) {
    for views in [
        [View::Plain, View::Plain, View::Plain],
        [View::Transposed, View::Narrowed, View::Scalar],
        [View::Expanded(0), View::Transposed, View::Plain],
        [View::Flipped, View::Flipped, View::Transposed],
    ] {
        let inputs = views.map(|view| Input::new(&[4, 5], view));
        Check::new("select", &Select {}, inputs.into())
            .forward(device, |x| {
                Array::from_fn(&x[0].dims, |at| {
                    x[if x[0].at(at) < 0.0 { 1 } else { 2 }].at(at)
                })
            })
            .gradients(device);
    }
    let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, -2.0, 3.0], [-4.0, 5.0, -6.0]]);
    let x = x.to(device).expect("moved");
    let row: Tensor<s![3], bool> = Tensor::from_array([true, false, true]);
    let row = row.to(device).expect("moved");
    assert_eq!(
        x.masked_fill(&row, 9.0).to_vec(),
        [9.0, -2.0, 9.0, 9.0, 5.0, 9.0]
    );
    let grads = grad(&x, |x| x.masked_fill(&row, 9.0).sum());
    assert_eq!(grads.to_vec(), [0.0, 1.0, 0.0, 0.0, 1.0, 0.0]);
    for (mask, want) in [
        (x.lt_scalar(0.0), [false, true, false, true, false, true]),
        (x.ge(&x), [true; 6]),
        (x.ne(&x), [false; 6]),
    ] {
        assert_eq!(mask.to_vec(), want);
    }
}

case!(Gather { axis: usize, index: Vec<i64>, dims: Vec<usize> } |x| {
    let index = B::from_vec(&B::device(&x[0]), index.clone(), dims);
    B::gather(&x[0], *axis, &index)
});
case!(Scatter { axis: usize, index: Vec<i64>, dims: Vec<usize> } |x| {
    let index = B::from_vec(&B::device(&x[0]), index.clone(), B::dims(&x[0]));
    B::scatter_add(dims, *axis, &index, &x[0])
});

fn gather_and_scatter<T: Target>(device: &T) {
    for axis in 0..3 {
        let mut dims = vec![2, 3, 2];
        dims[axis] = 4;
        let mut rng = Rng::seed(axis as u64);
        let n: usize = dims.iter().product();
        let size = [2, 3, 2][axis];
        let index: Vec<i64> = (0..n).map(|_| rng.below(size as u64) as i64).collect();
        for view in VIEWS {
            let case = Gather {
                axis,
                index: index.clone(),
                dims: dims.clone(),
            };
            Check::new(&case, &case, vec![Input::new(&[2, 3, 2], view)])
                .forward(device, |x| {
                    let mut picked = index.iter();
                    Array::from_fn(&dims, |at| {
                        let mut at = at.to_vec();
                        at[axis] = *picked.next().expect("one for each") as usize;
                        x[0].at(&at)
                    })
                })
                .gradients(device);
            let case = Scatter {
                axis,
                index: index.clone(),
                dims: vec![2, 3, 2],
            };
            Check::new(&case, &case, vec![Input::new(&dims, view)])
                .forward(device, |x| {
                    Array::from_fn(&[2, 3, 2], |to| {
                        let places = indices(&dims).zip(&index);
                        let here = places.filter(|(at, i)| {
                            (0..3).all(|a| {
                                if a == axis {
                                    **i as usize == to[a]
                                } else {
                                    at[a] == to[a]
                                }
                            })
                        });
                        here.map(|(at, _)| x[0].at(&at)).sum()
                    })
                })
                .gradients(device);
        }
    }
}

case!(Flip { axes: Vec<usize> } |x| B::flip(&x[0], axes));

fn flips<T: Target>(device: &T) {
    for view in VIEWS {
        for dims in [[2, 3, 2], [1, 3, 1], [0, 2, 3], [2, 0, 3]] {
            for axes in [&[][..], &[0], &[1], &[2], &[2, 0], &[0, 1, 2]] {
                let case = Flip {
                    axes: axes.to_vec(),
                };
                Check::new(&case, &case, vec![Input::new(&dims, view)])
                    .forward(device, |x| {
                        Array::from_fn(&dims, |at| {
                            let mut at = at.to_vec();
                            axes.iter().for_each(|&a| at[a] = dims[a] - 1 - at[a]);
                            x[0].at(&at)
                        })
                    })
                    .gradients(device);
            }
        }
    }
}

/// Narrow elements lie several in a word on a device.
fn flips_of_every_element_type<T: Target>(device: &T) {
    fn check<T: Target, E: volta::Dtype>(device: &T) {
        let data: Vec<E> = (0..15).map(|i| E::from_i64(i % 7)).collect();
        let x = on(device, data.clone(), &[3, 5]);
        let flipped = T::Backend::flip(&x, &[1]);
        let both = T::Backend::cat(&[&flipped, &T::Backend::narrow(&flipped, 1, 1, 3)], 1);
        let want: Vec<E> = (0..3)
            .flat_map(|row| [4, 3, 2, 1, 0, 3, 2, 1].map(|j| data[row * 5 + j]))
            .collect();
        assert_eq!(read::<T::Backend, E>(&both), want, "{}", E::KIND);
        let back = T::Backend::flip(&flipped, &[0, 1]);
        let rows = T::Backend::narrow(&T::Backend::flip(&back, &[0]), 0, 1, 2);
        let rows = T::Backend::reshape(&rows, &[10]);
        assert_eq!(read::<T::Backend, E>(&rows), data[5..], "{}", E::KIND);
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

/// Sums of many in the order of the source, so that they are the CPU's to the last bit.
fn scatter_all<T: Target, E: Num>(device: &T, element: impl Fn(u64) -> E) {
    let mut rng = Rng::seed(5);
    for (dims, axis, size) in [
        (vec![1000], 0, 7),
        (vec![3, 700], 1, 300),
        (vec![2, 600, 5], 1, 40),
        (vec![40, 6], 0, 3),
    ] {
        let n = dims.iter().product();
        let data: Vec<E> = (0..n).map(|_| element(rng.below(1000))).collect();
        let index: Vec<i64> = (0..n).map(|_| rng.below(size as u64) as i64).collect();
        let mut to = dims.clone();
        to[axis] = size;
        let want = Cpu::scatter_add(
            &to,
            axis,
            &on(&Cpu, index.clone(), &dims),
            &on(&Cpu, data.clone(), &dims),
        );
        let (index, data) = (on(device, index, &dims), on(device, data, &dims));
        let got = T::Backend::scatter_add(&to, axis, &index, &data);
        let (got, want) = (read::<T::Backend, E>(&got), read::<Cpu, E>(&want));
        assert_eq!(got, want, "{dims:?} along {axis} in {}", E::KIND);
    }
}

fn long_scatters<T: Target>(device: &T) {
    scatter_all(device, |x| x as f32 / 7.0);
    scatter_all(device, |x| x as u8);
    scatter_all(device, |x| (x as i32).wrapping_mul(5_000_000));
    if device.is_wide() {
        scatter_all(device, |x| x as f64 / 7.0);
        scatter_all(device, |x| (x as i64) << 40);
    }
}

case!(
    Through {} | x | {
        let other = B::cast::<E, f64>(&x[0]);
        let y = B::map(volta::ops::elementwise::Mul, [&other, &other]);
        B::cast::<f64, E>(&y)
    }
);

fn casts_between_floats<T: Target>(device: &T) {
    if !device.is_wide() {
        return;
    }
    for view in VIEWS {
        Check::new("cast", &Through {}, vec![Input::new(&[3, 4], view)])
            .forward(device, |x| {
                Array::from_fn(&x[0].dims, |at| x[0].at(at).powi(2))
            })
            .gradients(device);
    }
    let x: Tensor<s![3]> = Tensor::from_array([1.5, -2.0, 0.25]);
    let grads = grad(&x.to(device).expect("moved"), |x| {
        (x.cast::<f64>().square() * 3.0).sum().cast::<f32>()
    });
    assert_eq!(grads.to_vec(), [9.0, -12.0, 1.5]);
}

fn typed_views<T: Target>(device: &T) {
    let x: Tensor<s![24], i32> = Tensor::arange(0, 1);
    let x = x.to(device).expect("moved").reshape::<s![2, 3, 4]>();
    let t: Tensor<s![2, 4, 3], i32, _> = x.t();
    assert_eq!(t.to_vec()[..4], [0, 4, 8, 1]);
    let p: Tensor<s![4, 2, 3], i32, _> = x.permute::<axes![2, 0, 1]>();
    assert_eq!(p.to_vec()[..4], [0, 4, 8, 12]);
    assert_eq!(p.flatten::<0, 1>().to_vec(), p.to_vec());
    assert_eq!(p.reshape::<s![24]>().to_vec(), p.to_vec());
    assert_eq!(x.transpose::<0, -1>().to_vec()[..3], [0, 12, 4]);
    assert_eq!(
        x.narrow::<1, 1, 2>().index_axis::<0>(1).to_vec(),
        [16, 17, 18, 19, 20, 21, 22, 23]
    );
    let s = x.slice::<2>(1..3);
    assert_eq!(
        (s.dims(), s.to_vec()[..4].to_vec()),
        (&[2, 3, 2][..], vec![1, 2, 5, 6])
    );
    let u: Tensor<s![2, *, 3, 4], i32, _> = x.unsqueeze::<1>();
    let back: Tensor<s![2, 3, 4], i32, _> = u.squeeze::<1>();
    assert_eq!(back.to_vec(), x.to_vec());
    let e: Tensor<s![2, 5, 3, 4], i32, _> = u.expand();
    assert_eq!(e.to_vec()[12..16], [0, 1, 2, 3]);
    assert_eq!(e.index_axis::<1>(4).to_vec(), x.to_vec());
    let last: Tensor<s![2, 3, 4, *], i32, _> = x.unsqueeze::<-1>();
    assert_eq!(last.to_vec(), x.to_vec());
}

fn typed_joins_and_picks<T: Target>(device: &T) {
    let a: Tensor<s![2, 2]> = Tensor::from_array([[1.0, 2.0], [3.0, 4.0]]);
    let a = a.to(device).expect("moved");
    let t: Tensor<s![2, 2], f32, _> = a.t();
    let joined: Tensor<s![2, 4], f32, _> = a.cat::<1, _>(&t);
    assert_eq!(joined.to_vec(), [1.0, 2.0, 1.0, 3.0, 3.0, 4.0, 2.0, 4.0]);
    let stacked: Tensor<s![2, 2, 2], f32, _> = Tensor::stack::<1, 2>([&a, &t]);
    assert_eq!(stacked.to_vec(), [1.0, 2.0, 1.0, 3.0, 3.0, 4.0, 2.0, 4.0]);
    let last: Tensor<s![2, 2, 2], f32, _> = Tensor::stack::<-1, 2>([&a, &t]);
    assert_eq!(last.to_vec(), [1.0, 1.0, 2.0, 3.0, 3.0, 2.0, 4.0, 4.0]);
    let index: Tensor<s![2], i64> = Tensor::from_array([1, 0]);
    let index = index.to(device).expect("moved");
    assert_eq!(t.pick::<1, _>(&index).to_vec(), [3.0, 2.0]);
    assert_eq!(t.pick::<0, _>(&index).to_vec(), [2.0, 3.0]);
    let grads = grad(&a, |a| a.pick::<-1, _>(&index).square().sum());
    assert_eq!(grads.to_vec(), [0.0, 4.0, 6.0, 0.0]);
    let x = on(device, vec![true, false], &[2]);
    let both = <T::Backend as Backend>::cat(&[&x, &x], 0);
    assert_eq!(read::<T::Backend, bool>(&both), [true, false, true, false]);
}
