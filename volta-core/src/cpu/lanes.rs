//! Folds in vector registers. A fold must keep the order of its sums, so the compiler makes vector
//! code of it only where the lanes are spelt out, and leaves those in memory more often than not.

use pulp::Simd;

/// Registers that a fold goes on in at once: it does not wait for one addition before the next.
const ROWS: usize = 4;
/// Elements that are summed before their sum goes to the others: so that the error grows slowly.
const RUN: usize = 4096;
/// Numbers in the widest register, at most.
const WIDEST: usize = 16;

/// Numbers that fill vector registers.
pub trait Packed: Copy + Default + PartialOrd + Send + Sync + 'static {
    /// A register of them.
    type Of<S: Simd>: Copy;

    fn splat<S: Simd>(simd: S, x: Self) -> Self::Of<S>;
    /// Whole registers, and what is left.
    fn split<S: Simd>(x: &[Self]) -> (&[Self::Of<S>], &[Self]);
    /// Less than a register, and zeros.
    fn load_part<S: Simd>(simd: S, x: &[Self]) -> Self::Of<S>;
    fn store_part<S: Simd>(simd: S, to: &mut [Self], x: Self::Of<S>);
    fn add<S: Simd>(simd: S, a: Self::Of<S>, b: Self::Of<S>) -> Self::Of<S>;
    fn sub<S: Simd>(simd: S, a: Self::Of<S>, b: Self::Of<S>) -> Self::Of<S>;
    fn mul<S: Simd>(simd: S, a: Self::Of<S>, b: Self::Of<S>) -> Self::Of<S>;
    /// The greater, if neither is NaN.
    fn max<S: Simd>(simd: S, a: Self::Of<S>, b: Self::Of<S>) -> Self::Of<S>;
    /// The smaller, if neither is NaN.
    fn min<S: Simd>(simd: S, a: Self::Of<S>, b: Self::Of<S>) -> Self::Of<S>;
    fn sum_of<S: Simd>(simd: S, x: Self::Of<S>) -> Self;
    fn max_of<S: Simd>(simd: S, x: Self::Of<S>) -> Self;
    fn min_of<S: Simd>(simd: S, x: Self::Of<S>) -> Self;
}

macro_rules! packed {
    ($($T:ident $Of:ident $as:ident $splat:ident $load:ident $store:ident $add:ident $sub:ident
        $mul:ident $max:ident $min:ident $sum_of:ident $max_of:ident $min_of:ident;)*) => {$(
        impl Packed for $T {
            type Of<S: Simd> = S::$Of;

            #[inline(always)]
            fn splat<S: Simd>(simd: S, x: $T) -> S::$Of {
                simd.$splat(x)
            }
            #[inline(always)]
            fn split<S: Simd>(x: &[$T]) -> (&[S::$Of], &[$T]) {
                S::$as(x)
            }
            #[inline(always)]
            fn load_part<S: Simd>(simd: S, x: &[$T]) -> S::$Of {
                simd.$load(x)
            }
            #[inline(always)]
            fn store_part<S: Simd>(simd: S, to: &mut [$T], x: S::$Of) {
                simd.$store(to, x)
            }
            #[inline(always)]
            fn add<S: Simd>(simd: S, a: S::$Of, b: S::$Of) -> S::$Of {
                simd.$add(a, b)
            }
            #[inline(always)]
            fn sub<S: Simd>(simd: S, a: S::$Of, b: S::$Of) -> S::$Of {
                simd.$sub(a, b)
            }
            #[inline(always)]
            fn mul<S: Simd>(simd: S, a: S::$Of, b: S::$Of) -> S::$Of {
                simd.$mul(a, b)
            }
            #[inline(always)]
            fn max<S: Simd>(simd: S, a: S::$Of, b: S::$Of) -> S::$Of {
                simd.$max(a, b)
            }
            #[inline(always)]
            fn min<S: Simd>(simd: S, a: S::$Of, b: S::$Of) -> S::$Of {
                simd.$min(a, b)
            }
            #[inline(always)]
            fn sum_of<S: Simd>(simd: S, x: S::$Of) -> $T {
                simd.$sum_of(x)
            }
            #[inline(always)]
            fn max_of<S: Simd>(simd: S, x: S::$Of) -> $T {
                simd.$max_of(x)
            }
            #[inline(always)]
            fn min_of<S: Simd>(simd: S, x: S::$Of) -> $T {
                simd.$min_of(x)
            }
        }
    )*};
}
packed! {
    f32 f32s as_simd_f32s splat_f32s partial_load_f32s partial_store_f32s add_f32s sub_f32s
        mul_f32s max_f32s min_f32s reduce_sum_f32s reduce_max_f32s reduce_min_f32s;
    f64 f64s as_simd_f64s splat_f64s partial_load_f64s partial_store_f64s add_f64s sub_f64s
        mul_f64s max_f64s min_f64s reduce_sum_f64s reduce_max_f64s reduce_min_f64s;
}

