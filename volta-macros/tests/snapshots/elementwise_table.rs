elementwise_table! {
    crate = crate;

    /// The hyperbolic tangent.
    pub fn tanh(x: Float) -> Float;

    /// `1 / (1 + exp(-x))`.
    #[method(expit)]
    #[derivative(x = y * (1.0 - y))]
    pub fn sigmoid(x: Float) -> Float {
        1.0 / (1.0 + exp(-x))
    }

    /// `x * sigmoid(beta * x)`.
    pub fn swish(x: Float, #[default(1.0)] beta: f64) -> Float {
        x * sigmoid(beta * x)
    }

    /// `a * b + c`, broadcast.
    pub fn mul_add(a: Num, b: Num, c: Num) -> Num {
        a * b + c
    }

    /// Whether `a < b`.
    #[operator]
    pub fn lt(a: Any, b: Any) -> bool {
        a < b
    }
}
