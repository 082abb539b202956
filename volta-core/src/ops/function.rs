//! What an elementwise function is: the traits that `#[elementwise]` and the table implement.

use crate::backend::Backend;
use crate::cpu::RawKernel;
use crate::dtype::{Dtype, Num};
use crate::ops::scalar::{Expr, Ordered, Ring};
use crate::ops::wgsl;

/// What the derivative of a function reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saves {
    /// Nothing but the gradient of the output.
    Nothing,
    /// The inputs.
    Inputs,
    /// The output.
    Output,
    /// Inputs and output.
    Both,
}

impl Saves {
    /// Whether the inputs are read.
    pub const fn inputs(self) -> bool {
        matches!(self, Saves::Inputs | Saves::Both)
    }

    /// Whether the output is read.
    pub const fn output(self) -> bool {
        matches!(self, Saves::Output | Saves::Both)
    }
}

/// What is known of a derivative without computing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slope {
    /// It is 0: no gradient flows.
    Zero,
    /// It is 1: the gradient passes through.
    Unit,
    /// It depends.
    Other,
}

/// The most parameters of a function.
pub const MAX_PARAMS: usize = 16;

/// The run-time parameters of a function, which are not differentiated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    values: [f64; MAX_PARAMS],
    len: usize,
}

impl Params {
    /// No parameters.
    pub const NONE: Params = Params {
        values: [0.0; MAX_PARAMS],
        len: 0,
    };

    /// These, in the order of the function's arguments.
    ///
    /// # Panics
    /// If there are more than [`MAX_PARAMS`].
    pub fn of(values: &[f64]) -> Self {
        assert!(
            values.len() <= MAX_PARAMS,
            "a function has at most {MAX_PARAMS} parameters, not {}",
            values.len()
        );
        let mut params = Params::NONE;
        params.values[..values.len()].copy_from_slice(values);
        params.len = values.len();
        params
    }

    /// Their values.
    pub fn as_slice(&self) -> &[f64] {
        &self.values[..self.len]
    }

    #[inline]
    pub(crate) fn all(&self) -> &[f64; MAX_PARAMS] {
        &self.values
    }
}

/// A scalar function of `N` inputs and `M` outputs and its derivatives, over one type of scalar.
pub trait Scalar<T, const N: usize, const M: usize = 1>: 'static {
    /// The outputs.
    fn value(x: [T; N], params: &[T]) -> [T; M];
    /// The derivative of output `output`, which is `y`, by input `input`.
    fn partial(output: usize, input: usize, x: [T; N], y: T, params: &[T]) -> T;
}

/// A scalar function of `N` inputs that says yes or no.
pub trait Test<T: Ordered, const N: usize>: 'static {
    /// Whether it holds.
    fn test(x: [T; N], params: &[T]) -> T::Mask;
}

/// A function that computes every element of its `M` outputs from the elements at the same place
/// of its `N` inputs.
pub trait Elementwise<E: Num, const N: usize, const M: usize = 1>:
    Copy + Send + Sync + 'static
{
    /// Its name in messages.
    const NAME: &'static str;
    /// What its derivative reads.
    const SAVES: Saves;

    /// Its run-time parameters.
    fn params(&self) -> Params {
        Params::NONE
    }

    /// What is known of the derivative of output `output` by input `input`.
    fn slope(output: usize, input: usize) -> Slope {
        let _ = (output, input);
        Slope::Other
    }

    #[doc(hidden)]
    fn kernel() -> RawKernel;
    /// For derivatives whose slope is [`Slope::Other`].
    #[doc(hidden)]
    fn vjp_kernel(output: usize, input: usize) -> RawKernel;
    /// In WGSL.
    #[doc(hidden)]
    fn wgsl() -> wgsl::Function;
    /// The derivative of output `output` by input `input`, times the gradient of that output.
    #[doc(hidden)]
    fn vjp_wgsl(output: usize, input: usize) -> wgsl::Function;

    /// The gradient of input `input` that comes from output `output`, given the gradient of that:
    /// in one pass where the backend can. Inputs and output that [`SAVES`](Self::SAVES) leaves out
    /// hold nothing of use.
    fn vjp<B: Backend>(
        self,
        output: usize,
        input: usize,
        x: [&B::Prim<E>; N],
        y: &B::Prim<E>,
        gy: &B::Prim<E>,
    ) -> B::Prim<E> {
        match Self::slope(output, input) {
            Slope::Zero => B::full(&B::device(gy), E::ZERO, B::dims(gy)),
            Slope::Unit => gy.clone(),
            Slope::Other => B::map_vjp(self, output, input, x, y, gy),
        }
    }

    /// The same composed of ops, so that it can be differentiated again.
    fn composed_vjp<B: Backend>(
        &self,
        output: usize,
        input: usize,
        x: [&B::Prim<E>; N],
        y: &B::Prim<E>,
        gy: &B::Prim<E>,
    ) -> B::Prim<E>;
}

/// A function that says yes or no of the elements at the same place of its `N` inputs.
pub trait Predicate<E: Dtype, const N: usize>: Copy + Send + Sync + 'static {
    /// Its name in messages.
    const NAME: &'static str;

    /// Its run-time parameters.
    fn params(&self) -> Params {
        Params::NONE
    }

    #[doc(hidden)]
    fn kernel() -> RawKernel;
    /// In WGSL.
    #[doc(hidden)]
    fn wgsl() -> wgsl::Function;
}

/// The derivative of `op` as recorded ops.
pub fn compose<Op, B, E, const N: usize, const M: usize>(
    op: &Op,
    output: usize,
    input: usize,
    x: [&B::Prim<E>; N],
    y: &B::Prim<E>,
    gy: &B::Prim<E>,
) -> B::Prim<E>
where
    Op: Elementwise<E, N, M> + Scalar<Expr<B, E>, N, M>,
    B: Backend,
    E: Num,
{
    let x = x.map(|x| Expr::<B, E>(x.clone()));
    let gy = Expr::<B, E>(gy.clone());
    let params: Vec<_> = (op.params().as_slice().iter())
        .map(|&value| gy.lit(value))
        .collect();
    let slope = Op::partial(output, input, x, Expr(y.clone()), &params);
    (slope * gy).0
}
