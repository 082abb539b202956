//! Optimisers, clipping and averages: PyTorch's paths, groups, and states that resume a run.

#[expect(dead_code, reason = "gradients are compared elsewhere")]
#[path = "golden/compare.rs"]
mod compare;

use compare::Fixtures;
use volta::error::{Error, StateProblem};
use volta::io::HostTensor;
use volta::optim::{Ema, Lbfgs, LineSearch, MuonRate, accumulate, clip_grad_norm, clip_grad_value};
use volta::prelude::*;
use volta::{DtypeKind, StateDict};

#[test]
fn pytorch_takes_the_same_paths() {
    let golden = Fixtures::open("optimisers2", 0.1);
    macro_rules! paths {
        ($E:ident: $($name:literal $make:expr;)*) => {$({
            let mut x: Tensor<s![6], $E> = golden.tensor("start", (D,));
            let gradients: Tensor<s![100, 6], $E> = golden.tensor("gradients", (D, D));
            let mut optimiser = $make;
            let mut path = Vec::new();
            for step in 0..100 {
                if step == 60 {
                    optimiser.set_lr(optimiser.lr() / 2.0);
                }
                optimiser.step(&mut x, &gradients.index_axis::<0>(step));
                path.extend(x.to_vec());
            }
            let path: Tensor<s![100, 6], $E> = Tensor::from_vec(path).expect("100 steps");
            golden.compare(concat!(stringify!($E), "/", $name), &path);
        })*};
    }
    macro_rules! both {
        ($($E:ident)*) => {$(
            paths! { $E:
                "sgd" Sgd::new(0.1).momentum(0.9).dampening(0.2).weight_decay(0.05);
                "adam" Adam::new(0.05);
                "adam_amsgrad" Adam::new(0.05).amsgrad(true);
                "adam_amsgrad_decay"
                    Adam::new(0.05).betas(0.8, 0.9).weight_decay(0.1).amsgrad(true);
                "adamw_amsgrad" AdamW::new(0.05).amsgrad(true).weight_decay(0.2);
                "rmsprop" RmsProp::new(0.01);
                "rmsprop_decay" RmsProp::new(0.02).alpha(0.9).eps(1e-6).weight_decay(0.1);
                "rmsprop_momentum" RmsProp::new(0.01).momentum(0.9);
                "rmsprop_centered" RmsProp::new(0.01).alpha(0.95).eps(1e-3).centered(true);
                "rmsprop_all" RmsProp::new(0.01)
                    .alpha(0.95).eps(1e-3).weight_decay(0.05).momentum(0.8).centered(true);
                "adagrad" Adagrad::new(0.01);
                "adagrad_all" Adagrad::new(0.1)
                    .lr_decay(0.05).weight_decay(0.1).initial_accumulator_value(0.5).eps(1e-6);
            }
        )*};
    }
    both!(f32 f64);

    macro_rules! clipped {
        ($E:ident: $($name:literal $grads:ident $clip:expr;)*) => {$(
            let first: Tensor<s![3, 4], $E> = golden.tensor("clip/0", (D, D));
            let second: Tensor<s![5], $E> = golden.tensor("clip/1", (D,));
            let mut $grads = (first, second);
            let key = |what: &str| format!("{}/{}/{what}", stringify!($E), $name);
            let norm: Option<Tensor<()>> = $clip;
            if let Some(norm) = norm {
                golden.compare(&key("norm"), &norm);
            }
            golden.compare(&key("0"), &$grads.0);
            golden.compare(&key("1"), &$grads.1);
        )*};
    }
    macro_rules! rest {
        ($($E:ident)*) => {$(
            clipped! { $E:
                "norm_1" grads clip_grad_norm(&mut grads, 1.0);
                "norm_100" grads clip_grad_norm(&mut grads, 100.0);
                "value" grads {
                    clip_grad_value(&mut grads, 0.5);
                    None
                };
            }
            let path: Tensor<s![100, 6], $E> =
                golden.tensor(concat!(stringify!($E), "/adam"), (D, D));
            let mut ema = Ema::new(&path.index_axis::<0>(0), 0.9);
            let mut averages = ema.model().to_vec();
            for step in 1..100 {
                ema.update(&path.index_axis::<0>(step));
                averages.extend(ema.model().to_vec());
            }
            let averages: Tensor<s![100, 6], $E> = Tensor::from_vec(averages).expect("100 steps");
            golden.compare(concat!(stringify!($E), "/ema"), &averages);
        )*};
    }
    rest!(f32 f64);
    golden.finish();
}

