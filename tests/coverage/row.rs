//! A row: one function, in every element type that takes it, on every backend.

use std::any::Any;
use std::ops::Range;

use volta::nn::{Path, Visitor, VisitorMut};
use volta::prelude::*;
use volta::tape::gradcheck_with;
use volta::{Dtype, DtypeKind};

use crate::input::{Input, Laid, within};

/// What a row gives: tensors of its own element type, and the elements of others.
pub(crate) struct Out<E: Dtype, B: Backend> {
    same: Vec<B::Prim<E>>,
    other: Vec<f64>,
}

impl<E: Dtype, B: Backend> Out<E, B> {
    pub(crate) fn of(x: impl Give<E, B>) -> Self {
        let mut out = Out {
            same: Vec::new(),
            other: Vec::new(),
        };
        x.give(&mut out);
        out
    }

    pub(crate) fn prim(x: B::Prim<E>) -> Self {
        Out {
            same: vec![x],
            other: Vec::new(),
        }
    }

    fn values(&self) -> Vec<f64> {
        let same = self.same.iter().flat_map(|x| read::<E, B>(x));
        same.chain(self.other.iter().copied()).collect()
    }

    /// All that has a gradient, in one.
    fn flat(&self) -> Option<Tensor<s![Dyn], E, B>> {
        let flat = |x: &B::Prim<E>| B::reshape(x, &[B::dims(x).iter().product()]);
        let parts: Vec<_> = self.same.iter().map(flat).collect();
        let (first, more) = parts.split_first()?;
        let all = match more {
            [] => first.clone(),
            _ => B::cat(&parts.iter().collect::<Vec<_>>(), 0),
        };
        Some(Tensor::from_prim((Dyn(B::dims(&all)[0]),), all))
    }
}

fn read<E: Dtype, B: Backend>(x: &B::Prim<E>) -> Vec<f64> {
    let elements = B::read(x).expect("the device can be read");
    elements.into_iter().map(E::to_f64).collect()
}

/// What a function may return.
pub(crate) trait Give<E: Dtype, B: Backend> {
    fn give(self, out: &mut Out<E, B>);
}

impl<S: Shape, F: Dtype, E: Dtype, B: Backend> Give<E, B> for Tensor<S, F, B> {
    fn give(self, out: &mut Out<E, B>) {
        let prim = self.into_prim();
        let same = (&prim as &dyn Any).downcast_ref::<B::Prim<E>>();
        match same.filter(|_| E::KIND == F::KIND) {
            Some(same) => out.same.push(same.clone()),
            None => out.other.extend(read::<F, B>(&prim)),
        }
    }
}

impl<E: Dtype, B: Backend, T: Give<E, B>> Give<E, B> for Vec<T> {
    fn give(self, out: &mut Out<E, B>) {
        self.into_iter().for_each(|x| x.give(out));
    }
}

impl<E: Dtype, B: Backend, T: Give<E, B>, const N: usize> Give<E, B> for [T; N] {
    fn give(self, out: &mut Out<E, B>) {
        self.into_iter().for_each(|x| x.give(out));
    }
}

macro_rules! tuples {
    ($($($T:ident)*;)*) => {$(
        #[allow(non_snake_case)]
        impl<E: Dtype, B: Backend, $($T: Give<E, B>),*> Give<E, B> for ($($T,)*) {
            fn give(self, out: &mut Out<E, B>) {
                let ($($T,)*) = self;
                $($T.give(out);)*
            }
        }
    )*};
}
tuples! {
    T0 T1;
    T0 T1 T2;
    T0 T1 T2 T3 T4 T5 T6 T7;
}

/// A function of tensors of `E`.
pub(crate) trait Function<E: Dtype> {
    fn run<B: Backend>(x: &[B::Prim<E>]) -> Out<E, B>;
}

