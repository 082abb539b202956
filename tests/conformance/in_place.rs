//! Methods whose result takes the place of the tensor.

use volta::prelude::*;

use crate::support::{Target, for_every_device, panics};

for_every_device! {
    results_are_those_of_the_op
    others_do_not_see_it
    views_of_shared_elements_are_copied
    gradients_are_those_of_the_op
    broadcasting_into_the_tensor
}

fn numbers<T: Target>(device: &T) -> Tensor<s![2, 3], f32, T::Backend> {
    let x: Tensor<s![2, 3]> = Tensor::from_array([[-2.0, -0.5, 0.0], [0.5, 2.0, 7.0]]);
    x.to(device).expect("moved")
}

fn results_are_those_of_the_op<T: Target>(device: &T) {
    let x = numbers(device);
    macro_rules! same {
        ($($written:ident $method:ident ($($argument:expr),*))*) => { $({
            let mut y = x.clone();
            let _: &mut Tensor<s![2, 3], f32, T::Backend> = y.$written($($argument),*);
            assert_eq!(y.to_vec(), x.$method($($argument),*).to_vec(), stringify!($method));
        })* };
    }
    let other = &x.exp();
    same! {
        relu_ relu()
        exp_ exp()
        silu_ silu()
        abs_ abs()
        square_ square()
        floor_ floor()
        leaky_relu_ leaky_relu(0.1)
        hardtanh_ hardtanh(-1.0, 1.0)
        clamp_ clamp(-1.0, 1.5)
        maximum_ maximum(other)
        hypot_ hypot(other)
        atan2_ atan2(other)
        lerp_ lerp(other, other)
        addcmul_ addcmul(other, other, 0.5)
    }
    let mut y = other.clone();
    y.powf_(2.0).log_().neg_();
    assert_eq!(
        y.to_vec(),
        other
            .powf(2.0)
            .log()
            .map(volta::ops::elementwise::Neg)
            .to_vec()
    );
    let mut y = x.clone();
    y.add_(other)
        .mul_(other)
        .sub_(&x)
        .div_(other)
        .remainder_(other);
    assert_eq!(
        y.to_vec(),
        ((((&x + other) * other - &x) / other) % other).to_vec()
    );
    y.fill_(3.0);
    assert_eq!(y.to_vec(), [3.0; 6]);
    y.add_(&x).zero_();
    assert_eq!(y.to_vec(), [0.0; 6]);
    let whole: Tensor<s![3], i32> = Tensor::from_array([1, 2, 3]);
    let mut whole = whole.to(device).expect("moved");
    let odd = whole.clone();
    whole.bitwise_xor_(&odd).add_(&odd).mul_(&odd);
    assert_eq!(whole.to_vec(), [1, 4, 9]);
}

fn others_do_not_see_it<T: Target>(device: &T) {
    let mut x = numbers(device);
    let (kept, row, before) = (x.clone(), x.index_axis::<0>(1), x.to_vec());
    x.relu_().add_(&kept);
    x += 1.0;
    assert_eq!(
        (kept.to_vec(), row.to_vec()),
        (before.clone(), before[3..].to_vec())
    );
    assert_eq!(x.to_vec(), [-1.0, 0.5, 1.0, 2.0, 5.0, 15.0]);
    let mut part = row.narrow::<0, 0, 2>();
    part.fill_(9.0).square_();
    assert_eq!((part.to_vec(), kept.to_vec()), (vec![81.0; 2], before));
    // A number seen as many is one number for each place afterwards.
    let mut wide: Tensor<s![4, 2], f32, _> = part.expand();
    drop(part);
    let ramp: Tensor<s![8]> = Tensor::arange(0.0, 1.0);
    let ramp: Tensor<s![4, 2], f32, _> = ramp.to(device).expect("moved").reshape();
    wide.sub_(&ramp);
    assert_eq!(
        wide.to_vec(),
        [81.0, 80.0, 79.0, 78.0, 77.0, 76.0, 75.0, 74.0]
    );
}

