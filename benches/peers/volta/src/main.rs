//! Volta, on the CPU.
use peer_harness::{Bench, fill, labels};
use peer_volta::{Encoder, LeNet, Mlp, Xor, encoder, filled};
use volta::prelude::*;

fn t<S: StaticShape>(seed: u64) -> Tensor<S> {
    let n = Tensor::<S>::zeros().numel();
    Tensor::from_vec(fill(n, seed)).unwrap()
}

fn total<S: Shape>(x: &Tensor<S>) -> f64 {
    x.to_vec().iter().map(|x| f64::from(*x)).sum()
}

fn squares<S: Shape>(x: &Tensor<S>) -> f64 {
    x.to_vec().iter().map(|x| f64::from(*x).powi(2)).sum()
}

fn elementwise<const N: usize>(b: &Bench, size: &str) {
    let names = ["add", "mul", "exp", "tanh", "gelu_chain", "gelu_fused"];
    if !names.iter().any(|op| b.wants(&format!("{op}_{size}"))) {
        return;
    }
    let (x, y): (Tensor<s![{ N }]>, Tensor<s![{ N }]>) = (t(1), t(2));
    let gelu_chain = || fuse!(|x| 0.5 * x * (1.0 + tanh(0.79788456 * (x + 0.044715 * x * x * x))));
    if size == "1e5" {
        b.check("add_1e5", total(&(&x + &y)));
        b.check("mul_1e5", total(&(&x * &y)));
        b.check("exp_1e5", total(&x.exp()));
        b.check("tanh_1e5", total(&x.tanh()));
        b.check("gelu_chain_1e5", total(&gelu_chain()));
    }
    b.run(&format!("add_{size}"), || &x + &y);
    b.run(&format!("mul_{size}"), || &x * &y);
    b.run(&format!("exp_{size}"), || x.exp());
    b.run(&format!("tanh_{size}"), || x.tanh());
    b.run(&format!("gelu_chain_{size}"), gelu_chain);
    b.run(&format!("gelu_fused_{size}"), || x.gelu_tanh());
}

fn matmul<const M: usize, const K: usize, const N: usize>(b: &Bench, case: &str) {
    let (x, y): (Tensor<s![{ M }, { K }]>, Tensor<s![{ K }, { N }]>) = (t(1), t(2));
    b.check(case, total(&x.matmul(&y)));
    b.run(case, || x.matmul(&y));
}

fn rows(b: &Bench) {
    let (x, row): (Tensor<s![1024, 1024]>, Tensor<s![1024]>) = (t(1), t(2));
    b.check("sum_all", total(&x));
    b.run("sum_all", || x.sum());
    b.run("sum_last", || x.sum_axis::<-1>());
    b.check("softmax_last", total(&(x.softmax::<-1>() * &x)));
    b.run("softmax_last", || x.softmax::<-1>());
    b.check("bcast_add", total(&(&x + &row)));
    b.run("bcast_add", || &x + &row);
}

fn conv(b: &Bench) {
    let inputs: (Tensor<s![32, 16, 28, 28]>, Tensor<s![32, 16, 3, 3]>) = (t(1), t(2));
    let forward = || inputs.0.conv2d::<Window<3, 1, 1>, _, _, _>(&inputs.1);
    b.check("conv_fwd", squares(&forward()));
    b.run("conv_fwd", forward);
    let both = || {
        grad(&inputs, |(x, w)| {
            x.conv2d::<Window<3, 1, 1>, _, _, _>(w).sum()
        })
    };
    if b.wants("conv_fwdbwd") {
        let (x, w) = both();
        b.check("conv_fwdbwd", squares(&x) + squares(&w));
    }
    b.run("conv_fwdbwd", both);
}

fn training(b: &Bench) {
    let classes = labels(32, 10)
        .into_iter()
        .map(|label| label as i64)
        .collect();
    let classes: Tensor<s![32], i64> = Tensor::from_vec(classes).unwrap();
    if b.wants("mlp_step") {
        let x: Tensor<s![32, 784]> = t(1);
        let (mut model, mut optimiser) = (filled::<Mlp>(), Adam::new(1e-3));
        let mut step = || {
            let loss = |m: &Mlp<Taped<Cpu>>| m.forward(&x.lift()).cross_entropy(&classes);
            let (loss, grads) = value_and_grad(&model, loss);
            optimiser.step(&mut model, &grads);
            loss
        };
        b.check("mlp_step", total(&step()));
        b.run("mlp_step", step);
    }
    if b.wants("xor_step") {
        let x: Tensor<s![4, 2]> = Tensor::from_array([[0., 0.], [0., 1.], [1., 0.], [1., 1.]]);
        let y: Tensor<s![4, 1]> = Tensor::from_array([[0.], [1.], [1.], [0.]]);
        let (mut model, mut optimiser) = (filled::<Xor>(), Sgd::new(0.1));
        let mut step = || {
            let loss = |m: &Xor<Taped<Cpu>>| m.forward(&x.lift()).mse_loss(&y);
            let (loss, grads) = value_and_grad(&model, loss);
            optimiser.step(&mut model, &grads);
            loss
        };
        b.check("xor_step", total(&step()));
        b.run("xor_step", step);
    }
    if b.wants("lenet_step") {
        let x: Tensor<s![32, 1, 28, 28]> = t(1);
        let (mut model, mut optimiser) = (filled::<LeNet>(), Adam::new(1e-3));
        let mut step = || {
            let loss = |m: &LeNet<Taped<Cpu>>| m.forward(&x.lift()).cross_entropy(&classes);
            let (loss, grads) = value_and_grad(&model, loss);
            optimiser.step(&mut model, &grads);
            loss
        };
        b.check("lenet_step", total(&step()));
        b.run("lenet_step", step);
    }
    if b.wants("encoder_fwdbwd") {
        let x: Tensor<s![8, 64, 128]> = t(1);
        let inputs = (encoder(), x);
        let both = || {
            value_and_grad(&inputs, |(m, x): &(Encoder<Taped<Cpu>>, _)| {
                m.forward(x, Attention::new()).square().mean()
            })
        };
        b.check("encoder_fwdbwd", total(&both().0));
        b.run("encoder_fwdbwd", both);
    }
}

fn main() {
    let b = Bench::new("volta");
    volta::cpu::set_num_threads(b.threads.max(1));
    b.mem("mem_conv", 3, || {
        let inputs: (Tensor<s![128, 64, 56, 56]>, Tensor<s![64, 64, 3, 3]>) = (t(1), t(2));
        Box::new(move || {
            grad(&inputs, |(x, w)| {
                x.conv2d::<Window<3, 1, 1>, _, _, _>(w).sum()
            })
        })
    });
    elementwise::<1_000>(&b, "1e3");
    elementwise::<100_000>(&b, "1e5");
    elementwise::<10_000_000>(&b, "1e7");
    matmul::<16, 16, 16>(&b, "matmul_16");
    matmul::<64, 64, 64>(&b, "matmul_64");
    matmul::<256, 256, 256>(&b, "matmul_256");
    matmul::<1024, 1024, 1024>(&b, "matmul_1024");
    matmul::<32, 784, 128>(&b, "matmul_32x784x128");
    if ["sum_all", "sum_last", "softmax_last", "bcast_add"]
        .iter()
        .any(|case| b.wants(case))
    {
        rows(&b);
    }
    if ["conv_fwd", "conv_fwdbwd"].iter().any(|case| b.wants(case)) {
        conv(&b);
    }
    training(&b);
}
