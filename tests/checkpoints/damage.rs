//! Files that are not what was written, and folders that take none.

use std::fs;
use std::path::Path;

use volta::Error;
use volta::io::checkpoint::{CheckpointTrouble, Checkpoints, Parts};
use volta::io::safetensors;
use volta::prelude::*;
use volta::schedule::Mode;

use super::run::{Run, counter, empty, files};

/// A folder with two checkpoints of a run.
fn two(name: &str) -> Checkpoints {
    let mut checkpoints = Checkpoints::open(empty(name)).unwrap();
    let mut run = Run::<4>::new(0);
    run.train(2, |run| {
        checkpoints.save(run.step, &[("loss", 1.0)], run).unwrap();
    });
    checkpoints
}

fn starts_with(error: &Error, path: &Path) {
    assert!(
        error
            .to_string()
            .starts_with(&format!("{}: ", path.display())),
        "{error}"
    );
}

#[test]
fn a_damaged_file_is_named_and_no_older_one_is_taken_unasked() {
    let checkpoints = two("damaged");
    let newest = checkpoints.path(2);
    let whole = fs::read(&newest).unwrap();
    let header = 8 + u64::from_le_bytes(*whole.first_chunk().unwrap()) as usize;
    let mut lengths: Vec<usize> = (0..whole.len()).step_by(61).collect();
    lengths.extend([7, 8, header - 1, header, whole.len() - 1]);
    for length in lengths {
        fs::write(&newest, &whole[..length]).unwrap();
        // Whether it was damaged before the folder was opened or after.
        for checkpoints in [
            &checkpoints,
            &Checkpoints::open(checkpoints.folder()).unwrap(),
        ] {
            starts_with(&checkpoints.latest().unwrap_err(), &newest);
            assert_eq!(checkpoints.read(1).unwrap().step(), 1);
        }
        let opened = Checkpoints::open(checkpoints.folder()).unwrap();
        starts_with(&opened.best("loss", Mode::Min).unwrap_err(), &newest);
    }

    // Neither counted nor removed: the older one that is whole stays.
    let mut opened = Checkpoints::open(checkpoints.folder())
        .unwrap()
        .keep_last(2);
    for mut step in 3..6 {
        opened.save(step, &[], &mut counter(&mut step)).unwrap();
    }
    assert_eq!(opened.steps().collect::<Vec<_>>(), [2, 4, 5]);
    opened.remove_after(1).unwrap();
    assert_eq!(files(checkpoints.folder()), [""; 0]);
}

#[test]
fn no_bit_of_a_file_changes_unnoticed() {
    let mut checkpoints = Checkpoints::open(empty("bits")).unwrap();
    let mut layer = (Linear::<2, 2>::init(&mut Rng::seed(0)), 3_u64);
    let mut run = |parts: &mut Parts| {
        parts.model("model", &mut layer.0)?;
        parts.state("epoch", &mut layer.1)
    };
    checkpoints.save(2, &[("loss", 0.5)], &mut run).unwrap();
    let newest = checkpoints.path(2);
    let whole = fs::read(&newest).unwrap();
    let header = 8 + u64::from_le_bytes(*whole.first_chunk().unwrap()) as usize;
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        fs::write(&newest, &bytes).unwrap();
        match checkpoints.latest() {
            // There are two ways to write a blank.
            Ok(_) => assert!(unchanged(&newest, &whole), "byte {place}"),
            Err(error) => {
                starts_with(&error, &newest);
                let by_sum = matches!(
                    error,
                    Error::Checkpoint {
                        trouble: CheckpointTrouble::Checksum { .. },
                        ..
                    }
                );
                assert!(by_sum || place < header, "byte {place}: {error}");
            }
        }
    }
}

fn unchanged(path: &Path, whole: &[u8]) -> bool {
    let copy = path.with_extension("whole");
    fs::write(&copy, whole).unwrap();
    safetensors::load(path).unwrap() == safetensors::load(copy).unwrap()
}

#[test]
fn a_checkpoint_is_of_the_step_in_its_name() {
    let checkpoints = two("renamed");
    fs::rename(checkpoints.path(2), checkpoints.path(7)).unwrap();
    let mut opened = Checkpoints::open(checkpoints.folder())
        .unwrap()
        .keep_last(1);
    let error = opened.latest().unwrap_err();
    starts_with(&error, &checkpoints.path(7));
    let Error::Checkpoint { trouble, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(trouble, CheckpointTrouble::Step { found: 2 });
    opened.save(8, &[], &mut counter(&mut 8)).unwrap();
    assert_eq!(opened.steps().collect::<Vec<_>>(), [7, 8]);
}

#[test]
fn a_later_format_is_not_read() {
    let checkpoints = two("format");
    let path = checkpoints.path(2);
    let mut state = safetensors::load(&path).unwrap();
    let notes = state.metadata_mut();
    notes.insert("checkpoint.format".into(), "2".into());
    safetensors::save(&path, &state).unwrap();
    let error = checkpoints.latest().unwrap_err().to_string();
    assert!(
        error.ends_with("a checkpoint of format 2; 1 is read"),
        "{error}"
    );
}

/// A folder cannot be made where a file is; a superuser can write into all that are folders.
#[test]
fn a_folder_that_cannot_be_is_an_error() {
    let folder = empty("file-in-the-way");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("file");
    fs::write(&file, "").unwrap();
    for path in [file.clone(), file.join("runs")] {
        let error = Checkpoints::open(&path).unwrap_err();
        starts_with(&error, &path);
        assert!(matches!(error, Error::Io { .. }));
    }
}

#[test]
fn a_save_that_fails_leaves_what_was_saved() {
    let mut checkpoints = two("fails").keep_last(1);
    let folder = checkpoints.folder().to_owned();
    // A folder has the name: the file is complete, and cannot be renamed.
    fs::create_dir_all(checkpoints.path(3).join("inside")).unwrap();
    let before = files(&folder);
    let error = checkpoints.save(3, &[], &mut counter(&mut 3)).unwrap_err();
    starts_with(&error, &checkpoints.path(3));
    assert!(matches!(error, Error::Io { .. }));
    assert_eq!(files(&folder), before);
    assert_eq!(checkpoints.latest().unwrap().unwrap().step(), 2);

    // The folder goes while the run goes on.
    let moved = empty("fails-moved");
    fs::rename(&folder, &moved).unwrap();
    fs::write(&folder, "a file").unwrap();
    let error = checkpoints.save(4, &[], &mut counter(&mut 4)).unwrap_err();
    starts_with(&error, &checkpoints.path(4));
    fs::remove_file(&folder).unwrap();
    fs::rename(&moved, &folder).unwrap();
    assert_eq!(checkpoints.latest().unwrap().unwrap().step(), 2);
    checkpoints.save(4, &[], &mut counter(&mut 4)).unwrap();
    assert_eq!(checkpoints.latest().unwrap().unwrap().step(), 4);
}
