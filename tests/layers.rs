//! What layers and optimisers promise beside numbers: dropout's streams and modes, frozen
//! parameters, models that do not fit, targets that are no class.

use std::panic::{AssertUnwindSafe, catch_unwind};

use volta::prelude::*;

/// The message of a panic.
fn panics(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("it panics");
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => payload.downcast_ref::<&str>().expect("a text").to_string(),
    }
}

#[test]
fn dropout_drops_its_share_and_keeps_the_mean() {
    let layer = Dropout::new(0.3, &mut Rng::seed(1));
    let x: Tensor<s![200, 500]> = Tensor::full(2.0);
    let y = layer.forward(&x).to_vec();
    let kept = 2.0 / 0.7_f32;
    assert!(y.iter().all(|&y| y == 0.0 || (y - kept).abs() < 1e-6));
    let dropped = y.iter().filter(|&&y| y == 0.0).count() as f64 / 1e5;
    assert!((dropped - 0.3).abs() < 5e-3, "{dropped}");
}

#[test]
fn dropout_at_its_ends() {
    let x: Tensor<s![50]> = Tensor::ones();
    let rng = &mut Rng::seed(1);
    assert_eq!(Dropout::new(0.0, rng).forward(&x).to_vec(), [1.0; 50]);
    assert_eq!(Dropout::new(1.0, rng).forward(&x).to_vec(), [0.0; 50]);
    for p in [-0.1, 1.1, f64::NAN] {
        let message = panics(|| drop(Dropout::new(p, &mut Rng::seed(1))));
        assert_eq!(
            message,
            format!("Dropout: a probability of {p} is not between 0 and 1")
        );
    }
}

#[test]
fn dropout_differs_by_call_and_seed_and_a_tape_shares_its_stream() {
    let x: Tensor<s![64]> = Tensor::ones();
    let two = |seed| {
        let layer = Dropout::new(0.5, &mut Rng::seed(seed));
        [layer.forward(&x).to_vec(), layer.forward(&x).to_vec()]
    };
    let [first, second] = two(7);
    assert_ne!(first, second);
    assert_eq!(two(7), [first.clone(), second.clone()]);
    assert_ne!(two(8)[0], first);

    let layer = Dropout::new(0.5, &mut Rng::seed(7));
    let copy = layer.clone();
    let mut model = (x.clone(), layer);
    let mask = grad(&model, |m| m.1.forward(&m.0).sum()).0;
    assert_eq!(mask.to_vec(), first);
    assert_eq!(model.1.forward(&x).to_vec(), second);
    assert_eq!(
        copy.forward(&x).to_vec(),
        first,
        "a clone has a copy of the stream"
    );

    Module::<Cpu>::eval(&mut model);
    assert!(!model.1.training());
    assert_eq!(model.1.forward(&x).to_vec(), [1.0; 64]);
    Module::<Cpu>::train(&mut model);
    assert_ne!(model.1.forward(&x).to_vec(), [1.0; 64]);
}

#[derive(Clone, Module)]
struct Pair<B: Backend = Cpu> {
    #[module(frozen)]
    fixed: Linear<2, 3, B>,
    free: Linear<3, 2, B>,
}

#[test]
fn optimisers_leave_frozen_parameters_alone() {
    let mut model: Pair = Pair::init(&mut Rng::seed(0));
    model.free.bias.set_trainable(false);
    let before = model.clone();
    // Gradients that are not zero anywhere: it is the flag that counts.
    let grads = model.clone();
    let mut sgd = Sgd::new(0.1).momentum(0.9).weight_decay(0.1);
    let mut adam = AdamW::new(0.1);
    for _ in 0..3 {
        sgd.step(&mut model, &grads);
        adam.step(&mut model, &grads);
    }
    assert_eq!(model.fixed.weight.to_vec(), before.fixed.weight.to_vec());
    assert_eq!(model.fixed.bias.to_vec(), before.fixed.bias.to_vec());
    assert_eq!(model.free.bias.to_vec(), before.free.bias.to_vec());
    assert_ne!(model.free.weight.to_vec(), before.free.weight.to_vec());
}

