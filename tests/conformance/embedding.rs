//! Tables looked up by number, and the layers beside them.

use volta::prelude::*;

use crate::support::{Array, Check, Input, Target, View, case, for_every_device, panics};

for_every_device! {
    rows_of_a_table
    a_padding_row_has_no_gradient
    indices_of_any_shape
    indices_beyond_the_table
    bilinear_forms
    residual_blocks
}

const INDEX: [i64; 6] = [3, 0, 3, 1, 3, 0];

case!(
    Lookup { padding: bool } | x | {
        let device = B::device(&x[0]);
        let table: Tensor<s![4, 3], E, B> = Tensor::from_prim((D, D), x[0].clone());
        let mut layer = Embedding::from_weight(table.clone());
        if *padding {
            layer = layer.with_padding_idx(3);
            // The row as it was: what it is has no part in its gradient.
            layer.weight = table.into();
        }
        let index = Tensor::from_vec_on((D, D), INDEX.to_vec(), &device).expect("six");
        let index: Tensor<s![2, 3], i64, B> = index;
        layer.forward(&index).into_prim()
    }
);

fn rows_of_a_table<T: Target>(device: &T) {
    let case = Lookup { padding: false };
    for view in [View::Plain, View::Transposed, View::Narrowed] {
        Check::new(&case, &case, vec![Input::new(&[4, 3], view)])
            .forward(device, |x| {
                Array::from_fn(&[2, 3, 3], |at| {
                    x[0].at(&[INDEX[3 * at[0] + at[1]] as usize, at[2]])
                })
            })
            .gradients(device);
    }
}

