    let outer = row / param(4u);
    let rest = row % param(4u);
    let start = outer * param(2u) * param(4u) + rest;
    for (var j = 0u; j < param(3u); j++) {
        let index = in0_at(row0 + j * param(5u));
        if index.y != 0u || index.x >= param(2u) {
            trap((outer * param(3u) + j) * param(4u) + rest, index, param(2u));
            continue;
        }
        let at = start + index.x * param(4u);
        out0_put(at, PUT);
    }
