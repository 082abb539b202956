//! Teaches a generator of transposed convolutions to write digits, with a critic of convolutions
//! (DCGAN, Radford et al., 2016). A classifier of the real digits judges the result.

mod support;

use std::error::Error;
use std::process::ExitCode;

use volta::data::{DataLoader, Split};
use volta::metric::Average;
use volta::optim::Ema;
use volta::prelude::*;

use support::digits::{self, Images};
use support::picture::{self, Chart, Grid, Series};
use support::{Run, check};

const BATCH: usize = 64;
type Noise<const N: usize, B = Cpu> = Tensor<s![{ N }, 32, 1, 1], f32, B>;

#[derive(Module)]
#[module(forward = [N, 32, 1, 1] -> [N, 1, 28, 28])]
struct Generator<B: Backend = Cpu> {
    up1: ConvTranspose2d<32, 64, Window<7>, B, f32, NoBias>,
    norm1: BatchNorm2d<64, B>,
    relu1: Relu,
    up2: ConvTranspose2d<64, 32, Window<4, 2, 1>, B, f32, NoBias>,
    norm2: BatchNorm2d<32, B>,
    relu2: Relu,
    up3: ConvTranspose2d<32, 1, Window<4, 2, 1>, B>,
    sigmoid: Sigmoid,
}

/// Logits of being real.
#[derive(Module)]
#[module(forward = [N, 1, 28, 28] -> [N, 1])]
struct Discriminator<B: Backend = Cpu> {
    conv1: Conv2d<1, 32, Window<4, 2, 1>, B>,
    #[module(init = LeakyRelu { negative_slope: 0.2 })]
    relu1: LeakyRelu,
    conv2: Conv2d<32, 64, Window<4, 2, 1>, B, f32, NoBias>,
    norm2: BatchNorm2d<64, B>,
    #[module(init = LeakyRelu { negative_slope: 0.2 })]
    relu2: LeakyRelu,
    conv3: Conv2d<64, 128, Window<3, 2, 1>, B, f32, NoBias>,
    norm3: BatchNorm2d<128, B>,
    #[module(init = LeakyRelu { negative_slope: 0.2 })]
    relu3: LeakyRelu,
    flatten: Flatten,
    fc: Linear<2048, 1, B>,
}

#[derive(Module)]
#[module(forward = [N, 1, 28, 28] -> [N, 10])]
struct Classifier<B: Backend = Cpu> {
    conv1: Conv2d<1, 8, Window<5, 2, 2>, B>,
    relu1: Relu,
    conv2: Conv2d<8, 16, Window<5, 2, 2>, B>,
    relu2: Relu,
    flatten: Flatten,
    fc: Linear<784, 10, B>,
}

impl Classifier {
    fn taught(digits: &Split, run: &Run) -> Result<Self, volta::Error> {
        let mut model = Classifier::init(&mut Rng::seed(run.seed));
        let mut optimiser = Adam::new(2e-3);
        let loader = DataLoader::new(digits.clone(), D::<32>).shuffle(run.seed);
        let batches = (0..).flat_map(|epoch| loader.epoch(epoch));
        for batch in batches.take(run.choose(4 * loader.len(), 120)) {
            let (x, classes) = batch?;
            let grads = grad(&model, |m| m.forward(&x.lift()).cross_entropy(&classes));
            optimiser.step(&mut model, &grads);
        }
        Ok(model)
    }

    /// How sure it is of every image and how unsure of them all (the inception score of Salimans et
    /// al., 2016): between 1 and 10.
    fn score(&self, x: &Images<500>) -> f32 {
        let logs = self.forward(x).log_softmax::<1>();
        let probabilities = logs.exp();
        let whole = probabilities.mean_keep::<0>() + 1e-12;
        (probabilities * (logs - whole.log()))
            .sum_axis::<1>()
            .mean()
            .exp()
            .item()
    }
}

