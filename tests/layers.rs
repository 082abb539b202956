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

#[test]
fn a_layer_without_a_bias_has_none() {
    type Plain<B = Cpu> = Conv2d<2, 4, Window<3>, B, f32, NoBias>;

    #[derive(Clone, Module)]
    struct Net<B: Backend = Cpu> {
        conv: Plain<B>,
        fc: Linear<4, 3, B, f32, NoBias>,
        head: Linear<3, 2, B>,
    }

    let mut model: Net = Net::init(&mut Rng::seed(0));
    assert_eq!(Net::<Cpu>::PARAMETERS, 2 * 4 * 9 + 12 + 8);
    assert_eq!(model.num_parameters(), Net::<Cpu>::PARAMETERS);
    let state = model.state_dict();
    let keys: Vec<&str> = state.keys().collect();
    assert_eq!(
        keys,
        ["conv.weight", "fc.weight", "head.weight", "head.bias"]
    );

    let x: Tensor<s![1, 2, 5, 5]> = Tensor::ones();
    let run = |model: &Net| {
        model
            .head
            .forward(&model.fc.forward(&Tensor::<s![1, 4]>::ones()))
    };
    let before = run(&model).to_vec();
    let grads = grad(&model, |m| {
        let x = m.conv.forward(&x.lift()).mean_axes::<axes![2, 3]>();
        m.head.forward(&m.fc.forward(&x)).square().sum()
    });
    assert!(grads.conv.bias.get().is_none() && grads.head.bias.get().is_some());
    let mut adam = AdamW::new(0.1);
    adam.step(&mut model, &grads);
    assert_ne!(run(&model).to_vec(), before);

    let mut other: Net = Net::init(&mut Rng::seed(1));
    other.load_state_dict(&state).unwrap();
    assert_eq!(run(&other).to_vec(), before);
    let mut with: Conv2d<2, 4, Window<3>> = Conv2d::init(&mut Rng::seed(0));
    assert!(with.load_state_dict(&other.conv.state_dict()).is_err());

    let weight = with.weight.to_vec();
    let plain = with.without_bias();
    assert_eq!(plain.weight.to_vec(), weight);
    assert_eq!(
        plain.forward(&Tensor::<s![1, 2, 3, 3]>::zeros()).to_vec(),
        [0.0; 4]
    );
}

/// Names, sizes and bounds are PyTorch's: `1 / sqrt(fan in)`, of the weight's second axis on.
#[test]
fn convolutions_start_as_in_pytorch() {
    fn check<M: Module<Cpu>>(layer: &M, weight: &[usize], outputs: usize) {
        let state = layer.state_dict();
        assert_eq!(state.keys().collect::<Vec<_>>(), ["weight", "bias"]);
        assert_eq!(state.get("weight").unwrap().dims(), weight);
        assert_eq!(state.get("bias").unwrap().dims(), [outputs]);
        assert_eq!(M::PARAMETERS, weight.iter().product::<usize>() + outputs);
        let bound = 1.0 / (weight[1..].iter().product::<usize>() as f32).sqrt();
        let all: Vec<f32> = state.get("weight").unwrap().to_vec().unwrap();
        assert!(all.iter().all(|x| x.abs() <= bound), "{weight:?}");
        assert!(all.iter().any(|&x| x > 0.9 * bound) && all.iter().any(|&x| x < -0.9 * bound));
        let bias: Vec<f32> = state.get("bias").unwrap().to_vec().unwrap();
        assert!(
            bias.iter().all(|x| x.abs() <= bound) && bias.iter().any(|x| x.abs() > 0.5 * bound)
        );
    }
    let rng = &mut Rng::seed(5);
    check(&Conv1d::<4, 16, Window<5>>::init(rng), &[16, 4, 5], 16);
    check(
        &Conv1d::<4, 8, Grouped<Window<5>, 2>>::init(rng),
        &[8, 2, 5],
        8,
    );
    check(
        &Conv2d::<8, 8, Grouped<Window<3>, 8>>::init(rng),
        &[8, 1, 3, 3],
        8,
    );
    check(&Conv3d::<2, 8, Window<3>>::init(rng), &[8, 2, 3, 3, 3], 8);
    check(
        &Conv3d::<4, 8, Grouped<Window<2>, 2>>::init(rng),
        &[8, 2, 2, 2, 2],
        8,
    );
    check(
        &ConvTranspose1d::<8, 4, Window<4, 2, 1>>::init(rng),
        &[8, 4, 4],
        4,
    );
    check(
        &ConvTranspose2d::<8, 4, Window<4, 2, 1>>::init(rng),
        &[8, 4, 4, 4],
        4,
    );
    type Both = Grouped<(OutputPad<Window<3, 2, 1>, 1>, Window<5>), 4>;
    check(
        &ConvTranspose2d::<8, 12, Both>::init(rng),
        &[8, 3, 3, 5],
        12,
    );
}

