//! Every op that is a method of `Tensor`, once.

use volta::Dtype;
use volta::loss::{BatchMean, BceWithLogits, CrossEntropy, Each, NllLoss, Sum, TripletMargin};
use volta::ops::elementwise as op;
use volta::prelude::*;

use crate::row::{Table, beside, rows};

pub(crate) fn all(table: &mut Table) {
    elementwise(table);
    reductions(table);
    shapes(table);
    indexing(table);
    products(table);
    pools(table);
    norms(table);
    losses(table);
}

/// What the elementwise table does not have.
fn elementwise(table: &mut Table) {
    table.section = "Elementwise, with an argument or in place";
    rows! { table any Dtype;
        "eq_scalar" (x: [2, 3]) => x.eq_scalar(E::ONE);
        "ne_scalar" (x: [2, 3]) => x.ne_scalar(E::ONE);
        "lt_scalar" (x: [2, 3]) => x.lt_scalar(E::ONE);
        "le_scalar" (x: [2, 3]) => x.le_scalar(E::ONE);
        "gt_scalar" (x: [2, 3]) => x.gt_scalar(E::ONE);
        "ge_scalar" (x: [2, 3]) => x.ge_scalar(E::ONE);
        "test_zip" (x: [2, 3], y: [3]) => x.test_zip(op::Lt, y);
        "select" (x: [2, 3], y: [3]) => {
            Tensor::select(&beside::<s![2, *], bool, _, _, _>(x, &[true, false]), x, y)
        };
        "masked_fill" (x: [2, 3]) => {
            x.masked_fill(&beside::<s![3], bool, _, _, _>(x, &[true, false, true]), E::ONE)
        };
        "masked_select" (x: [2, 3]) => {
            x.masked_select(&beside::<s![3], bool, _, _, _>(x, &[true, false, true]))
        };
        "cast" (x: [2, 3] in 0.5..4.0) => (
            x.cast::<f16>(), x.cast::<bf16>(), x.cast::<f32>(), x.cast::<f64>(),
            x.cast::<u8>(), x.cast::<i32>(), x.cast::<i64>(), x.cast::<bool>(),
        );
        "fill_" (x: [2, 3]) => { let mut y = x.clone(); y.fill_(E::ONE); (y, x.clone()) };
        "zero_" (x: [2, 3]) => { let mut y = x.clone(); y.zero_(); (y, x.clone()) };
        "zeros_like" (x: [2, 3]) => x.zeros_like();
        "ones_like" (x: [2, 3]) => x.ones_like();
        "full_like" (x: [2, 3]) => x.full_like(E::ONE);
        "full_on" (x: [2, 3]) => Tensor::<s![4], E, B>::full_on((D,), E::ONE, &x.device());
        "from_vec_on" (x: [2, 3]) => {
            Tensor::<s![2], E, B>::from_vec_on((D,), vec![E::ZERO, E::ONE], &x.device()).expect("two")
        };
    }
    rows! { table num Num;
        "map" (x: [2, 3]) => x.map(op::Square);
        "zip" (x: [2, 3], y: [3]) => x.zip(op::Mul, y);
        "clamp between numbers" (x: [2, 3]) => x.clamp(E::ZERO, E::ONE);
        "map_" (x: [2, 3]) => { let mut y = x.clone(); y.map_(op::Square); (y, x.clone()) };
        "neg_" (x: [2, 3]) => { let mut y = x.clone(); y.neg_(); (y, x.clone()) };
        "clamp_" (x: [2, 3]) => { let mut y = x.clone(); y.clamp_(E::ZERO, E::ONE); (y, x.clone()) };
        "add_" (x: [2, 3], z: [3]) => { let mut y = x.clone(); y.add_(z); (y, x.clone()) };
        "sub_" (x: [2, 3], z: [3]) => { let mut y = x.clone(); y.sub_(z); (y, x.clone()) };
        "mul_" (x: [2, 3], z: [3]) => { let mut y = x.clone(); y.mul_(z); (y, x.clone()) };
        "div_" (x: [2, 3], z: [3] in 0.5..2.0) => { let mut y = x.clone(); y.div_(z); (y, x.clone()) };
        "remainder_" (x: [2, 3] in 0.5..4.0, z: [3] in 0.75..1.5) => {
            let mut y = x.clone(); y.remainder_(z); (y, x.clone())
        };
    }
    rows! { table float Float;
        "powf" (x: [2, 3] in 0.5..2.0) => x.powf(E::from_f64(1.5));
        "powf_" (x: [2, 3] in 0.5..2.0) => {
            let mut y = x.clone(); y.powf_(E::from_f64(1.5)); (y, x.clone())
        };
    }
}

