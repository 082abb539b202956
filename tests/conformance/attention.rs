//! Attention against its formula, in one block and in several.

use volta::backend::AttentionScores;
use volta::prelude::*;

use crate::support::{Array, Check, Input, Target, View, case, close, for_every_device};

for_every_device! {
    of_every_mask
    of_views
    second_outputs
    split_heads
    blocks_of_causal_rows
    blocks_of_long_rows
    no_keys
    sixteen_bits
    dropped_weights
}

/// Numbers of queries. A backend may do otherwise with many.
const QUERIES: [usize; 2] = [4, 18];

/// Which of 3 keys a query sees; the second of four sees none.
fn seen(query: usize) -> [bool; 3] {
    match query % 4 {
        0 => [true, false, true],
        1 => [false, false, false],
        2 => [true, true, true],
        _ => [false, true, true],
    }
}

case!(
    Attends {
        causal: bool,
        masked: bool,
        scale: f64,
        sums: bool
    } | x
        | {
            let device = B::device(&x[0]);
            let rows = B::dims(&x[0])[1];
            let seen = (0..rows).flat_map(seen).collect();
            let mask = B::from_vec(&device, seen, &[1, rows, 3]);
            let masks = [mask];
            let (y, log_sum) = B::attention(
                &x[0],
                &x[1],
                &x[2],
                AttentionScores {
                    masks: if *masked { &masks } else { &[] },
                    biases: &x[3..],
                    causal: *causal,
                    scale: *scale,
                },
            );
            if *sums {
                B::cat(&[&log_sum, &y, &log_sum], 2)
            } else {
                y
            }
        }
);

/// The formula: the logarithm of the sum of a row, and the result.
fn attention(x: &[Array], case: &Attends) -> [Array; 2] {
    let (q, k, v) = (&x[0], &x[1], &x[2]);
    let score = |b: usize, i: usize, j: usize| {
        if case.causal && j > i || case.masked && !seen(i)[j] {
            return f64::NEG_INFINITY;
        }
        let product: f64 = (0..q.dims[2])
            .map(|d| q.at(&[b, i, d]) * k.at(&[b, j, d]))
            .sum();
        let bias: f64 = (x[3..].iter())
            .map(|bias| {
                let at = [b, i, j].into_iter().zip(&bias.dims);
                bias.at(&at.map(|(at, &size)| at.min(size - 1)).collect::<Vec<_>>())
            })
            .sum();
        case.scale * product + bias
    };
    let (batch, rows, keys) = (q.dims[0], q.dims[1], k.dims[1]);
    let sum = |b, i| (0..keys).map(|j| f64::exp(score(b, i, j))).sum::<f64>();
    let log_sums = Array::from_fn(&[batch, rows, 1], |at| match sum(at[0], at[1]) {
        0.0 => 0.0,
        sum => sum.ln(),
    });
    let y = Array::from_fn(&[batch, rows, v.dims[2]], |at| {
        let [b, i, d] = *at else { unreachable!() };
        let weighted: f64 = (0..keys)
            .map(|j| score(b, i, j).exp() * v.at(&[b, j, d]))
            .sum();
        if weighted == 0.0 {
            0.0
        } else {
            weighted / sum(b, i)
        }
    });
    [log_sums, y]
}

fn inputs(rows: usize, view: View) -> Vec<Input> {
    vec![
        Input::new(&[2, rows, 2], view),
        Input::new(&[2, 3, 2], view),
        Input::new(&[2, 3, 5], view),
    ]
}

fn check<T: Target>(device: &T, case: &Attends, inputs: Vec<Input>) {
    Check::new(case, case, inputs)
        .forward(device, |x| {
            let [log_sums, y] = attention(x, case);
            if !case.sums {
                return y;
            }
            let width = y.dims[2];
            Array::from_fn(&[y.dims[0], y.dims[1], width + 2], |at| match at[2] {
                d if d == 0 || d == width + 1 => log_sums.at(&[at[0], at[1], 0]),
                d => y.at(&[at[0], at[1], d - 1]),
            })
        })
        .gradients(device);
}

fn of_every_mask<T: Target>(device: &T) {
    for rows in QUERIES {
        of_every_mask_of(device, rows);
    }
}

