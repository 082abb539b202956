//! From the names, layouts and element types of a state to those of a model, and what is said of
//! what does not fit.

use volta::io::{FileDtype, HostTensor, KeyMap, KeyMapTrouble, LoadOptions};
use volta::prelude::*;
use volta::{DtypeKind, Error, StateDict, StateProblem};

fn f32s(dims: &[usize], data: &[f32]) -> HostTensor {
    let bytes = data.iter().flat_map(|x| x.to_le_bytes()).collect();
    HostTensor::new(DtypeKind::F32, dims.to_vec(), bytes).unwrap()
}

/// Tensors of these names and sizes, each with elements of its own.
fn state(tensors: &[(&str, &[usize])]) -> StateDict {
    let mut state = StateDict::new();
    for (place, (key, dims)) in tensors.iter().enumerate() {
        let n = dims.iter().product::<usize>();
        let data: Vec<f32> = (0..n).map(|i| (100 * place + i) as f32).collect();
        assert!(state.insert(*key, f32s(dims, &data)).is_none());
    }
    state
}

fn keys(state: &StateDict) -> Vec<&str> {
    state.keys().collect()
}

fn values(state: &StateDict, key: &str) -> Vec<f32> {
    state.get(key).unwrap().to_vec().unwrap()
}

/// The message of a map that does not apply, and the trouble.
fn trouble(map: KeyMap, state: &StateDict) -> (String, KeyMapTrouble) {
    let error = map.apply(state).unwrap_err();
    let message = error.to_string();
    match error {
        Error::KeyMap { trouble, .. } => (message, *trouble),
        other => panic!("{other}"),
    }
}

#[test]
fn names_change_and_tensors_are_shared() {
    let mut file = state(&[
        ("bert.emb.gamma", &[2]),
        ("bert.layer.0.gamma", &[2]),
        ("bert.layer.0.fc.weight", &[2, 3]),
        ("cls.bias", &[2]),
        ("steps", &[1]),
    ]);
    file.metadata_mut().insert("format".into(), "pt".into());
    let map = KeyMap::new()
        .strip_prefix("bert.")
        .rename("**.gamma", "$1.weight")
        .replace_prefix("layer", "blocks")
        .rename("steps", "num_steps")
        .exclude(["cls.**"]);
    let mapped = map.apply(&file).unwrap();
    assert_eq!(
        keys(&mapped),
        [
            "emb.weight",
            "blocks.0.weight",
            "blocks.0.fc.weight",
            "num_steps"
        ]
    );
    assert_eq!(mapped.metadata()["format"], "pt");
    let at = |state: &StateDict, key: &str| state.get(key).unwrap().bytes().as_ptr();
    assert_eq!(at(&mapped, "emb.weight"), at(&file, "bert.emb.gamma"));

    let added = KeyMap::new().add_prefix("model").apply(&mapped).unwrap();
    assert_eq!(keys(&added)[3], "model.num_steps");
    let some = KeyMap::new()
        .select(["blocks.*.weight", "num*"])
        .apply(&mapped)
        .unwrap();
    assert_eq!(keys(&some), ["blocks.0.weight", "num_steps"]);
    assert_eq!(KeyMap::new().apply(&file).unwrap(), file);
}

