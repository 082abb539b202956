//! What is public of the backend refuses what its kernels, which do not look, could not take.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;
use crate::dtype::f16;
use crate::ops::elementwise as op;
use crate::ops::function::{Saves, Scalar, Test};
use crate::ops::scalar::Ordered;
use crate::ops::wgsl;

/// The message of a panic.
fn refused<T>(f: impl FnOnce() -> T) -> String {
    let payload = catch_unwind(AssertUnwindSafe(|| drop(f()))).expect_err("it is not refused");
    match payload.downcast_ref::<String>() {
        Some(text) => text.clone(),
        None => (*payload.downcast_ref::<&str>().expect("a message")).to_owned(),
    }
}

fn zeros<E: Dtype>(dims: &[usize]) -> Buffer<E> {
    Cpu::full(&Cpu, E::ZERO, dims)
}

/// One more than a square root of what can be counted: the product of two is small if it wraps.
const ROOT: usize = (1 << (usize::BITS / 2)) + 1;
const COUNT: &str = "more elements than there are";

#[test]
fn sizes_whose_product_wraps() {
    let column = zeros::<f32>(&[ROOT, 1]);
    let row = zeros::<f32>(&[1, ROOT]);
    let message = refused(|| Cpu::matmul(&column, &row));
    assert!(message.contains(COUNT), "{message}");
    let half = |dims: &[usize]| zeros::<f16>(dims);
    let message = refused(|| Cpu::matmul(&half(&[ROOT, 1]), &half(&[1, ROOT])));
    assert!(message.contains(COUNT), "{message}");

    let message = refused(|| Cpu::unfold(&zeros::<f32>(&[2 * ROOT]), 0, ROOT, 1));
    assert!(message.contains(COUNT), "{message}");
    let message = refused(|| Cpu::expand(&zeros::<f32>(&[ROOT]), &[ROOT, ROOT]));
    assert!(message.contains(COUNT), "{message}");
    let message = refused(|| Cpu::from_vec(&Cpu, Vec::<u8>::new(), &[1 << 32, 1 << 32]));
    assert!(message.contains(COUNT), "{message}");
    let message = refused(|| Cpu::from_vec(&Cpu, vec![0_u8; 2], &[ROOT, ROOT]));
    assert!(message.contains(COUNT), "{message}");
    let message = refused(|| Cpu::pad(&zeros::<f32>(&[ROOT, 0]), 1, ROOT, 0));
    assert!(message.contains(COUNT), "{message}");
    let index = zeros::<i64>(&[1, 1]);
    let source = zeros::<f32>(&[1, 1]);
    let message = refused(|| Cpu::scatter_add(&[ROOT, ROOT], 0, &index, &source));
    assert!(message.contains(COUNT), "{message}");
}

#[test]
fn convolutions_of_sizes_that_wrap() {
    let options = Conv2dOptions {
        stride: [1, 1],
        padding: [0, 0],
        dilation: [1, 1],
        groups: 1,
    };
    let image = zeros::<f32>(&[1, 1, 1, 1]);
    // An output of `ROOT` by `ROOT`.
    let wide = Conv2dOptions {
        padding: [ROOT / 2, ROOT / 2],
        ..options
    };
    let message = refused(|| Cpu::conv2d(&image, &image, wide));
    assert!(message.contains(COUNT), "{message}");
    let beyond = Conv2dOptions {
        padding: [usize::MAX / 2 + 1, 0],
        ..options
    };
    let message = refused(|| Cpu::conv2d(&image, &image, beyond));
    assert!(message.contains("does not fit"), "{message}");
    let dilated = Conv2dOptions {
        dilation: [usize::MAX, 1],
        ..options
    };
    let two = zeros::<f32>(&[1, 1, 3, 1]);
    let message = refused(|| Cpu::conv2d(&two, &two, dilated));
    assert!(message.contains("does not fit"), "{message}");
    let stuck = Conv2dOptions {
        stride: [0, 1],
        ..options
    };
    let message = refused(|| Cpu::conv2d(&image, &image, stuck));
    assert!(message.contains("does not fit"), "{message}");
    // A weight whose elements wrap, and an input that it seems to fit.
    let grouped = Conv2dOptions {
        groups: 1 << 32,
        ..options
    };
    let (x, w) = (zeros::<f32>(&[0, 0, 1, 1]), [1 << 32, 1 << 32, 1, 1]);
    let message = refused(|| Cpu::conv2d_weight_grad(&x, &zeros(&[0, 1 << 32, 1, 1]), grouped, &w));
    assert!(message.contains("in 4294967296 groups"), "{message}");
}

