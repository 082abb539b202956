//! The f32 kernels of every function of one input against the same function in f64, over all of
//! f32: denormals, infinities and NaN too. (The functions that they are made of are held to 2 ulp in
//! `volta-core/src/ops/accurate`.)

use volta::ops::elementwise::for_each_op;
use volta::ops::registry::{Entry, FloatOp, OpVisitor};
use volta::prelude::*;

/// Numbers whose bits are evenly spread: more than a million.
const STEP: usize = 4001;

/// Most functions stay within this, in units of the last place.
const BOUND: f64 = 4.0;

/// What others are held to.
fn bound(name: &str, x: f32) -> f64 {
    match name {
        // In their left tails they fall so fast that the rounding of a product with x is seen.
        "gelu" | "gelu_tanh" if x < -1.0 => 4.0 + 2.0 * f64::from(x * x),
        // A factor of what is left has few digits, or none.
        "silu" | "mish" if x < -87.0 => 100.0,
        // Nearly equal numbers are subtracted near 0.
        "tanhshrink" if x.abs() < 2.0 => f64::INFINITY,
        _ => BOUND,
    }
}

struct Sweep {
    x: Tensor<s![Dyn]>,
    report: Vec<String>,
    functions: usize,
}

impl OpVisitor for Sweep {
    fn float<Op: FloatOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        if N != 1 {
            return;
        }
        self.functions += 1;
        let wide = self.x.cast::<f64>();
        let got = Cpu::map::<f32, Op, N>(op, [self.x.prim(); N]);
        let want = Cpu::map::<f64, Op, N>(op, [wide.prim(); N]);
        let got = Cpu::read(&got).expect("in memory");
        let want = Cpu::read(&want).expect("in memory");
        let mut worst = (0.0, 0.0, 0.0, 0.0);
        for ((x, got), want) in self.x.to_vec().into_iter().zip(got).zip(want) {
            let off = ulps(got, want);
            if off > bound(entry.name, x) && off > worst.0 {
                worst = (off, x, got, want);
            }
        }
        let (off, x, got, want) = worst;
        if off > 0.0 {
            let name = entry.name;
            self.report.push(format!(
                "{name}({x:e}) is {got:e}, not {want:e}: {off:.1} ulp off"
            ));
        }
    }
}

/// How far `got` is from `want`, in units of the last place of an f32 near it.
fn ulps(got: f32, want: f64) -> f64 {
    let near = want as f32;
    if got == near || got.is_nan() && near.is_nan() {
        return if got.is_nan() || near.is_infinite() {
            0.0
        } else {
            (f64::from(got) - want).abs() / ulp(near)
        };
    }
    if !got.is_finite() || !near.is_finite() {
        // One of the two may have overflowed by less than a rounding.
        let (got, near) = (got.abs().min(f32::MAX), near.abs().min(f32::MAX));
        return f64::from(got - near).abs() / ulp(f32::MAX);
    }
    (f64::from(got) - want).abs() / ulp(near)
}

fn ulp(x: f32) -> f64 {
    let x = x.abs().min(f32::MAX.next_down());
    f64::from(x.next_up()) - f64::from(x)
}

#[test]
fn functions_are_accurate_over_all_of_f32() {
    let points: Vec<f32> = (0..=u32::MAX).step_by(STEP).map(f32::from_bits).collect();
    assert!(points.len() > 1_000_000);
    let mut sweep = Sweep {
        x: Tensor::from_vec_with((Dyn(points.len()),), points).expect("as many as there are"),
        report: Vec::new(),
        functions: 0,
    };
    for_each_op(&mut sweep);
    assert!(sweep.functions > 50, "{} functions", sweep.functions);
    assert!(sweep.report.is_empty(), "\n{}\n", sweep.report.join("\n"));
}

#[test]
fn stable_forms_keep_what_is_small() {
    let at = |x: f32| Tensor::<()>::from_scalar(x);
    let close = |got: f32, want: f64| {
        let off = ulps(got, want);
        assert!(off <= 4.0, "{got:e}, not {want:e}");
    };
    close(at(-100.0).sigmoid().item(), 3.720_075_976_020_836e-44);
    close(at(100.0).softplus().item(), 100.0);
    close(at(-100.0).softplus().item(), 3.720_075_976_020_836e-44);
    close(at(1e-8).log1p().item(), 1e-8 - 5e-17);
    close(at(1e-8).expm1().item(), 1e-8 + 5e-17);
    close(at(-100.0).logsigmoid().item(), -100.0);
    close(at(100.0).logsigmoid().item(), -3.720_075_976_020_836e-44);
    close(at(5.0).erfc().item(), 1.537_459_794_428_034_8e-12);
    close(at(1e-20).sinh().item(), 1e-20);
    close(at(3e20).asinh().item(), 47.843_461_329_108_97);
    assert_eq!(at(3e20).hypot(&at(4e20)).item(), 5e20);
}
