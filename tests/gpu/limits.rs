use volta::prelude::*;

use crate::open;

/// More workgroups than one dimension of a dispatch has.
#[test]
fn more_than_65535_workgroups() {
    let gpu = open();
    let n = 65_535 * 256 + 1000;
    let x: Tensor<s![Dyn], f32, Wgpu> = Tensor::full_on((Dyn(n),), 0.5, &gpu);
    let y = &x + &x;
    let ends = [0, 65_535 * 256 - 1, 65_535 * 256, n - 1];
    for end in ends {
        assert_eq!(y.slice::<0>(end..end + 1).to_vec(), [1.0], "element {end}");
    }
    assert_eq!(y.sum().item(), n as f32);
}

#[test]
fn many_threads_share_a_device() {
    let gpu = open();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let gpu = &gpu;
            scope.spawn(move || {
                for round in 0..25 {
                    let value = (thread * 100 + round) as f32;
                    let x: Tensor<s![1000]> = Tensor::full(value);
                    let x = x.to(gpu).expect("moved");
                    let mut y = x.clone();
                    for _ in 0..10 {
                        y = &y + &x;
                    }
                    assert_eq!(y.to_vec(), [11.0 * value; 1000]);
                }
            });
        }
    });
}

/// Uploads overtake commands that wait; none of these may see memory that an upload writes.
#[test]
fn uploads_between_waiting_commands() {
    let gpu = open();
    let mut sums = Vec::new();
    for round in 0..200 {
        let x: Tensor<s![64]> = Tensor::full(round as f32);
        let x = x.to(&gpu).expect("moved");
        sums.push(&x + &x);
        // `x` is dropped here, and its memory free for the next round, before the sum has run.
    }
    for (round, sum) in sums.iter().enumerate() {
        assert_eq!(sum.to_vec(), [2.0 * round as f32; 64], "round {round}");
    }
}

/// Proofs that a type may cross threads end, in a crate that sets no recursion limit.
#[test]
fn models_and_tensors_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Gpu>();
    crosses::<Tensor<s![2, 3], f32, Wgpu>>();
    crosses::<crate::LeNet<Wgpu>>();
    crosses::<Vec<Option<(crate::LeNet<Wgpu>, Tensor<s![Dyn], i64, Wgpu>)>>>();
}

#[test]
fn kernels_are_timed_by_the_device() {
    let gpu = open();
    let x: Tensor<s![64, 64], f32, Wgpu> = Tensor::full_on(Default::default(), 1.0, &gpu);
    if !gpu.info().timestamps {
        assert!(gpu.profile(|| ()).is_err());
        return;
    }
    let (y, times) = gpu
        .profile(|| {
            let mut y = x.clone();
            for _ in 0..50 {
                y = &y + &x;
            }
            y.exp()
        })
        .expect("it has a clock");
    let runs: Vec<_> = times
        .iter()
        .map(|kernel| (kernel.name, kernel.runs))
        .collect();
    assert!(
        runs.contains(&("add", 50)) && runs.contains(&("exp", 1)),
        "{runs:?}"
    );
    assert!(
        times.iter().all(|kernel| kernel.total.as_nanos() > 0),
        "{times:?}"
    );
    assert!(times.is_sorted_by(|a, b| a.total >= b.total));
    assert_eq!(y.to_vec(), (x * 51.0).exp().to_vec());
}
