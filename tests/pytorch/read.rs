//! What PyTorch writes is read.

use std::ops::Range;

use volta::StateDict;
use volta::io::{FileDtype, HostTensor, pytorch, safetensors};
use volta::prelude::*;

use super::{bytes, fixture, parse};

/// The files that are read. Beside each are its tensors as a safetensors file.
pub(crate) const READ: [&str; 13] = [
    "attributes",
    "big_endian",
    "checkpoint",
    "deflated",
    "dtypes",
    "linear",
    "no_sums",
    "protocol2",
    "protocol3",
    "protocol4",
    "protocol5",
    "tensor",
    "views",
];

pub(crate) fn expected(name: &str) -> StateDict {
    safetensors::load(fixture(&format!("{name}.safetensors"))).unwrap()
}

fn load(name: &str) -> StateDict {
    pytorch::load(fixture(&format!("{name}.pt"))).unwrap()
}

#[test]
fn what_pytorch_writes_is_read() {
    for name in READ {
        let (state, expected) = (load(name), expected(name));
        assert_eq!(state.len(), expected.len(), "{name}");
        for (key, tensor) in expected.iter() {
            assert_eq!(state.get(key), Some(tensor), "{name}: {key}");
        }
    }
}

#[test]
fn every_element_type_of_pytorch_is_read() {
    let state = load("dtypes");
    let found: Vec<FileDtype> = state.iter().map(|(_, tensor)| tensor.dtype()).collect();
    for dtype in FileDtype::ALL {
        let is_of_six_bits = matches!(dtype, FileDtype::F6E2m3 | FileDtype::F6E3m2);
        assert_eq!(found.contains(dtype), !is_of_six_bits, "{dtype}");
    }
    let numbers = |key: &str| state.get(key).unwrap().cast_to_vec::<f32>().unwrap();
    assert_eq!(numbers("float8_e4m3fn"), [1.0, 2.0, 96.0]);
    assert_eq!(numbers("uint64"), [1.0, 2.0, 96.0]);
    let four = state.get("float4_e2m1fn_x2").unwrap();
    assert_eq!(four.dims(), [1, 4]);
    assert_eq!(numbers("float4_e2m1fn_x2"), [0.5, 1.0, 1.5, 2.0]);
}

#[test]
fn a_model_takes_the_state() {
    let mut layer: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
    layer.load_state_dict(&load("linear")).unwrap();
    let weight = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25];
    assert_eq!(layer.weight.to_vec(), weight);
    let names: Vec<String> = load("linear").keys().map(str::to_owned).collect();
    assert_eq!(names, ["weight", "bias"]);
}

#[test]
fn what_is_no_tensor_is_a_note() {
    let state = load("checkpoint");
    let notes = state.metadata();
    for (key, note) in [
        ("epoch", "3"),
        ("loss", "0.25"),
        ("name", "a run"),
        ("done", "True"),
        ("best", "None"),
        ("large", "1180591620717411303425"),
        ("small", "-1099511627776"),
        (
            "huge",
            "-0x0100000000000000000000000000000000000000000000000000",
        ),
        ("shape", "(2, 3)"),
        ("dtype", "torch.float32"),
        ("device", "cuda:1"),
        ("layout", "torch.strided"),
        ("bytes", "b\"\\x00yes\\xff\""),
        ("bytearray", "b\"no\""),
        ("set", "{7}"),
        ("frozen", "{\"x\"}"),
        ("complex", "(1.0-2.0j)"),
        ("counter.a", "2"),
        ("default.b", "1"),
        ("mixed", "[1, 2.5, \"three\", (None, False)]"),
        ("pair.1", "5"),
        ("empty.1", "[]"),
        ("optimizer.param_groups.0.lr", "0.01"),
        ("optimizer.param_groups.0.betas", "(0.9, 0.999)"),
        ("optimizer.param_groups.0.params", "[0, 1]"),
    ] {
        assert_eq!(notes.get(key).map(String::as_str), Some(note), "{key}");
    }
    assert!(notes.keys().all(|key| !key.starts_with("model")));
}

#[test]
fn one_dict_of_a_checkpoint_is_read() {
    let path = fixture("checkpoint.pt");
    let model = pytorch::load_key(&path, "model").unwrap();
    assert_eq!(model.keys().collect::<Vec<_>>(), ["weight", "bias"]);
    assert!(model.metadata().is_empty());
    let group = pytorch::load_key(&path, "optimizer.param_groups.0").unwrap();
    assert_eq!((group.len(), group.metadata()["lr"].as_str()), (0, "0.01"));
    let empty = pytorch::load_key(&path, "empty.0").unwrap();
    assert!(empty.is_empty() && empty.metadata().is_empty());

    let error = pytorch::load_key(&path, "mode").unwrap_err().to_string();
    let keys = "it has no dict `mode`, but [\"model\", \"optimizer\", \"epoch\"";
    assert!(error.contains(keys), "{error}");
    for key in ["epoch", "model.weight", "state_dict", ""] {
        let error = pytorch::load_key(&path, key).unwrap_err().to_string();
        assert!(error.contains("it has no dict"), "{key}: {error}");
    }
    // What is elsewhere is not looked at.
    assert!(pytorch::load(fixture("twice.pt")).is_err());
}

#[test]
fn elements_are_those_of_the_file() {
    let state = load("views");
    let at = |key: &str| -> Range<*const u8> { state.get(key).unwrap().bytes().as_ptr_range() };
    let whole = at("whole");
    assert_eq!(at("tied"), whole);
    for key in ["row", "rows", "element"] {
        assert!(
            whole.start < at(key).start && at(key).end <= whole.end,
            "{key}"
        );
    }
    for key in ["permuted", "column", "stepped", "transposed"] {
        assert!(!whole.contains(&at(key).start), "{key}");
    }
    // Elements of a file that is not compressed start where PyTorch aligned them.
    assert_eq!(load("linear").get("weight").unwrap().dims(), [2, 3]);
}

#[test]
fn files_without_sums_are_read_unchecked_and_others_are_not() {
    let change = |name: &str| {
        let mut bytes = bytes(name);
        let three = 3.0_f32.to_le_bytes();
        let place = bytes.windows(4).position(|word| word == three).unwrap();
        bytes[place..place + 4].copy_from_slice(&9.0_f32.to_le_bytes());
        parse(&bytes)
    };
    let changed = change("no_sums.pt").unwrap();
    let weight: Tensor<s![4]> = changed.get("weight").and_then(HostTensor::tensor).unwrap();
    assert_eq!(weight.to_vec(), [0.0, 1.0, 2.0, 9.0]);
    let error = change("protocol2.pt").unwrap_err().to_string();
    assert!(error.contains("entry `data/0` is damaged"), "{error}");
}
