//! The eight element types.

use std::fmt::{Debug, Display};

pub use half::{bf16, f16};

use crate::backend::Backend;
use crate::cpu;
use crate::io::FileDtype;
use crate::ops::scalar::{Bits, Ordered, Real, Ring};

/// The name of an element type at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DtypeKind {
    /// `bool`, one byte.
    Bool,
    /// `u8`.
    U8,
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// IEEE half precision.
    F16,
    /// bfloat16.
    Bf16,
    /// `f32`.
    F32,
    /// `f64`.
    F64,
}

impl DtypeKind {
    /// Bytes of one element.
    pub const fn size(self) -> usize {
        match self {
            DtypeKind::Bool | DtypeKind::U8 => 1,
            DtypeKind::F16 | DtypeKind::Bf16 => 2,
            DtypeKind::I32 | DtypeKind::F32 => 4,
            DtypeKind::I64 | DtypeKind::F64 => 8,
        }
    }

    /// The Rust name: `"f32"`.
    pub const fn name(self) -> &'static str {
        match self {
            DtypeKind::Bool => "bool",
            DtypeKind::U8 => "u8",
            DtypeKind::I32 => "i32",
            DtypeKind::I64 => "i64",
            DtypeKind::F16 => "f16",
            DtypeKind::Bf16 => "bf16",
            DtypeKind::F32 => "f32",
            DtypeKind::F64 => "f64",
        }
    }
}

impl Display for DtypeKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The type of a tensor's elements: `bool`, `u8`, `i32`, `i64`, `f16`, `bf16`, `f32`, `f64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an element type",
    note = "the element types are bool, u8, i32, i64, f16, bf16, f32 and f64"
)]
pub trait Dtype:
    Copy + Default + PartialEq + PartialOrd + Debug + Display + Send + Sync + bytemuck::NoUninit
{
    /// Its name at run time.
    const KIND: DtypeKind;
    /// 0, or `false`.
    const ZERO: Self;
    /// 1, or `true`.
    const ONE: Self;

    /// What is computed in: `f32` for `f16` and `bf16`, otherwise the type itself.
    type Compute: Ordered<Mask = bool> + cpu::Lane;

    /// Into the type that computes.
    fn widen(self) -> Self::Compute;
    /// Back, rounding.
    fn narrow(value: Self::Compute) -> Self;

    /// The nearest value of this type, of `f16` and `bf16` by way of `f32`, as PyTorch has it;
    /// integers truncate and saturate, `bool` is "not 0".
    fn from_f64(value: f64) -> Self;
    /// The value as an `f64`: exact for all but large `i64`.
    fn to_f64(self) -> f64;
    /// From an integer; the float types round, the smaller integers wrap.
    fn from_i64(value: i64) -> Self;
    /// As an integer; floats truncate and saturate.
    fn to_i64(self) -> i64;

    /// The value of these little-endian bytes; `None` for what is no `bool`.
    fn from_le_bytes(bytes: &[u8]) -> Option<Self>;

    /// The elements of a tensor in a file. It is compiled here, for each type, and not again and
    /// without optimisation by who loads a model in a debug build.
    #[doc(hidden)]
    fn of_file(dtype: FileDtype, bytes: &[u8]) -> Option<Vec<Self>>;

    #[doc(hidden)]
    fn kernels() -> &'static cpu::Kernels<Self>;
    #[doc(hidden)]
    fn into_any<B: Backend>(prim: B::Prim<Self>) -> Option<AnyFloat<B>>;
    #[doc(hidden)]
    fn from_any<B: Backend>(any: AnyFloat<B>) -> Option<B::Prim<Self>>;
}

/// The element type `F` itself. Operators ask for it, so that two element types that meet are
/// reported as such.
#[diagnostic::on_unimplemented(
    message = "elements of type `{Self}` and `{F}` do not meet in one op",
    label = "`{Self}` here meets `{F}`",
    note = "cast one of the tensors: `.cast::<{Self}>()`"
)]
pub trait SameDtype<F: Dtype>: Dtype {
    #[doc(hidden)]
    fn same<B: Backend>(prim: &B::Prim<F>) -> &B::Prim<Self>;
}

#[diagnostic::do_not_recommend]
impl<E: Dtype> SameDtype<E> for E {
    #[inline]
    fn same<B: Backend>(prim: &B::Prim<E>) -> &B::Prim<E> {
        prim
    }
}

/// Element types with arithmetic: all but `bool`. Integers wrap around.
#[diagnostic::on_unimplemented(
    message = "elements of type `{Self}` have no arithmetic",
    note = "cast first: `x.cast::<f32>()`"
)]
pub trait Num: Dtype<Compute: Ring + cpu::Lane<Baseline: Ring>> {
    /// The smallest value, where a maximum starts.
    const LOWEST: Self;
    /// The greatest value, where a minimum starts.
    const HIGHEST: Self;