#[test]
fn lion_follows_its_paper() {
    let mut rng = Rng::seed(3);
    let (lr, beta1, beta2, decay) = (0.01, 0.8, 0.95, 0.3);
    let mut x: Tensor<s![7], f64> = Tensor::randn(&mut rng);
    let mut naive = x.to_vec();
    let mut mean = [0.0; 7];
    let mut opt = Lion::new(lr).betas(beta1, beta2).weight_decay(decay);
    for _ in 0..100 {
        let grads: Tensor<s![7], f64> = Tensor::randn(&mut rng);
        opt.step(&mut x, &grads);
        for ((x, m), g) in naive.iter_mut().zip(&mut mean).zip(grads.to_vec()) {
            *x -= lr * ((beta1 * *m + (1.0 - beta1) * g).signum() + decay * *x);
            *m = beta2 * *m + (1.0 - beta2) * g;
        }
    }
    for (found, wanted) in x.to_vec().into_iter().zip(naive) {
        assert!((found - wanted).abs() < 1e-12, "{found} {wanted}");
    }

    // No direction where there never was a gradient.
    let mut still: Tensor<s![2]> = Tensor::ones();
    Lion::new(0.1).step(&mut still, &Tensor::zeros());
    assert_eq!(still.to_vec(), [1.0, 1.0]);
}

#[derive(Module, Clone)]
#[module(no_init)]
struct Mlp<B: Backend = Cpu> {
    fc1: Linear<3, 4, B>,
    layers: Vec<Linear<4, 4, B>>,
    fc2: Linear<4, 1, B>,
}

fn mlp(seed: u64) -> Mlp {
    let mut rng = Rng::seed(seed);
    Mlp {
        fc1: Linear::init(&mut rng),
        layers: (0..2).map(|_| Linear::init(&mut rng)).collect(),
        fc2: Linear::init(&mut rng),
    }
}

/// The gradients of a loss on a batch that depends on the step.
fn gradients(model: &Mlp, step: u64) -> Mlp {
    let mut rng = Rng::seed(100 + step);
    let x: Tensor<s![8, 3]> = Tensor::randn(&mut rng);
    let y: Tensor<s![8, 1]> = Tensor::randn(&mut rng);
    grad(model, |m| {
        let mut h = m.fc1.forward(&x.lift()).tanh();
        for layer in &m.layers {
            h = layer.forward(&h).tanh();
        }
        m.fc2.forward(&h).mse_loss(&y)
    })
}

#[test]
fn a_run_resumes_bit_for_bit() {
    macro_rules! resumes {
        ($($make:expr;)*) => {$({
            let make = || $make.group(|name| name.ends_with("bias"), |g| g.weight_decay(0.0));
            let mut whole = mlp(0);
            whole.fc2.bias.set_trainable(false);
            let mut opt = make();
            for step in 0..20 {
                let grads = gradients(&whole, step);
                opt.step(&mut whole, &grads);
            }

            let mut model = mlp(0);
            model.fc2.bias.set_trainable(false);
            let mut opt = make();
            for step in 0..10 {
                let grads = gradients(&model, step);
                opt.step(&mut model, &grads);
            }
            let (saved, of_optimiser) = (model.state_dict(), opt.state_dict());
            let mut model = mlp(1);
            model.fc2.bias.set_trainable(false);
            model.load_state_dict(&saved).unwrap();
            let mut opt = make();
            opt.load_state_dict(&model, &of_optimiser).unwrap();
            assert_eq!(opt.state_dict(), of_optimiser);
            for step in 10..20 {
                let grads = gradients(&model, step);
                opt.step(&mut model, &grads);
            }
            assert_eq!(model.state_dict(), whole.state_dict(), "{}", stringify!($make));
        })*};
    }
    resumes! {
        Sgd::new(0.05);
        Sgd::new(0.05).momentum(0.9).dampening(0.3).weight_decay(0.1);
        Adam::new(0.01);
        Adam::new(0.01).amsgrad(true);
        AdamW::new(0.01).weight_decay(0.1);
        RmsProp::new(0.01);
        RmsProp::new(0.01).centered(true).momentum(0.5).eps(1e-3);
        Adagrad::new(0.05).lr_decay(0.1).weight_decay(0.1);
        Lion::new(0.01).weight_decay(0.1);
        Muon::new(0.02, 1e-3).adamw(|name| name == "fc2.weight");
    }
}

