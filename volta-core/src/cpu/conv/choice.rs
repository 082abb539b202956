//! Which way of computing a convolution is the fastest, by how much of the processor's arithmetic
//! each was measured to keep busy.
//!
//! The figures are from f32 on AVX-512, over windows of one to seven rows, 1 to 512 channels and
//! planes of 4 to 224 columns; between ways that are close it does not matter much.

use super::lanes::Vector;
use crate::sizes::Conv2dSizes;

/// A way to compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Sums over shifted planes.
    Direct,
    /// The same in fewer products.
    Winograd,
    /// A product with patches.
    Patches,
}

/// The way of the largest share.
fn best(direct: f64, winograd: Option<f64>, patches: f64) -> Way {
    match winograd {
        Some(winograd) if winograd >= direct.max(patches) => Way::Winograd,
        _ if direct >= patches => Way::Direct,
        _ => Way::Patches,
    }
}

/// Whether windows are single elements, so that patches are the planes themselves and quick to copy.
fn is_product(g: &Conv2dSizes) -> bool {
    g.kernel == [1, 1] && g.options.stride == [1, 1] && g.options.padding == [0, 0]
}

/// Whether the windows have three rows, without stride.
fn is_winograd(g: &Conv2dSizes) -> bool {
    g.kernel[0] == 3
        && g.options.stride == [1, 1]
        && g.options.dilation[0] == 1
        && g.batch * g.outputs * g.channels > 0
        && g.output[0] * g.output[1] > 0
}

/// The share of sums that count, of those that rows of `width` make in whole vectors.
fn filled<C: Vector>([rows, columns]: [usize; 2], width: usize) -> f64 {
    let computed = (rows * width).next_multiple_of(C::MOST).max(1);
    (rows * columns) as f64 / computed as f64
}

/// The share of work that grows with `amount` beside some that does not.
fn beside(amount: usize, other: f64) -> f64 {
    amount as f64 / (amount as f64 + other)
}

fn span(g: &Conv2dSizes) -> usize {
    g.options.dilation[1] * g.kernel[1].saturating_sub(1)
}

/// Times the speed of a direct convolution that fewer products have.
fn gain(g: &Conv2dSizes) -> f64 {
    1.5 * beside(g.group_channels().min(g.group_outputs()), 4.0)
}

/// For the output.
pub(super) fn forward<C: Vector>(g: &Conv2dSizes) -> Way {
    let positions = g.batch * g.output[0] * g.output[1];
    let width = g.output[1] + span(g) / g.options.stride[1];
    let direct = 0.9 * filled::<C>(g.output, width);
    let winograd = direct * gain(g) * beside(positions, 100.0);
    let patches = match is_product(g) {
        true => beside(g.group_outputs(), 6.0),
        false => 0.8 * beside(g.group_outputs(), 10.0),
    };
    let direct = direct * beside(positions, 32.0);
    best(direct, is_winograd(g).then_some(winograd), patches)
}

/// For the gradient of the input. Sums over shifted planes multiply the padding of the output's
/// gradient, too.
pub(super) fn input_grad<C: Vector>(g: &Conv2dSizes) -> Way {
    let positions = g.batch * g.input[0] * g.input[1];
    let [down, across] = g.options.stride;
    let useful = (g.output[0] * g.output[1] * down * across) as f64
        / (g.input[0] * g.input[1]).max(1) as f64;
    let width = g.input[1].div_ceil(across) + span(g) / across;
    let phase = [g.input[0].div_ceil(down), g.input[1].div_ceil(across)];
    let direct = 0.9 * filled::<C>(phase, width) * useful.min(1.0);
    let winograd = direct * gain(g) * beside(positions, 100.0);
    let patches = match is_product(g) {
        true => beside(g.group_outputs(), 6.0),
        false => 0.75 * beside(g.group_outputs(), 32.0),
    };
    let direct = direct * beside(positions, 32.0);
    best(direct, is_winograd(g).then_some(winograd), patches)
}

/// For the gradient of the weights. Sums of products take rows one by one.
pub(super) fn weight_grad<C: Vector>(g: &Conv2dSizes) -> Way {
    let columns = g.output[1];
    let whole = columns as f64 / columns.next_multiple_of(C::MOST).max(1) as f64;
    let direct = 0.85 * whole * beside(columns, 4.0);
    let patches = match is_product(g) {
        true => beside(g.group_outputs(), 6.0),
        false => 0.75 * beside(g.group_outputs(), 20.0),
    };
    let winograd = direct * 1.2;
    best(direct, is_winograd(g).then_some(winograd), patches)
}
