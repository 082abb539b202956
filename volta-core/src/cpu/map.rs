//! Runs a kernel over operands of any strides.

mod strided;

use self::strided::Strided;
use super::buffer::Buffer;
use super::kernel::{MAX_OPERANDS, MAX_OUTPUTS, RawKernel};
use super::parallel::{self, Shared, Threads};
use super::storage::Unwritten;
use super::stream;
use crate::dtype::Dtype;
use crate::ops::function::Params;
use crate::shape::runtime::Dims;

/// Elements of one piece of work for a thread.
const PIECE: usize = 1 << 14;
/// The same where operands are gathered, which each piece prepares for.
const STRIDED_PIECE: usize = 1 << 16;

/// Where the elements of an output go.
#[derive(Clone, Copy)]
pub(crate) struct Target<O> {
    pub(crate) start: *mut O,
    /// Whether an operand lies there.
    pub(crate) in_place: bool,
}

/// Applies `kernel` to `operands`, which have the sizes `dims`, and writes every element of the
/// outputs in row-major order. An operand of `None` is not read.
///
/// # Safety
/// The kernel computes in `E::Compute` and gives `O::Compute`. There is an operand for each of its
/// inputs; of a derivative's, those that it reads, and the gradient. The targets are as many as its
/// outputs, each with room for the elements of `dims`. No operand lies in a target, but for one in
/// the same place, if the target says so.
///
/// # Panics
/// If sizes differ.
pub(crate) unsafe fn run<E: Dtype, O: Dtype>(
    kernel: RawKernel,
    params: &Params,
    operands: &[Option<&Buffer<E>>],
    dims: &[usize],
    targets: &[Target<O>],
) {
    assert!(
        operands.len() <= MAX_OPERANDS && targets.len() <= MAX_OUTPUTS,
        "{} operands, {} outputs",
        operands.len(),
        targets.len()
    );
    for operand in operands.iter().flatten() {
        assert_eq!(operand.dims(), dims, "an elementwise op of unequal sizes");
    }
    let n: usize = dims.iter().product();
    let threads = Threads::worth(n * kernel.cost);
    let starts: [Shared<O>; MAX_OUTPUTS] = std::array::from_fn(|m| {
        Shared::new(targets.get(m).map_or(std::ptr::null_mut(), |t| t.start))
    });
    // Kernels of several outputs store them when all are computed.
    let aside = targets.len() == 1 && targets[0].in_place;
    let in_place = targets.iter().any(|target| target.in_place);
    let contiguous = (operands.iter().flatten()).all(|x| x.layout().is_contiguous());
    let read = operands.iter().flatten().count();
    let past_caches = targets.len() == 1 && !in_place && stream::pays(n * size_of::<O>(), read);
    if contiguous && !aside && is_native::<E>() && is_native::<O>() {
        parallel::each(n.div_ceil(PIECE), threads, |piece| {
            let start = piece * PIECE;
            let from = std::array::from_fn(|k| match operands.get(k) {
                Some(Some(x)) => x.as_ptr().wrapping_add(start).cast(),
                _ => std::ptr::null(),
            });
            let to: [*mut O::Compute; MAX_OUTPUTS] =
                std::array::from_fn(|m| starts[m].get().wrapping_add(start).cast());
            let len = PIECE.min(n - start);
            // SAFETY: every operand and target has `n` elements, and the pieces are apart.
            unsafe {
                if past_caches {
                    kernel.run_past_caches::<E::Compute, O::Compute>(params, &from, to[0], len);
                } else {
                    kernel.run::<E::Compute, O::Compute>(params, &from, &to, len, in_place);
                }
            }
        });
    } else {
        let strided = Strided {
            kernel,
            params,
            operands,
            nest: strided::nest(operands, dims),
            starts,
            aside,
            in_place: in_place && !aside,
        };
        parallel::each(n.div_ceil(STRIDED_PIECE), threads, |piece| {
            let start = piece * STRIDED_PIECE;
            // SAFETY: as above.
            unsafe { strided.fill(start..n.min(start + STRIDED_PIECE)) };
        });
    }
}

/// [`run`], with the first outputs in the place of `targets`, which are the first operands. Gives
/// the other outputs.
///
/// # Safety
/// The kernel is that of a function, computes in `E::Compute` and gives the same.
pub(crate) unsafe fn in_place<E: Dtype>(
    kernel: RawKernel,
    params: &Params,
    targets: &mut [&mut Buffer<E>],
    inputs: &[&Buffer<E>],
) -> Vec<Buffer<E>> {
    let (kept, outputs) = (targets.len(), kernel.outputs);
    assert!(kept <= outputs, "{kept} targets for {outputs} outputs");
    assert_eq!(kept + inputs.len(), kernel.inputs, "inputs of the function");
    let dims = Dims::new(targets[0].dims());
    let mut fresh: [Option<Unwritten<E>>; MAX_OUTPUTS] = [const { None }; MAX_OUTPUTS];
    let to: [Target<E>; MAX_OUTPUTS] = std::array::from_fn(|output| {
        let own = targets.get_mut(output).and_then(|target| target.unique());
        let start = match own {
            Some(start) => start,
            None if output < outputs => {
                let new = fresh[output].insert(Unwritten::new(&dims));
                new.as_mut_ptr()
            }
            None => std::ptr::null_mut(),
        };
        Target {
            start,
            in_place: own.is_some(),
        }
    });
    let all: [Option<&Buffer<E>>; MAX_OPERANDS] = std::array::from_fn(|k| match k < kept {
        true => Some(&*targets[k]),
        false => inputs.get(k - kept).copied(),
    });
    // SAFETY: the caller's promise, and the inputs have been counted. Every target has the sizes of `dims`. One
    // in place is seen by its operand alone: nobody else has its storage.
    unsafe { run(kernel, params, &all[..kernel.inputs], &dims, &to[..outputs]) };
    // SAFETY: `run` has written every element.
    let mut written =
        (fresh.into_iter()).map(|new| new.map(|new| Buffer::new(unsafe { new.written() })));
    for target in targets.iter_mut() {
        if let Some(new) = written.next().flatten() {
            **target = new;
        }
    }
    written.flatten().collect()
}

/// Whether elements are stored in the type that computes.
fn is_native<E: Dtype>() -> bool {
    size_of::<E>() == size_of::<E::Compute>()
}
