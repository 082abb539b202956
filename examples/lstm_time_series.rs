//! Teaches an LSTM (Hochreiter and Schmidhuber, 1997) a noisy sum of sines, and has it forecast
//! what it has not seen from its own forecasts.

mod support;

use std::error::Error;
use std::f32::consts::TAU;
use std::process::ExitCode;

use volta::optim::clip_grad_norm;
use volta::prelude::*;
use volta::schedule::CosineAnnealingLr;

use support::picture::{self, Chart, Series};
use support::{Run, check};

dims! {
    /// Windows of the series.
    Batch
}

const HIDDEN: usize = 32;
const NOISE: f32 = 0.1;
/// Steps of the slow sine.
const SEASON: usize = 50;
/// Steps that are learnt from.
const TRAIN: usize = 1500;
/// Steps that are read before a forecast.
const SEEN: usize = 100;
/// Steps that are forecast at the end.
const AHEAD: usize = 200;

/// The series without its noise: one sine of a season, and one that no whole number of steps
/// repeats.
fn truth(step: usize) -> f32 {
    let step = step as f32;
    (TAU * step / SEASON as f32).sin() + 0.6 * (TAU * step / 17.3).sin()
}

type Steps<N, B = Cpu> = Tensor<s![N, Dyn, 1], f32, B>;
type State<N, B> = LstmState<s![1, N, { HIDDEN }], f32, B>;

#[derive(Module)]
struct Forecaster<B: Backend = Cpu> {
    lstm: Lstm<1, HIDDEN, 1, Unidirectional, B>,
    head: Linear<HIDDEN, 1, B>,
}

impl<B: Backend> Forecaster<B> {
    /// After each step, the next, from the state before the first; and the state after the last.
    fn forward<N: Dim>(&self, x: &Steps<N, B>, state: &State<N, B>) -> (Steps<N, B>, State<N, B>) {
        let (y, state) = self.lstm.forward_from(x, state);
        (self.head.forward(&y), state)
    }

    /// What comes after each step that is seen, and `count - 1` steps more, each from the forecast
    /// before it.
    fn forecast<N: Dim>(&self, seen: &Steps<N, B>, count: usize) -> Steps<N, B> {
        let (n, Dyn(t), _) = seen.shape();
        let start = State::zeros_on((D, n, D), &seen.device());
        let (y, mut state) = self.forward(seen, &start);
        let mut last = y.slice::<1>(t - 1..t);
        let mut all = vec![y];
        for _ in 1..count {
            (last, state) = self.forward(&last, &state);
            all.push(last.clone());
        }
        Tensor::cat_all::<1>(&all)
    }
}

/// Windows of `length` steps of a series, from these places on.
fn windows(series: &[f32], starts: &[usize], length: usize) -> Steps<Batch> {
    let steps = starts.iter().flat_map(|start| &series[*start..][..length]);
    Tensor::from_vec_with(
        (Batch(starts.len()), Dyn(length), D),
        steps.copied().collect(),
    )
    .expect("windows of one length")
}

fn main() -> ExitCode {
    support::main(
        "Teaches an LSTM a noisy sum of sines, and has it forecast from its own forecasts.",
        train,
    )
}

/// The root of the mean square of the differences.
fn error(forecast: impl Iterator<Item = f32>, wanted: &[f32]) -> f32 {
    let squares = forecast.zip(wanted).map(|(a, b)| (a - b).powi(2));
    (squares.sum::<f32>() / wanted.len() as f32).sqrt()
}

fn train(run: &Run) -> Result<(), Box<dyn Error>> {
    let mut rng = Rng::seed(run.seed);
    let noise: Vec<f32> = rng.normal(TRAIN + AHEAD);
    let series: Vec<f32> = noise
        .iter()
        .enumerate()
        .map(|(step, noise)| truth(step) + NOISE * noise)
        .collect();

    // Own forecasts are part of what it learns from: the last steps of a window.
    let (seen, own) = (60, run.choose(40, 20));
    let steps = run.choose(1000, 250);
    let mut model = Forecaster::init(&mut rng);
    let schedule = CosineAnnealingLr::new(1e-2, steps);
    let mut optimiser = Adam::new(schedule.lr(0));
    let (bar, mut losses) = (run.bar(steps as usize), Vec::new());
    for step in 0..steps {
        let start = |_| rng.below((TRAIN - seen - own) as u64) as usize;
        let starts: Vec<usize> = (0..32).map(start).collect();
        let read = windows(&series, &starts, seen);
        let nexts: Vec<usize> = starts.iter().map(|start| start + 1).collect();
        let wanted = windows(&series, &nexts, seen + own - 1);
        let (loss, mut grads) = value_and_grad(&model, |model| {
            model.forecast(&read.lift(), own).mse_loss(&wanted)
        });
        clip_grad_norm(&mut grads, 1.0);
        optimiser.set_lr(schedule.lr(step));
        optimiser.step(&mut model, &grads);
        losses.push((step as f32, loss.item().log10()));
        bar.set_message(format!("loss {:.4}", loss.item()));
        bar.inc(1);
    }
    bar.finish_and_clear();

    let read = windows(&series, &[TRAIN - SEEN], SEEN);
    let ahead = run.choose(AHEAD, 60);
    let forecast = model.forecast(&read, ahead).to_vec().split_off(SEEN - 1);
    let wanted: Vec<f32> = (TRAIN..TRAIN + ahead).map(truth).collect();
    let at = |step: usize| (step as f32, series[step]);
    let picture = Chart {
        title: "Forecast from its own forecasts",
        x: "step",
        series: vec![
            Series::dots("seen", (TRAIN - SEEN..TRAIN).map(at)),
            Series::line(
                "truth",
                (TRAIN - SEEN..TRAIN + ahead).map(|step| (step as f32, truth(step))),
            ),
            Series::line(
                "forecast",
                (TRAIN..).map(|step| step as f32).zip(forecast.clone()),
            ),
        ],
    };
    let descent = Chart {
        title: "log10 of the mean square",
        x: "step",
        series: vec![Series::line("loss", losses)],
    };
    picture::write("lstm_time_series.png", &[&picture, &descent])?;

    let off = error(forecast.into_iter(), &wanted);
    let last = error(std::iter::repeat(series[TRAIN - 1]), &wanted);
    let season = series[TRAIN - SEASON..TRAIN].iter().copied().cycle();
    let season = error(season, &wanted);
    check(
        off < run.choose(0.4, 0.8) * last.min(season),
        &format!("off by {off:.3}; the last value by {last:.3}, the last season by {season:.3}"),
    )
}
