//! Scans, orders and indices against PyTorch's: `tests/golden/index.py` writes what is compared.

#[expect(dead_code, reason = "every case is there")]
#[path = "golden/compare.rs"]
mod compare;

use compare::{Fixtures, Here, moved};
use volta::prelude::*;

/// A function of tensors, in f32 and in f64.
macro_rules! case {
    ($golden:expr, $name:expr, ($($x:ident: $shape:ty),+) => $body:expr) => {{
        $golden.case($name, ($(Tensor::<$shape, f32>::zeros(),)+), |($($x,)+)| $body);
        $golden.case($name, ($(Tensor::<$shape, f64>::zeros(),)+), |($($x,)+)| $body);
    }};
}

/// The same with indices `i` that are not differentiated.
macro_rules! indexed {
    ($golden:expr, $name:expr, $i:ident: $index:ty, ($($x:ident: $shape:ty),+) => $body:expr) => {{
        let index = $golden.tensor(&format!("{}/target", $name), <$index>::SHAPE);
        let $i: &Tensor<$index, i64, Here> = &moved(&index);
        case!($golden, $name, ($($x: $shape),+) => $body);
    }};
}

/// Values and places of an op along an axis.
macro_rules! placed {
    ($golden:expr, $name:expr, $shape:ty, |$x:ident| $body:expr) => {{
        case!($golden, $name, ($x: $shape) => $body.0);
        let $x: Tensor<$shape> =
            $golden.tensor(&format!("{}/0", $name), <$shape as StaticShape>::SHAPE);
        let $x = moved(&$x);
        $golden.compare(&format!("{}/places", $name), &$body.1);
    }};
}

#[test]
fn axes_turned_around() {
    let golden = Fixtures::open("index", 0.1).only(&["flip", "roll"]);
    case!(golden, "flip/0", (x: s![2, 3, 4]) => x.flip::<0>());
    case!(golden, "flip/last", (x: s![2, 3, 4]) => x.flip::<-1>());
    case!(golden, "flip/0_last", (x: s![2, 3, 4]) => x.flip_axes::<axes![0, -1]>());
    case!(golden, "roll/1", (x: s![2, 3, 4]) => x.roll::<1>(1));
    case!(golden, "roll/back", (x: s![2, 3, 4]) => x.roll::<-1>(-3));
    case!(golden, "roll/around", (x: s![2, 3, 4]) => x.roll::<0>(5));
    golden.finish();
}

#[test]
fn scans() {
    let golden = Fixtures::open("index", 0.1).only(&["cum"]);
    macro_rules! along {
        ($($axis:literal)*) => { $(
            let name = |op: &str| format!("{op}{}", $axis);
            case!(golden, &name("cumsum/"), (x: s![2, 3, 4]) => x.cumsum::<$axis>());
            case!(golden, &name("cumprod/"), (x: s![2, 3, 4]) => x.cumprod::<$axis>());
            case!(golden, &name("cumprod/zeros_"), (x: s![2, 3, 4]) => x.cumprod::<$axis>());
            for kind in ["", "tied_"] {
                placed!(golden, &name(&format!("cummax/{kind}")), s![2, 3, 4], |x| x.cummax::<$axis>());
                placed!(golden, &name(&format!("cummin/{kind}")), s![2, 3, 4], |x| x.cummin::<$axis>());
            }
        )* };
    }
    along!(0 1 2);
    case!(golden, "cumsum/nan", (x: s![2, 3, 4]) => x.cumsum::<-2>());
    case!(golden, "cumsum/transposed", (x: s![2, 3, 4]) => x.transpose::<1, 2>().cumsum::<1>());
    let long = (Tensor::<s![1100], f64>::zeros(),);
    golden.case("cumsum/long", long, |(x,)| x.cumsum::<0>());
    case!(golden, "cumsum/empty", (x: s![0, 3]) => x.cumsum::<0>());
    case!(golden, "cumprod/one", (x: s![3, 1]) => x.cumprod::<1>());
    golden.finish();
}

