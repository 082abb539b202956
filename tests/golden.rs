//! Values and gradients against PyTorch's: `tests/golden/generate.py` writes what is compared.

#[path = "golden/compare.rs"]
mod compare;

use compare::{Fixtures, Here, moved};
use volta::ops::elementwise::for_each_op;
use volta::ops::function::Elementwise;
use volta::ops::registry::{Entry, FloatOp, OpVisitor};
use volta::prelude::*;

/// A function of tensors, in f32 and in f64.
macro_rules! case {
    ($fixtures:expr, $name:expr, ($($x:ident: $shape:ty),+) => $body:expr) => {{
        $fixtures.case($name, ($(Tensor::<$shape, f32>::zeros(),)+), |($($x,)+)| $body);
        $fixtures.case($name, ($(Tensor::<$shape, f64>::zeros(),)+), |($($x,)+)| $body);
    }};
}

#[path = "golden/losses.rs"]
mod losses;

/// Compares every entry of the table that is stored.
struct Table<'a> {
    golden: &'a Fixtures,
    compared: usize,
}

impl Table<'_> {
    fn compare<E: Float, Op: Elementwise<E, N>, const N: usize>(&self, op: Op, name: &str) {
        let (dims, _) = self.golden.read(&format!("{name}/0"));
        let inputs: Vec<Tensor<s![Dyn], E>> = (0..N)
            .map(|_| Tensor::zeros_with((Dyn(dims[0]),)))
            .collect();
        self.golden.case(name, inputs, |x| {
            let y = Taped::<Here>::map::<E, Op, N>(op, std::array::from_fn(|k| x[k].prim()));
            Tensor::from_prim(x[0].shape(), y)
        });
    }
}

impl OpVisitor for Table<'_> {
    fn float<Op: FloatOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        let [f32, f64] = ["f32", "f64"].map(|e| self.golden.has(&format!("{}/{e}/y", entry.name)));
        if f32 {
            self.compare::<f32, Op, N>(op, entry.name);
        }
        if f64 {
            self.compare::<f64, Op, N>(op, entry.name);
        }
        self.compared += usize::from(f32 || f64);
    }
}

/// PyTorch's values of a new entry are stored by running `generate.py` again, which finds it in
/// the table.
#[test]
fn every_function_of_the_table() {
    let golden = Fixtures::open("functions", 1e-2);
    let mut table = Table {
        golden: &golden,
        compared: 0,
    };
    for_each_op(&mut table);
    assert!(table.compared > 60, "{} entries compared", table.compared);
    golden.finish();
}

#[test]
fn methods_with_parameters() {
    let golden = Fixtures::open("elementwise", 1e-2);
    case!(golden, "clamp", (x: s![32]) => x.clamp(-1.0, 1.5));
    case!(golden, "clamp_crossed", (x: s![32]) => x.clamp(1.0, -1.0));
    case!(golden, "powf_2", (x: s![32]) => x.powf(2.0));
    case!(golden, "powf_half", (x: s![32]) => x.powf(0.5));
    case!(golden, "powf_minus_3", (x: s![32]) => x.powf(-3.0));
    case!(golden, "powf_0", (x: s![32]) => x.powf(0.0));
    case!(golden, "leaky_relu", (x: s![32]) => x.leaky_relu(0.2));
    case!(golden, "elu", (x: s![32]) => x.elu(1.5));
    case!(golden, "celu", (x: s![32]) => x.celu(2.0));
    case!(golden, "hardtanh", (x: s![32]) => x.hardtanh(-2.0, 0.5));
    case!(golden, "softshrink", (x: s![32]) => x.softshrink(1.0));
    case!(golden, "hardshrink", (x: s![32]) => x.hardshrink(1.0));
    macro_rules! values {
        ($($E:ident)*) => {$(
            let a: Tensor<s![81], $E> = golden.tensor("remainder_values/0", (D,));
            let b: Tensor<s![81], $E> = golden.tensor("remainder_values/1", (D,));
            golden.compare(concat!("remainder_values/", stringify!($E), "/y"), &(a % b));
        )*};
    }
    values!(f32 f64);
    case!(golden, "broadcast", (a: s![2, *, 3], b: s![4, *]) => a * b);
    golden.finish();
}