#[test]
fn layers_give_what_their_methods_give() {
    let rng = &mut Rng::seed(2);
    let x: Tensor<s![2, 4, 6, 5]> = Tensor::randn(rng);
    let grouped: Conv2d<4, 6, Grouped<Window<3>, 2>> = Conv2d::init(rng);
    let weight: Tensor<s![6, 2, 3, 3]> =
        Tensor::from_vec_with((D, D, D, D), grouped.weight.to_vec()).unwrap();
    let y = x.conv2d::<Grouped<Window<3>, 2>, _, _, _>(&weight);
    let bias = grouped.bias.unsqueeze::<1>().unsqueeze::<2>();
    assert_eq!(grouped.forward(&x).to_vec(), (y + bias).to_vec());

    let up: ConvTranspose2d<4, 3, OutputPad<Window<3, 2, 1>, 1>> = ConvTranspose2d::init(rng);
    let y: Tensor<s![2, 3, 12, 10]> = up.forward(&x);
    let plain = x.conv_transpose2d::<OutputPad<Window<3, 2, 1>, 1>, _, _, _>(&up.weight);
    let bias = up.bias.unsqueeze::<1>().unsqueeze::<2>();
    assert_eq!(y.to_vec(), (plain + bias).to_vec());

    let net: (
        Conv2d<4, 2, Window<3, 1, 1>>,
        Relu,
        AvgPool2d<Window<2, 2>>,
        AdaptiveAvgPool2d<1, 1>,
        Flatten,
    ) = (
        Conv2d::init(rng),
        Relu,
        AvgPool2d::new(),
        AdaptiveAvgPool2d::new(),
        Flatten,
    );
    let y: Tensor<s![2, 2]> = net.forward(&x);
    assert!(y.to_vec().iter().all(|&y| y >= 0.0));
    let inside = AvgPool2d::<Window<3, 1, 1>>::new().count_include_pad(false);
    let y = inside.forward(&Tensor::<s![1, 1, 4, 4]>::ones());
    assert!(y.to_vec().iter().all(|&y| y == 1.0));
    let y = Upsample::<2, 2>::bilinear_align_corners().forward(&x);
    assert_eq!(y.to_vec(), x.upsample_bilinear_as::<2, 2>(true).to_vec());
    assert_eq!(Upsample::default(), Upsample::<2, 2>::nearest());
    let y: Tensor<s![2, 1, 12, 10]> = PixelShuffle::<2>.forward(&x);
    assert_eq!(y.to_vec(), x.pixel_shuffle::<2>().to_vec());
    assert_eq!(PixelUnshuffle::<2>.forward(&y).to_vec(), x.to_vec());
}

/// The padding of a maximum is less than any number, and not 0.
#[test]
fn padding_never_wins() {
    let x: Tensor<s![1, 1, 3, 3]> = Tensor::full(-2.0);
    assert_eq!(x.max_pool2d::<Window<3, 1, 1>>().to_vec(), [-2.0; 9]);
    let x: Tensor<s![1, 1, 4]> = Tensor::full(f32::NEG_INFINITY);
    let y = MaxPool1d::<Window<2, 2, 1>>::new().forward(&x);
    assert_eq!(y.to_vec(), [f32::NEG_INFINITY; 3]);
}

