//! Loops over contiguous runs of elements, one per op, scalar type and derivative.

use std::num::Wrapping;

use crate::ops::elementwise::{Saves, Scalar};

/// Elements of a block: whole registers of any width.
const BLOCK: usize = 32;
/// The most operands of a kernel: three inputs, an output and its gradient.
pub(crate) const MAX_OPERANDS: usize = 5;

/// Where the elements of each operand start.
pub(crate) type Operands<C> = [*const C; MAX_OPERANDS];

/// Computes blocks of [`BLOCK`] elements from as many of each input. Pointers that the op does not
/// read may be anything.
pub(crate) type KernelFn = unsafe fn(inputs: *const *const u8, output: *mut u8, blocks: usize);

/// The kernels of one op, by the type that computes. Ops without integers have none for them.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct KernelSet {
    pub(crate) f32: KernelFn,
    pub(crate) f64: KernelFn,
    pub(crate) integers: Option<[KernelFn; 3]>,
    /// Inputs of the op.
    pub(crate) arity: usize,
    /// What a derivative reads.
    pub(crate) saves: Saves,
    /// What an element costs: 1 is an addition.
    pub(crate) cost: usize,
}

/// What an element of a function costs, as far as waking threads goes: at 10^5 elements `exp` was
/// faster on one thread and `tanh` on two.
const FUNCTION: usize = 2;

/// A type that kernels compute in.
#[doc(hidden)]
pub trait Lane: Copy + 'static {
    #[doc(hidden)]
    fn pick(set: &KernelSet) -> RawKernel;
}

/// A kernel, opaque outside of this crate.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct RawKernel {
    run: KernelFn,
    /// What an element costs: 1 is an addition.
    pub(crate) cost: usize,
}

impl RawKernel {
    /// Computes any number of elements. What is left after the whole blocks is computed in memory
    /// of its own, filled up with its last element: no kernel has code for less than a block.
    ///
    /// # Safety
    /// `C` is the type that the kernel computes in. Each operand that it reads has `len` elements,
    /// the others are null; `output` has room for `len`.
    pub(crate) unsafe fn run<C: Copy + Default>(
        self,
        operands: &Operands<C>,
        output: *mut C,
        len: usize,
    ) {
        let rest = len % BLOCK;
        let whole = len - rest;
        // SAFETY: the caller's promise.
        unsafe { (self.run)(operands.as_ptr().cast(), output.cast(), len / BLOCK) };
        if rest == 0 {
            return;
        }
        let mut filled = [[C::default(); BLOCK]; MAX_OPERANDS];
        let tail: Operands<C> = std::array::from_fn(|k| {
            if operands[k].is_null() {
                return operands[k];
            }
            for (j, slot) in filled[k].iter_mut().enumerate() {
                // SAFETY: the index is below `len`.
                *slot = unsafe { *operands[k].add(whole + j.min(rest - 1)) };
            }
            filled[k].as_ptr()
        });
        let mut values = [C::default(); BLOCK];
        // SAFETY: operands and values have a block; the output has room from `whole` to `len`.
        unsafe {
            (self.run)(tail.as_ptr().cast(), values.as_mut_ptr().cast(), 1);
            std::ptr::copy_nonoverlapping(values.as_ptr(), output.add(whole), rest);
        }
    }
}

impl Lane for f32 {
    fn pick(set: &KernelSet) -> RawKernel {
        RawKernel {
            run: set.f32,
            cost: set.cost,
        }
    }
}

impl Lane for f64 {
    fn pick(set: &KernelSet) -> RawKernel {
        RawKernel {
            run: set.f64,
            cost: set.cost,
        }
    }
}

macro_rules! integer_lane {
    ($($T:ty, $index:literal;)*) => {$(
        impl Lane for Wrapping<$T> {
            fn pick(set: &KernelSet) -> RawKernel {
                let kernels = set.integers.expect("an op of floats alone on integers");
                RawKernel { run: kernels[$index], cost: set.cost }
            }
        }
    )*};
}
integer_lane! { u8, 0; i32, 1; i64, 2; }

impl KernelSet {
    /// The kernels of an op of floats.
    pub const fn float<Op, const N: usize>() -> Self
    where
        Op: Scalar<f32, N> + Scalar<f64, N>,
    {
        KernelSet {
            f32: dispatched::<Op, f32, N>,
            f64: dispatched::<Op, f64, N>,
            integers: None,
            arity: N,
            saves: <Op as Scalar<f32, N>>::SAVES,
            cost: FUNCTION,
        }
    }

    /// The kernels of an op of all numbers.
    pub const fn number<Op, const N: usize>() -> Self
    where
        Op: Scalar<f32, N> + Scalar<f64, N>,
        Op: Scalar<Wrapping<u8>, N> + Scalar<Wrapping<i32>, N> + Scalar<Wrapping<i64>, N>,
    {
        KernelSet {
            f32: dispatched::<Op, f32, N>,
            f64: dispatched::<Op, f64, N>,
            integers: Some([
                plain::<Op, Wrapping<u8>, N>,
                plain::<Op, Wrapping<i32>, N>,
                plain::<Op, Wrapping<i64>, N>,
            ]),
            arity: N,
            saves: <Op as Scalar<f32, N>>::SAVES,
            cost: 1,
        }
    }