/// A layer with parameters.
pub(crate) trait Layer<E: Float> {
    type On<B: Backend>: Module<B, On<Taped<B>> = Self::On<Taped<B>>>;
    fn new<B: Backend>(device: &B::Device, rng: &mut Rng) -> Self::On<B>;
    fn run<B: Backend>(layer: &Self::On<B>, x: &[B::Prim<E>]) -> Out<E, B>;
}

/// The backends of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    Cpu,
    #[cfg(feature = "gpu")]
    Gpu,
}

/// A row in one element type.
pub(crate) trait Cell {
    fn kind(&self) -> DtypeKind;
    fn values(&self, on: On, inputs: &[Input], laid: Laid) -> Vec<f64>;
    /// `None` if it has none.
    fn gradient(&self, on: On, inputs: &[Input]) -> Option<Vec<f64>>;
    /// Compares the gradient with differences, in `f64`.
    fn check(&self, _inputs: &[Input]) -> Result<(), String> {
        Ok(())
    }
}

pub(crate) type Run<E, B> = Box<dyn Fn(&[<B as Backend>::Prim<E>]) -> Out<E, B>>;

/// A function of any elements.
pub(crate) struct Plain<E: Dtype> {
    pub(crate) cpu: Run<E, Cpu>,
    #[cfg(feature = "gpu")]
    pub(crate) gpu: Run<E, Wgpu>,
}

impl<E: Dtype> Plain<E> {
    fn of<F: Function<E> + 'static>() -> Self {
        Plain {
            cpu: Box::new(F::run::<Cpu>),
            #[cfg(feature = "gpu")]
            gpu: Box::new(F::run::<Wgpu>),
        }
    }
}

fn values<E: Dtype, B: Backend>(
    device: &B::Device,
    inputs: &[Input],
    laid: Laid,
    run: &Run<E, B>,
) -> Vec<f64> {
    let prims: Vec<_> = (inputs.iter().enumerate())
        .map(|(nth, input)| input.prim::<E, B>(device, nth, laid))
        .collect();
    run(&prims).values()
}

impl<E: Dtype> Cell for Plain<E> {
    fn kind(&self) -> DtypeKind {
        E::KIND
    }

    fn values(&self, on: On, inputs: &[Input], laid: Laid) -> Vec<f64> {
        match on {
            On::Cpu => values::<E, Cpu>(&Cpu, inputs, laid, &self.cpu),
            #[cfg(feature = "gpu")]
            On::Gpu => values::<E, Wgpu>(&crate::gpu().device(), inputs, laid, &self.gpu),
        }
    }

    fn gradient(&self, _: On, _: &[Input]) -> Option<Vec<f64>> {
        None
    }
}

/// A function of floats.
pub(crate) struct Traced<E: Float> {
    pub(crate) plain: Plain<E>,
    pub(crate) cpu: Run<E, Taped<Cpu>>,
    #[cfg(feature = "gpu")]
    pub(crate) gpu: Run<E, Taped<Wgpu>>,
}

impl<E: Float> Traced<E> {
    fn of<F: Function<E> + 'static>() -> Self {
        Traced {
            plain: Plain::of::<F>(),
            cpu: Box::new(F::run::<Taped<Cpu>>),
            #[cfg(feature = "gpu")]
            gpu: Box::new(F::run::<Taped<Wgpu>>),
        }
    }
}

type Flat<E, B> = Vec<Tensor<s![Dyn], E, B>>;

fn flat<E: Float, B: Backend>(device: &B::Device, inputs: &[Input]) -> Flat<E, B> {
    (inputs.iter().enumerate())
        .map(|(nth, input)| {
            let elements = input.elements::<E>(nth);
            let shape = (Dyn(elements.len()),);
            Tensor::from_vec_on(shape, elements, device).expect("as many")
        })
        .collect()
}

fn unflat<E: Dtype, B: Backend>(x: &Flat<E, B>, inputs: &[Input]) -> Vec<B::Prim<E>> {
    (x.iter().zip(inputs))
        .map(|(x, input)| B::reshape(x.prim(), &input.dims))
        .collect()
}

