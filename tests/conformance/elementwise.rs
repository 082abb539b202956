//! Every op of the elementwise table, by walking it: a new entry needs no new test.

use volta::DtypeKind;
use volta::cpu::Lane;
use volta::ops::codegen::{Class, Entry, OpVisitor};
use volta::ops::elementwise::for_each_op;
use volta::ops::function::{Elementwise, Predicate, Scalar, Slope, Test};
use volta::ops::registry::{AnyTest, BoolTest, FloatOp, FloatTest, IntOp, NumOp};
use volta::ops::scalar::{Real, Ring};
use volta::prelude::*;

use crate::support::{
    Case, Check, Input, Prim, Target, View, between, close, for_every_device, indices, on, read,
};

for_every_device! {
    floats_match_their_scalar_function
    halves_compute_in_f32_and_round
    integers_wrap
    conditions_match_their_scalar_function
    gradients_match_differences
}

/// The scalar function of an op.
fn value<T: Ring, Op: Scalar<T, N> + Elementwise<E, N>, E: Num, const N: usize>(
    op: Op,
    x: [T; N],
) -> T {
    let params = params::<T, Op, E, N>(op, &x[0]);
    let [y] = Op::value(x, &params);
    y
}

fn params<T: Ring, Op: Elementwise<E, N>, E: Num, const N: usize>(op: Op, like: &T) -> Vec<T> {
    let values = op.params();
    values.as_slice().iter().map(|&p| like.lit(p)).collect()
}

/// Around the blocks, tiles and pieces of kernels; the last is above 2^18, from where on the cheapest
/// op wakes threads.
const SIZES: [usize; 10] = [0, 1, 31, 32, 33, 63, 65, 257, 1000, 262_177];
const VIEWS: [View; 6] = [
    View::Transposed,
    View::Narrowed,
    View::Flipped,
    View::Expanded(0),
    View::Expanded(1),
    View::Scalar,
];

/// Operands whose elements lie in order, and the same numbers for the oracle.
fn ordered<E: Num>(n: usize, arity: usize, mut draw: impl FnMut(usize) -> Vec<E>) -> Operands<E> {
    let data = (0..arity).map(|_| draw(n)).collect();
    (vec![n], vec![View::Plain; arity], data)
}

/// Sizes, views, and the elements of each base.
type Operands<E> = (Vec<usize>, Vec<View>, Vec<Vec<E>>);

/// The sizes that an op is tested with: the longest would take long with functions of floats, and
/// takes the same way through the driver.
fn sizes(entry: &Entry) -> &'static [usize] {
    match entry.class {
        Class::Float => &SIZES[..SIZES.len() - 1],
        _ => &SIZES,
    }
}

fn operands<E: Num>(entry: &Entry, mut draw: impl FnMut(usize) -> Vec<E>) -> Vec<Operands<E>> {
    let arity = entry.arity;
    let mut all: Vec<_> = (sizes(entry).iter())
        .map(|&n| ordered(n, arity, &mut draw))
        .collect();
    for dims in [vec![37, 41], vec![3, 5, 7], vec![600, 2]] {
        for first in 0..VIEWS.len() {
            // Each operand lies in another way.
            let views: Vec<View> = (0..arity)
                .map(|k| VIEWS[(first + k) % VIEWS.len()])
                .collect();
            let data = views.iter().map(|v| draw(v.base(&dims).iter().product()));
            let data = data.collect();
            all.push((dims.clone(), views, data));
        }
    }
    all
}

/// Applies `op` on the device, and `value` to each place.
fn compare<T: Target, E: Num, Op: Elementwise<E, N>, const N: usize>(
    device: &T,
    op: Op,
    (dims, views, data): Operands<E>,
    value: impl Fn([E; N]) -> E,
) {
    let bases: Vec<Prim<T, E>> = (views.iter().zip(&data))
        .map(|(view, data)| on(device, data.clone(), &view.base(&dims)))
        .collect();
    let x: Vec<Prim<T, E>> = (views.iter().zip(&bases))
        .map(|(view, base)| view.of::<E, T::Backend>(base, &dims))
        .collect();
    let y = T::Backend::map(op, std::array::from_fn(|k| &x[k]));
    assert_eq!(T::Backend::dims(&y), dims);
    let shown: Vec<Vec<E>> = x.iter().map(read::<T::Backend, E>).collect();
    let want: Vec<E> = (0..dims.iter().product())
        .map(|i| value(std::array::from_fn(|k| shown[k][i])))
        .collect();
    let what = format!("{} in {} of {dims:?} {views:?}", Op::NAME, E::KIND);
    same::<T, E>(&what, &read::<T::Backend, E>(&y), &want);
}

