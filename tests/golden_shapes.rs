//! Statistics, and ops that give a tensor another shape, against PyTorch's: `tests/golden/shapes.py`
//! writes what is compared.

#[path = "golden/compare.rs"]
#[expect(dead_code, reason = "what is stored is known here")]
mod compare;

use compare::Fixtures;
use volta::prelude::*;

/// A function of tensors, in f32 and in f64.
macro_rules! case {
    ($fixtures:expr, $name:expr, ($($x:ident: $shape:ty),+) => $body:expr) => {{
        $fixtures.case($name, ($(Tensor::<$shape, f32>::zeros(),)+), |($($x,)+)| $body);
        $fixtures.case($name, ($(Tensor::<$shape, f64>::zeros(),)+), |($($x,)+)| $body);
    }};
}

/// The forms of a reduction.
macro_rules! forms {
    ($fixtures:expr, $name:literal, [$all:ident $axis:ident $keep:ident $axes:ident] $argument:tt) => {{
        macro_rules! form {
            ($form:literal, |$x:ident| $body:expr) => {
                case!($fixtures, concat!($name, "/", $form), ($x: s![2, 3, 4]) => $body)
            };
        }
        form!("all", |x| x.$all $argument);
        form!("axis_1", |x| x.$axis::<1> $argument);
        form!("axis_last", |x| x.$axis::<-1> $argument);
        form!("axes_0_last", |x| x.$axes::<axes![0, -1]> $argument);
        form!("keep_1", |x| x.$keep::<1> $argument);
        form!("transposed", |x| x.transpose::<1, 2>().$keep::<1> $argument);
    }};
}

#[test]
fn statistics() {
    let golden = Fixtures::open("shapes", 1e-2).only(&["var", "std", "norm", "logsumexp"]);
    forms!(golden, "var", [var var_axis var_keep var_axes] ());
    forms!(golden, "std", [std std_axis std_keep std_axes] ());
    forms!(golden, "var_population",
        [var_population var_population_axis var_population_keep var_population_axes] ());
    forms!(golden, "std_population",
        [std_population std_population_axis std_population_keep std_population_axes] ());
    forms!(golden, "logsumexp", [logsumexp logsumexp_axis logsumexp_keep logsumexp_axes] ());
    forms!(golden, "norm_0", [norm norm_axis norm_keep norm_axes] (0.0));
    forms!(golden, "norm_half", [norm norm_axis norm_keep norm_axes] (0.5));
    forms!(golden, "norm_1", [norm norm_axis norm_keep norm_axes] (1.0));
    forms!(golden, "norm_2", [norm norm_axis norm_keep norm_axes] (2.0));
    forms!(golden, "norm_3", [norm norm_axis norm_keep norm_axes] (3.0));
    forms!(golden, "norm_inf", [norm norm_axis norm_keep norm_axes] (f64::INFINITY));
    forms!(golden, "norm_minus_inf", [norm norm_axis norm_keep norm_axes] (f64::NEG_INFINITY));
    let special: Tensor<s![7, 2]> = golden.tensor("logsumexp/special/0", (D, D));
    golden.compare("logsumexp/special/y", &special.logsumexp_axis::<1>());
    golden.finish();
}

#[test]
fn diagonals_and_triangles() {
    let golden = Fixtures::open("shapes", 1e-2).only(&["diag", "tri", "trace"]);
    case!(golden, "diagonal_0", (x: s![2, 3, 4]) => x.diagonal());
    case!(golden, "diagonal_2", (x: s![2, 3, 4]) => x.diagonal_at(2));
    case!(golden, "diagonal_minus_1", (x: s![2, 3, 4]) => x.diagonal_at(-1));
    case!(golden, "diag_embed_0", (x: s![3, 4]) => x.diag_embed());
    case!(golden, "diag_embed_2", (x: s![3, 4]) => x.diag_embed_at(2));
    case!(golden, "diag_embed_minus_1", (x: s![3, 4]) => x.diag_embed_at(-1));
    case!(golden, "trace", (x: s![3, 4]) => x.trace());
    case!(golden, "tril_0", (x: s![2, 3, 4]) => x.tril(0));
    case!(golden, "tril_2", (x: s![2, 3, 4]) => x.tril(2));
    case!(golden, "tril_minus_1", (x: s![2, 3, 4]) => x.tril(-1));
    case!(golden, "triu_0", (x: s![2, 3, 4]) => x.transpose::<1, 2>().triu(0));
    case!(golden, "triu_2", (x: s![2, 3, 4]) => x.transpose::<1, 2>().triu(2));
    case!(golden, "triu_minus_1", (x: s![2, 3, 4]) => x.transpose::<1, 2>().triu(-1));
    golden.finish();
}