/// The five forms of each reduction.
macro_rules! reduced {
    ($table:ident $class:ident $Bound:path; $(
        $all:ident $axis:ident $keep:ident $axes:ident $axes_keep:ident $arguments:tt;
    )*) => {$(
        reduced!(@ $table $class $Bound; $all |x| x.$all $arguments);
        reduced!(@ $table $class $Bound; $axis |x| x.$axis::<1> $arguments);
        reduced!(@ $table $class $Bound; $keep |x| x.$keep::<-1> $arguments);
        reduced!(@ $table $class $Bound; $axes |x| x.$axes::<axes![0, -1]> $arguments);
        reduced!(@ $table $class $Bound; $axes_keep |x| x.$axes_keep::<axes![0, 1]> $arguments);
    )*};
    (@ $table:ident $class:ident $Bound:path; $name:ident |$x:ident| $($body:tt)*) => {{
        struct Op;
        impl<E: $Bound> crate::row::Function<E> for Op {
            fn run<B: Backend>(x: &[B::Prim<E>]) -> crate::row::Out<E, B> {
                let $x = crate::row::typed::<s![2, 3, 4], E, B>(&x[0]);
                crate::row::Out::of($($body)*)
            }
        }
        let input = crate::input::Input::new(&[2, 3, 4], crate::row::RANGE);
        $table.$class::<Op>(stringify!($name), vec![input]);
    }};
}

fn reductions(table: &mut Table) {
    table.section = "Reductions";
    reduced! { table num Num;
        sum sum_axis sum_keep sum_axes sum_axes_keep ();
        prod prod_axis prod_keep prod_axes prod_axes_keep ();
        max max_axis max_keep max_axes max_axes_keep ();
        min min_axis min_keep min_axes min_axes_keep ();
    }
    reduced! { table float Float;
        mean mean_axis mean_keep mean_axes mean_axes_keep ();
        var var_axis var_keep var_axes var_axes_keep ();
        var_population var_population_axis var_population_keep var_population_axes
            var_population_axes_keep ();
        std std_axis std_keep std_axes std_axes_keep ();
        std_population std_population_axis std_population_keep std_population_axes
            std_population_axes_keep ();
        norm norm_axis norm_keep norm_axes norm_axes_keep (3.0);
        logsumexp logsumexp_axis logsumexp_keep logsumexp_axes logsumexp_axes_keep ();
    }
    // Of conditions alone.
    macro_rules! conditions {
        ($($all:ident $axis:ident $keep:ident $axes:ident $axes_keep:ident)*) => {$(
            conditions!(@ $all |x| x.$all());
            conditions!(@ $axis |x| x.$axis::<1>());
            conditions!(@ $keep |x| x.$keep::<-1>());
            conditions!(@ $axes |x| x.$axes::<axes![0, -1]>());
            conditions!(@ $axes_keep |x| x.$axes_keep::<axes![0, 1]>());
        )*};
        (@ $name:ident |$x:ident| $body:expr) => {{
            struct Op;
            impl crate::row::Function<bool> for Op {
                fn run<B: Backend>(x: &[B::Prim<bool>]) -> crate::row::Out<bool, B> {
                    let $x = crate::row::typed::<s![2, 3, 4], bool, B>(&x[0]);
                    crate::row::Out::of($body)
                }
            }
            let input = crate::input::Input::new(&[2, 3, 4], crate::row::RANGE);
            table.condition::<Op>(stringify!($name), vec![input]);
        }};
    }
    conditions! {
        any any_axis any_keep any_axes any_axes_keep
        all all_axis all_keep all_axes all_axes_keep
    }
    rows! { table num Num;
        "argmax" (x: [2, 3, 4]) => x.argmax();
        "argmax_axis" (x: [2, 3, 4]) => x.argmax_axis::<1>();
        "argmax_keep" (x: [2, 3, 4]) => x.argmax_keep::<-1>();
        "argmin" (x: [2, 3, 4]) => x.argmin();
        "argmin_axis" (x: [2, 3, 4]) => x.argmin_axis::<1>();
        "argmin_keep" (x: [2, 3, 4]) => x.argmin_keep::<-1>();
    }
    rows! { table float Float;
        "softmax" (x: [2, 3, 4]) => x.softmax::<1>();
        "log_softmax" (x: [2, 3, 4]) => x.log_softmax::<-1>();
    }
}

