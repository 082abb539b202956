//! The kernels of a function, one for each type that computes.

use std::num::Wrapping;

use super::{FUNCTION, KernelFn, RawKernel, Role, loops};
use crate::ops::function::{Saves, Scalar, Test};
use crate::ops::scalar::Unfused;

/// The kernels of one function, by the type that computes; those that the function does not have
/// panic.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct KernelSet {
    lanes: [KernelFn; 6],
    kernel: RawKernel,
}

mod sealed {
    /// Keeps others from being a [`Lane`](super::Lane): kernels are told apart by their numbers.
    pub trait Sealed {}
}

/// A type that kernels compute in.
#[doc(hidden)]
pub trait Lane: sealed::Sealed + Copy + Default + Send + Sync + 'static {
    /// Its number, which no other type has.
    #[doc(hidden)]
    const INDEX: usize;

    /// What is computed in where the processor does not multiply and add in one step.
    #[doc(hidden)]
    type Baseline: Copy + 'static;

    #[doc(hidden)]
    fn param(value: f64) -> Self;
    #[doc(hidden)]
    fn lower(self) -> Self::Baseline;
    #[doc(hidden)]
    fn raise(value: Self::Baseline) -> Self;

    /// The kernel of this type.
    #[doc(hidden)]
    #[inline]
    fn pick(set: &KernelSet) -> RawKernel {
        RawKernel {
            run: set.lanes[Self::INDEX],
            lane: Self::INDEX,
            ..set.kernel
        }
    }
}

macro_rules! lane {
    ($($T:ty, $index:literal, $param:expr, $Baseline:ty, $lower:expr, $raise:expr;)*) => {$(
        impl sealed::Sealed for $T {}
        impl Lane for $T {
            const INDEX: usize = $index;
            type Baseline = $Baseline;
            #[inline(always)]
            fn lower(self) -> $Baseline {
                $lower(self)
            }
            #[inline(always)]
            fn raise(value: $Baseline) -> Self {
                $raise(value)
            }
            #[inline(always)]
            fn param(value: f64) -> Self {
                $param(value)
            }
        }
    )*};
}
lane! {
    f32, 0, |v| v as f32, Unfused, Unfused, |v: Unfused| v.0;
    f64, 1, |v| v, f64, |v| v, |v| v;
    Wrapping<u8>, 2, |v| Wrapping(v as u8), Wrapping<u8>, |v| v, |v| v;
    Wrapping<i32>, 3, |v| Wrapping(v as i32), Wrapping<i32>, |v| v, |v| v;
    Wrapping<i64>, 4, |v| Wrapping(v as i64), Wrapping<i64>, |v| v, |v| v;
    bool, 5, |v| v != 0.0, bool, |v| v, |v| v;
}

unsafe fn none(_: *const f64, _: *const *const u8, _: *const *mut u8, _: usize) {
    unreachable!("a function of other elements");
}

impl KernelSet {
    /// No kernels: for derivatives that need none.
    pub const NONE: Self = KernelSet {
        lanes: [none; 6],
        kernel: RawKernel {
            run: none,
            role: Role::Value,
            lane: 0,
            inputs: 0,
            outputs: 0,
            saves: Saves::Nothing,
            cost: 0,
        },
    };

    const fn new(kernel: RawKernel, lanes: [KernelFn; 6], cost: usize) -> Self {
        KernelSet {
            lanes,
            kernel: RawKernel { cost, ..kernel },
        }
    }

    /// The kernels of a function of floats. In f64 its functions are calls, and wide registers
    /// would win nothing.
    pub const fn float<Op, const N: usize, const M: usize>() -> Self
    where
        Op: Scalar<f32, N, M> + Scalar<Unfused, N, M> + Scalar<f64, N, M>,
    {
        let lanes = [
            loops::value::<Op, f32, N, M, true>(),
            loops::value::<Op, f64, N, M, false>(),
            none,
            none,
            none,
            none,
        ];
        KernelSet::new(RawKernel::value::<Op, f32, N, M>(), lanes, FUNCTION)
    }

