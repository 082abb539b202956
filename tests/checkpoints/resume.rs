//! What a run resumes with.

use volta::io::checkpoint::{Checkpoint, Checkpoints};
use volta::io::safetensors;
use volta::prelude::*;

use super::run::{Run, empty};

#[test]
fn a_run_resumes_bit_for_bit_from_any_step() {
    // Epochs of four batches; the rate falls several times on the way.
    let mut whole = Run::<16>::new(0);
    let mut checkpoints = Checkpoints::open(empty("resume")).unwrap();
    whole.train(60, |run| checkpoints.save(run.step, &[], run).unwrap());
    assert!(whole.plateau.lr() < 0.006, "{:?}", whole.plateau);
    let expected = whole.bytes("resume-whole");

    for step in [1, 3, 4, 22, 59, 60] {
        let mut run = Run::<16>::new(1);
        run.train(2, |_| {});
        let saved = checkpoints.read(step).unwrap();
        saved.load(&mut run).unwrap();
        assert_eq!((saved.step(), run.step), (step, step));
        run.train(60, |_| {});
        assert!(run.bytes("resume-again") == expected, "from step {step}");
    }
}

/// Each part matters: without it the run would come to something else.
#[test]
fn a_run_without_one_of_its_parts_comes_to_something_else() {
    let mut run = Run::<16>::new(0);
    let folder = empty("without");
    let mut checkpoints = Checkpoints::open(&folder).unwrap();
    run.train(22, |_| {});
    checkpoints.save(22, &[], &mut run).unwrap();
    run.train(40, |_| {});
    let expected = run.model.state_dict();

    let resumed = |forget: &dyn Fn(&mut Run<16>)| {
        let mut run = Run::<16>::new(1);
        checkpoints
            .latest()
            .unwrap()
            .unwrap()
            .load(&mut run)
            .unwrap();
        forget(&mut run);
        run.train(40, |_| {});
        run.model.state_dict()
    };
    let fresh = || Run::<16>::new(0);
    assert_eq!(resumed(&|_| {}), expected);
    assert_ne!(resumed(&|run| run.optimizer = fresh().optimizer), expected);
    assert_ne!(resumed(&|run| run.plateau = fresh().plateau), expected);
    assert_ne!(resumed(&|run| run.rng = fresh().rng), expected);
    assert_ne!(resumed(&|run| run.position = fresh().position), expected);
    assert_ne!(resumed(&|run| run.step = 0), expected);
    // The tensors of the model without the streams of its dropouts.
    let tensors_alone = |run: &mut Run<16>| {
        let state = run.model.state_dict();
        run.model = fresh().model;
        run.model.load_state_dict(&state).unwrap();
    };
    assert_ne!(resumed(&tensors_alone), expected);
}

#[test]
fn a_checkpoint_is_a_file_that_others_read() {
    let mut run = Run::<4>::new(0);
    let mut checkpoints = Checkpoints::open(empty("file")).unwrap();
    run.train(3, |_| {});
    let metrics = [("loss", f64::from(run.losses[2])), ("nan", f64::NAN)];
    checkpoints.save(3, &metrics, &mut run).unwrap();

    let bytes = std::fs::read(checkpoints.path(3)).unwrap();
    let file = ::safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let weight = file.tensor("model.fc1.weight").unwrap();
    assert_eq!(weight.shape(), [4, 6]);
    assert!(file.tensor("optimizer.fc2.bias.exp_avg").is_ok());
    assert!(file.tensor("average.fc2.bias").is_ok());
    assert_eq!(file.tensor("losses").unwrap().shape(), [3]);

    let notes = safetensors::load_metadata(checkpoints.path(3)).unwrap();
    assert_eq!(
        notes,
        *safetensors::load(checkpoints.path(3)).unwrap().metadata()
    );
    let expected = [
        ("step", "3"),
        ("position", "0:3"),
        ("checkpoint.step", "3"),
        ("checkpoint.metric.nan", "NaN"),
        ("plateau.best", "inf"),
        ("rng", &run.rng.to_string()),
    ];
    for (key, text) in expected {
        assert_eq!(notes[key], text, "{key}");
    }
    assert!(notes.contains_key("model.drop1") && notes.contains_key("model.drop2"));

    let saved = Checkpoint::read(checkpoints.path(3)).unwrap();
    assert_eq!(saved.metrics()["loss"], f64::from(run.losses[2]));
    assert!(saved.metrics()["nan"].is_nan());
    let mut model = Run::<4>::new(5).model;
    model.load_state_dict(saved.part("model").unwrap()).unwrap();
    assert_eq!(model.state_dict(), run.model.state_dict());
    assert!(saved.part("checkpoint").is_none());
}
