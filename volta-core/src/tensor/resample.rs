//! Images of other sizes.

use super::Tensor;
use crate::backend::Backend;
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise as op;
use crate::shape::{Resize2dShape, Shape, Upsample2dShape};
use volta_macros::elementwise;

/// What one entry is made of: entries and their weights.
pub(super) type Taps = Vec<(usize, f64)>;

/// `axis` with entries made of those of `x`, each of as many.
pub(super) fn mixed<E: Float, B: Backend>(
    x: &B::Prim<E>,
    axis: usize,
    entries: &[Taps],
) -> B::Prim<E> {
    let device = B::device(x);
    let mut dims = B::dims(x).to_vec();
    dims[axis] = entries.len();
    let mut along = vec![1; dims.len()];
    along[axis] = entries.len();
    let part = |tap: usize| {
        let index = entries.iter().map(|taps| taps[tap].0 as i64).collect();
        let index = B::expand(&B::from_vec(&device, index, &along), &dims);
        let x = B::gather(x, axis, &index);
        if entries.iter().all(|taps| taps[tap].1 == 1.0) {
            return x;
        }
        let weights = entries
            .iter()
            .map(|taps| E::from_f64(taps[tap].1))
            .collect();
        let weights = B::expand(&B::from_vec(&device, weights, &along), &dims);
        B::map(op::Mul, [&x, &weights])
    };
    let count = entries.first().map_or(0, Vec::len);
    (0..count)
        .map(part)
        .reduce(|sum, x| B::map(op::Add, [&sum, &x]))
        .expect("an entry is made of something")
}

/// `left * a + right * b`.
#[elementwise(compiled)]
fn blend(a: Float, b: Float, left: f64, right: f64) -> Float {
    left * a + right * b
}

/// `axis` made `factor` times as long, between the middles of its entries.
fn stretched<E: Float, B: Backend>(x: &B::Prim<E>, axis: usize, factor: usize) -> B::Prim<E> {
    if factor == 1 {
        return x.clone();
    }
    let dims = B::dims(x).to_vec();
    let n = dims[axis];
    let (first, last) = (B::narrow(x, axis, 0, 1), B::narrow(x, axis, n - 1, 1));
    let wide = B::cat(&[&first, x, &last], axis);
    let (before, after) = (B::narrow(&wide, axis, 0, n), B::narrow(&wide, axis, 2, n));
    let phase = |i: usize| {
        let offset = (i as f64 + 0.5) / factor as f64 - 0.5;
        let op = Blend {
            left: 1.0 - offset.abs(),
            right: offset.abs(),
        };
        if 2 * i + 1 == factor {
            x.clone()
        } else if offset < 0.0 {
            B::map(op, [x, &before])
        } else {
            B::map(op, [x, &after])
        }
    };
    let one = [&dims[..=axis], &[1], &dims[axis + 1..]].concat();
    let phases: Vec<_> = (0..factor).map(|i| B::reshape(&phase(i), &one)).collect();
    let y = B::cat(&phases.iter().collect::<Vec<_>>(), axis + 1);
    let mut out = dims;
    out[axis] = n * factor;
    B::reshape(&y, &out)
}

/// Which entries of an axis of `size` a bilinear one of `len` lies between.
fn between(size: usize, len: usize, align_corners: bool) -> Vec<Taps> {
    let place = |i: usize| {
        let at = if align_corners {
            (size - 1) as f64 * i as f64 / (len.max(2) - 1) as f64
        } else {
            ((i as f64 + 0.5) * size as f64 / len as f64 - 0.5).max(0.0)
        };
        let low = (at as usize).min(size - 1);
        let rest = (at - low as f64).clamp(0.0, 1.0);
        vec![(low, 1.0 - rest), ((low + 1).min(size - 1), rest)]
    };
    (0..len).map(place).collect()
}

fn bilinear<E: Float, B: Backend>(
    x: &B::Prim<E>,
    sizes: [usize; 2],
    align_corners: bool,
) -> B::Prim<E> {
    if E::KIND.size() == 2 {
        return B::cast(&bilinear::<f32, B>(&B::cast(x), sizes, align_corners));
    }
    let resize = |x: &B::Prim<E>, axis: usize| {
        let (size, len) = (B::dims(x)[axis], sizes[axis - 2]);
        if size == len {
            x.clone()
        } else if len.is_multiple_of(size) && !align_corners {
            stretched::<E, B>(x, axis, len / size)
        } else {
            mixed::<E, B>(x, axis, &between(size, len, align_corners))
        }
    };
    resize(&resize(x, 3), 2)
}

#[track_caller]
fn has_pixels(op: &str, dims: &[usize], sizes: [usize; 2]) {
    let [h, w] = sizes;
    assert!(
        dims[2] > 0 && dims[3] > 0 && h > 0 && w > 0,
        "{op}: images {dims:?} do not become images of {h} by {w}"
    );
}

