//! What is written into a safetensors file, and that it is all or nothing.

#[path = "common/folder.rs"]
mod folder;

use std::fs;

use folder::{files, folder};
use volta::io::{FileDtype, HostTensor, safetensors};
use volta::prelude::*;
use volta::{DtypeKind, Error, StateDict, StateProblem};

fn tensor<E: Dtype>(dims: &[usize], data: &[E]) -> HostTensor {
    let bytes = bytes(data);
    HostTensor::new(E::KIND, dims.to_vec(), bytes).unwrap()
}

/// Little-endian, on any machine: through the state of a model.
fn bytes<E: Dtype>(data: &[E]) -> Vec<u8> {
    #[derive(Module)]
    #[module(no_init)]
    struct Buffer<E: Dtype, B: Backend = Cpu> {
        #[module(buffer)]
        x: Tensor<s![Dyn], E, B>,
    }
    let x = Tensor::from_slice_with((Dyn(data.len()),), data).unwrap();
    let state = Buffer { x }.state_dict();
    state.get("x").unwrap().bytes().to_vec()
}

/// One tensor of every element type, and sizes that are awkward.
fn every_dtype() -> StateDict {
    let mut state = StateDict::new();
    let mut put = |key: &str, tensor| assert!(state.insert(key, tensor).is_none());
    put("bool", tensor(&[3], &[true, false, true]));
    put("u8", tensor(&[1], &[255_u8]));
    put("i32", tensor(&[2], &[i32::MIN, 7]));
    put("i64", tensor(&[1, 1], &[i64::MIN]));
    put(
        "f16",
        tensor(&[3], &[f16::ONE, f16::INFINITY, f16::from_f32(-0.1)]),
    );
    put("bf16", tensor(&[1], &[bf16::from_f32(3.0)]));
    put(
        "f32",
        tensor(&[2, 2], &[1.5_f32, -0.0, f32::MIN_POSITIVE, 1e30]),
    );
    put("f64", tensor(&[], &[std::f64::consts::PI]));
    for dtype in FileDtype::ALL {
        let bytes = dtype.bits() as u8;
        let bytes = (0..bytes).map(|byte| {
            if *dtype == DtypeKind::Bool {
                byte % 2
            } else {
                byte
            }
        });
        let tensor = HostTensor::new(*dtype, vec![2, 4], bytes.collect());
        put(&format!("file.{dtype}"), tensor.expect("eight elements"));
    }
    put("empty.0", tensor::<f32>(&[3, 0, 2], &[]));
    put("", tensor(&[1], &[1.0_f32]));
    put("a \"quoted\\\" näme\n", tensor(&[1], &[2.0_f32]));
    state
}

#[test]
fn every_dtype_comes_back() {
    let path = folder("dtypes").join("all.safetensors");
    let mut state = every_dtype();
    for metadata in [false, true] {
        if metadata {
            let notes = state.metadata_mut();
            notes.insert("format".to_owned(), "pt".to_owned());
            notes.insert("\"".to_owned(), "\u{1f980}".to_owned());
        }
        safetensors::save(&path, &state).unwrap();
        let read = safetensors::load(&path).unwrap();
        assert_eq!(read, state);
        assert!(read.keys().eq(state.keys()), "the order comes back, too");
        assert_eq!(
            read.get("i64").unwrap().to_vec::<i64>(),
            Some(vec![i64::MIN])
        );
        assert_eq!(read.get("i64").unwrap().to_vec::<f64>(), None);
    }
    assert_eq!(files(path.parent().unwrap()), ["all.safetensors"]);
}

fn reference(dtype: FileDtype) -> ::safetensors::Dtype {
    use ::safetensors::Dtype as To;
    match dtype {
        FileDtype::Bool => To::BOOL,
        FileDtype::U8 => To::U8,
        FileDtype::I8 => To::I8,
        FileDtype::U16 => To::U16,
        FileDtype::I16 => To::I16,
        FileDtype::U32 => To::U32,
        FileDtype::I32 => To::I32,
        FileDtype::U64 => To::U64,
        FileDtype::I64 => To::I64,
        FileDtype::F16 => To::F16,
        FileDtype::Bf16 => To::BF16,
        FileDtype::F32 => To::F32,
        FileDtype::F64 => To::F64,
        FileDtype::C64 => To::C64,
        FileDtype::F8E4m3 => To::F8_E4M3,
        FileDtype::F8E4m3Fnuz => To::F8_E4M3FNUZ,
        FileDtype::F8E5m2 => To::F8_E5M2,
        FileDtype::F8E5m2Fnuz => To::F8_E5M2FNUZ,
        FileDtype::F8E8m0 => To::F8_E8M0,
        FileDtype::F6E2m3 => To::F6_E2M3,
        FileDtype::F6E3m2 => To::F6_E3M2,
        FileDtype::F4 => To::F4,
        other => panic!("{other} has no name in the format"),
    }
}