/// One for real, another for generated.
fn loss<B: Backend>(logits: &Tensor<s![64, 1], f32, B>, target: f32) -> Tensor<(), f32, B> {
    logits.binary_cross_entropy_with_logits(&logits.full_like(target))
}

fn main() -> ExitCode {
    support::main(
        "Teaches a generator to write digits, by a network that tells them from real ones.",
        train,
    )
}

fn train(run: &Run) -> Result<(), Box<dyn Error>> {
    let digits = digits::open()?;
    let judge = Classifier::taught(&digits.train, run)?;
    let mut rng = Rng::seed(run.seed);
    let mut generator = Generator::init(&mut rng);
    let mut discriminator = Discriminator::init(&mut rng);
    // Single steps go to and fro; their mean draws better.
    let mut mean = Ema::new(&generator, run.choose(0.99, 0.9));
    let mut of_generator = Adam::new(2e-3).betas(0.5, 0.999);
    let mut of_discriminator = Adam::new(2e-3).betas(0.5, 0.999);
    let loader = DataLoader::new(digits.train, D::<BATCH>).shuffle(run.seed);
    let steps = run.choose(10 * loader.len(), 60);
    let (bar, mut curves) = (run.bar(steps), [Vec::new(), Vec::new()]);
    let mut recent = [Average::new(), Average::new()];
    let batches = (0..).flat_map(|epoch| loader.epoch(epoch)).take(steps);
    for (step, batch) in batches.enumerate() {
        let lr = 2e-3 * (1.0 - 0.95 * step as f64 / steps as f64);
        of_generator.set_lr(lr);
        of_discriminator.set_lr(lr);
        let (real, _) = batch?;
        let noise = Noise::<BATCH>::randn(&mut rng);
        let fake = generator.forward(&noise);
        let (loss_of_discriminator, grads) = value_and_grad(&discriminator, |d| {
            loss(&d.forward(&real.lift()), 0.9) + loss(&d.forward(&fake.lift()), 0.0)
        });
        of_discriminator.step(&mut discriminator, &grads);
        let (loss_of_generator, grads) = value_and_grad(&generator, |g| {
            loss(
                &discriminator.lift().forward(&g.forward(&noise.lift())),
                1.0,
            )
        });
        of_generator.step(&mut generator, &grads);
        mean.update(&generator);
        recent[0].add(&loss_of_discriminator, 1);
        recent[1].add(&loss_of_generator, 1);
        bar.inc(1);
        if step % 10 == 9 {
            for (curve, recent) in curves.iter_mut().zip(&mut recent) {
                curve.push((step as f32, std::mem::take(recent).value() as f32));
            }
        }
    }
    bar.finish_and_clear();

    let real: Images<500> = DataLoader::new(digits.test, D::<500>)
        .epoch(0)
        .next()
        .ok_or("no digits")??
        .0;
    let mut generator = mean.into_model();
    generator.eval();
    let fakes = generator.forward(&Noise::<500>::randn(&mut rng));
    let (of_fakes, of_real) = (judge.score(&fakes), judge.score(&real));
    let (ink, ink_of_real) = (fakes.mean().item(), real.mean().item());
    let grid = |title, pixels| Grid {
        title,
        columns: 16,
        side: (28, 28),
        zoom: 2,
        pixels,
    };
    let [discriminator, generator] = curves;
    let chart = Chart {
        title: "Losses",
        x: "step",
        series: vec![
            Series::line("discriminator", discriminator),
            Series::line("generator", generator),
        ],
    };
    picture::write(
        "dcgan.png",
        &[
            &grid("Generated", fakes.narrow::<0, 0, 80>().to_vec()),
            &grid("Real", real.narrow::<0, 0, 32>().to_vec()),
            &chart,
        ],
    )?;
    check(
        of_fakes > run.choose(5.5, 1.5) && (ink / ink_of_real - 1.0).abs() < run.choose(0.2, 0.5),
        &format!(
            "a score of {of_fakes:.2} of 10, real digits {of_real:.2}; ink {ink:.3}, of real {ink_of_real:.3}"
        ),
    )
}
