//! `#[elementwise]` and `fuse!`: functions that a user writes.

use volta::dtype::Int;
use volta::prelude::*;

/// `x + sin(a x)^2 / a` (Ziyin et al., 2020).
#[elementwise]
pub fn snake(x: Float, #[default(1.0)] a: f64) -> Float {
    let s = sin(a * x);
    x + s * s / a
}

/// A gate, of three inputs.
#[elementwise]
fn gate(x: Float, y: Float, z: Float) -> Float {
    let open = sigmoid(z);
    open * x + (1.0 - open) * y
}

/// Calls another function of the user's, by its path.
#[elementwise]
fn twice(x: Float) -> Float {
    self::snake(self::snake(x, 2.0), 0.5)
}

/// Of every number.
#[elementwise]
fn triple(x: Num) -> Num {
    x + x + x
}

/// Of whole numbers.
#[elementwise]
fn low_bits(x: Int, mask: Int) -> Int {
    x & mask
}

/// Two outputs.
#[elementwise]
fn polar(a: Float, b: Float) -> (Float, Float) {
    (hypot(a, b), atan2(b, a))
}

/// Says yes or no.
#[elementwise]
fn outside(x: Float, #[default(1.0)] limit: f64) -> bool {
    x < -limit || limit < x
}

/// The derivative by the first input is another than the function's: a straight-through estimator.
#[elementwise]
#[derivative(x = 1.0)]
fn quantise(x: Float, step: f64) -> Float {
    round(x / step) * step
}

fn assert_close(got: &[f32], want: &[f64]) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        let off = (f64::from(*got) - want).abs();
        assert!(off <= 1e-6 * want.abs().max(1.0), "{got}, not {want}");
    }
}

#[test]
fn a_function_has_a_value_and_a_gradient() {
    let x: Tensor<s![3]> = Tensor::from_array([-1.0, 0.5, 2.0]);
    let want = |x: f64| x + (0.7 * x).sin().powi(2) / 0.7;
    assert_close(&snake(&x, 0.7).to_vec(), &[-1.0, 0.5, 2.0].map(want));
    let x: Tensor<s![2, 5], f64> = Tensor::randn(&mut Rng::seed(1));
    gradcheck(&x, |x| snake(x, 0.7)).unwrap();
    gradcheck(&x, twice).unwrap();
    let h: Tensor<s![3], f16> = Tensor::from_array([1.0, 2.0, 3.0]).cast();
    assert_eq!(triple(&h).cast::<f32>().to_vec(), [3.0, 6.0, 9.0]);
}

#[test]
fn inputs_broadcast() {
    let mut rng = Rng::seed(2);
    let x: Tensor<s![2, 3], f64> = Tensor::randn(&mut rng);
    let y: Tensor<s![3], f64> = Tensor::randn(&mut rng);
    let z: Tensor<s![2, *], f64> = Tensor::randn(&mut rng);
    let out: Tensor<s![2, 3], f64> = gate(&x, &y, &z);
    let (x_, y_, z_) = (x.to_vec(), y.to_vec(), z.to_vec());
    for (i, got) in out.to_vec().into_iter().enumerate() {
        let open = 1.0 / (1.0 + (-z_[i / 3]).exp());
        let want = open * x_[i] + (1.0 - open) * y_[i % 3];
        assert!((got - want).abs() < 1e-12, "{got}, not {want}");
    }
    gradcheck(&(x, y, z), |(x, y, z)| gate(x, y, z)).unwrap();
}

#[test]
fn whole_numbers_have_functions_too() {
    let x: Tensor<s![4], i64> = Tensor::from_array([-1, 5, 6, i64::MAX]);
    assert_eq!(triple(&x).to_vec(), [-3, 15, 18, i64::MAX - 2]);
    let mask: Tensor<(), i64> = Tensor::from_scalar(3);
    assert_eq!(low_bits(&x, &mask).to_vec(), [3, 1, 2, 3]);
    fn generic<E: Int>(x: &Tensor<s![4], E>) -> Tensor<s![4], E> {
        low_bits(x, x)
    }
    assert_eq!(generic(&x).to_vec(), x.to_vec());
}