fn shapes(table: &mut Table) {
    table.section = "Shapes";
    rows! { table any Dtype;
        "reshape" (x: [2, 6]) => x.reshape::<s![3, 4]>();
        "reshape_with" (x: [2, 6]) => x.reshape_with((D::<3>, D::<4>));
        "view" (x: [2, 6]) => x.view::<s![3, 4]>();
        "flatten" (x: [2, 3, 4]) => x.flatten::<1, -1>();
        "permute" (x: [2, 3, 4]) => x.permute::<axes![2, 0, 1]>();
        "t" (x: [2, 3]) => { let y: Tensor<s![3, 2], E, B> = x.t(); y };
        "transpose" (x: [2, 3, 4]) => x.transpose::<0, 2>();
        "unsqueeze" (x: [2, 3]) => x.unsqueeze::<1>();
        "squeeze" (x: [2, 1, 3]) => x.squeeze::<1>();
        "expand" (x: [3]) => x.expand::<s![2, 3]>();
        "expand_with" (x: [3]) => x.expand_with((D::<2>, D::<3>));
        "narrow" (x: [2, 5]) => x.narrow::<1, 1, 3>();
        "narrow_as" (x: [2, 5]) => x.narrow_as::<1, 1, 3>();
        "slice" (x: [2, 5]) => x.slice::<1>(1..4);
        "loosen" (x: [2, 3]) => { let y: Tensor<s![Dyn, 3], E, B> = x.loosen(); y };
        "try_fix" (x: [2, 3]) => {
            let loose: Tensor<s![Dyn, 3], E, B> = x.loosen();
            loose.try_fix::<s![2, 3]>().expect("of this shape")
        };
        "cat" (x: [2, 3], y: [2, 2]) => x.cat::<1, _>(y);
        "cat_all" (x: [2, 3], y: [2, 3]) => Tensor::cat_all::<0>([x, y]);
        "stack" (x: [2, 3], y: [2, 3]) => Tensor::stack::<1, 2>([x, y]);
        "stack_all" (x: [2, 3], y: [2, 3]) => Tensor::stack_all::<1>([x, y]);
        "split" (x: [2, 5]) => x.split::<1, 2>();
        "chunk" (x: [2, 6]) => x.chunk::<1, 3>();
        "unbind" (x: [2, 3]) => x.unbind::<0>();
        "iter_axis" (x: [2, 3]) => x.iter_axis::<1>().collect::<Vec<_>>();
        "chunks_exact" (x: [2, 5]) => {
            let chunks = x.chunks_exact::<1, 2>();
            let rest: Tensor<s![2, 1], E, B> = chunks.remainder();
            (chunks.collect::<Vec<_>>(), rest)
        };
        "windows" (x: [2, 4]) => x.windows::<1, 2>().collect::<Vec<_>>();
        "unfold" (x: [2, 5]) => x.unfold::<1, 2, 2>();
        "flip" (x: [2, 3]) => x.flip::<1>();
        "flip_axes" (x: [2, 3]) => x.flip_axes::<axes![0, 1]>();
        "roll" (x: [2, 3]) => x.roll::<1>(1);
        "repeat" (x: [2, 3]) => x.repeat::<1, 2>();
        "repeat_interleave" (x: [2, 3]) => x.repeat_interleave::<1, 2>();
        "tile" (x: [2, 3]) => x.tile::<s![2, 2]>();
        "pad" (x: [2, 3]) => x.pad::<1, 1, 2>(E::ONE);
        "pad_reflect" (x: [2, 3]) => x.pad_reflect::<1, 1, 2>();
        "pad_replicate" (x: [2, 3]) => x.pad_replicate::<1, 1, 2>();
        "pad_circular" (x: [2, 3]) => x.pad_circular::<1, 1, 2>();
        "pixel_shuffle" (x: [4, 2, 3]) => x.pixel_shuffle::<2>();
        "pixel_unshuffle" (x: [1, 4, 2]) => x.pixel_unshuffle::<2>();
        "diagonal" (x: [2, 3]) => { let y: Tensor<s![2], E, B> = x.diagonal(); y };
        "diagonal_at" (x: [2, 3]) => { let y: Tensor<s![Dyn], E, B> = x.diagonal_at(1); y };
        "diag_embed" (x: [3]) => { let y: Tensor<s![3, 3], E, B> = x.diag_embed(); y };
        "diag_embed_at" (x: [3]) => { let y: Tensor<s![Dyn, Dyn], E, B> = x.diag_embed_at(1); y };
        "tril" (x: [3, 3]) => x.tril(0);
        "triu" (x: [3, 3]) => x.triu(1);
    }
    rows! { table num Num;
        "trace" (x: [3, 3]) => { let y: Tensor<s![], E, B> = x.trace(); y };
    }
}