#[test]
fn layouts_change() {
    let file = state(&[("w", &[2, 3]), ("k", &[1, 2, 3, 4]), ("b", &[3])]);
    let map = KeyMap::new().transpose("w").permute("k", [3, 2, 0, 1]);
    let mapped = map.apply(&file).unwrap();
    assert_eq!(mapped.get("w").unwrap().dims(), [3, 2]);
    assert_eq!(values(&mapped, "w"), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
    assert_eq!(mapped.get("k").unwrap().dims(), [4, 3, 1, 2]);
    assert_eq!(values(&mapped, "k")[..4], [100.0, 112.0, 104.0, 116.0]);
    let half = KeyMap::new()
        .cast("*", DtypeKind::F16)
        .apply(&file)
        .unwrap();
    assert_eq!(half.get("b").unwrap().dtype(), DtypeKind::F16);
    assert_eq!(
        half.get("b").unwrap().cast_to_vec::<f32>().unwrap(),
        [200.0, 201.0, 202.0]
    );
}

#[test]
fn what_is_split_is_merged_again() {
    let file = state(&[
        ("h.0.qkv.weight", &[6, 2]),
        ("h.0.qkv.bias", &[6]),
        ("h.0.out", &[1]),
    ]);
    for sizes in [[2, 2, 2], [4, 1, 1], [0, 6, 0]] {
        let parts = ["q", "k", "v"].map(|part| format!("h.$1.{part}.$2"));
        let split = match sizes {
            [2, 2, 2] => KeyMap::new().split("h.*.qkv.*", 0, parts),
            _ => KeyMap::new().split_sizes("h.*.qkv.*", 0, parts.into_iter().zip(sizes)),
        };
        let apart = split.apply(&file).unwrap();
        assert_eq!(
            keys(&apart),
            [
                "h.0.q.weight",
                "h.0.k.weight",
                "h.0.v.weight",
                "h.0.q.bias",
                "h.0.k.bias",
                "h.0.v.bias",
                "h.0.out",
            ]
        );
        let end = sizes[0] * 2;
        assert_eq!(
            values(&apart, "h.0.q.weight"),
            values(&file, "h.0.qkv.weight")[..end]
        );
        let merge = KeyMap::new().merge(["h.*.q.*", "h.*.k.*", "h.*.v.*"], 0, "h.$1.qkv.$2");
        let again = merge.apply(&apart).unwrap();
        assert_eq!(again, file);
        assert_eq!(keys(&again), keys(&file));
    }
    let columns = KeyMap::new().split("h.0.qkv.weight", 1, ["a", "b"]);
    let columns = columns.apply(&file).unwrap();
    assert_eq!(values(&columns, "b"), [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]);
    let again = KeyMap::new()
        .merge(["a", "b"], 1, "w")
        .apply(&columns)
        .unwrap();
    assert_eq!(values(&again, "w"), values(&file, "h.0.qkv.weight"));
}

#[test]
fn a_function_of_ones_own_does_the_rest() {
    let file = state(&[("a", &[2]), ("b", &[3]), ("c", &[1])]);
    let map = KeyMap::new().map(|key, x| match key {
        "a" => Ok(None),
        "b" => Ok(Some((
            "B".to_owned(),
            x.narrow(0, 1, 1).ok_or("too short")?,
        ))),
        _ => Ok(Some((key.to_owned(), x.clone()))),
    });
    let mapped = map.apply(&file).unwrap();
    assert_eq!(keys(&mapped), ["B", "c"]);
    assert_eq!(values(&mapped, "B"), [101.0]);

    let fails = KeyMap::new()
        .rename("a", "x")
        .map(|_, _| Err("no such luck".into()));
    let (message, _) = trouble(fails, &file);
    assert_eq!(message, "step 2 of the key map, map: `x`: no such luck");
}

#[test]
fn a_copy_goes_if_it_is_one() {
    let file = state(&[("wte.weight", &[2, 3]), ("bias", &[3])]);
    let both = KeyMap::new()
        .copy("wte.*", "lm_head.$1")
        .apply(&file)
        .unwrap();
    assert_eq!(keys(&both), ["wte.weight", "lm_head.weight", "bias"]);
    let tied = KeyMap::new().tied("lm_head.*", "wte.$1");
    assert_eq!(tied.apply(&both).unwrap(), file);

    let mut other = both.clone();
    other.insert("lm_head.weight", f32s(&[2, 3], &[0.0; 6]));
    let (message, _) = trouble(tied.clone(), &other);
    assert!(
        message.ends_with("`lm_head.weight` is no copy of `wte.weight`, which differs from it"),
        "{message}"
    );
    other.remove("wte.weight");
    let (message, _) = trouble(tied, &other);
    assert!(message.ends_with("which is not there"), "{message}");
    let each_other = KeyMap::new()
        .tied("*.weight", "lm_head.weight")
        .apply(&both)
        .unwrap();
    assert_eq!(each_other, both, "of copies of each other none goes");
}

#[test]
fn a_step_that_fails_says_which_and_why() {
    let file = state(&[
        ("layers.0.weight", &[4, 3]),
        ("layers.0.bias", &[4]),
        ("layers.1.weight", &[4, 4]),
        ("q", &[2, 3]),
        ("k", &[2, 2]),
    ]);
    for (map, message) in [
        (
            KeyMap::new()
                .rename("layers.*", "$1")
                .optional()
                .rename("layrs.*.bias", "$1.b"),
            "step 2 of the key map, rename(\"layrs.*.bias\", \"$1.b\"): no key matches \
             `layrs.*.bias`; the nearest is `layers.0.bias`",
        ),
        (
            KeyMap::new().strip_prefix("layer"),
            "step 1 of the key map, strip_prefix(\"layer\"): no key matches `layer.**`; the \
             nearest is `layers.0.weight`",
        ),
        (
            KeyMap::new().select(["q", "v"]),
            "step 1 of the key map, select([\"q\", \"v\"]): no key matches `v`; the nearest is `q`",
        ),
        (
            KeyMap::new().rename("layers.*.weight", "weight"),
            "step 1 of the key map, rename(\"layers.*.weight\", \"weight\"): `layers.0.weight` and \
             `layers.1.weight` would both have the name `weight`",
        ),
        (
            KeyMap::new().rename("q", "k"),
            "step 1 of the key map, rename(\"q\", \"k\"): `q` and `k` would both have the name `k`",
        ),
        (
            KeyMap::new().rename("a***", "b"),
            "step 1 of the key map, rename(\"a***\", \"b\"): `a***` is no pattern: `***` is neither \
             `*` nor `**`",
        ),
        (
            KeyMap::new().rename("a\\b", "b"),
            "step 1 of the key map, rename(\"a\\\\b\", \"b\"): `a\\b` is no pattern: `\\` stands \
             before `*` or `\\` alone",
        ),
        (
            KeyMap::new().rename("layers.*", "l.$2"),
            "step 1 of the key map, rename(\"layers.*\", \"l.$2\"): `l.$2` is no replacement: `$2`, \
             and the pattern has one wildcard",
        ),
        (
            KeyMap::new().transpose("layers.0.*"),
            "step 1 of the key map, transpose(\"layers.0.*\"): `layers.0.bias` has the shape [4]: \
             there are no two axes to change places",
        ),
        (
            KeyMap::new().permute("q", [0, 0]),
            "step 1 of the key map, permute(\"q\", [0, 0]): `q` has the shape [2, 3]: [0, 0] is no \
             order of its axes",
        ),
        (
            KeyMap::new().split("layers.0.weight", 0, ["a", "b", "c"]),
            "step 1 of the key map, split(\"layers.0.weight\", 0, [\"a\", \"b\", \"c\"]): \
             `layers.0.weight` has the shape [4, 3]: axis 0 does not split into 3 equal parts",
        ),
        (
            KeyMap::new().split("q", 2, ["a"]),
            "step 1 of the key map, split(\"q\", 2, [\"a\"]): `q` has the shape [2, 3], which has no \
             axis 2",
        ),
        (
            KeyMap::new().split("q", 0, [""; 0]),
            "step 1 of the key map, split(\"q\", 0, []): it names no part",
        ),
        (
            KeyMap::new().split_sizes("q", 1, [("a", 1), ("b", usize::MAX)]),
            "step 1 of the key map, split_sizes(\"q\", 1, [(\"a\", 1), (\"b\", \
             18446744073709551615)]): `q` has the shape [2, 3]: the parts [1, \
             18446744073709551615] do not make up axis 1",
        ),
        (
            KeyMap::new().split("q", 0, ["k", "q2"]),
            "step 1 of the key map, split(\"q\", 0, [\"k\", \"q2\"]): `q` and `k` would both have \
             the name `k`",
        ),
        (
            KeyMap::new().merge(["q", "k"], 0, "qk"),
            "step 1 of the key map, merge([\"q\", \"k\"], 0, \"qk\"): `q` [2, 3] of f32 and `k` \
             [2, 2] of f32 do not join along axis 0",
        ),
        (
            KeyMap::new().merge(["q", "k"], 1, "layers.0.bias"),
            "step 1 of the key map, merge([\"q\", \"k\"], 1, \"layers.0.bias\"): `layers.0.bias` \
             and `q` would both have the name `layers.0.bias`",
        ),
        (
            KeyMap::new().merge(["layers.*.weight", "layers.*.bias"], 0, "all.$1"),
            "step 1 of the key map, merge([\"layers.*.weight\", \"layers.*.bias\"], 0, \"all.$1\"): \
             `layers.0.weight` [4, 3] of f32 and `layers.0.bias` [4] of f32 do not join along axis 0",
        ),
        (
            KeyMap::new()
                .exclude(["layers.0.bias"])
                .merge(["*.*.weight", "*.*.bias"], 0, "$2"),
            "step 2 of the key map, merge([\"*.*.weight\", \"*.*.bias\"], 0, \"$2\"): `0` lacks a \
             part: no key matches `*.*.bias` beside `layers.0.weight`",
        ),
        (
            KeyMap::new().merge(["layers.*.weight", "v"], 0, "all"),
            "step 1 of the key map, merge([\"layers.*.weight\", \"v\"], 0, \"all\"): \
             `layers.0.weight` and `layers.1.weight` are both the part `layers.*.weight` of `all`",
        ),
        (
            KeyMap::new().merge(["x", "y"], 0, "z"),
            "step 1 of the key map, merge([\"x\", \"y\"], 0, \"z\"): no key matches `x`; the \
             nearest is `q`",
        ),
    ] {
        assert_eq!(trouble(map, &file).0, message);
    }
    let (message, _) = trouble(KeyMap::new().rename("a", "b"), &StateDict::new());
    assert!(
        message.ends_with("no key matches `a`: there is none"),
        "{message}"
    );
}

#[test]
fn elements_that_share_bytes_stay_where_they_are() {
    let mut file = StateDict::new();
    file.insert(
        "w",
        HostTensor::new(FileDtype::F4, vec![2, 2], vec![0; 2]).unwrap(),
    );
    let (message, _) = trouble(KeyMap::new().transpose("w"), &file);
    assert!(message.ends_with("`w` has f4 elements, which share bytes: they stay as they are"));
    let (_, split) = trouble(KeyMap::new().split("w", 1, ["a", "b"]), &file);
    assert!(matches!(split, KeyMapTrouble::SharedBytes { .. }));
    assert!(KeyMap::new().split("w", 0, ["a", "b"]).apply(&file).is_ok());
    file.insert(
        "c",
        HostTensor::new(FileDtype::C64, vec![1], vec![0; 8]).unwrap(),
    );
    let (message, _) = trouble(KeyMap::new().cast("c", DtypeKind::F32), &file);
    assert!(
        message.ends_with("`c`: its c64 elements do not cast to f32"),
        "{message}"
    );
}

#[derive(Module)]
struct Model<B: Backend = Cpu> {
    fc: Linear<2, 3, B>,
    #[module(buffer, init = Tensor::full_on((D,), false, device))]
    mask: Tensor<s![3], bool, B>,
    norm: BatchNorm1d<3, B>,
}

fn model(seed: u64) -> Model {
    Init::init(&mut Rng::seed(seed))
}

fn problems(error: Error) -> Vec<StateProblem> {
    match error {
        Error::State { problems, .. } => problems,
        other => panic!("{other}"),
    }
}

#[test]
fn each_difference_is_allowed_by_itself() {
    let whole = model(0).state_dict();
    let change = |change: &dyn Fn(&mut StateDict)| {
        let mut state = whole.clone();
        change(&mut state);
        state
    };
    let missing = change(&|state| drop(state.remove("norm.running_mean")));
    let unexpected = change(&|state| drop(state.insert("head", f32s(&[1], &[0.0]))));
    let mis_shaped = change(&|state| drop(state.insert("fc.bias", f32s(&[2], &[0.0; 2]))));
    let half = KeyMap::new()
        .cast("fc.*", DtypeKind::F16)
        .apply(&whole)
        .unwrap();
    let strict = LoadOptions::strict();
    let allowed = [
        (&missing, strict.allow_missing(true)),
        (&unexpected, strict.allow_unexpected(true)),
        (&mis_shaped, strict.allow_mis_shaped(true)),
        (&half, strict.cast(true)),
    ];
    for (i, (state, _)) in allowed.iter().enumerate() {
        for (j, (_, options)) in allowed.iter().enumerate() {
            let mut loaded = model(1);
            let before = loaded.state_dict();
            match loaded.load_state_dict_with(state, *options) {
                Ok(report) => {
                    assert_eq!(i, j, "{report}");
                    assert_eq!(report.is_complete(), i == 3);
                    assert_ne!(loaded.state_dict(), before);
                }
                Err(error) => {
                    assert_ne!(i, j, "{error}");
                    assert_eq!(loaded.state_dict(), before, "left as it was");
                }
            }
        }
        let error = model(1).load_state_dict(state).unwrap_err();
        assert_eq!(problems(error).len(), if i == 3 { 2 } else { 1 });
    }
}

#[test]
fn a_report_names_what_was_not_loaded() {
    let mut file = model(0).state_dict();
    file.remove("norm.bias");
    file.insert("fc.weight", f32s(&[3, 1], &[0.0; 3]));
    file.insert("head.weight", f32s(&[1], &[0.0]));
    let half = KeyMap::new().cast("norm.weight", DtypeKind::Bf16);
    let file = half.cast("fc.bias", DtypeKind::F64).apply(&file).unwrap();

    let mut loaded = model(1);
    let before = loaded.state_dict();
    let options = LoadOptions::partial().cast(true);
    let report = loaded.load_state_dict_with(&file, options).unwrap();
    assert_eq!(
        report.to_string(),
        "6 tensors loaded, 1 cast from f64 to f32, 1 cast from bf16 to f32, 1 missing, 1 \
         unexpected, 1 of another shape
  missing: norm.bias
  unexpected: head.weight
  fc.weight: the model has shape [3, 2], the state has [3, 1]"
    );
    assert!(!report.is_complete());
    let after = loaded.state_dict();
    for key in ["norm.bias", "fc.weight"] {
        assert_eq!(after.get(key), before.get(key), "{key} keeps its values");
    }
    assert_eq!(
        values(&after, "fc.bias"),
        values(&model(0).state_dict(), "fc.bias")
    );
    assert_eq!(loaded.norm.running_mean.get().to_vec(), [0.0; 3]);

    let report = loaded
        .load_state_dict_with(&StateDict::new(), LoadOptions::partial())
        .unwrap();
    assert_eq!(report.loaded, [""; 0]);
    assert_eq!(report.missing.len(), after.len());
}

#[test]
fn what_casts_to_nothing_is_an_error_with_a_cast_too() {
    let mut file = model(0).state_dict();
    let complex = HostTensor::new(FileDtype::C64, vec![3], vec![0; 24]).unwrap();
    file.insert("fc.bias", complex);
    let no_bool = HostTensor::new(FileDtype::Bool, vec![3], vec![0, 1, 2]).unwrap();
    file.insert("mask", no_bool.clone());
    file.insert("norm.weight", no_bool);
    let mut loaded = model(1);
    let before = loaded.state_dict();
    let options = LoadOptions::partial().cast(true);
    let problems = problems(loaded.load_state_dict_with(&file, options).unwrap_err());
    assert_eq!(loaded.state_dict(), before);
    let (wanted, found) = (DtypeKind::F32, FileDtype::C64);
    let key = "fc.bias".to_owned();
    assert_eq!(
        problems,
        [
            StateProblem::Dtype { key, wanted, found },
            StateProblem::NotBool("mask".to_owned()),
            StateProblem::NotBool("norm.weight".to_owned()),
        ]
    );
}

#[test]
fn every_element_type_is_cast_to_that_of_the_model() {
    for dtype in FileDtype::ALL {
        let bytes = dtype.bits();
        let x = HostTensor::new(*dtype, vec![8], vec![1; bytes]).unwrap();
        let mut state = StateDict::new();
        state.insert("", x.clone());
        let mut loaded: Tensor<s![8]> = Tensor::zeros();
        let loading = loaded.load_state_dict_with(&state, LoadOptions::strict().cast(true));
        match x.cast_to_vec::<f32>() {
            Some(values) => {
                assert_eq!(loaded.to_vec(), values, "{dtype}");
                assert_eq!(
                    loading.unwrap().cast.len(),
                    usize::from(*dtype != DtypeKind::F32)
                );
            }
            None => assert!(matches!(
                problems(loading.unwrap_err())[..],
                [StateProblem::Dtype { .. }]
            )),
        }
    }
}

/// A tie is one parameter that is used twice: it is trained by both uses, and is in a file once.
#[test]
fn a_tied_parameter_stays_one() {
    #[derive(Module)]
    struct Tied<B: Backend = Cpu> {
        words: Embedding<5, 2, B>,
    }
    let mut model: Tied = Init::init(&mut Rng::seed(0));
    let text: Tensor<s![3], i64> = Tensor::from_array([0, 1, 1]);
    let classes: Tensor<s![3], i64> = Tensor::from_array([1, 1, 4]);
    let loss = |weight: &Tensor<s![5, 2], f32, Taped<Cpu>>,
                out: &Tensor<s![5, 2], f32, Taped<Cpu>>| {
        let rows = weight.index_select::<0, _>(&text);
        rows.matmul(&out.transpose::<0, 1>())
            .cross_entropy(&classes)
    };
    let weight: Tensor<s![5, 2]> = (*model.words.weight).clone();
    let apart = grad(&(weight.clone(), weight), |(a, b)| loss(a, b));
    let tied = grad(&model, |model| {
        let x = model.words.forward(&text);
        model.words.unembed(&x).cross_entropy(&classes)
    });
    let sum = (&apart.0 + &apart.1).to_vec();
    for (a, b) in tied.words.weight.to_vec().iter().zip(sum) {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }

    let file = KeyMap::new().copy("words.weight", "lm_head.weight");
    let file = file.apply(&model.state_dict()).unwrap();
    Sgd::new(0.1).step(&mut model, &tied);
    assert_ne!(
        model.state_dict().get("words.weight"),
        file.get("words.weight")
    );
    let tie = KeyMap::new().tied("lm_head.weight", "words.weight");
    model.load_state_dict(&tie.apply(&file).unwrap()).unwrap();
    assert_eq!(
        model.state_dict().get("words.weight"),
        file.get("lm_head.weight")
    );
}
