//! Normalisation of rows and of channels: an input goes through memory once, and what is looked at
//! again is still in a cache. Other axes are left to the primitives.

mod channels;
mod rows;

use super::buffer::Buffer;
use super::lanes::{Packed, Terms};
use super::widen::contiguous;
use crate::backend::Reduce;
use crate::dtype::Float;
use crate::ops::scalar::{Real, Ring};

/// Scalars that are normalised.
pub(super) trait Scalar: Packed + Real {}
impl<C: Packed + Real> Scalar for C {}

/// Elements that a thread takes at a time, at least.
const PIECE: usize = 1 << 13;
/// Elements of a channel that lie together, at least: with fewer a call is mostly overhead.
const FEWEST: usize = 8;

/// What is normalised together.
#[derive(Clone, Copy)]
enum Shape {
    /// Rows of neighbours in memory.
    Rows { count: usize, width: usize },
    /// Of each of `batch` examples, `len` neighbours.
    Channels {
        batch: usize,
        channels: usize,
        len: usize,
    },
}

/// Element `i` of the input has weight and bias `i / len % count`.
#[derive(Clone, Copy)]
struct Spread {
    count: usize,
    len: usize,
}

/// Neighbouring axes that are marked alike as one, without those of size 1.
fn merged(dims: &[usize], is_marked: impl Fn(usize) -> bool) -> Vec<(usize, bool)> {
    let mut found: Vec<(usize, bool)> = Vec::new();
    for (axis, &size) in dims.iter().enumerate().filter(|axis| *axis.1 != 1) {
        match found.last_mut() {
            Some(last) if last.1 == is_marked(axis) => last.0 *= size,
            _ => found.push((size, is_marked(axis))),
        }
    }
    found
}

impl Shape {
    fn of(dims: &[usize], axes: &[usize]) -> Option<Self> {
        let rows = |count, width| Some(Shape::Rows { count, width });
        match *merged(dims, |axis| axes.contains(&axis)) {
            [] => rows(1, 1),
            [(width, true)] => rows(1, width),
            [(count, false)] => rows(count, 1),
            [(count, false), (width, true)] => rows(count, width),
            [(batch, true), (channels, false), (len, true)] if len >= FEWEST => {
                Some(Shape::Channels {
                    batch,
                    channels,
                    len,
                })
            }
            _ => None,
        }
    }

    /// Elements that are next to each other and in one mean.
    fn len(self) -> usize {
        match self {
            Shape::Rows { width, .. } => width,
            Shape::Channels { len, .. } => len,
        }
    }
}

impl Spread {
    fn of(dims: &[usize], weight: &[usize], run: usize) -> Option<Self> {
        let added = dims.len() - weight.len();
        let repeats = |axis: usize| axis < added || weight[axis - added] == 1;
        match *merged(dims, repeats) {
            [] | [(_, true)] => Some(Spread { count: 1, len: run }),
            [(count, false)] | [(_, true), (count, false)] => Some(Spread { count, len: 1 }),
            [(count, false), (len, true)] | [(_, true), (count, false), (len, true)] => {
                Some(Spread { count, len })
            }
            _ => None,
        }
    }
}

/// A weight and a bias by the number of their element.
#[derive(Clone, Copy)]
struct Affine<'a, C> {
    spread: Spread,
    weight: &'a [C],
    bias: &'a [C],
}

/// A normalisation that there is a kernel for.
struct Plan<'a, C> {
    shape: Shape,
    affine: Option<Affine<'a, C>>,
    /// How many elements a mean is of.
    n: C,
    eps: C,
}

fn values<E: Float>(x: &Buffer<E>) -> &[E::Compute] {
    assert_eq!(size_of::<E>(), size_of::<E::Compute>(), "asked before");
    let x = x.as_slice().expect("contiguous");
    // SAFETY: the types have one size, and so one representation.
    unsafe { std::slice::from_raw_parts(x.as_ptr().cast(), x.len()) }
}

