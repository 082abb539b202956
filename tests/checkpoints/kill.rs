//! A process that is killed goes on from a whole checkpoint.

use std::env;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use volta::io::checkpoint::{Checkpoint, Checkpoints};
use volta::prelude::*;
use volta::schedule::Mode;

use super::run::{Run, empty, files};

const FOLDER: &str = "VOLTA_TEST_KILL";
const UNTIL: &str = "VOLTA_TEST_UNTIL";
const KILLS: usize = 50;
/// So wide that writing takes a good part of a step: five matrices of this size are saved.
const WIDTH: usize = 192;

fn start(folder: &Path, until: u64) -> Child {
    Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "kill::a_run_until_it_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, folder)
        .env(UNTIL, until.to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Until a file is being written, or it takes too long.
fn wait_for_writing(folder: &Path) {
    let writes = || folder.exists() && files(folder).iter().any(|name| name.starts_with(".volta-"));
    let started = Instant::now();
    while !writes() && started.elapsed() < Duration::from_secs(1) {
        sleep(Duration::from_micros(20));
    }
}

#[test]
fn a_run_killed_fifty_times_ends_as_one_that_was_not() {
    // How long a process takes to some checkpoints here, so that kills come before, while and after
    // they are saved.
    let started = Instant::now();
    assert!(start(&empty("kill-once"), 4).wait().unwrap().success());
    let some_steps = started.elapsed().as_micros() as u64;

    let folder = empty("kill");
    let mut rng = Rng::seed(0);
    let (mut last, mut kills, mut whole, mut torn) = (0, 0, 0, 0);
    // At least one kill comes in the middle of writing, or the test would not say much.
    while kills < KILLS || torn == 0 {
        assert!(kills < 10 * KILLS, "no kill came in the middle of writing");
        kills += 1;
        let mut child = start(&folder, u64::MAX);
        sleep(Duration::from_micros(rng.below(2 * some_steps)));
        if kills % 2 == 0 {
            wait_for_writing(&folder);
        }
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert!(
            !status.success() && status.code().is_none_or(|code| code != 101),
            "{status}"
        );
        if !folder.exists() {
            continue;
        }
        let names = files(&folder);
        let (saved, rest): (Vec<_>, Vec<_>) =
            names.iter().partition(|name| name.starts_with("step-"));
        let saved = saved
            .iter()
            .map(|name| Checkpoint::read(folder.join(name)).unwrap());
        // Every file that has its name is whole, and the run has never gone back.
        let latest = saved.map(|saved| saved.step()).max().unwrap_or(0);
        assert!(
            latest >= last,
            "kill {kills}: from step {last} back to {latest}"
        );
        assert!(
            rest.iter().all(|name| name.starts_with(".volta-")),
            "{rest:?}"
        );
        for left in rest {
            match Checkpoint::read(folder.join(left)) {
                Ok(_) => whole += 1,
                Err(_) => torn += 1,
            }
        }
        last = latest;
    }
    println!(
        "{kills} kills in {last} steps: {torn} while writing, {whole} before the file had its name"
    );

    let until = last + 5;
    assert!(start(&folder, until).wait().unwrap().success());
    let names = files(&folder);
    assert!(
        names.iter().all(|name| name.starts_with("step-")),
        "{names:?}"
    );
    let checkpoints = Checkpoints::open(&folder).unwrap();
    let mut resumed = Run::<WIDTH>::new(2);
    checkpoints
        .latest()
        .unwrap()
        .unwrap()
        .load(&mut resumed)
        .unwrap();

    let mut whole = Run::<WIDTH>::new(0);
    whole.train(until, |_| {});
    assert_eq!(resumed.model.state_dict(), whole.model.state_dict());
    assert!(resumed.bytes("kill-resumed") == whole.bytes("kill-whole"));
}

#[test]
#[ignore = "a process that another test starts, and kills"]
fn a_run_until_it_is_killed() {
    let folder = env::var_os(FOLDER).expect("started by another test");
    let until = env::var(UNTIL).unwrap().parse().unwrap();
    let checkpoints = Checkpoints::open(folder).unwrap().keep_last(2);
    let mut checkpoints = checkpoints.keep_best("loss", Mode::Min);
    let mut run = Run::<WIDTH>::new(0);
    if let Some(saved) = checkpoints.latest().unwrap() {
        saved.load(&mut run).unwrap();
    }
    run.train(until, |run| {
        let loss = run.losses.last().copied().map_or(f64::NAN, f64::from);
        checkpoints.save(run.step, &[("loss", loss)], run).unwrap();
    });
}
