//! Loops over contiguous runs of elements, one per function, scalar type and derivative.

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::num::Wrapping;

use crate::ops::function::{MAX_PARAMS, Params, Saves, Scalar, Test};
use crate::ops::scalar::{Ordered, Ring, Unfused};

/// Elements of a block: whole registers of any width.
const BLOCK: usize = 32;
/// The most operands of a kernel: six inputs, an output and its gradient.
pub(crate) const MAX_OPERANDS: usize = 8;
/// The most outputs of a kernel.
pub(crate) const MAX_OUTPUTS: usize = 4;
/// Elements of several outputs that are computed before they are stored.
const STRIP: usize = 256;
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

/// A kernel, opaque outside of this crate.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct RawKernel {
    run: KernelFn,
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
            run: value::<Op, C, N, M, true>,
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
            run: vjp::<Op, C, N, M, OUT, IN, true>,
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
            run: test::<Op, C, N>,
            inputs: N,
            outputs: 1,
            saves: Saves::Nothing,
            cost: 1,
        }
    }

    /// Computes any number of elements. What is left after the whole blocks is computed in memory
    /// of its own, filled up with its last element: no kernel has code for less than a block.
    ///
    /// # Safety
    /// `C` is the type that the kernel computes in and `O` that of its outputs. Each operand that
    /// it reads has `len` elements, the others are null; each output has room for `len`.
    pub(crate) unsafe fn run<C, O>(
        self,
        params: &Params,
        operands: &[*const C; MAX_OPERANDS],
        outputs: &[*mut O; MAX_OUTPUTS],
        len: usize,
    ) {
        const {
            assert!(matches!(size_of::<C>(), 1 | 4 | 8) && size_of::<O>() <= WIDEST);
        }
        let params = params.all().as_ptr();
        // SAFETY: the caller's promise.
        unsafe {
            (self.run)(
                params,
                operands.as_ptr().cast(),
                outputs.as_ptr().cast(),
                len / BLOCK,
            );
            let rest = len % BLOCK;
            if rest != 0 {
                let sizes = (size_of::<C>(), size_of::<O>());
                let (operands, outputs) = (operands.as_ptr().cast(), outputs.as_ptr().cast());
                self.tail(params, operands, outputs, len - rest, rest, sizes);
            }
        }
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

/// The kernels of one function, by the type that computes; those that the function does not have
/// panic.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct KernelSet {
    lanes: [KernelFn; 6],
    kernel: RawKernel,
}

/// A type that kernels compute in.
#[doc(hidden)]
pub trait Lane: Copy + Default + Send + Sync + 'static {
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
            ..set.kernel
        }
    }
}

