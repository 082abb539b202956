//! The loops themselves.

use std::marker::PhantomData;

use super::{BLOCK, KernelFn, Lane, MAX_OPERANDS};
use crate::ops::function::{MAX_PARAMS, Scalar, Test};
use crate::ops::scalar::{Ordered, Ring};

/// Elements of several outputs that are computed before they are stored.
const STRIP: usize = 256;

/// What a loop computes at each place. A trait and not a closure, so that it is inlined however long
/// it is: code that is not knows nothing of the vector instructions of the loop around it.
trait At<O, const M: usize> {
    /// Its operands and parameters.
    ///
    /// # Safety
    /// There are [`MAX_PARAMS`] parameters, and pointers to the operands.
    unsafe fn load(params: *const f64, operands: *const *const u8) -> Self;

    /// The outputs at place `at`.
    ///
    /// # Safety
    /// The operands have an element there.
    unsafe fn at(&self, at: usize) -> [O; M];

    /// The same on a processor that does not multiply and add in one step.
    ///
    /// # Safety
    /// As [`at`](Self::at).
    unsafe fn at_baseline(&self, at: usize) -> [O; M];
}

/// # Safety
/// As [`At::at`].
#[inline(always)]
unsafe fn values<const BASELINE: bool, O, F: At<O, M>, const M: usize>(f: &F, at: usize) -> [O; M] {
    // SAFETY: the caller's promise.
    unsafe {
        if BASELINE {
            f.at_baseline(at)
        } else {
            f.at(at)
        }
    }
}

/// `outputs[m][i] = f(i)[m]` for every element of some blocks. All that it holds are places in
/// memory: what it computes with is loaded where the loop is, behind the choice of instructions.
struct Loop<O, F, const M: usize> {
    params: *const f64,
    operands: *const *const u8,
    outputs: *const *mut u8,
    blocks: usize,
    what: PhantomData<(O, F)>,
}

impl<O: Copy + Default, F: At<O, M>, const M: usize> Loop<O, F, M> {
    #[inline(always)]
    fn run<const BASELINE: bool>(self) {
        let len = self.blocks * BLOCK;
        // SAFETY: whoever makes a loop promises the parameters, the operands and `M` outputs.
        let (f, outputs) = unsafe {
            let mut outputs = [std::ptr::null_mut::<O>(); M];
            for (m, output) in outputs.iter_mut().enumerate() {
                *output = (*self.outputs.add(m)).cast();
            }
            (F::load(self.params, self.operands), outputs)
        };
        if const { M == 1 } {
            for at in 0..len {
                // SAFETY: the output has room for `len`, the operands have as many elements.
                unsafe {
                    outputs[0]
                        .add(at)
                        .write(values::<BASELINE, _, _, M>(&f, at)[0])
                };
            }
            return;
        }
        // In memory of its own first: the compiler then sees that outputs and operands do not
        // overlap, which it does not test for more than a few.
        let mut strips = [[O::default(); STRIP]; M];
        let mut start = 0;
        while start < len {
            let count = STRIP.min(len - start);
            for at in 0..count {
                // SAFETY: the operands have `len` elements.
                let results = unsafe { values::<BASELINE, _, _, M>(&f, start + at) };
                for (strip, value) in strips.iter_mut().zip(results) {
                    strip[at] = value;
                }
            }
            for (output, strip) in outputs.iter().zip(&strips) {
                // SAFETY: the output has room from `start` to `start + count`.
                unsafe {
                    std::ptr::copy_nonoverlapping(strip.as_ptr(), output.add(start), count);
                }
            }
            start += count;
        }
    }
}

impl<O: Copy + Default, F: At<O, M>, const M: usize> pulp::WithSimd for Loop<O, F, M> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        if S::IS_SCALAR {
            self.run::<true>();
        } else {
            self.run::<false>();
        }
    }
}

/// The operands and the parameters of a function. It does not know which: what it does is compiled
/// once for each type that computes.
struct Operands<C> {
    x: [*const C; MAX_OPERANDS],
    params: [C; MAX_PARAMS],
}

impl<C: Lane> Operands<C> {
    /// Of the first `count` those that are null are `some` of them, and not used.
    ///
    /// # Safety
    /// There are [`MAX_PARAMS`] parameters, and as many pointers.
    #[inline(always)]
    unsafe fn load(
        params: *const f64,
        operands: *const *const u8,
        count: usize,
        some: usize,
    ) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            let some = *operands.add(some);
            let mut x = [some.cast(); MAX_OPERANDS];
            let mut k = 0;
            while k < count {
                let given = *operands.add(k);
                x[k] = if given.is_null() { some } else { given }.cast();
                k += 1;
            }
            let mut values = [C::default(); MAX_PARAMS];
            let mut k = 0;
            while k < MAX_PARAMS {
                values[k] = C::param(*params.add(k));
                k += 1;
            }
            Operands { x, params: values }
        }
    }

    /// # Safety
    /// The first `N` operands have an element there.
    #[inline(always)]
    unsafe fn inputs<const N: usize>(&self, at: usize) -> [C; N] {
        let mut inputs = [C::default(); N];
        let mut k = 0;
        while k < N {
            // SAFETY: the caller's promise.
            inputs[k] = unsafe { *self.x[k].add(at) };
            k += 1;
        }
        inputs
    }
}

struct Value<Op, C, const N: usize>(Operands<C>, PhantomData<Op>);

