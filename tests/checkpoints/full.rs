//! A disk that is full, as a limit on the size of files: both are an error in the middle of writing.

#![cfg(unix)]

use std::env;
use std::io::ErrorKind;
use std::process::Command;

use volta::Error;
use volta::io::checkpoint::{Checkpoints, Parts};

use super::run::{Run, empty, files};

const FOLDER: &str = "VOLTA_TEST_FULL";

#[test]
fn a_full_disk_is_an_error_and_the_last_checkpoint_survives() {
    let folder = empty("full");
    let mut run = Run::<8>::new(0);
    let mut checkpoints = Checkpoints::open(&folder).unwrap();
    run.train(3, |run| checkpoints.save(run.step, &[], run).unwrap());
    let before = std::fs::read(checkpoints.path(3)).unwrap();
    assert!(before.len() < 32 * 512);

    // Blocks of 512 bytes. Ignored, the signal of a file that grows too large is an error instead.
    let child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""])
        .arg(env::current_exe().unwrap())
        .args([
            "--exact",
            "full::a_run_beyond_the_limit",
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, &folder)
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    let errors = String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success(), "{output}{errors}");
    assert!(output.contains("1 passed"), "{output}{errors}");

    let checkpoints = Checkpoints::open(&folder).unwrap();
    assert_eq!(checkpoints.steps().collect::<Vec<_>>(), [3, 5]);
    assert!(std::fs::read(checkpoints.path(3)).unwrap() == before);
}

#[test]
#[ignore = "a process that another test starts"]
fn a_run_beyond_the_limit() {
    let folder = env::var_os(FOLDER).expect("started by another test");
    let mut checkpoints = Checkpoints::open(&folder).unwrap().keep_last(2);
    let mut run = Run::<8>::new(1);
    checkpoints
        .latest()
        .unwrap()
        .unwrap()
        .load(&mut run)
        .unwrap();
    let before = files(checkpoints.folder());

    let mut much = vec![0.5_f32; 100_000];
    let error = checkpoints
        .save(4, &[], &mut |parts: &mut Parts| {
            parts.state("much", &mut much)
        })
        .unwrap_err();
    let Error::Io { path, source } = &error else {
        panic!("{error}")
    };
    assert_eq!(*path, checkpoints.path(4));
    assert_eq!(source.kind(), ErrorKind::FileTooLarge, "{error}");
    assert_eq!(
        files(checkpoints.folder()),
        before,
        "and nothing is left of it"
    );
    assert_eq!(checkpoints.latest().unwrap().unwrap().step(), 3);

    // What has room is saved.
    run.train(5, |_| {});
    checkpoints.save(5, &[], &mut run).unwrap();
    checkpoints
        .latest()
        .unwrap()
        .unwrap()
        .load(&mut run)
        .unwrap();
}
