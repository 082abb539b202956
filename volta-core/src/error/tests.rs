//! What each error says. A variant without an example does not compile here.

use super::*;
use crate::shape::runtime::ShapeErrorKind;

fn of(path: &str) -> PathBuf {
    PathBuf::from(path)
}

/// The place of a variant among the examples.
fn place(error: &Error) -> usize {
    match error {
        Error::Length { .. } => 0,
        Error::Shape { .. } => 1,
        Error::Sizes(_) => 2,
        Error::Device(_) => 3,
        Error::State { .. } => 4,
        Error::Io { .. } => 5,
        #[cfg(feature = "safetensors")]
        Error::Safetensors { .. } => 6,
        #[cfg(feature = "data")]
        Error::Idx { .. } => 7,
        #[cfg(feature = "data")]
        Error::Csv { .. } => 8,
        #[cfg(feature = "data")]
        Error::Npy { .. } => 9,
        #[cfg(feature = "npz")]
        Error::Npz { .. } => 10,
        #[cfg(feature = "data")]
        Error::Data(_) => 11,
        Error::KeyMap { .. } => 12,
        #[cfg(feature = "safetensors")]
        Error::Checkpoint { .. } => 13,
        #[cfg(feature = "safetensors")]
        Error::Index { .. } => 14,
        #[cfg(feature = "pytorch")]
        Error::Pytorch { .. } => 15,
    }
}

fn examples() -> Vec<(usize, Error, &'static str)> {
    vec![
        (
            0,
            Error::Length {
                found: 5,
                dims: vec![2, 3],
            },
            "5 elements for the shape [2, 3], which has 6",
        ),
        (
            1,
            Error::Shape {
                found: vec![32, 784],
                wanted: "[16, _]".to_owned(),
            },
            "a tensor of shape [32, 784] is no [16, _]",
        ),
        (
            2,
            ShapeError::new("reshape", &[6], &[4], ShapeErrorKind::Elements).into(),
            "reshape: (6,) has 6 elements, (4,) has 4",
        ),
        (
            3,
            DeviceError::Unsupported {
                device: "llvmpipe".to_owned(),
                what: "f64 arithmetic".to_owned(),
            }
            .into(),
            "llvmpipe has no f64 arithmetic: take another element type, or the CPU (`.to(&Cpu)`)",
        ),
        (
            4,
            Error::State {
                path: Some(of("net.safetensors")),
                problems: vec![
                    StateProblem::Missing("fc1.bias".to_owned()),
                    StateProblem::Unexpected("fc9.bias".to_owned()),
                ],
            },
            "net.safetensors: the state does not fit the model:\n  missing: fc1.bias\n  \
             unexpected: fc9.bias",
        ),
        (
            5,
            Error::Io {
                path: of("digits.gz"),
                source: io::Error::new(io::ErrorKind::NotFound, "not there"),
            },
            "digits.gz: not there",
        ),
        #[cfg(feature = "safetensors")]
        (
            6,
            Error::Safetensors {
                path: of("net.safetensors"),
                trouble: SafetensorsTrouble::Truncated {
                    declared: 32,
                    found: 5,
                },
            },
            "net.safetensors: cut off: its header declares 32 bytes of data, 5 are there",
        ),
        #[cfg(feature = "safetensors")]
        (
            14,
            Error::Index {
                path: of("model.safetensors.index.json"),
                trouble: IndexTrouble::Duplicate("fc.weight".to_owned()),
            },
            "model.safetensors.index.json: it names the tensor `fc.weight` twice",
        ),
        #[cfg(feature = "pytorch")]
        (
            15,
            Error::Pytorch {
                path: of("model.pt"),
                trouble: Box::new(PytorchTrouble::Safetensors),
            },
            "model.pt: it is a safetensors file: `volta::io::safetensors::load` reads it",
        ),
        #[cfg(feature = "data")]
        (
            7,
            Error::Idx {
                path: of("labels"),
                trouble: IdxTrouble::UnknownType(7),
            },
            "labels: the type 0x07 is none that IDX has (08 u8, 09 i8, 0b i16, 0c i32, 0d f32, \
             0e f64)",
        ),
        #[cfg(feature = "data")]
        (
            8,
            Error::Csv {
                path: of("iris.csv"),
                trouble: CsvTrouble::NoHeader,
            },
            "iris.csv: it has no header: it is empty",
        ),
        #[cfg(feature = "data")]
        (
            9,
            Error::Npy {
                path: of("x.npy"),
                trouble: NpyTrouble::Trailing { declared: 8 },
            },
            "x.npy: it goes on after the 8 bytes of data that its header declares",
        ),
        #[cfg(feature = "npz")]
        (
            10,
            Error::Npz {
                path: of("xs.npz"),
                trouble: NpzTrouble::Duplicate,
            },
            "xs.npz: two of its entries have one name",
        ),
        #[cfg(feature = "data")]
        (
            11,
            DataError::Rows(vec![3, 4]).into(),
            "the tensors of a data set have equally many rows, not [3, 4]",
        ),
        (
            12,
            Error::KeyMap {
                step: 2,
                what: "rename(\"a\", \"b\")".to_owned(),
                trouble: Box::new(KeyMapTrouble::Unmatched {
                    pattern: "a".to_owned(),
                    nearest: None,
                }),
            },
            "step 2 of the key map, rename(\"a\", \"b\"): no key matches `a`: there is none",
        ),
        #[cfg(feature = "safetensors")]
        (
            13,
            Error::Checkpoint {
                path: of("run.safetensors"),
                trouble: CheckpointTrouble::NoCheckpoint("volta.format".to_owned()),
            },
            "run.safetensors: no checkpoint: it has no note `volta.format`",
        ),
    ]
}