macro_rules! lane {
    ($($T:ty, $index:literal, $param:expr, $Baseline:ty, $lower:expr, $raise:expr;)*) => {$(
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
            value::<Op, f32, N, M, true>,
            value::<Op, f64, N, M, false>,
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
            value::<Op, f32, N, M, true>,
            value::<Op, f64, N, M, true>,
            value::<Op, Wrapping<u8>, N, M, false>,
            value::<Op, Wrapping<i32>, N, M, false>,
            value::<Op, Wrapping<i64>, N, M, false>,
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
            value::<Op, Wrapping<u8>, N, M, false>,
            value::<Op, Wrapping<i32>, N, M, false>,
            value::<Op, Wrapping<i64>, N, M, false>,
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
            vjp::<Op, f32, N, M, OUT, IN, true>,
            vjp::<Op, f64, N, M, OUT, IN, false>,
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
            test::<Op, f32, N>,
            test::<Op, f64, N>,
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
            test::<Op, f32, N>,
            test::<Op, f64, N>,
            test::<Op, Wrapping<u8>, N>,
            test::<Op, Wrapping<i32>, N>,
            test::<Op, Wrapping<i64>, N>,
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
        set.lanes[<bool as Lane>::INDEX] = test::<Op, bool, N>;
        set
    }

    /// The kernel of a function of conditions.
    pub const fn test_bool<Op, const N: usize>() -> Self
    where
        Op: Test<bool, N>,
    {
        let lanes = [none, none, none, none, none, test::<Op, bool, N>];
        KernelSet::new(RawKernel::test::<Op, bool, N>(), lanes, 1)
    }
}

/// What a loop computes at each place. A trait and not a closure, so that it is inlined however long
/// it is: code that is not knows nothing of the vector instructions of the loop around it.
trait At<O, const M: usize> {
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

/// `outputs[m][i] = f(i)[m]` for every `i` below `len`.
struct Loop<O, F, const M: usize> {
    /// Each points to room for `len`.
    outputs: [*mut O; M],
    /// The operands of `f` have as many elements.
    len: usize,
    f: F,
}

impl<O: Copy + Default, F: At<O, M>, const M: usize> Loop<O, F, M> {
    #[inline(always)]
    fn run<const BASELINE: bool>(self) {
        let Loop { outputs, len, f } = self;
        if M == 1 {
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

    #[inline(always)]
    fn dispatch(self, wide: bool) {
        if wide {
            pulp::Arch::new().dispatch(self);
        } else {
            self.run::<false>();
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

/// The operands and the parameters of a function.
struct Operands<Op, C, const N: usize> {
    x: [*const C; MAX_OPERANDS],
    params: [C; MAX_PARAMS],
    op: PhantomData<Op>,
}

impl<Op, C: Lane, const N: usize> Operands<Op, C, N> {
    /// Those that are not `given` are another, and not used.
    ///
    /// # Safety
    /// There are [`MAX_PARAMS`] parameters, and a pointer for every `k` that is `given` and for
    /// `some`.
    #[inline(always)]
    unsafe fn load(
        params: *const f64,
        operands: *const *const u8,
        some: usize,
        given: impl Fn(usize) -> bool,
    ) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            Operands {
                x: std::array::from_fn(|k| (*operands.add(if given(k) { k } else { some })).cast()),
                params: std::array::from_fn(|k| C::param(*params.add(k))),
                op: PhantomData,
            }
        }
    }

    /// # Safety
    /// The first `N` operands have an element there.
    #[inline(always)]
    unsafe fn inputs(&self, at: usize) -> [C; N] {
        // SAFETY: the caller's promise.
        std::array::from_fn(|k| unsafe { *self.x[k].add(at) })
    }
}

struct Value<Op, C, const N: usize>(Operands<Op, C, N>);

impl<Op, C: Lane, const N: usize, const M: usize> At<C, M> for Value<Op, C, N>
where
    Op: Scalar<C, N, M> + Scalar<C::Baseline, N, M>,
{
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
    Operands<Op, C, N>,
);

impl<Op, C, const N: usize, const M: usize, const OUT: usize, const IN: usize> At<C, 1>
    for Vjp<Op, C, N, M, OUT, IN>
where
    Op: Scalar<C, N, M> + Scalar<C::Baseline, N, M>,
    C: Lane + Ring,
{
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

struct Outcome<Op, C, const N: usize>(Operands<Op, C, N>);

impl<Op, C, const N: usize> At<bool, 1> for Outcome<Op, C, N>
where
    Op: Test<C, N>,
    C: Lane + Ordered<Mask = bool>,
{
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

/// # Safety
/// There are `N` operands of as many blocks of `C` as said, `M` outputs with room for as many, and
/// [`MAX_PARAMS`] parameters.
unsafe fn value<Op, C, const N: usize, const M: usize, const WIDE: bool>(
    params: *const f64,
    operands: *const *const u8,
    outputs: *const *mut u8,
    blocks: usize,
) where
    Op: Scalar<C, N, M> + Scalar<C::Baseline, N, M>,
    C: Lane,
{
    // SAFETY: the caller's promise; `Loop` asks for elements that are there.
    unsafe {
        Loop::<C, _, M> {
            outputs: std::array::from_fn(|m| (*outputs.add(m)).cast()),
            len: blocks * BLOCK,
            f: Value(Operands::<Op, C, N>::load(params, operands, 0, |k| k < N)),
        }
        .dispatch(WIDE);
    }
}

/// # Safety
/// There are `N + 2` operands: the function's inputs, its output `OUT` and the gradient of that.
/// The last, and those that `Op` saves, are as many blocks of `C` as said; the output has room for
/// as many.
unsafe fn vjp<
    Op,
    C,
    const N: usize,
    const M: usize,
    const OUT: usize,
    const IN: usize,
    const WIDE: bool,
>(
    params: *const f64,
    operands: *const *const u8,
    outputs: *const *mut u8,
    blocks: usize,
) where
    Op: Scalar<C, N, M> + Scalar<C::Baseline, N, M>,
    C: Lane + Ring,
{
    let gy = N + 1;
    // SAFETY: the caller's promise; `Loop` asks for elements that are there. Operands that are not
    // read are null, and the gradient stands in for them.
    unsafe {
        let given = |k| k <= gy && !(*operands.add(k)).is_null();
        Loop {
            outputs: [(*outputs).cast::<C>()],
            len: blocks * BLOCK,
            f: Vjp::<Op, C, N, M, OUT, IN>(Operands::load(params, operands, gy, given)),
        }
        .dispatch(WIDE);
    }
}

/// # Safety
/// As [`value`], with one output of conditions.
unsafe fn test<Op, C, const N: usize>(
    params: *const f64,
    operands: *const *const u8,
    outputs: *const *mut u8,
    blocks: usize,
) where
    Op: Test<C, N>,
    C: Lane + Ordered<Mask = bool>,
{
    // SAFETY: the caller's promise; `Loop` asks for elements that are there.
    unsafe {
        Loop {
            outputs: [(*outputs).cast::<bool>()],
            len: blocks * BLOCK,
            f: Outcome(Operands::<Op, C, N>::load(params, operands, 0, |k| k < N)),
        }
        .dispatch(false);
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
