//! The element types that files have.

use std::fmt::{self, Display};

use crate::dtype::{Dtype, DtypeKind, bf16, f16, truncates};

/// Elements that are cast at a time, so that how they are read is compiled once, and not for every
/// type that they are cast to. It is even.
const PART: usize = 512;

/// Every element type of files, in one table: the variant, bits, name, name in safetensors, name in
/// NumPy, name in PyTorch and of a storage there, the type of volta's tensors that it is.
macro_rules! file_dtypes {
    ($($(#[$doc:meta])* $variant:ident $bits:literal $name:literal $safetensors:literal
        $npy:expr, $torch:expr, $storage:expr, $kind:expr;)*) => {
        /// The element type of a tensor in a file: volta's own and those that only files have,
        /// which are cast when they are read.
        ///
        /// ```
        /// use volta::DtypeKind;
        /// use volta::io::FileDtype;
        ///
        /// assert_eq!(FileDtype::from(DtypeKind::F32), FileDtype::F32);
        /// assert_eq!(FileDtype::U16.kind(), None);
        /// assert_eq!((FileDtype::F4.bits(), FileDtype::F4.to_string()), (4, "f4".to_owned()));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FileDtype {
            $($(#[$doc])* $variant,)*
        }

        impl FileDtype {
            /// All of them.
            pub const ALL: &[FileDtype] = &[$(FileDtype::$variant),*];

            /// The bits of one element; below eight, elements share bytes.
            pub const fn bits(self) -> usize {
                match self { $(FileDtype::$variant => $bits,)* }
            }

            /// Its name: `"f32"`.
            pub const fn name(self) -> &'static str {
                match self { $(FileDtype::$variant => $name,)* }
            }

            /// Its name in the header of a safetensors file: `"F32"`.
            pub(crate) const fn safetensors(self) -> &'static str {
                match self { $(FileDtype::$variant => $safetensors,)* }
            }

            /// Its name in the header of an npy file, without the order of bytes: `"f4"`.
            pub(crate) const fn npy(self) -> Option<&'static str> {
                match self { $(FileDtype::$variant => $npy,)* }
            }

            /// Its name in PyTorch: `"float32"`.
            #[cfg_attr(not(feature = "pytorch"), expect(dead_code))]
            pub(crate) const fn torch(self) -> Option<&'static str> {
                match self { $(FileDtype::$variant => $torch,)* }
            }

            /// The name of a class of PyTorch for elements in memory: `"FloatStorage"`.
            #[cfg_attr(not(feature = "pytorch"), expect(dead_code))]
            pub(crate) const fn torch_storage(self) -> Option<&'static str> {
                match self { $(FileDtype::$variant => $storage,)* }
            }

            /// The type of volta's tensors that it is; `None` for one that only files have.
            pub const fn kind(self) -> Option<DtypeKind> {
                match self { $(FileDtype::$variant => $kind,)* }
            }
        }
    };
}

