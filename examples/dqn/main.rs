//! Teaches a network to balance a pole by deep Q-learning (Mnih et al., 2015), with the double
//! estimate of van Hasselt et al. (2016).

mod cart_pole;
#[path = "../support/mod.rs"]
mod support;

use std::error::Error;
use std::process::ExitCode;

use volta::prelude::*;

use cart_pole::{CartPole, State};
use support::picture::{self, Chart, Series};
use support::{Run, check};

const BATCH: usize = 64;
const DISCOUNT: f32 = 0.99;
/// The longest episode.
const STEPS: usize = 200;

/// What each push is worth: to the left, to the right.
#[derive(Module, Clone)]
#[module(forward = [N, 4] -> [N, 2])]
struct Values<B: Backend = Cpu> {
    fc1: Linear<4, 64, B>,
    relu1: Relu,
    fc2: Linear<64, 64, B>,
    relu2: Relu,
    fc3: Linear<64, 2, B>,
}

impl Values {
    fn best(&self, state: State) -> usize {
        let state: Tensor<s![1, 4]> = Tensor::from_array([state]);
        self.forward(&state).argmax().item() as usize
    }
}

#[derive(Clone, Copy)]
struct Step {
    state: State,
    push: i64,
    next: State,
    /// Whether the pole stood after it.
    stands: bool,
}

/// The last steps, of which random ones are learnt from.
struct Memory {
    steps: Vec<Step>,
    at: usize,
}

impl Memory {
    const SIZE: usize = 20_000;

    fn push(&mut self, step: Step) {
        match self.steps.get_mut(self.at) {
            Some(old) => *old = step,
            None => self.steps.push(step),
        }
        self.at = (self.at + 1) % Memory::SIZE;
    }

    fn sample(&self, rng: &mut Rng) -> Vec<Step> {
        let draw = |_| self.steps[rng.below(self.steps.len() as u64) as usize];
        (0..BATCH).map(draw).collect()
    }
}

fn rows(steps: &[Step], of: impl Fn(&Step) -> State) -> Tensor<s![64, 4]> {
    Tensor::from_vec(steps.iter().flat_map(of).collect()).expect("four numbers a state")
}

fn learn(values: &mut Values, target: &Values, optimiser: &mut Adam, steps: &[Step]) {
    let (states, nexts) = (
        rows(steps, |step| step.state),
        rows(steps, |step| step.next),
    );
    let push: Tensor<s![64], i64> =
        Tensor::from_vec(steps.iter().map(|step| step.push).collect()).expect("a push a step");
    let stands: Tensor<s![64]> = Tensor::from_vec(
        steps
            .iter()
            .map(|s| f32::from(u8::from(s.stands)))
            .collect(),
    )
    .expect("one a step");
    // The network says which push is best, its older self what that is worth.
    let best = values.forward(&nexts).argmax_axis::<1>();
    let worth = target.forward(&nexts).pick::<1, _>(&best);
    let wanted = stands * (DISCOUNT * worth) + 1.0;
    let grads = grad(values, |values| {
        values
            .forward(&states.lift())
            .pick::<1, _>(&push)
            .huber_loss(&wanted, 1.0)
    });
    optimiser.step(values, &grads);
}

/// How long the pole stands, on average over some episodes.
fn evaluate(values: &Values, rng: &mut Rng) -> f32 {
    let episodes = 20;
    let mut steps = 0;
    for _ in 0..episodes {
        let mut pole = CartPole::new(rng);
        for _ in 0..STEPS {
            steps += 1;
            if !pole.push(values.best(pole.state())) {
                break;
            }
        }
    }
    steps as f32 / episodes as f32
}

fn main() -> ExitCode {
    support::main(
        "Teaches a network to balance a pole by deep Q-learning.",
        train,
    )
}

fn train(run: &Run) -> Result<(), Box<dyn Error>> {
    let mut rng = Rng::seed(run.seed);
    let mut values = Values::init(&mut rng);
    let mut target = values.clone();
    let mut optimiser = Adam::new(5e-4);
    let mut memory = Memory {
        steps: Vec::new(),
        at: 0,
    };
    let before = evaluate(&values, &mut rng);
    let total = run.choose(30_000, 6_000);
    let (bar, mut lengths, mut scores) = (run.bar(total), Vec::new(), vec![(0.0, before)]);
    let (mut pole, mut length) = (CartPole::new(&mut rng), 0);
    let mut best = (before, values.clone());
    for step in 0..total {
        let curious = (1.0 - step as f32 / (0.3 * total as f32)).max(0.05);
        let state = pole.state();
        let push = match Tensor::<()>::rand(&mut rng).item() < curious {
            true => rng.below(2) as usize,
            false => values.best(state),
        };
        let stands = pole.push(push);
        length += 1;
        let next = pole.state();
        memory.push(Step {
            state,
            push: push as i64,
            next,
            stands,
        });
        if !stands || length == STEPS {
            lengths.push((step as f32, length as f32));
            (pole, length) = (CartPole::new(&mut rng), 0);
        }
        if memory.steps.len() >= 5 * BATCH {
            learn(
                &mut values,
                &target,
                &mut optimiser,
                &memory.sample(&mut rng),
            );
        }
        if step % 250 == 249 {
            target = values.clone();
        }
        if step % 1000 == 999 {
            let score = evaluate(&values, &mut rng);
            scores.push((step as f32, score));
            bar.set_message(format!("stands for {score:.0} of {STEPS} steps"));
            if score >= best.0 {
                best = (score, values.clone());
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();

    let chart = Chart {
        title: "Steps that the pole stands",
        x: "step",
        series: vec![
            Series::dots("while learning", lengths),
            Series::line("tested", scores),
        ],
    };
    picture::write("dqn.png", &[&chart])?;
    let after = evaluate(&best.1, &mut rng);
    check(
        after > run.choose(150.0, 4.0 * before),
        &format!("the pole stands for {after:.0} of {STEPS} steps, {before:.0} before"),
    )
}