#[test]
fn whole_numbers() {
    let golden = Fixtures::open("integers", 0.0);
    macro_rules! compare {
        ($($E:ident)*) => {$(
            let key = |name: &str| format!("{}/{name}", stringify!($E));
            let a: Tensor<s![9], $E> = golden.tensor(&key("0"), (D,));
            let b: Tensor<s![9], $E> = golden.tensor(&key("1"), (D,));
            golden.compare(&key("add"), &(&a + &b));
            golden.compare(&key("sub"), &(&a - &b));
            golden.compare(&key("mul"), &(&a * &b));
            golden.compare(&key("div"), &(&a / &b));
            golden.compare(&key("remainder"), &(&a % &b));
            golden.compare(&key("maximum"), &a.maximum(&b));
            golden.compare(&key("minimum"), &a.minimum(&b));
            golden.compare(&key("neg"), &-&a);
            golden.compare(&key("abs"), &a.abs());
            golden.compare(&key("sign"), &a.sign());
            golden.compare(&key("square"), &a.square());
            golden.compare(&key("relu"), &a.relu());
            golden.compare(&key("clamp"), &a.clamp(-6, 6));
            golden.compare(&key("relu6"), &a.relu6());
            golden.compare(&key("bitwise_and"), &a.bitwise_and(&b));
            golden.compare(&key("bitwise_or"), &a.bitwise_or(&b));
            golden.compare(&key("bitwise_xor"), &a.bitwise_xor(&b));
            golden.compare(&key("bitwise_not"), &a.bitwise_not());
            golden.compare(&key("bitwise_left_shift"), &a.bitwise_left_shift(&b.abs()));
            golden.compare(&key("bitwise_right_shift"), &a.bitwise_right_shift(&b.abs()));
        )*};
    }
    compare!(i32 i64);
    golden.finish();
}

macro_rules! reductions {
    ($golden:expr; $($op:literal $all:ident $axis:ident $axes:ident $keep:ident $axes_keep:ident
        of $($kind:literal)*;)*) => {$($(
        let name = |form: &str| format!("{}/{}{form}", $op, $kind);
        case!($golden, &name("all"), (x: s![2, 3, 4]) => x.$all());
        case!($golden, &name("axis_0"), (x: s![2, 3, 4]) => x.$axis::<0>());
        case!($golden, &name("axis_1"), (x: s![2, 3, 4]) => x.$axis::<1>());
        case!($golden, &name("axis_last"), (x: s![2, 3, 4]) => x.$axis::<-1>());
        case!($golden, &name("axis_minus_3"), (x: s![2, 3, 4]) => x.$axis::<-3>());
        case!($golden, &name("axes_0_last"), (x: s![2, 3, 4]) => x.$axes::<axes![0, -1]>());
        case!($golden, &name("axes_1_2"), (x: s![2, 3, 4]) => x.$axes::<axes![1, 2]>());
        case!($golden, &name("keep_1"), (x: s![2, 3, 4]) => x.$keep::<1>());
        case!($golden, &name("keep_0_last"), (x: s![2, 3, 4]) => x.$axes_keep::<axes![0, -1]>());
    )*)*};
}

#[test]
fn reductions() {
    let golden = Fixtures::open("reductions", 0.1);
    reductions! { golden;
        "sum" sum sum_axis sum_axes sum_keep sum_axes_keep of "" "nan_";
        "mean" mean mean_axis mean_axes mean_keep mean_axes_keep of "";
        "prod" prod prod_axis prod_axes prod_keep prod_axes_keep of "" "zeros_";
        "max" max max_axis max_axes max_keep max_axes_keep of "" "tied_";
        "max_nan" max max_axis max_axes max_keep max_axes_keep of "";
        "min" min min_axis min_axes min_keep min_axes_keep of "" "tied_";
        "min_nan" min min_axis min_axes min_keep min_axes_keep of "";
    }
    let x: Tensor<s![2, 3, 4]> = golden.tensor("argmax/0", (D, D, D));
    golden.compare("argmax/all", &x.argmax());
    golden.compare("argmax/axis_0", &x.argmax_axis::<0>());
    golden.compare("argmax/axis_1", &x.argmax_axis::<1>());
    golden.compare("argmax/axis_2", &x.argmax_axis::<2>());
    let x: Tensor<s![2, 3, 4]> = golden.tensor("argmin/0", (D, D, D));
    golden.compare("argmin/all", &x.argmin());
    golden.compare("argmin/axis_0", &x.argmin_axis::<0>());
    golden.compare("argmin/axis_1", &x.argmin_axis::<1>());
    golden.compare("argmin/axis_2", &x.argmin_axis::<2>());
    golden.finish();
}