file_dtypes! {
    /// `bool`, one byte.
    Bool 8 "bool" "BOOL" Some("b1"), Some("bool"), Some("BoolStorage"), Some(DtypeKind::Bool);
    /// `u8`.
    U8 8 "u8" "U8" Some("u1"), Some("uint8"), Some("ByteStorage"), Some(DtypeKind::U8);
    /// `i8`.
    I8 8 "i8" "I8" Some("i1"), Some("int8"), Some("CharStorage"), None;
    /// `u16`.
    U16 16 "u16" "U16" Some("u2"), Some("uint16"), None, None;
    /// `i16`.
    I16 16 "i16" "I16" Some("i2"), Some("int16"), Some("ShortStorage"), None;
    /// `u32`.
    U32 32 "u32" "U32" Some("u4"), Some("uint32"), None, None;
    /// `i32`.
    I32 32 "i32" "I32" Some("i4"), Some("int32"), Some("IntStorage"), Some(DtypeKind::I32);
    /// `u64`.
    U64 64 "u64" "U64" Some("u8"), Some("uint64"), None, None;
    /// `i64`.
    I64 64 "i64" "I64" Some("i8"), Some("int64"), Some("LongStorage"), Some(DtypeKind::I64);
    /// IEEE half precision.
    F16 16 "f16" "F16" Some("f2"), Some("float16"), Some("HalfStorage"), Some(DtypeKind::F16);
    /// bfloat16.
    Bf16 16 "bf16" "BF16" Some("V2"), Some("bfloat16"), Some("BFloat16Storage"), Some(DtypeKind::Bf16);
    /// `f32`.
    F32 32 "f32" "F32" Some("f4"), Some("float32"), Some("FloatStorage"), Some(DtypeKind::F32);
    /// `f64`.
    F64 64 "f64" "F64" Some("f8"), Some("float64"), Some("DoubleStorage"), Some(DtypeKind::F64);
    /// Two `f32`: a complex number. It casts into no type of volta's.
    C64 64 "c64" "C64" Some("c8"), Some("complex64"), Some("ComplexFloatStorage"), None;
    /// Eight bits, four of them an exponent; no infinities (`float8_e4m3fn`).
    F8E4m3 8 "f8_e4m3" "F8_E4M3" None, Some("float8_e4m3fn"), None, None;
    /// The same with one zero and one NaN (`float8_e4m3fnuz`).
    F8E4m3Fnuz 8 "f8_e4m3fnuz" "F8_E4M3FNUZ" None, Some("float8_e4m3fnuz"), None, None;
    /// Eight bits, five of them an exponent.
    F8E5m2 8 "f8_e5m2" "F8_E5M2" None, Some("float8_e5m2"), None, None;
    /// The same with one zero, one NaN and no infinities (`float8_e5m2fnuz`).
    F8E5m2Fnuz 8 "f8_e5m2fnuz" "F8_E5M2FNUZ" None, Some("float8_e5m2fnuz"), None, None;
    /// A power of two: eight bits of exponent (`float8_e8m0fnu`).
    F8E8m0 8 "f8_e8m0" "F8_E8M0" None, Some("float8_e8m0fnu"), None, None;
    /// Six bits, two of them an exponent. No file says in which order they share bytes, so they
    /// are kept as they are and not cast.
    F6E2m3 6 "f6_e2m3" "F6_E2M3" None, None, None, None;
    /// Six bits, three of them an exponent; not cast, as `F6E2m3`.
    F6E3m2 6 "f6_e3m2" "F6_E3M2" None, None, None, None;
    /// Four bits, two of them an exponent; the first of two is the lower half of a byte
    /// (`float4_e2m1fn_x2`).
    F4 4 "f4" "F4" None, Some("float4_e2m1fn_x2"), None, None;
}

impl Display for FileDtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<DtypeKind> for FileDtype {
    fn from(kind: DtypeKind) -> Self {
        let of_kind = |dtype: &&FileDtype| dtype.kind() == Some(kind);
        *(FileDtype::ALL.iter().find(of_kind)).expect("a file takes every type of volta's")
    }
}

impl PartialEq<DtypeKind> for FileDtype {
    fn eq(&self, other: &DtypeKind) -> bool {
        self.kind() == Some(*other)
    }
}

impl FileDtype {
    #[cfg_attr(not(feature = "safetensors"), expect(dead_code))]
    pub(crate) fn of_safetensors(name: &str) -> Option<Self> {
        let named = |dtype: &&FileDtype| dtype.safetensors() == name;
        FileDtype::ALL.iter().find(named).copied()
    }

    #[cfg_attr(not(feature = "data"), expect(dead_code))]
    pub(crate) fn of_npy(name: &str) -> Option<Self> {
        let named = |dtype: &&FileDtype| dtype.npy() == Some(name);
        FileDtype::ALL.iter().find(named).copied()
    }

    #[cfg(feature = "pytorch")]
    pub(crate) fn of_torch(name: &str) -> Option<Self> {
        let named = |dtype: &&FileDtype| dtype.torch() == Some(name);
        FileDtype::ALL.iter().find(named).copied()
    }

    #[cfg(feature = "pytorch")]
    pub(crate) fn of_torch_storage(name: &str) -> Option<Self> {
        let named = |dtype: &&FileDtype| dtype.torch_storage() == Some(name);
        FileDtype::ALL.iter().find(named).copied()
    }

