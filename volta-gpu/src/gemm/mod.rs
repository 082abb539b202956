//! Products of matrices that loaders find: `D[m, n] = sum of A[m, k] B[k, n] over k`, for many
//! pairs at once. The same kernels multiply tensors however they lie, and convolve.

mod direct;
mod loader;
mod parts;
mod plan;
mod sliding;
#[cfg(test)]
mod tests;
mod tiled;
mod vector;

use volta_core::DtypeKind;

use crate::cast;
use crate::format::Format;
use crate::nest::{self, Nest};
use crate::pipeline::Key;
use crate::queue::Dispatch;
use crate::raw::Raw;
use crate::source::Source;

pub(crate) use loader::{Along, Digits, Loader, Spots};
use plan::{Factors, Kernel, Plan, Traits};

/// Sizes of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) batches: usize,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) terms: usize,
}

/// Where the elements of the products are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) first: usize,
    pub(crate) batch: usize,
    pub(crate) row: usize,
    /// `None` if columns lie one after the other.
    pub(crate) column: Option<Digits>,
}

/// Products of pairs of matrices, one pair for each element of `batches`.
pub(crate) struct Gemm<'a> {
    pub(crate) a: &'a Raw,
    pub(crate) b: &'a Raw,
    pub(crate) sizes: Sizes,
    /// Where the matrices of each pair begin.
    pub(crate) batches: Nest,
    pub(crate) loader: Loader,
    pub(crate) place: Place,
}

/// Parameters before those of the batches.
const HEAD: usize = 15;

impl Gemm<'_> {
    /// A tensor of these sizes, all of which `products` write.
    pub(crate) fn run(products: &[Gemm], a: &Raw, b: &Raw, dims: &[usize]) -> Raw {
        let traits = Traits::of(a.gpu().context(), wide(a.kind()).size());
        let plan = |product: &Gemm| plan::plan(product.sizes, product.factors(), traits);
        Gemm::run_as(products, a, b, dims, plan)
    }

    fn run_as(
        products: &[Gemm],
        a: &Raw,
        b: &Raw,
        dims: &[usize],
        plan: impl Fn(&Gemm) -> Plan,
    ) -> Raw {
        let (gpu, kind) = (a.gpu(), a.kind());
        if let Some(error) = a.error().or(b.error()) {
            return Raw::failed(gpu, kind, dims, error.clone());
        }
        let numel: usize = dims.iter().product();
        if numel == 0 {
            return Raw::new(gpu, kind, dims);
        }
        let plans: Vec<Plan> = products.iter().map(plan).collect();
        let most = plans.iter().map(|plan| plan.parts).max().unwrap_or(1);
        let parts = match &plans[..] {
            [_] => most,
            _ => 1,
        };
        let mut partial = dims.to_vec();
        if parts > 1 {
            partial.insert(0, parts);
        }
        let out = Raw::new(gpu, wide(kind), &partial);
        if let Some(error) = out.error() {
            return Raw::failed(gpu, kind, dims, error.clone());
        }
        for (product, plan) in products.iter().zip(plans) {
            let plan = Plan { parts, ..plan };
            if let Err(error) = product.dispatch(plan, &out, numel) {
                return Raw::failed(gpu, kind, dims, error);
            }
        }
        match parts {
            1 => cast::cast(&out, kind),
            _ => parts::sum(&out, kind, dims),
        }
    }

    fn factors(&self) -> Factors {
        let is_word = self.a.kind() == DtypeKind::F32;
        let aligned = self.loader.aligned(self.sizes, &self.batches);
        Factors {
            along: self.loader.along(),
            aligned: aligned.map(|aligned| aligned && is_word),
            line: self.loader.line(),
        }
    }

    fn dispatch(
        &self,
        plan: Plan,
        out: &Raw,
        numel: usize,
    ) -> Result<(), volta_core::error::DeviceError> {
        let Sizes {
            batches,
            rows,
            columns,
            terms,
        } = self.sizes;
        if batches * rows * columns == 0 {
            return Ok(());
        }
        let place = &self.place;
        let digits = place.column.unwrap_or_default();
        let head = [
            rows,
            columns,
            terms,
            batches,
            plan.parts,
            // Of whole vectors.
            terms.div_ceil(plan.parts).next_multiple_of(4),
            place.first,
            numel,
            place.batch,
            place.row,
            digits.sizes[0],
            digits.sizes[1],
        ];
        let mut params: Vec<u32> = head.iter().map(|&word| word as u32).collect();
        params.extend(digits.strides.map(|stride| stride as u32));
        debug_assert_eq!(params.len(), HEAD);
        let class = self.batches.class();
        self.batches.params(class, &mut params);
        self.loader.params(&mut params);
        let format = Format::of(self.a.kind());
        let [kernel, tile] = plan.kernel.variant();
        let variant = [
            kernel,
            tile,
            class as u32,
            format as u32,
            self.loader.variant(),
            u32::from(place.column.is_some()),
        ];
        let dispatch = Dispatch {
            key: Key::new("gemm", variant),
            inputs: &[self.a, self.b],
            outputs: &[out],
            params: &params,
            groups: plan.kernel.groups(self.sizes) * plan.parts as u64,
        };
        let source = || self.source(plan.kernel, class, params.len());
        self.a.gpu().context().dispatch(&dispatch, source)
    }

    fn source(&self, kernel: Kernel, class: usize, params: usize) -> Source {
        let kind = self.a.kind();
        let format = Format::of(kind);
        let first = HEAD + nest::params(class, 2);
        let put = match kind {
            DtypeKind::U8 => "bitcast<i32>(value)",
            _ => "value",
        };
        let columns = match self.place.column {
            Some(_) => include_str!("../kernels/gemm_columns.wgsl"),
            None => "fn column_place(column: u32) -> u32 { return column; }\n",
        };
        let special = kernel.source();
        let inputs = kernel.wide().map(|wide| match wide {
            true => Format::F32x4,
            false => format,
        });
        Source {
            inputs: inputs.into(),
            outputs: vec![Format::of(wide(kind))],
            params,
            declarations: format!(
                "alias T = {};\n{}{columns}\
                 fn put(place: u32, value: T) {{ out0_put(place, {put}); }}\n\
                 fn loader(k: u32) -> u32 {{ return param(k + {first}u); }}\n{}{}",
                format.computed(),
                include_str!("../kernels/gemm.wgsl"),
                self.loader.source(kernel.wide()),
                special.declarations,
            ),
            body: special.body.replace(
                "FIND_BATCH;",
                nest::source(class, 2, HEAD, "batch", "first").trim_end(),
            ),
            ..special
        }
    }
}

/// The type that sums are kept in: every element in a word of its own.
fn wide(kind: DtypeKind) -> DtypeKind {
    match kind {
        DtypeKind::F16 | DtypeKind::Bf16 => DtypeKind::F32,
        DtypeKind::U8 => DtypeKind::I32,
        kind => kind,
    }
}
