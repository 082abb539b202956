//! Threads that share the pieces of one job at a time with the thread that posts it.
//!
//! To wake a thread costs more than a light op on 100,000 elements. So workers look out for the next
//! job for a while before they sleep, and nobody waits for a worker that has not begun.

use std::any::Any;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU64, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release, SeqCst},
};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// The most threads that share a job.
const MAX_THREADS: usize = 256;
/// How long a worker looks out for the next job before it sleeps.
const PATIENCE: Duration = Duration::from_micros(200);
/// Looks before the processor is offered to other threads.
const LOOKS: usize = 256;

/// Threads that ops use; 0 as long as nobody has asked.
static THREADS: AtomicUsize = AtomicUsize::new(0);
static POOL: Pool = Pool::new();

/// The number of threads that an op on the CPU uses at most, its caller's included.
///
/// It starts as `RAYON_NUM_THREADS`, if that is a number above 0, or as how many can run at once.
#[inline]
pub fn num_threads() -> usize {
    match THREADS.load(Relaxed) {
        0 => ask_num_threads(),
        threads => threads,
    }
}

#[cold]
fn ask_num_threads() -> usize {
    let threads = std::env::var("RAYON_NUM_THREADS")
        .ok()
        .and_then(|threads| threads.parse().ok())
        .filter(|&threads| threads > 0)
        .or_else(|| thread::available_parallelism().ok().map(NonZeroUsize::get))
        .map_or(1, |threads: usize| threads.min(MAX_THREADS));
    // Whoever set a number meanwhile wins.
    match THREADS.compare_exchange(0, threads, Relaxed, Relaxed) {
        Ok(_) => threads,
        Err(set) => set,
    }
}

/// Sets the number of threads that an op on the CPU uses at most, its caller's included, from the
/// next op on. Results do not depend on it. More than 256 are not used.
///
/// A thread is started when an op first needs it, sleeps when there is nothing to do, and never
/// ends.
///
/// ```
/// use volta::cpu::{num_threads, set_num_threads};
/// use volta::prelude::*;
///
/// let x: Tensor<s![1000, 1000]> = Tensor::randn(&mut Rng::seed(1));
/// let sum = x.sum().item();
/// set_num_threads(1);
/// assert_eq!(num_threads(), 1);
/// assert_eq!(x.sum().item(), sum);
/// ```
///
/// # Panics
/// If `threads` is 0.
pub fn set_num_threads(threads: usize) {
    assert!(threads > 0, "an op needs a thread");
    THREADS.store(threads.min(MAX_THREADS), Relaxed);
}

/// Calls `piece` for 0, 1, .., `pieces - 1`, on as many as [`num_threads`]. On this thread alone if
/// the others are busy: with another thread's job, or with one that this call is part of. Unless
/// `wake`, those that sleep go on doing so, if this job is not one of many.
pub(super) fn run(pieces: usize, wake: bool, piece: &(dyn Fn(usize) + Sync)) {
    POOL.run(num_threads(), pieces, wake, piece);
}

/// What the threads inside a job know of it.
struct Job<'a> {
    pieces: usize,
    piece: &'a (dyn Fn(usize) + Sync),
    /// What pieces panicked with.
    panics: Mutex<Vec<Box<dyn Any + Send>>>,
}

/// Alone in its cache line, and in the next one, which processors fetch along.
#[repr(align(128))]
struct Alone<T>(T);

struct Pool {
    /// Held by the thread that posts a job, as long as that lasts.
    workers: Mutex<Workers>,
    state: Alone<AtomicU64>,
    /// The job, while it is open or a worker is inside.
    job: AtomicPtr<Job<'static>>,
    /// The next piece of each thread's share. A share is a range of neighbours, about the same one
    /// in every job of a size, so that a thread finds in its cache what it wrote there.
    next: [Alone<AtomicUsize>; MAX_THREADS],
}

struct Workers {
    list: Vec<Worker>,
    /// When the last job ended.
    last: Option<Instant>,
}

struct Worker {
    thread: Thread,
    asleep: Arc<AtomicBool>,
}

/// A value of [`Pool::state`]: the number of the job, how many threads may take part (none: it is
/// closed) and how many workers are inside.
#[derive(Clone, Copy)]
struct State(u64);

impl State {
    const INSIDE: u64 = 0xffff;
    const SLOTS: u64 = 0xffff << 16;

    fn job(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn slots(self) -> usize {
        ((self.0 & Self::SLOTS) >> 16) as usize
    }

    /// The next job, open to as many threads as `slots`.
    fn next(self, slots: usize) -> u64 {
        u64::from(self.job().wrapping_add(1)) << 32 | (slots as u64) << 16
    }
}

/// Where the share of `slot` starts, of as many as `slots`.
fn share(slot: usize, slots: usize, pieces: usize) -> usize {
    (slot as u128 * pieces as u128 / slots as u128) as usize
}

impl Pool {
    const fn new() -> Self {
        Pool {
            workers: Mutex::new(Workers {
                list: Vec::new(),
                last: None,
            }),
            state: Alone(AtomicU64::new(0)),
            job: AtomicPtr::new(std::ptr::null_mut()),
            next: [const { Alone(AtomicUsize::new(0)) }; MAX_THREADS],
        }
    }

