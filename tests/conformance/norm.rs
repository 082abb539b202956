//! Normalisations against loops, and what they keep from one call to the next.

use std::collections::HashMap;

use volta::optim::{Ema, clip_grad_norm};
use volta::prelude::*;

use crate::support::{Array, Check, Input, Target, View, case, close, for_every_device, panics};

for_every_device! {
    over_the_last_axes
    over_the_last_two_axes
    over_groups_of_channels
    over_instances
    over_a_batch
    kernels_agree_with_the_primitives
    by_running_statistics
    narrow_types_compute_in_f32
    running_statistics_are_those_of_the_batches
    a_mean_over_all_batches
    every_transform_updates_the_model
    tapes_in_tapes_update_the_model
    a_copy_keeps_its_own
    a_model_that_moves_takes_its_statistics_along
    one_value_is_no_batch
    dropped_channels_are_whole
    alpha_dropout_keeps_mean_and_variance
}

/// `x` less its mean, divided by its deviation, over the elements of one key.
fn standardised(x: &Array, eps: f64, key: impl Fn(&[usize]) -> Vec<usize>) -> Array {
    let mut groups: HashMap<Vec<usize>, Vec<f64>> = HashMap::new();
    for at in crate::support::indices(&x.dims) {
        groups.entry(key(&at)).or_default().push(x.at(&at));
    }
    Array::from_fn(&x.dims, |at| {
        let group = &groups[&key(at)];
        let n = group.len() as f64;
        let mean = group.iter().sum::<f64>() / n;
        let variance = group.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        (x.at(at) - mean) / (variance + eps).sqrt()
    })
}

fn affine(x: &Array, weight: &Array, bias: &Array, key: impl Fn(&[usize]) -> Vec<usize>) -> Array {
    Array::from_fn(&x.dims, |at| {
        let key = key(at);
        x.at(at) * weight.at(&key) + bias.at(&key)
    })
}

fn vector<E: Float, B: Backend>(x: &B::Prim<E>) -> Tensor<s![Dyn], E, B> {
    Tensor::from_prim((Dyn(B::dims(x)[0]),), x.clone())
}

fn table<E: Float, B: Backend>(x: &B::Prim<E>) -> Tensor<s![Dyn, Dyn], E, B> {
    let dims = B::dims(x);
    Tensor::from_prim((Dyn(dims[0]), Dyn(dims[1])), x.clone())
}

const VIEWS: [View; 3] = [View::Plain, View::Transposed, View::Narrowed];

case!(
    Layer { eps: f64 }
        | x
        | table::<E, B>(&x[0])
            .layer_norm(&vector::<E, B>(&x[1]), &vector::<E, B>(&x[2]), *eps)
            .into_prim()
);
case!(
    Rms { eps: f64 }
        | x
        | table::<E, B>(&x[0])
            .rms_norm(&vector::<E, B>(&x[1]), *eps)
            .into_prim()
);

fn over_the_last_axes<T: Target>(device: &T) {
    for view in VIEWS {
        for dims in [[3, 5], [1, 4], [0, 3], [3, 1]] {
            let input = |dims: &[usize]| Input::new(dims, View::Plain);
            let x = || Input::new(&dims, view);
            let case = Layer { eps: 0.1 };
            Check::new(
                &case,
                &case,
                vec![x(), input(&dims[1..]), input(&dims[1..])],
            )
            .forward(device, |x| {
                let y = standardised(&x[0], 0.1, |at| vec![at[0]]);
                affine(&y, &x[1], &x[2], |at| vec![at[1]])
            })
            .gradients(device);
            let case = Rms { eps: 0.1 };
            Check::new(&case, &case, vec![x(), input(&dims[1..])])
                .forward(device, |x| {
                    Array::from_fn(&dims, |at| {
                        let row = (0..dims[1]).map(|j| x[0].at(&[at[0], j]).powi(2));
                        let mean = row.sum::<f64>() / dims[1] as f64;
                        x[0].at(at) / (mean + 0.1).sqrt() * x[1].at(&at[1..])
                    })
                })
                .gradients(device);
        }
    }
    let case = Layer { eps: 1e-5 };
    let inputs = [&[40, 257][..], &[257], &[257]].map(|dims| Input::new(dims, View::Plain));
    Check::new(&case, &case, inputs.to_vec()).forward(device, |x| {
        let y = standardised(&x[0], 1e-5, |at| vec![at[0]]);
        affine(&y, &x[1], &x[2], |at| vec![at[1]])
    });
}