fn indexing(table: &mut Table) {
    table.section = "Indices, order and scans";
    rows! { table any Dtype;
        "index_axis" (x: [2, 3]) => x.index_axis::<1>(2);
        "pick" (x: [2, 3]) => x.pick::<1, _>(&beside::<s![2], i64, _, _, _>(x, &[2, 0]));
        "gather" (x: [2, 3]) => {
            x.gather::<1, _>(&beside::<s![2, 2], i64, _, _, _>(x, &[2, 2, 0, 1]))
        };
        "scatter" (x: [2, 3], y: [2, 2]) => {
            x.scatter::<1, _>(&beside::<s![2, 2], i64, _, _, _>(x, &[2, 1, 0, 1]), y)
        };
        "index_select" (x: [2, 3]) => {
            x.index_select::<1, _>(&beside::<s![4], i64, _, _, _>(x, &[2, 0, 1, 2]))
        };
    }
    rows! { table num Num;
        "scatter_add" (x: [2, 3], y: [2, 2]) => {
            x.scatter_add::<1, _>(&beside::<s![2, 2], i64, _, _, _>(x, &[2, 2, 0, 1]), y)
        };
        "index_add" (x: [2, 3], y: [2, 4]) => {
            x.index_add::<1, _>(&beside::<s![4], i64, _, _, _>(x, &[2, 0, 1, 2]), y)
        };
        "sort" (x: [2, 5]) => x.sort::<1>();
        "sort_descending" (x: [2, 5]) => x.sort_descending::<1>();
        "argsort" (x: [2, 5]) => x.argsort::<1>();
        "argsort_descending" (x: [2, 5]) => x.argsort_descending::<1>();
        "topk" (x: [2, 5]) => x.topk::<1, 2>();
        "topk_smallest" (x: [2, 5]) => x.topk_smallest::<1, 2>();
        "kthvalue" (x: [2, 5]) => x.kthvalue::<1, 2>();
        "median" (x: [2, 5]) => x.median::<1>();
        "cumsum" (x: [2, 5]) => x.cumsum::<1>();
        "cumprod" (x: [2, 5]) => x.cumprod::<1>();
        "cummax" (x: [2, 5]) => x.cummax::<1>();
        "cummin" (x: [2, 5]) => x.cummin::<1>();
    }
    struct OneHot;
    impl crate::row::Function<i64> for OneHot {
        fn run<B: Backend>(x: &[B::Prim<i64>]) -> crate::row::Out<i64, B> {
            let x = crate::row::typed::<s![2, 3], i64, B>(&x[0]);
            crate::row::Out::of((x.one_hot::<6, f32>(), x.one_hot::<6, bool>()))
        }
    }
    let class = crate::input::Input::new(&[2, 3], 0.5..4.0);
    table.class_number::<OneHot>("one_hot", vec![class]);
}

