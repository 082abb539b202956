/// `x * sigmoid(beta * x)` (Ramachandran et al., 2017).
#[elementwise]
pub fn swish(x: Float, #[default(1.0)] beta: f64) -> Float {
    let gate = 1.0 / (1.0 + exp(-beta * x));
    x * gate
}
