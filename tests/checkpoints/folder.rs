//! What is kept in a folder, and what is removed.

use std::fs;

use volta::Error;
use volta::io::checkpoint::{CheckpointTrouble, Checkpoints};
use volta::io::safetensors;
use volta::prelude::*;
use volta::schedule::Mode;

use super::run::{counter, empty, files};

fn steps(checkpoints: &Checkpoints) -> Vec<u64> {
    checkpoints.steps().collect()
}

#[test]
fn the_last_and_the_best_stay() {
    let folder = empty("keep");
    let open = || {
        let checkpoints = Checkpoints::open(&folder).unwrap().keep_last(2);
        checkpoints
            .keep_best("accuracy", Mode::Max)
            .keep_best("loss", Mode::Min)
    };
    let mut checkpoints = open();
    assert!(checkpoints.latest().unwrap().is_none());
    assert!(checkpoints.best("loss", Mode::Min).unwrap().is_none());
    let accuracies = [0.1, 0.7, 0.3, 0.7, f64::NAN, 0.2, 0.9, 0.1, 0.1, 0.1];
    let losses = [3.0, 2.0, 1.0, 1.5, 1.2, f64::INFINITY, 1.1, 1.0, 4.0, 4.0];
    let kept: [&[u64]; 10] = [
        &[0],
        &[0, 1],
        &[1, 2],
        &[1, 2, 3],
        &[1, 2, 3, 4],
        &[1, 2, 4, 5],
        &[2, 5, 6],
        &[2, 6, 7],
        &[2, 6, 7, 8],
        &[2, 6, 8, 9],
    ];
    let values = accuracies.into_iter().zip(losses).zip(kept);
    for (step, ((accuracy, loss), kept)) in (0..).zip(values) {
        // A program that starts anew knows as much.
        if step % 3 == 0 {
            checkpoints = open();
        }
        let metrics = [("accuracy", accuracy), ("loss", loss)];
        checkpoints
            .save(step, &metrics, &mut counter(&mut step.clone()))
            .unwrap();
        assert_eq!(steps(&checkpoints), kept, "after {step}");
        assert_eq!(files(&folder).len(), kept.len());
    }
    let found = |metric, mode| {
        checkpoints
            .best(metric, mode)
            .unwrap()
            .map(|saved| saved.step())
    };
    assert_eq!(found("accuracy", Mode::Max), Some(6));
    assert_eq!(found("accuracy", Mode::Min), Some(8));
    assert_eq!(found("loss", Mode::Min), Some(2));
    assert_eq!(found("nothing", Mode::Min), None);
    assert_eq!(checkpoints.latest().unwrap().unwrap().step(), 9);

    let mut count = 0;
    checkpoints
        .read(6)
        .unwrap()
        .load(&mut counter(&mut count))
        .unwrap();
    assert_eq!(count, 6);
}

#[test]
fn all_stay_where_nothing_is_said() {
    let mut checkpoints = Checkpoints::open(empty("all")).unwrap();
    for mut step in 0..6 {
        checkpoints
            .save(step, &[], &mut counter(&mut step))
            .unwrap();
    }
    assert_eq!(steps(&checkpoints), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn other_files_are_left_alone() {
    let folder = empty("foreign");
    fs::create_dir_all(folder.join("step-0000000001")).unwrap();
    let foreign = [
        "model.safetensors",
        "step-1.safetensors",
        "step-0000000001.safetensors.bak",
        ".volta-17.tmp",
        ".volta-1-2.tmp.old",
        "notes.txt",
    ];
    for name in foreign {
        fs::write(folder.join(name), name).unwrap();
    }
    // A model that has the name of a checkpoint.
    let layer: Linear<2, 2> = Linear::init(&mut Rng::seed(0));
    let named = folder.join("step-0000000002.safetensors");
    layer.save_safetensors(&named).unwrap();
    // What a process that was killed left.
    fs::write(folder.join(".volta-4294967295-3.tmp"), "half").unwrap();

    let mut checkpoints = Checkpoints::open(&folder).unwrap().keep_last(1);
    assert!(!folder.join(".volta-4294967295-3.tmp").exists());
    for mut step in 3..8 {
        checkpoints
            .save(step, &[], &mut counter(&mut step))
            .unwrap();
    }
    assert_eq!(steps(&checkpoints), [2, 7]);
    for name in foreign {
        assert_eq!(
            fs::read(folder.join(name)).unwrap(),
            name.as_bytes(),
            "{name}"
        );
    }
    assert!(folder.join("step-0000000001").is_dir());
    assert_eq!(safetensors::load(&named).unwrap(), layer.state_dict());
    let error = checkpoints.read(2).unwrap_err();
    let Error::Checkpoint { path, trouble } = error else {
        panic!("{error}")
    };
    assert_eq!(path, named);
    assert_eq!(
        trouble,
        CheckpointTrouble::NoCheckpoint("checkpoint.format".into())
    );
}

#[test]
fn a_run_does_not_save_behind_a_later_step() {
    let folder = empty("behind");
    let mut checkpoints = Checkpoints::open(&folder).unwrap().keep_last(3);
    for mut step in [10, 20, 30] {
        checkpoints
            .save(step, &[], &mut counter(&mut step))
            .unwrap();
    }
    let before = files(&folder);
    let error = checkpoints
        .save(15, &[], &mut counter(&mut 15))
        .unwrap_err();
    let Error::Checkpoint { trouble, .. } = &error else {
        panic!("{error}")
    };
    let (step, latest) = (15, 30);
    assert_eq!(*trouble, CheckpointTrouble::Behind { step, latest });
    assert!(
        error.to_string().starts_with(folder.to_str().unwrap()),
        "{error}"
    );
    assert_eq!(files(&folder), before);

    checkpoints.remove_after(10).unwrap();
    assert_eq!(steps(&checkpoints), [10]);
    checkpoints.save(15, &[], &mut counter(&mut 15)).unwrap();
    // The same step again is another state of it.
    checkpoints.save(15, &[], &mut counter(&mut 77)).unwrap();
    let mut count = 0;
    let latest = checkpoints.latest().unwrap().unwrap();
    latest.load(&mut counter(&mut count)).unwrap();
    assert_eq!((latest.step(), count), (15, 77));
    assert_eq!(steps(&Checkpoints::open(&folder).unwrap()), [10, 15]);
}

#[test]
#[should_panic = "keep_last: a run goes on from 1 checkpoint or more"]
fn one_has_to_stay() {
    let _ = Checkpoints::open(empty("none")).unwrap().keep_last(0);
}