#[test]
fn softmax() {
    let golden = Fixtures::open("softmax", 0.1);
    for kind in ["", "large_", "masked_"] {
        let name = |op: &str, axis| format!("{op}/{kind}{axis}");
        case!(golden, &name("softmax", 0), (x: s![2, 3, 4]) => x.softmax::<0>());
        case!(golden, &name("softmax", 1), (x: s![2, 3, 4]) => x.softmax::<1>());
        case!(golden, &name("softmax", 2), (x: s![2, 3, 4]) => x.softmax::<-1>());
        case!(golden, &name("log_softmax", 0), (x: s![2, 3, 4]) => x.log_softmax::<0>());
        case!(golden, &name("log_softmax", 1), (x: s![2, 3, 4]) => x.log_softmax::<1>());
        case!(golden, &name("log_softmax", 2), (x: s![2, 3, 4]) => x.log_softmax::<-1>());
    }
    golden.finish();
}

#[test]
fn products_of_matrices() {
    let golden = Fixtures::open("matmul", 1.0);
    macro_rules! products {
        ($($name:literal $a:ty, $b:ty;)*) => {
            $(case!(golden, $name, (a: $a, b: $b) => a.matmul(b));)*
        };
    }
    products! {
        "vector_vector" s![5], s![5];
        "vector_matrix" s![5], s![5, 3];
        "matrix_vector" s![4, 5], s![5];
        "matrix_matrix" s![4, 5], s![5, 3];
        "vector_batch" s![5], s![2, 5, 3];
        "batch_vector" s![2, 4, 5], s![5];
        "batch_matrix" s![2, 4, 5], s![5, 3];
        "matrix_batch" s![4, 5], s![2, 5, 3];
        "batch_batch" s![2, 4, 5], s![2, 5, 3];
        "broadcast_left" s![*, 4, 5], s![2, 5, 3];
        "broadcast_both" s![3, *, 4, 5], s![*, 2, 5, 3];
        "two_batch_axes" s![3, 2, 4, 5], s![3, 2, 5, 3];
        "batch_behind" s![3, 2, 4, 5], s![2, 5, 3];
        "empty" s![2, 0], s![0, 3];
        "large" s![17, 33], s![33, 9];
    }
    case!(golden, "transposed", (a: s![5, 4], b: s![3, 5]) => a.t().matmul(&b.t()));
    golden.finish();
}

#[test]
fn convolutions() {
    let golden = Fixtures::open("conv", 1.0);
    macro_rules! convolutions {
        ($($name:literal $kh:literal $kw:literal $H:ty, $W:ty;)*) => {$(
            case!(golden, $name, (x: s![2, 2, 7, 6], w: s![3, 2, $kh, $kw]) => {
                x.conv2d::<($H, $W), _, _, _>(w)
            });
        )*};
    }
    convolutions! {
        "plain" 3 3 Window<3>, Window<3>;
        "one" 1 1 Window<1>, Window<1>;
        "padded" 3 3 Window<3, 1, 1>, Window<3, 1, 1>;
        "wide_padding" 2 3 Window<2, 1, 3>, Window<3, 1, 4>;
        "strided" 3 3 Window<3, 2, 1>, Window<3, 2, 1>;
        "far_strided" 2 2 Window<2, 3>, Window<2, 4>;
        "dilated" 3 3 Window<3, 1, 2, 2>, Window<3, 1, 2, 2>;
        "uneven" 2 4 Window<2, 2, 1, 3>, Window<4, 1, 2>;
        "all" 3 2 Window<3, 2, 2, 2>, Window<2, 3, 1, 3>;
        "whole" 7 6 Window<7>, Window<6>;
    }
    golden.finish();
}

#[test]
fn pooling() {
    let golden = Fixtures::open("pool", 0.1);
    for kind in ["", "negative_", "tied_"] {
        macro_rules! pools {
            ($($name:literal $W:ty;)*) => {$(
                let name = format!("{kind}{}", $name);
                case!(golden, &name, (x: s![2, 2, 7, 6]) => x.max_pool2d::<$W>());
            )*};
        }
        pools! {
            "halves" Window<2, 2>;
            "overlapping" Window<3>;
            "padded" Window<3, 2, 1>;
            "uneven" (Window<2, 1, 1>, Window<4, 3, 2>);
            "dilated" (Window<3, 1, 1, 2>, Window<2, 2, 0, 3>);
        }
    }
    case!(golden, "nan", (x: s![1, 1, 5, 5]) => x.max_pool2d::<Window<2>>());
    golden.finish();
}

#[test]
fn losses() {
    let golden = Fixtures::open("losses", 0.1);
    let target = |name: &str| golden.tensor::<s![6], i64>(&format!("{name}/target"), (D,));
    for name in ["cross_entropy", "cross_entropy_large"] {
        let target = moved(&target(name));
        case!(golden, name, (x: s![6, 5]) => x.cross_entropy(&target));
    }
    let class = moved(&target("nll_loss"));
    case!(golden, "nll_loss", (x: s![6, 5]) => x.nll_loss(&class));
    case!(golden, "mse_loss", (x: s![6, 5], y: s![6, 5]) => x.mse_loss(y));
    case!(golden, "mse_loss_vector", (x: s![7], y: s![7]) => x.mse_loss(y));
    golden.finish();
}

