//! Tensors without types in other shapes: parts, wholes and other orders of axes.

use super::HostTensor;
use crate::dtype::{Dtype, DtypeKind, bf16, f16};
use crate::io::bytes::Bytes;
use crate::io::strided;

impl HostTensor {
    /// The same elements in the same order under other sizes, without a copy; `None` if these have
    /// not as many.
    ///
    /// ```
    /// # use volta::io::{FileDtype, HostTensor};
    /// let x = HostTensor::new(FileDtype::U8, vec![2, 3], vec![1, 2, 3, 4, 5, 6]).unwrap();
    /// assert_eq!(x.reshape(&[3, 2]).unwrap().dims(), [3, 2]);
    /// assert!(x.reshape(&[4]).is_none());
    /// ```
    pub fn reshape(&self, dims: &[usize]) -> Option<HostTensor> {
        HostTensor::of_bytes(self.dtype, dims.to_vec(), self.bytes.clone())
    }

    /// Axis `i` of the result is axis `axes[i]` of this; `None` if `axes` has not each axis once,
    /// or elements share bytes.
    ///
    /// ```
    /// # use volta::io::{FileDtype, HostTensor};
    /// let x = HostTensor::new(FileDtype::U8, vec![2, 3], vec![1, 2, 3, 4, 5, 6]).unwrap();
    /// let y = x.permute(&[1, 0]).unwrap();
    /// assert_eq!((y.dims(), y.bytes()), (&[3, 2][..], &[1, 4, 2, 5, 3, 6][..]));
    /// ```
    pub fn permute(&self, axes: &[usize]) -> Option<HostTensor> {
        if !self.has_axes(axes) || self.shares_bytes() {
            return None;
        }
        let dims: Vec<usize> = axes.iter().map(|&axis| self.dims[axis]).collect();
        if axes.is_sorted() || self.bytes.is_empty() {
            return self.reshape(&dims);
        }
        let size = self.dtype.bits() / 8;
        let strides = strided::row_major(&self.dims, size);
        let strides: Vec<usize> = axes.iter().map(|&axis| strides[axis]).collect();
        let bytes = strided::gather(&self.bytes, size, &dims, &strides);
        HostTensor::of_bytes(self.dtype, dims, Bytes::new(bytes))
    }

    /// The part of an axis from `start` on, `len` long; without a copy where the part lies in one
    /// piece, as every part of the first axis does. `None` if the axis does not go so far, or the
    /// part has no bytes of its own.
    ///
    /// ```
    /// # use volta::io::{FileDtype, HostTensor};
    /// let x = HostTensor::new(FileDtype::U8, vec![2, 3], vec![1, 2, 3, 4, 5, 6]).unwrap();
    /// assert_eq!(x.narrow(0, 1, 1).unwrap().bytes(), [4, 5, 6]);
    /// assert_eq!(x.narrow(1, 1, 2).unwrap().bytes(), [2, 3, 5, 6]);
    /// assert!(x.narrow(1, 2, 2).is_none());
    /// ```
    pub fn narrow(&self, axis: usize, start: usize, len: usize) -> Option<HostTensor> {
        let size = *self.dims.get(axis)?;
        if start.checked_add(len)? > size {
            return None;
        }
        let mut dims = self.dims.clone();
        dims[axis] = len;
        // The sizes beside a 0 can be such that their product is no number.
        if self.bytes.is_empty() {
            return HostTensor::of_bytes(self.dtype, dims, self.bytes.clone());
        }
        let inner: usize = self.dims[axis + 1..].iter().product();
        let in_bytes = |n: usize| {
            let bits = n * inner * self.dtype.bits();
            bits.is_multiple_of(8).then_some(bits / 8)
        };
        let (row, from, till) = (in_bytes(size)?, in_bytes(start)?, in_bytes(start + len)?);
        let bytes = match self.bytes.len() == row {
            true => self.bytes.slice(from..till),
            false => {
                let rows = self.bytes.chunks_exact(row);
                Bytes::new(
                    rows.flat_map(|row| &row[from..till])
                        .copied()
                        .collect::<Vec<u8>>(),
                )
            }
        };
        HostTensor::of_bytes(self.dtype, dims, bytes)
    }

