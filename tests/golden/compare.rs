//! Reads a file of fixtures and compares what volta computes with it.

use std::cell::RefCell;
use std::collections::BTreeSet;

use safetensors::{Dtype as Stored, SafeTensors};
use volta::nn::{Path, Visitor, VisitorMut};
use volta::prelude::*;

/// Where the cases run: on the CPU, or with the feature `gpu` on a GPU.
#[cfg(not(feature = "gpu"))]
pub(crate) type Here = Cpu;
#[cfg(feature = "gpu")]
pub(crate) type Here = volta::Wgpu;

#[cfg(not(feature = "gpu"))]
pub(crate) fn here() -> &'static Cpu {
    &Cpu
}
#[cfg(feature = "gpu")]
pub(crate) fn here() -> &'static volta::Gpu {
    static GPU: std::sync::OnceLock<volta::Gpu> = std::sync::OnceLock::new();
    GPU.get_or_init(|| volta::Gpu::new().expect("a GPU, or a software driver"))
}

/// A tensor where the cases run.
pub(crate) fn moved<S: Shape, E: Dtype>(x: &Tensor<S, E>) -> Tensor<S, E, Here> {
    x.to(here()).expect("moved")
}

/// The cases of one file. [`finish`](Fixtures::finish) reports everything that differs, and every
/// case that no test asked for.
pub(crate) struct Fixtures {
    bytes: Vec<u8>,
    /// Below this magnitude differences are absolute.
    floor: f64,
    unused: RefCell<BTreeSet<String>>,
    differences: RefCell<Vec<String>>,
    finished: bool,
}

/// What was found is said by [`Fixtures::finish`]: a test without it could not fail.
impl Drop for Fixtures {
    fn drop(&mut self) {
        assert!(
            self.finished || std::thread::panicking(),
            "fixtures were opened and not finished"
        );
    }
}

fn tensors(bytes: &[u8]) -> SafeTensors<'_> {
    SafeTensors::deserialize(bytes).expect("a safetensors file")
}

impl Fixtures {
    pub(crate) fn open(name: &str, floor: f64) -> Self {
        let path = format!(
            "{}/tests/golden/{name}.safetensors",
            env!("CARGO_MANIFEST_DIR")
        );
        let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let unused = tensors(&bytes)
            .names()
            .into_iter()
            .map(ToOwned::to_owned)
            .collect();
        Fixtures {
            bytes,
            floor,
            unused: RefCell::new(unused),
            differences: RefCell::default(),
            finished: false,
        }
    }

    /// Leaves to other tests the cases whose names begin otherwise.
    pub(crate) fn only(self, names: &[&str]) -> Self {
        let is_one = |key: &String| names.iter().any(|name| key.starts_with(name));
        self.unused.borrow_mut().retain(is_one);
        self
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        tensors(&self.bytes).tensor(key).is_ok()
    }

    /// The sizes and the elements of a tensor.
    pub(crate) fn read(&self, key: &str) -> (Vec<usize>, Vec<f64>) {
        let view = tensors(&self.bytes)
            .tensor(key)
            .unwrap_or_else(|e| panic!("{key}: {e}"));
        self.unused.borrow_mut().remove(key);
        let data = view.data();
        let elements = match view.dtype() {
            Stored::F32 => elements(data, |b| f32::from_le_bytes(b).into()),
            Stored::F64 => elements(data, f64::from_le_bytes),
            Stored::I32 => elements(data, |b| i32::from_le_bytes(b).into()),
            Stored::I64 => elements(data, |b| i64::from_le_bytes(b) as f64),
            other => panic!("{key}: {other:?}"),
        };
        (view.shape().to_vec(), elements)
    }

    pub(crate) fn tensor<S: Shape, E: Dtype>(&self, key: &str, shape: S) -> Tensor<S, E> {
        let (dims, data) = self.read(key);
        assert_eq!(dims, shape.dims().as_ref(), "{key}");
        let data = data.into_iter().map(E::from_f64).collect();
        Tensor::from_vec_with(shape, data).expect("as many as the shape has")
    }

    /// Compares the value of `f` and its gradients by everything in `inputs`, whose own elements
    /// are replaced.
    pub(crate) fn case<M, S, E>(
        &self,
        name: &str,
        mut inputs: M,
        f: impl FnOnce(&<M::On<Here> as Module<Here>>::On<Taped<Here>>) -> Tensor<S, E, Taped<Here>>,
    ) where
        M: Module<Cpu>,
        S: Shape,
        E: Float,
    {
        inputs.visit_mut(&mut Path::new(), &mut Fill { from: self, name });
        let inputs = inputs.to(here()).expect("moved");
        let (y, pull) = vjp(&inputs, f);
        self.compare(&format!("{name}/{}/y", E::KIND), &y);
        let gradient = self.tensor(&format!("{name}/g"), y.shape());
        let grads = pull(&gradient.to(here()).expect("moved"));
        grads.visit(&mut Path::new(), &mut Gradients { to: self, name });
    }

    /// Compares a tensor with the one stored.
    pub(crate) fn compare<S: Shape, E: Dtype, B: Backend>(
        &self,
        key: &str,
        found: &Tensor<S, E, B>,
    ) {
        let (dims, wanted) = self.read(key);
        let found_elements: Vec<f64> = found.to_vec().into_iter().map(E::to_f64).collect();
        if dims != found.dims() {
            return self.differ(format!(
                "{key}: {:?} where {dims:?} is stored",
                found.dims()
            ));
        }
        let tolerance = match E::KIND {
            volta::DtypeKind::F32 => 1e-5,
            volta::DtypeKind::F64 => 1e-10,
            _ => 0.0,
        };
        for (at, (&found, &wanted)) in found_elements.iter().zip(&wanted).enumerate() {
            let near = (found - wanted).abs() <= tolerance * wanted.abs().max(self.floor);
            if !(near || found == wanted || found.is_nan() && wanted.is_nan()) {
                self.differ(format!("{key}[{at}]: {found:e}, PyTorch has {wanted:e}"));
            }
        }
    }

    fn differ(&self, difference: String) {
        self.differences.borrow_mut().push(difference);
    }

    pub(crate) fn finish(mut self) {
        self.finished = true;
        let differences = self.differences.take();
        let unused = self.unused.take();
        assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
        assert!(
            unused.is_empty(),
            "stored and compared with nothing: {unused:#?}"
        );
    }
}

fn elements<const N: usize>(data: &[u8], of: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    let (chunks, _) = data.as_chunks::<N>();
    chunks.iter().map(|&bytes| of(bytes)).collect()
}

struct Fill<'a> {
    from: &'a Fixtures,
    name: &'a str,
}

impl VisitorMut<Cpu> for Fill<'_> {
    fn parameter<S: Shape, E: Float>(&mut self, p: &Path, _: &mut bool, x: &mut Tensor<S, E>) {
        *x = self
            .from
            .tensor(&format!("{}/{}", self.name, p.name()), x.shape());
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E>) {}
}

struct Gradients<'a> {
    to: &'a Fixtures,
    name: &'a str,
}

impl Visitor<Here> for Gradients<'_> {
    fn parameter<S: Shape, E: Float>(&mut self, path: &Path, _: bool, x: &Tensor<S, E, Here>) {
        let key = format!("{}/{}/d.{}", self.name, E::KIND, path.name());
        self.to.compare(&key, x);
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, Here>) {}
}
