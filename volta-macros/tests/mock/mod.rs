//! A small `volta`: the traits as in volta-core, over tensors that are a list of numbers.
//!
//! A test that includes it also says `extern crate self as volta;` and re-exports it at its root.
#![allow(dead_code, missing_docs, unreachable_pub)]

use std::fmt::Debug;
use std::marker::PhantomData;

#[path = "../../../volta-core/src/shape/hole.rs"]
pub mod hole;

/// What the macros name.
#[doc(hidden)]
pub mod __private {
    pub use super::{
        Backend, D, Dim, Forward, Init, Mapper, Module, One, Path, Rng, Tensor, Visitor,
        VisitorMut, hole, literal,
    };
    pub use core::clone::Clone;
    pub use core::default::Default;
    pub use core::marker::PhantomData;
    pub use core::primitive::{f32, usize};
    pub use core::result::Result::{self, Ok};
    pub use volta_macros::tensor_literal;
}

pub use volta_macros::Module;

#[macro_export]
macro_rules! tensor {
    ($($rows:tt)*) => {
        $crate::__private::tensor_literal!([$crate] $($rows)*)
    };
}

pub trait Dim: Copy + Default + Debug + 'static {
    const SIZE: usize;
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct D<const N: usize>;

impl<const N: usize> Dim for D<N> {
    const SIZE: usize = N;
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct One;

pub trait Shape: Copy + Default + Debug + 'static {
    const NUMEL: usize;
}

impl Shape for () {
    const NUMEL: usize = 1;
}

impl<A: Dim> Shape for (A,) {
    const NUMEL: usize = A::SIZE;
}

impl<A: Dim, B: Dim> Shape for (A, B) {
    const NUMEL: usize = A::SIZE * B::SIZE;
}

impl<A: Dim> Shape for (A, One) {
    const NUMEL: usize = A::SIZE;
}

pub trait Dtype: Copy + Debug + Default + 'static {}
pub trait Float: Dtype {
    fn from_f32(value: f32) -> Self;
}

impl Dtype for f32 {}
impl Dtype for f64 {}
impl Dtype for i32 {}
impl Float for f32 {
    fn from_f32(value: f32) -> Self {
        value
    }
}
impl Float for f64 {
    fn from_f32(value: f32) -> Self {
        value.into()
    }
}

pub trait Backend: 'static {
    type Device: Clone;
    const NAME: &'static str;
}

#[derive(Clone, Debug, PartialEq)]
pub struct Cpu;
#[derive(Clone, Debug, PartialEq)]
pub struct Other;

impl Backend for Cpu {
    type Device = ();
    const NAME: &'static str = "cpu";
}

impl Backend for Other {
    type Device = u8;
    const NAME: &'static str = "other";
}

#[derive(Clone, Debug, PartialEq)]
pub struct Tensor<S: Shape, E: Dtype = f32, B: Backend = Cpu> {
    pub values: Vec<E>,
    marker: PhantomData<(S, fn() -> B)>,
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    pub fn of(values: Vec<E>) -> Self {
        assert_eq!(values.len(), S::NUMEL);
        Tensor {
            values,
            marker: PhantomData,
        }
    }

    pub fn zeros(_: &B::Device) -> Self {
        Self::of(vec![E::default(); S::NUMEL])
    }

    pub fn backend(&self) -> &'static str {
        B::NAME
    }
}

pub fn literal<S: Shape, E: Dtype, const N: usize>(elements: [E; N]) -> Tensor<S, E> {
    Tensor::of(elements.to_vec())
}

pub struct Rng(pub u32);

impl Rng {
    pub fn number(&mut self) -> f32 {
        self.0 += 1;
        self.0 as f32
    }
}

#[derive(Default)]
pub struct Path(Vec<(String, bool)>);

impl Path {
    pub fn enter(&mut self, name: &'static str) {
        self.0.push((name.to_owned(), false));
    }
    pub fn enter_frozen(&mut self, name: &'static str) {
        self.0.push((name.to_owned(), true));
    }
    pub fn enter_index(&mut self, i: usize) {
        self.0.push((i.to_string(), false));
    }
    pub fn leave(&mut self) {
        self.0.pop().expect("a segment to leave");
    }
    pub fn frozen(&self) -> bool {
        self.0.iter().any(|(_, frozen)| *frozen)
    }
    pub fn name(&self) -> String {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.join(".")
    }
}

