//! Losses with their options, in each reduction.

use crate::compare::{Fixtures, moved};
use volta::loss::{
    BatchMean, BceWithLogits, CrossEntropy, Each, Mean, NllLoss, Sum, TripletMargin,
};
use volta::prelude::*;

/// A loss in each reduction, `r`, in f32 and in f64.
macro_rules! reduced {
    ($golden:expr, $name:expr, ($($x:ident: $shape:ty),+) => |$r:ident| $body:expr) => {
        let name = |reduction: &str| format!("{}/{reduction}", $name);
        case!($golden, &name("none"), ($($x: $shape),+) => { let $r = Each; $body });
        case!($golden, &name("mean"), ($($x: $shape),+) => { let $r = Mean; $body });
        case!($golden, &name("sum"), ($($x: $shape),+) => { let $r = Sum; $body });
    };
}

/// The same with targets `t` that are not differentiated.
macro_rules! targeted {
    ($golden:expr, $name:expr, $t:ident: $T:ty, ($($x:ident: $shape:ty),+) => |$r:ident| $body:expr) => {
        targeted!(@ f32 $golden, $name, $t: $T, ($($x: $shape),+) => |$r| $body);
        targeted!(@ f64 $golden, $name, $t: $T, ($($x: $shape),+) => |$r| $body);
    };
    (@ $E:ident $golden:expr, $name:expr, $t:ident: $T:ty, ($($x:ident: $shape:ty),+) => |$r:ident| $body:expr) => {
        targeted!(@ $E "none" Each $golden, $name, $t: $T, ($($x: $shape),+) => |$r| $body);
        targeted!(@ $E "mean" Mean $golden, $name, $t: $T, ($($x: $shape),+) => |$r| $body);
        targeted!(@ $E "sum" Sum $golden, $name, $t: $T, ($($x: $shape),+) => |$r| $body);
    };
    (@ $E:ident $reduction:literal $R:ident $golden:expr, $name:expr, $t:ident: $T:ty,
        ($($x:ident: $shape:ty),+) => |$r:ident| $body:expr) => {{
        let name = format!("{}/{}", $name, $reduction);
        let $t: Tensor<$T, $E> =
            $golden.tensor(&format!("{name}/target"), <$T as StaticShape>::SHAPE);
        let $t = moved(&$t);
        let inputs = ($(Tensor::<$shape, $E>::zeros(),)+);
        $golden.case(&name, inputs, |($($x,)+)| {
            let ($r, $t) = ($R, &$t);
            $body
        });
    }};
}

#[test]
fn of_pairs() {
    let golden = Fixtures::open("losses2", 0.1).only(&[
        "mse_loss",
        "l1_loss",
        "smooth_l1",
        "huber",
        "kl_div",
        "gaussian_kl",
        "hinge",
    ]);
    reduced!(golden, "mse_loss", (x: s![4, 5], y: s![4, 5]) => |r| x.mse_loss_as(y, r));
    reduced!(golden, "l1_loss", (x: s![4, 5], y: s![4, 5]) => |r| x.l1_loss_as(y, r));
    for (name, beta) in [("0.0", 0.0), ("0.5", 0.5), ("1.0", 1.0)] {
        let name = format!("smooth_l1_loss_{name}");
        reduced!(golden, name, (x: s![4, 5], y: s![4, 5]) => |r| x.smooth_l1_loss_as(y, beta, r));
    }
    for (name, delta) in [("0.5", 0.5), ("1.0", 1.0)] {
        let name = format!("huber_loss_{name}");
        reduced!(golden, name, (x: s![4, 5], y: s![4, 5]) => |r| x.huber_loss_as(y, delta, r));
    }
    reduced!(golden, "kl_div", (x: s![4, 5], y: s![4, 5]) => |r| x.kl_div_as(y, r));
    case!(golden, "kl_div/batchmean", (x: s![4, 5], y: s![4, 5]) => x.kl_div_as(y, BatchMean));
    targeted!(golden, "kl_div_zero", t: s![4, 5], (x: s![4, 5]) => |r| x.kl_div_as(t, r));
    reduced!(golden, "kl_div_log_target", (x: s![4, 5], y: s![4, 5]) => |r| {
        x.kl_div_log_target_as(y, r)
    });
    case!(golden, "kl_div_log_target/batchmean", (x: s![4, 5], y: s![4, 5]) => {
        x.kl_div_log_target_as(y, BatchMean)
    });
    reduced!(golden, "gaussian_kl", (x: s![4, 5], y: s![4, 5]) => |r| x.gaussian_kl_as(y, r));
    targeted!(golden, "hinge_loss", t: s![6], (x: s![6]) => |r| x.hinge_loss_as(t, r));
    for (name, margin) in [("", 1.0), ("_0.3", 0.3)] {
        let name = format!("hinge_embedding_loss{name}");
        targeted!(golden, name, t: s![6], (x: s![6]) => |r| {
            x.hinge_embedding_loss_as(t, margin, r)
        });
    }
    golden.finish();
}

