//! Every op and layer in every element type on every backend, run and compared: docs/coverage.md is
//! what was found. `cargo xtask coverage` writes it; here it must not be stale.

mod input;
mod judge;
mod layers;
mod names;
mod ops;
mod page;
mod registry;
mod row;

use row::{Row, Table};

/// Says that the page is to be written.
const WRITE: &str = "VOLTA_WRITE_COVERAGE";

fn rows() -> Vec<Row> {
    let mut table = Table::default();
    registry::all(&mut table);
    ops::all(&mut table);
    layers::all(&mut table);
    table.rows
}

/// The device of all rows: opening one takes longer than most of them.
#[cfg(feature = "gpu")]
fn gpu() -> volta::Gpu {
    static GPU: std::sync::LazyLock<volta::Gpu> =
        std::sync::LazyLock::new(|| volta::Gpu::new().expect("a GPU, or a software driver"));
    GPU.clone()
}

#[test]
fn the_page_is_what_is_found() {
    let found = judge::all(&rows());
    let troubles: Vec<_> = found.iter().flat_map(|row| &row.troubles).collect();
    let path = format!("{}/docs/coverage.md", env!("CARGO_MANIFEST_DIR"));
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let page = page::render(&found, &written);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    assert!(
        troubles.is_empty(),
        "\n{}\n",
        troubles
            .iter()
            .map(|t| t.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    );
    if std::env::var_os(WRITE).is_none() && page != written {
        let line = page.lines().zip(written.lines()).find(|(a, b)| a != b);
        panic!("docs/coverage.md is stale: run `cargo xtask coverage`; {line:?}");
    }
}

/// Beside gradients, what is most often wrong in a kernel: an input that does not lie in order.
#[test]
fn transposed_inputs_give_what_inputs_in_order_give() {
    let troubles: Vec<String> = rows().iter().flat_map(judge::transposed).collect();
    assert!(troubles.is_empty(), "\n{}\n", troubles.join("\n"));
}

#[test]
fn every_method_and_every_layer_has_a_row() {
    let rows = rows();
    let named = rows.iter().map(|row| row.name).collect::<Vec<_>>();
    let troubles = names::troubles(&named);
    assert!(troubles.is_empty(), "\n{}\n", troubles.join("\n"));
}