#[test]
fn repeats_pads_and_parts() {
    let names = [
        "repeat", "tile", "pad", "split", "chunk", "unbind", "dot", "outer",
    ];
    let golden = Fixtures::open("shapes", 1e-2).only(&names);
    case!(golden, "repeat", (x: s![3, 4]) => x.repeat::<1, 3>());
    case!(golden, "tile", (x: s![3, 4]) => x.tile::<s![2, 3]>());
    case!(golden, "repeat_interleave", (x: s![3, 4]) => x.repeat_interleave::<0, 2>());
    // 1.5 is exact in every type.
    golden.case(
        "pad_constant",
        (Tensor::<s![2, 3, 4], f32>::zeros(),),
        |(x,)| x.pad::<-1, 1, 2>(1.5),
    );
    golden.case(
        "pad_constant",
        (Tensor::<s![2, 3, 4], f64>::zeros(),),
        |(x,)| x.pad::<-1, 1, 2>(1.5),
    );
    case!(golden, "pad_reflect", (x: s![2, 3, 4]) => x.pad_reflect::<2, 2, 3>());
    case!(golden, "pad_replicate", (x: s![2, 3, 4]) => x.pad_replicate::<-1, 2, 3>());
    case!(golden, "pad_circular", (x: s![2, 3, 4]) => x.pad_circular::<2, 4, 3>());
    case!(golden, "pad_reflect_transposed", (x: s![2, 3, 4]) => {
        x.transpose::<1, 2>().pad_reflect::<2, 2, 1>()
    });
    case!(golden, "split", (x: s![3, 4]) => {
        let (first, rest) = x.split::<1, 1>();
        first.squeeze::<1>().unsqueeze::<1>() * rest
    });
    case!(golden, "chunk", (x: s![3, 4]) => {
        let [left, right] = x.chunk::<1, 2>();
        left * right
    });
    case!(golden, "unbind", (x: s![3, 4]) => {
        let [first, _, last] = x.unbind::<0>();
        first * last
    });
    case!(golden, "dot", (a: s![5], b: s![5]) => a.dot(b));
    case!(golden, "outer", (a: s![3], b: s![4]) => a.outer(b));
    golden.finish();
}

#[test]
fn windows_and_pixels() {
    let golden = Fixtures::open("shapes", 1e-2).only(&["unfold", "pixel"]);
    case!(golden, "unfold_2_1", (x: s![2, 3, 4]) => x.unfold::<2, 2, 1>());
    case!(golden, "unfold_3_1", (x: s![2, 3, 4]) => x.unfold::<-1, 3, 1>());
    case!(golden, "unfold_2_2", (x: s![2, 3, 4]) => x.unfold::<2, 2, 2>());
    case!(golden, "unfold_2_3", (x: s![2, 3, 4]) => x.unfold::<2, 2, 3>());
    case!(golden, "unfold_3_2", (x: s![2, 3, 4]) => x.unfold::<2, 3, 2>());
    case!(golden, "unfold_first", (x: s![2, 3, 4]) => x.transpose::<1, 2>().unfold::<1, 3, 1>());
    case!(golden, "unfold_twice", (x: s![2, 3, 4]) => {
        x.unfold::<1, 2, 1>().unfold::<2, 3, 1>()
    });
    case!(golden, "pixel_shuffle", (x: s![2, 8, 2, 3]) => x.pixel_shuffle::<2>());
    case!(golden, "pixel_unshuffle", (x: s![2, 2, 4, 6]) => x.pixel_unshuffle::<2>());
    golden.finish();
}