#[test]
fn the_reference_implementation_reads_what_is_written() {
    let path = folder("read").join("file.safetensors");
    let mut state = every_dtype();
    state.metadata_mut().insert("by".into(), "volta".into());
    safetensors::save(&path, &state).unwrap();

    let bytes = fs::read(&path).unwrap();
    let read = ::safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(read.len(), state.len());
    for (key, tensor) in state.iter() {
        let view = read.tensor(key).unwrap();
        assert_eq!(view.dtype(), reference(tensor.dtype()), "{key}");
        assert_eq!(
            (view.shape(), view.data()),
            (tensor.dims(), tensor.bytes()),
            "{key}"
        );
        let offset = view.data().as_ptr() as usize - bytes.as_ptr() as usize;
        assert_eq!(
            offset % tensor.dtype().bits().div_ceil(8),
            0,
            "{key} is aligned"
        );
    }
    let (_, header) = ::safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let notes = header.metadata().as_ref().unwrap();
    assert_eq!(notes.get("by").map(String::as_str), Some("volta"));
}

#[test]
fn what_the_reference_implementation_writes_is_read() {
    let path = folder("written").join("file.safetensors");
    let state = every_dtype();
    let views = state.iter().map(|(key, tensor)| {
        let (dtype, dims) = (reference(tensor.dtype()), tensor.dims().to_vec());
        let view = ::safetensors::tensor::TensorView::new(dtype, dims, tensor.bytes());
        (key, view.unwrap())
    });
    fs::write(&path, ::safetensors::serialize(views, None).unwrap()).unwrap();
    assert_eq!(safetensors::load(&path).unwrap(), state);
}

#[derive(Module)]
struct Model<const H: usize, B: Backend = Cpu> {
    fc1: Linear<3, H, B>,
    #[module(frozen)]
    fc2: Linear<H, 2, B>,
    #[module(buffer, init = Tensor::full_on((), 0, device))]
    steps: Tensor<(), i64, B>,
    #[module(buffer, init = Tensor::full_on((D,), false, device))]
    mask: Tensor<s![3], bool, B>,
}

#[test]
fn a_model_comes_back() {
    let path = folder("model").join("model.safetensors");
    let mut model = Model::<4>::init(&mut Rng::seed(1));
    model.steps = Tensor::from_scalar(1 << 60);
    model.mask = Tensor::from_array([true, false, true]);
    model.save_safetensors(&path).unwrap();

    let mut other = Model::<4>::init(&mut Rng::seed(2));
    assert_ne!(other.state_dict(), model.state_dict());
    other.load_safetensors(&path).unwrap();
    assert_eq!(other.state_dict(), model.state_dict());
    assert_eq!(other.steps.item(), 1 << 60);
    assert_eq!(other.mask.to_vec(), [true, false, true]);

    let bytes = fs::read(&path).unwrap();
    let file = ::safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(
        file.tensor("fc1.weight").unwrap().shape(),
        [4, 3],
        "[out, in], as in PyTorch"
    );
}

#[test]
fn notes_are_saved_beside_the_tensors() {
    let path = folder("notes").join("model.safetensors");
    let model = Model::<4>::init(&mut Rng::seed(1));
    let notes = [("format", "pt"), ("epoch", "7")];
    model.save_safetensors_with(&path, notes).unwrap();
    let bytes = fs::read(&path).unwrap();
    let (_, header) = ::safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    assert_eq!(header.metadata().as_ref().unwrap()["format"], "pt");
    let mut other = Model::<4>::init(&mut Rng::seed(2));
    other.load_safetensors(&path).unwrap();
    assert_eq!(other.state_dict(), model.state_dict());
    assert_eq!(safetensors::load(&path).unwrap().metadata()["epoch"], "7");
}