    #[doc(hidden)]
    fn num_kernels() -> &'static cpu::NumKernels<Self>;
}

/// `f16`, `bf16`, `f32`, `f64`.
#[diagnostic::on_unimplemented(
    message = "elements of type `{Self}` are not floating-point numbers",
    note = "cast first: `x.cast::<f32>()`"
)]
pub trait Float: Num<Compute: Real + cpu::Lane<Baseline: Real>> {
    #[doc(hidden)]
    fn float_kernels() -> &'static cpu::FloatKernels<Self>;
}

/// `u8`, `i32`, `i64`.
#[diagnostic::on_unimplemented(
    message = "elements of type `{Self}` are not whole numbers",
    note = "cast first: `x.cast::<i64>()`"
)]
pub trait Int: Num<Compute: Bits + cpu::Lane<Baseline: Bits>> {}

/// Element types that another one converts into: all of them into all.
impl<E: Dtype> crate::dtype::CastFrom for E {}

#[doc(hidden)]
pub trait CastFrom: Dtype {
    /// Converts one element: through `i64` between whole numbers, otherwise through `f64`.
    #[inline]
    fn cast_from<F: Dtype>(value: F) -> Self {
        match F::KIND {
            DtypeKind::Bool | DtypeKind::U8 | DtypeKind::I32 | DtypeKind::I64 => {
                Self::from_i64(value.to_i64())
            }
            _ => Self::from_f64(value.to_f64()),
        }
    }
}

/// A primitive of any float type: what gradients on a tape are kept as.
#[doc(hidden)]
pub enum AnyFloat<B: Backend> {
    F16(B::Prim<f16>),
    Bf16(B::Prim<bf16>),
    F32(B::Prim<f32>),
    F64(B::Prim<f64>),
}

impl<B: Backend> Clone for AnyFloat<B> {
    fn clone(&self) -> Self {
        match self {
            AnyFloat::F16(x) => AnyFloat::F16(x.clone()),
            AnyFloat::Bf16(x) => AnyFloat::Bf16(x.clone()),
            AnyFloat::F32(x) => AnyFloat::F32(x.clone()),
            AnyFloat::F64(x) => AnyFloat::F64(x.clone()),
        }
    }
}

/// Whether fractions are cut off, as in whole numbers.
pub(crate) fn truncates<E: Dtype>() -> bool {
    E::from_f64(0.5) == E::ZERO
}

/// Runs an expression on the primitive inside an [`AnyFloat`], whatever its type.
macro_rules! with_float {
    ($any:expr, $x:ident => $body:expr) => {
        match $any {
            $crate::dtype::AnyFloat::F16($x) => $body,
            $crate::dtype::AnyFloat::Bf16($x) => $body,
            $crate::dtype::AnyFloat::F32($x) => $body,
            $crate::dtype::AnyFloat::F64($x) => $body,
        }
    };
}
pub(crate) use with_float;

/// Maps an [`AnyFloat`] to another of the same type.
macro_rules! map_float {
    ($any:expr, $x:ident => $body:expr) => {
        match $any {
            $crate::dtype::AnyFloat::F16($x) => $crate::dtype::AnyFloat::F16($body),
            $crate::dtype::AnyFloat::Bf16($x) => $crate::dtype::AnyFloat::Bf16($body),
            $crate::dtype::AnyFloat::F32($x) => $crate::dtype::AnyFloat::F32($body),
            $crate::dtype::AnyFloat::F64($x) => $crate::dtype::AnyFloat::F64($body),
        }
    };
}
pub(crate) use map_float;

macro_rules! kernels {
    (bool) => {
        fn kernels() -> &'static cpu::Kernels<Self> {
            static KERNELS: cpu::Kernels<bool> = cpu::Kernels::of();
            &KERNELS
        }
    };
    ($E:ty) => {
        fn kernels() -> &'static cpu::Kernels<Self> {
            static KERNELS: cpu::Kernels<$E> = cpu::Kernels::of();
            &KERNELS
        }
    };
}

macro_rules! not_float {
    () => {
        fn into_any<B: Backend>(_: B::Prim<Self>) -> Option<AnyFloat<B>> {
            None
        }
        fn from_any<B: Backend>(_: AnyFloat<B>) -> Option<B::Prim<Self>> {
            None
        }
    };
}

#[diagnostic::do_not_recommend]
impl Dtype for bool {
    const KIND: DtypeKind = DtypeKind::Bool;
    const ZERO: Self = false;
    const ONE: Self = true;
    type Compute = bool;
    #[inline(always)]
    fn widen(self) -> bool {
        self
    }
    #[inline(always)]
    fn narrow(value: bool) -> Self {
        value
    }
    fn from_f64(value: f64) -> Self {
        value != 0.0
    }
    fn to_f64(self) -> f64 {
        f64::from(u8::from(self))
    }
    fn from_i64(value: i64) -> Self {
        value != 0
    }
    fn to_i64(self) -> i64 {
        i64::from(self)
    }
    fn from_le_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }
    fn of_file(dtype: FileDtype, bytes: &[u8]) -> Option<Vec<Self>> {
        dtype.cast(bytes)
    }
    kernels!(bool);
    not_float!();
}

