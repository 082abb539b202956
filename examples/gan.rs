//! Teaches a generator a ring of eight clouds, with a critic whose slope is held at 1: the gradient
//! penalty of Gulrajani et al. (2017), a derivative of a derivative.

mod support;

use std::error::Error;
use std::f32::consts::TAU;
use std::process::ExitCode;

use volta::prelude::*;

use support::picture::{self, Chart, Series};
use support::{Run, check};

const BATCH: usize = 128;
type Points<B = Cpu> = Tensor<s![128, 2], f32, B>;
type Noise<B = Cpu> = Tensor<s![128, 4], f32, B>;

#[derive(Module)]
#[module(forward = [N, 4] -> [N, 2])]
struct Generator<B: Backend = Cpu> {
    fc1: Linear<4, 128, B>,
    relu1: Relu,
    fc2: Linear<128, 128, B>,
    relu2: Relu,
    fc3: Linear<128, 2, B>,
}

/// Its activations are smooth: the slope of the slope counts.
#[derive(Module)]
#[module(forward = [N, 2] -> [N, 1])]
struct Critic<B: Backend = Cpu> {
    fc1: Linear<2, 128, B>,
    silu1: Silu,
    fc2: Linear<128, 128, B>,
    silu2: Silu,
    fc3: Linear<128, 1, B>,
}

impl<B: Backend> Critic<B> {
    /// The mean of `(|slope| - 1)^2` at points between the real ones and the generated.
    fn penalty(&self, points: &Points<B>) -> Tensor<(), f32, B> {
        let slopes = grad(points, |x| self.lift().forward(x).sum());
        ((slopes.square().sum_axis::<1>() + 1e-12).sqrt() - 1.0)
            .square()
            .mean()
    }
}

/// Clouds on a circle of radius 2.
fn center(cloud: usize) -> [f32; 2] {
    let angle = cloud as f32 / 8.0 * TAU;
    [2.0 * angle.cos(), 2.0 * angle.sin()]
}

fn real(rng: &mut Rng) -> Points {
    let centers = (0..BATCH).flat_map(|i| center(i % 8)).collect();
    let centers: Points = Tensor::from_vec(centers).expect("two numbers a point");
    centers + 0.05 * Points::randn(rng)
}

fn main() -> ExitCode {
    support::main(
        "Teaches a generator a ring of eight clouds, with a gradient penalty.",
        train,
    )
}

fn train(run: &Run) -> Result<(), Box<dyn Error>> {
    let mut rng = Rng::seed(run.seed);
    let mut generator = Generator::init(&mut rng);
    let mut critic = Critic::init(&mut rng);
    let mut of_generator = Adam::new(5e-4).betas(0.5, 0.9);
    let mut of_critic = Adam::new(5e-4).betas(0.5, 0.9);
    let steps = run.choose(3000, 300);
    let (bar, mut distances, mut first) = (run.bar(steps), Vec::new(), None);
    for step in 0..steps {
        let mut distance = 0.0;
        for _ in 0..5 {
            let real = real(&mut rng);
            let fake = generator.forward(&Noise::randn(&mut rng));
            let share: Tensor<s![128, *]> = Tensor::rand(&mut rng);
            let between = &fake + (&real - &fake) * share;
            let ((_, gap), grads) = value_and_grad_aux(&critic, |critic| {
                let of_fake = critic.forward(&fake.lift()).mean();
                let of_real = critic.forward(&real.lift()).mean();
                let gap = of_real - of_fake;
                (critic.penalty(&between.lift()) * 0.5 - &gap, gap.detach())
            });
            of_critic.step(&mut critic, &grads);
            distance = gap.item();
        }
        let noise = Noise::randn(&mut rng);
        let grads = grad(&generator, |generator| {
            -critic
                .lift()
                .forward(&generator.forward(&noise.lift()))
                .mean()
        });
        of_generator.step(&mut generator, &grads);
        first.get_or_insert(distance);
        distances.push((step as f32, distance));
        bar.set_message(format!("distance {distance:.3}"));
        bar.inc(1);
    }
    bar.finish_and_clear();

    let fakes: Vec<f32> = (0..8)
        .flat_map(|_| generator.forward(&Noise::randn(&mut rng)).to_vec())
        .collect();
    let fakes: Vec<(f32, f32)> = fakes.chunks_exact(2).map(|p| (p[0], p[1])).collect();
    let truth = real(&mut rng).to_vec();
    let truth = truth.chunks_exact(2).map(|p| (p[0], p[1]));
    let clouds = Chart {
        title: "Points",
        x: "",
        series: vec![
            Series::dots("generated", fakes.clone()),
            Series::dots("real", truth),
        ],
    };
    let distance = Chart {
        title: "Distance that the critic sees",
        x: "step",
        series: vec![Series::line("real - generated", distances.clone())],
    };
    picture::write("gan.png", &[&clouds, &distance])?;

    let mut near = [0; 8];
    for (x, y) in &fakes {
        for (cloud, count) in near.iter_mut().enumerate() {
            let [a, b] = center(cloud);
            *count += usize::from((x - a).hypot(y - b) < 0.4);
        }
    }
    let (covered, close) = (
        near.iter().filter(|n| **n > 0).count(),
        near.iter().sum::<usize>(),
    );
    let share = close as f32 / fakes.len() as f32;
    let finite = distances.iter().all(|(_, distance)| distance.is_finite());
    check(
        finite && covered >= run.choose(8, 4) && share > run.choose(0.7, 0.1),
        &format!(
            "{covered} of 8 clouds are reached, {:.0}% of the points are in one",
            100.0 * share
        ),
    )
}
