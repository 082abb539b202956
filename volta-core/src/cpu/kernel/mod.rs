//! Kernels: loops over contiguous runs of elements, one per function, scalar type and derivative.

mod loops;
mod set;

use std::mem::MaybeUninit;

use super::stream;
use crate::ops::function::{Params, Saves, Scalar, Test};
use crate::ops::scalar::{Ordered, Ring};

pub use set::{KernelSet, Lane};

/// Elements of a block: whole registers of any width.
const BLOCK: usize = 32;
/// The most operands of a kernel: six inputs, an output and its gradient.
pub(crate) const MAX_OPERANDS: usize = 8;
/// The most outputs of a kernel.
pub(crate) const MAX_OUTPUTS: usize = 4;
/// Bytes of the widest element.
const WIDEST: usize = 8;

/// Computes blocks of [`BLOCK`] elements of each output from as many of each operand. Operands
/// that the function does not read may be anything.
pub(crate) type KernelFn = unsafe fn(
    params: *const f64,
    operands: *const *const u8,
    outputs: *const *mut u8,
    blocks: usize,
);

/// What an element of a function costs, as far as waking threads goes: 1 is an addition. At 10^5
/// elements `exp` was faster on one thread and `tanh` on two.
const FUNCTION: usize = 2;

/// What a kernel computes, and so which operands it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A function of its inputs, of outputs of the same type.
    Value,
    /// The gradient of an input, of the inputs, an output and its gradient.
    Vjp,
    /// A function of its inputs that says yes or no.
    Test,
}

/// A kernel, opaque outside of this crate.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct RawKernel {
    run: KernelFn,
    role: Role,
    /// The type that computes.
    lane: usize,
    /// The function's inputs.
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    /// What a derivative reads beside the gradient.
    pub(crate) saves: Saves,
    /// What an element costs: 1 is an addition.
    pub(crate) cost: usize,
}

impl RawKernel {
    /// The kernel of a function.
    pub const fn value<Op, C, const N: usize, const M: usize>() -> Self
    where
        Op: Scalar<C, N, M> + Scalar<C::Baseline, N, M>,
        C: Lane + Ring,
    {
        RawKernel {
            run: loops::value::<Op, C, N, M, true>(),
            role: Role::Value,
            lane: C::INDEX,
            inputs: N,
            outputs: M,
            saves: Saves::Nothing,
            cost: FUNCTION,
        }
    }

    /// The kernel of the derivative of output `OUT` by input `IN`, times the gradient of the
    /// output. It reads the inputs, the output and its gradient.
    pub const fn vjp<Op, C, const N: usize, const M: usize, const OUT: usize, const IN: usize>(
        saves: Saves,
    ) -> Self
    where
        Op: Scalar<C, N, M> + Scalar<C::Baseline, N, M>,
        C: Lane + Ring,
    {
        RawKernel {
            run: loops::vjp::<Op, C, N, M, OUT, IN, true>(),
            role: Role::Vjp,
            lane: C::INDEX,
            inputs: N,
            outputs: 1,
            saves,
            cost: FUNCTION,
        }
    }

    /// The kernel of a function that says yes or no.
    pub const fn test<Op, C, const N: usize>() -> Self
    where
        Op: Test<C, N>,
        C: Lane + Ordered<Mask = bool>,
    {
        RawKernel {
            run: loops::test::<Op, C, N>(),
            role: Role::Test,
            lane: C::INDEX,
            inputs: N,
            outputs: 1,
            saves: Saves::Nothing,
            cost: 1,
        }
    }

    /// Checks that it is such a kernel: the traits that give them are open to all.
    ///
    /// # Panics
    /// If it is another.
    #[inline]
    pub(crate) fn check<C: Lane>(&self, role: Role, inputs: usize, outputs: usize) {
        let found = (self.role, self.lane, self.inputs, self.outputs);
        assert_eq!(found, (role, C::INDEX, inputs, outputs), "another kernel");
    }

    /// Computes any number of elements. What is left after the whole blocks is a block that begins
    /// among those that are done, or is computed in memory of its own, filled up with its last
    /// element: no kernel has code for less than a block.
    ///
    /// # Safety
    /// `C` is the type that the kernel computes in and `O` that of its outputs. Each operand that
    /// it reads has `len` elements, the others are null; each output has room for `len`. No output
    /// lies where an operand does, unless `in_place`.
    #[inline]
    pub(crate) unsafe fn run<C, O>(
        self,
        params: &Params,
        operands: &[*const C; MAX_OPERANDS],
        outputs: &[*mut O; MAX_OUTPUTS],
        len: usize,
        in_place: bool,
    ) {
        const {
            assert!(matches!(size_of::<C>(), 1 | 4 | 8) && size_of::<O>() <= WIDEST);
        }
        let params = params.all().as_ptr();
        let rest = len % BLOCK;
        // SAFETY: the caller's promise. The last block may overlap others: nothing that it reads
        // was written.
        unsafe {
            if len >= BLOCK {
                let (from, to) = (operands.as_ptr().cast(), outputs.as_ptr().cast());
                (self.run)(params, from, to, len / BLOCK);
            }
            if rest == 0 {
                return;
            }
            if len >= BLOCK && !in_place {
                let start = len - BLOCK;
                let from = operands.map(|x| match x.is_null() {
                    true => x,
                    false => x.add(start),
                });
                let to = outputs.map(|y| y.wrapping_add(start));
                (self.run)(params, from.as_ptr().cast(), to.as_ptr().cast(), 1);
                return;
            }
            let sizes = (size_of::<C>(), size_of::<O>());
            let (from, to) = (operands.as_ptr().cast(), outputs.as_ptr().cast());
            self.tail(params, from, to, len - rest, rest, sizes);
        }
    }