fn products(table: &mut Table) {
    table.section = "Products, convolutions and attention";
    rows! { table num Num;
        "matmul" (x: [2, 3], y: [3, 4]) => x.matmul(y);
        "matmul of batches" (x: [2, 2, 3], y: [2, 3, 2]) => x.matmul(y);
        "dot" (x: [5], y: [5]) => x.dot(y);
        "outer" (x: [2], y: [3]) => { let y: Tensor<s![2, 3], E, B> = x.outer(y); y };
    }
    rows! { table float Float;
        "conv1d" (x: [2, 2, 6], w: [3, 2, 3]) => x.conv1d::<Window<3, 2, 1>, _, _, _>(w);
        "conv2d" (x: [2, 2, 5, 4], w: [3, 2, 3, 3]) => x.conv2d::<Window<3, 1, 1>, _, _, _>(w);
        "conv2d in groups" (x: [1, 4, 4, 4], w: [4, 2, 2, 2]) => {
            x.conv2d::<Grouped<Window<2, 2>, 2>, _, _, _>(w)
        };
        "conv3d" (x: [1, 2, 3, 3, 3], w: [2, 2, 2, 2, 2]) => x.conv3d::<Window<2>, _, _, _>(w);
        "conv_transpose1d" (x: [2, 2, 4], w: [2, 3, 3]) => {
            x.conv_transpose1d::<Window<3, 2>, _, _, _>(w)
        };
        "conv_transpose2d" (x: [1, 2, 3, 3], w: [2, 3, 3, 3]) => {
            x.conv_transpose2d::<Window<3, 2, 1>, _, _, _>(w)
        };
        "scaled_dot_product_attention" (q: [2, 3, 4], k: [2, 5, 4], v: [2, 5, 2]) => {
            q.scaled_dot_product_attention(k, v, Attention::new())
        };
        "scaled_dot_product_attention, causal" (q: [2, 3, 4], k: [2, 3, 4], v: [2, 3, 2]) => {
            q.scaled_dot_product_attention(k, v, Attention::new().causal())
        };
    }
}

