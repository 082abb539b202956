//! One function, checked: its values against an oracle, its gradient against differences, and the
//! gradient of its gradient.

use volta::backend::Reduce;
use volta::ops::elementwise as op;
use volta::prelude::*;
use volta::tape::gradcheck_with;

use super::{Array, Target, View, between};

/// A function of primitives: one body for every backend.
pub(crate) trait Case<E: Float> {
    fn run<B: Backend>(&self, x: &[B::Prim<E>]) -> B::Prim<E>;
}

/// A struct that is a [`Case`] of every float type.
macro_rules! case {
    ($Name:ident { $($field:ident: $T:ty),* } |$x:ident| $body:expr) => {
        #[derive(Clone, Debug)]
        struct $Name { $($field: $T),* }
        impl<E: volta::Float> $crate::support::Case<E> for $Name {
            fn run<B: volta::Backend>(&self, $x: &[B::Prim<E>]) -> B::Prim<E> {
                let $Name { $($field),* } = self;
                $body
            }
        }
    };
}
pub(crate) use case;

/// An input: its sizes, how it lies in memory, and the range that its elements are drawn from.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    dims: Vec<usize>,
    view: View,
    range: (f64, f64),
    /// Elements instead of random ones, before the view is taken.
    data: Option<Vec<f64>>,
}

impl Input {
    pub(crate) fn new(dims: &[usize], view: View) -> Self {
        Input {
            dims: dims.to_vec(),
            view,
            range: (-2.0, 2.0),
            data: None,
        }
    }

    pub(crate) fn within(mut self, range: (f64, f64)) -> Self {
        self.range = range;
        self
    }

    pub(crate) fn holding(mut self, data: Vec<f64>) -> Self {
        self.data = Some(data);
        self
    }

    fn base(&self) -> Vec<usize> {
        self.view.base(&self.dims)
    }

    /// Elements of the base, exact in `f32`.
    fn draw(&self, rng: &mut Rng) -> Vec<f64> {
        match &self.data {
            Some(data) => data.clone(),
            None => {
                let n = self.base().iter().product();
                let data: Vec<f32> = between(rng, n, self.range);
                data.into_iter().map(f64::from).collect()
            }
        }
    }
}

type Flat<E, B> = Vec<Tensor<(Dyn,), E, B>>;

/// What is checked, and how closely.
pub(crate) struct Check<'a, C> {
    pub(crate) name: String,
    pub(crate) case: &'a C,
    pub(crate) inputs: Vec<Input>,
}

impl<'a, C: Case<f32> + Case<f64>> Check<'a, C> {
    pub(crate) fn new(name: impl std::fmt::Debug, case: &'a C, inputs: Vec<Input>) -> Self {
        Check {
            name: format!("{name:?} of {inputs:?}"),
            case,
            inputs,
        }
    }

    fn seed(&self) -> Rng {
        Rng::seed(
            self.name
                .bytes()
                .fold(7, |h, b| h * 31 % 65_521 + u64::from(b)),
        )
    }

    fn data(&self) -> Vec<Vec<f64>> {
        let mut rng = self.seed();
        self.inputs.iter().map(|x| x.draw(&mut rng)).collect()
    }

    /// Values on the device, against the oracle.
    pub(crate) fn forward<T: Target>(self, device: &T, oracle: impl Fn(&[Array]) -> Array) -> Self {
        let data = self.data();
        let arrays: Vec<Array> = (self.inputs.iter().zip(&data))
            .map(|(input, data)| input.view.array(data.clone(), &input.dims))
            .collect();
        let want = oracle(&arrays);
        self.forward_in::<f32, T>(device, &data, &want, 1e-5);
        if device.is_wide() {
            self.forward_in::<f64, T>(device, &data, &want, 1e-12);
        }
        self
    }

    fn forward_in<E: Float, T: Target>(
        &self,
        device: &T,
        data: &[Vec<f64>],
        want: &Array,
        tolerance: f64,
    ) where
        C: Case<E>,
    {
        let flat = self.flat::<E, T>(device, data);
        let y = self.run::<E, T::Backend>(&flat);
        assert_eq!(T::Backend::dims(&y), want.dims, "sizes of {}", self.name);
        let got: Vec<f64> = (T::Backend::read(&y).expect("read").into_iter())
            .map(E::to_f64)
            .collect();
        close(
            &format!("{} in {}", self.name, E::KIND),
            &got,
            &want.data,
            tolerance,
        );
    }

    /// First and second derivatives.
    pub(crate) fn gradients<T: Target>(self, device: &T) -> Self {
        let this = self.gradient(device);
        if T::REFERENCE {
            this.second_order();
        }
        this
    }