/// The gradient of a model by everything that it is made of.
fn gradient<E: Float, B: Backend, M: Module<B>>(
    device: &B::Device,
    model: &M,
    run: impl Fn(&M::On<Taped<B>>) -> Out<E, Taped<B>>,
) -> Option<Vec<f64>> {
    let traced = std::cell::Cell::new(false);
    let empty = || Tensor::from_vec_on((Dyn(0),), Vec::new(), device).expect("none");
    let (y, pull) = vjp(model, |model| {
        let y = run(model).flat().filter(Tensor::is_traced);
        traced.set(y.is_some());
        y.unwrap_or_else(|| Tensor::lift(&empty()))
    });
    if !traced.get() {
        return None;
    }
    let weights = (0..y.numel()).map(|i| E::from_f64(weight(i))).collect();
    let grads = pull(&Tensor::from_vec_on(y.shape(), weights, device).expect("as many"));
    let mut all = Elements(Vec::new());
    grads.visit(&mut Path::new(), &mut all);
    Some(all.0)
}

fn weight(i: usize) -> f64 {
    within(&(0.5..1.5), i * 5 % 8, 8, 0)
}

struct Elements(Vec<f64>);
impl<B: Backend> Visitor<B> for Elements {
    fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: bool, x: &Tensor<S, E, B>) {
        self.0.extend(read::<E, B>(x.prim()));
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, B>) {}
}

fn differences<M: Module<Cpu>>(
    model: &M,
    run: impl Fn(&M::On<Taped<Cpu>>) -> Out<f64, Taped<Cpu>>,
) -> Result<(), String> {
    let flat = |model: &_| run(model).flat().expect("floats");
    let report = gradcheck_with(model, 1e-5, 1e-6, flat);
    report.map(drop).map_err(|e| e.to_string())
}

impl<E: Float> Cell for Traced<E> {
    fn kind(&self) -> DtypeKind {
        E::KIND
    }

    fn values(&self, on: On, inputs: &[Input], laid: Laid) -> Vec<f64> {
        self.plain.values(on, inputs, laid)
    }

    fn gradient(&self, on: On, inputs: &[Input]) -> Option<Vec<f64>> {
        match on {
            On::Cpu => gradient::<E, Cpu, _>(&Cpu, &flat(&Cpu, inputs), |x| {
                (self.cpu)(&unflat(x, inputs))
            }),
            #[cfg(feature = "gpu")]
            On::Gpu => {
                let device = crate::gpu().device();
                gradient::<E, Wgpu, _>(&device, &flat(&device, inputs), |x| {
                    (self.gpu)(&unflat(x, inputs))
                })
            }
        }
    }

    fn check(&self, inputs: &[Input]) -> Result<(), String> {
        let run: &dyn Any = &self.cpu;
        match run.downcast_ref::<Run<f64, Taped<Cpu>>>() {
            None => Ok(()),
            Some(run) => differences(&flat(&Cpu, inputs), |x| run(&unflat(x, inputs))),
        }
    }
}

/// A layer of floats.
struct Layered<E: Float, L: Layer<E>>(std::marker::PhantomData<(E, L)>);

impl<E: Float, L: Layer<E>> Layered<E, L> {
    fn model<B: Backend>(device: &B::Device) -> L::On<B> {
        let mut layer = L::new::<B>(device, &mut Rng::seed(0));
        layer.visit_mut(&mut Path::new(), &mut Fill(0));
        layer
    }
}

/// Parameters that are the same in every element type.
struct Fill(usize);
impl<B: Backend> VisitorMut<B> for Fill {
    fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: &mut bool, x: &mut Tensor<S, E, B>) {
        self.0 += 1;
        let input = Input::new(&[x.numel()], -0.75..1.0);
        *x = Tensor::from_vec_on(x.shape(), input.elements(self.0), &x.device()).expect("as many");
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E, B>) {}
}

impl<E: Float, L: Layer<E>> Cell for Layered<E, L> {
    fn kind(&self) -> DtypeKind {
        E::KIND
    }

