    let down = (rows() + ROWS - 1u) / ROWS;
    let number = group / down;
    if number >= batches() * parts() { return; }
    let row = group % down * ROWS + ROW;
    let slice = SLICE;
    let batch = number % batches();
    let part = number / batches();
    FIND_BATCH;
    let line = first0 + row_at(min(row, rows() - 1u));
    let column = column_at(first1, 0u);
    let start = part * terms_of_part();
    let end = min(start + terms_of_part(), terms());
    var sum = T();
    for (var k = start + slice; k < end; k += SLICES) {
        let term = term_at(k);
        sum += load_a(line, term) * load_b(column, term);
    }
    sums[lane] = sum;
    // Slices meet in pairs.
    for (var half = SLICES / 2u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if slice < half { sums[lane] += sums[lane + half * APART]; }
    }
    if slice == 0u && row < rows() {
        put(product_place(part, batch) + row_place(row), sums[lane]);
    }
