#[derive(Module)]
enum Block<M, B: Backend = Cpu> {
    Identity,
    Residual(M),
    Projected {
        inner: M,
        projection: Linear<64, 128, f32, B>,
        #[module(skip)]
        stride: usize,
    },
}