fn of_every_mask_of<T: Target>(device: &T, rows: usize) {
    let scale = 0.6;
    for causal in [false, true] {
        for masked in [false, true] {
            let case = Attends {
                causal,
                masked,
                scale,
                sums: false,
            };
            check(device, &case, inputs(rows, View::Plain));
        }
    }
    let case = Attends {
        causal: false,
        masked: true,
        scale,
        sums: false,
    };
    for dims in [
        [2, rows, 3],
        [1, rows, 3],
        [2, 1, 3],
        [1, 1, 3],
        [2, rows, 1],
        [1, 1, 1],
    ] {
        let mut inputs = inputs(rows, View::Plain);
        inputs.push(Input::new(&dims, View::Plain));
        check(device, &case, inputs);
    }
    // -inf in a bias hides as a mask does.
    let case = Attends {
        causal: true,
        masked: false,
        scale,
        sums: false,
    };
    let infinity = f64::NEG_INFINITY;
    let hidden = [
        infinity, 0.0, 1.0, 0.5, infinity, 0.0, infinity, infinity, infinity, 0.0, 0.0, 0.0,
    ];
    let hidden = hidden.into_iter().cycle().take(rows * 3).collect();
    let mut with_bias = inputs(rows, View::Plain);
    with_bias.push(Input::new(&[1, rows, 3], View::Plain).holding(hidden));
    let check = Check::new(&case, &case, with_bias);
    check.forward(device, |x| {
        let [_, y] = attention(x, &case);
        y
    });
}

fn of_views<T: Target>(device: &T) {
    let case = Attends {
        causal: true,
        masked: true,
        scale: -1.0,
        sums: false,
    };
    for view in [
        View::Transposed,
        View::Narrowed,
        View::Expanded(0),
        View::Expanded(1),
    ] {
        for rows in QUERIES {
            let mut inputs = inputs(rows, view);
            inputs.push(Input::new(&[1, rows, 3], view));
            check(device, &case, inputs);
        }
    }
}

fn second_outputs<T: Target>(device: &T) {
    for masked in [false, true] {
        let case = Attends {
            causal: false,
            masked,
            scale: 0.6,
            sums: true,
        };
        for rows in QUERIES {
            check(device, &case, inputs(rows, View::Plain));
        }
    }
}

/// The heads of a layer are views of what one map gives: so is what it takes back.
fn split_heads<T: Target>(device: &T) {
    let mut rng = Rng::seed(2);
    let mut random = || {
        let x: Tensor<s![2, 18, 3, 4]> = Tensor::randn(&mut rng);
        x.to(device).expect("moved")
    };
    let [q, k, v] = [random(), random(), random()];
    let [q, k, v] = [&q, &k, &v].map(|x| x.transpose::<1, 2>());
    let y = q.scaled_dot_product_attention(&k, &v, Attention::new());
    let want = (q.matmul(&k.transpose::<2, 3>()) * 0.5)
        .softmax::<-1>()
        .matmul(&v);
    let wide = |x: Tensor<s![2, 18, 3, 4], f32, _>| -> Vec<f64> {
        x.to_vec().into_iter().map(f64::from).collect()
    };
    let [y, want] = [y, want].map(|x| wide(x.transpose::<1, 2>()));
    close("attention", &y, &want, 1e-6);
}

fn blocks_of_causal_rows<T: Target>(device: &T) {
    let case = Attends {
        causal: true,
        masked: false,
        scale: 1.0,
        sums: false,
    };
    let inputs = vec![
        Input::new(&[1, 150, 1], View::Plain),
        Input::new(&[1, 140, 1], View::Plain),
        Input::new(&[1, 140, 1], View::Plain),
        Input::new(&[1, 1, 140], View::Plain),
    ];
    Check::new(&case, &case, inputs)
        .forward(device, |x| {
            let [_, y] = attention(x, &case);
            y
        })
        .gradient(device);
}