#[test]
fn several_outputs() {
    let a: Tensor<s![2]> = Tensor::from_array([3.0, -1.0]);
    let b: Tensor<s![2]> = Tensor::from_array([4.0, 0.0]);
    let (length, angle) = polar(&a, &b);
    assert_close(&length.to_vec(), &[5.0, 1.0]);
    assert_close(&angle.to_vec(), &[4f64.atan2(3.0), std::f64::consts::PI]);
    let mut rng = Rng::seed(3);
    let a: Tensor<s![4], f64> = Tensor::randn(&mut rng);
    let b: Tensor<s![3, *], f64> = Tensor::randn(&mut rng);
    gradcheck(&(a, b), |(a, b)| {
        let (length, angle) = polar(a, b);
        length * 2.0 + angle
    })
    .unwrap();
}

#[test]
fn conditions_come_out_as_bool() {
    let x: Tensor<s![3]> = Tensor::from_array([-2.0, 0.0, 1.5]);
    assert_eq!(outside(&x, 1.0).to_vec(), [true, false, true]);
    assert_eq!(outside(&x, 1.75).to_vec(), [true, false, false]);
}

#[test]
fn a_derivative_can_be_another() {
    let x: Tensor<s![2]> = Tensor::from_array([0.3, 1.9]);
    assert_close(&quantise(&x, 0.5).to_vec(), &[0.5, 2.0]);
    let slope = grad(&x, |x| (quantise(x, 0.5) * 3.0).sum());
    assert_eq!(slope.to_vec(), [3.0, 3.0]);
}

#[test]
fn a_function_is_a_layer() {
    let x: Tensor<s![2]> = Tensor::from_array([-1.0, 2.0]);
    assert_eq!(LeakyRelu::default().forward(&x).to_vec(), [-0.01, 2.0]);
    let steep = LeakyRelu {
        negative_slope: 0.5,
    };
    assert_eq!((steep, Relu).forward(&x).to_vec(), [0.0, 2.0]);
}

#[test]
fn fused_chains_are_their_parts() {
    let mut rng = Rng::seed(4);
    let x: Tensor<s![3, 7], f64> = Tensor::randn(&mut rng);
    let w: Tensor<s![7], f64> = Tensor::randn(&mut rng);
    let b: Tensor<s![3, *], f64> = Tensor::randn(&mut rng);
    let fused = fuse!(|x, w, b| relu(x * w + b));
    assert_eq!(fused.to_vec(), (&x * &w + &b).relu().to_vec());
    gradcheck(&(x, w, b), |(x, w, b)| {
        fuse!(|x, w, b| tanh(x * w + b) * sigmoid(x))
    })
    .unwrap();
}

#[test]
fn fuse_takes_numbers_from_the_scope() {
    struct Settings {
        scale: f32,
    }
    let settings = Settings { scale: 3.0 };
    let shift = 2_usize;
    let x: Tensor<s![2]> = Tensor::from_array([1.0, -1.0]);
    let y = fuse!(|x| settings.scale * x + shift);
    assert_eq!(y.to_vec(), [5.0, -1.0]);
    let x = &x;
    let (up, down) = fuse!(|x| {
        let moved = shift * x;
        (moved + 1.0, moved - 1.0)
    });
    assert_eq!(up.to_vec(), [3.0, -1.0]);
    assert_eq!(down.to_vec(), [1.0, -3.0]);
}

#[test]
fn fuse_of_whole_numbers() {
    let x: Tensor<s![2], i32> = Tensor::from_array([1, -7]);
    assert_eq!(fuse!(|x| x * x - 2 * x).to_vec(), [-1, 63]);
}