    fn values(&self, on: On, inputs: &[Input], laid: Laid) -> Vec<f64> {
        fn run<E: Float, L: Layer<E>, B: Backend>(
            device: &B::Device,
            inputs: &[Input],
            laid: Laid,
        ) -> Vec<f64> {
            let prims: Vec<_> = (inputs.iter().enumerate())
                .map(|(nth, input)| input.prim::<E, B>(device, nth, laid))
                .collect();
            L::run::<B>(&Layered::<E, L>::model::<B>(device), &prims).values()
        }
        match on {
            On::Cpu => run::<E, L, Cpu>(&Cpu, inputs, laid),
            #[cfg(feature = "gpu")]
            On::Gpu => run::<E, L, Wgpu>(&crate::gpu().device(), inputs, laid),
        }
    }

    fn gradient(&self, on: On, inputs: &[Input]) -> Option<Vec<f64>> {
        fn run<E: Float, L: Layer<E>, B: Backend>(
            device: &B::Device,
            inputs: &[Input],
        ) -> Option<Vec<f64>> {
            let model = (
                flat::<E, B>(device, inputs),
                Layered::<E, L>::model::<B>(device),
            );
            gradient::<E, B, _>(device, &model, |(x, layer)| {
                L::run::<Taped<B>>(layer, &unflat(x, inputs))
            })
        }
        match on {
            On::Cpu => run::<E, L, Cpu>(&Cpu, inputs),
            #[cfg(feature = "gpu")]
            On::Gpu => run::<E, L, Wgpu>(&crate::gpu().device(), inputs),
        }
    }
}

/// [`Layered`] in `f64`, where differences are taken.
struct Checked<L: Layer<f64>>(Layered<f64, L>);

impl<L: Layer<f64>> Cell for Checked<L> {
    fn kind(&self) -> DtypeKind {
        DtypeKind::F64
    }

    fn values(&self, on: On, inputs: &[Input], laid: Laid) -> Vec<f64> {
        self.0.values(on, inputs, laid)
    }

    fn gradient(&self, on: On, inputs: &[Input]) -> Option<Vec<f64>> {
        self.0.gradient(on, inputs)
    }

    fn check(&self, inputs: &[Input]) -> Result<(), String> {
        let model = (flat(&Cpu, inputs), Layered::<f64, L>::model::<Cpu>(&Cpu));
        differences(&model, |(x, layer)| {
            L::run::<Taped<Cpu>>(layer, &unflat(x, inputs))
        })
    }
}

/// One op or layer.
pub(crate) struct Row {
    pub(crate) section: &'static str,
    pub(crate) name: &'static str,
    pub(crate) inputs: Vec<Input>,
    pub(crate) cells: Vec<Box<dyn Cell>>,
}