/// A parameter that thaws later begins with its own first step.
#[test]
fn every_parameter_counts_its_own_steps() {
    let (one, mut late) = (
        Tensor::<s![1]>::ones(),
        Param::new(Tensor::<s![1]>::zeros()),
    );
    late.set_trainable(false);
    let grads = (one.clone(), Param::new(one.clone()));
    let mut model = (one, late);
    let mut opt = Adam::new(0.5);
    for _ in 0..3 {
        opt.step(&mut model, &grads);
    }
    assert_eq!(model.1[[0]], 0.0);
    model.1.set_trainable(true);
    opt.step(&mut model, &grads);
    assert!((model.1[[0]] + 0.5).abs() < 1e-6, "{}", *model.1);
}

#[test]
fn one_optimiser_serves_one_model() {
    let model = |layers: usize| -> Vec<Linear<2, 2>> {
        (0..layers)
            .map(|seed| Linear::init(&mut Rng::seed(seed as u64)))
            .collect()
    };
    let mut opt = Sgd::new(0.1);
    opt.step(&mut model(1), &model(1));
    let mut longer = model(2);
    let before = longer[0].weight.to_vec();
    assert_eq!(
        panics(|| opt.step(&mut longer, &model(2))),
        "Sgd: the model is another than in earlier steps: parameter 2 is `1.weight` (f32 [2, 2]), \
         and was nothing; one optimiser serves one model"
    );
    assert_eq!(
        panics(|| opt.step(&mut longer, &model(1))),
        "Sgd: the gradients are of another model: parameter 2 is `1.weight` (f32 [2, 2]) in the \
         model and nothing in the gradients"
    );
    assert_eq!(longer[0].weight.to_vec(), before);

    let mut opt = Adam::new(0.1);
    let mut x: Tensor<s![Dyn]> = Tensor::ones_with((Dyn(3),));
    opt.step(&mut x.clone(), &x);
    x = Tensor::ones_with((Dyn(4),));
    assert_eq!(
        panics(|| opt.step(&mut x.clone(), &x)),
        "Adam: the model is another than in earlier steps: parameter 0 is f32 [4], and was f32 \
         [3]; one optimiser serves one model"
    );
}

#[test]
fn settings_are_checked() {
    assert_eq!(
        panics(|| drop(Sgd::<Cpu>::new(-1.0))),
        "Sgd: a learning rate of -1 is not 0 or more"
    );
    assert_eq!(
        panics(|| drop(Adam::<Cpu>::new(0.1).betas(0.9, 1.0))),
        "Adam: a beta of 1 is not in [0, 1)"
    );
    assert_eq!(
        panics(|| Adam::<Cpu>::new(0.1).set_lr(f64::NAN)),
        "Adam: a learning rate of NaN is not 0 or more"
    );
    let x: Tensor<s![1]> = Tensor::ones();
    assert_eq!(
        panics(|| Sgd::new(0.1).nesterov(true).step(&mut x.clone(), &x)),
        "Sgd: Nesterov's momentum needs a momentum above 0 and a dampening of 0, not 0 and 0"
    );
}

#[test]
fn a_target_is_a_class() {
    let scores: Tensor<s![Dyn, 4]> = Tensor::zeros_with((Dyn(3), D));
    for bad in [4, -1, i64::MAX] {
        let targets: Tensor<s![Dyn], i64> =
            Tensor::from_vec_with((Dyn(3),), vec![0, bad, 3]).expect("3 targets");
        assert_eq!(
            panics(|| drop(scores.cross_entropy(&targets))),
            format!("cross_entropy: target 1 is {bad}, and there are 4 classes, from 0 on")
        );
    }
    let targets: Tensor<s![Dyn], i64> = Tensor::zeros_with((Dyn(2),));
    let message = panics(|| drop(scores.nll_loss(&targets)));
    assert!(message.contains("nll_loss") && message.contains('3') && message.contains('2'));
}

#[test]
fn targets_and_predictions_may_be_traced() {
    let x: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
    let y: Tensor<s![3]> = Tensor::from_array([0.0, 2.0, 5.0]);
    let slope = grad(&y, |y| x.mse_loss(y));
    assert_eq!(slope.to_vec(), [-2.0 / 3.0, 0.0, 4.0 / 3.0]);
    let both = grad(&(x, y), |(x, y)| x.mse_loss(y));
    assert_eq!(both.0.to_vec(), [2.0 / 3.0, 0.0, -4.0 / 3.0]);
}