/// What is summed: `K` terms of each place of `N` inputs.
pub(super) trait Terms<C: Packed, const N: usize, const K: usize>: Copy {
    fn terms<S: Simd>(self, simd: S, x: [C::Of<S>; N]) -> [C::Of<S>; K];
}

/// The elements themselves.
#[derive(Clone, Copy)]
pub(super) struct Elements;
impl<C: Packed> Terms<C, 1, 1> for Elements {
    #[inline(always)]
    fn terms<S: Simd>(self, _: S, x: [C::Of<S>; 1]) -> [C::Of<S>; 1] {
        x
    }
}

/// Products of two inputs.
#[derive(Clone, Copy)]
pub(super) struct Products;
impl<C: Packed> Terms<C, 2, 1> for Products {
    #[inline(always)]
    fn terms<S: Simd>(self, simd: S, [a, b]: [C::Of<S>; 2]) -> [C::Of<S>; 1] {
        [C::mul(simd, a, b)]
    }
}

/// Sums that are not at their end: they take more places.
#[derive(Clone, Copy)]
pub(super) struct Sums<C: Packed, S: Simd, const K: usize> {
    simd: S,
    total: [C::Of<S>; K],
}

impl<C: Packed, S: Simd, const K: usize> Sums<C, S, K> {
    #[inline(always)]
    pub(super) fn new(simd: S) -> Self {
        let zero = C::splat(simd, C::default());
        let total = [zero; K];
        Sums { simd, total }
    }

    /// Adds the terms of all places of the inputs, which are of one length.
    #[inline(always)]
    pub(super) fn add<F: Terms<C, N, K>, const N: usize>(&mut self, x: [&[C]; N], f: F) {
        let simd = self.simd;
        let parts = x.map(C::split::<S>);
        let wholes = parts.map(|part| part.0);
        let (count, width) = (wholes[0].len(), size_of::<C::Of<S>>() / size_of::<C>());
        assert!(
            (0..N).all(|n| wholes[n].len() == count && parts[n].1.len() == parts[0].1.len()),
            "inputs of one length"
        );
        let zero = C::splat(simd, C::default());
        let most = RUN / width;
        let mut start = 0;
        loop {
            let end = count.min(start + most);
            let mut rows = [[zero; K]; ROWS];
            let mut at = start;
            // SAFETY: `end` is at most the length of every input.
            let terms = |at: usize| unsafe {
                f.terms(simd, std::array::from_fn(|n| *wholes[n].get_unchecked(at)))
            };
            while at + ROWS <= end {
                for (r, row) in rows.iter_mut().enumerate() {
                    let terms = terms(at + r);
                    for (sum, term) in row.iter_mut().zip(terms) {
                        *sum = C::add(simd, *sum, term);
                    }
                }
                at += ROWS;
            }
            while at < end {
                let terms = terms(at);
                for (sum, term) in rows[0].iter_mut().zip(terms) {
                    *sum = C::add(simd, *sum, term);
                }
                at += 1;
            }
            let [a, b, c, d] = rows;
            for (k, total) in self.total.iter_mut().enumerate() {
                let (left, right) = (C::add(simd, a[k], b[k]), C::add(simd, c[k], d[k]));
                *total = C::add(simd, *total, C::add(simd, left, right));
            }
            start = end;
            if start == count {
                break;
            }
        }
        let rest = parts.map(|part| part.1);
        let len = rest[0].len();
        if len > 0 {
            let mut parts = [zero; N];
            for (part, x) in parts.iter_mut().zip(rest) {
                *part = C::load_part(simd, x);
            }
            let terms = f.terms(simd, parts);
            for (total, terms) in self.total.iter_mut().zip(terms) {
                // The terms of the zeros go.
                let mut slots = [C::default(); WIDEST];
                C::store_part(simd, &mut slots[..len], terms);
                *total = C::add(simd, *total, C::load_part(simd, &slots[..len]));
            }
        }
    }

