#[derive(Module)]
struct Relu;
