use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use volta::cpu::{num_threads, set_num_threads};
use volta::prelude::*;

use super::{alone, work};

#[test]
fn the_number_of_threads_changes_while_others_compute() {
    let _alone = alone();
    set_num_threads(1);
    let want = work(5);
    let end = AtomicBool::new(false);
    thread::scope(|scope| {
        let setter = scope.spawn(|| {
            for threads in (1..=8).cycle() {
                set_num_threads(threads);
                assert_eq!(num_threads(), threads);
                if end.load(Relaxed) {
                    break;
                }
                thread::yield_now();
            }
        });
        let workers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| (0..15).for_each(|_| assert_eq!(work(5), want))))
            .collect();
        let ended = workers.into_iter().all(|worker| worker.join().is_ok());
        end.store(true, Relaxed);
        setter.join().unwrap();
        assert!(ended);
    });
    set_num_threads(2);
}

#[test]
fn threads_that_start_threads_compute_at_once() {
    let _alone = alone();
    set_num_threads(4);
    let want = work(6);
    thread::scope(|outer| {
        for _ in 0..3 {
            outer.spawn(|| {
                assert_eq!(work(6), want);
                thread::scope(|inner| {
                    for _ in 0..3 {
                        inner.spawn(|| (0..4).for_each(|_| assert_eq!(work(6), want)));
                    }
                });
            });
        }
    });
    set_num_threads(2);
}

/// An op on a thread of a loader is an op within the library's own threads.
#[cfg(feature = "data")]
#[test]
fn the_workers_of_a_loader_compute() {
    use volta::data::{DataLoader, Dataset, Items};

    let _alone = alone();
    set_num_threads(4);
    let want = work(7);
    let items = Items::new((0..16_i64).collect::<Vec<_>>()).map(move |i| {
        assert_eq!(work(7), want);
        Tensor::<s![2]>::full(i as f32)
    });
    let loader = DataLoader::new(items, Dyn(4)).workers(3);
    let mut seen = 0;
    for batch in loader.epoch(0) {
        let batch = batch.expect("no item fails");
        assert_eq!(batch.dims()[1..], [2]);
        seen += batch.dims()[0];
    }
    assert_eq!(seen, 16);
    set_num_threads(2);
}
