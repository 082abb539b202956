/// `a` and `b` turned by `angle`.
#[elementwise(crate = voltage)]
pub(crate) fn turn(a: Float, b: Float, angle: Float) -> (Float, Float) {
    let x = cos(angle);
    let y = sin(angle);
    (a * x - b * y, a * y + b * x)
}
