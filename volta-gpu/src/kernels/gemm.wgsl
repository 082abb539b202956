fn rows() -> u32 { return param(0u); }
fn columns() -> u32 { return param(1u); }
fn terms() -> u32 { return param(2u); }
fn batches() -> u32 { return param(3u); }
// A long sum is computed in parts.
fn parts() -> u32 { return param(4u); }
fn terms_of_part() -> u32 { return param(5u); }
// Where the first element of a product is written, and a row after that.
fn product_place(part: u32, batch: u32) -> u32 {
    return param(6u) + part * param(7u) + batch * param(8u);
}
fn row_place(row: u32) -> u32 { return row * param(9u); }
