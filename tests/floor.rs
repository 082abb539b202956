//! What is wrong in the libraries that this one is measured by, each a test. That every op is right
//! on transposed inputs is a test of `tests/coverage`, where every op stands.

use std::time::{Duration, Instant};

use volta::io::HostTensor;
use volta::nn::{LstmState, Path, Visitor};
use volta::prelude::*;

/// The gradients of parameters by name.
fn named<M: Module<Cpu>>(model: &M) -> Vec<(String, Vec<f64>)> {
    struct Read(Vec<(String, Vec<f64>)>);
    impl Visitor<Cpu> for Read {
        fn parameter<S: Shape, E: Float>(&mut self, path: &Path, _: bool, x: &Tensor<S, E>) {
            let elements = x.to_vec().into_iter().map(E::to_f64).collect();
            self.0.push((path.name(), elements));
        }
        fn buffer<S: Shape, E: volta::Dtype>(&mut self, _: &Path, _: &Tensor<S, E>) {}
    }
    let mut read = Read(Vec::new());
    model.visit(&mut Path::new(), &mut read);
    read.0
}

/// Every parameter has a gradient that agrees with differences.
macro_rules! every_parameter_learns {
    ($model:expr, $parameters:literal, |$layer:ident| $loss:expr) => {{
        let model = $model;
        let grads = named(&grad(&model, |$layer| $loss));
        assert_eq!(grads.len(), $parameters);
        for (name, gradient) in grads {
            assert!(
                gradient.iter().any(|g| g.abs() > 1e-6),
                "{name} gets no gradient"
            );
        }
        gradcheck(&model, |$layer| $loss).expect("differences agree");
    }};
}

#[test]
fn every_parameter_of_a_recurrent_cell_gets_its_gradient() {
    let rng = &mut Rng::seed(3);
    let x: Tensor<s![2, 3], f64> = Tensor::randn(rng);
    let [h, c]: [Tensor<s![2, 4], f64>; 2] = std::array::from_fn(|_| Tensor::randn(rng));
    let cell: LstmCell<3, 4, Cpu, f64> = Init::init(rng);
    every_parameter_learns!(cell, 4, |cell| {
        let (h, c) = (h.lift(), c.lift());
        let next = cell.forward(&x.lift(), &LstmState { h, c });
        let next = cell.forward(&x.lift(), &next);
        next.h.sin().sum() + next.c.square().sum()
    });
    let cell: GruCell<3, 4, Cpu, f64> = Init::init(rng);
    every_parameter_learns!(cell, 4, |cell| cell
        .forward(&x.lift(), &h.lift())
        .sin()
        .sum());
    let cell: RnnCell<3, 4, Cpu, f64> = Init::init(rng);
    every_parameter_learns!(cell, 4, |cell| cell
        .forward(&x.lift(), &h.lift())
        .sin()
        .sum());
}

#[test]
fn every_parameter_of_a_recurrent_layer_gets_its_gradient() {
    let rng = &mut Rng::seed(4);
    let x: Tensor<s![2, 3, 2], f64> = Tensor::randn(rng);
    let layer: Lstm<2, 3, 2, Bidirectional, Cpu, f64> = Init::init(rng);
    every_parameter_learns!(layer, 16, |layer| layer.forward(&x.lift()).0.sin().sum());
    let layer: Gru<2, 3, 2, Bidirectional, Cpu, f64> = Init::init(rng);
    every_parameter_learns!(layer, 16, |layer| layer.forward(&x.lift()).0.sin().sum());
    let layer: Rnn<2, 3, 2, Bidirectional, Cpu, f64> = Init::init(rng);
    every_parameter_learns!(layer, 16, |layer| layer.forward(&x.lift()).0.sin().sum());
}

#[test]
fn transposed_convolution_of_several_channels() {
    const STRIDE: usize = 2;
    const PADDING: usize = 1;
    let rng = &mut Rng::seed(5);
    let x: Tensor<s![2, 3, 4, 5], f64> = Tensor::randn(rng);
    let w: Tensor<s![3, 2, 3, 3], f64> = Tensor::randn(rng);
    let y: Tensor<s![2, 2, 7, 9], f64> =
        x.conv_transpose2d::<Window<3, STRIDE, PADDING>, _, _, _>(&w);
    let mut want: Tensor<s![2, 2, 7, 9], f64> = Tensor::zeros();
    for [n, c, o] in indices([2, 3, 2]) {
        for [i, j, ki, kj] in indices([4, 5, 3, 3]) {
            let (row, column) = (i * STRIDE + ki, j * STRIDE + kj);
            if (PADDING..7 + PADDING).contains(&row) && (PADDING..9 + PADDING).contains(&column) {
                want[[n, o, row - PADDING, column - PADDING]] +=
                    x[[n, c, i, j]] * w[[c, o, ki, kj]];
            }
        }
    }
    for (got, want) in y.to_vec().into_iter().zip(want.to_vec()) {
        assert!((got - want).abs() < 1e-12, "{got}, not {want}");
    }
}