fn a_padding_row_has_no_gradient<T: Target>(device: &T) {
    let mut rng = Rng::seed(0);
    let layer: Embedding<4, 3, T::Backend> = Embedding::init_on(&device.device(), &mut rng);
    let layer = layer.with_padding_idx(3);
    assert_eq!(layer.padding_idx(), Some(3));
    assert_eq!(layer.weight.to_vec()[9..], [0.0; 3]);
    assert!(layer.weight.to_vec()[..9].iter().all(|&w| w != 0.0));
    let index: Tensor<s![6], i64> = Tensor::from_array(INDEX);
    let index = index.to(device).expect("moved");
    let grads = grad(&layer, |l| l.forward(&index).sum());
    let want = [2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    assert_eq!(grads.weight.to_vec(), want);
    // Nor of the second order.
    let grads = grad(&layer, |l| {
        let inner = grad(l, |l| {
            let y = l.forward(&index.lift());
            (&y * &y * &y).sum()
        });
        inner.weight.sum()
    });
    assert_eq!(grads.weight.to_vec()[6..], [0.0; 6]);
    assert!(grads.weight.to_vec()[..6].iter().all(|&w| w != 0.0));
}

fn indices_of_any_shape<T: Target>(device: &T) {
    let mut rng = Rng::seed(0);
    let layer: Embedding<4, 3, T::Backend> = Embedding::init_on(&device.device(), &mut rng);
    let table = layer.weight.to_vec();
    let one: Tensor<(), i64> = Tensor::from_scalar(2);
    let y: Tensor<s![3], f32, _> = layer.forward(&one.to(device).expect("moved"));
    assert_eq!(y.to_vec(), table[6..9]);
    let none: Tensor<s![Dyn, 2], i64> = Tensor::zeros_with((Dyn(0), D));
    let y: Tensor<s![Dyn, 2, 3], f32, _> = layer.forward(&none.to(device).expect("moved"));
    assert_eq!(y.dims(), [0, 2, 3]);
    let index: Tensor<s![3, 2], i64> = Tensor::from_array([[3, 0], [3, 1], [3, 0]]);
    let y: Tensor<s![2, 3, 3], f32, _> = layer.forward(&index.to(device).expect("moved").t());
    assert_eq!(y.to_vec()[..3], table[9..]);
    assert_eq!(y.to_vec()[9..12], table[..3]);
}

fn indices_beyond_the_table<T: Target>(_: &T) {
    let device = &T::alone();
    let mut rng = Rng::seed(0);
    let layer: Embedding<4, 3, T::Backend> = Embedding::init_on(&device.device(), &mut rng);
    for wrong in [4, -1] {
        let index: Tensor<s![2], i64> = Tensor::from_array([0, wrong]);
        let index = index.to(device).expect("moved");
        let message = panics(|| layer.forward(&index).to_vec());
        assert!(message.contains(&wrong.to_string()), "{message}");
    }
    let message = panics(|| layer.with_padding_idx(4));
    assert_eq!(
        message,
        "Embedding: a padding index of 4, and there are 4 vectors, from 0 on"
    );
}

case!(
    Form {} | x | {
        let mut layer: Bilinear<2, 3, 4, B, E> =
            Bilinear::init_on(&B::device(&x[0]), &mut Rng::seed(0));
        layer.weight = Tensor::from_prim((D, D, D), x[2].clone()).into();
        layer.bias = Tensor::from_prim((D,), x[3].clone()).into();
        let n = B::dims(&x[0])[0];
        let x1: Tensor<s![Dyn, 2], E, B> = Tensor::from_prim((Dyn(n), D), x[0].clone());
        let x2: Tensor<s![Dyn, 3], E, B> = Tensor::from_prim((Dyn(n), D), x[1].clone());
        layer.forward(&x1, &x2).into_prim()
    }
);

fn bilinear_forms<T: Target>(device: &T) {
    let case = Form {};
    for view in [View::Plain, View::Transposed] {
        for n in [2, 1, 0] {
            let inputs = vec![
                Input::new(&[n, 2], view),
                Input::new(&[n, 3], View::Plain),
                Input::new(&[4, 2, 3], view),
                Input::new(&[4], View::Plain),
            ];
            Check::new(&case, &case, inputs)
                .forward(device, |x| {
                    Array::from_fn(&[n, 4], |at| {
                        let mut y = x[3].at(&at[1..]);
                        for i in 0..2 {
                            for j in 0..3 {
                                let w = x[2].at(&[at[1], i, j]);
                                y += x[0].at(&[at[0], i]) * w * x[1].at(&[at[0], j]);
                            }
                        }
                        y
                    })
                })
                .gradients(device);
        }
    }
    let mut rng = Rng::seed(0);
    let layer: Bilinear<2, 3, 4, T::Backend> = Bilinear::init_on(&device.device(), &mut rng);
    let x1: Tensor<s![5, Dyn, 2]> = Tensor::ones_with((D, Dyn(7), D));
    let x2: Tensor<s![5, Dyn, 3]> = Tensor::ones_with((D, Dyn(7), D));
    let pair = (x1.to(device).expect("moved"), x2.to(device).expect("moved"));
    let y: Tensor<s![5, Dyn, 4], f32, _> = Forward::forward(&layer, &pair);
    assert_eq!(y.dims(), [5, 7, 4]);
    let short: Tensor<s![5, Dyn, 3]> = Tensor::ones_with((D, Dyn(6), D));
    let short = short.to(device).expect("moved");
    assert_eq!(
        panics(|| layer.forward(&pair.0, &short)),
        "bilinear: axis 1 has 7 on the left and 6 on the right ((5, 7) and (5, 6))"
    );
}

fn residual_blocks<T: Target>(device: &T) {
    let mut rng = Rng::seed(0);
    let inner: Linear<3, 3, T::Backend> = Linear::init_on(&device.device(), &mut rng);
    let x: Tensor<s![Dyn, 3]> = Tensor::randn_with((Dyn(4), D), &mut rng);
    let x = x.to(device).expect("moved");
    let block = Residual((Identity, inner));
    let want = &x + block.0.1.forward(&x);
    assert_eq!(block.forward(&x).to_vec(), want.to_vec());
    let nested = Residual(block.clone());
    assert_eq!(nested.forward(&x).to_vec(), (&x + &want).to_vec());
    let keys = Module::<T::Backend>::state_dict(&nested);
    assert_eq!(keys.keys().collect::<Vec<_>>(), ["1.weight", "1.bias"]);
    let grads = grad(&block, |b| b.forward(&x.lift()).sum());
    assert_eq!(grads.0.1.bias.to_vec(), [4.0; 3]);
}