case!(
    LayerOfTwo {} | x | {
        let [n, c, l] = B::dims(&x[0]) else {
            unreachable!()
        };
        let x0: Tensor<s![Dyn, Dyn, Dyn], E, B> =
            Tensor::from_prim((Dyn(*n), Dyn(*c), Dyn(*l)), x[0].clone());
        x0.layer_norm(&table::<E, B>(&x[1]), &table::<E, B>(&x[2]), 0.1)
            .into_prim()
    }
);

fn over_the_last_two_axes<T: Target>(device: &T) {
    let case = LayerOfTwo {};
    for view in VIEWS {
        let inputs = vec![
            Input::new(&[2, 3, 2], view),
            Input::new(&[3, 2], View::Transposed),
            Input::new(&[3, 2], View::Plain),
        ];
        Check::new(&case, &case, inputs)
            .forward(device, |x| {
                let y = standardised(&x[0], 0.1, |at| vec![at[0]]);
                affine(&y, &x[1], &x[2], |at| at[1..].to_vec())
            })
            .gradients(device);
    }
}

type Image<const C: usize, E, B> = Tensor<s![Dyn, { C }, Dyn, Dyn], E, B>;

fn image<const C: usize, E: Float, B: Backend>(x: &B::Prim<E>) -> Image<C, E, B> {
    let dims = B::dims(x);
    Tensor::from_prim((Dyn(dims[0]), D, Dyn(dims[2]), Dyn(dims[3])), x.clone())
}

fn channels<const C: usize, E: Float, B: Backend>(x: &B::Prim<E>) -> Tensor<s![{ C }], E, B> {
    Tensor::from_prim((D,), x.clone())
}

case!(
    Groups {}
        | x
        | image::<4, E, B>(&x[0])
            .group_norm::<2, _, _>(
                &channels::<4, E, B>(&x[1]),
                &channels::<4, E, B>(&x[2]),
                0.1
            )
            .into_prim()
);

fn over_groups_of_channels<T: Target>(device: &T) {
    let case = Groups {};
    for view in VIEWS {
        for dims in [[2, 4, 1, 3], [1, 4, 1, 1], [0, 4, 2, 2], [2, 4, 0, 3]] {
            let vector = || Input::new(&[4], View::Plain);
            Check::new(
                &case,
                &case,
                vec![Input::new(&dims, view), vector(), vector()],
            )
            .forward(device, |x| {
                let y = standardised(&x[0], 0.1, |at| vec![at[0], at[1] / 2]);
                affine(&y, &x[1], &x[2], |at| vec![at[1]])
            })
            .gradients(device);
        }
    }
}

case!(
    Instances { affine: bool } | x | {
        let x0 = image::<2, E, B>(&x[0]);
        if !affine {
            return x0.instance_norm(0.1).into_prim();
        }
        let mut layer: InstanceNorm2d<2, B, E> =
            InstanceNorm2d::init_on(&x0.device(), &mut Rng::seed(0)).with_eps(0.1);
        layer.weight = Some(channels::<2, E, B>(&x[1]).into());
        layer.bias = Some(channels::<2, E, B>(&x[2]).into());
        layer.forward(&x0).into_prim()
    }
);

fn over_instances<T: Target>(device: &T) {
    for view in VIEWS {
        let x = || Input::new(&[2, 2, 2, 3], view);
        let case = Instances { affine: false };
        Check::new(&case, &case, vec![x()])
            .forward(device, |x| standardised(&x[0], 0.1, |at| at[..2].to_vec()))
            .gradients(device);
        let case = Instances { affine: true };
        let vector = || Input::new(&[2], View::Plain);
        Check::new(&case, &case, vec![x(), vector(), vector()])
            .forward(device, |x| {
                let y = standardised(&x[0], 0.1, |at| at[..2].to_vec());
                affine(&y, &x[1], &x[2], |at| vec![at[1]])
            })
            .gradients(device);
    }
    let pixels: Tensor<s![2, 3, 1, 1]> = Tensor::ones();
    let pixels = pixels.to(device).expect("moved");
    assert_eq!(
        panics(|| pixels.instance_norm(1e-5)),
        "instance_norm: [2, 3, 1, 1] has one value for each channel of an example, which has no \
         variance"
    );
}

