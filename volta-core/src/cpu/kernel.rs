//! Loops over contiguous runs of elements, one per op, scalar type and derivative.

use std::num::Wrapping;

use crate::ops::elementwise::{Saves, Scalar};

/// Computes `len` elements from as many of each input. Pointers that the op does not read may be
/// anything.
pub(crate) type KernelFn = unsafe fn(inputs: *const *const u8, output: *mut u8, len: usize);

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
}

/// A type that kernels compute in.
#[doc(hidden)]
pub trait Lane: Copy + 'static {
    #[doc(hidden)]
    fn pick(set: &KernelSet) -> RawKernel;
}

/// A kernel, opaque outside of this crate.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct RawKernel(pub(crate) KernelFn);

impl Lane for f32 {
    fn pick(set: &KernelSet) -> RawKernel {
        RawKernel(set.f32)
    }
}

impl Lane for f64 {
    fn pick(set: &KernelSet) -> RawKernel {
        RawKernel(set.f64)
    }
}

macro_rules! integer_lane {
    ($($T:ty, $index:literal;)*) => {$(
        impl Lane for Wrapping<$T> {
            fn pick(set: &KernelSet) -> RawKernel {
                RawKernel(set.integers.expect("an op of floats alone on integers")[$index])
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
        KernelSet {
            f32: dispatched_vjp::<Op, f32, N, INPUT>,
            f64: dispatched_vjp::<Op, f64, N, INPUT>,
            integers: None,
            arity: N,
            saves: <Op as Scalar<f32, N>>::SAVES,
        }
    }
}

/// Elements computed between loading and storing: whole registers, and input and output may be the
/// same memory.
const BLOCK: usize = 32;

struct Map<Op, C, const N: usize> {
    inputs: [*const C; N],
    output: *mut C,
    len: usize,
    op: std::marker::PhantomData<Op>,
}

impl<Op: Scalar<C, N>, C: Copy, const N: usize> Map<Op, C, N> {
    /// # Safety
    /// `inputs` holds `N` pointers to `len` elements each, and `output` one to as many.
    #[inline(always)]
    unsafe fn run(self) {
        let Map {
            inputs,
            output,
            len,
            ..
        } = self;
        let block = |at: usize| {
            // SAFETY: at + BLOCK <= len, so the caller's promise covers every access.
            unsafe {
                let values: [C; BLOCK] = std::array::from_fn(|j| {
                    Op::value(std::array::from_fn(|k| *inputs[k].add(at + j)))
                });
                output.add(at).cast::<[C; BLOCK]>().write_unaligned(values);
            }
        };
        let whole = len - len % BLOCK;
        for at in (0..whole).step_by(BLOCK) {
            block(at);
        }
        if whole < len {
            // SAFETY: whole <= at + j < len, so the caller's promise covers every access; what is
            // past the end repeats the first element of the tail.
            unsafe {
                let tail: [[C; BLOCK]; N] = std::array::from_fn(|k| {
                    std::array::from_fn(|j| {
                        let at = whole + j;
                        *inputs[k].add(if at < len { at } else { whole })
                    })
                });
                let values: [C; BLOCK] =
                    std::array::from_fn(|j| Op::value(std::array::from_fn(|k| tail[k][j])));
                std::ptr::copy_nonoverlapping(values.as_ptr(), output.add(whole), len - whole);
            }
        }
    }
}

impl<Op: Scalar<C, N>, C: Copy, const N: usize> pulp::WithSimd for Map<Op, C, N> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        // SAFETY: made by `dispatched` under the same promise.
        unsafe { self.run() }
    }
}

/// # Safety
/// `inputs` holds `N` pointers to `len` elements of `C` each, and `output` one to as many.
unsafe fn map_of<Op, C, const N: usize>(
    inputs: *const *const u8,
    output: *mut u8,
    len: usize,
) -> Map<Op, C, N> {
    Map {
        // SAFETY: the caller gives N pointers.
        inputs: std::array::from_fn(|k| unsafe { (*inputs.add(k)).cast() }),
        output: output.cast(),
        len,
        op: std::marker::PhantomData,
    }
}

/// # Safety
/// As [`map_of`].
unsafe fn dispatched<Op: Scalar<C, N>, C: Copy, const N: usize>(
    inputs: *const *const u8,
    output: *mut u8,
    len: usize,
) {
    // SAFETY: the caller's promise.
    pulp::Arch::new().dispatch(unsafe { map_of::<Op, C, N>(inputs, output, len) });
}

/// # Safety
/// As [`map_of`].
unsafe fn plain<Op: Scalar<C, N>, C: Copy, const N: usize>(
    inputs: *const *const u8,
    output: *mut u8,
    len: usize,
) {
    // SAFETY: the caller's promise.
    unsafe { map_of::<Op, C, N>(inputs, output, len).run() }
}

struct Vjp<Op, C, const N: usize, const INPUT: usize> {
    inputs: [*const C; N],
    y: *const C,
    gy: *const C,
    output: *mut C,
    len: usize,
    op: std::marker::PhantomData<Op>,
}

impl<Op, C, const N: usize, const INPUT: usize> Vjp<Op, C, N, INPUT>
where
    Op: Scalar<C, N>,
    C: Copy + std::ops::Mul<Output = C>,
{
    /// # Safety
    /// `gy`, the output, and what `Op::SAVES` names have `len` elements.
    #[inline(always)]
    unsafe fn run(self) {
        let Vjp {
            inputs,
            y,
            gy,
            output,
            len,
            ..
        } = self;
        let saves: Saves = Op::SAVES;
        let one = |at: usize| {
            // SAFETY: at < len, so the caller's promise covers every access.
            unsafe {
                let g = *gy.add(at);
                let x = std::array::from_fn(|k| {
                    if saves.inputs() {
                        *inputs[k].add(at)
                    } else {
                        g
                    }
                });
                let y = if saves.output() { *y.add(at) } else { g };
                Op::partial(INPUT, x, y) * g
            }
        };
        let whole = len - len % BLOCK;
        for at in (0..whole).step_by(BLOCK) {
            let values: [C; BLOCK] = std::array::from_fn(|j| one(at + j));
            // SAFETY: at + BLOCK <= len.
            unsafe { output.add(at).cast::<[C; BLOCK]>().write_unaligned(values) };
        }
        for at in whole..len {
            // SAFETY: at < len.
            unsafe { *output.add(at) = one(at) };
        }
    }
}

impl<Op, C, const N: usize, const INPUT: usize> pulp::WithSimd for Vjp<Op, C, N, INPUT>
where
    Op: Scalar<C, N>,
    C: Copy + std::ops::Mul<Output = C>,
{
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        // SAFETY: made by `dispatched_vjp` under the same promise.
        unsafe { self.run() }
    }
}

/// # Safety
/// `inputs` holds `N + 2` pointers: the op's inputs, its output and the gradient of that. The last,
/// and those that `Op::SAVES` names, point to `len` elements of `C`, as does `output`.
unsafe fn dispatched_vjp<Op, C, const N: usize, const INPUT: usize>(
    inputs: *const *const u8,
    output: *mut u8,
    len: usize,
) where
    Op: Scalar<C, N>,
    C: Copy + std::ops::Mul<Output = C>,
{
    // An op of fewer inputs has no derivative by this one.
    if INPUT >= N {
        return;
    }
    // SAFETY: the caller gives N + 2 pointers.
    let at = |k: usize| unsafe { (*inputs.add(k)).cast::<C>() };
    let vjp = Vjp::<Op, C, N, INPUT> {
        inputs: std::array::from_fn(at),
        y: at(N),
        gy: at(N + 1),
        output: output.cast(),
        len,
        op: std::marker::PhantomData,
    };
    pulp::Arch::new().dispatch(vjp);
}
