//! Losses against their formulas, and their gradients against differences.

use volta::loss::{CrossEntropy, Each, Mean, NllLoss, TripletMargin};
use volta::prelude::*;

use crate::support::{Array, Check, Input, Target, View, case, for_every_device};

for_every_device! {
    of_pairs
    of_classes
    of_probabilities
    of_embeddings
}

type Table<E, B> = Tensor<s![Dyn, Dyn], E, B>;

fn table<E: Float, B: Backend>(x: &B::Prim<E>) -> Table<E, B> {
    let dims = B::dims(x);
    Tensor::from_prim((Dyn(dims[0]), Dyn(dims[1])), x.clone())
}

/// The losses of pairs, by number, and their formulas with the range of the second input.
const PAIRS: [(fn(f64, f64) -> f64, (f64, f64)); 9] = [
    (|x, y| (x - y).powi(2), (-2.0, 2.0)),
    (|x, y| (x - y).abs(), (-2.0, 2.0)),
    (
        |x, y| match (x - y).abs() {
            z if z < 0.7 => z * z / 1.4,
            z => z - 0.35,
        },
        (-2.0, 2.0),
    ),
    (
        |x, y| match (x - y).abs() {
            z if z < 0.7 => z * z / 2.0,
            z => 0.7 * (z - 0.35),
        },
        (-2.0, 2.0),
    ),
    (
        |x, y| y * (-x).exp().ln_1p() + (1.0 - y) * x.exp().ln_1p(),
        (0.0, 1.0),
    ),
    (|x, y| y * (y.ln() - x), (0.1, 1.0)),
    (|x, y| y.exp() * (y - x), (-2.0, 2.0)),
    (|x, y| -0.5 * (1.0 + y - x * x - y.exp()), (-2.0, 2.0)),
    (|x, y| (1.0 - x * y).max(0.0), (-2.0, 2.0)),
];

case!(
    Pairs { which: usize } | x | {
        let (x, y) = (table::<E, B>(&x[0]), table::<E, B>(&x[1]));
        match which {
            0 => x.mse_loss_as(&y, Each),
            1 => x.l1_loss_as(&y, Each),
            2 => x.smooth_l1_loss_as(&y, 0.7, Each),
            3 => x.huber_loss_as(&y, 0.7, Each),
            4 => x.binary_cross_entropy_with_logits_as(&y, Each),
            5 => x.kl_div_as(&y, Each),
            6 => x.kl_div_log_target_as(&y, Each),
            7 => x.gaussian_kl_as(&y, Each),
            _ => x.hinge_loss_as(&y, Each),
        }
        .into_prim()
    }
);

case!(
    Embedding { target: f64 } | x | {
        let x = table::<E, B>(&x[0]);
        let target = x.full_like(E::from_f64(*target));
        x.hinge_embedding_loss_as(&target, 0.3, Each).into_prim()
    }
);

fn of_pairs<T: Target>(device: &T) {
    for (which, (formula, range)) in PAIRS.into_iter().enumerate() {
        let case = Pairs { which };
        for (dims, view) in [
            ([3, 4], View::Transposed),
            ([1, 17], View::Plain),
            ([0, 3], View::Plain),
        ] {
            let inputs = vec![
                Input::new(&dims, view),
                Input::new(&dims, View::Plain).within(range),
            ];
            Check::new(&case, &case, inputs)
                .forward(device, |x| {
                    Array::from_fn(&dims, |at| formula(x[0].at(at), x[1].at(at)))
                })
                .gradients(device);
        }
    }
}

case!(
    Probabilities {} | x | {
        table::<E, B>(&x[0])
            .binary_cross_entropy_as(&table::<E, B>(&x[1]), Each)
            .into_prim()
    }
);

fn of_probabilities<T: Target>(device: &T) {
    let case = Probabilities {};
    let input = || Input::new(&[3, 4], View::Plain).within((0.1, 0.9));
    Check::new(&case, &case, vec![input(), input()])
        .forward(device, |x| {
            Array::from_fn(&[3, 4], |at| {
                let (x, y) = (x[0].at(at), x[1].at(at));
                -(y * x.ln() + (1.0 - y) * (1.0 - x).ln())
            })
        })
        .gradients(device);
}

const TARGETS: [i64; 5] = [3, -7, 0, 2, 3];
const WEIGHTS: [f64; 4] = [0.5, 2.0, 0.0, 1.5];