#[test]
fn of_classes() {
    let golden = Fixtures::open("losses2", 0.1).only(&["cross_entropy", "nll_loss"]);
    macro_rules! classes {
        ($E:ident: $($name:literal $loss:expr;)*) => {$(
            classes!(@ $E, concat!($name, "/none"), $loss, Each);
            classes!(@ $E, concat!($name, "/mean"), $loss, Mean);
            classes!(@ $E, concat!($name, "/sum"), $loss, Sum);
        )*};
        (@ $E:ident, $name:expr, $loss:expr, $R:ident) => {
            let targets: Tensor<s![6], i64> = golden.tensor(&format!("{}/target", $name), (D,));
            let targets = moved(&targets);
            golden.case($name, (Tensor::<s![6, 5], $E>::zeros(),), |(x,)| $loss.loss_as(x, &targets, $R));
        };
    }
    macro_rules! all {
        ($($E:ident)*) => {$(
            let weight: Tensor<s![5], $E> = Tensor::from_array([0.5, 2.0, 1.0, 0.0, 3.0]);
            let weight = moved(&weight);
            let (nll, cross) = (NllLoss::new(), CrossEntropy::new());
            let some = (nll.clone().ignore_index(-100), cross.clone().ignore_index(-100));
            classes! { $E:
                "nll_loss" nll;
                "nll_loss_weight" nll.clone().weight(&weight);
                "nll_loss_ignore" some.0;
                "nll_loss_weight_ignore" some.0.clone().weight(&weight);
                "nll_loss_none_left" some.0;
                "cross_entropy" cross;
                "cross_entropy_weight" cross.clone().weight(&weight);
                "cross_entropy_ignore" some.1;
                "cross_entropy_weight_ignore" some.1.clone().weight(&weight);
                "cross_entropy_none_left" some.1;
                "cross_entropy_smooth" cross.clone().label_smoothing(0.2);
                "cross_entropy_all_smooth" cross.clone().label_smoothing(1.0);
                "cross_entropy_smooth_ignore" some.1.clone().label_smoothing(0.2);
                "cross_entropy_smooth_all" some.1.clone().label_smoothing(0.2).weight(&weight);
                "cross_entropy_large" some.1.clone().label_smoothing(0.2);
            }
            let smooth = cross.clone().label_smoothing(0.2);
            let both = smooth.clone().weight(&weight);
            macro_rules! probs {
                ($reduction:literal $R:ident) => {
                    let zeros = || [Tensor::<s![6, 5], $E>::zeros(), Tensor::zeros()];
                    golden.case(concat!("cross_entropy_probs/", $reduction), zeros(), |[x, t]| {
                        x.cross_entropy_probs_as(t, $R)
                    });
                    let name = concat!("cross_entropy_probs_smooth/", $reduction);
                    golden.case(name, zeros(), |[x, t]| smooth.loss_probs_as(x, t, $R));
                    let name = concat!("cross_entropy_probs_all/", $reduction);
                    golden.case(name, zeros(), |[x, t]| both.loss_probs_as(x, t, $R));
                };
            }
            probs!("none" Each);
            probs!("mean" Mean);
            probs!("sum" Sum);
        )*};
    }
    all!(f32 f64);
    golden.finish();
}

#[test]
fn of_two_answers() {
    let golden = Fixtures::open("losses2", 0.1).only(&["binary", "with_logits"]);
    reduced!(golden, "binary_cross_entropy", (x: s![4, 5], t: s![4, 5]) => |r| {
        x.binary_cross_entropy_as(t, r)
    });
    targeted!(golden, "binary_cross_entropy_edges", t: s![6], (x: s![6]) => |r| {
        x.binary_cross_entropy_as(t, r)
    });
    reduced!(golden, "with_logits", (x: s![4, 5], t: s![4, 5]) => |r| {
        x.binary_cross_entropy_with_logits_as(t, r)
    });
    macro_rules! weighted {
        ($($E:ident)*) => {$(
            let weight: Tensor<s![5], $E> = Tensor::from_array([0.5, 2.0, 1.0, 0.0, 3.0]);
            let weight = moved(&weight);
            let loss = BceWithLogits::new(&weight);
            let zeros = || [Tensor::<s![4, 5], $E>::zeros(), Tensor::zeros()];
            let name = |reduction: &str| format!("with_logits_pos_weight/{reduction}");
            golden.case(&name("none"), zeros(), |[x, t]| loss.loss_as(x, t, Each));
            golden.case(&name("mean"), zeros(), |[x, t]| loss.loss(x, t));
            golden.case(&name("sum"), zeros(), |[x, t]| loss.loss_as(x, t, Sum));
        )*};
    }
    weighted!(f32 f64);
    golden.finish();
}

#[test]
fn of_embeddings() {
    let golden = Fixtures::open("losses2", 0.1).only(&["cosine", "triplet"]);
    for (name, margin) in [("0.0", 0.0), ("0.5", 0.5), ("zero", 0.0)] {
        let name = format!("cosine_embedding_loss_{name}");
        targeted!(golden, name, t: s![6], (x: s![6, 4], y: s![6, 4]) => |r| {
            x.cosine_embedding_loss_as(y, t, margin, r)
        });
    }
    let plain = TripletMargin::default();
    for (name, loss) in [
        ("triplet", plain),
        ("triplet_margin", TripletMargin::new(0.2).eps(1e-3)),
        ("triplet_swap", plain.swap(true)),
        ("triplet_p_1", plain.p(1.0)),
        ("triplet_p_3", plain.p(3.0).swap(true)),
    ] {
        reduced!(golden, name, (a: s![6, 4], p: s![6, 4], n: s![6, 4]) => |r| {
            loss.loss_as(a, p, n, r)
        });
    }
    golden.finish();
}
