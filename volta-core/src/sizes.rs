//! Sizes of ops, which every backend finds alike.

use crate::backend::{Conv2dOptions, Pool2dOptions};
use crate::layout::Layout;
use crate::shape::runtime::{self, Dims};

/// All sizes of one convolution.
#[derive(Clone, Copy, Debug)]
pub struct Conv2dSizes {
    /// Images.
    pub batch: usize,
    /// Channels of the input.
    pub channels: usize,
    /// Height and width of the input.
    pub input: [usize; 2],
    /// Channels of the output.
    pub outputs: usize,
    /// Height and width of a window.
    pub kernel: [usize; 2],
    /// Height and width of the output.
    pub output: [usize; 2],
    /// Stride, padding, dilation and groups.
    pub options: Conv2dOptions,
}

impl Conv2dSizes {
    /// Of an input and a weight.
    ///
    /// # Panics
    /// If they do not fit, or one of the tensors has more elements than an address can count.
    pub fn new(x: &[usize], w: &[usize], options: Conv2dOptions) -> Self {
        let groups = options.groups;
        assert!(
            x.len() == 4
                && w.len() == 4
                && groups > 0
                && w[1].checked_mul(groups) == Some(x[1])
                && w[0].is_multiple_of(groups),
            "conv2d of {x:?} with {w:?} in {groups} groups"
        );
        let (input, kernel) = ([x[2], x[3]], [w[2], w[3]]);
        let Conv2dOptions {
            stride,
            padding,
            dilation,
            ..
        } = options;
        let output: [usize; 2] = std::array::from_fn(|i| {
            runtime::window(input[i], kernel[i], stride[i], padding[i], dilation[i])
                .unwrap_or_else(|| panic!("conv2d of {x:?} with {w:?}: the window does not fit"))
        });
        assert_countable(x);
        assert_countable(w);
        assert_countable(&[x[0], w[0], output[0], output[1]]);
        // The windows of a row of the output.
        assert_countable(&[w[1], kernel[0], kernel[1], output[1]]);
        Conv2dSizes {
            batch: x[0],
            channels: x[1],
            input,
            outputs: w[0],
            kernel,
            output,
            options,
        }
    }

    /// With the output that a gradient has: a transposed convolution may leave out the last
    /// windows.
    ///
    /// # Panics
    /// If there are more.
    pub fn with_output(self, gy: &[usize]) -> Self {
        assert!(
            gy.len() == 4
                && gy[..2] == [self.batch, self.outputs]
                && gy[2] <= self.output[0]
                && gy[3] <= self.output[1],
            "conv2d: a gradient of {gy:?} for an output of {:?}",
            [self.batch, self.outputs, self.output[0], self.output[1]]
        );
        Conv2dSizes {
            output: [gy[2], gy[3]],
            ..self
        }
    }

    /// Channels of the input of one group.
    pub fn group_channels(&self) -> usize {
        self.channels / self.options.groups
    }

    /// Channels of the output of one group.
    pub fn group_outputs(&self) -> usize {
        self.outputs / self.options.groups
    }
}

/// Height and width of what pooling gives of planes of these.
///
/// # Panics
/// If the window does not fit.
pub fn pooled(input: [usize; 2], options: Pool2dOptions) -> [usize; 2] {
    let Pool2dOptions {
        kernel,
        stride,
        padding,
        dilation,
    } = options;
    std::array::from_fn(|i| {
        runtime::window(input[i], kernel[i], stride[i], padding[i], dilation[i])
            .unwrap_or_else(|| panic!("pooling of {input:?}: {options:?} does not fit"))
    })
}

/// # Panics
/// If a tensor of these sizes has more elements than an address can count.
fn assert_countable(dims: &[usize]) {
    Layout::contiguous(dims);
}

/// The sizes of the product of `[.., M, K]` and `[.., K, N]`, with equal leading sizes.
///
/// # Panics
/// If they do not fit, or it has more elements than an address can count.
pub fn product(a: &[usize], b: &[usize]) -> Dims {
    let rank = a.len();
    assert!(
        rank >= 2
            && b.len() == rank
            && b[..rank - 2] == a[..rank - 2]
            && b[rank - 2] == a[rank - 1],
        "matmul of {a:?} and {b:?}"
    );
    let n = b[rank - 1];
    let mut dims = Dims::new(a);
    dims[rank - 1] = n;
    assert_countable(&dims);
    dims
}
