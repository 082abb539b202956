//! Runs rows and compares what they give.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use volta::DtypeKind;

use crate::input::Laid;
use crate::row::{Cell, On, Row};

/// What was found on a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Values and gradient are right.
    Gradient,
    /// Values are; there is no gradient.
    Values,
    Wrong,
    /// Not run here.
    Unknown,
}

pub(crate) struct Found {
    pub(crate) section: &'static str,
    pub(crate) name: &'static str,
    /// On the CPU and the GPU, by the element type.
    pub(crate) marks: BTreeMap<&'static str, [Mark; 2]>,
    pub(crate) troubles: Vec<String>,
}

/// The element types in the order of the page.
pub(crate) const KINDS: [DtypeKind; 8] = [
    DtypeKind::F16,
    DtypeKind::Bf16,
    DtypeKind::F32,
    DtypeKind::F64,
    DtypeKind::U8,
    DtypeKind::I32,
    DtypeKind::I64,
    DtypeKind::Bool,
];

pub(crate) fn label(kind: DtypeKind) -> &'static str {
    match kind {
        DtypeKind::F16 => "f16",
        DtypeKind::Bf16 => "bf16",
        DtypeKind::F32 => "f32",
        DtypeKind::F64 => "f64",
        DtypeKind::U8 => "u8",
        DtypeKind::I32 => "i32",
        DtypeKind::I64 => "i64",
        DtypeKind::Bool => "bool",
        other => panic!("{other:?} has no column"),
    }
}

pub(crate) fn is_float(kind: DtypeKind) -> bool {
    tolerance(kind) > 0.0
}

/// How far a number may be off, relative to the greatest beside it.
pub(crate) fn tolerance(kind: DtypeKind) -> f64 {
    match kind {
        DtypeKind::F16 => 1e-2,
        DtypeKind::Bf16 => 6e-2,
        DtypeKind::F32 => 2e-5,
        DtypeKind::F64 => 1e-10,
        _ => 0.0,
    }
}

pub(crate) fn all(rows: &[Row]) -> Vec<Found> {
    rows.iter().map(judge).collect()
}

/// A panic is a trouble like others.
fn caught<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| payload.downcast_ref::<&str>().map(|t| (*t).to_owned()));
        format!("panics: {}", text.unwrap_or_default())
    })
}

fn near(what: &str, got: &[f64], want: &[f64], tolerance: f64) -> Result<(), String> {
    if got.len() != want.len() {
        return Err(format!(
            "{what}: {} elements, not {}",
            got.len(),
            want.len()
        ));
    }
    let finite = want.iter().filter(|x| x.is_finite());
    let scale = finite.fold(1.0, |scale: f64, x| scale.max(x.abs()));
    for (at, (got, want)) in got.iter().zip(want).enumerate() {
        let same = got == want || got.is_nan() && want.is_nan();
        let close = (got - want).abs() <= tolerance * scale;
        if !same && !close {
            return Err(format!("{what}: element {at} is {got:e}, not {want:e}"));
        }
    }
    Ok(())
}

/// What is right, computed on the CPU in `f64`.
struct Right {
    values: Vec<f64>,
    gradient: Option<Vec<f64>>,
}

/// The cell on a backend: against what is right, if that is known, and against the CPU.
fn run(row: &Row, cell: &dyn Cell, on: On, right: Option<&Right>) -> Result<Mark, String> {
    let tolerance = tolerance(cell.kind());
    let values = caught(|| cell.values(on, &row.inputs, Laid::InOrder))?;
    let gradient = caught(|| cell.gradient(on, &row.inputs))?;
    if let Some(right) = right {
        near("values", &values, &right.values, tolerance)?;
    }
    if on != On::Cpu {
        let cpu = caught(|| cell.values(On::Cpu, &row.inputs, Laid::InOrder))?;
        near("values beside the CPU's", &values, &cpu, tolerance)?;
    }
    match (gradient, right.and_then(|right| right.gradient.as_ref())) {
        (Some(got), Some(want)) => {
            near("gradient", &got, want, tolerance)?;
            Ok(Mark::Gradient)
        }
        (None, None) => Ok(Mark::Values),
        (Some(_), None) => Err("a gradient where f64 has none".to_owned()),
        (None, Some(_)) => Err("no gradient where f64 has one".to_owned()),
    }
}

fn right(row: &Row) -> Result<Option<Right>, String> {
    let Some(cell) = row.cells.iter().find(|cell| cell.kind() == DtypeKind::F64) else {
        return Ok(None);
    };
    let right = Right {
        values: caught(|| cell.values(On::Cpu, &row.inputs, Laid::InOrder))?,
        gradient: caught(|| cell.gradient(On::Cpu, &row.inputs))?,
    };
    if right.gradient.is_some() {
        caught(|| cell.check(&row.inputs))??;
    }
    Ok(Some(right))
}

fn judge(row: &Row) -> Found {
    let mut found = Found {
        section: row.section,
        name: row.name,
        marks: BTreeMap::new(),
        troubles: Vec::new(),
    };
    let right = right(row).unwrap_or_else(|trouble| {
        found.troubles.push(format!("{} f64: {trouble}", row.name));
        None
    });
    for cell in &row.cells {
        // Of whole numbers and conditions nothing is computed in `f64`.
        let right = right.as_ref().filter(|_| is_float(cell.kind()));
        let kind = label(cell.kind());
        let mut on = |on: On| {
            run(row, &**cell, on, right).unwrap_or_else(|trouble| {
                found
                    .troubles
                    .push(format!("{} {kind} on {on:?}: {trouble}", row.name));
                Mark::Wrong
            })
        };
        let cpu = on(On::Cpu);
        #[cfg(feature = "gpu")]
        let gpu = match has(cell.kind()) {
            true => on(On::Gpu),
            false => Mark::Unknown,
        };
        #[cfg(not(feature = "gpu"))]
        let gpu = Mark::Unknown;
        found.marks.insert(kind, [cpu, gpu]);
    }
    found
}

/// Whether the device has the element type: every one has all others.
#[cfg(feature = "gpu")]
fn has(kind: DtypeKind) -> bool {
    let gpu = crate::gpu();
    match kind {
        DtypeKind::F64 => gpu.info().f64,
        DtypeKind::I64 => gpu.info().i64,
        _ => true,
    }
}

/// Troubles of the row with inputs that are transposed in memory.
pub(crate) fn transposed(row: &Row) -> Vec<String> {
    let mut troubles = Vec::new();
    for cell in &row.cells {
        let mut on = |on: On| {
            let outcome = caught(|| {
                let [in_order, transposed] = [Laid::InOrder, Laid::Transposed]
                    .map(|laid| cell.values(on, &row.inputs, laid));
                // Sums may be taken in another order.
                near(
                    "transposed",
                    &transposed,
                    &in_order,
                    tolerance(cell.kind()) / 10.0,
                )
            });
            if let Err(trouble) = outcome.and_then(|near| near) {
                let kind = label(cell.kind());
                troubles.push(format!("{} {kind} on {on:?}: {trouble}", row.name));
            }
        };
        on(On::Cpu);
        #[cfg(feature = "gpu")]
        if has(cell.kind()) {
            on(On::Gpu);
        }
    }
    troubles
}
