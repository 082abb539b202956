fn column_places(column: u32) -> vec4<u32> {
    return vec4<u32>(
        column_place(column),
        column_place(column + 1u),
        column_place(column + 2u),
        column_place(column + 3u),
    );
}

// Neighbouring columns of one row, those that there are.
fn put4(row: u32, column: u32, to: vec4<u32>, values: vec4<T>) {
    if column < columns() { put(row + to.x, values.x); }
    if column + 1u < columns() { put(row + to.y, values.y); }
    if column + 2u < columns() { put(row + to.z, values.z); }
    if column + 3u < columns() { put(row + to.w, values.w); }
}