    fn run(
        &'static self,
        threads: usize,
        pieces: usize,
        wake: bool,
        piece: &(dyn Fn(usize) + Sync),
    ) {
        let threads = threads.min(pieces).min(MAX_THREADS);
        if threads < 2 {
            return (0..pieces).for_each(piece);
        }
        let mut workers = match self.workers.try_lock() {
            Ok(workers) => workers,
            Err(TryLockError::WouldBlock) => return (0..pieces).for_each(piece),
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        };
        if workers.list.len() < threads - 1 {
            self.spawn(&mut workers.list, threads - 1);
        }
        let slots = threads.min(workers.list.len() + 1);
        let job = Job {
            pieces,
            piece,
            panics: Mutex::new(Vec::new()),
        };
        for slot in 0..slots {
            let first = share(slot, slots, pieces);
            self.next[slot].0.store(first, Relaxed);
        }
        self.job.store((&raw const job).cast_mut().cast(), Relaxed);
        // Before the look at who is asleep, as workers look at the state after they said so.
        let state = State(self.state.0.load(Relaxed));
        self.state.0.store(state.next(slots), SeqCst);
        let asleep = |worker: &&Worker| worker.asleep.load(SeqCst);
        let mut sleepers = workers.list[..slots - 1].iter().filter(asleep).peekable();
        let recent = |last: Instant| last.elapsed() < PATIENCE;
        if sleepers.peek().is_some() && (wake || workers.last.is_some_and(recent)) {
            sleepers.for_each(|worker| worker.thread.unpark());
        }
        self.work(&job, 0, slots);
        self.close();
        workers.last = Some(Instant::now());
        drop(workers);
        let panics = job.panics.into_inner();
        let panics = panics.unwrap_or_else(PoisonError::into_inner);
        if let Some(first) = panics.into_iter().next() {
            resume_unwind(first);
        }
    }

    /// Takes part in a job; returns when all its pieces are taken. Does not panic.
    fn work(&self, job: &Job<'_>, slot: usize, slots: usize) {
        let done = catch_unwind(AssertUnwindSafe(|| {
            // Its own share, then what is left of the others'.
            for slot in (slot..slots).chain(0..slot) {
                let (next, end) = (&self.next[slot].0, share(slot + 1, slots, job.pieces));
                while next.load(Relaxed) < end {
                    match next.fetch_add(1, Relaxed) {
                        piece if piece < end => (job.piece)(piece),
                        _ => break,
                    }
                }
            }
        }));
        if let Err(payload) = done {
            for next in &self.next[..slots] {
                next.0.store(job.pieces, Relaxed);
            }
            let mut panics = job.panics.lock().unwrap_or_else(PoisonError::into_inner);
            panics.push(payload);
        }
    }

    /// Lets no more workers into the job, and waits for those inside.
    fn close(&self) {
        let mut state = self.state.0.fetch_and(!State::SLOTS, Acquire);
        let mut looks = 0;
        while state & State::INSIDE > 0 {
            wait(&mut looks);
            state = self.state.0.load(Acquire);
        }
    }

    /// Starts workers until there are `wanted`, if the system has so many.
    fn spawn(&'static self, workers: &mut Vec<Worker>, wanted: usize) {
        let seen = State(self.state.0.load(Relaxed)).job();
        while workers.len() < wanted {
            let slot = workers.len() + 1;
            let asleep = Arc::new(AtomicBool::new(false));
            let shared = asleep.clone();
            let spawned = thread::Builder::new()
                .name(format!("volta-{slot}"))
                .spawn(move || self.serve(slot, seen, &shared));
            match spawned {
                Ok(handle) => workers.push(Worker {
                    thread: handle.thread().clone(),
                    asleep,
                }),
                Err(_) => return,
            }
        }
    }

    /// What a worker does all its life.
    fn serve(&self, slot: usize, mut seen: u32, asleep: &AtomicBool) {
        loop {
            let state = self.await_job(seen, asleep);
            seen = state.job();
            let entered = self.state.0.fetch_update(Acquire, Relaxed, |now| {
                let open = State(now).job() == seen && slot < State(now).slots();
                open.then_some(now + 1)
            });
            if let Ok(state) = entered {
                // SAFETY: the job was open as this worker went in, and until it leaves the thread
                // that posted the job stays in `run`, where the job lives.
                let job = unsafe { &*self.job.load(Relaxed) };
                self.work(job, slot, State(state).slots());
                self.state.0.fetch_sub(1, Release);
            }
        }
    }

    /// Returns when there is another job than `seen`.
    fn await_job(&self, seen: u32, asleep: &AtomicBool) -> State {
        let start = Instant::now();
        let mut looks = 0;
        loop {
            let state = State(self.state.0.load(Relaxed));
            if state.job() != seen {
                return state;
            }
            if wait(&mut looks) && start.elapsed() > PATIENCE {
                break;
            }
        }
        asleep.store(true, SeqCst);
        loop {
            let state = State(self.state.0.load(SeqCst));
            if state.job() != seen {
                asleep.store(false, Relaxed);
                return state;
            }
            thread::park();
        }
    }
}

/// Waits a moment. Every now and then another thread gets the processor, and the result is true.
fn wait(looks: &mut usize) -> bool {
    *looks += 1;
    let long = looks.is_multiple_of(LOOKS);
    if long {
        thread::yield_now();
    } else {
        std::hint::spin_loop();
    }
    long
}

#[cfg(test)]
mod tests;
