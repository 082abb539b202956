#[derive(Module)]
#[module(forward = [N, 784] -> [N, 10])]
pub struct Mlp<const H: usize, E: Float = f32, B: Backend = Cpu> {
    fc1: Linear<784, H, E, B>,
    relu: Relu,
    fc2: Linear<H, 10, E, B>,
}
