use std::sync::atomic::AtomicU32;

use super::*;

/// A pool of the test's own.
fn pool() -> &'static Pool {
    Box::leak(Box::new(Pool::new()))
}

fn counters(n: usize) -> Vec<AtomicU32> {
    (0..n).map(|_| AtomicU32::new(0)).collect()
}

fn assert_once(counters: &[AtomicU32], what: &str) {
    for (piece, count) in counters.iter().enumerate() {
        assert_eq!(count.load(Relaxed), 1, "{what}: piece {piece}");
    }
}

#[test]
fn every_piece_runs_once() {
    let pool = pool();
    let sizes = if cfg!(miri) { 5 } else { 70 };
    for threads in [1, 2, 3, 7, 4, 300, 2] {
        for pieces in (0..sizes).chain([1000]) {
            let counters = counters(pieces);
            pool.run(threads, pieces, true, &|piece| {
                counters[piece].fetch_add(1, Relaxed);
            });
            assert_once(&counters, &format!("{pieces} pieces, {threads} threads"));
        }
    }
}

#[test]
fn shares_cover_all_pieces() {
    for (slots, pieces) in [(2, 2), (2, 7), (7, 8), (256, 1000), (3, usize::MAX)] {
        assert_eq!(share(0, slots, pieces), 0);
        assert_eq!(share(slots, slots, pieces), pieces);
        for slot in 0..slots {
            let len = share(slot + 1, slots, pieces) - share(slot, slots, pieces);
            assert!(len.abs_diff(pieces / slots) <= 1);
        }
    }
}

#[test]
fn other_threads_take_part() {
    let pool = pool();
    // Each piece waits for the other one.
    let met = std::sync::Barrier::new(2);
    for _ in 0..20 {
        pool.run(2, 2, true, &|_| {
            met.wait();
        });
        // Long enough to fall asleep, now and then.
        thread::sleep(Duration::from_micros(90));
    }
}

#[test]
fn callers_do_not_mix_their_jobs() {
    let pool = pool();
    let jobs = if cfg!(miri) { 5 } else { 3000 };
    thread::scope(|scope| {
        for caller in 0..4 {
            scope.spawn(move || {
                for job in 0..jobs {
                    let counters = counters(2 + job % 9);
                    pool.run(1 + (job + caller) % 4, counters.len(), true, &|piece| {
                        counters[piece].fetch_add(1, Relaxed);
                    });
                    assert_once(&counters, "a job");
                }
            });
        }
    });
}

#[test]
fn jobs_within_a_piece_run_on_its_thread() {
    let pool = pool();
    let counters = counters(8 * 8);
    pool.run(3, 8, true, &|outer| {
        let here = thread::current().id();
        pool.run(3, 8, true, &|inner| {
            assert_eq!(thread::current().id(), here);
            counters[outer * 8 + inner].fetch_add(1, Relaxed);
        });
    });
    assert_once(&counters, "nested");
}

#[test]
fn a_panic_reaches_the_caller() {
    let pool = pool();
    for threads in [1, 2, 3] {
        for bad in [0, 5, 9] {
            let job = || {
                pool.run(threads, 10, true, &|piece| {
                    if piece == bad {
                        resume_unwind(Box::new(piece));
                    }
                });
            };
            let payload = catch_unwind(job).expect_err("a piece panics");
            assert_eq!(payload.downcast_ref(), Some(&bad));
            let counters = counters(10);
            pool.run(threads, 10, true, &|piece| {
                counters[piece].fetch_add(1, Relaxed);
            });
            assert_once(&counters, "after a panic");
        }
    }
}

#[test]
fn every_piece_may_panic() {
    let pool = pool();
    let job = || pool.run(4, 100, true, &|piece| resume_unwind(Box::new(piece)));
    assert!(catch_unwind(job).expect_err("all panic").is::<usize>());
}

#[test]
fn jobs_follow_one_another_quickly() {
    let pool = pool();
    let jobs = if cfg!(miri) { 30 } else { 100_000 };
    let mut sums = vec![0_usize; 5];
    for job in 0..jobs {
        let out = super::super::parallel::Shared::new(sums.as_mut_ptr());
        pool.run(2 + job % 3, 5, true, &|piece| {
            // SAFETY: each piece has a place of its own.
            unsafe { *out.get().add(piece) += piece + job };
        });
    }
    for (piece, sum) in sums.iter().enumerate() {
        assert_eq!(*sum, jobs * piece + jobs * (jobs - 1) / 2);
    }
}

#[test]
fn the_number_of_threads_can_be_set() {
    assert!(num_threads() > 0);
    for threads in 1..=7 {
        set_num_threads(threads);
        assert_eq!(num_threads(), threads);
        let counters = counters(50);
        run(50, threads > 4, &|piece| {
            counters[piece].fetch_add(1, Relaxed);
        });
        assert_once(&counters, "the pool of all ops");
    }
    set_num_threads(1000);
    assert_eq!(num_threads(), MAX_THREADS);
    set_num_threads(2);
    assert!(catch_unwind(|| set_num_threads(0)).is_err());
    assert_eq!(num_threads(), 2);
}