#[test]
fn run_time_sizes_of_other_windows_are_checked() {
    let short: Tensor<s![1, 2, Dyn]> = Tensor::ones_with((D, D, Dyn(2)));
    let weight: Tensor<s![1, 2, 3]> = Tensor::ones();
    assert_eq!(
        panics(|| drop(short.conv1d::<Window<3>, _, _, _>(&weight))),
        "conv1d: a window of 3 (padding 0) does not fit axis 2 of (1, 2, 2), which has 2"
    );
    let message = panics(|| drop(short.max_pool1d::<Window<3>>()));
    assert!(
        message.starts_with("max_pool1d: a window of 3"),
        "{message}"
    );
    let message = panics(|| drop(short.avg_pool1d::<Window<3>>()));
    assert!(
        message.starts_with("avg_pool1d: a window of 3"),
        "{message}"
    );

    let volume: Tensor<s![1, 1, 4, Dyn, 4]> = Tensor::ones_with((D, D, D, Dyn(1), D));
    let weight: Tensor<s![1, 1, 2, 2, 2]> = Tensor::ones();
    assert_eq!(
        panics(|| drop(volume.conv3d::<Window<2>, _, _, _>(&weight))),
        "conv3d: a window of 2 (padding 0) does not fit axis 3 of (1, 1, 4, 1, 4), which has 1"
    );
    let image: Tensor<s![1, 2, Dyn, 3]> = Tensor::ones_with((D, D, Dyn(1), D));
    let weight: Tensor<s![2, 1, 3, 3]> = Tensor::ones();
    assert_eq!(
        panics(|| drop(image.conv_transpose2d::<(Window<3, 1, 2>, Window<3>), _, _, _>(&weight))),
        "conv_transpose2d: a transposed window of 3 (padding 2, stride 1, dilation 1) leaves \
         nothing of axis 2 of [1, 2, 1, 3]"
    );
    let channels: Tensor<s![1, Dyn, 3, 3]> = Tensor::ones_with((D, Dyn(3), D, D));
    let weight: Tensor<s![Dyn, 1, 3, 3]> = Tensor::ones_with((Dyn(2), D, D, D));
    assert_eq!(
        panics(|| drop(channels.conv_transpose2d::<Window<3>, _, _, _>(&weight))),
        "conv_transpose2d: the weight [2, 1, 3, 3] takes 2 channels, the input [1, 3, 3, 3] has 3"
    );
    let weight: Tensor<s![Dyn, Dyn, 3, 3]> = Tensor::ones_with((Dyn(4), Dyn(1), D, D));
    assert_eq!(
        panics(|| drop(channels.conv2d::<Grouped<Window<3>, 3>, _, _, _>(&weight))),
        "conv2d: 3 groups do not divide the 4 channels that the weight [4, 1, 3, 3] gives"
    );
    let none: Tensor<s![1, 1, Dyn, 3]> = Tensor::ones_with((D, D, Dyn(0), D));
    assert_eq!(
        panics(|| drop(none.adaptive_avg_pool2d::<2, 2>())),
        "adaptive_avg_pool2d: axis 2 of [1, 1, 0, 3] does not divide into 2 parts"
    );
    assert_eq!(
        panics(|| drop(none.interpolate_bilinear::<2, 2>(false))),
        "interpolate_bilinear: images [1, 1, 0, 3] do not become images of 2 by 2"
    );
}

/// Sixteen times the batch takes some sixteen times as long, and not the square of it.
#[test]
fn time_is_linear_in_the_batch() {
    fn time<X>(x: &X, run: impl Fn(&X)) -> f64 {
        let once = |_| {
            let start = std::time::Instant::now();
            run(x);
            start.elapsed().as_secs_f64()
        };
        (0..10).map(once).fold(f64::INFINITY, f64::min)
    }
    let few: Tensor<s![8, 16, 28, 28]> = Tensor::ones();
    let many: Tensor<s![128, 16, 28, 28]> = Tensor::ones();
    macro_rules! ratio {
        ($name:literal |$x:ident| $body:expr) => {{
            let ratio = time(&many, |$x| drop($body)) / time(&few, |$x| drop($body));
            assert!(ratio < 64.0, "{}: {ratio}", $name);
        }};
    }
    let each: Conv2d<16, 16, Grouped<Window<3, 1, 1>, 16>> = Conv2d::init(&mut Rng::seed(0));
    ratio!("depthwise" | x | each.forward(x));
    ratio!("its gradient" | x | grad(&each, |m| m.forward(&x.lift()).sum()));
    let line: Conv1d<16, 16, Window<3, 1, 1>> = Conv1d::init(&mut Rng::seed(0));
    ratio!("conv1d" | x | line.forward(&x.flatten::<2, 3>()));
    ratio!("avg_pool2d" | x | x.avg_pool2d::<Window<2, 2>>());
}
