//! Teaches a transformer two plays of Shakespeare, symbol by symbol, and has it write on (Vaswani et
//! al., 2017; Radford et al., 2018).

mod counts;
mod model;
#[path = "../support/mod.rs"]
mod support;
mod text;

use std::error::Error;
use std::process::ExitCode;

use volta::optim::clip_grad_norm;
use volta::prelude::*;
use volta::schedule::{CosineAnnealingLr, LinearLr};

use counts::Counts;
use model::{CONTEXT, Model};
use support::picture::{self, Chart, Series};
use support::{Run, check};

const BATCH: usize = 16;

fn main() -> ExitCode {
    support::main(
        "Teaches a transformer two plays of Shakespeare, symbol by symbol.",
        |run| match run.short {
            false => train::<128, 4, 512, 3>(run),
            true => train::<32, 2, 64, 1>(run),
        },
    )
}

/// The mean loss over all of a text, in pieces.
fn evaluate<const E: usize, const H: usize, const F: usize, const LAYERS: usize>(
    model: &Model<E, H, F, LAYERS>,
    text: &[i64],
) -> f32 {
    let starts: Vec<usize> = (0..text.len() - CONTEXT).step_by(CONTEXT).collect();
    let mut sum = 0.0;
    for starts in starts.chunks(BATCH) {
        let (seen, next) = text::pieces(text, starts, CONTEXT);
        sum += model.loss(&seen, &next).item() * starts.len() as f32;
    }
    sum / starts.len() as f32
}

fn train<const E: usize, const H: usize, const F: usize, const LAYERS: usize>(
    run: &Run,
) -> Result<(), Box<dyn Error>> {
    let mut rng = Rng::seed(run.seed);
    let (train, valid) = text::split();
    let counts = Counts::of(&train);
    let (unigram, bigram) = (counts.unigram(&valid), counts.bigram(&valid));

    let mut model = Model::<E, H, F, LAYERS>::new(&mut rng);
    let (steps, warm) = run.choose((1600, 100), (200, 20));
    let rate = run.choose(2e-3, 1e-2);
    let schedule = LinearLr::new(rate)
        .start_factor(0.0)
        .total_iters(warm)
        .then(warm, CosineAnnealingLr::new(rate, steps - warm));
    let mut optimiser = AdamW::new(schedule.lr(0)).betas(0.9, 0.99).group(
        |name| name.ends_with("bias") || name.contains("norm"),
        |group| group.weight_decay(0.0),
    );
    let (bar, mut learnt, mut tested) = (run.bar(steps as usize), Vec::new(), Vec::new());
    let (every, mut mean) = (steps / run.choose(20, 5), 0.0);
    for step in 0..steps {
        let start = |_| rng.below((train.len() - CONTEXT) as u64) as usize;
        let starts: Vec<usize> = (0..BATCH).map(start).collect();
        let (seen, next) = text::pieces(&train, &starts, CONTEXT);
        let (loss, mut grads) =
            value_and_grad(&model, |model| model.loss(&seen.lift(), &next.lift()));
        clip_grad_norm(&mut grads, 1.0);
        optimiser.set_lr(schedule.lr(step));
        optimiser.step(&mut model, &grads);
        mean += loss.item() / every as f32;
        if step % every == every - 1 {
            let done = (step + 1) as f32;
            learnt.push((done, mean));
            tested.push((done, evaluate(&model, &valid)));
            bar.set_message(format!("loss {mean:.3}"));
            mean = 0.0;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();

    let level = |height| [(0.0, height), (steps as f32, height)];
    let chart = Chart {
        title: "Loss, nats a symbol",
        x: "step",
        series: vec![
            Series::line("train", learnt),
            Series::line("validation", tested.clone()),
            Series::line("bigrams", level(bigram)),
        ],
    };
    picture::write("char_lm.png", &[&chart])?;
    let start = text::encode("MACBETH.\n");
    let written = model.continued(start, run.choose(500, 100), 0.8, &mut rng);
    println!("{}", text::decode(&written));
    let (_, last) = tested[tested.len() - 1];
    check(
        last < run.choose(bigram - 0.6, unigram - 0.3),
        &format!(
            "{last:.3} nats a symbol, {bigram:.3} by pairs of symbols, {unigram:.3} by symbols"
        ),
    )
}
