//! Which elements of the windows are summed over which planes.

use super::planes::Planes;
use crate::sizes::Conv2dSizes;

/// An element of a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tap {
    /// Its place in the window.
    pub(super) element: usize,
    pub(super) phase: usize,
    /// How far down and right of the first position.
    pub(super) shift: [usize; 2],
}

/// Sums over some elements of the windows, which give all positions or those that lie a stride
/// apart.
pub(super) struct Pass {
    pub(super) planes: Planes,
    pub(super) taps: Vec<Tap>,
    /// The furthest shift down.
    pub(super) span: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Of the first result in its plane, and of results to the next.
    pub(super) start: usize,
    pub(super) steps: [usize; 2],
}

/// What one axis of a pass is: for each element of the window that takes part, its number, phase and
/// shift.
struct Axis {
    taps: Vec<[usize; 3]>,
    before: isize,
    stride: usize,
    count: usize,
    start: usize,
    step: usize,
}

impl Axis {
    fn span(&self) -> usize {
        self.taps.iter().map(|tap| tap[2]).max().unwrap_or(0)
    }

    fn phases(&self) -> usize {
        self.taps.iter().map(|tap| tap[1] + 1).max().unwrap_or(1)
    }

    /// Of a convolution.
    fn forward(g: &Conv2dSizes, axis: usize) -> Self {
        let stride = g.options.stride[axis];
        let tap = |k| k * g.options.dilation[axis];
        Axis {
            taps: (0..g.kernel[axis])
                .map(|k| [k, tap(k) % stride, tap(k) / stride])
                .collect(),
            before: g.options.padding[axis] as isize,
            stride,
            count: g.output[axis],
            start: 0,
            step: 1,
        }
    }

    /// Of the gradient of the input at the positions of one phase, which some elements of the
    /// window reach: `position = output * stride + element * dilation - padding`.
    fn backward(g: &Conv2dSizes, axis: usize, phase: usize) -> Self {
        let (stride, padding) = (g.options.stride[axis], g.options.padding[axis]);
        // Positions are `step * stride + phase - padding`.
        let first = padding.saturating_sub(phase).div_ceil(stride);
        let end = (g.input[axis] + padding)
            .saturating_sub(phase)
            .div_ceil(stride);
        let back: Vec<[usize; 2]> = (0..g.kernel[axis])
            .map(|k| (k, k * g.options.dilation[axis]))
            .filter(|(_, tap)| tap % stride == phase)
            .map(|(k, tap)| [k, tap / stride])
            .collect();
        let furthest = back.last().map_or(0, |tap| tap[1]);
        Axis {
            taps: back
                .iter()
                .map(|&[k, back]| [k, 0, furthest - back])
                .collect(),
            before: furthest as isize - first as isize,
            stride: 1,
            count: end.saturating_sub(first),
            start: first * stride + phase - padding,
            step: stride,
        }
    }
}

impl Pass {
    /// `source` and `to` are the sizes of the planes that are read and written.
    fn new(source: [usize; 2], to: [usize; 2], kernel: [usize; 2], axes: [Axis; 2]) -> Self {
        let [down, across] = &axes;
        let phases = [down.phases(), across.phases()];
        let taps = (down.taps.iter())
            .flat_map(|d| across.taps.iter().map(move |a| (d, a)))
            .map(|(d, a)| Tap {
                element: d[0] * kernel[1] + a[0],
                phase: d[1] * phases[1] + a[1],
                shift: [d[2], a[2]],
            });
        Pass {
            taps: taps.collect(),
            span: down.span(),
            planes: Planes {
                input: source,
                stride: [down.stride, across.stride],
                before: [down.before, across.before],
                phases,
                width: across.count + across.span(),
            },
            rows: down.count,
            columns: across.count,
            start: down.start * to[1] + across.start,
            steps: [down.step * to[1], across.step],
        }
    }

    /// The output of a convolution.
    pub(super) fn forward(g: &Conv2dSizes) -> Self {
        let axes = [Axis::forward(g, 0), Axis::forward(g, 1)];
        Pass::new(g.input, g.output, g.kernel, axes)
    }

    /// The gradient of the input at the positions of one phase on each axis.
    pub(super) fn backward(g: &Conv2dSizes, phases: [usize; 2]) -> Self {
        let axes = [0, 1].map(|axis| Axis::backward(g, axis, phases[axis]));
        Pass::new(g.output, g.input, g.kernel, axes)
    }

    /// How far each tap shifts planes of which so many rows of each phase are laid out.
    pub(super) fn shifts(&self, rows: usize) -> Vec<usize> {
        (self.taps.iter())
            .map(|tap| (tap.phase * rows + tap.shift[0]) * self.planes.width + tap.shift[1])
            .collect()
    }
}

/// Cuts `all` into the fewest parts of at most `most`, as even as can be: the size of one, at least
/// 1.
pub(super) fn evenly(all: usize, most: usize) -> usize {
    let parts = all.div_ceil(most.max(1)).max(1);
    all.div_ceil(parts).max(1)
}
