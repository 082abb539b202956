//! Every kernel on a device, whichever a plan would choose there.

use volta_core::DtypeKind;

use super::direct::Direct;
use super::loader::Along;
use super::plan::{Factors, Kernel, Plan};
use super::tiled::{FLAT, LARGE, MIDDLE, SMALL, Tiled};
use super::vector::Vector;
use super::{Gemm, Sizes};
use crate::gpu::Gpu;
use crate::matmul::product;
use crate::raw::Raw;

/// Small whole numbers, whose sums are exact.
fn numbers(n: usize, seed: usize) -> Vec<f32> {
    (0..n).map(|i| ((i * 7 + seed) % 11) as f32 - 5.0).collect()
}

/// A batch of matrices, and their elements in row-major order; in memory, columns may lie apart.
fn matrices(gpu: &Gpu, dims: [usize; 3], transposed: bool, seed: usize) -> (Raw, Vec<f32>) {
    let [batches, rows, columns] = dims;
    let data = numbers(batches * rows * columns, seed);
    if !transposed {
        let bytes = bytemuck::cast_slice(&data);
        return (Raw::upload(gpu, DtypeKind::F32, &dims, bytes), data);
    }
    let mut moved = vec![0.0; data.len()];
    for (i, x) in data.iter().enumerate() {
        let (batch, row, column) = (i / columns / rows, i / columns % rows, i % columns);
        moved[(batch * columns + column) * rows + row] = *x;
    }
    let bytes = bytemuck::cast_slice(&moved);
    let raw = Raw::upload(gpu, DtypeKind::F32, &[batches, columns, rows], bytes);
    (raw.view(raw.layout().permute(&[0, 2, 1])), data)
}

fn naive(sizes: Sizes, a: &[f32], b: &[f32]) -> Vec<f32> {
    let Sizes {
        batches,
        rows,
        columns,
        terms,
    } = sizes;
    let mut out = Vec::with_capacity(batches * rows * columns);
    for batch in 0..batches {
        for row in 0..rows {
            let a = &a[(batch * rows + row) * terms..][..terms];
            for column in 0..columns {
                let b = &b[batch * terms * columns + column..];
                let products = a.iter().zip(b.iter().step_by(columns));
                out.push(products.map(|(a, b)| a * b).sum());
            }
        }
    }
    out
}

/// The kernel for these sizes, over operands of every layout, in one part and in three.
fn check(gpu: &Gpu, [rows, terms, columns]: [usize; 3], kernel: impl Fn(Sizes, Factors) -> Kernel) {
    let sizes = Sizes {
        batches: 2,
        rows,
        columns,
        terms,
    };
    for [a_transposed, b_transposed] in [[false, false], [false, true], [true, false], [true, true]]
    {
        let (a, a_data) = matrices(gpu, [2, rows, terms], a_transposed, 1);
        let (b, b_data) = matrices(gpu, [2, terms, columns], b_transposed, 4);
        let want = naive(sizes, &a_data, &b_data);
        for parts in [1, 3] {
            let dims = [2, rows, columns];
            let plan = |product: &Gemm| Plan {
                kernel: kernel(sizes, product.factors()),
                parts,
            };
            let y = Gemm::run_as(&[product(&a, &b)], &a, &b, &dims, plan);
            assert_eq!(y.error(), None);
            let read = |bytes: &[u8]| -> Vec<f32> { bytemuck::pod_collect_to_vec(bytes) };
            let got = gpu.context().download(&y, read).expect("read");
            let kernel = plan(&product(&a, &b)).kernel;
            assert!(
                got == want,
                "{kernel:?} of {sizes:?} in {parts} parts, transposed: {a_transposed} {b_transposed}"
            );
        }
    }
}

fn gpu() -> Gpu {
    let opened = Gpu::builder().no_pipeline_cache().build();
    opened.expect("a GPU, or a software driver")
}

#[test]
fn tiles_of_every_shape_agree_with_a_loop() {
    let gpu = gpu();
    for shape in [LARGE, MIDDLE, SMALL, FLAT] {
        let (rows, columns) = (shape.rows as usize, shape.columns as usize);
        let tiled = |_: Sizes, factors: Factors| {
            let Factors { along, aligned, .. } = factors;
            let wide = [0, 1].map(|at| aligned[at] && along[at] == Along::Other);
            Kernel::Tiled(Tiled { shape, along, wide })
        };
        check(&gpu, [rows + 5, 37, columns + 7], tiled);
        check(&gpu, [rows + 4, 36, columns + 12], tiled);
        check(&gpu, [3, 2, 1], tiled);
    }
}

#[test]
fn direct_tiles_agree_with_a_loop() {
    let gpu = gpu();
    let Some((lanes, most)) = gpu.info().subgroups else {
        return;
    };
    if lanes != most {
        return;
    }
    let direct = |sizes: Sizes, factors: Factors| {
        let wide = [0, 1].map(|at| factors.aligned[at].then_some(factors.along[at]));
        Kernel::Direct(Direct::new(sizes, lanes, wide))
    };
    for sizes in [
        [1, 17, 200],
        [1, 16, 200],
        [3, 5, 2],
        [33, 37, 70],
        [36, 36, 72],
        [70, 40, 4],
    ] {
        check(&gpu, sizes, direct);
    }
}

#[test]
fn columns_agree_with_a_loop() {
    let gpu = gpu();
    let vector = |_: Sizes, factors: Factors| {
        Kernel::Vector(Vector {
            along: factors.along[0],
        })
    };
    for sizes in [[70, 300, 1], [64, 64, 1], [1, 5, 1]] {
        check(&gpu, sizes, vector);
    }
}