/// Windows that overlap, with nobody else who sees the elements: written one after the other, each
/// would see what the one before left.
fn views_of_shared_elements_are_copied<T: Target>(device: &T) {
    let x: Tensor<s![5]> = Tensor::arange(0.0, 1.0);
    let mut windows: Tensor<s![3, 3], f32, _> = {
        let x = x.to(device).expect("moved");
        x.unfold::<0, 3, 1>()
    };
    let squares = windows.square();
    windows.add_(&squares);
    windows += 1.0;
    assert_eq!(
        windows.to_vec(),
        [1.0, 3.0, 7.0, 3.0, 7.0, 13.0, 7.0, 13.0, 21.0]
    );
    let mut alone: Tensor<s![3, 3], f32, _> = {
        let x = x.to(device).expect("moved");
        x.unfold::<0, 3, 1>()
    };
    alone.square_().neg_();
    assert_eq!(
        alone.to_vec(),
        [0.0, -1.0, -4.0, -1.0, -4.0, -9.0, -4.0, -9.0, -16.0]
    );
    let mut diagonal: Tensor<s![2], f32, _> = numbers(device).diagonal();
    let other = diagonal.clone();
    diagonal.add_(&other);
    assert_eq!(diagonal.to_vec(), [-4.0, 4.0]);
    // Windows that do not overlap are the elements in another shape.
    let mut apart: Tensor<s![2, 2], f32, _> = {
        let x = x.to(device).expect("moved");
        x.narrow::<0, 0, 4>().unfold::<0, 2, 2>()
    };
    apart += 1.0;
    assert_eq!(apart.to_vec(), [1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn unshared_memory_is_written_where_it_is() {
    let mut x = numbers(&Cpu);
    let at = x.as_slice().expect("in order").as_ptr();
    x.relu_().mul_(&numbers(&Cpu)).clamp_(0.0, 3.0);
    x += &numbers(&Cpu);
    x *= 2.0;
    assert_eq!(x.as_slice().expect("in order").as_ptr(), at);
    assert_eq!(x.to_vec(), [-4.0, -1.0, 0.0, 1.5, 10.0, 20.0]);
    let mut windows: Tensor<s![2, 2]> = {
        let x: Tensor<s![3]> = Tensor::ones();
        (&x + 1.0).unfold::<0, 2, 1>()
    };
    windows[[0, 1]] = 7.0;
    assert_eq!(
        windows.to_vec(),
        [2.0, 7.0, 2.0, 2.0],
        "the copy has an element for each place"
    );
}

fn gradients_are_those_of_the_op<T: Target>(device: &T) {
    let x = numbers(device);
    let w = &x.exp();
    let written = grad(&x, |x| {
        let mut y = x.clone();
        y.silu_().mul_(x).add_(w).square_();
        y += x;
        y.sum()
    });
    let plain = grad(&x, |x| ((x.silu() * x + w).square() + x).sum());
    assert_eq!(written.to_vec(), plain.to_vec());
    let filled = grad(&x, |x| {
        let mut y = x.clone();
        y.fill_(2.0).mul_(x);
        y.sum()
    });
    assert_eq!(filled.to_vec(), [2.0; 6]);
    let twice = grad(&x, |x| {
        grad(x, |x| {
            let mut y = x.clone();
            y.square_().mul_(x);
            y.sum()
        })
        .sum()
    });
    assert_eq!(twice.to_vec(), (&x * 6.0).to_vec());
}

fn broadcasting_into_the_tensor<T: Target>(device: &T) {
    let mut x = numbers(device);
    let row: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
    let row = row.to(device).expect("moved");
    let column = x.sum_keep::<1>();
    x.add_(&row).mul_(&column);
    assert_eq!(x.to_vec(), [2.5, -3.75, -7.5, 14.25, 38.0, 95.0]);
    let mut some: Tensor<s![Dyn, 3], f32, _> = x.loosen();
    let short = some.slice::<0>(0..1);
    let short: Tensor<s![Dyn, 3], f32, _> = short.loosen();
    assert_eq!(
        panics(|| {
            some.maximum_(&short);
        }),
        "maximum: axis 0 has 2 on the left and 1 on the right ((2, 3) and (1, 3))"
    );
}