    /// The bytes of a tensor of these sizes, if that is a number and a whole one.
    pub(crate) fn bytes_of(self, dims: &[usize]) -> Option<usize> {
        let elements = dims.iter().try_fold(1_usize, |n, &d| n.checked_mul(d))?;
        match self.bits() {
            bits if bits.is_multiple_of(8) => elements.checked_mul(bits / 8),
            bits => {
                let bits = elements.checked_mul(bits)?;
                bits.is_multiple_of(8).then_some(bits / 8)
            }
        }
    }

    /// Bytes of one part of an element whose bytes a big-endian file has in the other order.
    #[cfg_attr(not(any(feature = "data", feature = "safetensors")), allow(dead_code))]
    pub(crate) const fn word(self) -> usize {
        match self {
            FileDtype::C64 => 4,
            dtype => dtype.bits().div_ceil(8),
        }
    }

    /// Whether these bytes are elements of this type: every byte pattern is, but for `bool`.
    pub(crate) fn is_sound(self, bytes: &[u8]) -> bool {
        self != FileDtype::Bool || bytes.iter().all(|byte| *byte <= 1)
    }

    /// Whether there are numbers to cast: not in a complex number, nor where no file says in which
    /// order elements share bytes.
    pub(crate) const fn casts(self) -> bool {
        !matches!(self, FileDtype::C64 | FileDtype::F6E2m3 | FileDtype::F6E3m2)
    }

    /// The elements as `E`, as PyTorch casts: whole numbers wrap, floats round or truncate. `None`
    /// for what does not cast, and for what is no `bool`.
    pub(crate) fn cast<E: Dtype>(self, bytes: &[u8]) -> Option<Vec<E>> {
        // As `collect` into an `Option` grows, and so takes up to twice the memory.
        let mut values = Vec::with_capacity(bytes.len() * 8 / self.bits());
        if self == E::KIND {
            for word in bytes.chunks_exact(size_of::<E>()) {
                values.push(E::from_le_bytes(word)?);
            }
            return Some(values);
        }
        if !self.casts() || !self.is_sound(bytes) {
            return None;
        }
        let is_whole = match self {
            // More than `i64` has, where floats are asked for.
            FileDtype::U64 => truncates::<E>(),
            dtype => dtype.is_whole(),
        };
        for bytes in bytes.chunks(PART * self.bits() / 8) {
            let len = bytes.len() * 8 / self.bits();
            if is_whole {
                let mut numbers = [0; PART];
                self.integers(bytes, &mut numbers[..len]);
                values.extend(numbers[..len].iter().map(|x| E::from_i64(*x)));
            } else {
                let mut numbers = [0.0; PART];
                self.floats(bytes, &mut numbers[..len]);
                values.extend(numbers[..len].iter().map(|x| E::from_f64(*x)));
            }
        }
        Some(values)
    }

    /// Whether its elements are whole numbers.
    fn is_whole(self) -> bool {
        use FileDtype::*;
        matches!(self, Bool | U8 | I8 | U16 | I16 | U32 | I32 | I64 | U64)
    }

    /// The elements, which [are whole](Self::is_whole); those of 64 bits without a sign wrap.
    fn integers(self, bytes: &[u8], out: &mut [i64]) {
        match self {
            FileDtype::Bool | FileDtype::U8 => words(bytes, out, |[byte]| i64::from(byte)),
            FileDtype::I8 => words(bytes, out, |x| i8::from_le_bytes(x).into()),
            FileDtype::U16 => words(bytes, out, |x| u16::from_le_bytes(x).into()),
            FileDtype::I16 => words(bytes, out, |x| i16::from_le_bytes(x).into()),
            FileDtype::U32 => words(bytes, out, |x| u32::from_le_bytes(x).into()),
            FileDtype::I32 => words(bytes, out, |x| i32::from_le_bytes(x).into()),
            FileDtype::I64 => words(bytes, out, i64::from_le_bytes),
            FileDtype::U64 => words(bytes, out, |x| u64::from_le_bytes(x) as i64),
            _ => unreachable!("{self} is not whole"),
        }
    }