/// The same bits on the reference, the same up to rounding elsewhere.
fn same<T: Target, E: Num>(what: &str, got: &[E], want: &[E]) {
    if T::REFERENCE {
        assert_eq!(got.len(), want.len(), "elements of {what}");
        for (i, (got, want)) in got.iter().zip(want).enumerate() {
            let bits = identity(got) == identity(want);
            let nan = got.to_f64().is_nan() && want.to_f64().is_nan();
            assert!(bits || nan, "{what}: element {i} is {got}, expected {want}");
        }
    } else {
        let wide = |x: &[E]| x.iter().map(|x| x.to_f64()).collect::<Vec<_>>();
        // Half-way between two narrow numbers a last bit in f32 decides.
        let tolerance = match E::KIND {
            DtypeKind::F16 => 1e-3,
            DtypeKind::Bf16 => 8e-3,
            _ => 1e-5,
        };
        close(what, &wide(got), &wide(want), tolerance);
    }
}

/// A number told from every other, -0 from 0 too.
fn identity<E: Num>(x: &E) -> (i64, u64) {
    (x.to_i64(), x.to_f64().to_bits())
}

struct Floats<'a, T>(&'a T);

impl<T: Target> Floats<'_, T> {
    fn all<E, Op, const N: usize>(&self, op: Op, entry: &Entry)
    where
        E: Float<Compute = E> + Real + Lane<Baseline: Real>,
        Op: Elementwise<E, N> + Scalar<E, N>,
        E: std::ops::Mul<Output = E>,
    {
        let mut rng = Rng::seed(11);
        let values = |x: [E; N]| value::<E, Op, E, N>(op, x);
        for operands in operands(entry, |n| between(&mut rng, n, entry.domain)) {
            compare(self.0, op, operands, values);
        }
        // Beyond the domain too: the kernel is the scalar function, whatever that says.
        let special = [
            0.0,
            -0.0,
            1e-30,
            -1e30,
            1e30,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
        ];
        let mut at = 0;
        let draw = |n: usize| {
            at += 1;
            (0..n)
                .map(|i| E::from_f64(special[i * (2 * at - 1) / (1 + at / 2) % special.len()]))
                .collect()
        };
        if T::REFERENCE {
            compare(self.0, op, ordered(97, N, draw), values);
        }
        for &n in sizes(entry) {
            for input in (0..N).filter(|&k| <Op as Elementwise<E, N>>::slope(0, k) != Slope::Zero) {
                self.derivative::<E, Op, N>(op, input, n, entry);
            }
        }
    }

    /// The kernel of a derivative against the scalar one.
    fn derivative<E, Op, const N: usize>(&self, op: Op, input: usize, n: usize, entry: &Entry)
    where
        E: Float<Compute = E> + Real + Lane<Baseline: Real>,
        Op: Elementwise<E, N> + Scalar<E, N>,
        E: std::ops::Mul<Output = E>,
    {
        let mut rng = Rng::seed(12);
        let x: [Vec<E>; N] = std::array::from_fn(|_| between(&mut rng, n, entry.domain));
        let gy: Vec<E> = between(&mut rng, n, (-1.0, 1.0));
        let at = |i: usize| -> [E; N] { std::array::from_fn(|k| x[k][i]) };
        let y: Vec<E> = (0..n).map(|i| value::<E, Op, E, N>(op, at(i))).collect();
        let want: Vec<E> = (0..n)
            .map(|i| {
                let params = params::<E, Op, E, N>(op, &y[i]);
                <Op as Scalar<E, N>>::partial(0, input, at(i), y[i], &params)
            } * gy[i])
            .collect();
        let put = |data: &Vec<E>| on(self.0, data.clone(), &[n]);
        let inputs = x.each_ref().map(put);
        let got = op.vjp::<T::Backend>(0, input, inputs.each_ref(), &put(&y), &put(&gy));
        let what = format!(
            "derivative of {} by input {input}, {n} elements",
            entry.name
        );
        same::<T, E>(&what, &read::<T::Backend, E>(&got), &want);
    }
}

impl<T: Target> OpVisitor for Floats<'_, T> {
    fn float<Op: FloatOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.all::<f32, Op, N>(op, entry);
        if self.0.is_wide() {
            self.all::<f64, Op, N>(op, entry);
        }
    }
}

