//! Convolution, pooling and resizing against PyTorch's values and gradients:
//! `tests/golden/convs.py` writes what is compared.

#[expect(dead_code, reason = "every case is there")]
#[path = "golden/compare.rs"]
mod compare;

use compare::Fixtures;
use volta::prelude::*;

/// Functions of tensors, in f32 and in f64.
macro_rules! cases {
    ($golden:expr; $($name:literal ($($x:ident: [$($dims:tt)*]),+) => $body:expr;)*) => {$(
        $golden.case($name, ($(Tensor::<s![$($dims)*], f32>::zeros(),)+), |($($x,)+)| $body);
        $golden.case($name, ($(Tensor::<s![$($dims)*], f64>::zeros(),)+), |($($x,)+)| $body);
    )*};
}

#[test]
fn convolutions() {
    let golden = Fixtures::open("convs", 1.0).only(&["conv1d/", "conv2d/", "conv3d/"]);
    cases! { golden;
        "conv1d/plain" (x: [2, 3, 9], w: [4, 3, 3]) => x.conv1d::<Window<3>, _, _, _>(w);
        "conv1d/all" (x: [2, 4, 14], w: [6, 2, 3]) =>
            x.conv1d::<Grouped<Window<3, 2, 2, 3>, 2>, _, _, _>(w);
        "conv1d/depthwise" (x: [1, 3, 8], w: [6, 1, 4]) =>
            x.conv1d::<Grouped<Window<4, 1, 1>, 3>, _, _, _>(w);
        "conv1d/rest" (x: [1, 2, 10], w: [2, 2, 3]) => x.conv1d::<Window<3, 4>, _, _, _>(w);
        "conv2d/grouped" (x: [2, 4, 5, 6], w: [6, 2, 3, 2]) =>
            x.conv2d::<Grouped<(Window<3>, Window<2>), 2>, _, _, _>(w);
        "conv2d/depthwise" (x: [2, 3, 6, 5], w: [3, 1, 3, 3]) =>
            x.conv2d::<Grouped<Window<3, 1, 1>, 3>, _, _, _>(w);
        "conv2d/multiplied" (x: [1, 2, 7, 6], w: [6, 1, 2, 3]) =>
            x.conv2d::<Grouped<(Window<2, 2>, Window<3>), 2>, _, _, _>(w);
        "conv2d/all" (x: [1, 4, 7, 8], w: [4, 2, 2, 3]) =>
            x.conv2d::<Grouped<(Window<2, 3, 1, 2>, Window<3, 2, 2>), 2>, _, _, _>(w);
        "conv3d/plain" (x: [1, 2, 4, 5, 4], w: [3, 2, 2, 3, 2]) =>
            x.conv3d::<(Window<2>, Window<3>, Window<2>), _, _, _>(w);
        "conv3d/flat" (x: [2, 1, 3, 4, 4], w: [2, 1, 1, 3, 3]) =>
            x.conv3d::<(Window<1>, Window<3, 1, 1>, Window<3, 1, 1>), _, _, _>(w);
        "conv3d/strided" (x: [1, 2, 6, 5, 5], w: [2, 2, 3, 2, 2]) =>
            x.conv3d::<(Window<3, 2, 1>, Window<2, 2>, Window<2, 1, 1>), _, _, _>(w);
        "conv3d/grouped" (x: [1, 4, 4, 3, 3], w: [4, 2, 2, 2, 2]) =>
            x.conv3d::<Grouped<Window<2>, 2>, _, _, _>(w);
        "conv3d/all" (x: [1, 2, 7, 5, 6], w: [2, 1, 2, 3, 2]) => x.conv3d::<
            Grouped<(Window<2, 2, 1, 3>, Window<3, 1, 2>, Window<2, 3, 0, 2>), 2>, _, _, _
        >(w);
        "conv3d/far_strided" (x: [1, 1, 8, 3, 3], w: [1, 1, 2, 2, 2]) =>
            x.conv3d::<(Window<2, 3>, Window<2>, Window<2>), _, _, _>(w);
    }
    golden.finish();
}