#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a module on the backend `{B}`",
    label = "no module on `{B}`",
    note = "a layer takes the backend of the model that holds it: `Linear<784, 10, f32, B>`",
    note = "a type becomes a module with `#[derive(Module)]`; one that holds no tensors can be \
            `#[module(skip)]` in the model"
)]
pub trait Module<B: Backend>: Sized {
    type On<B2: Backend>: Module<B2>;
    const PARAMETERS: usize;
    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V);
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V);
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Self::On<B2>, M::Error>;
    fn same(on: Self::On<B>) -> Self;
}

#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how it starts on the backend `{B}`",
    label = "no `Init<{B}>`",
    note = "give the field its value with `#[module(init = ..)]`, where `device` and `rng` are in \
            scope, or put `#[module(no_init)]` on the type and write a constructor"
)]
pub trait Init<B: Backend>: Module<B> {
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self;
    fn init(rng: &mut Rng) -> Self
    where
        B::Device: Default,
    {
        Self::init_on(&B::Device::default(), rng)
    }
}

pub trait Visitor<B: Backend> {
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        trainable: bool,
        tensor: &Tensor<S, E, B>,
    );
    fn buffer<S: Shape, E: Dtype>(&mut self, path: &Path, tensor: &Tensor<S, E, B>);
}

pub trait VisitorMut<B: Backend> {
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        trainable: &mut bool,
        tensor: &mut Tensor<S, E, B>,
    );
    fn buffer<S: Shape, E: Dtype>(&mut self, path: &Path, tensor: &mut Tensor<S, E, B>);
    fn mode(&mut self, training: &mut bool);
}

pub trait Mapper<B: Backend, B2: Backend> {
    type Error;
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        trainable: bool,
        tensor: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B2>, Self::Error>;
    fn buffer<S: Shape, E: Dtype>(
        &mut self,
        path: &Path,
        tensor: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B2>, Self::Error>;
}

#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `forward` for `{X}`",
    label = "does not take `{X}`"
)]
pub trait Forward<X> {
    type Output;
    fn forward(&self, x: &X) -> Self::Output;
}

pub struct Param<S: Shape, E: Float = f32, B: Backend = Cpu>(pub Tensor<S, E, B>, pub bool);

impl<S: Shape, E: Float, B: Backend> Module<B> for Param<S, E, B> {
    type On<B2: Backend> = Param<S, E, B2>;
    const PARAMETERS: usize = S::NUMEL;
    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        visitor.parameter(path, self.1 && !path.frozen(), &self.0);
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        visitor.parameter(path, &mut self.1, &mut self.0);
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Param<S, E, B2>, M::Error> {
        Ok(Param(
            mapper.parameter(path, self.1 && !path.frozen(), &self.0)?,
            self.1,
        ))
    }
    fn same(on: Self) -> Self {
        on
    }
}

impl<S: Shape, E: Float, B: Backend> Init<B> for Param<S, E, B> {
    fn init_on(_: &B::Device, rng: &mut Rng) -> Self {
        let first = E::from_f32(rng.number());
        Param(Tensor::of(vec![first; S::NUMEL]), true)
    }
}

impl<B: Backend, T: Module<B>> Module<B> for Vec<T> {
    type On<B2: Backend> = Vec<T::On<B2>>;
    const PARAMETERS: usize = panic!("a Vec has any number of parameters");
    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        for (i, item) in self.iter().enumerate() {
            path.enter_index(i);
            item.visit(path, visitor);
            path.leave();
        }
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        for (i, item) in self.iter_mut().enumerate() {
            path.enter_index(i);
            item.visit_mut(path, visitor);
            path.leave();
        }
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Vec<T::On<B2>>, M::Error> {
        let mut items = Vec::new();
        for (i, item) in self.iter().enumerate() {
            path.enter_index(i);
            items.push(item.map(path, mapper)?);
            path.leave();
        }
        Ok(items)
    }
    fn same(on: Vec<T::On<B>>) -> Self {
        on.into_iter().map(T::same).collect()
    }
}

/// From `[N, I]` to `[N, O]`: every number is the first of the bias, which tells the layer that
/// was called last.
pub struct Linear<const I: usize, const O: usize, E: Float = f32, B: Backend = Cpu> {
    pub weight: Param<(D<O>, D<I>), E, B>,
    pub bias: Param<(D<O>,), E, B>,
}