macro_rules! integer {
    ($E:ident, $kind:ident) => {
        #[diagnostic::do_not_recommend]
        impl Dtype for $E {
            const KIND: DtypeKind = DtypeKind::$kind;
            const ZERO: Self = 0;
            const ONE: Self = 1;
            type Compute = std::num::Wrapping<$E>;
            #[inline(always)]
            fn widen(self) -> Self::Compute {
                std::num::Wrapping(self)
            }
            #[inline(always)]
            fn narrow(value: Self::Compute) -> Self {
                value.0
            }
            #[inline]
            fn from_f64(value: f64) -> Self {
                value as $E
            }
            #[inline]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline]
            fn from_i64(value: i64) -> Self {
                value as $E
            }
            #[inline]
            fn to_i64(self) -> i64 {
                self as i64
            }
            fn from_le_bytes(bytes: &[u8]) -> Option<Self> {
                Some($E::from_le_bytes(bytes.try_into().ok()?))
            }
            fn of_file(dtype: FileDtype, bytes: &[u8]) -> Option<Vec<Self>> {
                dtype.cast(bytes)
            }
            kernels!($E);
            not_float!();
        }

        #[diagnostic::do_not_recommend]
        impl Num for $E {
            const LOWEST: Self = $E::MIN;
            const HIGHEST: Self = $E::MAX;
            fn num_kernels() -> &'static cpu::NumKernels<Self> {
                static KERNELS: cpu::NumKernels<$E> = cpu::NumKernels::of();
                &KERNELS
            }
        }

        #[diagnostic::do_not_recommend]
        impl Int for $E {}
    };
}
integer!(u8, U8);
integer!(i32, I32);
integer!(i64, I64);

macro_rules! float {
    ($E:ident, $kind:ident, $Compute:ty, $to:expr, $from:expr, [$zero:expr, $one:expr]) => {
        #[diagnostic::do_not_recommend]
        impl Dtype for $E {
            const KIND: DtypeKind = DtypeKind::$kind;
            const ZERO: Self = $zero;
            const ONE: Self = $one;
            type Compute = $Compute;
            #[inline(always)]
            fn widen(self) -> $Compute {
                $to(self)
            }
            #[inline(always)]
            fn narrow(value: $Compute) -> Self {
                $from(value)
            }
            #[inline]
            fn from_f64(value: f64) -> Self {
                $from(value as $Compute)
            }
            #[inline]
            fn to_f64(self) -> f64 {
                f64::from($to(self))
            }
            #[inline]
            fn from_i64(value: i64) -> Self {
                $from(value as $Compute)
            }
            #[inline]
            fn to_i64(self) -> i64 {
                self.to_f64() as i64
            }
            fn from_le_bytes(bytes: &[u8]) -> Option<Self> {
                Some($E::from_le_bytes(bytes.try_into().ok()?))
            }
            fn of_file(dtype: FileDtype, bytes: &[u8]) -> Option<Vec<Self>> {
                dtype.cast(bytes)
            }
            kernels!($E);
            fn into_any<B: Backend>(prim: B::Prim<Self>) -> Option<AnyFloat<B>> {
                Some(AnyFloat::$kind(prim))
            }
            fn from_any<B: Backend>(any: AnyFloat<B>) -> Option<B::Prim<Self>> {
                match any {
                    AnyFloat::$kind(prim) => Some(prim),
                    _ => None,
                }
            }
        }

        #[diagnostic::do_not_recommend]
        impl Num for $E {
            const LOWEST: Self = $E::NEG_INFINITY;
            const HIGHEST: Self = $E::INFINITY;
            fn num_kernels() -> &'static cpu::NumKernels<Self> {
                static KERNELS: cpu::NumKernels<$E> = cpu::NumKernels::of();
                &KERNELS
            }
        }

        #[diagnostic::do_not_recommend]
        impl Float for $E {
            fn float_kernels() -> &'static cpu::FloatKernels<Self> {
                static KERNELS: cpu::FloatKernels<$E> = cpu::FloatKernels::of();
                &KERNELS
            }
        }
    };
}
/// A type that computes in itself.
const fn same<T: Copy>(x: T) -> T {
    x
}
float!(
    f16,
    F16,
    f32,
    f16::to_f32,
    f16::from_f32,
    [f16::ZERO, f16::ONE]
);
float!(
    bf16,
    Bf16,
    f32,
    bf16::to_f32,
    bf16::from_f32,
    [bf16::ZERO, bf16::ONE]
);
float!(f32, F32, f32, same, same, [0.0, 1.0]);
float!(f64, F64, f64, same, same, [0.0, 1.0]);