#[test]
fn transposed_convolutions() {
    let golden = Fixtures::open("convs", 1.0).only(&["conv_transpose"]);
    type Pad<W, const P: usize> = OutputPad<W, P>;
    cases! { golden;
        "conv_transpose1d/plain" (x: [2, 3, 5], w: [3, 4, 3]) =>
            x.conv_transpose1d::<Window<3>, _, _, _>(w);
        "conv_transpose1d/strided" (x: [2, 2, 4], w: [2, 3, 4]) =>
            x.conv_transpose1d::<Window<4, 2, 1>, _, _, _>(w);
        "conv_transpose1d/longer" (x: [1, 3, 4], w: [3, 2, 3]) =>
            x.conv_transpose1d::<Pad<Window<3, 3, 1>, 2>, _, _, _>(w);
        "conv_transpose1d/all" (x: [1, 4, 5], w: [4, 3, 3]) =>
            x.conv_transpose1d::<Grouped<Pad<Window<3, 2, 2, 2>, 1>, 2>, _, _, _>(w);
        "conv_transpose2d/plain" (x: [2, 3, 4, 3], w: [3, 2, 2, 3]) =>
            x.conv_transpose2d::<(Window<2>, Window<3>), _, _, _>(w);
        "conv_transpose2d/doubled" (x: [1, 2, 3, 4], w: [2, 3, 4, 4]) =>
            x.conv_transpose2d::<Window<4, 2, 1>, _, _, _>(w);
        "conv_transpose2d/longer" (x: [2, 2, 3, 2], w: [2, 3, 3, 3]) =>
            x.conv_transpose2d::<Pad<Window<3, 2, 1>, 1>, _, _, _>(w);
        "conv_transpose2d/longer_high" (x: [1, 2, 3, 4], w: [2, 2, 3, 2]) =>
            x.conv_transpose2d::<(Pad<Window<3, 3, 1>, 2>, Window<2, 2>), _, _, _>(w);
        "conv_transpose2d/dilated" (x: [1, 2, 4, 3], w: [2, 3, 3, 2]) =>
            x.conv_transpose2d::<(Window<3, 1, 2, 2>, Window<2, 1, 1, 3>), _, _, _>(w);
        "conv_transpose2d/dilated_longer" (x: [1, 2, 3, 3], w: [2, 2, 2, 2]) =>
            x.conv_transpose2d::<Pad<Window<2, 1, 0, 3>, 2>, _, _, _>(w);
        "conv_transpose2d/grouped" (x: [1, 4, 3, 4], w: [4, 3, 2, 3]) =>
            x.conv_transpose2d::<Grouped<(Window<2, 2>, Window<3>), 2>, _, _, _>(w);
        "conv_transpose2d/depthwise" (x: [1, 3, 3, 3], w: [3, 1, 3, 3]) =>
            x.conv_transpose2d::<Grouped<Window<3, 2>, 3>, _, _, _>(w);
    }
    golden.finish();
}