    /// The elements, of those that [cast](Self::casts) and are not whole, or `u64`.
    fn floats(self, bytes: &[u8], out: &mut [f64]) {
        match self {
            FileDtype::U64 => words(bytes, out, |x| u64::from_le_bytes(x) as f64),
            FileDtype::F16 => words(bytes, out, |x| f16::from_le_bytes(x).to_f64()),
            FileDtype::Bf16 => words(bytes, out, |x| bf16::from_le_bytes(x).to_f64()),
            FileDtype::F32 => words(bytes, out, |x| f32::from_le_bytes(x).into()),
            FileDtype::F64 => words(bytes, out, f64::from_le_bytes),
            FileDtype::F8E4m3 => words(bytes, out, |[x]| match x & 0x7f {
                0x7f => f64::NAN,
                _ => small_float(x, 4, 3, 7),
            }),
            FileDtype::F8E4m3Fnuz => words(bytes, out, |[x]| match x {
                0x80 => f64::NAN,
                _ => small_float(x, 4, 3, 8),
            }),
            FileDtype::F8E5m2 => words(bytes, out, |[x]| match (x & 0x7f, x >> 7) {
                (0x7c, 0) => f64::INFINITY,
                (0x7c, _) => f64::NEG_INFINITY,
                (0x7d.., _) => f64::NAN,
                _ => small_float(x, 5, 2, 15),
            }),
            FileDtype::F8E5m2Fnuz => words(bytes, out, |[x]| match x {
                0x80 => f64::NAN,
                _ => small_float(x, 5, 2, 16),
            }),
            FileDtype::F8E8m0 => words(bytes, out, |[x]| match x {
                0xff => f64::NAN,
                _ => 2_f64.powi(i32::from(x) - 127),
            }),
            FileDtype::F4 => {
                // The sign is where a byte has it.
                let byte = |half: u8| (half & 8) << 4 | half & 7;
                for (pair, both) in out.chunks_exact_mut(2).zip(bytes) {
                    let halves = [both & 0xf, both >> 4];
                    pair.copy_from_slice(&halves.map(|x| small_float(byte(x), 2, 1, 1)));
                }
            }
            _ => unreachable!("{self} is no float"),
        }
    }
}

/// The numbers that words of `N` bytes are.
fn words<const N: usize, T>(bytes: &[u8], out: &mut [T], value: impl Fn([u8; N]) -> T) {
    for (slot, word) in out.iter_mut().zip(bytes.as_chunks::<N>().0) {
        *slot = value(*word);
    }
}