    /// [`run`](Self::run) of one output, which goes past the caches.
    ///
    /// # Safety
    /// As `run`; the output lies where no operand does, and [`stream::pays`] said yes.
    pub(crate) unsafe fn run_past_caches<C, O: Copy>(
        self,
        params: &Params,
        operands: &[*const C; MAX_OPERANDS],
        output: *mut O,
        len: usize,
    ) {
        let fill = |at: usize, to: *mut O, count: usize| {
            let from = operands.map(|x| match x.is_null() {
                true => x,
                false => x.wrapping_add(at),
            });
            let mut outputs = [std::ptr::null_mut(); MAX_OUTPUTS];
            outputs[0] = to;
            // SAFETY: the operands have elements up to `len`.
            unsafe { self.run(params, &from, &outputs, count, false) };
        };
        // SAFETY: the caller's promise.
        unsafe { stream::write(output, len, operands, fill) };
    }

    /// The last `rest` elements, from `start` on, of elements of `sizes` bytes.
    ///
    /// # Safety
    /// As [`run`](Self::run), with `rest` from 1 up to a block.
    unsafe fn tail(
        self,
        params: *const f64,
        operands: *const *const u8,
        outputs: *const *mut u8,
        start: usize,
        rest: usize,
        (operand, output): (usize, usize),
    ) {
        #[repr(align(64))]
        #[derive(Clone, Copy)]
        struct Block([MaybeUninit<u8>; BLOCK * WIDEST]);
        const UNWRITTEN: Block = Block([MaybeUninit::uninit(); BLOCK * WIDEST]);
        let mut filled = [UNWRITTEN; MAX_OPERANDS];
        let mut values = [UNWRITTEN; MAX_OUTPUTS];
        // SAFETY: every operand that is not null has elements from `start` to `start + rest`, and
        // a block has room for `BLOCK` elements, all of which are written before they are read.
        unsafe {
            let mut blocks = [std::ptr::null::<u8>(); MAX_OPERANDS];
            for (k, block) in filled.iter_mut().enumerate() {
                let from = *operands.add(k);
                if from.is_null() {
                    continue;
                }
                let (from, to) = (from.add(start * operand), block.0.as_mut_ptr().cast::<u8>());
                std::ptr::copy_nonoverlapping(from, to, rest * operand);
                match operand {
                    1 => repeat_last::<u8>(to, rest),
                    4 => repeat_last::<u32>(to, rest),
                    _ => repeat_last::<u64>(to, rest),
                }
                blocks[k] = to;
            }
            let results = values.each_mut().map(|block| block.0.as_mut_ptr().cast());
            (self.run)(params, blocks.as_ptr(), results.as_ptr(), 1);
            for (k, block) in results.into_iter().enumerate().take(self.outputs) {
                let to = (*outputs.add(k)).add(start * output);
                std::ptr::copy_nonoverlapping(block, to, rest * output);
            }
        }
    }
}

/// Fills a block up with the last of its `count` elements.
///
/// # Safety
/// The block starts at an address for `T` and has room for [`BLOCK`]; `count` is from 1 to that.
unsafe fn repeat_last<T: Copy>(block: *mut u8, count: usize) {
    let block = block.cast::<T>();
    // SAFETY: the caller's promise.
    unsafe {
        let last = *block.add(count - 1);
        for at in count..BLOCK {
            block.add(at).write(last);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Rng;
    use crate::ops::elementwise::for_each_op;
    use crate::ops::function::{Elementwise, Scalar};
    use crate::ops::registry::{Entry, FloatOp, OpVisitor};
    use crate::ops::scalar::Unfused;

    struct Baseline(Rng);

    impl OpVisitor for Baseline {
        fn float<Op: FloatOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
            let params = <Op as Elementwise<f32, N>>::params(&op);
            let wide: Vec<f64> = params.as_slice().to_vec();
            let plain: Vec<Unfused> = wide.iter().map(|&p| Unfused(p as f32)).collect();
            let (low, high) = entry.domain;
            for _ in 0..2000 {
                let x: [f32; N] = std::array::from_fn(|_| {
                    (low + (high - low) * self.0.uniform::<f64>(1)[0]) as f32
                });
                let [y] = <Op as Scalar<Unfused, N>>::value(x.map(Unfused), &plain);
                let [want] = <Op as Scalar<f64, N>>::value(x.map(f64::from), &wide);
                let off = (f64::from(y.0) - want).abs();
                let name = entry.name;
                assert!(
                    off <= 1e-6 * want.abs().max(0.5),
                    "{name} of {x:?} is {y:?}, not {want}"
                );
                for input in 0..N {
                    let (x, y64) = (x.map(Unfused), f64::from(y.0));
                    let x64 = x.map(|x| f64::from(x.0));
                    let slope = <Op as Scalar<Unfused, N>>::partial(0, input, x, y, &plain);
                    let want = <Op as Scalar<f64, N>>::partial(0, input, x64, y64, &wide);
                    let off = (f64::from(slope.0) - want).abs();
                    let bound = 1e-5 * want.abs().max(1.0);
                    assert!(
                        off <= bound,
                        "the slope of {name} at {x:?} is {slope:?}, not {want}"
                    );
                }
            }
        }
    }

    #[test]
    fn functions_are_as_good_without_fused_multiplication() {
        for_each_op(&mut Baseline(Rng::seed(1)));
    }
}