impl<Op, C: Lane, const N: usize, const M: usize> At<C, M> for Value<Op, C, N>
where
    Op: Scalar<C, N, M> + Scalar<C::Baseline, N, M>,
{
    #[inline(always)]
    unsafe fn load(params: *const f64, operands: *const *const u8) -> Self {
        // SAFETY: the caller's promise.
        Value(
            unsafe { Operands::load(params, operands, N, 0) },
            PhantomData,
        )
    }

    #[inline(always)]
    unsafe fn at(&self, at: usize) -> [C; M] {
        // SAFETY: the caller's promise.
        Op::value(unsafe { self.0.inputs(at) }, &self.0.params)
    }

    #[inline(always)]
    unsafe fn at_baseline(&self, at: usize) -> [C; M] {
        // SAFETY: the caller's promise.
        let x = unsafe { self.0.inputs(at) }.map(C::lower);
        Op::value(x, &self.0.params.map(C::lower)).map(C::raise)
    }
}

struct Vjp<Op, C, const N: usize, const M: usize, const OUT: usize, const IN: usize>(
    Operands<C>,
    PhantomData<Op>,
);

impl<Op, C, const N: usize, const M: usize, const OUT: usize, const IN: usize> At<C, 1>
    for Vjp<Op, C, N, M, OUT, IN>
where
    Op: Scalar<C, N, M> + Scalar<C::Baseline, N, M>,
    C: Lane + Ring,
{
    /// The operands are the function's inputs, its output `OUT` and the gradient of that; the
    /// gradient stands in for those that are null.
    #[inline(always)]
    unsafe fn load(params: *const f64, operands: *const *const u8) -> Self {
        let gy = N + 1;
        // SAFETY: the caller's promise.
        Vjp(
            unsafe { Operands::load(params, operands, gy + 1, gy) },
            PhantomData,
        )
    }

    #[inline(always)]
    unsafe fn at(&self, at: usize) -> [C; 1] {
        // SAFETY: the caller's promise.
        let (x, y, gy) = unsafe {
            let x = self.0.inputs(at);
            (x, *self.0.x[N].add(at), *self.0.x[N + 1].add(at))
        };
        [Op::partial(OUT, IN, x, y, &self.0.params) * gy]
    }

    #[inline(always)]
    unsafe fn at_baseline(&self, at: usize) -> [C; 1] {
        // SAFETY: the caller's promise.
        let (x, y, gy) = unsafe {
            let x = self.0.inputs(at).map(C::lower);
            (x, C::lower(*self.0.x[N].add(at)), *self.0.x[N + 1].add(at))
        };
        let params = self.0.params.map(C::lower);
        [C::raise(Op::partial(OUT, IN, x, y, &params)) * gy]
    }
}

struct Outcome<Op, C, const N: usize>(Operands<C>, PhantomData<Op>);

impl<Op, C, const N: usize> At<bool, 1> for Outcome<Op, C, N>
where
    Op: Test<C, N>,
    C: Lane + Ordered<Mask = bool>,
{
    #[inline(always)]
    unsafe fn load(params: *const f64, operands: *const *const u8) -> Self {
        // SAFETY: the caller's promise.
        Outcome(
            unsafe { Operands::load(params, operands, N, 0) },
            PhantomData,
        )
    }

    #[inline(always)]
    unsafe fn at(&self, at: usize) -> [bool; 1] {
        // SAFETY: the caller's promise.
        [Op::test(unsafe { self.0.inputs(at) }, &self.0.params)]
    }

    #[inline(always)]
    unsafe fn at_baseline(&self, at: usize) -> [bool; 1] {
        // SAFETY: the caller's promise.
        unsafe { self.at(at) }
    }
}

/// Computes on vectors as wide as the processor's, if `WIDE`.
///
/// # Safety
/// The operands that `F` reads are as many blocks as said, the outputs have room for as many, and
/// there are [`MAX_PARAMS`] parameters.
unsafe fn run<O: Copy + Default, F: At<O, M>, const M: usize, const WIDE: bool>(
    params: *const f64,
    operands: *const *const u8,
    outputs: *const *mut u8,
    blocks: usize,
) {
    let work = Loop::<O, F, M> {
        params,
        operands,
        outputs,
        blocks,
        what: PhantomData,
    };
    if WIDE {
        pulp::Arch::new().dispatch(work);
    } else {
        work.run::<false>();
    }
}

/// The loop of a function.
pub(super) const fn value<Op, C, const N: usize, const M: usize, const WIDE: bool>() -> KernelFn
where
    Op: Scalar<C, N, M> + Scalar<C::Baseline, N, M>,
    C: Lane,
{
    run::<C, Value<Op, C, N>, M, WIDE>
}

/// The loop of a derivative, times the gradient of the output.
pub(super) const fn vjp<
    Op,
    C,
    const N: usize,
    const M: usize,
    const OUT: usize,
    const IN: usize,
    const WIDE: bool,
>() -> KernelFn
where
    Op: Scalar<C, N, M> + Scalar<C::Baseline, N, M>,
    C: Lane + Ring,
{
    run::<C, Vjp<Op, C, N, M, OUT, IN>, 1, WIDE>
}

/// The loop of a function that says yes or no.
pub(super) const fn test<Op, C, const N: usize>() -> KernelFn
where
    Op: Test<C, N>,
    C: Lane + Ordered<Mask = bool>,
{
    run::<bool, Outcome<Op, C, N>, 1, false>
}
