//! Normalisations, embeddings and bilinear maps against PyTorch's: `tests/golden/norms.py` writes
//! what is compared.

#[expect(dead_code, reason = "the table is compared elsewhere")]
#[path = "golden/compare.rs"]
mod compare;

use compare::{Fixtures, moved};
use volta::prelude::*;

fn new<M: Init<Cpu>>() -> M {
    M::init(&mut Rng::seed(0))
}

/// A layer and its input, in f32 and in f64: `|x, layer|` is what is compared.
macro_rules! layer {
    ($golden:expr, $name:expr, $shape:ty, |$E:ident| $layer:expr, |$x:ident, $l:ident| $y:expr) => {
        layer!(@ f32 $golden, $name, $shape, |$E| $layer, |$x, $l| $y);
        layer!(@ f64 $golden, $name, $shape, |$E| $layer, |$x, $l| $y);
    };
    ($golden:expr, $name:expr, $shape:ty, |$E:ident| $layer:expr) => {
        layer!($golden, $name, $shape, |$E| $layer, |x, layer| layer.forward(x));
    };
    (@ $T:ident $golden:expr, $name:expr, $shape:ty, |$E:ident| $layer:expr, |$x:ident, $l:ident| $y:expr) => {{
        type $E = $T;
        let inputs = (Tensor::<$shape, $E>::zeros(), $layer);
        $golden.case($name, inputs, |($x, $l)| $y);
    }};
}

#[test]
fn of_examples() {
    let golden = Fixtures::open("norms", 0.1).only(&[
        "layer_norm",
        "rms_norm",
        "group_norm",
        "instance_norm",
    ]);
    layer!(golden, "layer_norm", s![3, 4, 6], |E| new::<
        LayerNorm<6, Cpu, E>,
    >());
    layer!(golden, "layer_norm_two_axes", s![3, 4, 6], |E| {
        new::<LayerNormOver<s![4, 6], Cpu, E>>().with_eps(1e-3)
    });
    layer!(
        golden,
        "layer_norm_transposed",
        s![6, 4, 3],
        |E| new::<LayerNorm<6, Cpu, E>>(),
        |x, l| { l.forward(&x.transpose::<0, 2>()) }
    );
    let layer = new::<LayerNorm<4, Cpu, f64>>();
    let inputs = (Tensor::<s![2, 4], f64>::zeros(), layer);
    golden.case("layer_norm_constant", inputs, |(x, layer)| layer.forward(x));
    let layer = new::<LayerNorm<1, Cpu, f64>>();
    let inputs = (Tensor::<s![3, 1], f64>::zeros(), layer);
    golden.case("layer_norm_one", inputs, |(x, layer)| layer.forward(x));
    layer!(
        golden,
        "rms_norm",
        s![3, 4, 6],
        |E| new::<RmsNorm<6, Cpu, E>>()
    );
    layer!(golden, "rms_norm_two_axes", s![3, 4, 6], |E| {
        new::<RmsNormOver<s![4, 6], Cpu, E>>().with_eps(1e-3)
    });
    layer!(
        golden,
        "rms_norm_transposed",
        s![6, 4, 3],
        |E| new::<RmsNorm<6, Cpu, E>>(),
        |x, l| { l.forward(&x.transpose::<0, 2>()) }
    );
    layer!(golden, "rms_norm_zero", s![2, 4], |E| new::<
        RmsNorm<4, Cpu, E>,
    >());
    layer!(golden, "group_norm", s![3, 6, 2, 3], |E| new::<
        GroupNorm<2, 6, Cpu, E>,
    >());
    layer!(golden, "group_norm_flat", s![4, 6], |E| new::<
        GroupNorm<2, 6, Cpu, E>,
    >()
    .with_eps(1e-3));
    layer!(golden, "group_norm_of_each", s![2, 6, 5], |E| new::<
        GroupNorm<6, 6, Cpu, E>,
    >());
    layer!(
        golden,
        "group_norm_transposed",
        s![3, 4, 2],
        |E| new::<GroupNorm<2, 4, Cpu, E>>(),
        |x, l| { l.forward(&x.transpose::<0, 2>()) }
    );
    layer!(golden, "instance_norm_1d", s![2, 3, 5], |E| new::<
        InstanceNorm1d<3, Cpu, E>,
    >());
    layer!(golden, "instance_norm_1d_affine", s![2, 3, 5], |E| {
        new::<InstanceNorm1d<3, Cpu, E>>().with_affine()
    });
    layer!(golden, "instance_norm_2d", s![2, 3, 4, 2], |E| {
        new::<InstanceNorm2d<3, Cpu, E>>().with_eps(1e-3)
    });
    layer!(golden, "instance_norm_2d_affine", s![2, 3, 4, 2], |E| {
        new::<InstanceNorm2d<3, Cpu, E>>().with_affine()
    });

    let (ones, zeros) = (Tensor::<s![16], f64>::ones(), Tensor::zeros());
    let (ones, zeros) = (moved(&ones), moved(&zeros));
    let input = || (Tensor::<s![4, 16], f64>::zeros(),);
    golden.case("layer_norm_far", input(), |(x,)| {
        x.layer_norm(&ones, &zeros, 1e-5)
    });
    golden.case("group_norm_far", input(), |(x,)| {
        x.group_norm::<2, _, _>(&ones, &zeros, 1e-5)
    });
    golden.finish();
}

