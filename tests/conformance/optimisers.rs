//! Optimisers, clipping and averages, against themselves on the CPU.

use volta::StateDict;
use volta::optim::{Ema, LineSearch, accumulate, clip_grad_norm, clip_grad_value};
use volta::prelude::*;

use crate::support::{Target, for_every_device};

for_every_device! {
    optimisers_step
    gradients_are_clipped_and_added
    averages_follow
    a_saved_state_resumes
    lbfgs_steps
}

/// A model of two layers, moved to a device.
type Model<B> = (Linear<3, 4, B>, Linear<4, 2, B>);

fn model<T: Target>(device: &T, seed: u64) -> Model<T::Backend> {
    let mut rng = Rng::seed(seed);
    let model: Model<Cpu> = (Linear::init(&mut rng), Linear::init(&mut rng));
    model.to(device).expect("moved")
}

#[track_caller]
fn near(found: &StateDict, wanted: &StateDict) {
    assert!(found.keys().eq(wanted.keys()));
    for (key, wanted) in wanted.iter() {
        let numbers = |state: &volta::io::HostTensor| state.to_vec::<f32>().expect("f32");
        let found = numbers(found.get(key).expect("the same names"));
        for (found, wanted) in found.into_iter().zip(numbers(wanted)) {
            assert!(
                (found - wanted).abs() <= 1e-5 * wanted.abs().max(0.1),
                "{key}: {found}, on the CPU {wanted}"
            );
        }
    }
}

macro_rules! for_every_optimiser {
    ($run:ident!($($argument:tt)*)) => {
        $run!($($argument)*; Sgd::new(0.1));
        $run!($($argument)*; Sgd::new(0.1).momentum(0.9).nesterov(true).weight_decay(0.1));
        $run!($($argument)*; Adam::new(0.1));
        $run!($($argument)*; AdamW::new(0.1).amsgrad(true));
        $run!($($argument)*; RmsProp::new(0.01));
        $run!($($argument)*; RmsProp::new(0.01).momentum(0.9));
        $run!($($argument)*; RmsProp::new(0.01).centered(true).eps(1e-2));
        $run!($($argument)*; RmsProp::new(0.01).centered(true).eps(1e-2).momentum(0.5));
        $run!($($argument)*; Adagrad::new(0.1).lr_decay(0.1));
        $run!($($argument)*; Lion::new(0.01).weight_decay(0.1));
        $run!($($argument)*; Muon::new(0.02, 1e-3));
    };
}

fn optimisers_step<T: Target>(device: &T) {
    macro_rules! compare {
        ($device:ident; $make:expr) => {{
            let (mut here, mut there) = (model(&Cpu, 0), model($device, 0));
            let (mut of_here, mut of_there) = ($make, $make);
            for step in 1..6 {
                of_here.step(&mut here, &model(&Cpu, step));
                of_there.step(&mut there, &model($device, step));
            }
            near(&there.state_dict(), &here.state_dict());
        }};
    }
    for_every_optimiser!(compare!(device));
}

fn gradients_are_clipped_and_added<T: Target>(device: &T) {
    let (mut here, mut there) = (model(&Cpu, 1), model(device, 1));
    accumulate(&mut here, &model(&Cpu, 2));
    accumulate(&mut there, &model(device, 2));
    near(&there.state_dict(), &here.state_dict());
    for max_norm in [10.0, 0.5] {
        let norm = clip_grad_norm(&mut here, max_norm).expect("a norm").item();
        let found = clip_grad_norm(&mut there, max_norm).expect("a norm").item();
        assert!((found - norm).abs() <= 1e-5 * norm, "{found} {norm}");
        near(&there.state_dict(), &here.state_dict());
    }
    clip_grad_value(&mut here, 0.05);
    clip_grad_value(&mut there, 0.05);
    near(&there.state_dict(), &here.state_dict());
}

fn averages_follow<T: Target>(device: &T) {
    let mut here = Ema::new(&model(&Cpu, 0), 0.7);
    let mut there = Ema::new(&model(device, 0), 0.7);
    for step in 1..4 {
        here.update(&model(&Cpu, step));
        there.update(&model(device, step));
    }
    near(&there.model().state_dict(), &here.model().state_dict());
}

fn a_saved_state_resumes<T: Target>(device: &T) {
    macro_rules! resume {
        ($device:ident; $make:expr) => {{
            let (mut whole, mut opt) = (model($device, 0), $make);
            opt.step(&mut whole, &model($device, 1));
            let mut resumed = model($device, 5);
            resumed.load_state_dict(&whole.state_dict()).expect("fits");
            let mut other = $make;
            let state = opt.state_dict();
            other.load_state_dict(&resumed, &state).expect("fits");
            opt.step(&mut whole, &model($device, 2));
            other.step(&mut resumed, &model($device, 2));
            assert_eq!(resumed.state_dict(), whole.state_dict());
        }};
    }
    for_every_optimiser!(resume!(device));
}

fn lbfgs_steps<T: Target>(device: &T) {
    let (mut here, mut there) = (model(&Cpu, 0), model(device, 0));
    let x: Tensor<s![16, 3]> = Tensor::randn(&mut Rng::seed(3));
    let x_there = x.to(device).expect("moved");
    for search in [LineSearch::Fixed, LineSearch::StrongWolfe] {
        let mut of_here = Lbfgs::new(0.3).line_search(search).max_iter(3);
        let mut of_there = Lbfgs::new(0.3).line_search(search).max_iter(3);
        for _ in 0..2 {
            of_here.step(&mut here, |m| {
                value_and_grad(m, |m| (m.forward(&x.lift()) - 1.0).square().mean())
            });
            of_there.step(&mut there, |m| {
                value_and_grad(m, |m| (m.forward(&x_there.lift()) - 1.0).square().mean())
            });
        }
        near(&there.state_dict(), &here.state_dict());
    }
}
