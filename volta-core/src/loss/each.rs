//! The losses of single elements: one pass over memory each, forward and backward. They are called
//! by their types, on tensors of one shape: nothing broadcasts.

use volta_macros::elementwise;

/// `(x - target)^2`.
#[elementwise]
pub(super) fn mse_loss(x: Float, target: Float) -> Float {
    (x - target) * (x - target)
}

/// `|x - target|`.
#[elementwise]
pub(super) fn l1_loss(x: Float, target: Float) -> Float {
    abs(x - target)
}

/// `z^2 / (2 beta)` for `z = |x - target|` below `beta`, otherwise `z - beta / 2`.
#[elementwise]
pub(super) fn smooth_l1_loss(x: Float, target: Float, beta: f64) -> Float {
    let z = abs(x - target);
    if z < beta {
        0.5 * z * z / beta
    } else {
        z - 0.5 * beta
    }
}

/// `z^2 / 2` for `z = |x - target|` up to `delta`, otherwise `delta (z - delta / 2)`.
#[elementwise]
pub(super) fn huber_loss(x: Float, target: Float, delta: f64) -> Float {
    let z = abs(x - target);
    if z <= delta {
        0.5 * z * z
    } else {
        delta * (z - 0.5 * delta)
    }
}

/// 1e-12 as PyTorch has it: rounded to `f32`.
const EPS: f64 = 1e-12_f32 as f64;

/// `-(target ln(x) + (1 - target) ln(1 - x))` with logarithms of -100 and more.
#[elementwise]
#[derivative(x = (x - target) / maximum((1.0 - x) * x, EPS))]
#[derivative(target = ln(1.0 - x) - ln(x))]
pub(super) fn binary_cross_entropy(x: Float, target: Float) -> Float {
    let yes = maximum(ln(x), -100.0);
    let no = maximum(log1p(-x), -100.0);
    (target - 1.0) * no - target * yes
}

/// `pos_weight target softplus(-x) + (1 - target) softplus(x)`, all terms of one sign.
#[elementwise]
#[derivative(x = (1.0 - target) * sigmoid(x) - target * sigmoid(-x))]
#[derivative(target = -x)]
pub(super) fn binary_cross_entropy_with_logits(x: Float, target: Float) -> Float {
    let tail = log1p(exp(-abs(x)));
    target * (maximum(-x, 0.0) + tail) + (1.0 - target) * (maximum(x, 0.0) + tail)
}

/// [`binary_cross_entropy_with_logits`] with a weight of the positive answers.
#[elementwise]
#[derivative(x = (1.0 - target) * sigmoid(x) - pos_weight * target * sigmoid(-x))]
#[derivative(target = pos_weight * softplus(-x) - softplus(x))]
#[derivative(pos_weight = target * softplus(-x))]
pub(super) fn weighted_binary_cross_entropy(x: Float, target: Float, pos_weight: Float) -> Float {
    let tail = log1p(exp(-abs(x)));
    let yes = pos_weight * target * (maximum(-x, 0.0) + tail);
    yes + (1.0 - target) * (maximum(x, 0.0) + tail)
}

/// `target (ln(target) - x)`, where `0 ln(0)` is 0.
#[elementwise]
pub(super) fn kl_div(x: Float, target: Float) -> Float {
    (if target == 0.0 {
        0.0
    } else {
        target * ln(target)
    }) - target * x
}

/// `exp(target) (target - x)`.
#[elementwise]
pub(super) fn kl_div_log_target(x: Float, target: Float) -> Float {
    exp(target) * (target - x)
}

/// `-(1 + logvar - mu^2 - exp(logvar)) / 2`.
#[elementwise]
pub(super) fn gaussian_kl(mu: Float, logvar: Float) -> Float {
    0.5 * (mu * mu + expm1(logvar) - logvar)
}

/// `max(0, 1 - x target)`.
#[elementwise]
#[derivative(x = if y <= 0.0 { 0.0 } else { -target })]
#[derivative(target = if y <= 0.0 { 0.0 } else { -x })]
pub(super) fn hinge_loss(x: Float, target: Float) -> Float {
    let short = 1.0 - x * target;
    if short <= 0.0 { 0.0 } else { short }
}

/// `x` unless `target` is -1, and `max(0, margin - x)` unless it is 1.
#[elementwise]
pub(super) fn hinge_embedding_loss(x: Float, target: Float, margin: f64) -> Float {
    let short = if margin <= x { x - x } else { margin - x };
    (if target == -1.0 { x - x } else { x }) + (if target == 1.0 { x - x } else { short })
}

/// `1 - c` where `target` is 1, `max(0, c - margin)` where it is -1, of the cosine `c` of two
/// vectors: from their product and their squares.
#[elementwise]
pub(super) fn cosine_embedding_loss(
    product: Float,
    square: Float,
    other_square: Float,
    target: Float,
    margin: f64,
) -> Float {
    let cosine = product / sqrt((square + EPS) * (other_square + EPS));
    let beyond = if cosine <= margin {
        0.0
    } else {
        cosine - margin
    };
    (if target == 1.0 { 1.0 - cosine } else { 0.0 }) + (if target == -1.0 { beyond } else { 0.0 })
}

/// `|x - other + eps|^p`.
#[elementwise]
pub(super) fn distance_power(x: Float, other: Float, p: f64, eps: f64) -> Float {
    pow(abs(x - other + eps), p)
}

/// `(x - other + eps)^2`.
#[elementwise]
pub(super) fn distance_square(x: Float, other: Float, eps: f64) -> Float {
    (x - other + eps) * (x - other + eps)
}

/// `x^(1 / p)`, whose derivative at 0 is taken as 0.
#[elementwise]
#[derivative(x = if y == 0.0 { 0.0 } else { y / (p * x) })]
pub(super) fn root(x: Float, p: f64) -> Float {
    pow(x, 1.0 / p)
}

/// The square root, whose derivative at 0 is taken as 0.
#[elementwise]
#[derivative(x = if y == 0.0 { 0.0 } else { 0.5 / y })]
pub(super) fn square_root(x: Float) -> Float {
    sqrt(x)
}

/// `max(0, margin + positive - negative)`.
#[elementwise]
pub(super) fn triplet_margin_loss(positive: Float, negative: Float, margin: f64) -> Float {
    let short = margin + positive - negative;
    if short <= 0.0 { 0.0 } else { short }
}

/// `-(keep target + share) log`.
#[elementwise]
pub(super) fn soft_cross_entropy(log: Float, target: Float, keep: f64, share: f64) -> Float {
    -(keep * target + share) * log
}

/// `keep picked + share row`: the logarithm of the target's class and those of all.
#[elementwise]
pub(super) fn smoothed(picked: Float, row: Float, keep: f64, share: f64) -> Float {
    keep * picked + share * row
}
