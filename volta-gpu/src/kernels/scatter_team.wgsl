    let outer = row / param(4u);
    let rest = row % param(4u);
    let start = outer * param(2u) * param(4u) + rest;
    for (var first = 0u; first < param(3u); first += 256u) {
        let j = first + lane;
        workgroupBarrier();
        if j < run {
            let index = in0_at(row0 + j * param(5u));
            tile_places[lane] = index.x;
            tile_values[lane] = LOAD;
            if index.y != 0u || index.x >= param(2u) {
                trap((outer * param(3u) + j) * param(4u) + rest, index, param(2u));
                tile_places[lane] = 0xffffffffu;
            }
        }
        workgroupBarrier();
        let count = min(256u, max(run, first) - first);
        for (var step = 0u; step < count; step++) {
            let place = tile_places[step];
            if place % 256u == lane && place < param(2u) {
                let at = start + place * param(4u);
                out0_put(at, PUT);
            }
        }
    }