fn floats_match_their_scalar_function<T: Target>(device: &T) {
    for_each_op(&mut Floats(device));
}

struct Halves<'a, T>(&'a T);

impl<T: Target> Halves<'_, T> {
    fn all<E, Op, const N: usize>(&self, op: Op, entry: &Entry)
    where
        E: Float<Compute = f32>,
        Op: Elementwise<E, N> + Scalar<f32, N>,
    {
        let mut rng = Rng::seed(13);
        for operands in operands(entry, |n| between(&mut rng, n, entry.domain)) {
            compare(self.0, op, operands, |x: [E; N]| {
                E::narrow(value::<f32, Op, E, N>(op, x.map(E::widen)))
            });
        }
    }
}

impl<T: Target> OpVisitor for Halves<'_, T> {
    fn float<Op: FloatOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.all::<f16, Op, N>(op, entry);
        self.all::<bf16, Op, N>(op, entry);
    }
}

fn halves_compute_in_f32_and_round<T: Target>(device: &T) {
    for_each_op(&mut Halves(device));
}

struct Integers<'a, T>(&'a T);

impl<T: Target> Integers<'_, T> {
    fn all<E, Op, const N: usize>(&self, op: Op, entry: &Entry)
    where
        E: Num,
        Op: Elementwise<E, N> + Scalar<E::Compute, N>,
    {
        let mut rng = Rng::seed(14);
        let edges = [
            E::LOWEST,
            E::HIGHEST,
            E::ONE,
            E::from_i64(-1),
            E::from_i64(7),
        ];
        let mut draw = |n: usize| -> Vec<E> {
            let mut one = || match rng.below(4) {
                0 => edges[rng.below(5) as usize],
                _ => E::from_i64(rng.below(u64::MAX) as i64),
            };
            // Nothing divides by 0.
            let fits = |x: E| {
                if entry.domain.0 > 0.0 && x == E::ZERO {
                    E::ONE
                } else {
                    x
                }
            };
            (0..n).map(|_| fits(one())).collect()
        };
        for operands in operands(entry, &mut draw) {
            compare(self.0, op, operands, |x: [E; N]| {
                E::narrow(value::<E::Compute, Op, E, N>(op, x.map(E::widen)))
            });
        }
    }
}

impl<T: Target> OpVisitor for Integers<'_, T> {
    fn num<Op: NumOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.int(op, entry);
    }

    fn int<Op: IntOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.all::<u8, Op, N>(op, entry);
        self.all::<i32, Op, N>(op, entry);
        if self.0.is_wide() {
            self.all::<i64, Op, N>(op, entry);
        }
    }
}

fn integers_wrap<T: Target>(device: &T) {
    for_each_op(&mut Integers(device));
}

struct Conditions<'a, T>(&'a T);

impl<T: Target> Conditions<'_, T> {
    fn all<E, Op, const N: usize>(&self, op: Op, elements: &[E])
    where
        E: Dtype,
        Op: Predicate<E, N> + Test<E::Compute, N>,
    {
        let mut rng = Rng::seed(15);
        let mut draw = |n: usize| -> Vec<E> {
            let one = |rng: &mut Rng| elements[rng.below(elements.len() as u64) as usize];
            (0..n).map(|_| one(&mut rng)).collect()
        };
        let mut cases: Vec<Operands<E>> = (SIZES.iter())
            .map(|&n| {
                let data = (0..N).map(|_| draw(n)).collect();
                (vec![n], vec![View::Plain; N], data)
            })
            .collect();
        for first in 0..VIEWS.len() {
            let dims = vec![37, 41];
            let views: Vec<View> = (0..N).map(|k| VIEWS[(first + k) % VIEWS.len()]).collect();
            let data = views.iter().map(|v| draw(v.base(&dims).iter().product()));
            let data = data.collect();
            cases.push((dims, views, data));
        }
        for (dims, views, data) in cases {
            let bases: Vec<Prim<T, E>> = (views.iter().zip(&data))
                .map(|(view, data)| on(self.0, data.clone(), &view.base(&dims)))
                .collect();
            let x: Vec<Prim<T, E>> = (views.iter().zip(&bases))
                .map(|(view, base)| view.of::<E, T::Backend>(base, &dims))
                .collect();
            let y = T::Backend::test(op, std::array::from_fn(|k| &x[k]));
            let shown: Vec<Vec<E>> = x.iter().map(read::<T::Backend, E>).collect();
            let want: Vec<bool> = (0..dims.iter().product())
                .map(|i| Op::test(std::array::from_fn(|k| shown[k][i].widen()), &[]))
                .collect();
            let what = format!("{} in {} of {dims:?} {views:?}", Op::NAME, E::KIND);
            assert_eq!(read::<T::Backend, bool>(&y), want, "{what}");
        }
    }

    fn floats<Op: FloatTest<N>, const N: usize>(&self, op: Op) {
        let special = [
            0.0,
            -0.0,
            1.0,
            -2.5,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ];
        self.all::<f32, Op, N>(op, &special.map(|x| x as f32));
        self.all::<f16, Op, N>(op, &special.map(f16::from_f64));
        self.all::<bf16, Op, N>(op, &special.map(bf16::from_f64));
        if self.0.is_wide() {
            self.all::<f64, Op, N>(op, &special);
        }
    }
}

