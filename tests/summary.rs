//! Models on sizes alone.

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