impl<const I: usize, const O: usize, E: Float, B: Backend> Linear<I, O, E, B> {
    pub fn forward<N: Dim>(&self, x: &Tensor<(N, D<I>), E, B>) -> Tensor<(N, D<O>), E, B> {
        assert_eq!(x.values.len(), N::SIZE * I);
        Tensor::of(vec![self.bias.0.values[0]; N::SIZE * O])
    }
}

impl<const I: usize, const O: usize, E: Float, B: Backend> Module<B> for Linear<I, O, E, B> {
    type On<B2: Backend> = Linear<I, O, E, B2>;
    const PARAMETERS: usize = I * O + O;
    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        path.enter("weight");
        self.weight.visit(path, visitor);
        path.leave();
        path.enter("bias");
        self.bias.visit(path, visitor);
        path.leave();
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        path.enter("weight");
        self.weight.visit_mut(path, visitor);
        path.leave();
        path.enter("bias");
        self.bias.visit_mut(path, visitor);
        path.leave();
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Linear<I, O, E, B2>, M::Error> {
        path.enter("weight");
        let weight = self.weight.map(path, mapper)?;
        path.leave();
        path.enter("bias");
        let bias = self.bias.map(path, mapper)?;
        path.leave();
        Ok(Linear { weight, bias })
    }
    fn same(on: Self) -> Self {
        on
    }
}

impl<const I: usize, const O: usize, E: Float, B: Backend> Init<B> for Linear<I, O, E, B> {
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        Linear {
            weight: Init::init_on(device, rng),
            bias: Init::init_on(device, rng),
        }
    }
}

/// Leaves what it is given as it is.
#[derive(Clone, Debug, Default, PartialEq, Module)]
pub struct Relu;

impl Relu {
    pub fn forward<S: Shape, E: Float, B: Backend>(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B> {
        Tensor::of(x.values.clone())
    }
}

/// Writes down what is visited: `fc1.weight[6] trained`.
#[derive(Default)]
pub struct Names(pub Vec<String>);

impl<B: Backend> Visitor<B> for Names {
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        trainable: bool,
        tensor: &Tensor<S, E, B>,
    ) {
        let how = if trainable { "trained" } else { "frozen" };
        self.0
            .push(format!("{}[{}] {how}", path.name(), tensor.values.len()));
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, path: &Path, tensor: &Tensor<S, E, B>) {
        self.0
            .push(format!("{}[{}] buffer", path.name(), tensor.values.len()));
    }
}

pub fn names<B: Backend>(module: &impl Module<B>) -> Vec<String> {
    let mut names = Names::default();
    let mut path = Path::default();
    module.visit(&mut path, &mut names);
    assert_eq!(path.name(), "", "every segment is left");
    names.0
}

/// Sets every number to the count of tensors before it, and writes down the names.
#[derive(Default)]
pub struct Count(pub Vec<String>);

impl<B: Backend> VisitorMut<B> for Count {
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        _: &mut bool,
        tensor: &mut Tensor<S, E, B>,
    ) {
        tensor.values.fill(E::from_f32(self.0.len() as f32));
        self.0.push(path.name());
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, path: &Path, _: &mut Tensor<S, E, B>) {
        self.0.push(path.name());
    }
    fn mode(&mut self, _: &mut bool) {}
}

/// Moves to another backend; the name given fails.
pub struct Move(pub Option<&'static str>, pub Vec<String>);

impl<B: Backend, B2: Backend> Mapper<B, B2> for Move {
    type Error = String;
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        _: bool,
        tensor: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B2>, String> {
        <Self as Mapper<B, B2>>::buffer(self, path, tensor)
    }
    fn buffer<S: Shape, E: Dtype>(
        &mut self,
        path: &Path,
        tensor: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B2>, String> {
        let name = path.name();
        if self.0 == Some(name.as_str()) {
            return Err(name);
        }
        self.1.push(name);
        Ok(Tensor::of(tensor.values.clone()))
    }
}

pub fn to_other<M: Module<Cpu>>(module: &M) -> M::On<Other> {
    let mut path = Path::default();
    let moved = module.map(&mut path, &mut Move(None, Vec::new()));
    assert_eq!(path.name(), "", "every segment is left");
    moved.expect("nothing fails")
}
