//! Images of other sizes against loops.

use volta::prelude::*;

use crate::support::{Array, Case, Check, Input, Target, View, case, for_every_device, on, read};

for_every_device! {
    nearest
    bilinear
    what_is_not_finite_stays_where_it_is
}

macro_rules! methods {
    ($($Name:ident |$x:ident| $body:expr;)*) => {$(
        case!($Name {} |x| {
            let &[n, c, h, w] = B::dims(&x[0]) else { unreachable!() };
            let shape = (Dyn(n), Dyn(c), Dyn(h), Dyn(w));
            let $x = Tensor::<_, E, B>::from_prim(shape, x[0].clone());
            $body.into_prim()
        });
    )*};
}

methods! {
    Nearest2x3 |x| x.upsample_nearest::<2, 3>();
    NearestTo5x2 |x| x.interpolate_nearest::<5, 2>();
    Bilinear2x3 |x| x.upsample_bilinear::<2, 3>();
    Bilinear2x1Corners |x| x.upsample_bilinear_as::<2, 1>(true);
    BilinearTo4x5 |x| x.interpolate_bilinear::<4, 5>(false);
    BilinearTo2x1Corners |x| x.interpolate_bilinear::<2, 1>(true);
}

fn check<T: Target, C: Case<f32> + Case<f64> + std::fmt::Debug>(
    device: &T,
    case: &C,
    dims: [usize; 4],
    sizes: [usize; 2],
    place: impl Fn(usize, usize, usize) -> f64,
) {
    for view in [View::Plain, View::Transposed, View::Narrowed] {
        for batch in [0, dims[0]] {
            let dims = [&[batch], &dims[1..]].concat();
            Check::new(case, case, vec![Input::new(&dims, view)])
                .forward(device, |x| {
                    let x = &x[0];
                    let out = [x.dims[0], x.dims[1], sizes[0], sizes[1]];
                    Array::from_fn(&out, |at| {
                        let h = place(x.dims[2], sizes[0], at[2]);
                        let w = place(x.dims[3], sizes[1], at[3]);
                        let pixel = |h: usize, w: usize| {
                            let (h, w) = (h.min(x.dims[2] - 1), w.min(x.dims[3] - 1));
                            x.at(&[at[0], at[1], h, w])
                        };
                        let (top, left) = (h as usize, w as usize);
                        let (down, right) = (h.fract(), w.fract());
                        (1.0 - down) * (1.0 - right) * pixel(top, left)
                            + (1.0 - down) * right * pixel(top, left + 1)
                            + down * (1.0 - right) * pixel(top + 1, left)
                            + down * right * pixel(top + 1, left + 1)
                    })
                })
                .gradients(device);
        }
    }
}

fn nearest<T: Target>(device: &T) {
    let place = |size: usize, len: usize, i: usize| (i * size / len) as f64;
    check(device, &Nearest2x3 {}, [2, 2, 2, 3], [4, 9], place);
    check(device, &NearestTo5x2 {}, [1, 2, 3, 4], [5, 2], place);
    let whole = on::<T, i32>(device, vec![1, -2], &[1, 1, 1, 2]);
    let whole: Tensor<s![1, 1, 1, 2], i32, T::Backend> = Tensor::from_prim((D, D, D, D), whole);
    let y = whole.upsample_nearest::<1, 2>();
    assert_eq!(read::<T::Backend, i32>(y.prim()), [1, 1, -2, -2]);
}

fn bilinear<T: Target>(device: &T) {
    let edges = |size: usize, len: usize, i: usize| {
        ((i as f64 + 0.5) * size as f64 / len as f64 - 0.5).max(0.0)
    };
    let corners = |size: usize, len: usize, i: usize| match len {
        1 => 0.0,
        _ => (size - 1) as f64 * i as f64 / (len - 1) as f64,
    };
    check(device, &Bilinear2x3 {}, [2, 1, 3, 2], [6, 6], edges);
    check(
        device,
        &Bilinear2x1Corners {},
        [1, 2, 3, 2],
        [6, 2],
        corners,
    );
    check(device, &BilinearTo4x5 {}, [1, 2, 3, 7], [4, 5], edges);
    check(
        device,
        &BilinearTo2x1Corners {},
        [1, 1, 3, 4],
        [2, 1],
        corners,
    );
}

/// An entry reaches those made of it, and no other.
fn what_is_not_finite_stays_where_it_is<T: Target>(device: &T) {
    let mut data = vec![1.0_f32; 36];
    data[0] = f32::INFINITY;
    let x = on::<T, f32>(device, data, &[1, 1, 6, 6]);
    let x: Tensor<s![1, 1, 6, 6], f32, T::Backend> = Tensor::from_prim((D, D, D, D), x);
    let far = |y: Vec<f32>| y[y.len() / 2..].iter().all(|y| (y - 1.0).abs() < 1e-6);
    assert!(far(x.upsample_bilinear::<2, 2>().to_vec()));
    assert!(far(x.interpolate_bilinear::<9, 9>(true).to_vec()));
    assert!(far(x.interpolate_nearest::<4, 4>().to_vec()));
    assert!(far(x.adaptive_avg_pool2d::<4, 4>().to_vec()));
}