/// Steps of training and the one in use after them; the buffers of a step are those of the next.
macro_rules! steps {
    ($golden:expr, $name:literal, $($shape:ty),+ => $Layer:ident<$c:literal> $(. $with:ident($value:expr))?) => {
        steps!(@ f32 $golden, $name, [$($shape),+], $Layer<$c> $(. $with($value))?);
        steps!(@ f64 $golden, $name, [$($shape),+], $Layer<$c> $(. $with($value))?);
    };
    (@ $E:ident $golden:expr, $name:literal, [$($shape:ty),+], $Layer:ident<$c:literal> $(. $with:ident($value:expr))?) => {{
        let mut layer = new::<$Layer<$c, Cpu, $E>>()$(.$with($value))?;
        let (mut step, steps) = (0, [$(stringify!($shape)),+].len());
        $(
            if step + 1 == steps {
                layer.eval();
            }
            let case = format!("{}/{step}", $name);
            let mut kept = None;
            $golden.case(&case, (Tensor::<$shape, $E>::zeros(), layer.clone()), |(x, layer)| {
                let y = layer.forward(x);
                kept = Some((
                    layer.running_mean.get().detach(),
                    layer.running_var.get().detach(),
                    layer.num_batches_tracked.get().detach(),
                ));
                y
            });
            let (mean, variance, batches) = kept.expect("called");
            let key = |buffer: &str| format!("{case}/{}/{buffer}", stringify!($E));
            $golden.compare(&key("running_mean"), &mean);
            $golden.compare(&key("running_var"), &variance);
            $golden.compare(&key("num_batches_tracked"), &batches);
            layer.running_mean.set(&mean.to(&Cpu).expect("moved"));
            layer.running_var.set(&variance.to(&Cpu).expect("moved"));
            layer.num_batches_tracked.set(&batches.to(&Cpu).expect("moved"));
            step += 1;
        )+
        assert_eq!(step, steps);
    }};
}

#[test]
fn of_batches() {
    let golden = Fixtures::open("norms", 0.1).only(&["batch_norm"]);
    steps!(golden, "batch_norm_1d", s![5, 3], s![5, 3], s![5, 3], s![5, 3] => BatchNorm1d<3>);
    steps!(golden, "batch_norm_1d_length", s![2, 3, 4], s![2, 3, 4], s![2, 3, 4]
        => BatchNorm1d<3>.with_momentum(0.3));
    steps!(golden, "batch_norm_1d_one", s![1, 2, 6], s![1, 2, 6] => BatchNorm1d<2>);
    steps!(golden, "batch_norm_1d_average", s![5, 3], s![5, 3], s![5, 3], s![5, 3]
        => BatchNorm1d<3>.with_momentum(None));
    steps!(golden, "batch_norm_2d", s![2, 3, 4, 2], s![2, 3, 4, 2], s![2, 3, 4, 2]
        => BatchNorm2d<3>.with_eps(1e-3));
    steps!(golden, "batch_norm_2d_one", s![1, 2, 3, 3], s![1, 2, 1, 1] => BatchNorm2d<2>);
    steps!(@ f64 golden, "batch_norm_1d_constant", [s![4, 2], s![4, 2]], BatchNorm1d<2>);
    steps!(golden, "batch_norm_3d", s![2, 2, 2, 1, 3], s![2, 2, 2, 1, 3] => BatchNorm3d<2>);
    steps!(@ f64 golden, "batch_norm_far", [s![16, 3], s![16, 3]], BatchNorm1d<3>);
    golden.finish();
}

