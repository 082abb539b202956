//! Vectors of any width of `f32` and `f64`, and how work on them is sent to the widest there are.

use std::marker::PhantomData;
use std::ops::Add;

use pulp::{MemMask, Simd};

/// A scalar as the lanes of the vectors of `S`.
pub trait Lanes<S: Simd>: Copy {
    type Vector: Copy;
    /// Some of the lanes.
    type Mask: Copy;
    const LANES: usize;

    fn splat(simd: S, x: Self) -> Self::Vector;
    fn plus(simd: S, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn minus(simd: S, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a * b + c`, in one step where the processor has it.
    fn mul_add(simd: S, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// The sum of the lanes.
    fn sum(simd: S, x: Self::Vector) -> Self;
    /// The lanes `from..to`.
    fn between(simd: S, from: usize, to: usize) -> Self::Mask;

    /// # Safety
    /// All lanes can be read there.
    unsafe fn load(simd: S, at: *const Self) -> Self::Vector;
    /// # Safety
    /// All lanes can be written there.
    unsafe fn store(simd: S, at: *mut Self, x: Self::Vector);
    /// These lanes; the others are 0.
    ///
    /// # Safety
    /// These lanes can be read there.
    unsafe fn load_some(simd: S, some: Self::Mask, at: *const Self) -> Self::Vector;
    /// # Safety
    /// These lanes can be written there.
    unsafe fn store_some(simd: S, some: Self::Mask, at: *mut Self, x: Self::Vector);
}

/// Work on vectors of `C`, whatever their width.
pub trait Work<C> {
    type Output;

    /// # Safety
    /// What the work itself asks for.
    unsafe fn run<S: Simd>(self, simd: S) -> Self::Output
    where
        C: Lanes<S>;
}

/// Scalars of which there are vectors.
pub trait Vector: Copy + Default + Send + Sync + Add<Output = Self> {
    /// Lanes of the widest vector.
    const MOST: usize = 64 / size_of::<Self>();

    /// Does the work with the widest vectors that the processor has.
    ///
    /// # Safety
    /// What the work asks for.
    unsafe fn with_vectors<W: Work<Self>>(work: W) -> W::Output;
}

struct On<W, C>(W, PhantomData<C>);

macro_rules! lanes {
    ($(
        $C:ty, $Vector:ident, $Mask:ident, $Index:ty, $LANES:ident, $splat:ident, $add:ident,
        $sub:ident, $mul_add:ident, $sum:ident, $between:ident, $load:ident, $store:ident;
    )*) => {$(
        impl<S: Simd> Lanes<S> for $C {
            type Vector = S::$Vector;
            type Mask = MemMask<S::$Mask>;
            const LANES: usize = S::$LANES;

            #[inline(always)]
            fn splat(simd: S, x: Self) -> S::$Vector {
                simd.$splat(x)
            }
            #[inline(always)]
            fn plus(simd: S, a: S::$Vector, b: S::$Vector) -> S::$Vector {
                simd.$add(a, b)
            }
            #[inline(always)]
            fn minus(simd: S, a: S::$Vector, b: S::$Vector) -> S::$Vector {
                simd.$sub(a, b)
            }
            #[inline(always)]
            fn mul_add(simd: S, a: S::$Vector, b: S::$Vector, c: S::$Vector) -> S::$Vector {
                simd.$mul_add(a, b, c)
            }
            #[inline(always)]
            fn sum(simd: S, x: S::$Vector) -> Self {
                simd.$sum(x)
            }
            #[inline(always)]
            fn between(simd: S, from: usize, to: usize) -> Self::Mask {
                // Without the jump into a function of its own that `pulp` makes of a mask: a call
                // in a loop costs more than the masked instruction.
                MemMask::new(simd.$between(from as $Index, to as $Index).mask())
            }
            #[inline(always)]
            unsafe fn load(_: S, at: *const Self) -> S::$Vector {
                // SAFETY: the caller's promise.
                unsafe { at.cast::<S::$Vector>().read_unaligned() }
            }
            #[inline(always)]
            unsafe fn store(_: S, at: *mut Self, x: S::$Vector) {
                // SAFETY: the caller's promise.
                unsafe { at.cast::<S::$Vector>().write_unaligned(x) }
            }
            #[inline(always)]
            unsafe fn load_some(simd: S, some: Self::Mask, at: *const Self) -> S::$Vector {
                // SAFETY: the caller's promise.
                unsafe { simd.$load(some, at) }
            }
            #[inline(always)]
            unsafe fn store_some(simd: S, some: Self::Mask, at: *mut Self, x: S::$Vector) {
                // SAFETY: the caller's promise.
                unsafe { simd.$store(some, at, x) }
            }
        }

        impl<W: Work<$C>> pulp::WithSimd for On<W, $C> {
            type Output = W::Output;
            #[inline(always)]
            fn with_simd<S: Simd>(self, simd: S) -> W::Output {
                // SAFETY: `with_vectors` was promised what the work asks for.
                unsafe { self.0.run(simd) }
            }
        }

        impl Vector for $C {
            unsafe fn with_vectors<W: Work<Self>>(work: W) -> W::Output {
                pulp::Arch::new().dispatch(On(work, PhantomData::<$C>))
            }
        }
    )*};
}
lanes! {
    f32, f32s, m32s, u32, F32_LANES, splat_f32s, add_f32s, sub_f32s, mul_add_e_f32s, reduce_sum_f32s,
    mask_between_m32s, mask_load_ptr_f32s, mask_store_ptr_f32s;
    f64, f64s, m64s, u64, F64_LANES, splat_f64s, add_f64s, sub_f64s, mul_add_e_f64s, reduce_sum_f64s,
    mask_between_m64s, mask_load_ptr_f64s, mask_store_ptr_f64s;
}
