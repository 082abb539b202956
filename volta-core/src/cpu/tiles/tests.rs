use super::super::gemm::{Matrix, Start};
use super::super::parallel::Shared;
use super::{Element, Product};
use crate::Rng;

/// Numbers of one sign at places of a matrix, some apart.
struct Operand {
    data: Vec<f64>,
    row: usize,
    column: usize,
}

impl Operand {
    fn new(rng: &mut Rng, [rows, columns]: [usize; 2], by_rows: bool) -> Self {
        let (row, column) = match by_rows {
            true => (columns + 3, 1),
            false => (1, rows + 5),
        };
        let len = rows * row + columns * column;
        Operand {
            data: rng.uniform::<f64>(len),
            row,
            column,
        }
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.data[i * self.row + j * self.column]
    }

    fn matrix<C>(&self, data: &[C]) -> Matrix<C> {
        Matrix {
            start: data.as_ptr(),
            row: self.row as isize,
            column: self.column as isize,
        }
    }
}

/// The product in rows that are 2 elements apart, in one piece and in several.
fn check<C: Element + PartialEq + std::fmt::Debug>(
    sizes: [usize; 3],
    [lhs_rows, rhs_rows]: [bool; 2],
    narrow: fn(f64) -> C,
    wide: fn(C) -> f64,
    tolerance: f64,
) {
    let [m, n, k] = sizes;
    let mut rng = Rng::seed((m * 1000 + n * 100 + k) as u64);
    let a = Operand::new(&mut rng, [m, k], lhs_rows);
    let b = Operand::new(&mut rng, [k, n], rhs_rows);
    let elements = |x: &[f64]| -> Vec<C> { x.iter().copied().map(narrow).collect() };
    let (lhs, rhs) = (elements(&a.data), elements(&b.data));
    let bias = elements(&rng.uniform::<f64>(n));
    let there = elements(&rng.uniform::<f64>(m * (n + 2)));
    for start in [Start::Zero, Start::There, Start::Row(bias.as_ptr())] {
        let product = |dst: &mut [C]| Product {
            sizes,
            dst: Shared::new(dst.as_mut_ptr()),
            row: (n + 2) as isize,
            start,
            lhs: a.matrix(&lhs),
            rhs: b.matrix(&rhs),
        };
        let mut whole = there.clone();
        let all = product(&mut whole);
        let Some(form) = all.form() else {
            assert!(
                !lhs_rows && !rhs_rows,
                "{sizes:?} is a form that tiles have"
            );
            return;
        };
        // SAFETY: the operands were made for the sizes, and `whole` has room for the rows.
        unsafe { all.run(form) };
        for i in 0..m {
            for j in 0..n + 2 {
                let found = whole[i * (n + 2) + j];
                if j >= n {
                    assert_eq!(found, there[i * (n + 2) + j], "between the rows");
                    continue;
                }
                let sum: f64 = (0..k).map(|l| a.at(i, l) * b.at(l, j)).sum();
                let want = sum
                    + match start {
                        Start::Zero => 0.0,
                        Start::There => wide(there[i * (n + 2) + j]),
                        Start::Row(_) => wide(bias[j]),
                    };
                let off = (wide(found) - want).abs();
                assert!(
                    off <= tolerance * (k + 1) as f64,
                    "{sizes:?} [{i}, {j}]: {found:?}, not {want}"
                );
            }
        }
        let mut parts = there.clone();
        let all = product(&mut parts);
        for i in (0..m).step_by(3) {
            for j in (0..n).step_by(7) {
                // SAFETY: as above; a part is inside.
                unsafe { all.part([i, j], [3.min(m - i), 7.min(n - j)]).run(form) };
            }
        }
        assert!(parts == whole, "{sizes:?} in parts has other bits");
    }
}

#[test]
fn products_of_every_form_and_size_are_right_in_one_piece_and_in_parts() {
    let sizes = [0, 1, 2, 5, 16, 33, 70];
    for m in sizes {
        for n in sizes {
            for k in sizes {
                for forms in [[true, true], [true, false], [false, true], [false, false]] {
                    check::<f32>([m, n, k], forms, |x| x as f32, f64::from, 4e-7);
                    check::<f64>([m, n, k], forms, |x| x, |x| x, 1e-14);
                }
            }
        }
    }
}