    /// Tensors one after the other along an axis; `None` if there are none, their element types or
    /// other sizes differ, they have no such axis, or a part has no bytes of its own.
    ///
    /// ```
    /// # use volta::io::{FileDtype, HostTensor};
    /// let x = HostTensor::new(FileDtype::U8, vec![2, 1], vec![1, 2]).unwrap();
    /// let y = HostTensor::new(FileDtype::U8, vec![2, 2], vec![3, 4, 5, 6]).unwrap();
    /// assert_eq!(HostTensor::concat(&[x, y], 1).unwrap().bytes(), [1, 3, 4, 2, 5, 6]);
    /// ```
    pub fn concat(parts: &[HostTensor], axis: usize) -> Option<HostTensor> {
        let first = parts.first()?;
        let mut dims = first.dims.clone();
        *dims.get_mut(axis)? = 0;
        for part in parts {
            if part.dtype != first.dtype || !part.fits_beside(first, axis) {
                return None;
            }
            dims[axis] = dims[axis].checked_add(part.dims[axis])?;
        }
        let whole = first.dtype.bytes_of(&dims)?;
        if whole == 0 {
            return HostTensor::of_bytes(first.dtype, dims, Bytes::new(Vec::new()));
        }
        let outer: usize = dims[..axis].iter().product();
        let row = |part: &HostTensor| {
            let bytes = part.bytes.len();
            bytes.is_multiple_of(outer).then_some(bytes / outer)
        };
        let rows: Vec<usize> = parts.iter().map(row).collect::<Option<_>>()?;
        let mut bytes = Vec::with_capacity(whole);
        for place in 0..outer {
            for (part, &size) in parts.iter().zip(&rows) {
                bytes.extend_from_slice(&part.bytes[place * size..(place + 1) * size]);
            }
        }
        HostTensor::of_bytes(first.dtype, dims, Bytes::new(bytes))
    }

    /// Its elements as those of another type, as [`cast_to_vec`](Self::cast_to_vec) casts them;
    /// without a copy if they are of this type. `None` for what does not cast.
    ///
    /// ```
    /// # use volta::{DtypeKind, io::{FileDtype, HostTensor}};
    /// let x = HostTensor::new(FileDtype::I8, vec![2], vec![255, 3]).unwrap();
    /// let y = x.cast(DtypeKind::F32).unwrap();
    /// assert_eq!(y.to_vec::<f32>().unwrap(), [-1.0, 3.0]);
    /// ```
    pub fn cast(&self, to: DtypeKind) -> Option<HostTensor> {
        fn into<E: Dtype>(x: &HostTensor) -> Option<HostTensor> {
            Some(HostTensor::of(&x.dims, &x.cast_to_vec::<E>()?))
        }
        if self.dtype == to {
            return self.is_sound().then(|| self.clone());
        }
        match to {
            DtypeKind::Bool => into::<bool>(self),
            DtypeKind::U8 => into::<u8>(self),
            DtypeKind::I32 => into::<i32>(self),
            DtypeKind::I64 => into::<i64>(self),
            DtypeKind::F16 => into::<f16>(self),
            DtypeKind::Bf16 => into::<bf16>(self),
            DtypeKind::F32 => into::<f32>(self),
            DtypeKind::F64 => into::<f64>(self),
        }
    }

    /// Whether these are its axes, each once.
    pub(crate) fn has_axes(&self, axes: &[usize]) -> bool {
        let mut sorted = axes.to_vec();
        sorted.sort_unstable();
        sorted.into_iter().eq(0..self.dims.len())
    }

    /// Whether one byte has several elements, or parts of them.
    pub(crate) fn shares_bytes(&self) -> bool {
        !self.dtype.bits().is_multiple_of(8)
    }