fn batch_norm<E: Float, B: Backend>(x: &[B::Prim<E>]) -> BatchNorm2d<2, B, E> {
    let device = B::device(&x[0]);
    let mut layer: BatchNorm2d<2, B, E> =
        BatchNorm2d::init_on(&device, &mut Rng::seed(0)).with_eps(0.1);
    layer.weight = channels::<2, E, B>(&x[1]).into();
    layer.bias = channels::<2, E, B>(&x[2]).into();
    layer
}

case!(
    Batch {}
        | x
        | batch_norm::<E, B>(x)
            .forward(&image::<2, E, B>(&x[0]))
            .into_prim()
);

fn over_a_batch<T: Target>(device: &T) {
    let case = Batch {};
    for view in VIEWS {
        for dims in [[3, 2, 1, 2], [1, 2, 2, 2], [0, 2, 2, 1], [2, 2, 1, 1]] {
            let vector = || Input::new(&[2], View::Plain);
            Check::new(
                &case,
                &case,
                vec![Input::new(&dims, view), vector(), vector()],
            )
            .forward(device, |x| {
                let y = standardised(&x[0], 0.1, |at| vec![at[1]]);
                affine(&y, &x[1], &x[2], |at| vec![at[1]])
            })
            .gradients(device);
        }
    }
}

/// What is normalised, over which axes, and the sizes of weight and bias.
const NORMALISED: [(&[usize], &[usize], &[usize]); 9] = [
    (&[70, 131], &[1], &[131]),
    (&[40, 300], &[1], &[300]),
    (&[9, 3, 37], &[1, 2], &[3, 37]),
    (&[3, 2, 5], &[2], &[2, 5]),
    (&[5, 4, 3, 40], &[2, 3], &[1, 4, 3, 1]),
    (&[6, 5, 3, 33], &[2, 3], &[1, 5, 1, 1]),
    (&[7, 5, 3, 11], &[0, 2, 3], &[1, 5, 1, 1]),
    (&[50, 6], &[0], &[1, 6]),
    (&[3, 4, 20], &[0, 2], &[3, 1, 20]),
];

/// The outputs of a normalisation, and its gradients.
fn normalised<E: Float, B: Backend>(
    device: &B::Device,
    (dims, axes, weight): (&[usize], &[usize], &[usize]),
    view: View,
    has_affine: bool,
) -> Vec<Vec<f64>> {
    let mut rng = Rng::seed(31);
    let mut random = |dims: &[usize], view: View| {
        let base = view.base(dims);
        let data = rng.normal::<f32>(base.iter().product());
        let data = data.into_iter().map(|x| E::from_f64(x.into())).collect();
        view.of::<E, B>(&B::from_vec(device, data, &base), dims)
    };
    let (x, gy) = (random(dims, view), random(dims, view));
    let (w, b) = (random(weight, View::Plain), random(weight, view));
    let affine = has_affine.then_some([&w, &b]);
    let [y, total, squares] = B::normalise(&x, axes, 0.1, affine);
    let found = B::normalise_vjp(&x, [&total, &squares], axes, 0.1, affine, &gy);
    assert_eq!(found.affine.is_some(), has_affine);
    let gradients = [found.x]
        .into_iter()
        .chain(found.affine.into_iter().flatten());
    let all = [y, total, squares].into_iter().chain(gradients);
    let read = |x: B::Prim<E>| B::read(&x).expect("read");
    all.map(|x| read(x).into_iter().map(E::to_f64).collect())
        .collect()
}

