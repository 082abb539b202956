//! Learning-rate schedules: PyTorch's rates, and what PyTorch has not.

#[expect(dead_code, reason = "gradients are compared elsewhere")]
#[path = "golden/compare.rs"]
mod compare;

use compare::Fixtures;
use volta::prelude::*;
use volta::schedule::*;

fn rates(schedule: impl Schedule) -> Tensor<s![120], f64> {
    let rates = (0..120).map(|step| schedule.lr(step)).collect();
    Tensor::from_vec(rates).expect("120 steps")
}

#[test]
fn pytorch_has_the_same_rates() {
    let golden = Fixtures::open("schedules", 1e-3);
    macro_rules! compare {
        ($($name:literal $schedule:expr;)*) => {$(
            golden.compare($name, &rates($schedule));
        )*};
    }
    compare! {
        "step" StepLr::new(0.1, 30);
        "step_gamma" StepLr::new(0.1, 7).gamma(0.8);
        "multi_step" MultiStepLr::new(0.1, [90, 40, 10, 40]).gamma(0.5);
        "exponential" ExponentialLr::new(0.1, 0.97);
        "polynomial" PolynomialLr::new(0.1);
        "polynomial_2" PolynomialLr::new(0.1).total_iters(100).power(2.0);
        "constant" ConstantLr::new(0.1);
        "linear" LinearLr::new(0.1);
        "linear_down" LinearLr::new(0.1).start_factor(0.9).end_factor(0.2).total_iters(80);
        "cosine" CosineAnnealingLr::new(0.1, 50).eta_min(0.01);
        "restarts" CosineAnnealingWarmRestarts::new(0.1, 25);
        "restarts_2" CosineAnnealingWarmRestarts::new(0.1, 10).t_mult(2).eta_min(0.005);
        "cyclic" CyclicLr::new(0.02, 0.3).step_size_up(9);
        "cyclic_2" CyclicLr::new(0.02, 0.3)
            .step_size_up(9).step_size_down(14).cycle(Cycle::Triangular2);
        "cyclic_exp" CyclicLr::new(0.02, 0.3)
            .step_size_up(9).step_size_down(4).cycle(Cycle::ExpRange { gamma: 0.98 });
        "one_cycle" OneCycleLr::new(0.4, 120);
        "one_cycle_linear" OneCycleLr::new(0.4, 120).anneal(Anneal::Linear).pct_start(0.45);
        "one_cycle_three"
            OneCycleLr::new(0.4, 120).three_phase(true).div_factor(10.0).final_div_factor(100.0);
        "noam" Noam::new(64, 20).factor(0.1);
        "sequential" LinearLr::new(0.1)
            .start_factor(0.1)
            .total_iters(10)
            .then(10, CosineAnnealingLr::new(0.1, 90))
            .then(70, ExponentialLr::new(0.1, 0.9));
        "chained" ExponentialLr::new(0.1, 0.98)
            .times(ConstantLr::new(1.0).factor(0.2).total_iters(15))
            .times(StepLr::new(1.0, 40).gamma(0.5));
    }

    let (_, metrics) = golden.read("metrics");
    macro_rules! plateaus {
        ($($name:literal $sign:literal $plateau:expr;)*) => {$(
            let mut plateau = $plateau;
            let rates = metrics.iter().map(|metric| plateau.step($sign * metric)).collect();
            let rates: Tensor<s![120], f64> = Tensor::from_vec(rates).expect("120 metrics");
            golden.compare($name, &rates);
        )*};
    }
    plateaus! {
        "plateau" 1.0 ReduceLrOnPlateau::new(0.1);
        "plateau_patience" 1.0
            ReduceLrOnPlateau::new(0.1).factor(0.5).patience(3).cooldown(4).min_lr(0.01);
        "plateau_abs" 1.0
            ReduceLrOnPlateau::new(0.1).factor(0.7).patience(2).threshold(Threshold::Abs(0.05));
        "plateau_max" -1.0
            ReduceLrOnPlateau::new(0.1)
                .mode(Mode::Max).factor(0.7).patience(5).threshold(Threshold::Rel(0.01));
        "plateau_max_abs" -1.0
            ReduceLrOnPlateau::new(0.1)
                .mode(Mode::Max).factor(0.9).patience(1).threshold(Threshold::Abs(0.01));
    }
    golden.finish();
}

#[test]
fn every_step_has_a_rate() {
    let schedules: [Box<dyn Schedule>; 10] = [
        Box::new(StepLr::new(0.1, 1)),
        Box::new(MultiStepLr::new(0.1, [])),
        Box::new(ExponentialLr::new(0.1, 0.5)),
        Box::new(PolynomialLr::new(0.1).total_iters(1)),
        Box::new(CosineAnnealingLr::new(0.1, u64::MAX)),
        Box::new(CosineAnnealingWarmRestarts::new(0.1, 1)),
        Box::new(CosineAnnealingWarmRestarts::new(0.1, 1).t_mult(3)),
        Box::new(OneCycleLr::new(0.1, 1)),
        Box::new(OneCycleLr::new(0.1, 3).three_phase(true).pct_start(0.0)),
        Box::new(
            Noam::new(1, 1)
                .factor(0.1)
                .then(u64::MAX, ConstantLr::new(0.1)),
        ),
    ];
    for (which, schedule) in schedules.iter().enumerate() {
        for step in [0, 1, 2, 3, 1 << 32, u64::MAX] {
            let lr = schedule.lr(step);
            assert!(
                (0.0..=0.1 + 1e-15).contains(&lr),
                "{which}, step {step}: {lr}"
            );
        }
    }
}

#[test]
fn a_plateau_resumes_from_its_state() {
    let new = || ReduceLrOnPlateau::new(0.1).patience(2).cooldown(1);
    let metrics = [3.0, 2.0, 2.0, 2.5, 2.0, 2.0, f64::NAN, 2.0, 2.0, 1.0];
    let mut whole = new();
    let rates = metrics.map(|metric| whole.step(metric));
    for at in 0..metrics.len() {
        let (mut first, mut second) = (new(), new());
        for &metric in &metrics[..at] {
            first.step(metric);
        }
        second.restore(first.state());
        let rest: Vec<f64> = metrics[at..]
            .iter()
            .map(|&metric| second.step(metric))
            .collect();
        assert_eq!(rest, rates[at..]);
    }
}

#[test]
#[should_panic(expected = "StepLr: a step size of 0 is not 1 or more")]
fn a_step_size_is_not_0() {
    let _ = StepLr::new(0.1, 0);
}

#[test]
#[should_panic(expected = "Noam: a factor of NaN is not 0 or more")]
fn a_factor_is_a_number() {
    let _ = Noam::new(8, 10).factor(f64::NAN);
}

#[test]
#[should_panic(expected = "OneCycleLr: a share of 1.5 is not in [0, 1]")]
fn a_share_is_not_above_1() {
    let _ = OneCycleLr::new(0.1, 10).pct_start(1.5);
}

#[test]
#[should_panic(expected = "ReduceLrOnPlateau: a factor of 1 is not in [0, 1)")]
fn a_plateau_lowers_the_rate() {
    let _ = ReduceLrOnPlateau::new(0.1).factor(1.0);
}