fn blocks_of_long_rows<T: Target>(device: &T) {
    type Table<E, B> = Tensor<s![2, Dyn, Dyn], E, B>;
    let mut rng = Rng::seed(1);
    let mut random = |rows, width| {
        let x: Table<f32, Cpu> = Tensor::randn_with((D, Dyn(rows), Dyn(width)), &mut rng);
        x.to(device).expect("moved")
    };
    let (rows, keys) = (150, 3000);
    let inputs = [
        random(rows, 3),
        random(keys, 3),
        random(keys, 2),
        random(rows, 1),
        random(1, keys),
    ];
    let (y, got) = value_and_grad_aux(&inputs, |[q, k, v, row, column]| {
        let bias = row.matmul(column);
        let y = q.scaled_dot_product_attention(k, v, Attention::new().attn_mask(&bias).scale(0.5));
        (y.square().sum(), y.detach())
    });
    let (want_y, want) = value_and_grad_aux(&inputs, |[q, k, v, row, column]| {
        let scores = q.matmul(&k.transpose::<1, 2>()) * 0.5 + row.matmul(column);
        let y = scores.softmax::<-1>().matmul(v);
        (y.square().sum(), y.detach())
    });
    let wide = |x: Vec<f32>| x.into_iter().map(f64::from).collect::<Vec<_>>();
    close(
        "attention",
        &wide(y.1.to_vec()),
        &wide(want_y.1.to_vec()),
        1e-5,
    );
    for (k, (got, want)) in got.iter().zip(&want).enumerate() {
        let name = format!("gradient {k}");
        close(&name, &wide(got.to_vec()), &wide(want.to_vec()), 1e-4);
    }
}

fn no_keys<T: Target>(device: &T) {
    let case = Attends {
        causal: true,
        masked: false,
        scale: 1.0,
        sums: true,
    };
    for (rows, keys, width) in [(3, 0, 2), (0, 3, 2), (3, 2, 0), (1, 1, 1)] {
        let inputs = vec![
            Input::new(&[2, rows, 1], View::Plain),
            Input::new(&[2, keys, 1], View::Plain),
            Input::new(&[2, keys, width], View::Plain),
        ];
        check(device, &case, inputs);
    }
}

fn sixteen_bits<T: Target>(device: &T) {
    let mut rng = Rng::seed(3);
    let mut random = || Tensor::<s![2, 5, 4]>::randn(&mut rng).cast::<bf16>();
    let inputs = [random(), random(), random()];
    let run = |x: &[Tensor<s![2, 5, 4], bf16, _>; 3]| {
        let [q, k, v] = x;
        q.scaled_dot_product_attention(k, v, Attention::new().causal())
            .sum()
    };
    let wide = inputs.each_ref().map(|x| x.cast::<f32>());
    let want = grad(&wide, |[q, k, v]| {
        q.scaled_dot_product_attention(k, v, Attention::new().causal())
            .sum()
    });
    let inputs = inputs.map(|x| x.to(device).expect("moved"));
    let got = grad(&inputs, run);
    for (got, want) in got.iter().zip(&want) {
        let got: Vec<f64> = got.to_vec().into_iter().map(|x| x.to_f64()).collect();
        let want: Vec<f64> = want.to_vec().into_iter().map(f64::from).collect();
        close("in bf16", &got, &want, 1e-2);
    }
}

/// What is left of the weights is twice as large, and the mean of many is the whole.
fn dropped_weights<T: Target>(device: &T) {
    let mut rng = Rng::seed(2);
    let dropout = Dropout::new(0.5, &mut rng);
    let q: Tensor<s![400, 3, 2]> = Tensor::zeros();
    let v = Tensor::<s![400, 3, 2]>::ones().to(device).expect("moved");
    let q = q.to(device).expect("moved");
    let mask: Tensor<s![3, 3], bool> = Tensor::from_array([
        [true, true, true],
        [false, false, false],
        [true, true, false],
    ]);
    let mask = mask.to(device).expect("moved");
    let options = || Attention::new().attn_mask(&mask).causal().dropout(&dropout);
    let y = q.scaled_dot_product_attention(&q, &v, options());
    let rows = y.transpose::<0, 1>().to_vec();
    let (first, others) = rows.split_at(800);
    let (second, third) = others.split_at(800);
    assert!(
        first.iter().all(|y| [0.0, 2.0].contains(y)),
        "one key is seen"
    );
    assert!(second.iter().all(|y| *y == 0.0), "no key is seen");
    assert!(
        third.iter().all(|y| [0.0, 1.0, 2.0].contains(y)),
        "two keys are seen"
    );
    let mean = third.iter().sum::<f32>() / 800.0;
    assert!((mean - 1.0).abs() < 0.1, "{mean}");
    let grads = grad(&(q, v), |(q, v)| {
        q.scaled_dot_product_attention(q, v, options()).sum()
    });
    assert!(grads.0.to_vec().iter().all(|g| g.is_finite()));
    assert!(grads.1.to_vec().iter().any(|g| *g > 0.0));
}