/// The number that a sign in the highest bit, an exponent and a mantissa in the lowest ones make,
/// without regard to what is not finite.
fn small_float(x: u8, exponent_bits: u32, mantissa_bits: u32, bias: i32) -> f64 {
    let mantissa = x & ((1 << mantissa_bits) - 1);
    let exponent = x >> mantissa_bits & ((1 << exponent_bits) - 1);
    let (lead, exponent) = match exponent {
        0 => (0.0, 1),
        _ => (1.0, i32::from(exponent)),
    };
    let unit = f64::from(1_u32 << mantissa_bits);
    let size = (lead + f64::from(mantissa) / unit) * 2_f64.powi(exponent - bias);
    if x >> 7 == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_different() {
        for (place, dtype) in FileDtype::ALL.iter().enumerate() {
            let others = &FileDtype::ALL[..place];
            assert!(others.iter().all(|other| other.name() != dtype.name()));
            assert_eq!(FileDtype::of_safetensors(dtype.safetensors()), Some(*dtype));
            if let Some(npy) = dtype.npy() {
                assert_eq!(FileDtype::of_npy(npy), Some(*dtype));
            }
            #[cfg(feature = "pytorch")]
            if let Some(torch) = dtype.torch() {
                assert_eq!(FileDtype::of_torch(torch), Some(*dtype));
            }
            #[cfg(feature = "pytorch")]
            if let Some(storage) = dtype.torch_storage() {
                assert_eq!(FileDtype::of_torch_storage(storage), Some(*dtype));
            }
        }
    }

    /// By PyTorch: `torch.tensor(bytes, dtype=torch.uint8).view(torch.float8_e4m3fn).double()`.
    #[test]
    fn eight_bits_are_the_numbers_that_pytorch_makes_of_them() {
        let bytes = [0x00, 0x80, 0x01, 0x08, 0x38, 0xb9, 0x7e, 0x7f];
        let cast = |dtype: FileDtype| dtype.cast::<f64>(&bytes).unwrap();
        let same = |got: Vec<f64>, want: [f64; 8]| {
            let bits = |x: &f64| if x.is_nan() { 1 } else { x.to_bits() };
            let (got, want): (Vec<_>, Vec<_>) = (
                got.iter().map(bits).collect(),
                want.iter().map(bits).collect(),
            );
            assert_eq!(got, want);
        };
        let nan = f64::NAN;
        same(
            cast(FileDtype::F8E4m3),
            [0.0, -0.0, 0.001953125, 0.015625, 1.0, -1.125, 448.0, nan],
        );
        same(
            cast(FileDtype::F8E4m3Fnuz),
            [
                0.0,
                nan,
                0.0009765625,
                0.0078125,
                0.5,
                -0.5625,
                224.0,
                240.0,
            ],
        );
        same(
            cast(FileDtype::F8E5m2),
            [
                0.0,
                -0.0,
                1.52587890625e-05,
                0.0001220703125,
                0.5,
                -0.625,
                nan,
                nan,
            ],
        );
        same(
            cast(FileDtype::F8E5m2Fnuz),
            [
                0.0,
                nan,
                7.62939453125e-06,
                6.103515625e-05,
                0.25,
                -0.3125,
                49152.0,
                57344.0,
            ],
        );
        let infinities = FileDtype::F8E5m2.cast::<f64>(&[0x7c, 0xfc]).unwrap();
        assert_eq!(infinities, [f64::INFINITY, f64::NEG_INFINITY]);
        let powers = FileDtype::F8E8m0.cast::<f64>(&[0, 127, 130]).unwrap();
        assert_eq!(powers, [2_f64.powi(-127), 1.0, 8.0]);
        assert!(FileDtype::F8E8m0.cast::<f64>(&[255]).unwrap()[0].is_nan());
    }

    #[test]
    fn four_bits_come_two_in_a_byte() {
        let all = [0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe];
        let values = FileDtype::F4.cast::<f32>(&all).unwrap();
        let positive = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0];
        assert_eq!(values[..8], positive);
        assert_eq!(values[8..], positive.map(|x| -x));
        assert_eq!(FileDtype::F4.bytes_of(&[3, 2]), Some(3));
        assert_eq!(FileDtype::F4.bytes_of(&[3]), None);
    }

    #[test]
    fn whole_numbers_wrap_and_keep_every_digit() {
        let bytes: Vec<u8> = [-1_i16, 300].iter().flat_map(|x| x.to_le_bytes()).collect();
        assert_eq!(FileDtype::I16.cast::<i64>(&bytes).unwrap(), [-1, 300]);
        assert_eq!(FileDtype::I16.cast::<u8>(&bytes).unwrap(), [255, 44]);
        assert_eq!(FileDtype::I16.cast::<f32>(&bytes).unwrap(), [-1.0, 300.0]);
        assert_eq!(FileDtype::I16.cast::<bool>(&bytes).unwrap(), [true, true]);
        let large = u64::MAX.to_le_bytes();
        assert_eq!(FileDtype::U64.cast::<i64>(&large).unwrap(), [-1]);
        assert_eq!(
            FileDtype::U64.cast::<f64>(&large).unwrap(),
            [u64::MAX as f64]
        );
        let digits = 16_777_217_i64.to_le_bytes();
        assert_eq!(FileDtype::I64.cast::<i32>(&digits).unwrap(), [16_777_217]);
    }

    #[test]
    fn what_is_no_number_does_not_cast() {
        for dtype in FileDtype::ALL {
            let zeros = vec![0; dtype.bytes_of(&[4]).unwrap()];
            assert_eq!(
                dtype.cast::<f32>(&zeros).is_some(),
                dtype.casts(),
                "{dtype}"
            );
        }
        assert_eq!(FileDtype::C64.cast::<f32>(&[0; 8]), None);
        assert_eq!(FileDtype::F6E2m3.cast::<f32>(&[0; 3]), None);
        assert_eq!(FileDtype::Bool.cast::<f32>(&[2]), None);
        assert_eq!(FileDtype::Bool.cast::<bool>(&[2]), None);
    }
}
