//! Teaches a network to double the resolution of digits: convolutions of the small images, whose
//! channels become pixels (Shi et al., 2016).

mod support;

use std::error::Error;
use std::process::ExitCode;

use volta::data::{DataLoader, Split};
use volta::metric::Average;
use volta::prelude::*;

use support::digits::{self, Images};
use support::picture::{self, Chart, Grid, Series};
use support::{Run, check};

const BATCH: usize = 32;
type Small<const N: usize, B = Cpu> = Tensor<s![{ N }, 1, 14, 14], f32, B>;

#[derive(Module)]
#[module(forward = [N, 1, 14, 14] -> [N, 1, 28, 28])]
struct Enlarger<B: Backend = Cpu> {
    conv1: Conv2d<1, 32, Window<5, 1, 2>, B>,
    relu1: Relu,
    conv2: Conv2d<32, 32, Window<3, 1, 1>, B>,
    relu2: Relu,
    conv3: Conv2d<32, 4, Window<3, 1, 1>, B>,
    shuffle: PixelShuffle<2>,
}

fn shrink<const N: usize>(x: &Images<N>) -> Small<N> {
    x.avg_pool2d::<Window<2, 2>>()
}

/// The ratio of peak signal to noise in dB; the peak is 1.
fn psnr(mse: f64) -> f64 {
    -10.0 * mse.log10()
}

/// The ratios over the digits of the network and of bilinear interpolation.
fn evaluate(model: &Enlarger, digits: &Split) -> Result<[f64; 2], volta::Error> {
    let [mut network, mut bilinear] = [Average::new(), Average::new()];
    for batch in DataLoader::new(digits.clone(), D::<100>).epoch(0) {
        let (large, _) = batch?;
        let small = shrink(&large);
        network.add(&model.forward(&small).mse_loss(&large), 100);
        bilinear.add(&small.upsample_bilinear::<2, 2>().mse_loss(&large), 100);
    }
    Ok([psnr(network.value()), psnr(bilinear.value())])
}

fn main() -> ExitCode {
    support::main(
        "Teaches a network to double the resolution of digits.",
        train,
    )
}

fn train(run: &Run) -> Result<(), Box<dyn Error>> {
    let digits = digits::open()?;
    let mut rng = Rng::seed(run.seed);
    let mut model = Enlarger::init(&mut rng);
    let mut optimiser = Adam::new(2e-3);
    let loader = DataLoader::new(digits.train, D::<BATCH>).shuffle(run.seed);
    let steps = run.choose(8 * loader.len(), 80);
    let (bar, mut curve, mut recent) = (run.bar(steps), Vec::new(), Average::new());
    let batches = (0..).flat_map(|epoch| loader.epoch(epoch)).take(steps);
    for (step, batch) in batches.enumerate() {
        optimiser.set_lr(2e-3 * (1.0 - 0.95 * step as f64 / steps as f64));
        let (large, _) = batch?;
        let small = shrink(&large);
        let (loss, grads) = value_and_grad(&model, |model| {
            model.forward(&small.lift()).mse_loss(&large)
        });
        optimiser.step(&mut model, &grads);
        recent.add(&loss, 1);
        bar.inc(1);
        if step % 20 == 19 {
            let recent = psnr(std::mem::take(&mut recent).value());
            curve.push((step as f32, recent as f32));
            bar.set_message(format!("{recent:.2} dB"));
        }
    }
    bar.finish_and_clear();

    let [network, bilinear] = evaluate(&model, &digits.test)?;
    let shown: Images<10> = DataLoader::new(digits.test, D::<10>)
        .epoch(0)
        .next()
        .ok_or("no digits")??
        .0;
    let small = shrink(&shown);
    let rows = [
        small.upsample_nearest::<2, 2>(),
        small.upsample_bilinear::<2, 2>(),
        model.forward(&small),
        shown,
    ];
    let grid = Grid {
        title: "Low resolution, bilinear, network, original",
        columns: 10,
        side: (28, 28),
        zoom: 3,
        pixels: rows.iter().flat_map(Tensor::to_vec).collect(),
    };
    let steps = [0.0, steps as f32];
    let chart = Chart {
        title: "PSNR in dB",
        x: "step",
        series: vec![
            Series::line("network", curve),
            Series::line("bilinear", steps.map(|step| (step, bilinear as f32))),
        ],
    };
    picture::write("super_resolution.png", &[&grid, &chart])?;
    check(
        network - bilinear > run.choose(5.0, 1.0),
        &format!("{network:.2} dB on the test digits, {bilinear:.2} dB by bilinear interpolation"),
    )
}
