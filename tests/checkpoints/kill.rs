//! A process that is killed goes on from a whole checkpoint.

use std::env;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use volta::io::checkpoint::{Checkpoint, Checkpoints};
use volta::prelude::*;
use volta::schedule::Mode;

use super::run::{Run, empty, files};

const FOLDER: &str = "VOLTA_TEST_KILL";
const UNTIL: &str = "VOLTA_TEST_UNTIL";
const KILLS: usize = 50;

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

#[test]
fn a_run_killed_fifty_times_ends_as_one_that_was_not() {
    let folder = empty("kill");
    let mut rng = Rng::seed(0);
    let (mut last, mut halves, mut idle) = (0, 0, 0);
    for kill in 0..KILLS {
        let mut child = start(&folder, u64::MAX);
        sleep(Duration::from_micros(rng.below(150_000)));
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
            "kill {kill}: from step {last} back to {latest}"
        );
        assert!(
            rest.iter().all(|name| name.starts_with(".volta-")),
            "{rest:?}"
        );
        idle += usize::from(latest == last);
        halves += rest.len();
        last = latest;
    }
    println!(
        "{KILLS} kills in {last} steps; {halves} left half a file, {idle} came before a step was saved"
    );
    assert!(last > 0, "no process came to its first checkpoint");

    let until = last + 5;
    assert!(start(&folder, until).wait().unwrap().success());
    let names = files(&folder);
    assert!(
        names.iter().all(|name| name.starts_with("step-")),
        "{names:?}"
    );
    let checkpoints = Checkpoints::open(&folder).unwrap();
    let mut resumed = Run::<128>::new(2);
    checkpoints
        .latest()
        .unwrap()
        .unwrap()
        .load(&mut resumed)
        .unwrap();

    let mut whole = Run::<128>::new(0);
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
    let mut run = Run::<128>::new(0);
    if let Some(saved) = checkpoints.latest().unwrap() {
        saved.load(&mut run).unwrap();
    }
    run.train(until, |run| {
        let loss = run.losses.last().copied().map_or(f64::NAN, f64::from);
        checkpoints.save(run.step, &[("loss", loss)], run).unwrap();
    });
}