fn indices<const N: usize>(sizes: [usize; N]) -> impl Iterator<Item = [usize; N]> {
    (0..sizes.iter().product()).map(move |mut at| {
        let mut index = [0; N];
        for axis in (0..N).rev() {
            index[axis] = at % sizes[axis];
            at /= sizes[axis];
        }
        index
    })
}

/// Padding is no 0 that wins.
#[test]
fn padded_max_pool_of_negative_numbers() {
    let x: Tensor<s![1, 1, 2, 2]> = Tensor::from_array([[[[-4.0, -3.0], [-2.0, -1.0]]]]);
    let y: Tensor<s![1, 1, 2, 2]> = x.max_pool2d::<Window<2, 2, 1>>();
    assert_eq!(y.to_vec(), [-4.0, -3.0, -2.0, -1.0]);
    let slope = grad(&x, |x| x.max_pool2d::<Window<2, 2, 1>>().sum());
    assert_eq!(slope.to_vec(), [1.0; 4]);
}

#[test]
fn bce_with_logits_at_100() {
    let x: Tensor<s![4]> = Tensor::from_array([100.0, -100.0, 100.0, -100.0]);
    let target: Tensor<s![4]> = Tensor::from_array([1.0, 0.0, 0.0, 1.0]);
    let (loss, slope) = value_and_grad(&x, |x| {
        x.binary_cross_entropy_with_logits_as(&target, volta::loss::Sum)
    });
    assert_eq!(loss.item(), 200.0);
    let want = [0.0, 0.0, 1.0, -1.0];
    for (got, want) in slope.to_vec().into_iter().zip(want) {
        assert!((got - want).abs() < 1e-30, "{got}, not {want}");
    }
}

/// The least time of several runs: what else the machine does only adds to it.
fn least_time(mut f: impl FnMut()) -> Duration {
    (0..7)
        .map(|_| {
            let start = Instant::now();
            f();
            start.elapsed()
        })
        .min()
        .expect("runs")
}

#[test]
fn convolution_takes_time_that_is_linear_in_the_batch() {
    let rng = &mut Rng::seed(6);
    let w: Tensor<s![8, 4, 3, 3]> = Tensor::randn(rng);
    let mut time = |n: usize| {
        let x: Tensor<s![Dyn, 4, 16, 16]> = Tensor::randn_with((Dyn(n), D, D, D), rng);
        least_time(|| {
            let grads = grad(&(x.clone(), w.clone()), |(x, w)| {
                x.conv2d::<Window<3, 1, 1>, _, _, _>(w).square().sum()
            });
            std::hint::black_box(grads);
        })
    };
    let (few, many) = (time(8), time(128));
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    // 16 of time that is linear, 256 of time that is not.
    assert!(
        ratio < 64.0,
        "16 times the batch takes {ratio:.1} times as long"
    );
}