#[test]
fn muon_takes_the_path_of_pytorch() {
    let golden = Fixtures::open("optimisers3", 0.1).only(&["f32", "f64", "3x5", "5x3"]);
    macro_rules! paths {
        ($($E:ident $shape:literal [$rows:literal, $columns:literal])*) => {$(
            let start: Tensor<s![$rows, $columns], $E> =
                golden.tensor(concat!($shape, "/start"), (D, D));
            let gradients: Tensor<s![100, $rows, $columns], $E> =
                golden.tensor(concat!($shape, "/gradients"), (D, D, D));
            for (name, mut opt) in [
                ("muon", Muon::new(0.05, 0.0)),
                ("muon_plain", Muon::new(0.05, 0.0)
                    .nesterov(false).momentum(0.8).weight_decay(0.0).newton_schulz_steps(3)),
                ("muon_rms", Muon::new(0.05, 0.0).rate(MuonRate::MatchRmsAdamW)),
                ("muon_spectral", Muon::new(0.05, 0.0).rate(MuonRate::SpectralUnclamped)),
            ] {
                let (mut x, mut path) = (start.clone(), Vec::new());
                for step in 0..100 {
                    opt.step(&mut x, &gradients.index_axis::<0>(step));
                    if step % 10 == 9 {
                        path.extend(x.to_vec());
                    }
                }
                let path: Tensor<s![10, $rows, $columns], $E> =
                    Tensor::from_vec(path).expect("100 steps");
                golden.compare(&format!("{}/{}/{name}", stringify!($E), $shape), &path);
            }
        )*};
    }
    paths! { f32 "3x5" [3, 5] f32 "5x3" [5, 3] f64 "3x5" [3, 5] f64 "5x3" [5, 3] }
    golden.finish();
}

#[test]
fn muon_leaves_vectors_and_what_is_named_to_adamw() {
    let mut model = (
        Linear::<3, 4>::init(&mut Rng::seed(0)),
        Linear::<4, 2>::init(&mut Rng::seed(1)),
    );
    let mut by_adamw = model.clone();
    let first = model.0.weight.to_vec();
    let mut muon = Muon::new(0.1, 0.01)
        .adamw(|name| name == "1.weight")
        .weight_decay(0.2);
    let mut adamw = AdamW::new(0.01)
        .betas(0.9, 0.95)
        .eps(1e-10)
        .weight_decay(0.2);
    let grads = model.clone();
    for _ in 0..3 {
        muon.step(&mut model, &grads);
        adamw.step(&mut by_adamw, &grads);
    }
    assert_ne!(model.0.weight.to_vec(), first);
    assert_ne!(model.0.weight.to_vec(), by_adamw.0.weight.to_vec());
    assert_eq!(model.0.bias.to_vec(), by_adamw.0.bias.to_vec());
    assert_eq!(model.1.weight.to_vec(), by_adamw.1.weight.to_vec());
    let keys: Vec<String> = muon.state_dict().keys().map(str::to_owned).collect();
    assert!(
        keys.contains(&"0.weight.momentum_buffer".into()),
        "{keys:?}"
    );
    assert!(!keys.contains(&"0.weight.exp_avg".into()), "{keys:?}");
    assert!(keys.contains(&"1.weight.exp_avg".into()), "{keys:?}");

    // The kernel of a convolution is a matrix.
    let mut conv: Conv2d<2, 3, Window<3>> = Conv2d::init(&mut Rng::seed(2));
    let mut flat: Tensor<s![3, 18]> = conv.weight.reshape();
    let conv_grads = conv.clone();
    let grads = flat.clone();
    Muon::new(0.1, 0.1).step(&mut conv, &conv_grads);
    Muon::new(0.1, 0.1).step(&mut flat, &grads);
    assert_eq!(conv.weight.to_vec(), flat.to_vec());
}