fn pools(table: &mut Table) {
    table.section = "Pools and resizing";
    rows! { table num Num;
        "max_pool1d" (x: [1, 2, 6]) => x.max_pool1d::<Window<3, 2, 1>>();
        "max_pool2d" (x: [1, 2, 4, 5]) => x.max_pool2d::<Window<3, 2, 1>>();
    }
    rows! { table float Float;
        "avg_pool1d" (x: [1, 2, 6]) => x.avg_pool1d::<Window<3, 2, 1>>();
        "avg_pool1d_inside" (x: [1, 2, 6]) => x.avg_pool1d_inside::<Window<3, 2, 1>>();
        "avg_pool2d" (x: [1, 2, 4, 5]) => x.avg_pool2d::<Window<3, 2, 1>>();
        "avg_pool2d_inside" (x: [1, 2, 4, 5]) => x.avg_pool2d_inside::<Window<3, 2, 1>>();
        "adaptive_avg_pool1d" (x: [1, 2, 5]) => x.adaptive_avg_pool1d::<2>();
        "adaptive_avg_pool2d" (x: [1, 2, 4, 5]) => x.adaptive_avg_pool2d::<2, 3>();
        "upsample_bilinear" (x: [1, 2, 2, 3]) => x.upsample_bilinear::<2, 2>();
        "upsample_bilinear_as" (x: [1, 2, 2, 3]) => x.upsample_bilinear_as::<2, 2>(true);
        "interpolate_nearest" (x: [1, 2, 2, 3]) => x.interpolate_nearest::<3, 5>();
        "interpolate_bilinear" (x: [1, 2, 2, 3]) => x.interpolate_bilinear::<3, 5>(false);
    }
    rows! { table any Dtype;
        "upsample_nearest" (x: [1, 2, 2, 3]) => x.upsample_nearest::<2, 2>();
    }
}

fn norms(table: &mut Table) {
    table.section = "Normalisation";
    rows! { table float Float;
        "layer_norm" (x: [3, 4], w: [4], b: [4]) => x.layer_norm(w, b, 1e-3);
        "rms_norm" (x: [3, 4], w: [4]) => x.rms_norm(w, 1e-3);
        "group_norm" (x: [2, 4, 3], w: [4], b: [4]) => x.group_norm::<2, _, _>(w, b, 1e-3);
        "instance_norm" (x: [2, 2, 4]) => x.instance_norm(1e-3);
    }
}

