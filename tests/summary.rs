//! Models on sizes alone.

use volta::nn::LstmState;
use volta::prelude::*;
use volta::summary::{Meta, Summary};
use volta::{Error, summary};

#[derive(Module, Clone)]
#[module(no_init)]
struct Net<B: Backend = Cpu> {
    conv: Conv2d<1, 4, Window<3, 1, 1>, B>,
    #[module(skip)]
    pool: MaxPool2d<Window<2, 2>>,
    unused: Linear<2, 3, B>,
    #[module(frozen)]
    fc: Linear<784, 10, B>,
    scale: Param<(D<10>,), f32, B>,
    dropout: Dropout,
}

impl<B: Backend> Net<B> {
    fn forward<N: Dim>(&self, x: &Tensor<s![N, 1, 28, 28], f32, B>) -> Tensor<s![N, 10], f32, B> {
        let x = self.pool.forward(&self.conv.forward(x).relu());
        let y = self
            .fc
            .forward(&self.dropout.forward(&x.flatten::<1, -1>()));
        y.softmax::<-1>() * &*self.scale
    }
}

fn net() -> Net {
    let mut rng = Rng::seed(0);
    Net {
        conv: Conv2d::init(&mut rng),
        pool: MaxPool2d::new(),
        unused: Linear::init(&mut rng),
        fc: Linear::init(&mut rng),
        scale: Tensor::ones().into(),
        dropout: Dropout::new(0.5, &mut rng),
    }
}

#[test]
fn a_table_of_layers() {
    let summary = Summary::of(&net(), |m| {
        m.forward(&Tensor::zeros_on((Dyn(8), D, D, D), &Meta))
    });
    assert_eq!(
        summary.to_string(),
        "\
layer   output          parameters   bytes  multiply-adds
---------------------------------------------------------
conv    [8, 4, 28, 28]          40     160        225,792
fc      [8, 10]              7,850  31,400         62,720
        [8, 10]                 10      40              0
unused  not run                  9      36              0
---------------------------------------------------------
in all                       7,909  31,636        288,512
7,850 parameters are frozen"
    );
    assert_eq!(summary.parameters(), net().num_parameters());
    assert_eq!(summary.trainable(), 59);
}

#[test]
fn products_of_activations_belong_to_no_layer() {
    let summary = Summary::of(&Linear::<3, 4>::init(&mut Rng::seed(0)), |m| {
        let y = m.forward(&Tensor::<s![5, 3], f32, Meta>::zeros_on((D, D), &Meta));
        y.matmul(&y.t::<s![4, 5]>())
    });
    assert_eq!(summary.other_multiply_adds, 5 * 5 * 4);
    assert_eq!(summary.multiply_adds(), 5 * 3 * 4 + 5 * 5 * 4);
    assert!(summary.to_string().contains("products without parameters"));
}

#[test]
fn a_layer_that_runs_twice_counts_twice() {
    let layer: Linear<3, 3> = Linear::init(&mut Rng::seed(0));
    let summary = Summary::of(&layer, |m| {
        let x = Tensor::<s![2, 5, 3], f32, Meta>::zeros_on((D, D, D), &Meta);
        m.forward(&m.forward(&x))
    });
    assert_eq!(summary.layers[0].output, Some(vec![2, 5, 3]));
    assert_eq!(summary.multiply_adds(), 2 * 2 * 5 * 9);
}

#[test]
fn a_summary_leaves_the_model_as_it_was() {
    let model = net();
    let x: Tensor<s![2, 1, 28, 28]> = Tensor::ones();
    let wanted = model.clone().forward(&x);
    let _ = Summary::of(&model, |m| {
        m.forward(&Tensor::zeros_on((Dyn(1), D, D, D), &Meta))
    });
    assert_eq!(model.forward(&x).to_vec(), wanted.to_vec());
}

#[test]
fn sizes_have_no_elements() {
    let x = Tensor::<s![2], f32, Meta>::zeros_on((D,), &Meta);
    assert!(matches!(x.try_to_vec(), Err(Error::Device(_))));
}

/// What a gradient costs: the forward product and two more.
#[test]
fn a_tape_runs_on_sizes_too() {
    let layer: Linear<3, 4> = Linear::init(&mut Rng::seed(0));
    let x = Tensor::<s![5, 3], f32, Meta>::zeros_on((D, D), &Meta);
    let forward = summary(&layer, &Tensor::<s![5, 3]>::zeros());
    let both = Summary::of(&layer, |m| grad(m, |m| m.forward(&x.lift()).square().sum()));
    assert_eq!(both.multiply_adds(), 2 * forward.multiply_adds());
}

/// What the one layer of a model gives, its parameters, its multiply-adds, and those of no layer.
#[track_caller]
fn is(summary: &Summary, output: &[usize], parameters: usize, multiply_adds: [usize; 2]) {
    let [layer] = &summary.layers[..] else {
        panic!("one layer: {summary}");
    };
    assert_eq!(layer.output.as_deref(), Some(output));
    assert_eq!(layer.parameters, parameters);
    let found = [layer.multiply_adds, summary.other_multiply_adds];
    assert_eq!(found, multiply_adds.map(|n| n as u64));
}

macro_rules! layers {
    ($($Layer:ty, [$($x:literal)*] => $output:expr, $parameters:expr, $multiply_adds:expr;)*) => {$({
        let layer: $Layer = Init::init(&mut Rng::seed(0));
        let x: Tensor<s![$($x),*]> = Tensor::zeros();
        is(&summary(&layer, &x), &$output, $parameters, [$multiply_adds, 0]);
    })*};
}