fn rosenbrock(x: &Tensor<s![2], f64, Taped<Cpu>>) -> Tensor<(), f64, Taped<Cpu>> {
    let (a, b) = (x.index_axis::<0>(0), x.index_axis::<0>(1));
    (1.0 - &a).square() + 100.0 * (b - a.square()).square()
}

#[test]
fn lbfgs_takes_the_path_of_pytorch() {
    let golden = Fixtures::open("optimisers3", 1e-3).only(&["lbfgs"]);
    let a: Tensor<s![12, 6], f64> = golden.tensor("lbfgs/a", (D, D));
    let b: Tensor<s![12], f64> = golden.tensor("lbfgs/b", (D,));
    let quartic = |x: &Tensor<s![6], f64, Taped<Cpu>>| {
        (a.lift().matmul(x) - &b).square().sum() + x.powf(4.0).sum()
    };
    let wolfe = |lr: f64| Lbfgs::new(lr).line_search(LineSearch::StrongWolfe);
    macro_rules! path {
        ($name:literal $opt:expr, $loss:expr, [$n:literal]) => {{
            let start: Tensor<s![6], f64> = Tensor::from_array([-1.2, 1.0, 0.5, 2.0, -0.5, 0.1]);
            let mut x = start.narrow::<0, 0, $n>();
            let (mut opt, mut path) = ($opt, Vec::new());
            for _ in 0..12 {
                opt.step(&mut x, |x| value_and_grad(x, $loss));
                path.extend(x.to_vec());
            }
            let path: Tensor<s![12, $n], f64> = Tensor::from_vec(path).expect("12 steps");
            golden.compare(concat!("lbfgs/", $name), &path);
        }};
    }
    path!("wolfe" wolfe(1.0).max_iter(4), rosenbrock, [2]);
    path!("wolfe_short" wolfe(0.5).max_iter(3).history_size(2), rosenbrock, [2]);
    path!("fixed" Lbfgs::new(0.1).max_iter(3), quartic, [6]);
    path!("fixed_short" Lbfgs::new(0.2).max_iter(5).history_size(3), quartic, [6]);
    path!("wolfe_quartic" wolfe(1.0).max_iter(2).tolerance_change(0.0), quartic, [6]);
    golden.finish();
}

#[test]
fn lbfgs_resumes_bit_for_bit() {
    let make = || {
        Lbfgs::<Cpu, f64>::new(0.8)
            .line_search(LineSearch::StrongWolfe)
            .max_iter(3)
    };
    let (mut x, mut opt) = (Tensor::<s![2], f64>::from_array([-1.2, 1.0]), make());
    assert!(opt.state_dict().is_empty());
    for _ in 0..3 {
        opt.step(&mut x, |x| value_and_grad(x, rosenbrock));
    }
    let (mut y, mut resumed) = (x.clone(), make());
    resumed.load_state_dict(&y, &opt.state_dict()).unwrap();
    for _ in 0..3 {
        opt.step(&mut x, |x| value_and_grad(x, rosenbrock));
        resumed.step(&mut y, |x| value_and_grad(x, rosenbrock));
    }
    assert_eq!(x.to_vec(), y.to_vec());
    assert_eq!(opt.state_dict(), resumed.state_dict());

    let mut bad = opt.state_dict();
    bad.remove("H_diag");
    bad.remove("old_dirs.1");
    bad.insert(
        "what",
        HostTensor::new(DtypeKind::F64, vec![], vec![0; 8]).unwrap(),
    );
    let other: Tensor<s![2], f64> = Tensor::zeros();
    let error = make().load_state_dict(&other, &bad).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the state does not fit the model:\n  unexpected: what\n  missing: old_dirs.1\n  missing: H_diag"
    );
    let longer: Tensor<s![3], f64> = Tensor::zeros();
    assert!(make().load_state_dict(&longer, &opt.state_dict()).is_err());
}