#[test]
fn orders() {
    let golden = Fixtures::open("index", 0.1).only(&["sort", "topk", "kthvalue", "median"]);
    macro_rules! along {
        ($axis:literal $($kind:literal)*) => { $(
            let name = |op: &str| format!("{op}/{}{}", $kind, $axis);
            placed!(golden, &name("sort"), s![2, 5, 3], |x| x.sort::<$axis>());
            placed!(golden, &name("sort_descending"), s![2, 5, 3], |x| x.sort_descending::<$axis>());
        )* };
    }
    along!(0 "");
    along!(1 "" "nan_" "tied_");
    along!(2 "" "nan_" "tied_");
    for kind in ["", "nan_"] {
        let name = |op: &str| format!("{op}/{kind}");
        case!(golden, &name("topk"), (x: s![2, 5, 3]) => x.topk::<1, 2>().0);
        case!(golden, &name("topk_smallest"), (x: s![2, 5, 3]) => x.topk_smallest::<-2, 2>().0);
        case!(golden, &format!("median/{kind}1"), (x: s![2, 5, 3]) => x.median::<1>().0);
        case!(golden, &format!("median/{kind}2"), (x: s![2, 5, 3]) => x.median::<-1>().0);
    }
    let x: Tensor<s![2, 5, 3]> = golden.tensor("topk//0", StaticShape::SHAPE);
    golden.compare("topk/places", &x.topk::<1, 2>().1);
    golden.compare("topk_smallest/places", &x.topk_smallest::<1, 2>().1);
    golden.compare("median/places", &x.median::<1>().1);
    placed!(golden, "kthvalue", s![2, 5, 3], |x| x.kthvalue::<1, 4>());
    case!(golden, "sort/long", (x: s![100]) => x.sort::<0>().0);
    golden.finish();
}

#[test]
fn elements_by_index() {
    let golden = Fixtures::open("index", 0.1).only(&[
        "gather",
        "scatter",
        "index_",
        "masked_fill",
        "one_hot",
    ]);
    type X = s![3, 4, 2];
    indexed!(golden, "gather/0", i: s![5, 4, 2], (x: X) => x.gather::<0, _>(i));
    indexed!(golden, "gather/1", i: s![3, 5, 2], (x: X) => x.gather::<1, _>(i));
    indexed!(golden, "gather/2", i: s![3, 4, 3], (x: X) => x.gather::<-1, _>(i));
    indexed!(golden, "scatter_add/0", i: s![5, 4, 2], (x: X, y: s![5, 4, 2]) => x.scatter_add::<0, _>(i, y));
    indexed!(golden, "scatter_add/1", i: s![3, 5, 2], (x: X, y: s![3, 5, 2]) => x.scatter_add::<1, _>(i, y));
    indexed!(golden, "scatter_add/2", i: s![3, 4, 3], (x: X, y: s![3, 4, 3]) => x.scatter_add::<2, _>(i, y));
    indexed!(golden, "scatter", i: s![3, 3, 2], (x: X, y: s![3, 3, 2]) => x.scatter::<-2, _>(i, y));
    indexed!(golden, "index_select/0", i: s![5], (x: X) => x.index_select::<0, _>(i));
    indexed!(golden, "index_select/1", i: s![5], (x: X) => x.index_select::<1, _>(i));
    indexed!(golden, "index_select/2", i: s![5], (x: X) => x.index_select::<-1, _>(i));
    indexed!(golden, "index_add/0", i: s![5], (x: X, y: s![5, 4, 2]) => x.index_add::<0, _>(i, y));
    indexed!(golden, "index_add/1", i: s![5], (x: X, y: s![3, 5, 2]) => x.index_add::<1, _>(i, y));
    indexed!(golden, "index_add/2", i: s![5], (x: X, y: s![3, 4, 5]) => x.index_add::<2, _>(i, y));
    indexed!(golden, "masked_fill", i: s![4, 2], (x: X) => x.masked_fill(&i.cast::<bool>(), -3.5));
    let classes: Tensor<s![2, 3], i64> = golden.tensor("one_hot/0", StaticShape::SHAPE);
    golden.compare("one_hot/y", &classes.one_hot::<4, i64>());
    golden.finish();
}
