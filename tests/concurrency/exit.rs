use std::cell::RefCell;
use std::process::Command;
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use volta::cpu::set_num_threads;
use volta::prelude::*;

use super::{alone, work};

const INSIDE: &str = "VOLTA_TEST_EXIT";
const CODE: i32 = 7;

static GLOBAL: LazyLock<Tensor<s![1000]>> =
    LazyLock::new(|| Tensor::randn(&mut Rng::seed(1)).exp());

thread_local! {
    static KEPT: RefCell<Option<Tensor<s![1000]>>> = const { RefCell::new(None) };
}

/// Ends the process while threads compute, with tensors that nobody drops.
fn end() -> ! {
    set_num_threads(3);
    KEPT.set(Some(&*GLOBAL + 1.0));
    for seed in 0..3 {
        thread::spawn(move || {
            KEPT.set(Some(&*GLOBAL + 2.0));
            loop {
                work(seed);
            }
        });
    }
    work(9);
    thread::sleep(Duration::from_millis(30));
    std::process::exit(CODE);
}

#[test]
fn a_program_may_end_while_threads_compute() {
    if std::env::var_os(INSIDE).is_some() {
        end();
    }
    let _alone = alone();
    for _ in 0..5 {
        let start = Instant::now();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "exit::a_program_may_end_while_threads_compute"])
            .env(INSIDE, "1")
            .spawn()
            .unwrap();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if start.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                panic!("the process does not end");
            }
            thread::sleep(Duration::from_millis(5));
        };
        assert_eq!(status.code(), Some(CODE), "{status}");
    }
}
