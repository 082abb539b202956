//! The cases in the order of the page, what they compute, and what Volta wants to reach: its time
//! over eager PyTorch's in the same run, with 1 thread and with 2.

pub struct Case {
    pub name: &'static str,
    pub what: &'static str,
    pub goals: [f64; 2],
}

const fn case(name: &'static str, what: &'static str, goals: [f64; 2]) -> Case {
    Case { name, what, goals }
}

pub const CASES: &[Case] = &[
    case("add_1e3", "`x + y`, 1,000 elements", [0.12, 0.12]),
    case("add_1e5", "`x + y`, 100,000 elements", [0.80, 0.95]),
    case("add_1e7", "`x + y`, 10,000,000 elements", [0.16, 0.20]),
    case("mul_1e3", "`x * y`, 1,000 elements", [0.12, 0.12]),
    case("mul_1e5", "`x * y`, 100,000 elements", [0.85, 0.95]),
    case("mul_1e7", "`x * y`, 10,000,000 elements", [0.16, 0.20]),
    case("exp_1e3", "`exp`, 1,000 elements", [0.20, 0.20]),
    case("exp_1e5", "`exp`, 100,000 elements", [0.25, 0.30]),
    case("exp_1e7", "`exp`, 10,000,000 elements", [0.12, 0.15]),
    case("tanh_1e3", "`tanh`, 1,000 elements", [0.12, 0.12]),
    case("tanh_1e5", "`tanh`, 100,000 elements", [0.12, 0.15]),
    case("tanh_1e7", "`tanh`, 10,000,000 elements", [0.08, 0.10]),
    case(
        "gelu_chain_1e3",
        "GELU written out (volta: `fuse!`), 1,000",
        [0.04, 0.04],
    ),
    case("gelu_chain_1e5", "the same, 100,000", [0.12, 0.15]),
    case("gelu_chain_1e7", "the same, 10,000,000", [0.02, 0.02]),
    case(
        "gelu_fused_1e3",
        "the library's own GELU, 1,000",
        [0.20, 0.20],
    ),
    case("gelu_fused_1e5", "the same, 100,000", [0.25, 0.30]),
    case("gelu_fused_1e7", "the same, 10,000,000", [0.12, 0.15]),
    case("matmul_16", "matrix product, 16", [0.15, 0.15]),
    case("matmul_64", "matrix product, 64", [0.40, 0.45]),
    case("matmul_256", "matrix product, 256", [0.48, 0.60]),
    case("matmul_1024", "matrix product, 1024", [0.50, 0.55]),
    case(
        "matmul_32x784x128",
        "`[32, 784]` by `[784, 128]`",
        [0.45, 0.80],
    ),
    case("sum_all", "sum of `[1024, 1024]`", [0.80, 0.95]),
    case("sum_last", "its sum along the last axis", [0.90, 0.95]),
    case(
        "softmax_last",
        "its softmax along the last axis",
        [0.50, 0.55],
    ),
    case("bcast_add", "`[1024, 1024] + [1024]`", [0.85, 0.95]),
    case(
        "conv_fwd",
        "convolution 16 to 32, 3x3, `[32, 16, 28, 28]`",
        [0.90, 0.95],
    ),
    case("conv_fwdbwd", "the same with both gradients", [0.85, 0.90]),
    case(
        "mlp_step",
        "training step, 784-128-10, batch 32, Adam",
        [0.35, 0.40],
    ),
    case(
        "xor_step",
        "training step, 2-8-1, batch 4, SGD",
        [0.03, 0.03],
    ),
    case(
        "lenet_step",
        "training step, LeNet, batch 32, Adam",
        [0.50, 0.60],
    ),
    case(
        "encoder_fwdbwd",
        "transformer block, `[8, 64, 128]`, gradients",
        [0.50, 0.55],
    ),
];