    /// Whether the sizes are the same but for one axis.
    pub(crate) fn fits_beside(&self, other: &HostTensor, axis: usize) -> bool {
        let same = |(at, (a, b))| at == axis || a == b;
        self.dims.len() == other.dims.len()
            && self.dims.iter().zip(&other.dims).enumerate().all(same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::FileDtype;

    fn count(dtype: FileDtype, dims: &[usize]) -> HostTensor {
        let bytes = dtype.bytes_of(dims).unwrap();
        let bytes = (0..bytes).map(|byte| byte as u8).collect();
        HostTensor::new(dtype, dims.to_vec(), bytes).unwrap()
    }

    /// Elements are words whose place the oracle works out from their index.
    #[test]
    fn permuted_axes_are_where_their_indices_say() {
        for dtype in [
            FileDtype::U8,
            FileDtype::F16,
            FileDtype::F32,
            FileDtype::C64,
        ] {
            let size = dtype.bits() / 8;
            let x = count(dtype, &[2, 3, 4]);
            for axes in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
                let y = x.permute(&axes).unwrap();
                let dims = axes.map(|axis| x.dims()[axis]);
                assert_eq!(y.dims(), dims);
                for place in 0..24 {
                    let at = [
                        place / (dims[1] * dims[2]),
                        place / dims[2] % dims[1],
                        place % dims[2],
                    ];
                    let mut from = [0; 3];
                    axes.iter().zip(at).for_each(|(&axis, i)| from[axis] = i);
                    let from = (from[0] * 3 + from[1]) * 4 + from[2];
                    let word = |x: &HostTensor, at: usize| x.bytes()[at * size..][..size].to_vec();
                    assert_eq!(word(&y, place), word(&x, from), "{dtype} {axes:?}");
                }
            }
        }
        assert!(count(FileDtype::U8, &[2, 2]).permute(&[0, 0]).is_none());
        assert!(count(FileDtype::U8, &[2, 2]).permute(&[0]).is_none());
        assert!(count(FileDtype::F4, &[2, 2]).permute(&[1, 0]).is_none());
        assert_eq!(
            count(FileDtype::U8, &[0, 3])
                .permute(&[1, 0])
                .unwrap()
                .dims(),
            [3, 0]
        );
    }

    #[test]
    fn parts_of_an_axis_make_the_whole_again() {
        for axis in 0..3 {
            let x = count(FileDtype::F32, &[4, 6, 2]);
            let size = x.dims()[axis];
            for cut in 0..=size {
                let parts = [
                    x.narrow(axis, 0, cut).unwrap(),
                    x.narrow(axis, cut, size - cut).unwrap(),
                ];
                assert_eq!(HostTensor::concat(&parts, axis).unwrap(), x);
            }
            assert!(x.narrow(axis, 1, size).is_none());
            assert!(x.narrow(axis, usize::MAX, 2).is_none());
        }
        let x = count(FileDtype::F32, &[4, 6]);
        let part = x.narrow(0, 1, 2).unwrap();
        assert_eq!(part.bytes().as_ptr(), x.bytes()[24..].as_ptr(), "shared");
        assert_eq!(
            count(FileDtype::U8, &[3, 0, 2])
                .narrow(1, 0, 0)
                .unwrap()
                .dims(),
            [3, 0, 2]
        );
        assert!(HostTensor::concat(&[], 0).is_none());
        assert!(HostTensor::concat(std::slice::from_ref(&x), 2).is_none());
        assert!(HostTensor::concat(&[x.clone(), count(FileDtype::F32, &[4, 5])], 0).is_none());
        assert!(HostTensor::concat(&[x, count(FileDtype::I32, &[4, 6])], 0).is_none());
    }

    #[test]
    fn elements_that_share_a_byte_stay_together() {
        let x = count(FileDtype::F4, &[2, 4]);
        assert_eq!(x.narrow(1, 0, 2).unwrap().bytes(), [0, 2]);
        assert!(x.narrow(1, 0, 1).is_none());
        assert!(x.narrow(1, 1, 2).is_none());
        let halves = [x.narrow(1, 0, 2).unwrap(), x.narrow(1, 2, 2).unwrap()];
        assert_eq!(HostTensor::concat(&halves, 1).unwrap(), x);
    }
}