    /// The kernels of the derivatives by the first, second and third input. They read the inputs,
    /// the output and its gradient.
    pub const fn vjps<Op, const N: usize>() -> [Self; 3]
    where
        Op: Scalar<f32, N> + Scalar<f64, N>,
    {
        [
            Self::vjp::<Op, N, 0>(),
            Self::vjp::<Op, N, 1>(),
            Self::vjp::<Op, N, 2>(),
        ]
    }

    const fn vjp<Op, const N: usize, const INPUT: usize>() -> Self
    where
        Op: Scalar<f32, N> + Scalar<f64, N>,
    {
        // An op of fewer inputs has no derivative by this one, and none is compiled.
        if INPUT >= N {
            return KernelSet {
                f32: none,
                f64: none,
                integers: None,
                arity: N,
                saves: <Op as Scalar<f32, N>>::SAVES,
                cost: 2,
            };
        }
        KernelSet {
            f32: dispatched_vjp::<Op, f32, N, INPUT>,
            f64: dispatched_vjp::<Op, f64, N, INPUT>,
            integers: None,
            arity: N,
            saves: <Op as Scalar<f32, N>>::SAVES,
            cost: 2,
        }
    }
}

fn none(_: *const *const u8, _: *mut u8, _: usize) {
    unreachable!("an op has no input after its last");
}

/// `output[i] = f(operands, i)` for every `i` of some blocks.
struct Loop<C, F> {
    /// Each points to the blocks; an op of fewer operands has one of them several times.
    operands: Operands<C>,
    /// Points to room for the blocks.
    output: *mut C,
    blocks: usize,
    f: F,
}

impl<C: Copy, F: Fn(Operands<C>, usize) -> C> Loop<C, F> {
    #[inline(always)]
    fn run(self) {
        let Loop {
            operands,
            output,
            blocks,
            f,
        } = self;
        for at in 0..blocks * BLOCK {
            // SAFETY: the output has room for the blocks.
            unsafe { output.add(at).write(f(operands, at)) };
        }
    }
}

impl<C: Copy, F: Fn(Operands<C>, usize) -> C> pulp::WithSimd for Loop<C, F> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.run();
    }
}

/// The operands of which the caller gives some, the others being one of those.
///
/// # Safety
/// `inputs` holds a pointer for every `k` that is `given`, and for `some`.
unsafe fn operands<C>(
    inputs: *const *const u8,
    some: usize,
    given: impl Fn(usize) -> bool,
) -> Operands<C> {
    std::array::from_fn(|k| {
        let at = if given(k) { k } else { some };
        // SAFETY: the caller's promise.
        unsafe { (*inputs.add(at)).cast() }
    })
}

/// # Safety
/// The first `N` operands have an element `at`.
#[inline(always)]
unsafe fn first<C: Copy, const N: usize>(operands: Operands<C>, at: usize) -> [C; N] {
    // SAFETY: the caller's promise.
    std::array::from_fn(|k| unsafe { *operands[k].add(at) })
}

/// # Safety
/// `inputs` holds `N` pointers to as many blocks of `C` as said, and `output` is one to as many.
unsafe fn dispatched<Op, C, const N: usize>(
    inputs: *const *const u8,
    output: *mut u8,
    blocks: usize,
) where
    Op: Scalar<C, N>,
    C: Copy,
{
    // SAFETY: the caller gives N pointers.
    let operands = unsafe { operands::<C>(inputs, 0, |k| k < N) };
    // SAFETY: `Loop` asks for elements that are there.
    let f = |x: Operands<C>, at| Op::value(unsafe { first(x, at) });
    pulp::Arch::new().dispatch(Loop {
        operands,
        output: output.cast(),
        blocks,
        f,
    });
}

/// # Safety
/// As [`dispatched`].
unsafe fn plain<Op, C, const N: usize>(inputs: *const *const u8, output: *mut u8, blocks: usize)
where
    Op: Scalar<C, N>,
    C: Copy,
{
    // SAFETY: the caller gives N pointers.
    let operands = unsafe { operands::<C>(inputs, 0, |k| k < N) };
    // SAFETY: `Loop` asks for elements that are there.
    let f = |x: Operands<C>, at| Op::value(unsafe { first(x, at) });
    Loop {
        operands,
        output: output.cast(),
        blocks,
        f,
    }
    .run();
}

/// # Safety
/// `inputs` holds `N + 2` pointers: the op's inputs, its output and the gradient of that. The last,
/// and those that `Op::SAVES` names, point to as many blocks of `C`, as does `output`.
unsafe fn dispatched_vjp<Op, C, const N: usize, const INPUT: usize>(
    inputs: *const *const u8,
    output: *mut u8,
    blocks: usize,
) where
    Op: Scalar<C, N>,
    C: Copy + std::ops::Mul<Output = C>,
{
    let (y, gy) = (N, N + 1);
    let saves: Saves = Op::SAVES;
    let given = |k| k < N && saves.inputs() || k == y && saves.output() || k == gy;
    // SAFETY: the caller gives the gradient, and what the op saves.
    let operands = unsafe { operands::<C>(inputs, gy, given) };
    // SAFETY: `Loop` asks for elements that are there.
    let f = |x: Operands<C>, at| unsafe {
        Op::partial(INPUT, first(x, at), *x[y].add(at)) * *x[gy].add(at)
    };
    pulp::Arch::new().dispatch(Loop {
        operands,
        output: output.cast(),
        blocks,
        f,
    });
}