#[test]
fn fuse_writes_in_place() {
    let momentum = 0.5;
    let mut x: Tensor<s![2, 2]> = Tensor::from_array([[1.0, 2.0], [3.0, 4.0]]);
    let mut v: Tensor<s![2, 2]> = Tensor::ones();
    let g: Tensor<s![2]> = Tensor::from_array([1.0, -1.0]);
    let kept = x.clone();
    for _ in 0..2 {
        fuse!(|&mut x, &mut v, g| {
            v = momentum * v + g;
            x -= 0.5 * v;
        });
    }
    assert_eq!(v.to_vec(), [1.75, -1.25, 1.75, -1.25]);
    assert_eq!(x.to_vec(), [-0.625, 2.875, 1.375, 4.875]);
    assert_eq!(kept.to_vec(), [1.0, 2.0, 3.0, 4.0], "a clone is left alone");
    let step = fuse!(|&mut x, v| {
        x += v;
        0.5 * x
    });
    assert_eq!(step.to_vec(), (&x * 0.5).to_vec());
    // A transposed target is written in its own order.
    let mut t = kept.transpose::<0, 1>();
    fuse!(|&mut t, g| t *= g);
    assert_eq!(t.to_vec(), [1.0, -3.0, 2.0, -4.0]);
    let mut h: Tensor<s![40], f16> = Tensor::ones();
    fuse!(|&mut h| h += h);
    assert_eq!(h.cast::<f32>().to_vec(), [2.0; 40]);
}

#[test]
fn in_place_on_the_tape_is_differentiated() {
    let x: Tensor<s![3], f64> = Tensor::randn(&mut Rng::seed(5));
    gradcheck(&x, |x| {
        let mut y = x.exp();
        fuse!(|&mut y, x| y *= x);
        y
    })
    .unwrap();
}

#[test]
fn a_fused_function_has_a_second_derivative() {
    let x: Tensor<(), f64> = Tensor::from_scalar(0.7);
    let slope = |x: &Tensor<(), f64>| grad(x, |x| fuse!(|x| x * tanh(x)));
    let curvature = grad(&x, |x| grad(x, |x| fuse!(|x| x * tanh(x))));
    let h = 1e-5;
    let near = |by: f64| slope(&(&x + by)).item();
    let want = (near(h) - near(-h)) / (2.0 * h);
    assert!((curvature.item() - want).abs() < 1e-8);
}

/// Around the blocks, tiles, strips and pieces of kernels, and where threads share the work.
#[test]
fn in_place_is_the_same_at_every_size() {
    for n in [0, 1, 31, 33, 255, 257, 513, 1000, 16_385, 300_001] {
        let numbers = |by: f32| (0..n).map(|i| (i as f32 * by).sin()).collect();
        let [x, v, g] = [0.1, 0.2, 0.3].map(|by| {
            Tensor::<s![Dyn]>::from_vec_with((Dyn(n),), numbers(by)).expect("as many as there are")
        });
        let by = &g.mean_keep::<0>();
        let (mut one, mut left, mut right) = (x.square(), x.square(), v.exp());
        let (kept, before) = (one.clone(), right.clone());
        fuse!(|&mut one, g| one = one * g + 1.0);
        assert_eq!(one.to_vec(), (&kept * &g + 1.0).to_vec(), "{n} elements");
        // Unshared now, and with an operand that is repeated.
        let last = one.to_vec();
        fuse!(|&mut one, by| one -= by);
        let by = by.to_vec()[0];
        let want: Vec<f32> = last.iter().map(|x| x - by).collect();
        assert_eq!(one.to_vec(), want, "{n} elements, one of them repeated");
        fuse!(|&mut left, &mut right, g| {
            right = right + g;
            left = left * right;
        });
        let sum = &before + &g;
        assert_eq!(right.to_vec(), sum.to_vec(), "{n} elements, two outputs");
        assert_eq!(
            left.to_vec(),
            (&kept * &sum).to_vec(),
            "{n} elements, two outputs"
        );
    }
}

#[test]
#[should_panic(expected = "inputs of the function")]
fn in_place_asks_for_every_input() {
    let x: Tensor<s![3]> = Tensor::ones();
    let mut target = x.prim().clone();
    Cpu::map_in_place(volta::ops::elementwise::Add, &mut [&mut target], &[]);
}