/// Every row, in the order of the page.
#[derive(Default)]
pub(crate) struct Table {
    pub(crate) section: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// Adds rows of a class.
macro_rules! classes {
    ($($(#[$doc:meta])* $class:ident: [$($F:ident)*] [$($E:ident)*];)*) => { impl Table {$(
        $(#[$doc])*
        pub(crate) fn $class<F>(&mut self, name: &'static str, inputs: Vec<Input>)
        where
            F: 'static $(+ Function<$F>)* $(+ Function<$E>)*,
        {
            let cells: Vec<Box<dyn Cell>> = vec![
                $(Box::new(Traced::<$F>::of::<F>()),)*
                $(Box::new(Plain::<$E>::of::<F>()),)*
            ];
            self.push(name, inputs, cells);
        }
    )*}};
}
classes! {
    float: [f16 bf16 f32 f64] [];
    num: [f16 bf16 f32 f64] [u8 i32 i64];
    any: [f16 bf16 f32 f64] [u8 i32 i64 bool];
    class_number: [] [i64];
    condition: [] [bool];
}

impl Table {
    pub(crate) fn push(
        &mut self,
        name: &'static str,
        inputs: Vec<Input>,
        cells: Vec<Box<dyn Cell>>,
    ) {
        self.rows.push(Row {
            section: self.section,
            name,
            inputs,
            cells,
        });
    }

    pub(crate) fn layer<L>(&mut self, name: &'static str, inputs: Vec<Input>)
    where
        L: Layer<f16> + Layer<bf16> + Layer<f32> + Layer<f64> + 'static,
    {
        fn layered<E: Float, L: Layer<E> + 'static>() -> Layered<E, L> {
            Layered(std::marker::PhantomData)
        }
        let cells: Vec<Box<dyn Cell>> = vec![
            Box::new(layered::<f16, L>()),
            Box::new(layered::<bf16, L>()),
            Box::new(layered::<f32, L>()),
            Box::new(Checked(layered::<f64, L>())),
        ];
        self.push(name, inputs, cells);
    }
}

/// The range of inputs that a row does not say.
pub(crate) const RANGE: Range<f64> = -2.0..2.0;

/// Tensors of a row, of their static shape.
pub(crate) fn typed<S: StaticShape, E: Dtype, B: Backend>(x: &B::Prim<E>) -> Tensor<S, E, B> {
    Tensor::from_prim(S::SHAPE, x.clone())
}

/// Elements where another tensor is.
pub(crate) fn beside<S: StaticShape, F: Dtype, T: Shape, E: Dtype, B: Backend>(
    x: &Tensor<T, E, B>,
    elements: &[F],
) -> Tensor<S, F, B> {
    Tensor::from_vec_on(S::SHAPE, elements.to_vec(), &x.device()).expect("as many")
}

/// Rows: a name, inputs, and what is computed of them, for every type of a class.
macro_rules! rows {
    ($table:ident $class:ident $Bound:path; $(
        $name:literal ($($x:ident: [$($n:tt),*] $(in $range:expr)?),*) => $body:expr;
    )*) => {$({
        struct Op;
        impl<E: $Bound> $crate::row::Function<E> for Op {
            fn run<B: volta::Backend>(x: &[B::Prim<E>]) -> $crate::row::Out<E, B> {
                let [$($x),*] = x else { unreachable!("as many inputs") };
                $(let $x = &$crate::row::typed::<volta::s![$($n),*], E, B>($x);)*
                $crate::row::Out::of($body)
            }
        }
        let inputs = vec![$($crate::row::rows!(@input [$($n),*] $($range)?)),*];
        $table.$class::<Op>($name, inputs);
    })*};
    (@input [$($n:tt),*]) => { $crate::row::rows!(@input [$($n),*] $crate::row::RANGE) };
    (@input [$($n:tt),*] $range:expr) => { $crate::input::Input::new(&[$($n),*], $range) };
}
pub(crate) use rows;

/// Layers: a name, inputs, the type, how it is made, and what it computes.
macro_rules! layers {
    ($table:ident; $(
        $name:literal ($($x:ident: [$($n:tt),*]),*) $Layer:ty, |$new:ident $(, $device:ident)?| $made:expr, |$layer:ident| $body:expr;
    )*) => {$({
        struct Op;
        impl<E: volta::Float> $crate::row::Layer<E> for Op {
            type On<B: volta::Backend> = $Layer;
            fn new<B: volta::Backend>(device: &B::Device, rng: &mut Rng) -> $Layer {
                let $new: $Layer = volta::nn::Init::init_on(device, rng);
                $(let $device = device;)?
                $made
            }
            fn run<B: volta::Backend>($layer: &$Layer, x: &[B::Prim<E>]) -> $crate::row::Out<E, B> {
                let [$($x),*] = x else { unreachable!("as many inputs") };
                $(let $x = &$crate::row::typed::<volta::s![$($n),*], E, B>($x);)*
                $crate::row::Out::of($body)
            }
        }
        let inputs = vec![$($crate::row::rows!(@input [$($n),*])),*];
        $table.layer::<Op>($name, inputs);
    })*};
}
pub(crate) use layers;