fn kernels_agree_with_the_primitives<T: Target>(device: &T) {
    let device_of = device.device();
    let agree = |got: Vec<Vec<f64>>, want: Vec<Vec<f64>>, off: f64, what: &str| {
        assert_eq!(got.len(), want.len());
        for (k, (got, want)) in got.iter().zip(&want).enumerate() {
            assert_eq!(got.len(), want.len(), "result {k} of {what}");
            for (i, (got, want)) in got.iter().zip(want).enumerate() {
                let bound = off * want.abs().max(1.0);
                let near = (got - want).abs() <= bound;
                assert!(near, "result {k} of {what} at {i}: {got}, not {want}");
            }
        }
    };
    for of in NORMALISED {
        for view in VIEWS {
            for affine in [false, true] {
                let what = format!("{of:?} {view:?} {affine}");
                // Tapes have gradients of primitives.
                type Tape<T> = Taped<<T as Device>::Backend>;
                let got = normalised::<f32, T::Backend>(&device_of, of, view, affine);
                let want = normalised::<f32, Tape<T>>(&device_of, of, view, affine);
                agree(got, want, 2e-4, &what);
                if device.is_wide() {
                    let got = normalised::<f64, T::Backend>(&device_of, of, view, affine);
                    let want = normalised::<f64, Tape<T>>(&device_of, of, view, affine);
                    agree(got, want, 1e-11, &what);
                }
            }
        }
    }
    let large = |name: &str, dims: [usize; 4], key: fn(&[usize]) -> Vec<usize>| {
        let input = |dims: &[usize]| Input::new(dims, View::Plain);
        let inputs = vec![input(&dims), input(&[dims[1]]), input(&[dims[1]])];
        let oracle = |x: &[Array]| {
            let y = standardised(&x[0], 0.1, key);
            affine(&y, &x[1], &x[2], |at| vec![at[1]])
        };
        match name {
            "groups" => drop(Check::new(name, &Groups {}, inputs).forward(device, oracle)),
            _ => drop(Check::new(name, &Batch {}, inputs).forward(device, oracle)),
        }
    };
    large("groups", [5, 4, 7, 9], |at| vec![at[0], at[1] / 2]);
    large("batch", [5, 2, 7, 9], |at| vec![at[1]]);
}

case!(
    Eval {} | x | {
        let mut layer = batch_norm::<E, B>(x);
        let [mean, variance] = [[0.5, -1.0], [2.0, 0.25]].map(|two| {
            let two = two.map(E::from_f64).to_vec();
            Tensor::from_vec_on((D,), two, &B::device(&x[0])).expect("two")
        });
        layer.running_mean.set(&mean);
        layer.running_var.set(&variance);
        layer.eval();
        layer.forward(&image::<2, E, B>(&x[0])).into_prim()
    }
);

fn by_running_statistics<T: Target>(device: &T) {
    let case = Eval {};
    for view in VIEWS {
        for dims in [[3, 2, 1, 2], [0, 2, 2, 1], [1, 2, 1, 1]] {
            let vector = || Input::new(&[2], View::Plain);
            Check::new(
                &case,
                &case,
                vec![Input::new(&dims, view), vector(), vector()],
            )
            .forward(device, |x| {
                let y = Array::from_fn(&dims, |at| {
                    let (mean, variance) = [(0.5, 2.0), (-1.0, 0.25)][at[1]];
                    (x[0].at(at) - mean) / (variance + 0.1_f64).sqrt()
                });
                affine(&y, &x[1], &x[2], |at| vec![at[1]])
            })
            .gradients(device);
        }
    }
}

/// Sums beyond what `f16` holds, and differences that it loses.
fn narrow_types_compute_in_f32<T: Target>(device: &T) {
    let rows: Vec<f16> = (0..600)
        .map(|i| f16::from_f32(1000.0 + (i % 3) as f32))
        .collect();
    let x: Tensor<s![2, 300], f16> = Tensor::from_vec(rows).expect("600");
    let x = x.to(device).expect("moved");
    let ones = Tensor::<s![300], f16>::ones().to(device).expect("moved");
    let y = x.layer_norm(&ones, &ones.zeros_like(), 0.0);
    for (i, y) in y.to_vec().into_iter().enumerate() {
        let want = (i % 3) as f32 * 1.5_f32.sqrt() - 1.5_f32.sqrt();
        assert!((y.to_f32() - want).abs() < 1e-3, "{y} at {i}, not {want}");
    }
    let y = x.rms_norm(&ones, 0.0).to_vec();
    assert!(y.iter().all(|y| (y.to_f32() - 1.0).abs() < 2e-3));
    let norm: BatchNorm1d<300, T::Backend, f16> =
        BatchNorm1d::init_on(&device.device(), &mut Rng::seed(0));
    let far = x.full_like(f16::from_f32(60_000.0));
    assert_eq!(norm.forward(&far).to_vec(), vec![f16::ZERO; 600]);
    let mean = norm.running_mean.get().to_vec();
    assert!(mean.iter().all(|mean| mean.to_f32() == 6000.0), "{mean:?}");
}

fn some_batch<T: Target>(device: &T, seed: u64) -> Tensor<s![4, 2], f32, T::Backend> {
    let x: Tensor<s![4, 2]> = Tensor::randn(&mut Rng::seed(seed));
    (x * 2.0 + 1.0).to(device).expect("moved")
}

