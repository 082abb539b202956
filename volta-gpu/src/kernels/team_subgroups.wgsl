var<workgroup> NAME_values: array<NUMBER, SUBGROUPS>;
var<workgroup> NAME_held: array<bool, SUBGROUPS>;

fn NAME(lane: u32, held: u32, value: NUMBER) -> NUMBER {
    var mine = value;
    var has = select(0u, 1u, lane < held);
    for (var step = 1u; step < subgroup.size; step = step * 2u) {
        let other = subgroupShuffleXor(mine, step);
        let other_has = subgroupShuffleXor(has, step);
        // Both halves add up in the same order.
        let is_first = (subgroup.lane & step) == 0u;
        let a = select(other, mine, is_first);
        let b = select(mine, other, is_first);
        if other_has == 1u {
            mine = select(other, FOLD, has == 1u);
            has = 1u;
        }
    }
    workgroupBarrier();
    if subgroup.lane == 0u {
        NAME_values[subgroup.number] = mine;
        NAME_held[subgroup.number] = has == 1u;
    }
    workgroupBarrier();
    var total: NUMBER;
    var is_empty = true;
    for (var k = 0u; k < subgroup.count; k++) {
        let a = total;
        let b = NAME_values[k];
        if NAME_held[k] {
            total = select(FOLD, b, is_empty);
            is_empty = false;
        }
    }
    return total;
}