/// The parts of a plan in row-major order, if there is a kernel.
struct Inputs<E> {
    x: Buffer<E>,
    affine: Option<[Buffer<E>; 2]>,
}

impl<E: Float<Compute: Scalar>> Inputs<E> {
    fn new(x: &Buffer<E>, affine: Option<[&Buffer<E>; 2]>) -> Self {
        Inputs {
            x: contiguous(x),
            affine: affine.map(|affine| affine.map(contiguous)),
        }
    }

    fn plan(&self, axes: &[usize], eps: f64) -> Option<Plan<'_, E::Compute>> {
        let dims = self.x.dims();
        if size_of::<E>() != size_of::<E::Compute>() || self.x.numel() == 0 {
            return None;
        }
        let shape = Shape::of(dims, axes)?;
        let affine = match &self.affine {
            None => None,
            Some([weight, bias]) => {
                let spread = Spread::of(dims, weight.dims(), shape.len())?;
                let fits = match shape {
                    Shape::Rows { width, .. } if spread.len == 1 => {
                        spread.count.is_multiple_of(width)
                    }
                    Shape::Rows { width, .. } => width.is_multiple_of(spread.len),
                    Shape::Channels { channels, len, .. } => {
                        spread.len == len && channels.is_multiple_of(spread.count)
                    }
                };
                if !fits || weight.dims() != bias.dims() {
                    return None;
                }
                Some(Affine {
                    spread,
                    weight: values(weight),
                    bias: values(bias),
                })
            }
        };
        let number = |value: f64| E::Compute::default().lit(value);
        Some(Plan {
            shape,
            affine,
            n: number(axes.iter().map(|&axis| dims[axis] as f64).product()),
            eps: number(eps),
        })
    }
}

impl<C: Scalar> Plan<'_, C> {
    /// The mean and one over the deviation.
    #[inline(always)]
    fn mean_and_scale(&self, total: C, squares: C) -> [C; 2] {
        let one = total.lit(1.0);
        [total / self.n, one / (squares / self.n + self.eps).sqrt()]
    }
}

/// Squares of distances to a mean.
#[derive(Clone, Copy)]
struct Squares<C> {
    mean: C,
}
impl<C: Packed> Terms<C, 1, 1> for Squares<C> {
    #[inline(always)]
    fn terms<S: pulp::Simd>(self, simd: S, [x]: [C::Of<S>; 1]) -> [C::Of<S>; 1] {
        let distance = C::sub(simd, x, C::splat(simd, self.mean));
        [C::mul(simd, distance, distance)]
    }
}

/// Of an input and the gradient of its output: the gradients, and their products with the distances
/// to the mean. A third input is a weight of the gradients.
#[derive(Clone, Copy)]
struct Shares<C> {
    mean: C,
}
impl<C: Packed> Terms<C, 2, 2> for Shares<C> {
    #[inline(always)]
    fn terms<S: pulp::Simd>(self, simd: S, [x, g]: [C::Of<S>; 2]) -> [C::Of<S>; 2] {
        let distance = C::sub(simd, x, C::splat(simd, self.mean));
        [g, C::mul(simd, g, distance)]
    }
}
impl<C: Packed> Terms<C, 3, 2> for Shares<C> {
    #[inline(always)]
    fn terms<S: pulp::Simd>(self, simd: S, [x, g, weight]: [C::Of<S>; 3]) -> [C::Of<S>; 2] {
        self.terms(simd, [x, C::mul(simd, g, weight)])
    }
}

/// What the gradient of an input is made of: `g weight scale - shift - (x - mean) slope`.
#[derive(Clone, Copy)]
struct Slopes<C> {
    mean: C,
    scale: C,
    shift: C,
    slope: C,
}