fn layer<T: Target>(device: &T) -> BatchNorm1d<2, T::Backend> {
    BatchNorm1d::init_on(&device.device(), &mut Rng::seed(0))
}

/// Mean and unbiased variance of each channel.
fn moments<B: Backend>(x: &Tensor<s![4, 2], f32, B>) -> [[f64; 2]; 2] {
    let x = x.to_vec();
    let channel = |c: usize| (0..4).map(|n| f64::from(x[2 * n + c])).collect::<Vec<_>>();
    let mean = [0, 1].map(|c| channel(c).iter().sum::<f64>() / 4.0);
    let of = |c: usize| {
        channel(c)
            .iter()
            .map(|x| (x - mean[c]).powi(2))
            .sum::<f64>()
            / 3.0
    };
    [mean, [0, 1].map(of)]
}

#[track_caller]
fn assert_kept<B: Backend>(layer: &BatchNorm1d<2, B>, [mean, variance]: [[f64; 2]; 2], n: i64) {
    let found = |x: &volta::nn::Running<s![2], f32, B>| -> Vec<f64> {
        x.get().to_vec().into_iter().map(f64::from).collect()
    };
    close("running_mean", &found(&layer.running_mean), &mean, 1e-6);
    close("running_var", &found(&layer.running_var), &variance, 1e-6);
    assert_eq!(layer.num_batches_tracked.get().item(), n);
}

/// The running statistics after batches with these moments.
fn after(batches: &[[[f64; 2]; 2]], momentum: f64) -> [[f64; 2]; 2] {
    let mut kept = [[0.0; 2], [1.0; 2]];
    for batch in batches {
        for (kept, new) in kept.as_flattened_mut().iter_mut().zip(batch.as_flattened()) {
            *kept += momentum * (new - *kept);
        }
    }
    kept
}

fn running_statistics_are_those_of_the_batches<T: Target>(device: &T) {
    let mut layer = layer(device);
    let batches = [1, 2, 3].map(|seed| some_batch(device, seed));
    let moments = batches.each_ref().map(moments);
    for (n, batch) in batches.iter().enumerate() {
        layer.forward(batch);
        assert_kept(&layer, after(&moments[..=n], 0.1), n as i64 + 1);
    }
    layer.eval();
    layer.forward(&batches[0]);
    assert_kept(&layer, after(&moments, 0.1), 3);
    layer.train();
    let empty: Tensor<s![0, 2]> = Tensor::zeros();
    assert_eq!(
        layer.forward(&empty.to(device).expect("moved")).dims(),
        [0, 2]
    );
    assert_kept(&layer, after(&moments, 0.1), 3);
    layer = layer.with_momentum(0.5);
    layer.forward(&batches[1]);
    let mut kept = after(&moments, 0.1);
    for (kept, new) in kept
        .as_flattened_mut()
        .iter_mut()
        .zip(moments[1].as_flattened())
    {
        *kept += 0.5 * (new - *kept);
    }
    assert_kept(&layer, kept, 4);
}

fn a_mean_over_all_batches<T: Target>(device: &T) {
    let layer = layer(device).with_momentum(None);
    let batches = [1, 2, 3, 4].map(|seed| some_batch(device, seed));
    for batch in &batches {
        layer.forward(batch);
    }
    let mut mean = [[0.0; 2]; 2];
    for batch in batches.each_ref().map(moments) {
        for (mean, new) in mean.as_flattened_mut().iter_mut().zip(batch.as_flattened()) {
            *mean += new / 4.0;
        }
    }
    assert_kept(&layer, mean, 4);
}