#[test]
fn pooling_windows_that_do_not_fit() {
    let x = zeros::<f32>(&[1, 1, 4, 4]);
    let window = |kernel: usize, stride: usize| Pool2dOptions {
        kernel: [kernel; 2],
        stride: [stride; 2],
        padding: [0, 0],
        dilation: [1, 1],
    };
    for options in [window(5, 2), window(5, 1), window(0, 1), window(2, 0)] {
        let message = refused(|| Cpu::max_pool2d(&x, options));
        assert!(message.contains("does not fit"), "{message}");
    }
}

#[test]
fn operands_of_unequal_sizes() {
    let (long, short) = (zeros::<f32>(&[1000]), zeros::<f32>(&[2]));
    let mask = zeros::<bool>(&[1000]);
    for (yes, no) in [(&long, &short), (&short, &long)] {
        let message = refused(|| Cpu::select(&mask, yes, no));
        assert!(message.contains("select of"), "{message}");
    }
    for x in [[&long, &short], [&short, &long]] {
        let message = refused(|| Cpu::map(op::Add, x));
        assert!(message.contains("unequal sizes"), "{message}");
    }
    let message = refused(|| Cpu::softmax_vjp(&long, &short, 0));
    assert!(message.contains("other sizes"), "{message}");
    let message = refused(|| Cpu::matmul(&long, &long));
    assert!(message.contains("matmul of"), "{message}");
}

#[test]
fn a_primitive_of_other_sizes_than_the_type() {
    let x = zeros::<f32>(&[3, 2]);
    let message = refused(|| crate::Tensor::<crate::s![2, 3]>::from_prim(Default::default(), x));
    assert_eq!(
        message,
        "from_prim: a primitive of sizes [3, 2] for the shape [2, 3]"
    );
}

#[test]
fn more_of_the_first_than_there_are() {
    let message = refused(|| Cpu::top(&zeros::<f32>(&[3, 4]), 1, 5, true));
    assert!(message.contains("the first 5 along axis 1"), "{message}");
}

/// The input itself.
struct Same;

impl<T: Copy + 'static> Scalar<T, 1> for Same {
    fn value(x: [T; 1], _: &[T]) -> [T; 1] {
        x
    }
    fn partial(_: usize, _: usize, _: [T; 1], y: T, _: &[T]) -> T {
        y
    }
}

impl<T: Copy + Ordered> Test<T, 1> for Same {
    fn test([x]: [T; 1], _: &[T]) -> T::Mask {
        x.le(&x)
    }
}

/// A function of `f32` whose kernels are others: the traits are open to all.
#[derive(Clone, Copy)]
struct Liar<const LIE: usize>;

fn lie(which: usize) -> RawKernel {
    match which {
        0 => RawKernel::value::<Same, f64, 1, 1>(),
        1 => RawKernel::test::<Same, f32, 1>(),
        2 => RawKernel::vjp::<Same, f32, 1, 1, 0, 0>(Saves::Nothing),
        3 => RawKernel::value::<Same, f32, 1, 1>(),
        _ => RawKernel::vjp::<Same, f64, 1, 1, 0, 0>(Saves::Nothing),
    }
}

impl<const LIE: usize> Elementwise<f32, 1> for Liar<LIE> {
    const NAME: &'static str = "liar";
    const SAVES: Saves = Saves::Nothing;

    fn kernel() -> RawKernel {
        lie(LIE)
    }
    fn vjp_kernel(_: usize, _: usize) -> RawKernel {
        lie(LIE)
    }
    fn wgsl() -> wgsl::Function {
        unreachable!("on the CPU")
    }
    fn vjp_wgsl(_: usize, _: usize) -> wgsl::Function {
        unreachable!("on the CPU")
    }
    fn composed_vjp<B: Backend>(
        &self,
        _: usize,
        _: usize,
        _: [&B::Prim<f32>; 1],
        _: &B::Prim<f32>,
        _: &B::Prim<f32>,
    ) -> B::Prim<f32> {
        unreachable!("differentiated once")
    }
}

impl<const LIE: usize> Predicate<f32, 1> for Liar<LIE> {
    const NAME: &'static str = "liar";

    fn kernel() -> RawKernel {
        lie(LIE)
    }
    fn wgsl() -> wgsl::Function {
        unreachable!("on the CPU")
    }
}