    /// The kernels of a function of all numbers.
    pub const fn number<Op, const N: usize, const M: usize>() -> Self
    where
        Op: Scalar<f32, N, M> + Scalar<Unfused, N, M> + Scalar<f64, N, M>,
        Op: Scalar<Wrapping<u8>, N, M> + Scalar<Wrapping<i32>, N, M> + Scalar<Wrapping<i64>, N, M>,
    {
        let lanes = [
            loops::value::<Op, f32, N, M, true>(),
            loops::value::<Op, f64, N, M, true>(),
            loops::value::<Op, Wrapping<u8>, N, M, false>(),
            loops::value::<Op, Wrapping<i32>, N, M, false>(),
            loops::value::<Op, Wrapping<i64>, N, M, false>(),
            none,
        ];
        KernelSet::new(RawKernel::value::<Op, f32, N, M>(), lanes, 1)
    }

    /// The kernels of a function of whole numbers.
    pub const fn integer<Op, const N: usize, const M: usize>() -> Self
    where
        Op: Scalar<Wrapping<u8>, N, M> + Scalar<Wrapping<i32>, N, M> + Scalar<Wrapping<i64>, N, M>,
    {
        let lanes = [
            none,
            none,
            loops::value::<Op, Wrapping<u8>, N, M, false>(),
            loops::value::<Op, Wrapping<i32>, N, M, false>(),
            loops::value::<Op, Wrapping<i64>, N, M, false>(),
            none,
        ];
        KernelSet::new(RawKernel::value::<Op, Wrapping<i64>, N, M>(), lanes, 1)
    }

    /// The kernels of the derivative of output `OUT` by input `IN`.
    pub const fn vjp<Op, const N: usize, const M: usize, const OUT: usize, const IN: usize>(
        saves: Saves,
    ) -> Self
    where
        Op: Scalar<f32, N, M> + Scalar<Unfused, N, M> + Scalar<f64, N, M>,
    {
        let lanes = [
            loops::vjp::<Op, f32, N, M, OUT, IN, true>(),
            loops::vjp::<Op, f64, N, M, OUT, IN, false>(),
            none,
            none,
            none,
            none,
        ];
        let kernel = RawKernel::vjp::<Op, f32, N, M, OUT, IN>(saves);
        KernelSet::new(kernel, lanes, FUNCTION)
    }

    /// The kernels of a function of floats that says yes or no.
    pub const fn test_float<Op, const N: usize>() -> Self
    where
        Op: Test<f32, N> + Test<f64, N>,
    {
        let lanes = [
            loops::test::<Op, f32, N>(),
            loops::test::<Op, f64, N>(),
            none,
            none,
            none,
            none,
        ];
        KernelSet::new(RawKernel::test::<Op, f32, N>(), lanes, 1)
    }

    /// The kernels of a function of all numbers that says yes or no.
    pub const fn test_number<Op, const N: usize>() -> Self
    where
        Op: Test<f32, N> + Test<f64, N>,
        Op: Test<Wrapping<u8>, N> + Test<Wrapping<i32>, N> + Test<Wrapping<i64>, N>,
    {
        let lanes = [
            loops::test::<Op, f32, N>(),
            loops::test::<Op, f64, N>(),
            loops::test::<Op, Wrapping<u8>, N>(),
            loops::test::<Op, Wrapping<i32>, N>(),
            loops::test::<Op, Wrapping<i64>, N>(),
            none,
        ];
        KernelSet::new(RawKernel::test::<Op, f32, N>(), lanes, 1)
    }

    /// The kernels of a function of all elements that says yes or no.
    pub const fn test_any<Op, const N: usize>() -> Self
    where
        Op: Test<f32, N> + Test<f64, N> + Test<bool, N>,
        Op: Test<Wrapping<u8>, N> + Test<Wrapping<i32>, N> + Test<Wrapping<i64>, N>,
    {
        let mut set = KernelSet::test_number::<Op, N>();
        set.lanes[<bool as Lane>::INDEX] = loops::test::<Op, bool, N>();
        set
    }

    /// The kernel of a function of conditions.
    pub const fn test_bool<Op, const N: usize>() -> Self
    where
        Op: Test<bool, N>,
    {
        let lanes = [none, none, none, none, none, loops::test::<Op, bool, N>()];
        KernelSet::new(RawKernel::test::<Op, bool, N>(), lanes, 1)
    }
}
