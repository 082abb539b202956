//! Files that one side writes and the other reads: the state of a layer by itself, and its inputs
//! and outputs.

use std::fs;
use std::path::{Path, PathBuf};

use volta::io::{FileDtype, HostTensor, StateDict, safetensors};
use volta::nn::LstmState;
use volta::prelude::*;

/// How far outputs may be apart.
const TOLERANCE: f32 = 1e-5;

/// The outputs of a layer, one after the other.
pub(crate) trait Flat {
    fn flat(&self) -> Vec<f32>;
}

impl<S: Shape> Flat for Tensor<S> {
    fn flat(&self) -> Vec<f32> {
        self.to_vec()
    }
}

impl<S: Shape> Flat for LstmState<S> {
    fn flat(&self) -> Vec<f32> {
        (&self.h, &self.c).flat()
    }
}

impl<A: Flat, B: Flat> Flat for (A, B) {
    fn flat(&self) -> Vec<f32> {
        [self.0.flat(), self.1.flat()].concat()
    }
}

impl<A: Flat> Flat for &A {
    fn flat(&self) -> Vec<f32> {
        (*self).flat()
    }
}

/// The inputs of a layer.
pub(crate) struct Inputs(StateDict);

impl Inputs {
    /// An input by its name.
    pub(crate) fn input<S: StaticShape>(&self, name: &str) -> Tensor<S> {
        let input = self.0.get(name).and_then(HostTensor::tensor);
        input.unwrap_or_else(|| panic!("no input `{name}` of {:?}", S::SHAPE.dims().as_ref()))
    }
}

/// What became of a layer.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// How many tensors it has.
    pub(crate) keys: usize,
    /// How far the outputs are apart, or why there are none: where PyTorch loads what volta saved,
    /// and the other way round.
    pub(crate) apart: [Result<f32, String>; 2],
}

impl Row {
    pub(crate) fn holds(&self) -> bool {
        (self.apart.iter()).all(|apart| apart.as_ref().is_ok_and(|apart| *apart <= TOLERANCE))
    }
}

/// One way, then the other.
pub(crate) enum Exchange {
    /// Writes every layer into `volta` in this folder.
    Write(PathBuf),
    /// Reads what PyTorch wrote into `torch`.
    Read(PathBuf, Vec<Row>),
}

impl Exchange {
    pub(crate) fn layer<M: Module<Cpu>>(
        &mut self,
        name: &'static str,
        mut model: M,
        sizes: &[(&str, Vec<usize>)],
        forward: impl Fn(&M, &Inputs) -> Vec<f32>,
    ) -> Result<(), volta::Error> {
        model.eval();
        match self {
            Exchange::Write(folder) => {
                let mut rng = Rng::seed(2);
                let mut state = model.state_dict();
                disturb(&mut state, &mut rng);
                model.load_state_dict(&state)?;
                let mut file = StateDict::new();
                for (name, sizes) in sizes {
                    let x: Tensor<(Dyn,)> = draw(sizes.iter().product(), &mut rng);
                    file.insert(*name, host(sizes, &(x * 2.0 - 1.0).to_vec()));
                }
                let inputs = Inputs(file.clone());
                let y = forward(&model, &inputs);
                file.insert("outputs", host(&[y.len()], &y));
                let [state, rest] = files(folder, "volta", name);
                model.save_safetensors(state)?;
                safetensors::save(rest, &file)
            }
            Exchange::Read(folder, rows) => {
                let [state, rest] = files(folder, "torch", name);
                let rest = safetensors::load(rest)?;
                let note = |key: &str| rest.metadata().get(key).cloned().unwrap_or_default();
                let there = match note("trouble") {
                    trouble if trouble.is_empty() => {
                        note("apart").parse().map_err(|_| "no outputs".into())
                    }
                    trouble => Err(trouble),
                };
                let back = model.load_safetensors(state).map(|()| {
                    let y = forward(&model, &Inputs(rest.clone()));
                    let outputs = rest.get("outputs").and_then(HostTensor::to_vec);
                    apart(&y, &outputs.unwrap_or_default())
                });
                rows.push(Row {
                    name,
                    keys: model.state_dict().len(),
                    apart: [there, back.map_err(|error| error.to_string())],
                });
                Ok(())
            }
        }
    }
}

/// The state of a layer and what belongs to it, in the folder of a side.
fn files(folder: &Path, side: &str, name: &str) -> [PathBuf; 2] {
    let of = |ending: &str| {
        folder
            .join(side)
            .join(format!("{name}{ending}.safetensors"))
    };
    [of(""), of(", outputs")]
}

/// The greatest difference; infinite, if there is something on one side alone, or no number.
fn apart(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() || a.iter().chain(b).any(|x| !x.is_finite()) {
        return f32::INFINITY;
    }
    a.iter()
        .zip(b)
        .fold(0.0, |most, (a, b)| (a - b).abs().max(most))
}

fn draw(n: usize, rng: &mut Rng) -> Tensor<(Dyn,)> {
    Tensor::rand_with((Dyn(n),), rng)
}

fn host(dims: &[usize], data: &[f32]) -> HostTensor {
    let bytes = data.iter().flat_map(|x| x.to_le_bytes()).collect();
    HostTensor::new(FileDtype::F32, dims.to_vec(), bytes).expect("as many as the sizes say")
}

/// Adds something to every number, so that none has the value that it starts with on both sides.
/// A variance, which is 1 at first, stays above 0.
fn disturb(state: &mut StateDict, rng: &mut Rng) {
    let keys: Vec<String> = state.keys().map(str::to_owned).collect();
    for key in keys {
        let tensor = state.get(&key).expect("a key of it");
        if let Some(data) = tensor.to_vec::<f32>() {
            let more = ((draw(data.len(), rng) - 0.5) * 0.3).to_vec();
            let data: Vec<f32> = data.iter().zip(more).map(|(x, more)| x + more).collect();
            let tensor = host(tensor.dims(), &data);
            state.insert(key, tensor);
        }
    }
}

/// The folder of a side, empty.
pub(crate) fn folder(folder: &Path, side: &str) -> std::io::Result<()> {
    let folder = folder.join(side);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)
}