impl<T: Target> OpVisitor for Conditions<'_, T> {
    fn predicate_float<Op: FloatTest<N>, const N: usize>(&mut self, op: Op, _: &Entry) {
        self.floats(op);
    }

    fn predicate_any<Op: AnyTest<N>, const N: usize>(&mut self, op: Op, _: &Entry) {
        self.floats(op);
        self.all::<bool, Op, N>(op, &[false, true]);
        self.all::<u8, Op, N>(op, &[0, 1, 255]);
        self.all::<i32, Op, N>(op, &[i32::MIN, -1, 0, 7]);
        if self.0.is_wide() {
            self.all::<i64, Op, N>(op, &[i64::MIN, -1, 0, i64::MAX - 1, i64::MAX]);
        }
    }

    fn predicate_bool<Op: BoolTest<N>, const N: usize>(&mut self, op: Op, _: &Entry) {
        self.all::<bool, Op, N>(op, &[false, true]);
    }
}

fn conditions_match_their_scalar_function<T: Target>(device: &T) {
    for_each_op(&mut Conditions(device));
}

/// An op as a function of inputs that broadcast to the first.
struct Apply<Op, const N: usize>(Op);

impl<E: Float, Op: Elementwise<E, N>, const N: usize> Case<E> for Apply<Op, N> {
    fn run<B: Backend>(&self, x: &[B::Prim<E>]) -> B::Prim<E> {
        let dims = B::dims(&x[0]).to_vec();
        let x: [B::Prim<E>; N] = std::array::from_fn(|k| B::expand(&x[k], &dims));
        B::map(self.0, x.each_ref())
    }
}

struct Gradients<'a, T>(&'a T);

impl<T: Target> OpVisitor for Gradients<'_, T> {
    fn float<Op: FloatOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        let oracle = |x: &[crate::support::Array]| {
            let mut places = indices(&x[0].dims);
            crate::support::Array::from_fn(&x[0].dims, |_| {
                let at = places.next().expect("one for each place");
                value::<f64, Op, f64, N>(
                    op,
                    std::array::from_fn(|k| {
                        let at = &at[at.len() - x[k].dims.len()..];
                        let at: Vec<usize> = (at.iter().zip(&x[k].dims))
                            .map(|(i, size)| if *size == 1 { 0 } else { *i })
                            .collect();
                        x[k].at(&at)
                    }),
                )
            })
        };
        let case = Apply::<Op, N>(op);
        let check = |dims: [&[usize]; 3], views: [View; 3]| {
            let inputs = (0..N).map(|k| Input::new(dims[k], views[k]).within(entry.domain));
            Check::new(entry.name, &case, inputs.collect())
                .forward(self.0, oracle)
                .gradients(self.0);
        };
        let equal: [&[usize]; 3] = [&[3, 5]; 3];
        check([&[0, 2]; 3], [View::Plain; 3]);
        check([&[]; 3], [View::Plain; 3]);
        check(equal, [View::Plain, View::Transposed, View::Narrowed]);
        check(equal, [View::Transposed, View::Narrowed, View::Plain]);
        check(equal, [View::Narrowed, View::Expanded(0), View::Transposed]);
        check(equal, [View::Expanded(1), View::Plain, View::Scalar]);
        check(equal, [View::Flipped, View::Transposed, View::Plain]);
        if N > 1 {
            check([&[3, 5], &[5], &[3, 1]], [View::Plain; 3]);
            check(
                [&[3, 5], &[3, 1], &[]],
                [View::Transposed, View::Plain, View::Plain],
            );
        }
    }
}

fn gradients_match_differences<T: Target>(device: &T) {
    for_each_op(&mut Gradients(device));
}