impl<C: Scalar> Slopes<C> {
    /// From the sums of the weighted gradients and of their products with the distances.
    #[inline(always)]
    fn new(plan: &Plan<'_, C>, [mean, scale]: [C; 2], [sum, products]: [C; 2]) -> Self {
        let part = scale / plan.n;
        Slopes {
            mean,
            scale,
            shift: sum * part,
            slope: products * part * scale * scale,
        }
    }

    #[inline(always)]
    fn write(self, x: &[C], g: &[C], weight: C, out: &mut [std::mem::MaybeUninit<C>]) {
        let weight = weight * self.scale;
        for (out, (x, g)) in out.iter_mut().zip(x.iter().zip(g)) {
            out.write(*g * weight - self.shift - (*x - self.mean) * self.slope);
        }
    }
}

/// `y`, the sums over `axes`, and the sums of the squared distances to the means.
pub(super) fn forward<E: Float<Compute: Scalar>>(
    x: &Buffer<E>,
    axes: &[usize],
    eps: f64,
    affine: Option<[&Buffer<E>; 2]>,
) -> Option<[Buffer<E>; 3]> {
    let inputs = Inputs::new(x, affine);
    let plan = inputs.plan(axes, eps)?;
    let mut sums = x.dims().to_vec();
    axes.iter().for_each(|&axis| sums[axis] = 1);
    let x = values(&inputs.x);
    let write = |y: *mut E, total: *mut E, squares: *mut E| {
        let (y, sums) = (y.cast(), [total.cast(), squares.cast()]);
        match plan.shape {
            Shape::Rows { count, width } => rows::forward(&plan, x, [count, width], y, sums),
            Shape::Channels {
                batch,
                channels,
                len,
            } => channels::forward(&plan, x, [batch, channels, len], y, sums),
        }
    };
    // SAFETY: the kernels write every element.
    unsafe {
        let (mut total, mut squares) = (None, None);
        let y = Buffer::<E>::write_with(inputs.x.dims(), |y| {
            total = Some(Buffer::<E>::write_with(&sums, |total| {
                squares = Some(Buffer::<E>::write_with(&sums, |squares| {
                    write(y, total, squares);
                }));
            }));
        });
        Some([y, total.expect("written"), squares.expect("written")])
    }
}

/// The gradients of `x`, and of weight and bias.
pub(super) fn vjp<E: Float<Compute: Scalar>>(
    x: &Buffer<E>,
    [total, squares]: [&Buffer<E>; 2],
    axes: &[usize],
    eps: f64,
    affine: Option<[&Buffer<E>; 2]>,
    gy: &Buffer<E>,
) -> Option<(Buffer<E>, Option<[Buffer<E>; 2]>)> {
    let inputs = Inputs::new(x, affine);
    let plan = inputs.plan(axes, eps)?;
    let saved = [contiguous(total), contiguous(squares), contiguous(gy)];
    let [total, squares, gy] = saved.each_ref().map(values);
    let (x, sums) = (values(&inputs.x), [total, squares]);
    let mut parts = None;
    // SAFETY: the kernels write every element.
    let gx = unsafe {
        Buffer::<E>::write_with(inputs.x.dims(), |gx| {
            let gx = gx.cast();
            parts = match plan.shape {
                Shape::Rows { count, width } => {
                    rows::vjp::<E>(&plan, [x, gy], sums, [count, width], gx)
                }
                Shape::Channels {
                    batch,
                    channels,
                    len,
                } => channels::vjp::<E>(&plan, [x, gy], sums, [batch, channels, len], gx),
            };
        })
    };
    // Sums of parts: `[.., count]`.
    let affine = parts.zip(affine).map(|(parts, [weight, _])| {
        parts.map(|part| {
            let sum = (E::num_kernels().reduce)(Reduce::Sum, &part, &[0]);
            let layout = sum.layout().reshape(weight.dims()).expect("row-major");
            sum.view(layout)
        })
    });
    Some((gx, affine))
}