#[test]
fn lbfgs_moves_a_model_but_not_what_is_frozen() {
    let mut rng = Rng::seed(4);
    let x: Tensor<s![32, 3]> = Tensor::randn(&mut rng);
    let target: Linear<3, 2> = Linear::init(&mut rng);
    let y = target.forward(&x);
    let mut model: Linear<3, 2> = Linear::init(&mut rng);
    model.bias = target.bias.clone();
    model.bias.set_trainable(false);
    let frozen = model.bias.to_vec();
    let mut opt = Lbfgs::new(1.0).line_search(LineSearch::StrongWolfe);
    let loss = |m: &Linear<3, 2>| value_and_grad(m, |m| m.forward(&x.lift()).mse_loss(&y));
    let first = opt.step(&mut model, loss).item();
    assert!(first > 0.05, "{first}");
    let last = opt.step(&mut model, loss).item();
    assert!(last < 1e-6, "{last}");
    assert_eq!(model.bias.to_vec(), frozen);

    // A loss that is not a number where the first step ends.
    let mut x: Tensor<s![1], f64> = Tensor::from_array([4.0]);
    let mut opt = Lbfgs::new(100.0).line_search(LineSearch::StrongWolfe);
    opt.step(&mut x, |x| {
        value_and_grad(x, |x| x.sum() - 3.0 * x.ln().sum())
    });
    assert!((x[[0]] - 3.0).abs() < 1e-6, "{x:?}");
}

#[test]
fn a_state_has_names() {
    let mut model: Linear<2, 1> = Linear::init(&mut Rng::seed(0));
    model.bias.set_trainable(false);
    let mut opt = Adam::new(0.1).amsgrad(true);
    assert!(opt.state_dict().is_empty());
    let grads = model.clone();
    opt.step(&mut model, &grads);
    let state = opt.state_dict();
    let keys: Vec<&str> = state.keys().collect();
    assert_eq!(
        keys,
        [
            "weight.step",
            "weight.exp_avg",
            "weight.exp_avg_sq",
            "weight.max_exp_avg_sq",
            "bias.step"
        ]
    );
    let steps = |key| state.get(key).and_then(HostTensor::to_vec::<i64>);
    assert_eq!(steps("weight.step"), Some(vec![1]));
    assert_eq!(steps("bias.step"), Some(vec![0]));

    let mut x: Tensor<s![1]> = Tensor::ones();
    let mut opt = Sgd::new(0.1).momentum(0.5);
    opt.step(&mut x.clone(), &x);
    assert_eq!(
        opt.state_dict().keys().collect::<Vec<_>>(),
        ["step", "momentum_buffer"]
    );
    // Back to the beginning.
    opt.load_state_dict(&x, &StateDict::new()).unwrap();
    assert!(opt.state_dict().is_empty());
    opt.step(&mut x, &Tensor::ones());
}

#[test]
fn a_state_that_does_not_fit_is_an_error() {
    let mut model: Linear<2, 1> = Linear::init(&mut Rng::seed(0));
    let grads = model.clone();
    let mut opt = Adam::new(0.1);
    opt.step(&mut model, &grads);
    let good = opt.state_dict();
    let host = |dtype: DtypeKind, dims: &[usize]| {
        let bytes = vec![0; dims.iter().product::<usize>() * dtype.size()];
        HostTensor::new(dtype, dims.to_vec(), bytes).unwrap()
    };
    let mut bad = good.clone();
    bad.remove("weight.exp_avg");
    bad.insert("weight.exp_avg_sq", host(DtypeKind::F32, &[2, 1]));
    bad.insert("bias.exp_avg", host(DtypeKind::F64, &[1]));
    bad.insert("bias.max_exp_avg_sq", host(DtypeKind::F32, &[1]));
    let Err(Error::State { path, problems }) = opt.load_state_dict(&model, &bad) else {
        panic!("it fits");
    };
    assert_eq!(path, None);
    assert_eq!(
        problems,
        [
            StateProblem::Missing("weight.exp_avg".into()),
            StateProblem::Shape {
                key: "weight.exp_avg_sq".into(),
                wanted: vec![1, 2],
                found: vec![2, 1]
            },
            StateProblem::Dtype {
                key: "bias.exp_avg".into(),
                wanted: DtypeKind::F32,
                found: DtypeKind::F64.into()
            },
            StateProblem::Unexpected("bias.max_exp_avg_sq".into()),
        ]
    );
    assert_eq!(opt.state_dict(), good);

    let mut negative = good.clone();
    let bytes = (-3_i64).to_le_bytes().to_vec();
    let steps = HostTensor::new(DtypeKind::I64, vec![], bytes).unwrap();
    negative.insert("bias.step", steps);
    let error = opt.load_state_dict(&model, &negative).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the state does not fit the model:\n  bias.step: -3 is no number of steps\n  unexpected: \
         bias.exp_avg\n  unexpected: bias.exp_avg_sq"
    );

    // The state of another optimiser.
    let mut other = RmsProp::new(0.1);
    assert!(other.load_state_dict(&model, &good).is_err());
}

