//! Gradients checked against differences.

use std::fmt;

use super::record::Taped;
use super::transform::vjp;
use crate::cpu::Cpu;
use crate::dtype::{Dtype, Float};
use crate::nn::{Mapper, Module, Path, Visitor, copy};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// What [`gradcheck`] found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GradcheckReport {
    /// Elements checked.
    pub elements: usize,
    /// The parameter with the element that differs most; of a bare tensor, "".
    pub parameter: String,
    /// That element's place, in row-major order.
    pub element: usize,
    /// Its derivative, by the tape.
    pub analytic: f64,
    /// Its derivative, by differences.
    pub numeric: f64,
    /// How far apart they are: `|analytic - numeric| / max(1, |numeric|)`.
    pub error: f64,
}

impl fmt::Display for GradcheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let GradcheckReport {
            elements,
            parameter,
            element,
            analytic,
            numeric,
            error,
        } = self;
        write!(
            f,
            "of {elements} elements the worst is {parameter}[{element}]: the tape says {analytic}, \
             differences say {numeric}, {error:.1e} apart"
        )
    }
}

/// The gradient differs from the differences by more than the tolerance.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("gradcheck: {report} (tolerance {tolerance:.1e})")]
pub struct GradcheckError {
    /// The worst element.
    pub report: GradcheckReport,
    /// The largest difference allowed.
    pub tolerance: f64,
}

/// Compares the gradient of `f` by every element of `inputs` with central differences, in f64.
/// Step 1e-6, tolerance 1e-6.
///
/// `f` may return any shape: its output is weighted with fixed, uneven numbers and summed.
///
/// # Errors
/// If an element is further apart; the report names the worst.
///
/// ```
/// use volta::prelude::*;
///
/// let x: Tensor<s![2, 3], f64> = Tensor::randn(&mut Rng::seed(1));
/// let report = gradcheck(&x, |x| x.tanh().sum_axis::<0>())?;
/// assert_eq!(report.elements, 6);
/// # Ok::<(), GradcheckError>(())
/// ```
pub fn gradcheck<M, S>(
    inputs: &M,
    f: impl Fn(&M::On<Taped<Cpu>>) -> Tensor<S, f64, Taped<Cpu>>,
) -> Result<GradcheckReport, GradcheckError>
where
    M: Module<Cpu>,
    S: Shape,
{
    gradcheck_with(inputs, 1e-6, 1e-6, f)
}

/// [`gradcheck`] with a step and a tolerance of one's own.
///
/// # Errors
/// As [`gradcheck`].
pub fn gradcheck_with<M, S>(
    inputs: &M,
    step: f64,
    tolerance: f64,
    f: impl Fn(&M::On<Taped<Cpu>>) -> Tensor<S, f64, Taped<Cpu>>,
) -> Result<GradcheckReport, GradcheckError>
where
    M: Module<Cpu>,
    S: Shape,
{
    // A call may change what a model keeps: here that of a copy.
    let copy = copy(inputs);
    let (y, pull) = vjp(&copy, &f);
    let weights: Vec<f64> = (0..y.numel()).map(weight).collect();
    let cotangent = Tensor::from_vec_with(y.shape(), weights).expect("as many as there are");
    let analytic = flatten(&pull(&cotangent));
    let value = |parameter: usize, element: usize, by: f64| -> f64 {
        let mut nudge = Nudge {
            parameter,
            element,
            by,
            at: 0,
        };
        let Ok(nudged) = inputs.map(&mut Path::new(), &mut nudge);
        let y = f(&nudged).to_vec();
        y.iter().enumerate().map(|(i, y)| y * weight(i)).sum()
    };
    let mut report = GradcheckReport {
        elements: 0,
        parameter: String::new(),
        element: 0,
        analytic: 0.0,
        numeric: 0.0,
        error: -1.0,
    };
    for (parameter, (name, gradient)) in analytic.into_iter().enumerate() {
        for (element, analytic) in gradient.into_iter().enumerate() {
            let rise = value(parameter, element, step) - value(parameter, element, -step);
            let numeric = rise / (2.0 * step);
            let error = (analytic - numeric).abs() / numeric.abs().max(1.0);
            report.elements += 1;
            if error.is_nan() || error > report.error {
                let (parameter, elements) = (name.clone(), report.elements);
                report = GradcheckReport {
                    elements,
                    parameter,
                    element,
                    analytic,
                    numeric,
                    error,
                };
                if error.is_nan() {
                    return Err(GradcheckError { report, tolerance });
                }
            }
        }
    }
    if report.error <= tolerance {
        Ok(report)
    } else {
        Err(GradcheckError { report, tolerance })
    }
}

/// Weights without a pattern that a wrong gradient could share.
fn weight(i: usize) -> f64 {
    0.5 + ((i as f64 + 1.0) * 0.618_033_988_749_895).fract()
}

/// Names and elements of every parameter.
fn flatten<M: Module<Cpu>>(model: &M) -> Vec<(String, Vec<f64>)> {
    struct Flatten(Vec<(String, Vec<f64>)>);
    impl Visitor<Cpu> for Flatten {
        fn parameter<S: Shape, E: Float>(&mut self, path: &Path, _: bool, x: &Tensor<S, E, Cpu>) {
            self.0
                .push((path.name(), x.to_vec().into_iter().map(E::to_f64).collect()));
        }
        fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, Cpu>) {}
    }
    let mut flat = Flatten(Vec::new());
    model.visit(&mut Path::new(), &mut flat);
    flat.0
}

/// Moves one element of one parameter; the result is a constant on a tape.
struct Nudge {
    parameter: usize,
    element: usize,
    by: f64,
    at: usize,
}

impl Mapper<Cpu, Taped<Cpu>> for Nudge {
    type Error = std::convert::Infallible;

    fn parameter<S: Shape, E: Float>(
        &mut self,
        _: &Path,
        _: bool,
        tensor: &Tensor<S, E, Cpu>,
    ) -> Result<Tensor<S, E, Taped<Cpu>>, Self::Error> {
        self.at += 1;
        if self.at - 1 != self.parameter {
            return Ok(tensor.lift());
        }
        let mut data = tensor.to_vec();
        data[self.element] = E::from_f64(data[self.element].to_f64() + self.by);
        Ok(Tensor::from_vec_with(tensor.shape(), data)
            .expect("as many as there were")
            .lift())
    }

    fn buffer<S: Shape, E: Dtype>(
        &mut self,
        _: &Path,
        tensor: &Tensor<S, E, Cpu>,
    ) -> Result<Tensor<S, E, Taped<Cpu>>, Self::Error> {
        Ok(tensor.lift())
    }
}