#[test]
fn every_layer_says_what_it_gives() {
    layers! {
        Linear<3, 4>, [2 5 3] => [2, 5, 4], 16, 2 * 5 * 3 * 4;
        Conv1d<4, 6, Window<3, 2, 1>>, [2 4 9] => [2, 6, 5], 78, 2 * 5 * 6 * 4 * 3;
        Conv1d<4, 6, Grouped<Window<3>, 2>>, [2 4 9] => [2, 6, 7], 42, 2 * 7 * 6 * 2 * 3;
        Conv2d<3, 4, Window<3>>, [2 3 8 9] => [2, 4, 6, 7], 112, 2 * 42 * 4 * 27;
        Conv3d<2, 4, Window<3, 2>>, [2 2 7 9 5] => [2, 4, 3, 4, 2], 220, 2 * 24 * 4 * 54;
        ConvTranspose1d<4, 6, Window<3, 2>>, [2 4 5] => [2, 6, 11], 78, 2 * 5 * 4 * 6 * 3;
        ConvTranspose2d<4, 2, Window<2, 2>>, [2 4 5 3] => [2, 2, 10, 6], 34, 2 * 15 * 4 * 2 * 4;
        BatchNorm1d<3>, [4 3 7] => [4, 3, 7], 6, 0;
        BatchNorm2d<3>, [4 3 7 5] => [4, 3, 7, 5], 6, 0;
        BatchNorm3d<3>, [4 3 2 7 5] => [4, 3, 2, 7, 5], 6, 0;
        LayerNorm<7>, [4 3 7] => [4, 3, 7], 14, 0;
        LayerNormOver<s![3, 7]>, [4 3 7] => [4, 3, 7], 42, 0;
        RmsNorm<7>, [4 3 7] => [4, 3, 7], 7, 0;
        RmsNormOver<s![3, 7]>, [4 3 7] => [4, 3, 7], 21, 0;
        GroupNorm<2, 6>, [4 6 7 5] => [4, 6, 7, 5], 12, 0;
        LearnedPositions<9, 3>, [4 7 3] => [4, 7, 3], 27, 0;
        Rnn<3, 5>, [4 7 3] => [4, 7, 5], 50, 28 * 5 * (3 + 5);
        Gru<3, 5>, [4 7 3] => [4, 7, 5], 150, 28 * 15 * (3 + 5);
        Lstm<3, 5>, [4 7 3] => [4, 7, 5], 200, 28 * 20 * (3 + 5);
        Lstm<3, 5, 2, Bidirectional>, [4 7 3] => [4, 7, 10], 1080, 28 * 40 * (3 + 5 + 10 + 5);
    }
    let mut rng = Rng::seed(0);
    let x: Tensor<s![4, 6, 5, 5]> = Tensor::zeros();
    let norm: InstanceNorm2d<6> = InstanceNorm2d::init(&mut rng).with_affine();
    is(&summary(&norm, &x), &[4, 6, 5, 5], 12, [0, 0]);
    let words: Tensor<s![4, 7], i64> = Tensor::zeros();
    let table: Embedding<10, 3> = Embedding::init(&mut rng).with_padding_idx(1);
    is(&summary(&table, &words), &[4, 7, 3], 30, [0, 0]);
}

#[test]
fn layers_of_several_inputs_say_what_they_give() {
    let mut rng = Rng::seed(0);
    let a: Tensor<s![4, 6, 3], f32, Meta> = Tensor::zeros_on((D, D, D), &Meta);
    let b: Tensor<s![4, 6, 5], f32, Meta> = Tensor::zeros_on((D, D, D), &Meta);
    let bilinear: Bilinear<3, 5, 2> = Bilinear::init(&mut rng);
    let summary = Summary::of(&bilinear, |m| m.forward(&a, &b));
    is(&summary, &[4, 6, 2], 32, [24 * 3 * 2 * 5, 24 * 2 * 5]);

    let x: Tensor<s![4, 3], f32, Meta> = Tensor::zeros_on((D, D), &Meta);
    let h: Tensor<s![4, 5], f32, Meta> = Tensor::zeros_on((D, D), &Meta);
    let cell: RnnCell<3, 5> = RnnCell::init(&mut rng);
    let summary = Summary::of(&cell, |m| m.forward(&x, &h));
    is(&summary, &[4, 5], 50, [4 * 5 * 8, 0]);
    let cell: GruCell<3, 5> = GruCell::init(&mut rng);
    let summary = Summary::of(&cell, |m| m.forward(&x, &h));
    is(&summary, &[4, 5], 150, [4 * 15 * 8, 0]);
    let cell: LstmCell<3, 5> = LstmCell::init(&mut rng);
    let state = LstmState { h: h.clone(), c: h };
    let summary = Summary::of(&cell, |m| m.forward(&x, &state));
    is(&summary, &[4, 5], 200, [4 * 20 * 8, 0]);
}

#[test]
fn attention_is_two_layers_and_two_products() {
    let layer: MultiheadAttention<8, 2> = MultiheadAttention::init(&mut Rng::seed(0));
    let x: Tensor<s![3, 5, 8], f32, Meta> = Tensor::zeros_on((D, D, D), &Meta);
    let summary = Summary::of(&layer, |m| m.forward(&x, &x, &x, Attention::new()));
    assert_eq!(
        summary.to_string(),
        "\
layer                        output     parameters  bytes  multiply-adds
------------------------------------------------------------------------
                             [3, 5, 8]         216    864          2,880
out_proj                     [3, 5, 8]          72    288            960
products without parameters                                        1,200
------------------------------------------------------------------------
in all                                         288  1,152          5,040"
    );
}