fn every_transform_updates_the_model<T: Target>(device: &T) {
    let mut model = layer(device);
    let x = some_batch(device, 5);
    let one = moments(&x);
    let loss = |y: Tensor<s![4, 2], f32, Taped<T::Backend>>| (&y * &y * &y).sum();

    let (_, mut grads) = value_and_grad(&model, |m| loss(m.forward(&x.lift())));
    assert_kept(&model, after(&[one; 1], 0.1), 1);
    // Two forwards of one model.
    grad(&model, |m| {
        let first = loss(m.forward(&x.lift()));
        first + loss(m.forward(&x.lift()))
    });
    assert_kept(&model, after(&[one; 3], 0.1), 3);
    let traced = Traced::new(&model);
    let y = loss(traced.forward(&x.lift()));
    assert_kept(&model, after(&[one; 4], 0.1), 4);
    traced.backward(y);
    let (_, pull) = vjp(&model, |m| m.forward(&x.lift()));
    assert_kept(&model, after(&[one; 5], 0.1), 5);
    pull(&x);
    // A traced model in use.
    model.eval();
    grad(&model, |m| loss(m.forward(&x.lift())));
    model.train();
    assert_kept(&model, after(&[one; 5], 0.1), 5);

    // Gradients have buffers of their own, and what is done to gradients leaves them.
    assert_kept(&grads, after(&[one; 1], 0.1), 1);
    clip_grad_norm(&mut grads, 1e-3);
    assert_kept(&grads, after(&[one; 1], 0.1), 1);
    let before = model.weight.to_vec();
    Sgd::new(0.1).step(&mut model, &grads);
    assert_ne!(model.weight.to_vec(), before);
    assert_kept(&model, after(&[one; 5], 0.1), 5);
    AdamW::new(0.1).step(&mut model, &grads);
    assert_kept(&model, after(&[one; 5], 0.1), 5);
}

fn tapes_in_tapes_update_the_model<T: Target>(device: &T) {
    let model = layer(device);
    let x = some_batch(device, 6);
    let one = moments(&x);
    let slopes = grad(&model, |m| {
        let inner = grad(m, |m| {
            let y = m.forward(&x.lift().lift());
            (&y * &y * &y).sum()
        });
        inner.weight.square().sum()
    });
    assert_kept(&model, after(&[one; 1], 0.1), 1);
    assert!(slopes.weight.to_vec().iter().any(|&slope| slope != 0.0));
}

fn a_copy_keeps_its_own<T: Target>(device: &T) {
    let model = layer(device);
    let x = some_batch(device, 7);
    let one = moments(&x);
    model.forward(&x);
    let copy = model.clone();
    copy.forward(&x);
    assert_kept(&model, after(&[one; 1], 0.1), 1);
    assert_kept(&copy, after(&[one; 2], 0.1), 2);

    let mut ema: Ema<_, T::Backend> = Ema::new(&model, 0.5);
    assert_kept(ema.model(), after(&[one; 1], 0.1), 1);
    model.forward(&x);
    assert_kept(ema.model(), after(&[one; 1], 0.1), 1);
    ema.update(&model);
    assert_kept(ema.model(), after(&[one; 2], 0.1), 2);
    ema.model().forward(&x);
    assert_kept(&model, after(&[one; 2], 0.1), 2);
}

fn a_model_that_moves_takes_its_statistics_along<T: Target>(device: &T) {
    let x: Tensor<s![4, 2]> = some_batch(&Cpu, 8);
    let one = moments(&x);
    let here = layer(&Cpu);
    here.forward(&x);
    let there = here.to(device).expect("moved");
    assert_kept(&there, after(&[one; 1], 0.1), 1);
    grad(&there, |m| {
        m.forward(&x.to(device).expect("moved").lift()).sum()
    });
    assert_kept(&there, after(&[one; 2], 0.1), 2);
    assert_kept(&here, after(&[one; 1], 0.1), 1);
    let back: BatchNorm1d<2> = there.to(&Cpu).expect("moved");
    assert_kept(&back, after(&[one; 2], 0.1), 2);

    let state = there.state_dict();
    let keys: Vec<&str> = state.keys().collect();
    let names = [
        "weight",
        "bias",
        "running_mean",
        "running_var",
        "num_batches_tracked",
    ];
    assert_eq!(keys, names);
    assert_eq!(
        state.get("num_batches_tracked").unwrap().to_vec(),
        Some(vec![2_i64])
    );
    let mut other = layer(device);
    other.load_state_dict(&state).expect("the same model");
    assert_kept(&other, after(&[one; 2], 0.1), 2);
    assert_eq!(other.state_dict(), state);
}

fn one_value_is_no_batch<T: Target>(device: &T) {
    let mut norm: BatchNorm2d<3, T::Backend> =
        BatchNorm2d::init_on(&device.device(), &mut Rng::seed(0));
    let x: Tensor<s![1, 3, 1, 1]> = Tensor::ones();
    let x = x.to(device).expect("moved");
    assert_eq!(
        panics(|| norm.forward(&x)),
        "batch_norm: [1, 3, 1, 1] has one value for each channel, and training takes more: one has \
         no variance"
    );
    assert_eq!(norm.num_batches_tracked.get().item(), 0);
    norm.eval();
    let y = norm.forward(&x).to_vec();
    assert!(y.iter().all(|y| (y - 1.0).abs() < 1e-5), "{y:?}");
}