/// Every entry `factors` times along height and width.
fn repeated<E: Dtype, B: Backend>(x: &B::Prim<E>, [fh, fw]: [usize; 2]) -> B::Prim<E> {
    let &[n, c, h, w] = B::dims(x) else {
        unreachable!("images have four axes")
    };
    let x = B::reshape(x, &[n, c, h, 1, w, 1]);
    let x = B::expand(&x, &[n, c, h, fh, w, fw]);
    B::reshape(&x, &[n, c, h * fh, w * fw])
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// Every pixel of `[N, C, H, W]` as `FH` by `FW` pixels
    /// (`torch.nn.functional.interpolate`, `mode="nearest"`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 1, 2]> = Tensor::from_array([[[[1.0, 2.0]]]]);
    /// let y: Tensor<s![1, 1, 2, 4]> = x.upsample_nearest::<2, 2>();
    /// assert_eq!(y.to_vec(), [1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0]);
    /// ```
    pub fn upsample_nearest<const FH: usize, const FW: usize>(&self) -> Tensor<S::Out, E, B>
    where
        S: Upsample2dShape<FH, FW>,
    {
        Tensor::typed(repeated::<E, B>(&self.prim, [FH, FW]))
    }

    /// Images `[N, C, H, W]` made `FH` times as high and `FW` times as wide, linear between the
    /// middles of the pixels (`torch.nn.functional.interpolate`, `mode="bilinear"`,
    /// `align_corners=False`).
    ///
    /// # Panics
    /// If there are no pixels, or a factor is 0.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 1, 2]> = Tensor::from_array([[[[0.0, 4.0]]]]);
    /// let y: Tensor<s![1, 1, 1, 4]> = x.upsample_bilinear::<1, 2>();
    /// assert_eq!(y.to_vec(), [0.0, 1.0, 3.0, 4.0]);
    /// ```
    #[track_caller]
    pub fn upsample_bilinear<const FH: usize, const FW: usize>(&self) -> Tensor<S::Out, E, B>
    where
        E: Float,
        S: Upsample2dShape<FH, FW>,
    {
        self.upsample_bilinear_as::<FH, FW>(false)
    }

    /// [`upsample_bilinear`](Self::upsample_bilinear), where with `align_corners` the middles of
    /// the corners stay where they are (`align_corners=True`).
    ///
    /// # Panics
    /// If there are no pixels, or a factor is 0.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 1, 2]> = Tensor::from_array([[[[0.0, 3.0]]]]);
    /// let y: Tensor<s![1, 1, 1, 4]> = x.upsample_bilinear_as::<1, 2>(true);
    /// assert_eq!(y.to_vec(), [0.0, 1.0, 2.0, 3.0]);
    /// ```
    #[track_caller]
    pub fn upsample_bilinear_as<const FH: usize, const FW: usize>(
        &self,
        align_corners: bool,
    ) -> Tensor<S::Out, E, B>
    where
        E: Float,
        S: Upsample2dShape<FH, FW>,
    {
        let dims = self.dims();
        let sizes = [dims[2] * FH, dims[3] * FW];
        has_pixels("upsample_bilinear", dims, sizes);
        Tensor::typed(bilinear::<E, B>(&self.prim, sizes, align_corners))
    }

    /// Images `[N, C, ..]` resized to `H` by `W`, each pixel that of the nearest place
    /// (`torch.nn.functional.interpolate`, `mode="nearest"`): `floor(i n / H)` on an axis of `n`.
    ///
    /// # Panics
    /// If there are no pixels, or `H` or `W` is 0.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 1, 2]> = Tensor::from_array([[[[1.0, 2.0]]]]);
    /// let y: Tensor<s![1, 1, 1, 3]> = x.interpolate_nearest::<1, 3>();
    /// assert_eq!(y.to_vec(), [1.0, 1.0, 2.0]);
    /// ```
    #[track_caller]
    pub fn interpolate_nearest<const H: usize, const W: usize>(&self) -> Tensor<S::Out, E, B>
    where
        E: Float,
        S: Resize2dShape<H, W>,
    {
        has_pixels("interpolate_nearest", self.dims(), [H, W]);
        let nearest = |x: &B::Prim<E>, axis: usize, len: usize| {
            let size = B::dims(x)[axis];
            let entries: Vec<Taps> = (0..len).map(|i| vec![(i * size / len, 1.0)]).collect();
            mixed::<E, B>(x, axis, &entries)
        };
        Tensor::typed(nearest(&nearest(&self.prim, 3, W), 2, H))
    }

    /// Images `[N, C, ..]` resized to `H` by `W`, linear between pixels
    /// (`torch.nn.functional.interpolate`, `mode="bilinear"`). The middles of the corners stay
    /// where they are with `align_corners`, and the edges of the image without.
    ///
    /// # Panics
    /// If there are no pixels, or `H` or `W` is 0.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 1, 1, 2]> = Tensor::from_array([[[[0.0, 4.0]]]]);
    /// let y: Tensor<s![1, 1, 1, 3]> = x.interpolate_bilinear::<1, 3>(true);
    /// assert_eq!(y.to_vec(), [0.0, 2.0, 4.0]);
    /// ```
    #[track_caller]
    pub fn interpolate_bilinear<const H: usize, const W: usize>(
        &self,
        align_corners: bool,
    ) -> Tensor<S::Out, E, B>
    where
        E: Float,
        S: Resize2dShape<H, W>,
    {
        has_pixels("interpolate_bilinear", self.dims(), [H, W]);
        Tensor::typed(bilinear::<E, B>(&self.prim, [H, W], align_corners))
    }
}
