//! How the cost of Volta grows: lines for `peer-report`.
use std::hint::black_box;
use std::time::Instant;

use peer_harness::vm_kb;
use peer_volta::{LeNet, Mlp, filled};
use volta::cpu::set_num_threads;
use volta::prelude::*;

/// Seconds: the least of many runs.
fn seconds<R>(mut f: impl FnMut() -> R) -> f64 {
    let (start, mut least, mut runs) = (Instant::now(), f64::INFINITY, 0);
    while runs < 5 || start.elapsed().as_secs_f64() < 0.3 {
        let begin = Instant::now();
        black_box(f());
        least = least.min(begin.elapsed().as_secs_f64());
        runs += 1;
    }
    least
}

fn point(chart: &str, line: &str, x: usize, y: f64) {
    println!("{{\"growth\":\"{chart}\",\"line\":\"{line}\",\"x\":{x},\"y\":{y}}}");
}

fn batch() {
    let chart = "time per sample: samples in a batch: microseconds, gradients included";
    let (mlp, lenet) = (filled::<Mlp>(), filled::<LeNet>());
    for n in [1, 2, 4, 8, 16, 32, 64, 128, 256] {
        let classes = Tensor::<s![Dyn], i64>::zeros_with((Dyn(n),));
        let x = Tensor::<s![Dyn, 784]>::randn_with((Dyn(n), D), &mut Rng::seed(1));
        let time =
            seconds(|| value_and_grad(&mlp, |m| m.forward(&x.lift()).cross_entropy(&classes)));
        point(chart, "MLP 784-128-10", n, time * 1e6 / n as f64);
        let x = x.reshape_with((Dyn(n), D::<1>, D::<28>, D::<28>));
        let time =
            seconds(|| value_and_grad(&lenet, |m| m.forward(&x.lift()).cross_entropy(&classes)));
        point(chart, "LeNet", n, time * 1e6 / n as f64);
    }
}

#[derive(Module)]
#[module(no_init)]
struct Deep<const W: usize, B: Backend = Cpu> {
    layers: Vec<Linear<W, W, B>>,
}

impl<const W: usize, B: Backend> Deep<W, B> {
    fn new(depth: usize) -> Deep<W> {
        let mut rng = Rng::seed(0);
        Deep {
            layers: (0..depth).map(|_| Init::init(&mut rng)).collect(),
        }
    }

    fn forward<N: Dim>(&self, x: &Tensor<(N, D<W>), f32, B>) -> Tensor<(N, D<W>), f32, B> {
        let relu = |x: Tensor<_, f32, B>, layer: &Linear<W, W, B>| layer.forward(&x).relu();
        self.layers.iter().fold(x.clone(), relu)
    }
}

fn backward<const W: usize>() {
    let chart = "backward over forward: width of four linear layers, batch 256: ratio of times";
    let model = Deep::<W>::new(4);
    let x: Tensor<(D<256>, D<W>)> = Tensor::randn(&mut Rng::seed(1));
    let forward = seconds(|| model.forward(&x));
    let both = seconds(|| value_and_grad(&model, |m| m.forward(&x.lift()).mean()));
    point(chart, "volta", W, (both - forward) / forward);
}

/// Peak MiB above the start: in a process of its own, whose argument says how much.
fn peak(f: impl FnOnce()) -> f64 {
    let start = vm_kb("VmRSS");
    f();
    (vm_kb("VmHWM") - start) as f64 / 1024.0
}

fn depth(depth: usize) {
    let chart =
        "memory against depth: linear layers of 512, batch 512: peak MiB, gradients included";
    let peak = peak(|| {
        let model = Deep::<512>::new(depth);
        let x: Tensor<s![512, 512]> = Tensor::randn(&mut Rng::seed(1));
        black_box(value_and_grad(&model, |m| m.forward(&x.lift()).mean()));
    });
    point(chart, "volta", depth, peak);
}

fn sequence(length: usize) {
    let (time, memory) = (
        "attention time: length of the sequence (4 heads of 32): milliseconds, gradients included",
        "attention memory: length of the sequence (4 heads of 32): peak MiB, gradients included",
    );
    let shape = (D::<1>, D::<4>, Dyn(length), D::<32>);
    let mut rng = Rng::seed(1);
    let mut input = || Tensor::<s![1, 4, Dyn, 32]>::randn_with(shape, &mut rng);
    let inputs = (input(), input(), input());
    let both = || {
        grad(&inputs, |(q, k, v)| {
            q.scaled_dot_product_attention(k, v, Attention::new()).sum()
        })
    };
    let peak = peak(|| {
        black_box(both());
    });
    point(memory, "volta", length, peak);
    point(time, "volta", length, seconds(both) * 1e3);
}

fn threads<const N: usize>() {
    let chart =
        "what the second thread buys: rows of a square product: time with 1 over time with 2";
    let x: Tensor<(D<N>, D<N>)> = Tensor::randn(&mut Rng::seed(1));
    let time = |threads| {
        set_num_threads(threads);
        seconds(|| x.matmul(&x))
    };
    point(chart, "volta", N, time(1) / time(2));
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize| arguments[place].parse().expect("a number");
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["depth", _] => depth(number(1)),
        ["sequence", _] => sequence(number(1)),
        _ => {
            set_num_threads(1);
            batch();
            backward::<128>();
            backward::<256>();
            backward::<512>();
            backward::<1024>();
            threads::<64>();
            threads::<128>();
            threads::<256>();
            threads::<512>();
            threads::<1024>();
        }
    }
}