#[test]
fn groups_have_their_own_settings() {
    let model = mlp(0);
    let mut grouped = model.clone();
    let mut opt = AdamW::new(0.1)
        .weight_decay(0.5)
        .group(|name| name == "layers.1.bias", |group| group.lr_scale(0.0))
        .group(
            |name| name.ends_with("bias"),
            |group| group.weight_decay(0.0).lr_scale(0.5),
        );
    let (mut plain, mut bias) = (model.clone(), model.clone());
    let mut of_plain = AdamW::new(0.1).weight_decay(0.5);
    let mut of_bias = AdamW::new(0.05).weight_decay(0.0);
    for step in 0..4 {
        let grads = gradients(&model, step);
        if step == 2 {
            // A schedule moves all groups.
            opt.set_lr(0.02);
            of_plain.set_lr(0.02);
            of_bias.set_lr(0.01);
        }
        opt.step(&mut grouped, &grads);
        of_plain.step(&mut plain, &grads);
        of_bias.step(&mut bias, &grads);
    }
    assert_eq!(grouped.fc1.weight.to_vec(), plain.fc1.weight.to_vec());
    assert_eq!(grouped.fc1.bias.to_vec(), bias.fc1.bias.to_vec());
    assert_eq!(
        grouped.layers[0].bias.to_vec(),
        bias.layers[0].bias.to_vec()
    );
    assert_eq!(
        grouped.layers[1].bias.to_vec(),
        model.layers[1].bias.to_vec()
    );

    // A group that comes later, between steps.
    let mut opt = opt.group(|name| name == "fc1.weight", |group| group.lr_scale(0.0));
    let before = grouped.fc1.weight.to_vec();
    opt.step(&mut grouped, &model);
    assert_eq!(grouped.fc1.weight.to_vec(), before);
}

#[test]
fn a_step_has_a_gradient() {
    let x: Tensor<s![2], f64> = Tensor::from_array([1.0, -2.0]);
    macro_rules! through {
        ($($make:expr;)*) => {$(
            gradcheck(&x, |x| {
                let (mut y, grads) = (x.clone(), x.square());
                let mut opt = $make;
                opt.step(&mut y, &grads);
                opt.step(&mut y, &grads);
                y.square().sum()
            })
            .unwrap();
        )*};
    }
    through! {
        Sgd::new(0.1).momentum(0.9);
        Adam::new(0.1).amsgrad(true);
        RmsProp::new(0.1).momentum(0.5);
        Adagrad::new(0.1).initial_accumulator_value(0.5);
    }
}

