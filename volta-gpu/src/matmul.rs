//! Matrix products.

use volta_core::layout::Layout;
use volta_core::sizes;

use crate::gemm::{Gemm, Loader, Place, Sizes};
use crate::nest::Nest;
use crate::raw::Raw;
use crate::structural;

/// `[.., M, K] x [.., K, N]`, with equal leading sizes.
pub(crate) fn matmul(a: &Raw, b: &Raw) -> Raw {
    let dims = sizes::product(a.dims(), b.dims());
    let rank = dims.len();
    let (m, n) = (dims[rank - 2], dims[rank - 1]);
    // A row and a matrix are the transpose of a matrix and a column, and kernels like one of them.
    let swapped = match a.gpu().context().prefers_shared() {
        true => m == 1 && n > 1,
        false => n == 1 && m > 1,
    };
    if swapped {
        let swap = |x: &Raw| -> Raw {
            let mut axes: Vec<usize> = (0..rank).collect();
            axes.swap(rank - 2, rank - 1);
            x.view(x.layout().permute(&axes))
        };
        let y = matmul(&swap(b), &swap(a));
        return structural::reshape(&y, &dims);
    }
    Gemm::run(&[product(a, b)], a, b, &dims)
}

/// The product of tensors whose sizes fit.
pub(crate) fn product<'a>(a: &'a Raw, b: &'a Raw) -> Gemm<'a> {
    let rank = a.dims().len();
    let (m, k) = (a.dims()[rank - 2], a.dims()[rank - 1]);
    let n = b.dims()[rank - 1];
    let strides = |x: &Raw| -> [isize; 2] {
        let strides = x.layout().strides();
        [strides[rank - 2], strides[rank - 1]]
    };
    // Of one element for each pair of matrices; where there are no elements, nothing is read.
    let corner = |x: &Raw| -> Layout {
        let corner = x.layout().widen(rank - 2, 1);
        corner.widen(rank - 1, 1)
    };
    let corners = [corner(a), corner(b)];
    Gemm {
        a,
        b,
        sizes: Sizes {
            batches: a.dims()[..rank - 2].iter().product(),
            rows: m,
            columns: n,
            terms: k,
        },
        batches: Nest::new(corners[0].dims(), &[&corners[0], &corners[1]]),
        loader: Loader::Strided {
            a: strides(a),
            b: strides(b),
        },
        place: Place {
            first: 0,
            batch: m * n,
            row: n,
            column: None,
        },
    }
}
