use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;

use volta::cpu::{memory_stats, trim_memory};
use volta::prelude::*;

use super::alone;

fn filled(len: usize, value: i64) -> Tensor<s![Dyn], i64> {
    // Made by an op: a tensor of equal elements has one of them.
    Tensor::full_with((Dyn(len),), value) + Tensor::zeros_with((Dyn(len),))
}

#[test]
fn what_another_thread_drops_comes_back_to_its_maker() {
    let _alone = alone();
    let before = memory_stats();
    // A size that no other test uses.
    let make = || (0..50).map(|i| filled(4321, i)).collect::<Vec<_>>();
    let (to, from) = mpsc::channel::<Vec<Tensor<s![Dyn], i64>>>();
    let (done, wait) = mpsc::channel();
    let other = thread::spawn(move || {
        for tensors in from {
            for (i, x) in tensors.iter().enumerate() {
                assert_eq!(x.as_slice(), Some(&[i as i64; 4321][..]));
            }
            drop(tensors);
            done.send(()).unwrap();
        }
    });
    let mut warm = None;
    for _ in 0..5 {
        to.send(make()).unwrap();
        wait.recv().unwrap();
        let now = memory_stats();
        assert_eq!(now.in_use, before.in_use);
        let fresh = now.allocations - now.reused;
        // After the first round all memory has been used before.
        assert_eq!(*warm.get_or_insert(fresh), fresh);
    }
    drop(to);
    other.join().unwrap();
    trim_memory();
    assert_eq!(memory_stats().in_use, before.in_use);
}

#[test]
fn tensors_outlive_their_threads() {
    let _alone = alone();
    let before = memory_stats();
    let makers: Vec<_> = (0..8)
        .map(|i| thread::spawn(move || filled(10_000, i)))
        .collect();
    let tensors: Vec<_> = makers
        .into_iter()
        .map(|maker| maker.join().unwrap())
        .collect();
    for (i, x) in tensors.iter().enumerate() {
        assert_eq!(x.as_slice(), Some(&[i as i64; 10_000][..]));
    }
    let used = memory_stats();
    assert!(used.in_use >= before.in_use + 8 * 80_000);
    drop(tensors);
    let after = memory_stats();
    assert_eq!(after.in_use, before.in_use);
    // Nobody is left to keep it.
    assert_eq!(after.cached, used.cached);
}

#[test]
fn many_threads_make_pass_on_and_drop() {
    let _alone = alone();
    const THREADS: usize = 12;
    let before = memory_stats();
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..THREADS).map(|_| mpsc::channel()).unzip();
    thread::scope(|scope| {
        for (me, receiver) in receivers.into_iter().enumerate() {
            let senders = senders.clone();
            scope.spawn(move || {
                for i in 0..400_usize {
                    let len = 1 + (i * 7919 + me * 104_729) % 3000;
                    let x = filled(len, (i * THREADS + me) as i64);
                    // A view of it keeps it alive as well.
                    let view = x.slice::<0>(len / 2..len);
                    senders[(i + me) % THREADS].send((x, i * THREADS + me)).ok();
                    assert!(
                        view.to_vec()
                            .iter()
                            .all(|&v| v == (i * THREADS + me) as i64)
                    );
                    for (x, mark) in receiver.try_iter() {
                        assert!(x.as_slice().unwrap().iter().all(|&v| v == mark as i64));
                    }
                }
            });
        }
        drop(senders);
    });
    trim_memory();
    assert_eq!(memory_stats().in_use, before.in_use);
}

/// What a thread freed is counted while it ends, too.
#[test]
fn counts_are_whole_while_threads_end() {
    let _alone = alone();
    for _ in 0..300 {
        let x = filled(100_000, 1);
        let ended = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut least = u64::MAX;
                while !ended.load(Relaxed) {
                    let now = memory_stats().in_use;
                    assert!(now <= least, "{least} bytes, then {now}");
                    least = now;
                }
            });
            thread::spawn(move || drop(x)).join().unwrap();
            ended.store(true, Relaxed);
        });
    }
}

thread_local! {
    static FIRST: RefCell<Option<Tensor<s![Dyn], i64>>> = const { RefCell::new(None) };
    static LAST: RefCell<Option<Tensor<s![Dyn], i64>>> = const { RefCell::new(None) };
}

/// Values of a thread are dropped in the order in which they were first used, or in the other:
/// one of these is there when the thread's own memory is gone.
#[test]
fn tensors_that_a_thread_keeps_to_its_end() {
    let _alone = alone();
    let before = memory_stats();
    for _ in 0..10 {
        let thread = thread::spawn(|| {
            FIRST.with_borrow(|none| assert!(none.is_none()));
            let x = filled(3333, 1);
            FIRST.set(Some(x.clone() + 1));
            LAST.set(Some(x + 2));
        });
        thread.join().unwrap();
    }
    assert_eq!(memory_stats().in_use, before.in_use);
}