/// Around 10,000 with a deviation of 1.5, in f32: a mean of this size is known to 5e-4, as in PyTorch.
#[test]
fn far_from_zero_in_f32() {
    let golden = Fixtures::open("norms", 0.1);
    let near = |name: &str, y: Vec<f32>| {
        let (_, want) = golden.read(&format!("{name}/f64/y"));
        for (y, want) in y.into_iter().zip(want) {
            assert!(
                (f64::from(y) - want).abs() < 2e-3,
                "{name}: {y}, not {want}"
            );
        }
    };
    let x: Tensor<s![4, 16]> = golden.tensor("layer_norm_far/0", (D, D));
    near(
        "layer_norm_far",
        new::<LayerNorm<16>>().forward(&x).to_vec(),
    );
    let x: Tensor<s![4, 16]> = golden.tensor("group_norm_far/0", (D, D));
    near(
        "group_norm_far",
        new::<GroupNorm<2, 16>>().forward(&x).to_vec(),
    );
    let x: Tensor<s![16, 3]> = golden.tensor("batch_norm_far/0/0", (D, D));
    let mut layer = new::<BatchNorm1d<3>>();
    layer.weight = golden.tensor("batch_norm_far/0/1.weight", (D,)).into();
    layer.bias = golden.tensor("batch_norm_far/0/1.bias", (D,)).into();
    near("batch_norm_far/0", layer.forward(&x).to_vec());
    let (_, variance) = golden.read("batch_norm_far/0/f64/running_var");
    for (found, want) in layer.running_var.get().to_vec().into_iter().zip(variance) {
        assert!(
            (f64::from(found) - want).abs() < 1e-5,
            "{found}, not {want}"
        );
    }
    golden.only(&[]).finish();
}

#[test]
fn of_tables() {
    let golden = Fixtures::open("norms", 0.1).only(&["embedding", "bilinear"]);
    macro_rules! lookup {
        ($($E:ident $name:literal $layer:expr;)*) => {$(
            let text: Tensor<s![2, 4], i64> = golden.tensor(concat!($name, "/target"), (D, D));
            let text = moved(&text);
            let layer: Embedding<5, 3, Cpu, $E> = $layer;
            golden.case($name, ((), layer), |(_, layer)| layer.forward(&text));
        )*};
    }
    lookup! {
        f32 "embedding" new();
        f64 "embedding" new();
        f32 "embedding_padding" new::<Embedding<_, _, _, _>>().with_padding_idx(3);
        f64 "embedding_padding" new::<Embedding<_, _, _, _>>().with_padding_idx(3);
    }
    macro_rules! bilinear {
        ($($E:ident)*) => {$(
            let inputs = (Tensor::<s![5, 3], $E>::zeros(), Tensor::<s![5, 4], $E>::zeros());
            let layer: Bilinear<3, 4, 2, Cpu, $E> = new();
            golden.case("bilinear", (inputs, layer), |((x1, x2), layer)| layer.forward(x1, x2));
        )*};
    }
    bilinear!(f32 f64);
    golden.finish();
}

/// The names in PyTorch's state dictionaries.
#[test]
fn names_are_pytorchs() {
    fn names<M: Init<Cpu>>() -> Vec<String> {
        let state = new::<M>().state_dict();
        state.keys().map(ToOwned::to_owned).collect()
    }
    let batch = [
        "weight",
        "bias",
        "running_mean",
        "running_var",
        "num_batches_tracked",
    ];
    assert_eq!(names::<BatchNorm1d<3>>(), batch);
    assert_eq!(names::<BatchNorm2d<3>>(), batch);
    assert_eq!(names::<BatchNorm3d<3>>(), batch);
    assert_eq!(names::<LayerNorm<3>>(), ["weight", "bias"]);
    assert_eq!(names::<LayerNormOver<s![3, 2]>>(), ["weight", "bias"]);
    assert_eq!(names::<RmsNorm<3>>(), ["weight"]);
    assert_eq!(names::<GroupNorm<1, 3>>(), ["weight", "bias"]);
    assert!(names::<InstanceNorm1d<3>>().is_empty());
    let affine = new::<InstanceNorm2d<3>>().with_affine();
    assert_eq!(
        affine.state_dict().keys().collect::<Vec<_>>(),
        ["weight", "bias"]
    );
    assert_eq!(names::<Embedding<4, 3>>(), ["weight"]);
    assert_eq!(names::<Bilinear<4, 3, 2>>(), ["weight", "bias"]);
    assert!(names::<Identity>().is_empty());
}