#[test]
fn run_time_sizes_of_windows_are_checked() {
    let x: Tensor<s![2, 1, Dyn, 8]> = Tensor::ones_with((D, D, Dyn(6), D));
    let w: Tensor<s![3, 1, 3, 3]> = Tensor::ones();
    let y: Tensor<s![2, 3, Dyn, 6]> = x.conv2d::<Window<3>, _, _, _>(&w);
    assert_eq!(y.dims(), [2, 3, 4, 6]);
    let y: Tensor<s![2, 1, Dyn, 4]> = x.max_pool2d::<Window<2, 2>>();
    assert_eq!(y.dims(), [2, 1, 3, 4]);

    let short: Tensor<s![2, 1, Dyn, 8]> = Tensor::ones_with((D, D, Dyn(2), D));
    let message = panics(|| drop(short.conv2d::<Window<3>, _, _, _>(&w)));
    assert!(
        message.starts_with("conv2d") && message.contains('3'),
        "{message}"
    );
    let message = panics(|| drop(short.max_pool2d::<Window<3>>()));
    assert!(message.starts_with("max_pool2d"), "{message}");
    let gap: Tensor<s![1, 1, Dyn, Dyn]> = Tensor::ones_with((D, D, Dyn(3), Dyn(3)));
    let message = panics(|| drop(gap.max_pool2d::<Window<2, 1, 1, 4>>()));
    assert_eq!(
        message,
        "max_pool2d: window 0 on axis 2 of [1, 1, 3, 3] has all of its 2 entries (dilation 4) in \
         the padding of 1"
    );
    let channels: Tensor<s![1, Dyn, 8, 8]> = Tensor::ones_with((D, Dyn(2), D, D));
    let other: Tensor<s![3, Dyn, 3, 3]> = Tensor::ones_with((D, Dyn(4), D, D));
    assert_eq!(
        panics(|| drop(channels.conv2d::<Window<3>, _, _, _>(&other))),
        "conv2d: the weight [3, 4, 3, 3] takes 4 channels, the input [1, 2, 8, 8] has 2"
    );
}

#[test]
fn an_empty_batch_passes() {
    let x: Tensor<s![Dyn, 1, 8, 8]> = Tensor::ones_with((Dyn(0), D, D, D));
    let conv: Conv2d<1, 2, Window<3>> = Conv2d::init(&mut Rng::seed(0));
    let y = MaxPool2d::<Window<2, 2>>::new().forward(&conv.forward(&x));
    assert_eq!(Flatten.forward(&y).dims(), [0, 18]);
}

/// Bounds of PyTorch's: `1 / sqrt(fan in)`, which both extremes come near.
#[test]
fn parameters_start_as_in_pytorch() {
    let layer: Conv2d<8, 32, (Window<3>, Window<5>)> = Conv2d::init(&mut Rng::seed(0));
    let bound = 1.0 / 120_f32.sqrt();
    let weight = layer.weight.to_vec();
    assert!(weight.iter().all(|w| w.abs() <= bound));
    assert!(weight.iter().any(|&w| w > 0.99 * bound) && weight.iter().any(|&w| w < -0.99 * bound));
    let (mean, variance) = (
        layer.weight.mean().item(),
        layer.weight.square().mean().item(),
    );
    assert!(mean.abs() < 0.03 * bound && (variance / (bound * bound / 3.0) - 1.0).abs() < 0.05);
    assert_ne!(layer.bias.to_vec()[..4], weight[..4]);
}

#[test]
fn gradients_of_gradients_pass_through_convolution_and_loss() {
    let mut rng = Rng::seed(3);
    let x: Tensor<s![1, 2, 5, 5], f64> = Tensor::randn(&mut rng);
    let w: Tensor<s![2, 2, 3, 3], f64> = Tensor::randn(&mut rng);
    let targets: Tensor<s![1], i64> = Tensor::from_array([5]);
    gradcheck(&(x, w), |inputs| {
        let slope = grad(inputs, |(x, w)| {
            let y = x.conv2d::<Window<3, 2, 1>, _, _, _>(w).tanh();
            y.flatten::<1, -1>().cross_entropy(&targets.lift())
        });
        slope.0.square().sum() + slope.1.square().sum()
    })
    .unwrap();
}
