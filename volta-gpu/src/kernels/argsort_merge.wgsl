    let half = param(3u);
    let left = at - at % (2u * half);
    let right = min(left + half, param(1u));
    let end = min(right + half, param(1u));
    let mine = u32(in1_at(row1 + at * param(5u)));
    let x = value(row0, mine);
    // How many of the other half come before, by bisection.
    let is_left = at < right;
    let first = select(left, right, is_left);
    var low = first;
    var high = select(right, end, is_left);
    for (var step = 0u; step < 32u && low < high; step++) {
        let middle = (low + high) / 2u;
        let other = value(row0, u32(in1_at(row1 + middle * param(5u))));
        // Of equal elements those of the left half come first.
        if select(!before(x, other), before(other, x), is_left) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    let rank = at - select(right - left, 0u, is_left) + low - first;
    out0_put(row1 + rank * param(5u), MINE);
