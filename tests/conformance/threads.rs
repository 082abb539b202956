//! Results are the same bits for any number of threads.

use volta::backend::{Conv2dOptions, Pool2dOptions};
use volta::cpu::{num_threads, set_num_threads};
use volta::prelude::*;

/// Names of results and their bits.
type Bits = Vec<(&'static str, Vec<u64>)>;

fn bits<S: Shape, E: Float>(x: &Tensor<S, E>) -> Vec<u64> {
    x.to_vec()
        .into_iter()
        .map(|x| x.to_f64().to_bits())
        .collect()
}

type Weights<E, B> = (
    Tensor<s![6, 1, 5, 5], E, B>,
    Tensor<s![16, 6, 5, 5], E, B>,
    Tensor<s![400, 120], E, B>,
    Tensor<s![120, 10], E, B>,
);

/// A LeNet on 9 images.
fn forward<E: Float, B: Backend>(
    w: &Weights<E, B>,
    x: &Tensor<s![9, 1, 28, 28], E, B>,
) -> Tensor<s![9, 10], E, B> {
    let conv = |padding| Conv2dOptions {
        stride: [1, 1],
        padding,
        dilation: [1, 1],
        groups: 1,
    };
    let pool = Pool2dOptions {
        kernel: [2, 2],
        stride: [2, 2],
        padding: [0, 0],
        dilation: [1, 1],
    };
    let x: Tensor<s![9, 6, 28, 28], E, B> = Tensor::from_prim(
        Default::default(),
        B::conv2d(x.prim(), w.0.prim(), conv([2, 2])),
    );
    let x: Tensor<s![9, 6, 14, 14], E, B> =
        Tensor::from_prim(Default::default(), B::max_pool2d(x.gelu().prim(), pool).0);
    let x: Tensor<s![9, 16, 10, 10], E, B> = Tensor::from_prim(
        Default::default(),
        B::conv2d(x.prim(), w.1.prim(), conv([0, 0])),
    );
    let x: Tensor<s![9, 16, 5, 5], E, B> =
        Tensor::from_prim(Default::default(), B::max_pool2d(x.tanh().prim(), pool).0);
    x.flatten::<1, -1>().matmul(&w.2).sigmoid().matmul(&w.3)
}

fn lenet<E: Float>(name: &'static str) -> Bits {
    let mut rng = Rng::seed(21);
    let w: Weights<E, Cpu> = (
        Tensor::randn(&mut rng),
        Tensor::randn(&mut rng),
        Tensor::randn(&mut rng),
        Tensor::randn(&mut rng),
    );
    let x: Tensor<s![9, 1, 28, 28], E> = Tensor::randn(&mut rng);
    let classes: Tensor<s![9], i64> = Tensor::arange(0, 1);
    let (loss, grads) = value_and_grad(&w, |w| {
        -forward(w, &x.lift())
            .log_softmax::<1>()
            .pick::<1, _>(&classes)
            .mean()
    });
    let all = [
        bits(&loss),
        bits(&grads.0),
        bits(&grads.1),
        bits(&grads.2),
        bits(&grads.3),
    ];
    assert!(all.iter().flatten().all(|b| f64::from_bits(*b).is_finite()));
    all.into_iter().map(|b| (name, b)).collect()
}

/// Each op alone, large enough for threads: above 2^18 elements, or 2^23 products.
fn large_ops<E: Float>() -> Bits {
    let mut rng = Rng::seed(22);
    let x: Tensor<s![523, 509], E> = Tensor::randn(&mut rng);
    let w: Tensor<s![509, 307], E> = Tensor::randn(&mut rng);
    let batch: Tensor<s![17, 83, 97], E> = Tensor::randn(&mut rng);
    let wide: Tensor<s![17, 97, 71], E> = Tensor::randn(&mut rng);
    let t: Tensor<s![509, 523], E> = x.t();
    let gram: Tensor<s![509, 509], E> = t.matmul(&x);
    let row: Tensor<s![509], E> = x.index_axis::<0>(7);
    let layer: LayerNorm<509, Cpu, E> = LayerNorm::init(&mut rng);
    let group: GroupNorm<5, 85, Cpu, E> = GroupNorm::init(&mut rng);
    let channels: BatchNorm1d<85, Cpu, E> = BatchNorm1d::init(&mut rng);
    let signals: Tensor<s![17, 85, 97], E> = Tensor::randn(&mut rng);
    let (of_layer, of_x) = grad(&(layer, x.clone()), |(layer, x)| {
        layer.forward(x).exp().sum()
    });
    let (of_group, of_grouped) = grad(&(group, signals.clone()), |(group, x)| {
        group.forward(x).exp().sum()
    });
    let (of_channels, of_batch) = grad(&(channels, signals), |(channels, x)| {
        channels.forward(x).exp().sum()
    });
    vec![
        ("layer norm by x", bits(&of_x)),
        ("layer norm by weight", bits(&of_layer.weight)),
        ("layer norm by bias", bits(&of_layer.bias)),
        ("group norm by x", bits(&of_grouped)),
        ("group norm by weight", bits(&of_group.weight)),
        ("batch norm by x", bits(&of_batch)),
        ("batch norm by weight", bits(&of_channels.weight)),
        ("greatest", bits(&x.max_axis::<1>())),
        ("exp", bits(&x.exp())),
        ("transposed tanh", bits(&t.tanh())),
        ("broadcast", bits(&(&x * &row))),
        ("matmul", bits(&x.matmul(&w))),
        ("gram", bits(&gram)),
        ("matrix and vector", bits(&x.matmul(&row))),
        ("batched", bits(&batch.matmul(&wide))),
        ("sum", bits(&x.sum())),
        ("transposed sum", bits(&t.sum())),
        ("rows", bits(&x.sum_axis::<1>())),
        ("columns", bits(&x.sum_axis::<0>())),
        ("inner and outer", bits(&batch.sum_axes::<axes![0, 2]>())),
        ("softmax", bits(&x.softmax::<1>())),
        ("softmax of columns", bits(&x.log_softmax::<0>())),
        (
            "attention",
            bits(&batch.scaled_dot_product_attention(&batch, &batch, Attention::new().causal())),
        ),
        (
            "gradient",
            bits(&grad(&x, |x| x.softmax::<0>().matmul(&w).square().sum())),
        ),
    ]
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let with = |threads| {
        set_num_threads(threads);
        [
            lenet::<f32>("lenet f32"),
            lenet::<f64>("lenet f64"),
            large_ops::<f32>(),
            large_ops::<f64>(),
        ]
        .concat()
    };
    let before = num_threads();
    let one = with(1);
    for threads in [2, 7] {
        for ((name, a), (_, b)) in one.iter().zip(&with(threads)) {
            let differ = a.iter().zip(b).filter(|(a, b)| a != b).count();
            assert_eq!(
                differ, 0,
                "{name}: numbers that differ with {threads} threads"
            );
        }
    }
    set_num_threads(before);
}