#[test]
fn every_error_names_the_thing_and_the_trouble() {
    for (number, error, words) in examples() {
        assert_eq!(place(&error), number);
        assert_eq!(error.to_string(), words);
    }
}

#[test]
fn a_shape_of_more_elements_than_can_be_counted() {
    let error = Error::Length {
        found: 2,
        dims: vec![1 << 40, 1 << 40],
    };
    assert_eq!(
        error.to_string(),
        "2 elements for the shape [1099511627776, 1099511627776], which has more than can be \
         counted"
    );
}

#[test]
fn every_problem_of_a_state_names_its_tensor() {
    let known = |problem: &StateProblem| match problem {
        StateProblem::Missing(_) => 0,
        StateProblem::Unexpected(_) => 1,
        StateProblem::Shape { .. } => 2,
        StateProblem::Duplicate(_) => 3,
        StateProblem::NotBool(_) => 4,
        StateProblem::Steps { .. } => 5,
        StateProblem::Dtype { .. } => 6,
        StateProblem::Note { .. } => 7,
    };
    let key = || "fc1.weight".to_owned();
    let cases = [
        (StateProblem::Missing(key()), "missing: fc1.weight"),
        (StateProblem::Unexpected(key()), "unexpected: fc1.weight"),
        (
            StateProblem::Shape {
                key: key(),
                wanted: vec![10, 784],
                found: vec![10, 100],
            },
            "fc1.weight: the model has shape [10, 784], the state has [10, 100]",
        ),
        (
            StateProblem::Duplicate(key()),
            "duplicate: two tensors of the model have the name `fc1.weight`",
        ),
        (
            StateProblem::NotBool(key()),
            "fc1.weight: has bytes other than 0 and 1, which are no bool",
        ),
        (
            StateProblem::Steps {
                key: key(),
                found: -1,
            },
            "fc1.weight: -1 is no number of steps",
        ),
        (
            StateProblem::Dtype {
                key: key(),
                wanted: DtypeKind::F32,
                found: DtypeKind::F64.into(),
            },
            "fc1.weight: the model has f32 elements, the state has f64",
        ),
        (
            StateProblem::Note {
                key: "epoch".to_owned(),
                found: "x".to_owned(),
                wanted: "number",
            },
            "epoch: `x` is no number",
        ),
    ];
    for (place, (problem, words)) in cases.into_iter().enumerate() {
        assert_eq!(known(&problem), place);
        assert_eq!(problem.to_string(), words);
    }
}
