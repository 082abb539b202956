//! Teaches a variational autoencoder (Kingma and Welling, 2013) to put digits in ten numbers each, so
//! that ten random numbers are a digit.

mod support;

use std::error::Error;
use std::process::ExitCode;

use volta::data::{DataLoader, Split};
use volta::loss::BatchMean;
use volta::metric::Average;
use volta::prelude::*;

use support::digits::{self, Images};
use support::picture::{self, Chart, Grid, Series};
use support::{Run, check};

const BATCH: usize = 64;
const COLUMNS: usize = 16;
type Code<N, B = Cpu> = Tensor<s![N, 10], f32, B>;

/// A function of the digit for each number of its code, and one back.
#[derive(Module)]
struct Vae<B: Backend = Cpu> {
    encoder: (
        Flatten,
        Linear<784, 400, B>,
        Relu,
        Linear<400, 400, B>,
        Relu,
        Linear<400, 20, B>,
    ),
    decoder: (
        Linear<10, 400, B>,
        Relu,
        Linear<400, 400, B>,
        Relu,
        Linear<400, 784, B>,
    ),
}

impl<B: Backend> Vae<B> {
    /// Means of the numbers, and logarithms of their variances.
    fn encode<N: Dim>(&self, x: &Tensor<s![N, 1, 28, 28], f32, B>) -> [Code<N, B>; 2] {
        self.encoder.forward(x).chunk::<1, 2>()
    }

    /// Logits of the pixels.
    fn decode<N: Dim>(&self, code: &Code<N, B>) -> Tensor<s![N, 784], f32, B> {
        self.decoder.forward(code)
    }

    /// At least as much as the nats of a digit, for the noise of one code.
    fn bound<N: Dim>(
        &self,
        x: &Tensor<s![N, 1, 28, 28], f32, B>,
        noise: &Code<N, B>,
    ) -> Tensor<(), f32, B> {
        let [mean, logvar] = self.encode(x);
        let code = fuse!(|mean, logvar, noise| mean + exp(0.5 * logvar) * noise);
        let logits = self.decode(&code);
        logits.binary_cross_entropy_with_logits_as(&x.flatten::<1, -1>(), BatchMean)
            + mean.gaussian_kl_as(&logvar, BatchMean)
    }
}

/// The bound of the model, and the nats of a digit whose pixels are drawn one by one with the
/// probabilities of the mean digit.
fn evaluate(
    model: &Vae,
    mean: &Tensor<s![1, 28, 28]>,
    digits: &Split,
    rng: &mut Rng,
) -> Result<[f64; 2], volta::Error> {
    let [mut bound, mut baseline] = [Average::new(), Average::new()];
    for batch in DataLoader::new(digits.clone(), D::<100>).epoch(0) {
        let (x, _): (Images<100>, _) = batch?;
        bound.add(&model.bound(&x, &Tensor::randn(rng)), 100);
        let mean = mean.expand().clamp(1e-4, 1.0 - 1e-4);
        baseline.add(&mean.binary_cross_entropy_as(&x, BatchMean), 100);
    }
    Ok([bound.value(), baseline.value()])
}

/// Rows of digits: some, what the model makes of them, random ones, and the way from one to another.
fn picture(model: &Vae, digits: &Split, rng: &mut Rng) -> Result<Vec<f32>, Box<dyn Error>> {
    let loader = DataLoader::new(digits.clone(), D::<COLUMNS>);
    let (x, _): (Images<COLUMNS>, _) = loader.epoch(0).next().ok_or("no digits")??;
    let [codes, _] = model.encode(&x);
    let mut pixels = x.to_vec();
    pixels.extend(model.decode(&codes).sigmoid().to_vec());
    let random: Code<D<48>> = Tensor::randn(rng);
    pixels.extend(model.decode(&random).sigmoid().to_vec());
    let way: Tensor<s![{ COLUMNS }, *]> = Tensor::linspace(0.0, 1.0).unsqueeze::<1>();
    for pair in codes.chunks_exact::<0, 2>().take(3) {
        let [from, to] = pair.unbind::<0>();
        let codes = from.lerp(&to, &way);
        pixels.extend(model.decode(&codes).sigmoid().to_vec());
    }
    Ok(pixels)
}

fn main() -> ExitCode {
    support::main(
        "Teaches a variational autoencoder to put digits in ten numbers each.",
        train,
    )
}

fn train(run: &Run) -> Result<(), Box<dyn Error>> {
    let digits = digits::open()?;
    let mut rng = Rng::seed(run.seed);
    let mut model = Vae::init(&mut rng);
    let mut optimiser = Adam::new(2e-3);
    let loader = DataLoader::new(digits.train.clone(), D::<BATCH>).shuffle(run.seed);
    let steps = run.choose(40 * loader.len(), 160);
    let counted = steps.min(loader.len());
    let (bar, mut curve, mut recent) = (run.bar(steps), Vec::new(), Average::new());
    let mut mean = Tensor::<s![1, 28, 28]>::zeros();
    let batches = (0..).flat_map(|epoch| loader.epoch(epoch)).take(steps);
    for (step, batch) in batches.enumerate() {
        optimiser.set_lr(2e-3 * (1.0 - 0.95 * step as f64 / steps as f64));
        let (x, _): (Images<BATCH>, _) = batch?;
        let noise: Code<D<BATCH>> = Tensor::randn(&mut rng);
        let (bound, grads) = value_and_grad(&model, |model| model.bound(&x.lift(), &noise.lift()));
        optimiser.step(&mut model, &grads);
        if step < counted {
            mean += &(x.sum_axis::<0>() / (counted * BATCH) as f32);
        }
        recent.add(&bound, 1);
        bar.inc(1);
        if step % 25 == 24 {
            let recent = std::mem::take(&mut recent).value();
            curve.push((step as f32, recent as f32));
            bar.set_message(format!("{recent:.1} nats"));
        }
    }
    bar.finish_and_clear();

    let [bound, baseline] = evaluate(&model, &mean, &digits.test, &mut rng)?;
    let grid = Grid {
        title: "Digits, the same decoded, random codes, ways between two",
        columns: COLUMNS,
        side: (28, 28),
        zoom: 2,
        pixels: picture(&model, &digits.test, &mut rng)?,
    };
    let steps = [0.0, steps as f32];
    let chart = Chart {
        title: "Nats a digit",
        x: "step",
        series: vec![
            Series::line("training", curve),
            Series::line("test", steps.map(|step| (step, bound as f32))),
            Series::line("the mean digit", steps.map(|step| (step, baseline as f32))),
        ],
    };
    picture::write("vae.png", &[&grid, &chart])?;
    check(
        bound < run.choose(0.6, 0.97) * baseline,
        &format!("{bound:.1} nats a test digit, {baseline:.1} by the mean digit"),
    )
}
