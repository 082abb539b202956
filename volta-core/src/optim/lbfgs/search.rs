//! A step length that satisfies the strong Wolfe conditions.

/// The loss some way along the direction.
#[derive(Clone)]
pub(super) struct Point<G> {
    pub(super) length: f64,
    pub(super) value: f64,
    /// The derivative of the loss along the direction.
    pub(super) slope: f64,
    pub(super) gradient: G,
}

/// How much of the decrease that the slope promises is asked for.
const DECREASE: f64 = 1e-4;
/// How much of the slope may be left.
const SLOPE: f64 = 0.9;

/// A point where the loss fell enough and its slope did, and how many were tried; if there is none
/// after `budget` rounds, or if what is left to search is shorter than `tolerance`, the lowest.
pub(super) fn strong_wolfe<G: Clone>(
    from: Point<G>,
    first: f64,
    tolerance: f64,
    budget: usize,
    mut at: impl FnMut(f64) -> Point<G>,
) -> (Point<G>, usize) {
    let (value, slope) = (from.value, from.slope);
    // A loss that is not a number fell by nothing.
    let fell = |x: &Point<G>| x.value <= value + DECREASE * x.length * slope;
    let is_flat = |x: &Point<G>| x.slope.abs() <= -SLOPE * slope;

    let mut tried = 1;
    let mut rounds = 0;
    let mut before = from.clone();
    let mut point = at(first);
    let (mut low, mut high) = loop {
        if rounds >= budget {
            break (from, point);
        }
        if !fell(&point) || rounds > 1 && point.value >= before.value {
            break (before, point);
        }
        if is_flat(&point) {
            return (point, tried);
        }
        if point.slope >= 0.0 {
            break (before, point);
        }
        let farther = point.length + 0.01 * (point.length - before.length);
        let length = minimum(&before, &point, farther, 10.0 * point.length);
        before = std::mem::replace(&mut point, at(length));
        tried += 1;
        rounds += 1;
    };
    order(&mut low, &mut high);
    let mut stuck = false;
    while rounds < budget {
        let (left, right) = (low.length.min(high.length), low.length.max(high.length));
        if right - left < tolerance {
            break;
        }
        let mut length = minimum(&low, &high, left, right);
        let margin = 0.1 * (right - left);
        if (right - length).min(length - left) >= margin {
            stuck = false;
        } else if stuck || length >= right || length <= left {
            // Twice at an end of the bracket: a tenth of it further in.
            let near_right = (length - right).abs() < (length - left).abs();
            length = if near_right {
                right - margin
            } else {
                left + margin
            };
            stuck = false;
        } else {
            stuck = true;
        }
        let point = at(length);
        tried += 1;
        rounds += 1;
        if !fell(&point) || point.value >= low.value {
            high = point;
            order(&mut low, &mut high);
            continue;
        }
        if is_flat(&point) {
            return (point, tried);
        }
        if point.slope * (high.length - low.length) >= 0.0 {
            high = low;
        }
        low = point;
    }
    (low, tried)
}

/// Puts the point of the lower loss first.
fn order<G>(low: &mut Point<G>, high: &mut Point<G>) {
    if high.value < low.value {
        std::mem::swap(low, high);
    }
}

/// Where the cubic through two points with their slopes is least, between `left` and `right`; their
/// middle if it has no minimum (Nocedal and Wright, equation 3.59).
fn minimum<G>(a: &Point<G>, b: &Point<G>, left: f64, right: f64) -> f64 {
    let (a, b) = if a.length <= b.length { (a, b) } else { (b, a) };
    let middle = (left + right) / 2.0;
    let d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.length - b.length);
    let square = d1 * d1 - a.slope * b.slope;
    if square.is_nan() || square < 0.0 {
        return middle;
    }
    let d2 = square.sqrt();
    let share = (b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2);
    let least = b.length - (b.length - a.length) * share;
    if least.is_nan() {
        return middle;
    }
    least.max(left).min(right)
}