#[test]
fn clipping_at_the_edges() {
    let mut zeros: Tensor<s![3]> = Tensor::zeros();
    assert_eq!(clip_grad_norm(&mut zeros, 1.0).unwrap().item(), 0.0);
    assert_eq!(zeros.to_vec(), [0.0; 3]);

    let mut empty: Tensor<s![0]> = Tensor::zeros();
    assert_eq!(clip_grad_norm(&mut empty, 1.0).unwrap().item(), 0.0);
    let mut none: Vec<Tensor<s![2]>> = Vec::new();
    assert!(clip_grad_norm::<Cpu, _>(&mut none, 1.0).is_none());

    // Without a bound only the norm is taken.
    let mut x: Tensor<s![2]> = Tensor::from_array([3.0, 4.0]);
    let norm = clip_grad_norm(&mut x, f64::INFINITY).unwrap();
    assert_eq!((norm.item(), x.to_vec()), (5.0, vec![3.0, 4.0]));
    clip_grad_norm(&mut x, 0.0).unwrap();
    assert_eq!(x.to_vec(), [0.0, 0.0]);

    let mut nan: Tensor<s![2]> = Tensor::from_array([f32::NAN, 4.0]);
    assert!(clip_grad_norm(&mut nan, 1.0).unwrap().item().is_nan());
    assert!(nan.to_vec().iter().all(|x| x.is_nan()));
    let mut infinite: Tensor<s![2]> = Tensor::from_array([f32::INFINITY, 4.0]);
    assert_eq!(
        clip_grad_norm(&mut infinite, 1.0).unwrap().item(),
        f32::INFINITY
    );
    assert!(infinite[[0]].is_nan() && infinite[[1]] == 0.0);

    // Squares beyond f16, and one norm over two types.
    let half: Tensor<s![2], f16> = Tensor::full(f16::from_f64(1024.0));
    let double: Tensor<(), f64> = Tensor::from_scalar(512.0 * 2_f64.sqrt());
    let mut grads = (half.clone(), double);
    let norm = clip_grad_norm(&mut grads, 16.0).unwrap().item();
    assert!((norm - 1619.0859).abs() < 1e-3, "{norm}");
    assert!((grads.1.item() - 16.0 / 5_f64.sqrt()).abs() < 1e-8);
    let mut grads = (half, Tensor::<s![1], f32>::zeros());
    let norm = clip_grad_norm(&mut grads, 1.0).unwrap().item();
    assert!((norm - 1448.1547).abs() < 1e-3, "{norm}");

    let mut x: Tensor<s![4]> = Tensor::from_array([f32::NAN, f32::NEG_INFINITY, 0.5, 2.0]);
    clip_grad_value(&mut x, 1.0);
    let found = x.to_vec();
    assert!(found[0].is_nan());
    assert_eq!(found[1..], [-1.0, 0.5, 1.0]);
}

#[test]
#[should_panic(expected = "clip_grad_norm: a norm of -1 is not 0 or more")]
fn a_norm_is_not_negative() {
    clip_grad_norm(&mut Tensor::<s![1]>::zeros(), -1.0);
}

#[test]
fn batches_accumulate() {
    let model = mlp(0);
    let mut sum = gradients(&model, 0);
    let first = sum.fc1.weight.to_vec();
    let second = gradients(&model, 1);
    accumulate(&mut sum, &second);
    let wanted = first.iter().zip(second.fc1.weight.to_vec());
    let wanted: Vec<f32> = wanted.map(|(a, b)| a + b).collect();
    assert_eq!(sum.fc1.weight.to_vec(), wanted);
}

#[test]
#[should_panic(
    expected = "accumulate: the gradients are of another model: parameter 1 is nothing in the sum \
                and `1` (f32 [2]) in the gradients"
)]
fn gradients_of_another_model_are_not_added() {
    let x: Tensor<s![2]> = Tensor::ones();
    accumulate(&mut vec![x.clone()], &vec![x.clone(), x]);
}

#[derive(Module)]
#[module(no_init)]
struct Counting<B: Backend = Cpu> {
    weight: Param<s![2], f32, B>,
    #[module(buffer)]
    seen: Tensor<(), i64, B>,
}

#[test]
fn an_average_has_the_buffers_of_the_model() {
    let model = |weight: f32, seen| Counting {
        weight: Param::new(Tensor::full(weight)),
        seen: Tensor::from_scalar(seen),
    };
    let first = model(1.0, 1);
    let mut ema = Ema::new(&first, 0.5);
    ema.update(&model(3.0, 2));
    ema.update(&model(4.0, 3));
    assert_eq!(ema.model().weight.to_vec(), [3.0, 3.0]);
    assert_eq!(ema.model().seen.item(), 3);
    // The first model is as it was, though the average began with its memory.
    assert_eq!(first.weight.to_vec(), [1.0, 1.0]);
    assert_eq!(ema.into_model().state_dict().len(), 2);
}

#[test]
#[should_panic(
    expected = "Ema: the model is another than before: parameter 0 was f32 [2], and is f32 [3]"
)]
fn an_average_is_of_one_model() {
    let x = |n| Tensor::<s![Dyn]>::ones_with((Dyn(n),));
    Ema::new(&x(2), 0.9).update(&x(3));
}
