// Columns of a product are pixels of images.
fn column_place(column: u32) -> u32 {
    let line = column / param(11u);
    return line / param(10u) * param(12u) + line % param(10u) * param(13u)
        + column % param(11u) * param(14u);
}