fn losses(table: &mut Table) {
    table.section = "Losses";
    rows! { table float Float;
        "mse_loss" (x: [2, 3], y: [2, 3]) => x.mse_loss(y);
        "mse_loss_as" (x: [2, 3], y: [2, 3]) => x.mse_loss_as(y, Each);
        "l1_loss" (x: [2, 3], y: [2, 3]) => x.l1_loss(y);
        "l1_loss_as" (x: [2, 3], y: [2, 3]) => x.l1_loss_as(y, Sum);
        "smooth_l1_loss" (x: [2, 3], y: [2, 3]) => x.smooth_l1_loss(y, 0.9);
        "smooth_l1_loss_as" (x: [2, 3], y: [2, 3]) => x.smooth_l1_loss_as(y, 0.9, Each);
        "huber_loss" (x: [2, 3], y: [2, 3]) => x.huber_loss(y, 0.9);
        "huber_loss_as" (x: [2, 3], y: [2, 3]) => x.huber_loss_as(y, 0.9, Each);
        "hinge_loss" (x: [2, 3], y: [2, 3]) => x.hinge_loss(y);
        "hinge_loss_as" (x: [2, 3], y: [2, 3]) => x.hinge_loss_as(y, Each);
        "hinge_embedding_loss" (x: [3]) => {
            x.hinge_embedding_loss(&beside::<s![3], E, _, _, _>(x, &signs([1.0, -1.0, 1.0])), 1.1)
        };
        "hinge_embedding_loss_as" (x: [3]) => {
            x.hinge_embedding_loss_as(&beside::<s![3], E, _, _, _>(x, &signs([1.0, -1.0, 1.0])), 1.1, Each)
        };
        "cosine_embedding_loss" (x: [2, 3], y: [2, 3]) => {
            x.cosine_embedding_loss(y, &beside::<s![2], E, _, _, _>(x, &signs([1.0, -1.0])), -0.9)
        };
        "cosine_embedding_loss_as" (x: [2, 3], y: [2, 3]) => {
            x.cosine_embedding_loss_as(y, &beside::<s![2], E, _, _, _>(x, &signs([1.0, -1.0])), -0.9, Each)
        };
        "binary_cross_entropy" (x: [2, 3] in 0.1..0.9, y: [2, 3] in 0.1..0.9) => x.binary_cross_entropy(y);
        "binary_cross_entropy_as" (x: [2, 3] in 0.1..0.9, y: [2, 3] in 0.1..0.9) => {
            x.binary_cross_entropy_as(y, Each)
        };
        "binary_cross_entropy_with_logits" (x: [2, 3], y: [2, 3] in 0.1..0.9) => {
            x.binary_cross_entropy_with_logits(y)
        };
        "binary_cross_entropy_with_logits_as" (x: [2, 3], y: [2, 3] in 0.1..0.9) => {
            x.binary_cross_entropy_with_logits_as(y, Each)
        };
        "BceWithLogits" (x: [2, 3], y: [2, 3] in 0.1..0.9, w: [3] in 0.5..2.0) => {
            (BceWithLogits::new(w).loss(x, y), BceWithLogits::new(w).loss_as(x, y, Each))
        };
        "kl_div" (x: [2, 3], y: [2, 3] in 0.1..0.9) => x.kl_div(y);
        "kl_div_as" (x: [2, 3], y: [2, 3] in 0.1..0.9) => x.kl_div_as(y, BatchMean);
        "kl_div_log_target" (x: [2, 3], y: [2, 3]) => x.kl_div_log_target(y);
        "kl_div_log_target_as" (x: [2, 3], y: [2, 3]) => x.kl_div_log_target_as(y, BatchMean);
        "gaussian_kl" (x: [2, 3], y: [2, 3]) => x.gaussian_kl(y);
        "gaussian_kl_as" (x: [2, 3], y: [2, 3]) => x.gaussian_kl_as(y, BatchMean);
        "cross_entropy" (x: [2, 3]) => x.cross_entropy(&classes(x));
        "cross_entropy_as" (x: [2, 3]) => x.cross_entropy_as(&classes(x), Each);
        "cross_entropy_probs" (x: [2, 3], y: [2, 3] in 0.1..0.9) => x.cross_entropy_probs(y);
        "cross_entropy_probs_as" (x: [2, 3], y: [2, 3] in 0.1..0.9) => x.cross_entropy_probs_as(y, Each);
        "CrossEntropy" (x: [2, 3], y: [2, 3] in 0.1..0.9, w: [3] in 0.5..2.0) => {
            // The weights are no part of what is differentiated.
            let loss = CrossEntropy::new().weight(w).label_smoothing(0.1);
            (
                loss.loss(x, &classes(x)),
                loss.loss_as(x, &classes(x), Each),
                loss.loss_probs(x, y),
            )
        };
        "nll_loss" (x: [2, 3]) => x.nll_loss(&classes(x));
        "nll_loss_as" (x: [2, 3]) => x.nll_loss_as(&classes(x), Each);
        "NllLoss" (x: [2, 3], w: [3] in 0.5..2.0) => {
            let loss = NllLoss::new().weight(w).ignore_index(1);
            (loss.loss(x, &classes(x)), loss.loss_as(x, &classes(x), Each))
        };
        "triplet_margin_loss" (x: [2, 3], y: [2, 3], z: [2, 3]) => x.triplet_margin_loss(y, z, 2.0);
        "triplet_margin_loss_as" (x: [2, 3], y: [2, 3], z: [2, 3]) => {
            x.triplet_margin_loss_as(y, z, 2.0, Each)
        };
        "TripletMargin" (x: [2, 3], y: [2, 3], z: [2, 3]) => {
            let loss = TripletMargin::new(2.0).p(3.0).swap(true);
            (loss.loss(x, y, z), loss.loss_as(x, y, z, Each))
        };
    }
}

fn signs<E: Float, const N: usize>(of: [f64; N]) -> [E; N] {
    of.map(E::from_f64)
}

fn classes<E: Float, B: Backend>(x: &Tensor<s![2, 3], E, B>) -> Tensor<s![2], i64, B> {
    beside(x, &[2, 0])
}