#[test]
fn kernels_of_other_elements_and_of_other_roles() {
    let x = zeros::<f32>(&[100]);
    let mut copy = x.clone();
    let mut messages = Vec::new();
    messages.push(refused(|| Cpu::map(Liar::<0>, [&x])));
    messages.push(refused(|| Cpu::map(Liar::<1>, [&x])));
    messages.push(refused(|| Cpu::map(Liar::<2>, [&x])));
    messages.push(refused(|| {
        Cpu::map_in_place(Liar::<0>, &mut [&mut copy], &[])
    }));
    messages.push(refused(|| Cpu::test(Liar::<0>, [&x])));
    messages.push(refused(|| Cpu::test(Liar::<3>, [&x])));
    messages.push(refused(|| Cpu::map_vjp(Liar::<3>, 0, 0, [&x], &x, &x)));
    messages.push(refused(|| Cpu::map_vjp(Liar::<4>, 0, 0, [&x], &x, &x)));
    for message in messages {
        assert!(message.contains("another kernel"), "{message}");
    }
    // Those that they say they are.
    let read = |x: &Buffer<f32>| Cpu::read(x).expect("the CPU");
    assert_eq!(read(&Cpu::map(Liar::<3>, [&x])), [0.0; 100]);
    assert_eq!(Cpu::test(Liar::<1>, [&x]).raw(), [true; 100]);
    assert_eq!(
        read(&Cpu::map_vjp(Liar::<2>, 0, 0, [&x], &x, &x)),
        [0.0; 100]
    );
}

#[test]
fn memory_that_the_system_has_not() {
    let x = zeros::<f32>(&[1 << 58]);
    let before = memory_stats();
    // No other test allocates as much.
    let message = refused(|| Cpu::map(op::Exp, [&x]));
    assert_eq!(
        message,
        format!("a tensor of {} bytes: out of memory", 1_u64 << 60)
    );
    let after = memory_stats();
    // Other tests use some.
    assert!(after.in_use < before.in_use + (1 << 50));
    assert_eq!(
        Cpu::read(&Cpu::map(op::Exp, [&zeros::<f32>(&[2])])).ok(),
        Some(vec![1.0; 2])
    );
}

/// Short rows and single elements that repeat themselves, over several pieces of work and with an
/// axis around; whole numbers, so that every sum is exact.
#[test]
fn what_repeats_itself_is_added_everywhere() {
    let numbers = |dims: &[usize], step: f32| {
        let len = dims.iter().product();
        let values: Vec<f32> = (0..len).map(|at| (at % 1000) as f32 * step).collect();
        (Cpu::from_vec(&Cpu, values.clone(), dims), values)
    };
    for [around, rows, columns] in [
        [1, 7, 10],
        [1, 1, 5],
        [3, 9000, 3],
        [2, 200, 511],
        [2, 200, 513],
        [1, 140_000, 1],
        [5, 1, 40],
        [2, 0, 3],
    ] {
        let dims = [around, rows, columns];
        let (x, plain) = numbers(&dims, 1.0);
        for (sizes, step) in [
            ([around, 1, columns], [columns, 0, 1]),
            ([1, 1, columns], [0, 0, 1]),
            ([around, rows, 1], [rows, 1, 0]),
            ([around, 1, 1], [1, 0, 0]),
            ([1, 1, 1], [0, 0, 0]),
        ] {
            let (y, some) = numbers(&sizes, 0.5);
            let y = Cpu::expand(&y, &dims);
            let want: Vec<f32> = (0..plain.len())
                .map(|at| {
                    let place = [at / (rows * columns), at / columns % rows, at % columns];
                    plain[at] + some[(0..3).map(|axis| place[axis] * step[axis]).sum::<usize>()]
                })
                .collect();
            for (a, b) in [(&x, &y), (&y, &x)] {
                let sum = Cpu::map(op::Add, [a, b]);
                let got = sum.as_slice().expect("contiguous");
                assert!(got == want, "{sizes:?} over {dims:?}");
            }
        }
    }
}

/// Long enough to go past the caches, and no whole number of anything.
#[test]
fn an_output_that_no_cache_holds_is_whole() {
    let len = (1 << 23) + 77;
    let x: Vec<i32> = (0..len).collect();
    let y = Cpu::from_vec(&Cpu, vec![3; x.len()], &[x.len()]);
    let sum = Cpu::map(op::Add, [&Cpu::from_vec(&Cpu, x, &[y.dims()[0]]), &y]);
    let sum = sum.as_slice().expect("contiguous");
    assert!(sum.iter().zip(3..).all(|(got, want)| *got == want));
}
