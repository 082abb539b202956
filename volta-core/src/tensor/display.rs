//! Tensors as text, in NumPy's manner.

use std::fmt::{self, Display};

use super::Tensor;
use crate::backend::Backend;
use crate::dtype::{Dtype, DtypeKind};
use crate::shape::Shape;

/// Elements above which only the ends of each axis are shown.
const SUMMARISE: usize = 1000;
/// Elements shown at either end.
const ENDS: usize = 3;

/// The elements, nested by axis, then shape and element type.
///
/// ```
/// use volta::prelude::*;
///
/// let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.5, -3.0], [0.0, 10.0, 0.125]]);
/// assert_eq!(
///     x.to_string(),
///     "[[ 1.000,  2.500, -3.000],\n [ 0.000, 10.000,  0.125]] [2, 3] f32"
/// );
/// ```
impl<S: Shape, E: Dtype, B: Backend> Display for Tensor<S, E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self)
    }
}

pub(super) fn write<S: Shape, E: Dtype, B: Backend>(
    f: &mut fmt::Formatter<'_>,
    x: &Tensor<S, E, B>,
) -> fmt::Result {
    let dims = x.dims();
    match x.try_to_vec() {
        Ok(data) => {
            let text = Text::new(&data, dims, f.precision());
            text.write(f, &data, dims, 0)?;
        }
        Err(error) => write!(f, "<{error}>")?,
    }
    write!(f, " {dims:?} {}", E::KIND)
}

/// How elements are written so that columns align.
struct Text {
    width: usize,
    precision: Option<usize>,
    scientific: bool,
    summarise: bool,
}

impl Text {
    fn new<E: Dtype>(data: &[E], dims: &[usize], precision: Option<usize>) -> Self {
        let summarise = data.len() > SUMMARISE;
        let mut shown = Vec::new();
        collect(data, dims, summarise, &mut shown);
        let mut text = Text {
            width: 0,
            precision: None,
            scientific: false,
            summarise,
        };
        if matches!(
            E::KIND,
            DtypeKind::F16 | DtypeKind::Bf16 | DtypeKind::F32 | DtypeKind::F64
        ) {
            let finite = || {
                shown
                    .iter()
                    .map(|x| x.to_f64().abs())
                    .filter(|x| x.is_finite())
            };
            let largest = finite().fold(0.0, f64::max);
            let smallest = finite().filter(|x| *x > 0.0).fold(f64::INFINITY, f64::min);
            text.scientific =
                largest >= 1e8 || smallest < 1e-4 || (smallest > 0.0 && largest / smallest > 1e6);
            let digits = |x: f64| (0..4).find(|&p| (x * 10_f64.powi(p)).fract() == 0.0);
            let needed = finite()
                .map(|x| digits(x).unwrap_or(4) as usize)
                .max()
                .unwrap_or(0);
            let least = if text.scientific { 4 } else { needed.max(1) };
            text.precision = Some(precision.unwrap_or(least));
        }
        text.width = shown
            .iter()
            .map(|x| text.element(*x).len())
            .max()
            .unwrap_or(0);
        text
    }

    fn element<E: Dtype>(&self, x: E) -> String {
        match self.precision {
            Some(p) if self.scientific => format!("{:.p$e}", x.to_f64()),
            Some(p) => format!("{:.p$}", x.to_f64()),
            None => x.to_string(),
        }
    }

    fn write<E: Dtype>(
        &self,
        f: &mut fmt::Formatter<'_>,
        data: &[E],
        dims: &[usize],
        depth: usize,
    ) -> fmt::Result {
        let Some((&size, inner)) = dims.split_first() else {
            return write!(f, "{:>1$}", self.element(data[0]), self.width);
        };
        let stride: usize = inner.iter().product();
        write!(f, "[")?;
        for (nth, index) in positions(size, self.summarise).into_iter().enumerate() {
            if nth > 0 && inner.is_empty() {
                write!(f, ", ")?;
            } else if nth > 0 {
                write!(f, ",{:\n<1$}{2:3$}", "", inner.len(), "", depth + 1)?;
            }
            match index {
                Some(i) => self.write(f, &data[i * stride..(i + 1) * stride], inner, depth + 1)?,
                None => write!(f, "...")?,
            }
        }
        write!(f, "]")
    }
}

/// Indices to show along an axis; `None` is a gap.
fn positions(size: usize, summarise: bool) -> Vec<Option<usize>> {
    if summarise && size > 2 * ENDS + 1 {
        let start = (0..ENDS).map(Some);
        return start
            .chain([None])
            .chain((size - ENDS..size).map(Some))
            .collect();
    }
    (0..size).map(Some).collect()
}

fn collect<E: Dtype>(data: &[E], dims: &[usize], summarise: bool, shown: &mut Vec<E>) {
    let Some((&size, inner)) = dims.split_first() else {
        shown.push(data[0]);
        return;
    };
    let stride: usize = inner.iter().product();
    for i in positions(size, summarise).into_iter().flatten() {
        collect(&data[i * stride..(i + 1) * stride], inner, summarise, shown);
    }
}