#[test]
fn everything_that_does_not_fit_is_one_error() {
    let path = folder("misfit").join("model.safetensors");
    let mut state = Model::<4>::init(&mut Rng::seed(1)).state_dict();
    state.remove("fc1.bias").unwrap();
    state.insert("fc1.weight", tensor(&[3, 4], &[0.0_f32; 12]));
    state.insert("fc2.bias", tensor(&[2], &[0.0_f64; 2]));
    state.insert("fc3.bias", tensor(&[1], &[0.0_f32]));
    let no_bool = HostTensor::new(DtypeKind::Bool, vec![3], vec![0, 1, 2]).unwrap();
    state.insert("mask", no_bool);
    safetensors::save(&path, &state).unwrap();

    let mut model = Model::<4>::init(&mut Rng::seed(2));
    let before = model.state_dict();
    let error = model.load_safetensors(&path).unwrap_err();
    assert_eq!(model.state_dict(), before, "the model is left as it was");
    assert_eq!(
        error.to_string(),
        format!(
            "{}: the state does not fit the model:
  fc1.weight: the model has shape [4, 3], the state has [3, 4]
  missing: fc1.bias
  fc2.bias: the model has f32 elements, the state has f64
  mask: has bytes other than 0 and 1, which are no bool
  unexpected: fc3.bias",
            path.display()
        )
    );
    let Error::State { problems, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(problems[1], StateProblem::Missing("fc1.bias".to_owned()));
    assert_eq!(problems.len(), 5);
}

#[derive(Module)]
struct Twice<B: Backend = Cpu> {
    #[module(flatten)]
    one: Linear<1, 1, B>,
    #[module(flatten)]
    two: Linear<1, 1, B>,
}

#[test]
fn two_tensors_of_one_name_are_neither_saved_nor_loaded() {
    let folder = folder("twice");
    let path = folder.join("model.safetensors");
    let mut model: Twice = Init::init(&mut Rng::seed(0));
    let before = (model.one.weight.item_at(), model.two.weight.item_at());
    let duplicates = ["weight", "bias"].map(|key| StateProblem::Duplicate(key.to_owned()));
    let problems = |error| match error {
        Error::State { problems, .. } => problems,
        other => panic!("{other}"),
    };

    assert_eq!(
        problems(model.save_safetensors(&path).unwrap_err()),
        duplicates
    );
    assert_eq!(files(&folder), [""; 0]);
    assert_eq!(problems(StateDict::of(&model).unwrap_err()), duplicates);

    let state = model.one.state_dict();
    let error = model.load_state_dict(&state).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("duplicate: two tensors of the model have the name `weight`"),
        "{error}"
    );
    assert_eq!(problems(error), duplicates);
    assert_eq!(
        (model.one.weight.item_at(), model.two.weight.item_at()),
        before
    );
}

trait Item {
    fn item_at(&self) -> f32;
}

impl Item for Tensor<s![1, 1]> {
    fn item_at(&self) -> f32 {
        self[[0, 0]]
    }
}

#[test]
fn an_error_leaves_the_old_file_and_nothing_else() {
    let folder = folder("old");
    let path = folder.join("model.safetensors");
    let state = every_dtype();
    safetensors::save(&path, &state).unwrap();

    let mut reserved = StateDict::new();
    reserved.insert("__metadata__", tensor(&[1], &[1_u8]));
    let error = safetensors::save(&path, &reserved).unwrap_err().to_string();
    assert!(error.starts_with(path.to_str().unwrap()), "{error}");
    assert!(error.contains("`__metadata__`"), "{error}");
    assert_eq!(safetensors::load(&path).unwrap(), state);
    assert_eq!(files(&folder), ["model.safetensors"]);

    // A folder has the name: the file is complete, and cannot be renamed.
    let taken = folder.join("taken");
    fs::create_dir_all(taken.join("inside")).unwrap();
    let error = safetensors::save(&taken, &state).unwrap_err();
    assert!(
        error.to_string().starts_with(taken.to_str().unwrap()),
        "{error}"
    );
    assert!(matches!(error, Error::Io { .. }));
    assert_eq!(files(&folder), ["model.safetensors", "taken"]);

    let nowhere = folder.join("no/such/folder.safetensors");
    let error = safetensors::save(&nowhere, &state).unwrap_err().to_string();
    assert!(error.starts_with(nowhere.to_str().unwrap()), "{error}");
}

#[test]
fn readers_and_writers_at_once_see_whole_files() {
    let folder = folder("threads");
    let path = folder.join("model.safetensors");
    let state = |writer: u8| {
        let mut state = StateDict::new();
        state.insert("x", tensor(&[50_000], &[writer; 50_000]));
        state
    };
    safetensors::save(&path, &state(0)).unwrap();
    std::thread::scope(|scope| {
        for writer in 1..=4 {
            let (path, state) = (&path, &state);
            scope.spawn(move || {
                for _ in 0..5 {
                    safetensors::save(path, &state(writer)).unwrap();
                }
            });
            scope.spawn(move || {
                for _ in 0..20 {
                    let read = safetensors::load(path).unwrap();
                    let writer = read.get("x").unwrap().bytes()[0];
                    assert!(read == state(writer));
                }
            });
        }
    });
    assert_eq!(files(&folder), ["model.safetensors"]);
}

#[test]
fn names_are_found_in_big_states() {
    let n = 30_000;
    let mut state = StateDict::new();
    for i in 0..n {
        state.insert(format!("layers.{i}.weight"), tensor(&[1], &[i as u8]));
    }
    // 30,000 squared comparisons of names would take a minute.
    for i in (0..n).rev() {
        let key = format!("layers.{i}.weight");
        assert_eq!(state.get(&key).unwrap().bytes(), [i as u8]);
    }
    let path = folder("big").join("big.safetensors");
    safetensors::save(&path, &state).unwrap();
    assert_eq!(safetensors::load(&path).unwrap(), state);

    assert!(state.remove("layers.0.weight").is_some());
    assert!(state.remove("layers.0.weight").is_none());
    assert_eq!(state.len(), n - 1);
    assert_eq!(state.get("layers.7.weight").unwrap().bytes(), [7]);
    assert_eq!(state.keys().next(), Some("layers.1.weight"));
}