    /// First derivatives: on the reference against differences, on any device against it.
    pub(crate) fn gradient<T: Target>(self, device: &T) -> Self {
        let data = self.data();
        let flat = self.flat::<f64, Cpu>(&Cpu, &data);
        let (_, reference) = value_and_grad(&flat, |x| self.loss::<f64, _>(x));
        if T::REFERENCE {
            gradcheck_with(&flat, 1e-5, 1e-6, |x| self.flat_run::<Taped<Cpu>>(x))
                .unwrap_or_else(|e| panic!("{}: {e}", self.name));
        }
        let narrow = self.flat::<f32, T>(device, &data);
        let (_, grads) = value_and_grad(&narrow, |x| self.loss::<f32, _>(x));
        for (got, want) in grads.iter().zip(&reference) {
            let got: Vec<f64> = got.to_vec().into_iter().map(f64::from).collect();
            close(
                &format!("gradient of {}", self.name),
                &got,
                &want.to_vec(),
                1e-4,
            );
        }
        self
    }

    /// The gradient of the gradient, against differences of the gradient.
    fn second_order(&self) {
        let flat = self.flat::<f64, Cpu>(&Cpu, &self.data());
        gradcheck_with(&flat, 1e-4, 1e-5, |x| {
            let grads: Flat<f64, Taped<Cpu>> = grad(x, |x| self.loss::<f64, _>(x));
            let prims: Vec<_> = grads.iter().map(Tensor::prim).collect();
            let all = Taped::<Cpu>::cat(&prims, 0);
            Tensor::<(Dyn,), f64, _>::from_prim((Dyn(Taped::<Cpu>::dims(&all)[0]),), all)
        })
        .unwrap_or_else(|e| panic!("second order of {}: {e}", self.name));
    }

    /// The bases as flat tensors: the parameters of a gradient.
    fn flat<E: Float, T: Target>(&self, device: &T, data: &[Vec<f64>]) -> Flat<E, T::Backend> {
        let to = |data: &Vec<f64>| {
            let data: Vec<E> = data.iter().map(|x| E::from_f64(*x)).collect();
            let shape = (Dyn(data.len()),);
            Tensor::from_vec_on(shape, data, &device.device()).expect("as many")
        };
        data.iter().map(to).collect()
    }

    fn run<E: Float, B: Backend>(&self, flat: &[Tensor<(Dyn,), E, B>]) -> B::Prim<E>
    where
        C: Case<E>,
    {
        let views: Vec<B::Prim<E>> = (self.inputs.iter().zip(flat))
            .map(|(input, flat)| {
                let base = B::reshape(flat.prim(), &input.base());
                input.view.of::<E, B>(&base, &input.dims)
            })
            .collect();
        self.case.run::<B>(&views)
    }

    fn flat_run<B: Backend>(&self, flat: &[Tensor<(Dyn,), f64, B>]) -> Tensor<(Dyn,), f64, B> {
        let y = self.run::<f64, B>(flat);
        let n = B::dims(&y).iter().product();
        Tensor::from_prim((Dyn(n),), B::reshape(&y, &[n]))
    }

    /// `sum(w y + y^2 / 2)`: the gradient of the output depends on the inputs.
    fn loss<E: Float, B: Backend>(&self, flat: &[Tensor<(Dyn,), E, B>]) -> Tensor<(), E, B>
    where
        C: Case<E>,
    {
        let y = self.run::<E, B>(flat);
        let n: usize = B::dims(&y).iter().product();
        let y = B::reshape(&y, &[n]);
        let weights = (0..n).map(|i| E::from_f64(0.5 + ((i + 1) as f64 * 0.618_034).fract()));
        let w = B::from_vec(&B::device(&y), weights.collect(), &[n]);
        let half = B::full(&B::device(&y), E::from_f64(0.5), &[n]);
        let slope = B::map(op::Add, [&w, &B::map(op::Mul, [&half, &y])]);
        let sum = B::reduce(Reduce::Sum, &B::map(op::Mul, [&slope, &y]), &[0]);
        Tensor::from_prim((), B::reshape(&sum, &[]))
    }
}

/// Numbers that agree: relative to the largest for sums, NaN with NaN, infinities exactly.
#[track_caller]
pub(crate) fn close(what: &str, got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len(), "elements of {what}");
    for (at, (got, want)) in got.iter().zip(want).enumerate() {
        let near = (got - want).abs() <= tolerance * want.abs().max(1.0);
        assert!(
            near || got == want || got.is_nan() && want.is_nan(),
            "{what}: element {at} is {got}, expected {want}"
        );
    }
}