fn dropped_channels_are_whole<T: Target>(device: &T) {
    let mut drop = Dropout2d::new(0.25, &mut Rng::seed(3));
    let x: Tensor<s![40, 5, 3, 2]> = Tensor::ones();
    let x = x.to(device).expect("moved");
    let y = drop.forward(&x).to_vec();
    let kept = 1.0 / 0.75;
    let channels = y.chunks(6).map(|c| {
        assert!(c == [0.0; 6] || c == [kept; 6], "{c:?}");
        usize::from(c[0] == 0.0)
    });
    let dropped: usize = channels.sum();
    assert!((30..=70).contains(&dropped), "{dropped} of 200");
    // Others at the next call, and through a tape.
    let slope = grad(&x, |x| drop.forward(x).sum()).to_vec();
    assert_ne!(slope, y);
    assert!(slope.chunks(6).all(|c| c == [0.0; 6] || c == [kept; 6]));
    Module::<Cpu>::eval(&mut drop);
    assert!(!drop.training() && drop.p() == 0.25);
    assert_eq!(drop.forward(&x).to_vec(), x.to_vec());
}

fn alpha_dropout_keeps_mean_and_variance<T: Target>(device: &T) {
    let mut drop = AlphaDropout::new(0.3, &mut Rng::seed(4));
    let x: Tensor<s![20_000]> = Tensor::randn(&mut Rng::seed(5));
    let x = x.to(device).expect("moved");
    let (y, pull) = vjp(&x, |x| drop.forward(x));
    let (mean, square) = (y.mean().item(), y.square().mean().item());
    assert!(
        mean.abs() < 0.03 && (square - 1.0).abs() < 0.06,
        "{mean}, {square}"
    );
    // What is dropped is one number, the rest an affine map.
    let least = -1.758_099_340_847_376_6_f64;
    let a = (0.7 * (1.0 + 0.3 * least * least)).powf(-0.5);
    let b = -a * least * 0.3;
    let slopes = pull(&x.ones_like()).to_vec();
    for ((x, y), slope) in x.to_vec().into_iter().zip(y.to_vec()).zip(slopes) {
        let kept = slope != 0.0;
        let want = if kept {
            a * f64::from(x) + b
        } else {
            a * least + b
        };
        close("an element", &[y.into()], &[want], 1e-5);
        close(
            "a slope",
            &[slope.into()],
            &[if kept { a } else { 0.0 }],
            1e-5,
        );
    }
    Module::<Cpu>::eval(&mut drop);
    assert_eq!(drop.forward(&x).to_vec(), x.to_vec());
    let all = AlphaDropout::new(1.0, &mut Rng::seed(4));
    assert_eq!(all.forward(&x).to_vec(), vec![0.0; 20_000]);
}

#[test]
fn gradcheck_leaves_the_running_statistics() {
    let model: BatchNorm1d<2, Cpu, f64> = BatchNorm1d::init(&mut Rng::seed(0));
    let x: Tensor<s![4, 2], f64> = Tensor::randn(&mut Rng::seed(1));
    let state = model.state_dict();
    gradcheck(&model, |m| m.forward(&x.lift())).unwrap();
    assert_eq!(model.state_dict(), state);
}

#[test]
fn a_model_is_used_by_threads() {
    fn is_sync<T: Send + Sync>(_: &T) {}
    let model: BatchNorm1d<2> = layer(&Cpu);
    is_sync(&model);
    let x = some_batch(&Cpu, 9);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| grad(&model, |m| m.forward(&x.lift()).sum()));
        }
    });
    assert_kept(&model, after(&[moments(&x); 4], 0.1), 4);
}

#[test]
#[should_panic = "BatchNorm1d: a momentum of 1.5 is not between 0 and 1"]
fn a_momentum_is_a_share() {
    let _ = layer(&Cpu).with_momentum(1.5);
}

#[test]
#[should_panic = "LayerNorm: an eps of -1 is below 0"]
fn eps_is_not_negative() {
    let norm: LayerNorm<3> = LayerNorm::init(&mut Rng::seed(0));
    let _ = norm.with_eps(-1.0);
}