/// A walk along every path from the end would take 2^60 steps.
#[test]
fn backward_through_a_chain_of_diamonds() {
    let x: Tensor<s![2], f64> = Tensor::from_array([1.0, -3.0]);
    let start = Instant::now();
    let slope = grad(&x, |x| {
        let chain = (0..60).fold(x.clone(), |x, _| &x + &x);
        chain.sum()
    });
    assert_eq!(slope.to_vec(), [2_f64.powi(60); 2]);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn the_parameter_that_a_constant_is_joined_to_gets_its_gradient() {
    let constant: Tensor<s![2, 2]> = Tensor::ones();
    let parameter: Tensor<s![2, 3]> = Tensor::ones();
    let weights: Tensor<s![2, 5]> = Tensor::arange_with(D::<10>, 0.0, 1.0).reshape();
    let after = grad(&parameter, |p| {
        let joined: Tensor<s![2, 5], f32, _> = constant.lift().cat::<1, _>(p);
        (joined * &weights).sum()
    });
    assert_eq!(after.to_vec(), [2.0, 3.0, 4.0, 7.0, 8.0, 9.0]);
    let before = grad(&parameter, |p| {
        let joined: Tensor<s![2, 5], f32, _> = p.cat::<1, _>(&constant.lift());
        (joined * &weights).sum()
    });
    assert_eq!(before.to_vec(), [0.0, 1.0, 2.0, 5.0, 6.0, 7.0]);
}

#[test]
fn weights_of_another_shape_are_refused() {
    let mut layer: Linear<3, 2> = Init::init(&mut Rng::seed(0));
    let before = layer.state_dict();
    let transposed: Linear<2, 3> = Init::init(&mut Rng::seed(1));
    let error = layer.load_state_dict(&transposed.state_dict()).unwrap_err();
    let message = error.to_string();
    for part in [
        "weight: the model has shape [2, 3], the state has [3, 2]",
        "bias: the model has shape [2], the state has [3]",
    ] {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(layer.state_dict(), before, "nothing was loaded");
    // As many elements are not enough.
    let mut flat = before.clone();
    flat.insert("weight", host::<f32, 4>(&[6], &[[0; 4]; 6]));
    let message = layer.load_state_dict(&flat).unwrap_err().to_string();
    assert!(
        message.contains("weight: the model has shape [2, 3], the state has [6]"),
        "{message}"
    );
}

/// What a state dict holds.
fn host<E: volta::Dtype, const N: usize>(dims: &[usize], bytes: &[[u8; N]]) -> HostTensor {
    HostTensor::new(E::KIND, dims.to_vec(), bytes.concat()).expect("as many bytes")
}

/// The first whole number that `f32` has not.
const BEYOND: i64 = 16_777_217;

#[test]
fn whole_numbers_do_not_pass_through_f32() {
    let data = vec![3, BEYOND, -BEYOND, 0];
    let x: Tensor<s![4], i64> = Tensor::from_vec(data.clone()).expect("four");
    assert_eq!(x.to_vec(), data);
    assert_eq!(x.cast::<i32>().cast::<f64>().cast::<i64>().to_vec(), data);
    assert_eq!((&x + &x.zeros_like()).to_vec(), data);
    assert_eq!(x.narrow::<0, 0, 2>().sum().item(), BEYOND + 3);
    assert_eq!((x.max().item(), x.min().item()), (BEYOND, -BEYOND));
    let index: Tensor<s![2], i64> = Tensor::from_array([2, 1]);
    assert_eq!(x.gather::<0, _>(&index).to_vec(), [-BEYOND, BEYOND]);
    assert_eq!(x.sort::<0>().0.to_vec(), [-BEYOND, 0, 3, BEYOND]);
    assert_eq!(x.cumsum::<0>().to_vec(), [3, BEYOND + 3, 3, 3]);
    // Neighbours are told apart.
    let near: Tensor<s![2], i64> = Tensor::from_array([BEYOND - 1, BEYOND]);
    assert_eq!(near.argmax().item(), 1);
    assert_eq!(near.eq_scalar(BEYOND).to_vec(), [false, true]);
}

#[cfg(feature = "safetensors")]
#[test]
fn whole_numbers_survive_safetensors() {
    let mut state = volta::StateDict::new();
    let bytes = [BEYOND, -BEYOND].map(i64::to_le_bytes);
    state.insert("x", host::<i64, 8>(&[2], &bytes));
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("floor.safetensors");
    volta::io::safetensors::save(&path, &state).expect("saved");
    let loaded = volta::io::safetensors::load(&path).expect("loaded");
    let x = loaded.get("x").expect("saved").to_vec::<i64>();
    assert_eq!(x.expect("of this type"), [BEYOND, -BEYOND]);
}

#[cfg(feature = "data")]
#[test]
fn whole_numbers_survive_npy() {
    let x: Tensor<s![2], i64> = Tensor::from_array([BEYOND, -BEYOND]);
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("floor.npy");
    volta::data::npy::save(&path, &x).expect("saved");
    let read: Tensor<s![2], i64> = volta::data::npy::load(&path).expect("loaded");
    assert_eq!(read.to_vec(), x.to_vec());
}

#[test]
fn the_seed_says_the_order() {
    let order = |seed| {
        let mut items: Vec<usize> = (0..100).collect();
        Rng::seed(seed).shuffle(&mut items);
        items
    };
    assert_eq!(order(1), order(1));
    assert_ne!(order(1), order(2));
    assert_ne!(order(1), (0..100).collect::<Vec<_>>());
}

#[cfg(feature = "data")]
#[test]
fn the_seed_of_a_loader_says_the_order() {
    use volta::data::{DataLoader, Items};

    let order = |seed| -> Vec<i64> {
        let loader = DataLoader::new(Items::new((0..100_i64).collect()), Dyn(8)).shuffle(seed);
        let batches = loader
            .epoch(0)
            .map(|batch| batch.expect("a batch").to_vec());
        batches.flatten().collect()
    };
    assert_eq!(order(1), order(1));
    assert_ne!(order(1), order(2));
    let mut sorted = order(1);
    sorted.sort_unstable();
    assert_eq!(sorted, (0..100).collect::<Vec<_>>());
}