/// Layers, and a small network of them.
macro_rules! layers {
    ($golden:expr, $E:ident) => {
        type Affine = Linear<6, 3, Cpu, $E>;
        let rng = &mut Rng::seed(0);
        let x = Tensor::<s![4, 6], $E>::zeros();
        $golden.case("linear", (x, Affine::init(rng)), |(x, layer)| {
            layer.forward(x)
        });
        let x = Tensor::<s![2, 4, 6], $E>::zeros();
        $golden.case("linear_batch", (x, Affine::init(rng)), |(x, layer)| {
            layer.forward(x)
        });
        let x = Tensor::<s![6], $E>::zeros();
        $golden.case("linear_vector", (x, Affine::init(rng)), |(x, layer)| {
            layer.forward(x)
        });

        let x = Tensor::<s![2, 2, 7, 6], $E>::zeros();
        let layer: Conv2d<2, 3, (Window<3>, Window<5>), Cpu, $E> = Conv2d::init(rng);
        $golden.case("conv2d", (x.clone(), layer), |(x, layer)| layer.forward(x));
        let layer: Conv2d<2, 3, (Window<3, 2, 1, 2>, Window<5, 3, 2>), Cpu, $E> = Conv2d::init(rng);
        $golden.case("conv2d_strided", (x, layer), |(x, layer)| layer.forward(x));

        let x = Tensor::<s![2, 1, 12, 12], $E>::zeros();
        let first: Conv2d<1, 3, Window<3, 1, 1>, Cpu, $E> = Conv2d::init(rng);
        let second: Conv2d<3, 4, Window<3>, Cpu, $E> = Conv2d::init(rng);
        let last: Linear<16, 5, Cpu, $E> = Linear::init(rng);
        $golden.case(
            "lenet",
            (x, first, second, last),
            |(x, first, second, last)| {
                let pool = MaxPool2d::<Window<2, 2>>::new();
                let x = (first.forward(x).relu(), second);
                let x = pool.forward(&x.1.forward(&pool.forward(&x.0)).relu());
                last.forward(&Flatten.forward(&x))
            },
        );
    };
}

#[test]
fn layers() {
    let golden = Fixtures::open("layers", 1.0);
    {
        layers!(golden, f32);
    }
    {
        layers!(golden, f64);
    }
    golden.finish();
}

#[test]
fn optimisers() {
    let golden = Fixtures::open("optimisers", 0.1);
    macro_rules! paths {
        ($E:ident: $($name:literal $make:expr;)*) => {$({
            let mut x: Tensor<s![6], $E> = golden.tensor("start", (D,));
            let gradients: Tensor<s![25, 6], $E> = golden.tensor("gradients", (D, D));
            let mut optimiser = $make;
            let mut path = Vec::new();
            for step in 0..25 {
                if step == 15 {
                    optimiser.set_lr(optimiser.lr() / 2.0);
                }
                optimiser.step(&mut x, &gradients.index_axis::<0>(step));
                path.extend(x.to_vec());
            }
            let path: Tensor<s![25, 6], $E> = Tensor::from_vec(path).expect("25 steps");
            golden.compare(concat!(stringify!($E), "/", $name), &path);
        })*};
    }
    macro_rules! both {
        ($($case:tt)*) => {
            paths!(f32: $($case)*);
            paths!(f64: $($case)*);
        };
    }
    both! {
        "sgd" Sgd::new(0.1);
        "sgd_decay" Sgd::new(0.1).weight_decay(0.05);
        "sgd_momentum" Sgd::new(0.1).momentum(0.9);
        "sgd_dampening" Sgd::new(0.1).momentum(0.8).dampening(0.3);
        "sgd_nesterov" Sgd::new(0.1).momentum(0.9).nesterov(true);
        "sgd_all" Sgd::new(0.1).momentum(0.9).nesterov(true).weight_decay(0.05);
        "adam" Adam::new(0.05);
        "adam_decay" Adam::new(0.05).weight_decay(0.1);
        "adam_other" Adam::new(0.05).betas(0.7, 0.9).eps(0.01);
        "adamw" AdamW::new(0.05);
        "adamw_decay" AdamW::new(0.05).betas(0.8, 0.99).weight_decay(0.2);
    }
    golden.finish();
}
