    let first = at - at % param(3u);
    let last = min(first + param(3u), param(1u));
    let mine = at;
    let x = value(row0, at);
    var rank = first;
    // Equal elements stay in order.
    for (var j = first; j < at; j++) {
        if !before(x, value(row0, j)) { rank++; }
    }
    for (var j = at + 1u; j < last; j++) {
        if before(value(row0, j), x) { rank++; }
    }
    out0_put(row1 + rank * param(5u), MINE);