    #[inline(always)]
    pub(super) fn finish(self) -> [C; K] {
        // No closure: what is not inlined knows nothing of the vector instructions around it.
        let mut sums = [C::default(); K];
        for (sum, total) in sums.iter_mut().zip(self.total) {
            *sum = C::sum_of(self.simd, total);
        }
        sums
    }
}

/// The sums of the terms of all places.
#[inline(always)]
pub(super) fn sums<C: Packed, S: Simd, F: Terms<C, N, K>, const N: usize, const K: usize>(
    simd: S,
    x: [&[C]; N],
    f: F,
) -> [C; K] {
    let mut sums = Sums::<C, S, K>::new(simd);
    sums.add(x, f);
    sums.finish()
}

/// Which of two elements stays.
pub(super) trait Extreme: Copy {
    fn of_two<C: Packed, S: Simd>(simd: S, a: C::Of<S>, b: C::Of<S>) -> C::Of<S>;
    fn of_all<C: Packed, S: Simd>(simd: S, x: C::Of<S>) -> C;
    fn is_beyond<C: Packed>(x: C, than: C) -> bool;
}

#[derive(Clone, Copy)]
pub(super) struct Greatest;
impl Extreme for Greatest {
    #[inline(always)]
    fn of_two<C: Packed, S: Simd>(simd: S, a: C::Of<S>, b: C::Of<S>) -> C::Of<S> {
        C::max(simd, a, b)
    }
    #[inline(always)]
    fn of_all<C: Packed, S: Simd>(simd: S, x: C::Of<S>) -> C {
        C::max_of(simd, x)
    }
    #[inline(always)]
    fn is_beyond<C: Packed>(x: C, than: C) -> bool {
        x > than
    }
}

#[derive(Clone, Copy)]
pub(super) struct Smallest;
impl Extreme for Smallest {
    #[inline(always)]
    fn of_two<C: Packed, S: Simd>(simd: S, a: C::Of<S>, b: C::Of<S>) -> C::Of<S> {
        C::min(simd, a, b)
    }
    #[inline(always)]
    fn of_all<C: Packed, S: Simd>(simd: S, x: C::Of<S>) -> C {
        C::min_of(simd, x)
    }
    #[inline(always)]
    fn is_beyond<C: Packed>(x: C, than: C) -> bool {
        x < than
    }
}

/// The extreme of the elements, if none is NaN, and a number that is NaN if one is; it may be
/// where there are infinities, too.
///
/// # Panics
/// If there are no elements.
#[inline(always)]
pub(super) fn extreme<C: Packed, S: Simd, X: Extreme>(simd: S, x: &[C], _: X) -> [C; 2] {
    let (wholes, rest) = C::split::<S>(x);
    let mut found = x[0];
    let part = C::load_part(simd, rest);
    let mut trace = C::sum_of(simd, part);
    if let Some(&first) = wholes.first() {
        let (mut rows, mut traces) = ([first; ROWS], [C::splat(simd, C::default()); ROWS]);
        let mut blocks = wholes.chunks_exact(ROWS);
        for block in &mut blocks {
            for r in 0..ROWS {
                rows[r] = X::of_two::<C, S>(simd, block[r], rows[r]);
                traces[r] = C::add(simd, traces[r], block[r]);
            }
        }
        for &x in blocks.remainder() {
            rows[0] = X::of_two::<C, S>(simd, x, rows[0]);
            traces[0] = C::add(simd, traces[0], x);
        }
        let left = X::of_two::<C, S>(simd, rows[0], rows[1]);
        let right = X::of_two::<C, S>(simd, rows[2], rows[3]);
        found = X::of_all(simd, X::of_two::<C, S>(simd, left, right));
        let left = C::add(simd, traces[0], traces[1]);
        let right = C::add(simd, traces[2], traces[3]);
        let all = C::add(simd, C::add(simd, left, right), part);
        trace = C::sum_of(simd, all);
    }
    for &x in rest {
        found = if X::is_beyond(x, found) { x } else { found };
    }
    [found, trace]
}
