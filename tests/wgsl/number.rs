//! The floats that functions compute in.

use std::fmt::Debug;

use volta::ops::wgsl::Element;

use crate::interpreter::Value;

/// A float that functions compute in.
pub(crate) trait Number: Copy + PartialEq + Debug {
    const ELEMENT: Element;
    /// How many times as far off as `f32` it may be.
    const SLACK: f64;
    /// The least of the normal numbers.
    const LEAST: f64;
    /// What functions are tried with.
    fn numbers() -> Vec<Self>;
    fn of(x: f64) -> Self;
    fn wide(self) -> f64;
    fn value(self) -> Value;
    /// The distance from the number at `x` to the next.
    fn ulp(x: f64) -> f64;
    /// One of the numbers within `limit`, drawn by random bits.
    fn draw(bits: u64, limit: f64) -> Self;
}

impl Number for f32 {
    const ELEMENT: Element = Element::F32;
    const SLACK: f64 = 4.0;
    const LEAST: f64 = f32::MIN_POSITIVE as f64;

    fn numbers() -> Vec<f32> {
        NUMBERS.to_vec()
    }
    fn of(x: f64) -> f32 {
        x as f32
    }
    fn wide(self) -> f64 {
        f64::from(self)
    }
    fn value(self) -> Value {
        Value::F32(self)
    }
    fn ulp(x: f64) -> f64 {
        let x = (x.abs() as f32).clamp(f32::MIN_POSITIVE, f32::MAX.next_down());
        f64::from(x.next_up()) - f64::from(x)
    }
    fn draw(bits: u64, limit: f64) -> f32 {
        let top = (limit as f32).to_bits();
        let magnitude = ((bits >> 33) as u32) % (top - 0x2f00_0000) + 0x2f00_0000;
        let x = f32::from_bits(magnitude);
        if bits & (1 << 20) == 0 { x } else { -x }
    }
}

impl Number for f64 {
    const ELEMENT: Element = Element::F64;
    const SLACK: f64 = 8.0 / (1_u64 << 29) as f64;
    const LEAST: f64 = f64::MIN_POSITIVE;

    fn numbers() -> Vec<f64> {
        let narrow = NUMBERS.iter().map(|&x| f64::from(x));
        let extremes = [1e300, -1e300, f64::MIN_POSITIVE, f64::MAX, 709.0, -708.0];
        narrow.chain(extremes).collect()
    }
    fn of(x: f64) -> f64 {
        x
    }
    fn wide(self) -> f64 {
        self
    }
    fn value(self) -> Value {
        Value::F64(self)
    }
    fn ulp(x: f64) -> f64 {
        let x = x.abs().clamp(f64::MIN_POSITIVE, f64::MAX.next_down());
        x.next_up() - x
    }
    fn draw(bits: u64, limit: f64) -> f64 {
        let low = 2_f64.powi(-40).to_bits();
        let mixed = (bits ^ (bits >> 31)) >> 1;
        let x = f64::from_bits(mixed % (limit.to_bits() - low) + low);
        if bits & (1 << 20) == 0 { x } else { -x }
    }
}

/// Numbers with every special case of floating point among them.
const NUMBERS: &[f32] = &[
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    2.0,
    -2.0,
    3.0,
    -3.0,
    1e-3,
    -1e-3,
    0.3,
    -0.7,
    0.9,
    1.1,
    -1.3,
    2.5,
    -3.5,
    7.25,
    -12.0,
    20.0,
    -20.0,
    88.0,
    -87.0,
    100.0,
    1e10,
    -1e10,
    f32::MIN_POSITIVE,
    f32::MAX,
    f32::MIN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
];
