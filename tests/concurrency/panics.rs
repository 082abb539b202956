use std::panic::catch_unwind;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use volta::backend::Pool2dOptions;
use volta::cpu::{memory_stats, set_num_threads};
use volta::prelude::*;

use super::{alone, work};

/// A panic inside the pieces of a job: windows that lie in the padding alone, which the typed
/// method refuses before.
fn break_an_op() -> Result<(), String> {
    let x: Tensor<s![16, 16, 32, 32]> = Tensor::randn(&mut Rng::seed(2));
    let options = Pool2dOptions {
        kernel: [1, 1],
        stride: [1, 1],
        padding: [3, 3],
        dilation: [1, 1],
    };
    match catch_unwind(|| Cpu::max_pool2d(x.prim(), options)) {
        Ok(_) => Ok(()),
        Err(payload) => Err(payload.downcast_ref().cloned().unwrap_or_default()),
    }
}

#[test]
fn a_panic_inside_an_op_leaves_the_threads_usable() {
    let _alone = alone();
    for threads in [1, 2, 4] {
        set_num_threads(threads);
        let (want, before) = (work(1), memory_stats());
        for _ in 0..10 {
            let message = break_an_op().expect_err("windows without an element");
            assert!(message.contains("padding"), "{message}");
            assert_eq!(work(1), want);
        }
        assert_eq!(memory_stats().in_use, before.in_use, "{threads} threads");
    }
    set_num_threads(2);
}

#[test]
fn a_panic_on_one_thread_is_no_matter_of_the_others() {
    let _alone = alone();
    set_num_threads(4);
    let want = work(3);
    let end = AtomicBool::new(false);
    thread::scope(|scope| {
        let breaker = scope.spawn(|| {
            while !end.load(Relaxed) {
                break_an_op().expect_err("windows without an element");
            }
        });
        let workers: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| (0..15).for_each(|_| assert_eq!(work(3), want))))
            .collect();
        let ended = workers.into_iter().all(|worker| worker.join().is_ok());
        end.store(true, Relaxed);
        breaker.join().unwrap();
        assert!(ended);
    });
    set_num_threads(2);
}

#[test]
fn sizes_that_do_not_fit_leave_a_thread_as_it_was() {
    let _alone = alone();
    let want = work(4);
    let refused = catch_unwind(|| {
        let x: Tensor<s![Dyn]> = Tensor::zeros_with((Dyn(3),));
        let y: Tensor<s![Dyn]> = Tensor::zeros_with((Dyn(4),));
        x + y
    });
    assert!(refused.is_err());
    assert_eq!(work(4), want);
}