#[test]
fn pooling() {
    let golden = Fixtures::open("resampling", 0.1).only(&["max_pool", "avg_pool", "adaptive"]);
    cases! { golden;
        "max_pool1d/halves" (x: [1, 2, 11]) => x.max_pool1d::<Window<2, 2>>();
        "max_pool1d/padded" (x: [1, 2, 11]) => x.max_pool1d::<Window<3, 2, 1>>();
        "max_pool1d/overlapping" (x: [1, 2, 11]) => x.max_pool1d::<Window<3>>();
        "avg_pool1d/halves" (x: [1, 2, 11]) => x.avg_pool1d::<Window<2, 2>>();
        "avg_pool1d/padded" (x: [1, 2, 11]) => x.avg_pool1d::<Window<3, 2, 1>>();
        "avg_pool1d/overlapping" (x: [1, 2, 11]) => x.avg_pool1d::<Window<3>>();
        "avg_pool1d_inside/halves" (x: [1, 2, 11]) => x.avg_pool1d_inside::<Window<2, 2>>();
        "avg_pool1d_inside/padded" (x: [1, 2, 11]) => x.avg_pool1d_inside::<Window<3, 2, 1>>();
        "avg_pool1d_inside/overlapping" (x: [1, 2, 11]) => x.avg_pool1d_inside::<Window<3>>();
        "avg_pool2d/special" (x: [1, 1, 5, 4]) => x.avg_pool2d::<Window<2>>();
        "adaptive_avg_pool2d/special" (x: [1, 1, 5, 4]) => x.adaptive_avg_pool2d::<3, 3>();
        "adaptive_avg_pool2d/1x1" (x: [1, 2, 7, 6]) => x.adaptive_avg_pool2d::<1, 1>();
        "adaptive_avg_pool2d/7x3" (x: [1, 2, 7, 6]) => x.adaptive_avg_pool2d::<7, 3>();
        "adaptive_avg_pool2d/3x2" (x: [1, 2, 7, 6]) => x.adaptive_avg_pool2d::<3, 2>();
        "adaptive_avg_pool2d/4x5" (x: [1, 2, 7, 6]) => x.adaptive_avg_pool2d::<4, 5>();
        "adaptive_avg_pool2d/9x8" (x: [1, 2, 7, 6]) => x.adaptive_avg_pool2d::<9, 8>();
        "adaptive_avg_pool1d/1" (x: [1, 2, 11]) => x.adaptive_avg_pool1d::<1>();
        "adaptive_avg_pool1d/4" (x: [1, 2, 11]) => x.adaptive_avg_pool1d::<4>();
        "adaptive_avg_pool1d/11" (x: [1, 2, 11]) => x.adaptive_avg_pool1d::<11>();
        "adaptive_avg_pool1d/18" (x: [1, 2, 11]) => x.adaptive_avg_pool1d::<18>();
        "adaptive_avg_pool1d/13" (x: [1, 2, 11]) => x.adaptive_avg_pool1d::<13>();
    }
    macro_rules! windows {
        ($($pooled:literal $inside:literal $W:ty;)*) => {
            cases! { golden; $(
                $pooled (x: [1, 2, 7, 6]) => x.avg_pool2d::<$W>();
                $inside (x: [1, 2, 7, 6]) => x.avg_pool2d_inside::<$W>();
            )* }
        };
    }
    windows! {
        "avg_pool2d/halves" "avg_pool2d_inside/halves" Window<2, 2>;
        "avg_pool2d/overlapping" "avg_pool2d_inside/overlapping" Window<3>;
        "avg_pool2d/padded" "avg_pool2d_inside/padded" Window<3, 2, 1>;
        "avg_pool2d/uneven" "avg_pool2d_inside/uneven" (Window<2, 1, 1>, Window<4, 3, 2>);
        "avg_pool2d/far_strided" "avg_pool2d_inside/far_strided" (Window<2, 4>, Window<2, 3, 1>);
        "avg_pool2d/whole" "avg_pool2d_inside/whole" (Window<7, 7>, Window<6, 6>);
    }
    golden.finish();
}

#[test]
fn resizing() {
    let golden = Fixtures::open("resampling", 0.1).only(&["nearest", "bilinear"]);
    macro_rules! factors {
        ($($fh:literal $fw:literal $nearest:literal $edges:literal $corners:literal;)*) => {
            cases! { golden; $(
                $nearest (x: [1, 2, 3, 4]) => x.upsample_nearest::<$fh, $fw>();
                $edges (x: [1, 2, 3, 4]) => x.upsample_bilinear::<$fh, $fw>();
                $corners (x: [1, 2, 3, 4]) => x.upsample_bilinear_as::<$fh, $fw>(true);
            )* }
        };
    }
    factors! {
        2 2 "nearest/2x2" "bilinear/2x2" "bilinear_corners/2x2";
        3 1 "nearest/3x1" "bilinear/3x1" "bilinear_corners/3x1";
        1 4 "nearest/1x4" "bilinear/1x4" "bilinear_corners/1x4";
    }
    macro_rules! sizes {
        ($($h:literal $w:literal $nearest:literal $edges:literal $corners:literal;)*) => {
            cases! { golden; $(
                $nearest (x: [1, 2, 3, 4]) => x.interpolate_nearest::<$h, $w>();
                $edges (x: [1, 2, 3, 4]) => x.interpolate_bilinear::<$h, $w>(false);
                $corners (x: [1, 2, 3, 4]) => x.interpolate_bilinear::<$h, $w>(true);
            )* }
        };
    }
    sizes! {
        5 7 "nearest/to_5x7" "bilinear/to_5x7" "bilinear_corners/to_5x7";
        2 3 "nearest/to_2x3" "bilinear/to_2x3" "bilinear_corners/to_2x3";
        1 1 "nearest/to_1x1" "bilinear/to_1x1" "bilinear_corners/to_1x1";
        6 2 "nearest/to_6x2" "bilinear/to_6x2" "bilinear_corners/to_6x2";
        3 4 "nearest/to_3x4" "bilinear/to_3x4" "bilinear_corners/to_3x4";
    }
    golden.finish();
}