// Weights, smoothed targets and an ignored one; `likelihood` says that the scores are logarithms.
case!(
    Classes { likelihood: bool } | x | {
        let x = Tensor::<s![5, 4], E, B>::from_prim(StaticShape::SHAPE, x[0].clone());
        let targets = Tensor::<s![5], i64, B>::from_vec_on((D,), TARGETS.to_vec(), &x.device());
        let weights = WEIGHTS.map(E::from_f64).to_vec();
        let weights = Tensor::<s![4], E, B>::from_vec_on((D,), weights, &x.device()).expect("4");
        let targets = targets.expect("5");
        match likelihood {
            true => {
                let loss = NllLoss::new().weight(&weights).ignore_index(-7);
                loss.loss_as(&x, &targets, Mean).into_prim()
            }
            false => {
                let loss = CrossEntropy::new().weight(&weights).ignore_index(-7);
                loss.label_smoothing(0.3)
                    .loss_as(&x, &targets, Each)
                    .into_prim()
            }
        }
    }
);

fn of_classes<T: Target>(device: &T) {
    for view in [View::Plain, View::Transposed] {
        let (case, input) = (Classes { likelihood: true }, Input::new(&[5, 4], view));
        Check::new(&case, &case, vec![input])
            .forward(device, |x| {
                let rows = || TARGETS.iter().enumerate().filter(|(_, class)| **class >= 0);
                let loss = |(n, &class): (usize, &i64)| {
                    -WEIGHTS[class as usize] * x[0].at(&[n, class as usize])
                };
                let weight: f64 = rows().map(|(_, class)| WEIGHTS[*class as usize]).sum();
                Array::from_fn(&[], |_| rows().map(loss).sum::<f64>() / weight)
            })
            .gradients(device);
        let (case, input) = (Classes { likelihood: false }, Input::new(&[5, 4], view));
        Check::new(&case, &case, vec![input])
            .forward(device, |x| {
                Array::from_fn(&[5], |at| {
                    let n = at[0];
                    let Ok(class) = usize::try_from(TARGETS[n]) else {
                        return 0.0;
                    };
                    let total: f64 = (0..4).map(|c| x[0].at(&[n, c]).exp()).sum();
                    let share = |c| 0.3 / 4.0 + if c == class { 0.7 } else { 0.0 };
                    let log = |c| x[0].at(&[n, c]) - total.ln();
                    -(0..4).map(|c| WEIGHTS[c] * share(c) * log(c)).sum::<f64>()
                })
            })
            .gradients(device);
    }
}

case!(
    Cosine { target: f64 } | x | {
        let (x, y) = (table::<E, B>(&x[0]), table::<E, B>(&x[1]));
        let target: Tensor<_, E, B> =
            Tensor::full_on((x.shape().0,), E::from_f64(*target), &x.device());
        x.cosine_embedding_loss_as(&y, &target, 0.1, Each)
            .into_prim()
    }
);

case!(
    Triplet { p: f64, swap: bool } | x | {
        let [a, p2, n] = [&x[0], &x[1], &x[2]].map(|x| table::<E, B>(x));
        TripletMargin::new(1.5)
            .p(*p)
            .swap(*swap)
            .loss_as(&a, &p2, &n, Each)
            .into_prim()
    }
);

fn of_embeddings<T: Target>(device: &T) {
    for target in [1.0, -1.0] {
        let case = Embedding { target };
        Check::new(&case, &case, vec![Input::new(&[4, 3], View::Narrowed)])
            .forward(device, |x| {
                Array::from_fn(&[4, 3], |at| match x[0].at(at) {
                    x if target == 1.0 => x,
                    x => (0.3 - x).max(0.0),
                })
            })
            .gradients(device);
    }
    let input = || Input::new(&[4, 3], View::Transposed);
    let dot =
        |x: &Array, y: &Array, n: usize| (0..3).map(|i| x.at(&[n, i]) * y.at(&[n, i])).sum::<f64>();
    for target in [1.0, -1.0] {
        let case = Cosine { target };
        Check::new(&case, &case, vec![input(), input()])
            .forward(device, |x| {
                Array::from_fn(&[4], |at| {
                    let (x, y, n) = (&x[0], &x[1], at[0]);
                    let cosine = dot(x, y, n) / (dot(x, x, n) * dot(y, y, n)).sqrt();
                    if target == 1.0 {
                        1.0 - cosine
                    } else {
                        (cosine - 0.1).max(0.0)
                    }
                })
            })
            .gradients(device);
    }
    for (p, swap) in [(2.0, false), (2.0, true), (1.0, false), (3.0, true)] {
        let case = Triplet { p, swap };
        Check::new(&case, &case, vec![input(), input(), input()])
            .forward(device, |x| {
                Array::from_fn(&[4], |at| {
                    let distance = |a: &Array, b: &Array| {
                        let steps = (0..3).map(|i| a.at(&[at[0], i]) - b.at(&[at[0], i]) + 1e-6);
                        steps
                            .map(|step| step.abs().powf(p))
                            .sum::<f64>()
                            .powf(1.0 / p)
                    };
                    let (near, far) = (distance(&x[0], &x[1]), distance(&x[0], &x[2]));
                    let far = if swap {
                        far.min(distance(&x[1], &x[2]))
                    } else {
                        far
                    };
                    (1.5 + near - far).max(0.0)
                })
            })
            .gradients(device);
    }
}
